#include "sched/choose.h"

#include <math.h>
#include <string.h>

#include "ir/thread.h"
#include "sched/choose_parts.h"

enum {
    EXACT_MOST = 4096, /* choices that are all looked at */
    THREADS_MOST = 64
};

double timeline_pj(const Timeline *timeline)
{
    return timeline->core_pj + timeline->link_pj + timeline->offchip_pj;
}

double choose_value(ChooseObjective objective, const Timeline *timeline)
{
    if (timeline->status != TIMELINE_OK)
        return INFINITY;
    double cycles = (double) timeline->cycles, pj = timeline_pj(timeline);
    return objective == CHOOSE_LATENCY ? cycles : objective == CHOOSE_ENERGY ? pj : cycles * pj;
}

static double now(void)
{
    return (double) g_get_monotonic_time() * 1e-6;
}

bool choosing_is_over(const Choosing *c)
{
    double seconds = c->options->seconds;
    bool asked = c->options->stop != NULL && *c->options->stop != 0;
    return asked || (seconds > 0 && now() - c->began > seconds);
}

double choosing_run(const Choosing *c, const int *choice, ProblemPlan *plan)
{
    Timeline timeline;
    PlanPriority priority = (PlanPriority) choice[c->problem->fleet->n_layers];
    if (!problem_plan(c->problem, choice, priority, plan))
        return INFINITY;
    timeline_run(&plan->plan, false, &timeline);
    double value = choose_value(c->options->objective, &timeline);
    timeline_clear(&timeline);
    return value;
}

/* ---- all choices ---- */

/* The choice of that number: the last free layer changes fastest. */
static void number_to_choice(const Choosing *c, int number, int *choice)
{
    for (int i = c->n_free - 1; i >= 0; i--) {
        int n = c->problem->layer[c->free[i]].n;
        choice[c->free[i]] = number % n;
        number /= n;
    }
}

/* The best of the orders that are open, which is set; of equal ones, but for how sums were rounded,
 * the first. */
static double try_orders(const Choosing *c, int *choice, ProblemPlan *plan)
{
    int *order = &choice[c->problem->fleet->n_layers], best = c->first;
    double least = INFINITY;
    for (int i = 0; i < c->orders; i++) {
        *order = c->first + i;
        double value = choosing_run(c, choice, plan);
        if (value < least * (1 - 1e-12) || (isinf(least) && isfinite(value))) {
            least = value;
            best = *order;
        }
    }
    *order = best;
    return least;
}

static gpointer try_all(gpointer data)
{
    Choosing *c = data;
    ProblemPlan plan;
    ChooseBounds bounds;
    g_autofree int *choice = g_new0(int, c->problem->fleet->n_layers + 1);
    problem_plan_begin(c->problem, &plan);
    g_mutex_lock(&c->lock);
    while (c->next < c->end && !c->over) {
        int number = c->next++;
        double best = c->best;
        g_mutex_unlock(&c->lock);
        number_to_choice(c, number, choice);
        if (c->bounds != NULL)
            bounds_fill(c->bounds, choice, &bounds);
        /* what is above the best so far is not the best, whoever found that when */
        bool above = c->bounds != NULL && bounds_value(c->options->objective, &bounds) > best;
        double value = above ? INFINITY : try_orders(c, choice, &plan);
        g_mutex_lock(&c->lock);
        c->schedules += above ? 0 : c->orders;
        c->done++;
        c->over |= choosing_is_over(c);
        if (value < c->best || (value == c->best && number < c->best_number)) {
            c->best = value;
            c->best_number = number;
            memcpy(c->best_choice, choice, choosing_bytes(c));
        }
    }
    g_mutex_unlock(&c->lock);
    problem_plan_end(&plan);
    return NULL;
}

/* ---- both ---- */

static void run_threads(Choosing *c, GThreadFunc function)
{
    GThread *thread[THREADS_MOST];
    int beside = CLAMP(c->options->threads, 1, THREADS_MOST) - 1;
    beside = threads_begin(thread, beside, "schedule", function, c);
    function(c);
    threads_await(thread, beside);
}

/* Whether the options of a layer have several splits, or several cores for one of them. */
static void see_options(const ProblemLayer *layer, Chosen *chosen)
{
    for (int i = 1; i < layer->n; i++)
        if (layer->option[i].split != layer->option[i - 1].split)
            chosen->free_splits = true;
        else
            chosen->free_cores = true;
}

static void count_choices(Choosing *c, Chosen *chosen)
{
    chosen->choices = 1;
    for (int l = 0; l < c->problem->fleet->n_layers; l++) {
        const ProblemLayer *layer = &c->problem->layer[l];
        see_options(layer, chosen);
        if (layer->n > 1)
            c->free[c->n_free++] = l;
        chosen->choices *= layer->n;
    }
}

static void anneal(Choosing *c)
{
    int64_t first = c->options->moves / ANNEAL_FIRST_PART;
    c->end = ANNEAL_FIRST;
    c->moves = MAX(first / ANNEAL_FIRST, 1);
    run_threads(c, anneal_thread);
    if (c->over || c->best <= c->bound * (1 + c->options->gap))
        return;
    g_autofree int *from = g_memdup2(c->best_choice, choosing_bytes(c));
    c->from = isfinite(c->best) ? from : NULL;
    c->next = ANNEAL_FIRST;
    c->end = ANNEAL_FIRST + ANNEAL_THEN;
    c->moves = MAX((c->options->moves - first) / ANNEAL_THEN, 1);
    run_threads(c, anneal_thread);
}

static void search(Choosing *c, Chosen *chosen)
{
    bool exact = chosen->choices <= EXACT_MOST;
    c->end = exact ? (int) chosen->choices : 0;
    g_mutex_init(&c->lock);
    if (exact)
        run_threads(c, try_all);
    else
        anneal(c);
    g_mutex_clear(&c->lock);
    bool all = exact && c->done == c->end;
    chosen->optimal = all && isfinite(c->best);
    /* which of them a bound rules out rests on which was found when */
    chosen->schedules = all ? (int64_t) chosen->choices * c->orders : c->schedules;
    memcpy(chosen->choice, c->best_choice, choosing_bytes(c));
}

static void run_chosen(const Choosing *c, Chosen *chosen)
{
    const Problem *problem = c->problem;
    chosen->timeline = (Timeline){.status = TIMELINE_MISFIT};
    chosen->priority = (PlanPriority) chosen->choice[problem->fleet->n_layers];
    problem_plan_begin(problem, &chosen->plan);
    if (problem_plan(problem, chosen->choice, chosen->priority, &chosen->plan))
        timeline_run(&chosen->plan.plan, true, &chosen->timeline);
    chosen->value = choose_value(c->options->objective, &chosen->timeline);
    chosen->bound = chosen->optimal ? chosen->value : fmin(c->bound, chosen->value);
    chosen->gap = chosen->bound > 0 ? chosen->value / chosen->bound - 1 : NAN;
}

bool choose_run(const Problem *problem, const ChooseOptions *options, Chosen *chosen)
{
    int n = problem->fleet->n_layers;
    bool any = options->priority == PLAN_PRIORITIES;
    g_autofree int *free_layers = g_new0(int, n + 1);
    g_autofree int *best_choice = g_new0(int, n + 1);
    Choosing c = {.problem = problem,
                  .options = options,
                  .free = free_layers,
                  .first = any ? 0 : (int) options->priority,
                  .orders = any ? PLAN_PRIORITIES : 1,
                  .began = now(),
                  .best = INFINITY,
                  .best_number = INT64_MAX,
                  .best_choice = best_choice};
    best_choice[n] = c.first;
    *chosen = (Chosen){.choice = g_new0(int, n + 1)};
    count_choices(&c, chosen);
    g_autoptr(Bounds) bounds = c.n_free > 0 ? bounds_new(problem) : NULL;
    c.bounds = bounds;
    if (bounds != NULL)
        bounds_fill(bounds, NULL, &chosen->bounds);
    c.bound = bounds_value(options->objective, &chosen->bounds);
    search(&c, chosen);
    run_chosen(&c, chosen);
    chosen->seconds = now() - c.began;
    return chosen->plan.graph != NULL && chosen->timeline.status == TIMELINE_OK;
}

void choose_report(const Problem *problem, const Chosen *chosen, Diag *diag)
{
    const Graph *graph = chosen->plan.graph;
    if (graph == NULL)
        problem_fault(problem, &chosen->plan.fault, diag);
    else if (chosen->timeline.status == TIMELINE_MISFIT)
        problem_misfit(problem, graph, &chosen->timeline.misfit, diag);
    else
        diag_report(diag, CHECK_OVERFLOW, problem->fleet->system.span,
                    "a time, or what a memory holds, does not fit 63 bits");
}

void choose_clear(Chosen *chosen)
{
    g_free(chosen->choice);
    if (chosen->plan.graph != NULL)
        timeline_clear(&chosen->timeline);
    problem_plan_end(&chosen->plan);
}
