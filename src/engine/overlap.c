/* Each way of one dim meets each of the other's.
 *
 * Units p = 0, 1, .. of one parent have chunks at p * size of one of the dims.  What is new to at
 * least one of them,
 *     union over p of (now(p) less before(p)),
 * is counted by going along the units where all images are intervals, else by tensor_spread. */
#include "engine/overlap.h"

/* ---- intervals ---- */

static bool solid(const Axis *axis, int64_t n, int64_t m)
{
    int64_t a = axis->coef[0], b = axis->coef[1];
    return (a == 1 && (n >= b || m == 1)) || (b == 1 && (m >= a || n == 1)) || (n == 1 && m == 1);
}

static inline int64_t reach(const Axis *axis, int64_t n, int64_t m)
{
    return axis->coef[0] * (n - 1) + axis->coef[1] * (m - 1) + 1;
}

/* Where images are intervals. */
static inline int64_t solid_overlap(int64_t a, int64_t b, const Move *i, const Move *j)
{
    int64_t start = a * i->shift + b * j->shift;
    int64_t now = start + a * (i->now - 1) + b * (j->now - 1);
    int64_t before = a * (i->before - 1) + b * (j->before - 1);
    return max64(min64(now, before) + 1 - max64(start, 0), 0);
}

static int64_t overlap(const Axis *axis, const Move *i, const Move *j)
{
    if (!solid(axis, i->now, j->now) || !solid(axis, i->before, j->before))
        return tensor_overlap(axis, i, j);
    return solid_overlap(axis->coef[0], axis->coef[1], i, j);
}

/* ---- units with one parent ---- */

enum { RUNS_MAX = 4 };

/* The units, in runs that move alike; those that have no chunk are left out. */
static int runs_set(const ChainLoop *loop, const Move *all, Run run[RUNS_MAX])
{
    int64_t size = loop->size, first = 0;
    int64_t full = chain_quotient(all->now, size), units = full + (full * size < all->now);
    int64_t both = min64(full, chain_quotient(all->before, size));
    const int64_t end[RUNS_MAX] = {both, min64(both + 1, units), full, units};
    int n = 0;
    for (int k = 0; k < RUNS_MAX; k++) {
        if (end[k] <= first)
            continue;
        int64_t now = min64(size, all->now - first * size);
        int64_t before = max64(min64(size, all->before - first * size), 0);
        run[n++] = (Run){first, end[k], {now, before, before ? all->shift : 0}};
        first = end[k];
    }
    return n;
}

/* Of the image [0, w) of a unit that had [-d, -d + v): what is new, [0, left) and [right, w). */
typedef struct {
    int64_t left, right, width;
} Fresh;

static Fresh fresh_set(const Axis *axis, const Move *i, const Move *j)
{
    int64_t width = reach(axis, i->now, j->now);
    if (!i->before)
        return (Fresh){0, 0, width};
    int64_t moved = axis->coef[0] * i->shift + axis->coef[1] * j->shift;
    int64_t left = max64(min64(-moved, width), 0);
    int64_t right = max64(min64(reach(axis, i->before, j->before) - moved, width), left);
    if (left == width)
        return (Fresh){0, 0, width};
    return (Fresh){left, right, width};
}

/* The union of intervals [low, high) + step * p; both ends must ascend with p. */
typedef struct {
    int64_t step, sum, start, end; /* the last interval's, step * p included */
} Union;

static bool union_add(Union *u, int64_t low, int64_t high, int64_t first, int64_t end)
{
    if (low >= high)
        return true;
    int64_t start = low + u->step * first, stop = high + u->step * first;
    if (start < u->start || stop < u->end)
        return false;
    u->sum += stop - max64(start, u->end) + (end - first - 1) * min64(high - low, u->step);
    u->start = low + u->step * (end - 1);
    u->end = high + u->step * (end - 1);
    return true;
}

/* By going along the units; false if that does not do. */
static bool fresh_along(const Axis *axis, int across, int64_t size, const Run *run, int n,
                        const Move *other, int64_t *fresh)
{
    Union u = {axis->coef[across] * size, 0, INT64_MIN, INT64_MIN};
    bool at_left = false, at_right = false;
    for (int k = 0; k < n; k++) {
        const Move *i = across ? other : &run[k].move, *j = across ? &run[k].move : other;
        if (!solid(axis, i->now, j->now) ||
            (run[k].move.before && !solid(axis, i->before, j->before)))
            return false;
        Fresh f =
            run[k].move.before ? fresh_set(axis, i, j) : (Fresh){0, 0, reach(axis, i->now, j->now)};
        at_left |= f.left > 0;
        at_right |= f.right > 0 && f.right < f.width;
        if ((at_left && at_right) || (f.left > 0 && f.right < f.width) ||
            !union_add(&u, f.left ? 0 : f.right, f.left ? f.left : f.width, run[k].first,
                       run[k].end))
            return false;
    }
    *fresh = u.sum;
    return true;
}

/* All of `all` move in one way, the other dim in `other`. */
static void kept_together(const Axis *axis, int across, const ChainLoop *loop, const Move *all,
                          const Move *other, int64_t times, Kept *kept)
{
    Run run[RUNS_MAX];
    int n = runs_set(loop, all, run);
    int64_t each = 0, now = 0, fresh = 0;
    for (int k = 0; k < n; k++) {
        const Move *i = across ? other : &run[k].move, *j = across ? &run[k].move : other;
        int64_t units = run[k].end - run[k].first;
        now += units * tensor_image(axis, i->now, j->now);
        each += run[k].move.before ? units * overlap(axis, i, j) : 0;
    }
    kept->each += times * each;
    if (each == 0)
        return;
    int64_t joined = across ? tensor_image(axis, other->now, all->now)
                            : tensor_image(axis, all->now, other->now);
    if (each == now || now == joined) /* nothing is new, or no two units share a value */
        fresh = joined - (each == now ? joined : each);
    else if (!fresh_along(axis, across, loop->size, run, n, other, &fresh))
        fresh = tensor_spread(axis, across, loop->size, run, n, *other);
    kept->ragged |= fresh < 0;
    kept->once += times * (joined - fresh);
}

/* ---- both dims ---- */

int64_t overlap_kept(const Axis *axis, const Ways *x, const Ways *y)
{
    bool plain = axis_is_plain(axis);
    int64_t sum = 0;
    if (!ways_meet(axis, x, y))
        return 0;
    for (const DimWay *i = x->way, *last = i + x->n; i < last; i++) {
        int64_t kept = 0;
        if (plain)
            for (const DimWay *j = y->way, *end = j + y->n; j < end; j++)
                kept += j->times * solid_overlap(1, 1, &i->move, &j->move);
        else
            for (const DimWay *j = y->way, *end = j + y->n; j < end; j++)
                kept += j->times * overlap(axis, &i->move, &j->move);
        sum += i->times * kept;
    }
    return sum;
}

void overlap_together(const Axis *axis, int across, const ChainLoop *loop, const Ways *x,
                      const Ways *y, Kept *kept)
{
    const Ways *all = across ? y : x, *other = across ? x : y;
    kept->each = kept->once = 0;
    kept->ragged = false;
    if (!ways_meet(axis, x, y))
        return;
    for (const DimWay *i = all->way, *last = i + all->n; i < last; i++)
        for (const DimWay *j = other->way, *end = j + other->n; j < end; j++)
            if (i->times * j->times > 0)
                kept_together(axis, across, loop, &i->move, &j->move, i->times * j->times, kept);
}
