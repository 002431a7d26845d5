/* Curves, scaling, and an energy added up by hand. */
#include "engine/cost.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

START_TEST(curve_is_straight_in_log_space)
{
    Curve c = {.n = 3, .x = {8192, 32768, 1048576}, .y = {10, 20, 100}};
    ck_assert_double_eq_tol(curve_at(&c, 8192), 10, 1e-9);
    ck_assert_double_eq_tol(curve_at(&c, 16384), sqrt(10 * 20), 1e-9);
    ck_assert_double_eq_tol(curve_at(&c, 1048576), 100, 1e-9);
    ck_assert_double_eq_tol(curve_at(&c, 4096), 10 / sqrt(2), 1e-9); /* the first segment goes on */
}
END_TEST

START_TEST(curve_of_one_point_follows_its_exponent)
{
    Curve c = {.n = 1, .x = {1}, .y = {0.104}, .exponent = 1};
    Curve flat = {.n = 1, .x = {16}, .y = {3}};
    Curve none = {0};
    ck_assert_double_eq_tol(curve_at(&c, 1000), 104, 1e-9);
    ck_assert_double_eq(curve_at(&flat, 5), 3);
    ck_assert_double_eq(curve_at(&none, 5), 0);
}
END_TEST

START_TEST(scaling_needs_both_nodes)
{
    Scaling s = {2, {{65, 3.755, -4.398, 1.975, 1}, {32, 0.9559, -0.7823, 0.471, 0.31}}, "test"};
    Technology t = {
        .node_nm = 65, .mac_pj = {.n = 1, .x = {16}, .y = {2}}, .mac_um2 = {100, "test"}};
    ck_assert(!technology_scale(&t, &s, 28));
    ck_assert_double_eq(t.mac_pj.y[0], 2);
    ck_assert(technology_scale(&t, &s, 32));
    double from = 3.755 - 4.398 + 1.975, to = 0.9559 * 0.64 - 0.7823 * 0.8 + 0.471;
    ck_assert_double_eq_tol(t.mac_pj.y[0], 2 * to / from, 1e-12);
    ck_assert_double_eq_tol(t.mac_um2.value, 31, 1e-9);
}
END_TEST

/* One tensor in, one out: every access at 1 pJ per element, so the energies are the counts. */
static void set_up(Layer *layer, Machine *machine, Technology *t, Result *r)
{
    memset(layer, 0, sizeof *layer);
    memset(machine, 0, sizeof *machine);
    memset(t, 0, sizeof *t);
    memset(r, 0, sizeof *r);
    layer->op.n_tensors = 2;
    layer->op.output = 1;
    layer->density[0] = layer->density[1] = 1;
    machine->bits[0] = machine->bits[1] = 16;
    machine->clock_hz = 1e9;
    machine->noc[0].hops = 3;
    Memory memory = {.read_pj = {.n = 1, .x = {1}, .y = {1}},
                     .write_pj = {.n = 1, .x = {1}, .y = {1}}};
    t->l1 = t->l2 = memory;
    t->mac_pj = (Curve){.n = 1, .x = {16}, .y = {1}};
    t->hop_pj = (Figure){1, "test"};
    t->offchip_pj = (Figure){1, "test"};
    t->offchip_bits = 8; /* 16 bit elements cost 2 */
    t->idle_mw = (Figure){1, "test"};
    r->n_levels = 1;
    r->macs = 100;
    r->cycles = 50;
    r->l1_reads[0] = 100;
    r->l1_writes[0] = 20;
    r->l1_reads[1] = 110;
    r->l1_writes[1] = 105;
    r->l2_reads[0] = 20;
    r->l2_writes[0] = 7;
    r->level[0].tensor[0] = (TensorCounts){.reads = 20, .fills = 20};
    r->level[0].tensor[1] = (TensorCounts){.writes = 10, .drains = 10, .fills = 5};
    r->offchip[0][0] = (OffchipRow){7, 7, 0};
}

START_TEST(energy_is_counts_times_figures)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost = {0};
    set_up(&layer, &machine, &technology, &result);
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq(cost.pj[COST_MAC], 100);
    ck_assert_double_eq(cost.pj[COST_L1], 100 + 20 + 110 + 105);
    ck_assert_double_eq(cost.pj[COST_L2], 27);
    ck_assert_double_eq(cost.pj[COST_NOC], 3 * (20 + 15));
    ck_assert_double_eq(cost.pj[COST_OFFCHIP], 14);
    ck_assert_double_eq_tol(cost.pj[COST_LEAKAGE], 50, 1e-9); /* 1 mW at 1 ns is 1 pJ */
    double sum = 0;
    for (int k = 0; k < cost.n_terms; k++)
        sum += cost.term[k].count * cost.term[k].pj;
    ck_assert_double_eq_tol(cost.total_pj, sum, 1e-9);
}
END_TEST

START_TEST(density_scales_traffic_and_macs)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost dense = {0}, sparse = {0};
    set_up(&layer, &machine, &technology, &result);
    cost_layer(&layer, &machine, &technology, &result, &dense);
    layer.density[0] = 0.5;
    cost_layer(&layer, &machine, &technology, &result, &sparse);
    ck_assert_double_eq(sparse.pj[COST_MAC], dense.pj[COST_MAC] / 2);
    ck_assert_double_eq(sparse.pj[COST_L2], dense.pj[COST_L2] / 2);
    ck_assert_double_eq(sparse.pj[COST_OFFCHIP], dense.pj[COST_OFFCHIP] / 2);
    ck_assert_double_eq(sparse.pj[COST_NOC], 3 * (10 + 15));
    ck_assert_double_eq(sparse.pj[COST_L1], 50 + 10 + (50 + 10) + (50 + 5));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cost");
    TCase *tc = tcase_create("figures");
    tcase_add_test(tc, curve_is_straight_in_log_space);
    tcase_add_test(tc, curve_of_one_point_follows_its_exponent);
    tcase_add_test(tc, scaling_needs_both_nodes);
    tcase_add_test(tc, energy_is_counts_times_figures);
    tcase_add_test(tc, density_scales_traffic_and_macs);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
