/* New elements of one step, and the states that it leaves the children in. */
#include "engine/reuse.h"

/* Where only "elsewhere" matters, any move is this one, far beyond what a step can undo. */
static const int64_t FAR = INT64_C(1) << 48;

/* When the children's output tile came in: where loop k was then, and the length that the unit had
 * of a dim. */
static int64_t stay_start(const Parent *parent, int k, int64_t before)
{
    return k < parent->last_before ? before : 0;
}

static int64_t stay_base(const Parent *parent, int d)
{
    const UnitDim *dim = &parent->unit->dim[d];
    return parent->last_before >= 0 ? dim->move.before : dim->stay;
}

/* What child p has of loop k's dim; child 0 stands for all if they do not divide it. */
static inline UnitDim child_dim(const Parent *parent, int k, int64_t p)
{
    const Loop *loop = &parent->cluster->loop[k];
    const Move *m = &parent->unit->dim[loop->dim].move;
    int64_t first = p * loop->size;
    int64_t now = parent->position.now[k] * loop->width;
    int64_t before = parent->position.before[k] * loop->width;
    UnitDim child = {{loop_chunk(loop, m->now, now + first),
                      loop_chunk(loop, m->before, before + first), m->shift + now - before},
                     0};
    if (!child.move.now || !child.move.before)
        child.move.shift = 0;
    else if (child.move.shift && !(parent->shape->slides >> loop->dim & 1))
        child.move.shift = FAR;
    if (!loop->output)
        child.stay = loop_chunk(loop, stay_base(parent, loop->dim),
                                stay_start(parent, k, before) + first);
    return child;
}

static inline void set_child(Parent *parent, int d, const UnitDim *dim)
{
    UnitState *child = &parent->child;
    int64_t full = parent->cluster->full[d];
    uint32_t none = UINT32_C(1) << MOVED | UINT32_C(1) << EDGE | UINT32_C(1) << WAS_EDGE;
    uint32_t moved = !dim->move.before | (dim->move.shift != 0);
    uint32_t edge = dim->move.now != full, was_edge = dim->move.before != full;
    child->sets = (child->sets & ~(none << d)) |
                  (moved << MOVED | edge << EDGE | was_edge << WAS_EDGE) << d;
    child->dim[d] = *dim;
}

void reuse_place(Parent *parent, int k, int64_t now, int64_t before)
{
    parent->position.now[k] = now;
    parent->position.before[k] = before;
    UnitDim dim = child_dim(parent, k, 0);
    set_child(parent, parent->cluster->loop[k].dim, &dim);
}

void reuse_parent(const Shape *shape, const Cluster *cluster, const UnitState *unit, Parent *parent)
{
    parent->shape = shape;
    parent->cluster = cluster;
    parent->unit = unit;
    parent->last_now = parent->last_before = -1;
    for (int k = 0; k < cluster->n_loops; k++) {
        const Loop *loop = &cluster->loop[k];
        const Move *move = &unit->dim[loop->dim].move;
        if (loop->output && loop_several(loop, move->now))
            parent->last_now = k;
        if (loop->output && loop_several(loop, move->before))
            parent->last_before = k;
    }
    parent->idle = false;
    unit_copy(&parent->child, unit, shape->n_dims);
    for (int d = 0; d < shape->n_dims; d++)
        if (!(shape->of_output >> d & 1)) {
            parent->child.dim[d].stay = stay_base(parent, d);
            parent->idle |= !parent->child.dim[d].stay;
        }
}

static int64_t last_step(const Parent *parent, int k)
{
    const Loop *loop = &parent->cluster->loop[k];
    return loop_steps(loop, parent->unit->dim[loop->dim].move.before) - 1;
}

void reuse_first(Parent *parent)
{
    for (int k = 0; k < parent->cluster->n_loops; k++)
        reuse_place(parent, k, 0, last_step(parent, k));
}

void reuse_last(Parent *parent)
{
    for (int k = 0; k < parent->cluster->n_loops; k++) {
        int64_t last = last_step(parent, k);
        reuse_place(parent, k, last, last);
    }
}

void reuse_select(Parent *parent, const Groups *groups, int g)
{
    parent->child.psum = groups->psum[g];
    if (groups->dim >= 0) {
        UnitDim dim = {groups->run[g].move, groups->stay[g]};
        set_child(parent, groups->dim, &dim);
    }
}

/* ---- children in equal states ---------------------------------------------- */

typedef struct {
    int n;
    int64_t at[GROUPS_MAX + 1]; /* group g is the children at[g] .. at[g+1] - 1 */
} Cuts;

static void cut_at(Cuts *cuts, int64_t p)
{
    int k = cuts->n;
    if (p <= 0 || p >= cuts->at[k])
        return; /* no child on one side */
    while (cuts->at[k - 1] >= p)
        k--;
    if (cuts->at[k] == p)
        return; /* there already */
    for (int i = cuts->n++; i >= k; i--)
        cuts->at[i + 1] = cuts->at[i];
    cuts->at[k] = p;
}

/* A child whose chunk is cut off, and the first whose chunk is missing, differ from the rest. */
static void cut_chunks(Cuts *cuts, const Loop *loop, int64_t covered)
{
    if (covered >= loop->width)
        return;
    int64_t whole = covered <= 0 ? 0 : covered / loop->size;
    cut_at(cuts, whole);
    if (whole * loop->size < covered)
        cut_at(cuts, whole + 1);
}

/* The children from the second group on. */
static __attribute__((noinline)) void cut_groups(const Parent *parent, const Cuts *cuts,
                                                 Groups *groups)
{
    groups->n = cuts->n;
    groups->run[0].end = cuts->at[1];
    for (int g = 1; g < cuts->n; g++) {
        UnitDim dim = {{0, 0, 0}, 0};
        if (groups->dim >= 0)
            dim = child_dim(parent, parent->cluster->spatial, cuts->at[g]);
        groups->run[g] = (Run){cuts->at[g], cuts->at[g + 1], dim.move};
        groups->stay[g] = dim.stay;
    }
}

static inline void group_children(const Parent *parent, int64_t children, bool one_receives,
                                  Groups *groups)
{
    int k = parent->cluster->spatial;
    int64_t now = INT64_MAX, before = INT64_MAX, stay = INT64_MAX; /* what is left from here on */
    const Loop *loop = &parent->cluster->loop[k < 0 ? 0 : k];
    groups->dim = -1;
    groups->n = 1;
    groups->run[0].first = 0;
    groups->run[0].end = children;
    if (k >= 0) {
        const Move *move = &parent->unit->dim[loop->dim].move;
        int64_t start = parent->position.before[k] * loop->width;
        now = move->now - parent->position.now[k] * loop->width;
        before = move->before - start;
        if (!loop->output)
            stay = stay_base(parent, loop->dim) - stay_start(parent, k, start);
        groups->dim = loop->dim;
        groups->run[0].move = parent->child.dim[loop->dim].move;
        groups->stay[0] = parent->child.dim[loop->dim].stay;
    }
    if (one_receives || min64(now, min64(before, stay)) < loop->width) {
        Cuts cuts; /* the rest of it is set where it is used */
        cuts.n = 1;
        cuts.at[0] = 0;
        cuts.at[1] = children;
        if (one_receives)
            cut_at(&cuts, 1);
        cut_chunks(&cuts, loop, now);
        cut_chunks(&cuts, loop, before);
        cut_chunks(&cuts, loop, stay);
        cut_groups(parent, &cuts, groups);
    }
}

/* ---- what leaves -------------------------------------------------------------- */

/* How much of a dim the children of a step have together. */
static int64_t covered_at(const Loop *loop, int64_t extent, int64_t start)
{
    return extent <= start ? 0 : min64(extent - start, loop->width);
}

static int64_t children_of(const Loop *loop, int64_t covered)
{
    return covered == loop->width ? loop->across : ceil_div(covered, loop->size);
}

void reuse_leave(const Parent *parent, int64_t *shared, int64_t *each)
{
    const Shape *shape = parent->shape;
    const Cluster *cluster = parent->cluster;
    const Rest *rest = &cluster->rest[shape->output];
    int64_t tile = rest->size, workers = cluster->alike;
    if (unit_dims(&parent->child, WAS_EDGE, rest->dims)) {
        tile = 1;
        for (int c = 0; c < shape->n_axes[shape->output]; c++)
            if (c != rest->fanned)
                tile *= parent->child.dim[shape->axis[shape->output][c].dim[0]].move.before;
    }
    if (cluster->spatial >= 0) {
        int k = cluster->spatial;
        const Loop *loop = &cluster->loop[k];
        int64_t before = parent->position.before[k] * loop->width;
        workers = 1;
        if (loop->output)
            tile *= covered_at(loop, parent->unit->dim[loop->dim].move.before, before);
        else
            workers = children_of(loop, covered_at(loop, stay_base(parent, loop->dim),
                                                   stay_start(parent, k, before)));
    }
    *shared = parent->idle || !workers ? 0 : tile;
    *each = parent->idle ? 0 : workers * tile;
}

/* ---- what comes --------------------------------------------------------------- */

typedef struct {
    int64_t now, kept; /* elements of a tile, and those of them that were there before */
} Tile;

static Tile pair_tile(const Axis *axis, const Move *i, const Move *j)
{
    return (Tile){tensor_image(axis, i->now, j->now), tensor_overlap(axis, i, j)};
}

/* Of the tensor's coordinates of one dim, but for the fanned one, over child 0. */
static int64_t rest_flat(const Parent *parent, const Rest *rest, int t)
{
    const Shape *shape = parent->shape;
    int64_t flat = 1;
    if (!unit_dims(&parent->child, EDGE, rest->singles))
        return rest->flat;
    for (int c = shape->n_pairs[t]; c < shape->n_axes[t]; c++)
        if (c != rest->fanned)
            flat *= parent->child.dim[shape->axis[t][c].dim[0]].move.now;
    return flat;
}

/* A tensor's axes but for the fanned one, over child 0: chunks that are cut off, or images that
 * overlap in part. */
static __attribute__((noinline)) Tile rest_pieces(const Parent *parent, int t, bool elsewhere)
{
    const Shape *shape = parent->shape;
    const UnitDim *dim = parent->child.dim;
    const Rest *rest = &parent->cluster->rest[t];
    int64_t flat = rest_flat(parent, rest, t);
    Tile tile = {flat, elsewhere ? 0 : flat};
    for (int c = 0; c < shape->n_pairs[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        const Move *i = &dim[axis->dim[0]].move, *j = &dim[axis->dim[1]].move;
        if (c == rest->fanned)
            continue;
        int64_t image = tensor_image(axis, i->now, j->now);
        bool still = !unit_dims(&parent->child, MOVED, 1u << axis->dim[0] | 1u << axis->dim[1]);
        tile.now *= image;
        if (!elsewhere)
            tile.kept *= still ? image : tensor_overlap(axis, i, j);
    }
    return tile;
}

/* Most often the chunks are full, and the tile is what was there before or has nothing of it. */
static inline Tile rest_tile(const Parent *parent, int t)
{
    const Rest *rest = &parent->cluster->rest[t];
    unsigned moved = unit_dims(&parent->child, MOVED, rest->dims);
    bool elsewhere = moved & rest->singles;
    if (unit_dims(&parent->child, EDGE, rest->dims) || (moved && !elsewhere))
        return rest_pieces(parent, t, elsewhere);
    return (Tile){rest->size, elsewhere ? 0 : rest->size};
}

/* The coordinate along which the children differ. */
typedef struct {
    int64_t first;         /* image of the first child, the largest */
    int64_t joined, fresh; /* image of all together, and what of it is new to at least one */
    int64_t now, kept;     /* sums over the children */
} Fan;

/* A coordinate of one dim: its values are the indices of the dim, and no two children share one. */
static Fan fan_single(const Groups *groups)
{
    Fan fan = {groups->run[0].move.now, 0, 0, 0, 0};
    for (int g = 0; g < groups->n; g++) {
        const Run *run = &groups->run[g];
        int64_t count = run->end - run->first;
        fan.now += count * run->move.now;
        fan.kept += run->move.shift ? 0 : count * min64(run->move.now, run->move.before);
    }
    fan.joined = fan.now;
    fan.fresh = fan.now - fan.kept;
    return fan;
}

/* What is new to some child.  The easy answers: all is new, or nothing is, or no two children share
 * a value. */
static int64_t fan_fresh(const Axis *axis, int which, int64_t size, const Groups *groups,
                         const Fan *fan, const Move *other)
{
    if (fan->kept == fan->now || fan->joined == fan->now)
        return fan->now - fan->kept;
    if (fan->kept == 0)
        return fan->joined;
    return tensor_spread(axis, which, size, groups->run, groups->n, *other);
}

static Fan fan_pair(const Parent *parent, const Axis *axis, const Loop *loop, const Groups *groups)
{
    Fan fan = {0, 0, 0, 0, 0};
    int which = axis->dim[1] == loop->dim;
    const Move *other = &parent->child.dim[axis->dim[1 - which]].move;
    int64_t extent = 0;
    for (int g = 0; g < groups->n; g++) {
        const Run *run = &groups->run[g];
        int64_t count = run->end - run->first;
        Tile tile = which ? pair_tile(axis, other, &run->move) : pair_tile(axis, &run->move, other);
        fan.first = max64(fan.first, tile.now);
        fan.now += count * tile.now;
        fan.kept += count * tile.kept;
        extent += count * run->move.now;
    }
    fan.joined =
        which ? tensor_image(axis, other->now, extent) : tensor_image(axis, extent, other->now);
    fan.fresh = fan_fresh(axis, which, loop->size, groups, &fan, other);
    return fan;
}

/* An element is new to some child if the coordinate that the children divide is, or if the others
 * are and the child wants it.  A tensor with no such coordinate is one that they all want alike. */
static void count_tensors(const Parent *parent, const Groups *groups, Volumes *v)
{
    const Shape *shape = parent->shape;
    const Cluster *cluster = parent->cluster;
    const Fan alike = {1, 1, 0, v->working, v->working};
    Fan single, pair;
    if (cluster->spatial >= 0)
        single = fan_single(groups);
    for (int t = 0; t < shape->n_tensors; t++) {
        int fanned = cluster->rest[t].fanned;
        const Fan *fan = fanned < 0 ? &alike : &single;
        if (fanned >= 0 && fanned < shape->n_pairs[t]) {
            pair = fan_pair(parent, &shape->axis[t][fanned], &cluster->loop[cluster->spatial],
                            groups);
            v->ragged |= pair.fresh < 0;
            fan = &pair;
        }
        Tile rest = rest_tile(parent, t);
        v->tile[t] = fan->first * rest.now;
        v->joined[t] = fan->joined * rest.now;
        v->in_shared[t] = fan->fresh * rest.kept + fan->joined * (rest.now - rest.kept);
        v->in_each[t] = fan->now * rest.now - fan->kept * rest.kept;
    }
}

static void count_output(const Parent *parent, bool changes, bool entering, Volumes *v)
{
    int o = parent->shape->output;
    int64_t joined = v->joined[o];
    bool fanned = parent->cluster->rest[o].fanned >= 0;
    v->stays_shared = changes ? joined : 0;
    v->stays_each = changes ? joined * (fanned ? 1 : v->working) : 0;
    v->in_shared[o] = v->in_each[o] = entering ? joined : 0;
    v->out_shared = v->out_each = 0;
    if (changes)
        reuse_leave(parent, &v->out_shared, &v->out_each);
}

/* The children of the step, and the MACs of the first and of all. */
static void count_work(const Parent *parent, Volumes *v)
{
    const Cluster *cluster = parent->cluster;
    int k = cluster->spatial, mapped = -1;
    int64_t rest = cluster->macs, one = 1, all = cluster->alike;
    unsigned edge = unit_dims(&parent->child, EDGE, (1u << parent->shape->n_dims) - 1);
    v->working = all;
    if (k >= 0) {
        const Loop *loop = &cluster->loop[k];
        mapped = loop->dim;
        one = parent->child.dim[mapped].move.now;
        all = covered_at(loop, parent->unit->dim[mapped].move.now,
                         parent->position.now[k] * loop->width);
        v->working = children_of(loop, all);
        edge &= ~(1u << mapped);
    }
    if (edge) {
        rest = 1;
        for (int d = 0; d < parent->shape->n_dims; d++)
            rest *= d == mapped ? 1 : parent->child.dim[d].move.now;
    }
    v->macs = rest * one;
    v->macs_all = rest * all;
}

/* Partial sums come back if the tile has been here before: in an earlier run of the parent's stay,
 * or at an earlier step of a reduced loop around the output's. */
static bool visited(const Parent *parent)
{
    if (parent->unit->psum)
        return true;
    for (int k = 0; k < parent->last_now; k++)
        if (!parent->cluster->loop[k].output && parent->position.now[k])
            return true;
    return false;
}

void reuse_step(const Parent *parent, bool inner, Volumes *v, Groups *groups)
{
    const Cluster *cluster = parent->cluster;
    bool divided = cluster->spatial >= 0 && cluster->loop[cluster->spatial].output;
    bool changes = unit_dims(&parent->child, MOVED, parent->shape->of_output);
    bool entering = changes && visited(parent);
    bool one_receives = entering && inner && !divided;
    v->ragged = false;
    count_work(parent, v);
    group_children(parent, v->working, one_receives, groups);
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = changes ? entering && (!one_receives || g == 0) : 1;
    count_tensors(parent, groups, v);
    count_output(parent, changes, entering, v);
}

void reuse_holders(const Parent *parent, Groups *groups)
{
    const Cluster *cluster = parent->cluster;
    group_children(parent, cluster->spatial < 0 ? cluster->alike : cluster->children, false,
                   groups);
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = false;
}
