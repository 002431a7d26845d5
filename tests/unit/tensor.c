/* Images of affine coordinates against sets written out. */
#include "engine/tensor.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = 900, CASES = 20000 };

typedef struct {
    bool has[2 * REACH];
} Set;

static void set_image(Set *set, const Axis *axis, int64_t i, int64_t n, int64_t j, int64_t m)
{
    for (int64_t x = i; x < i + n; x++)
        for (int64_t y = j; y < j + m; y++)
            set->has[REACH + axis->coef[0] * x + axis->coef[1] * y] = true;
}

static int64_t set_size(const Set *set)
{
    int64_t n = 0;
    for (int k = 0; k < 2 * REACH; k++)
        n += set->has[k];
    return n;
}

static int64_t draw(int64_t low, int64_t high)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t) ((state >> 33) % (uint64_t) (high - low + 1));
}

static Axis draw_axis(void)
{
    Coord coord = {2, {0, 1}, {draw(1, 5), draw(1, 5)}};
    return tensor_axis(&coord);
}

START_TEST(image_counts_values)
{
    for (int k = 0; k < CASES; k++) {
        Axis axis = draw_axis();
        int64_t n = draw(0, 9), m = draw(0, 9);
        Set set = {{false}};
        set_image(&set, &axis, 0, n, 0, m);
        ck_assert_int_eq(tensor_image(&axis, n, m), set_size(&set));
    }
}
END_TEST

START_TEST(overlap_counts_common_values)
{
    for (int k = 0; k < CASES; k++) {
        Axis axis = draw_axis();
        Move i = {draw(0, 8), draw(0, 8), draw(-9, 9)}, j = {draw(0, 8), draw(0, 8), draw(-9, 9)};
        Set now = {{false}}, before = {{false}};
        set_image(&now, &axis, i.shift, i.now, j.shift, j.now);
        set_image(&before, &axis, 0, i.before, 0, j.before);
        for (int x = 0; x < 2 * REACH; x++)
            now.has[x] &= before.has[x];
        ck_assert_int_eq(tensor_overlap(&axis, &i, &j), set_size(&now));
    }
}
END_TEST

/* Children 0 .. n-1 with chunks of `size`, the last ones perhaps cut off, missing before, or both.
 */
static int draw_runs(int64_t size, Run *runs)
{
    int64_t shift = draw(-3, 3) * size, whole = draw(1, 5);
    int n = 0;
    runs[n++] = (Run){0, whole, {size, size, shift}};
    if (draw(0, 1)) {
        runs[n] = (Run){whole, whole + draw(1, 2), {size, 0, 0}};
        whole = runs[n++].end;
    }
    if (draw(0, 1))
        runs[n++] = (Run){whole, whole + 1, {draw(1, size), draw(0, 1) ? size : 0, shift}};
    return n;
}

START_TEST(spread_counts_what_is_new_to_some_child)
{
    for (int k = 0; k < CASES; k++) {
        Axis axis = draw_axis();
        int which = (int) draw(0, 1);
        int64_t size = draw(1, 4);
        Run runs[3];
        int n = draw_runs(size, runs);
        Move other = {draw(1, 30), draw(0, 30), draw(-9, 9)};
        Axis turned = {2, {0, 1}, {axis.coef[which], axis.coef[1 - which]}, 3};
        Set fresh = {{false}};
        for (int r = 0; r < n; r++)
            for (int64_t p = runs[r].first; p < runs[r].end; p++) {
                Set now = {{false}}, before = {{false}};
                Move m = runs[r].move;
                set_image(&now, &turned, p * size, m.now, 0, other.now);
                set_image(&before, &turned, p * size - m.shift, m.before, -other.shift,
                          other.before);
                for (int x = 0; x < 2 * REACH; x++)
                    fresh.has[x] |= now.has[x] && !before.has[x];
            }
        ck_assert_int_eq(tensor_spread(&axis, which, size, runs, n, other), set_size(&fresh));
    }
}
END_TEST

/* Strides and dilations beyond what pieces are kept for. */
START_TEST(spread_counts_many_pieces)
{
    for (int k = 0; k < 60; k++) {
        static bool now[1 << 18], before[1 << 18], fresh[1 << 18];
        enum { ORIGIN = 1 << 17 };
        Coord coord = {2, {0, 1}, {draw(1, 30), draw(60, 150)}};
        Axis axis = tensor_axis(&coord);
        int64_t size = draw(1, 200), a = axis.coef[0], b = axis.coef[1], expected = 0;
        Run runs[3];
        int n = draw_runs(size, runs);
        Move other = {draw(100, 300), draw(0, 300), draw(-90, 90)};
        memset(fresh, 0, sizeof fresh);
        for (int r = 0; r < n; r++)
            for (int64_t p = runs[r].first; p < runs[r].end; p++) {
                Move m = runs[r].move;
                memset(now, 0, sizeof now);
                memset(before, 0, sizeof before);
                for (int64_t j = 0; j < other.now; j++)
                    for (int64_t i = p * size; i < p * size + m.now; i++)
                        now[ORIGIN + a * i + b * j] = true;
                for (int64_t j = -other.shift; j < other.before - other.shift; j++)
                    for (int64_t i = p * size - m.shift; i < p * size - m.shift + m.before; i++)
                        before[ORIGIN + a * i + b * j] = true;
                for (int x = 0; x < 1 << 18; x++)
                    fresh[x] |= now[x] & !before[x];
            }
        for (int x = 0; x < 1 << 18; x++)
            expected += fresh[x];
        ck_assert_int_eq(tensor_spread(&axis, 0, size, runs, n, other), expected);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tensor");
    TCase *tc = tcase_create("affine");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, image_counts_values);
    tcase_add_test(tc, overlap_counts_common_values);
    tcase_add_test(tc, spread_counts_what_is_new_to_some_child);
    tcase_add_test(tc, spread_counts_many_pieces);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
