/* libdcc call by call: what every setter refuses and what it changes, what getters give where there
 * is nothing, and results, jobs and plans that outlive one another. */
#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dcc.h"

static const char machine[] =
    "Accelerator { PEs: 12  Precision: 8 bit  Clock: 1 GHz  NoC 0 { Bandwidth: 4 } }\n";
static const char rest[] =
    "Dataflow \"d\" { TemporalMap(3,3) C; SpatialMap(4,4) K; Cluster(3); SpatialMap(1,1) C; }\n"
    "Network { Layer L { Type: CONV Dimensions { K: 17, C: 7, Y': 9, X': 5, R: 3, S: 2 } } }\n";

static dcc_context *context;
static dcc_job *job;

static dcc_plan *read_text(const char *accelerator, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    g_autofree char *text = g_strconcat(accelerator, rest, NULL);
    return dcc_parse(context, text, (const char *const *) list);
}

static dcc_job *parse(const char *accelerator, const char *words)
{
    dcc_plan *plan = read_text(accelerator, words);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_job *first = dcc_job_new(plan, 0);
    dcc_plan_free(plan); /* the job holds it */
    return first;
}

static void set_up(void)
{
    context = dcc_open();
    job = parse(machine, "-W all");
}

static void tear_down(void)
{
    dcc_job_free(job);
    dcc_close(context);
}

static dcc_result *evaluate(const dcc_job *of)
{
    dcc_result *result = dcc_result_new();
    ck_assert_int_eq(dcc_evaluate(context, of, result), DCC_OK);
    ck_assert_int_eq(dcc_cost(of, result), DCC_OK);
    return result;
}

static void expect_same_results(const dcc_result *a, const dcc_result *b)
{
    for (dcc_metric m = dcc_metric_next(a, DCC_NO_METRIC); m >= 0; m = dcc_metric_next(a, m)) {
        char name[128];
        double x = dcc_real(a, m), y = dcc_real(b, m);
        dcc_metric_name(a, m, name, sizeof name);
        ck_assert_msg(x == y || (isnan(x) && isnan(y)), "%s: %.17g and %.17g", name, x, y);
    }
}

static void expect_same(const dcc_job *a, const dcc_job *b)
{
    dcc_result *one = evaluate(a), *other = evaluate(b);
    expect_same_results(one, other);
    dcc_result_free(one);
    dcc_result_free(other);
}

/* ---- the bandwidths of one tensor ---- */

/* The machine that a text gives: what the setters are to come to. */
static dcc_job *with_bandwidths(const char *w, const char *i, const char *o)
{
    g_autofree char *text =
        g_strdup_printf("Accelerator { PEs: 12  Precision: 8 bit  Clock: 1 GHz\n"
                        "  NoC 0 { Bandwidth { W: %s, I: %s, O: %s } } }\n",
                        w, i, o);
    return parse(text, "-W all");
}

static int set_bandwidth(const char *tensor, int64_t numerator, int64_t denominator)
{
    return dcc_set_bandwidth(job, -1, dcc_tensor(job, tensor), numerator, denominator);
}

/* A channel that all shared goes on as the others' own. */
START_TEST(a_tensor_gets_a_channel)
{
    static const char *const tensors[] = {"W", "I", "O"};
    for (int k = 0; k < 3; k++) {
        dcc_job *before = dcc_job_copy(job), *same;
        ck_assert_int_eq(set_bandwidth(tensors[k], 1, 8), DCC_OK);
        same = with_bandwidths(k == 0 ? "1/8" : "4", k == 1 ? "1/8" : "4", k == 2 ? "1/8" : "4");
        expect_same(job, same);
        dcc_job_assign(job, before);
        dcc_job_free(same);
        dcc_job_free(before);
    }
}
END_TEST

/* A second tensor leaves the first one's alone, and those without. */
START_TEST(tensors_keep_their_channels)
{
    ck_assert_int_eq(set_bandwidth("W", 1, 16), DCC_OK);
    ck_assert_int_eq(set_bandwidth("O", 1, 5), DCC_OK);
    dcc_job *same = with_bandwidths("1/16", "4", "1/5");
    expect_same(job, same);
    dcc_job_free(same);
}
END_TEST

START_TEST(all_tensors_share_a_channel_again)
{
    dcc_job *before = dcc_job_copy(job);
    ck_assert_int_eq(set_bandwidth("I", 1, 16), DCC_OK);
    ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, 8, 2), DCC_OK);
    expect_same(job, before);
    dcc_job_free(before);
}
END_TEST

/* On a machine whose elements differ in width and whose bytes are shared: a rate is one of
 * elements, and what the others had of bytes goes on as their own elements. */
START_TEST(rates_are_of_elements)
{
    static const char mixed[] = "Accelerator { PEs: 12  Clock: 1 GHz  NoC 0 { %s }\n"
                                "  Precision { W: 4 bit, I: 8 bit, O: 32 bit } }\n";
    g_autofree char *bytes = g_strdup_printf(mixed, "Bandwidth: 2 B/cycle"),
                    *elements = g_strdup_printf(mixed, "Bandwidth: 3"),
                    *own = g_strdup_printf(mixed, "Bandwidth { W: 4, I: 1/7, O: 1/2 }");
    dcc_job *shared = parse(elements, "-W all"), *apart = parse(own, "-W all");
    int64_t rate[] = {3}, cycles[1];
    dcc_job_free(job);
    job = parse(bytes, "-W all");
    ck_assert_int_eq(dcc_prepare(context, job), DCC_OK);
    ck_assert_int_eq(dcc_times(context, job, -1, 1, rate, NULL, cycles), DCC_OK);
    ck_assert_int_eq(set_bandwidth("I", 1, 7), DCC_OK); /* 16 bit are 4 of W, half of O */
    expect_same(job, apart);
    ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, 3, 1), DCC_OK);
    expect_same(job, shared);
    dcc_result *result = evaluate(shared);
    ck_assert_int_eq(dcc_count(result, dcc_metric_find(shared, "cycles")), cycles[0]);
    dcc_result_free(result);
    dcc_job_free(shared);
    dcc_job_free(apart);
}
END_TEST

/* ---- the others ---- */

START_TEST(setters_do_what_files_do)
{
    int w = dcc_tensor(job, "W"), o = dcc_tensor(job, "O");
    ck_assert_int_eq(dcc_set_element_bytes(job, w, 0.5), DCC_OK);
    ck_assert_int_eq(dcc_set_element_bytes(job, o, 4), DCC_OK);
    ck_assert_int_eq(dcc_set_buffer_bytes(job, 1, 100), DCC_OK);
    ck_assert_int_eq(dcc_set_hops(job, 0, 2.5), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_L1_BYTES, 70), DCC_OK);
    dcc_job *same = parse("Accelerator { PEs: 12  Clock: 1 GHz  Buffer 1 { Capacity: 100 B }\n"
                          "  Precision { W: 4 bit, I: 8 bit, O: 32 bit }\n"
                          "  NoC 0 { Bandwidth: 4, Hops: 5/2 } Technology: \"45nm\" }\n",
                          "--set l1.capacity=70B");
    dcc_result *one = evaluate(job), *other = evaluate(same);
    dcc_metric bytes = dcc_metric_find(job, "l2.required_bytes");
    ck_assert_int_eq(dcc_count(one, bytes), dcc_count(other, bytes));
    ck_assert_int_eq(dcc_get_machine(job, DCC_L1_BYTES), 70);
    ck_assert_int_eq(dcc_get_machine(same, DCC_L1_BYTES), 70);
    dcc_result_free(one);
    dcc_result_free(other);
    dcc_job_free(same);
}
END_TEST

START_TEST(what_is_set_can_be_read)
{
    static const int keys[] = {DCC_PES, DCC_LANES, DCC_L1_BYTES, DCC_L2_BYTES};
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
        ck_assert_int_eq(dcc_set_machine(job, keys[k], 20 + (int64_t) k), DCC_OK);
        ck_assert_int_eq(dcc_get_machine(job, keys[k]), 20 + (int64_t) k);
    }
    ck_assert_int_eq(dcc_get_machine(job, 99), 0);
    ck_assert_int_eq(dcc_tensors(job), 3);
    ck_assert_str_eq(dcc_tensor_name(job, dcc_tensor(job, "O")), "O");
    ck_assert_str_eq(dcc_dim_name(job, dcc_dim(job, "Y'")), "Y'");
    ck_assert_str_eq(dcc_job_name(job), "L");
    ck_assert_int_eq(dcc_levels(job), 2);
    ck_assert_int_eq(dcc_maps(job, 0), 2);
    dcc_map map;
    ck_assert_int_eq(dcc_get_map(job, 0, 1, &map), DCC_OK);
    ck_assert_int_eq(map.kind, DCC_SPATIAL);
    ck_assert_int_eq(map.dim, dcc_dim(job, "K"));
    ck_assert_int_eq(map.size, 4);
    ck_assert_int_gt((int) strlen(dcc_version()), 2);
}
END_TEST

START_TEST(nothing_is_given_beyond_the_end)
{
    dcc_map map;
    ck_assert_ptr_null(dcc_dim_name(job, -1));
    ck_assert_ptr_null(dcc_dim_name(job, dcc_dims(job)));
    ck_assert_ptr_null(dcc_tensor_name(job, -1));
    ck_assert_ptr_null(dcc_tensor_name(job, 3));
    ck_assert_int_eq(dcc_extent(job, -1), 0);
    ck_assert_int_eq(dcc_extent(job, dcc_dims(job)), 0);
    ck_assert_int_eq(dcc_maps(job, -1), 0);
    ck_assert_int_eq(dcc_maps(job, 2), 0);
    ck_assert_int_eq(dcc_children(job, 2), 0);
    ck_assert_int_eq(dcc_get_map(job, 0, -1, &map), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_get_map(job, 0, 2, &map), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_get_map(job, 5, 0, &map), DCC_BAD_ARGUMENT);
    dcc_plan *plan = read_text(machine, "-W all");
    ck_assert_int_eq(dcc_plan_jobs(plan), 1);
    ck_assert_ptr_null(dcc_job_new(plan, -1));
    ck_assert_ptr_null(dcc_job_new(plan, 1));
    dcc_plan_free(plan);
    dcc_job_free(NULL);
    dcc_plan_free(NULL);
    dcc_close(NULL);
}
END_TEST

/* Every argument just out of range, one at a time; the job stays what it was. */
START_TEST(arguments_have_ranges)
{
    const int64_t most = INT32_MAX;
    dcc_job *before = dcc_job_copy(job);
    int k = dcc_dim(job, "K"), y = dcc_dim(job, "Y'");
    const int status[] = {
        dcc_set_extent(job, -1, 1),
        dcc_set_extent(job, k, most + 1),
        dcc_set_window(job, y, 0, 1),
        dcc_set_window(job, y, most + 1, 1),
        dcc_set_window(job, y, 1, 0),
        dcc_set_window(job, y, 1, most + 1),
        dcc_set_window(job, k, 2, 1), /* no window slides along K */
        dcc_set_density(job, -1, 0.5),
        dcc_set_density(job, 3, 0.5),
        dcc_set_density(job, 0, 1.5),
        dcc_set_density(job, 0, NAN),
        dcc_set_machine(job, DCC_PES, most + 1),
        dcc_set_machine(job, DCC_LANES, 0),
        dcc_set_machine(job, DCC_L1_BYTES, -1),
        dcc_set_machine(job, DCC_L2_BYTES, -1),
        dcc_set_machine(job, -1, 1),
        dcc_set_clock(job, 0),
        dcc_set_clock(job, INFINITY),
        dcc_set_element_bytes(job, 3, 1),
        dcc_set_element_bytes(job, 0, 0),
        dcc_set_element_bytes(job, 0, 0.3), /* 2.4 bit */
        dcc_set_element_bytes(job, 0, 1025),
        dcc_set_element_bytes(job, 0, 1e300),
        dcc_set_element_bytes(job, 0, NAN),
        dcc_set_offchip(job, -1),
        dcc_set_offchip(job, NAN),
        dcc_set_buffer_bytes(job, 0, 1),
        dcc_set_buffer_bytes(job, 9, 1),
        dcc_set_buffer_bytes(job, 1, -1),
        dcc_set_bandwidth(job, 9, -1, 1, 1),
        dcc_set_bandwidth(job, 0, -2, 1, 1),
        dcc_set_bandwidth(job, 0, 3, 1, 1),
        dcc_set_bandwidth(job, 0, -1, -1, 1),
        dcc_set_bandwidth(job, 0, -1, most + 1, 1),
        dcc_set_bandwidth(job, 0, -1, 1, most + 1),
        dcc_set_noc(job, 9, DCC_LATENCY, 1),
        dcc_set_noc(job, 0, -1, 1),
        dcc_set_noc(job, 0, DCC_PREFETCH + 1, 1),
        dcc_set_noc(job, 0, DCC_LATENCY, -1),
        dcc_set_noc(job, 0, DCC_MULTICAST, 2),
        dcc_set_hops(job, -2, 1),
        dcc_set_hops(job, 0, -1),
        dcc_set_hops(job, 0, INFINITY),
        dcc_add_cluster(job, 0),
        dcc_add_cluster(job, most + 1),
        dcc_set_cluster(job, 2, 1),
        dcc_set_cluster(job, 1, 0),
        dcc_set_cluster(job, 1, most + 1),
        dcc_add_map(job, 7, y, 1),
        dcc_add_map(job, DCC_TEMPORAL, -1, 1),
        dcc_add_map(job, DCC_TEMPORAL, y, 0),
        dcc_add_map(job, DCC_TEMPORAL, y, most + 1),
        dcc_set_size(job, -1, k, 1),
        dcc_set_size(job, 0, k, most + 1),
        dcc_set_kind(job, 0, y, DCC_SPATIAL), /* Y' has no map there */
        dcc_set_kind(job, 0, k, 7),
        dcc_set_order(job, 0, k, -1),
        dcc_set_order(job, 0, k, 2),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(status); i++)
        ck_assert_msg(status[i] == DCC_BAD_ARGUMENT, "call number %d", (int) i + 1);
    expect_same(job, before);
    dcc_job_free(before);
}
END_TEST

START_TEST(levels_come_to_an_end)
{
    int added = 0;
    while (dcc_add_cluster(job, 1) == DCC_OK)
        added++;
    ck_assert_int_eq(added, 7); /* to the two that there are */
    ck_assert_int_eq(dcc_levels(job), 9);
}
END_TEST

/* ---- results ---- */

START_TEST(a_copy_of_a_result_stays)
{
    dcc_result *first = evaluate(job), *kept = dcc_result_new();
    dcc_job *before = dcc_job_copy(job);
    dcc_metric cycles = dcc_metric_find(job, "cycles");
    int64_t count = dcc_count(first, cycles);
    dcc_result_assign(kept, first);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 3), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, first), DCC_OK);
    ck_assert_int_gt(dcc_count(first, cycles), count);
    ck_assert_int_eq(dcc_count(kept, cycles), count);
    dcc_job_assign(job, before);
    dcc_job_free(before);
    ck_assert_int_eq(dcc_evaluate(context, job, first), DCC_OK);
    ck_assert_int_eq(dcc_count(first, cycles), count);
    dcc_result_free(first);
    dcc_result_free(kept);
}
END_TEST

START_TEST(metrics_have_types_and_units)
{
    dcc_result *fresh = dcc_result_new(), *result = evaluate(job);
    char name[16] = "unchanged", one[2];
    dcc_metric cycles = dcc_metric_find(job, "cycles"), bound = dcc_metric_find(job, "bound_by"),
               share = dcc_metric_find(job, "utilization");
    ck_assert_int_eq(dcc_metric_type(cycles), DCC_COUNT);
    ck_assert_int_eq(dcc_metric_type(bound), DCC_TEXT);
    ck_assert_int_eq(dcc_metric_type(share), DCC_REAL);
    ck_assert_int_eq(dcc_metric_type(DCC_NO_METRIC), -1);
    ck_assert_int_eq(dcc_metric_type(INT32_MAX), -1);
    ck_assert_str_eq(dcc_metric_unit(dcc_metric_find(job, "seconds")), "s");
    ck_assert_str_eq(dcc_metric_unit(DCC_NO_METRIC), "");
    ck_assert_int_eq(dcc_metric_name(result, cycles, name, 0), 6);
    ck_assert_str_eq(name, "unchanged"); /* there was no room */
    ck_assert_int_eq(dcc_metric_name(result, cycles, one, sizeof one), 6);
    ck_assert_str_eq(one, "c");
    ck_assert_int_eq(dcc_metric_name(result, INT32_MAX, name, sizeof name), -1);
    ck_assert_int_eq(dcc_metric_name(fresh, cycles, name, sizeof name), -1);
    ck_assert_int_eq(dcc_metric_next(fresh, DCC_NO_METRIC), DCC_NO_METRIC);
    ck_assert_int_eq(dcc_metric_next(result, INT32_MAX), DCC_NO_METRIC);
    ck_assert_int_eq(dcc_count(result, bound), -1);
    ck_assert(isnan(dcc_real(result, bound)));
    ck_assert_ptr_null(dcc_text(result, cycles));
    ck_assert_ptr_nonnull(dcc_text(result, bound));
    ck_assert_int_eq(dcc_count(fresh, cycles), -1);
    ck_assert_double_eq(dcc_real(result, cycles), (double) dcc_count(result, cycles));
    dcc_result_free(fresh);
    dcc_result_free(result);
}
END_TEST

/* A name that is not whole, or whose index is none of this operator's or nest's. */
START_TEST(metrics_that_there_are_not)
{
    static const char *const wrong[] = {"",
                                        "l2.reads",
                                        "l2.reads.Q",
                                        "levels.x.steps",
                                        "levels.-1.steps",
                                        "levels.00.steps",
                                        "levels.100.steps",
                                        "levels..steps",
                                        "levels.0.tensors.W",
                                        "levels.0.tensors.W.fillss",
                                        "dimensions.Q"};
    for (size_t k = 0; k < G_N_ELEMENTS(wrong); k++)
        ck_assert_msg(dcc_metric_find(job, wrong[k]) == DCC_NO_METRIC, "'%s'", wrong[k]);
    dcc_result *result = evaluate(job);
    dcc_metric deep = dcc_metric_find(job, "levels.5.steps"); /* of a deeper nest */
    ck_assert_int_ge(deep, 0);
    ck_assert_int_eq(dcc_count(result, deep), -1);
    ck_assert_int_eq(dcc_metric_next(result, deep), DCC_NO_METRIC);
    dcc_result_free(result);
}
END_TEST

START_TEST(many_machines_have_ranges)
{
    int64_t number[2] = {1, 4}, low[2] = {1, -1}, high[2] = {1, INT64_C(1) << 31}, cycles[2];
    ck_assert_int_eq(dcc_times(context, job, -1, 2, number, NULL, cycles), DCC_NOT_PREPARED);
    ck_assert_int_eq(dcc_prepare(context, job), DCC_OK);
    ck_assert_int_eq(dcc_times(context, job, -2, 2, number, NULL, cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 9, 2, number, NULL, cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 0, -1, number, NULL, cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 0, 2, low, NULL, cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 0, 2, high, NULL, cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 0, 2, NULL, low, cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 0, 2, NULL, high, cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 0, 0, NULL, NULL, NULL), DCC_OK);
    ck_assert_int_eq(dcc_times(context, job, 0, 2, number, NULL, cycles), DCC_OK);
    ck_assert_int_gt(cycles[0], cycles[1]); /* one element a cycle, and four */
    dcc_result *result = evaluate(job);
    ck_assert_int_eq(dcc_count(result, dcc_metric_find(job, "cycles")), cycles[1]);
    ck_assert_int_eq(dcc_time(context, job, result), DCC_NOT_PREPARED); /* evaluated since */
    dcc_result_free(result);
}
END_TEST

/* ---- words of a command line ---- */

static const struct {
    const char *words, *message;
} lines[] = {
    {"--modle x.m", "dcc: --modle: no such option"},
    {"--layer", "dcc: --layer: a value is wanted"},
    {"--node nine", "dcc: --node: must be a number above 0"},
    {"-W nonsense", "no warning 'nonsense'"},
    {"--set pes", "--set pes"},
    {"--set pes=none", "--set pes=none: "},
    {"--set noc9.latency=1", "--set noc9.latency=1: "},
    {"-D Tile=1", "-D Tile=1: "},
    {"--layer M*", "M*"},
    {"--tech 3nm", "no technology '3nm'"},
    {"--tech 45nm --node 3", "--node 3: "},
    {"--node 32", "--node: no technology is given"},
};

START_TEST(words_that_cannot_be)
{
    ck_assert_ptr_null(read_text(machine, lines[_i].words));
    ck_assert_msg(strstr(dcc_messages(context), lines[_i].message) != NULL, "%s",
                  dcc_messages(context));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("setters");
    TCase *tests = tcase_create("setters");
    const char *root = g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".";
    g_autofree char *path = g_strdup_printf("%s/hardware", root);
    g_setenv("DCC_PATH", path, TRUE);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_tensor_gets_a_channel);
    tcase_add_test(tests, tensors_keep_their_channels);
    tcase_add_test(tests, all_tensors_share_a_channel_again);
    tcase_add_test(tests, rates_are_of_elements);
    tcase_add_test(tests, setters_do_what_files_do);
    tcase_add_test(tests, what_is_set_can_be_read);
    tcase_add_test(tests, nothing_is_given_beyond_the_end);
    tcase_add_test(tests, arguments_have_ranges);
    tcase_add_test(tests, levels_come_to_an_end);
    tcase_add_test(tests, a_copy_of_a_result_stays);
    tcase_add_test(tests, metrics_have_types_and_units);
    tcase_add_test(tests, metrics_that_there_are_not);
    tcase_add_test(tests, many_machines_have_ranges);
    tcase_add_loop_test(tests, words_that_cannot_be, 0, G_N_ELEMENTS(lines));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
