/* New elements of one step, and the states that it leaves the children in. */
#include "engine/reuse.h"

#include <string.h>

/* Where only "elsewhere" matters, any move is this one, far beyond what a step can undo. */
static const int64_t MOVED = INT64_C(1) << 48;

bool reuse_output_changes(const Shape *shape, const UnitState *unit)
{
    for (int d = 0; d < shape->n_dims; d++)
        if (shape->of_output[d] && (!unit->dim[d].move.before || unit->dim[d].move.shift))
            return true;
    return false;
}

/* The innermost output loop that takes several steps in a parent with these lengths; -1 if none:
 * the children then keep their output tile for as long as the parent keeps its own. */
static int last_output_loop(const Cluster *cluster, const UnitState *parent, bool now)
{
    for (int k = cluster->n_loops - 1; k >= 0; k--) {
        const Loop *loop = &cluster->loop[k];
        const Move *move = &parent->dim[loop->dim].move;
        if (loop->output && loop_steps(loop, now ? move->now : move->before) > 1)
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

/* When the children's output tile came in: the step of loop k then, and the lengths that the
 * parent had. */
typedef struct {
    int last; /* as last_output_loop says of the run before */
} Stay;

static int64_t stay_step(Stay stay, const Position *position, int k)
{
    return k < stay.last ? position->before[k] : 0;
}

static int64_t stay_base(Stay stay, const UnitDim *dim)
{
    return stay.last >= 0 ? dim->move.before : dim->stay;
}

static UnitDim child_dim(const Shape *shape, const Loop *loop, const UnitDim *parent, int64_t now,
                         int64_t before, Stay stay, int64_t stay_chunk)
{
    const Move *m = &parent->move;
    UnitDim child = {{loop_chunk(loop, m->now, now), loop_chunk(loop, m->before, before),
                      m->shift + (now - before) * loop->size},
                     0};
    if (!loop->output)
        child.stay = loop_chunk(loop, stay_base(stay, parent), stay_chunk);
    settle(shape, loop->dim, &child.move);
    return child;
}

/* The child's dims that do not depend on which child it is. */
static void child_common(const Shape *shape, const Cluster *cluster, const UnitState *parent,
                         const Position *position, Stay stay, UnitState *child)
{
    for (int d = 0; d < shape->n_dims; d++) {
        child->dim[d] = parent->dim[d];
        child->dim[d].stay = shape->of_output[d] ? 0 : stay_base(stay, &parent->dim[d]);
        settle(shape, d, &child->dim[d].move);
    }
    for (int k = 0; k < cluster->n_loops; k++)
        if (k != cluster->spatial)
            child->dim[cluster->loop[k].dim] = child_dim(
                shape, &cluster->loop[k], &parent->dim[cluster->loop[k].dim], position->now[k],
                position->before[k], stay, stay_step(stay, position, k));
}

static UnitDim child_spatial(const Shape *shape, const Cluster *cluster, const UnitState *parent,
                             const Position *position, Stay stay, int64_t p)
{
    int k = cluster->spatial;
    const Loop *loop = &cluster->loop[k];
    return child_dim(shape, loop, &parent->dim[loop->dim], position->now[k] * loop->across + p,
                     position->before[k] * loop->across + p, stay,
                     stay_step(stay, position, k) * loop->across + p);
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

static Cuts cut_children(const Cluster *cluster, const UnitState *parent, const Position *position,
                         Stay stay, int64_t children, bool one_receives)
{
    Cuts cuts = {1, {0, children}};
    if (one_receives)
        cut_at(&cuts, 1);
    if (cluster->spatial < 0)
        return cuts;
    int k = cluster->spatial;
    const Loop *loop = &cluster->loop[k];
    const UnitDim *dim = &parent->dim[loop->dim];
    cut_chunks(&cuts, loop, dim->move.now, position->now[k]);
    cut_chunks(&cuts, loop, dim->move.before, position->before[k]);
    if (!loop->output)
        cut_chunks(&cuts, loop, stay_base(stay, dim), stay_step(stay, position, k));
    return cuts;
}

/* ---- what leaves -------------------------------------------------------------- */

void reuse_leave(const Shape *shape, const Cluster *cluster, const UnitState *parent,
                 const Position *position, int64_t *shared, int64_t *each)
{
    Stay stay = {last_output_loop(cluster, parent, false)};
    int64_t tile = 1, workers = cluster->spatial < 0 ? cluster->alike : 1;
    for (int d = 0; d < shape->n_dims; d++)
        if (shape->of_output[d])
            tile *= parent->dim[d].move.before;
        else if (!stay_base(stay, &parent->dim[d]))
            workers = 0; /* nobody worked on it: the parent was idle */
    for (int k = 0; k < cluster->n_loops && tile; k++) {
        const Loop *loop = &cluster->loop[k];
        int64_t before = parent->dim[loop->dim].move.before;
        if (loop->output)
            tile = tile / before * loop_covered(loop, before, position->before[k]);
        else if (k == cluster->spatial && workers)
            workers = loop_children(loop, stay_base(stay, &parent->dim[loop->dim]),
                                    stay_step(stay, position, k));
    }
    *shared = workers ? tile : 0;
    *each = workers * tile;
}

/* ---- what comes --------------------------------------------------------------- */

typedef struct {
    int64_t now, kept; /* elements of a tile, and those of them that were there before */
} Tile;

static Tile axis_tile(const Axis *axis, Move i, Move j)
{
    if (axis->n == 1)
        return (Tile){i.now, i.shift ? 0 : min64(i.now, i.before)};
    return (Tile){tensor_image(axis, i.now, j.now), tensor_overlap(axis, i, j)};
}

static Tile axis_tile_of(const Axis *axis, const UnitState *child)
{
    return axis_tile(axis, child->dim[axis->dim[0]].move, child->dim[axis->dim[1]].move);
}

/* A tensor that all working children want alike. */
static void count_alike(const Shape *shape, int t, const UnitState *child, int64_t working,
                        Volumes *v)
{
    Tile tile = {1, 1};
    for (int c = 0; c < shape->n_axes[t]; c++) {
        Tile axis = axis_tile_of(&shape->axis[t][c], child);
        tile.now *= axis.now;
        tile.kept *= axis.kept;
    }
    v->tile[t] = v->joined[t] = tile.now;
    v->in_shared[t] = tile.now - tile.kept;
    v->in_each[t] = working * (tile.now - tile.kept);
}

/* The coordinate along which the children differ. */
typedef struct {
    int64_t first;         /* image of the first child, the largest */
    int64_t joined, fresh; /* image of all together, and what of it is new to at least one */
    int64_t now, kept;     /* sums over the children */
} Fan;

static Fan fan_axis(const Axis *axis, const Loop *loop, const UnitState *child, const Run *runs,
                    int n_runs)
{
    Fan fan = {0};
    int which = axis->n == 2 && axis->dim[1] == loop->dim;
    Move other = child->dim[axis->dim[1 - which]].move;
    int64_t extent = 0;
    for (int g = 0; g < n_runs; g++) {
        int64_t count = runs[g].end - runs[g].first;
        Move m = runs[g].move;
        Tile tile = which ? axis_tile(axis, other, m) : axis_tile(axis, m, other);
        fan.first = max64(fan.first, tile.now);
        fan.now += count * tile.now;
        fan.kept += count * tile.kept;
        extent += count * m.now;
    }
    if (axis->n == 1) {
        fan.joined = extent;
        fan.fresh = fan.now - fan.kept;
    } else {
        fan.joined = which ? tensor_image(axis, other.now, extent)
                           : tensor_image(axis, extent, other.now);
        fan.fresh = tensor_spread(axis, which, loop->size, runs, n_runs, other);
    }
    return fan;
}

/* A tensor whose coordinate `fanned` the children divide.  An element is new to some child if its
 * fanned coordinate is, or if the others are and the child wants it. */
static void count_fanned(const Shape *shape, int t, int fanned, const Loop *loop,
                         const UnitState *child, const Run *runs, int n_runs, Volumes *v)
{
    Tile rest = {1, 1};
    for (int c = 0; c < shape->n_axes[t]; c++)
        if (c != fanned) {
            Tile axis = axis_tile_of(&shape->axis[t][c], child);
            rest.now *= axis.now;
            rest.kept *= axis.kept;
        }
    Fan fan = fan_axis(&shape->axis[t][fanned], loop, child, runs, n_runs);
    v->ragged |= fan.fresh < 0;
    v->tile[t] = fan.first * rest.now;
    v->joined[t] = fan.joined * rest.now;
    v->in_shared[t] = fan.fresh * rest.kept + fan.joined * (rest.now - rest.kept);
    v->in_each[t] = fan.now * rest.now - fan.kept * rest.kept;
}

static int fanned_axis(const Shape *shape, int t, const Cluster *cluster)
{
    if (cluster->spatial < 0)
        return -1;
    int dim = cluster->loop[cluster->spatial].dim;
    for (int c = 0; c < shape->n_axes[t]; c++) {
        const Axis *axis = &shape->axis[t][c];
        if (axis->dim[0] == dim || (axis->n == 2 && axis->dim[1] == dim))
            return c;
    }
    return -1;
}

/* Partial sums come back if the tile has been here before: in an earlier run of the parent's stay,
 * or at an earlier step of a reduced loop around the output's. */
static bool visited(const Cluster *cluster, const UnitState *parent, const Position *position)
{
    if (parent->psum)
        return true;
    int last = last_output_loop(cluster, parent, true);
    for (int k = 0; k < last; k++)
        if (!cluster->loop[k].output && position->now[k])
            return true;
    return false;
}

static bool tile_changes(const Shape *shape, const Cluster *cluster, const UnitState *parent,
                         const Position *position)
{
    for (int k = 0; k < cluster->n_loops; k++)
        if (cluster->loop[k].output && position->now[k] != position->before[k])
            return true;
    return reuse_output_changes(shape, parent);
}

static void count_output(const Shape *shape, bool changes, bool entering, bool fanned, Volumes *v)
{
    int o = shape->output;
    int64_t joined = v->joined[o];
    v->stays_shared = changes ? joined : 0;
    v->stays_each = changes ? joined * (fanned ? 1 : v->working) : 0;
    v->in_shared[o] = v->in_each[o] = entering ? joined : 0;
}

static void count_macs(const Shape *shape, const Cluster *cluster, const UnitState *child,
                       const UnitState *parent, const Position *position, Volumes *v)
{
    v->macs = 1;
    for (int d = 0; d < shape->n_dims; d++)
        v->macs *= child->dim[d].move.now;
    v->macs_all = v->macs * v->working;
    if (cluster->spatial >= 0) {
        int k = cluster->spatial;
        const Loop *loop = &cluster->loop[k];
        v->macs_all = v->macs / child->dim[loop->dim].move.now *
                      loop_covered(loop, parent->dim[loop->dim].move.now, position->now[k]);
    }
}

void reuse_step(const Shape *shape, const Cluster *cluster, const UnitState *parent,
                const Position *position, bool inner, Volumes *v, Group groups[GROUPS_MAX],
                int *n_groups)
{
    Stay stay = {last_output_loop(cluster, parent, false)};
    const Loop *loop = cluster->spatial < 0 ? NULL : &cluster->loop[cluster->spatial];
    bool changes = tile_changes(shape, cluster, parent, position);
    bool entering = changes && visited(cluster, parent, position);
    bool one_receives = entering && inner && !(loop && loop->output);
    UnitState child = {0};
    Run runs[GROUPS_MAX];

    child_common(shape, cluster, parent, position, stay, &child);
    v->working = loop ? loop_children(loop, parent->dim[loop->dim].move.now,
                                      position->now[cluster->spatial])
                      : cluster->alike;
    v->ragged = false;
    Cuts cuts = cut_children(cluster, parent, position, stay, v->working, one_receives);
    for (int g = 0; g < cuts.n; g++) {
        runs[g] = (Run){cuts.at[g], cuts.at[g + 1], {0, 0, 0}};
        if (loop) {
            child.dim[loop->dim] =
                child_spatial(shape, cluster, parent, position, stay, cuts.at[g]);
            runs[g].move = child.dim[loop->dim].move;
        }
        child.psum = changes ? entering && (!one_receives || g == 0) : 1;
        child.first = parent->first;
        groups[g] = (Group){cuts.at[g + 1] - cuts.at[g], child};
    }
    *n_groups = inner ? cuts.n : 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        int fanned = fanned_axis(shape, t, cluster);
        if (fanned < 0)
            count_alike(shape, t, &groups[0].state, v->working, v);
        else
            count_fanned(shape, t, fanned, loop, &groups[0].state, runs, cuts.n, v);
        if (t == shape->output)
            count_output(shape, changes, entering, fanned >= 0, v);
    }
    v->out_shared = v->out_each = 0;
    if (changes)
        reuse_leave(shape, cluster, parent, position, &v->out_shared, &v->out_each);
    count_macs(shape, cluster, &groups[0].state, parent, position, v);
}

void reuse_end(const Shape *shape, const Cluster *cluster, const UnitState *parent,
               Group groups[GROUPS_MAX], int *n_groups)
{
    Position position = {{0}, {0}};
    for (int k = 0; k < cluster->n_loops; k++)
        position.before[k] = position.now[k] =
            loop_steps(&cluster->loop[k], parent->dim[cluster->loop[k].dim].move.before) - 1;
    Stay stay = {last_output_loop(cluster, parent, false)};
    UnitState child = {0};
    child_common(shape, cluster, parent, &position, stay, &child);
    int64_t children = cluster->spatial < 0 ? cluster->alike : cluster->children;
    Cuts cuts = cut_children(cluster, parent, &position, stay, children, false);
    for (int g = 0; g < cuts.n; g++) {
        if (cluster->spatial >= 0)
            child.dim[cluster->loop[cluster->spatial].dim] =
                child_spatial(shape, cluster, parent, &position, stay, cuts.at[g]);
        groups[g] = (Group){cuts.at[g + 1] - cuts.at[g], child};
    }
    *n_groups = cuts.n;
}
