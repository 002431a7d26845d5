/* The shapes of tensors, and what of them a box makes and needs. */
#include <string.h>

#include "sched/graph_parts.h"

/* ---- extents ---- */

/* Of an affine coordinate a * x + b * y: ((X - 1) * a + (Y - 1) * b + 1), padding included. */
static int64_t covered(const Layer *layer, const Coord *coord)
{
    int64_t sum = 1;
    for (int i = 0; i < coord->n; i++)
        sum += coord->coef[i] * (layer->extent[coord->dim[i]] - 1);
    return sum;
}

int64_t shape_extent(const GraphLayer *layer, int tensor, int coord)
{
    const Tensor *t = &layer->layer->op.tensor[tensor];
    int64_t given = layer->given[tensor][coord], before = layer->before[tensor][coord];
    int64_t whole = covered(layer->layer, &t->coord[coord]);
    if (given > 0)
        return given;
    if (layer->spread[tensor][coord] > 1) /* up to the last that the window reaches */
        return MAX((whole - 1 - before) / layer->spread[tensor][coord] + 1, 1);
    return MAX(whole - 2 * before, 1);
}

static int64_t multiplied(const GraphLayer *layer, int tensor, int first, int end)
{
    int64_t product = 1;
    for (int c = first; c < end; c++)
        if (__builtin_mul_overflow(product, shape_extent(layer, tensor, c), &product))
            return INT64_MAX;
    return product;
}

/* Batch, channels, rows, columns. */
static void image_of(const GraphLayer *layer, int tensor, int64_t extent[4])
{
    int n = layer->layer->op.tensor[tensor].n_coords;
    extent[0] = shape_extent(layer, tensor, 0);
    extent[1] = multiplied(layer, tensor, 1, n - 2);
    extent[2] = shape_extent(layer, tensor, n - 2);
    extent[3] = shape_extent(layer, tensor, n - 1);
}

/* ---- edges ---- */

static const GraphLayer *layer_of(const GraphRequest *request, int layer)
{
    return &request->layer[layer];
}

static int coords_of(const GraphLayer *layer, int tensor)
{
    return layer->layer->op.tensor[tensor].n_coords;
}

/* Extents that the consumer's rows or columns may have without padding: as given, or such that its
 * last window begins within them and no further one fits. */
static void wanted(const GraphLayer *consumer, int tensor, int coord, int64_t *least, int64_t *most)
{
    const Layer *layer = consumer->layer;
    const Coord *c = &layer->op.tensor[tensor].coord[coord];
    int64_t before = consumer->before[tensor][coord];
    *least = *most = shape_extent(consumer, tensor, coord);
    if (consumer->given[tensor][coord] > 0 || consumer->spread[tensor][coord] > 1 || c->n < 2)
        return;
    int64_t out = layer->extent[c->dim[0]],
            window = (layer->extent[c->dim[1]] - 1) * c->coef[1] + 1;
    *least = MAX((out - 1) * c->coef[0] + 1 - 2 * before, 1);
    *most = MAX(out * c->coef[0] + window - 1 - 2 * before, 1);
}

/* One of an operand's coordinates that is the same for all of the output's. */
static bool is_broadcast(const GraphLayer *consumer, int tensor, int coord, int64_t has)
{
    const Operator *op = &consumer->layer->op;
    const Coord *c = &op->tensor[tensor].coord[coord];
    const Tensor *output = &op->tensor[op->output];
    bool elementwise = output->n_coords == op->tensor[tensor].n_coords;
    for (int i = 0; i < output->n_coords && elementwise; i++)
        elementwise = op->tensor[tensor].coord[i].n == 1 &&
                      op->tensor[tensor].coord[i].dim[0] == output->coord[i].dim[0];
    return elementwise && c->n == 1 && has == 1;
}

static bool mismatch(GraphFault *fault, int edge, const char *what, int64_t least, int64_t most,
                     int64_t has)
{
    if (has >= least && has <= most)
        return true;
    *fault = (GraphFault){GRAPH_MISMATCH, edge, -1, what, least, most, has};
    return false;
}

/* What the parts of an input before this one have of channels (or of a last coordinate), and all.
 */
static void parts_of(const GraphRequest *request, int edge, int64_t *before, int64_t *all)
{
    const Edge *e = &request->edge[edge];
    *before = *all = 0;
    for (int i = 0; i < request->n_edges; i++) {
        const Edge *other = &request->edge[i];
        if (other->consumer != e->consumer || other->tensor != e->tensor)
            continue;
        const GraphLayer *maker = layer_of(request, other->producer);
        int tensor = maker->layer->op.output, n = coords_of(maker, tensor);
        int64_t has =
            n >= 4 ? multiplied(maker, tensor, 1, n - 2) : shape_extent(maker, tensor, n - 1);
        has = MIN(has, INT64_MAX / 4 - *all);
        *before += other->part < e->part ? has : 0;
        *all += has;
    }
}

static bool check_image(const GraphRequest *request, int edge, EdgeView *view, GraphFault *fault)
{
    static const char *const names[] = {"images", "channels", "rows", "columns"};
    const Edge *e = &request->edge[edge];
    const GraphLayer *maker = layer_of(request, e->producer),
                     *reader = layer_of(request, e->consumer);
    int64_t has[4], wants[4], all;
    int n = coords_of(reader, e->tensor);
    image_of(maker, maker->layer->op.output, has);
    image_of(reader, e->tensor, wants);
    parts_of(request, edge, &view->offset, &all);
    view->view = VIEW_IMAGE;
    for (int i = 0; i < 4; i++) {
        int64_t least = wants[i], most = wants[i], there = i == 1 ? all : has[i];
        int coord = i < 2 ? i : n - 4 + i;
        if (i >= 2)
            wanted(reader, e->tensor, coord, &least, &most);
        if ((i != 1 || n == 4) && is_broadcast(reader, e->tensor, coord, there)) {
            view->broadcast |= 1u << i;
            continue;
        }
        if (!mismatch(fault, edge, names[i], least, most, there))
            return false;
    }
    return true;
}

static bool check_same(const GraphRequest *request, int edge, EdgeView *view, GraphFault *fault)
{
    const Edge *e = &request->edge[edge];
    const GraphLayer *maker = layer_of(request, e->producer),
                     *reader = layer_of(request, e->consumer);
    int n = coords_of(reader, e->tensor);
    int64_t all;
    parts_of(request, edge, &view->offset, &all);
    view->view = VIEW_SAME;
    for (int c = 0; c < n; c++) {
        int64_t has = c == n - 1 ? all : shape_extent(maker, maker->layer->op.output, c);
        int64_t wants = shape_extent(reader, e->tensor, c);
        if (is_broadcast(reader, e->tensor, c, has))
            view->broadcast |= 1u << c;
        else if (!mismatch(fault, edge, c == n - 1 ? "features" : "rows", wants, wants, has))
            return false;
    }
    return true;
}

static bool check_edge(const GraphRequest *request, int edge, EdgeView *view, GraphFault *fault)
{
    const Edge *e = &request->edge[edge];
    const GraphLayer *maker = layer_of(request, e->producer),
                     *reader = layer_of(request, e->consumer);
    int output = maker->layer->op.output, made = coords_of(maker, output),
        read = coords_of(reader, e->tensor);
    int64_t has = multiplied(maker, output, 0, made),
            wants = multiplied(reader, e->tensor, 0, read);
    GraphFault other;
    if (made >= 4 && read >= 4 ? check_image(request, edge, view, &other)
                               : made == read && check_same(request, edge, view, &other))
        return true;
    *view = (EdgeView){VIEW_WHOLE, 0, 0};
    if (has == wants) /* in another shape */
        return true;
    if ((made >= 4 && read >= 4) || made == read)
        *fault = other;
    else
        mismatch(fault, edge, "elements", wants, wants, has);
    return false;
}

bool shapes_check(const GraphRequest *request, EdgeView *view, GraphFault *fault)
{
    for (int i = 0; i < request->n_edges; i++)
        if (!check_edge(request, i, &view[i], fault))
            return false;
    return true;
}

/* ---- regions ---- */

void region_clear(Region *region)
{
    for (int i = 0; i < region->n; i++)
        runs_free(region->runs[i]);
    region->n = 0;
}

/* Takes the runs over; false after clearing if there are none, for their number. */
static bool add_runs(Region *region, Runs *runs)
{
    if (runs == NULL) {
        region_clear(region);
        return false;
    }
    region->runs[region->n++] = runs;
    return true;
}

bool region_of_box(const GraphLayer *layer, const GraphBox *box, int tensor, Region *region)
{
    const Tensor *t = &layer->layer->op.tensor[tensor];
    region->n = 0;
    for (int c = 0; c < t->n_coords; c++) {
        const Coord *coord = &t->coord[c];
        int a = coord->dim[0], b = coord->n > 1 ? coord->dim[1] : -1;
        Runs *runs =
            runs_affine(coord->coef[0], box->low[a], box->high[a], b >= 0 ? coord->coef[1] : 1,
                        b >= 0 ? box->low[b] : 0, b >= 0 ? box->high[b] : 1);
        if (runs != NULL && t->role != ROLE_OUTPUT) {
            Runs *there =
                runs_shift(runs, layer->before[tensor][c], MAX(layer->spread[tensor][c], 1),
                           shape_extent(layer, tensor, c));
            runs_free(runs);
            runs = there;
        }
        if (!add_runs(region, runs))
            return false;
    }
    return true;
}

/* Batch, channels, rows, columns of a region of more coordinates. */
static bool to_image(const GraphLayer *layer, int tensor, Region *region)
{
    int n = region->n;
    for (int c = n - 4; c >= 1; c--) { /* the last two channels become one */
        int64_t extent = multiplied(layer, tensor, c + 1, n - 2);
        Runs *runs = runs_product(region->runs[c], region->runs[c + 1], extent);
        runs_free(region->runs[c]);
        runs_free(region->runs[c + 1]);
        region->runs[c] = runs != NULL ? runs : runs_new();
        memmove(&region->runs[c + 1], &region->runs[c + 2],
                (size_t) (region->n - c - 2) * sizeof region->runs[0]);
        region->n--;
        if (runs == NULL) {
            region_clear(region);
            return false;
        }
    }
    return true;
}

bool region_of_maker(const GraphLayer *layer, const GraphBox *box, Region *region)
{
    int output = layer->layer->op.output;
    return region_of_box(layer, box, output, region) &&
           (region->n < 4 || to_image(layer, output, region));
}

/* Of the channels, or the last coordinate, those of this part; of what is broadcast, the one. */
static void take_part(const GraphLayer *maker, const EdgeView *view, Region *region)
{
    int output = maker->layer->op.output, n = coords_of(maker, output);
    int at = view->view == VIEW_IMAGE ? 1 : region->n - 1;
    int64_t extent[COORDS_MAX];
    if (view->view == VIEW_IMAGE)
        image_of(maker, output, extent);
    else
        for (int c = 0; c < n; c++)
            extent[c] = shape_extent(maker, output, c);
    for (int c = 0; c < region->n; c++) {
        Runs *runs = (view->broadcast & 1u << c) != 0
                         ? runs_interval(0, 1)
                         : runs_shift(region->runs[c], c == at ? view->offset : 0, 1, extent[c]);
        runs_free(region->runs[c]);
        region->runs[c] = runs;
    }
}

bool region_of_edge(const GraphRequest *request, int edge, const EdgeView *view,
                    const GraphBox *box, Region *region)
{
    const Edge *e = &request->edge[edge];
    const GraphLayer *reader = layer_of(request, e->consumer),
                     *maker = layer_of(request, e->producer);
    if (view->view == VIEW_WHOLE) {
        GraphBox full = {{0}, {0}};
        memcpy(full.high, maker->layer->extent, sizeof full.high);
        return region_of_maker(maker, &full, region);
    }
    /* without the clip to its own extent, which may be less than the producer's */
    GraphLayer open = *reader;
    for (int c = 0; c < COORDS_MAX; c++) {
        const Coord *coord = &reader->layer->op.tensor[e->tensor].coord[c];
        if (c < coords_of(reader, e->tensor) && coord->n > 1)
            open.given[e->tensor][c] = INT32_MAX;
    }
    if (!region_of_box(&open, box, e->tensor, region))
        return false;
    if (view->view == VIEW_IMAGE && !to_image(reader, e->tensor, region))
        return false;
    take_part(maker, view, region);
    return true;
}
