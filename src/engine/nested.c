/* A level that divides the coordinate after the other, the outermost first: a link that merges
 * carries of each element as many copies as the unit that asks for most, one that does not the sum.
 */
#include <glib.h>
#include <string.h>

#include "engine/spots.h"

/* A level that divides the coordinate, the outermost first. */
typedef struct {
    int which; /* of the axis's dims */
    int64_t units;
    bool merges;
} Divide;

enum { NESTED_MAX = 1 << 16 };

typedef struct {
    Joint *j;
    const Axis *axis;
    const Snapshot *of[2];
    int n;
    Divide divide[LEVELS_MAX];
    int64_t offset[2]; /* streamed: the MACs' within the boxes */
    int64_t low, values;
} Nested;

static int divisions(const Joint *j, const Axis *axis, Divide divide[LEVELS_MAX])
{
    const Cluster *outer = &j->cases->cluster[j->level];
    const Loop *split = &outer->loop[outer->spatial];
    int n = 0, at[2] = {0, 0};
    if (axis->dims >> split->dim & 1)
        divide[n++] = (Divide){axis->dim[1] == split->dim, 0, true};
    for (int l = j->level + 1; l < j->end; l++)
        for (int k = 0; k < 2; k++) {
            int d = axis->dim[k];
            for (; at[k] < j->n_loops[d] && j->loop[d][at[k]].level == l; at[k]++)
                if (j->loop[d][at[k]].across > 1)
                    divide[n++] = (Divide){k, j->loop[d][at[k]].across, spots_merge(j, l)};
        }
    return n;
}

/* Adds a unit's elements to the counts, now and of what is new. */
static void count_unit(Nested *n, const int64_t unit[2], int32_t *now, int32_t *fresh)
{
    const Spot *x = &n->j->space->spots.item[n->of[0]->spot + unit[0]];
    const Spot *y = &n->j->space->spots.item[n->of[1]->spot + unit[1]];
    int64_t a = n->axis->coef[0], b = n->axis->coef[1];
    uint32_t *before = n->j->space->before.item, own = spots_mark(n->j->space);
    if (x->now <= n->offset[0] || y->now <= n->offset[1])
        return;
    if (n->j->streamed) {
        now[a * x->start + b * y->start - n->low]++;
        return;
    }
    if (!spots_work(n->j, x->now * y->now + x->before * y->before))
        return;
    spots_mark_before(n->axis, x, y, n->low, n->values, own, before);
    for (int64_t i = 0; i < x->now; i++)
        for (int64_t k = 0; k < y->now; k++) {
            int64_t v = a * (x->start + i) + b * (y->start + k) - n->low;
            now[v] = 1;
            fresh[v] = before[v] != own;
        }
}

/* The copies of every element that the link of division i carries, added up or the most of any
 * unit; `unit`: which of each dim, so far. */
static void count_division(Nested *n, int i, const int64_t unit[2], int32_t *now, int32_t *fresh)
{
    if (i == n->n) {
        count_unit(n, unit, now, fresh);
        return;
    }
    const Divide *divide = &n->divide[i];
    int64_t units = divide->units;
    if (units == 0) { /* the step's own children: what the others leave */
        units = n->of[divide->which]->n;
        for (int k = i + 1; k < n->n; k++)
            units /= n->divide[k].which == divide->which ? n->divide[k].units : 1;
    }
    g_autofree int32_t *inner = g_new(int32_t, 2 * (gsize) n->values);
    for (int64_t p = 0; p < units && spots_work(n->j, n->values); p++) {
        int64_t inside[2] = {unit[0], unit[1]};
        inside[divide->which] = inside[divide->which] * units + p;
        memset(inner, 0, 2 * (size_t) n->values * sizeof *inner);
        count_division(n, i + 1, inside, inner, inner + n->values);
        for (int64_t v = 0; v < n->values; v++) {
            now[v] = divide->merges ? MAX(now[v], inner[v]) : now[v] + inner[v];
            fresh[v] = divide->merges ? MAX(fresh[v], inner[n->values + v])
                                      : fresh[v] + inner[n->values + v];
        }
    }
}

/* The sums of the copies of all elements, now and of what is new. */
static Part count_nested(Nested *n, int64_t times)
{
    const int64_t first[2] = {0, 0};
    Part part = {0, 0};
    g_autofree int32_t *counts = g_new0(int32_t, 2 * (gsize) n->values);
    count_division(n, 0, first, counts, counts + n->values);
    for (int64_t v = 0; v < n->values; v++) {
        part.all += times * counts[v];
        part.kept += times * counts[n->values + v];
    }
    return part;
}

Part nested_units(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    Nested n = {.j = j, .axis = axis, .of = {x, y}};
    int64_t high;
    Part part = {0, 0};
    n.n = divisions(j, axis, n.divide);
    spots_range(j, axis, x, y, &n.low, &high);
    n.values = high - n.low + 1;
    if (n.values > NESTED_MAX)
        j->status = JOINT_RAGGED;
    if (n.values <= 0 || j->status != JOINT_DONE)
        return part;
    spots_room(j->space, n.values);
    if (!j->streamed)
        return count_nested(&n, 1);
    for (int64_t a_end; (a_end = spots_longer(j, x, n.offset[0])) != INT64_MAX; n.offset[0] = a_end)
        for (int64_t b_end = n.offset[1] = 0;
             (b_end = spots_longer(j, y, n.offset[1])) != INT64_MAX; n.offset[1] = b_end) {
            Part one = count_nested(&n, (a_end - n.offset[0]) * (b_end - n.offset[1]));
            part.all += one.all;
            if (j->status != JOINT_DONE)
                return part;
        }
    return part;
}

/* Units of another coordinate that are each for itself, and may share elements: then copies are no
 * product. */
bool nested_shares(const Joint *j, const Axis *but)
{
    const Shape *shape = j->cases->shape;
    for (int c = 0; c < shape->n_pairs[j->t]; c++) {
        const Axis *axis = &shape->axis[j->t][c];
        for (int k = 0; k < 2 && axis != but; k++)
            for (int i = 0; i < j->n_loops[axis->dim[k]]; i++)
                if (j->loop[axis->dim[k]][i].across > 1 &&
                    !spots_merge(j, j->loop[axis->dim[k]][i].level))
                    return true;
    }
    return false;
}
