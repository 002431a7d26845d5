/* The command line of dcc-map: a network in, for every layer the dataflow that costs least out.
 *
 * Exit status: 0 with a dataflow for every layer, interrupted or not; 1 if the input is wrong or
 * nothing fits a layer; 2 if the command line or a file is. */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map/answer.h"
#include "map/filled.h"
#include "report/claims.h"
#include "report/compare.h"
#include "report/number.h"
#include "report/output.h"
#include "tools/command.h"
#include "tools/ending.h"
#include "tools/parts/help.h"
#include "tools/parts/mpirun.h"
#include "tools/parts/progress.h"
#include "tools/parts/usage.h"
#include "tools/streams.h"

enum { EXIT_INPUT = 1, EXIT_USAGE = 2, SPATIAL_MOST = 3, SPATIAL_USUAL = 2, PLACES_MOST = 3 };

typedef struct {
    char **files, **layers, **sets, **defines, **warnings, **from, **requires;
    char *model, *hardware, *technology, *objective, *sizes, *time, *gap, *replay;
    char *output, *json, *html, *front, *checkpoint, *resume;
    double node;
    gint64 moves, threads, spatial, places, top; /* 0: not given */
    gboolean one, version;
    Measure measure;
    GArray *requirements; /* of Requirement */
    Ranks *ranks;         /* NULL: this process is alone */
} Options;

static int fail(const GError *error)
{
    fprintf(stderr, "dcc-map: %s\n", error->message);
    return EXIT_USAGE;
}

/* ---- options --------------------------------------------------------------------- */

static bool check_numbers(Options *o, GError **error)
{
    return command_node(&o->node, error) &&
           command_number("--threads", &o->threads, 0, 1, G_MAXINT, error) &&
           command_number("--moves", &o->moves, 0, 1, G_MAXINT64, error) &&
           command_number("--top", &o->top, 0, 1, SEARCH_TOP_MAX, error) &&
           command_number("--spatial", &o->spatial, SPATIAL_USUAL, 1, SPATIAL_MOST, error) &&
           command_number("--places", &o->places, 1, 1, PLACES_MOST, error);
}

static bool parse_options(Options *o, char ***words, GError **error)
{
    const GOptionEntry entries[] = {
        {"model", 0, 0, G_OPTION_ARG_FILENAME, &o->model, "Network whose layers are mapped",
         "FILE"},
        {"hw", 0, 0, G_OPTION_ARG_FILENAME, &o->hardware, "Accelerator they run on", "FILE"},
        {"layer", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->layers,
         "Only layers of this name (globs, repeatable)", "NAME"},
        {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->sets, "Override the machine", "KEY=VALUE"},
        {"define", 'D', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->defines, "Override a Constant",
         "NAME=EXPR"},
        {"tech", 0, 0, G_OPTION_ARG_FILENAME, &o->technology, "Technology whose energies are used",
         "NAME"},
        {"node", 0, 0, G_OPTION_ARG_DOUBLE, &o->node,
         "Bring the technology's figures to another node", "NM"},
        {"objective", 0, 0, G_OPTION_ARG_FILENAME, &o->objective,
         "What is to be least: energy, runtime, edp, a metric, or energy,runtime (the front)",
         "OBJECTIVE"},
        {"require", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->requires,
         "Only mappings of which this holds: 'utilization >= 0.8' (repeatable)", "CONDITION"},
        {"top", 0, 0, G_OPTION_ARG_INT64, &o->top,
         "Show the N best that differ in more than the order of loops", "N"},
        {"sizes", 0, 0, G_OPTION_ARG_FILENAME, &o->sizes,
         "Sizes that are tried: divisors, canonical, all", "SET"},
        {"spatial", 0, 0, G_OPTION_ARG_INT64, &o->spatial,
         "Dims divided over the PEs, or over a fan-out, where all is open: 1 to 3", "N"},
        {"places", 0, 0, G_OPTION_ARG_INT64, &o->places,
         "Places among the loops at which a memory may hold its tensors, where all is open: 1 to 3",
         "N"},
        {"gap", 0, 0, G_OPTION_ARG_FILENAME, &o->gap,
         "Be content so far above the bound: 0.01 or 1%", "GAP"},
        {"time", 0, 0, G_OPTION_ARG_FILENAME, &o->time,
         "End after that time with what there is: 10s, 500ms, 2min", "TIME"},
        {"moves", 0, 0, G_OPTION_ARG_INT64, &o->moves,
         "End after about so many bounds that were looked at", "N"},
        {"one", 0, 0, G_OPTION_ARG_NONE, &o->one, "One dataflow for all layers of an operator",
         NULL},
        {"from", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->from,
         "Begin with the dataflows of a file (repeatable)", "FILE"},
        {"replay", 0, 0, G_OPTION_ARG_FILENAME, &o->replay,
         "Say how far a file's dataflow is from the least", "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
         "Write the network with what was found, for dcc", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &o->json,
         "Write what is found as JSON (-: standard output)", "FILE"},
        {"front", 0, 0, G_OPTION_ARG_FILENAME, &o->front,
         "Write the front of energy and time as CSV (-: standard output)", "FILE"},
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &o->checkpoint,
         "Keep what is found after each search", "FILE"},
        {"resume", 0, 0, G_OPTION_ARG_FILENAME, &o->resume, "Go on from a checkpoint", "FILE"},
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &o->html,
         "Write what is found as one HTML file (-: standard output)", "FILE"},
        {"warn", 'W', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->warnings,
         "Steer warnings: NAME, no-NAME, error[=NAME]", "NAME"},
        {"threads", 0, 0, G_OPTION_ARG_INT64, &o->threads, "Threads (all processors)", "N"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->files, NULL, NULL},
        {0},
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("[DATAFLOW-WITH-HOLES] --model MODEL --hw HARDWARE");
    g_option_context_set_summary(context,
                                 "Searches the dataflow that costs least for every layer,\n"
                                 "and says how far from the least it can be at most.");
    g_option_context_add_main_entries(context, entries, NULL);
    g_auto(GStrv) given = g_strdupv(*words);
    if (g_option_context_parse_strv(context, words, error))
        return command_texts(entries, error) && check_numbers(o, error);
    command_suggest(entries, given, error);
    return false;
}

static void options_clear(Options *o)
{
    char **lists[] = {o->files, o->layers, o->sets, o->defines, o->warnings, o->from, o->requires};
    char *words[] = {o->model, o->hardware, o->technology, o->objective, o->sizes,
                     o->time,  o->gap,      o->replay,     o->output,    o->json,
                     o->html,  o->front,    o->checkpoint, o->resume};
    for (size_t k = 0; k < G_N_ELEMENTS(lists); k++)
        g_strfreev(lists[k]);
    for (size_t k = 0; k < G_N_ELEMENTS(words); k++)
        g_free(words[k]);
    for (guint i = 0; o->requirements != NULL && i < o->requirements->len; i++)
        requirement_clear(&g_array_index(o->requirements, Requirement, i));
    if (o->requirements != NULL)
        g_array_free(o->requirements, TRUE);
}

/* ---- values of options ------------------------------------------------------------- */

/* "0.01" or "1%". */
static bool parse_gap(const char *text, double *gap, GError **error)
{
    char *end = NULL;
    *gap = 0;
    if (text == NULL)
        return true;
    *gap = g_ascii_strtod(text, &end);
    bool read = end != text && (*end == '\0' || strcmp(end, "%") == 0);
    if (read && *end == '%')
        *gap /= 100;
    if (read && *gap >= 0 && isfinite(*gap))
        return true;
    return usage(error, "--gap %s: wants a part, such as 0.01 or 1%%", text);
}

/* One of the objectives, both of a front, or any metric. */
static bool parse_objective(Options *o, NetworkOptions *options, GError **error)
{
    const char *text = o->objective;
    options->objective = OBJECTIVES;
    options->front =
        text == NULL ? o->front != NULL
                     : (strcmp(text, "energy,runtime") == 0 || strcmp(text, "runtime,energy") == 0);
    if (o->front != NULL && !options->front)
        return usage(error, "--front goes with --objective energy,runtime");
    if (options->front)
        options->objective = OBJECTIVE_EDP;
    if (text == NULL || options->front)
        return true;
    int found = objective_find(text, COMPARE_OBJECTIVES, "--objective", NULL);
    if (found >= 0) {
        options->objective = (Objective) found;
        return true;
    }
    if (!measure_find(text, "--objective", &o->measure, NULL)) {
        g_autoptr(GError) own = NULL;
        objective_find(text, COMPARE_OBJECTIVES, "--objective", &own);
        return usage(error, "%s; and the metrics of dcc --list metrics", own->message);
    }
    options->objective = OBJECTIVE_RUNTIME;
    options->measure = &o->measure;
    return true;
}

static bool parse_requirements(Options *o, NetworkOptions *options, GError **error)
{
    o->requirements = g_array_new(FALSE, FALSE, sizeof(Requirement));
    for (char **text = o->requires; text != NULL && *text != NULL; text++) {
        Requirement requirement;
        if (!requirement_parse(*text, &requirement, error))
            return false;
        g_array_append_val(o->requirements, requirement);
    }
    options->requirements = o->requirements;
    return true;
}

static bool read_values(Options *o, NetworkOptions *options, GError **error)
{
    *options = (NetworkOptions){.spatial = (int) o->spatial,
                                .places = (int) o->places,
                                .threads = mpirun_threads(o->ranks, (int) o->threads),
                                .ranks = o->ranks,
                                .moves = o->moves,
                                .top = (int) o->top,
                                .one = o->one,
                                .all = o->replay != NULL,
                                .from = (const char *const *) o->from,
                                .stop = &ending_asked};
    if (o->checkpoint != NULL && strcmp(o->checkpoint, "-") == 0)
        return usage(error, "--checkpoint is a file");
    options->sizes = SIZES_CANONICAL;
    return (o->time == NULL || command_time("--time", o->time, &options->seconds, error)) &&
           parse_gap(o->gap, &options->gap, error) &&
           (o->sizes == NULL || command_sizes("--sizes", o->sizes, &options->sizes, error)) &&
           parse_objective(o, options, error) && parse_requirements(o, options, error);
}

/* ---- output ---------------------------------------------------------------------- */

static bool is_standard(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

/* The forms that are asked for. */
typedef struct {
    Output *text_out, *json_out, *html_out, *file_out, *front_out; /* NULL: it is not */
    AnswerText *text;
    AnswerJson *json;
    AnswerHtml *html;
    AnswerFile *file;
} Writers;

static bool open_one(const char *path, Output **out, bool well, GError **error)
{
    *out = path != NULL && well ? output_open(path, error) : NULL;
    return well && (path == NULL || *out != NULL);
}

static void discard(Writers *w)
{
    Output *outs[] = {w->text_out, w->json_out, w->html_out, w->file_out, w->front_out};
    for (size_t k = 0; k < G_N_ELEMENTS(outs); k++)
        if (outs[k] != NULL)
            output_discard(outs[k]);
}

static bool writers_open(Writers *w, const Options *o, GError **error)
{
    bool text = !is_standard(o->json) && !is_standard(o->html) && !is_standard(o->output) &&
                !is_standard(o->front);
    *w = (Writers){NULL};
    bool well = open_one(o->json, &w->json_out, true, error);
    well = open_one(o->html, &w->html_out, well, error);
    well = open_one(o->output, &w->file_out, well, error);
    well = open_one(o->front, &w->front_out, well, error);
    well = open_one(text ? "-" : NULL, &w->text_out, well, error);
    if (!well)
        discard(w);
    return well;
}

static void writers_begin(Writers *w, const Answer *answer)
{
    if (w->text_out != NULL)
        w->text = answer_text_begin(answer, w->text_out, command_colours(stdout));
    if (w->json_out != NULL)
        w->json = answer_json_begin(answer, w->json_out);
    if (w->html_out != NULL)
        w->html = answer_html_begin(answer, w->html_out);
    if (w->file_out != NULL)
        w->file = answer_file_begin(answer, w->file_out);
    if (w->front_out != NULL)
        answer_front_begin(w->front_out);
}

static void writers_layer(Writers *w, const Mapped *mapped)
{
    if (w->text != NULL)
        answer_text_layer(w->text, mapped);
    if (w->json != NULL)
        answer_json_layer(w->json, mapped);
    if (w->html != NULL)
        answer_html_layer(w->html, mapped);
    if (w->file != NULL)
        answer_file_layer(w->file, mapped);
    if (w->front_out != NULL)
        answer_front_layer(w->front_out, mapped);
}

static void writers_end(Writers *w, const NetworkTotal *total)
{
    if (w->text != NULL)
        answer_text_end(w->text, total);
    if (w->json != NULL)
        answer_json_end(w->json, total);
    if (w->html != NULL)
        answer_html_end(w->html, total);
    if (w->file != NULL)
        answer_file_end(w->file, total);
}

/* The first failure is the one that is told. */
static bool writers_close(Writers *w, GError **error)
{
    Output *outs[] = {w->json_out, w->html_out, w->file_out, w->front_out, w->text_out};
    bool well = true;
    for (size_t k = 0; k < G_N_ELEMENTS(outs); k++)
        if (outs[k] != NULL)
            well = output_close(outs[k], well ? error : NULL) && well;
    return well;
}

static bool check_standard(const Options *o, GError **error)
{
    int n = is_standard(o->json) + is_standard(o->html) + is_standard(o->output) +
            is_standard(o->front);
    return n <= 1 ||
           usage(error,
                 "%d of --json, --html, --front and -o go to standard output; give files to the "
                 "others",
                 n);
}

/* Where a checkpoint goes: what is gone on from is kept up. */
static const char *kept_in(const Options *o)
{
    return o->checkpoint != NULL ? o->checkpoint : o->resume;
}

static bool is_kept_on(const Options *o)
{
    g_autofree char *to = source_identity(kept_in(o), -1);
    g_autofree char *from = source_identity(o->resume, -1);
    return g_strcmp0(to, from) == 0;
}

/* Files that are read besides the program's. */
static char **inputs_of(const Options *o)
{
    GStrvBuilder *builder = g_strv_builder_new();
    g_autoptr(GPtrArray) shipped = source_list(SOURCE_DATAFLOW);
    if (o->from != NULL)
        g_strv_builder_addv(builder, (const char **) o->from);
    if (o->replay != NULL)
        g_strv_builder_add(builder, o->replay);
    if (o->resume != NULL && !is_kept_on(o)) /* an input of all that does not go on with it */
        g_strv_builder_add(builder, o->resume);
    for (guint i = 0; i < shipped->len; i++)
        g_strv_builder_add(builder, shipped->pdata[i]);
    char **inputs = g_strv_builder_end(builder);
    g_strv_builder_unref(builder);
    return inputs;
}

static bool claim_outputs(const Options *o, const Sources *sources, GError **error)
{
    const Claim claims[] = {{"--json", o->json, false},
                            {"--html", o->html, false},
                            {"--output", o->output, false},
                            {"--front", o->front, false},
                            {o->checkpoint ? "--checkpoint" : "--resume", kept_in(o), false}};
    g_auto(GStrv) inputs = inputs_of(o);
    bool well = claims_check(claims, G_N_ELEMENTS(claims), sources, inputs, error);
    for (size_t k = 0; k < G_N_ELEMENTS(claims) && well; k++)
        well = claims[k].path == NULL || output_probe(claims[k].path, error);
    return well;
}

static Report *report_of(const Program *program, const Network *network)
{
    Report *report = report_new();
    report->tool = "dcc-map";
    report->version = DCC_VERSION;
    report->network = program->network;
    report->hardware = program->hardware;
    report->dataflow = g_array_index(program->choices, ProgramChoice, 0).name;
    report->technology = program->has_technology ? program->technology.name : "";
    report->figures = network_technology(network);
    report->machine = network_machine(network);
    if (report->machine != NULL) {
        report->pes = report->machine->pes;
        report->clock_hz = report->machine->clock_hz;
    }
    return report;
}

/* ---- progress -------------------------------------------------------------------- */

static void progress_print(const NetworkState *state, void *data)
{
    const Network *network = data;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, " (%u of %u): best ", state->search, state->searches);
    answer_value(network_objective(network), state->best, line);
    if (!isnan(state->gap)) {
        g_string_append(line, ", ");
        answer_gap(state->gap, line);
    }
    g_string_append(line, ", ");
    number_scaled(line, state->rate, " bounds/s, ");
    g_string_append_printf(line, "%s s",
                           g_ascii_formatd(text, sizeof text, "%.1f", state->seconds));
    if (isfinite(state->left))
        g_string_append_printf(line, ", %s s left",
                               g_ascii_formatd(text, sizeof text, "%.1f", state->left));
    progress_show(state->layer, line->str);
}

static void progress_clear(const NetworkOptions *options)
{
    if (options->progress != NULL)
        progress_hide();
}

/* ---- the run --------------------------------------------------------------------- */

static int search(Network *network, const Answer *answer, const NetworkOptions *options,
                  Writers *writers, Report *report)
{
    const Mapped *mapped;
    while ((mapped = network_next(network)) != NULL) {
        progress_clear(options);
        writers_layer(writers, mapped);
        if (mapped->best == NULL)
            fprintf(stderr, "dcc-map: %s: nothing found: %s\n", mapped->layer->name, mapped->why);
    }
    network_finish(network, &report->chip);
    report_take_notes(report, answer->program->trees->diag);
    NetworkTotal total = network_total(network);
    writers_end(writers, &total);
    return total.missing > 0 ? EXIT_INPUT : EXIT_SUCCESS;
}

/* Says so, and what is left of the run. */
static bool lost_rank(const Options *o)
{
    const char *lost = o->ranks != NULL ? ranks_lost(o->ranks) : NULL;
    const char *kept = kept_in(o);
    if (lost != NULL)
        fprintf(stderr, "dcc-map: %s; the answer is what there was till then%s%s\n", lost,
                kept != NULL ? "; go on with --resume " : "", kept != NULL ? kept : "");
    return lost != NULL;
}

static int run_network(const Options *o, const Program *program, Network *network,
                       NetworkOptions *options, GError **error)
{
    g_autoptr(Report) report = report_of(program, network);
    const Answer answer = {.program = program,
                           .report = report,
                           .objective = network_objective(network),
                           .measure = options->measure,
                           .front = options->front,
                           .gap = options->gap,
                           .space = network_space(network),
                           .lacking = network_lacking(network)};
    Writers writers;
    if (!writers_open(&writers, o, error))
        return EXIT_USAGE;
    if (command_colours(stderr)) {
        options->progress = progress_print;
        options->data = network;
    }
    writers_begin(&writers, &answer);
    ending_works = 1;
    int status = search(network, &answer, options, &writers, report);
    bool kept = network_kept(network, error);
    if (!writers_close(&writers, kept ? error : NULL) || !kept)
        return EXIT_USAGE;
    return lost_rank(o) ? EXIT_INTERRUPTED : status;
}

/* Without a network of its own, what is to be compared is the run. */
static ProgramRequest request_of(Options *o, const char **replayed)
{
    bool alone = o->replay != NULL && o->model == NULL && o->files == NULL;
    replayed[0] = o->replay;
    replayed[1] = NULL;
    return (ProgramRequest){.files = alone ? replayed : (const char **) o->files,
                            .own = OWN_LAST,
                            .model = o->model,
                            .hardware = o->hardware,
                            .defines = (const char **) o->defines,
                            .sets = (const char **) o->sets,
                            .layers = (const char **) o->layers,
                            .technology = o->technology,
                            .node_nm = o->node};
}

static bool share_input(const Options *o, GError **error)
{
    return mpirun_share_input(o->ranks, o->files, o->model, o->hardware, error) &&
           mpirun_share_input(o->ranks, o->from, o->replay, NULL, error);
}

/* The answer; other ranks help rank 0 to find it. */
static int answer_map(const Options *o, const Program *program, const ProgramRequest *request,
                      NetworkOptions *options, GError **error)
{
    bool helps = mpirun_helps(o->ranks);
    g_autoptr(Network) network = network_new(program, request, options, error);
    if (network == NULL)
        return EXIT_INPUT;
    if (!network_keep(network, request, helps ? NULL : kept_in(o), helps ? NULL : o->resume, error))
        return EXIT_USAGE;
    if (diag_errors(program->trees->diag) > 0)
        return EXIT_INPUT;
    if (!network_agree(network, error))
        return EXIT_USAGE;
    if (!helps)
        return run_network(o, program, network, options, error);
    network_help(network);
    return EXIT_SUCCESS;
}

/* The one that stands in the place of all files has been read with them. */
static bool check_replayed(const ProgramRequest *request, const char **replayed,
                           const Program *program, GError **error)
{
    return request->files != replayed || !filled_needed(program) ||
           usage(error, "%s has a dataflow with holes; one without is wanted here", *replayed);
}

static int run_map(Options *o, Diag *diag, GError **error)
{
    NetworkOptions options;
    const char *replayed[2];
    ProgramRequest request = request_of(o, replayed);
    if (!read_values(o, &options, error) || !check_standard(o, error) || !share_input(o, error))
        return EXIT_USAGE;
    for (char **warning = o->warnings; warning && *warning; warning++)
        if (!diag_option(diag, *warning, error))
            return EXIT_USAGE;
    g_autoptr(Program) program = program_read(&request, diag, error);
    int status = EXIT_USAGE;
    if (program != NULL && check_replayed(&request, replayed, program, error) &&
        (mpirun_helps(o->ranks) || claim_outputs(o, diag_sources(diag), error))) {
        options.replay = request.files == replayed ? NULL : o->replay;
        status = answer_map(o, program, &request, &options, error);
        status = diag_errors(diag) > 0 ? EXIT_INPUT : status;
    }
    diag_print(diag, "dcc-map", stderr, command_colours(stderr));
    return status;
}

static int run(Options *o)
{
    g_autoptr(GError) error = NULL;
    if (o->version)
        return help_version("dcc-map");
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    int status = run_map(o, diag, &error);
    return error ? fail(error) : status;
}

int main(int argc, char **argv)
{
    streams_begin();
    help_begin("dcc-map");
    Options options = {.node = COMMAND_NONE,
                       .moves = COMMAND_NONE,
                       .threads = COMMAND_NONE,
                       .spatial = COMMAND_NONE,
                       .places = COMMAND_NONE,
                       .top = COMMAND_NONE};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = command_words(argc, argv);
    int status;
    ending_catch();
    if (mpirun_join("dcc-map", &ending_asked, &options.ranks, &status))
        status = parse_options(&options, &words, &error) ? run(&options) : fail(error);
    options_clear(&options);
    return status;
}
