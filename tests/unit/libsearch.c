/* Searches of libdcc: what is found evaluates to what was promised, holes are kept, a search can be
 * ended, and what stands in the way is said. */
#include "lib/dcc.h"

#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const char network[] =
    "Network \"small\" { Layer L { Type: CONV, Dimensions { K: 8, C: 6, Y: 14, X: 14, R: 3, S: 3 } "
    "} }\n";
static const char machine[] =
    "Accelerator \"small\" { PEs: 16  Precision: 8 bit  Clock: 1 GHz  Technology: \"28nm\"\n"
    "  Buffer L1 { Capacity: 512 B }  Buffer L2 { Capacity: 16 KiB }\n"
    "  OffChip { Bandwidth: 1 GB/s } }\n";
static const char chip[] =
    "Accelerator \"chip\" { Precision: 8 bit  Clock: 1 GHz  Technology: \"28nm\"\n"
    "  Hierarchy {\n"
    "    Memory DRAM { Bandwidth: 4, Read: 64 pJ, Write: 64 pJ }\n"
    "    Memory GLB { Capacity: 4 KiB, Read: 2 pJ, Write: 2 pJ }\n"
    "    Fanout PE 8\n"
    "    Memory RF { Capacity: 64 B, Read: 0.1 pJ, Write: 0.1 pJ }\n"
    "    MAC { Energy: 0.5 pJ }\n"
    "  } }\n"
    "Network \"matrices\" { Layer L { Type: GEMM, Dimensions { M: 24, N: 16, K: 12 } } }\n";
static const char one_pe[] = "Dataflow \"plain\" { TemporalMap(1,1) K; SpatialMap(1,1) C; }\n";
static const char holes[] = "Dataflow \"holes\" {\n"
                            "  TemporalMap(?,?) K; TemporalMap(2,2) Y'; SpatialMap(?,?) C;\n"
                            "  Cluster(4); SpatialMap(?,?) X';\n"
                            "}\n";

static dcc_context *context;
static dcc_search *search;

static void begin(void)
{
    context = dcc_open();
    search = dcc_search_new();
}

static void end(void)
{
    dcc_search_free(search);
    dcc_close(context);
}

static dcc_job *parse(const char *dataflow, const char *hardware, const char *layers)
{
    g_autofree char *text = g_strconcat(hardware, dataflow, layers, NULL);
    dcc_plan *plan = dcc_parse(context, text, NULL);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    return job;
}

static void run(const dcc_job *job)
{
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_OK);
    ck_assert_int_ge(dcc_search_found(search), 1);
}

static char *text_of(const dcc_job *job)
{
    int length = dcc_print(job, "found", NULL, 0);
    char *text = g_malloc((gsize) length + 1);
    ck_assert_int_eq(dcc_print(job, "found", text, (size_t) length + 1), length);
    return text;
}

/* The metric of a job. */
static double figure(const dcc_job *job, const char *name)
{
    dcc_result *result = dcc_result_new();
    ck_assert_int_ge(dcc_evaluate(context, job, result), 0);
    ck_assert_int_eq(dcc_cost(job, result), DCC_OK);
    double value = dcc_real(result, dcc_metric_find(job, name));
    ck_assert_str_eq(dcc_findings(context, job, result), "");
    dcc_result_free(result);
    return value;
}

/* Dataflow number i has the value that it is said to have, as a job and as text. */
static void check_found(int i, const char *metric, const char *hardware, const char *layers)
{
    dcc_job *job = dcc_search_job(search, i);
    g_autofree char *text = text_of(job);
    dcc_job *again = parse(text, hardware, layers);
    double value = dcc_search_value(search, i);
    ck_assert(fabs(figure(job, metric) - value) <= 1e-9 * value);
    ck_assert(figure(job, metric) == figure(again, metric));
    ck_assert(figure(job, "cycles") == figure(again, "cycles"));
    dcc_job_free(again);
    dcc_job_free(job);
}

START_TEST(what_is_found_is_what_it_costs)
{
    static const struct {
        int objective;
        const char *metric;
    } rows[] = {{DCC_RUNTIME, "cycles"}, {DCC_ENERGY, "energy_pj.total"}, {DCC_EDP, "edp"}};
    dcc_job *job = parse(one_pe, machine, network);
    ck_assert_int_eq(dcc_search_found(search), 0);
    ck_assert(isnan(dcc_search_value(search, 0)) && isnan(dcc_search_bound(search)));
    ck_assert_int_eq(dcc_search_complete(search), 0);
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        dcc_search_set(search, DCC_SEARCH_OBJECTIVE, rows[k].objective);
        dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
        run(job);
        check_found(0, rows[k].metric, machine, network);
        ck_assert(dcc_search_value(search, 0) <= figure(job, rows[k].metric));
        ck_assert(dcc_search_bound(search) <= dcc_search_value(search, 0) * (1 + 1e-9));
        ck_assert_int_eq(dcc_search_complete(search), 1);
        ck_assert(dcc_search_gap(search) < 1e-8);
    }
    ck_assert_ptr_null(dcc_search_job(search, 1));
    ck_assert_ptr_null(dcc_search_job(search, -1));
    dcc_job_free(job);
}
END_TEST

START_TEST(a_hierarchy_is_searched)
{
    dcc_job *job = parse("Dataflow \"whole\" { Any; }\n", chip, "");
    dcc_search_set(search, DCC_SEARCH_OBJECTIVE, DCC_ENERGY);
    dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
    dcc_clear_nest(job); /* all is open, and one level without maps is no answer */
    run(job);
    check_found(0, "energy_pj.total", chip, "");
    dcc_job *found = dcc_search_job(search, 0);
    ck_assert_int_eq(dcc_add_map(found, DCC_TEMPORAL, dcc_dim(found, "M"), 1), DCC_OK);
    run(found); /* from what was found */
    dcc_job_free(found);
    dcc_job_free(job);
}
END_TEST

START_TEST(threads_find_the_same)
{
    dcc_job *job = parse(one_pe, machine, network);
    char *text[2];
    double value[2];
    for (int k = 0; k < 2; k++) {
        dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
        dcc_search_set(search, DCC_SEARCH_THREADS, 1 + 2 * k);
        run(job);
        dcc_job *found = dcc_search_job(search, 0);
        text[k] = text_of(found);
        value[k] = dcc_search_value(search, 0);
        dcc_job_free(found);
    }
    ck_assert_str_eq(text[0], text[1]);
    ck_assert(value[0] == value[1]);
    g_free(text[0]);
    g_free(text[1]);
    dcc_job_free(job);
}
END_TEST

START_TEST(the_best_come_first)
{
    dcc_job *job = parse(one_pe, machine, network);
    dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
    dcc_search_set(search, DCC_SEARCH_TOP, 5);
    run(job);
    ck_assert_int_eq(dcc_search_found(search), 5);
    for (int i = 0; i < 5; i++) {
        check_found(i, "edp", machine, network);
        ck_assert(i == 0 ||
                  dcc_search_value(search, i - 1) <= dcc_search_value(search, i) * (1 + 1e-8));
    }
    dcc_job_free(job);
}
END_TEST

/* ---- holes ---- */

START_TEST(holes_are_filled_and_the_rest_is_kept)
{
    dcc_job *job = parse(holes, machine, network);
    dcc_map map;
    ck_assert_int_eq(dcc_is_open(job), 1);
    dcc_search_set(search, DCC_SEARCH_OBJECTIVE, DCC_RUNTIME);
    run(job);
    check_found(0, "cycles", machine, network);
    dcc_job *found = dcc_search_job(search, 0);
    bool rows = false;
    ck_assert_int_eq(dcc_is_open(found), 0);
    ck_assert_int_eq(dcc_levels(found), 2);
    ck_assert_int_eq((int) dcc_children(found, 1), 4);
    for (int i = 0; dcc_get_map(found, 0, i, &map) == DCC_OK; i++)
        rows |= map.dim == dcc_dim(found, "Y'") && map.size == 2 && map.kind == DCC_TEMPORAL;
    ck_assert(rows);
    dcc_job_free(found);
    dcc_job_free(job);
}
END_TEST

START_TEST(an_open_job_waits_for_a_search)
{
    dcc_job *job = parse(holes, machine, network);
    dcc_job *copy = dcc_job_copy(job);
    dcc_result *result = dcc_result_new();
    ck_assert_int_eq(dcc_check(job), DCC_OPEN);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OPEN);
    ck_assert_int_eq(dcc_evaluate_counts(context, job, result), DCC_OPEN);
    ck_assert_int_eq(dcc_prepare(context, job), DCC_OPEN);
    ck_assert_int_eq(dcc_add_map(job, DCC_TEMPORAL, 0, 1), DCC_OPEN);
    ck_assert_int_eq(dcc_add_cluster(job, 2), DCC_OPEN);
    ck_assert_int_eq(dcc_is_open(copy), 1);
    dcc_clear_nest(job);
    ck_assert_int_eq(dcc_is_open(job), 0);
    ck_assert_int_eq(dcc_check(job), DCC_NO_SPATIAL);
    dcc_job_assign(job, copy);
    ck_assert_int_eq(dcc_is_open(job), 1);
    dcc_result_free(result);
    dcc_job_free(copy);
    dcc_job_free(job);
}
END_TEST

START_TEST(holes_meet_the_machine_as_it_is)
{
    static const char cuts[] = "Dataflow \"cuts\" { Any; Buffer(GLB); SpatialMap(?,?) N;\n"
                               "  Fanout(PE, 8); Buffer(RF) ?; Any; }\n";
    dcc_job *job = parse(holes, machine, network);
    dcc_search_set(search, DCC_SEARCH_OBJECTIVE, DCC_RUNTIME);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 3), DCC_OK);
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_TOO_FEW_PES);
    ck_assert_int_eq(dcc_search_found(search), 0);
    dcc_job_free(job);
    job = parse(cuts, chip, "");
    dcc_search_set(search, DCC_SEARCH_OBJECTIVE, DCC_ENERGY);
    dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
    ck_assert_int_eq(dcc_add_cut(job, 0, 2), DCC_OPEN);
    ck_assert_int_eq(dcc_hold(job, 0, 0, 1), DCC_OPEN);
    run(job);
    check_found(0, "energy_pj.total", chip, "");
    const char *kept = dcc_tensor_name(job, 0);
    ck_assert_msg(dcc_set(context, job, "RF.holds", kept) == DCC_OK, "%s", dcc_messages(context));
    run(job); /* the others pass by */
    dcc_job *found = dcc_search_job(search, 0);
    for (int l = 0; l < dcc_levels(found); l++)
        for (int t = 1; t < dcc_tensors(found); t++)
            ck_assert_int_ne(dcc_holder(found, l, t), dcc_memory(found, "RF"));
    dcc_job_free(found);
    ck_assert_int_eq(dcc_set(context, job, "GLB.holds", kept), DCC_OK);
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_CANNOT_HOLD);
    ck_assert_int_eq(dcc_set(context, job, "PE", "4"), DCC_OK);
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_TOO_MANY_UNITS);
    dcc_job_free(job);
}
END_TEST

/* ---- ends ---- */

typedef struct {
    int calls, last;
    dcc_progress progress;
} Watcher;

/* Ends the search at the last call. */
static int count(const dcc_progress *progress, void *data)
{
    Watcher *watcher = data;
    watcher->progress = *progress;
    return ++watcher->calls == watcher->last;
}

START_TEST(a_watch_can_end_it)
{
    const char *words[] = {"--model", "vgg16.m", "--layer", "CONV2", NULL};
    g_autofree char *text = g_strconcat(machine, one_pe, NULL);
    dcc_plan *plan = dcc_parse(context, text, words);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_job *job = dcc_job_new(plan, 0);
    Watcher watcher = {.last = 3};
    dcc_search_watch(search, count, &watcher);
    int status = dcc_search_run(context, search, job);
    ck_assert(status == DCC_OK || status == DCC_NOT_FOUND);
    ck_assert_int_eq(watcher.calls, 3);
    ck_assert_int_eq(dcc_search_complete(search), 0);
    ck_assert(watcher.progress.seconds > 0 && watcher.progress.bounds > 0);
    dcc_search_watch(search, NULL, NULL);
    ck_assert_int_eq(dcc_search_limit(search, 0.05, 0), DCC_OK);
    dcc_search_run(context, search, job);
    ck_assert_int_eq(dcc_search_complete(search), 0);
    dcc_job_free(job);
    dcc_plan_free(plan);
}
END_TEST

START_TEST(a_gap_is_enough)
{
    dcc_job *job = parse(one_pe, machine, network);
    dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
    ck_assert_int_eq(dcc_search_limit(search, 0, 0.5), DCC_OK);
    run(job);
    ck_assert(dcc_search_gap(search) <= 0.5 + 1e-9);
    dcc_job_free(job);
}
END_TEST

/* ---- what is in the way ---- */

START_TEST(nothing_fits)
{
    dcc_job *job = parse(one_pe, machine, network);
    dcc_set_machine(job, DCC_L1_BYTES, 2);
    dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_NOT_FOUND);
    ck_assert_int_eq(dcc_search_found(search), 0);
    ck_assert(isnan(dcc_search_gap(search)));
    ck_assert_ptr_nonnull(g_strstr_len(dcc_messages(context), -1, "L1"));
    ck_assert_str_eq(dcc_status_text(DCC_NOT_FOUND), "nothing that fits was found");
    dcc_job_free(job);
}
END_TEST

START_TEST(energy_wants_figures)
{
    dcc_job *job = dcc_job_build(context, "GEMM");
    for (int d = 0; d < dcc_dims(job); d++)
        dcc_set_extent(job, d, 8);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 4), DCC_OK);
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_NO_ENERGY);
    dcc_search_set(search, DCC_SEARCH_OBJECTIVE, DCC_RUNTIME);
    run(job);
    ck_assert(dcc_search_value(search, 0) >= 8 * 8 * 8 / 4);
    dcc_job_free(job);
}
END_TEST

START_TEST(faults_of_the_job_are_said)
{
    dcc_job *job = dcc_job_build(context, "GEMM");
    dcc_search_set(search, DCC_SEARCH_OBJECTIVE, DCC_RUNTIME);
    for (int d = 0; d < dcc_dims(job); d++)
        dcc_set_extent(job, d, INT32_MAX);
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_OVERFLOW);
    for (int d = 0; d < dcc_dims(job); d++)
        dcc_set_extent(job, d, 4);
    ck_assert_int_eq(dcc_add_memory(job, "M"), DCC_OK);
    ck_assert_int_eq(dcc_set(context, job, "M.holds", dcc_tensor_name(job, 0)), DCC_OK);
    ck_assert_int_eq(dcc_search_run(context, search, job), DCC_NO_ROOT);
    dcc_job_free(job);
}
END_TEST

START_TEST(options_have_ranges)
{
    static const int bad[][2] = {{DCC_SEARCH_OBJECTIVE, 3}, {DCC_SEARCH_OBJECTIVE, -1},
                                 {DCC_SEARCH_SIZES, 3},     {DCC_SEARCH_SPATIAL, 0},
                                 {DCC_SEARCH_SPATIAL, 4},   {DCC_SEARCH_THREADS, 0},
                                 {DCC_SEARCH_THREADS, 257}, {DCC_SEARCH_TOP, 0},
                                 {DCC_SEARCH_TOP, 65},      {-1, 1},
                                 {DCC_SEARCH_PLACES, 0},    {DCC_SEARCH_PLACES, 4},
                                 {DCC_SEARCH_PLACES + 1, 1}};
    for (size_t k = 0; k < G_N_ELEMENTS(bad); k++)
        ck_assert_int_eq(dcc_search_set(search, bad[k][0], bad[k][1]), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_search_set(search, DCC_SEARCH_SPATIAL, 3), DCC_OK);
    ck_assert_int_eq(dcc_search_limit(search, -1, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_search_limit(search, 0, -0.1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_search_limit(search, 0, NAN), DCC_BAD_ARGUMENT);
    dcc_search_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("libsearch");
    TCase *tests = tcase_create("libsearch");
    const char *root = g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".";
    g_autofree char *path = g_strdup_printf("%s/dataflows:%s/models:%s/hardware", root, root, root);
    g_setenv("DCC_PATH", path, TRUE);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, what_is_found_is_what_it_costs);
    tcase_add_test(tests, a_hierarchy_is_searched);
    tcase_add_test(tests, threads_find_the_same);
    tcase_add_test(tests, the_best_come_first);
    tcase_add_test(tests, holes_are_filled_and_the_rest_is_kept);
    tcase_add_test(tests, an_open_job_waits_for_a_search);
    tcase_add_test(tests, holes_meet_the_machine_as_it_is);
    tcase_add_test(tests, a_watch_can_end_it);
    tcase_add_test(tests, a_gap_is_enough);
    tcase_add_test(tests, nothing_fits);
    tcase_add_test(tests, energy_wants_figures);
    tcase_add_test(tests, faults_of_the_job_are_said);
    tcase_add_test(tests, options_have_ranges);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
