/* The choice of residency depths against every combination, and the next useful capacity. */
#include "engine/residency.h"

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

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
        bool alike = s.traffic == best.traffic && s.footprint == best.footprint;
        if (fits && (less || (alike && s.need < best.need)))
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

/* Up to four tensors of random rows; small numbers, so that many are alike. */
static void draw_case(Shape *shape, Machine *machine, Result *result)
{
    *shape = (Shape){.n_tensors = (int) draw(1, 4)};
    *machine =
        (Machine){.done_bits = 8, .l2_bytes = draw(0, 3) ? draw(1, draw(0, 1) ? 200 : 20) : 0};
    *result = (Result){.offchip_depths = (int) draw(1, 6)};
    int64_t most = draw(0, 1) ? 60 : 4, held = draw(0, 1) ? 20 : 3;
    for (int t = 0; t < shape->n_tensors; t++) {
        machine->bits[t] = 8, shape->density[t] = 1;
        for (int j = 0; j < result->offchip_depths; j++)
            result->offchip[t][j] = (OffchipRow){draw(1, held), draw(1, most), draw(0, 2)};
        result->offchip_least[t] = least_traffic(result->offchip[t], result->offchip_depths);
    }
}

START_TEST(choice_is_the_minimum)
{
    for (int k = 0; k < 3000; k++) {
        Shape shape;
        Machine machine;
        Result result;
        draw_case(&shape, &machine, &result);
        residency_choose(&shape, &machine, &result);
        Score got = score_of(&shape, &result, result.offchip_depth);
        Score want = brute_force(&shape, &result, machine.l2_bytes);
        ck_assert_int_eq(got.traffic, want.traffic);
        ck_assert_int_eq(got.footprint, want.footprint);
        if (machine.l2_bytes) /* else nothing is asked of what is reserved */
            ck_assert_int_eq(got.need, want.need);
    }
}
END_TEST

/* Traffic and footprints that are alike do not decide; what is reserved does.  Both tensors whole
 * are 9 bytes, one more than there are.  One of them whole and the other in part: 11 move and 6 are
 * held either way, and with the smaller one whole 4 + 2 * 2 are reserved, else 5 + 2 * 1. */
START_TEST(of_those_alike_the_one_that_reserves_less)
{
    for (int large = 0; large < 2; large++) {
        Shape shape = {.n_tensors = 2, .density = {1, 1}};
        Machine machine = {.done_bits = 8, .bits = {8, 8}, .l2_bytes = 8};
        Result result = {.offchip_depths = 2, .offchip_least = {0, 0}};
        result.offchip[!large][0] = (OffchipRow){4, 5, 0};
        result.offchip[!large][1] = (OffchipRow){1, 6, 0};
        result.offchip[large][0] = (OffchipRow){5, 5, 0};
        result.offchip[large][1] = (OffchipRow){2, 6, 0};
        residency_choose(&shape, &machine, &result);
        ck_assert_int_eq(result.offchip_depth[!large], 1);
        ck_assert_int_eq(result.offchip_depth[large], 0);
    }
}
END_TEST

/* A tensor that lives on the chip is held whole, whatever else fits. */
START_TEST(what_stays_is_whole)
{
    Shape shape = {.n_tensors = 2, .density = {1, 1}};
    Machine machine = {.done_bits = 8, .bits = {8, 8}, .l2_bytes = 4, .stays_onchip = {true}};
    Result result = {.offchip_depths = 3, .offchip_least = {0, 0}};
    for (int j = 0; j < 3; j++) {
        result.offchip[0][j] = (OffchipRow){10 - j, 20, 0};
        result.offchip[1][j] = (OffchipRow){6 - 2 * j, 20 + j, 0};
    }
    residency_choose(&shape, &machine, &result); /* nothing fits beside the 10 bytes */
    ck_assert_int_eq(result.offchip_depth[0], 0);
    ck_assert_int_eq(result.offchip_depth[1], 2);
    machine.l2_bytes = 18; /* 10 and twice 4 */
    residency_choose(&shape, &machine, &result);
    ck_assert_int_eq(result.offchip_depth[0], 0);
    ck_assert_int_eq(result.offchip_depth[1], 0);
}
END_TEST

/* ---- what a larger buffer would buy ---- */

/* A layer of which the engines are asked nothing but tensors and densities. */
static void set_tensors(Layer *layer, int n)
{
    memset(layer, 0, sizeof *layer);
    layer->op.n_tensors = n;
    layer->op.n_dims = 1;
    layer->op.output = n - 1;
    for (int t = 0; t < n; t++) {
        layer->op.tensor[t] = (Tensor){.n_coords = 1, .coord = {{1, {0}, {1}}}};
        layer->density[t] = 1;
    }
}

static double traffic_with(const Shape *shape, Machine machine, Result result, int64_t capacity)
{
    machine.l2_bytes = capacity;
    residency_choose(shape, &machine, &result);
    return (double) score_of(shape, &result, result.offchip_depth).traffic;
}

/* As real tables are: deeper, less is held and no less moves. */
static void set_order(const Shape *shape, Result *result, int64_t bytes)
{
    for (int t = 0; t < shape->n_tensors; t++) {
        OffchipRow *row = result->offchip[t];
        for (int j = 0; j < result->offchip_depths; j++)
            row[j].footprint *= bytes;
        for (int j = 1; j < result->offchip_depths; j++) {
            row[j].reads += row[j - 1].reads;
            row[j].writes += row[j - 1].writes;
            row[j].footprint = MIN(row[j].footprint, row[j - 1].footprint);
        }
        result->offchip_least[t] = least_traffic(row, result->offchip_depths);
    }
}

START_TEST(the_next_useful_buffer_is_the_smallest)
{
    int useful = 0;
    for (int k = 0; k < 1000; k++) {
        Shape shape;
        Machine machine;
        Result result;
        Layer layer;
        ResidencyGain gain;
        draw_case(&shape, &machine, &result);
        set_tensors(&layer, shape.n_tensors);
        set_order(&shape, &result, k % 2 ? 100 : 1); /* with 100 a KiB may not be enough */
        residency_gain(&layer, &machine, &result, &gain);
        if (machine.l2_bytes == 0) {
            ck_assert_int_eq(gain.next_bytes, 0);
            continue;
        }
        double now = traffic_with(&shape, machine, result, machine.l2_bytes);
        ck_assert_double_eq(gain.saved_by_kib,
                            now - traffic_with(&shape, machine, result, machine.l2_bytes + 1024));
        if (gain.next_bytes == 0) {
            ck_assert_double_eq(traffic_with(&shape, machine, result, INT64_C(1) << 40), now);
            continue;
        }
        useful++;
        double then = traffic_with(&shape, machine, result, gain.next_bytes);
        ck_assert_double_lt(then, now);
        ck_assert_double_eq(gain.saved_by_next, now - then);
        ck_assert_double_eq(traffic_with(&shape, machine, result, gain.next_bytes - 1), now);
    }
    ck_assert_int_gt(useful, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("residency");
    TCase *tc = tcase_create("choice");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, choice_is_the_minimum);
    tcase_add_test(tc, of_those_alike_the_one_that_reserves_less);
    tcase_add_test(tc, what_stays_is_whole);
    tcase_add_test(tc, the_next_useful_buffer_is_the_smallest);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
