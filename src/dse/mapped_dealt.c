/* Mapped designs on several ranks: rank 0 hands out one at a time, and says what the best comes to.
 */
#include "dse/mapped_parts.h"

#include <math.h>
#include <string.h>

/* ---- rank 0 ---- */

static int deal(int rank, int most, GByteArray *tasks, void *data)
{
    Run *run = data;
    int n = 0;
    (void) rank;
    g_mutex_lock(&run->lock);
    for (Candidate *c; n < most && (c = mapped_next(run)) != NULL; n++) {
        const int64_t task[] = {c - run->candidate, c->point};
        pack_block(tasks, task, sizeof task);
    }
    g_mutex_unlock(&run->lock);
    return n;
}

static bool unpack_outcome(Unpack *from, Outcome *outcome)
{
    gsize n;
    unpack_raw(from, outcome, sizeof *outcome);
    const guint8 *text = unpack_block(from, &n);
    outcome->text = n > 0 ? g_strndup((const char *) text, n) : NULL;
    outcome->point.mapping = NULL;
    bool found = outcome->kind == OUTCOME_SEARCHED &&
                 (outcome->status == MAPDESIGN_FOUND || outcome->status == MAPDESIGN_ENDED);
    return !from->bad && found == (outcome->text != NULL);
}

static bool take(int rank, Unpack *found, void *data)
{
    Run *run = data;
    int64_t at = unpack_number(found);
    Outcome outcome;
    (void) rank;
    bool well = unpack_outcome(found, &outcome) && at >= 0 && at < run->n &&
                outcome.point.index == run->candidate[at].point;
    if (well) {
        g_mutex_lock(&run->lock);
        mapped_note(run, &run->candidate[at], &outcome);
        g_mutex_unlock(&run->lock);
    }
    g_free(outcome.text);
    return well;
}

void mapped_deal(Run *run)
{
    static const DealerOwner owner = {deal, take};
    g_autoptr(GByteArray) about = g_byte_array_new();
    run->told = run->best;
    pack(about, &run->best, sizeof run->best);
    run->dealer = dealer_new(run->options->ranks, run->kind, about, &owner, run);
}

void mapped_tell_best(Run *run)
{
    double best;
    __atomic_load(&run->best, &best, __ATOMIC_ACQUIRE);
    if (run->dealer != NULL && best < run->told)
        dealer_tell(run->dealer, -1, &best, sizeof best);
    run->told = best;
}

void mapped_deal_end(Run *run)
{
    dealer_close(run->dealer, study_stopped(run->study));
    run->dealer = NULL;
}

/* ---- another rank ---- */

static void give(Run *run, int64_t at, const Outcome *outcome)
{
    g_autoptr(GByteArray) back = g_byte_array_new();
    pack_number(back, at);
    pack(back, outcome, sizeof *outcome);
    pack_block(back, outcome->text, outcome->text != NULL ? strlen(outcome->text) : 0);
    helper_give(run->helper, back);
}

static gpointer work(gpointer data)
{
    Run *run = data;
    bool going = true;
    while (going) {
        g_autoptr(GBytes) task = helper_take(run->helper);
        if (task == NULL)
            break;
        Unpack from = unpack_bytes(task);
        Outcome outcome = {.text = NULL};
        int64_t at = unpack_number(&from), point = unpack_number(&from);
        going = !from.bad && point >= 0 && point < run->study->space->points &&
                mapped_look(run, point, &outcome);
        if (going)
            give(run, at, &outcome);
        g_free(outcome.text);
    }
    return NULL;
}

static void news(Unpack *from, void *data)
{
    Run *run = data;
    double best;
    if (unpack_raw(from, &best, sizeof best))
        __atomic_store(&run->best, &best, __ATOMIC_RELEASE);
}

void mapped_help(const Study *study, const SweepOptions *options, WorkKind kind, Helper *helper,
                 Unpack *about)
{
    Run run = {.study = study,
               .options = options,
               .starts = mapdesign_starts(study),
               .best = INFINITY,
               .kind = kind,
               .helper = helper};
    g_autofree gpointer *worker = g_new0(gpointer, options->threads);
    news(about, &run);
    for (int i = 0; i < options->threads; i++)
        worker[i] = &run;
    const HelperRun all = {.threads = options->threads,
                           .coarse = true,
                           .work = work,
                           .worker = worker,
                           .news = news,
                           .data = &run};
    helper_run(helper, &all);
    helper_end(helper, NULL);
    g_ptr_array_free(run.starts, TRUE);
}
