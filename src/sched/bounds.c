#include "sched/bounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sched/bounds_parts.h"

enum {
    SORTED_MOST = 64 /* boxes that one needs, in sets by threshold; of more only all of them */
};

/* One evaluation: by box of all splits of all layers. */
typedef struct {
    const Bounds *bounds;
    const Problem *problem;
    const int *fixed;
    double *cycles, *head, *tail; /* of all splits of a layer one after the other, from `begin` */
    int *begin;                   /* by layer */
} Bounding;

/* ---- what is open ---- */

static int fixed_of(const Bounding *b, int l)
{
    return b->fixed != NULL ? b->fixed[l] : -1;
}

/* Options of a layer that are open, [*from, *to). */
static void options_of(const Bounding *b, int l, int *from, int *to)
{
    int fixed = fixed_of(b, l);
    *from = MAX(fixed, 0);
    *to = fixed >= 0 ? fixed + 1 : b->problem->layer[l].n;
}

/* Splits of a layer that are open, [*from, *to); some of them may have no option. */
static void splits_of(const Bounding *b, int l, int *from, int *to)
{
    const ProblemLayer *layer = &b->problem->layer[l];
    int fixed = fixed_of(b, l);
    *from = fixed >= 0 ? layer->option[fixed].split : 0;
    *to = fixed >= 0 ? *from + 1 : layer->n_splits;
}

static int first_box(const Bounding *b, int l, int split)
{
    return b->begin[l] + b->bounds->layer[l].first[split];
}

static double cycles_on(const Bounding *b, const ProblemSplit *split, int box, int core)
{
    return (double) problem_cost(b->problem, split, box, core)->cycles;
}

static void fill_cycles(Bounding *b, int l)
{
    const ProblemLayer *layer = &b->problem->layer[l];
    int from, to;
    options_of(b, l, &from, &to);
    for (int s = 0; s < layer->n_splits; s++)
        for (int i = 0; i < layer->split[s].n_boxes; i++)
            b->cycles[first_box(b, l, s) + i] = INFINITY;
    for (int o = from; o < to; o++) {
        const ProblemSplit *split = &layer->split[layer->option[o].split];
        double *cycles = &b->cycles[first_box(b, l, layer->option[o].split)];
        for (int i = 0; i < split->n_boxes; i++)
            cycles[i] = fmin(
                cycles[i], cycles_on(b, split, i, problem_core(split, layer->option[o].place, i)));
    }
}

/* ---- one core ---- */

typedef struct {
    double head, cycles, tail;
} Job;

static int by_head(const void *a, const void *b)
{
    const Job *one = a, *other = b;
    return one->head > other->head ? -1 : one->head < other->head;
}

static int by_tail(const void *a, const void *b)
{
    const Job *one = a, *other = b;
    return one->tail > other->tail ? -1 : one->tail < other->tail;
}

/* Jobs one after the other, so many times: of those with no less than some tail, and of those with
 * no less than some head. */
static double one_machine(Job *job, int n, double images)
{
    double most = 0, sum = 0, least = INFINITY;
    qsort(job, (size_t) n, sizeof *job, by_tail);
    for (int i = 0; i < n; i++) {
        sum += job[i].cycles * images;
        least = fmin(least, job[i].head);
        most = fmax(most, least + sum + job[i].tail);
    }
    qsort(job, (size_t) n, sizeof *job, by_head);
    sum = 0;
    least = INFINITY;
    for (int i = 0; i < n; i++) {
        sum += job[i].cycles * images;
        least = fmin(least, job[i].tail);
        most = fmax(most, job[i].head + sum + least);
    }
    return most;
}

/* ---- heads and tails ---- */

/* What passes before (or after) a box because of others of one layer, `key` theirs: if one core has
 * all of them, they come one after the other. */
static double chain(const int *other, int n, const double *cycles, const double *key, bool one)
{
    Job job[SORTED_MOST];
    double most = 0, sum = 0, least = INFINITY;
    for (int i = 0; i < n; i++) {
        most = fmax(most, key[other[i]] + cycles[other[i]]);
        least = fmin(least, key[other[i]]);
        sum += cycles[other[i]];
    }
    if (!one || n < 2)
        return most;
    most = fmax(most, least + sum);
    if (n > SORTED_MOST)
        return most;
    for (int i = 0; i < n; i++)
        job[i] = (Job){key[other[i]], cycles[other[i]], 0};
    return fmax(most, one_machine(job, n, 1));
}

/* Over one edge, the least over the splits of its other end. */
static double over_edge(const Bounding *b, int edge, bool heads, int split, int box)
{
    const Edge *e = &b->problem->edge[edge];
    int l = heads ? e->producer : e->consumer, from, to;
    double least = INFINITY;
    splits_of(b, l, &from, &to);
    for (int s = from; s < to; s++) {
        const EdgeMeets *both = heads ? bounds_meets(b->bounds, edge, s, split)
                                      : bounds_meets(b->bounds, edge, split, s);
        const Meets *meets = heads ? &both->makers : &both->readers;
        int at = first_box(b, l, s), begin = meets->begin[box];
        least = fmin(least,
                     chain(meets->other + begin, meets->begin[box + 1] - begin, b->cycles + at,
                           (heads ? b->head : b->tail) + at, !b->problem->layer[l].split[s].dealt));
    }
    return least;
}

static void fill_ends(Bounding *b, int l, bool heads)
{
    const Problem *problem = b->problem;
    const BoundsLayer *layer = &b->bounds->layer[l];
    const double *bits = heads ? layer->given : layer->left;
    double *key = heads ? b->head : b->tail;
    int from, to;
    splits_of(b, l, &from, &to);
    for (int s = from; s < to; s++)
        for (int i = 0; i < problem->layer[l].split[s].n_boxes; i++) {
            double most = bits[layer->first[s] + i] * layer->bit_cycles;
            for (int e = 0; e < problem->n_edges; e++)
                if ((heads ? problem->edge[e].consumer : problem->edge[e].producer) == l)
                    most = fmax(most, over_edge(b, e, heads, s, i));
            key[first_box(b, l, s) + i] = most;
        }
}

/* ---- layers and cores ---- */

/* Adds the boxes of an option that are on a core. */
static void add_jobs(const Bounding *b, int l, int option, int core, GArray *jobs)
{
    const ProblemLayer *layer = &b->problem->layer[l];
    ProblemOption at = layer->option[option];
    const ProblemSplit *split = &layer->split[at.split];
    int first = first_box(b, l, at.split);
    for (int i = 0; i < split->n_boxes; i++)
        if (problem_core(split, at.place, i) == core) {
            Job job = {b->head[first + i], cycles_on(b, split, i, core), b->tail[first + i]};
            g_array_append_val(jobs, job);
        }
}

static double run_jobs(const Bounding *b, GArray *jobs)
{
    double most =
        one_machine((Job *) (gpointer) jobs->data, (int) jobs->len, (double) b->problem->images);
    g_array_set_size(jobs, 0);
    return most;
}

/* The i-th core that an option's boxes are on. */
static int core_of(const ProblemSplit *split, ProblemOption option, int i)
{
    return split->core[split->dealt ? i : option.place];
}

static double layer_bound(const Bounding *b, int l, GArray *jobs)
{
    const ProblemLayer *layer = &b->problem->layer[l];
    double least = INFINITY;
    int from, to;
    options_of(b, l, &from, &to);
    for (int o = from; o < to; o++) {
        const ProblemSplit *split = &layer->split[layer->option[o].split];
        double most = 0;
        for (int i = 0; i < problem_cores(split); i++) {
            add_jobs(b, l, o, core_of(split, layer->option[o], i), jobs);
            most = fmax(most, run_jobs(b, jobs));
        }
        least = fmin(least, most);
    }
    return least;
}

/* All nodes of each core, of a choice that is fixed. */
static double core_bound(const Bounding *b, GArray *jobs)
{
    double most = 0;
    for (int l = 0; l < b->problem->fleet->n_layers; l++)
        if (fixed_of(b, l) < 0)
            return 0;
    for (int k = 0; k < b->problem->system.n_cores; k++) {
        for (int l = 0; l < b->problem->fleet->n_layers; l++)
            add_jobs(b, l, b->fixed[l], k, jobs);
        most = fmax(most, run_jobs(b, jobs));
    }
    return most;
}

/* ---- sets of cores ---- */

/* A layer as a whole: the least of its options, and of its boxes. */
typedef struct {
    uint64_t set; /* of its candidates, as bits of up to 64 cores; else all */
    int spread;   /* cores that it may run on at once */
    double head, cycles, tail;
} Whole;

static Whole whole_layer(const Bounding *b, int l)
{
    const ProblemLayer *layer = &b->problem->layer[l];
    Whole whole = {0, 1, INFINITY, INFINITY, INFINITY};
    int from, to;
    options_of(b, l, &from, &to);
    for (int o = from; o < to; o++) {
        ProblemOption option = layer->option[o];
        const ProblemSplit *split = &layer->split[option.split];
        double sum = 0;
        for (int i = 0; i < split->n_boxes; i++) {
            int at = first_box(b, l, option.split) + i;
            sum += cycles_on(b, split, i, problem_core(split, option.place, i));
            whole.head = fmin(whole.head, b->head[at]);
            whole.tail = fmin(whole.tail, b->tail[at]);
        }
        whole.cycles = fmin(whole.cycles, sum * (double) b->problem->images);
        whole.spread = MAX(whole.spread, problem_cores(split));
        for (int i = 0; i < problem_cores(split); i++)
            whole.set |= (uint64_t) 1 << (core_of(split, option, i) & 63);
    }
    if (b->problem->system.n_cores > 64)
        whole.set = ~(uint64_t) 0;
    return whole;
}

static int compare_reals(const void *a, const void *b)
{
    double one = *(const double *) a, other = *(const double *) b;
    return one < other ? -1 : one > other;
}

/* Layers on at most so many cores: with m of them in use, each idles before its first node and
 * behind its last one. */
static double spread_over(const Whole *const *layer, int n, int cores)
{
    double sum = 0, idle = 0, least = INFINITY;
    int ends = 0, used = 0;
    for (int i = 0; i < n; i++) {
        used += layer[i]->spread;
        sum += layer[i]->cycles;
    }
    g_autofree double *head = g_new(double, 2 * used + 1);
    double *tail = head + used;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < layer[i]->spread; k++, ends++) {
            head[ends] = layer[i]->head;
            tail[ends] = layer[i]->tail;
        }
    qsort(head, (size_t) used, sizeof *head, compare_reals);
    qsort(tail, (size_t) used, sizeof *tail, compare_reals);
    for (int m = 1; m <= MIN(cores, used); m++) {
        idle += head[m - 1] + tail[m - 1];
        least = fmin(least, (sum + idle) / m);
    }
    return n > 0 ? least : 0;
}

/* Of the layers within a set those with no less than each of the heads, or tails, that there are.
 */
static double bound_set(const Bounding *b, const Whole *whole, uint64_t set, const Whole **within)
{
    int n = b->problem->fleet->n_layers, cores = b->problem->system.n_cores;
    double most = 0;
    if (cores <= 64 && __builtin_popcountll(set) < cores)
        cores = __builtin_popcountll(set);
    for (int of = 0; of < 2 * n; of++) {
        bool heads = of < n;
        double threshold = heads ? whole[of].head : whole[of - n].tail;
        int some = 0;
        for (int l = 0; l < n; l++)
            if ((whole[l].set & ~set) == 0 && (heads ? whole[l].head : whole[l].tail) >= threshold)
                within[some++] = &whole[l];
        most = fmax(most, spread_over(within, some, cores));
    }
    return most;
}

static double most_work(const Bounding *b)
{
    int n = b->problem->fleet->n_layers;
    double most = 0;
    g_autofree Whole *whole = g_new(Whole, n + 1);
    g_autofree const Whole **within = g_new(const Whole *, n + 1);
    for (int l = 0; l < n; l++)
        whole[l] = whole_layer(b, l);
    for (int of = -1; of < n; of++) {
        uint64_t set = of >= 0 ? whole[of].set : ~(uint64_t) 0;
        bool known = false;
        for (int before = 0; before < of && !known; before++)
            known = whole[before].set == set;
        most = fmax(most, known ? 0 : bound_set(b, whole, set, within));
    }
    return most;
}

/* ---- the port, and energy ---- */

static double port_bound(const Bounding *b)
{
    double read = 0, written = 0, before = INFINITY, behind = INFINITY;
    for (int l = 0; l < b->problem->fleet->n_layers; l++) {
        const BoundsLayer *layer = &b->bounds->layer[l];
        int from, to;
        read += layer->read * layer->bit_cycles;
        written += layer->written * layer->bit_cycles;
        splits_of(b, l, &from, &to);
        for (int s = from; s < to; s++)
            for (int i = 0; i < b->problem->layer[l].split[s].n_boxes; i++) {
                int at = first_box(b, l, s) + i;
                if (layer->given[layer->first[s] + i] > 0)
                    behind = fmin(behind, b->cycles[at] + b->tail[at]);
                if (layer->left[layer->first[s] + i] > 0)
                    before = fmin(before, b->head[at] + b->cycles[at]);
            }
    }
    double most = read + written;
    if (isfinite(behind))
        most = fmax(most, read + behind);
    if (isfinite(before))
        most = fmax(most, before + written);
    return most;
}

static double least_pj(const Bounding *b, int l)
{
    const ProblemLayer *layer = &b->problem->layer[l];
    double least = INFINITY;
    int from, to;
    options_of(b, l, &from, &to);
    for (int o = from; o < to; o++) {
        const ProblemSplit *split = &layer->split[layer->option[o].split];
        double sum = 0;
        for (int i = 0; i < split->n_boxes; i++)
            sum +=
                problem_cost(b->problem, split, i, problem_core(split, layer->option[o].place, i))
                    ->pj;
        least = fmin(least, sum);
    }
    return least * (double) b->problem->images + b->bounds->layer[l].words;
}

/* ---- all of it ---- */

static void bound_layers(Bounding *b, ChooseBounds *found)
{
    int n = b->problem->fleet->n_layers;
    g_autoptr(GArray) jobs = g_array_new(FALSE, FALSE, sizeof(Job));
    for (int l = 0; l < n; l++) {
        int from, to;
        double least = INFINITY;
        found->layer = fmax(found->layer, layer_bound(b, l, jobs));
        found->pj += least_pj(b, l);
        splits_of(b, l, &from, &to);
        for (int s = from; s < to; s++) {
            double most = 0;
            for (int i = 0; i < b->problem->layer[l].split[s].n_boxes; i++) {
                int at = first_box(b, l, s) + i;
                most = fmax(most, b->head[at] + b->cycles[at] + b->tail[at]);
            }
            least = fmin(least, most);
        }
        found->path = fmax(found->path, least);
    }
    found->core = core_bound(b, jobs);
}

void bounds_fill(const Bounds *bounds, const int *fixed, ChooseBounds *found)
{
    int n = bounds->problem->fleet->n_layers, boxes = 0;
    gsize size = (gsize) bounds->boxes + 1;
    g_autofree int *begin = g_new(int, n + 1);
    g_autofree double *cycles = g_new(double, 3 * size);
    Bounding b = {bounds, bounds->problem, fixed, cycles, cycles + size, cycles + 2 * size, begin};
    *found = (ChooseBounds){0};
    for (int l = 0; l < n; l++) {
        const ProblemLayer *layer = &bounds->problem->layer[l];
        begin[l] = boxes;
        boxes +=
            bounds->layer[l].first[layer->n_splits - 1] + layer->split[layer->n_splits - 1].n_boxes;
        fill_cycles(&b, l);
    }
    for (int i = 0; i < n; i++)
        fill_ends(&b, bounds->problem->layer_order[i], true);
    for (int i = n - 1; i >= 0; i--)
        fill_ends(&b, bounds->problem->layer_order[i], false);
    bound_layers(&b, found);
    found->work = most_work(&b);
    found->offchip = port_bound(&b);
    found->cycles =
        fmax(fmax(fmax(found->work, found->layer), fmax(found->path, found->core)), found->offchip);
    /* a hair below: sums of the same numbers in another order may differ by that */
    found->cycles = ceil(found->cycles * (1 - 1e-12));
    found->pj *= 1 - 1e-9;
}

double bounds_value(ChooseObjective objective, const ChooseBounds *found)
{
    return objective == CHOOSE_LATENCY  ? found->cycles
           : objective == CHOOSE_ENERGY ? found->pj
                                        : found->cycles * found->pj;
}
