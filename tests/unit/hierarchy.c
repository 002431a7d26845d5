/* Energy, area and what does not fit, of a hierarchy of memories that is counted by hand. */
#include "run/entry.h"

#include <check.h>
#include <stdlib.h>

#include "tests/unit/bypass.h"

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost;
} Sample;

static Sample sample(void)
{
    static Sample s;
    s = (Sample){bypass_layer(), bypass_nest(), bypass_machine(), bypass_technology(),
                 .cost = {.unknown = 0}};
    bypass_result(&s.result);
    return s;
}

static void cost(Sample *s)
{
    cost_layer(&s->layer, &s->machine, &s->technology, &s->result, &s->cost);
}

START_TEST(energy_is_accesses_times_figures)
{
    Sample s = sample();
    cost(&s);
    /* W 288 and I 144 read, O 256 written when done */
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_DRAM], 288 * 8 + 144 * 8 + 256 * 4, 1e-9);
    /* I: 144 written, 576 read; O, three times as wide: 512 written, 256 back, 256 off */
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_GLB],
                            144 * 4 + 576 * 2 + 512 * 12 + 256 * 6 + 256 * 6, 1e-9);
    /* by the technology, a pJ a read and two a write, however wide */
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_RF],
                            288 * 2 + 4608 + (256 + 4608) * 2 + 512 + 4352, 1e-9);
    ck_assert_double_eq_tol(s.cost.pj[COST_MAC], 2304, 1e-9);
    /* two hops of the fan-out: W, I that pass through, O both ways in three bytes */
    ck_assert_double_eq_tol(s.cost.pj[COST_NOC], 2 * (288 + 576 + 3 * (256 + 512)), 1e-9);
    /* GLB 1 mW, 8 RFs 2, 8 MACs 1 */
    ck_assert_double_eq_tol(s.cost.pj[COST_LEAKAGE], 4 * 580, 1e-9);
    ck_assert_double_eq_tol(s.cost.total_pj, 4480 + 10944 + 19776 + 2304 + 6336 + 2320, 1e-9);
    ck_assert_double_eq_tol(s.cost.onchip_pj, s.cost.total_pj - 4480, 1e-9);
    static CostTerms terms;
    double sum = 0;
    cost_terms(&s.layer, &s.machine, &s.technology, &s.result, &terms);
    for (int k = 0; k < terms.n; k++)
        sum += terms.term[k].count * terms.term[k].pj;
    ck_assert_double_eq_tol(sum, s.cost.total_pj, 1e-9);
    ck_assert_uint_eq(s.cost.unknown | s.cost.not_modelled | s.cost.not_leaking, 0);
}
END_TEST

/* What each tensor takes. */
START_TEST(energy_is_told_by_tensor)
{
    Sample s = sample();
    cost(&s);
    ck_assert_double_eq_tol(s.cost.tensor_pj[BYPASS_W], 288 * 8 + 288 * 2 + 4608 + 2 * 288, 1e-9);
    ck_assert_double_eq_tol(s.cost.tensor_pj[BYPASS_I], 144 * 8 + 144 * 4 + 576 * 2 + 2 * 576,
                            1e-9);
}
END_TEST

/* Half of the weights: what moves them is halved; what the MACs ask for, the streamed inputs with
 * it, is halved too. */
START_TEST(density_scales_traffic_and_what_macs_ask_for)
{
    Sample s = sample();
    s.layer.density[BYPASS_W] = 0.5;
    cost(&s);
    ck_assert_double_eq_tol(s.cost.tensor_pj[BYPASS_W], (288 * 8 + 288 * 2 + 4608 + 2 * 288) / 2.0,
                            1e-9);
    ck_assert_double_eq_tol(s.cost.tensor_pj[BYPASS_I],
                            144 * 8 + 144 * 4 + (576 * 2 + 2 * 576) / 2.0, 1e-9);
    ck_assert_double_eq_tol(s.cost.pj[COST_MAC], 1152, 1e-9);
    /* O comes and goes as before, but the MACs write half as often, and read */
    ck_assert_double_eq_tol(s.cost.tensor_pj[BYPASS_O],
                            256 * 4 + (512 * 12 + 256 * 6 + 256 * 6) +
                                (256 * 2 + 512 + (4608 * 2 + 4352) / 2.0) + 2 * 3 * (256 + 512),
                            1e-9);
}
END_TEST

/* Partial sums that go to the root and back are as wide as on the chip; each element goes there
 * once when it is done. */
START_TEST(partial_sums_at_the_root_are_wide)
{
    Sample s = sample();
    s.result.place[0].writes[BYPASS_O] = 256 + 100;
    s.result.place[0].psum_reads[BYPASS_O] = 100;
    cost(&s);
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_DRAM], 3456 + 256 * 4 + 100 * 12 + 100 * 24,
                            1e-9);
    s.machine.done_bits = 24;
    cost(&s);
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_DRAM], 3456 + 356 * 12 + 100 * 24, 1e-9);
}
END_TEST

/* A memory without figures is as the technology's of its place, and known by its own name where
 * there is none. */
START_TEST(figures_come_from_the_technology)
{
    Sample s = sample();
    char names[80];
    s.machine.memory[BYPASS_GLB].read_pj = s.machine.memory[BYPASS_GLB].write_pj = NAN;
    s.machine.memory[BYPASS_DRAM].write_pj = NAN;
    s.machine.mac_pj = NAN;
    cost(&s);
    ck_assert(!cost_energy_known(&s.cost, names, sizeof names));
    ck_assert_str_eq(names, "MAC, DRAM, GLB");
    ck_assert_double_eq_tol(s.cost.total_pj, 3456 + 19776 + 6336 + 2320, 1e-9);
    s.technology.mac_pj = (Curve){.n = 1, .x = {8}, .y = {3}, .source = "mac"};
    s.technology.offchip_pj = (Figure){7, "dram"};
    s.technology.l2.read_pj = (Curve){.n = 2, .x = {900, 1800}, .y = {10, 20}, .source = "l2"};
    s.technology.l2.write_pj = (Curve){.n = 1, .x = {1}, .y = {5}, .source = "l2"};
    cost(&s);
    ck_assert(cost_energy_known(&s.cost, names, sizeof names));
    ck_assert_double_eq_tol(s.cost.pj[COST_MAC], 3 * 4608, 1e-9);
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_DRAM], 3456 + 256 * 7, 1e-9);
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_GLB], (576 + 256 + 256) * 10 + (144 + 512) * 5,
                            1e-6);
    s.machine.memory[BYPASS_GLB].capacity_bytes = 0; /* 840 that are needed */
    s.technology.l2.read_pj.x[0] = 840;
    cost(&s);
    ck_assert_double_eq_tol(s.cost.pj[COSTS + BYPASS_GLB], (576 + 256 + 256) * 10 + (144 + 512) * 5,
                            1e-6);
}
END_TEST

/* Between fan-outs a memory is a buffer. */
START_TEST(tables_go_by_fanouts)
{
    Sample s = sample();
    s.machine.n_fanouts = 2;
    s.machine.fanout[1] = (Fanout){.name = "row", .size = 2};
    cost(&s);
    ck_assert_uint_eq(s.cost.unknown, 1u << (COSTS + BYPASS_RF));
    s.technology.buffer = s.technology.l1;
    cost(&s);
    ck_assert_uint_eq(s.cost.unknown, 0);
}
END_TEST

START_TEST(a_machine_has_figures_of_its_own)
{
    Sample s = sample();
    const Technology *none = cost_technology(NULL, &s.machine);
    ck_assert_ptr_nonnull(none);
    ck_assert_ptr_eq(cost_technology(&s.technology, &s.machine), &s.technology);
    cost_layer(&s.layer, &s.machine, none, &s.result, &s.cost);
    ck_assert_uint_eq(s.cost.unknown, 1u << (COSTS + BYPASS_RF));
    ck_assert_uint_eq(s.cost.not_modelled, 1u << COST_NOC);
    s.machine.n_memories = 0;
    ck_assert_ptr_null(cost_technology(NULL, &s.machine));
}
END_TEST

START_TEST(what_does_not_leak_is_named)
{
    Sample s = sample();
    s.machine.memory[BYPASS_RF].leak_mw = NAN;
    cost(&s);
    ck_assert_uint_eq(s.cost.not_leaking, 1u << (COSTS + BYPASS_RF));
    ck_assert_double_eq_tol(s.cost.pj[COST_LEAKAGE], 2 * 580, 1e-9);
    s.machine.memory[BYPASS_GLB].leak_mw = s.machine.mac_mw = NAN;
    cost(&s);
    ck_assert_uint_eq(s.cost.not_leaking, 0);
    ck_assert_uint_eq(s.cost.not_modelled, 1u << COST_LEAKAGE);
}
END_TEST

/* All instances that the machine has; a fan-out has a bus for every element a cycle, 3 um2 each,
 * and an arbiter of a um2 a unit. */
START_TEST(areas_are_of_all_instances)
{
    Sample s = sample();
    Capacity capacity = {.l1 = 0};
    ChipCost chip;
    char names[80];
    cost_capacity(&s.machine, &s.nest, &s.result, &capacity);
    ck_assert_double_eq(capacity.memory[BYPASS_DRAM], 288 + 72 + 256);
    ck_assert_double_eq(capacity.memory[BYPASS_GLB], 900);
    cost_chip(&s.machine, &capacity, &s.technology, &chip);
    ck_assert_double_eq(chip.um2[PARTS + BYPASS_DRAM], 0);
    ck_assert_double_eq(chip.um2[PARTS + BYPASS_GLB], 1000);
    ck_assert_double_eq(chip.um2[PARTS + BYPASS_RF], 80);
    ck_assert_double_eq(chip.um2[PARTS_FANOUT], 8 * 3 + 8);
    ck_assert_double_eq(chip.um2[PART_PES], 40);
    ck_assert_double_eq(chip.total_um2, 1152);
    ck_assert(cost_area_known(&chip, names, sizeof names));
    s.machine.memory[BYPASS_RF].um2 = NAN;
    s.technology.bus_um2.source = NULL;
    cost_chip(&s.machine, &capacity, &s.technology, &chip);
    ck_assert(!cost_area_known(&chip, names, sizeof names));
    ck_assert_str_eq(names, "RF, PE");
}
END_TEST

static GString *findings(const Sample *s)
{
    static ReportEntry entry;
    static Finding finding[FINDINGS_MAX];
    GString *text = g_string_new(NULL);
    entry_start(&entry, "ws", &s->layer, &s->nest, &s->machine);
    entry.status = ENTRY_EVALUATED;
    entry.result = s->result;
    int n = entry_findings(&entry, finding);
    for (int i = 0; i < n; i++) {
        ck_assert_int_eq(finding[i].check, CHECK_CAPACITY);
        finding_text(&finding[i], "CONV1", text);
        g_string_append_c(text, '\n');
    }
    return text;
}

static void check_findings(const Sample *s, const char *expected)
{
    g_autoptr(GString) text = findings(s);
    ck_assert_str_eq(text->str, expected);
}

START_TEST(what_does_not_fit_is_named)
{
    Sample s = sample();
    check_findings(&s, "");
    s.machine.memory[BYPASS_GLB].capacity_bytes = 800;
    s.machine.memory[BYPASS_RF].capacity_bytes = 23;
    check_findings(&s, "layer CONV1 needs 840 bytes of GLB, 40 more than the 800 there are\n"
                       "layer CONV1 needs 24 bytes of RF, 1 more than the 23 there are\n");
    s.machine.memory[BYPASS_DRAM].capacity_bytes = 600;
    s.machine.memory[BYPASS_GLB].capacity_bytes = s.machine.memory[BYPASS_RF].capacity_bytes = 0;
    check_findings(&s, "layer CONV1 needs 616 bytes of DRAM, 16 more than the 600 there are\n");
}
END_TEST

START_TEST(shares_are_looked_at_one_by_one)
{
    Sample s = sample();
    Memory *rf = &s.machine.memory[BYPASS_RF];
    rf->partitioned = true;
    rf->capacity_bytes = 0;
    rf->share_bytes[BYPASS_W] = 17;
    rf->share_bytes[BYPASS_O] = 6;
    ck_assert_int_eq(cost_memory_bytes(rf), 23);
    check_findings(&s, "layer CONV1 needs 18 bytes of RF for W, 1 more than the 17 there are\n");
    rf->share_bytes[BYPASS_W] = 18;
    rf->share_bytes[BYPASS_O] = 2;
    check_findings(&s, "layer CONV1 needs 6 bytes of RF for O, 4 more than the 2 there are\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hierarchy");
    TCase *tc = tcase_create("costs");
    tcase_add_test(tc, energy_is_accesses_times_figures);
    tcase_add_test(tc, energy_is_told_by_tensor);
    tcase_add_test(tc, density_scales_traffic_and_what_macs_ask_for);
    tcase_add_test(tc, partial_sums_at_the_root_are_wide);
    tcase_add_test(tc, figures_come_from_the_technology);
    tcase_add_test(tc, tables_go_by_fanouts);
    tcase_add_test(tc, a_machine_has_figures_of_its_own);
    tcase_add_test(tc, what_does_not_leak_is_named);
    tcase_add_test(tc, areas_are_of_all_instances);
    tcase_add_test(tc, what_does_not_fit_is_named);
    tcase_add_test(tc, shares_are_looked_at_one_by_one);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
