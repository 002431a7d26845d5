/* The command line of dcc-sched: a network and a system of several cores in, a timeline out.
 *
 * Exit status: 0; 1 if the input is wrong, or a core has no room for what it is to run; 2 if the
 * command line or a file is. */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/claims.h"
#include "report/output.h"
#include "sched/show.h"
#include "tools/command.h"
#include "tools/ending.h"
#include "tools/parts/help.h"
#include "tools/parts/usage.h"
#include "tools/streams.h"

enum { EXIT_INPUT = 1, EXIT_USAGE = 2, IMAGES_MOST = 1000, MOVES = 2000 };

typedef struct {
    char *model, *system, *replay, *priority, *objective, *time, *gap, *output, *json, *trace,
        *html;
    char **warnings, **rest;
    gint64 moves, seed, map_moves, threads, batch;
    gboolean version;
} Options;

static int fail(const GError *error)
{
    fprintf(stderr, "dcc-sched: %s\n", error->message);
    return EXIT_USAGE;
}

static bool check_numbers(Options *o, GError **error)
{
    return command_number("--batch", &o->batch, 1, 1, IMAGES_MOST, error) &&
           command_number("--threads", &o->threads, g_get_num_processors(), 1, G_MAXINT, error) &&
           command_number("--moves", &o->moves, MOVES, 1, G_MAXINT64, error) &&
           command_number("--map-moves", &o->map_moves, MOVES, 1, G_MAXINT64, error);
}

static bool parse_options(Options *o, char ***words, GError **error)
{
    const GOptionEntry entries[] = {
        {"model", 0, 0, G_OPTION_ARG_FILENAME, &o->model, "Network that is run", "FILE"},
        {"system", 0, 0, G_OPTION_ARG_FILENAME, &o->system, "System it runs on (the model's own)",
         "FILE"},
        {"replay", 0, 0, G_OPTION_ARG_FILENAME, &o->replay,
         "Allocate and Split that --output wrote, instead of those of the model and the system",
         "FILE"},
        {"priority", 0, 0, G_OPTION_ARG_FILENAME, &o->priority,
         "Nodes that are taken first: latency, the longest remaining path; memory, the deepest; "
         "ready, as cores get idle; any, the best of these",
         "PRIORITY"},
        {"objective", 0, 0, G_OPTION_ARG_FILENAME, &o->objective,
         "What is to be least: latency, energy, edp", "OBJECTIVE"},
        {"batch", 0, 0, G_OPTION_ARG_INT64, &o->batch, "Images, one after the other, pipelined",
         "N"},
        {"gap", 0, 0, G_OPTION_ARG_FILENAME, &o->gap,
         "Be content so far above the bound: 0.01 or 1%", "GAP"},
        {"time", 0, 0, G_OPTION_ARG_FILENAME, &o->time,
         "End after that time with what there is: 10s, 500ms, 2min", "TIME"},
        {"moves", 0, 0, G_OPTION_ARG_INT64, &o->moves, "Schedules that annealing looks at (2000)",
         "N"},
        {"map-moves", 0, 0, G_OPTION_ARG_INT64, &o->map_moves,
         "Bounds that the mapper looks at for a box, where a core has Dataflow: map (2000)", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &o->seed, "Of annealing (1)", "N"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
         "Write what was chosen as Allocate and Split (-: standard output)", "FILE"},
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &o->json,
         "Write all of it as JSON (-: standard output)", "FILE"},
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &o->html,
         "Write a Gantt chart as one HTML file (-: standard output)", "FILE"},
        {"trace", 0, 0, G_OPTION_ARG_FILENAME, &o->trace,
         "Write a trace for trace viewers (-: standard output)", "FILE"},
        {"warn", 'W', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->warnings,
         "Steer warnings: NAME, no-NAME, error[=NAME]", "NAME"},
        {"threads", 0, 0, G_OPTION_ARG_INT64, &o->threads, "Threads (all processors)", "N"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->rest, NULL, NULL},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("--model MODEL --system SYSTEM");
    g_option_context_set_summary(context,
                                 "Runs a network on several cores, layer by layer or fused,\n"
                                 "and finds the best core and the best split for each layer.");
    g_option_context_add_main_entries(context, entries, NULL);
    g_auto(GStrv) given = g_strdupv(*words);
    if (g_option_context_parse_strv(context, words, error))
        return command_texts(entries, error) && check_numbers(o, error);
    command_suggest(entries, given, error);
    return false;
}

static void options_clear(Options *o)
{
    char *words[] = {o->model, o->system, o->replay, o->priority, o->objective, o->time,
                     o->gap,   o->output, o->json,   o->trace,    o->html};
    for (size_t k = 0; k < G_N_ELEMENTS(words); k++)
        g_free(words[k]);
    g_strfreev(o->warnings);
    g_strfreev(o->rest);
}

/* ---- values ---- */

static const char *or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

/* Which of the names it is; -1 with *error set. */
static int one_of(const char *option, const char *text, const char *const *names, size_t n,
                  GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text, names[i]) == 0)
            return (int) i;
        g_string_append_printf(all, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", names[i]);
    }
    const char *near = diag_nearest(text, names, n);
    usage(error, "%s %s: there are %s%s%s%s", option, text, all->str, DIAG_HINT(near));
    return -1;
}

static bool parse_gap(const char *text, double *gap, GError **error)
{
    char *end = NULL;
    *gap = text != NULL ? g_ascii_strtod(text, &end) : 0;
    bool read = text == NULL || (end != text && (*end == '\0' || strcmp(end, "%") == 0));
    if (read && text != NULL && *end == '%')
        *gap /= 100;
    return (read && *gap >= 0 && isfinite(*gap)) ||
           usage(error, "--gap %s: wants a part, such as 0.01 or 1%%", text);
}

static bool read_values(const Options *o, ChooseOptions *options, GError **error)
{
    static const char *const objectives[] = {"latency", "energy", "edp"};
    static const char *const priorities[] = {"latency", "memory", "ready", "any"};
    int objective = one_of("--objective", or_else(o->objective, "latency"), objectives, 3, error);
    int priority = objective >= 0
                       ? one_of("--priority", or_else(o->priority, "any"), priorities, 4, error)
                       : -1;
    if (priority < 0)
        return false;
    *options = (ChooseOptions){.objective = (ChooseObjective) objective,
                               .priority = (PlanPriority) priority,
                               .moves = o->moves,
                               .seed = (uint64_t) o->seed,
                               .threads = (int) o->threads,
                               .stop = &ending_asked};
    if (o->rest != NULL)
        return usage(error, "%s: files are given as --model and --system", o->rest[0]);
    if (o->model == NULL)
        return usage(error, "no network: give --model FILE");
    return parse_gap(o->gap, &options->gap, error) &&
           (o->time == NULL || command_time("--time", o->time, &options->seconds, error));
}

static bool is_standard(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

static bool claim_outputs(const Options *o, const Sources *sources, GError **error)
{
    const Claim claims[] = {{"--output", o->output, false},
                            {"--json", o->json, false},
                            {"--trace", o->trace, false},
                            {"--html", o->html, false}};
    char *none[] = {NULL};
    int standard = 0;
    for (size_t k = 0; k < G_N_ELEMENTS(claims); k++)
        standard += is_standard(claims[k].path);
    if (standard > 1)
        return usage(error, "two of --output, --json, --trace and --html go to standard output; "
                            "give one a file");
    bool well = claims_check(claims, G_N_ELEMENTS(claims), sources, none, error);
    for (size_t k = 0; k < G_N_ELEMENTS(claims) && well; k++)
        well = claims[k].path == NULL || output_probe(claims[k].path, error);
    return well;
}

/* ---- the run ---- */

static bool write_one(const char *path, const Show *show, void (*write)(const Show *, Output *),
                      GError **error)
{
    Output *out = path != NULL ? output_open(path, error) : NULL;
    if (out == NULL)
        return path == NULL;
    write(show, out);
    return output_close(out, error);
}

static bool write_text(const Show *show, GError **error)
{
    Output *out = output_open("-", error);
    if (out == NULL)
        return false;
    show_text(show, out, command_colours(stdout));
    return output_close(out, error);
}

static int run_problem(const Options *o, const Problem *problem, const ChooseOptions *options,
                       Diag *diag, GError **error)
{
    Chosen chosen;
    int result = EXIT_SUCCESS;
    ending_works = 1;
    if (!choose_run(problem, options, &chosen)) {
        choose_report(problem, &chosen, diag);
        result = EXIT_INPUT;
    } else {
        Show show = {problem, &chosen, options->objective};
        bool text = !is_standard(o->output) && !is_standard(o->json) && !is_standard(o->trace) &&
                    !is_standard(o->html);
        bool well = write_one(o->output, &show, show_choice, error) &&
                    write_one(o->json, &show, show_json, error) &&
                    write_one(o->trace, &show, show_trace, error) &&
                    write_one(o->html, &show, show_html, error) &&
                    (!text || write_text(&show, error));
        result = well ? EXIT_SUCCESS : EXIT_USAGE;
    }
    choose_clear(&chosen);
    return result;
}

static int run_fleet(const Options *o, const Fleet *fleet, const ChooseOptions *options, Diag *diag,
                     GError **error)
{
    ProblemOptions made = {.images = (int) o->batch,
                           .moves = o->map_moves,
                           .maps_energy = options->objective == CHOOSE_ENERGY};
    if (!claim_outputs(o, diag_sources(diag), error))
        return EXIT_USAGE;
    g_autoptr(Problem) problem = problem_new(fleet, &made, diag);
    if (problem == NULL)
        return EXIT_INPUT;
    if (options->objective != CHOOSE_LATENCY && !problem->energy) {
        usage(error,
              "--objective %s: some energies have no figure: give the accelerators a technology",
              o->objective);
        return EXIT_USAGE;
    }
    return run_problem(o, problem, options, diag, error);
}

static int run_sched(const Options *o, Diag *diag, GError **error)
{
    ChooseOptions options;
    FleetRequest request = {o->model, o->system, o->replay};
    if (!read_values(o, &options, error))
        return EXIT_USAGE;
    for (char **warning = o->warnings; warning && *warning; warning++)
        if (!diag_option(diag, *warning, error))
            return EXIT_USAGE;
    g_autoptr(Fleet) fleet = fleet_read(&request, diag, error);
    int status = fleet != NULL ? run_fleet(o, fleet, &options, diag, error) : EXIT_INPUT;
    diag_print(diag, "dcc-sched", stderr, command_colours(stderr));
    return status;
}

static int run(const Options *o)
{
    g_autoptr(GError) error = NULL;
    if (o->version)
        return help_version("dcc-sched");
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    int status = run_sched(o, diag, &error);
    return error ? fail(error) : status;
}

int main(int argc, char **argv)
{
    streams_begin();
    help_begin("dcc-sched");
    Options options = {.moves = COMMAND_NONE,
                       .map_moves = COMMAND_NONE,
                       .seed = 1,
                       .batch = COMMAND_NONE,
                       .threads = COMMAND_NONE};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = command_words(argc, argv);
    ending_catch();
    int status = parse_options(&options, &words, &error) ? run(&options) : fail(error);
    options_clear(&options);
    return status;
}
