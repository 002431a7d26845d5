/* The front against all pairs, and whatever the order of the points. */
#include "dse/pareto.h"

#include <check.h>
#include <stdlib.h>

enum { POINTS = 120, SPACES = 400 };

static uint64_t state = 1;

static int64_t draw(int64_t low, int64_t high)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t) ((state >> 33) % (uint64_t) (high - low + 1));
}

/* Few values, so that many are equal. */
static Point draw_point(int64_t index, int64_t high)
{
    Point p = {.index = index, .macs = draw(1, 3), .cycles = draw(1, high)};
    p.seconds = (double) p.cycles;
    p.pj = (double) draw(1, high);
    p.um2 = (double) draw(1, high);
    p.mw = (double) draw(1, high);
    p.l1 = (double) draw(1, 2);
    p.l2 = (double) draw(1, 2);
    return p;
}

/* Ties by EDP, runtime, energy, area, buffers, number. */
static bool goes_first(const Point *a, const Point *b)
{
    double x[] = {a->pj * 1e-12 * a->seconds, a->seconds, a->pj, a->um2, a->l1 + a->l2};
    double y[] = {b->pj * 1e-12 * b->seconds, b->seconds, b->pj, b->um2, b->l1 + b->l2};
    for (int k = 0; k < 5; k++)
        if (x[k] != y[k])
            return x[k] < y[k];
    return a->index < b->index;
}

static bool beats(const Point *a, const Point *b, ObjectiveSet over)
{
    bool better = false, worse = false;
    for (Objective o = 0; o < OBJECTIVES; o++) {
        if (!(over & 1U << o))
            continue;
        better |= pareto_value(a, o) < pareto_value(b, o);
        worse |= pareto_value(a, o) > pareto_value(b, o);
    }
    return !worse && (better || goes_first(a, b));
}

static void shuffle(Point *points, int n)
{
    for (int i = n - 1; i > 0; i--) {
        int k = (int) draw(0, i);
        Point swap = points[i];
        points[i] = points[k];
        points[k] = swap;
    }
}

static bool in_front(Front *front, const Point *point)
{
    const Point *points = front_sorted(front);
    for (int64_t i = 0; i < front_size(front); i++)
        if (points[i].index == point->index)
            return true;
    return false;
}

START_TEST(front_is_what_nothing_beats)
{
    for (int s = 0; s < SPACES; s++) {
        Point points[POINTS];
        ObjectiveSet over = (ObjectiveSet) draw(1, (1 << OBJECTIVES) - 1);
        int n = (int) draw(1, POINTS);
        int64_t high = draw(2, 30);
        g_autoptr(Front) front = front_new(over);
        for (int i = 0; i < n; i++)
            points[i] = draw_point(i, high);
        shuffle(points, n);
        for (int i = 0; i < n; i++)
            front_add(front, &points[i]);
        for (int i = 0; i < n; i++) {
            bool beaten = false;
            for (int k = 0; k < n; k++)
                beaten |= k != i && beats(&points[k], &points[i], over);
            ck_assert_int_eq(in_front(front, &points[i]), !beaten);
        }
    }
}
END_TEST

START_TEST(front_does_not_depend_on_the_order)
{
    for (int s = 0; s < SPACES; s++) {
        Point points[POINTS];
        ObjectiveSet over = (ObjectiveSet) draw(1, (1 << OBJECTIVES) - 1);
        g_autoptr(Front) one = front_new(over), other = front_new(over);
        for (int i = 0; i < POINTS; i++) {
            points[i] = draw_point(i, 9);
            front_add(one, &points[i]);
        }
        shuffle(points, POINTS);
        for (int i = 0; i < POINTS; i++)
            front_add(other, &points[i]);
        ck_assert_int_eq(front_size(one), front_size(other));
        const Point *a = front_sorted(one), *b = front_sorted(other);
        for (int64_t i = 0; i < front_size(one); i++)
            ck_assert_int_eq(a[i].index, b[i].index);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pareto");
    TCase *tc = tcase_create("front");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, front_is_what_nothing_beats);
    tcase_add_test(tc, front_does_not_depend_on_the_order);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
