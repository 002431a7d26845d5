#include "map/moves.h"

#include <math.h>

#include "map/real.h"
#include "map/set.h"

/* Whether the dim's chunk in the first step of the level's loop has nothing of the one in the last,
 * of a coordinate that it shares. */
static bool resets(const View *v, int t, int dim, int level)
{
    const Shape *shape = v->m->model.shape;
    const Partial *p = v->p;
    if (p->known[dim] <= level || !p->at[dim][level].always)
        return false;
    for (int c = 0; c < shape->n_pairs[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        if (!has(axis->dims, dim))
            continue;
        int self = axis->dim[1] == dim;
        double width = (double) p->at[dim][level + 1].size;
        if (p->skeleton->level[level].spread == dim)
            width *= (double) p->units[level];
        const Lengths *lengths = &p->at[dim][level].each;
        double steps = INFINITY;
        for (int i = 0; i < lengths->n; i++)
            steps = lesser(steps, ceil((double) lengths->length[i] / width));
        double other = view_size(v, axis->dim[1 - self], level);
        if ((steps - 2) * width * (double) axis->coef[self] <
            (other - 1) * (double) axis->coef[1 - self])
            return false;
    }
    return true;
}

/* Shares of the positions in which a loop of the kind takes several steps, at least. */
static double share_of(const View *v, const InnerKind *kind, int level)
{
    double share = 1;
    if (level == 0)
        return 1;
    for (int d = 0; d < v->p->n_dims; d++) {
        const DimDepth *at = &v->p->at[d][level];
        if (!has(kind->dims & v->p->skeleton->level[level].maps, d))
            continue;
        if (v->p->known[d] < level) {
            share = 0; /* of dims that are not decided that far */
            continue;
        }
        bool decided = v->p->known[d] > level;
        if (decided && !has(v->p->several[level], d))
            continue; /* it is not the innermost one */
        double all = 0, full = 0, width = decided ? (double) v->p->at[d][level + 1].size : 0;
        if (decided && v->p->skeleton->level[level].spread == d)
            width *= (double) v->p->units[level];
        for (int i = 0; i < at->each.n; i++) {
            double part = (double) at->each.length[i] * at->each.times[i];
            all += part;
            if (decided ? (double) at->each.length[i] > width : at->each.length[i] == at->size)
                full += part;
        }
        share = lesser(share, full / all);
    }
    return share;
}

static void add_way(const View *v, int t, int holder, int saved, int level, Moves *moves)
{
    const Shape *shape = v->m->model.shape;
    int *at = moves->at[moves->n_ways++];
    for (int c = 0; c < shape->n_pairs[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        int depth = saved >= 0 && has(axis->dims, saved) ? level : holder;
        at[axis->dim[0]] = at[axis->dim[1]] = depth;
    }
}

/* All of its coordinates of two dims may slide under themselves. */
static void all_slide(const View *v, int t, Moves *moves)
{
    moves->n_ways = 0;
    add_way(v, t, 0, -1, 0, moves);
}

/* The innermost relevant loop is of this level, and of one of `windows` or of a single coordinate:
 * whenever it goes back to its first step all others begin anew, if nothing of its last one is
 * left; unless a loop over the same coordinate further out goes on just there, where no loop over a
 * `single` coordinate begins anew, too.  `holder`: where the tiles are; the depth inside the
 * level where loops further inside may move them, too, which then come to the whole of it at least.
 */
static void ways_of(const View *v, int t, int holder, int level, unsigned windows, bool single,
                    Moves *moves)
{
    moves->n_ways = 0;
    for (int d = 0; d < v->p->n_dims; d++)
        if (has(windows, d)) {
            bool anew = has(v->p->several[level], d) && resets(v, t, d, level);
            add_way(v, t, anew ? holder : level, d, single ? level : 0, moves);
        }
    if (moves->n_ways == 0)
        add_way(v, t, holder, -1, 0, moves);
}

/* Nothing outside of the depth can leave the tensor where it is: the innermost such counts. */
static void reaches(Moves *moves, int depth)
{
    if (moves->most < 0)
        moves->most = depth;
}

/* A level whose innermost loop leaves the tensor where it is.  True if a loop further out in it
 * moves the tensor for sure. */
static bool stays_inside(const View *v, int t, int holder, int l, Moves *moves)
{
    const Shape *shape = v->m->model.shape;
    unsigned several = v->p->several[l] & shape->dims[t], sure = 0, windows = 0;
    bool open_any = false;
    for (int d = 0; d < v->p->n_dims; d++) {
        bool open = has(v->p->skeleton->level[l].maps & shape->dims[t], d) && v->p->known[d] <= l;
        bool single = has(shape->singles[t], d);
        if (has(several, d))
            sure |= (unsigned) (single ? v->p->at[d][l].always : resets(v, t, d, l)) << d;
        open_any |= open;
        if ((has(several, d) || open) && !single)
            windows |= 1u << d;
    }
    if (several != 0 || open_any)
        reaches(moves, l + 1);
    if (!sure) {
        moves->unclear |= windows != 0 || several != 0 || open_any;
        return false;
    }
    ways_of(v, t, moves->unclear ? l + 1 : holder, l, windows, sure & shape->singles[t], moves);
    return true;
}

static void walk_out(const View *v, int t, int holder, Moves *moves)
{
    const BoundModel *m = v->m;
    moves->depth = moves->holder = holder;
    moves->share = 1;
    moves->drift = -1;
    moves->unclear = false;
    moves->most = -1;
    all_slide(v, t, moves);
    for (int l = holder - 1; l >= 0; l--) {
        int inner = v->p->inner[l];
        if (inner == INNER_OPEN)
            reaches(moves, l + 1);
        if (inner == INNER_OPEN || inner == INNER_NONE) {
            moves->unclear |= inner == INNER_OPEN;
            moves->depth = l;
            continue;
        }
        const InnerKind *kind = &m->kind[inner];
        if (has(kind->leaves, t)) {
            moves->depth = l;
            if (stays_inside(v, t, holder, l, moves))
                return;
            continue;
        }
        reaches(moves, l + 1);
        if (has(kind->sure, t)) {
            moves->share = share_of(v, kind, l);
            if (moves->share >= 1)
                ways_of(v, t, moves->unclear ? l + 1 : holder, l, 0, true, moves);
            return;
        }
        int d = __builtin_ctz(kind->dims);
        if (has(v->p->several[l], d) && v->p->known[d] > l && !moves->unclear) {
            moves->drift = d;
            moves->drift_level = l;
        }
        moves->unclear = true;
        moves->depth = l;
    }
}

void moves_find(const View *v, int t, int holder, Moves *moves)
{
    walk_out(v, t, holder, moves);
    reaches(moves, 0);
}
