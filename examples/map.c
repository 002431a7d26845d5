/* The dataflow of least energy-delay product, for VGG-16's CONV2 on 256 PEs, with libdcc.
 *
 *   map [SECONDS [DATAFLOW-WITH-HOLES]]
 *
 * Searches for at most so many seconds (60), among all dataflows or those that a file leaves open.
 * Prints the best, what no dataflow is below, and the dataflow itself.
 */
#include <dcc.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Called while the search goes on; what it returns says whether that is to end. */
static int tell(const dcc_progress *progress, void *data)
{
    double *told = data;
    if (progress->seconds < *told + 1)
        return 0;
    *told = progress->seconds;
    fprintf(stderr, "%.0f s: best %.4g, bound %.4g\n", progress->seconds, progress->best,
            progress->bound);
    return 0;
}

static void print(dcc_context *context, const dcc_search *search)
{
    static char text[1 << 16];
    dcc_job *job = dcc_search_job(search, 0);
    dcc_result *result = dcc_result_new();
    dcc_evaluate(context, job, result);
    dcc_cost(job, result);
    printf("best: %.6g J s, bound %.6g J s, %s\n", dcc_search_value(search, 0),
           dcc_search_bound(search), dcc_search_complete(search) ? "optimal" : "ended before");
    printf("%" PRId64 " cycles, %.6g pJ, %" PRId64 " bytes of L1\n",
           dcc_count(result, dcc_metric_find(job, "cycles")),
           dcc_real(result, dcc_metric_find(job, "energy_pj.total")),
           dcc_count(result, dcc_metric_find(job, "l1.required_bytes")));
    dcc_print(job, "found", text, sizeof text);
    fputs(text, stdout);
    dcc_result_free(result);
    dcc_job_free(job);
}

static int search_for(dcc_context *context, const dcc_job *job, double seconds)
{
    double told = 0;
    dcc_search *search = dcc_search_new();
    dcc_search_set(search, DCC_SEARCH_SIZES, DCC_DIVISORS);
    dcc_search_limit(search, seconds, 0);
    dcc_search_watch(search, tell, &told);
    int status = dcc_search_run(context, search, job);
    if (status == DCC_OK)
        print(context, search);
    else
        fprintf(stderr, "map: %s\n%s", dcc_status_text(status), dcc_messages(context));
    dcc_search_free(search);
    return status == DCC_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    /* Without a file the dataflow is where the search begins. */
    const char *words[] = {argc > 2 ? argv[2] : "kc-p.m",
                           "--model",
                           "vgg16.m",
                           "--hw",
                           "paper256.hw",
                           "--layer",
                           "CONV2",
                           "--set",
                           "l1.capacity=4KiB",
                           "--set",
                           "l2.capacity=512KiB",
                           "--set",
                           "offchip.bandwidth=16GB/s",
                           NULL};
    dcc_context *context = dcc_open();
    dcc_plan *plan = dcc_load(context, words);
    if (plan == NULL) {
        fputs(dcc_messages(context), stderr);
        dcc_close(context);
        return EXIT_FAILURE;
    }
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    int status = search_for(context, job, argc > 1 ? atof(argv[1]) : 60);
    dcc_job_free(job);
    dcc_close(context);
    return status;
}
