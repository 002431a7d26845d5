/* Annealing over options of layers and the order of nodes: chains of random changes, each with
 * random numbers of its own. */
#include <math.h>
#include <string.h>

#include "sched/choose_parts.h"

/* ---- random numbers ---- */

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

static int draw_below(uint64_t *state, int n)
{
    return (int) (draw(state) % (uint64_t) n);
}

/* ---- options ---- */

/* Options of a layer of one split, [*from, *to): they stand together. */
static void options_of_split(const ProblemLayer *layer, int split, int *from, int *to)
{
    *from = 0;
    while (*from < layer->n && layer->option[*from].split < split)
        (*from)++;
    *to = *from;
    while (*to < layer->n && layer->option[*to].split == split)
        (*to)++;
}

static int core_of(const ProblemLayer *layer, int option)
{
    return problem_core(&layer->split[layer->option[option].split], layer->option[option].place, 0);
}

/* The option of a split on a core; where there is none any of the split, or the one that there was.
 */
static int option_on(const ProblemLayer *layer, int split, int core, int was, uint64_t *state)
{
    int from, to;
    options_of_split(layer, split, &from, &to);
    for (int i = from; i < to; i++)
        if (core_of(layer, i) == core)
            return i;
    return from < to ? from + draw_below(state, to - from) : was;
}

/* The option of a split that takes the least cycles. */
static int fastest(const Problem *problem, const ProblemLayer *layer, int split)
{
    int from, to, best;
    double least = INFINITY;
    options_of_split(layer, split, &from, &to);
    best = from < to ? from : 0;
    for (int i = from; i < to; i++) {
        const ProblemSplit *of = &layer->split[split];
        double sum = 0;
        for (int b = 0; b < of->n_boxes; b++)
            sum +=
                (double) problem_cost(problem, of, b, problem_core(of, layer->option[i].place, b))
                    ->cycles;
        if (sum < least) {
            least = sum;
            best = i;
        }
    }
    return best;
}

/* What chains begin with: each layer on its fastest core; the layers in turn; anything.  All layers
 * have their splits of one number, another one in each chain. */
static void begin_chain(const Choosing *c, int chain, uint64_t *state, int *choice)
{
    for (int i = 0; i < c->n_free; i++) {
        const ProblemLayer *layer = &c->problem->layer[c->free[i]];
        int split = (layer->n_splits - 1 - chain % layer->n_splits), from, to;
        options_of_split(layer, split, &from, &to);
        if (from == to) {
            from = 0;
            to = layer->n;
        }
        int *option = &choice[c->free[i]];
        *option = from + (chain == 1 ? i % (to - from) : draw_below(state, to - from));
        if (chain == 0)
            *option = fastest(c->problem, layer, split);
    }
    choice[c->problem->fleet->n_layers] = c->first + (c->orders - 1 - chain % c->orders);
}

/* ---- moves ---- */

/* A layer to another core, of the same split if it has several. */
static void move_core(const Choosing *c, uint64_t *state, int at, int *choice)
{
    const ProblemLayer *layer = &c->problem->layer[at];
    int from, to;
    options_of_split(layer, layer->option[choice[at]].split, &from, &to);
    if (to - from > 1)
        choice[at] =
            from + (choice[at] - from + 1 + draw_below(state, to - from - 1)) % (to - from);
    else
        choice[at] = (choice[at] + 1 + draw_below(state, layer->n - 1)) % layer->n;
}

/* Two layers change their cores. */
static void swap_cores(const Choosing *c, uint64_t *state, int a, int b, int *choice)
{
    const ProblemLayer *one = &c->problem->layer[a], *other = &c->problem->layer[b];
    int core = core_of(one, choice[a]), with = core_of(other, choice[b]);
    if (core == with) {
        move_core(c, state, a, choice);
        return;
    }
    choice[a] = option_on(one, one->option[choice[a]].split, with, choice[a], state);
    choice[b] = option_on(other, other->option[choice[b]].split, core, choice[b], state);
}

/* Some layers that follow each other are split otherwise, on the cores that they are on: to pass
 * parts on early, neighbours have to be split alike. */
static void move_splits(const Choosing *c, uint64_t *state, int *choice)
{
    int first = draw_below(state, c->n_free), n = 1;
    const ProblemLayer *lead = &c->problem->layer[c->free[first]];
    int step = lead->n_splits > 1 ? 1 + draw_below(state, lead->n_splits - 1) : 1;
    int to = (lead->option[choice[c->free[first]]].split + step) % lead->n_splits;
    while (first + n < c->n_free && draw_below(state, 4) > 0)
        n++;
    for (int i = first; i < first + n; i++) {
        int l = c->free[i];
        const ProblemLayer *layer = &c->problem->layer[l];
        if (layer->n_splits > 1)
            choice[l] =
                option_on(layer, to % layer->n_splits, core_of(layer, choice[l]), choice[l], state);
    }
}

static void move(const Choosing *c, bool splits, uint64_t *state, int *choice)
{
    int a = c->free[draw_below(state, c->n_free)], b = c->free[draw_below(state, c->n_free)];
    int kind = draw_below(state, 24), *order = &choice[c->problem->fleet->n_layers];
    if (kind == 0 && c->orders > 1)
        *order = c->first + (*order - c->first + 1 + draw_below(state, c->orders - 1)) % c->orders;
    else if (kind < 8 && splits)
        move_splits(c, state, choice);
    else if (kind < 14 && a != b)
        swap_cores(c, state, a, b, choice);
    else
        move_core(c, state, a, choice);
}

/* ---- chains ---- */

typedef struct {
    double best;
    int *choice;
    int64_t schedules;
} Chain;

static bool has_splits(const Choosing *c)
{
    for (int i = 0; i < c->n_free; i++)
        if (c->problem->layer[c->free[i]].n_splits > 1)
            return true;
    return false;
}

static Chain run_chain(const Choosing *c, int number)
{
    size_t bytes = choosing_bytes(c);
    uint64_t state = c->options->seed * 1000003u + (uint64_t) number;
    g_autofree int *at = g_malloc0(bytes);
    g_autofree int *next = g_malloc0(bytes);
    Chain chain = {INFINITY, g_malloc0(bytes), 0};
    int64_t moves = c->moves;
    bool splits = has_splits(c);
    ProblemPlan plan;
    problem_plan_begin(c->problem, &plan);
    if (c->from != NULL)
        memcpy(at, c->from, bytes);
    else
        begin_chain(c, number, &state, at);
    double value = chain.best = choosing_run(c, at, &plan);
    memcpy(chain.choice, at, bytes);
    for (int64_t i = 1; i < moves && !choosing_is_over(c); i++) {
        /* of a hundredth at the begin, to a fiftieth of that at the end */
        double heat = 0.01 * pow(0.02, (double) i / (double) moves);
        memcpy(next, at, bytes);
        move(c, splits, &state, next);
        double found = choosing_run(c, next, &plan), chance = draw_real(&state);
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

gpointer anneal_thread(gpointer data)
{
    Choosing *c = data;
    g_mutex_lock(&c->lock);
    while (c->next < c->end) {
        int number = c->next++;
        g_mutex_unlock(&c->lock);
        Chain chain = run_chain(c, number);
        g_mutex_lock(&c->lock);
        c->schedules += chain.schedules;
        c->over |= choosing_is_over(c);
        if (chain.best < c->best || (chain.best == c->best && number < c->best_number)) {
            c->best = chain.best;
            c->best_number = number;
            memcpy(c->best_choice, chain.choice, choosing_bytes(c));
        }
        g_free(chain.choice);
    }
    g_mutex_unlock(&c->lock);
    return NULL;
}
