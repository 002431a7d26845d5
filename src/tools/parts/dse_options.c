/* The options of dcc-dse: of the command line, and of a file of a study. */
#include <math.h>
#include <string.h>

#include "tools/command.h"
#include "tools/parts/dse.h"
#include "tools/parts/usage.h"

enum { ROWS = 20 };

/* ---- options --------------------------------------------------------------------- */

/* What a merge does not look at. */
static bool check_merge(const DseOptions *o, const GOptionEntry *entries, GError **error)
{
    static const char *const with[] = {G_OPTION_REMAINING, "rows", "front", "json", "html",
                                       "version",          NULL};
    return !o->files || strcmp(o->files[0], "merge") != 0 ||
           command_alone(entries, "", with, NULL) ||
           usage(error, "merge: of the options only --rows, --front, --json and --html are for it");
}

/* What a plan does not look at: it writes nothing but itself, of the whole space. */
static bool check_plan(const DseOptions *o, const GOptionEntry *entries, GError **error)
{
    static const char *const with[] = {G_OPTION_REMAINING,
                                       "model",
                                       "hw",
                                       "layer",
                                       "sweep",
                                       "set",
                                       "define",
                                       "area",
                                       "power",
                                       "buffers",
                                       "tech",
                                       "node",
                                       "warn",
                                       "objectives",
                                       "no-prune",
                                       "threads",
                                       NULL};
    return !o->plan || command_alone(entries, "plan", with, error);
}

bool dse_parse(DseOptions *o, char ***words, GError **error)
{
    const GOptionEntry entries[] = {
        {"model", 0, 0, G_OPTION_ARG_FILENAME, &o->model, "Network whose layers are run", "FILE"},
        {"hw", 0, 0, G_OPTION_ARG_FILENAME, &o->hardware, "Accelerator that is varied", "FILE"},
        {"layer", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->layers,
         "Only layers of this name (globs, repeatable)", "NAME"},
        {"sweep", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->sweeps,
         "Values of a key of --set or a Constant: LO:HI:STEP, LO:HI:*FACTOR, A,B,C", "KEY=VALUES"},
        {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->sets, "Override the machine", "KEY=VALUE"},
        {"define", 'D', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->defines, "Override a Constant",
         "NAME=EXPR"},
        {"area", 0, 0, G_OPTION_ARG_FILENAME, &o->area, "Budget, e.g. 16mm2", "AREA"},
        {"power", 0, 0, G_OPTION_ARG_FILENAME, &o->power, "Budget, e.g. 450mW", "POWER"},
        {"buffers", 0, 0, G_OPTION_ARG_FILENAME, &o->buffers,
         "exact: L1 and L2 are what the layers need", "exact"},
        {"tech", 0, 0, G_OPTION_ARG_FILENAME, &o->technology,
         "Technology whose energies and areas are used", "NAME"},
        {"node", 0, 0, G_OPTION_ARG_DOUBLE, &o->node,
         "Bring the technology's figures to another node", "NM"},
        {"warn", 'W', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->warnings,
         "Steer warnings: NAME, no-NAME, error[=NAME]", "NAME"},
        {"objectives", 0, 0, G_OPTION_ARG_FILENAME, &o->objectives,
         "Of the front (runtime,energy,area)", "LIST"},
        {"front", 0, 0, G_OPTION_ARG_FILENAME, &o->front,
         "Write the front as CSV, or SQLite (.sqlite, .sqlite3, .db)", "FILE"},
        {"points", 0, 0, G_OPTION_ARG_FILENAME, &o->points, "Write every valid design likewise",
         "FILE"},
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &o->json,
         "Write what is found as JSON (-: standard output)", "FILE"},
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &o->html,
         "Draw what is found, as one HTML file (-: standard output)", "FILE"},
        {"map", 0, 0, G_OPTION_ARG_NONE, &o->map,
         "Search each layer's best dataflow on every design: all, or what holes leave open", NULL},
        {"map-time", 0, 0, G_OPTION_ARG_FILENAME, &o->map_time,
         "For the searches of a design: 10s, 500ms, 2min (10s)", "TIME"},
        {"map-sizes", 0, 0, G_OPTION_ARG_FILENAME, &o->map_sizes,
         "Sizes that are tried: divisors, canonical, all (divisors)", "SET"},
        {"rows", 0, 0, G_OPTION_ARG_INT64, &o->rows, "Designs of the front that are printed", "N"},
        {"no-prune", 0, 0, G_OPTION_ARG_NONE, &o->no_prune, "Evaluate every design", NULL},
        {"plan", 0, 0, G_OPTION_ARG_NONE, &o->plan,
         "Say what the sweep would take, from a sample of a second", NULL},
        {"shard", 0, 0, G_OPTION_ARG_FILENAME, &o->shard,
         "Only the I-th of N parts of the space; slurm: the array's task says which", "I/N"},
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &o->checkpoint,
         "Keep in a file what is known, to go on from or to merge", "FILE"},
        {"resume", 0, 0, G_OPTION_ARG_FILENAME, &o->resume, "Go on from a checkpoint", "FILE"},
        {"threads", 0, 0, G_OPTION_ARG_INT64, &o->threads, "Threads (all processors)", "N"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->files, NULL, NULL},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(
        "DATAFLOW... --model MODEL --hw HARDWARE --sweep KEY=VALUES... | merge CHECKPOINT...");
    g_option_context_set_summary(context,
                                 "Searches a space of designs for the best of each objective\n"
                                 "and for those that no other design is better than.");
    g_option_context_add_main_entries(context, entries, NULL);
    g_auto(GStrv) given = g_strdupv(*words);
    if (!g_option_context_parse_strv(context, words, error)) {
        command_suggest(entries, given, error);
        return false;
    }
    if (!command_texts(entries, error) || !check_merge(o, entries, error) ||
        !(o->version || check_plan(o, entries, error)))
        return false;
    if (!command_node(&o->node, error) ||
        !command_number("--threads", &o->threads, 0, 1, G_MAXINT, error) ||
        !command_number("--rows", &o->rows, ROWS, 0, G_MAXINT, error))
        return false;
    if (o->checkpoint && strcmp(o->checkpoint, "-") == 0)
        return usage(error, "--checkpoint is a file");
    return true;
}

void dse_clear(DseOptions *o)
{
    char **lists[] = {o->files, o->layers, o->sets, o->defines, o->sweeps, o->warnings};
    char *words[] = {o->model,      o->hardware, o->technology, o->area,     o->power, o->buffers,
                     o->objectives, o->front,    o->points,     o->json,     o->html,  o->shard,
                     o->checkpoint, o->resume,   o->map_time,   o->map_sizes};
    for (size_t k = 0; k < G_N_ELEMENTS(lists); k++)
        g_strfreev(lists[k]);
    for (size_t k = 0; k < G_N_ELEMENTS(words); k++)
        g_free(words[k]);
    studyfile_free(o->study);
}

bool dse_objectives(const char *text, ObjectiveSet *set, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text ? text : "runtime,energy,area", ",", -1);
    *set = 0;
    for (int i = 0; words[i]; i++) {
        int o = objective_find(g_strstrip(words[i]), ~0U, "--objectives", error);
        if (o < 0)
            return false;
        *set |= 1U << o;
    }
    return *set || usage(error, "--objectives: at least one is wanted");
}

/* ---- a file of a study ------------------------------------------------------------ */

/* The file's list before the command line's. */
static void put_before(char ***list, const GPtrArray *first)
{
    GStrvBuilder *builder = g_strv_builder_new();
    for (guint i = 0; i < first->len; i++)
        g_strv_builder_add(builder, first->pdata[i]);
    if (*list)
        g_strv_builder_addv(builder, (const char **) *list);
    g_strfreev(*list);
    *list = g_strv_builder_end(builder);
    g_strv_builder_unref(builder);
}

/* Axes that the command line has as well are its own. */
static void put_sweeps(DseOptions *o, const StudyFile *file)
{
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (guint i = 0; i < file->sweeps->len; i++) {
        const char *sweep = file->sweeps->pdata[i];
        gsize key = (gsize) (strchr(sweep, '=') - sweep) + 1;
        bool replaced = false;
        for (int k = 0; o->sweeps && o->sweeps[k]; k++)
            replaced |= strncmp(o->sweeps[k], sweep, key) == 0;
        if (!replaced)
            g_ptr_array_add(kept, file->sweeps->pdata[i]);
    }
    put_before(&o->sweeps, kept);
}

static void put_word(char **word, const char *from_file)
{
    if (!*word)
        *word = g_strdup(from_file);
}

static void put_file(DseOptions *o, const StudyFile *file)
{
    if (file->layers->len > 0 && !o->layers)
        put_before(&o->layers, file->layers);
    put_before(&o->sets, file->sets);
    put_before(&o->defines, file->defines);
    put_sweeps(o, file);
    put_word(&o->model, file->model);
    put_word(&o->hardware, file->hardware);
    put_word(&o->technology, file->technology);
    put_word(&o->area, file->area);
    put_word(&o->power, file->power);
    put_word(&o->buffers, file->buffers);
    put_word(&o->objectives, file->objectives);
}

bool dse_studyfile(DseOptions *o, Diag *diag, GError **error)
{
    if (!o->files || !g_str_has_suffix(o->files[0], ".dse"))
        return true;
    const StudyFile *file = o->study = studyfile_read(o->files[0], diag, error);
    if (!file)
        return false;
    char **rest = g_strdupv(o->files + 1);
    g_strfreev(o->files);
    o->files = rest;
    put_before(&o->files, file->dataflows);
    put_file(o, file);
    return true;
}
