/* libdcc in batches, and its messages one by one: a row of a batch is what setters and an
 * evaluation give, and what is said comes with the place that the text shows. */
#include "lib/dcc.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

enum { METRICS = 3 };

static const char text[] =
    "Accelerator \"small\" { PEs: 16  Precision: 8 bit  Clock: 1 GHz  Technology: \"28nm\"\n"
    "  Buffer L1 { Capacity: 512 B }  Buffer L2 { Capacity: 16 KiB }\n"
    "  NoC 0 { Bandwidth: 1, Latency: 4 }  OffChip { Bandwidth: 1 GB/s } }\n"
    "Dataflow \"plain\" { TemporalMap(2,2) K; SpatialMap(1,1) C; }\n"
    "Network \"small\" { Layer L { Type: CONV, Dimensions { K: 8, C: 6, Y: 14, X: 14, R: 3, S: 3 } "
    "} }\n";

static dcc_context *context;
static dcc_job *job;
static dcc_metric metric[METRICS];

static void open_job(void)
{
    context = dcc_open();
    dcc_plan *plan = dcc_parse(context, text, NULL);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    metric[0] = dcc_metric_find(job, "cycles");
    metric[1] = dcc_metric_find(job, "l1.required_bytes");
    metric[2] = dcc_metric_find(job, "energy_pj.total");
}

static void close_job(void)
{
    dcc_job_free(job);
    dcc_close(context);
}

/* The same number by the setter itself. */
static int set(dcc_job *to, dcc_column column, int64_t value)
{
    switch (column.kind) {
    case DCC_COLUMN_EXTENT:
        return dcc_set_extent(to, column.index, value);
    case DCC_COLUMN_SIZE:
        return dcc_set_size(to, column.level, column.index, value);
    case DCC_COLUMN_CLUSTER:
        return dcc_set_cluster(to, column.level, value);
    case DCC_COLUMN_UNITS:
        return dcc_set_units(to, column.level, value);
    case DCC_COLUMN_MACHINE:
        return dcc_set_machine(to, column.index, value);
    case DCC_COLUMN_OFFCHIP:
        return dcc_set_offchip(to, (double) value);
    case DCC_COLUMN_BUFFER:
        return dcc_set_buffer_bytes(to, column.level, value);
    case DCC_COLUMN_BANDWIDTH:
        return dcc_set_bandwidth(to, column.level, column.index, value, 1);
    default:
        return dcc_set_noc(to, column.level, column.index, value);
    }
}

/* One row, by calls. */
static int by_calls(int columns, const dcc_column *column, const int64_t *values, double *found)
{
    dcc_job *copy = dcc_job_copy(job);
    dcc_result *result = dcc_result_new();
    int status = DCC_OK;
    for (int c = 0; c < columns && status >= 0; c++)
        status = set(copy, column[c], values[c]);
    if (status >= 0)
        status = dcc_evaluate(context, copy, result);
    if (status >= 0)
        dcc_cost(copy, result);
    for (int m = 0; m < METRICS; m++)
        found[m] = status >= 0 ? dcc_real(result, metric[m]) : NAN;
    dcc_result_free(result);
    dcc_job_free(copy);
    return status;
}

static void check_rows(int columns, const dcc_column *column, int n, const int64_t *values)
{
    double *found = calloc((size_t) n * METRICS, sizeof *found), one[METRICS] = {0};
    int32_t *status = calloc((size_t) n, sizeof *status);
    ck_assert_int_eq(
        dcc_batch(context, job, columns, column, METRICS, metric, n, values, found, status),
        DCC_OK);
    for (int i = 0; i < n; i++) {
        ck_assert_int_eq(by_calls(columns, column, &values[i * columns], one), status[i]);
        for (int m = 0; m < METRICS; m++)
            ck_assert(one[m] == found[i * METRICS + m] ||
                      (isnan(one[m]) && isnan(found[i * METRICS + m])));
    }
    free(found);
    free(status);
}

START_TEST(rows_are_evaluations)
{
    const int k = dcc_dim(job, "K"), c = dcc_dim(job, "C");
    const dcc_column design[] = {{DCC_COLUMN_EXTENT, 0, c}, {DCC_COLUMN_SIZE, 0, k}};
    const int64_t designs[] = {6, 1, 12, 2, 16, 4, 0, 4, 17, 8, 5, -1};
    check_rows(2, design, 6, designs);
    const dcc_column pes[] = {{DCC_COLUMN_MACHINE, 0, DCC_PES}};
    const int64_t counts[] = {1, 2, 3, 16, 0, 400};
    check_rows(1, pes, 6, counts);
    /* What the level has not got is refused row by row. */
    const dcc_column none[] = {{DCC_COLUMN_CLUSTER, 1, 0}, {DCC_COLUMN_UNITS, 0, 0}};
    check_rows(2, none, 1, designs);
}
END_TEST

START_TEST(a_machine_is_prepared_once)
{
    const dcc_column machine[] = {{DCC_COLUMN_BANDWIDTH, -1, -1},
                                  {DCC_COLUMN_NOC, 0, DCC_LATENCY},
                                  {DCC_COLUMN_OFFCHIP, 0, 0},
                                  {DCC_COLUMN_MACHINE, 0, DCC_L1_BYTES},
                                  {DCC_COLUMN_BUFFER, 1, 0}};
    const int64_t values[] = {1,  0,  1000000000, 512, 64, 4, 9, 0, 16,      64, -1, 9, 0,
                              16, 64, 0,          3,   5,  0, 1, 2, 1 << 20, 7,  1,  1};
    check_rows(5, machine, 5, values);
    check_rows(0, NULL, 3, NULL);
    /* A nest that cannot be evaluated is refused in every row. */
    dcc_add_map(job, DCC_SPATIAL, dcc_dim(job, "R"), 1);
    check_rows(5, machine, 5, values);
}
END_TEST

START_TEST(what_is_no_batch_is_refused)
{
    const dcc_column strange[] = {{77, 0, 0}, {-1, 0, 0}}, fine[] = {{DCC_COLUMN_EXTENT, 0, 0}};
    const dcc_metric no_metric[] = {DCC_NO_METRIC};
    const int64_t values[] = {1};
    double found[METRICS];
#define BATCH(columns, column, metrics, metric, n, values, found)                                  \
    dcc_batch(context, job, columns, column, metrics, metric, n, values, found, NULL)
    ck_assert_int_eq(BATCH(1, strange, 1, metric, 1, values, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, &strange[1], 1, metric, 1, values, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, fine, 1, no_metric, 1, values, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(-1, fine, 1, metric, 1, values, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, fine, -1, metric, 1, values, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, fine, 1, metric, -1, values, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, fine, 1, metric, 1, NULL, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, fine, 1, metric, 1, values, NULL), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, NULL, 1, metric, 1, values, found), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(BATCH(1, fine, 1, metric, 0, NULL, NULL), DCC_OK);
    ck_assert_int_eq(BATCH(1, fine, 1, metric, 1, values, found), DCC_OK);
    /* The context is not prepared for anything afterwards. */
    dcc_result *result = dcc_result_new();
    ck_assert_int_eq(dcc_time(context, job, result), DCC_NOT_PREPARED);
    dcc_result_free(result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("libbatch");
    TCase *tests = tcase_create("batches");
    tcase_add_checked_fixture(tests, open_job, close_job);
    tcase_add_test(tests, rows_are_evaluations);
    tcase_add_test(tests, a_machine_is_prepared_once);
    tcase_add_test(tests, what_is_no_batch_is_refused);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
