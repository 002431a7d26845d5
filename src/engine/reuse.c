/* New elements of one step, and the states that it leaves the children in. */
#include "engine/reuse.h"

#include <string.h>

/* Where only "elsewhere" matters, any move is this one, far beyond what a step can undo. */
static const int64_t MOVED = INT64_C(1) << 48;

static bool output_changes(const Shape *shape, const UnitState *unit)
{
    for (int d = 0; d < shape->n_dims; d++)
        if (shape->of_output[d] && (!unit->dim[d].move.before || unit->dim[d].move.shift))
            return true;
    return false;
}

static int last_output_loop(const Cluster *cluster, const UnitState *unit, bool now)
{
    for (int k = cluster->n_loops - 1; k >= 0; k--) {
        const Loop *loop = &cluster->loop[k];
        const Move *move = &unit->dim[loop->dim].move;
        if (loop->output && loop_several(loop, now ? move->now : move->before))
            return k;
    }
    return -1;
}

Parent reuse_parent(const Shape *shape, const Cluster *cluster, const UnitState *unit)
{
    return (Parent){shape, cluster, unit, last_output_loop(cluster, unit, true),
                    last_output_loop(cluster, unit, false), output_changes(shape, unit)};
}

Position reuse_first(const Parent *parent)
{
    Position position;
    for (int k = 0; k < parent->cluster->n_loops; k++) {
        const Loop *loop = &parent->cluster->loop[k];
        position.now[k] = 0;
        position.before[k] = loop_steps(loop, parent->unit->dim[loop->dim].move.before) - 1;
    }
    return position;
}

static void settle(const Shape *shape, int d, Move *move)
{
    if (!move->now || !move->before)
        move->shift = 0;
    else if (!shape->slides[d] && move->shift)
        move->shift = MOVED;
}

/* When the children's output tile came in: the step of loop k then, and the length that the unit
 * had of a dim. */
static int64_t stay_step(const Parent *parent, const Position *position, int k)
{
    return k < parent->last_before ? position->before[k] : 0;
}

static int64_t stay_base(const Parent *parent, int d)
{
    const UnitDim *dim = &parent->unit->dim[d];
    return parent->last_before >= 0 ? dim->move.before : dim->stay;
}

/* What child p has of loop k's dim; child 0 stands for all if they do not divide it. */
static UnitDim child_dim(const Parent *parent, const Position *position, int k, int64_t p)
{
    const Loop *loop = &parent->cluster->loop[k];
    const Move *m = &parent->unit->dim[loop->dim].move;
    int64_t now = position->now[k] * loop->across + p;
    int64_t before = position->before[k] * loop->across + p;
    UnitDim child = {{loop_chunk(loop, m->now, now), loop_chunk(loop, m->before, before),
                      m->shift + (now - before) * loop->size},
                     0};
    if (!loop->output)
        child.stay = loop_chunk(loop, stay_base(parent, loop->dim),
                                stay_step(parent, position, k) * loop->across + p);
    settle(parent->shape, loop->dim, &child.move);
    return child;
}

/* The state of child 0. */
static void child_state(const Parent *parent, const Position *position, UnitState *child)
{
    const Shape *shape = parent->shape;
    for (int d = 0; d < shape->n_dims; d++) {
        int k = parent->cluster->loop_of[d];
        if (k >= 0) {
            child->dim[d] = child_dim(parent, position, k, 0);
            continue;
        }
        child->dim[d].move = parent->unit->dim[d].move;
        child->dim[d].stay = shape->of_output[d] ? 0 : stay_base(parent, d);
        settle(shape, d, &child->dim[d].move);
    }
}

/* ---- children in equal states ---------------------------------------------- */

typedef struct {
    int n;
    int64_t at[GROUPS_MAX + 1]; /* group g is the children at[g] .. at[g+1] - 1 */
} Cuts;

static void cut_at(Cuts *cuts, int64_t p)
{
    int k = 0;
    while (k <= cuts->n && cuts->at[k] < p)
        k++;
    if (k > cuts->n || cuts->at[k] == p)
        return; /* beyond the last child, or there already */
    memmove(&cuts->at[k + 1], &cuts->at[k], (size_t) (cuts->n - k + 1) * sizeof cuts->at[0]);
    cuts->at[k] = p;
    cuts->n++;
}

/* A child whose chunk is cut off, and the first whose chunk is missing, differ from the rest. */
static void cut_chunks(Cuts *cuts, const Loop *loop, int64_t extent, int64_t step)
{
    int64_t covered = loop_covered(loop, extent, step);
    if (covered == loop->across * loop->size)
        return;
    cut_at(cuts, covered / loop->size);
    cut_at(cuts, ceil_div(covered, loop->size));
}

static Cuts cut_children(const Parent *parent, const Position *position, int64_t children,
                         bool one_receives)
{
    Cuts cuts = {1, {0, children}};
    int k = parent->cluster->spatial;
    if (one_receives)
        cut_at(&cuts, 1);
    if (k < 0)
        return cuts;
    const Loop *loop = &parent->cluster->loop[k];
    const Move *move = &parent->unit->dim[loop->dim].move;
    cut_chunks(&cuts, loop, move->now, position->now[k]);
    cut_chunks(&cuts, loop, move->before, position->before[k]);
    if (!loop->output)
        cut_chunks(&cuts, loop, stay_base(parent, loop->dim), stay_step(parent, position, k));
    return cuts;
}

/* The groups and child 0's state, without partial sums. */
static void group_children(const Parent *parent, const Position *position, int64_t children,
                           bool one_receives, Groups *groups)
{
    const Cluster *cluster = parent->cluster;
    Cuts cuts = cut_children(parent, position, children, one_receives);
    child_state(parent, position, &groups->child);
    groups->n = cuts.n;
    groups->dim = cluster->spatial < 0 ? -1 : cluster->loop[cluster->spatial].dim;
    for (int g = 0; g < cuts.n; g++) {
        groups->run[g].first = cuts.at[g];
        groups->run[g].end = cuts.at[g + 1];
        if (groups->dim < 0)
            continue;
        UnitDim dim = g ? child_dim(parent, position, cluster->spatial, cuts.at[g])
                        : groups->child.dim[groups->dim];
        groups->run[g].move = dim.move;
        groups->stay[g] = dim.stay;
    }
}

/* ---- what leaves -------------------------------------------------------------- */

void reuse_leave(const Parent *parent, const Position *position, int64_t *shared, int64_t *each)
{
    const Cluster *cluster = parent->cluster;
    int64_t tile = 1, workers = cluster->spatial < 0 ? cluster->alike : 1;
    for (int d = 0; d < parent->shape->n_dims; d++) {
        int k = cluster->loop_of[d];
        const Loop *loop = k < 0 ? NULL : &cluster->loop[k];
        if (parent->shape->of_output[d]) {
            int64_t before = parent->unit->dim[d].move.before;
            tile *= !loop ? before : loop_covered(loop, before, position->before[k]);
            continue;
        }
        int64_t base = stay_base(parent, d);
        if (!base)
            workers = 0; /* nobody worked on it: the parent was idle */
        else if (loop && k == cluster->spatial)
            workers *= loop_children(loop, base, stay_step(parent, position, k));
    }
    *shared = workers ? tile : 0;
    *each = workers * tile;
}

/* ---- what comes --------------------------------------------------------------- */

typedef struct {
    int64_t now, kept; /* elements of a tile, and those of them that were there before */
} Tile;

/* `j` is read only if the axis has two dims. */
static Tile axis_tile(const Axis *axis, const Move *i, const Move *j)
{
    if (axis->n == 1)
        return (Tile){i->now, i->shift ? 0 : min64(i->now, i->before)};
    return (Tile){tensor_image(axis, i->now, j->now), tensor_overlap(axis, *i, *j)};
}

/* A tensor's axes but for `fanned`, over child 0. */
static Tile tensor_tile(const Shape *shape, int t, int fanned, const UnitState *child)
{
    Tile tile = {1, 1};
    for (int c = 0; c < shape->n_axes[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        if (c == fanned)
            continue;
        const Move *i = &child->dim[axis->dim[0]].move;
        Tile part = axis_tile(axis, i, c < shape->n_pairs[t] ? &child->dim[axis->dim[1]].move : i);
        tile.now *= part.now;
        tile.kept *= part.kept;
    }
    return tile;
}

/* A tensor that all working children want alike. */
static void count_alike(const Shape *shape, int t, const UnitState *child, Volumes *v)
{
    Tile tile = tensor_tile(shape, t, -1, child);
    v->tile[t] = v->joined[t] = tile.now;
    v->in_shared[t] = tile.now - tile.kept;
    v->in_each[t] = v->working * (tile.now - tile.kept);
}

/* The coordinate along which the children differ. */
typedef struct {
    int64_t first;         /* image of the first child, the largest */
    int64_t joined, fresh; /* image of all together, and what of it is new to at least one */
    int64_t now, kept;     /* sums over the children */
} Fan;

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

static Fan fan_axis(const Axis *axis, const Loop *loop, const Groups *groups)
{
    Fan fan = {0};
    int which = axis->n == 2 && axis->dim[1] == loop->dim;
    const Move *other = axis->n == 2 ? &groups->child.dim[axis->dim[1 - which]].move : NULL;
    int64_t extent = 0;
    for (int g = 0; g < groups->n; g++) {
        const Run *run = &groups->run[g];
        int64_t count = run->end - run->first;
        Tile tile = which ? axis_tile(axis, other, &run->move) : axis_tile(axis, &run->move, other);
        fan.first = max64(fan.first, tile.now);
        fan.now += count * tile.now;
        fan.kept += count * tile.kept;
        extent += count * run->move.now;
    }
    if (axis->n == 1) {
        fan.joined = extent;
        fan.fresh = fan.now - fan.kept;
    } else {
        fan.joined = which ? tensor_image(axis, other->now, extent)
                           : tensor_image(axis, extent, other->now);
        fan.fresh = fan_fresh(axis, which, loop->size, groups, &fan, other);
    }
    return fan;
}

/* A tensor whose coordinate `fanned` the children divide.  An element is new to some child if its
 * fanned coordinate is, or if the others are and the child wants it. */
static void count_fanned(const Shape *shape, int t, int fanned, const Loop *loop,
                         const Groups *groups, Volumes *v)
{
    Tile rest = tensor_tile(shape, t, fanned, &groups->child);
    Fan fan = fan_axis(&shape->axis[t][fanned], loop, groups);
    v->ragged |= fan.fresh < 0;
    v->tile[t] = fan.first * rest.now;
    v->joined[t] = fan.joined * rest.now;
    v->in_shared[t] = fan.fresh * rest.kept + fan.joined * (rest.now - rest.kept);
    v->in_each[t] = fan.now * rest.now - fan.kept * rest.kept;
}

/* Partial sums come back if the tile has been here before: in an earlier run of the parent's stay,
 * or at an earlier step of a reduced loop around the output's. */
static bool visited(const Parent *parent, const Position *position)
{
    if (parent->unit->psum)
        return true;
    for (int k = 0; k < parent->last_now; k++)
        if (!parent->cluster->loop[k].output && position->now[k])
            return true;
    return false;
}

static bool tile_changes(const Parent *parent, const Position *position)
{
    const Cluster *cluster = parent->cluster;
    for (int k = 0; k < cluster->n_loops; k++)
        if (cluster->loop[k].output && position->now[k] != position->before[k])
            return true;
    return parent->changes;
}

static void count_output(const Shape *shape, bool changes, bool entering, bool fanned, Volumes *v)
{
    int o = shape->output;
    int64_t joined = v->joined[o];
    v->stays_shared = changes ? joined : 0;
    v->stays_each = changes ? joined * (fanned ? 1 : v->working) : 0;
    v->in_shared[o] = v->in_each[o] = entering ? joined : 0;
}

static void count_macs(const Parent *parent, const Position *position, const UnitState *child,
                       Volumes *v)
{
    int k = parent->cluster->spatial, mapped = -1;
    int64_t rest = 1, one = 1, all = v->working;
    if (k >= 0) {
        const Loop *loop = &parent->cluster->loop[k];
        mapped = loop->dim;
        one = child->dim[mapped].move.now;
        all = loop_covered(loop, parent->unit->dim[mapped].move.now, position->now[k]);
    }
    for (int d = 0; d < parent->shape->n_dims; d++)
        if (d != mapped)
            rest *= child->dim[d].move.now;
    v->macs = rest * one;
    v->macs_all = rest * all;
}

static int64_t working_children(const Parent *parent, const Position *position)
{
    int k = parent->cluster->spatial;
    if (k < 0)
        return parent->cluster->alike;
    const Loop *loop = &parent->cluster->loop[k];
    return loop_children(loop, parent->unit->dim[loop->dim].move.now, position->now[k]);
}

void reuse_step(const Parent *parent, const Position *position, bool inner, Volumes *v,
                Groups *groups)
{
    const Shape *shape = parent->shape;
    const Cluster *cluster = parent->cluster;
    const Loop *loop = cluster->spatial < 0 ? NULL : &cluster->loop[cluster->spatial];
    bool changes = tile_changes(parent, position);
    bool entering = changes && visited(parent, position);
    bool one_receives = entering && inner && !(loop && loop->output);

    v->working = working_children(parent, position);
    v->ragged = false;
    group_children(parent, position, v->working, one_receives, groups);
    groups->child.first = parent->unit->first;
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = changes ? entering && (!one_receives || g == 0) : 1;
    for (int t = 0; t < shape->n_tensors; t++) {
        int fanned = cluster->fanned[t];
        if (fanned < 0)
            count_alike(shape, t, &groups->child, v);
        else
            count_fanned(shape, t, fanned, loop, groups, v);
    }
    count_output(shape, changes, entering, cluster->fanned[shape->output] >= 0, v);
    v->out_shared = v->out_each = 0;
    if (changes)
        reuse_leave(parent, position, &v->out_shared, &v->out_each);
    count_macs(parent, position, &groups->child, v);
}

void reuse_end(const Parent *parent, Groups *groups)
{
    const Cluster *cluster = parent->cluster;
    Position position = reuse_first(parent);
    for (int k = 0; k < cluster->n_loops; k++)
        position.now[k] = position.before[k];
    group_children(parent, &position, cluster->spatial < 0 ? cluster->alike : cluster->children,
                   false, groups);
    groups->child.first = 0;
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = 0;
}
