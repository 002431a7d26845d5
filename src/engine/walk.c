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
 * From the innermost loop outwards, let P be the product over the tensor's own groups where the
 * loops so far go back, T at first, and U the number of chunks of the others where those go back.
 * Loops over other dims that follow each other telescope: together they keep P * (U before - U
 * after).  So between two of them, over a stretch of the tensor's own loops, there comes in
 *
 *     (P before - sum over its loops of B over the own groups - P after) * U
 *
 * A coordinate of one dim keeps nothing where one of its loops of several steps moves: then P is 0,
 * and most tensors are done after a few loops. */
#include "engine/walk.h"

#include "engine/ways.h"

/* Sets of dims have a bit for each. */
static bool has_dim(unsigned set, int d)
{
    return set >> d & 1;
}

/* A tensor on the way from the innermost loop outwards. */
typedef struct {
    Counts *counts;
    int tensor, n_pairs;
    unsigned far;                   /* dims whose sums are Counts.far */
    int64_t single;                 /* product over the coordinates of one dim */
    int64_t each_begin, once_begin; /* P where the stretch began, less what its loops kept since */
    int64_t each, once;             /* what comes in, of the stretches before */
    bool ragged;
} Walk;

/* ---- a coordinate of two dims ---- */

/* tensor_image is n*m less the product of what is beyond the other's coefficient. */
static void pair_start(const Counts *s, const Axis *axis, CountPair *pair)
{
    int64_t all = 1, each = 1, once = 1;
    int across = -1;
    for (int x = 0; x < 2; x++) {
        int d = axis->dim[x];
        const Chain *chain = &s->chain[d];
        const ChainSum *sum = &s->sum[d][chain->n];
        int64_t skip = axis->coef[1 - x], beyond = ways_beyond(chain, sum, false, skip);
        all *= chain_extent(chain);
        each *= beyond;
        once *= d == s->across ? ways_beyond(chain, sum, true, skip) : beyond;
        across = d == s->across ? x : across;
    }
    pair->axis = axis;
    pair->across = across;
    pair->slides = across < 0 && axis_is_plain(axis);
    pair->kept.each = all - each;
    pair->kept.once = all - once;
    pair->kept.ragged = false;
    pair->known = true;
    pair->gone = false;
}

static void pair_moved(const Counts *s, const CountPair *pair, const Ways *x, const Ways *y,
                       Kept *kept)
{
    if (pair->across < 0) {
        kept->each = kept->once = overlap_kept(pair->axis, x, y);
        return;
    }
    const Chain *chain = &s->chain[s->across];
    overlap_together(pair->axis, pair->across, &chain->loop[chain->n - 1], x, y, kept);
}

/* Whether the dim's loops from `outer` on are of one unit each: not so where units share them, or
 * come together. */
static inline bool is_apart(const Counts *s, int d, int outer)
{
    return (d != s->across) & (outer >= s->chain[d].divided);
}

/* Where the dim's loops from `outer` on go back. */
static const Ways *dim_back(Counts *s, int d, int outer)
{
    if (is_apart(s, d, outer))
        return backs_get(&s->chain[d], outer, &s->backs[d]);
    if (s->back_outer[d] != outer)
        ways_set(&s->chain[d], outer, false, d == s->across, &s->back[d]);
    s->back_outer[d] = outer;
    return &s->back[d].ways;
}

/* Where loop i of the dim advances. */
static void dim_advance(Counts *s, int d, int i, WaysList *list)
{
    if (is_apart(s, d, i + 1))
        backs_advance(&s->chain[d], i, &s->backs[d], list);
    else
        ways_set(&s->chain[d], i, true, d == s->across, list);
}

/* Where the loops from k on inwards go back. */
static void pair_back(Counts *s, int k, CountPair *pair)
{
    const int *dim = pair->axis->dim;
    Depths outer = s->outer[k];
    const Ways *x = dim_back(s, dim[0], depths_get(outer, dim[0]));
    const Ways *y = dim_back(s, dim[1], depths_get(outer, dim[1]));
    pair->known = true;
    pair->gone = !ways_meet(pair->axis, x, y);
    if (pair->gone)
        pair->kept.each = pair->kept.once = 0;
    else
        pair_moved(s, pair, x, y, &pair->kept);
}

/* Where a plain coordinate's innermost loop over d advances, one unit's chunk at a time, and all
 * loops over the other dim stand. */
static bool pair_slides(const Counts *s, const CountPair *pair, int d, int other, Depths outer)
{
    int n = s->chain[d].n;
    return pair->slides & (depths_get(outer, d) + 1 == n) &
           (depths_get(outer, other) == s->chain[other].n) & (s->chain[d].loop[n - 1].units == 1);
}

static int64_t pair_slide(const Counts *s, int d, int other)
{
    int n = s->chain[d].n;
    const ChainSum *sum = &s->sum[other][s->chain[other].n];
    return (s->sum[d][n].units - s->sum[d][n - 1].units) * (sum->stays - sum->units);
}

/* Loop k, over one of the dims, advances. */
static void pair_advance(Counts *s, int k, const CountPair *pair, Kept *kept)
{
    const int *dim = pair->axis->dim;
    Depths outer = s->outer[k];
    int d = s->loop[k].dim, which = d == dim[1], other = dim[1 - which];
    WaysList list;
    kept->ragged = false;
    if (pair_slides(s, pair, d, other, outer)) {
        kept->each = kept->once = pair_slide(s, d, other);
        return;
    }
    const Ways *back = dim_back(s, other, depths_get(outer, other));
    dim_advance(s, d, depths_get(outer, d), &list);
    pair_moved(s, pair, which ? back : &list.ways, which ? &list.ways : back, kept);
}

/* ---- products ---- */

/* The coordinates of one dim where the loops from k on inwards go back. */
static int64_t multiply_singles(const Counts *s, int t, int k)
{
    const Whole *whole = &s->shape->whole[0][t];
    int64_t product = 1;
    for (int c = 0; c < whole->n_singles; c++) {
        int d = whole->single[c];
        product *= s->sum[d][depths_get(s->outer[k], d)].stays;
    }
    return product;
}

/* `n` of the coordinates of two dims, from number `first` on around, times what is there. */
static inline void multiply_pairs(Walk *w, int k, int first, int n, int64_t *each, int64_t *once)
{
    bool ragged = false;
    for (int c = first; n > 0; n--, c++) {
        c -= c >= w->n_pairs ? w->n_pairs : 0;
        CountPair *pair = &w->counts->pair[c];
        if (!pair->known)
            pair_back(w->counts, k, pair);
        *each *= pair->kept.each;
        *once *= pair->kept.once;
        ragged |= pair->kept.ragged;
        if (!(*each | *once))
            return;
    }
    w->ragged |= ragged;
}

/* Adds the stretch of the tensor's own loops that ends with loop k: its coordinates times the
 * chunks of the dims that it lacks. */
static inline void add_stretch(const Counts *s, int t, unsigned far, int k, int64_t each,
                               int64_t once, int64_t *all_each, int64_t *all_once)
{
    const int *other = s->shape->other[t], *end = other + s->shape->n_others[t];
    Depths outer = s->outer[k];
    if (far) {
        for (; other < end; other++) {
            int d = *other, i = depths_get(outer, d);
            each *= s->sum[d][i].units;
            once *= has_dim(far, d) ? s->far[d][i].once : s->sum[d][i].once;
        }
    } else {
        for (; other < end; other++) {
            const ChainSum *sum = &s->sum[*other][depths_get(outer, *other)];
            each *= sum->units;
            once *= sum->once;
        }
    }
    *all_each += each;
    *all_once += once;
}

/* ---- loops ---- */

static inline void walk_add(Walk *w, int k, int64_t each, int64_t once)
{
    add_stretch(w->counts, w->tensor, w->far, k, each, once, &w->each, &w->once);
}

static void next_stretch(Walk *w, int k)
{
    int64_t each = w->single, once = each;
    multiply_pairs(w, k, 0, w->n_pairs, &each, &once);
    walk_add(w, k, w->each_begin - each, w->once_begin - once);
    w->each_begin = each;
    w->once_begin = once;
}

/* Loop k is over a coordinate of two dims. */
static void walk_pair(Walk *w, int k)
{
    Counts *s = w->counts;
    int64_t each = w->single, once = each;
    int c = 0, d = s->loop[k].dim;
    for (int i = 1; i < w->n_pairs; i++)
        c += !has_dim(s->pair[c].axis->dims, d);
    CountPair *pair = &s->pair[c];
    multiply_pairs(w, k, c + 1, w->n_pairs - 1, &each, &once);
    if (each | once) {
        Kept moved;
        pair_advance(s, k, pair, &moved);
        w->each_begin -= each * moved.each;
        w->once_begin -= once * moved.once;
        w->ragged |= moved.ragged;
    }
    pair->known = pair->gone;
}

/* Whether some of the coordinate of one dim that loop k is over goes, and how much stays. */
static inline bool single_goes(const Counts *s, int k, int64_t *stays)
{
    int d = s->loop[k].dim;
    *stays = s->sum[d][s->loop[k].index].stays;
    return *stays < chain_extent(&s->chain[d]);
}

/* The innermost loop at which something goes of a coordinate of one dim; -1. */
static int first_going(const Counts *s, int t)
{
    const Whole *whole = &s->shape->whole[0][t];
    int first = -1;
    for (int c = 0; c < whole->n_singles; c++) {
        int going = s->going[whole->single[c]];
        first = going > first ? going : first;
    }
    return first;
}

/* A tensor without a coordinate of two dims. */
static void walk_singles(const Counts *s, int t, unsigned far, int64_t *each, int64_t *once)
{
    unsigned dims = s->shape->dims[t];
    int64_t single = s->single[t], all_each = 0, all_once = 0;
    int k = first_going(s, t);
    for (; k >= 0; k--) {
        int64_t stays;
        if (!has_dim(dims, s->loop[k].dim) || !single_goes(s, k, &stays))
            continue;
        if (stays == 0)
            break;
        int64_t left = multiply_singles(s, t, k);
        add_stretch(s, t, far, k, single - left, single - left, &all_each, &all_once);
        single = left;
    }
    add_stretch(s, t, far, k + 1, single, single, &all_each, &all_once);
    *each = all_each;
    *once = all_once;
}

static void walk_start(Walk *w, Counts *s, int t, unsigned far)
{
    w->counts = s;
    w->tensor = t;
    w->n_pairs = s->shape->n_pairs[t];
    w->far = far;
    w->single = w->each_begin = w->once_begin = s->single[t];
    w->each = w->once = 0;
    w->ragged = false;
    for (int c = 0; c < w->n_pairs; c++) {
        pair_start(s, &s->shape->axis[t][c], &s->pair[c]);
        w->each_begin *= s->pair[c].kept.each;
        w->once_begin *= s->pair[c].kept.once;
    }
}

static void walk_pairs(Walk *w)
{
    Counts *s = w->counts;
    int t = w->tensor, k = s->n_loops, going = first_going(s, t);
    unsigned dims = s->shape->dims[t], pairs = dims & ~s->shape->singles[t];
    bool moved = false; /* an own loop since the stretch began */
    while (--k >= 0) {
        int d = s->loop[k].dim;
        int64_t stays;
        if (has_dim(pairs, d)) {
            walk_pair(w, k);
            moved = true;
        } else if (!has_dim(dims, d)) {
            if (moved)
                next_stretch(w, k + 1);
            moved = false;
        } else if (k <= going && single_goes(s, k, &stays)) {
            if (stays == 0)
                break;
            w->single = multiply_singles(s, t, k);
            moved = true;
        }
    }
    walk_add(w, k + 1, w->each_begin, w->once_begin);
}

bool walk_count(Counts *s, int t, unsigned far, int64_t *each, int64_t *once)
{
    Walk w;
    if (s->shape->n_pairs[t] == 0) {
        walk_singles(s, t, far, each, once);
        return true;
    }
    walk_start(&w, s, t, far);
    walk_pairs(&w);
    *each = w.each;
    *once = w.once;
    return !w.ragged;
}
