/* The front is a list in the order of the first objective: who beats a point stands before it, whom
 * it beats behind it.  The nearest are looked at first: they are likely to do. */
#include "dse/pareto.h"

#include <math.h>

#include <stdlib.h>
#include <string.h>

#include "engine/cost.h"

struct Front {
    ObjectiveSet over;
    int n_values;
    Objective objective[OBJECTIVES];
    int64_t n, room;
    double *values; /* n_values of each, in their order */
    int64_t *slot;  /* of each, in `pool` */
    Point *pool;    /* in any order, the first n used */
    Point *sorted;  /* or NULL */
};

double pareto_value(const Point *p, Objective objective)
{
    if (p->partial >> objective & 1)
        return INFINITY;
    switch (objective) {
    case OBJECTIVE_RUNTIME:
        return p->seconds;
    case OBJECTIVE_THROUGHPUT:
        return p->seconds > 0 ? -(double) p->macs / p->seconds : 0;
    case OBJECTIVE_ENERGY:
        return p->pj;
    case OBJECTIVE_EDP:
        return cost_edp(p->pj, p->seconds);
    case OBJECTIVE_AREA:
        return p->um2;
    default:
        return p->mw;
    }
}

static Merit merit_of(const Point *p)
{
    return (Merit){.edp = pareto_value(p, OBJECTIVE_EDP),
                   .seconds = p->seconds,
                   .pj = p->pj,
                   .um2 = pareto_value(p, OBJECTIVE_AREA),
                   .bytes = p->l1 + p->l2,
                   .number = p->index};
}

int pareto_order(const Point *a, const Point *b)
{
    const Merit x = merit_of(a), y = merit_of(b);
    return objective_order(&x, &y);
}

Front *front_new(ObjectiveSet over)
{
    Front *front = g_new0(Front, 1);
    front->over = over;
    for (Objective o = 0; o < OBJECTIVES; o++)
        if (over & 1U << o)
            front->objective[front->n_values++] = o;
    return front;
}

void front_free(Front *front)
{
    if (!front)
        return;
    g_free(front->values);
    g_free(front->slot);
    g_free(front->pool);
    g_free(front->sorted);
    g_free(front);
}

/* ---- adding a point --------------------------------------------------------------- */

static const double *values_at(const Front *front, int64_t i)
{
    return front->values + i * front->n_values;
}

/* The first place whose first value is not below x, or (after) is above it. */
static int64_t place_of(const Front *front, double x, bool after)
{
    int64_t low = 0, high = front->n;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        double value = values_at(front, middle)[0];
        if (value < x || (after && value == x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether a is nowhere above b. */
static bool no_worse(const double *a, const double *b, int n)
{
    for (int k = n - 1; k >= 0; k--)
        if (a[k] > b[k])
            return false;
    return true;
}

/* The nearest that is at least as good everywhere; -1 if there is none. */
static int64_t find_better(const Front *front, const double *values)
{
    int64_t i = place_of(front, values[0], true) - 1;
    while (i >= 0 && !no_worse(values_at(front, i), values, front->n_values))
        i--;
    return i;
}

static void make_room(Front *front)
{
    if (front->n < front->room)
        return;
    front->room = front->room ? 2 * front->room : 64;
    front->pool = g_renew(Point, front->pool, front->room);
    front->slot = g_renew(int64_t, front->slot, front->room);
    front->values = g_renew(double, front->values, front->room * front->n_values);
    for (int64_t i = front->n; i < front->room; i++)
        front->slot[i] = i;
}

/* Moves an item to an earlier place; slots are swapped, so that none is lost. */
static void move(Front *front, int64_t to, int64_t from)
{
    int64_t slot = front->slot[to];
    memcpy(front->values + to * front->n_values, values_at(front, from),
           (size_t) front->n_values * sizeof *front->values);
    front->slot[to] = front->slot[from];
    front->slot[from] = slot;
}

/* Drops what the values beat. */
static void drop_worse(Front *front, const double *values, int64_t first)
{
    int64_t kept = first;
    for (int64_t i = first; i < front->n; i++)
        if (!no_worse(values, values_at(front, i), front->n_values)) {
            if (kept < i)
                move(front, kept, i);
            kept++;
        }
    front->n = kept;
}

static void insert(Front *front, const Point *point, const double *values, int64_t at)
{
    make_room(front);
    size_t behind = (size_t) (front->n - at), n = (size_t) front->n_values;
    int64_t slot = front->slot[front->n];
    double *place = front->values + at * front->n_values;
    memmove(place + n, place, behind * n * sizeof *place);
    memcpy(place, values, n * sizeof *place);
    memmove(front->slot + at + 1, front->slot + at, behind * sizeof *front->slot);
    front->slot[at] = slot;
    front->pool[slot] = *point;
    front->n++;
}

void front_add(Front *front, const Point *point)
{
    double values[OBJECTIVES];
    for (int k = 0; k < front->n_values; k++)
        values[k] = pareto_value(point, front->objective[k]);
    int64_t better = find_better(front, values);
    if (better >= 0) {
        Point *other = &front->pool[front->slot[better]];
        bool equal = no_worse(values, values_at(front, better), front->n_values);
        if (equal && pareto_order(point, other) < 0)
            *other = *point;
        return;
    }
    int64_t at = place_of(front, values[0], false);
    drop_worse(front, values, at);
    insert(front, point, values, at);
}

/* ---- what is left ------------------------------------------------------------------- */

int64_t front_size(const Front *front)
{
    return front->n;
}

static int by_values(const void *left, const void *right, void *data)
{
    const Front *front = data;
    const Point *a = left, *b = right;
    for (int k = 0; k < front->n_values; k++) {
        double x = pareto_value(a, front->objective[k]), y = pareto_value(b, front->objective[k]);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

const Point *front_sorted(Front *front)
{
    if (front->n == 0)
        return NULL;
    front->sorted = g_renew(Point, front->sorted, front->n);
    for (int64_t i = 0; i < front->n; i++)
        front->sorted[i] = front->pool[front->slot[i]];
    g_qsort_with_data(front->sorted, (int) front->n, sizeof *front->sorted, by_values, front);
    return front->sorted;
}
