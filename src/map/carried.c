#include "map/carried.h"

#include <math.h>

#include "map/moves.h"
#include "map/real.h"
#include "map/set.h"

/* Whether loops outside of the holder move a coordinate by both of its dims: where one of them goes
 * back as the other advances, and the loops over another coordinate go back no further than their
 * tiles reach, the old and the new tile may overlap. */
static bool goes_back(const View *v, const Traffic *traffic, int x, int y)
{
    const Partial *p = v->p;
    const int n = traffic->holder;
    bool moves_x = p->known[x] < n || p->at[x][n].size < p->at[x][0].size,
         moves_y = p->known[y] < n || p->at[y][n].size < p->at[y][0].size;
    return v->m->model.shape->n_pairs[traffic->tensor] > 1 && moves_x && moves_y;
}

/* What the tiles have of a coordinate of two dims, summed over the chunks of two depths: all of it
 * at least, as they cover it. */
static double pair_tiles(const View *v, const Axis *axis, int depth_x, int depth_y, int h)
{
    const DimDepth *x = &v->p->at[axis->dim[0]][0], *y = &v->p->at[axis->dim[1]][0];
    const double beyond = view_beyond(v, axis->dim[0], depth_x, h, (double) axis->coef[1]) *
                          view_beyond(v, axis->dim[1], depth_y, h, (double) axis->coef[0]);
    return greater((double) tensor_image(axis, x->size, y->size),
                   (double) x->size * (double) y->size - beyond);
}

/* What the tiles have, summed over the chunks. */
static double tiles(const View *v, const Traffic *traffic, const Moves *moves, int h)
{
    const Shape *shape = v->m->model.shape;
    const int t = traffic->tensor;
    double least = INFINITY;
    for (int w = 0; w < moves->n_ways && shape->n_pairs[t] > 0; w++) {
        double product = 1;
        for (int c = 0; c < shape->n_pairs[t]; c++) {
            const Axis *axis = &shape->axis[t][c];
            int x = axis->dim[0], y = axis->dim[1];
            bool outside = (h >= 0 && traffic->shared[x] * traffic->shared[y] > 1) ||
                           goes_back(v, traffic, x, y);
            product *= pair_tiles(v, axis, outside ? 0 : moves->at[w][x],
                                  outside ? 0 : moves->at[w][y], h);
        }
        least = lesser(least, product);
    }
    double product = shape->n_pairs[t] > 0 ? least : 1;
    for (int c = shape->n_pairs[t]; c < shape->n_axes[t]; c++)
        product *= (double) v->p->at[shape->axis[t][c].dim[0]][0].size;
    return product;
}

/* Positions of the dims that the tensor lacks. */
static double visits(const View *v, const Traffic *traffic, const MovesPart *part, int h)
{
    const Shape *shape = v->m->model.shape;
    double product = 1;
    int t = traffic->tensor, end = h < 0 ? traffic->holder : v->p->home[h];
    for (int i = 0; i < shape->n_others[t]; i++) {
        int d = shape->other[t][i], depth = part->depth + has(part->also, d);
        double times = view_positions(v, d, depth, h);
        if (h >= 0)
            times = greater(1, times / traffic->shared[d]);
        if (depth < end)
            times *= view_sharers(v, d, depth, end);
        product *= times;
    }
    return product;
}

static double shortest(const Lengths *lengths)
{
    double least = (double) lengths->length[0];
    for (int i = 1; i < lengths->n; i++)
        least = lesser(least, (double) lengths->length[i]);
    return least;
}

/* The innermost loop moves the tensor over a coordinate of two dims: over a parent's chunk of L
 * indices, in steps of w, L - w new ones come while it goes on.  When it goes back to the first
 * step because a loop advances that has nothing to do with the coordinate, as many more come as
 * that step has, or as far as it goes back; a loop over the other dim may advance just as far
 * instead. */
static double drift(const View *v, const Traffic *traffic, const Moves *moves, int h)
{
    const Shape *shape = v->m->model.shape;
    const Partial *p = v->p;
    int t = traffic->tensor, d = moves->drift, l = moves->drift_level;
    const DimDepth *at = &p->at[d][l];
    const Lengths *parents = h < 0 ? &at->each : &at->once[h];
    double width = (double) p->at[d][l + 1].size, product = 1;
    if (p->skeleton->level[l].spread == d)
        width *= (double) p->units[l];
    for (int c = 0; c < shape->n_pairs[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        if (!has(axis->dims, d)) {
            product *= pair_tiles(v, axis, moves->holder, moves->holder, h);
            continue;
        }
        int self = axis->dim[1] == d, other = axis->dim[1 - self];
        double least = 1, sum = 0, back = INFINITY;
        if (p->known[other] >= moves->holder)
            least = shortest(&p->at[other][moves->holder].each);
        double step = lesser((double) axis->coef[self], least); /* new ones an index, at least */
        for (int i = 0; i < parents->n; i++) {
            double length = (double) parents->length[i], steps = ceil(length / width);
            sum += parents->times[i] * greater(0, length - width) * step;
            back = lesser(back, lesser((width - 1) * step + 1, (steps - 1) * width * step));
        }
        product *= sum * view_positions(v, other, moves->holder, h) + back;
    }
    for (int c = shape->n_pairs[t]; c < shape->n_axes[t]; c++)
        product *= (double) p->at[shape->axis[t][c].dim[0]][0].size;
    return product * visits(v, traffic, &(MovesPart){1, l + 1, 0}, h);
}

/* Elements that come to the holder, of all units or, h >= 0, once for those of one home. */
static double moved(const View *v, const Traffic *traffic, const Moves *moves, int h)
{
    double times = 0;
    for (int i = 0; i < moves->n_parts; i++) {
        const MovesPart *part = &moves->part[i];
        times += part->share * (part->depth >= 0 ? visits(v, traffic, part, h) : 1);
    }
    double count = tiles(v, traffic, moves, h) * times;
    return moves->drift < 0 ? count : greater(count, drift(v, traffic, moves, h));
}

static int home_index(const Partial *p, int depth)
{
    int h = 0;
    while (h < p->n_homes - 1 && p->home[h] != depth)
        h++;
    return h;
}

/* Loops count outside of this depth for every element that some of them move. */
static int outermost(const Moves *moves)
{
    int depth = moves->part[0].depth;
    for (int i = 1; i < moves->n_parts; i++)
        if (moves->part[i].depth >= 0 && moves->part[i].depth < depth)
            depth = moves->part[i].depth;
    return depth < 0 ? 0 : depth;
}

/* How often an element is a partial sum that comes to the home from inside a depth, h < 0: from
 * each unit: as often as it comes there less what came to the home without. */
static double comings_back(const View *v, const Traffic *traffic, const MovesPart *part,
                           const Moves *outer, int h)
{
    const Shape *shape = v->m->model.shape;
    int t = traffic->tensor;
    double rest = 1, more = 1, fewer = 1;
    for (int i = 0; i < shape->n_others[t]; i++) {
        int d = shape->other[t][i], depth = part->depth + has(part->also, d);
        double inside = view_positions(v, d, depth, h);
        inside = h < 0 ? inside * view_sharers(v, d, depth, traffic->holder)
                       : inside / traffic->shared[d];
        double outside = view_comings(v, d, outer->most, traffic->home);
        if (v->p->known[d] < outer->most) {
            rest *= greater(1, lesser(inside, view_positions(v, d, outermost(outer), -1)));
        } else if (outside >= inside) { /* as often as it comes there */
            rest *= inside;
        } else {
            more *= inside;
            fewer *= outside;
        }
    }
    return rest * (more - fewer);
}

static double comes_back(const View *v, const Traffic *traffic, const Moves *moves,
                         const Moves *outer, int h)
{
    double elements = tiles(v, traffic, moves, -1), times = 0;
    if (traffic->first)
        return greater(0, moved(v, traffic, moves, h) - elements);
    for (int i = 0; i < moves->n_parts; i++)
        if (moves->part[i].depth >= 0)
            times += moves->part[i].share * comings_back(v, traffic, &moves->part[i], outer, h);
    return elements * times;
}

/* The MACs' accesses to a tensor further out: what a position of the first unit computes where
 * units are taken together. */
static double asked(const View *v, const Traffic *traffic, bool merged, int dim, int h)
{
    if (!merged || has(v->m->model.shape->dims[traffic->tensor], dim))
        return (double) v->p->at[dim][0].size;
    return greater(1, view_first(v, dim, h) / traffic->shared[dim]);
}

/* Units that divide both dims of a coordinate may be at the same element: as many as are on a
 * diagonal. */
static double on_diagonals(const View *v, const Traffic *traffic, int h)
{
    const Shape *shape = v->m->model.shape;
    const int first = v->p->home[h], end = v->p->skeleton->n_levels;
    double product = 1;
    for (int c = 0; c < shape->n_pairs[traffic->tensor]; c++) {
        const int *dim = shape->axis[traffic->tensor][c].dim;
        product *= lesser(traffic->shared[dim[0]] * view_units(v, dim[0], first, end),
                          traffic->shared[dim[1]] * view_units(v, dim[1], first, end));
    }
    return product;
}

static double streams(const View *v, const Traffic *traffic, bool merged, int h)
{
    double product = 1;
    for (int d = 0; d < v->p->n_dims; d++)
        product *= asked(v, traffic, merged, d, h);
    return merged ? product / on_diagonals(v, traffic, h) : product;
}

/* Partial sums that the MACs ask for, `merged`: once for units in step; all but those of outputs
 * that came to the home without. */
static double asked_again(const View *v, const Traffic *traffic, bool merged, const Moves *outer,
                          int h)
{
    const Shape *shape = v->m->model.shape;
    double more = 1, fewer = 1, size = 1;
    for (int d = 0; d < v->p->n_dims; d++) {
        bool lacks = !has(shape->dims[traffic->tensor], d);
        double length = asked(v, traffic, merged, d, h);
        if (!lacks) {
            size *= length;
            continue;
        }
        if (!traffic->first && v->p->known[d] < outer->most)
            return 0; /* how often it comes to the home is not known */
        double outside = traffic->first ? 1 : view_comings(v, d, outer->most, traffic->home);
        more *= length;
        fewer *= lesser(length, outside);
    }
    return size * (more - fewer);
}

TrafficVolumes carried(const View *v, const Traffic *traffic)
{
    const Shape *shape = v->m->model.shape;
    int t = traffic->tensor, h = home_index(v->p, traffic->home);
    bool output = t == shape->output;
    Moves moves, outer;
    if (output && traffic->wants_back && !traffic->first)
        moves_find(v, t, traffic->home, &outer);
    else
        moves_none(&outer);
    bool back = output && traffic->wants_back && !v->m->no_back;
    TrafficVolumes all = {0, 0, 0, 0};
    double again = 0; /* and once for each unit */
    if (traffic->stream) {
        all.near = streams(v, traffic, traffic->merges, h);
        if (back) {
            all.back = asked_again(v, traffic, true, &outer, h);
            again = asked_again(v, traffic, false, &outer, h);
        }
    } else {
        moves_find(v, t, traffic->holder, &moves);
        if (traffic->wants_far || !traffic->merges)
            all.far = moved(v, traffic, &moves, -1);
        if (traffic->wants_near)
            all.near = traffic->merges ? moved(v, traffic, &moves, h) : all.far;
        if (back) {
            all.back = comes_back(v, traffic, &moves, &outer, h);
            again = comes_back(v, traffic, &moves, &outer, -1);
        }
    }
    if (back && !traffic->merges)
        all.again = greater(0, again - all.back);
    return all;
}
