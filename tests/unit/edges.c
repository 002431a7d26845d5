/* What few layers reach: counts that just fit 63 bits and those that just do not, products of more
 * than 63 bits, fractions of a cycle that add up to whole ones, and times that are as long as
 * another.  Each figure is worked out beside it. */
#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "lib/dcc.h"

static dcc_context *context;
static dcc_job *job;
static dcc_result *result;

static void set_up(void)
{
    context = dcc_open();
    job = dcc_job_build(context, "GEMM");
    result = dcc_result_new();
}

static void tear_down(void)
{
    dcc_result_free(result);
    dcc_job_free(job);
    dcc_close(context);
}

static void set_extents(int64_t m, int64_t n, int64_t k)
{
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "M"), m), DCC_OK);
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "N"), n), DCC_OK);
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "K"), k), DCC_OK);
}

static void add_map(int kind, const char *dim, int64_t size)
{
    ck_assert_int_eq(dcc_add_map(job, kind, dcc_dim(job, dim), size), DCC_OK);
}

static int64_t count(const char *name)
{
    return dcc_count(result, dcc_metric_find(job, name));
}

/* The status, and with DCC_OK the time. */
static void expect(int status, int64_t cycles)
{
    ck_assert_int_eq(dcc_evaluate(context, job, result), status);
    if (status == DCC_OK)
        ck_assert_int_eq(count("onchip_cycles"), cycles);
}

/* ---- times that just fit 63 bits ---- */

static const int64_t LONG =
    INT32_MAX; /* 2^31 - 1: the lowest bandwidth is one element in so many */

/* A step for each of 2^31 - 1 rows, at 2^31 - 1 cycles an element, and nothing is hidden.  With a
 * latency of L + 1 the first step waits for two elements and computes one MAC, each of the others
 * waits for an element, its own MAC and the element before it to go up, and the last goes up:
 *     2 LONG + L + 1  +  (LONG - 1) (LONG + L + 1 + LONG + L)  +  LONG + L. */
static void set_slow(int64_t latency)
{
    set_extents(LONG, 1, 1);
    dcc_clear_nest(job);
    add_map(DCC_SPATIAL, "N", 1);
    add_map(DCC_TEMPORAL, "M", 1);
    ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, 1, LONG), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, -1, DCC_PREFETCH, 2), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, -1, DCC_LATENCY, latency), DCC_OK);
}

START_TEST(the_last_time_that_fits)
{
    set_slow(1);
    expect(DCC_OK, 3 * LONG + 1 + (LONG - 1) * (2 * LONG + 1));
    set_slow(2);
    expect(DCC_OK, INT64_MAX - 1);
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, 1), DCC_OK);
    expect(DCC_OK, INT64_MAX);
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, 2), DCC_OK);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* With 3 the steps but the first still fit, (LONG - 1) (2 LONG + 5) = 2^63 - 2^31 - 6, and the sum
 * does not; with 4 the product does not. */
START_TEST(sums_and_products_that_do_not_fit)
{
    set_slow(3);
    expect(DCC_OVERFLOW, 0);
    set_slow(4);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* Off the chip the first step's two bytes take two cycles, which come before all else. */
START_TEST(a_first_fill_that_does_not_fit)
{
    set_slow(2);
    ck_assert_int_eq(dcc_set_clock(job, 1e9), DCC_OK);
    ck_assert_int_eq(dcc_set_offchip(job, 2e9), DCC_OK);
    expect(DCC_OK, INT64_MAX - 1); /* one cycle: the sum is 2^63 - 1 */
    ck_assert_int_eq(count("cycles"), INT64_MAX);
    ck_assert_int_eq(dcc_set_offchip(job, 1e9), DCC_OK);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* 1e-18 bytes a cycle. */
START_TEST(a_memory_that_is_too_slow)
{
    set_extents(4, 4, 4);
    add_map(DCC_SPATIAL, "M", 4);
    ck_assert_int_eq(dcc_set_clock(job, 1e9), DCC_OK);
    ck_assert_int_eq(dcc_set_offchip(job, 1e-9), DCC_OK);
    expect(DCC_OVERFLOW, 0);
    ck_assert_int_eq(dcc_set_offchip(job, 1e-7), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(count("offchip_cycles"), INT64_C(480000000000000000)); /* 48 bytes */
}
END_TEST

/* ---- products of more than 63 bits ---- */

/* One step: 2^33 elements of A and 2^16 of B come in, 2^17 of O go up. */
static void set_one_step(int64_t numerator, int64_t denominator)
{
    set_extents(INT64_C(1) << 17, 1, INT64_C(1) << 16);
    dcc_clear_nest(job);
    add_map(DCC_SPATIAL, "N", 1);
    ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, numerator, denominator), DCC_OK);
}

static int64_t cycles_of(int64_t elements, int64_t numerator, int64_t denominator)
{
    __int128 scaled = (__int128) elements * denominator;
    return (int64_t) (scaled / numerator + (scaled % numerator != 0));
}

START_TEST(long_products_are_rounded_up_once)
{
    static const int64_t rates[][2] = {{INT32_MAX, INT32_MAX - 1},
                                       {INT32_MAX - 2, INT32_MAX},
                                       {5, INT32_MAX},
                                       {1 << 17, INT32_MAX}};
    const int64_t in = (INT64_C(1) << 33) + (1 << 16), out = 1 << 17, macs = INT64_C(1) << 33;
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        int64_t a = rates[i][0], b = rates[i][1];
        set_one_step(a, b);
        expect(DCC_OK, cycles_of(in, a, b) + macs + cycles_of(out, a, b));
    }
    set_one_step(1, INT32_MAX);
    expect(DCC_OVERFLOW, 0); /* 2^64 cycles */
}
END_TEST

/* The same in the fractions of a sparse layer, which are given up one after the other. */
START_TEST(fractions_are_given_up_for_room)
{
    set_one_step(1, INT32_MAX);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "A"), 0.125), DCC_OK);
    /* (2^30 + 2^16) (2^31 - 1) in, 2^30 MACs, 2^17 (2^31 - 1) out, to within a double's precision
     */
    double cycles = (0x1p30 + 0x1p16) * 0x1.fffffffcp30 + 0x1p30 + 0x1p17 * 0x1.fffffffcp30;
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_double_eq_tol((double) count("onchip_cycles") / cycles, 1, 1e-12);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "A"), 0.999), DCC_OK);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* 2^58 steps of 1.4 and of 5/3 cycles: there is room for sixteenths, of which 22.4 and 26.67 are
 * nearest to 22 and 27. */
START_TEST(fractions_are_the_nearest)
{
    static const struct {
        double density, sixteenths;
    } steps[] = {{0.28, 22}, {1.0 / 3, 27}};
    add_map(DCC_SPATIAL, "M", 1);
    add_map(DCC_TEMPORAL, "N", 1);
    set_extents(1 << 27, LONG, 5);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "A"), steps[i].density), DCC_OK);
        ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
        double cycles = 0x1p27 * (double) LONG * steps[i].sixteenths / 16;
        ck_assert_double_eq_tol((double) count("onchip_cycles") / cycles, 1, 1e-9);
    }
}
END_TEST

/* ---- counts that do not fit ---- */

/* Accesses of C: with a loop over K around it, all but the first visit read what they write. */
START_TEST(accesses_that_do_not_fit)
{
    const int64_t tile = 1 << 15;
    set_extents(tile, tile, LONG); /* 2^61 MACs */
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, tile), DCC_OK);
    add_map(DCC_TEMPORAL, "K", 1);
    add_map(DCC_SPATIAL, "N", 1);
    add_map(DCC_TEMPORAL, "M", 1);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(count("l2.reads.C"), tile * tile * LONG);
    set_extents(2 * tile, tile, LONG); /* 2^62: reads and writes together come to 2^63 - 2^32 */
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    set_extents(2 * tile + 2, tile, LONG);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* Without reduction every PE writes its partial sum, which is read back but for one: 2^31 - 1 of
 * each element.  The MACs themselves fit, and so does each of the two. */
START_TEST(partial_sums_that_do_not_fit)
{
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, LONG), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, -1, DCC_REDUCTION, 0), DCC_OK);
    add_map(DCC_SPATIAL, "K", 1);
    add_map(DCC_TEMPORAL, "M", 1);
    add_map(DCC_TEMPORAL, "N", 1);
    set_extents(1 << 16, 1 << 15, LONG);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    set_extents(1 << 16, (1 << 15) + 1, LONG);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* 2^62 - 2^32 elements of A, of one bit and of 16. */
START_TEST(bytes_that_do_not_fit)
{
    set_extents(LONG, 1, LONG);
    add_map(DCC_SPATIAL, "N", 1);
    ck_assert_int_eq(dcc_set_element_bytes(job, dcc_tensor(job, "A"), 0.125), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(dcc_set_element_bytes(job, dcc_tensor(job, "A"), 2), DCC_OK);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* Children that all do the same work do it as often as there are children. */
START_TEST(repeated_macs_that_do_not_fit)
{
    set_extents(LONG, 1, LONG); /* 2^62 - 2^32 + 1 */
    ck_assert_int_eq(dcc_set_element_bytes(job, dcc_tensor(job, "A"), 0.125), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 2), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_NO_SPATIAL);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 3), DCC_OK);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* Two PEs that do the same 24 MACs: they read 12 elements of A once for both, and the layer has 24.
 */
START_TEST(repeated_macs_are_no_reuse)
{
    set_extents(3, 2, 4);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 2), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_NO_SPATIAL);
    ck_assert_int_eq(count("macs"), 24);
    ck_assert_int_eq(count("l2.reads.A"), 12);
    ck_assert_double_eq(dcc_real(result, dcc_metric_find(job, "reuse.A")), 2);
}
END_TEST

/* Two tensors on one channel: each fits, both together do not.  Elements have one bit, that the
 * bytes fit. */
START_TEST(a_channel_that_carries_too_much)
{
    dcc_job_free(job);
    job = dcc_job_build(context, "CONV");
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "C"), LONG), DCC_OK);
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "R"), 1 << 15), DCC_OK);
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "S"), 1 << 16), DCC_OK);
    add_map(DCC_SPATIAL, "K", 1);
    for (int t = 0; t < dcc_tensors(job); t++)
        ck_assert_int_eq(dcc_set_element_bytes(job, t, 0.125), DCC_OK);
    ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, LONG, 1), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK); /* W and I: 2^63 - 2^32 */
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "R"), (1 << 15) + 1), DCC_OK);
    expect(DCC_OVERFLOW, 0);
}
END_TEST

/* ---- many machines at once ---- */

static void expect_times(const int64_t *bandwidth, int n)
{
    int64_t cycles[4];
    ck_assert_int_eq(dcc_prepare(context, job), DCC_OK);
    ck_assert_int_eq(dcc_times(context, job, -1, n, bandwidth, NULL, cycles), DCC_OK);
    for (int i = 0; i < n; i++) {
        ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, bandwidth[i], 1), DCC_OK);
        expect(DCC_OK, cycles[i]);
    }
}

/* A load of (2^27 + 1)^2 elements, which no double holds, takes 2^27 + 3 cycles of 2^27 each. */
START_TEST(many_machines_are_as_exact_as_one)
{
    static const int64_t bandwidth[] = {1 << 27, (1 << 27) - 1, 1 << 26, 3};
    set_extents(1 << 27, 1, (1 << 27) + 1);
    ck_assert_int_eq(dcc_set_machine(job, DCC_LANES, 1 << 30), DCC_OK);
    add_map(DCC_SPATIAL, "N", 1);
    expect_times(bandwidth, 3);
    expect_times(bandwidth + 3, 1);
    set_extents((1 << 27) + 1, (1 << 27) + 1, 1); /* as many go up in the end */
    dcc_clear_nest(job);
    add_map(DCC_SPATIAL, "K", 1);
    expect_times(bandwidth, 3);
}
END_TEST

/* What comes before all else comes on every machine. */
START_TEST(many_machines_have_setups)
{
    static const int64_t bandwidth[] = {1, 2, 7, 0};
    set_extents(3, 10, 4);
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, 100), DCC_OK);
    add_map(DCC_SPATIAL, "M", 1);
    add_map(DCC_TEMPORAL, "N", 1);
    expect_times(bandwidth, 4);
    ck_assert_int_gt(count("onchip_cycles"), 100);
}
END_TEST

/* A sparse layer's fractions are its own on every machine. */
START_TEST(many_machines_of_a_sparse_layer)
{
    static const int64_t bandwidth[] = {20, 4, 7, 0};
    set_extents(1, 2, 5); /* a few cycles: doubles hold more of their fractions than there are */
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "A"), 0.3), DCC_OK);
    add_map(DCC_SPATIAL, "M", 1);
    add_map(DCC_TEMPORAL, "N", 1);
    expect_times(bandwidth, 4);
}
END_TEST

/* ---- fractions of a cycle ---- */

/* Steps of 5/3 cycles between a first fill and a last flush of a cycle each: what rounding a third
 * adds is not taken for a cycle, and is never as much as one. */
START_TEST(thirds_add_up)
{
    for (int64_t steps = 1; steps < 3000; steps += steps < 30 ? 1 : 331) {
        set_extents(1, steps, 5);
        dcc_clear_nest(job);
        add_map(DCC_SPATIAL, "M", 1);
        add_map(DCC_TEMPORAL, "N", 1);
        ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "A"), 1.0 / 3), DCC_OK);
        expect(DCC_OK, 2 + (5 * steps + 2) / 3);
    }
}
END_TEST

/* A fifth and more is not a product of halves: 5 * 0.3 * 0.7 = 1.05 cycles a step. */
START_TEST(products_of_densities_add_up)
{
    set_extents(1, 1000, 5);
    add_map(DCC_SPATIAL, "M", 1);
    add_map(DCC_TEMPORAL, "N", 1);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "A"), 0.3), DCC_OK);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "B"), 0.7), DCC_OK);
    expect(DCC_OK, 2 + 1050);
    ck_assert_int_eq(count("effectual_macs"), 1050);
}
END_TEST

/* 0.1 * 0.2 is a little above 0.02; half a MAC is one. */
START_TEST(macs_that_count_are_whole)
{
    add_map(DCC_SPATIAL, "M", 1);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "A"), 0.1), DCC_OK);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "B"), 0.2), DCC_OK);
    set_extents(10, 10, 10);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(count("effectual_macs"), 20);
    set_extents(10, 10, 11);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(count("effectual_macs"), 22);
    set_extents(1, 1, 51);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(count("effectual_macs"), 2);
    double busy = dcc_real(result, dcc_metric_find(job, "utilization"));
    ck_assert_double_eq_tol(busy, 2.0 / (double) count("cycles"), 1e-12);
}
END_TEST

/* Half a cycle of two causes comes to one, which goes to the cause that takes most: 4.5 elements
 * fill in 22.5 cycles, 1000 times 1.5 elements hide the MACs in 7.5 cycles, the last step's
 * take 1.5, and the last element goes up in 5. */
START_TEST(the_largest_cause_takes_the_rest)
{
    set_extents(1, 1001, 3);
    add_map(DCC_SPATIAL, "M", 1);
    add_map(DCC_TEMPORAL, "N", 1);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "B"), 0.5), DCC_OK);
    ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, 1, 5), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(count("onchip_cycles"), 7529);
    ck_assert_int_eq(count("cycles_by_cause.fill"), 22);
    ck_assert_int_eq(count("cycles_by_cause.ingress"), 7501);
    ck_assert_int_eq(count("cycles_by_cause.compute"), 1);
    ck_assert_int_eq(count("cycles_by_cause.drain"), 5);
}
END_TEST

/* ---- what the machine says of parts ---- */

/* hops * latency is a whole number of cycles from above. */
START_TEST(fractional_hops_are_rounded_up)
{
    static const struct {
        const char *hops, *latency;
        int64_t cycles;
    } links[] = {
        {"5/2", "1", 3}, {"5/2", "2", 5}, {"1/3", "3", 1}, {"1/3", "4", 2}, {"2.01", "1", 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *text =
            g_strdup_printf("Accelerator { PEs: 1 NoC 0 { Hops: %s, Latency: %s } }\n"
                            "Dataflow { SpatialMap(1,1) M; TemporalMap(1,1) N; }\n"
                            "Network { Layer L { Type: GEMM Dimensions { M: 1, N: 10, K: 1 } } }\n",
                            links[i].hops, links[i].latency);
        dcc_plan *plan = dcc_parse(context, text, NULL);
        ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
        dcc_job_free(job);
        job = dcc_job_new(plan, 0);
        dcc_plan_free(plan);
        expect(DCC_OK, 10 + 2 * links[i].cycles); /* fill, ten MACs, drain */
    }
}
END_TEST

START_TEST(fractional_setups_are_rounded_up)
{
    static const char text[] =
        "Accelerator { PEs: 1 Clock: 1.5 GHz Setup: 5 ns }\n" /* 7.5 cycles */
        "Dataflow { SpatialMap(1,1) M; TemporalMap(1,1) N; }\n"
        "Network { Layer L { Type: GEMM Dimensions { M: 1, N: 10, K: 1 } } }\n";
    dcc_plan *plan = dcc_parse(context, text, NULL);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_job_free(job);
    job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    expect(DCC_OK, 8 + 12);
    ck_assert_int_eq(count("cycles_by_cause.setup"), 8);
}
END_TEST

/* ---- ties ---- */

/* On the chip 12 cycles, of which a first fill of 2 bytes is a part of 21: at bytes / time where
 * both take the same, memory does not bind. */
START_TEST(memory_binds_where_it_takes_longer)
{
    set_extents(1, 10, 1);
    add_map(DCC_SPATIAL, "M", 1);
    add_map(DCC_TEMPORAL, "N", 1);
    ck_assert_int_eq(dcc_set_clock(job, 1), DCC_OK);
    ck_assert_int_eq(dcc_set_offchip(job, 1.6),
                     DCC_OK); /* ceil(21 / 1.6) = 14 = 12 + ceil(2 / 1.6) */
    expect(DCC_OK, 12);
    ck_assert_int_eq(count("offchip_cycles"), 14);
    ck_assert_int_eq(count("cycles"), 14);
    ck_assert_str_eq(dcc_text(result, dcc_metric_find(job, "bound_by")), "compute");
    ck_assert_int_eq(dcc_set_offchip(job, 1.49), DCC_OK); /* 15 and 14 */
    expect(DCC_OK, 12);
    ck_assert_int_eq(count("cycles"), 15);
    ck_assert_str_eq(dcc_text(result, dcc_metric_find(job, "bound_by")), "offchip");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("edges");
    TCase *tests = tcase_create("edges");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, the_last_time_that_fits);
    tcase_add_test(tests, sums_and_products_that_do_not_fit);
    tcase_add_test(tests, a_first_fill_that_does_not_fit);
    tcase_add_test(tests, a_memory_that_is_too_slow);
    tcase_add_test(tests, long_products_are_rounded_up_once);
    tcase_add_test(tests, fractions_are_given_up_for_room);
    tcase_add_test(tests, fractions_are_the_nearest);
    tcase_add_test(tests, accesses_that_do_not_fit);
    tcase_add_test(tests, partial_sums_that_do_not_fit);
    tcase_add_test(tests, bytes_that_do_not_fit);
    tcase_add_test(tests, repeated_macs_that_do_not_fit);
    tcase_add_test(tests, repeated_macs_are_no_reuse);
    tcase_add_test(tests, a_channel_that_carries_too_much);
    tcase_add_test(tests, many_machines_are_as_exact_as_one);
    tcase_add_test(tests, many_machines_have_setups);
    tcase_add_test(tests, many_machines_of_a_sparse_layer);
    tcase_add_test(tests, thirds_add_up);
    tcase_add_test(tests, products_of_densities_add_up);
    tcase_add_test(tests, macs_that_count_are_whole);
    tcase_add_test(tests, the_largest_cause_takes_the_rest);
    tcase_add_test(tests, fractional_hops_are_rounded_up);
    tcase_add_test(tests, fractional_setups_are_rounded_up);
    tcase_add_test(tests, memory_binds_where_it_takes_longer);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
