#include "sched/bounds.h"

#include <math.h>

/* Candidates of a node: all of its layer's, the one that is fixed, or the one it is dealt to (by
 * which any of them is a bound). */
static void least_of(const Problem *problem, int node, const int *fixed, double *cycles, double *pj)
{
    int l = problem->graph->node[node].layer;
    const ProblemLayer *layer = &problem->layer[l];
    bool one = fixed != NULL && fixed[l] >= 0 && !layer->dealt;
    *cycles = *pj = INFINITY;
    for (int i = one ? fixed[l] : 0; i < (one ? fixed[l] + 1 : layer->n); i++) {
        const NodeCost *cost = problem_cost(problem, node, layer->core[i]);
        *cycles = fmin(*cycles, (double) cost->cycles);
        *pj = fmin(*pj, cost->pj);
    }
}

/* Bits that come from off-chip memory once, at the width of the core that takes them narrowest, and
 * that go there once. */
static void compulsory(const Problem *problem, double *read, double *written, double *words_pj)
{
    const Graph *graph = problem->graph;
    const PlanSystem *system = &problem->system;
    *read = *written = *words_pj = 0;
    for (int p = 0; p < graph->plan.n_pieces; p++) {
        const PlanPiece *piece = &graph->plan.piece[p];
        const ProblemLayer *layer = &problem->layer[graph->piece[p].layer];
        int64_t least = INT64_MAX;
        for (int i = 0; i < layer->n; i++)
            least = MIN(least, problem->bits[piece->width * system->n_cores + layer->core[i]]);
        double bits = (double) piece->elements * (double) least;
        double words = ceil(bits / (double) system->word_bits);
        if (piece->maker < 0 && piece->n_readers > 0) {
            *read += bits;
            *words_pj += words * system->read_pj;
        } else if (piece->leaves) {
            *written += bits;
            *words_pj += words * system->write_pj;
        }
    }
}

/* Longest paths of the least cycles to each node and from it, without itself. */
static void fill_paths(const Problem *problem, const double *cycles, double *head, double *tail)
{
    const PlanGraph *graph = &problem->graph->plan;
    for (int n = 0; n < graph->n_nodes; n++)
        for (int i = 0; i < graph->node[n].n_needs; i++) {
            int maker = graph->piece[graph->node[n].needs[i]].maker;
            head[n] = maker >= 0 ? fmax(head[n], head[maker] + cycles[maker]) : head[n];
        }
    for (int n = graph->n_nodes - 1; n >= 0; n--)
        for (int i = 0; i < graph->node[n].n_needs; i++) {
            int maker = graph->piece[graph->node[n].needs[i]].maker;
            if (maker >= 0)
                tail[maker] = fmax(tail[maker], tail[n] + cycles[n]);
        }
}

/* The nodes of a layer that is not dealt run one after the other, on one of its candidates. */
static double layer_cycles(const Problem *problem, int l, const int *fixed)
{
    const ProblemLayer *layer = &problem->layer[l];
    bool one = fixed != NULL && fixed[l] >= 0;
    double least = layer->dealt ? 0 : INFINITY;
    for (int i = one ? fixed[l] : 0; i < (one ? fixed[l] + 1 : layer->n) && !layer->dealt; i++) {
        double sum = 0;
        for (int n = problem->first[l]; n < problem->first[l] + problem->count[l]; n++)
            sum += (double) problem_cost(problem, n, layer->core[i])->cycles;
        least = fmin(least, sum * problem->images);
    }
    return least;
}

/* The longest of: the least path to a node of the layer, all of its nodes, the least path behind.
 */
static double longest(const Problem *problem, const double *cycles, const int *fixed,
                      ChooseBounds *bounds)
{
    int nodes = problem->graph->plan.n_nodes;
    g_autofree double *head = g_new0(double, nodes + 1);
    g_autofree double *tail = g_new0(double, nodes + 1);
    double most = 0;
    fill_paths(problem, cycles, head, tail);
    bounds->path = 0;
    for (int n = 0; n < nodes; n++)
        bounds->path = fmax(bounds->path, head[n] + cycles[n] + tail[n]);
    for (int l = 0; l < problem->fleet->n_layers; l++) {
        double before = INFINITY, behind = INFINITY;
        for (int n = problem->first[l]; n < nodes; n += nodes / problem->images)
            for (int i = n; i < n + problem->count[l]; i++) {
                before = fmin(before, head[i]);
                behind = fmin(behind, tail[i]);
            }
        most = fmax(most, before + layer_cycles(problem, l, fixed) + behind);
    }
    return most;
}

/* The set of a layer's candidates, as bits of up to 64 cores, or all. */
static uint64_t cores_of(const Problem *problem, int l, const int *fixed)
{
    const ProblemLayer *layer = &problem->layer[l];
    uint64_t set = 0;
    if (problem->system.n_cores > 64)
        return ~(uint64_t) 0;
    for (int i = 0; i < layer->n; i++)
        if (layer->dealt || fixed == NULL || fixed[l] < 0 || fixed[l] == i)
            set |= (uint64_t) 1 << layer->core[i];
    return set;
}

/* For each set of candidates of some layer, and for all cores, the layers that lie within it. */
static double most_work(const Problem *problem, const double *work, const int *fixed)
{
    int n = problem->fleet->n_layers;
    double most = 0;
    for (int of = -1; of < n; of++) {
        uint64_t set = of >= 0 ? cores_of(problem, of, fixed) : ~(uint64_t) 0;
        double sum = 0;
        int cores = of >= 0 && problem->system.n_cores <= 64 ? __builtin_popcountll(set)
                                                             : problem->system.n_cores;
        for (int l = 0; l < n; l++)
            if ((cores_of(problem, l, fixed) & ~set) == 0)
                sum += work[l];
        most = fmax(most, sum / cores);
    }
    return most;
}

void bounds_fill(const Problem *problem, const int *fixed, ChooseBounds *bounds)
{
    int nodes = problem->graph->plan.n_nodes;
    g_autofree double *cycles = g_new(double, nodes + 1);
    g_autofree double *work = g_new0(double, problem->fleet->n_layers + 1);
    double read, written, words_pj, node_pj = 0;
    for (int n = 0; n < nodes; n++) {
        double pj;
        least_of(problem, n, fixed, &cycles[n], &pj);
        work[problem->graph->node[n].layer] += cycles[n];
        node_pj += pj;
    }
    compulsory(problem, &read, &written, &words_pj);
    const Rational *rate = &problem->system.link[problem->system.n_links - 1].bits_per_cycle;
    bounds->work = most_work(problem, work, fixed);
    bounds->layer = longest(problem, cycles, fixed, bounds);
    bounds->offchip = (read + written) / rational_real(*rate);
    bounds->cycles = fmax(fmax(bounds->work, bounds->layer), fmax(bounds->path, bounds->offchip));
    /* a hair below: sums of the same numbers in another order may differ by that */
    bounds->cycles = ceil(bounds->cycles * (1 - 1e-12));
    bounds->pj = (node_pj + words_pj) * (1 - 1e-9);
}

double bounds_value(ChooseObjective objective, const ChooseBounds *bounds)
{
    return objective == CHOOSE_LATENCY  ? bounds->cycles
           : objective == CHOOSE_ENERGY ? bounds->pj
                                        : bounds->cycles * bounds->pj;
}
