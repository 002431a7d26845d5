/* What single steps of the outermost level take, the least, the most and on average: worked out by
 * hand for a matrix product of one PE, a step for each of its ten columns. */
#include <check.h>
#include <stdlib.h>

#include "engine/analysis.h"

enum { M, N, K, DIMS, COLUMNS = 10 };

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
} Case;

static void add_tensor(Operator *op, int a, int b)
{
    op->tensor[op->n_tensors++] = (Tensor){.n_coords = 2, .coord = {{1, {a}, {1}}, {1, {b}, {1}}}};
}

/* A[M][K], B[K][N], C[M][N]; elements take three cycles, and a latency of 5 adds four. */
static Case make_case(void)
{
    Case c = {.machine = {.pes = 1, .lanes = 1, .clock_hz = 1, .bits = {8, 8, 8}, .done_bits = 8}};
    c.layer.op.n_dims = DIMS;
    add_tensor(&c.layer.op, M, K);
    add_tensor(&c.layer.op, K, N);
    add_tensor(&c.layer.op, M, N);
    c.layer.op.output = 2;
    for (int d = 0; d < DIMS; d++)
        c.layer.extent[d] = d == N ? COLUMNS : 1;
    for (int t = 0; t < 3; t++)
        c.layer.density[t] = 1;
    c.nest.n_levels = 1;
    c.nest.level[0] = (Level){.children = 1, .n_maps = 1, .map = {{MAP_TEMPORAL, N, 1, 1}}};
    c.machine.noc[0] =
        (Noc){.bandwidth = {{1, 3}}, .latency = 5, .multicast = true, .reduction = true};
    return c;
}

static Delays delays_of(const Case *c)
{
    Workspace *ws = workspace_new();
    Result result;
    Delays delays;
    analysis_run(&c->layer, &c->nest, &c->machine, ws, &result);
    ck_assert_int_eq(result.status, RESULT_OK);
    analysis_delays(ws, &delays);
    workspace_free(ws);
    return delays;
}

static void expect(const Delays *delays, DelayKind delay, int64_t least, int64_t most, double mean)
{
    ck_assert_int_eq(delays->least[delay], least);
    ck_assert_int_eq(delays->most[delay], most);
    ck_assert_double_eq_tol(delays->mean[delay], mean, 1e-12);
}

START_TEST(steps_have_delays)
{
    Case c = make_case();
    c.layer.extent[K] = 2; /* in one chunk */
    Delays delays = delays_of(&c);
    expect(&delays, DELAY_INGRESS, 4 + 6, 4 + 12, 4 + 6 + 0.6); /* B; A too at first */
    expect(&delays, DELAY_EGRESS, 0, 4 + 3, 0.9 * (4 + 3));     /* after the first */
    expect(&delays, DELAY_COMPUTE, 2, 2, 2);
}
END_TEST

/* Parts of a cycle are rounded up, step by step. */
START_TEST(sparse_steps_have_delays)
{
    Case c = make_case();
    c.layer.extent[K] = 3;
    c.layer.density[1] = 0.5;
    Delays delays = delays_of(&c);
    expect(&delays, DELAY_INGRESS, 4 + 5, 4 + 14, 4 + 5 + 0.9); /* 4.5; 9 more at first */
    expect(&delays, DELAY_EGRESS, 0, 4 + 3, 0.9 * (4 + 3));
    expect(&delays, DELAY_COMPUTE, 2, 2, 2); /* 1.5 */
}
END_TEST

/* The last chunk is shorter. */
START_TEST(edges_have_delays)
{
    Case c = make_case();
    c.nest.level[0].map[0].size = c.nest.level[0].map[0].offset = 4; /* 4, 4 and 2 */
    Delays delays = delays_of(&c);
    expect(&delays, DELAY_INGRESS, 4 + 6, 4 + 15, 4 + (15 + 12 + 6) / 3.0);
    expect(&delays, DELAY_EGRESS, 0, 4 + 12, 2 / 3.0 * (4 + 12));
    expect(&delays, DELAY_COMPUTE, 2, 4, 10 / 3.0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("delays");
    TCase *tests = tcase_create("delays");
    tcase_add_test(tests, steps_have_delays);
    tcase_add_test(tests, sparse_steps_have_delays);
    tcase_add_test(tests, edges_have_delays);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
