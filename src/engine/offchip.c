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
    int64_t extent, steps;
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

static void row_moves(const Row *row, int64_t extent, Motion motion, Moves *moves)
{
    moves->n = 0;
    if (motion == WHOLE) {
        add_move(moves, extent, extent, 0, 1);
        return;
    }
    int64_t full = row->covered, n = row->steps;
    int64_t last = extent - (n - 1) * full, uneven = last != full;
    switch (motion) {
    case STANDS:
        add_move(moves, full, full, 0, n - uneven);
        add_move(moves, last, last, 0, uneven);
        break;
    case ADVANCES:
        add_move(moves, full, full, full, n - 1 - uneven);
        add_move(moves, last, full, full, uneven);
        break;
    default:
        add_move(moves, full, last, -(n - 1) * full, 1);
    }
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

/* Of an axis of two dims; `kept` only if it is asked for. */
static Sums pair_sums(const Outer *outer, const Axis *axis, int j, int k, bool keep)
{
    int r0 = outer->row_of[axis->dim[0]], r1 = outer->row_of[axis->dim[1]];
    int64_t e0 = outer->extent[axis->dim[0]], e1 = outer->extent[axis->dim[1]];
    Sums sums = {0, 0};
    Moves a, b;
    if (r0 >= j && r1 >= j) {
        int64_t whole = tensor_image(axis, e0, e1);
        return (Sums){whole, whole};
    }
    row_moves(&outer->row[r0], e0, motion(r0, j, k), &a);
    row_moves(&outer->row[r1], e1, motion(r1, j, k), &b);
    for (int x = 0; x < a.n; x++)
        for (int y = 0; y < b.n; y++) {
            int64_t times = a.times[x] * b.times[y];
            sums.now += times * tensor_image(axis, a.move[x].now, b.move[y].now);
            if (keep)
                sums.kept += times * tensor_overlap(axis, a.move[x], b.move[y]);
        }
    return sums;
}

/* A tensor's part in the loops: sets of rows have a bit for each. */
typedef struct {
    const Axis *axis;
    int n_pairs, n_axes;
    unsigned rows;    /* that it is coupled to */
    unsigned singles; /* those by a coordinate of their own */
    int64_t size;
    int64_t outside[DIMS_MAX + 1]; /* [k]: what the loops outside k go through */
} Part;

static void part_set(const Outer *outer, int t, Part *part)
{
    part->axis = outer->shape->axis[t];
    part->n_pairs = outer->shape->n_pairs[t];
    part->n_axes = outer->shape->n_axes[t];
    part->rows = part->singles = 0;
    for (int c = 0; c < part->n_axes; c++)
        for (int x = 0; x < part->axis[c].n; x++)
            part->rows |= 1u << outer->row_of[part->axis[c].dim[x]];
    for (int c = part->n_pairs; c < part->n_axes; c++)
        part->singles |= 1u << outer->row_of[part->axis[c].dim[0]];
    part->outside[0] = 1;
    for (int r = 0; r < outer->n_rows; r++) {
        const Row *row = &outer->row[r];
        int64_t through = part->singles >> r & 1 ? row->extent
                          : part->rows >> r & 1  ? 1
                                                 : row->steps;
        part->outside[r + 1] = part->outside[r] * through;
    }
}

/* The coordinates that none of the first j loops divides. */
static int64_t part_inside(const Outer *outer, const Part *part, int j)
{
    int64_t size = 1;
    for (int c = part->n_pairs; c < part->n_axes; c++) {
        int d = part->axis[c].dim[0];
        size *= outer->row_of[d] >= j ? outer->extent[d] : 1;
    }
    return size;
}

/* Elements that come in at the steps where loop k of the first j goes on, per index of the
 * coordinates of one dim that begin again or stay whole. */
static int64_t part_moved(const Outer *outer, const Part *part, int j, int k)
{
    const Row *row = &outer->row[k];
    unsigned moving = (1u << j) - (1u << k);
    if (!(part->rows & moving))
        return 0;                          /* only loops that the tensor does not know move */
    bool keep = !(part->singles & moving); /* else all is new: chunks are the same or disjoint */
    Sums all = {1, 1};
    for (int c = 0; c < part->n_pairs; c++) {
        Sums sums = pair_sums(outer, &part->axis[c], j, k, keep);
        all.now *= sums.now;
        all.kept *= sums.kept;
    }
    int64_t goes_on = part->singles >> k & 1 ? row->extent - row->covered
                      : part->rows >> k & 1  ? 1
                                             : row->steps - 1;
    return part->outside[k] * goes_on * (keep ? all.now - all.kept : all.now);
}

/* The pairs' images in the first step of the first j loops. */
static int64_t part_first(const Outer *outer, const Part *part, int j)
{
    int64_t size = 1, length[2];
    for (int c = 0; c < part->n_pairs; c++) {
        const Axis *axis = &part->axis[c];
        for (int x = 0; x < 2; x++) {
            int r = outer->row_of[axis->dim[x]];
            length[x] = r < j ? outer->row[r].covered : outer->extent[axis->dim[x]];
        }
        size *= tensor_image(axis, length[0], length[1]);
    }
    return size;
}

static OffchipRow depth_row(const Outer *outer, const Part *part, int j, bool output)
{
    int64_t again = part_inside(outer, part, j), moved = 0;
    for (int k = j - 1; k >= 0; k--) {
        moved += again * part_moved(outer, part, j, k);
        if (part->singles >> k & 1)
            again *= outer->row[k].covered;
    }
    int64_t footprint = again * part_first(outer, part, j);
    moved += footprint;
    return output ? (OffchipRow){footprint, moved - part->size, moved}
                  : (OffchipRow){footprint, moved, 0};
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
        outer->row[outer->n_rows++] = (Row){map->dim, covered, extent, ceil_div(extent, covered)};
    }
}

void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result)
{
    const Level *level = &nest->level[0];
    Outer outer;
    outer_set(&outer, layer, shape, level);
    result->offchip_depths = level->n_maps + 1;
    for (int t = 0; t < shape->n_tensors; t++) {
        bool output = t == shape->output;
        Part part;
        part_set(&outer, t, &part);
        part.size = result->tensor_size[t];
        OffchipRow row = {part.size, output ? 0 : part.size, output ? part.size : 0};
        int j = 0;
        result->offchip[t][0] = row;
        for (int m = 0; m < level->n_maps; m++) {
            bool steps = j < outer.n_rows && outer.row[j].dim == level->map[m].dim;
            j += steps;
            if (steps && part.rows >> (j - 1) & 1) /* the tensor knows the loop */
                row = depth_row(&outer, &part, j, output);
            result->offchip[t][m + 1] = row;
        }
    }
}
