/* What bounds know before any choice: which boxes of two layers share elements, by their splits,
 * and what comes from off-chip memory or goes there. */
#include <math.h>

#include "sched/bounds_parts.h"
#include "sched/graph_parts.h"
#include "sched/problem_parts.h"

/* ---- edges ---- */

/* Regions of all boxes of a split; of those that have none by their number, an empty one. */
static Region *regions_new(const GraphRequest *request, int layer, int boxes, int edge,
                           const EdgeView *view)
{
    Region *region = g_new0(Region, boxes + 1);
    const GraphLayer *of = &request->layer[layer];
    for (int b = 0; b < boxes; b++) {
        GraphBox box = graph_box(of, b);
        if (edge >= 0 ? !region_of_edge(request, edge, view, &box, &region[b])
                      : !region_of_maker(of, &box, &region[b]))
            region[b].n = 0;
    }
    return region;
}

static void regions_free(Region *region, int boxes)
{
    for (int b = 0; b < boxes; b++)
        region_clear(&region[b]);
    g_free(region);
}

static bool regions_meet(const Region *a, const Region *b)
{
    bool meet = a->n > 0 && a->n == b->n;
    for (int c = 0; c < a->n && meet; c++)
        meet = runs_meet(a->runs[c], b->runs[c]);
    return meet;
}

static void find_meets(const Region *one, int n_one, const Region *other, int n_other, Meets *meets)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(int));
    meets->begin = g_new(int, n_one + 1);
    for (int a = 0; a < n_one; a++) {
        meets->begin[a] = (int) list->len;
        for (int b = 0; b < n_other; b++)
            if (regions_meet(&one[a], &other[b]))
                g_array_append_val(list, b);
    }
    meets->begin[n_one] = (int) list->len;
    meets->other = (int *) (gpointer) g_array_free(list, FALSE);
}

/* The same from the other side. */
static void turn_meets(const Meets *meets, int n_one, int n_other, Meets *turned)
{
    int n = meets->begin[n_one];
    turned->begin = g_new0(int, n_other + 1);
    turned->other = g_new(int, n + 1);
    g_autofree int *next = g_new(int, n_other + 1);
    for (int i = 0; i < n; i++)
        turned->begin[meets->other[i] + 1]++;
    for (int b = 0; b < n_other; b++) {
        turned->begin[b + 1] += turned->begin[b];
        next[b] = turned->begin[b];
    }
    for (int a = 0; a < n_one; a++)
        for (int i = meets->begin[a]; i < meets->begin[a + 1]; i++)
            turned->other[next[meets->other[i]]++] = a;
}

/* Regions of the sides of an edge, all splits of one, then all of the other. */
static void fill_edge(Bounds *bounds, const EdgeView *view, GraphLayer *layers, int edge)
{
    const Problem *problem = bounds->problem;
    const Edge *e = &problem->edge[edge];
    const ProblemLayer *maker = &problem->layer[e->producer],
                       *reader = &problem->layer[e->consumer];
    GraphRequest request = {layers, problem->fleet->n_layers, problem->edge, problem->n_edges, 1,
                            NULL};
    bounds->meets[edge] = g_new0(EdgeMeets, maker->n_splits * reader->n_splits);
    for (int m = 0; m < maker->n_splits; m++) {
        int made = maker->split[m].n_boxes;
        layers[e->producer] = problem_cut(problem, e->producer, &maker->split[m]);
        Region *makes = regions_new(&request, e->producer, made, -1, &view[edge]);
        for (int r = 0; r < reader->n_splits; r++) {
            int read = reader->split[r].n_boxes;
            EdgeMeets *meets = &bounds->meets[edge][m * reader->n_splits + r];
            layers[e->consumer] = problem_cut(problem, e->consumer, &reader->split[r]);
            Region *reads = regions_new(&request, e->consumer, read, edge, &view[edge]);
            find_meets(reads, read, makes, made, &meets->makers);
            turn_meets(&meets->makers, read, made, &meets->readers);
            regions_free(reads, read);
        }
        regions_free(makes, made);
    }
}

static void fill_edges(Bounds *bounds)
{
    const Problem *problem = bounds->problem;
    int layers = problem->fleet->n_layers;
    g_autofree EdgeView *view = g_new0(EdgeView, problem->n_edges + 1);
    g_autofree GraphLayer *layer =
        g_memdup2(problem->graph_layer, sizeof(GraphLayer) * ((gsize) layers + 1));
    GraphRequest request = {layer, layers, problem->edge, problem->n_edges, 1, NULL};
    GraphFault fault;
    bounds->meets = g_new0(EdgeMeets *, problem->n_edges + 1);
    if (shapes_check(&request, view, &fault)) /* as they were when the problem was made */
        for (int e = 0; e < problem->n_edges; e++)
            fill_edge(bounds, view, layer, e);
}

/* ---- off-chip memory ---- */

static bool is_read(const Problem *problem, int layer)
{
    for (int e = 0; e < problem->n_edges; e++)
        if (problem->edge[e].producer == layer)
            return true;
    return false;
}

/* Elements of a tensor that a box needs or makes; 0 if their runs are too many. */
static double elements_of(const GraphLayer *layer, const GraphBox *box, int tensor)
{
    Region region = {0};
    double elements = 1;
    if (!region_of_box(layer, box, tensor, &region))
        return 0;
    for (int c = 0; c < region.n; c++) {
        double sum = 0;
        for (guint i = 0; i < region.runs[c]->len; i++) {
            Run run = g_array_index(region.runs[c], Run, i);
            sum += (double) (run.high - run.low);
        }
        elements *= sum;
    }
    region_clear(&region);
    return elements;
}

/* The least of a tensor's bits, and of the cycles of a bit, of all candidates of the layer. */
static double least_bits(const Problem *problem, int l, int tensor)
{
    const ProblemLayer *layer = &problem->layer[l];
    const int64_t *bits = &problem->bits[(l * TENSORS_MAX + tensor) * problem->system.n_cores];
    int64_t least = INT64_MAX;
    for (int s = 0; s < layer->n_splits; s++)
        for (int i = 0; i < layer->split[s].n; i++)
            least = MIN(least, bits[layer->split[s].core[i]]);
    return (double) least;
}

static double route_cycles(const PlanSystem *system, const PlanRoute *route)
{
    double most = 0;
    for (int i = 0; i < route->n; i++)
        most = MAX(most, 1 / rational_real(system->link[route->link[i]].bits_per_cycle));
    return most;
}

static double least_cycles(const Problem *problem, int l)
{
    const ProblemLayer *layer = &problem->layer[l];
    const PlanSystem *system = &problem->system;
    int offchip = system->n_cores, places = offchip + 1;
    double least = INFINITY;
    for (int s = 0; s < layer->n_splits; s++)
        for (int i = 0; i < layer->split[s].n; i++) {
            int core = layer->split[s].core[i];
            least = MIN(least, route_cycles(system, &system->route[offchip * places + core]));
            least = MIN(least, route_cycles(system, &system->route[core * places + offchip]));
        }
    return least;
}

/* Tensors that nobody makes are read, weights once and inputs for each image; outputs that nobody
 * reads are written. */
static void fill_tensor(Bounds *bounds, int l, int tensor)
{
    const Problem *problem = bounds->problem;
    const PlanSystem *system = &problem->system;
    const GraphLayer *whole = &problem->graph_layer[l];
    const Operator *op = &whole->layer->op;
    BoundsLayer *layer = &bounds->layer[l];
    GraphRequest request = {whole - l, problem->fleet->n_layers, problem->edge, problem->n_edges, 1,
                            NULL};
    bool output = tensor == op->output, weight = op->tensor[tensor].role == ROLE_WEIGHT;
    if (output ? is_read(problem, l) : graph_is_fed(&request, l, tensor))
        return;
    double *bits = output ? layer->left : layer->given, least = least_bits(problem, l, tensor);
    for (int s = 0; s < problem->layer[l].n_splits; s++) {
        GraphLayer cut = problem_cut(problem, l, &problem->layer[l].split[s]);
        for (int b = 0; b < problem->layer[l].split[s].n_boxes; b++) {
            GraphBox box = graph_box(&cut, b);
            bits[layer->first[s] + b] += elements_of(&cut, &box, tensor) * least;
        }
    }
    GraphLayer uncut = *whole;
    uncut.n_cuts = 0;
    GraphBox box = graph_box(&uncut, 0);
    double all = elements_of(&uncut, &box, tensor) * least, images = weight ? 1 : problem->images;
    *(output ? &layer->written : &layer->read) += all * images;
    layer->words += ceil(all / (double) system->word_bits) * images *
                    (output ? system->write_pj : system->read_pj);
}

static void fill_layers(Bounds *bounds)
{
    const Problem *problem = bounds->problem;
    bounds->layer = g_new0(BoundsLayer, problem->fleet->n_layers + 1);
    for (int l = 0; l < problem->fleet->n_layers; l++) {
        BoundsLayer *layer = &bounds->layer[l];
        const ProblemLayer *of = &problem->layer[l];
        int boxes = 0;
        layer->first = g_new(int, of->n_splits + 1);
        for (int s = 0; s < of->n_splits; s++) {
            layer->first[s] = boxes;
            boxes += of->split[s].n_boxes;
        }
        layer->given = g_new0(double, boxes + 1);
        layer->left = g_new0(double, boxes + 1);
        for (int t = 0; t < problem->graph_layer[l].layer->op.n_tensors; t++)
            fill_tensor(bounds, l, t);
        layer->bit_cycles = least_cycles(problem, l);
        bounds->boxes += boxes;
    }
}

/* ---- all of it ---- */

Bounds *bounds_new(const Problem *problem)
{
    Bounds *bounds = g_new0(Bounds, 1);
    bounds->problem = problem;
    fill_layers(bounds);
    fill_edges(bounds);
    return bounds;
}

static void meets_clear(Meets *meets)
{
    g_free(meets->begin);
    g_free(meets->other);
}

void bounds_free(Bounds *bounds)
{
    const Problem *problem = bounds->problem;
    for (int l = 0; l < problem->fleet->n_layers; l++) {
        g_free(bounds->layer[l].first);
        g_free(bounds->layer[l].given);
        g_free(bounds->layer[l].left);
    }
    for (int e = 0; e < problem->n_edges; e++) {
        const Edge *edge = &problem->edge[e];
        int n = problem->layer[edge->producer].n_splits * problem->layer[edge->consumer].n_splits;
        for (int i = 0; i < n; i++) {
            meets_clear(&bounds->meets[e][i].makers);
            meets_clear(&bounds->meets[e][i].readers);
        }
        g_free(bounds->meets[e]);
    }
    g_free(bounds->meets);
    g_free(bounds->layer);
    g_free(bounds);
}
