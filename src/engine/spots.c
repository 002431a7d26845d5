/* Loop by loop, outermost first; positions that differ by a shift alone are one. */
#include "engine/spots.h"

#include <glib.h>
#include <string.h>

/* ---- the loops ------------------------------------------------------------------------------ */

static void find_end(Joint *j)
{
    const Cluster *cluster = j->cases->cluster;
    j->end = j->level + 1;
    while (j->end < j->cases->n_levels && cluster[j->end].passes >> j->t & 1)
        j->end++;
    j->streamed = j->end == j->cases->n_levels;
    j->end += !j->streamed;
}

static void find_loops(Joint *j)
{
    j->copies = 1;
    for (int l = j->level + 1; l < j->end; l++) {
        const Cluster *cluster = &j->cases->cluster[l];
        for (int k = 0; k < cluster->n_loops; k++) {
            const Loop *loop = &cluster->loop[k];
            j->loop[loop->dim][j->n_loops[loop->dim]++] =
                (JointLoop){l * DIMS_MAX + k, l, loop->size, loop->width, loop->across};
        }
        if (!j->machine->noc[l].multicast)
            j->copies *= cluster->alike;
    }
}

void spots_start(Joint *j)
{
    find_end(j);
    find_loops(j);
}

/* ---- where the units of a dim are ------------------------------------------------------------ */

static void add_spot(Joint *j, Spot spot)
{
    *APPEND(j->space->spots) = spot;
}

/* A child of the step: once its run has begun, nothing else was there before. */
static Spot first_spot(const Move *move, int64_t start, int key)
{
    if (key != KEY_ENTER)
        return (Spot){start, move->now, start, move->now};
    return (Spot){start, move->now, start - move->shift, move->before};
}

/* The children of the step; returns where their spots begin. */
static int first_spots(Joint *j, int d, int key)
{
    const Cases *cases = j->cases;
    const Cluster *cluster = &cases->cluster[j->level];
    const Kid *kid = cases->kids.item + j->step->kid;
    const Loop *split = &cluster->loop[cluster->spatial];
    int first = j->space->spots.n;
    int64_t p = 0;
    for (int k = 0; k < j->step->n_kids; k++) {
        const Move *m = &cases->entries.item[kid[k].entry].state.dim[d].move;
        if (d != split->dim) {
            add_spot(j, first_spot(m, 0, key));
            break;
        }
        for (int64_t i = 0; i < kid[k].count; i++, p++)
            add_spot(j, first_spot(m, p * split->size, key));
    }
    return first;
}

static int64_t chunk(int64_t length, int64_t start, int64_t size)
{
    return length <= start ? 0 : min64(length - start, size);
}

/* The units inside those of `first` .. `first` + n - 1 when the loop is at step q; *now: they begin
 * the step, else it is the one before. */
static void place(Joint *j, const JointLoop *loop, int first, int n, int64_t q, int64_t was)
{
    for (int u = first; u < first + n; u++) {
        Spot from = j->space->spots.item[u];
        int64_t last = was >= 0           ? was * loop->width
                       : from.before <= 0 ? 0
                                          : (from.before - 1) / loop->width * loop->width;
        for (int64_t p = 0; p < loop->across; p++) {
            int64_t at = q * loop->width + p * loop->size, old = last + p * loop->size;
            add_spot(j, (Spot){from.start + at, chunk(from.now, at, loop->size),
                               from.was_start + old, chunk(from.before, old, loop->size)});
        }
    }
}

/* From step q on, the first that is not like it: units are cut off in one, or are no longer there.
 */
static int64_t alike_until(const Joint *j, const JointLoop *loop, int first, int n, int64_t q)
{
    int64_t until = INT64_MAX;
    for (int u = first; u < first + n; u++) {
        int64_t left = j->space->spots.item[u].now - q * loop->width;
        if (left > 0)
            until = min64(until, left < loop->width ? q + 1 : q + left / loop->width);
    }
    return until == INT64_MAX ? q : until;
}

bool spots_work(Joint *j, int64_t work)
{
    j->work += work;
    if (j->work > WORK_MAX)
        j->status = JOINT_RAGGED;
    return j->status == JOINT_DONE;
}

static void find_positions(Joint *j, int d, int i, int first, int n, int key, int64_t times);

static void enter(Joint *j, int d, int i, int first, int n, int key, int64_t times, int64_t q,
                  int64_t was)
{
    const JointLoop *loop = &j->loop[d][i];
    int inner = j->space->spots.n;
    if (n * loop->across > WORK_MAX / 64) {
        j->status = JOINT_RAGGED;
        return;
    }
    place(j, loop, first, n, q, was);
    find_positions(j, d, i + 1, inner, (int) (n * loop->across), key, times);
}

/* Adds a snapshot for each kind of position of loops i and further in. */
static void find_positions(Joint *j, int d, int i, int first, int n, int key, int64_t times)
{
    if (j->status != JOINT_DONE)
        return;
    if (i == j->n_loops[d]) {
        *APPEND(j->space->snapshots) = (Snapshot){times, first, n};
        spots_work(j, n);
        return;
    }
    const JointLoop *loop = &j->loop[d][i];
    if (loop->key > key) {
        enter(j, d, i, first, n, key, times, 0, -1);
        return;
    }
    bool advances = loop->key == key;
    int64_t q = advances;
    while (j->status == JOINT_DONE && alike_until(j, loop, first, n, q) > q) {
        int64_t until = alike_until(j, loop, first, n, advances ? q - 1 : q);
        if (until <= q) /* the step before is of another kind */
            until = q + 1;
        enter(j, d, i, first, n, key, times * (until - q), q, q - advances);
        q = until;
    }
}

Positions spots_find(Joint *j, int d, int key)
{
    Positions p = {j->space->snapshots.n, 0};
    int first = first_spots(j, d, key);
    find_positions(j, d, 0, first, j->space->spots.n - first, key, 1);
    p.end = j->space->snapshots.n;
    return p;
}

/* ---- values --- */

void spots_room(JointSpace *space, int64_t values)
{
    if (space->now.capacity >= values)
        return;
    int n = (int) values;
    RESERVE(space->now, n);
    RESERVE(space->fresh, n);
    RESERVE(space->before, n);
    size_t bytes = (size_t) space->now.capacity * sizeof *space->now.item;
    memset(space->now.item, 0, bytes);
    memset(space->fresh.item, 0, bytes);
    memset(space->before.item, 0, bytes);
    space->mark = 0;
}

uint32_t spots_mark(JointSpace *space)
{
    if (++space->mark == 0) { /* marks of long ago could seem to be new */
        size_t bytes = (size_t) space->now.capacity * sizeof *space->now.item;
        memset(space->now.item, 0, bytes);
        memset(space->fresh.item, 0, bytes);
        memset(space->before.item, 0, bytes);
        space->mark = 1;
    }
    return space->mark;
}

void spots_mark_before(const Axis *axis, const Spot *x, const Spot *y, int64_t base, int64_t values,
                       uint32_t mark, uint32_t *before)
{
    for (int64_t i = 0; i < x->before && y->before > 0; i++)
        for (int64_t k = 0; k < y->before; k++) {
            int64_t v =
                axis->coef[0] * (x->was_start + i) + axis->coef[1] * (y->was_start + k) - base;
            if (v >= 0 && v < values)
                before[v] = mark;
        }
}

/* The smallest and the largest value of what units have now. */
void spots_range(const Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y,
                 int64_t *low, int64_t *high)
{
    const Snapshot *of[2] = {x, y};
    *low = *high = 0;
    for (int k = 0; k < 2; k++) {
        int64_t least = INT64_MAX, most = INT64_MIN;
        for (int u = of[k]->spot; u < of[k]->spot + of[k]->n; u++) {
            const Spot *spot = &j->space->spots.item[u];
            if (spot->now > 0) {
                least = min64(least, spot->start);
                most = max64(most, spot->start + spot->now - 1);
            }
        }
        if (least > most) {
            *high = -1;
            return;
        }
        *low += axis->coef[k] * least;
        *high += axis->coef[k] * most;
    }
}

int64_t spots_longer(const Joint *j, const Snapshot *s, int64_t above)
{
    int64_t next = INT64_MAX;
    for (int u = s->spot; u < s->spot + s->n; u++) {
        int64_t now = j->space->spots.item[u].now;
        if (now > above)
            next = min64(next, now);
    }
    return next;
}
