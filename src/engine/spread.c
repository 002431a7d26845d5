/* What is new to at least one of the children of a SpatialMap.
 *
 * Let the mapped dim be i (coefficient a, chunks of `size`) and the other one j
 * (coefficient b).  In a residue class of j modulo a, x = a*i + b*j is, up to
 * scale, i + b*u with u from an interval, so a child's image is a few
 * intervals; what it had before is a few more; and the next child's are those
 * shifted by `size`.  Their difference is therefore a few families
 *     { [low, high) + size * p : first <= p < end },
 * and the union of families is a union of rectangles once a place is written as
 * (residue, quotient) modulo `size`. */
#include "engine/residue.h"
#include "engine/tensor.h"

enum {
    PIECES_MAX = 64,     /* intervals of one child's image; only ragged sets have more than one */
    FAMILIES_MAX = 512,  /* of all children */
    STEPS_MAX = 1 << 24, /* of going along all children, where there are more pieces or families */
};

typedef struct {
    int64_t low, high;  /* place modulo size, or place of the first child */
    int64_t first, end; /* quotients, or children */
} Family;

typedef struct {
    int n;
    Interval piece[PIECES_MAX];
} Pieces;

typedef struct {
    int n;
    bool full;
    Family family[FAMILIES_MAX];
} Families;

static void families_add(Families *set, int64_t low, int64_t high, int64_t first, int64_t end)
{
    if (low >= high || first >= end)
        return;
    if (set->n == FAMILIES_MAX) {
        set->full = true;
        return;
    }
    set->family[set->n++] = (Family){low, high, first, end};
}

/* The interval [start, end) in rectangles: head, whole quotients, tail. */
static void add_interval(Families *set, int64_t size, int64_t start, int64_t end)
{
    int64_t q0 = floor_div(start, size), q1 = floor_div(end, size);
    int64_t r0 = start - q0 * size, r1 = end - q1 * size;
    if (q0 == q1) {
        families_add(set, r0, r1, q0, q0 + 1);
        return;
    }
    families_add(set, r0, size, q0, q0 + 1);
    families_add(set, 0, size, q0 + 1, q1);
    families_add(set, 0, r1, q1, q1 + 1);
}

/* [low, high) + size * p for first <= p < end, in rectangles. */
static void add_family(Families *set, int64_t size, int64_t low, int64_t high, int64_t first,
                       int64_t end)
{
    if (low >= high || first >= end)
        return;
    if (high - low >= size) {
        add_interval(set, size, low + first * size, high + (end - 1) * size);
        return;
    }
    int64_t quotient = floor_div(low, size), rest = low - quotient * size;
    int64_t past = rest + (high - low) - size; /* beyond the residues: wraps to the next quotient */
    families_add(set, rest, min64(size, rest + high - low), first + quotient, end + quotient);
    families_add(set, 0, past, first + quotient + 1, end + quotient + 1);
}

/* Insertion: there are few, and the C library's sort may allocate. */
static void sort_by_first(Family *family, int n)
{
    for (int k = 1; k < n; k++) {
        Family one = family[k];
        int at = k;
        for (; at > 0 && family[at - 1].first > one.first; at--)
            family[at] = family[at - 1];
        family[at] = one;
    }
}

static void sort_cuts(int64_t *cut, int n)
{
    for (int k = 1; k < n; k++) {
        int64_t one = cut[k];
        int at = k;
        for (; at > 0 && cut[at - 1] > one; at--)
            cut[at] = cut[at - 1];
        cut[at] = one;
    }
}

/* Length of the union of the quotients of those families that cover [low, high). */
static int64_t covered(const Families *set, int64_t low, int64_t high)
{
    int64_t sum = 0, reached = INT64_MIN;
    for (int k = 0; k < set->n; k++) {
        const Family *f = &set->family[k];
        if (f->low > low || f->high < high || f->end <= reached)
            continue;
        sum += f->end - max64(f->first, reached);
        reached = f->end;
    }
    return sum;
}

static int64_t families_measure(Families *set)
{
    int64_t cut[2 * FAMILIES_MAX];
    int n = 0;
    for (int k = 0; k < set->n; k++) {
        cut[n++] = set->family[k].low;
        cut[n++] = set->family[k].high;
    }
    sort_cuts(cut, n);
    sort_by_first(set->family, set->n);
    int64_t sum = 0;
    for (int k = 0; k + 1 < n; k++)
        if (cut[k + 1] > cut[k])
            sum += (cut[k + 1] - cut[k]) * covered(set, cut[k], cut[k + 1]);
    return sum;
}

/* Intervals of [start, start + n) + b*u for u in [u0, u1); false if there are too many. */
static bool pieces_set(Pieces *set, int64_t start, int64_t n, int64_t b, int64_t u0, int64_t u1)
{
    set->n = 0;
    if (n == 0 || u0 >= u1)
        return true;
    if (n >= b) {
        set->piece[set->n++] = (Interval){start + b * u0, start + b * (u1 - 1) + n};
        return true;
    }
    if (u1 - u0 > PIECES_MAX)
        return false;
    for (int64_t u = u0; u < u1; u++)
        set->piece[set->n++] = (Interval){start + b * u, start + b * u + n};
    return true;
}

/* Adds, for the children of the run, every interval of `now` less those of `before`. */
static void add_difference(Families *set, const Pieces *now, const Pieces *before, const Run *run,
                           int64_t size)
{
    int k = 0;
    for (int x = 0; x < now->n; x++) {
        int64_t from = now->piece[x].start, end = now->piece[x].end;
        while (k > 0 && before->piece[k - 1].end > from)
            k--;
        for (; k < before->n && before->piece[k].start < end; k++) {
            add_family(set, size, from, min64(end, before->piece[k].start), run->first, run->end);
            from = max64(from, before->piece[k].end);
        }
        add_family(set, size, from, end, run->first, run->end);
    }
}

/* How u = (j - j0) / a ranges over j. */
static Interval quotients(Interval j, int64_t a, int64_t j0)
{
    return (Interval){ceil_div(j.start - j0, a), ceil_div(j.end - j0, a)};
}

/* The count for one residue j0 of j modulo a; -1 if it is too ragged. */
static int64_t spread_class(const Run *runs, int n_runs, int64_t size, int64_t b, Interval u,
                            Interval v)
{
    Families set;
    Pieces now, before;
    set.n = 0;
    set.full = false;
    for (int k = 0; k < n_runs; k++) {
        const Move *m = &runs[k].move;
        if (!pieces_set(&now, 0, m->now, b, u.start, u.end) ||
            !pieces_set(&before, -m->shift, m->before, b, v.start, v.end))
            return -1;
        add_difference(&set, &now, &before, &runs[k], size);
    }
    return set.full ? -1 : families_measure(&set);
}

static int64_t spread_by_other(int64_t a, int64_t b, int64_t size, const Run *runs, int n_runs,
                               Interval now, Interval before)
{
    int64_t sum = 0, cut[6];
    column_cuts(a, now, before, cut);
    for (int k = 0; k < 5; k++) {
        if (cut[k] == cut[k + 1])
            continue;
        int64_t part = spread_class(runs, n_runs, size, b, quotients(now, a, cut[k]),
                                    quotients(before, a, cut[k]));
        if (part < 0)
            return -1;
        sum += (cut[k + 1] - cut[k]) * part;
    }
    return sum;
}

/* ---- the other way round: few residues, many pieces --------------------------------- */

/* In a residue class of i modulo b every image is an interval in every column.  Chunks of every
 * b / gcd64(b, size)-th child stand alike in the class. */
typedef struct {
    int64_t a, b, size;
    int64_t stride;       /* children from one that stands alike to the next */
    Interval now, before; /* of j */
} Classes;

static void add_class_run(Families *set, const Classes *c, const Run *run, int64_t rest,
                          int64_t first, int64_t r)
{
    int64_t from = ceil_div(run->first - first, c->stride);
    int64_t end = ceil_div(run->end - first, c->stride), place = c->size * first;
    int64_t period = c->size * c->stride / c->b, start = place - run->move.shift;
    Interval i = {place, place + run->move.now}, was = {start, start + run->move.before};
    Interval now = column(residue(i, c->b, rest), c->now, c->a, r);
    Interval before = column(residue(was, c->b, rest), c->before, c->a, r);
    if (before.start >= before.end || before.end <= now.start || before.start >= now.end) {
        add_family(set, period, now.start, now.end, from, end);
        return;
    }
    add_family(set, period, now.start, before.start, from, end);
    add_family(set, period, before.end, now.end, from, end);
}

static int64_t spread_by_mapped(int64_t a, int64_t b, int64_t size, const Run *runs, int n_runs,
                                Interval now, Interval before)
{
    Classes c = {a, b, size, b / gcd64(b, size), now, before};
    Families set;
    int64_t sum = 0, cut[6];
    column_cuts(a, now, before, cut);
    for (int64_t rest = 0; rest < b; rest++)
        for (int k = 0; k < 5; k++) {
            if (cut[k] == cut[k + 1])
                continue;
            set.n = 0;
            set.full = false;
            for (int run = 0; run < n_runs; run++)
                for (int64_t first = 0; first < c.stride; first++)
                    add_class_run(&set, &c, &runs[run], rest, first, cut[k]);
            if (set.full)
                return -1;
            sum += (cut[k + 1] - cut[k]) * families_measure(&set);
        }
    return sum;
}

/* ---- or one child after the other --------------------------------------------------- */

/* In a residue class of i and a column, what is new to a child is what of its interval lies before
 * the interval that it had, and what lies behind it.  Either kind begins further on from child to
 * child, so the union is found by merging the two. */
typedef struct {
    const Classes *c;
    const Run *run, *end;
    int64_t rest, r; /* class and column */
} Column;

typedef struct {
    bool behind;
    const Run *run;
    int64_t child;
    Interval next; /* empty: there is no more */
} Parts;

static Interval part_of(const Column *column_of, const Run *run, int64_t child, bool behind)
{
    const Classes *c = column_of->c;
    int64_t place = c->size * child, start = place - run->move.shift;
    Interval i = {place, place + run->move.now}, was = {start, start + run->move.before};
    Interval now = column(residue(i, c->b, column_of->rest), c->now, c->a, column_of->r);
    Interval before = column(residue(was, c->b, column_of->rest), c->before, c->a, column_of->r);
    if (before.start >= before.end)
        return behind ? (Interval){0, 0} : now;
    return behind ? (Interval){max64(now.start, before.end), now.end}
                  : (Interval){now.start, min64(now.end, before.start)};
}

static void parts_advance(Parts *parts, const Column *column_of)
{
    for (; parts->run < column_of->end; parts->run++, parts->child = 0) {
        parts->child = max64(parts->child, parts->run->first);
        while (parts->child < parts->run->end) {
            parts->next = part_of(column_of, parts->run, parts->child++, parts->behind);
            if (parts->next.start < parts->next.end)
                return;
        }
    }
    parts->next = (Interval){0, 0};
}

static int64_t column_measure(const Column *column_of)
{
    Parts parts[2] = {{false, column_of->run, 0, {0, 0}}, {true, column_of->run, 0, {0, 0}}};
    int64_t sum = 0, reached = INT64_MIN;
    parts_advance(&parts[0], column_of);
    parts_advance(&parts[1], column_of);
    for (;;) {
        bool more[2] = {parts[0].next.start < parts[0].next.end,
                        parts[1].next.start < parts[1].next.end};
        if (!more[0] && !more[1])
            return sum;
        Parts *first = &parts[!more[0] || (more[1] && parts[1].next.start < parts[0].next.start)];
        if (first->next.end > reached) {
            sum += first->next.end - max64(first->next.start, reached);
            reached = first->next.end;
        }
        parts_advance(first, column_of);
    }
}

static int64_t spread_along(int64_t a, int64_t b, int64_t size, const Run *runs, int n_runs,
                            Interval now, Interval before)
{
    Classes c = {a, b, size, 1, now, before};
    int64_t sum = 0, cut[6], children = runs[n_runs - 1].end;
    if (children > STEPS_MAX / b)
        return -1;
    column_cuts(a, now, before, cut);
    for (int64_t rest = 0; rest < b; rest++)
        for (int k = 0; k < 5; k++) {
            Column column_of = {&c, runs, runs + n_runs, rest, cut[k]};
            if (cut[k] < cut[k + 1])
                sum += (cut[k + 1] - cut[k]) * column_measure(&column_of);
        }
    return sum;
}

/* Whichever makes fewer pieces: as many as j has values in a class, or b. */
int64_t tensor_spread(const Axis *axis, int which, int64_t size, const Run *runs, int n_runs,
                      Move other)
{
    int64_t a = axis->coef[which], b = axis->coef[1 - which];
    Interval now = {0, other.now}, before = {-other.shift, other.before - other.shift};
    int64_t most = max64(other.now, other.before) / a;
    bool pieces = size < b;
    for (int k = 0; k < n_runs; k++)
        pieces |= runs[k].move.now < b;
    int64_t count = pieces && most > 2 * b ? spread_by_mapped(a, b, size, runs, n_runs, now, before)
                                           : spread_by_other(a, b, size, runs, n_runs, now, before);
    return count >= 0 ? count : spread_along(a, b, size, runs, n_runs, now, before);
}
