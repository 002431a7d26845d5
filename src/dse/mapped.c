/* A design takes from a tenth of a second to minutes, so everything that threads share is behind
 * one lock. */
#include "dse/mapped.h"

#include <math.h>
#include <string.h>

#include "dse/mapdesign.h"

/* Values that differ by rounding are equal; as in a search. */
static const double ROUNDING = 1e-9;

enum { TELL_US = 100000 };

/* A design that is looked at. */
typedef struct {
    int64_t point;
    double bound; /* INFINITY: there is nothing to look for */
} Candidate;

/* What the threads share. */
typedef struct {
    const Study *study;
    const SweepOptions *options;
    GPtrArray *starts;
    Candidate *candidate; /* in the order in which they are taken */
    int64_t n;
    gint next;   /* of them; atomic */
    GMutex lock; /* of what follows */
    GCond changed;
    int running; /* threads */
    Findings *found;
    double best;    /* of the objective; INFINITY: none */
    double bound;   /* the least of those that were searched */
    GString **rows; /* by point, done but not written; NULL: none are wanted */
    bool *done;
    int64_t turn; /* the point whose row is next */
} Run;

/* ---- the best so far -------------------------------------------------------------------- */

static double best_so_far(void *data)
{
    double best;
    __atomic_load(&((Run *) data)->best, &best, __ATOMIC_ACQUIRE);
    return best;
}

static double everything(void *data)
{
    (void) data;
    return INFINITY;
}

static bool only_best(const Run *run)
{
    return run->study->map->best;
}

static bool is_beyond(const Run *run, double bound)
{
    return only_best(run) && bound > best_so_far((void *) run) * (1 + ROUNDING);
}

/* ---- findings; with the lock -------------------------------------------------------------- */

static void note_lack(Findings *f, Lack lack, double least)
{
    f->lacking[lack]++;
    f->least[lack] = fmin(f->least[lack], least);
}

static void take_first(int64_t *first, int64_t point)
{
    if (*first < 0 || point < *first)
        *first = point;
}

static void note_illegal(Run *run, int64_t point)
{
    run->found->seen++;
    run->found->illegal++;
    take_first(&run->found->first_illegal, point);
}

static void note_over(Run *run, Least least)
{
    Findings *f = run->found;
    f->seen++;
    f->over++;
    if (least.um2 > run->study->budget_um2)
        note_lack(f, LACK_AREA, least.um2);
    if (least.mw > run->study->budget_mw)
        note_lack(f, LACK_POWER, least.mw);
}

static void note_lacking(Run *run, const MapDesign *design, int64_t point)
{
    double least[LACKS];
    unsigned lacks = mapdesign_lacks(design, least);
    for (Lack k = 0; k < LACKS; k++)
        if (lacks >> k & 1)
            note_lack(run->found, k, least[k]);
    if (lacks == 0)
        take_first(&run->found->first_unfit, point);
    if (lacks >> LACK_FIGURE & 1)
        take_first(&run->found->first_missing, point);
}

static void offer(Run *run, const MapDesign *design, Point *point)
{
    g_autofree char *text = mapdesign_text(design);
    double value = pareto_value(point, run->study->map->objective);
    point->mapping = g_string_chunk_insert_const(run->study->texts, text);
    run->found->valid++;
    findings_offer(run->found, point);
    if (value < run->best)
        __atomic_store(&run->best, &value, __ATOMIC_RELEASE);
    if (run->rows != NULL) {
        run->rows[point->index] = g_string_new(NULL);
        run->options->rows->format(point, run->rows[point->index], run->options->rows->data);
    }
}

/* Rows that are next, in the order of the points. */
static void write_rows(Run *run, int64_t point)
{
    if (run->rows == NULL)
        return;
    run->done[point] = true;
    for (; run->turn < run->study->space->points && run->done[run->turn]; run->turn++) {
        GString *row = run->rows[run->turn];
        run->rows[run->turn] = NULL;
        if (row == NULL)
            continue;
        run->options->rows->write(row, run->options->rows->data);
        g_string_free(row, TRUE);
    }
}

/* ---- designs -------------------------------------------------------------------------------- */

/* Whether there is anything to look for, with its bound; what there is not is counted. */
static MapDesign *begin(Run *run, int64_t point)
{
    const Study *study = run->study;
    MapDesign *design = mapdesign_new(study, run->starts, point);
    Least least = design != NULL ? mapdesign_least(design) : (Least){0, 0};
    bool over = study->prune && study_over(study, least);
    if (design != NULL && !over)
        return design;
    g_mutex_lock(&run->lock);
    if (over)
        note_over(run, least);
    else
        note_illegal(run, point);
    write_rows(run, point);
    g_mutex_unlock(&run->lock);
    mapdesign_free(design);
    return NULL;
}

static void end(Run *run, MapDesignStatus status, const MapDesign *design, Point *point)
{
    g_mutex_lock(&run->lock);
    run->found->seen++;
    run->found->evaluated++;
    run->found->ended += status == MAPDESIGN_ENDED;
    if (status == MAPDESIGN_FOUND || status == MAPDESIGN_ENDED)
        offer(run, design, point);
    else if (status == MAPDESIGN_LACKING)
        note_lacking(run, design, point->index);
    if (status != MAPDESIGN_LACKING)
        run->bound = fmin(run->bound, mapdesign_reached(design));
    write_rows(run, point->index);
    g_mutex_unlock(&run->lock);
}

/* Searches it; false if the study was stopped meanwhile. */
static bool search(Run *run, const Candidate *candidate)
{
    g_autoptr(MapDesign) design = begin(run, candidate->point);
    Point point = {.index = candidate->point};
    if (design == NULL)
        return true;
    if (only_best(run)) /* of the layers that come later */
        mapdesign_bound(design);
    MapDesignStatus status =
        mapdesign_search(design, only_best(run) ? best_so_far : everything, run, &point);
    if (status != MAPDESIGN_STOPPED)
        end(run, status, design, &point);
    return status != MAPDESIGN_STOPPED;
}

static void bound(Run *run, Candidate *candidate)
{
    g_autoptr(MapDesign) design = begin(run, candidate->point);
    candidate->bound = design != NULL ? mapdesign_bound(design) : INFINITY;
}

/* ---- threads --------------------------------------------------------------------------------- */

static Candidate *take(Run *run)
{
    int64_t at = g_atomic_int_add(&run->next, 1);
    return at < run->n && !study_stopped(run->study) ? &run->candidate[at] : NULL;
}

static void leave(Run *run)
{
    g_mutex_lock(&run->lock);
    run->running--;
    g_cond_signal(&run->changed);
    g_mutex_unlock(&run->lock);
}

static gpointer bound_all(gpointer data)
{
    Run *run = data;
    for (Candidate *c = take(run); c != NULL; c = take(run))
        bound(run, c);
    leave(run);
    return NULL;
}

/* Those that come later have no lower bound. */
static gpointer search_all(gpointer data)
{
    Run *run = data;
    bool going = true;
    for (Candidate *c = take(run); c != NULL && going; c = going ? take(run) : NULL)
        going = !is_beyond(run, c->bound) && search(run, c);
    leave(run);
    return NULL;
}

static void watch(Run *run)
{
    gint64 told = 0;
    g_mutex_lock(&run->lock);
    while (run->running > 0) {
        gint64 now = g_get_monotonic_time();
        g_cond_wait_until(&run->changed, &run->lock, now + TELL_US);
        if (run->options->progress != NULL && now - told >= TELL_US) {
            run->options->progress(run->found, 0, run->options->data);
            told = now;
        }
    }
    g_mutex_unlock(&run->lock);
}

static void run_threads(Run *run, GThreadFunc work)
{
    int n = MAX(1, run->options->threads);
    g_autofree GThread **threads = g_new0(GThread *, n);
    run->next = 0;
    run->running = n;
    for (int i = 0; i < n; i++)
        threads[i] = g_thread_new("mapped", work, run);
    watch(run);
    for (int i = 0; i < n; i++)
        g_thread_join(threads[i]);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static int compare_candidates(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;
    if (x->bound != y->bound)
        return x->bound < y->bound ? -1 : 1;
    return (x->point > y->point) - (x->point < y->point);
}

/* Bounds all designs, and puts those that there is something to look for in their order. */
static void order(Run *run)
{
    run_threads(run, bound_all);
    qsort(run->candidate, (size_t) run->n, sizeof *run->candidate, compare_candidates);
    while (run->n > 0 && isinf(run->candidate[run->n - 1].bound))
        run->n--;
}

/* Those that cannot be best count as skipped, whether somebody had begun with them or not. */
static void count_skipped(Run *run)
{
    Findings *f = run->found;
    int64_t evaluated = 0;
    while (evaluated < run->n && !is_beyond(run, run->candidate[evaluated].bound))
        evaluated++;
    f->evaluated = evaluated;
    f->seen = run->study->space->points;
    if (evaluated < run->n)
        run->bound = fmin(run->bound, run->candidate[evaluated].bound);
}

static void run_free(Run *run)
{
    for (int64_t i = 0; run->rows != NULL && i < run->study->space->points; i++)
        if (run->rows[i] != NULL) /* of a run that was stopped */
            g_string_free(run->rows[i], TRUE);
    g_ptr_array_free(run->starts, TRUE);
    g_free(run->rows);
    g_free(run->done);
    g_free(run->candidate);
    g_mutex_clear(&run->lock);
    g_cond_clear(&run->changed);
}

bool mapped_run(const Study *study, const SweepOptions *options, Findings *findings)
{
    int64_t points = study->space->points;
    Run run = {.study = study,
               .options = options,
               .starts = mapdesign_starts(study),
               .candidate = g_new0(Candidate, points),
               .n = points,
               .found = findings,
               .best = INFINITY,
               .bound = INFINITY};
    g_mutex_init(&run.lock);
    g_cond_init(&run.changed);
    for (int64_t i = 0; i < points; i++)
        run.candidate[i].point = i;
    if (options->rows != NULL) {
        run.rows = g_new0(GString *, points);
        run.done = g_new0(bool, points);
    }
    if (only_best(&run))
        order(&run);
    run_threads(&run, search_all);
    bool whole = !study_stopped(study);
    if (whole && only_best(&run))
        count_skipped(&run);
    findings->bound = whole && isfinite(run.best) ? fmin(run.best, run.bound) : 0;
    run_free(&run);
    return whole;
}

char *mapped_reason(const Study *study, int64_t point)
{
    g_autoptr(MapDesign) design = mapdesign_new(study, NULL, point);
    return design != NULL ? mapdesign_obstacle(design) : NULL;
}
