/* Dim by dim: where the units are at each kind of position; then group by group. */
#include "engine/joint.h"

#include <glib.h>
#include <string.h>

enum { VALUES_MAX = 1 << 22, WORK_MAX = 1 << 26 };

void joint_free(JointSpace *space)
{
    g_free(space->spots.item);
    g_free(space->snapshots.item);
    g_free(space->now.item);
    g_free(space->fresh.item);
    g_free(space->before.item);
}

/* A loop of a dim, inside the step's level. */
typedef struct {
    int key; /* orders all loops, outermost first */
    int level;
    int64_t size, width;
    int64_t across; /* units that divide it */
} JointLoop;

/* Which loop advances: a loop's key, or */
enum { KEY_ENTER = -1, KEY_ALL = 1 << 20 };

typedef struct {
    const Cases *cases;
    const Machine *machine;
    JointSpace *space;
    const Step *step;
    int level, end; /* levels inside it, up to `end` - 1, step together */
    int t;
    bool streamed;
    int n_loops[DIMS_MAX];
    JointLoop loop[DIMS_MAX][LEVELS_MAX];
    int64_t copies; /* units that do the same behind links that do not merge */
    int64_t work;
    JointStatus status;
} Joint;

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

/* The children of the step, one for all where they divide another dim; returns where their spots
 * begin. */
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

/* The units inside those of `first` .. `first` + n - 1, with the loop at step q.  At the step
 * before it was at step `was`; -1: at its last one, from which it goes back to q. */
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
        j->work += n;
        if (j->work > WORK_MAX)
            j->status = JOINT_RAGGED;
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

typedef struct {
    int first, end; /* snapshots */
} Positions;

static Positions positions(Joint *j, int d, int key)
{
    Positions p = {j->space->snapshots.n, 0};
    int first = first_spots(j, d, key);
    find_positions(j, d, 0, first, j->space->spots.n - first, key, 1);
    p.end = j->space->snapshots.n;
    return p;
}

/* ---- groups of one dim ------------------------------------------------------------------ */

typedef struct {
    int64_t all, kept; /* A and B */
} Part;

static bool merges(const Joint *j, int level)
{
    return j->machine->noc[level].multicast;
}

/* Whether unit u of the dim is the first of all that links merge. */
static bool is_counted(const Joint *j, int d, int u)
{
    for (int i = j->n_loops[d] - 1; i >= 0; i--) {
        const JointLoop *loop = &j->loop[d][i];
        if (u % loop->across != 0 && merges(j, loop->level))
            return false;
        u /= (int) loop->across;
    }
    return true; /* the step's own children divide another dim */
}

/* The tensor lacks the dim. */
static Part lacking(Joint *j, int d, int key)
{
    Positions p = positions(j, d, key);
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
    Positions p = positions(j, d, key);
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

static void marks_room(JointSpace *space, int64_t values)
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

static uint32_t next_mark(JointSpace *space)
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

/* The smallest and the largest value of what units have now. */
static void value_range(const Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y,
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

/* Sizes of unions over units: of now, and of now less before. */
typedef struct {
    int64_t now, fresh;
} Marked;

/* Counts the values of one unit that no unit before it had, and those that are new to it and to no
 * unit before it.  `mark` is of all units, `own` of this one. */
static void mark_unit(const Marks *marks, const Axis *axis, const Spot *x, const Spot *y,
                      int64_t values, uint32_t mark, uint32_t own, Marked *marked)
{
    int64_t a = axis->coef[0], b = axis->coef[1];
    for (int64_t i = 0; i < x->before && y->before > 0; i++)
        for (int64_t k = 0; k < y->before; k++) {
            int64_t v = a * (x->was_start + i) + b * (y->was_start + k) - marks->base;
            if (v >= 0 && v < values)
                marks->before[v] = own;
        }
    for (int64_t i = 0; i < x->now; i++)
        for (int64_t k = 0; k < y->now; k++) {
            int64_t v = a * (x->start + i) + b * (y->start + k) - marks->base;
            marked->now += marks->now[v] != mark;
            marks->now[v] = mark;
            if (marks->before[v] != own) {
                marked->fresh += marks->fresh[v] != mark;
                marks->fresh[v] = mark;
            }
        }
}

/* All units at one position of both dims. */
static Marked mark_units(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    int64_t low, high;
    Marked marked = {0, 0};
    value_range(j, axis, x, y, &low, &high);
    if (high < low)
        return marked;
    if (high - low >= VALUES_MAX) {
        j->status = JOINT_RAGGED;
        return marked;
    }
    marks_room(j->space, high - low + 1);
    if (j->space->mark > UINT32_MAX - 1 - (uint32_t) (x->n * y->n))
        j->space->mark = UINT32_MAX; /* wraps now, not while units are marked */
    uint32_t mark = next_mark(j->space);
    Marks marks = {j->space->now.item, j->space->fresh.item, j->space->before.item, low};
    for (int u = x->spot; u < x->spot + x->n; u++)
        for (int w = y->spot; w < y->spot + y->n; w++) {
            const Spot *i = &j->space->spots.item[u], *k = &j->space->spots.item[w];
            if (i->now <= 0 || k->now <= 0)
                continue;
            j->work += i->now * k->now + i->before * k->before;
            if (j->work > WORK_MAX)
                j->status = JOINT_RAGGED;
            if (j->status != JOINT_DONE)
                return marked;
            mark_unit(&marks, axis, i, k, high - low + 1, mark, next_mark(j->space), &marked);
        }
    return marked;
}

/* The shortest chunk of a unit above this length. */
static int64_t next_length(const Joint *j, const Snapshot *s, int64_t above)
{
    int64_t next = INT64_MAX;
    for (int u = s->spot; u < s->spot + s->n; u++) {
        int64_t now = j->space->spots.item[u].now;
        if (now > above)
            next = min64(next, now);
    }
    return next;
}

/* Distinct values among the units whose boxes reach beyond these offsets. */
static int64_t distinct_starts(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y,
                               int64_t beyond_x, int64_t beyond_y)
{
    int64_t low, high, count = 0;
    value_range(j, axis, x, y, &low, &high);
    if (high - low >= VALUES_MAX) {
        j->status = JOINT_RAGGED;
        return 0;
    }
    marks_room(j->space, high - low + 1);
    uint32_t mark = next_mark(j->space), *marks = j->space->now.item;
    for (int u = x->spot; u < x->spot + x->n; u++)
        for (int w = y->spot; w < y->spot + y->n; w++) {
            const Spot *i = &j->space->spots.item[u], *k = &j->space->spots.item[w];
            if (i->now <= beyond_x || k->now <= beyond_y)
                continue;
            int64_t v = axis->coef[0] * i->start + axis->coef[1] * k->start - low;
            count += marks[v] != mark;
            marks[v] = mark;
            j->work++;
        }
    if (j->work > WORK_MAX)
        j->status = JOINT_RAGGED;
    return count;
}

/* Values that the MACs of all units ask for, offset by offset within the boxes; offsets between two
 * lengths are alike. */
static int64_t stream_units(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    int64_t asked = 0;
    for (int64_t a = 0, a_end; (a_end = next_length(j, x, a)) != INT64_MAX; a = a_end)
        for (int64_t b = 0, b_end; (b_end = next_length(j, y, b)) != INT64_MAX; b = b_end) {
            if (j->status != JOINT_DONE)
                return asked;
            asked += (a_end - a) * (b_end - b) * distinct_starts(j, axis, x, y, a, b);
        }
    return asked;
}

/* A and B of units that share values, at one position of both dims. */
static Part units_together(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    if (j->streamed)
        return (Part){stream_units(j, axis, x, y), 0};
    Marked marked = mark_units(j, axis, x, y);
    return (Part){marked.now, marked.now - marked.fresh};
}

/* Whether all links that divide the coordinate merge; the step's own does. */
static bool all_merge(const Joint *j, const Axis *axis)
{
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < j->n_loops[axis->dim[k]]; i++) {
            const JointLoop *loop = &j->loop[axis->dim[k]][i];
            if (loop->across > 1 && !merges(j, loop->level))
                return false;
        }
    return true;
}

/* Whether none of them does, the step's own not being one. */
static bool all_apart(const Joint *j, const Axis *axis)
{
    const Cluster *cluster = &j->cases->cluster[j->level];
    if (axis->dims >> cluster->loop[cluster->spatial].dim & 1)
        return false;
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < j->n_loops[axis->dim[k]]; i++) {
            const JointLoop *loop = &j->loop[axis->dim[k]][i];
            if (loop->across > 1 && merges(j, loop->level))
                return false;
        }
    return true;
}

/* Each unit for itself. */
static Part units_apart(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y)
{
    Part part = {0, 0};
    for (int u = x->spot; u < x->spot + x->n; u++)
        for (int w = y->spot; w < y->spot + y->n; w++) {
            Snapshot i = {1, u, 1}, k = {1, w, 1};
            Part one = units_together(j, axis, &i, &k);
            part.all += one.all;
            part.kept += one.kept;
        }
    return part;
}

/* A coordinate of two dims, at all positions of both. */
static Part pair(Joint *j, const Axis *axis, int key)
{
    Positions x = positions(j, axis->dim[0], key), y = positions(j, axis->dim[1], key);
    Part part = {0, 0};
    bool apart = all_apart(j, axis); /* no two units share a value, or none that does is merged */
    if (!apart && !all_merge(j, axis))
        j->status = JOINT_ENTANGLED;
    for (int s = x.first; s < x.end; s++)
        for (int r = y.first; r < y.end && j->status == JOINT_DONE; r++) {
            const Snapshot *a = &j->space->snapshots.item[s], *b = &j->space->snapshots.item[r];
            int64_t times = a->times * b->times;
            Part one = apart ? units_apart(j, axis, a, b) : units_together(j, axis, a, b);
            part.all += times * one.all;
            part.kept += times * one.kept;
        }
    return part;
}

/* ---- all of it -------------------------------------------------------------------------- */

/* The steps at which the loop of this key advances. */
static int64_t flow_at(Joint *j, int key, bool first)
{
    const Shape *shape = &j->cases->shape;
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
    find_end(&j);
    find_loops(&j);
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
