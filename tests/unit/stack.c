/* An evaluation does with 64 KiB of stack, costs and gain included, whatever the nest. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dcc.h"

enum { STACK = 64 * 1024, PAGES = 4096, RANDOM_NESTS = 300 };

typedef struct {
    dcc_context *context;
    dcc_job *job;
    dcc_result *result;
} Evaluation;

static void *evaluate(void *data)
{
    Evaluation *e = data;
    if (dcc_evaluate(e->context, e->job, e->result) >= 0)
        dcc_cost(e->job, e->result);
    return NULL;
}

/* In a thread whose stack is so large and ends at pages that nobody may touch. */
static void evaluate_small(Evaluation *e)
{
    pthread_t thread;
    pthread_attr_t small;
    ck_assert_int_eq(pthread_attr_init(&small), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&small, STACK), 0);
    ck_assert_int_eq(pthread_attr_setguardsize(&small, 16 * PAGES), 0);
    ck_assert_int_eq(pthread_create(&thread, &small, evaluate, e), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&small);
}

static void run_all(const char *text, const char *const *words)
{
    dcc_context *context = dcc_open();
    dcc_plan *plan = text != NULL ? dcc_parse(context, text, words) : dcc_load(context, words);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    for (int i = 0; i < dcc_plan_jobs(plan); i++) {
        Evaluation e = {context, dcc_job_new(plan, i), dcc_result_new()};
        evaluate_small(&e);
        dcc_result_free(e.result);
        dcc_job_free(e.job);
    }
    dcc_plan_free(plan);
    dcc_close(context);
}

/* A window that slides over the children, in chunks: its pieces are counted one by one. */
START_TEST(a_sliding_window)
{
    run_all("Accelerator \"a\" { PEs: 2 }\n"
            "Dataflow { TemporalMap(1,1) K; TemporalMap(1,1) C; SpatialMap(5,1) Y; "
            "TemporalMap(Sz(S),1) X; }\n"
            "Network n { Layer L { Type: CONV Dimensions { K: 4, C: 4, R: 5, S: 5, Y: 32, X: 32 } "
            "} }\n",
            NULL);
}
END_TEST

START_TEST(a_network)
{
    const char *const words[] = {"yr-p.m", "--model", "resnet50.m", "--hw", "eyeriss.hw", NULL};
    run_all(NULL, words);
}
END_TEST

static uint64_t state = 1;

static int64_t draw(int64_t low, int64_t high)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return low + (int64_t) ((state >> 33) % (uint64_t) (high - low + 1));
}

static void random_level(dcc_job *job, int64_t *extent)
{
    int across = (int) draw(0, dcc_dims(job) - 1);
    for (int d = 0; d < dcc_dims(job); d++) {
        extent[d] = draw(1, extent[d]);
        dcc_add_map(job, d == across ? DCC_SPATIAL : DCC_TEMPORAL, d, extent[d]);
    }
}

/* Of three levels, with strides and dilations. */
START_TEST(random_nests)
{
    dcc_context *context = dcc_open();
    Evaluation e = {context, dcc_job_build(context, "CONV"), dcc_result_new()};
    const int64_t extents[] = {2, 24, 20, 40, 36, 5, 7};
    dcc_set_machine(e.job, DCC_PES, 60);
    for (int i = 0; i < RANDOM_NESTS; i++) {
        int64_t extent[7];
        dcc_clear_nest(e.job);
        for (int d = 0; d < 7; d++)
            dcc_set_extent(e.job, d, extent[d] = draw(1, extents[d]));
        dcc_set_window(e.job, dcc_dim(e.job, "Y'"), draw(1, 3), draw(1, 3));
        random_level(e.job, extent);
        dcc_add_cluster(e.job, 12);
        random_level(e.job, extent);
        dcc_add_cluster(e.job, 3);
        random_level(e.job, extent);
        evaluate_small(&e);
    }
    dcc_result_free(e.result);
    dcc_job_free(e.job);
    dcc_close(context);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stack");
    TCase *tests = tcase_create("stack");
#ifndef DCC_SANITIZE /* whose frames are larger */
    tcase_add_test(tests, a_sliding_window);
    tcase_add_test(tests, a_network);
    tcase_add_test(tests, random_nests);
#else
    (void) a_sliding_window, (void) a_network, (void) random_nests;
#endif
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
