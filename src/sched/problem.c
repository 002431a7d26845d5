/* Fleet to problem: the graph with its cuts, widths of elements, candidates. */
#include "sched/problem.h"

#include <string.h>

#include "sched/problem_parts.h"

#define I64 "%" G_GINT64_FORMAT

/* ---- the graph ---- */

static const Share *share_of(const Fleet *fleet, int layer)
{
    return &g_array_index(fleet->shares, Share, (guint) layer);
}

/* Padding, spread and extents of an input's coordinates, which are known by derived dims. */
static void fill_coords(const LayerInfo *info, int tensor, GraphLayer *layer)
{
    for (int c = 0; c < info->layer.op.tensor[tensor].n_coords; c++) {
        int i = info->info->coord_derived[tensor][c];
        layer->spread[tensor][c] = 1;
        if (i < 0)
            continue;
        const Derived *derived = &info->info->derived[i];
        layer->before[tensor][c] = info->padding[i];
        layer->given[tensor][c] = info->given_derived[i];
        if (!derived->upscaled)
            continue;
        int64_t window = (info->layer.extent[derived->window] - 1) * info->dilation[i] + 1;
        layer->before[tensor][c] = window - 1 - info->padding[i];
        layer->spread[tensor][c] = info->stride[i];
    }
}

static void fill_layers(Problem *problem)
{
    const Fleet *fleet = problem->fleet;
    problem->graph_layer = g_new0(GraphLayer, fleet->n_layers + 1);
    for (int l = 0; l < fleet->n_layers; l++) {
        GraphLayer *layer = &problem->graph_layer[l];
        const GArray *cuts = share_of(fleet, l)->cuts;
        layer->layer = &fleet->layer[l].layer;
        for (int t = 0; t < layer->layer->op.n_tensors; t++)
            fill_coords(&fleet->layer[l], t, layer);
        for (guint i = 0; cuts != NULL && i < cuts->len; i++) {
            ShareCut cut = g_array_index(cuts, ShareCut, i);
            layer->cut[layer->n_cuts++] = (GraphCut){cut.dim, cut.parts};
        }
    }
}

static void report_mismatch(const Problem *problem, const GraphFault *fault, Diag *diag)
{
    const Fleet *fleet = problem->fleet;
    const EdgeInfo *edge = &g_array_index(fleet->edges->list, EdgeInfo, (guint) fault->edge);
    const LayerInfo *reader = &fleet->layer[edge->edge.consumer],
                    *maker = &fleet->layer[edge->edge.producer];
    g_autofree char *wants = fault->least == fault->most
                                 ? g_strdup_printf(I64, fault->least)
                                 : g_strdup_printf(I64 " to " I64, fault->least, fault->most);
    diag_report(diag, CHECK_SHAPES, edge->span,
                "layer '%s' reads %s %s for %s, and '%s' gives " I64, reader->layer.name, wants,
                fault->what, reader->layer.op.tensor[edge->edge.tensor].name, maker->layer.name,
                fault->has);
    diag_note(diag, maker->span, "'%s' is this layer", maker->layer.name);
    if (fleet->edges->chain)
        diag_note(diag, SPAN_NONE, "without any From each layer reads the one before");
}

static void report_fault(const Problem *problem, const GraphFault *fault, Diag *diag)
{
    if (fault->status == GRAPH_MISMATCH) {
        report_mismatch(problem, fault, diag);
        return;
    }
    const LayerInfo *info = &problem->fleet->layer[fault->layer];
    if (fault->status == GRAPH_TOO_MANY)
        diag_report(diag, CHECK_LIMIT, info->span,
                    "with layer '%s' there are more than %d nodes, or %d pieces of tensors",
                    info->layer.name, GRAPH_NODES_MAX, GRAPH_PIECES_MAX);
    else if (fault->status == GRAPH_RAGGED)
        diag_report(diag, CHECK_LIMIT, info->span,
                    "what layer '%s' reads falls into too many pieces: a long strided or dilated "
                    "window",
                    info->layer.name);
    else
        diag_report(diag, CHECK_OVERFLOW, info->span,
                    "the elements of a tensor of layer '%s' do not fit 63 bits", info->layer.name);
}

static bool make_graph(Problem *problem, Diag *diag)
{
    const Edges *edges = problem->fleet->edges;
    GraphFault fault;
    g_autofree Edge *edge = g_new(Edge, edges->list->len + 1);
    for (guint i = 0; i < edges->list->len; i++)
        edge[i] = g_array_index(edges->list, EdgeInfo, i).edge;
    GraphRequest request = {problem->graph_layer, problem->fleet->n_layers, edge,
                            (int) edges->list->len, problem->images};
    problem->graph = graph_new(&request, &fault);
    if (problem->graph == NULL)
        report_fault(problem, &fault, diag);
    return problem->graph != NULL;
}

/* ---- widths ---- */

static void fill_bits(Problem *problem)
{
    const Fleet *fleet = problem->fleet;
    int n = problem->system.n_cores;
    problem->bits = g_new(int64_t, (gsize) (fleet->n_layers * TENSORS_MAX * n) + 1);
    for (int l = 0; l < fleet->n_layers; l++)
        for (int k = 0; k < n; k++) {
            Machine machine;
            bool read = costs_machine(fleet, fleet->kind[k], l, &machine);
            const Operator *op = &fleet->layer[l].layer.op;
            for (int t = 0; t < TENSORS_MAX; t++) {
                bool has = read && t < op->n_tensors;
                int64_t bits = !has ? 8 : t == op->output ? machine.done_bits : machine.bits[t];
                problem->bits[(l * TENSORS_MAX + t) * n + k] = MAX(bits, 1);
            }
        }
}

/* ---- candidates ---- */

bool problem_may_run(const Problem *problem, int layer, int kind)
{
    const Fleet *fleet = problem->fleet;
    const GArray *cores = share_of(fleet, layer)->cores;
    for (guint i = 0; cores != NULL && i < cores->len; i++)
        if (fleet->kind[g_array_index(cores, int, i)] == kind)
            return true;
    return cores == NULL;
}

const NodeCost *problem_cost(const Problem *problem, int node, int core)
{
    int first = node % (problem->graph->plan.n_nodes / problem->images);
    return &problem->cost[problem->shape[first] * problem->n_kinds + problem->fleet->kind[core]];
}

/* The first of the layer's nodes that the core cannot run; NULL if it can run all. */
static const char *why_not(const Problem *problem, int layer, int core)
{
    for (int n = problem->first[layer]; n < problem->first[layer] + problem->count[layer]; n++)
        if (problem_cost(problem, n, core)->why != NULL)
            return problem_cost(problem, n, core)->why;
    return NULL;
}

/* A cut of a dim that weights have: the channels. */
static void find_dealt(const Problem *problem, int l, ProblemLayer *layer)
{
    const GraphLayer *graph = &problem->graph_layer[l];
    const Operator *op = &graph->layer->op;
    layer->cuts = 1;
    for (int c = graph->n_cuts - 1; c >= 0 && !layer->dealt; c--) {
        int64_t size = (graph->layer->extent[graph->cut[c].dim] + graph->cut[c].parts - 1) /
                       graph->cut[c].parts;
        int parts = (int) ((graph->layer->extent[graph->cut[c].dim] + size - 1) / size);
        for (int t = 0; t < op->n_tensors && !layer->dealt; t++)
            for (int i = 0; i < op->tensor[t].n_coords && op->tensor[t].role == ROLE_WEIGHT; i++)
                layer->dealt |= op->tensor[t].coord[i].dim[0] == graph->cut[c].dim;
        if (layer->dealt)
            layer->cut = parts;
        else
            layer->cuts *= parts;
    }
}

static bool find_candidates(Problem *problem, int l, Diag *diag)
{
    const Fleet *fleet = problem->fleet;
    const GArray *cores = share_of(fleet, l)->cores;
    ProblemLayer *layer = &problem->layer[l];
    const char *why = NULL;
    int first = 0, n = cores != NULL ? (int) cores->len : problem->system.n_cores;
    layer->core = g_new(int, n + 1);
    for (int i = 0; i < n; i++) {
        int core = cores != NULL ? g_array_index(cores, int, (guint) i) : i;
        const char *reason = why_not(problem, l, core);
        if (reason == NULL) {
            layer->core[layer->n++] = core;
        } else if (why == NULL) {
            why = reason;
            first = core;
        }
    }
    find_dealt(problem, l, layer);
    if (layer->n > 0)
        return true;
    diag_report(diag, CHECK_ALLOCATION, fleet->layer[l].span,
                "no core that layer '%s' is allocated to can run it; %s: %s",
                fleet->layer[l].layer.name, fleet_core(fleet, first)->name,
                why != NULL ? why : "there is none");
    if (cores != NULL)
        diag_note(diag, share_of(fleet, l)->span, "it is allocated here");
    return false;
}

/* ---- all of it ---- */

static bool energies_known(const Problem *problem)
{
    for (int n = 0; n < problem->graph->plan.n_nodes / problem->images; n++) {
        const ProblemLayer *layer = &problem->layer[problem->graph->node[n].layer];
        for (int i = 0; i < layer->n; i++)
            if (problem_cost(problem, n, layer->core[i])->unknown)
                return false;
    }
    return true;
}

Problem *problem_new(const Fleet *fleet, const ProblemOptions *options, Diag *diag)
{
    g_autoptr(Problem) problem = g_new0(Problem, 1);
    bool well = true;
    problem->fleet = fleet;
    problem->images = options->images;
    problem->layer = g_new0(ProblemLayer, fleet->n_layers + 1);
    problem->first = g_new0(int, fleet->n_layers + 1);
    problem->count = g_new0(int, fleet->n_layers + 1);
    fill_layers(problem);
    if (!make_graph(problem, diag) || !problem_system(problem, diag))
        return NULL;
    for (int i = 0; i < fleet->n_layers; i++) {
        int l = problem->graph->layer_order[i];
        problem->first[l] = problem->graph->first[i];
        problem->count[l] = problem->graph->first[i + 1] - problem->graph->first[i];
    }
    fill_bits(problem);
    costs_fill(problem, options);
    for (int l = 0; l < fleet->n_layers; l++)
        well &= find_candidates(problem, l, diag);
    if (!well)
        return NULL;
    problem->energy = energies_known(problem);
    return g_steal_pointer(&problem);
}

void problem_free(Problem *problem)
{
    if (problem == NULL)
        return;
    for (int l = 0; l < problem->fleet->n_layers; l++)
        g_free(problem->layer[l].core);
    g_free(problem->layer);
    g_free(problem->first);
    g_free(problem->count);
    g_free(problem->graph_layer);
    g_free(problem->shape);
    g_free(problem->cost);
    g_free(problem->bits);
    problem_system_free(problem);
    graph_free(problem->graph);
    g_free(problem);
}

void problem_misfit(const Problem *problem, const PlanMisfit *misfit, Diag *diag)
{
    const Fleet *fleet = problem->fleet;
    const GraphNode *node = &problem->graph->node[misfit->node];
    const LayerInfo *info = &fleet->layer[node->layer];
    int at = misfit->core * PLAN_MEMORIES_MAX + misfit->memory;
    int64_t capacity = problem->system.core[misfit->core].capacity_bits[misfit->memory];
    diag_report(diag, CHECK_ALLOCATION, info->span,
                "node %d of layer '%s' needs " I64 " bytes of %s of core '%s', which has " I64,
                misfit->node % (problem->graph->plan.n_nodes / problem->images) -
                    problem->first[node->layer],
                info->layer.name, misfit->need_bits / 8 + (misfit->need_bits % 8 > 0),
                problem->memory_name[at], fleet_core(fleet, misfit->core)->name, capacity / 8);
    diag_note(diag, SPAN_NONE,
              "cut the layer into smaller parts, with Split, or allocate another core");
}

/* ---- plans ---- */

void problem_plan_begin(const Problem *problem, ProblemPlan *plan)
{
    gsize n = (gsize) problem->graph->plan.n_nodes + 1;
    *plan = (ProblemPlan){g_new(int, n), g_new(int, n), g_new(int64_t, n), g_new(double, n), {0}};
    plan->plan = (Plan){&problem->graph->plan, &problem->system, plan->core,   plan->order,
                        plan->cycles,          plan->pj,         problem->bits};
}

void problem_plan_end(ProblemPlan *plan)
{
    g_free(plan->core);
    g_free(plan->order);
    g_free(plan->cycles);
    g_free(plan->pj);
}

void problem_plan(const Problem *problem, const int *choice, PlanPriority priority,
                  ProblemPlan *plan)
{
    const Graph *graph = problem->graph;
    int box = 0;
    for (int n = 0; n < graph->plan.n_nodes; n++) {
        const GraphNode *node = &graph->node[n];
        const ProblemLayer *layer = &problem->layer[node->layer];
        bool begins = n == 0 || graph->node[n - 1].layer != node->layer ||
                      graph->node[n - 1].image != node->image;
        box = begins ? 0 : box + 1;
        int at = layer->dealt ? box / layer->cuts % layer->cut % layer->n : choice[node->layer];
        plan->core[n] = layer->core[at];
        const NodeCost *cost = problem_cost(problem, n, plan->core[n]);
        plan->cycles[n] = cost->cycles;
        plan->pj[n] = cost->pj;
    }
    plan_order(&graph->plan, priority, plan->cycles, graph->depth, graph->image, plan->order);
}
