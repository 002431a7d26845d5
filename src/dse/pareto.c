/* The front is a list.  A point that has just turned one away is likely to turn away the next,
 * so it moves to the head of the list. */
#include "dse/pareto.h"

#include <stdlib.h>
#include <string.h>

struct Front {
    ObjectiveSet over;
    int n_values;
    Objective objective[OBJECTIVES];
    int64_t n, capacity;
    double *values; /* n_values per point, in the order of `points` */
    Point *points;
};

double pareto_value(const Point *p, Objective objective)
{
    switch (objective) {
    case OBJECTIVE_RUNTIME:
        return p->seconds;
    case OBJECTIVE_THROUGHPUT:
        return p->seconds > 0 ? -(double) p->macs / p->seconds : 0;
    case OBJECTIVE_ENERGY:
        return p->pj;
    case OBJECTIVE_EDP:
        return p->pj * 1e-12 * p->seconds;
    case OBJECTIVE_AREA:
        return p->um2;
    default:
        return p->mw;
    }
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
    g_free(front->points);
    g_free(front);
}

typedef enum { WORSE, BETTER, NEITHER } Order;

/* How b, of an index, stands to a: WORSE if a is at least as good everywhere. */
static Order compare(const double *a, int64_t index_a, const double *b, int64_t index_b, int n)
{
    bool a_wins = false, b_wins = false;
    for (int k = 0; k < n; k++) {
        a_wins |= a[k] < b[k];
        b_wins |= b[k] < a[k];
    }
    if (a_wins && b_wins)
        return NEITHER;
    if (!a_wins && !b_wins)
        return index_a <= index_b ? WORSE : BETTER;
    return a_wins ? WORSE : BETTER;
}

static void move(Front *front, int64_t to, int64_t from)
{
    front->points[to] = front->points[from];
    memcpy(front->values + to * front->n_values, front->values + from * front->n_values,
           (size_t) front->n_values * sizeof *front->values);
}

static void to_head(Front *front, int64_t at)
{
    double values[OBJECTIVES];
    size_t bytes = (size_t) front->n_values * sizeof *values;
    Point point = front->points[at];
    memcpy(values, front->values + at * front->n_values, bytes);
    move(front, at, 0);
    front->points[0] = point;
    memcpy(front->values, values, bytes);
}

static void append(Front *front, const Point *point, const double *values)
{
    if (front->n == front->capacity) {
        front->capacity = front->capacity ? 2 * front->capacity : 64;
        front->points = g_renew(Point, front->points, front->capacity);
        front->values = g_renew(double, front->values, front->capacity * front->n_values);
    }
    front->points[front->n] = *point;
    memcpy(front->values + front->n * front->n_values, values,
           (size_t) front->n_values * sizeof *values);
    front->n++;
}

void front_add(Front *front, const Point *point)
{
    double values[OBJECTIVES];
    for (int k = 0; k < front->n_values; k++)
        values[k] = pareto_value(point, front->objective[k]);
    for (int64_t i = 0; i < front->n;) {
        switch (compare(front->values + i * front->n_values, front->points[i].index, values,
                        point->index, front->n_values)) {
        case WORSE:
            if (i > 0)
                to_head(front, i);
            return;
        case BETTER:
            move(front, i, --front->n);
            break;
        case NEITHER:
            i++;
        }
    }
    append(front, point, values);
}

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
    g_qsort_with_data(front->points, (int) front->n, sizeof *front->points, by_values, front);
    for (int64_t i = 0; i < front->n; i++)
        for (int k = 0; k < front->n_values; k++)
            front->values[i * front->n_values + k] =
                pareto_value(&front->points[i], front->objective[k]);
    return front->points;
}
