/* Reading a Technology: what is left out is not known, and figures know what they are meant for. */
#include "frontend/technology.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* What one run reads, freed together. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Trees *program;
    Technology technology;
    bool ok;
} Run;

static void read_text(Run *run, const char *body)
{
    g_autofree char *text = g_strdup_printf("Technology \"t\" {\n%s\n}\n", body);
    const ProgramFile *file;
    run->arena = arena_new();
    run->sources = sources_new(run->arena);
    run->diag = diag_new(run->sources, run->arena);
    run->program = trees_new(run->sources, run->arena, run->diag);
    trees_add(run->program, sources_add(run->sources, "text", text, strlen(text)));
    const Item *block = technology_find(run->program, "t", &file);
    run->ok =
        technology_read(run->program, file, block, &run->technology) && diag_errors(run->diag) == 0;
}

static void end(Run *run)
{
    trees_free(run->program);
    diag_free(run->diag);
    sources_free(run->sources);
    arena_free(run->arena);
}

START_TEST(what_is_left_out_has_no_source)
{
    Run run;
    read_text(&run, "MAC { Area: 3 um2, Source: \"s\" }\n"
                    "L1 { Read: 2 pJ, Source: \"s\" }\n"
                    "L2 { Area: 1 um2/B, Source: \"s\" }\n"
                    "NoC { Width: 16 bit, Source: \"s\" }\n"
                    "OffChip { Source: \"s\" }\n"
                    "Idle { Source: \"s\" }\n"
                    "Arbiter { Area { Scale: 1 um2, Base: 1 }, Source: \"s\" }\n");
    const Technology *t = &run.technology;
    ck_assert(run.ok);
    ck_assert_ptr_null(t->mac_pj.source);
    ck_assert_ptr_nonnull(t->mac_um2.source);
    ck_assert_ptr_null(t->mac_mw.source);
    ck_assert_ptr_nonnull(t->l1.read_pj.source);
    ck_assert_ptr_null(t->l1.write_pj.source);
    ck_assert_ptr_null(t->l1.um2.source);
    ck_assert_ptr_null(t->l2.read_pj.source);
    ck_assert_ptr_nonnull(t->l2.um2.source);
    ck_assert_ptr_null(t->buffer.read_pj.source);
    ck_assert_ptr_null(t->hop_pj.source);
    ck_assert_ptr_null(t->offchip_pj.source);
    ck_assert_ptr_null(t->idle_mw.source);
    ck_assert_ptr_nonnull(t->arbiter_um2.source);
    ck_assert_ptr_null(t->arbiter_mw.source);
    ck_assert_ptr_null(t->bus_um2.source);
    end(&run);
}
END_TEST

START_TEST(a_figure_of_0_is_known)
{
    Run run;
    read_text(&run, "MAC { Energy: 0 pJ, Area: 0 um2, Source: \"s\" }\n"
                    "SRAM { Energy: 0 pJ, Source: \"s\" }\n"
                    "OffChip { Energy: 0 pJ/bit, Source: \"s\" }\n"
                    "Idle { Power: 0 mW, Source: \"s\" }\n");
    const Technology *t = &run.technology;
    ck_assert(run.ok);
    ck_assert_ptr_nonnull(t->mac_pj.source);
    ck_assert_ptr_nonnull(t->mac_um2.source);
    ck_assert_ptr_nonnull(t->l1.read_pj.source);
    ck_assert_ptr_nonnull(t->l2.write_pj.source);
    ck_assert_ptr_nonnull(t->offchip_pj.source);
    ck_assert_ptr_nonnull(t->idle_mw.source);
    end(&run);
}
END_TEST

START_TEST(points_and_widths_are_a_range)
{
    Run run;
    read_text(&run, "MAC { Energy: 1 pJ, Width: 16 bit, Source: \"s\" }\n"
                    "SRAM { Point 1 { Capacity: 8 KiB, Energy: 1 pJ } Point 2 { Capacity: 64 KiB, "
                    "Energy: 2 pJ } Area: 1 um2/B Source: \"s\" }\n"
                    "L1 { Energy: 1 pJ, Source: \"s\" }\n");
    const Technology *t = &run.technology;
    ck_assert(run.ok);
    ck_assert(!curve_beyond(&t->mac_pj, 8));
    ck_assert(!curve_beyond(&t->mac_pj, 32));
    ck_assert(curve_beyond(&t->mac_pj, 7));
    ck_assert(curve_beyond(&t->mac_pj, 33));
    ck_assert(!curve_beyond(&t->l2.read_pj, 4096));
    ck_assert(curve_beyond(&t->l2.read_pj, 4095));
    ck_assert(!curve_beyond(&t->l2.write_pj, 131072));
    ck_assert(curve_beyond(&t->l2.write_pj, 131073));
    ck_assert(!curve_beyond(&t->l2.um2, 1)); /* given once, for every capacity */
    ck_assert(!curve_beyond(&t->l1.read_pj, 1));
    ck_assert(!curve_beyond(&t->l1.mw, 1));
    end(&run);
}
END_TEST

START_TEST(range_stands_for_what_a_block_says)
{
    Run run;
    read_text(&run, "MAC { Multiply2: 1 pJ, Range: [8 bit, 4 B], Source: \"s\" }\n"
                    "L1 { Energy: 1 pJ, Range: [512 B, 1 KiB], Source: \"s\" }\n"
                    "Bus { Area { Scale: 1 um2, PerPE: 1 }, Source: \"s\" }\n"
                    "Arbiter { Range: [4, 512], Area { Scale: 1 um2, PerPE2: 1 }, Power { Scale: "
                    "1 mW, PerPE2: 1 }, Source: \"s\" }\n");
    const Technology *t = &run.technology;
    ck_assert(run.ok);
    ck_assert(!curve_beyond(&t->mac_pj, 64));
    ck_assert(curve_beyond(&t->mac_pj, 65));
    ck_assert(curve_beyond(&t->l1.read_pj, 255));
    ck_assert(curve_beyond(&t->l1.write_pj, 2049));
    ck_assert(!polynomial_beyond(&t->bus_um2, 65536));
    ck_assert(!polynomial_beyond(&t->arbiter_um2, 1024));
    ck_assert(polynomial_beyond(&t->arbiter_um2, 65536));
    ck_assert(polynomial_beyond(&t->arbiter_mw, 1));
    end(&run);
}
END_TEST

START_TEST(units_are_those_of_the_table)
{
    Run run;
    read_text(&run, "Node: 0.028 um\nVoltage: 900 mV\n"
                    "MAC { Energy: 500 fJ, Area: 0.0003 mm2, Power: 2 uW, Source: \"s\" }\n"
                    "SRAM { Width: 8 B, Energy: 2 nJ/B, Area: 4 mm2/MiB, Source: \"s\" }\n");
    const Technology *t = &run.technology;
    ck_assert(run.ok);
    ck_assert_double_eq(t->node_nm, 28);
    ck_assert_double_eq(t->volts, 0.9);
    ck_assert_double_eq(t->mac_pj.y[0], 0.5);
    ck_assert_double_eq(t->mac_um2.value, 300);
    ck_assert_double_eq(t->mac_mw.value, 0.002);
    ck_assert_double_eq(t->l1.read_pj.y[0], 250);
    ck_assert_double_eq(t->l1.read_pj.bits, 1);
    ck_assert_double_eq(t->l1.um2.y[0], 4e6 / 1048576);
    end(&run);
}
END_TEST

/* Outside of points what is whole is that of any capacity; per byte, or of one point, it grows with
 * the capacity. */
START_TEST(a_whole_size_is_of_every_capacity)
{
    Run run;
    read_text(&run, "L1 { Area: 100 um2, Power: 0.5 mW, Source: \"s\" }\n"
                    "L2 { Area: 2 um2/B, Point 1 { Capacity: 512 B, Power: 3 mW }, Source: "
                    "\"s\" }\n"
                    "Buffer { Point 1 { Capacity: 100 B, Area: 2 um2/B } Point 2 { Capacity: 400 "
                    "B, Area: 4 um2/B }, Source: \"s\" }\n");
    const Technology *t = &run.technology;
    ck_assert(run.ok);
    ck_assert_double_eq_tol(curve_at(&t->l1.um2, 1), 100, 1e-9);
    ck_assert_double_eq_tol(curve_at(&t->l1.um2, 1024), 100, 1e-9);
    ck_assert_double_eq_tol(curve_at(&t->l1.mw, 1024), 0.5, 1e-9);
    ck_assert_double_eq_tol(curve_at(&t->l2.um2, 1024), 2048, 1e-9);
    ck_assert_double_eq_tol(curve_at(&t->l2.mw, 1024), 6, 1e-9);
    ck_assert_double_eq_tol(curve_at(&t->buffer.um2, 100), 200, 1e-9);
    ck_assert_double_eq_tol(curve_at(&t->buffer.um2, 400), 1600, 1e-9);
    end(&run);
}
END_TEST

/* What is per bit does not change what a figure beside it is of. */
START_TEST(each_energy_has_its_own_width)
{
    Run run;
    read_text(&run, "L1 { Width: 16 bit, Read: 2 pJ, Write: 0.125 pJ/bit, Source: \"s\" }\n"
                    "L2 { Read: 3 pJ, Source: \"s\" }\n"
                    "Buffer { Width: 8 bit, Point 1 { Capacity: 1 B, Energy: 8 pJ } Point 2 { "
                    "Capacity: 2 B, Energy: 2 pJ/bit }, Source: \"s\" }\n"
                    "SRAM { Width: 64 bit, Energy: 10 pJ, Source: \"s\" }\n");
    const Technology *t = &run.technology;
    ck_assert(run.ok);
    ck_assert_double_eq(t->l1.read_pj.bits, 16);
    ck_assert_double_eq(t->l1.read_pj.y[0], 2);
    ck_assert_double_eq(t->l1.write_pj.bits, 1);
    ck_assert_double_eq(t->l1.write_pj.y[0], 0.125);
    ck_assert_double_eq(t->l2.read_pj.bits, 0);
    ck_assert_double_eq(t->l2.write_pj.bits, 64); /* that of SRAM, as L2 does not give it */
    ck_assert_double_eq(t->l2.write_pj.y[0], 10);
    ck_assert_double_eq(t->buffer.read_pj.bits, 8);
    ck_assert_double_eq(t->buffer.read_pj.y[1], 16);
    end(&run);
}
END_TEST

/* At widths between those of machines too, and scaled. */
START_TEST(a_closed_form_is_exact)
{
    Run run;
    Scaling half = {2, {{45, 0, 0, 2, 2}, {28, 0, 0, 1, 1}}, "test"};
    read_text(&run, "Node: 45 nm\n"
                    "MAC { Multiply2: 3 pJ, Multiply1: 1 pJ, Add1: 2 pJ, Source: \"s\" }\n");
    Technology *t = &run.technology;
    ck_assert(run.ok);
    for (double b = 1; b < 70; b++)
        ck_assert_double_eq(curve_at(&t->mac_pj, b), (3 * b + 3) * b);
    ck_assert(technology_scale(t, &half, 28));
    ck_assert_double_eq(curve_at(&t->mac_pj, 12), (3 * 12 + 3) * 12 / 2.0);
    end(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("technology");
    TCase *tests = tcase_create("reading");
    tcase_add_test(tests, what_is_left_out_has_no_source);
    tcase_add_test(tests, a_figure_of_0_is_known);
    tcase_add_test(tests, points_and_widths_are_a_range);
    tcase_add_test(tests, range_stands_for_what_a_block_says);
    tcase_add_test(tests, units_are_those_of_the_table);
    tcase_add_test(tests, a_whole_size_is_of_every_capacity);
    tcase_add_test(tests, each_energy_has_its_own_width);
    tcase_add_test(tests, a_closed_form_is_exact);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
