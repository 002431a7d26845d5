/* Drawings: ticks, texts that are cut, names that keep off each other. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "report/plot.h"
#include "report/waterfall.h"

START_TEST(ticks_are_round_and_few)
{
    static const double ends[][2] = {{0, 1}, {0, 7.3e9}, {-3, 12}, {1e-12, 3e-12}, {99.5, 100.5}};
    for (size_t k = 0; k < G_N_ELEMENTS(ends); k++) {
        double tick[TICKS_MAX];
        Scale scale = {0, 100, ends[k][0], ends[k][1], false};
        int n = scale_ticks(&scale, tick);
        ck_assert_int_ge(n, 2);
        ck_assert_int_le(n, 8);
        double step = tick[1] - tick[0], lead = step / pow(10, floor(log10(step) + 1e-9));
        ck_assert(fabs(lead - 1) < 1e-6 || fabs(lead - 2) < 1e-6 || fabs(lead - 5) < 1e-6);
        ck_assert(scale_at(&scale, tick[0]) >= -1e-6 &&
                  scale_at(&scale, tick[n - 1]) <= 100 + 1e-6);
    }
}
END_TEST

START_TEST(logarithms_have_ticks_too)
{
    double tick[TICKS_MAX];
    Scale near = scale_decades(2, 30, 0, 100), far = scale_decades(1e-9, 1e20, 0, 100);
    ck_assert_int_eq(scale_ticks(&near, tick), 7); /* 1 2 5 10 20 50 100 */
    ck_assert_double_eq_tol(tick[6], 100, 1e-9);
    int n = scale_ticks(&far, tick);
    ck_assert(n > 5 && n < TICKS_MAX);
    ck_assert(scale_around(1, 1000, 0, 1).log);
    ck_assert(!scale_around(0, 1000, 0, 1).log);
    Scale one = scale_around(5, 5, 0, 100);
    ck_assert_double_eq_tol(scale_at(&one, 5), 50, 1e-9);
}
END_TEST

START_TEST(long_texts_are_cut_in_the_middle)
{
    g_autofree char *all = svg_cut("CONV1", 200);
    g_autofree char *cut = svg_cut("BLOCK2_FIRST_DEPTHWISE", 90);
    g_autofree char *none = svg_cut("WWWW", 1);
    ck_assert_str_eq(all, "CONV1");
    ck_assert(g_str_has_prefix(cut, "BLO") && g_str_has_suffix(cut, "SE"));
    ck_assert(svg_width(cut) <= 90);
    ck_assert_str_eq(none, "…");
}
END_TEST

START_TEST(values_are_escaped_and_numbers_plain)
{
    g_autoptr(GString) out = g_string_new(NULL);
    svg_put(out, "<a x=\"@\" y=\"@\">$</a>", -0.0, 1.0 / 3, "<&\"'\n");
    ck_assert_str_eq(out->str, "<a x=\"0\" y=\"0.33\">&lt;&amp;&quot;&apos;\\u000A</a>");
}
END_TEST

static void put_dot(GArray *dots, double x, double y, const char *label)
{
    Dot dot = {
        .x = x, .y = y, .radius = 5, .kind = "c0", .label = g_strdup(label), .hint = g_strdup("")};
    g_array_append_val(dots, dot);
}

static int count(const char *text, const char *part)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, part)) != NULL; p++)
        n++;
    return n;
}

START_TEST(names_share_a_place_or_are_left_out)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GArray) dots = plot_dots_new();
    Plot plot = {.title = "t", .desc = "d", .x_title = "x", .y_title = "y", .height = 300};
    put_dot(dots, 1, 1, "one");
    put_dot(dots, 1, 1, "another");
    put_dot(dots, 9, 9, "far");
    put_dot(dots, 5, 5, NULL);
    plot_fit(&plot, dots);
    plot_open(out, &plot);
    ck_assert_uint_eq(plot_dots(out, &plot, dots, 8), 0);
    plot_close(out);
    ck_assert_int_eq(count(out->str, "<circle class=\"mark"), 4);
    ck_assert_int_eq(count(out->str, ">one +1</text>"), 1);
    ck_assert_int_eq(count(out->str, ">far</text>"), 1);
    for (int k = 0; k < 300; k++)
        put_dot(dots, 4 + k % 20 * 0.05, 4 + k / 20 * 0.1, "crowd");
    plot_fit(&plot, dots);
    ck_assert_uint_gt(plot_dots(out, &plot, dots, 8), 200);
}
END_TEST

START_TEST(a_waterfall_may_fall)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const WaterfallPart parts[] = {{"begin", 100, true, 0},
                                   {"more", 50, false, 1},
                                   {"less", -120, false, 2},
                                   {"end", 30, true, 3}};
    waterfall_draw(out, "sum", "cycles", "", parts, 4);
    ck_assert_int_eq(count(out->str, "class=\"mark c"), 4);
    ck_assert_ptr_nonnull(strstr(out->str, ">+50</text>"));
    ck_assert_ptr_nonnull(strstr(out->str, ">-120</text>"));
    ck_assert_ptr_nonnull(strstr(out->str, "<desc>begin 100, more 50, less -120, end 30</desc>"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("svg");
    TCase *tc = tcase_create("drawings");
    tcase_add_test(tc, ticks_are_round_and_few);
    tcase_add_test(tc, logarithms_have_ticks_too);
    tcase_add_test(tc, long_texts_are_cut_in_the_middle);
    tcase_add_test(tc, values_are_escaped_and_numbers_plain);
    tcase_add_test(tc, names_share_a_place_or_are_left_out);
    tcase_add_test(tc, a_waterfall_may_fall);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
