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

static void settle(const Shape *shape, int d, Move *move)
{
    if (!move->now || !move->before)
        move->shift = 0;
    else if (!shape->slides[d] && move->shift)
        move->shift = MOVED;
}

/* When the children's output tile came in: the step of loop k then, and the length that the unit
 * had of a dim. */
static int64_t stay_step(const Parent *parent, int k)
{
    return k < parent->last_before ? parent->position.before[k] : 0;
}

static int64_t stay_base(const Parent *parent, int d)
{
    const UnitDim *dim = &parent->unit->dim[d];
    return parent->last_before >= 0 ? dim->move.before : dim->stay;
}

/* What child p has of loop k's dim; child 0 stands for all if they do not divide it. */
static void child_dim(const Parent *parent, int k, int64_t p, UnitDim *child)
{
    const Loop *loop = &parent->cluster->loop[k];
    const Move *m = &parent->unit->dim[loop->dim].move;
    int64_t now = parent->position.now[k] * loop->across + p;
    int64_t before = parent->position.before[k] * loop->across + p;
    child->move.now = loop_chunk(loop, m->now, now);
    child->move.before = loop_chunk(loop, m->before, before);
    child->move.shift = m->shift + (now - before) * loop->size;
    child->stay = loop->output ? 0
                               : loop_chunk(loop, stay_base(parent, loop->dim),
                                            stay_step(parent, k) * loop->across + p);
    settle(parent->shape, loop->dim, &child->move);
}

void reuse_place(Parent *parent, int k, int64_t now, int64_t before)
{
    parent->position.now[k] = now;
    parent->position.before[k] = before;
    child_dim(parent, k, 0, &parent->child.dim[parent->cluster->loop[k].dim]);
}

void reuse_parent(const Shape *shape, const Cluster *cluster, const UnitState *unit, Parent *parent)
{
    parent->shape = shape;
    parent->cluster = cluster;
    parent->unit = unit;
    parent->last_now = last_output_loop(cluster, unit, true);
    parent->last_before = last_output_loop(cluster, unit, false);
    parent->changes = output_changes(shape, unit);
    parent->idle = false;
    parent->child.first = unit->first;
    for (int d = 0; d < shape->n_dims; d++) {
        const UnitDim *dim = &unit->dim[d];
        int64_t stay = shape->of_output[d] ? 0 : stay_base(parent, d);
        parent->idle |= !shape->of_output[d] && !stay;
        if (cluster->loop_of[d] < 0)
            parent->child.dim[d] = (UnitDim){dim->move, stay};
    }
}

void reuse_first(Parent *parent)
{
    const Cluster *cluster = parent->cluster;
    for (int k = 0; k < cluster->n_loops; k++) {
        const Loop *loop = &cluster->loop[k];
        reuse_place(parent, k, 0, loop_steps(loop, parent->unit->dim[loop->dim].move.before) - 1);
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
static void cut_chunks(Cuts *cuts, const Loop *loop, int64_t extent, int64_t step)
{
    int64_t covered = loop_covered(loop, extent, step);
    if (covered == loop->width)
        return;
    int64_t whole = covered / loop->size;
    cut_at(cuts, whole);
    if (whole * loop->size != covered)
        cut_at(cuts, whole + 1);
}

static Cuts cut_children(const Parent *parent, int64_t children, bool one_receives)
{
    Cuts cuts = {1, {0, children}};
    int k = parent->cluster->spatial;
    if (one_receives)
        cut_at(&cuts, 1);
    if (k < 0)
        return cuts;
    const Loop *loop = &parent->cluster->loop[k];
    const Move *move = &parent->unit->dim[loop->dim].move;
    cut_chunks(&cuts, loop, move->now, parent->position.now[k]);
    cut_chunks(&cuts, loop, move->before, parent->position.before[k]);
    if (!loop->output)
        cut_chunks(&cuts, loop, stay_base(parent, loop->dim), stay_step(parent, k));
    return cuts;
}

static void group_children(const Parent *parent, int64_t children, bool one_receives,
                           Groups *groups)
{
    int k = parent->cluster->spatial;
    Cuts cuts = cut_children(parent, children, one_receives);
    groups->n = cuts.n;
    groups->dim = k < 0 ? -1 : parent->cluster->loop[k].dim;
    for (int g = 0; g < cuts.n; g++) {
        groups->run[g].first = cuts.at[g];
        groups->run[g].end = cuts.at[g + 1];
        if (k < 0)
            continue;
        UnitDim dim = parent->child.dim[groups->dim];
        if (g > 0)
            child_dim(parent, k, cuts.at[g], &dim);
        groups->run[g].move = dim.move;
        groups->stay[g] = dim.stay;
    }
}

/* ---- what leaves -------------------------------------------------------------- */

void reuse_leave(const Parent *parent, int64_t *shared, int64_t *each)
{
    const Shape *shape = parent->shape;
    int k = parent->cluster->spatial;
    const Loop *loop = k < 0 ? NULL : &parent->cluster->loop[k];
    int64_t tile = 1, workers = k < 0 ? parent->cluster->alike : 1;
    for (int c = 0; c < shape->n_axes[shape->output]; c++) {
        int d = shape->axis[shape->output][c].dim[0];
        tile *= loop && loop->dim == d ? loop_covered(loop, parent->unit->dim[d].move.before,
                                                      parent->position.before[k])
                                       : parent->child.dim[d].move.before;
    }
    if (loop && !loop->output)
        workers = loop_children(loop, stay_base(parent, loop->dim), stay_step(parent, k));
    *shared = parent->idle || !workers ? 0 : tile;
    *each = parent->idle ? 0 : workers * tile;
}

/* ---- what comes --------------------------------------------------------------- */

typedef struct {
    int64_t now, kept; /* elements of a tile, and those of them that were there before */
} Tile;

static int64_t move_kept(const Move *move)
{
    return move->shift ? 0 : min64(move->now, move->before);
}

/* Sets of dims, a bit each, by what the child has of them. */
typedef struct {
    unsigned edge;      /* less than a full chunk */
    unsigned fresh;     /* not all of it was there before */
    unsigned elsewhere; /* nothing was */
} Dims;

static Dims child_dims(const Parent *parent)
{
    Dims dims = {0, 0, 0};
    unsigned bit = 1;
    for (int d = 0; d < parent->shape->n_dims; d++, bit <<= 1) {
        const Move *move = &parent->child.dim[d].move;
        int64_t kept = move_kept(move);
        dims.edge |= move->now != parent->cluster->full[d] ? bit : 0;
        dims.fresh |= kept != move->now ? bit : 0;
        dims.elsewhere |= kept == 0 ? bit : 0;
    }
    return dims;
}

/* `j` is read only if the axis has two dims. */
static Tile axis_tile(const Axis *axis, const Move *i, const Move *j)
{
    if (axis->n == 1)
        return (Tile){i->now, move_kept(i)};
    return (Tile){tensor_image(axis, i->now, j->now), tensor_overlap(axis, *i, *j)};
}

/* A tensor's axes but for the fanned one, over child 0.  Most often the chunks are full, and the
 * tile is what was there before or has nothing of it. */
static Tile rest_tile(const Parent *parent, const Dims *dims, int t)
{
    const Shape *shape = parent->shape;
    const Rest *rest = &parent->cluster->rest[t];
    const UnitDim *dim = parent->child.dim;
    bool full = !(rest->dims & dims->edge);
    if (full && rest->singles & dims->elsewhere)
        return (Tile){rest->size, 0};
    if (full && !(rest->dims & dims->fresh))
        return (Tile){rest->size, rest->size};
    Tile tile = {1, 1};
    for (int c = 0; c < shape->n_axes[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        if (c == rest->fanned)
            continue;
        const Move *i = &dim[axis->dim[0]].move;
        Tile part = axis_tile(axis, i, c < shape->n_pairs[t] ? &dim[axis->dim[1]].move : i);
        tile.now *= part.now;
        tile.kept *= part.kept;
    }
    return tile;
}

/* A tensor that all working children want alike. */
static void count_alike(const Parent *parent, const Dims *dims, int t, Volumes *v)
{
    Tile tile = rest_tile(parent, dims, t);
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

static Fan fan_axis(const Parent *parent, const Axis *axis, const Loop *loop, const Groups *groups)
{
    Fan fan = {0};
    int which = axis->n == 2 && axis->dim[1] == loop->dim;
    const Move *other = axis->n == 2 ? &parent->child.dim[axis->dim[1 - which]].move : NULL;
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
        fan.joined =
            which ? tensor_image(axis, other->now, extent) : tensor_image(axis, extent, other->now);
        fan.fresh = fan_fresh(axis, which, loop->size, groups, &fan, other);
    }
    return fan;
}

/* A tensor whose coordinate `fanned` the children divide.  An element is new to some child if its
 * fanned coordinate is, or if the others are and the child wants it. */
static void count_fanned(const Parent *parent, const Dims *dims, int t, int fanned,
                         const Loop *loop, const Groups *groups, Volumes *v)
{
    Tile rest = rest_tile(parent, dims, t);
    Fan fan = fan_axis(parent, &parent->shape->axis[t][fanned], loop, groups);
    v->ragged |= fan.fresh < 0;
    v->tile[t] = fan.first * rest.now;
    v->joined[t] = fan.joined * rest.now;
    v->in_shared[t] = fan.fresh * rest.kept + fan.joined * (rest.now - rest.kept);
    v->in_each[t] = fan.now * rest.now - fan.kept * rest.kept;
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

static bool tile_changes(const Parent *parent)
{
    const Cluster *cluster = parent->cluster;
    const Position *position = &parent->position;
    for (int k = 0; k < cluster->n_loops; k++)
        if (cluster->loop[k].output && position->now[k] != position->before[k])
            return true;
    return parent->changes;
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

static void count_macs(const Parent *parent, unsigned edge, Volumes *v)
{
    int k = parent->cluster->spatial, mapped = -1;
    int64_t rest = 1, one = 1, all = v->working;
    if (k >= 0) {
        const Loop *loop = &parent->cluster->loop[k];
        mapped = loop->dim;
        one = parent->child.dim[mapped].move.now;
        all = loop_covered(loop, parent->unit->dim[mapped].move.now, parent->position.now[k]);
    }
    if (!(edge & ~(mapped < 0 ? 0 : 1u << mapped)))
        rest = parent->cluster->macs;
    else
        for (int d = 0; d < parent->shape->n_dims; d++)
            rest *= d == mapped ? 1 : parent->child.dim[d].move.now;
    v->macs = rest * one;
    v->macs_all = rest * all;
}

static int64_t working_children(const Parent *parent)
{
    int k = parent->cluster->spatial;
    if (k < 0)
        return parent->cluster->alike;
    const Loop *loop = &parent->cluster->loop[k];
    return loop_children(loop, parent->unit->dim[loop->dim].move.now, parent->position.now[k]);
}

void reuse_step(const Parent *parent, bool inner, Volumes *v, Groups *groups)
{
    const Cluster *cluster = parent->cluster;
    const Loop *loop = cluster->spatial < 0 ? NULL : &cluster->loop[cluster->spatial];
    bool changes = tile_changes(parent);
    bool entering = changes && visited(parent);
    bool one_receives = entering && inner && !(loop && loop->output);

    v->working = working_children(parent);
    v->ragged = false;
    group_children(parent, v->working, one_receives, groups);
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = changes ? entering && (!one_receives || g == 0) : 1;
    Dims dims = child_dims(parent);
    for (int t = 0; t < parent->shape->n_tensors; t++) {
        int fanned = cluster->rest[t].fanned;
        if (fanned < 0)
            count_alike(parent, &dims, t, v);
        else
            count_fanned(parent, &dims, t, fanned, loop, groups, v);
    }
    count_output(parent, changes, entering, v);
    count_macs(parent, dims.edge, v);
}

void reuse_end(Parent *parent, Groups *groups)
{
    const Cluster *cluster = parent->cluster;
    for (int k = 0; k < cluster->n_loops; k++)
        reuse_place(parent, k, parent->position.before[k], parent->position.before[k]);
    group_children(parent, cluster->spatial < 0 ? cluster->alike : cluster->children, false,
                   groups);
    for (int g = 0; g < groups->n; g++)
        groups->psum[g] = 0;
}
