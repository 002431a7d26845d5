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

static Score score_of(const Shape *shape, const OffchipTable *table, const int *depth)
{
    Score s = {0, 0, 0};
    for (int t = 0; t < shape->n_tensors; t++) {
        const OffchipRow *row = &table->row[t][depth[t]];
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
static Score brute_force(const Shape *shape, const OffchipTable *table, int64_t capacity)
{
    int depth[TENSORS_MAX] = {0}, last[TENSORS_MAX];
    Score best = {-1, 0, 0};
    for (int t = 0; t < shape->n_tensors; t++)
        last[t] = table->depths - 1;
    do {
        Score s = score_of(shape, table, depth);
        bool fits = capacity == 0 || s.need <= capacity;
        bool less = best.traffic < 0 || s.traffic < best.traffic ||
                    (s.traffic == best.traffic && s.footprint < best.footprint);
        bool alike = s.traffic == best.traffic && s.footprint == best.footprint;
        if (fits && (less || (alike && s.need < best.need)))
            best = s;
    } while (next(depth, shape->n_tensors, table->depths));
    return best.traffic < 0 ? score_of(shape, table, last) : best;
}

/* Up to four tensors of random rows; small numbers, so that many are alike. */
static void draw_case(Shape *shape, Machine *machine, OffchipTable *table)
{
    *shape = (Shape){.n_tensors = (int) draw(1, 4)};
    *machine =
        (Machine){.done_bits = 8, .l2_bytes = draw(0, 3) ? draw(1, draw(0, 1) ? 200 : 20) : 0};
    *table = (OffchipTable){.depths = (int) draw(1, 6)};
    int64_t most = draw(0, 1) ? 60 : 4, held = draw(0, 1) ? 20 : 3;
    for (int t = 0; t < shape->n_tensors; t++) {
        machine->bits[t] = 8, shape->density[t] = 1;
        for (int j = 0; j < table->depths; j++)
            table->row[t][j] = (OffchipRow){draw(1, held), draw(1, most), draw(0, 2)};
    }
}

START_TEST(choice_is_the_minimum)
{
    for (int k = 0; k < 3000; k++) {
        Shape shape;
        Machine machine;
        OffchipTable table;
        OffchipKept kept;
        draw_case(&shape, &machine, &table);
        residency_choose(&shape, &machine, &table, &kept);
        Score got = score_of(&shape, &table, kept.depth);
        Score want = brute_force(&shape, &table, machine.l2_bytes);
        for (int t = 0; t < shape.n_tensors; t++)
            ck_assert_mem_eq(&kept.row[t], &table.row[t][kept.depth[t]], sizeof *kept.row);
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
        OffchipTable table = {.depths = 2};
        OffchipKept kept;
        table.row[!large][0] = (OffchipRow){4, 5, 0};
        table.row[!large][1] = (OffchipRow){1, 6, 0};
        table.row[large][0] = (OffchipRow){5, 5, 0};
        table.row[large][1] = (OffchipRow){2, 6, 0};
        residency_choose(&shape, &machine, &table, &kept);
        ck_assert_int_eq(kept.depth[!large], 1);
        ck_assert_int_eq(kept.depth[large], 0);
    }
}
END_TEST

/* A tensor that lives on the chip is held whole, whatever else fits. */
START_TEST(what_stays_is_whole)
{
    Shape shape = {.n_tensors = 2, .density = {1, 1}};
    Machine machine = {.done_bits = 8, .bits = {8, 8}, .l2_bytes = 4, .stays_onchip = {true}};
    OffchipTable table = {.depths = 3};
    OffchipKept kept;
    for (int j = 0; j < 3; j++) {
        table.row[0][j] = (OffchipRow){10 - j, 20, 0};
        table.row[1][j] = (OffchipRow){6 - 2 * j, 20 + j, 0};
    }
    residency_choose(&shape, &machine, &table, &kept); /* nothing fits beside the 10 bytes */
    ck_assert_int_eq(kept.depth[0], 0);
    ck_assert_int_eq(kept.depth[1], 2);
    machine.l2_bytes = 18; /* 10 and twice 4 */
    residency_choose(&shape, &machine, &table, &kept);
    ck_assert_int_eq(kept.depth[0], 0);
    ck_assert_int_eq(kept.depth[1], 0);
}
END_TEST

/* ---- what a larger buffer would buy ---- */

static double traffic_with(const Shape *shape, Machine machine, const OffchipTable *table,
                           int64_t capacity)
{
    OffchipKept kept;
    machine.l2_bytes = capacity;
    residency_choose(shape, &machine, table, &kept);
    return (double) score_of(shape, table, kept.depth).traffic;
}

/* As real tables are: deeper, less is held and no less moves. */
static void set_order(const Shape *shape, OffchipTable *table, int64_t bytes)
{
    for (int t = 0; t < shape->n_tensors; t++) {
        OffchipRow *row = table->row[t];
        for (int j = 0; j < table->depths; j++)
            row[j].footprint *= bytes;
        for (int j = 1; j < table->depths; j++) {
            row[j].reads += row[j - 1].reads;
            row[j].writes += row[j - 1].writes;
            row[j].footprint = MIN(row[j].footprint, row[j - 1].footprint);
        }
    }
}

START_TEST(the_next_useful_buffer_is_the_smallest)
{
    int useful = 0;
    for (int k = 0; k < 1000; k++) {
        Shape shape;
        Machine machine;
        OffchipTable table;
        ResidencyGain gain;
        draw_case(&shape, &machine, &table);
        set_order(&shape, &table, k % 2 ? 100 : 1); /* with 100 a KiB may not be enough */
        residency_gain(&shape, &machine, &table, &gain);
        if (machine.l2_bytes == 0) {
            ck_assert_int_eq(gain.next_bytes, 0);
            continue;
        }
        double now = traffic_with(&shape, machine, &table, machine.l2_bytes);
        ck_assert_double_eq(gain.saved_by_kib,
                            now - traffic_with(&shape, machine, &table, machine.l2_bytes + 1024));
        if (gain.next_bytes == 0) {
            ck_assert_double_eq(traffic_with(&shape, machine, &table, INT64_C(1) << 40), now);
            continue;
        }
        useful++;
        double then = traffic_with(&shape, machine, &table, gain.next_bytes);
        ck_assert_double_lt(then, now);
        ck_assert_double_eq(gain.saved_by_next, now - then);
        ck_assert_double_eq(traffic_with(&shape, machine, &table, gain.next_bytes - 1), now);
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
