/* An evaluation allocates nothing once its workspace has grown, shares nothing between
 * threads, and comes to the same when one nest is timed on many machines. */
#include "engine/analysis.h"
#include "engine/offchip.h"

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* ---- counting allocations ---------------------------------------------------------- */

#if defined(__GLIBC__) && !defined(DCC_SANITIZE) && !defined(__SANITIZE_THREAD__)
enum { COUNTED = 1 };
static gint allocations;

#pragma GCC visibility push(default) /* so that the libraries call these */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    g_atomic_int_inc(&allocations);
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    g_atomic_int_inc(&allocations);
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    g_atomic_int_inc(&allocations);
    return __libc_realloc(old, size);
}
#pragma GCC visibility pop
#else
enum { COUNTED = 0 };
static gint allocations;
#endif

/* ---- cases --------------------------------------------------------------------------- */

enum { N, K, C, Y, X, R, S, DIMS, CASES = 400, MACHINES = 37 };

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
} Case;

static int64_t draw(uint64_t *state, int64_t low, int64_t high)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t) ((*state >> 33) % (uint64_t) (high - low + 1));
}

static void add_coord(Tensor *tensor, int dim, int other, int64_t stride)
{
    tensor->coord[tensor->n_coords++] =
        (Coord){other < 0 ? 1 : 2, {dim, other < 0 ? 0 : other}, {stride, other < 0 ? 0 : 1}};
}

static void set_convolution(Operator *op, int64_t stride)
{
    const int weight[] = {K, C, R, S}, output[] = {N, K, Y, X};
    op->n_dims = DIMS;
    op->n_tensors = 3;
    op->output = 2;
    for (int c = 0; c < 4; c++) {
        add_coord(&op->tensor[0], weight[c], -1, 1);
        add_coord(&op->tensor[2], output[c], -1, 1);
    }
    add_coord(&op->tensor[1], N, -1, 1);
    add_coord(&op->tensor[1], C, -1, 1);
    add_coord(&op->tensor[1], Y, R, stride);
    add_coord(&op->tensor[1], X, S, stride);
}

/* A level with a loop over each dim in some order, one of them over the children. */
static void set_level(uint64_t *state, Level *level, int64_t extent[DIMS])
{
    int order[DIMS] = {N, K, C, Y, X, R, S}, across = (int) draw(state, 0, DIMS - 1);
    level->children = draw(state, 1, 9);
    for (int m = 0; m < DIMS; m++) {
        int other = (int) draw(state, m, DIMS - 1), dim = order[other];
        order[other] = order[m];
        int64_t size = draw(state, 1, extent[dim]);
        MapKind kind = m == across ? MAP_SPATIAL : MAP_TEMPORAL;
        level->map[level->n_maps++] = (Map){kind, dim, size, size};
        extent[dim] = size;
    }
}

static void set_machine(uint64_t *state, Machine *machine)
{
    machine->pes = 1024;
    machine->lanes = draw(state, 1, 2);
    machine->clock_hz = 1e9;
    machine_set_offchip(machine, 1e9 * (double) draw(state, 0, 3));
    machine->l2_bytes = draw(state, 0, 3) * 4096;
    for (int t = 0; t < TENSORS_MAX; t++)
        machine->bits[t] = 8;
    for (int l = 0; l < LEVELS_MAX; l++) {
        Noc *noc = &machine->noc[l];
        noc->per_tensor = draw(state, 0, 3) == 0;
        for (int t = 0; t < TENSORS_MAX; t++)
            noc->bandwidth[t] = (Rational){draw(state, 0, 20), draw(state, 1, 3)};
        noc->latency = draw(state, 0, 5);
        noc->multicast = draw(state, 0, 1);
        noc->reduction = draw(state, 0, 1);
        noc->prefetch = (Prefetch) draw(state, PREFETCH_LAYER, PREFETCH_NONE);
    }
}

static Case case_drawn(uint64_t seed)
{
    Case made;
    uint64_t state = seed;
    int64_t extent[DIMS];
    memset(&made, 0, sizeof made);
    set_convolution(&made.layer.op, draw(&state, 1, 2));
    for (int d = 0; d < DIMS; d++)
        extent[d] = made.layer.extent[d] = draw(&state, 1, d == R || d == S ? 3 : 40);
    for (int t = 0; t < TENSORS_MAX; t++)
        made.layer.density[t] = 1;
    made.nest.n_levels = (int) draw(&state, 1, 3);
    for (int l = 0; l < made.nest.n_levels; l++)
        set_level(&state, &made.nest.level[l], extent);
    set_machine(&state, &made.machine);
    return made;
}

/* ---- tests --------------------------------------------------------------------------- */

START_TEST(nothing_is_allocated_once_the_workspace_has_grown)
{
    Workspace *ws = workspace_new();
    Result result;
    int64_t bandwidth[MACHINES], cycles[MACHINES];
    Variants variants = {{bandwidth}, {NULL}};
    for (int i = 0; i < MACHINES; i++)
        bandwidth[i] = i;
    int before = 0;
    for (int round = 0; round < 2; round++) {
        before = g_atomic_int_get(&allocations);
        for (uint64_t seed = 0; seed < CASES; seed++) {
            Case c = case_drawn(seed);
            analysis_run(&c.layer, &c.nest, &c.machine, ws, &result);
            analysis_prepare(&c.layer, &c.nest, ws);
            analysis_time(&c.machine, ws, &result);
            analysis_variants(&c.machine, &variants, MACHINES, ws, cycles);
        }
        if (round == 0 && COUNTED) /* it is counted at all */
            ck_assert_int_gt(g_atomic_int_get(&allocations), before);
    }
    ck_assert_int_eq(g_atomic_int_get(&allocations), before);
    workspace_free(ws);
}
END_TEST

static gpointer evaluate_all(gpointer results)
{
    Workspace *ws = workspace_new();
    for (uint64_t seed = 0; seed < CASES; seed++) {
        Case c = case_drawn(seed);
        analysis_run(&c.layer, &c.nest, &c.machine, ws, (Result *) results + seed);
    }
    workspace_free(ws);
    return NULL;
}

START_TEST(threads_share_nothing)
{
    Result *here = g_new0(Result, CASES), *there = g_new0(Result, CASES);
    GThread *thread = g_thread_new("other", evaluate_all, there);
    evaluate_all(here);
    g_thread_join(thread);
    ck_assert_mem_eq(here, there, CASES * sizeof *here);
    g_free(here);
    g_free(there);
    /* cppcheck-suppress memleak ; g_thread_join frees it */
}
END_TEST

/* Beyond the loops that there are, anything may stand in `outer`. */
static void same_result(const Layer *layer, const Result *a, const Result *b)
{
    Shape shape;
    Result rest = *b;
    OffchipTable of_a, of_b;
    memset(&of_a, 0, sizeof of_a);
    memset(&of_b, 0, sizeof of_b);
    cluster_shape(layer, &shape);
    offchip_table(&shape, a, &of_a);
    offchip_table(&shape, b, &of_b);
    ck_assert_mem_eq(&of_a, &of_b, sizeof of_a);
    memcpy(&rest.outer, &a->outer, sizeof rest.outer);
    ck_assert_mem_eq(a, &rest, sizeof rest);
}

/* What analysis_cycles leaves unknown. */
static void with_parts_of(const Result *whole, Result *result)
{
    result->active_pes = whole->active_pes;
    result->bound_by = whole->bound_by;
    memcpy(result->cycles_by_cause, whole->cycles_by_cause, sizeof whole->cycles_by_cause);
    for (int l = 0; l < whole->n_levels; l++) {
        result->level[l].peak_bandwidth = whole->level[l].peak_bandwidth;
        result->level[l].average_bandwidth = whole->level[l].average_bandwidth;
        result->link[l].in_cycles = whole->link[l].in_cycles;
        result->link[l].out_cycles = whole->link[l].out_cycles;
    }
}

START_TEST(a_prepared_nest_gives_the_same_result)
{
    Workspace *ws = workspace_new();
    for (uint64_t seed = 0; seed < CASES; seed++) {
        Result run = {.status = RESULT_OK}, timed = run;
        Case c = case_drawn(seed);
        analysis_run(&c.layer, &c.nest, &c.machine, ws, &run);
        ck_assert_int_eq(analysis_prepare(&c.layer, &c.nest, ws), RESULT_OK);
        for (int round = 0; round < 2; round++) {
            analysis_time(&c.machine, ws, &timed);
            same_result(&c.layer, &run, &timed);
        }
        analysis_cycles(&c.machine, ws, &timed);
        ck_assert_int_eq(timed.cycles, run.cycles);
        ck_assert_int_eq(timed.onchip_cycles, run.onchip_cycles);
        ck_assert_int_eq(timed.cycles_by_cause[CAUSE_COMPUTE], -1);
        with_parts_of(&run, &timed);
        same_result(&c.layer, &run, &timed);
    }
    workspace_free(ws);
}
END_TEST

/* All but the number of children. */
START_TEST(idle_children_change_nothing)
{
    Workspace *ws = workspace_new();
    int fewer = 0;
    for (uint64_t seed = 0; seed < CASES; seed++) {
        Case c = case_drawn(seed);
        Result all = {0}, busy = {0};
        analysis_run(&c.layer, &c.nest, &c.machine, ws, &all);
        fewer += nest_busy(&c.layer, &c.nest) < c.nest.level[0].children;
        c.nest.level[0].children = nest_busy(&c.layer, &c.nest);
        analysis_run(&c.layer, &c.nest, &c.machine, ws, &busy);
        busy.level[0].children = all.level[0].children;
        ck_assert_mem_eq(&all, &busy, sizeof all);
    }
    ck_assert_int_gt(fewer, 20);
    workspace_free(ws);
}
END_TEST

START_TEST(other_capacities_are_another_machine)
{
    Workspace *ws = workspace_new();
    for (uint64_t seed = 0; seed < CASES; seed++) {
        Case c = case_drawn(seed);
        Result first = {0}, fresh = {0};
        analysis_run(&c.layer, &c.nest, &c.machine, ws, &first);
        c.machine.l2_bytes = (int64_t) (seed % 9) * 1500;
        if (first.status != RESULT_OK)
            continue;
        analysis_capacity(&c.machine, ws, &first);
        analysis_run(&c.layer, &c.nest, &c.machine, ws, &fresh);
        ck_assert_mem_eq(&first, &fresh, sizeof first);
    }
    workspace_free(ws);
}
END_TEST

/* The i-th machine of the variants. */
static Machine machine_of(const Machine *machine, const Variants *variants, int i)
{
    Machine one = *machine;
    for (int l = 0; l < LEVELS_MAX; l++) {
        if (variants->latency[l])
            one.noc[l].latency = variants->latency[l][i];
        if (variants->bandwidth[l]) {
            one.noc[l].per_tensor = false;
            one.noc[l].bandwidth[0] = (Rational){variants->bandwidth[l][i], 1};
        }
    }
    return one;
}

/* Latencies up to `latency_max`; those beyond 2^53 leave the lanes for integers. */
static void compare_variants(uint64_t seed, int64_t latency_max)
{
    static int64_t bandwidth[LEVELS_MAX][MACHINES], latency[LEVELS_MAX][MACHINES];
    int64_t cycles[MACHINES];
    Variants variants = {{NULL}, {NULL}};
    Workspace *ws = workspace_new();
    Case c = case_drawn(seed);
    uint64_t state = seed;
    int n = (int) draw(&state, 1, MACHINES);
    for (int l = 0; l < LEVELS_MAX; l++) {
        for (int i = 0; i < n; i++) {
            bandwidth[l][i] = draw(&state, 0, 50);
            latency[l][i] = draw(&state, 0, 20) * (latency_max / 20);
        }
        variants.bandwidth[l] = draw(&state, 0, 1) ? bandwidth[l] : NULL;
        variants.latency[l] = draw(&state, 0, 1) ? latency[l] : NULL;
    }
    analysis_prepare(&c.layer, &c.nest, ws);
    analysis_variants(&c.machine, &variants, n, ws, cycles);
    for (int i = 0; i < n; i++) {
        Result result;
        Machine one = machine_of(&c.machine, &variants, i);
        analysis_run(&c.layer, &c.nest, &one, ws, &result);
        ck_assert_int_eq(cycles[i], result.status == RESULT_OK ? result.cycles : -1);
    }
    workspace_free(ws);
}

START_TEST(variants_are_what_each_machine_is)
{
    for (uint64_t seed = 0; seed < CASES; seed++) {
        compare_variants(seed, 20);
        compare_variants(seed, INT64_C(1) << 56);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("analysis");
    TCase *tc = tcase_create("evaluations");
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, nothing_is_allocated_once_the_workspace_has_grown);
    tcase_add_test(tc, threads_share_nothing);
    tcase_add_test(tc, a_prepared_nest_gives_the_same_result);
    tcase_add_test(tc, idle_children_change_nothing);
    tcase_add_test(tc, other_capacities_are_another_machine);
    tcase_add_test(tc, variants_are_what_each_machine_is);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
