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
#include "map/filled.h"
#include "report/claims.h"
#include "report/compare.h"
#include "report/diff.h"
#include "report/forms.h"
#include "report/list.h"
#include "report/output.h"
#include "report/report.h"
#include "report/start.h"
#include "report/why.h"
#include "run/evaluation.h"
#include "run/recast.h"
#include "tools/command.h"
#include "tools/parts/dcc.h"
#include "tools/parts/help.h"
#include "tools/parts/usage.h"
#include "tools/streams.h"

enum { EXIT_INPUT = 1, EXIT_USAGE = 2 };

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

/* Whether a word behind --why is a file of the run, and not a layer. */
static bool is_file(const char *word)
{
    return g_str_has_suffix(word, ".m") || g_str_has_suffix(word, ".hw") ||
           g_file_test(word, G_FILE_TEST_EXISTS);
}

/* GOption has no option whose word may be left out: --why becomes --why=, or --why=LAYER. */
static void join_why(char **words)
{
    for (; *words != NULL && strcmp(*words, "--") != 0; words++) {
        if (strcmp(*words, "--why") != 0)
            continue;
        char *next = words[1];
        bool layer = next != NULL && next[0] != '-' && !is_file(next);
        char *joined = g_strconcat("--why=", layer ? next : "", NULL);
        g_free(*words);
        *words = joined;
        for (char **rest = words + 1; layer && *rest != NULL; rest++)
            rest[0] = rest[1];
        if (layer)
            g_free(next);
    }
}

/* A text has no place where another form of the run takes standard output; --why goes into JSON,
 * too. */
static bool check_text(const GOptionEntry *entries, const char *text, GError **error)
{
    static const char *const forms[] = {"csv", "json", "html"};
    if (strcmp(text, "why") == 0 && command_given(command_entry(entries, "json")))
        return true;
    for (size_t k = 0; k < G_N_ELEMENTS(forms); k++)
        if (dcc_takes_stdout(*(char **) command_entry(entries, forms[k])->arg_data))
            return usage(error, "--%s does not go with --%s -", text, forms[k]);
    return true;
}

/* What is no run takes few of the options of one; of a run one text goes to standard output. */
static bool check_together(const GOptionEntry *entries, GError **error)
{
    static const char *const none[] = {NULL}, *const words[] = {G_OPTION_REMAINING, NULL},
                             *const warn[] = {"warn", NULL},
                             *const both[] = {G_OPTION_REMAINING, "warn", NULL};
    static const struct {
        const char *name;
        const char *const *with;
    } jobs[] = {
        {"list", none}, {"diff", words}, {"init", none}, {"as-hierarchy", warn}, {"format", both}};
    static const char *const texts[] = {"why", "explain", "explain-cost", "detail"};
    const char *text = NULL;
    for (size_t k = 0; k < G_N_ELEMENTS(jobs); k++)
        if (command_given(command_entry(entries, jobs[k].name)))
            return command_alone(entries, jobs[k].name, jobs[k].with, error);
    for (size_t k = 0; k < G_N_ELEMENTS(texts); k++) {
        if (!command_given(command_entry(entries, texts[k])))
            continue;
        if (text != NULL)
            return usage(error, "--%s does not go with --%s", texts[k], text);
        text = texts[k];
    }
    if (text != NULL && !check_text(entries, text, error))
        return false;
    return !command_given(command_entry(entries, "csv-columns")) ||
           command_given(command_entry(entries, "csv")) ||
           usage(error, "--csv-columns goes with --csv");
}

static bool parse_options(Options *options, char ***words, GError **error)
{
    const GOptionEntry entries[] = {
        {"model", 0, 0, G_OPTION_ARG_FILENAME, &options->model,
         "Network whose layers are evaluated", "FILE"},
        {"hw", 0, 0, G_OPTION_ARG_FILENAME, &options->hardware, "Accelerator they run on", "FILE"},
        {"layer", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->layers,
         "Only layers of this name (globs, repeatable)", "NAME"},
        {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->sets,
         "Override the machine, e.g. pes=256", "KEY=VALUE"},
        {"define", 'D', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->defines, "Override a Constant",
         "NAME=EXPR"},
        {"detail", 0, 0, G_OPTION_ARG_NONE, &options->detail,
         "Levels, tensors, cycles by cause of each layer", NULL},
        {"explain", 0, 0, G_OPTION_ARG_FILENAME, &options->explain,
         "What the compiler made of a layer's dataflow", "LAYER"},
        {"why", 0, 0, G_OPTION_ARG_FILENAME, &options->why,
         "Where time and energy go, and what would help: all layers, or one", "[LAYER]"},
        {"csv", 0, 0, G_OPTION_ARG_FILENAME, &options->csv,
         "Write the run as CSV (-: standard output)", "FILE"},
        {"csv-columns", 0, 0, G_OPTION_ARG_FILENAME, &options->columns,
         "Columns of the CSV: dcc or maestro", "SET"},
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &options->json,
         "Write the run as JSON (-: standard output)", "FILE"},
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &options->html,
         "Write the run as one HTML file (-: standard output)", "FILE"},
        {"optimize", 0, 0, G_OPTION_ARG_FILENAME, &options->optimize,
         "Of several dataflows, or of what holes leave open, the best per layer: runtime, energy, "
         "edp",
         "OBJECTIVE"},
        {"tech", 0, 0, G_OPTION_ARG_FILENAME, &options->technology,
         "Technology whose energies and areas are used", "NAME"},
        {"node", 0, 0, G_OPTION_ARG_DOUBLE, &options->node,
         "Bring the technology's figures to another node", "NM"},
        {"explain-cost", 0, 0, G_OPTION_ARG_NONE, &options->explain_cost,
         "Which figure, from which source, went into each number", NULL},
        {"area", 0, 0, G_OPTION_ARG_FILENAME, &options->area, "Budget, as --set budget.area=16mm2",
         "AREA"},
        {"power", 0, 0, G_OPTION_ARG_FILENAME, &options->power,
         "Budget, as --set budget.power=450mW", "POWER"},
        {"warn", 'W', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->warnings,
         "Steer warnings: NAME, no-NAME, error[=NAME]", "NAME"},
        {"format", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->format,
         "Print a file in canonical form", "FILE"},
        {"as-hierarchy", 0, 0, G_OPTION_ARG_FILENAME, &options->as_hierarchy,
         "Print a machine in the form of a Hierarchy", "FILE"},
        {"diff", 0, 0, G_OPTION_ARG_NONE, &options->diff,
         "What changed from one run to another, both written by --json: --diff A.json B.json",
         NULL},
        {"init", 0, 0, G_OPTION_ARG_FILENAME, &options->init,
         "Write a dataflow, a model and a machine to start from: NAME.m, NAME-net.m, NAME.hw",
         "NAME"},
        {"list", 0, 0, G_OPTION_ARG_FILENAME, &options->list,
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
        return command_texts(entries, error) &&
               (options->version || check_together(entries, error)) &&
               command_node(&options->node, error);
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
    g_free(options->as_hierarchy);
    g_free(options->why);
    g_free(options->init);
    g_free(options->power);
    g_free(options->explain);
    g_strfreev(options->format);
}

/* ---- output ---- */

/* What stands on standard output of one run: one of these. */
typedef struct {
    const Options *options;
    Output *out; /* NULL: nothing does */
    Text *text;
    ExplainCost *cost;
    Whys *whys; /* which go to JSON, too */
    bool some;  /* a layer is explained */
} Words;

static bool words_open(Words *words, const Options *options, const Program *program,
                       const ProgramRequest *request, const Report *report, GError **error)
{
    *words = (Words){.options = options};
    if (options->why)
        words->whys = whys_new(program, request, options->why[0] ? options->why : NULL,
                               options->json != NULL);
    if (!dcc_writes_text(options, program))
        return true;
    words->out = output_open("-", error);
    if (words->out && options->explain_cost)
        words->cost = explain_cost_begin(words->out, report);
    else if (words->out && !options->explain && !options->why)
        words->text = text_begin(report, dcc_style(options));
    return words->out != NULL;
}

static void explain(Words *words, const ReportEntry *entry)
{
    if (!g_pattern_match_simple(words->options->explain, entry->layer->name))
        return;
    GString *part = explain_write(entry);
    g_string_append(words->out->text, words->some ? "\n" : "");
    g_string_append_len(words->out->text, part->str, (gssize) part->len);
    g_string_free(part, TRUE);
    words->some = true;
}

static void words_entry(Words *words, const ReportEntry *entry, const Technology *technology)
{
    if (words->whys)
        whys_entry(words->whys, entry, technology);
    else if (words->cost)
        explain_cost_entry(words->cost, entry, technology);
    else if (words->text)
        text_entry(words->text, entry);
    else if (words->out)
        explain(words, entry);
}

/* The details stand behind the table: the layers are gone through once more. */
static void write_details(Output *out, const Program *program, TextStyle style)
{
    g_autoptr(Evaluation) again = evaluation_new(program, 0, true);
    const ReportEntry *entry;
    while ((entry = evaluation_next(again)) != NULL)
        text_detail(out, entry, style);
}

static bool words_close(Words *words, const Program *program, const Report *report, GError **error)
{
    if (!words->out)
        return true;
    if (words->cost)
        explain_cost_end(words->cost, report);
    if (words->text)
        text_end(words->text, report, words->out);
    if (words->text && words->options->detail)
        write_details(words->out, program, dcc_style(words->options));
    bool some = words->whys ? whys_text(words->whys, words->out) || !words->options->why[0]
                            : words->cost || words->text || words->some;
    if (!output_close(words->out, error))
        return false;
    if (!some)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--%s %s: no layer that %s has this name", words->whys ? "why" : "explain",
                    words->whys ? words->options->why : words->options->explain,
                    words->whys ? "is evaluated" : "--layer picks");
    return some;
}

/* ---- the jobs of the command ---- */

static int finish(Inputs *inputs)
{
    diag_print(inputs->diag, "dcc", stderr, command_colours(stderr));
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

static int run_as_hierarchy(Inputs *inputs, const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = recast_file(options->as_hierarchy, inputs->diag, &error);
    if (error || (text && !output_write("-", g_string_new(text), &error)))
        return fail(error);
    return finish(inputs);
}

static int run_diff(const Options *options)
{
    g_autoptr(GError) error = NULL;
    if (options->files == NULL || g_strv_length(options->files) != 2) {
        fprintf(stderr, "dcc: --diff takes two runs, A.json and B.json\n");
        return EXIT_USAGE;
    }
    Output *out = output_open("-", &error);
    if (out && !diff_write(options->files[0], options->files[1], out, &error))
        g_clear_pointer(&out, output_discard);
    if (out)
        output_close(out, &error);
    return error ? fail(error) : EXIT_SUCCESS;
}

static int run_init(const Options *options)
{
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);
    if (start_write(options->init, out, &error))
        return output_write("-", out, &error) ? EXIT_SUCCESS : fail(error);
    g_string_free(out, TRUE);
    return fail(error);
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
    int n = dcc_takes_stdout(options->csv) + dcc_takes_stdout(options->json) +
            dcc_takes_stdout(options->html);
    if (n > 1)
        g_set_error(
            error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
            "%d of --csv, --json and --html go to standard output; give files to the others", n);
    return n <= 1;
}

/* Once all that is read is known, and before anything is computed. */
static bool claim_outputs(const Options *options, const Sources *sources, GError **error)
{
    const Claim claims[] = {{"--csv", options->csv, false},
                            {"--json", options->json, false},
                            {"--html", options->html, false}};
    return claims_check(claims, G_N_ELEMENTS(claims), sources, NULL, error);
}

static bool check_columns(const char *name, GError **error)
{
    if (!name || !strcmp(name, "dcc") || !strcmp(name, "maestro"))
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--csv-columns %s: the sets of columns are dcc and maestro", name);
    return false;
}

/* ---- one run ---- */

static bool run_one(const Program *program, const ProgramRequest *request, const Options *options,
                    GError **error)
{
    g_autoptr(Evaluation) evaluation = evaluation_new(program, 0, false);
    g_autoptr(Report) report = dcc_report(program, evaluation);
    const ReportEntry *entry;
    Words words;
    Forms *forms = dcc_forms(options, error);
    if (!forms)
        return false;
    bool open = words_open(&words, options, program, request, report, error);
    dcc_tell_layers(forms, evaluation);
    forms_begin(forms, report, report);
    g_autoptr(Adviser) adviser = adviser_new(program, request, (AdviserSearch){0});
    forms_advise(forms, adviser);
    while ((entry = evaluation_next(evaluation)) != NULL) {
        forms_row(forms, report, entry);
        forms_entry(forms, entry);
        words_entry(&words, entry, evaluation->technology);
    }
    evaluation_finish(evaluation);
    farthest_report(&evaluation->beyond, program);
    report->chip = evaluation->chip;
    report_take_notes(report, program->trees->diag);
    forms_total(forms, report);
    if (words.whys && forms->json_out)
        whys_json(words.whys, forms->json_out);
    bool written = forms_close(forms, open ? error : NULL) && open;
    bool closed = words_close(&words, program, report, written ? error : NULL);
    whys_free(words.whys);
    return closed && written;
}

/* A dataflow with holes stands for the best that they leave open; without an objective it is
 * refused when it is lowered. */
static bool fill_holes(Program *program, const ProgramRequest *request, const Options *options,
                       Objective objective, GError **error)
{
    return !options->optimize || !filled_needed(program) ||
           filled_search(program, request, objective, error);
}

/* Several dataflows are compared, and none of them is explained. */
static bool check_choices(const Program *program, const Options *options, GError **error)
{
    const char *single = options->why            ? "why"
                         : options->explain      ? "explain"
                         : options->explain_cost ? "explain-cost"
                         : options->detail       ? "detail"
                                                 : NULL;
    if (program->choices->len <= 1 || single == NULL)
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--%s is for one dataflow; there are %u files of them", single,
                program->choices->len);
    return false;
}

static int run_evaluate(Inputs *inputs, const Options *options)
{
    g_autoptr(GError) error = NULL;
    const char *named[] = {options->why && options->why[0] ? options->why : options->explain, NULL};
    g_auto(GStrv) sets = command_sets(options->sets, options->area, options->power);
    ProgramRequest request = {
        .files = (const char **) options->files,
        .model = options->model,
        .hardware = options->hardware,
        .defines = (const char **) options->defines,
        .sets = (const char **) sets,
        .technology = options->technology,
        .node_nm = options->node,
        .layers = named[0] && !options->layers ? named : (const char **) options->layers,
    };
    Objective objective;
    if (!parse_objective(options->optimize, &objective, &error) ||
        !check_columns(options->columns, &error) || !check_outputs(options, &error))
        return fail(error);
    g_autoptr(Program) program = program_read(&request, inputs->diag, &error);
    bool claimed = program && check_choices(program, options, &error) &&
                   claim_outputs(options, inputs->sources, &error) &&
                   fill_holes(program, &request, options, objective, &error);
    if (claimed && program->choices->len > 1)
        dcc_run_several(program, options, objective, &error);
    else if (claimed)
        run_one(program, &request, options, &error);
    int status = finish(inputs);
    return error ? fail(error) : status;
}

static int run(const Options *options)
{
    g_autoptr(GError) error = NULL;
    if (options->version)
        return help_version("dcc");
    if (options->list) {
        GString *list = list_names(options->list, &error);
        return list && output_write("-", list, &error) ? EXIT_SUCCESS : fail(error);
    }
    if (options->diff)
        return run_diff(options);
    if (options->init)
        return run_init(options);
    if (!options->files && !options->format && !options->as_hierarchy) {
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
    if (options->as_hierarchy)
        return run_as_hierarchy(&inputs, options);
    return options->format ? run_format(&inputs, options) : run_evaluate(&inputs, options);
}

int main(int argc, char **argv)
{
    streams_begin();
    help_begin("dcc");
    Options options = {.node = COMMAND_NONE};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = command_words(argc, argv);
    join_why(words);
    int status = parse_options(&options, &words, &error) ? run(&options) : fail(error);
    options_clear(&options);
    return status;
}
