/* New elements of one step, and the states that it leaves the children in. */
#include "engine/reuse.h"

/* Where only "elsewhere" matters, any move is this one, far beyond what a step can undo. */
static const int64_t FAR = INT64_C(1) << 48;

/* When the children's output tile came in: where loop k was then, and the length that the unit had
 * of a dim: that of the run before if the tile changed in it, else of the run that it came in. */
static inline int64_t stay_start(const Parent *parent, int k)
{
    return k < parent->last_before ? parent->position.before[k] : 0;
}

static inline int64_t stay_base(const Parent *parent, int d)
{
    const UnitDim *dim = &parent->unit->dim[d];
    return parent->last_before >= 0 ? dim->move.before : dim->stay;
}

/* What the child whose chunk is `first` beyond that of child 0 has of loop k's dim; child 0 stands
 * for all if they do not divide it. */
static inline UnitDim child_dim(const Parent *parent, int k, int64_t first)
{
    const Loop *loop = &parent->cluster->loop[k];
    const Move *m = &parent->unit->dim[loop->dim].move;
    int64_t now = parent->position.now[k], before = parent->position.before[k];
    UnitDim child = {{loop_chunk(loop, m->now, now + first),
                      loop_chunk(loop, m->before, before + first), m->shift + now - before},
                     0};
    if (!child.move.now || !child.move.before)
        child.move.shift = 0;
    else if (child.move.shift && !(parent->shape->slides >> loop->dim & 1))
        child.move.shift = FAR;
    if (!loop->output)
        child.stay = loop_chunk(loop, stay_base(parent, loop->dim), stay_start(parent, k) + first);
    return child;
}

static inline void set_child(Parent *parent, int d, const UnitDim *dim)
{
    UnitState *child = &parent->child;
    int64_t full = parent->cluster->full[d];
    uint32_t none = UINT32_C(1) << MOVED | UINT32_C(1) << EDGE | UINT32_C(1) << WAS_EDGE;
    uint32_t moved = !dim->move.before | (dim->move.shift != 0);
    uint32_t edge = dim->move.now != full, was_edge = dim->move.before != full;
    child->sets =
        (child->sets & ~(none << d)) | (moved << MOVED | edge << EDGE | was_edge << WAS_EDGE) << d;
    child->dim[d] = *dim;
}

static inline void place(Parent *parent, int k, int64_t now, int64_t before)
{
    parent->position.now[k] = now;
    parent->position.before[k] = before;
    UnitDim dim = child_dim(parent, k, 0);
    set_child(parent, parent->cluster->loop[k].dim, &dim);
}

void reuse_place(Parent *parent, int k, int64_t now, int64_t before)
{
    place(parent, k, now, before);
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
    for (int k = 0; k < shape->n_reduced; k++) {
        int d = shape->reduced[k];
        int64_t stay = stay_base(parent, d);
        parent->child.dim[d].stay = stay;
        parent->idle |= !stay;
    }
}

/* Where the loop was at the end of the run before. */
static inline int64_t last_place(const Parent *parent, int k)
{
    const Loop *loop = &parent->cluster->loop[k];
    return loop_last(loop, parent->unit->dim[loop->dim].move.before);
}

void reuse_first(Parent *parent)
{
    for (int k = 0; k < parent->cluster->n_loops; k++)
        place(parent, k, 0, last_place(parent, k));
}

void reuse_last(Parent *parent)
{
    for (int k = 0; k < parent->cluster->n_loops; k++) {
        int64_t last = last_place(parent, k);
        place(parent, k, last, last);
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

/* ---- the loop across children -------------------------------------------------- */

/* What the unit has, had, and had when its children's output tile came in, from the first child
 * on. */
typedef struct {
    const Loop *loop; /* NULL: the children divide no dim; then nothing else is set */
    int64_t now, before, stay;
} Across;

static inline Across across_children(const Parent *parent)
{
    Across across = {NULL, 0, 0, 0};
    int k = parent->cluster->spatial;
    if (k < 0)
        return across;
    const Loop *loop = &parent->cluster->loop[k];
    const Move *move = &parent->unit->dim[loop->dim].move;
    across.loop = loop;
    across.now = move->now - parent->position.now[k];
    across.before = move->before - parent->position.before[k];
    across.stay = loop->output ? loop->width /* as if none were cut off */
                               : stay_base(parent, loop->dim) - stay_start(parent, k);
    return across;
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
static __attribute__((noinline)) void cut_groups(const Parent *parent, const Across *across,
                                                 bool one_receives, Groups *groups)
{
    Cuts cuts; /* the rest of it is set where it is used */
    cuts.n = 1;
    cuts.at[0] = 0;
    cuts.at[1] = groups->run[0].end;
    if (one_receives)
        cut_at(&cuts, 1);
    if (across->loop) {
        cut_chunks(&cuts, across->loop, across->now);
        cut_chunks(&cuts, across->loop, across->before);
        cut_chunks(&cuts, across->loop, across->stay);
    }
    groups->n = cuts.n;
    groups->run[0].end = cuts.at[1];
    for (int g = 1; g < cuts.n; g++) {
        UnitDim dim = {{0, 0, 0}, 0};
        if (across->loop)
            dim = child_dim(parent, parent->cluster->spatial, cuts.at[g] * across->loop->size);
        groups->run[g] = (Run){cuts.at[g], cuts.at[g + 1], dim.move};
        groups->stay[g] = dim.stay;
    }
}

static inline void group_children(const Parent *parent, const Across *across, int64_t children,
                                  bool one_receives, Groups *groups)
{
    const Loop *loop = across->loop;
    bool differ = one_receives;
    groups->dim = -1;
    groups->n = 1;
    groups->run[0].first = 0;
    groups->run[0].end = children;
    if (loop) {
        groups->dim = loop->dim;
        groups->run[0].move = parent->child.dim[loop->dim].move;
        groups->stay[0] = parent->child.dim[loop->dim].stay;
        differ |= min64(across->now, min64(across->before, across->stay)) < loop->width;
    }
    if (differ)
        cut_groups(parent, across, one_receives, groups);
}

/* ---- what leaves -------------------------------------------------------------- */

/* Of the output, but for the dim that the children divide, what child 0 had. */
static int64_t left_pieces(const Parent *parent, const Rest *rest)
{
    int64_t tile = 1;
    for (int d = 0; d < parent->shape->n_dims; d++)
        tile *= rest->dims >> d & 1 ? parent->child.dim[d].move.before : 1;
    return tile;
}

static inline void leave(const Parent *parent, const Across *across, int64_t *shared, int64_t *each)
{
    const Rest *rest = &parent->cluster->rest[parent->shape->output];
    int64_t tile = rest->size, workers = parent->cluster->alike;
    *shared = *each = 0;
    if (parent->idle)
        return;
    if (unit_dims(&parent->child, WAS_EDGE, rest->dims))
        tile = left_pieces(parent, rest);
    if (across->loop) {
        workers = 1;
        if (across->loop->output)
            tile *= loop_covered(across->loop, across->before);
        else
            workers = loop_children(across->loop, loop_covered(across->loop, across->stay));
    }
    *shared = workers ? tile : 0;
    *each = workers * tile;
}

void reuse_leave(const Parent *parent, int64_t *shared, int64_t *each)
{
    Across across = across_children(parent);
    leave(parent, &across, shared, each);
}

/* ---- what comes --------------------------------------------------------------- */

typedef struct {
    int64_t now, kept; /* elements of a tile, and those of them that were there before */
} Tile;

static Tile pair_tile(const Axis *axis, const Move *i, const Move *j)
{
    return (Tile){tensor_image(axis, i->now, j->now), tensor_overlap(axis, i, j)};
}

/* A tensor's axes but for the fanned one, over child 0: chunks that are cut off, or images that
 * overlap in part. */
static __attribute__((noinline)) Tile rest_pieces(const Parent *parent, int t, unsigned moved,
                                                  unsigned edge)
{
    const Shape *shape = parent->shape;
    const UnitDim *dim = parent->child.dim;
    const Rest *rest = &parent->cluster->rest[t];
    const Axis *axis = shape->axis[t];
    int64_t flat = rest->flat;
    if (rest->singles & edge) {
        flat = 1;
        for (int c = shape->n_pairs[t]; c < shape->n_axes[t]; c++)
            flat *= c == rest->fanned ? 1 : dim[axis[c].dim[0]].move.now;
    }
    Tile tile = {flat, rest->singles & moved ? 0 : flat};
    for (int c = 0; c < shape->n_pairs[t]; c++) {
        if (c == rest->fanned)
            continue;
        const Move *i = &dim[axis[c].dim[0]].move, *j = &dim[axis[c].dim[1]].move;
        int64_t image = tensor_image(&axis[c], i->now, j->now);
        tile.now *= image;
        if (tile.kept)
            tile.kept *= axis[c].dims & moved ? tensor_overlap(&axis[c], i, j) : image;
    }
    return tile;
}

/* The coordinate along which the children differ. */
typedef struct {
    int64_t first;         /* image of the first child, the largest */
    int64_t joined, fresh; /* image of all together, and what of it is new to at least one */
    int64_t now, kept;     /* sums over the children */
} Fan;

/* A coordinate of one dim: its values are the indices of the dim, and no two children share one. */
static inline Fan fan_single(const Groups *groups)
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
        fan.first = g == 0 ? tile.now : fan.first;
        fan.now += count * tile.now;
        fan.kept += count * tile.kept;
        extent += count * run->move.now;
    }
    fan.joined =
        which ? tensor_image(axis, other->now, extent) : tensor_image(axis, extent, other->now);
    fan.fresh = fan_fresh(axis, which, loop->size, groups, &fan, other);
    return fan;
}

/* The sum stays -1 once it overflows. */
static inline void add_up(int64_t *sum, int64_t a)
{
    if (*sum >= 0 && __builtin_add_overflow(*sum, a, sum))
        *sum = -1;
}

/* All tensors; of the output only what the children have of it.  An element is new to some child if
 * the coordinate that the children divide is, or if the others are and the child wants it. */
static inline void count_tensors(const Parent *parent, const Loop *loop, const Groups *groups,
                                 Volumes *v)
{
    const Shape *shape = parent->shape;
    unsigned moved = unit_dims(&parent->child, MOVED, shape->all);
    unsigned edge = unit_dims(&parent->child, EDGE, shape->all);
    Fan fans[FAN_KINDS];
    fans[FAN_ALIKE] = (Fan){1, 1, 0, v->working, v->working};
    if (loop)
        fans[FAN_SINGLE] = fan_single(groups);
    v->all_shared = v->all_each = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        const Rest *rest = &parent->cluster->rest[t];
        const Fan *fan = &fans[rest->kind];
        Tile tile = {rest->size, rest->size}; /* most often the chunks are full, and it stays */
        if (rest->dims & edge || (rest->dims & moved && !(rest->singles & moved)))
            tile = rest_pieces(parent, t, moved, edge);
        else if (rest->singles & moved)
            tile.kept = 0;
        if (rest->kind == FAN_PAIR) {
            fans[FAN_PAIR] = fan_pair(parent, &shape->axis[t][rest->fanned], loop, groups);
            v->ragged |= fan->fresh < 0;
        }
        v->tile[t] = fan->first * tile.now;
        v->joined[t] = fan->joined * tile.now;
        if (t == shape->output)
            continue;
        v->in_shared[t] = fan->fresh * tile.kept + fan->joined * (tile.now - tile.kept);
        v->in_each[t] = fan->now * tile.now - fan->kept * tile.kept;
        add_up(&v->all_shared, v->in_shared[t]);
        add_up(&v->all_each, v->in_each[t]);
    }
}

static inline void count_output(const Parent *parent, const Across *across, bool changes,
                                bool entering, Volumes *v)
{
    int o = parent->shape->output;
    int64_t joined = v->joined[o], in = entering ? joined : 0;
    v->in_shared[o] = v->in_each[o] = in;
    add_up(&v->all_shared, in);
    add_up(&v->all_each, in);
    v->stays_shared = v->stays_each = v->out_shared = v->out_each = 0;
    if (changes) {
        bool alike = parent->cluster->rest[o].kind == FAN_ALIKE;
        v->stays_shared = joined;
        v->stays_each = alike ? joined * v->working : joined;
        leave(parent, across, &v->out_shared, &v->out_each);
    }
}

/* The children of the step, and the MACs of the first and of all. */
static inline void count_work(const Parent *parent, const Loop *loop, int64_t left, Volumes *v)
{
    const Cluster *cluster = parent->cluster;
    int64_t rest = cluster->macs, one = 1, all = cluster->alike;
    unsigned dims = parent->shape->all; /* but for the one that the children divide */
    v->working = all;
    if (loop) {
        dims &= ~(1u << loop->dim);
        one = parent->child.dim[loop->dim].move.now;
        all = loop_covered(loop, left);
        v->working = loop_children(loop, all);
    }
    if (unit_dims(&parent->child, EDGE, dims)) {
        rest = 1;
        for (int d = 0; d < parent->shape->n_dims; d++)
            rest *= dims >> d & 1 ? parent->child.dim[d].move.now : 1;
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
    Across across = across_children(parent);
    bool changes = unit_dims(&parent->child, MOVED, parent->shape->of_output);
    bool entering = changes && visited(parent);
    bool one_receives = entering && inner && !(across.loop && across.loop->output);
    v->ragged = false;
    count_work(parent, across.loop, across.now, v);
    group_children(parent, &across, v->working, one_receives, groups);
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = !changes /* a tile that stays has been worked on */
                          || (entering && (!one_receives || g == 0));
    count_tensors(parent, across.loop, groups, v);
    count_output(parent, &across, changes, entering, v);
}

void reuse_holders(const Parent *parent, Groups *groups)
{
    const Cluster *cluster = parent->cluster;
    Across across = across_children(parent);
    group_children(parent, &across, across.loop ? cluster->children : cluster->alike, false,
                   groups);
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = false;
}
