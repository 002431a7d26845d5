/* New elements of one step.
 *
 * With the coordinate that the children divide apart from the others of a tensor (those are whole,
 * `now` elements of child 0 of which `kept` were there before), a step brings in
 *
 *     all want the same           once: now - kept              each child: children * that
 *     a split dim of its own      covered * now - kept(split) * kept, the same for both
 *     a split dim with another    once: fresh * kept + joined * (now - kept)
 *                                 each child: now(split) * now - kept(split) * kept
 *
 * where now(split) and kept(split) are sums over the children, `joined` is the union of their
 * images, and `fresh` is what of it is new to at least one.
 *
 * By hand, the example of unit.c.  The PEs divide K: all want the same window of I, 3 rows by 3
 * columns of one channel; each has 9 weights and one output of its own.
 *
 *     step (k c y' x')   I: now kept   once  each   W: in   O: psums in, out
 *     0 0 0 0               9    0       9   144     144         0   0
 *     0 0 0 1               9    6       3    48       0         0  16
 *     0 0 1 0               9    0       9   144       0         0  16
 *     0 1 0 0               9    0       9   144     144        16  16
 *     0 1 0 1               9    6       3    48       0        16  16
 *     1 0 0 0               9    0       9   144     144         0  16
 *
 * Sliding by one column leaves 2 of 3; a row down the columns are others (they were 15 further on),
 * so nothing is left.  Nothing goes up at the first step, as nobody held an output. */
#include "engine/volumes.h"

/* Elements of a tile, and those of them that were there before. */
typedef struct {
    int64_t now, kept;
} Tile;

static inline Tile pair_tile(const Axis *axis, const Move *i, const Move *j)
{
    return (Tile){tensor_image(axis, i->now, j->now), tensor_common(axis, i, j)};
}

/* ---- the coordinate that the children divide ---------------------------------------------- */

typedef struct {
    int64_t first;         /* image of the first child, the largest */
    int64_t joined, fresh; /* image of all together, and what of it is new to at least one */
    int64_t now, kept;     /* sums over the children */
} SplitTile;

/* What is new to some child.  The easy answers: all is new, or nothing is, or no two children share
 * a value. */
static int64_t split_fresh(const Axis *axis, int which, int64_t size, const Split *split,
                           const SplitTile *tile, const Move *other)
{
    if (tile->kept == tile->now || tile->joined == tile->now)
        return tile->now - tile->kept;
    if (tile->kept == 0)
        return tile->joined;
    return tensor_spread(axis, which, size, split->run, split->n, *other);
}

/* A coordinate of two dims, one of which the children divide. */
static __attribute__((noinline)) SplitTile split_pair(const Parent *parent, const Axis *axis)
{
    const Loop *loop = &parent->cluster->loop[parent->cluster->spatial];
    SplitTile tile = {0, 0, 0, 0, 0};
    const Split *split = parent->split;
    int which = axis->dim[1] == loop->dim;
    const Move *other = &parent->child.dim[axis->dim[1 - which]].move;
    for (int r = 0; r < split->n; r++) {
        const Run *run = &split->run[r];
        int64_t count = run->end - run->first;
        Tile one = which ? pair_tile(axis, other, &run->move) : pair_tile(axis, &run->move, other);
        tile.first = r == 0 ? one.now : tile.first;
        tile.now += count * one.now;
        tile.kept += count * one.kept;
    }
    tile.joined = which ? tensor_image(axis, other->now, split->covered)
                        : tensor_image(axis, split->covered, other->now);
    tile.fresh = split_fresh(axis, which, loop->size, split, &tile, other);
    return tile;
}

/* ---- what comes --------------------------------------------------------------------------- */

/* A tensor's whole coordinates, of child 0, where chunks are cut off or images overlap in part. */
static inline Tile whole_pieces(const Parent *parent, int t, unsigned moved, unsigned edge)
{
    const Whole *whole = &parent->cluster->whole[t];
    const UnitDim *dim = parent->child.dim;
    int64_t flat = parent->cluster->singles[t];
    if (whole->singles & edge) {
        flat = 1;
        for (int k = 0; k < whole->n_singles; k++)
            flat *= dim[whole->single[k]].move.now;
    }
    Tile tile = {flat, whole->singles & moved ? 0 : flat};
    for (int k = 0; k < whole->n_pairs; k++) {
        const Axis *axis = &parent->shape->axis[t][whole->pair[k]];
        const Move *i = &dim[axis->dim[0]].move, *j = &dim[axis->dim[1]].move;
        int64_t image = tensor_image(axis, i->now, j->now);
        tile.now *= image;
        if (tile.kept)
            tile.kept *= axis->dims & moved ? tensor_common(axis, i, j) : image;
    }
    return tile;
}

/* Most often the chunks are full, and all of it is new or nothing. */
static inline Tile whole_tile(const Parent *parent, int t, unsigned moved, unsigned edge)
{
    const Whole *whole = &parent->cluster->whole[t];
    int64_t size = parent->cluster->size[t];
    bool fresh = whole->singles & moved;
    if (whole->dims & edge || (whole->dims & moved && !fresh))
        return whole_pieces(parent, t, moved, edge);
    return (Tile){size, fresh ? 0 : size};
}

/* All children want the same. */
static inline void count_alike(Tile tile, int t, Volumes *v)
{
    v->tile[t] = v->joined[t] = tile.now;
    v->in_shared[t] = tile.now - tile.kept;
    v->in_each[t] = v->working * (tile.now - tile.kept);
}

/* The children divide a coordinate of one dim: no two of them share an element. */
static inline void count_single(const Split *split, Tile tile, int t, Volumes *v)
{
    v->tile[t] = split->run[0].move.now * tile.now;
    v->joined[t] = split->covered * tile.now;
    v->in_shared[t] = v->in_each[t] = v->joined[t] - split->kept * tile.kept;
}

/* They divide one of two dims.  An element is new to some child if that coordinate is, or if the
 * others are and the child wants it. */
static inline void count_pair(const SplitTile *part, Tile tile, int t, Volumes *v)
{
    v->tile[t] = part->first * tile.now;
    v->joined[t] = part->joined * tile.now;
    v->in_shared[t] = part->fresh * tile.kept + part->joined * (tile.now - tile.kept);
    v->in_each[t] = part->now * tile.now - part->kept * tile.kept;
    v->ragged |= part->fresh < 0;
}

/* What the children do not hold comes for the units inside them: flows.c adds it up. */
static __attribute__((noinline)) void count_passing(const Parent *parent, Tile tile, int t,
                                                    Volumes *v)
{
    const Whole *whole = &parent->cluster->whole[t];
    v->tile[t] = v->joined[t] = tile.now;
    v->in_shared[t] = v->in_each[t] = 0;
    if (whole->kind == SPLIT_SINGLE) {
        v->tile[t] = parent->split->run[0].move.now * tile.now;
        v->joined[t] = parent->split->covered * tile.now;
    } else if (whole->kind == SPLIT_PAIR) {
        const Axis *axis = &parent->shape->axis[t][whole->split];
        const Loop *loop = &parent->cluster->loop[parent->cluster->spatial];
        int which = axis->dim[1] == loop->dim;
        int64_t other = parent->child.dim[axis->dim[1 - which]].move.now;
        int64_t one = parent->split->run[0].move.now, all = parent->split->covered;
        v->tile[t] *= tensor_image(axis, which ? other : one, which ? one : other);
        v->joined[t] *= tensor_image(axis, which ? other : all, which ? all : other);
    }
}

static inline void count_held(const Parent *parent, Tile tile, int t, Volumes *v)
{
    const Whole *whole = &parent->cluster->whole[t];
    if (whole->kind == SPLIT_NONE) {
        count_alike(tile, t, v);
    } else if (whole->kind == SPLIT_SINGLE) {
        count_single(parent->split, tile, t, v);
    } else {
        SplitTile part = split_pair(parent, &parent->shape->axis[t][whole->split]);
        count_pair(&part, tile, t, v);
    }
}

/* All tensors; of the output only what the children have of it. */
static inline void count_tensors(const Parent *parent, Volumes *v)
{
    unsigned passes = parent->cluster->passes;
    unsigned moved = unit_dims(&parent->child, MOVED, parent->shape->all);
    unsigned edge = unit_dims(&parent->child, EDGE, parent->shape->all);
    int n = parent->shape->n_tensors;
    for (int t = 0; t < n; t++) {
        Tile tile = whole_tile(parent, t, moved, edge);
        if (passes >> t & 1)
            count_passing(parent, tile, t, v);
        else
            count_held(parent, tile, t, v);
    }
}

static inline void count_sums(int n_tensors, Volumes *v)
{
    int64_t shared = 0, each = 0;
    bool shared_over = false, each_over = false;
    for (int t = 0; t < n_tensors; t++) {
        shared_over |= __builtin_add_overflow(shared, v->in_shared[t], &shared);
        each_over |= __builtin_add_overflow(each, v->in_each[t], &each);
    }
    v->all_shared = shared_over ? -1 : shared;
    v->all_each = each_over ? -1 : each;
}

/* ---- the output ------------------------------------------------------------------------------ */

static inline void count_leave(const Parent *parent, const Loop *loop, int64_t *shared,
                               int64_t *each)
{
    const Whole *whole = &parent->cluster->whole[parent->shape->output];
    int64_t tile = parent->cluster->size[parent->shape->output];
    int64_t workers = loop ? parent->split->holders : parent->cluster->alike;
    *shared = *each = 0;
    if (parent->idle)
        return;
    if (unit_dims(&parent->child, WAS_EDGE, whole->dims)) {
        tile = 1;
        for (int k = 0; k < whole->n_singles; k++)
            tile *= parent->child.dim[whole->single[k]].move.before;
    }
    if (whole->kind != SPLIT_NONE)
        tile *= parent->split->before;
    *shared = workers ? tile : 0;
    *each = workers * tile;
}

static inline void count_output(const Parent *parent, const Loop *loop, Volumes *v)
{
    int o = parent->shape->output;
    int64_t joined = v->joined[o];
    v->in_shared[o] = v->in_each[o] = 0;
    v->stays_shared = v->stays_each = v->out_shared = v->out_each = v->fresh = 0;
    if (!children_hold_output(parent) || !children_change(parent))
        return;
    bool alike = parent->cluster->whole[o].kind == SPLIT_NONE;
    if (children_receive(parent))
        v->in_shared[o] = v->in_each[o] = joined;
    else
        v->fresh = v->tile[o];
    v->stays_shared = joined;
    v->stays_each = alike ? joined * v->working : joined;
    count_leave(parent, loop, &v->out_shared, &v->out_each);
}

/* ---- the work ------------------------------------------------------------------------------- */

/* The children of the step, and the MACs of the first and of all. */
static inline void count_work(const Parent *parent, const Loop *loop, Volumes *v)
{
    int64_t rest = parent->cluster->macs, one = 1, all = parent->cluster->alike;
    unsigned dims = parent->shape->all & ~(loop ? 1u << loop->dim : 0);
    if (unit_dims(&parent->child, EDGE, dims)) {
        rest = 1;
        for (; dims; dims &= dims - 1)
            rest *= parent->child.dim[__builtin_ctz(dims)].move.now;
    }
    v->working = loop ? parent->split->working : all;
    if (loop) {
        one = parent->split->run[0].move.now;
        all = parent->split->covered;
    }
    v->macs = rest * one;
    v->macs_all = rest * all;
}

void volumes_count(const Parent *restrict parent, Volumes *restrict v)
{
    const Loop *loop = children_loop(parent);
    v->ragged = false;
    count_work(parent, loop, v);
    count_tensors(parent, v);
    count_output(parent, loop, v);
    count_sums(parent->shape->n_tensors, v);
}

/* ---- what is streamed -------------------------------------------------------------------------
 */

void volumes_sums(int n_tensors, Volumes *v)
{
    count_sums(n_tensors, v);
}

/* An access for every MAC, merged where PEs at equal offsets within their boxes are at one element:
 * all of them, if they divide no dim of it, else none.  A partial sum comes with each but an
 * element's first visit, to one of the PEs that are at it. */
void volumes_stream(const Parent *parent, Volumes *v)
{
    int o = parent->shape->output;
    for (int t = 0; t < parent->shape->n_tensors; t++) {
        if (!(parent->cluster->passes >> t & 1))
            continue;
        bool alike = parent->cluster->whole[t].kind == SPLIT_NONE;
        int64_t once = alike ? v->macs : v->macs_all;
        v->in_shared[t] = once;
        v->in_each[t] = v->macs_all;
        if (t != o)
            continue;
        v->out_shared = v->stays_shared = once;
        v->out_each = v->stays_each = v->macs_all;
        v->in_shared[t] -= children_seen(parent) ? 0 : v->joined[t];
        if (parent->unit->psum & DENIED)
            v->in_shared[t] = 0;
        v->in_each[t] = v->in_shared[t];
    }
    count_sums(parent->shape->n_tensors, v);
}
