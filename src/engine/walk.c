/* Every step but the first advances exactly one loop k: the loops outside it stand, those inside
 * go from their last step back to the first.  A unit's tile is a product over groups g of dims (the
 * two of a coordinate, or one), and so is what it has kept of the tile before.  So over the layer
 *
 *     fills = sum over steps of |tile| - sum over k of the sum over k's steps of |kept|
 *           = prod over g of T_g       - sum over k of (prod over g of B_g(k))
 *
 *     T_g     sum over all chunks of g's image; the number of chunks of a dim that the tensor lacks
 *
 *     B_g(k)  the same over the chunks that are met when k advances, of what was there before
 *
 * For reads that reach all units with one parent at once, T and B are of the union of the units'
 * images, and of what none of the units lacked before.
 *
 * A coordinate of one dim keeps nothing where one of its loops of several steps moves, so going
 * from the innermost loop outwards most tensors are done after a few loops.  Loops over other dims
 * that follow each other telescope: for them B(k) is the product with k anywhere, less that with k
 * at its first step. */
#include "engine/walk.h"

#include <string.h>

/* Sets of dims have a bit for each. */
static bool has_dim(unsigned set, int d)
{
    return set >> d & 1;
}

/* A tensor on the way from the innermost loop outwards. */
typedef struct {
    Counts *counts;
    unsigned singles, others; /* dims that are coordinates on their own; that the tensor lacks */
    const Axis *single_axis, *end_axis; /* the former */
    int n_others;
    const int *other;
    unsigned far;            /* dims whose sums are Counts.far */
    uint8_t outer[DIMS_MAX]; /* of each dim's loops, those that stand */
    int n_pairs;
    CountPair *pair;
    int64_t single;     /* product over the coordinates of one dim */
    int64_t each, once; /* number of units and positions of the others */
    int64_t kept_each, kept_once;
    bool ragged;
} Walk;

/* ---- a coordinate of two dims, while loops go on ---- */

/* tensor_image is n*m less the product of what is beyond the other's coefficient. */
static Kept pair_all(const Counts *s, const Axis *axis, int across)
{
    int64_t all = 1, each = 1, once = 1;
    for (int x = 0; x < 2; x++) {
        const Chain *chain = &s->chain[axis->dim[x]];
        const ChainSum *sum = &s->sum[axis->dim[x]][chain->n];
        int64_t beyond = ways_beyond(chain, sum, false, axis->coef[1 - x]);
        all *= chain_extent(chain);
        each *= beyond;
        once *= x == across ? ways_beyond(chain, sum, true, axis->coef[1 - x]) : beyond;
    }
    return (Kept){all - each, all - once, false};
}

static void pair_start(const Counts *s, const Axis *axis, CountPair *pair)
{
    pair->axis = axis;
    pair->across = (s->across == axis->dim[0]) + 2 * (s->across == axis->dim[1]) - 1;
    pair->slides = pair->across < 0 && axis_is_plain(axis);
    pair->kept = pair_all(s, axis, pair->across);
    pair->known = true;
    pair->gone = false;
}

static Kept pair_moved(const Counts *s, const CountPair *pair, const Ways *x, const Ways *y)
{
    Kept kept = {0, 0, false};
    if (pair->across < 0) {
        kept.each = kept.once = overlap_kept(pair->axis, x, y);
        return kept;
    }
    const Chain *chain = &s->chain[s->across];
    overlap_together(pair->axis, pair->across, &chain->loop[chain->n - 1], x, y, &kept);
    return kept;
}

static const Ways *dim_back(Counts *s, int d, int outer)
{
    if (s->back_outer[d] != outer)
        ways_set(&s->chain[d], outer, false, d == s->across, &s->back[d]);
    s->back_outer[d] = outer;
    return &s->back[d];
}

static void pair_back(Walk *w, CountPair *pair)
{
    const int *dim = pair->axis->dim;
    const Ways *x = dim_back(w->counts, dim[0], w->outer[dim[0]]);
    const Ways *y = dim_back(w->counts, dim[1], w->outer[dim[1]]);
    pair->known = true;
    pair->kept = pair_moved(w->counts, pair, x, y);
    pair->gone = !ways_meet(pair->axis, x, y);
}

/* Where a plain coordinate's innermost loop over d advances, one unit's chunk at a time, and all
 * loops over the other dim stand. */
static Kept pair_slide(const Counts *s, int d, int other)
{
    int n = s->depth[d];
    const ChainSum *sum = &s->sum[other][s->depth[other]];
    int64_t steps = s->sum[d][n].units - s->sum[d][n - 1].units;
    int64_t kept = steps * (sum->stays - sum->units);
    return (Kept){kept, kept, false};
}

/* The loop over d that is the first not to stand advances. */
static Kept pair_advance(Walk *w, const CountPair *pair, int d)
{
    const Counts *s = w->counts;
    const int *dim = pair->axis->dim;
    Ways ways;
    int other = dim[0] == d ? dim[1] : dim[0];
    if (pair->slides && w->outer[d] + 1 == s->depth[d] && w->outer[other] == s->depth[other] &&
        s->chain[d].loop[w->outer[d]].units == 1)
        return pair_slide(s, d, other);
    const Ways *back = dim_back(w->counts, other, w->outer[other]);
    ways_set(&w->counts->chain[d], w->outer[d], true, d == w->counts->across, &ways);
    return dim[0] == d ? pair_moved(w->counts, pair, &ways, back)
                       : pair_moved(w->counts, pair, back, &ways);
}

/* ---- a tensor ---- */

static void walk_others(Walk *w)
{
    int64_t units = 1, once = 1;
    for (int i = 0; i < w->n_others; i++) {
        int d = w->other[i];
        const ChainSum(*sums)[CHAIN_MAX + 1] = has_dim(w->far, d) ? w->counts->far : w->counts->sum;
        const ChainSum *sum = &sums[d][w->outer[d]];
        units *= sum->units;
        once *= sum->once;
    }
    w->each = units;
    w->once = once;
}

/* After a loop of dim d. */
static void walk_single(Walk *w, int d)
{
    const Counts *s = w->counts;
    w->single = s->sum[d][w->outer[d]].stays;
    if (!w->single)
        return;
    w->single = 1;
    for (const Axis *axis = w->single_axis; axis < w->end_axis; axis++)
        w->single *= s->sum[axis->dim[0]][w->outer[axis->dim[0]]].stays;
}

static Kept product_of_pairs(Walk *w, int but)
{
    Kept product = {1, 1, false};
    for (int c = 0; c < w->n_pairs; c++) {
        CountPair *pair = &w->pair[c];
        if (c == but)
            continue;
        if (!pair->known)
            pair_back(w, pair);
        product.each *= pair->kept.each;
        product.once *= pair->kept.once;
        product.ragged |= pair->kept.ragged;
        if (!(product.each | product.once))
            break;
    }
    return product;
}

/* Product over the coordinates of two dims, but for number `but`. */
static inline Kept walk_pairs(Walk *w, int but)
{
    return w->n_pairs == 0 ? (Kept){1, 1, false} : product_of_pairs(w, but);
}

static void walk_start(Counts *s, int t, unsigned far, Walk *w)
{
    const Shape *shape = s->shape;
    w->counts = s;
    w->pair = s->pair;
    w->n_pairs = shape->n_pairs[t];
    w->singles = shape->singles[t];
    w->single_axis = shape->axis[t] + shape->n_pairs[t];
    w->end_axis = shape->axis[t] + shape->n_axes[t];
    w->n_others = shape->n_others[t];
    w->other = shape->other[t];
    w->others = shape->all & ~shape->dims[t];
    w->far = far;
    w->single = s->single[t];
    w->kept_each = w->kept_once = 0;
    w->ragged = false;
    memcpy(w->outer, s->depth, sizeof w->outer);
    walk_others(w);
    for (int c = 0; c < w->n_pairs; c++)
        pair_start(s, &shape->axis[t][c], &w->pair[c]);
}

static inline void walk_keep(Walk *w, const Kept *pairs, int64_t each, int64_t once)
{
    w->ragged |= pairs->ragged;
    w->kept_each += w->single * pairs->each * each;
    w->kept_once += w->single * pairs->once * once;
}

/* Loops over dims that the tensor lacks, from loop k on outwards; returns the next. */
static int walk_other(Walk *w, int k)
{
    const CountLoop *loop = w->counts->loop;
    int64_t each = w->each, once = w->once;
    for (; k >= 0 && has_dim(w->others, loop[k].dim); k--)
        w->outer[loop[k].dim] = (uint8_t) loop[k].index;
    Kept pairs = walk_pairs(w, -1);
    walk_others(w);
    walk_keep(w, &pairs, each - w->each, once - w->once);
    return k;
}

/* A loop over dim d of a coordinate. */
static void walk_pair(Walk *w, int d)
{
    int c = 0;
    while (!has_dim(w->pair[c].axis->dims, d))
        c++;
    CountPair *pair = &w->pair[c];
    Kept pairs = walk_pairs(w, c);
    if (pairs.each | pairs.once) {
        Kept moved = pair_advance(w, pair, d);
        pairs.each *= moved.each;
        pairs.once *= moved.once;
        pairs.ragged |= moved.ragged;
        walk_keep(w, &pairs, w->each, w->once);
    }
    if (pair->gone)
        pair->kept = (Kept){0, 0, false};
    else
        pair->known = false;
}

/* Sums of tiles, less what is kept. */
static void walk_loops(Walk *w, int64_t *each, int64_t *once)
{
    const Counts *s = w->counts;
    Kept pairs = walk_pairs(w, -1);
    int64_t all_each = w->single * pairs.each * w->each;
    int64_t all_once = w->single * pairs.once * w->once;
    for (int k = s->n_loops - 1; k >= 0 && w->single;) {
        int d = s->loop[k].dim;
        if (has_dim(w->others, d)) {
            k = walk_other(w, k);
            continue;
        }
        w->outer[d] = (uint8_t) s->loop[k--].index;
        if (has_dim(w->singles, d))
            walk_single(w, d);
        else
            walk_pair(w, d);
    }
    *each = all_each - w->kept_each;
    *once = all_once - w->kept_once;
}

bool walk_count(Counts *s, int t, unsigned far, int64_t *each, int64_t *once)
{
    Walk walk;
    walk_start(s, t, far, &walk);
    walk_loops(&walk, each, once);
    return !walk.ragged;
}
