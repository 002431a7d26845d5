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
    unsigned looped; /* dims with a loop */
    int n_loops, n_maps;
    int dim[DIMS_MAX + 1];   /* of each loop */
    int loops[DIMS_MAX + 1]; /* [m]: among the first m maps */
    int depth[DIMS_MAX + 2]; /* [j]: the first m with j of them */
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
    outer->loops[0] = outer->depth[0] = 0;
    outer->looped = 0;
    for (int d = 0; d < shape->n_dims; d++) {
        int64_t extent = layer->extent[d];
        outer->row[d] = (Row){DIMS_MAX, 1, {extent, extent}, extent};
    }
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        Row *row = &outer->row[map->dim];
        int64_t extent = row->length[0];
        int64_t children = power(level->children, map->kind == MAP_SPATIAL);
        int64_t covered = min64(map->size * children, extent);
        int64_t before = chain_quotient(extent - 1, covered); /* steps */
        bool several = before > 0;
        row->place = several ? n : DIMS_MAX;
        row->steps = before + 1;
        row->length[1] = covered;
        row->last = extent - before * covered;
        outer->looped |= (unsigned) several << map->dim;
        outer->dim[n] = map->dim;
        outer->depth[n + 1] = m + 1;
        n += several;
        outer->loops[m + 1] = n;
    }
    outer->n_loops = n;
}

/* ---- coordinates of two dims ---- */

/* Where a loop that goes on stands to those of the two dims. */
typedef enum { OUTSIDE, AT_OUTER, BETWEEN, AT_INNER, INSIDE, SPOTS } Spot;

/* Of the two dims the outer one is that whose loop is further out.  `active`: how many of them
 * have a loop among the first j. */
typedef struct {
    const Axis *axis;
    bool plain, swapped;    /* the outer one is the axis's second */
    int place[2];           /* of the outer one's loop and of the inner one's */
    int64_t images[3];      /* [active]: over all steps */
    int64_t first[3];       /* of the first step */
    int64_t kept[3][SPOTS]; /* [active][spot]: of what was there before */
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
static int64_t pair_steps(const Pair *pair, const Row *row, int64_t moved, const Move *inner)
{
    int64_t size = row->length[1];
    bool rest = row->last < size;
    const Move full = {size, size, moved}, last = {row->last, moved ? size : row->last, moved};
    int64_t kept = (row->steps - rest - (moved > 0)) * pair_common(pair, &full, inner);
    return rest ? kept + pair_common(pair, &last, inner) : kept;
}

/* The inner dim's loop advances, the outer one's stands. */
static int64_t pair_inner(const Pair *pair, const Row *outer, const Row *row)
{
    int64_t size = row->length[1];
    bool rest = row->last < size;
    const Move full = {size, size, size}, last = {row->last, size, size};
    int64_t kept = (row->steps - rest - 1) * pair_steps(pair, outer, 0, &full);
    return rest ? kept + pair_steps(pair, outer, 0, &last) : kept;
}

/* Where the loop of a dim of a plain coordinate advances by what its chunks were long, all but one
 * index of the other stays.  `beyond`: of the dims what is beyond the other's coefficient, summed
 * over all steps; 0 outside the loop, 1 inside. */
static void pair_moves(Pair *pair, const Row *outer, const Row *inner, const int64_t beyond[2][2])
{
    const Move whole = {inner->length[0], inner->length[0], 0};
    const Move outer_wraps = {outer->length[1], outer->last, outer->last - outer->length[0]};
    const Move inner_wraps = {inner->length[1], inner->last, inner->last - inner->length[0]};
    if (pair->place[0] == DIMS_MAX)
        return;
    pair->kept[1][OUTSIDE] = pair_common(pair, &outer_wraps, &whole);
    pair->kept[1][AT_OUTER] = pair->plain ? (outer->steps - 1) * beyond[1][0]
                                          : pair_steps(pair, outer, outer->length[1], &whole);
    if (pair->place[1] == DIMS_MAX)
        return;
    pair->kept[2][OUTSIDE] = pair_common(pair, &outer_wraps, &inner_wraps);
    pair->kept[2][AT_OUTER] = pair_steps(pair, outer, outer->length[1], &inner_wraps);
    pair->kept[2][BETWEEN] = pair_steps(pair, outer, 0, &inner_wraps);
    pair->kept[2][AT_INNER] =
        pair->plain ? (inner->steps - 1) * beyond[0][1] : pair_inner(pair, outer, inner);
}

/* An image is n*m less what both have beyond. */
static void pair_set(const Outer *outer, const Axis *axis, Pair *pair)
{
    const Row *row[2] = {&outer->row[axis->dim[0]], &outer->row[axis->dim[1]]};
    bool swapped = row[1]->place < row[0]->place;
    int64_t all = row[0]->length[0] * row[1]->length[0], beyond[2][2], first[2];
    pair->axis = axis;
    pair->plain = axis_is_plain(axis);
    pair->swapped = swapped;
    for (int x = 0; x < 2; x++) {
        const Row *one = row[x ^ swapped];
        int64_t skip = axis->coef[1 - (x ^ swapped)];
        pair->place[x] = one->place;
        first[x] = max64(one->length[1] - skip, 0);
        beyond[x][0] = max64(one->length[0] - skip, 0);
        beyond[x][1] = (one->steps - 1) * first[x] + max64(one->last - skip, 0);
    }
    const Row *out = row[swapped], *in = row[!swapped];
    pair->images[0] = pair->first[0] = all - beyond[0][0] * beyond[1][0];
    pair->images[1] = all - beyond[0][1] * beyond[1][0];
    pair->images[2] = all - beyond[0][1] * beyond[1][1];
    pair->first[1] = out->length[1] * in->length[0] - first[0] * beyond[1][0];
    pair->first[2] = out->length[1] * in->length[1] - first[0] * first[1];
    for (int active = 0; active < 3; active++)
        pair->kept[active][2 * active] = pair->images[active];
    pair_moves(pair, out, in, beyond);
}

/* ---- a tensor ---- */

/* [j]: the image of the first step of the first j loops; what comes in at all of their steps.  Both
 * stay the same where the tensor does not know a loop. */
typedef struct {
    int64_t held[DIMS_MAX + 1], fetched[DIMS_MAX + 1];
} Totals;

/* inside[j]: indices of the coordinates of one dim without those of the first j loops. */
static void set_inside(const Outer *outer, unsigned singles, int64_t inside[DIMS_MAX + 1])
{
    int64_t product = 1;
    for (unsigned rest = singles & ~outer->looped; rest; rest &= rest - 1)
        product *= outer->row[__builtin_ctz(rest)].length[0];
    for (int k = outer->n_loops - 1; k >= 0; k--) {
        int d = outer->dim[k];
        inside[k + 1] = product;
        product *= power(outer->row[d].length[0], in_set(singles, d));
    }
    inside[0] = product;
}

/* Without a coordinate of two dims, and without a branch on what the tensor knows.  Least traffic,
 * then footprint, have the first loops that it all knows; returns their number. */
static int single_totals(const Outer *outer, int t, Totals *totals)
{
    unsigned dims = outer->shape->dims[t];
    int64_t inside[DIMS_MAX + 1], head = 1, steps = 1;
    int least = 0;
    set_inside(outer, dims, inside);
    int64_t size = inside[0], fetched = size;
    totals->held[0] = totals->fetched[0] = size;
    for (int k = 0; k < outer->n_loops; k++) {
        const Row *row = &outer->row[outer->dim[k]];
        bool known = in_set(dims, outer->dim[k]);
        head *= power(row->length[1], known);
        steps *= power(row->steps, !known);
        fetched += (size * steps - fetched) & -(int64_t) known;
        totals->held[k + 1] = head * inside[k + 1];
        totals->fetched[k + 1] = fetched;
        least += steps == 1;
    }
    return least;
}

/* Of a tensor with coordinates of two dims, its part in the loops: k counts them, j is the first so
 * many. */
typedef struct {
    unsigned dims, singles;       /* sets, as Shape's */
    int64_t inside[DIMS_MAX + 1]; /* as above */
    int64_t steps[DIMS_MAX + 1];  /* of those of the first j that it does not know */
    int64_t times[DIMS_MAX];      /* that k goes on, with those of them outside it */
    int n_pairs;
    uint8_t active[COORDS_MAX], spot[DIMS_MAX][COORDS_MAX];
    Pair pair[COORDS_MAX];
} Part;

static void part_set(const Outer *outer, int t, Part *part)
{
    const Shape *shape = outer->shape;
    part->dims = shape->dims[t];
    part->singles = shape->singles[t];
    part->steps[0] = 1;
    part->n_pairs = shape->n_pairs[t];
    set_inside(outer, part->singles, part->inside);
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
        part->active[c] += own;
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
    return part->inside[0] * fetched;
}

static void pair_totals(const Outer *outer, int t, int64_t size, Totals *totals)
{
    Part part;
    int64_t head = 1, steps = 1, held = size, fetched = size;
    int first = 0;
    part_set(outer, t, &part);
    totals->held[0] = totals->fetched[0] = size;
    for (int k = 0; k < outer->n_loops; k++) {
        int d = outer->dim[k];
        bool known = in_set(part.dims, d), single = in_set(part.singles, d);
        head *= power(outer->row[d].length[1], single);
        part.times[k] = known ? steps : (outer->row[d].steps - 1) * steps;
        steps *= power(outer->row[d].steps, !known);
        part.steps[k + 1] = steps;
        part_spots(&part, k, d);
        first = single ? k + 1 : first;
        if (known) {
            held = head * part.inside[k + 1];
            fetched = part_fetched(&part, first, k + 1, &held);
        }
        totals->held[k + 1] = held;
        totals->fetched[k + 1] = fetched;
    }
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
static void set_rows(const Outer *outer, const Totals *totals, int64_t known, OffchipRow *rows)
{
    int64_t goes_up = -(int64_t) (known > 0); /* a mask */
    for (int m = 0; m <= outer->n_maps; m++) {
        int64_t fetched = totals->fetched[outer->loops[m]];
        rows[m].footprint = totals->held[outer->loops[m]];
        rows[m].reads = fetched - known;
        rows[m].writes = fetched & goes_up;
    }
}

void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result)
{
    Outer outer;
    outer_set(&outer, layer, shape, &nest->level[0]);
    result->offchip_depths = outer.n_maps + 1;
    for (int t = 0; t < shape->n_tensors; t++) {
        Totals totals;
        int64_t size = result->tensor_size[t];
        int least;
        if (shape->n_pairs[t] == 0) {
            least = single_totals(&outer, t, &totals);
        } else {
            pair_totals(&outer, t, size, &totals);
            least = least_total(&totals, outer.n_loops);
        }
        result->offchip_least[t] = outer.depth[least];
        set_rows(&outer, &totals, t == shape->output ? size : 0, result->offchip[t]);
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

double offchip_crossings(const Shape *shape, const Machine *machine, const Result *result,
                         int tensor, int depth)
{
    const OffchipRow *row = &result->offchip[tensor][depth];
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
        bytes += offchip_bytes(&shape, machine, result, t, result->offchip_depth[t]);
    return bytes;
}
