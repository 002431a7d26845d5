/* libdcc says why a job costs what it does: parts that add up, remedies that evaluate to what is
 * said of them, and nothing where nothing is known. */
#include "lib/dcc.h"

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static const char text[] =
    "Accelerator \"small\" { PEs: 16  Precision: 8 bit  Clock: 1 GHz  Technology: \"28nm\"\n"
    "  Buffer L1 { Capacity: 512 B }  Buffer L2 { Capacity: 16 KiB }\n"
    "  NoC 0 { Bandwidth: 1, Latency: 4 }  OffChip { Bandwidth: 1 GB/s } }\n"
    "Dataflow \"plain\" { TemporalMap(1,1) K; SpatialMap(1,1) C; }\n"
    "Network \"small\" { Layer L { Type: CONV, Dimensions { K: 8, C: 6, Y: 14, X: 14, R: 3, S: 3 } "
    "} }\n";

static int64_t cycles_of(dcc_context *context, dcc_job *job, dcc_result *result)
{
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    return dcc_count(result, dcc_metric_find(job, "cycles"));
}

static void check_times(const dcc_why *why, int64_t cycles)
{
    dcc_time_part part;
    int64_t sum = 0;
    ck_assert_int_gt(dcc_why_times(why), 1);
    for (int i = 0; i < dcc_why_times(why); i++) {
        ck_assert_int_eq(dcc_why_time(why, i, &part), DCC_OK);
        ck_assert_int_ge(part.cycles, 0);
        ck_assert_int_gt((int) strlen(part.label), 0);
        sum += part.cycles;
    }
    ck_assert_int_eq(sum, cycles);
    ck_assert_int_eq(dcc_why_time(why, dcc_why_times(why), &part), DCC_BAD_ARGUMENT);
}

static void check_energies(const dcc_why *why, double pj)
{
    dcc_energy_part part;
    double sum = 0;
    for (int i = 0; i < dcc_why_energies(why); i++) {
        ck_assert_int_eq(dcc_why_energy(why, i, &part), DCC_OK);
        sum += part.pj;
    }
    ck_assert_double_eq_tol(sum / pj, 1, 1e-9);
}

/* Twice the bandwidth is what a job with that bandwidth comes to. */
static void check_bandwidth(dcc_context *context, dcc_job *job, dcc_result *result,
                            const dcc_why *why)
{
    dcc_remedy remedy;
    bool found = false, mapped = false;
    for (int i = 0; i < dcc_why_remedies(why); i++) {
        ck_assert_int_eq(dcc_why_remedy(why, i, &remedy), DCC_OK);
        mapped |= strcmp(remedy.kind, "mapping") == 0 && remedy.dataflow != NULL;
        if (strcmp(remedy.kind, "bandwidth") != 0 || strcmp(remedy.what, "NoC 0") != 0)
            continue;
        found = true;
        ck_assert_int_eq(dcc_set_bandwidth(job, 0, -1, 2, 1), DCC_OK);
        ck_assert_int_eq(cycles_of(context, job, result), remedy.cycles);
    }
    ck_assert(found);
    ck_assert(mapped);
}

START_TEST(why)
{
    dcc_context *context = dcc_open();
    dcc_plan *plan = dcc_parse(context, text, NULL);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_result *result = dcc_result_new();
    dcc_why *handle = dcc_why_new();
    ck_assert_int_eq(dcc_why_run(context, job, result, 0, handle), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_why_times(handle), 0);
    int64_t cycles = cycles_of(context, job, result);
    ck_assert_int_eq(dcc_why_run(context, job, result, 0, handle), DCC_OK);
    ck_assert_int_eq(dcc_why_energies(handle), 0); /* it is not costed */
    ck_assert_int_eq(dcc_cost(job, result), DCC_OK);
    ck_assert_int_eq(dcc_why_run(context, job, result, NAN, handle), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_why_run(context, job, result, 0.05, handle), DCC_OK);
    check_times(handle, cycles);
    check_energies(handle, dcc_real(result, dcc_metric_find(job, "energy_pj.total")));
    check_bandwidth(context, job, result, handle);
    dcc_why_free(handle);
    dcc_result_free(result);
    dcc_job_free(job);
    dcc_plan_free(plan);
    dcc_close(context);
}
END_TEST

int main(void)
{
    return suite_run("library: why", why);
}
