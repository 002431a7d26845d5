/* The command line of dcc: files to a program, layers to entries, a report to its readers.
 *
 * Exit status: 0, 1 if the input is wrong, 2 if the command line or a file is. */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend/ast.h"
#include "frontend/diag.h"
#include "report/compare.h"
#include "report/html.h"
#include "report/list.h"
#include "report/output.h"
#include "report/report.h"
#include "run/evaluation.h"
#include "tools/command.h"

enum { EXIT_INPUT = 1, EXIT_USAGE = 2, NODE_NONE = -1000000 };

typedef struct {
    char **files, **layers, **sets, **defines, **warnings, **format;
    char *model, *hardware, *csv, *json, *html, *explain, *technology, *area, *power, *optimize,
        *columns, *list;
    double node;
    gboolean detail, explain_cost, version;
} Options;

/* What a run reads and says; one arena holds the texts, the tree and the messages. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
} Inputs;

static int fail(const GError *error)
{
    fprintf(stderr, "dcc: %s\n", error->message);
    return EXIT_USAGE;
}

/* ---- options ---- */

static bool parse_options(Options *options, char ***words, GError **error)
{
    const GOptionEntry entries[] = {
        {"model", 0, 0, G_OPTION_ARG_FILENAME, &options->model,
         "Network whose layers are evaluated", "FILE"},
        {"hw", 0, 0, G_OPTION_ARG_FILENAME, &options->hardware, "Accelerator they run on", "FILE"},
        {"layer", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->layers,
         "Only layers of this name (globs, repeatable)", "NAME"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->sets,
         "Override the machine, e.g. pes=256", "KEY=VALUE"},
        {"define", 'D', 0, G_OPTION_ARG_STRING_ARRAY, &options->defines, "Override a Constant",
         "NAME=EXPR"},
        {"detail", 0, 0, G_OPTION_ARG_NONE, &options->detail,
         "Levels, tensors, cycles by cause of each layer", NULL},
        {"explain", 0, 0, G_OPTION_ARG_STRING, &options->explain,
         "What the compiler made of a layer's dataflow", "LAYER"},
        {"csv", 0, 0, G_OPTION_ARG_FILENAME, &options->csv,
         "Write the run as CSV (-: standard output)", "FILE"},
        {"csv-columns", 0, 0, G_OPTION_ARG_STRING, &options->columns,
         "Columns of the CSV: dcc or maestro", "SET"},
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &options->json,
         "Write the run as JSON (-: standard output)", "FILE"},
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &options->html,
         "Write the run as one HTML file (-: standard output)", "FILE"},
        {"optimize", 0, 0, G_OPTION_ARG_STRING, &options->optimize,
         "Of several dataflows, the best per layer: runtime, energy, edp", "OBJECTIVE"},
        {"tech", 0, 0, G_OPTION_ARG_STRING, &options->technology,
         "Technology whose energies and areas are used", "NAME"},
        {"node", 0, 0, G_OPTION_ARG_DOUBLE, &options->node,
         "Bring the technology's figures to another node", "NM"},
        {"explain-cost", 0, 0, G_OPTION_ARG_NONE, &options->explain_cost,
         "Which figure, from which source, went into each number", NULL},
        {"area", 0, 0, G_OPTION_ARG_STRING, &options->area, "Budget, as --set budget.area=16mm2",
         "AREA"},
        {"power", 0, 0, G_OPTION_ARG_STRING, &options->power, "Budget, as --set budget.power=450mW",
         "POWER"},
        {"warn", 'W', 0, G_OPTION_ARG_STRING_ARRAY, &options->warnings,
         "Steer warnings: NAME, no-NAME, error[=NAME]", "NAME"},
        {"format", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->format,
         "Print a file in canonical form", "FILE"},
        {"list", 0, 0, G_OPTION_ARG_STRING, &options->list,
         "List operators, checks, metrics, keys, dataflows, models or hardware", "WHAT"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, NULL},
        {0},
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("DATAFLOW --model MODEL --hw HARDWARE");
    g_option_context_set_summary(
        context, "Evaluates a network under a dataflow on an accelerator.\n"
                 "NETWORK --hw HARDWARE does where the layers bring their dataflows.");
    g_option_context_set_description(
        context, "Files are searched for as given, in DCC_PATH, and in the installed folders.");
    g_option_context_add_main_entries(context, entries, NULL);
    g_auto(GStrv) given = g_strdupv(*words);
    if (g_option_context_parse_strv(context, words, error))
        return true;
    command_suggest(entries, given, error);
    return false;
}

static void options_clear(Options *options)
{
    g_strfreev(options->files);
    g_strfreev(options->layers);
    g_strfreev(options->sets);
    g_strfreev(options->defines);
    g_strfreev(options->warnings);
    g_free(options->model);
    g_free(options->hardware);
    g_free(options->csv);
    g_free(options->json);
    g_free(options->html);
    g_free(options->technology);
    g_free(options->area);
    g_free(options->optimize);
    g_free(options->columns);
    g_free(options->list);
    g_free(options->power);
    g_free(options->explain);
    g_strfreev(options->format);
}

/* ---- reports ---- */

static void add_notes(Report *report, Diag *diag)
{
    size_t count;
    const DiagEntry *entries = diag_entries(diag, &count);
    for (size_t i = 0; i < count; i++) {
        ReportNote note = {.severity = diag_severity_name(entries[i].severity),
                           .message = entries[i].message};
        note.file = diag_place(diag, entries[i].span, &note.line, &note.column);
        g_array_append_val(report->notes, note);
    }
}

/* Borrows from both. */
static Report *report_of(const Program *program, const Evaluation *evaluation)
{
    Report *report = report_new();
    report->tool = "dcc";
    report->version = DCC_VERSION;
    report->network = program->network;
    report->hardware = program->hardware;
    report->dataflow = evaluation->dataflow;
    report->technology = program->has_technology ? program->technology.name : "";
    report->figures = program->has_technology ? &program->technology : NULL;
    report->chip = evaluation->chip;
    g_array_append_vals(report->entries, evaluation->entries->data, evaluation->entries->len);
    if (evaluation->jobs->len > 0) {
        report->machine = &g_array_index(evaluation->jobs, Job, 0).machine;
        report->pes = report->machine->pes;
        report->clock_hz = report->machine->clock_hz;
    }
    add_notes(report, program->trees->diag);
    return report;
}

/* ---- output ---- */

/* "-" is standard output. */
static GString *csv_of(const Report *report, const Options *options)
{
    return g_strcmp0(options->columns, "maestro") == 0 ? maestro_write(report) : csv_write(report);
}

/* Of the layers that --layer picks, those of the name. */
static GString *explain_all(const Report *report, const char *name)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < report->entries->len; i++) {
        const ReportEntry *entry = &g_array_index(report->entries, ReportEntry, i);
        if (!g_pattern_match_simple(name, entry->layer->name))
            continue;
        GString *part = explain_write(entry);
        g_string_append(out, out->len ? "\n" : "");
        g_string_append_len(out, part->str, (gssize) part->len);
        g_string_free(part, TRUE);
    }
    return out;
}

static bool takes_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static TextStyle text_style(const Options *options)
{
    return (TextStyle){.colour = command_colours(stdout),
                       .detail = options->detail,
                       .width = command_width(stdout)};
}

/* The text is left out where another form of the run goes to standard output. */
static bool write_report(const Report *report, const Options *options, GError **error)
{
    if (options->csv && !output_write(options->csv, csv_of(report, options), error))
        return false;
    if (options->json && !output_write(options->json, json_write(report), error))
        return false;
    if (options->html && !output_write(options->html, html_write(report), error))
        return false;
    if (takes_stdout(options->csv) || takes_stdout(options->json) || takes_stdout(options->html) ||
        report->entries->len == 0)
        return true;
    if (options->explain_cost)
        return output_write("-", explain_cost_write(report), error);
    if (options->explain) {
        GString *text = explain_all(report, options->explain);
        if (text->len)
            return output_write("-", text, error);
        g_string_free(text, TRUE);
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--explain %s: no layer that --layer picks has this name", options->explain);
        return false;
    }
    TextStyle style = text_style(options);
    return output_write("-", text_write(report, style), error);
}

/* ---- the jobs of the command ---- */

static int finish(Inputs *inputs)
{
    diag_print(inputs->diag, stderr, command_colours(stderr));
    return diag_errors(inputs->diag) ? EXIT_INPUT : EXIT_SUCCESS;
}

static int run_format(Inputs *inputs, const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (char **name = options->format; *name; name++)
        g_ptr_array_add(names, *name);
    for (char **name = options->files; name && *name; name++)
        g_ptr_array_add(names, *name);
    for (guint k = 0; k < names->len; k++) {
        const char *name = g_ptr_array_index(names, k);
        int before = diag_errors(inputs->diag);
        int source = sources_read(inputs->sources, name, SOURCE_ANY, &error);
        if (source < 0)
            return fail(error);
        const Ast *ast = ast_parse(inputs->sources, source, inputs->arena, inputs->diag);
        if (diag_errors(inputs->diag) > before)
            continue;
        g_autofree char *text = format_ast(ast, inputs->sources);
        if (!output_write("-", g_string_new(text), &error))
            return fail(error);
    }
    return finish(inputs);
}

static bool parse_objective(const char *name, Objective *objective, GError **error)
{
    int found =
        name ? objective_find(name, COMPARE_OBJECTIVES, "--optimize", error) : OBJECTIVE_RUNTIME;
    *objective = found < 0 ? OBJECTIVE_RUNTIME : (Objective) found;
    return found >= 0;
}

static bool check_outputs(const Options *options, GError **error)
{
    int n = takes_stdout(options->csv) + takes_stdout(options->json) + takes_stdout(options->html);
    if (n > 1)
        g_set_error(
            error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
            "%d of --csv, --json and --html go to standard output; give files to the others", n);
    const CommandOutput outputs[] = {
        {"--csv", options->csv}, {"--json", options->json}, {"--html", options->html}};
    return n <= 1 && command_outputs(outputs, G_N_ELEMENTS(outputs), options->files, error);
}

static bool check_node(double nm, GError **error)
{
    if (nm == NODE_NONE || (nm > 0 && isfinite(nm)))
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--node %g: must be above 0", nm);
    return false;
}

static bool check_columns(const char *name, GError **error)
{
    if (!name || !strcmp(name, "dcc") || !strcmp(name, "maestro"))
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--csv-columns %s: the sets of columns are dcc and maestro", name);
    return false;
}

/* A report for each choice of dataflows. */
typedef struct {
    int n;
    Evaluation **evaluation;
    Report **report;
} Runs;

static void runs_make(Runs *runs, const Program *program)
{
    runs->n = (int) program->choices->len;
    runs->evaluation = g_new0(Evaluation *, runs->n);
    runs->report = g_new0(Report *, runs->n);
    for (int r = 0; r < runs->n; r++) {
        runs->evaluation[r] = evaluation_new(program, (guint) r);
        runs->report[r] = report_of(program, runs->evaluation[r]);
    }
}

static void runs_free(Runs *runs)
{
    for (int r = 0; r < runs->n; r++) {
        report_free(runs->report[r]);
        evaluation_free(runs->evaluation[r]);
    }
    g_free(runs->evaluation);
    g_free(runs->report);
}

static bool write_comparison(const Runs *runs, const Options *options, Objective objective,
                             GError **error)
{
    if (!compare_known(runs->report, runs->n, objective, error))
        return false;
    g_autoptr(Report) best = compare_best(runs->report, runs->n, objective);
    g_autoptr(Report) all = compare_join(runs->report, runs->n, best);
    if (options->csv && !output_write(options->csv, csv_of(all, options), error))
        return false;
    if (options->html && !output_write(options->html, html_write(all), error))
        return false;
    if (options->json &&
        !output_write(options->json, compare_json(runs->report, runs->n, best, objective), error))
        return false;
    if (takes_stdout(options->csv) || takes_stdout(options->json) || takes_stdout(options->html) ||
        best->entries->len == 0)
        return true;
    TextStyle style = text_style(options);
    return output_write("-", compare_write(runs->report, runs->n, best, objective, style), error);
}

static int run_evaluate(Inputs *inputs, const Options *options)
{
    g_autoptr(GError) error = NULL;
    const char *explained[] = {options->explain, NULL};
    g_auto(GStrv) sets = command_sets(options->sets, options->area, options->power);
    ProgramRequest request = {
        .files = (const char **) options->files,
        .model = options->model,
        .hardware = options->hardware,
        .defines = (const char **) options->defines,
        .sets = (const char **) sets,
        .technology = options->technology,
        .node_nm = options->node == NODE_NONE ? 0 : options->node,
        .layers =
            options->explain && !options->layers ? explained : (const char **) options->layers,
    };
    Objective objective;
    if (!parse_objective(options->optimize, &objective, &error) ||
        !check_columns(options->columns, &error) || !check_outputs(options, &error) ||
        !check_node(options->node, &error))
        return fail(error);
    g_autoptr(Program) program = program_read(&request, inputs->diag, &error);
    Runs runs = {0};
    if (program)
        runs_make(&runs, program);
    if (runs.n > 1)
        write_comparison(&runs, options, objective, &error);
    else if (runs.n == 1)
        write_report(runs.report[0], options, &error);
    int status = finish(inputs);
    runs_free(&runs);
    return error ? fail(error) : status;
}

static int run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    if (options->version) {
        printf("dcc %s\n", DCC_VERSION);
        return EXIT_SUCCESS;
    }
    if (options->list) {
        GString *list = list_names(options->list, &error);
        return list && output_write("-", list, &error) ? EXIT_SUCCESS : fail(error);
    }
    if (!options->files && !options->format) {
        fprintf(stderr, "dcc: no dataflow or network given; dcc --help tells more\n");
        return EXIT_USAGE;
    }
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    for (char **warning = options->warnings; warning && *warning; warning++)
        if (!diag_option(diag, *warning, &error))
            return fail(error);
    Inputs inputs = {arena, sources, diag};
    return options->format ? run_format(&inputs, options) : run_evaluate(&inputs, options);
}

int main(int argc, char **argv)
{
    Options options = {.node = NODE_NONE};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = command_words(argc, argv);
    int status = parse_options(&options, &words, &error) ? run(&options) : fail(error);
    options_clear(&options);
    return status;
}
