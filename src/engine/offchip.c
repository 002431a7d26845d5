/* Off-chip traffic as a sum over the steps of the outer loops.
 *
 * Between two steps of the first j loops one loop k goes on, those outside it stand
 * still and those between it and j begin again; what is fetched is the new box's
 * image less the old one's.  Both are products over coordinates, so the sum over all
 * positions of the loops is a product of sums, a coordinate at a time. */
#include "engine/offchip.h"

#include <string.h>

/* A level-0 map that takes several steps. */
typedef struct {
    int dim;
    int64_t covered; /* what all children together take in one step */
    int64_t steps;
} Row;

/* The moves of a dim and how often each occurs. */
typedef struct {
    int n;
    Move move[2];
    int64_t times[2];
} Moves;

typedef enum { STANDS, ADVANCES, WRAPS, WHOLE } Motion;

static void add_move(Moves *moves, int64_t now, int64_t before, int64_t shift, int64_t times)
{
    if (times <= 0)
        return;
    moves->move[moves->n] = (Move){now, before, shift};
    moves->times[moves->n++] = times;
}

static Moves row_moves(const Row *row, int64_t extent, Motion motion)
{
    Moves moves = {0};
    int64_t full = row->covered, n = row->steps;
    int64_t last = extent - (n - 1) * full, uneven = last != full;
    switch (motion) {
    case STANDS:
        add_move(&moves, full, full, 0, n - uneven);
        add_move(&moves, last, last, 0, uneven);
        break;
    case ADVANCES:
        add_move(&moves, full, full, full, n - 1 - uneven);
        add_move(&moves, last, full, full, uneven);
        break;
    case WRAPS:
        add_move(&moves, full, last, -(n - 1) * full, 1);
        break;
    case WHOLE:
        add_move(&moves, extent, extent, 0, 1);
        break;
    }
    return moves;
}

/* The level-0 maps that take several steps, and where each dim's is; a dim without one has row
 * DIMS_MAX, inside all others. */
typedef struct {
    const Shape *shape;
    const int64_t *extent;
    int n_rows;
    Row row[DIMS_MAX + 1];
    int row_of[DIMS_MAX];
} Outer;

/* What row r does while loop k of the first j goes on. */
static Motion motion(int r, int j, int k)
{
    return r >= j ? WHOLE : r < k ? STANDS : r == k ? ADVANCES : WRAPS;
}

/* Sums over all positions: of the image, and of what of it was there before. */
typedef struct {
    int64_t now, kept;
} Sums;

/* A dim on its own: chunks of one step and the next are the same or disjoint. */
static Sums dim_sums(const Outer *outer, int dim, int j, int k)
{
    int r = outer->row_of[dim];
    int64_t extent = outer->extent[dim];
    switch (motion(r, j, k)) {
    case ADVANCES:
        return (Sums){extent - outer->row[r].covered, 0};
    case WRAPS:
        return (Sums){outer->row[r].covered, 0};
    default:
        return (Sums){extent, extent};
    }
}

static Sums axis_sums(const Outer *outer, const Axis *axis, int j, int k)
{
    if (axis->n == 1)
        return dim_sums(outer, axis->dim[0], j, k);
    Sums sums = {0, 0};
    int r0 = outer->row_of[axis->dim[0]], r1 = outer->row_of[axis->dim[1]];
    Moves a = row_moves(&outer->row[r0], outer->extent[axis->dim[0]], motion(r0, j, k));
    Moves b = row_moves(&outer->row[r1], outer->extent[axis->dim[1]], motion(r1, j, k));
    for (int x = 0; x < a.n; x++)
        for (int y = 0; y < b.n; y++) {
            int64_t times = a.times[x] * b.times[y];
            sums.now += times * tensor_image(axis, a.move[x].now, b.move[y].now);
            sums.kept += times * tensor_overlap(axis, a.move[x], b.move[y]);
        }
    return sums;
}

/* The rows that a tensor is coupled to, a bit each. */
static unsigned tensor_rows(const Outer *outer, int t)
{
    unsigned rows = 0;
    for (int c = 0; c < outer->shape->n_axes[t]; c++)
        for (int x = 0; x < outer->shape->axis[t][c].n; x++)
            rows |= 1u << outer->row_of[outer->shape->axis[t][c].dim[x]];
    return rows;
}

/* Elements that come in at the steps where loop k of the first j goes on. */
static int64_t tensor_moved(const Outer *outer, int t, unsigned rows, int j, int k)
{
    if (!(rows & ((1u << j) - (1u << k))))
        return 0; /* only loops that the tensor does not know move */
    Sums all = {1, 1};
    for (int c = 0; c < outer->shape->n_axes[t]; c++) {
        Sums sums = axis_sums(outer, &outer->shape->axis[t][c], j, k);
        all.now *= sums.now;
        all.kept *= sums.kept;
    }
    int64_t moved = all.now - all.kept;
    for (int r = 0; r <= k; r++)
        if (!(rows >> r & 1))
            moved *= outer->row[r].steps - (r == k);
    return moved;
}

/* The tensor's part in the first step of the first j loops. */
static int64_t tensor_first(const Outer *outer, int t, int j)
{
    int64_t size = 1, length[2];
    for (int c = 0; c < outer->shape->n_axes[t]; c++) {
        const Axis *axis = &outer->shape->axis[t][c];
        for (int x = 0; x < axis->n; x++) {
            int r = outer->row_of[axis->dim[x]];
            length[x] = r < j ? outer->row[r].covered : outer->extent[axis->dim[x]];
        }
        size *= axis->n == 1 ? length[0] : tensor_image(axis, length[0], length[1]);
    }
    return size;
}

static OffchipRow depth_row(const Outer *outer, int t, unsigned rows, int j, int64_t size)
{
    int64_t footprint = tensor_first(outer, t, j), moved = footprint;
    for (int k = 0; k < j; k++)
        moved += tensor_moved(outer, t, rows, j, k);
    if (t == outer->shape->output)
        return (OffchipRow){footprint, moved - size, moved};
    return (OffchipRow){footprint, moved, 0};
}

static void outer_set(Outer *outer, const Layer *layer, const Shape *shape, const Level *level)
{
    outer->shape = shape;
    outer->extent = layer->extent;
    outer->n_rows = 0;
    for (int d = 0; d < shape->n_dims; d++)
        outer->row_of[d] = DIMS_MAX;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        int64_t extent = layer->extent[map->dim];
        if (extent <= map->size)
            continue;
        int64_t covered = map->size * (map->kind == MAP_SPATIAL ? level->children : 1);
        if (extent <= covered)
            continue; /* all chunks at once */
        outer->row_of[map->dim] = outer->n_rows;
        outer->row[outer->n_rows++] = (Row){map->dim, covered, ceil_div(extent, covered)};
    }
}

void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result)
{
    const Level *level = &nest->level[0];
    Outer outer;
    outer_set(&outer, layer, shape, level);
    result->offchip_depths = level->n_maps + 1;
    for (int t = 0; t < shape->n_tensors; t++) {
        unsigned rows = tensor_rows(&outer, t);
        int64_t size = tensor_first(&outer, t, 0);
        OffchipRow row = depth_row(&outer, t, rows, 0, size);
        int j = 0;
        result->offchip[t][0] = row;
        for (int m = 0; m < level->n_maps; m++) {
            bool steps = j < outer.n_rows && outer.row[j].dim == level->map[m].dim;
            j += steps;
            if (steps && rows >> (j - 1) & 1) /* the tensor knows the loop */
                row = depth_row(&outer, t, rows, j, size);
            result->offchip[t][m + 1] = row;
        }
    }
}

/* ---- the choice ------------------------------------------------------------------ */

/* A depth that no other one beats in all of bytes reserved, held and moved. */
typedef struct {
    int depth;
    double need, footprint, traffic;
} Option;

typedef struct {
    int n_tensors;
    double capacity; /* bytes; 0: unlimited */
    int n[TENSORS_MAX];
    Option option[TENSORS_MAX][DIMS_MAX + 1]; /* outer depths first */
    int depth[TENSORS_MAX], best[TENSORS_MAX];
    Option least; /* sums; least.traffic is negative while nothing fits */
} Choice;

static bool beats(const Option *a, const Option *b)
{
    return a->need <= b->need && a->footprint <= b->footprint && a->traffic <= b->traffic;
}

/* Of two that are alike the outer one stays. */
static void add_option(Choice *c, int t, Option option)
{
    int kept = 0;
    for (int k = 0; k < c->n[t]; k++)
        if (beats(&c->option[t][k], &option))
            return;
    for (int k = 0; k < c->n[t]; k++)
        if (!beats(&option, &c->option[t][k]))
            c->option[t][kept++] = c->option[t][k];
    c->option[t][kept++] = option;
    c->n[t] = kept;
}

static void set_options(Choice *c, int t, double bytes, const Result *result)
{
    c->n[t] = 0;
    for (int j = 0; j < result->offchip_depths; j++) {
        const OffchipRow *row = &result->offchip[t][j];
        if (j > 1 && !memcmp(row, row - 1, sizeof *row))
            continue; /* the same as the depth outside it */
        double footprint = (double) row->footprint * bytes;
        add_option(c, t, (Option){j, (j ? 2 : 1) * footprint, footprint,
                                  (double) (row->reads + row->writes) * bytes});
    }
}

/* Less traffic, then a smaller footprint, then less of the buffer reserved. */
static bool better(const Option *a, const Option *b)
{
    if (a->traffic != b->traffic)
        return a->traffic < b->traffic;
    return a->footprint != b->footprint ? a->footprint < b->footprint : a->need < b->need;
}

/* Every tensor its least traffic; false if that does not fit. */
static bool choose_least(Choice *c)
{
    double need = 0;
    for (int t = 0; t < c->n_tensors; t++) {
        const Option *least = &c->option[t][0];
        for (int k = 1; k < c->n[t]; k++)
            if (better(&c->option[t][k], least))
                least = &c->option[t][k];
        c->best[t] = least->depth;
        need += least->need;
    }
    return c->capacity <= 0 || need <= c->capacity;
}

static void choose(Choice *c, int t, Option sum)
{
    if (sum.need > c->capacity || (c->least.traffic >= 0 && sum.traffic > c->least.traffic))
        return;
    if (t == c->n_tensors) {
        if (c->least.traffic < 0 || better(&sum, &c->least)) {
            c->least = sum;
            memcpy(c->best, c->depth, sizeof c->best);
        }
        return;
    }
    for (int k = 0; k < c->n[t]; k++) {
        const Option *o = &c->option[t][k];
        c->depth[t] = o->depth;
        choose(c, t + 1,
               (Option){0, sum.need + o->need, sum.footprint + o->footprint,
                        sum.traffic + o->traffic});
    }
}

void offchip_choose(const Shape *shape, const Machine *machine, Result *result)
{
    Choice c;
    c.n_tensors = shape->n_tensors;
    c.capacity = (double) machine->l2_bytes;
    c.least.traffic = -1;
    for (int t = 0; t < c.n_tensors; t++)
        set_options(&c, t, machine->element_bytes[t], result);
    if (!choose_least(&c)) {
        for (int t = 0; t < c.n_tensors; t++)
            c.best[t] = result->offchip_depths - 1;
        choose(&c, 0, (Option){0, 0, 0, 0});
    }
    for (int t = 0; t < c.n_tensors; t++)
        result->offchip_depth[t] = c.best[t];
}

/* Bytes that move with so much buffer. */
static double traffic_with(const Shape *shape, Machine machine, Result result, int64_t capacity)
{
    double traffic = 0;
    machine.l2_bytes = capacity;
    offchip_choose(shape, &machine, &result);
    for (int t = 0; t < shape->n_tensors; t++) {
        const OffchipRow *row = &result.offchip[t][result.offchip_depth[t]];
        traffic += machine.element_bytes[t] * (double) (row->reads + row->writes);
    }
    return traffic;
}

/* More buffer never moves more, so the next useful capacity is found by halving. */
void offchip_gain(const Layer *layer, const Machine *machine, const Result *result,
                  OffchipGain *gain)
{
    Shape shape;
    int64_t low = machine->l2_bytes, high = INT64_MAX / 4;
    *gain = (OffchipGain){0, 0, 0};
    if (!low)
        return;
    cluster_shape(layer, &shape);
    double now = traffic_with(&shape, *machine, *result, low);
    gain->saved_by_kib = now - traffic_with(&shape, *machine, *result, low + 1024);
    if (traffic_with(&shape, *machine, *result, high) >= now)
        return;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (traffic_with(&shape, *machine, *result, middle) < now)
            high = middle;
        else
            low = middle;
    }
    gain->next_bytes = high;
    gain->saved_by_next = now - traffic_with(&shape, *machine, *result, high);
}
