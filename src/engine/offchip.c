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
 * where a coordinate of one dim changes, and all its indices are fetched once for each step of the
 * loops that the tensor does not know. */
#include "engine/offchip.h"

#include <string.h>

#include "engine/overlap.h"

/* A dim at level 0.  What is indexed with 0 or 1, here and below, is asked for without a branch:
 * which of the two it is is hard to foresee. */
typedef struct {
    int place; /* of its loop, from the outermost; DIMS_MAX, inside all, if it takes one step */
    int64_t steps;
    int64_t length[2]; /* what all children have outside the loop, and in a step */
    int64_t last;      /* and in the last one */
} Row;

/* The dims, and the loops that take several steps. */
typedef struct {
    const Shape *shape;
    Row row[DIMS_MAX];
    int n_loops, n_maps;
    int dim[DIMS_MAX + 1];   /* of each loop */
    int loops[DIMS_MAX + 1]; /* [m]: among the first m maps */
} Outer;

static bool in_set(unsigned set, int d)
{
    return set >> d & 1;
}

/* factor, or 1 */
static inline int64_t power(int64_t factor, bool bit)
{
    return 1 + (factor - 1) * bit;
}

static void outer_set(Outer *outer, const Layer *layer, const Shape *shape, const Level *level)
{
    int n = 0;
    outer->shape = shape;
    outer->n_maps = level->n_maps;
    outer->loops[0] = 0;
    for (int d = 0; d < shape->n_dims; d++) {
        int64_t extent = layer->extent[d];
        outer->row[d] = (Row){DIMS_MAX, 1, {extent, extent}, extent};
    }
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        int64_t extent = layer->extent[map->dim];
        int64_t children = power(level->children, map->kind == MAP_SPATIAL);
        int64_t covered = min64(map->size * children, extent);
        int64_t before = chain_quotient(extent - 1, covered); /* steps */
        outer->row[map->dim] =
            (Row){before ? n : DIMS_MAX, before + 1, {extent, covered}, extent - before * covered};
        outer->dim[n] = map->dim;
        n += before > 0;
        outer->loops[m + 1] = n;
    }
    outer->n_loops = n;
}

/* ---- coordinates of two dims ---- */

typedef enum { WHOLE, STANDS, ADVANCES, WRAPS, MOTIONS } Motion;

/* What the loop at a place does while loop k of the first j goes on; k = j: at any step. */
static inline Motion motion(int place, int j, int k)
{
    return (Motion) ((place < j) * (STANDS + (place >= k) + (place > k)));
}

static void row_ways(const Row *row, Motion motion, Ways *ways)
{
    int64_t size = row->length[1], full = row->steps - (row->last < size);
    ways_start(ways);
    switch (motion) {
    case STANDS:
        ways_add(ways, full, size, size, 0);
        ways_add(ways, row->steps - full, row->last, row->last, 0);
        break;
    case ADVANCES:
        ways_add(ways, full - 1, size, size, size);
        ways_add(ways, row->steps - full, row->last, size, size);
        break;
    case WRAPS:
        ways_add(ways, 1, size, row->last, row->last - row->length[0]);
        break;
    default:
        ways_add(ways, 1, row->length[0], row->length[0], 0);
    }
}

/* Of each dim what is beyond the other's coefficient: of the length of a step, summed over all
 * steps; 0 outside the dim's loop, 1 inside. */
typedef struct {
    const Axis *axis;
    bool plain;
    const Row *row[2];
    int64_t all; /* of both extents */
    int64_t first[2][2], beyond[2][2];
    int64_t kept[MOTIONS][MOTIONS]; /* of what was there before; -1: not asked for yet */
} Pair;

static void pair_set(const Outer *outer, const Axis *axis, Pair *pair)
{
    pair->axis = axis;
    pair->plain = axis_is_plain(axis);
    pair->all = 1;
    for (int x = 0; x < 2; x++) {
        const Row *row = pair->row[x] = &outer->row[axis->dim[x]];
        int64_t skip = axis->coef[1 - x];
        pair->all *= row->length[0];
        pair->beyond[x][0] = pair->first[x][0] = max64(row->length[0] - skip, 0);
        pair->first[x][1] = max64(row->length[1] - skip, 0);
        pair->beyond[x][1] = (row->steps - 1) * pair->first[x][1] + max64(row->last - skip, 0);
    }
    memset(pair->kept, -1, sizeof pair->kept);
}

/* Over all steps of the first j loops: tensor_image is n*m less what both have beyond. */
static int64_t pair_images(const Pair *pair, int j)
{
    int x = pair->row[0]->place < j, y = pair->row[1]->place < j;
    return pair->all - pair->beyond[0][x] * pair->beyond[1][y];
}

/* In the first step. */
static int64_t pair_first(const Pair *pair, int j)
{
    int x = pair->row[0]->place < j, y = pair->row[1]->place < j;
    return pair->row[0]->length[x] * pair->row[1]->length[y] -
           pair->first[0][x] * pair->first[1][y];
}

/* While loop k of the first j goes on. */
static int64_t pair_kept(Pair *pair, int j, int k)
{
    Motion x = motion(pair->row[0]->place, j, k), y = motion(pair->row[1]->place, j, k);
    if (x <= STANDS && y <= STANDS)
        return pair->all - pair->beyond[0][x] * pair->beyond[1][y];
    if (pair->plain && x == ADVANCES && y <= STANDS)
        return (pair->row[0]->steps - 1) * pair->beyond[1][y];
    if (pair->plain && y == ADVANCES && x <= STANDS)
        return (pair->row[1]->steps - 1) * pair->beyond[0][x];
    if (pair->kept[x][y] < 0) {
        Ways ways[2];
        row_ways(pair->row[0], x, &ways[0]);
        row_ways(pair->row[1], y, &ways[1]);
        pair->kept[x][y] = overlap_kept(pair->axis, &ways[0], &ways[1]).each;
    }
    return pair->kept[x][y];
}

/* ---- a tensor ---- */

/* Its part in the loops. */
typedef struct {
    unsigned dims, singles;       /* sets, as Shape's */
    int64_t once;                 /* indices of the coordinates of one dim */
    int64_t steps[DIMS_MAX + 1];  /* of those of the first j loops that it does not know */
    int n_own, own[DIMS_MAX + 1]; /* the loops that it knows, from 1 */
    int known[DIMS_MAX + 1];      /* how many of them there are among the first j */
    const Axis *single, *end;     /* coordinates of one dim */
    int n_pairs;
    Pair pair[COORDS_MAX];
} Part;

static void part_set(const Outer *outer, int t, Part *part)
{
    const Shape *shape = outer->shape;
    unsigned dims = shape->dims[t];
    int own = 0;
    int64_t steps = 1;
    part->dims = dims;
    part->singles = shape->singles[t];
    part->n_pairs = shape->n_pairs[t];
    part->single = shape->axis[t] + part->n_pairs;
    part->end = shape->axis[t] + shape->n_axes[t];
    for (int c = 0; c < part->n_pairs; c++)
        pair_set(outer, &shape->axis[t][c], &part->pair[c]);
    part->once = 1;
    for (const Axis *axis = part->single; axis < part->end; axis++)
        part->once *= outer->row[axis->dim[0]].length[0];
    part->steps[0] = 1;
    part->known[0] = 0;
    for (int k = 0; k < outer->n_loops; k++) {
        int d = outer->dim[k];
        bool known = in_set(dims, d);
        steps *= power(outer->row[d].steps, !known);
        part->steps[k + 1] = steps;
        part->own[own] = k + 1;
        own += known;
        part->known[k + 1] = own;
    }
    part->n_own = own;
}

/* Of the coordinates of two dims, at the steps where loop k of the first j goes on. */
static int64_t part_kept(Part *part, int j, int k)
{
    int64_t kept = 1;
    for (int c = 0; c < part->n_pairs && kept; c++)
        kept *= pair_kept(&part->pair[c], j, k);
    return kept;
}

/* What comes in at all steps of the first j loops, the last of which the tensor knows. */
static int64_t part_fetched(const Outer *outer, Part *part, int j)
{
    int64_t fetched = part->steps[j];
    if (part->n_pairs == 0)
        return part->once * fetched;
    for (int c = 0; c < part->n_pairs; c++)
        fetched *= pair_images(&part->pair[c], j);
    for (int k = j - 1; k >= 0 && !in_set(part->singles, outer->dim[k]); k--) {
        int64_t times = in_set(part->dims, outer->dim[k]) ? part->steps[k]
                                                          : part->steps[k + 1] - part->steps[k];
        fetched -= times * part_kept(part, j, k);
    }
    return part->once * fetched;
}

/* The image of the first step of the first j loops. */
static int64_t part_first(const Outer *outer, const Part *part, int j)
{
    int64_t size = 1;
    for (const Axis *axis = part->single; axis < part->end; axis++) {
        const Row *row = &outer->row[axis->dim[0]];
        size *= row->length[row->place < j];
    }
    for (int c = 0; c < part->n_pairs; c++)
        size *= pair_first(&part->pair[c], j);
    return size;
}

/* The rows of the loops that the tensor knows, and in rows[0] that of none; returns which has least
 * traffic, then footprint. */
static int part_rows(const Outer *outer, Part *part, int64_t size, bool output, OffchipRow *rows)
{
    int best = 0;
    uint64_t least = (uint64_t) size;
    int64_t held = size, known = output ? size : 0;
    rows[0] = (OffchipRow){size, size - known, known};
    for (int i = 0; i < part->n_own; i++) {
        int64_t fetched = part_fetched(outer, part, part->own[i]);
        OffchipRow row = {part_first(outer, part, part->own[i]), fetched - known,
                          output ? fetched : 0};
        uint64_t moved = (uint64_t) row.reads + (uint64_t) row.writes;
        bool less = (moved < least) | ((moved == least) & (row.footprint < held));
        best += less * (i + 1 - best);
        least -= less * (least - moved);
        held -= less * (held - row.footprint);
        rows[i + 1] = row;
    }
    return best;
}

/* Where a map's loop takes one step or the tensor does not know it, it stands still. */
void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result)
{
    Outer outer;
    outer_set(&outer, layer, shape, &nest->level[0]);
    result->offchip_depths = outer.n_maps + 1;
    for (int t = 0; t < shape->n_tensors; t++) {
        Part part;
        OffchipRow rows[DIMS_MAX + 1];
        part_set(&outer, t, &part);
        int least = part_rows(&outer, &part, result->tensor_size[t], t == shape->output, rows);
        for (int m = outer.n_maps; m >= 0; m--) {
            int row = part.known[outer.loops[m]];
            result->offchip[t][m] = rows[row];
            result->offchip_least[t] = row == least ? m : result->offchip_least[t];
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
