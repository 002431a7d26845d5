/* Sparse layers against dense ones, in integers: where half of the elements are zeros, a machine is
 * as fast as one with twice the bandwidth on the dense layer, and with four times the MACs of a PE,
 * since either input leaves out half of them.  Nothing is rounded here: an element takes an even
 * number of cycles, and a PE computes a multiple of four MACs. */
#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "engine/analysis.h"
#include "engine/offchip.h"

enum { K, C, Y, R, DIMS, W = 0, I, O, TENSORS, CASES = 3000, EACH = 4 /* channels of a PE */ };

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
} Case;

static uint64_t state;

static int64_t draw(int64_t low, int64_t high)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t) ((state >> 33) % (uint64_t) (high - low + 1));
}

static void add_coord(Operator *op, int tensor, Coord coord)
{
    Tensor *t = &op->tensor[tensor];
    t->coord[t->n_coords++] = coord;
}

/* W[K][C][R], I[C][Y + R], O[K][Y] */
static void set_layer(Layer *layer)
{
    Operator *op = &layer->op;
    op->n_dims = DIMS;
    op->n_tensors = TENSORS;
    op->output = O;
    add_coord(op, W, (Coord){1, {K}, {1}});
    add_coord(op, W, (Coord){1, {C}, {1}});
    add_coord(op, W, (Coord){1, {R}, {1}});
    add_coord(op, I, (Coord){1, {C}, {1}});
    add_coord(op, I, (Coord){2, {Y, R}, {1, 1}});
    add_coord(op, O, (Coord){1, {K}, {1}});
    add_coord(op, O, (Coord){1, {Y}, {1}});
    layer->extent[K] = draw(1, 7);
    layer->extent[C] = EACH * draw(1, 4);
    layer->extent[Y] = draw(1, 9);
    layer->extent[R] = draw(1, 3);
}

/* A level that divides some dim among its children; C only in multiples of EACH. */
static void set_level(Level *level, int64_t extent[DIMS])
{
    int order[DIMS] = {K, C, Y, R}, across = (int) draw(0, DIMS - 1);
    level->children = draw(1, 4);
    for (int m = 0; m < DIMS; m++) {
        int other = (int) draw(m, DIMS - 1), dim = order[other];
        order[other] = order[m];
        int64_t size = dim == C ? EACH * draw(1, extent[C] / EACH) : draw(1, extent[dim]);
        level->map[level->n_maps++] =
            (Map){m == across ? MAP_SPATIAL : MAP_TEMPORAL, dim, size, size};
        extent[dim] = size;
    }
}

static void set_machine(Machine *machine)
{
    bool bits = draw(0, 3) == 0;
    machine->pes = 64;
    machine->lanes = 1;
    machine->clock_hz = 1;
    machine->setup_cycles = draw(0, 9);
    machine->l2_bytes = draw(0, 2) * 60;
    for (int t = 0; t < TENSORS; t++)
        machine->bits[t] = bits ? 8 * draw(1, 3) : 8;
    machine->done_bits = machine->bits[O];
    for (int l = 0; l < LEVELS_MAX; l++) {
        Noc *noc = &machine->noc[l];
        noc->per_tensor = draw(0, 2) == 0;
        noc->in_bits = bits && !noc->per_tensor;
        for (int t = 0; t < TENSORS; t++)
            noc->bandwidth[t] = draw(0, 4) ? (Rational){1, 4 * draw(1, 5)} : (Rational){0, 1};
        noc->latency = draw(0, 5);
        noc->multicast = draw(0, 1);
        noc->reduction = draw(0, 1);
        noc->prefetch = (Prefetch) draw(PREFETCH_LAYER, PREFETCH_STEP);
    }
}

static Case draw_case(void)
{
    Case made;
    int64_t extent[DIMS];
    memset(&made, 0, sizeof made);
    set_layer(&made.layer);
    memcpy(extent, made.layer.extent, sizeof extent);
    made.nest.n_levels = (int) draw(1, 3);
    for (int l = 0; l < made.nest.n_levels; l++)
        set_level(&made.nest.level[l], extent);
    set_machine(&made.machine);
    return made;
}

/* Densities of 1 / share; a channel of its own goes by its tensor's. */
static void set_densities(Case *sparse, Case *dense, const int64_t share[TENSORS])
{
    for (int t = 0; t < TENSORS; t++) {
        sparse->layer.density[t] = 1.0 / (double) share[t];
        dense->layer.density[t] = 1;
        for (int l = 0; l < LEVELS_MAX; l++) {
            Noc *noc = &dense->machine.noc[l];
            noc->bandwidth[t].num *= share[noc->per_tensor ? t : 0];
        }
    }
    dense->machine.lanes = share[W] * share[I];
}

static void expect_same_time(const Result *sparse, const Result *dense)
{
    ck_assert_int_eq(sparse->status, RESULT_OK);
    ck_assert_int_eq(dense->status, RESULT_OK);
    ck_assert_int_eq(sparse->onchip_cycles, dense->onchip_cycles);
    ck_assert_mem_eq(sparse->cycles_by_cause, dense->cycles_by_cause,
                     sizeof sparse->cycles_by_cause);
}

/* All tensors have the same density, so that they can share a channel. */
START_TEST(half_of_all_is_twice_as_fast)
{
    Workspace *ws = workspace_new();
    const int64_t share[TENSORS] = {2, 2, 2};
    state = 1;
    for (int k = 0; k < CASES; k++) {
        Case sparse = draw_case(), dense = sparse;
        Result thin, full;
        Delays of_thin, of_full;
        set_densities(&sparse, &dense, share);
        analysis_run(&sparse.layer, &sparse.nest, &sparse.machine, ws, &thin);
        analysis_delays(ws, &of_thin);
        analysis_run(&dense.layer, &dense.nest, &dense.machine, ws, &full);
        analysis_delays(ws, &of_full);
        expect_same_time(&thin, &full);
        ck_assert_mem_eq(&of_thin, &of_full, sizeof of_thin);
        for (int l = 0; l < sparse.nest.n_levels; l++) {
            ck_assert_double_eq_tol(2 * thin.level[l].peak_bandwidth, full.level[l].peak_bandwidth,
                                    1e-9);
            ck_assert_double_eq_tol(2 * thin.level[l].average_bandwidth,
                                    full.level[l].average_bandwidth, 1e-9);
        }
    }
    workspace_free(ws);
}
END_TEST

/* Each on a channel of its own, and then with densities of their own. */
START_TEST(channels_go_by_their_tensors)
{
    Workspace *ws = workspace_new();
    state = 2;
    for (int k = 0; k < CASES; k++) {
        Case sparse = draw_case();
        const int64_t share[TENSORS] = {1 << draw(0, 1), 1 << draw(0, 1), 1 << draw(0, 1)};
        for (int l = 0; l < LEVELS_MAX; l++) {
            sparse.machine.noc[l].per_tensor = true;
            sparse.machine.noc[l].in_bits = false;
        }
        Case dense = sparse;
        Result thin, full;
        set_densities(&sparse, &dense, share);
        analysis_run(&sparse.layer, &sparse.nest, &sparse.machine, ws, &thin);
        analysis_run(&dense.layer, &dense.nest, &dense.machine, ws, &full);
        expect_same_time(&thin, &full);
    }
    workspace_free(ws);
}
END_TEST

/* Memory too moves what is not zero: half of every tensor at half the rate. */
START_TEST(half_of_all_needs_half_of_memory)
{
    Workspace *ws = workspace_new();
    const int64_t share[TENSORS] = {2, 2, 2};
    state = 3;
    for (int k = 0; k < CASES; k++) {
        Case sparse = draw_case(), dense = sparse;
        Result thin, full;
        set_densities(&sparse, &dense, share);
        sparse.machine.stays_onchip[draw(0, 5) % TENSORS] = draw(0, 3) == 0;
        memcpy(dense.machine.stays_onchip, sparse.machine.stays_onchip,
               sizeof dense.machine.stays_onchip);
        int64_t rate = draw(1, 8);
        bool elements = draw(0, 2) == 0;
        sparse.machine.offchip = dense.machine.offchip =
            (OffchipRate){{rate, elements ? 4 : 1}, elements, false};
        dense.machine.offchip.rate.num *= 2;
        analysis_run(&sparse.layer, &sparse.nest, &sparse.machine, ws, &thin);
        analysis_run(&dense.layer, &dense.nest, &dense.machine, ws, &full);
        ck_assert_int_eq(thin.offchip_cycles, full.offchip_cycles);
        ck_assert_int_eq(thin.cycles, full.cycles);
        ck_assert_double_eq_tol(2 * offchip_traffic(&sparse.layer, &sparse.machine, &thin),
                                offchip_traffic(&dense.layer, &dense.machine, &full), 1e-9);
        ck_assert_double_eq_tol(thin.utilization, full.utilization, 1e-9);
    }
    workspace_free(ws);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sparse");
    TCase *tests = tcase_create("sparse");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, half_of_all_is_twice_as_fast);
    tcase_add_test(tests, channels_go_by_their_tensors);
    tcase_add_test(tests, half_of_all_needs_half_of_memory);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
