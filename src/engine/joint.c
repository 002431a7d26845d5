/* Group by group. */
#include "engine/joint.h"

#include <glib.h>
#include <string.h>

void joint_free(JointSpace *space)
{
    g_free(space->spots.item);
    g_free(space->snapshots.item);
    g_free(space->now.item);
    g_free(space->fresh.item);
    g_free(space->before.item);
}

/* ---- groups of one dim ------------------------------------------------------------------------
 */

/* Whether unit u of the dim is the first of all that links merge. */
static bool is_counted(const Joint *j, int d, int u)
{
    for (int i = j->n_loops[d] - 1; i >= 0; i--) {
        const JointLoop *loop = &j->loop[d][i];
        if (u % loop->across != 0 && spots_merge(j, loop->level))
            return false;
        u /= (int) loop->across;
    }
    return true; /* the step's own children divide another dim */
}

/* The tensor lacks the dim. */
static Part lacking(Joint *j, int d, int key)
{
    Positions p = spots_find(j, d, key);
    Part part = {0, 0};
    for (int s = p.first; s < p.end; s++) {
        const Snapshot *snapshot = &j->space->snapshots.item[s];
        for (int u = 0; u < snapshot->n; u++) {
            int64_t now = j->space->spots.item[snapshot->spot + u].now;
            if (now > 0 && is_counted(j, d, u))
                part.all += snapshot->times * (j->streamed ? now : 1);
        }
    }
    part.kept = part.all;
    return part;
}

/* A coordinate of its own: no two units share an index; a chunk is the same as before or another.
 */
static Part single(Joint *j, int d, int key)
{
    Positions p = spots_find(j, d, key);
    Part part = {0, 0};
    for (int s = p.first; s < p.end; s++) {
        const Snapshot *snapshot = &j->space->snapshots.item[s];
        for (int u = 0; u < snapshot->n; u++) {
            const Spot *spot = &j->space->spots.item[snapshot->spot + u];
            part.all += snapshot->times * spot->now;
            if (spot->start == spot->was_start)
                part.kept += snapshot->times * min64(spot->now, spot->before);
        }
    }
    return part;
}

/* ---- coordinates of two dims ----------------------------------------------------------------- */

/* Marks of values from `base` on. */
typedef struct {
    uint32_t *now, *fresh, *before;
    int64_t base;
} Marks;

/* Counts the values of one unit that no unit before it had, and those of them that are new. */
static void mark_unit(const Marks *marks, const Axis *axis, const Spot *x, const Spot *y,
                      int64_t values, uint32_t mark, uint32_t own, Part *part)
{
    int64_t a = axis->coef[0], b = axis->coef[1];
    spots_mark_before(axis, x, y, marks->base, values, own, marks->before);
    for (int64_t i = 0; i < x->now; i++)
        for (int64_t k = 0; k < y->now; k++) {
            int64_t v = a * (x->start + i) + b * (y->start + k) - marks->base;
            part->all += marks->now[v] != mark;
            marks->now[v] = mark;
            if (marks->before[v] != own) {
                part->kept += marks->fresh[v] != mark;
                marks->fresh[v] = mark;
            }
        }
}

/* All units at one position of both dims: |union of now|, and in `kept` what of it is new. */
static Part mark_units(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    int64_t low, high;
    Part part = {0, 0};
    spots_range(j, axis, x, y, &low, &high);
    if (high < low)
        return part;
    if (high - low >= VALUES_MAX) {
        j->status = JOINT_RAGGED;
        return part;
    }
    spots_room(j->space, high - low + 1);
    if (j->space->mark + (int64_t) x->n * y->n >= UINT32_MAX)
        j->space->mark = UINT32_MAX; /* wraps now, not while units are marked */
    uint32_t mark = spots_mark(j->space);
    Marks marks = {j->space->now.item, j->space->fresh.item, j->space->before.item, low};
    for (int u = x->spot; u < x->spot + x->n; u++)
        for (int w = y->spot; w < y->spot + y->n; w++) {
            const Spot *i = &j->space->spots.item[u], *k = &j->space->spots.item[w];
            if (i->now <= 0 || k->now <= 0)
                continue;
            if (!spots_work(j, i->now * k->now + i->before * k->before))
                return part;
            mark_unit(&marks, axis, i, k, high - low + 1, mark, spots_mark(j->space), &part);
        }
    return part;
}

/* Distinct values among the units whose boxes reach beyond these offsets. */
static int64_t distinct_starts(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y,
                               int64_t beyond_x, int64_t beyond_y)
{
    int64_t low, high, count = 0, work = 0;
    spots_range(j, axis, x, y, &low, &high);
    if (high - low >= VALUES_MAX) {
        j->status = JOINT_RAGGED;
        return 0;
    }
    spots_room(j->space, high - low + 1);
    uint32_t mark = spots_mark(j->space), *marks = j->space->now.item;
    for (int u = x->spot; u < x->spot + x->n; u++)
        for (int w = y->spot; w < y->spot + y->n; w++) {
            const Spot *i = &j->space->spots.item[u], *k = &j->space->spots.item[w];
            if (i->now <= beyond_x || k->now <= beyond_y)
                continue;
            int64_t v = axis->coef[0] * i->start + axis->coef[1] * k->start - low;
            count += marks[v] != mark;
            marks[v] = mark;
            work++;
        }
    spots_work(j, work);
    return count;
}

/* Offset by offset within the boxes; those between two lengths are alike. */
static Part stream_units(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    Part part = {0, 0};
    for (int64_t a = 0, a_end; (a_end = spots_longer(j, x, a)) != INT64_MAX; a = a_end)
        for (int64_t b = 0, b_end; (b_end = spots_longer(j, y, b)) != INT64_MAX; b = b_end) {
            if (j->status != JOINT_DONE)
                return part;
            part.all += (a_end - a) * (b_end - b) * distinct_starts(j, axis, x, y, a, b);
        }
    return part;
}

/* Links that divide the coordinate must all merge: the step's own does. */
/* Whether a link inside the step that merges, or one that does not, divides the coordinate. */
static bool divides(const Joint *j, const Axis *axis, bool merging)
{
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < j->n_loops[axis->dim[k]]; i++) {
            const JointLoop *loop = &j->loop[axis->dim[k]][i];
            if (loop->across > 1 && spots_merge(j, loop->level) == merging)
                return true;
        }
    return false;
}

/* Whether no two units share a value, or none that does is merged. */
static bool all_apart(const Joint *j, const Axis *axis)
{
    const Cluster *cluster = &j->cases->cluster[j->level];
    bool split = axis->dims >> cluster->loop[cluster->spatial].dim & 1;
    return !split && !divides(j, axis, true);
}

/* Each unit for itself. */
static Part sum_units(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    Part part = {0, 0};
    for (int u = x->spot; u < x->spot + x->n; u++)
        for (int w = y->spot; w < y->spot + y->n; w++) {
            Snapshot i = {1, u, 1}, k = {1, w, 1};
            Part one = j->streamed ? stream_units(j, axis, &i, &k) : mark_units(j, axis, &i, &k);
            part.all += one.all;
            part.kept += one.kept;
        }
    return part;
}

static Part pair(Joint *j, const Axis *axis, int key)
{
    Positions x = spots_find(j, axis->dim[0], key), y = spots_find(j, axis->dim[1], key);
    Part part = {0, 0};
    bool apart = all_apart(j, axis);
    bool nested = !apart && divides(j, axis, false);
    if (nested && nested_shares(j, axis))
        j->status = JOINT_ENTANGLED;
    for (int s = x.first; s < x.end; s++)
        for (int r = y.first; r < y.end && j->status == JOINT_DONE; r++) {
            const Snapshot *a = &j->space->snapshots.item[s], *b = &j->space->snapshots.item[r];
            int64_t times = a->times * b->times;
            Part one = apart         ? sum_units(j, axis, a, b)
                       : nested      ? nested_units(j, axis, a, b)
                       : j->streamed ? stream_units(j, axis, a, b)
                                     : mark_units(j, axis, a, b);
            part.all += times * one.all;
            part.kept += times * (one.all - one.kept);
        }
    return part;
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

/* The steps at which the loop of this key advances. */
static int64_t flow_at(Joint *j, int key, bool first)
{
    const Shape *shape = j->cases->shape;
    Part all = {j->copies, j->copies};
    j->space->spots.n = j->space->snapshots.n = 0;
    for (int c = 0; c < shape->n_axes[j->t] && j->status == JOINT_DONE && all.all; c++) {
        const Axis *axis = &shape->axis[j->t][c];
        Part part = axis->n == 2 ? pair(j, axis, key) : single(j, axis->dim[0], key);
        all.all *= part.all;
        all.kept *= part.kept;
    }
    for (int i = 0; i < shape->n_others[j->t] && j->status == JOINT_DONE && all.all; i++) {
        Part part = lacking(j, shape->other[j->t][i], key);
        all.all *= part.all;
        all.kept *= part.kept;
    }
    return all.all - (j->streamed || first ? 0 : all.kept);
}

JointStatus joint_flow(const Cases *cases, const Machine *machine, int level, const Step *step,
                       int t, JointSpace *space, int64_t *flow)
{
    Joint j = {.cases = cases, .machine = machine, .space = space, .step = step, .level = level};
    const UnitState *state = &cases->entries.item[cases->kids.item[step->kid].entry].state;
    j.t = t;
    spots_start(&j);
    if (j.streamed) {
        *flow = flow_at(&j, KEY_ALL, false);
        return j.status;
    }
    *flow = flow_at(&j, KEY_ENTER, state->first);
    for (int l = level + 1; l < j.end; l++)
        for (int k = 0; k < cases->cluster[l].n_loops && j.status == JOINT_DONE; k++)
            *flow += flow_at(&j, l * DIMS_MAX + k, false);
    return j.status;
}
