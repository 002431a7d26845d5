/* The choice of residency depths against every combination. */
#include "engine/residency.h"

#include <check.h>
#include <stdlib.h>

static int64_t draw(int64_t low, int64_t high)
{
    static uint64_t state = 7;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t) ((state >> 33) % (uint64_t) (high - low + 1));
}

typedef struct {
    int64_t traffic, footprint, need;
} Score;

static Score score_of(const Shape *shape, const Result *result, const int *depth)
{
    Score s = {0, 0, 0};
    for (int t = 0; t < shape->n_tensors; t++) {
        const OffchipRow *row = &result->offchip[t][depth[t]];
        s.traffic += row->reads + row->writes;
        s.footprint += row->footprint;
        s.need += row->footprint * (depth[t] ? 2 : 1);
    }
    return s;
}

/* Counts up through all combinations; false after the last. */
static bool next(int *depth, int n, int depths)
{
    for (int t = 0; t < n; t++) {
        if (++depth[t] < depths)
            return true;
        depth[t] = 0;
    }
    return false;
}

/* What the best combination scores; the last depth of all if none fits. */
static Score brute_force(const Shape *shape, const Result *result, int64_t capacity)
{
    int depth[TENSORS_MAX] = {0}, last[TENSORS_MAX];
    Score best = {-1, 0, 0};
    for (int t = 0; t < shape->n_tensors; t++)
        last[t] = result->offchip_depths - 1;
    do {
        Score s = score_of(shape, result, depth);
        bool fits = capacity == 0 || s.need <= capacity;
        bool less = best.traffic < 0 || s.traffic < best.traffic ||
                    (s.traffic == best.traffic && s.footprint < best.footprint);
        if (fits && less)
            best = s;
    } while (next(depth, shape->n_tensors, result->offchip_depths));
    return best.traffic < 0 ? score_of(shape, result, last) : best;
}

static int least_traffic(const OffchipRow *row, int n)
{
    int least = 0;
    for (int j = 1; j < n; j++) {
        int64_t more = row[j].reads + row[j].writes - row[least].reads - row[least].writes;
        if (more < 0 || (more == 0 && row[j].footprint < row[least].footprint))
            least = j;
    }
    return least;
}

START_TEST(choice_is_the_minimum)
{
    for (int k = 0; k < 3000; k++) {
        Shape shape = {.n_tensors = (int) draw(1, 4)};
        Machine machine = {.done_bits = 8, .l2_bytes = draw(0, 3) ? draw(1, 400) : 0};
        Result result = {.offchip_depths = (int) draw(1, 6)};
        for (int t = 0; t < shape.n_tensors; t++) {
            machine.bits[t] = 8, shape.density[t] = 1;
            for (int j = 0; j < result.offchip_depths; j++)
                result.offchip[t][j] = (OffchipRow){draw(1, 60), draw(1, 20), draw(0, 3)};
            result.offchip_least[t] = least_traffic(result.offchip[t], result.offchip_depths);
        }
        residency_choose(&shape, &machine, &result);
        Score got = score_of(&shape, &result, result.offchip_depth);
        Score want = brute_force(&shape, &result, machine.l2_bytes);
        ck_assert_int_eq(got.traffic, want.traffic);
        ck_assert_int_eq(got.footprint, want.footprint);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("residency");
    TCase *tc = tcase_create("choice");
    tcase_add_test(tc, choice_is_the_minimum);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
