/* Off-chip traffic as a sum over the steps of the outer loops.
 *
 * Between two steps of the first j loops one loop k goes on, those outside it stand
 * still and those between it and j begin again; what is fetched is the new box's
 * image less what of it was in the old one:
 *
 *     fetched = sum over all steps of the image
 *             - sum over k, over the steps where loop k goes on, of what is kept
 *
 * All are products over coordinates, so the sum over all positions of the loops is a product
 * of sums, a coordinate at a time.  Chunks of a dim are the same or disjoint: nothing is kept
 * where a coordinate of one dim changes. */
#include "engine/offchip.h"

#include <string.h>

/* A dim at level 0. */
typedef struct {
    int place; /* of its loop, from the outermost; DIMS_MAX, inside all, if it takes one step */
    int64_t extent, steps;
    int64_t covered; /* what all children together take in one step */
    int64_t last;    /* and in the last one */
    bool uneven;     /* which is less */
} Row;

typedef enum { WHOLE, STANDS, ADVANCES, WRAPS, MOTIONS } Motion;

/* In how many ways the dim moves: the last step is another one if it takes less. */
static inline int row_ways(const Row *row, Motion motion)
{
    return motion == STANDS || motion == ADVANCES ? 1 + row->uneven : 1;
}

/* How it moves, and how often. */
static inline int64_t row_move(const Row *row, Motion motion, int way, Move *move)
{
    int64_t now = way ? row->last : row->covered;
    switch (motion) {
    case STANDS:
        *move = (Move){now, now, 0};
        return way ? 1 : row->steps - row->uneven;
    case ADVANCES:
        *move = (Move){now, row->covered, row->covered};
        return way ? 1 : row->steps - 1 - row->uneven;
    case WRAPS:
        *move = (Move){now, row->last, row->last - row->extent};
        return 1;
    default:
        *move = (Move){row->extent, row->extent, 0};
        return 1;
    }
}

/* The dims, and the loops that take several steps. */
typedef struct {
    const Shape *shape;
    Row row[DIMS_MAX];
    int n_loops;
    int dim[DIMS_MAX];       /* of each loop */
    int loops[DIMS_MAX + 1]; /* [m]: among the first m maps */
} Outer;

/* What the loop at a place does while loop k of the first j goes on; k = j: at any step. */
static inline Motion motion(int place, int j, int k)
{
    return place >= j ? WHOLE : place < k ? STANDS : place == k ? ADVANCES : WRAPS;
}

/* A coordinate of two dims.  sum[x][y], where the dims do x and y: over the steps, as far as the
 * axis knows their loops, of the image (of what of it was there before, if one of them moves);
 * -1: not asked for yet. */
typedef struct {
    const Axis *axis;
    const Row *row[2];
    int64_t sum[MOTIONS][MOTIONS];
} Pair;

static int64_t pair_count(const Pair *pair, Motion x, Motion y)
{
    const Axis *axis = pair->axis;
    int ways_x = row_ways(pair->row[0], x), ways_y = row_ways(pair->row[1], y);
    int64_t sum = 0;
    for (int a = 0; a < ways_x; a++)
        for (int b = 0; b < ways_y; b++) {
            Move i, j;
            int64_t times = row_move(pair->row[0], x, a, &i) * row_move(pair->row[1], y, b, &j);
            sum += times * (x <= STANDS && y <= STANDS ? tensor_image(axis, i.now, j.now)
                                                       : tensor_overlap(axis, &i, &j));
        }
    return sum;
}

/* While loop k of the first j goes on; k = j: at all steps. */
static inline int64_t pair_sum(Pair *pair, int j, int k)
{
    Motion x = motion(pair->row[0]->place, j, k), y = motion(pair->row[1]->place, j, k);
    if (pair->sum[x][y] < 0)
        pair->sum[x][y] = pair_count(pair, x, y);
    return pair->sum[x][y];
}

/* A tensor's part in the loops; arrays by the number of loops, from the outermost, that go on. */
typedef struct {
    unsigned dims, singles;       /* sets, as Shape's */
    int64_t steps[DIMS_MAX + 1];  /* indices of coordinates of one dim, and repetitions, that the
                                     loops go through */
    int64_t inside[DIMS_MAX + 1]; /* indices of those that they do not divide */
    int64_t box[DIMS_MAX + 1];    /* of all in a full step */
    int n_pairs;
    Pair pair[COORDS_MAX];
} Part;

static bool in_set(unsigned set, int d)
{
    return set >> d & 1;
}

static void part_set(const Outer *outer, int t, Part *part)
{
    const Shape *shape = outer->shape;
    const Axis *axis = shape->axis[t];
    int n = outer->n_loops;
    int64_t inside = 1, covered = 1;
    part->dims = shape->dims[t];
    part->singles = shape->singles[t];
    part->n_pairs = shape->n_pairs[t];
    for (int c = 0; c < part->n_pairs; c++) {
        Pair *pair = &part->pair[c];
        pair->axis = &axis[c];
        pair->row[0] = &outer->row[axis[c].dim[0]];
        pair->row[1] = &outer->row[axis[c].dim[1]];
        memset(pair->sum, -1, sizeof pair->sum);
    }
    for (int c = part->n_pairs; c < shape->n_axes[t]; c++) {
        const Row *row = &outer->row[axis[c].dim[0]];
        inside *= row->place == DIMS_MAX ? row->extent : 1;
    }
    part->inside[n] = inside;
    for (int r = n - 1; r >= 0; r--) {
        inside *= in_set(part->singles, outer->dim[r]) ? outer->row[outer->dim[r]].extent : 1;
        part->inside[r] = inside;
    }
    part->steps[0] = 1;
    part->box[0] = inside;
    for (int r = 0; r < n; r++) {
        int d = outer->dim[r];
        const Row *row = &outer->row[d];
        int64_t through = in_set(part->dims, d) ? 1 : row->steps;
        if (in_set(part->singles, d)) {
            covered *= row->covered;
            through = row->extent;
        }
        part->steps[r + 1] = part->steps[r] * through;
        part->box[r + 1] = covered * part->inside[r + 1];
    }
}

/* What comes in at all steps of the first j loops, the last of which the tensor knows. */
static int64_t part_fetched(const Outer *outer, Part *part, int j)
{
    int64_t fetched = part->steps[j] * part->inside[j];
    for (int c = 0; c < part->n_pairs; c++)
        fetched *= pair_sum(&part->pair[c], j, j);
    for (int k = j - 1; k >= 0 && !in_set(part->singles, outer->dim[k]); k--) {
        bool known = in_set(part->dims, outer->dim[k]);
        int64_t kept = part->steps[k] * part->inside[j];
        if (!known)
            kept *= outer->row[outer->dim[k]].steps - 1;
        for (int c = 0; c < part->n_pairs; c++)
            kept *= pair_sum(&part->pair[c], j, k);
        fetched -= kept;
    }
    return fetched;
}

/* The image of the first step of the first j loops. */
static int64_t part_first(const Part *part, int j)
{
    int64_t size = part->box[j];
    for (int c = 0; c < part->n_pairs; c++) {
        const Row *a = part->pair[c].row[0], *b = part->pair[c].row[1];
        size *= tensor_image(part->pair[c].axis, a->place < j ? a->covered : a->extent,
                             b->place < j ? b->covered : b->extent);
    }
    return size;
}

static void outer_set(Outer *outer, const Layer *layer, const Shape *shape, const Level *level)
{
    outer->shape = shape;
    outer->n_loops = 0;
    for (int d = 0; d < shape->n_dims; d++) {
        int64_t extent = layer->extent[d];
        outer->row[d] = (Row){DIMS_MAX, extent, 1, extent, extent, false};
    }
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        int64_t extent = layer->extent[map->dim];
        int64_t covered = map->size * (map->kind == MAP_SPATIAL ? level->children : 1);
        outer->loops[m] = outer->n_loops;
        if (extent <= covered)
            continue; /* all chunks at once */
        int64_t steps = ceil_div(extent, covered), last = extent - (steps - 1) * covered;
        outer->row[map->dim] = (Row){outer->n_loops, extent, steps, covered, last, last != covered};
        outer->dim[outer->n_loops++] = map->dim;
    }
    outer->loops[level->n_maps] = outer->n_loops;
}

void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result)
{
    const Level *level = &nest->level[0];
    Outer outer;
    outer_set(&outer, layer, shape, level);
    result->offchip_depths = level->n_maps + 1;
    for (int t = 0; t < shape->n_tensors; t++) {
        bool output = t == shape->output;
        int64_t size = result->tensor_size[t];
        Part part;
        part_set(&outer, t, &part);
        OffchipRow row = {size, output ? 0 : size, output ? size : 0};
        uint64_t least = (uint64_t) size;
        result->offchip[t][0] = row;
        result->offchip_least[t] = 0;
        for (int m = 0; m < level->n_maps; m++) {
            int j = outer.loops[m + 1];
            if (j > outer.loops[m] &&
                in_set(part.dims, level->map[m].dim)) { /* else it stands still */
                int64_t fetched = part_fetched(&outer, &part, j);
                uint64_t moved = (uint64_t) fetched + (uint64_t) (output ? fetched - size : 0);
                row = (OffchipRow){part_first(&part, j), output ? fetched - size : fetched,
                                   output ? fetched : 0};
                if (moved < least ||
                    (moved == least &&
                     row.footprint < result->offchip[t][result->offchip_least[t]].footprint)) {
                    least = moved;
                    result->offchip_least[t] = m + 1;
                }
            }
            result->offchip[t][m + 1] = row;
        }
    }
}

/* ---- bytes ----------------------------------------------------------------------- */

double offchip_bytes(const Shape *shape, const Machine *machine, const Result *result, int tensor,
                     int depth)
{
    const OffchipRow *row = &result->offchip[tensor][depth];
    if (machine->stays_onchip[tensor])
        return 0;
    double size = tensor == shape->output ? (double) result->tensor_size[tensor] : 0;
    double moved = (double) row->reads + (double) row->writes - size;
    double bits = moved * (double) machine->bits[tensor] + size * (double) machine->done_bits;
    return shape->density[tensor] * (bits / 8);
}

double offchip_traffic(const Layer *layer, const Machine *machine, const Result *result)
{
    double bytes = 0;
    Shape shape = {.output = layer->op.output};
    cluster_density(layer, &shape);
    for (int t = 0; t < layer->op.n_tensors; t++)
        bytes += offchip_bytes(&shape, machine, result, t, result->offchip_depth[t]);
    return bytes;
}
