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
#include "dse/plan.h"
#include "dse/summary.h"
#include "report/claims.h"
#include "report/output.h"
#include "tools/command.h"
#include "tools/ending.h"
#include "tools/parts/dse.h"
#include "tools/parts/help.h"
#include "tools/parts/mpirun.h"
#include "tools/parts/progress.h"
#include "tools/parts/usage.h"
#include "tools/streams.h"

enum { EXIT_INPUT = 1, EXIT_USAGE = 2, SHARDS_MOST = 1 << 20 };

static int fail(const GError *error)
{
    fprintf(stderr, "dcc-dse: %s\n", error->message);
    return EXIT_USAGE;
}

/* ---- the study ------------------------------------------------------------------- */

/* Values of the file's axes have their places, unless the command line has such an axis. */
static void put_places(Space *space, const DseOptions *o)
{
    const StudyFile *file = o->study;
    for (guint i = 0; i < file->sweeps->len; i++) {
        const char *sweep = file->sweeps->pdata[i];
        g_autofree char *name = g_strndup(sweep, strcspn(sweep, "="));
        if (g_strv_contains((const char *const *) o->sweeps, sweep))
            space_set_places(space, name, file->places->pdata[i]);
    }
}

static Space *read_space(const DseOptions *o, GError **error)
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
static void choose_objective(const DseOptions *o, StudyMap *map)
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

static bool read_mapping(DseOptions *o, GError **error)
{
    const char *const others[] = {o->shard, o->checkpoint, o->resume, o->buffers};
    o->mapping = (StudyMap){.sizes = SIZES_DIVISORS, .spatial = 2, .seconds = 10};
    if (!o->map && (o->map_time || o->map_sizes))
        return usage(error, "--map-time and --map-sizes are for --map");
    for (size_t k = 0; o->map && k < G_N_ELEMENTS(others); k++)
        if (others[k])
            return usage(error, "--map excludes --shard, --checkpoint, --resume and --buffers");
    o->mapping.open = o->files == NULL || *o->files == NULL;
    choose_objective(o, &o->mapping);
    return (!o->map_time || command_time("--map-time", o->map_time, &o->mapping.seconds, error)) &&
           (!o->map_sizes || command_sizes("--map-sizes", o->map_sizes, &o->mapping.sizes, error));
}

static Study *read_study(DseOptions *o, char **sets, Diag *diag, GError **error)
{
    ProgramRequest request = {
        .files = (const char **) o->files,
        .own = o->map ? OWN_LAST : OWN_FIRST,
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
    if (!dse_objectives(objectives, &front, error) || !read_mapping(o, error))
        return NULL;
    if (!mpirun_share_input(o->ranks, o->files, o->model, o->hardware, error))
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
    return interrupted && strcmp(path, "-") != 0 ? output_beside(path, ".partial") : g_strdup(path);
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
static bool write_all(const DseOptions *o, const Study *study, const Summary *summary,
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
    g_autoptr(GString) line = g_string_new(NULL);
    (void) done;
    summary_progress(so_far, progress->study->space->points, progress->before, seconds, line);
    progress_show("", line->str);
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
    if (count > SHARDS_MOST)
        return usage(error, "--shard slurm: %" G_GINT64_FORMAT " tasks; there can be %d", count,
                     SHARDS_MOST);
    if (id < first || (id - first) % step != 0 || (id - first) / step >= count)
        return usage(error,
                     "--shard slurm: task %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                     " tasks from %" G_GINT64_FORMAT
                     " on; the ids of the array must follow each other, as --array=1-%d has them",
                     id, count, first, (int) count);
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
        return usage(error, "--shard %s: wants I/N, I from 1 to N, N up to %d, or slurm", text,
                     SHARDS_MOST);
    checkpoint_shard(c, shard - 1, shards);
    return true;
}

static Checkpoint *start(const DseOptions *o, const Study *study, const Sources *sources,
                         GError **error)
{
    g_autoptr(Checkpoint) c = checkpoint_new(study, sources);
    if (!read_shard(o->shard, c, error))
        return NULL;
    if (o->points && o->resume) {
        usage(error, "--points cannot go on from a checkpoint, which does not have the designs "
                     "seen: leave out --points, or sweep anew without --resume");
        return NULL;
    }
    if (o->checkpoint && !checkpoint_may_write(c, o->checkpoint, error))
        return NULL;
    return !o->resume || checkpoint_resume(c, o->resume, error) ? g_steal_pointer(&c) : NULL;
}

/* ---- files that are written -------------------------------------------------------- */

/* Once all that is read is known, and before anything is computed.  A checkpoint that is gone on
 * from is written again. */
static bool claim_outputs(const DseOptions *o, const Sources *sources, char *const *checkpoints,
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
static bool claim_sweep(const DseOptions *o, const Sources *sources, GError **error)
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
static bool sweep_all(const DseOptions *o, const Study *study, SweepOptions *options, Checkpoint *c,
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

/* What can be done about an interruption; --points needs a run from the start. */
static void say_interrupted(const DseOptions *o, const Checkpoint *c)
{
    const char *path = o->checkpoint ? o->checkpoint : o->resume;
    fprintf(stderr,
            "dcc-dse: interrupted after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
            " designs; files end in .partial%s%s%s\n",
            c->findings->seen, c->space->points, path ? "; go on with --resume " : "",
            path ? path : "", path && o->points ? ", without --points" : "");
}

static int finish(const DseOptions *o, const Study *study, const Checkpoint *c, double seconds,
                  GError **error)
{
    Summary summary = summary_of(study, c, seconds);
    bool interrupted = !checkpoint_is_whole(c);
    if (!write_all(o, study, &summary, interrupted, error))
        return EXIT_USAGE;
    if (!interrupted)
        return reasons_tell(study, &summary, stderr) ? EXIT_INPUT : EXIT_SUCCESS;
    if (o->ranks && ranks_lost(o->ranks))
        fprintf(stderr, "dcc-dse: %s\n", ranks_lost(o->ranks));
    say_interrupted(o, c);
    return EXIT_INTERRUPTED;
}

static int explore(const DseOptions *o, Study *study, Checkpoint *c, GError **error)
{
    PointFile *points = NULL;
    SweepRows rows = {points_format, points_write, NULL};
    Progress progress = {study, g_get_monotonic_time(), c->findings->seen};
    SweepOptions options = {.threads = mpirun_threads(o->ranks, (int) o->threads),
                            .ranks = o->ranks};
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
        progress_hide();
    if (points && !pointfile_close(points, checkpoint_is_whole(c), ok ? error : NULL))
        return EXIT_USAGE;
    return ok ? finish(o, study, c, o->resume ? 0 : seconds, error) : EXIT_USAGE;
}

/* ---- other ranks ----------------------------------------------------------------- */

/* Works for rank 0 until the run ends. */
static int help(const DseOptions *o, const Study *study, const Sources *sources)
{
    g_autoptr(Checkpoint) c = checkpoint_new(study, sources);
    PointFile *points = o->points ? pointfile_aside(o->points, study->space) : NULL;
    const SweepRows rows = {.format = points_format, .data = points};
    const SweepOptions options = {.threads = mpirun_threads(o->ranks, (int) o->threads),
                                  .rows = points ? &rows : NULL};
    WorkKind kind;
    Unpack about;
    Helper *helper;
    ranks_agree(o->ranks, c->digest, NULL);
    while ((helper = helper_next(o->ranks, &kind, &about)) != NULL) {
        if (kind == WORK_SWEEP && !study->map)
            sweep_help(study, &options, helper, &about);
        else if ((kind == WORK_BOUND || kind == WORK_DESIGN) && study->map)
            mapped_help(study, &options, kind, helper, &about);
        helper_free(helper);
    }
    if (points)
        pointfile_free(points);
    return EXIT_SUCCESS;
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

static int merge_shards(const DseOptions *o, const Sources *sources, GError **error)
{
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

static int run_sweep(DseOptions *o, Diag *diag, GError **error)
{
    for (char **warning = o->warnings; warning && *warning; warning++)
        if (!diag_option(diag, *warning, error))
            return EXIT_USAGE;
    const char *name = o->files ? o->files[0] : "";
    g_autofree char *file = g_str_has_suffix(name, ".dse") ? g_strdup(name) : NULL;
    bool read = dse_studyfile(o, diag, error);
    g_auto(GStrv) sets = read ? command_sets(o->sets, o->area, o->power) : NULL;
    g_autoptr(Study) study = read ? read_study(o, sets, diag, error) : NULL;
    diag_print(diag, "dcc-dse", stderr, command_colours(stderr));
    if (read && file && *error) /* the file's options are said as those of the command line */
        g_prefix_error(error, "%s: ", file);
    if (!study)
        return EXIT_INPUT;
    if (mpirun_helps(o->ranks))
        return help(o, study, diag_sources(diag));
    if (!claim_sweep(o, diag_sources(diag), error))
        return EXIT_USAGE;
    if (o->plan)
        return output_write("-", plan_write(study, mpirun_threads(o->ranks, (int) o->threads)),
                            error)
                   ? EXIT_SUCCESS
                   : EXIT_USAGE;
    Checkpoint *c = start(o, study, diag_sources(diag), error);
    if (!c)
        return EXIT_USAGE;
    if (o->ranks && !ranks_agree(o->ranks, c->digest, error)) {
        checkpoint_free(c);
        return EXIT_USAGE;
    }
    ending_works = 1;
    int status = explore(o, study, c, error);
    if (c->findings->illegal == study->space->points) {
        int64_t first = MAX(c->findings->first_illegal, 0) / study_nest_points(study);
        study_explain(study, first, stderr); /* why it has no legal mapping, in full */
    }
    checkpoint_free(c);
    return status;
}

static int run(DseOptions *o)
{
    g_autoptr(GError) error = NULL;
    if (o->version)
        return help_version("dcc-dse");
    if (!o->files && !(o->map && o->model)) {
        fprintf(stderr, "dcc-dse: no dataflow or network given; dcc-dse --help tells more\n");
        return EXIT_USAGE;
    }
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    bool merging = o->files && !strcmp(o->files[0], "merge");
    if (merging && mpirun_helps(o->ranks))
        return EXIT_SUCCESS;
    int status = merging ? merge_shards(o, sources, &error) : run_sweep(o, diag, &error);
    return error ? fail(error) : status;
}

int main(int argc, char **argv)
{
    streams_begin();
    help_begin("dcc-dse");
    DseOptions options = {.node = COMMAND_NONE, .rows = COMMAND_NONE, .threads = COMMAND_NONE};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = command_words(argc, argv);
    int status;
    ending_catch();
    if (mpirun_join("dcc-dse", &ending_asked, &options.ranks, &status))
        status = dse_parse(&options, &words, &error) ? run(&options) : fail(error);
    dse_clear(&options);
    return status;
}
