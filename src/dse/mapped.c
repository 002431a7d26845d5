/* A design takes from a tenth of a second to minutes, so everything that threads share is behind
 * one lock. */
#include "dse/mapped.h"

#include <math.h>
#include <string.h>

#include "dse/mapped_parts.h"
#include "ir/thread.h"

/* Values that differ by rounding are equal; as in a search. */
static const double ROUNDING = 1e-9;

enum { TELL_US = 100000 };

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

/* ---- designs -------------------------------------------------------------------------------- */

static void take_lacks(const MapDesign *design, Outcome *outcome)
{
    if (outcome->status == MAPDESIGN_LACKING)
        outcome->lacks = mapdesign_lacks(design, outcome->lack);
    else if (outcome->status != MAPDESIGN_STOPPED)
        outcome->bound = mapdesign_reached(design);
    if (outcome->status == MAPDESIGN_FOUND || outcome->status == MAPDESIGN_ENDED)
        outcome->text = mapdesign_text(design);
}

bool mapped_look(Run *run, int64_t point, Outcome *outcome)
{
    const Study *study = run->study;
    g_autoptr(MapDesign) design = mapdesign_new(study, run->starts, point);
    *outcome = (Outcome){.kind = OUTCOME_ILLEGAL, .point.index = point};
    if (design == NULL)
        return true;
    outcome->least = mapdesign_least(design);
    outcome->kind = study->prune && study_over(study, outcome->least) ? OUTCOME_OVER
                    : run->kind == WORK_BOUND                         ? OUTCOME_BOUND
                                                                      : OUTCOME_SEARCHED;
    if (outcome->kind == OUTCOME_BOUND)
        outcome->bound = mapdesign_bound(design);
    if (outcome->kind != OUTCOME_SEARCHED)
        return true;
    if (only_best(run)) /* of the layers that come later */
        mapdesign_bound(design);
    outcome->status =
        mapdesign_search(design, only_best(run) ? best_so_far : everything, run, &outcome->point);
    take_lacks(design, outcome);
    return outcome->status != MAPDESIGN_STOPPED;
}

/* ---- findings; with the lock -------------------------------------------------------------- */

static void note_over(Run *run, Least least)
{
    Findings *f = run->found;
    f->over++;
    if (least.um2 > run->study->most_um2)
        findings_lack(f, LACK_AREA, 1, least.um2);
    if (least.mw > run->study->most_mw)
        findings_lack(f, LACK_POWER, 1, least.mw);
}

static void note_lacking(Run *run, const Outcome *outcome)
{
    for (Lack k = 0; k < LACKS; k++)
        if (outcome->lacks >> k & 1)
            findings_lack(run->found, k, 1, outcome->lack[k]);
    if (outcome->lacks == 0)
        findings_first(&run->found->first_unfit, outcome->point.index);
    if (outcome->lacks >> LACK_FIGURE & 1)
        findings_first(&run->found->first_missing, outcome->point.index);
}

static void offer(Run *run, const Outcome *outcome)
{
    Point point = outcome->point;
    double value = pareto_value(&point, run->study->map->objective);
    point.mapping = g_string_chunk_insert_const(run->study->texts, outcome->text);
    run->found->valid++;
    findings_offer(run->found, &point);
    if (value < run->best)
        __atomic_store(&run->best, &value, __ATOMIC_RELEASE);
    if (run->rows != NULL) {
        run->rows[point.index] = g_string_new(NULL);
        run->options->rows->format(&point, run->rows[point.index], run->options->rows->data);
    }
}

static void note_searched(Run *run, const Outcome *outcome)
{
    run->found->evaluated++;
    run->found->ended += outcome->status == MAPDESIGN_ENDED;
    if (outcome->text != NULL)
        offer(run, outcome);
    else if (outcome->status == MAPDESIGN_LACKING)
        note_lacking(run, outcome);
    if (outcome->status != MAPDESIGN_LACKING)
        run->bound = fmin(run->bound, outcome->bound);
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

void mapped_note(Run *run, Candidate *candidate, const Outcome *outcome)
{
    if (run->kind == WORK_BOUND)
        candidate->bound = outcome->kind == OUTCOME_BOUND ? outcome->bound : INFINITY;
    if (outcome->kind == OUTCOME_BOUND)
        return;
    run->found->seen++;
    if (outcome->kind == OUTCOME_OVER)
        note_over(run, outcome->least);
    if (outcome->kind == OUTCOME_ILLEGAL) {
        run->found->illegal++;
        findings_first(&run->found->first_illegal, candidate->point);
    }
    if (outcome->kind == OUTCOME_SEARCHED)
        note_searched(run, outcome);
    write_rows(run, candidate->point);
}

/* ---- threads --------------------------------------------------------------------------------- */

/* Those that come later have no lower bound. */
Candidate *mapped_next(Run *run)
{
    Candidate *next = run->next < run->n ? &run->candidate[run->next] : NULL;
    if (next == NULL || study_stopped(run->study) ||
        (run->kind == WORK_DESIGN && is_beyond(run, next->bound)))
        return NULL;
    run->next++;
    return next;
}

static gpointer work(gpointer data)
{
    Run *run = data;
    Outcome outcome;
    bool going = true;
    g_mutex_lock(&run->lock);
    for (Candidate *c = mapped_next(run); c != NULL; c = going ? mapped_next(run) : NULL) {
        g_mutex_unlock(&run->lock);
        going = mapped_look(run, c->point, &outcome);
        g_mutex_lock(&run->lock);
        if (going)
            mapped_note(run, c, &outcome);
        g_free(outcome.text);
    }
    run->running--;
    g_cond_signal(&run->changed);
    g_mutex_unlock(&run->lock);
    return NULL;
}

static void watch(Run *run)
{
    gint64 told = 0;
    g_mutex_lock(&run->lock);
    while (run->running > 0) {
        gint64 now = g_get_monotonic_time();
        g_cond_wait_until(&run->changed, &run->lock,
                          now + (run->dealer != NULL ? DEAL_POLL_US : TELL_US));
        g_mutex_unlock(&run->lock);
        mapped_tell_best(run);
        dealer_poll(run->dealer);
        g_mutex_lock(&run->lock);
        if (run->options->progress != NULL && now - told >= TELL_US) {
            run->options->progress(run->found, 0, run->options->data);
            told = now;
        }
    }
    g_mutex_unlock(&run->lock);
}

/* Who watches works itself where there is nobody to watch. */
static void run_threads(Run *run, WorkKind kind)
{
    int n = MAX(1, run->options->threads);
    g_autofree GThread **threads = g_new0(GThread *, n);
    run->kind = kind;
    run->next = 0;
    mapped_deal(run);
    int begun = threads_begin_counted(threads, n, "mapped", work, run, &run->lock, &run->running);
    watch(run);
    threads_await(threads, begun);
    mapped_deal_end(run);
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
    run_threads(run, WORK_BOUND);
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
    run.told = INFINITY;
    if (only_best(&run))
        order(&run);
    run_threads(&run, WORK_DESIGN);
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
