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

/* Of a dim at a level, the share of its indices in whose chunk the level's loop takes several
 * steps; where its size is not decided, in whose chunk it must if it does so in any. */
static double share_of_dim(const View *v, int d, int level)
{
    const DimDepth *at = &v->p->at[d][level];
    if (v->p->known[d] < level)
        return level == 0; /* over the whole layer there is one chunk */
    bool decided = v->p->known[d] > level;
    double all = 0, full = 0, width = decided ? (double) v->p->at[d][level + 1].size : 0;
    if (decided && v->p->skeleton->level[level].spread == d)
        width *= (double) v->p->units[level];
    for (int i = 0; i < at->each.n; i++) {
        double part = (double) at->each.length[i] * at->each.times[i];
        all += part;
        if (decided ? (double) at->each.length[i] > width : at->each.length[i] == at->size)
            full += part;
    }
    return full / all;
}

/* Share of the indices for which the innermost loop, which is of the kind, takes several steps, at
 * least. */
static double share_of(const View *v, const InnerKind *kind, int level)
{
    double share = 1;
    for (int d = 0; d < v->p->n_dims && level > 0; d++) {
        if (!has(kind->dims & v->p->skeleton->level[level].maps, d))
            continue;
        if (v->p->known[d] <= level || has(v->p->several[level], d))
            share = lesser(share, share_of_dim(v, d, level)); /* else it is not the innermost */
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
        bool open = has(v->p->skeleton->level[l].maps & shape->dims[t] & ~v->p->stills[l], d) &&
                    v->p->known[d] <= l;
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

static void add_part(Moves *moves, double share, int depth)
{
    if (share > 0)
        moves->part[moves->n_parts++] = (MovesPart){share, depth, 0};
}

static void walk_out(const View *v, int t, int holder, Moves *moves)
{
    const BoundModel *m = v->m;
    int depth = holder;
    all_slide(v, t, moves);
    for (int l = holder - 1; l >= 0; l--) {
        int inner = v->p->inner[l];
        if (inner == INNER_OPEN)
            reaches(moves, l + 1);
        if (inner == INNER_OPEN || inner == INNER_NONE) {
            moves->unclear |= inner == INNER_OPEN;
            depth = l;
            continue;
        }
        const InnerKind *kind = &m->kind[inner];
        if (has(kind->leaves, t)) {
            depth = l;
            if (stays_inside(v, t, holder, l, moves))
                break;
            continue;
        }
        reaches(moves, l + 1);
        if (has(kind->sure, t)) {
            double share = share_of(v, kind, l);
            if (share >= 1)
                ways_of(v, t, moves->unclear ? l + 1 : holder, l, 0, true, moves);
            add_part(moves, share, depth);
            add_part(moves, 1 - share, -1);
            return;
        }
        int d = __builtin_ctz(kind->dims);
        if (has(v->p->several[l], d) && v->p->known[d] > l && !moves->unclear) {
            moves->drift = d;
            moves->drift_level = l;
        }
        moves->unclear = true;
        depth = l;
    }
    add_part(moves, 1, depth);
}

/* Share of the elements whose chunks loops of a level over the tensor's dims move for sure; all
 * dims are coordinates of their own. */
static double share_inside(const View *v, int t, int level)
{
    unsigned several = (v->p->several[level] | v->p->loops[level]) & v->m->model.shape->dims[t];
    double rest = 1;
    for (int d = 0; d < v->p->n_dims; d++)
        if (has(several, d))
            rest *= 1 - share_of_dim(v, d, level);
    return 1 - rest;
}

/* The loops of a level, from the innermost on: of the tensor's dims each moves what its chunks of
 * several steps have, as often as loops further out advance. */
static double walk_loops(const View *v, int t, int level, double moved, Moves *moves)
{
    const Order *order = v->p->order;
    unsigned outside = 0, own = v->m->model.shape->dims[t];
    for (int k = 0; k < order->n[level]; k++)
        outside |= 1u << order->dim[level][k];
    for (int k = order->n[level] - 1; k >= 0; k--) {
        int d = order->dim[level][k];
        outside &= ~(1u << d);
        if (!has(own, d))
            continue;
        double share = share_of_dim(v, d, level);
        add_part(moves, share - moved, level);
        moves->part[moves->n_parts - 1].also |= share > moved ? outside & ~own : 0;
        moved = greater(moved, share);
    }
    return moved;
}

/* Of a tensor without coordinates of two dims.  A loop over one of its dims that takes several
 * steps in a chunk moves what the chunk has of the tensor, as often as loops outside of that level
 * advance. Where it takes one step there, as in a smaller chunk at an edge, a loop further out may.
 */
static void walk_plain(const View *v, int t, int holder, Moves *moves)
{
    const BoundModel *m = v->m;
    double moved = 0; /* share of elements */
    int depth = holder;
    for (int l = holder - 1; l >= 0 && moved < 1; l--) {
        int inner = v->p->inner[l];
        double share = 0;
        if (inner >= 0 && !has(m->kind[inner].leaves, t)) {
            reaches(moves, l + 1);
            share = share_of(v, &m->kind[inner], l);
            add_part(moves, share - moved, depth);
            moved = greater(moved, share);
        }
        depth = l;
        if (inner == INNER_NONE)
            continue;
        unsigned maps = v->p->skeleton->level[l].maps & m->model.shape->dims[t] & ~v->p->stills[l];
        bool open = false;
        for (int d = 0; d < v->p->n_dims; d++)
            open |= has(maps, d) && v->p->known[d] <= l;
        if (inner == INNER_OPEN || open || (v->p->several[l] & maps) != 0)
            reaches(moves, l + 1);
        if (v->p->order != NULL) {
            moved = walk_loops(v, t, l, moved, moves);
            continue;
        }
        share = share_inside(v, t, l);
        add_part(moves, share - moved, depth);
        moved = greater(moved, share);
    }
    add_part(moves, 1 - moved, 0);
}

void moves_find(const View *v, int t, int holder, Moves *moves)
{
    moves->n_parts = 0;
    moves->holder = holder;
    moves->drift = -1;
    moves->unclear = false;
    moves->most = -1;
    moves->n_ways = 0;
    if (v->m->model.shape->n_pairs[t] > 0)
        walk_out(v, t, holder, moves);
    else
        walk_plain(v, t, holder, moves);
    reaches(moves, 0);
}

void moves_none(Moves *moves)
{
    moves->n_parts = 0; /* the whole is large: no more than is looked at is set */
    add_part(moves, 1, 0);
    moves->most = 0;
}
