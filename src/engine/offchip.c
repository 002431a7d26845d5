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

typedef enum { WHOLE, STANDS, ADVANCES, WRAPS, MOTIONS } Motion;

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
    int rows[DIMS_MAX + 1]; /* [m]: among the first m maps */
} Outer;

/* What row r does while loop k of the first j goes on; k = j: at any step. */
static Motion motion(int r, int j, int k)
{
    return r >= j ? WHOLE : r < k ? STANDS : r == k ? ADVANCES : WRAPS;
}

/* A coordinate of two dims.  sum[x][y], where the dims do x and y: over the steps, as far as the
 * axis knows their loops, of the image (of what of it was there before, if one of them moves);
 * -1: not asked for yet. */
typedef struct {
    const Axis *axis;
    int row[2];
    int64_t sum[MOTIONS][MOTIONS];
} Pair;

static int64_t pair_count(const Outer *outer, const Axis *axis, Motion x, Motion y)
{
    int64_t sum = 0;
    Moves a, b;
    row_moves(&outer->row[outer->row_of[axis->dim[0]]], outer->extent[axis->dim[0]], x, &a);
    row_moves(&outer->row[outer->row_of[axis->dim[1]]], outer->extent[axis->dim[1]], y, &b);
    for (int i = 0; i < a.n; i++)
        for (int k = 0; k < b.n; k++)
            sum += a.times[i] * b.times[k] *
                   (x <= STANDS && y <= STANDS
                        ? tensor_image(axis, a.move[i].now, b.move[k].now)
                        : tensor_overlap(axis, &a.move[i], &b.move[k]));
    return sum;
}

/* While loop k of the first j goes on; k = j: at all steps. */
static int64_t pair_sum(const Outer *outer, Pair *pair, int j, int k)
{
    Motion x = motion(pair->row[0], j, k), y = motion(pair->row[1], j, k);
    if (pair->sum[x][y] < 0)
        pair->sum[x][y] = pair_count(outer, pair->axis, x, y);
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
    int n = outer->n_rows;
    part->dims = shape->dims[t];
    part->singles = shape->singles[t];
    part->n_pairs = shape->n_pairs[t];
    for (int c = 0; c < part->n_pairs; c++) {
        Pair *pair = &part->pair[c];
        pair->axis = &shape->axis[t][c];
        pair->row[0] = outer->row_of[pair->axis->dim[0]];
        pair->row[1] = outer->row_of[pair->axis->dim[1]];
        memset(pair->sum, -1, sizeof pair->sum);
    }
    part->inside[n] = 1;
    for (int c = part->n_pairs; c < shape->n_axes[t]; c++) {
        int d = shape->axis[t][c].dim[0];
        part->inside[n] *= outer->row_of[d] == DIMS_MAX ? outer->extent[d] : 1;
    }
    for (int r = n - 1; r >= 0; r--) {
        const Row *row = &outer->row[r];
        part->inside[r] = part->inside[r + 1] * (in_set(part->singles, row->dim) ? row->extent : 1);
    }
    int64_t covered = 1;
    part->steps[0] = 1;
    part->box[0] = part->inside[0];
    for (int r = 0; r < n; r++) {
        const Row *row = &outer->row[r];
        bool single = in_set(part->singles, row->dim), known = in_set(part->dims, row->dim);
        covered *= single ? row->covered : 1;
        part->steps[r + 1] = part->steps[r] * (single ? row->extent : known ? 1 : row->steps);
        part->box[r + 1] = covered * part->inside[r + 1];
    }
}

/* What comes in at all steps of the first j loops, the last of which the tensor knows. */
static int64_t part_fetched(const Outer *outer, Part *part, int j)
{
    int64_t fetched = part->steps[j] * part->inside[j];
    for (int c = 0; c < part->n_pairs; c++)
        fetched *= pair_sum(outer, &part->pair[c], j, j);
    for (int k = j - 1; k >= 0 && !in_set(part->singles, outer->row[k].dim); k--) {
        bool known = in_set(part->dims, outer->row[k].dim);
        int64_t kept = part->steps[k] * part->inside[j] * (known ? 1 : outer->row[k].steps - 1);
        for (int c = 0; c < part->n_pairs; c++)
            kept *= pair_sum(outer, &part->pair[c], j, k);
        fetched -= kept;
    }
    return fetched;
}

/* The image of the first step of the first j loops. */
static int64_t part_first(const Outer *outer, const Part *part, int j)
{
    int64_t size = part->box[j], length[2];
    for (int c = 0; c < part->n_pairs; c++) {
        const Pair *pair = &part->pair[c];
        for (int x = 0; x < 2; x++)
            length[x] = pair->row[x] < j ? outer->row[pair->row[x]].covered
                                         : outer->extent[pair->axis->dim[x]];
        size *= tensor_image(pair->axis, length[0], length[1]);
    }
    return size;
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
        outer->rows[m] = outer->n_rows;
        if (extent <= map->size)
            continue;
        int64_t covered = map->size * (map->kind == MAP_SPATIAL ? level->children : 1);
        if (extent <= covered)
            continue; /* all chunks at once */
        outer->row_of[map->dim] = outer->n_rows;
        outer->row[outer->n_rows++] = (Row){map->dim, covered, extent, ceil_div(extent, covered)};
    }
    outer->rows[level->n_maps] = outer->n_rows;
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
        result->offchip[t][0] = row;
        for (int m = 0; m < level->n_maps; m++) {
            int j = outer.rows[m + 1];
            if (j > outer.rows[m] && in_set(part.dims, level->map[m].dim)) { /* else it stands still */
                int64_t fetched = part_fetched(&outer, &part, j);
                row.footprint = part_first(&outer, &part, j);
                row.reads = output ? fetched - size : fetched;
                row.writes = output ? fetched : 0;
            }
            result->offchip[t][m + 1] = row;
        }
    }
}
