#include "sched/choose.h"

#include <math.h>
#include <string.h>

#include "sched/bounds.h"

enum { EXACT_MOST = 4096 /* choices that are all looked at */, CHAINS = 8 };

typedef struct {
    const Problem *problem;
    const ChooseOptions *options;
    int *free; /* layers with several candidates */
    int n_free;
    double began, bound;
    GMutex lock;
    double best;         /* of all threads; infinite: none yet */
    int64_t best_number; /* exact: of its choice */
    int *best_choice;
    int next; /* the next choice, or chain */
    int end;
    int64_t schedules;
    bool over; /* time, or who asks to stop */
} Choosing;

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

static bool is_over(Choosing *c)
{
    double seconds = c->options->seconds;
    bool asked = c->options->stop != NULL && *c->options->stop != 0;
    return asked || (seconds > 0 && now() - c->began > seconds);
}

static double run_choice(Choosing *c, const int *choice, ProblemPlan *plan)
{
    Timeline timeline;
    problem_plan(c->problem, choice, c->options->priority, plan);
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
        bounds_fill(c->problem, choice, &bounds);
        /* what is above the best so far is not the best, whoever found that when */
        bool above = bounds_value(c->options->objective, &bounds) > best;
        double value = above ? INFINITY : run_choice(c, choice, &plan);
        g_mutex_lock(&c->lock);
        c->schedules += !above;
        c->over |= is_over(c);
        if (value < c->best || (value == c->best && number < c->best_number)) {
            c->best = value;
            c->best_number = number;
            memcpy(c->best_choice, choice, sizeof(int) * (size_t) c->problem->fleet->n_layers);
        }
    }
    g_mutex_unlock(&c->lock);
    problem_plan_end(&plan);
    return NULL;
}

/* ---- annealing ---- */

static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u; /* splitmix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double draw_real(uint64_t *state)
{
    return (double) (draw(state) >> 11) / 9007199254740992.0;
}

/* What chains begin with: each layer on its fastest core; the layers in turn; anything. */
static void begin_chain(const Choosing *c, int chain, uint64_t *state, int *choice)
{
    for (int i = 0; i < c->n_free; i++) {
        const ProblemLayer *layer = &c->problem->layer[c->free[i]];
        choice[c->free[i]] = chain == 1 ? i % layer->n : (int) (draw(state) % (uint64_t) layer->n);
    }
    for (int n = 0; n < c->problem->graph->plan.n_nodes && chain == 0; n++) {
        int l = c->problem->graph->node[n].layer;
        const ProblemLayer *layer = &c->problem->layer[l];
        choice[l] = 0;
        for (int i = 1; i < layer->n && !layer->dealt; i++)
            if (problem_cost(c->problem, n, layer->core[i])->cycles <
                problem_cost(c->problem, n, layer->core[choice[l]])->cycles)
                choice[l] = i;
    }
}

/* One layer to another core, or two layers change theirs. */
static void move(const Choosing *c, uint64_t *state, int *choice)
{
    int a = c->free[draw(state) % (uint64_t) c->n_free],
        b = c->free[draw(state) % (uint64_t) c->n_free];
    const ProblemLayer *one = &c->problem->layer[a], *other = &c->problem->layer[b];
    bool swap = draw(state) % 3 == 0 && choice[a] < other->n && choice[b] < one->n &&
                choice[a] != choice[b];
    if (swap) {
        int kept = choice[a];
        choice[a] = choice[b];
        choice[b] = kept;
    } else {
        choice[a] = (choice[a] + 1 + (int) (draw(state) % (uint64_t) (one->n - 1))) % one->n;
    }
}

typedef struct {
    double best;
    int *choice;
    int64_t schedules;
} Chain;

static Chain run_chain(Choosing *c, int number)
{
    size_t bytes = sizeof(int) * ((size_t) c->problem->fleet->n_layers + 1);
    uint64_t state = c->options->seed * 1000003u + (uint64_t) number;
    g_autofree int *at = g_malloc0(bytes);
    g_autofree int *next = g_malloc0(bytes);
    Chain chain = {INFINITY, g_malloc0(bytes), 0};
    int64_t moves = MAX(c->options->moves / CHAINS, 1);
    ProblemPlan plan;
    problem_plan_begin(c->problem, &plan);
    begin_chain(c, number, &state, at);
    double value = chain.best = run_choice(c, at, &plan);
    memcpy(chain.choice, at, bytes);
    for (int64_t i = 1; i < moves && !is_over(c); i++) {
        /* of a twentieth at the begin, to a thousandth at the end */
        double heat = 0.05 * pow(0.02, (double) i / (double) moves);
        memcpy(next, at, bytes);
        move(c, &state, next);
        double found = run_choice(c, next, &plan), chance = draw_real(&state);
        chain.schedules = i;
        if (found <= value || (isfinite(found) && chance < exp((value - found) / (heat * value)))) {
            memcpy(at, next, bytes);
            value = found;
        }
        if (found < chain.best) {
            chain.best = found;
            memcpy(chain.choice, next, bytes);
        }
        if (chain.best <= c->bound * (1 + c->options->gap))
            break;
    }
    chain.schedules++;
    problem_plan_end(&plan);
    return chain;
}

static gpointer try_chains(gpointer data)
{
    Choosing *c = data;
    g_mutex_lock(&c->lock);
    while (c->next < c->end) {
        int number = c->next++;
        g_mutex_unlock(&c->lock);
        Chain chain = run_chain(c, number);
        g_mutex_lock(&c->lock);
        c->schedules += chain.schedules;
        c->over |= is_over(c);
        if (chain.best < c->best || (chain.best == c->best && number < c->best_number)) {
            c->best = chain.best;
            c->best_number = number;
            memcpy(c->best_choice, chain.choice,
                   sizeof(int) * (size_t) c->problem->fleet->n_layers);
        }
        g_free(chain.choice);
    }
    g_mutex_unlock(&c->lock);
    return NULL;
}

/* ---- both ---- */

static void run_threads(Choosing *c, GThreadFunc function)
{
    int n = CLAMP(c->options->threads, 1, 64);
    GThread *thread[64];
    for (int i = 1; i < n; i++)
        thread[i] = g_thread_new("schedule", function, c);
    function(c);
    for (int i = 1; i < n; i++)
        g_thread_join(thread[i]);
}

static double count_choices(Choosing *c)
{
    double choices = 1;
    for (int l = 0; l < c->problem->fleet->n_layers; l++) {
        const ProblemLayer *layer = &c->problem->layer[l];
        if (layer->dealt || layer->n < 2)
            continue;
        c->free[c->n_free++] = l;
        choices *= layer->n;
    }
    return choices;
}

static void search(Choosing *c, Chosen *chosen)
{
    bool exact = chosen->choices <= EXACT_MOST;
    c->end = exact ? (int) chosen->choices : CHAINS;
    g_mutex_init(&c->lock);
    run_threads(c, exact ? try_all : try_chains);
    g_mutex_clear(&c->lock);
    chosen->optimal = exact && !c->over && isfinite(c->best);
    /* which of them a bound rules out rests on which was found when */
    chosen->schedules = exact && !c->over ? (int64_t) chosen->choices : c->schedules;
    memcpy(chosen->choice, c->best_choice, sizeof(int) * (size_t) c->problem->fleet->n_layers);
}

bool choose_run(const Problem *problem, const ChooseOptions *options, Chosen *chosen,
                TimelineStatus *status, PlanMisfit *misfit)
{
    int n = problem->fleet->n_layers;
    g_autofree int *free_layers = g_new0(int, n + 1);
    g_autofree int *best_choice = g_new0(int, n + 1);
    Choosing c = {.problem = problem,
                  .options = options,
                  .free = free_layers,
                  .began = now(),
                  .best = INFINITY,
                  .best_number = INT64_MAX,
                  .best_choice = best_choice};
    *chosen = (Chosen){.choice = g_new0(int, n + 1)};
    bounds_fill(problem, NULL, &chosen->bounds);
    c.bound = bounds_value(options->objective, &chosen->bounds);
    chosen->choices = count_choices(&c);
    chosen->free = c.n_free > 0;
    search(&c, chosen);
    problem_plan_begin(problem, &chosen->plan);
    problem_plan(problem, chosen->choice, options->priority, &chosen->plan);
    timeline_run(&chosen->plan.plan, true, &chosen->timeline);
    *status = chosen->timeline.status;
    *misfit = chosen->timeline.misfit;
    chosen->value = choose_value(options->objective, &chosen->timeline);
    chosen->bound = chosen->optimal ? chosen->value : fmin(c.bound, chosen->value);
    chosen->gap = chosen->bound > 0 ? chosen->value / chosen->bound - 1 : NAN;
    chosen->seconds = now() - c.began;
    return *status == TIMELINE_OK;
}

void choose_clear(Chosen *chosen)
{
    g_free(chosen->choice);
    problem_plan_end(&chosen->plan);
    timeline_clear(&chosen->timeline);
}
