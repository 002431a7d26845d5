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

/* What is indexed with 0 or 1, here and below, is asked for without a branch: which of the two it
 * is is hard to foresee. */

static bool in_set(unsigned set, int d)
{
    return set >> d & 1;
}

/* factor, or 1 */
static inline int64_t power(int64_t factor, bool bit)
{
    return 1 + (factor - 1) * bit;
}

void offchip_loops(const Layer *layer, const Shape *shape, const Nest *nest, Result *result)
{
    OffchipLoops *outer = &result->outer;
    const Level *level = &nest->level[0];
    int n = 0;
    outer->n_maps = level->n_maps;
    outer->loops[0] = outer->depth[0] = 0;
    for (int d = 0; d < shape->n_dims; d++) {
        int64_t extent = layer->extent[d];
        outer->row[d] = (OffchipDim){DIMS_MAX, 1, {extent, extent}, extent};
    }
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        OffchipDim *row = &outer->row[map->dim];
        int64_t extent = row->length[0];
        int64_t children = power(level->children, map->kind == MAP_SPATIAL);
        int64_t covered = min64(map->size * children, extent);
        int64_t before = chain_quotient(extent - 1, covered); /* steps */
        bool several = before > 0;
        row->place = several ? n : DIMS_MAX;
        row->steps = before + 1;
        row->length[1] = covered;
        row->last = extent - before * covered;
        outer->dim[n] = (uint8_t) map->dim;
        outer->depth[n + 1] = (uint8_t) (m + 1);
        n += several;
        outer->loops[m + 1] = (uint8_t) n;
    }
    outer->n_loops = n;
    for (int t = 0; t < shape->n_tensors; t++)
        for (int c = 0; c < shape->n_pairs[t]; c++)
            memcpy(outer->coef[t][c], shape->axis[t][c].coef, sizeof outer->coef[t][c]);
}

/* ---- coordinates of two dims ---- */

/* Where a loop that goes on stands to those of the two dims. */
typedef enum { OUTSIDE, AT_OUTER, BETWEEN, AT_INNER, INSIDE, SPOTS } Spot;

/* Of the two dims the outer one is that whose loop is further out.  `active`: how many of them
 * have a loop among the first j. */
typedef struct {
    const Axis *axis;
    const OffchipDim *outer, *inner;
    bool plain, swapped;    /* the outer one is the axis's second */
    int64_t beyond[2][2];   /* of the outer one and of the inner one, what is beyond the other's
                               coefficient: outside its loop, and summed over all steps */
    int64_t images[3];      /* [active]: over all steps */
    int64_t first[3];       /* of the first step */
    int64_t kept[3][SPOTS]; /* [active][spot]: of what was there before; as far as it is entered */
} Pair;

/* What is in the images now and before, most of which do not reach each other. */
static int64_t pair_common(const Pair *pair, const Move *outer, const Move *inner)
{
    const Axis *axis = pair->axis;
    if (pair->plain)
        return tensor_common(axis, outer, inner);
    const Move *x = pair->swapped ? inner : outer, *y = pair->swapped ? outer : inner;
    int64_t a = axis->coef[0], b = axis->coef[1], start = a * x->shift + b * y->shift;
    if (start > a * (x->before - 1) + b * (y->before - 1) ||
        start + a * (x->now - 1) + b * (y->now - 1) < 0)
        return 0;
    return tensor_overlap(axis, x, y);
}

/* Summed over all steps of the outer dim, while the inner one moves in one way; `moved`, the length
 * of a step, where the outer one advances, or 0. */
static int64_t pair_steps(const Pair *pair, const OffchipDim *row, int64_t moved, const Move *inner)
{
    int64_t size = row->length[1];
    bool rest = row->last < size;
    const Move full = {size, size, moved}, last = {row->last, moved ? size : row->last, moved};
    int64_t kept = (row->steps - rest - (moved > 0)) * pair_common(pair, &full, inner);
    return rest ? kept + pair_common(pair, &last, inner) : kept;
}

/* The inner dim's loop advances, the outer one's stands. */
static int64_t pair_inner(const Pair *pair, const OffchipDim *outer, const OffchipDim *row)
{
    int64_t size = row->length[1];
    bool rest = row->last < size;
    const Move full = {size, size, size}, last = {row->last, size, size};
    int64_t kept = (row->steps - rest - 1) * pair_steps(pair, outer, 0, &full);
    return rest ? kept + pair_steps(pair, outer, 0, &last) : kept;
}

/* Comes to the loop of one of the dims, or of both.  Where the loop of a dim of a plain coordinate
 * advances by what its chunks were long, all but one index of the other stays. */
static void pair_enter(Pair *pair, int active)
{
    const OffchipDim *outer = pair->outer, *inner = pair->inner;
    const Move whole = {inner->length[0], inner->length[0], 0};
    const Move outer_wraps = {outer->length[1], outer->last, outer->last - outer->length[0]};
    const Move inner_wraps = {inner->length[1], inner->last, inner->last - inner->length[0]};
    int64_t *kept = pair->kept[active];
    kept[2 * active] = pair->images[active];
    if (active == 1) {
        kept[OUTSIDE] = pair_common(pair, &outer_wraps, &whole);
        kept[AT_OUTER] = pair->plain ? (outer->steps - 1) * pair->beyond[1][0]
                                     : pair_steps(pair, outer, outer->length[1], &whole);
        return;
    }
    kept[OUTSIDE] = pair_common(pair, &outer_wraps, &inner_wraps);
    kept[AT_OUTER] = pair_steps(pair, outer, outer->length[1], &inner_wraps);
    kept[BETWEEN] = pair_steps(pair, outer, 0, &inner_wraps);
    kept[AT_INNER] =
        pair->plain ? (inner->steps - 1) * pair->beyond[0][1] : pair_inner(pair, outer, inner);
}

/* An image is n*m less what both have beyond. */
static void pair_set(const OffchipLoops *loops, const Axis *axis, Pair *pair)
{
    const OffchipDim *row[2] = {&loops->row[axis->dim[0]], &loops->row[axis->dim[1]]};
    bool swapped = row[1]->place < row[0]->place;
    int64_t all = row[0]->length[0] * row[1]->length[0], first[2];
    int64_t(*beyond)[2] = pair->beyond;
    pair->axis = axis;
    pair->plain = axis_is_plain(axis);
    pair->swapped = swapped;
    for (int x = 0; x < 2; x++) {
        const OffchipDim *one = row[x ^ swapped];
        int64_t skip = axis->coef[1 - (x ^ swapped)];
        first[x] = max64(one->length[1] - skip, 0);
        beyond[x][0] = max64(one->length[0] - skip, 0);
        beyond[x][1] = (one->steps - 1) * first[x] + max64(one->last - skip, 0);
    }
    const OffchipDim *out = pair->outer = row[swapped], *in = pair->inner = row[!swapped];
    pair->images[0] = pair->first[0] = all - beyond[0][0] * beyond[1][0];
    pair->images[1] = all - beyond[0][1] * beyond[1][0];
    pair->images[2] = all - beyond[0][1] * beyond[1][1];
    pair->first[1] = out->length[1] * in->length[0] - first[0] * beyond[1][0];
    pair->first[2] = out->length[1] * in->length[1] - first[0] * first[1];
    pair->kept[0][OUTSIDE] = pair->images[0];
}

/* ---- a tensor ---- */

/* [j]: the image of the first step of the first j loops; what comes in at all of their steps.  Both
 * stay the same where the tensor does not know a loop. */
typedef struct {
    int64_t held[DIMS_MAX + 1], fetched[DIMS_MAX + 1];
} Totals;

/* How many of the first loops are over dims of the set. */
static int first_loops(const OffchipLoops *outer, unsigned dims)
{
    int n = 0;
    while (n < outer->n_loops && in_set(dims, outer->dim[n]))
        n++;
    return n;
}

/* Indices of coordinates of one dim in the first step of the first n loops. */
static int64_t first_indices(const OffchipLoops *outer, unsigned singles, int n)
{
    int64_t held = 1;
    for (; singles; singles &= singles - 1) {
        const OffchipDim *row = &outer->row[__builtin_ctz(singles)];
        held *= row->length[row->place < n];
    }
    return held;
}

/* Without a coordinate of two dims. */
static void single_totals(const OffchipLoops *outer, unsigned dims, int64_t size, Totals *totals)
{
    int64_t steps = 1, fetched = size;
    totals->held[0] = totals->fetched[0] = size;
    for (int k = 0; k < outer->n_loops; k++) {
        bool known = in_set(dims, outer->dim[k]);
        steps *= power(outer->row[outer->dim[k]].steps, !known);
        fetched = known ? size * steps : fetched;
        totals->held[k + 1] = first_indices(outer, dims, k + 1);
        totals->fetched[k + 1] = fetched;
    }
}

/* Of a tensor with coordinates of two dims, its part in the loops: k counts them, j is the first so
 * many. */
typedef struct {
    unsigned dims, singles;      /* sets, as Shape's */
    int64_t indices;             /* of the coordinates of one dim */
    int64_t steps[DIMS_MAX + 1]; /* of those of the first j that it does not know */
    int64_t times[DIMS_MAX];     /* that k goes on, with those of them outside it */
    int n_pairs;
    uint8_t active[COORDS_MAX], spot[DIMS_MAX][COORDS_MAX];
    Pair pair[COORDS_MAX];
} Part;

static void part_set(const OffchipLoops *outer, const Shape *shape, int t, Part *part)
{
    part->dims = shape->dims[t];
    part->singles = shape->singles[t];
    part->steps[0] = 1;
    part->n_pairs = shape->n_pairs[t];
    part->indices = first_indices(outer, part->singles, 0);
    for (int c = 0; c < part->n_pairs; c++) {
        pair_set(outer, &shape->axis[t][c], &part->pair[c]);
        part->active[c] = 0;
    }
}

/* Goes on to loop k, over dim d: where it stands to each coordinate. */
static void part_spots(Part *part, int k, int d)
{
    for (int c = 0; c < part->n_pairs; c++) {
        bool own = in_set(part->pair[c].axis->dims, d);
        part->spot[k][c] = (uint8_t) (2 * part->active[c] + own);
        if (own)
            pair_enter(&part->pair[c], ++part->active[c]);
    }
}

/* What comes in at all steps of the first j loops, the last of which the tensor knows; those from
 * `first` on are not over a coordinate of one dim, but for the last.  *held: the indices of the
 * latter in the first step, and becomes its image. */
static int64_t part_fetched(const Part *part, int first, int j, int64_t *held)
{
    int64_t fetched = part->steps[j];
    for (int c = 0; c < part->n_pairs; c++) {
        fetched *= part->pair[c].images[part->active[c]];
        *held *= part->pair[c].first[part->active[c]];
    }
    for (int k = j - 1; k >= first; k--) {
        int64_t kept = part->times[k];
        for (int c = 0; c < part->n_pairs; c++)
            kept *= part->pair[c].kept[part->active[c]][part->spot[k][c]];
        fetched -= kept;
    }
    return part->indices * fetched;
}

/* The same with coordinates of two dims; no further than to where more than `most` comes in.
 * Returns how many loops that are. */
static int pair_totals(const OffchipLoops *outer, const Shape *shape, int t, int64_t size,
                       int64_t most, Totals *totals)
{
    Part part;
    int64_t steps = 1, held = size, fetched = size;
    int first = 0, k;
    part_set(outer, shape, t, &part);
    totals->held[0] = totals->fetched[0] = size;
    for (k = 0; k < outer->n_loops && fetched <= most; k++) {
        int d = outer->dim[k];
        bool known = in_set(part.dims, d), single = in_set(part.singles, d);
        part.times[k] = known ? steps : (outer->row[d].steps - 1) * steps;
        steps *= power(outer->row[d].steps, !known);
        part.steps[k + 1] = steps;
        part_spots(&part, k, d);
        first = single ? k + 1 : first;
        if (known) {
            held = first_indices(outer, part.singles, k + 1);
            fetched = part_fetched(&part, first, k + 1, &held);
        }
        totals->held[k + 1] = held;
        totals->fetched[k + 1] = fetched;
    }
    return k;
}

/* The first with least traffic, then footprint. */
static int least_total(const Totals *totals, int n)
{
    int best = 0;
    int64_t least = totals->fetched[0], held = totals->held[0];
    for (int j = 1; j <= n; j++) {
        int64_t moved = totals->fetched[j];
        bool less = (moved < least) | ((moved == least) & (totals->held[j] < held));
        best += (j - best) * less;
        least = less ? moved : least;
        held = less ? totals->held[j] : held;
    }
    return best;
}

/* Every output goes up as often as it comes in, but for the first time. */
static OffchipRow row_of(const Shape *shape, int t, int64_t size, int64_t held, int64_t fetched)
{
    bool output = t == shape->output;
    return (OffchipRow){held, fetched - (output ? size : 0), output ? fetched : 0};
}

OffchipRow offchip_whole(const Shape *shape, int tensor, int64_t size)
{
    return row_of(shape, tensor, size, size, size);
}

/* As many of the first loops as the tensor knows, those over coordinates of one dim, move it once.
 * Returns their number. */
static int least_loops(const OffchipLoops *outer, const Shape *shape, int t, int64_t size,
                       int64_t *held)
{
    unsigned singles = shape->singles[t];
    int n = first_loops(outer, singles);
    *held = first_indices(outer, singles, n);
    if (shape->n_pairs[t] == 0)
        return n;
    if (n < outer->n_loops && in_set(shape->dims[t], outer->dim[n])) {
        Totals totals;
        int loops = pair_totals(outer, shape, t, size, size, &totals);
        n = least_total(&totals, loops);
        *held = totals.held[n];
        return n;
    }
    for (int c = 0; c < shape->n_pairs[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        *held *= tensor_image(axis, outer->row[axis->dim[0]].length[0],
                              outer->row[axis->dim[1]].length[0]);
    }
    return n;
}

void offchip_least(const Shape *shape, const Result *result, OffchipKept *kept)
{
    const OffchipLoops *outer = &result->outer;
    for (int t = 0; t < shape->n_tensors; t++) {
        int64_t held, size = result->tensor_size[t];
        int least = least_loops(outer, shape, t, size, &held);
        kept->depth[t] = outer->depth[least];
        kept->row[t] = row_of(shape, t, size, held, size);
    }
}

void offchip_table(const Shape *shape, const Result *result, OffchipTable *table)
{
    const OffchipLoops *outer = &result->outer;
    const int64_t *size = result->tensor_size;
    table->depths = offchip_depths(result);
    for (int t = 0; t < shape->n_tensors; t++) {
        Totals totals;
        if (shape->n_pairs[t] == 0)
            single_totals(outer, shape->dims[t], size[t], &totals);
        else
            pair_totals(outer, shape, t, size[t], INT64_MAX, &totals);
        for (int m = 0; m < table->depths; m++) {
            int j = outer->loops[m];
            table->row[t][m] = row_of(shape, t, size[t], totals.held[j], totals.fetched[j]);
        }
    }
}

void offchip_of(const Layer *layer, const Result *result, OffchipTable *table)
{
    Shape shape;
    cluster_shape(layer, &shape);
    for (int t = 0; t < shape.n_tensors; t++)
        for (int c = 0; c < shape.n_pairs[t]; c++)
            memcpy(shape.axis[t][c].coef, result->outer.coef[t][c], sizeof shape.axis[t][c].coef);
    offchip_table(&shape, result, table);
}

/* ---- bytes ----------------------------------------------------------------------- */

double offchip_bytes(const Shape *shape, const Machine *machine, int tensor, int64_t size,
                     const OffchipRow *row)
{
    if (machine->stays_onchip[tensor])
        return 0;
    double finished = tensor == shape->output ? (double) size : 0;
    double moved = (double) row->reads + (double) row->writes - finished;
    double bits = moved * (double) machine->bits[tensor] + finished * (double) machine->done_bits;
    return shape->density[tensor] * (bits / 8);
}

double offchip_crossings(const Shape *shape, const Machine *machine, int tensor,
                         const OffchipRow *row)
{
    if (machine->stays_onchip[tensor])
        return 0;
    return shape->density[tensor] * ((double) row->reads + (double) row->writes);
}

double offchip_traffic(const Layer *layer, const Machine *machine, const Result *result)
{
    double bytes = 0;
    Shape shape = {.output = layer->op.output};
    cluster_density(layer, &shape);
    for (int t = 0; t < layer->op.n_tensors; t++)
        bytes += offchip_bytes(&shape, machine, t, result->tensor_size[t], &result->offchip.row[t]);
    return bytes;
}
