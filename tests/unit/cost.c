/* Curves, scaling, and an energy added up by hand. */
#include "engine/cost.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/offchip.h"

START_TEST(curve_is_straight_in_log_space)
{
    Curve c = {.n = 3, .x = {8192, 32768, 1048576}, .y = {10, 20, 100}};
    ck_assert_double_eq_tol(curve_at(&c, 8192), 10, 1e-9);
    ck_assert_double_eq_tol(curve_at(&c, 16384), sqrt(10 * 20), 1e-9);
    ck_assert_double_eq_tol(curve_at(&c, 1048576), 100, 1e-9);
    ck_assert_double_eq_tol(curve_at(&c, 4096), 10 / sqrt(2), 1e-9); /* the first segment goes on */
}
END_TEST

START_TEST(slopes_change_nothing)
{
    Technology t = {0};
    Curve c = {.n = 4, .x = {8, 32, 64, 1024}, .y = {1.7, 2.3, 0, 100}};
    t.l1.read_pj = t.l2.um2 = t.mac_pj = c;
    technology_slopes(&t);
    for (double x = 1; x < 5000; x *= 1.37) {
        ck_assert_double_eq(curve_at(&t.l1.read_pj, x), curve_at(&c, x));
        ck_assert_double_eq(curve_at(&t.l2.um2, x), curve_at(&c, x));
        ck_assert_double_eq(curve_at(&t.mac_pj, x), curve_at(&c, x));
    }
    ck_assert_double_eq(curve_at(&t.l1.write_pj, 5), 0);
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
    MemoryKind memory = {.read_pj = {.n = 1, .x = {1}, .y = {1}},
                         .write_pj = {.n = 1, .x = {1}, .y = {1}}};
    t->l1 = t->l2 = memory;
    t->mac_pj = (Curve){.n = 1, .x = {16}, .y = {1}};
    t->hop_pj = (Figure){1, "test"};
    t->offchip_pj = (Figure){1, "test"};
    t->offchip_bits = 8; /* 16 bit elements cost 2 */
    t->idle_mw = (Figure){1, "test"};
    r->n_levels = 1;
    r->macs = 100;
    r->copies = 1;
    r->cycles = 50;
    r->l1_reads[0] = 100;
    r->l1_writes[0] = 20;
    r->l1_reads[1] = 110;
    r->l1_writes[1] = 105;
    r->l2_reads[0] = 20;
    r->l2_writes[0] = 7;
    r->level[0].tensor[0] = (TensorCounts){.reads = 20, .fills = 20};
    r->level[0].tensor[1] = (TensorCounts){.writes = 10, .drains = 10, .fills = 5};
    r->offchip.row[0] = (OffchipRow){7, 7, 0};
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
    static CostTerms terms;
    double sum = 0;
    cost_terms(&layer, &machine, &technology, &result, &terms);
    for (int k = 0; k < terms.n; k++)
        sum += terms.term[k].count * terms.term[k].pj;
    ck_assert_double_eq_tol(cost.total_pj, sum, 1e-9);
}
END_TEST

START_TEST(without_time_energy_is_dynamic)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost timed = {0}, cost = {0};
    set_up(&layer, &machine, &technology, &result);
    cost_layer(&layer, &machine, &technology, &result, &timed);
    result.cycles = -1;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq_tol(cost.total_pj, timed.total_pj - timed.pj[COST_LEAKAGE], 1e-9);
    ck_assert(isnan(cost.pj[COST_LEAKAGE]));
    ck_assert(isnan(cost.edp));
    ck_assert(isnan(cost.power_mw));
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

/* What has no figure is left out, and said to be. */
START_TEST(missing_figures_are_unknown)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost all = {0}, cost = {0};
    char names[80];
    set_up(&layer, &machine, &technology, &result);
    cost_layer(&layer, &machine, &technology, &result, &all);
    ck_assert(cost_energy_known(&all, names, sizeof names));
    ck_assert_str_eq(names, "");
    technology.l2.write_pj.n = 0;
    technology.offchip_pj.source = technology.hop_pj.source = technology.idle_mw.source = NULL;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert(!cost_energy_known(&cost, names, sizeof names));
    ck_assert_str_eq(names, "L2, off-chip");
    ck_assert_uint_eq(cost.not_modelled, 1u << COST_NOC | 1u << COST_LEAKAGE);
    ck_assert_uint_eq(cost.unknown_tensors, 1); /* the output leaves L2 and the chip untouched */
    ck_assert_double_eq_tol(cost.total_pj, all.total_pj - 7 - 14 - 105 - 50, 1e-9);
    ck_assert(!cost_technology_known(&technology, names, sizeof names));
    ck_assert_str_eq(names, "L2, off-chip");
}
END_TEST

/* A buffer between has unknown energy if the machine has it, or the technology a part of it; else
 * it is not modelled. */
START_TEST(buffers_that_nobody_gives_are_not_modelled)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost = {0};
    set_up(&layer, &machine, &technology, &result);
    result.n_levels = 2;
    result.level[1] = result.level[0];
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_uint_eq(cost.unknown, 0);
    ck_assert_uint_eq(cost.not_modelled, 1u << COST_BUFFER);
    machine.buffer_bytes[1] = 100;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_uint_eq(cost.unknown, 1u << COST_BUFFER);
    ck_assert_uint_eq(cost.not_modelled, 0);
    machine.buffer_bytes[1] = 0; /* what the technology gives in part is modelled */
    technology.buffer.read_pj = technology.l1.read_pj;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert(cost.pj[COST_BUFFER] > 0);
    ck_assert_uint_eq(cost.unknown, 1u << COST_BUFFER);
    ck_assert_uint_eq(cost.not_modelled, 0);
}
END_TEST

/* Of 9 elements that move 4 are finished ones, 8 bit wide; the other 5 partial sums of 16 bit. */
START_TEST(finished_outputs_have_a_width_of_their_own)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost = {0};
    set_up(&layer, &machine, &technology, &result);
    Shape shape = {.output = 1};
    cluster_density(&layer, &shape);
    result.tensor_size[1] = 4;
    result.offchip.row[1] = (OffchipRow){4, 3, 6};
    machine.done_bits = 8;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq_tol(cost.pj[COST_OFFCHIP], 14 + 4 * 1 + 5 * 2, 1e-9);
    ck_assert_double_eq(offchip_bytes(&shape, &machine, 1, 4, &result.offchip.row[1]), 4 + 5 * 2);
    machine.stays_onchip[1] = true;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq(cost.pj[COST_OFFCHIP], 14);
    ck_assert_double_eq(offchip_bytes(&shape, &machine, 1, 4, &result.offchip.row[1]), 0);
}
END_TEST

/* Twice the range is the border; a figure without a range has none. */
START_TEST(figures_beyond_their_table_are_found)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost = {0};
    ChipCost chip;
    const Capacity capacity = {.l1 = 99, .l2 = 1};
    set_up(&layer, &machine, &technology, &result);
    technology.l1.read_pj =
        (Curve){.n = 2, .x = {200, 400}, .y = {1, 2}, .range = {200, 400}, .source = "table"};
    technology.l1.um2 = technology.l1.read_pj;
    technology.arbiter_mw = (Polynomial){.scale = 1, .square = 1, .range = {4, 8}, .source = "a"};
    machine.l1_bytes = 100;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_int_eq(cost.beyond.n, 0);
    machine.l1_bytes = 801;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_int_eq(cost.beyond.n, 1);
    ck_assert_str_eq(cost.beyond.figure[0].what, "read energy of L1");
    ck_assert_double_eq(cost.beyond.figure[0].x, 801);
    ck_assert_double_eq(cost.beyond.figure[0].high, 400);
    machine.pes = 16;
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_int_eq(chip.beyond.n, 1);
    ck_assert_str_eq(chip.beyond.figure[0].what, "area of L1");
    machine.pes = 17;
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_int_eq(chip.beyond.n, 2);
    ck_assert_str_eq(chip.beyond.figure[1].what, "power of the arbiter");
    ck_assert_str_eq(chip.beyond.figure[1].unit, "PEs");
    ck_assert_double_eq(chip.beyond.figure[1].x, 17);
}
END_TEST

/* A chip lacks each part that is there and has no figure. */
START_TEST(missing_areas_are_unknown)
{
    const Capacity capacity = {.l1 = 10};
    Machine machine = {.pes = 4, .lanes = 2};
    Technology technology = {.mac_um2 = {100, "test"}};
    ChipCost chip;
    char names[80];
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_double_eq(chip.total_um2, 800);
    ck_assert(!cost_area_known(&chip, names, sizeof names));
    ck_assert_str_eq(names, "l1, bus, arbiter");
    ck_assert(!cost_power_known(&chip, names, sizeof names));
    ck_assert_str_eq(names, "pes, l1, bus, arbiter");
}
END_TEST

/* What two layers ask of one chip: of everything the larger, whichever comes first.  The buffers of
 * level 2 are as many as there are clusters of clusters: 4 * 3, and 2 * 7. */
START_TEST(a_chip_has_the_largest_of_each)
{
    const Nest nests[] = {{.n_levels = 3, .level = {{.children = 4}, {.children = 3}}},
                          {.n_levels = 3, .level = {{.children = 2}, {.children = 7}}}};
    const Result results[] = {{.n_levels = 3, .l1_required_bytes = 10, .l2_required_bytes = 900},
                              {.n_levels = 3, .l1_required_bytes = 30, .l2_required_bytes = 800}};
    const Machine machines[] = {{.buffer_bytes = {0, 50, 60}}, {.buffer_bytes = {0, 70, 20}}};
    for (int first = 0; first < 2; first++) {
        Capacity capacity = {.l1 = 0};
        cost_capacity(&machines[first], &nests[first], &results[first], &capacity);
        cost_capacity(&machines[!first], &nests[!first], &results[!first], &capacity);
        ck_assert_double_eq(capacity.l1, 30);
        ck_assert_double_eq(capacity.l2, 900);
        ck_assert_double_eq(capacity.buffers[1], 4);
        ck_assert_double_eq(capacity.buffers[2], 14);
        ck_assert_double_eq(capacity.buffer[1], 70);
        ck_assert_double_eq(capacity.buffer[2], 60);
    }
}
END_TEST

/* A bus is as wide as its bandwidth, of all its channels; unlimited, as there are PEs. */
START_TEST(buses_are_as_wide_as_channels)
{
    const Capacity capacity = {.l1 = 0};
    Machine machine = {.pes = 10, .lanes = 1};
    Technology technology = {.bus_um2 = {.scale = 1, .constant = 3, .source = "test"},
                             .bus_mw = {.scale = 1, .constant = 2, .source = "test"},
                             .idle_mw = {5, "test"}};
    ChipCost chip;
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_double_eq(chip.um2[PART_BUS], 10 * 3);
    machine.noc[0].bandwidth[0] = (Rational){7, 2};
    machine.noc[0].bandwidth[1] = (Rational){100, 1}; /* not used */
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_double_eq(chip.um2[PART_BUS], 3.5 * 3);
    ck_assert_double_eq(chip.mw[PART_BUS], 3.5 * 2);
    machine.noc[0].in_bits = true; /* 28 bits are 3.5 elements, of 8 bit at least */
    machine.noc[0].bandwidth[0] = (Rational){28, 1};
    machine.bits[0] = 32;
    machine.bits[1] = 8;
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_double_eq(chip.um2[PART_BUS], 3.5 * 3);
    ck_assert_double_eq(chip.mw[PART_BUS], 3.5 * 2);
    machine.noc[0].in_bits = false;
    machine.noc[0].bandwidth[0] = (Rational){7, 2};
    machine.noc[0].per_tensor = true;
    machine.noc[0].bandwidth[2] = (Rational){0, 1}; /* unlimited: the others say it */
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_double_eq(chip.um2[PART_BUS], 103.5 * 3);
    ck_assert_double_eq(chip.total_mw, 103.5 * 2 + 5);
}
END_TEST

/* Every PE has an L1, whatever it computes in a cycle. */
START_TEST(lanes_share_an_l1)
{
    const Capacity capacity = {.l1 = 8, .l2 = 100};
    Machine machine = {.pes = 10, .lanes = 4};
    Technology technology = {.mac_um2 = {2, "test"}, .mac_mw = {3, "test"}};
    ChipCost chip;
    technology.l1.um2 = (Curve){.n = 1, .x = {1}, .y = {1}, .exponent = 1, .source = "test"};
    technology.l2.um2 = technology.l1.um2;
    cost_chip(&machine, &capacity, &technology, &chip);
    ck_assert_double_eq_tol(chip.um2[PART_PES], 80, 1e-9);
    ck_assert_double_eq_tol(chip.mw[PART_PES], 120, 1e-9);
    ck_assert_double_eq_tol(chip.um2[PART_L1], 80, 1e-9);
    ck_assert_double_eq_tol(chip.um2[PART_L2], 100, 1e-9);
}
END_TEST

/* The widest input decides which multiplier it is; the output's width does not. */
START_TEST(a_multiplier_is_as_wide_as_its_widest_input)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost = {0};
    set_up(&layer, &machine, &technology, &result);
    layer.op.n_tensors = 3;
    layer.op.output = 2;
    layer.density[2] = 1;
    machine.bits[0] = 4;
    machine.bits[1] = 8;
    machine.bits[2] = 32;
    technology.mac_pj = (Curve){.n = 4, .x = {4, 8, 16, 32}, .y = {1, 2, 4, 8}};
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq_tol(cost.pj[COST_MAC], 200, 1e-9);
    machine.bits[0] = 16;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq_tol(cost.pj[COST_MAC], 400, 1e-9);
}
END_TEST

/* Two levels: each has its own distance, and the buffer between is filled and drained from above,
 * read and written from below. */
START_TEST(levels_have_costs_of_their_own)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost = {0};
    set_up(&layer, &machine, &technology, &result);
    result.n_levels = 2;
    result.copies = 3;
    machine.noc[1].hops = 7;
    machine.buffer_bytes[1] = 100;
    technology.buffer = technology.l1;
    result.level[1].tensor[0] = (TensorCounts){.reads = 30, .fills = 60};
    result.level[1].tensor[1] =
        (TensorCounts){.writes = 40, .drains = 40, .fills = 8, .psum_reads = 9};
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq_tol(cost.pj[COST_NOC], 3 * (20 + 15) + 7 * (30 + 48), 1e-9);
    /* the input: 20 in, 30 out; the output: 10 up and 9 back down, 5 in and 40 up to it */
    ck_assert_double_eq_tol(cost.pj[COST_BUFFER], (20 + 30) + (10 + 9) + (5 + 40), 1e-9);
    ck_assert_double_eq_tol(cost.pj[COST_MAC], 300, 1e-9);
    ck_assert_double_eq_tol(cost.edp, cost.total_pj * 1e-12 * 50e-9, 1e-24);
    ck_assert_double_eq_tol(cost.power_mw, cost.total_pj / 50, 1e-9); /* pJ a ns are mW */
}
END_TEST

/* A buffer that is not given has the size that is needed; each figure is said to be far off once,
 * and a memory is known by what it reads and what it writes. */
START_TEST(memories_are_looked_up_by_their_size)
{
    Layer layer;
    Machine machine;
    Technology technology;
    Result result;
    Cost cost = {0};
    char names[80];
    set_up(&layer, &machine, &technology, &result);
    technology.l2.read_pj = (Curve){.n = 2, .x = {100, 1000}, .y = {1, 10}};
    result.l2_required_bytes = 1000;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq_tol(cost.pj[COST_L2], 20 * 10 + 7, 1e-9);
    machine.l2_bytes = 100;
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_double_eq_tol(cost.pj[COST_L2], 20 * 1 + 7, 1e-9);
    result.n_levels = 3;
    machine.buffer_bytes[1] = 5000;
    machine.buffer_bytes[2] = 9000;
    technology.buffer = technology.l2;
    technology.buffer.read_pj.range = (Range){100, 1000};
    cost_layer(&layer, &machine, &technology, &result, &cost);
    ck_assert_int_eq(cost.beyond.n, 1);
    ck_assert_str_eq(cost.beyond.figure[0].what, "read energy of a buffer");
    technology.l1.write_pj.n = 0;
    ck_assert(!cost_technology_known(&technology, names, sizeof names));
    ck_assert_str_eq(names, "L1");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cost");
    TCase *tc = tcase_create("figures");
    tcase_add_test(tc, curve_is_straight_in_log_space);
    tcase_add_test(tc, slopes_change_nothing);
    tcase_add_test(tc, curve_of_one_point_follows_its_exponent);
    tcase_add_test(tc, scaling_needs_both_nodes);
    tcase_add_test(tc, energy_is_counts_times_figures);
    tcase_add_test(tc, without_time_energy_is_dynamic);
    tcase_add_test(tc, density_scales_traffic_and_macs);
    tcase_add_test(tc, missing_figures_are_unknown);
    tcase_add_test(tc, buffers_that_nobody_gives_are_not_modelled);
    tcase_add_test(tc, finished_outputs_have_a_width_of_their_own);
    tcase_add_test(tc, figures_beyond_their_table_are_found);
    tcase_add_test(tc, missing_areas_are_unknown);
    tcase_add_test(tc, a_chip_has_the_largest_of_each);
    tcase_add_test(tc, buses_are_as_wide_as_channels);
    tcase_add_test(tc, lanes_share_an_l1);
    tcase_add_test(tc, a_multiplier_is_as_wide_as_its_widest_input);
    tcase_add_test(tc, levels_have_costs_of_their_own);
    tcase_add_test(tc, memories_are_looked_up_by_their_size);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
