/* Layers to nodes, and who needs which elements of what: pieces. */
#include "sched/graph.h"

#include <string.h>

#include "ir/integer.h"
#include "sched/graph_parts.h"

/* A graph in the making. */
typedef struct {
    const GraphRequest *request;
    Graph *graph;
    GraphFault *fault;
    EdgeView *view; /* by edge */
    int *of_layer;  /* the graph's first and count */
    int *count;
    int per_image; /* nodes */
    PieceList list;
} Making;

void graph_extents(const Layer *layer, const GraphBox *box, int64_t extent[DIMS_MAX])
{
    for (int d = 0; d < layer->op.n_dims; d++)
        extent[d] = box->high[d] - box->low[d];
}

static bool fail(Making *making, GraphStatus status, int layer)
{
    *making->fault = (GraphFault){.status = status, .edge = -1, .layer = layer};
    return false;
}

/* ---- layers and nodes ---- */

/* Makers first, else as written; the depth of each. */
static void order_layers(Making *making, int *depth)
{
    const GraphRequest *request = making->request;
    int n = request->n_layers, taken = 0;
    g_autofree bool *done = g_new0(bool, n + 1);
    for (bool more = true; more;) {
        more = false;
        for (int l = 0; l < n; l++) {
            bool ready = !done[l];
            for (int e = 0; e < request->n_edges && ready; e++)
                ready = request->edge[e].consumer != l || done[request->edge[e].producer];
            if (!ready)
                continue;
            for (int e = 0; e < request->n_edges; e++)
                if (request->edge[e].consumer == l)
                    depth[l] = MAX(depth[l], depth[request->edge[e].producer] + 1);
            making->graph->layer_order[taken++] = l;
            done[l] = more = true;
            break;
        }
    }
    g_assert(taken == n);
}

/* Parts that a cut comes to. */
static int64_t cut_parts(const Layer *layer, const GraphCut *cut)
{
    int64_t size = ceil_div(layer->extent[cut->dim], cut->parts);
    return ceil_div(layer->extent[cut->dim], size);
}

int graph_boxes(const GraphLayer *layer)
{
    int64_t count = 1;
    for (int c = 0; c < layer->n_cuts && count <= GRAPH_NODES_MAX; c++)
        count = MIN(count * cut_parts(layer->layer, &layer->cut[c]), GRAPH_NODES_MAX + 1);
    return (int) count;
}

static bool count_nodes(Making *making, int l)
{
    int count = graph_boxes(&making->request->layer[l]);
    making->count[l] = count;
    making->per_image += count;
    return (count <= GRAPH_NODES_MAX &&
            making->per_image <= GRAPH_NODES_MAX / making->request->images) ||
           fail(making, GRAPH_TOO_MANY, l);
}

GraphBox graph_box(const GraphLayer *layer, int64_t i)
{
    GraphBox box = {{0}, {0}};
    for (int d = 0; d < layer->layer->op.n_dims; d++)
        box.high[d] = layer->layer->extent[d];
    for (int c = layer->n_cuts - 1; c >= 0; c--) {
        const GraphCut *cut = &layer->cut[c];
        int64_t parts = cut_parts(layer->layer, cut), whole = layer->layer->extent[cut->dim],
                size = ceil_div(whole, cut->parts);
        box.low[cut->dim] = i % parts * size;
        box.high[cut->dim] = MIN(whole, (i % parts + 1) * size);
        i /= parts;
    }
    return box;
}

static bool make_nodes(Making *making)
{
    const GraphRequest *request = making->request;
    g_autofree int *depth = g_new0(int, request->n_layers + 1);
    Graph *graph = making->graph;
    order_layers(making, depth);
    for (int i = 0; i < request->n_layers; i++) {
        int l = graph->layer_order[i];
        making->of_layer[l] = making->per_image;
        if (!count_nodes(making, l))
            return false;
    }
    graph->per_image = making->per_image;
    int all = making->per_image * request->images;
    graph->node = g_new(GraphNode, all + 1);
    graph->depth = g_new(int, all + 1);
    graph->image = g_new(int, all + 1);
    for (int image = 0, n = 0; image < request->images; image++)
        for (int i = 0; i < request->n_layers; i++)
            for (int b = 0; b < making->count[graph->layer_order[i]]; b++, n++) {
                int l = graph->layer_order[i];
                graph->node[n] = (GraphNode){l, image, b, graph_box(&request->layer[l], b)};
                graph->depth[n] = depth[l];
                graph->image[n] = image;
            }
    graph->plan.n_nodes = all;
    return true;
}

/* ---- pieces ---- */

/* Regions that nodes of image 0 need, of one tensor. */
typedef struct {
    GArray *region; /* of Region */
    GArray *node;   /* of int */
} Needs;

static void needs_begin(Needs *needs)
{
    needs->region = g_array_new(FALSE, FALSE, sizeof(Region));
    needs->node = g_array_new(FALSE, FALSE, sizeof(int));
}

static void needs_end(Needs *needs)
{
    for (guint i = 0; i < needs->region->len; i++)
        region_clear(&g_array_index(needs->region, Region, i));
    g_array_free(needs->region, TRUE);
    g_array_free(needs->node, TRUE);
}

static void needs_add(Needs *needs, Region region, int node)
{
    g_array_append_val(needs->region, region);
    g_array_append_val(needs->node, node);
}

static bool add_piece(Making *making, PlanPiece piece, GraphPiece about, const int *reader, int n)
{
    if (making->list.pieces->len == GRAPH_PIECES_MAX)
        return fail(making, GRAPH_TOO_MANY, about.layer);
    guint begin = making->list.readers->len;
    piece.n_readers = n;
    g_array_append_vals(making->list.readers, reader, (guint) n);
    g_array_append_val(making->list.begin, begin);
    g_array_append_val(making->list.pieces, piece);
    g_array_append_val(making->list.about, about);
    return true;
}

static int compare_ints(gconstpointer a, gconstpointer b)
{
    return *(const int *) a - *(const int *) b;
}

/* The nodes of the readers, ascending, each once; of all images for weights. */
static GArray *nodes_of(const Making *making, const Needs *needs, const int *chosen,
                        const GArray *readers, bool of_all)
{
    GArray *nodes = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < readers->len; i++) {
        int r = g_array_index(readers, int, i);
        int node = g_array_index(needs->node, int, (guint) chosen[r]);
        for (int image = 0; image < (of_all ? making->request->images : 1); image++) {
            int at = node + image * making->per_image;
            g_array_append_val(nodes, at);
        }
    }
    g_array_sort(nodes, compare_ints);
    guint kept = 0;
    for (guint i = 0; i < nodes->len; i++) {
        int node = g_array_index(nodes, int, i);
        if (kept == 0 || g_array_index(nodes, int, kept - 1) != node)
            g_array_index(nodes, int, kept++) = node;
    }
    g_array_set_size(nodes, kept);
    return nodes;
}

/* Pieces of what one node makes, or of what none does (maker NULL). */
static bool add_classes(Making *making, const Region *maker, const Needs *needs, const int *chosen,
                        int n, PlanPiece piece, GraphPiece about)
{
    g_autofree const Region **reader = g_new(const Region *, n + 1);
    for (int i = 0; i < n; i++)
        reader[i] = &g_array_index(needs->region, Region, (guint) chosen[i]);
    GArray *classes = region_classes(maker, reader, n);
    bool well = classes != NULL || fail(making, GRAPH_OVERFLOW, about.layer);
    for (guint i = 0; well && i < classes->len; i++) {
        const RegionClass *each = &g_array_index(classes, RegionClass, i);
        g_autoptr(GArray) nodes = nodes_of(making, needs, chosen, each->readers, about.image < 0);
        piece.elements = each->elements;
        well =
            add_piece(making, piece, about, (const int *) (gpointer) nodes->data, (int) nodes->len);
    }
    region_classes_free(classes);
    return well;
}

/* Who of them needs something of the region. */
static int choose(const Region *maker, const Needs *needs, int *chosen)
{
    int n = 0;
    for (guint i = 0; i < needs->region->len; i++) {
        const Region *region = &g_array_index(needs->region, Region, i);
        bool meets = true;
        for (int c = 0; c < maker->n && meets; c++)
            meets = runs_meet(maker->runs[c], region->runs[c]);
        if (meets)
            chosen[n++] = (int) i;
    }
    return n;
}

/* What all nodes of the readers of a layer need of it. */
static bool gather_needs(Making *making, int l, Needs *needs)
{
    const GraphRequest *request = making->request;
    for (int e = 0; e < request->n_edges; e++) {
        int reader = request->edge[e].consumer;
        if (request->edge[e].producer != l)
            continue;
        for (int b = 0; b < making->count[reader]; b++) {
            int node = making->of_layer[reader] + b;
            Region region;
            if (!region_of_edge(request, e, &making->view[e], &making->graph->node[node].box,
                                &region))
                return fail(making, GRAPH_RAGGED, reader);
            needs_add(needs, region, node);
        }
    }
    return true;
}

/* The output of a layer, node by node of image 0. */
static bool make_outputs(Making *making, int l)
{
    const GraphLayer *layer = &making->request->layer[l];
    int output = layer->layer->op.output;
    Needs needs;
    needs_begin(&needs);
    bool well = gather_needs(making, l, &needs);
    g_autofree int *chosen = g_new(int, needs.region->len + 1);
    for (int b = 0; b < making->count[l] && well; b++) {
        int node = making->of_layer[l] + b;
        Region made;
        PlanPiece piece = {.maker = node,
                           .role = PLAN_OUTPUT,
                           .width = l * TENSORS_MAX + output,
                           .leaves = needs.region->len == 0};
        if (!region_of_maker(layer, &making->graph->node[node].box, &made)) {
            well = fail(making, GRAPH_RAGGED, l);
            break;
        }
        int n = choose(&made, &needs, chosen);
        well = add_classes(making, &made, &needs, chosen, n, piece, (GraphPiece){l, output, 0});
        region_clear(&made);
    }
    needs_end(&needs);
    return well;
}

/* A tensor that no layer makes: weights, or an input of the network. */
static bool make_given(Making *making, int l, int tensor)
{
    const GraphLayer *layer = &making->request->layer[l];
    bool weight = layer->layer->op.tensor[tensor].role == ROLE_WEIGHT;
    Needs needs;
    needs_begin(&needs);
    bool well = true;
    g_autofree int *chosen = g_new(int, making->count[l] + 1);
    for (int b = 0; b < making->count[l] && well; b++) {
        int node = making->of_layer[l] + b;
        Region region;
        chosen[b] = b;
        well = region_of_box(layer, &making->graph->node[node].box, tensor, &region) ||
               fail(making, GRAPH_RAGGED, l);
        if (well)
            needs_add(&needs, region, node);
    }
    PlanPiece piece = {
        .maker = -1, .role = weight ? PLAN_WEIGHT : PLAN_INPUT, .width = l * TENSORS_MAX + tensor};
    well = well && add_classes(making, NULL, &needs, chosen, making->count[l], piece,
                               (GraphPiece){l, tensor, weight ? -1 : 0});
    needs_end(&needs);
    return well;
}

bool graph_is_fed(const GraphRequest *request, int l, int tensor)
{
    for (int e = 0; e < request->n_edges; e++)
        if (request->edge[e].consumer == l && request->edge[e].tensor == tensor)
            return true;
    return false;
}

/* What the other images have beside the weights is the first one's, with its own nodes. */
static bool repeat_images(Making *making)
{
    guint n = making->list.pieces->len;
    for (int image = 1; image < making->request->images; image++)
        for (guint p = 0; p < n; p++) {
            PlanPiece piece = g_array_index(making->list.pieces, PlanPiece, p);
            GraphPiece about = g_array_index(making->list.about, GraphPiece, p);
            int shift = image * making->per_image;
            if (about.image < 0)
                continue;
            g_autofree int *reader = g_new(int, piece.n_readers + 1);
            for (int r = 0; r < piece.n_readers; r++)
                reader[r] =
                    shift + g_array_index(making->list.readers, int,
                                          g_array_index(making->list.begin, guint, p) + (guint) r);
            piece.maker += piece.maker >= 0 ? shift : 0;
            about.image = image;
            if (!add_piece(making, piece, about, reader, piece.n_readers))
                return false;
        }
    return true;
}

static bool make_layer(Making *making, int l)
{
    const GraphRequest *request = making->request;
    const Operator *op = &request->layer[l].layer->op;
    guint from = making->list.pieces->len;
    if (request->memo != NULL &&
        graph_memo_take(request->memo, request, l, making->graph, &making->list))
        return true;
    for (int t = 0; t < op->n_tensors; t++)
        if (t == op->output ? !make_outputs(making, l)
                            : !graph_is_fed(request, l, t) && !make_given(making, l, t))
            return false;
    if (request->memo != NULL)
        graph_memo_keep(request->memo, request, l, making->graph, &making->list, from);
    return true;
}

static bool make_pieces(Making *making)
{
    for (int l = 0; l < making->request->n_layers; l++)
        if (!make_layer(making, l))
            return false;
    return repeat_images(making);
}

/* ---- all of it ---- */

/* A need with what it goes by: weights, then tensors of the reader in its order, then pieces. */
typedef struct {
    int node, order, piece;
} Need;

static int compare_needs(gconstpointer a, gconstpointer b)
{
    const Need *one = a, *other = b;
    return one->node != other->node     ? one->node - other->node
           : one->order != other->order ? one->order - other->order
                                        : one->piece - other->piece;
}

/* Which of the reader's inputs the piece is of; of several the first. */
static int need_order(const Making *making, const GraphPiece *about, const PlanPiece *piece,
                      int reader)
{
    const GraphRequest *request = making->request;
    int least = TENSORS_MAX * 1024;
    if (piece->role == PLAN_WEIGHT)
        return about->tensor;
    if (piece->maker < 0)
        return (1 + about->tensor) * 1024;
    for (int e = 0; e < request->n_edges; e++) {
        const Edge *edge = &request->edge[e];
        if (edge->producer == about->layer && edge->consumer == reader)
            least = MIN(least, (1 + edge->tensor) * 1024 + MIN(edge->part, 1023));
    }
    return least;
}

static void fill_nodes(Making *making)
{
    PlanGraph *plan = &making->graph->plan;
    PlanNode *node = g_new0(PlanNode, plan->n_nodes + 1);
    g_autoptr(GArray) needs = g_array_new(FALSE, FALSE, sizeof(Need));
    int *need = g_new(int, making->list.readers->len + 1), *make = g_new(int, plan->n_pieces + 1);
    int made = 0;
    for (int p = 0; p < plan->n_pieces; p++) {
        const GraphPiece *about = &making->graph->piece[p];
        for (int r = 0; r < plan->piece[p].n_readers; r++) {
            int reader = plan->piece[p].readers[r];
            Need each = {
                reader,
                need_order(making, about, &plan->piece[p], making->graph->node[reader].layer), p};
            g_array_append_val(needs, each);
        }
    }
    g_array_sort(needs, compare_needs);
    for (guint i = 0; i < needs->len; i++) {
        const Need *each = &g_array_index(needs, Need, i);
        need[i] = each->piece;
        if (node[each->node].n_needs++ == 0)
            node[each->node].needs = &need[i];
    }
    /* the pieces of a node stand one after the other */
    for (int p = 0; p < plan->n_pieces; p++) {
        int maker = plan->piece[p].maker;
        if (maker < 0)
            continue;
        make[made] = p;
        if (node[maker].n_makes++ == 0)
            node[maker].makes = &make[made];
        made++;
    }
    plan->node = node;
    making->graph->need = need;
    making->graph->make = make;
}

static void finish(Making *making)
{
    Graph *graph = making->graph;
    guint n = making->list.pieces->len;
    PlanPiece *piece = g_new(PlanPiece, n + 1);
    graph->reader = g_new(int, making->list.readers->len + 1);
    memcpy(graph->reader, making->list.readers->data, making->list.readers->len * sizeof(int));
    for (guint p = 0; p < n; p++) {
        piece[p] = g_array_index(making->list.pieces, PlanPiece, p);
        piece[p].readers = graph->reader + g_array_index(making->list.begin, guint, p);
    }
    graph->piece = g_memdup2(making->list.about->data, (n + 1) * sizeof(GraphPiece));
    graph->plan.piece = piece;
    graph->plan.n_pieces = (int) n;
    fill_nodes(making);
}

Graph *graph_new(const GraphRequest *request, GraphFault *fault)
{
    int n = request->n_layers;
    Graph *graph = g_new0(Graph, 1);
    graph->first = g_new0(int, n + 1);
    graph->count = g_new0(int, n + 1);
    g_autofree EdgeView *view = g_new0(EdgeView, request->n_edges + 1);
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(PlanPiece));
    g_autoptr(GArray) about = g_array_new(TRUE, FALSE, sizeof(GraphPiece));
    g_autoptr(GArray) readers = g_array_new(TRUE, FALSE, sizeof(int));
    g_autoptr(GArray) begin = g_array_new(FALSE, FALSE, sizeof(guint));
    Making making = {.request = request,
                     .graph = graph,
                     .fault = fault,
                     .view = view,
                     .of_layer = graph->first,
                     .count = graph->count,
                     .list = {pieces, about, readers, begin}};
    *fault = (GraphFault){.status = GRAPH_OK, .edge = -1, .layer = -1};
    graph->n_layers = n;
    graph->layer_order = g_new0(int, n + 1);
    if (shapes_check(request, view, fault) && make_nodes(&making) && make_pieces(&making)) {
        finish(&making);
        return graph;
    }
    graph_free(graph);
    return NULL;
}

void graph_free(Graph *graph)
{
    if (graph == NULL)
        return;
    g_free((gpointer) graph->plan.node);
    g_free((gpointer) graph->plan.piece);
    g_free(graph->node);
    g_free(graph->piece);
    g_free(graph->depth);
    g_free(graph->image);
    g_free(graph->layer_order);
    g_free(graph->first);
    g_free(graph->count);
    g_free(graph->reader);
    g_free(graph->need);
    g_free(graph->make);
    g_free(graph);
}
