/* Fleet to problem: layers with their splits, widths of elements, candidates. */
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

static int find_parts(const GraphLayer *layer, int cut)
{
    GraphLayer one = {.layer = layer->layer, .n_cuts = 1, .cut = {layer->cut[cut]}};
    return graph_boxes(&one);
}

/* A cut of a dim that weights have: the channels. */
static void find_dealt(const GraphLayer *graph, ProblemSplit *split)
{
    const Operator *op = &graph->layer->op;
    split->step = 1;
    for (int c = graph->n_cuts - 1; c >= 0 && !split->dealt; c--) {
        int parts = find_parts(graph, c);
        for (int t = 0; t < op->n_tensors && !split->dealt; t++)
            for (int i = 0; i < op->tensor[t].n_coords && op->tensor[t].role == ROLE_WEIGHT; i++)
                split->dealt |= op->tensor[t].coord[i].dim[0] == graph->cut[c].dim;
        if (split->dealt)
            split->parts = parts;
        else
            split->step *= parts;
    }
}

GraphLayer problem_cut(const Problem *problem, int layer, const ProblemSplit *split)
{
    GraphLayer cut = problem->graph_layer[layer];
    cut.n_cuts = split->n_cuts;
    memcpy(cut.cut, split->cut, sizeof cut.cut);
    return cut;
}

static void fill_splits(Problem *problem, int l)
{
    const GPtrArray *splits = share_of(problem->fleet, l)->splits;
    ProblemLayer *layer = &problem->layer[l];
    layer->n_splits = splits != NULL ? (int) splits->len : 1;
    layer->split = g_new0(ProblemSplit, layer->n_splits);
    for (int s = 0; s < layer->n_splits; s++) {
        ProblemSplit *split = &layer->split[s];
        const GArray *cuts = splits != NULL ? splits->pdata[s] : NULL;
        for (guint i = 0; cuts != NULL && i < cuts->len; i++) {
            ShareCut cut = g_array_index(cuts, ShareCut, i);
            split->cut[split->n_cuts++] = (GraphCut){cut.dim, cut.parts};
        }
        GraphLayer cut = problem_cut(problem, l, split);
        split->n_boxes = graph_boxes(&cut);
        find_dealt(&cut, split);
    }
}

static void fill_layers(Problem *problem)
{
    const Fleet *fleet = problem->fleet;
    problem->graph_layer = g_new0(GraphLayer, fleet->n_layers + 1);
    problem->layer = g_new0(ProblemLayer, fleet->n_layers + 1);
    for (int l = 0; l < fleet->n_layers; l++) {
        GraphLayer *layer = &problem->graph_layer[l];
        layer->layer = &fleet->layer[l].layer;
        for (int t = 0; t < layer->layer->op.n_tensors; t++)
            fill_coords(&fleet->layer[l], t, layer);
        fill_splits(problem, l);
        *layer = problem_cut(problem, l, &problem->layer[l].split[0]);
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

void problem_fault(const Problem *problem, const GraphFault *fault, Diag *diag)
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

static void fill_edges(Problem *problem)
{
    const GArray *edges = problem->fleet->edges->list;
    problem->edge = g_new(Edge, edges->len + 1);
    problem->n_edges = (int) edges->len;
    for (guint i = 0; i < edges->len; i++)
        problem->edge[i] = g_array_index(edges, EdgeInfo, i).edge;
}

Graph *problem_graph(const Problem *problem, const GraphLayer *layers, GraphMemo *memo,
                     GraphFault *fault)
{
    GraphRequest request = {layers,           problem->fleet->n_layers, problem->edge,
                            problem->n_edges, problem->images,          memo};
    return graph_new(&request, fault);
}

/* Shapes along edges are wrong whatever the splits are; the first splits are tried, and those that
 * are too many alone. */
static bool check_graph(Problem *problem, Diag *diag)
{
    GraphFault fault = {.status = GRAPH_TOO_MANY, .edge = -1};
    for (int l = 0; l < problem->fleet->n_layers; l++)
        for (int s = 0; s < problem->layer[l].n_splits; s++)
            if (problem->layer[l].split[s].n_boxes > GRAPH_NODES_MAX) {
                fault.layer = l;
                problem_fault(problem, &fault, diag);
                return false;
            }
    g_autoptr(Graph) graph = problem_graph(problem, problem->graph_layer, NULL, &fault);
    if (graph == NULL)
        problem_fault(problem, &fault, diag);
    else
        problem->layer_order = g_steal_pointer(&graph->layer_order);
    return graph != NULL;
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

const NodeCost *problem_cost(const Problem *problem, const ProblemSplit *split, int box, int core)
{
    return &problem->cost[split->shape[box] * problem->n_kinds + problem->fleet->kind[core]];
}

/* The first of the boxes that the core cannot run; NULL if it can run all. */
static const char *why_not(const Problem *problem, const ProblemSplit *split, int core)
{
    for (int b = 0; b < split->n_boxes; b++)
        if (problem_cost(problem, split, b, core)->why != NULL)
            return problem_cost(problem, split, b, core)->why;
    return NULL;
}

/* Why a core cannot run a layer, the first that cannot. */
typedef struct {
    const char *why;
    int core;
} Refusal;

static void find_cores(const Problem *problem, int l, ProblemSplit *split, Refusal *refusal)
{
    const GArray *cores = share_of(problem->fleet, l)->cores;
    int n = cores != NULL ? (int) cores->len : problem->system.n_cores;
    split->core = g_new(int, n + 1);
    for (int i = 0; i < n; i++) {
        int core = cores != NULL ? g_array_index(cores, int, (guint) i) : i;
        const char *reason = why_not(problem, split, core);
        if (reason == NULL)
            split->core[split->n++] = core;
        else if (refusal->why == NULL)
            *refusal = (Refusal){reason, core};
    }
}

static bool runs_some(const ProblemLayer *layer, int core)
{
    for (int s = 0; s < layer->n_splits; s++)
        for (int i = 0; i < layer->split[s].n; i++)
            if (layer->split[s].core[i] == core)
                return true;
    return false;
}

static void note_left(Problem *problem, int l)
{
    const GArray *cores = share_of(problem->fleet, l)->cores;
    const ProblemLayer *layer = &problem->layer[l];
    int n = cores != NULL ? (int) cores->len : problem->system.n_cores;
    for (int i = 0; i < n && layer->n_splits > 0; i++) {
        int core = cores != NULL ? g_array_index(cores, int, (guint) i) : i;
        ProblemLeft left = {l, core, NULL};
        if (runs_some(layer, core))
            continue;
        left.why = why_not(problem, &layer->split[0], core);
        g_array_append_val(problem->left, left);
    }
}

static bool find_options(Problem *problem, int l, Diag *diag)
{
    const Fleet *fleet = problem->fleet;
    const GArray *cores = share_of(fleet, l)->cores;
    ProblemLayer *layer = &problem->layer[l];
    Refusal refusal = {NULL, 0};
    int n = 0;
    for (int s = 0; s < layer->n_splits; s++) {
        find_cores(problem, l, &layer->split[s], &refusal);
        n += layer->split[s].n;
    }
    note_left(problem, l);
    layer->option = g_new(ProblemOption, n + 1);
    for (int s = 0; s < layer->n_splits; s++)
        for (int i = 0; i < (layer->split[s].dealt ? MIN(layer->split[s].n, 1) : layer->split[s].n);
             i++)
            layer->option[layer->n++] = (ProblemOption){s, i};
    if (layer->n > 0)
        return true;
    diag_report(diag, CHECK_ALLOCATION, fleet->layer[l].span,
                "no core that layer '%s' is allocated to can run it; %s: %s",
                fleet->layer[l].layer.name, fleet_core(fleet, refusal.core)->name,
                refusal.why != NULL ? refusal.why : "there is none");
    if (cores != NULL)
        diag_note(diag, share_of(fleet, l)->span, "it is allocated here");
    return false;
}

/* ---- all of it ---- */

static bool energies_known(const Problem *problem)
{
    for (int l = 0; l < problem->fleet->n_layers; l++)
        for (int s = 0; s < problem->layer[l].n_splits; s++) {
            const ProblemSplit *split = &problem->layer[l].split[s];
            for (int b = 0; b < split->n_boxes; b++)
                for (int i = 0; i < split->n; i++)
                    if (problem_cost(problem, split, b, split->core[i])->unknown)
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
    problem->left = g_array_new(FALSE, FALSE, sizeof(ProblemLeft));
    fill_layers(problem);
    fill_edges(problem);
    if (!check_graph(problem, diag) || !problem_system(problem, diag))
        return NULL;
    fill_bits(problem);
    costs_fill(problem, options);
    for (int l = 0; l < fleet->n_layers; l++)
        well &= find_options(problem, l, diag);
    if (!well)
        return NULL;
    problem->energy = energies_known(problem);
    return g_steal_pointer(&problem);
}

void problem_free(Problem *problem)
{
    if (problem == NULL)
        return;
    for (int l = 0; l < problem->fleet->n_layers; l++) {
        for (int s = 0; s < problem->layer[l].n_splits; s++) {
            g_free(problem->layer[l].split[s].shape);
            g_free(problem->layer[l].split[s].core);
        }
        g_free(problem->layer[l].split);
        g_free(problem->layer[l].option);
    }
    g_array_unref(problem->left);
    g_free(problem->layer);
    g_free(problem->edge);
    g_free(problem->layer_order);
    g_free(problem->graph_layer);
    g_free(problem->cost);
    g_free(problem->bits);
    problem_system_free(problem);
    g_free(problem);
}

void problem_misfit(const Problem *problem, const Graph *graph, const PlanMisfit *misfit,
                    Diag *diag)
{
    const Fleet *fleet = problem->fleet;
    const GraphNode *node = &graph->node[misfit->node];
    const LayerInfo *info = &fleet->layer[node->layer];
    int at = misfit->core * PLAN_MEMORIES_MAX + misfit->memory;
    int64_t capacity = problem->system.core[misfit->core].capacity_bits[misfit->memory];
    diag_report(diag, CHECK_ALLOCATION, info->span,
                "node %d of layer '%s' needs " I64 " bytes of %s of core '%s', which has " I64,
                node->number, info->layer.name, misfit->need_bits / 8 + (misfit->need_bits % 8 > 0),
                problem->memory_name[at], fleet_core(fleet, misfit->core)->name, capacity / 8);
    diag_note(diag, SPAN_NONE,
              "cut the layer into smaller parts, with Split, or allocate another core");
}
