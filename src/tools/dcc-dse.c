/* The command line of dcc-dse: a space of designs in, its optima and its front out.
 *
 * Exit status: 0, 1 if the input is wrong or no design is valid, 2 if the command line or a file
 * is, 130 if interrupted. */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dse/checkpoint.h"
#include "dse/database.h"
#include "dse/design.h"
#include "dse/figure.h"
#include "dse/known.h"
#include "dse/mapped.h"
#include "dse/pointfile.h"
#include "dse/reasons.h"
#include "dse/studyfile.h"
#include "dse/plan.h"
#include "dse/summary.h"
#include "report/claims.h"
#include "report/output.h"
#include "tools/command.h"
#include "tools/ending.h"
#include "tools/parts/usage.h"

enum { EXIT_INPUT = 1, EXIT_USAGE = 2, ROWS = 20, SHARDS_MOST = 1 << 20 };

typedef struct {
    char **files, **layers, **sets, **defines, **sweeps, **warnings;
    char *model, *hardware, *technology, *area, *power, *buffers, *objectives;
    char *front, *points, *json, *html, *shard, *checkpoint, *resume, *map_time, *map_sizes;
    StudyFile *study; /* NULL: none */
    StudyMap mapping; /* if `map` */
    double node;
    int threads, rows;
    gboolean map, no_prune, plan, version;
} Options;

static int fail(const GError *error)
{
    fprintf(stderr, "dcc-dse: %s\n", error->message);
    return EXIT_USAGE;
}

/* ---- options --------------------------------------------------------------------- */

static bool parse_options(Options *o, char ***words, GError **error)
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
        {"rows", 0, 0, G_OPTION_ARG_INT, &o->rows, "Designs of the front that are printed", "N"},
        {"no-prune", 0, 0, G_OPTION_ARG_NONE, &o->no_prune, "Evaluate every design", NULL},
        {"plan", 0, 0, G_OPTION_ARG_NONE, &o->plan,
         "Say what the sweep would take, from a sample of a second", NULL},
        {"shard", 0, 0, G_OPTION_ARG_FILENAME, &o->shard,
         "Only the I-th of N parts of the space; slurm: the array's task says which", "I/N"},
        {"checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &o->checkpoint,
         "Keep in a file what is known, to go on from or to merge", "FILE"},
        {"resume", 0, 0, G_OPTION_ARG_FILENAME, &o->resume, "Go on from a checkpoint", "FILE"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &o->threads, "Threads (all processors)", "N"},
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
    if (!command_texts(entries, error))
        return false;
    if (o->threads < 0 || o->rows < 0 || !(o->node >= 0 && isfinite(o->node)))
        return usage(error, "--threads, --rows and --node are not to be negative");
    if (o->checkpoint && strcmp(o->checkpoint, "-") == 0)
        return usage(error, "--checkpoint is a file");
    return true;
}

static void options_clear(Options *o)
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

static bool read_objectives(const char *text, ObjectiveSet *set, GError **error)
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
static void put_sweeps(Options *o, const StudyFile *file)
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

static void put_file(Options *o, const StudyFile *file)
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

/* A first file that ends in .dse holds options; false after reporting, or with *error set. */
static bool read_studyfile(Options *o, Diag *diag, GError **error)
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

/* ---- the study ------------------------------------------------------------------- */

/* Values of the file's axes have their places, unless the command line has such an axis. */
static void put_places(Space *space, const Options *o)
{
    const StudyFile *file = o->study;
    for (guint i = 0; i < file->sweeps->len; i++) {
        const char *sweep = file->sweeps->pdata[i];
        g_autofree char *name = g_strndup(sweep, strcspn(sweep, "="));
        if (g_strv_contains((const char *const *) o->sweeps, sweep))
            space_set_places(space, name, file->places->pdata[i]);
    }
}

static Space *read_space(const Options *o, GError **error)
{
    g_autoptr(Space) space = space_new();
    for (int i = 0; o->sweeps && o->sweeps[i]; i++)
        if (!space_add(space, o->sweeps[i], error))
            return NULL;
    if (o->study)
        put_places(space, o);
    return g_steal_pointer(&space);
}

/* ---- dataflows that are searched for ----------------------------------------------- */

/* What dataflows are searched for: the first objective that they decide; a lone one is all that is
 * wanted. */
static void choose_objective(const Options *o, StudyMap *map)
{
    g_auto(GStrv) words = g_strsplit(o->objectives ? o->objectives : "edp", ",", -1);
    const Objective of[OBJECTIVES] = {[OBJECTIVE_THROUGHPUT] = OBJECTIVE_RUNTIME,
                                      [OBJECTIVE_ENERGY] = OBJECTIVE_ENERGY,
                                      [OBJECTIVE_EDP] = OBJECTIVE_EDP,
                                      [OBJECTIVE_AREA] = OBJECTIVES,
                                      [OBJECTIVE_POWER] = OBJECTIVES};
    map->objective = OBJECTIVES;
    for (int i = 0; words[i] && map->objective == OBJECTIVES; i++) {
        int found = objective_find(g_strstrip(words[i]), ~0U, "--objectives", NULL);
        map->objective = found < 0 ? OBJECTIVES : of[found];
    }
    map->best = map->objective != OBJECTIVES && !words[1] && !o->points && !o->no_prune;
    if (map->objective == OBJECTIVES)
        map->objective = OBJECTIVE_EDP;
}

static bool read_mapping(Options *o, GError **error)
{
    const char *const others[] = {o->shard, o->checkpoint, o->resume, o->buffers,
                                  o->plan ? "" : NULL};
    o->mapping = (StudyMap){.sizes = SIZES_DIVISORS, .spatial = 2, .seconds = 10};
    if (!o->map && (o->map_time || o->map_sizes))
        return usage(error, "--map-time and --map-sizes are for --map");
    for (size_t k = 0; o->map && k < G_N_ELEMENTS(others); k++)
        if (others[k])
            return usage(error,
                         "--map excludes --shard, --checkpoint, --resume, --buffers and --plan");
    o->mapping.open = o->files == NULL || *o->files == NULL;
    choose_objective(o, &o->mapping);
    return (!o->map_time || command_time("--map-time", o->map_time, &o->mapping.seconds, error)) &&
           (!o->map_sizes || command_sizes("--map-sizes", o->map_sizes, &o->mapping.sizes, error));
}

static Study *read_study(Options *o, char **sets, Diag *diag, GError **error)
{
    ProgramRequest request = {
        .files = (const char **) o->files,
        .model = o->model,
        .hardware = o->hardware,
        .defines = (const char **) o->defines,
        .sets = (const char **) sets,
        .layers = (const char **) o->layers,
        .technology = o->technology,
        .node_nm = o->node,
    };
    if (o->buffers && strcmp(o->buffers, "exact") != 0) {
        usage(error, "--buffers is 'exact' or left out, not '%s'", o->buffers);
        return NULL;
    }
    ObjectiveSet front;
    const char *objectives = o->map && !o->objectives ? "edp" : o->objectives;
    if (!read_objectives(objectives, &front, error) || !read_mapping(o, error))
        return NULL;
    Space *space = read_space(o, error);
    Study *study = !space   ? NULL
                   : o->map ? study_new_mapped(&request, space, &o->mapping, diag, error)
                            : study_new(&request, space, o->buffers != NULL, diag, error);
    if (study) {
        study->prune = !o->no_prune;
        study->stop = &ending_asked;
        study->front = front;
        if (!known_all(study, error))
            g_clear_pointer(&study, study_free);
    }
    return study;
}

/* ---- output ---------------------------------------------------------------------- */

static void points_format(const Point *point, GString *rows, void *data)
{
    pointfile_format(data, point, rows);
}

/* Designs that cannot be written end the sweep. */
static void points_write(const GString *rows, void *data)
{
    if (!pointfile_write(data, rows))
        ending_asked = 1;
}

/* What is known of an interrupted run does not take the name of the whole. */
static char *name_of(const char *path, bool interrupted)
{
    return g_strconcat(path, interrupted && strcmp(path, "-") != 0 ? ".partial" : "", NULL);
}

static bool is_standard(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static bool write_html(const Study *study, const Summary *summary, const char *path, GError **error)
{
    g_autoptr(GArray) cloud = study && !study->map ? figure_cloud(study) : NULL;
    return output_write(path, figure_html(summary, cloud), error);
}

static bool write_front(const Summary *summary, const char *path, bool interrupted, GError **error)
{
    if (!database_named(path)) {
        g_autofree char *name = name_of(path, interrupted);
        return output_write(name, summary_front(summary), error);
    }
    PointFile *file = pointfile_open(path, "front", summary->space, error);
    const Point *points = front_sorted(summary->findings->front);
    if (!file)
        return false;
    for (int64_t i = 0; i < front_size(summary->findings->front); i++)
        pointfile_put(file, &points[i]);
    return pointfile_close(file, !interrupted, error);
}

/* `study` is NULL where it is not known any more. */
static bool write_all(const Options *o, const Study *study, const Summary *summary,
                      bool interrupted, GError **error)
{
    g_autofree char *json = o->json ? name_of(o->json, interrupted) : NULL;
    g_autofree char *html = o->html ? name_of(o->html, interrupted) : NULL;
    if (html && !write_html(study, summary, html, error))
        return false;
    if (o->front && !write_front(summary, o->front, interrupted, error))
        return false;
    if (json && !output_write(json, summary_json(summary), error))
        return false;
    return is_standard(o->points) || is_standard(o->front) || is_standard(json) ||
           is_standard(html) ||
           output_write("-", summary_text(summary, o->rows, command_colours(stdout)), error);
}

/* ---- progress -------------------------------------------------------------------- */

typedef struct {
    const Study *study;
    gint64 began;
    int64_t before; /* points of an earlier run */
} Progress;

static void progress_print(const Findings *so_far, int64_t done, void *data)
{
    const Progress *progress = data;
    double seconds = (double) (g_get_monotonic_time() - progress->began) * 1e-6;
    g_autoptr(GString) line = g_string_new("\r");
    (void) done;
    summary_progress(so_far, progress->study->space->points, progress->before, seconds, line);
    fprintf(stderr, "%s\033[K", line->str);
}

/* ---- checkpoints ----------------------------------------------------------------- */

/* A number that Slurm sets in the environment of a job array's task. */
static bool slurm_number(const char *name, gint64 otherwise, gint64 *number)
{
    const char *text = g_getenv(name);
    if (text == NULL && otherwise >= 0) {
        *number = otherwise;
        return true;
    }
    return text != NULL && g_ascii_string_to_signed(text, 10, 0, INT32_MAX, number, NULL);
}

static bool slurm_shard(Checkpoint *c, GError **error)
{
    gint64 id, first, count, step;
    if (!slurm_number("SLURM_ARRAY_TASK_ID", -1, &id) ||
        !slurm_number("SLURM_ARRAY_TASK_MIN", -1, &first) ||
        !slurm_number("SLURM_ARRAY_TASK_COUNT", -1, &count) ||
        !slurm_number("SLURM_ARRAY_TASK_STEP", 1, &step) || step < 1)
        return usage(error, "--shard slurm: this is no task of a job array; SLURM_ARRAY_TASK_ID, "
                            "_MIN and _COUNT say which it is");
    if (id < first || (id - first) % step != 0 || (id - first) / step >= count ||
        count > SHARDS_MOST)
        return usage(error,
                     "--shard slurm: task %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                     " tasks from %" G_GINT64_FORMAT
                     " on; the ids of the array must follow each other, as --array=1-%d has them",
                     id, count, first, (int) MIN(count, SHARDS_MOST));
    checkpoint_shard(c, (id - first) / step, count);
    return true;
}

static bool read_shard(const char *text, Checkpoint *c, GError **error)
{
    gint64 shard, shards;
    if (text != NULL && strcmp(text, "slurm") == 0)
        return slurm_shard(c, error);
    g_auto(GStrv) part = g_strsplit(text ? text : "1/1", "/", -1);
    bool ok = g_strv_length(part) == 2 &&
              g_ascii_string_to_signed(part[1], 10, 1, SHARDS_MOST, &shards, NULL) &&
              g_ascii_string_to_signed(part[0], 10, 1, shards, &shard, NULL);
    if (!ok)
        return usage(error, "--shard %s: wants I/N, I from 1 to N, or slurm", text);
    checkpoint_shard(c, shard - 1, shards);
    return true;
}

static Checkpoint *start(const Options *o, const Study *study, const Sources *sources,
                         GError **error)
{
    g_autoptr(Checkpoint) c = checkpoint_new(study, sources);
    if (!read_shard(o->shard, c, error))
        return NULL;
    if (o->points && o->resume) {
        usage(error, "--points cannot go on from a checkpoint");
        return NULL;
    }
    if (o->checkpoint && !checkpoint_may_write(c, o->checkpoint, error))
        return NULL;
    return !o->resume || checkpoint_resume(c, o->resume, error) ? g_steal_pointer(&c) : NULL;
}

/* ---- files that are written -------------------------------------------------------- */

/* Once all that is read is known, and before anything is computed.  A checkpoint that is gone on
 * from is written again. */
static bool claim_outputs(const Options *o, const Sources *sources, char *const *checkpoints,
                          GError **error)
{
    const Claim claims[] = {{"--points", o->points, true},
                            {"--front", o->front, true},
                            {"--json", o->json, true},
                            {"--html", o->html, true},
                            {o->checkpoint ? "--checkpoint" : "--resume",
                             o->checkpoint ? o->checkpoint : o->resume, false}};
    if (!claims_check(claims, G_N_ELEMENTS(claims), sources, checkpoints, error))
        return false;
    bool well = true;
    for (size_t k = 0; k < G_N_ELEMENTS(claims) && well; k++)
        well = !claims[k].path || output_probe(claims[k].path, error);
    return well;
}

/* The checkpoint that is gone on from is an input of all that does not go on with it. */
static bool claim_sweep(const Options *o, const Sources *sources, GError **error)
{
    g_autofree char *to = o->checkpoint ? source_identity(o->checkpoint, -1) : NULL;
    g_autofree char *from = o->resume ? source_identity(o->resume, -1) : NULL;
    char *const before[] = {o->checkpoint && g_strcmp0(to, from) ? o->resume : NULL, NULL};
    return claim_outputs(o, sources, before, error);
}

/* ---- the run --------------------------------------------------------------------- */

static Summary summary_of(const Study *study, const Checkpoint *c, double seconds)
{
    return (Summary){.network = c->network,
                     .map = study ? study->map : NULL,
                     .hardware = c->hardware,
                     .space = c->space,
                     .budget_um2 = c->budget_um2,
                     .budget_mw = c->budget_mw,
                     .front = c->front,
                     .findings = c->findings,
                     .complete = c->findings->seen == c->space->points,
                     .seconds = seconds};
}

/* Sweeps in stretches, each ending with a checkpoint if one is wanted. */
static bool sweep_all(const Options *o, const Study *study, SweepOptions *options, Checkpoint *c,
                      GError **error)
{
    const gint64 stretch = 10 * G_TIME_SPAN_SECOND;
    const char *path = o->checkpoint ? o->checkpoint : o->resume;
    options->shard = c->shard;
    options->shards = c->shards;
    if (path && !checkpoint_write(c, path, error)) /* if it cannot be, it is said at once */
        return false;
    do {
        options->done = c->done;
        options->left = c->left;
        options->until = path ? g_get_monotonic_time() + stretch : 0;
        c->done = sweep_run(study, options, c->findings);
        if (path && !checkpoint_write(c, path, error))
            return false;
    } while (!checkpoint_is_whole(c) && !ending_asked);
    return true;
}

/* All of the space at once: the chunks are done, or none is. */
static bool map_all(const Study *study, const SweepOptions *options, Checkpoint *c)
{
    if (mapped_run(study, options, c->findings))
        c->done = c->share;
    return true;
}

static int finish(const Options *o, const Study *study, const Checkpoint *c, double seconds,
                  GError **error)
{
    Summary summary = summary_of(study, c, seconds);
    bool interrupted = !checkpoint_is_whole(c);
    const char *path = o->checkpoint ? o->checkpoint : o->resume;
    if (!write_all(o, study, &summary, interrupted, error))
        return EXIT_USAGE;
    if (!interrupted)
        return reasons_tell(study, &summary, stderr) ? EXIT_INPUT : EXIT_SUCCESS;
    fprintf(stderr,
            "dcc-dse: interrupted after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
            " designs; files end in .partial%s%s\n",
            c->findings->seen, c->space->points, path ? "; go on with --resume " : "",
            path ? path : "");
    return EXIT_INTERRUPTED;
}

static int threads_of(const Options *o)
{
    return o->threads > 0 ? MIN(o->threads, 256) : (int) g_get_num_processors();
}

static int explore(const Options *o, Study *study, Checkpoint *c, GError **error)
{
    PointFile *points = NULL;
    SweepRows rows = {points_format, points_write, NULL};
    Progress progress = {study, g_get_monotonic_time(), c->findings->seen};
    SweepOptions options = {.threads = threads_of(o)};
    bool bar = command_colours(stderr) && !o->points;
    if (o->points) {
        points = pointfile_open(o->points, "points", study->space, error);
        if (!points)
            return EXIT_USAGE;
        rows.data = points;
        options.rows = &rows;
    } else if (bar) {
        options.progress = progress_print;
        options.data = &progress;
    }
    bool ok = study->map ? map_all(study, &options, c) : sweep_all(o, study, &options, c, error);
    study->stop = NULL; /* what is drawn of it is drawn to the end */
    double seconds = (double) (g_get_monotonic_time() - progress.began) * 1e-6;
    if (bar)
        fputs("\r\033[K", stderr);
    if (points && !pointfile_close(points, checkpoint_is_whole(c), ok ? error : NULL))
        return EXIT_USAGE;
    return ok ? finish(o, study, c, o->resume ? 0 : seconds, error) : EXIT_USAGE;
}

/* ---- merge ----------------------------------------------------------------------- */

/* False with *error set to all shards that are missing: "2, 5-7". */
static bool all_seen(const Checkpoint *sum, const bool *seen, GError **error)
{
    g_autoptr(GString) missing = g_string_new(NULL);
    int64_t n = 0;
    for (int64_t k = 0, end; k < sum->shards; k = end) {
        for (end = k; end < sum->shards && !seen[end]; end++)
            n++;
        if (end > k)
            g_string_append_printf(missing, "%s%" G_GINT64_FORMAT, missing->len ? ", " : "", k + 1);
        if (end > k + 1)
            g_string_append_printf(missing, "-%" G_GINT64_FORMAT, end);
        end = MAX(end, k + 1);
    }
    return n == 0 || usage(error, "merge: shard%s %s of %" G_GINT64_FORMAT " %s missing",
                           n > 1 ? "s" : "", missing->str, sum->shards, n > 1 ? "are" : "is");
}

static int merge_shards(const Options *o, const Sources *sources, GError **error)
{
    if (o->points || o->sweeps || o->model || o->hardware || o->sets || o->defines || o->shard ||
        o->checkpoint || o->resume) {
        usage(error, "merge: of the options only --rows, --front, --json and --html are for it");
        return EXIT_USAGE;
    }
    if (!o->files[1]) {
        usage(error, "merge: no checkpoints are given");
        return EXIT_USAGE;
    }
    g_autoptr(Checkpoint) sum = checkpoint_read(o->files[1], error);
    g_autofree bool *seen = sum ? g_new0(bool, sum->shards) : NULL;
    if (!sum || !claim_outputs(o, sources, o->files + 1, error) ||
        !checkpoint_join(sum, sum, seen, error))
        return EXIT_USAGE;
    for (int i = 2; o->files[i]; i++) {
        g_autoptr(Checkpoint) other = checkpoint_read(o->files[i], error);
        if (!other || !checkpoint_join(sum, other, seen, error)) {
            g_prefix_error(error, "merge: %s: ", o->files[i]);
            return EXIT_USAGE;
        }
    }
    if (!all_seen(sum, seen, error))
        return EXIT_USAGE;
    return finish(o, NULL, sum, 0, error);
}

static int run_sweep(Options *o, Diag *diag, GError **error)
{
    for (char **warning = o->warnings; warning && *warning; warning++)
        if (!diag_option(diag, *warning, error))
            return EXIT_USAGE;
    const char *name = o->files ? o->files[0] : "";
    g_autofree char *file = g_str_has_suffix(name, ".dse") ? g_strdup(name) : NULL;
    bool read = read_studyfile(o, diag, error);
    g_auto(GStrv) sets = read ? command_sets(o->sets, o->area, o->power) : NULL;
    g_autoptr(Study) study = read ? read_study(o, sets, diag, error) : NULL;
    diag_print(diag, stderr, command_colours(stderr));
    if (read && file && *error) /* the file's options are said as those of the command line */
        g_prefix_error(error, "%s: ", file);
    if (!study)
        return EXIT_INPUT;
    if (!claim_sweep(o, diag_sources(diag), error))
        return EXIT_USAGE;
    if (o->plan)
        return output_write("-", plan_write(study, threads_of(o)), error) ? EXIT_SUCCESS
                                                                          : EXIT_USAGE;
    Checkpoint *c = start(o, study, diag_sources(diag), error);
    if (!c)
        return EXIT_USAGE;
    ending_works = 1;
    int status = explore(o, study, c, error);
    if (c->findings->illegal == study->space->points) {
        int64_t first = MAX(c->findings->first_illegal, 0) / study_nest_points(study);
        study_explain(study, first, stderr); /* why it has no legal mapping, in full */
    }
    checkpoint_free(c);
    return status;
}

static int run(Options *o)
{
    g_autoptr(GError) error = NULL;
    if (o->version) {
        printf("dcc-dse %s\n", DCC_VERSION);
        return EXIT_SUCCESS;
    }
    if (!o->files && !(o->map && o->model)) {
        fprintf(stderr, "dcc-dse: no dataflow or network given; dcc-dse --help tells more\n");
        return EXIT_USAGE;
    }
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    bool merging = o->files && !strcmp(o->files[0], "merge");
    int status = merging ? merge_shards(o, sources, &error) : run_sweep(o, diag, &error);
    return error ? fail(error) : status;
}

int main(int argc, char **argv)
{
    Options options = {.rows = ROWS};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = command_words(argc, argv);
    ending_catch();
    int status = parse_options(&options, &words, &error) ? run(&options) : fail(error);
    options_clear(&options);
    return status;
}
