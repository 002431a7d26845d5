/* Off-chip traffic as a sum over the steps of the outer loops.
 *
 * Between two steps of the first j loops one loop k goes on, those outside it stand
 * still and those between it and j begin again; what is fetched is the new box's
 * image less the old one's.  Both are products over coordinates, so the sum over all
 * positions of the loops is a product of sums, a coordinate at a time. */
#include "engine/offchip.h"

#include <string.h>

/* A level-0 map; steps is 1 if it has one chunk. */
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

typedef enum { STANDS, ADVANCES, WRAPS } Motion;

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
    int64_t full = min64(extent, row->covered), n = row->steps;
    int64_t last = extent - (n - 1) * row->covered, uneven = n > 1 && last != full;
    switch (motion) {
    case STANDS:
        add_move(&moves, full, full, 0, n - uneven);
        add_move(&moves, last, last, 0, uneven);
        break;
    case ADVANCES:
        add_move(&moves, full, full, row->covered, n - 1 - uneven);
        add_move(&moves, last, full, row->covered, uneven);
        break;
    case WRAPS:
        add_move(&moves, full, last, -(n - 1) * row->covered, 1);
        break;
    }
    return moves;
}

typedef struct {
    const Shape *shape;
    const int64_t *extent;
    int n_rows;
    Row row[DIMS_MAX];
    int row_of[DIMS_MAX]; /* -1: the level does not map the dim */
} Outer;

/* Moves of a dim when loop k of the first j goes on; k = -1: nothing moves, the first step. */
static Moves dim_moves(const Outer *outer, int dim, int j, int k)
{
    int row = outer->row_of[dim];
    int64_t extent = outer->extent[dim];
    Moves moves = {1, {{extent, extent, 0}}, {1}};
    if (row < 0 || row >= j)
        return moves;
    if (k < 0) {
        moves.move[0].now = min64(extent, outer->row[row].covered);
        return moves;
    }
    return row_moves(&outer->row[row], extent, row < k ? STANDS : row == k ? ADVANCES : WRAPS);
}

/* Sums over all positions: of the image, and of what of it was there before. */
typedef struct {
    int64_t now, kept;
} Sums;

static Sums axis_sums(const Outer *outer, const Axis *axis, int j, int k)
{
    Sums sums = {0, 0};
    Moves a = dim_moves(outer, axis->dim[0], j, k), b = {1, {{1, 1, 0}}, {1}};
    if (axis->n == 2)
        b = dim_moves(outer, axis->dim[1], j, k);
    for (int x = 0; x < a.n; x++)
        for (int y = 0; y < b.n; y++) {
            int64_t times = a.times[x] * b.times[y];
            sums.now += times * tensor_image(axis, a.move[x].now, b.move[y].now);
            sums.kept += times * tensor_overlap(axis, a.move[x], b.move[y]);
        }
    return sums;
}

/* Elements that come in at the steps where loop k of the first j goes on. */
static int64_t tensor_moved(const Outer *outer, int t, int j, int k)
{
    const Shape *shape = outer->shape;
    bool coupled[DIMS_MAX] = {false};
    Sums all = {1, 1};
    for (int c = 0; c < shape->n_axes[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        Sums sums = axis_sums(outer, axis, j, k);
        all.now *= sums.now;
        all.kept *= sums.kept;
        for (int x = 0; x < axis->n; x++)
            coupled[axis->dim[x]] = true;
    }
    int64_t moved = all.now - all.kept;
    for (int r = 0; r <= k; r++)
        if (!coupled[outer->row[r].dim])
            moved *= outer->row[r].steps - (r == k);
    return moved;
}

static int64_t tensor_first(const Outer *outer, int t, int j)
{
    int64_t size = 1;
    for (int c = 0; c < outer->shape->n_axes[t]; c++)
        size *= axis_sums(outer, &outer->shape->axis[t][c], j, -1).now;
    return size;
}

static void depth_row(const Outer *outer, int t, int j, OffchipRow *row)
{
    int64_t moved = row->footprint = tensor_first(outer, t, j);
    for (int k = 0; k < j; k++)
        if (outer->row[k].steps > 1)
            moved += tensor_moved(outer, t, j, k);
    bool output = t == outer->shape->output;
    row->reads = output ? moved - tensor_first(outer, t, 0) : moved;
    row->writes = output ? moved : 0;
}

void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result)
{
    const Level *level = &nest->level[0];
    Outer outer = {.shape = shape, .extent = layer->extent, .n_rows = level->n_maps};
    memset(outer.row_of, -1, sizeof outer.row_of);
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        int64_t extent = layer->extent[map->dim], size = min64(map->size, extent);
        int64_t across = map->kind == MAP_SPATIAL && size < extent ? level->children : 1;
        int64_t covered = across > extent / size ? extent : size * across;
        outer.row_of[map->dim] = m;
        outer.row[m] = (Row){map->dim, covered, ceil_div(extent, covered)};
    }
    result->offchip_depths = level->n_maps + 1;
    for (int t = 0; t < shape->n_tensors; t++)
        for (int j = 0; j <= level->n_maps; j++) {
            OffchipRow *row = &result->offchip[t][j];
            if (j > 0 && outer.row[j - 1].steps == 1)
                *row = row[-1]; /* a loop of one step changes nothing */
            else
                depth_row(&outer, t, j, row);
        }
}

/* ---- the choice ------------------------------------------------------------------ */

typedef struct {
    const Result *result;
    int n_tensors;
    double capacity; /* bytes; 0: unlimited */
    double bytes[TENSORS_MAX];
    int depth[TENSORS_MAX], best[TENSORS_MAX];
    double best_traffic, best_need; /* negative: nothing fits yet */
} Choice;

static void choose(Choice *c, int t, double need, double traffic)
{
    if (c->capacity > 0 && need > c->capacity)
        return;
    if (c->best_traffic >= 0 && traffic > c->best_traffic)
        return;
    if (t == c->n_tensors) {
        if (c->best_traffic < 0 || traffic < c->best_traffic || need < c->best_need) {
            c->best_traffic = traffic;
            c->best_need = need;
            memcpy(c->best, c->depth, sizeof c->best);
        }
        return;
    }
    for (int j = 0; j < c->result->offchip_depths; j++) {
        const OffchipRow *row = &c->result->offchip[t][j];
        if (j > 1 && !memcmp(row, row - 1, sizeof *row))
            continue; /* the same as the depth outside it */
        c->depth[t] = j;
        choose(c, t + 1, need + (j ? 2 : 1) * (double) row->footprint * c->bytes[t],
               traffic + (double) (row->reads + row->writes) * c->bytes[t]);
    }
}

void offchip_choose(const Layer *layer, const Machine *machine, Result *result)
{
    Choice c = {.result = result,
                .n_tensors = layer->op.n_tensors,
                .capacity = (double) machine->l2_bytes,
                .best_traffic = -1};
    for (int t = 0; t < c.n_tensors; t++) {
        c.bytes[t] = machine->element_bytes[t];
        c.best[t] = result->offchip_depths - 1;
    }
    choose(&c, 0, 0, 0);
    memcpy(result->offchip_depth, c.best, sizeof c.best);
}
