/* Counts in closed form are those of the table of cases: layers of real networks with tiles that do
 * not divide, up to four levels.  (Small ones of every kind meet the simulator in `differential`.)
 * And one nest by hand. */
#include "engine/analysis.h"
#include "engine/offchip.h"

#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef DCC_SANITIZE
enum { NESTS = 100 };
#else
enum { NESTS = 2000 }; /* of each layer */
#endif

enum { N, K, C, Y, X, R, S, DIMS };

typedef enum { DENSE, DEPTHWISE, MATRIX } Kind;

static const struct {
    const char *what;
    Kind kind;
    int64_t stride, dilation, extent[DIMS];
} layers[] = {
    {"VGG-16 CONV2", DENSE, 1, 1, {1, 64, 64, 224, 224, 3, 3}},
    {"ResNet-50 CONV1", DENSE, 2, 1, {1, 64, 3, 112, 112, 7, 7}},
    {"ResNet-50 projection", DENSE, 2, 1, {1, 512, 256, 28, 28, 1, 1}},
    {"AlexNet CONV1", DENSE, 4, 1, {4, 96, 3, 55, 55, 11, 11}},
    {"DeepLab, dilation 12", DENSE, 1, 12, {1, 256, 256, 65, 65, 3, 3}},
    {"stride 3, dilation 2", DENSE, 3, 2, {2, 30, 20, 50, 50, 9, 5}},
    {"MobileNetV2 depth-wise", DEPTHWISE, 2, 1, {1, 1, 144, 28, 28, 3, 3}},
    {"BERT attention", MATRIX, 1, 1, {12, 512, 64, 512, 1, 1, 1}},
    {"VGG-16 FC1", DENSE, 1, 1, {1, 4096, 25088, 1, 1, 1, 1}},
};

static int64_t draw(uint64_t *state, int64_t low, int64_t high)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t) ((*state >> 33) % (uint64_t) (high - low + 1));
}

/* ---- cases --------------------------------------------------------------------------- */

static void add_coords(Tensor *tensor, const char *name, TensorRole role, const int *dim, int n)
{
    tensor->name = name;
    tensor->role = role;
    for (int c = 0; c < n; c++)
        tensor->coord[tensor->n_coords++] = (Coord){1, {dim[c], 0}, {1, 0}};
}

static void add_window(Tensor *tensor, int64_t stride, int64_t dilation)
{
    tensor->coord[tensor->n_coords++] = (Coord){2, {Y, R}, {stride, dilation}};
    tensor->coord[tensor->n_coords++] = (Coord){2, {X, S}, {stride, dilation}};
}

static Layer layer_of(size_t i)
{
    Layer layer;
    Operator *op = &layer.op;
    Kind kind = layers[i].kind;
    memset(&layer, 0, sizeof layer);
    for (int d = 0; d < DIMS; d++) {
        layer.extent[d] = layers[i].extent[d];
        op->dim[d] = (const char *[]){"N", "K", "C", "Y'", "X'", "R", "S"}[d];
    }
    for (int t = 0; t < TENSORS_MAX; t++)
        layer.density[t] = 1;
    op->n_dims = DIMS;
    op->n_tensors = 3;
    op->output = 2;
    if (kind == MATRIX) { /* A[N][K][C] B[N][C][Y'] C[N][K][Y'] */
        add_coords(&op->tensor[0], "A", ROLE_INPUT, (int[]){N, K, C}, 3);
        add_coords(&op->tensor[1], "B", ROLE_INPUT, (int[]){N, C, Y}, 3);
        add_coords(&op->tensor[2], "C", ROLE_OUTPUT, (int[]){N, K, Y}, 3);
        return layer;
    }
    add_coords(&op->tensor[0], "W", ROLE_WEIGHT, (int[]){K, C, R, S}, 4);
    add_coords(&op->tensor[1], "I", ROLE_INPUT, (int[]){N, C}, 2);
    add_window(&op->tensor[1], layers[i].stride, layers[i].dilation);
    add_coords(&op->tensor[2], "O", ROLE_OUTPUT, (int[]){N, kind == DEPTHWISE ? C : K, Y, X}, 4);
    return layer;
}

/* Some of the dims in some order, one of them over the children; most chunks are large, or there
 * would be more cases than can be gone through. */
static void set_level(uint64_t *state, Level *level, int64_t extent[DIMS])
{
    int order[DIMS] = {N, K, C, Y, X, R, S}, n = (int) draw(state, 3, DIMS);
    level->children = draw(state, 0, 5) ? draw(state, 2, 20) : 1;
    int across = draw(state, 0, 9) ? (int) draw(state, 0, n - 1) : -1;
    for (int m = 0; m < n; m++) {
        int other = (int) draw(state, m, DIMS - 1), dim = order[other];
        order[other] = order[m];
        int64_t size = draw(state, (extent[dim] + 3) / 4, extent[dim]);
        if (m == across || draw(state, 0, 5) == 0)
            size = draw(state, 1, (extent[dim] + 3) / 4);
        MapKind kind = m == across ? MAP_SPATIAL : MAP_TEMPORAL;
        level->map[level->n_maps++] = (Map){kind, dim, size, size};
        extent[dim] = size;
    }
}

static Machine machine_drawn(uint64_t *state)
{
    Machine machine;
    memset(&machine, 0, sizeof machine);
    machine.pes = 1;
    machine.lanes = 1;
    machine.clock_hz = 1e9;
    machine.l2_bytes = draw(state, 0, 3) * 65536;
    for (int t = 0; t < TENSORS_MAX; t++) {
        machine.bits[t] = (int) draw(state, 1, 32);
        machine.stays_onchip[t] = draw(state, 0, 5) == 0;
    }
    for (int l = 0; l < LEVELS_MAX; l++) {
        for (int t = 0; t < TENSORS_MAX; t++)
            machine.noc[l].bandwidth[t] = (Rational){0, 1};
        machine.noc[l].multicast = draw(state, 0, 1);
        machine.noc[l].reduction = draw(state, 0, 1);
        machine.noc[l].prefetch = (Prefetch) draw(state, 0, PREFETCH_STEP);
    }
    return machine;
}

/* ---- comparing ------------------------------------------------------------------------- */

static void compare_bytes(const char *what, uint64_t seed, const void *a, const void *b, size_t n)
{
    if (memcmp(a, b, n))
        ck_abort_msg("%s, seed %" PRIu64, what, seed);
}

/* What moves at every residency depth. */
static void compare_depths(const Layer *layer, uint64_t seed, const Result *a, const Result *b)
{
    Shape shape;
    OffchipTable of_a, of_b;
    cluster_shape(layer, &shape);
    offchip_table(&shape, a, &of_a);
    offchip_table(&shape, b, &of_b);
    ck_assert_int_eq(of_a.depths, of_b.depths);
    for (int t = 0; t < layer->op.n_tensors; t++)
        compare_bytes("off-chip table", seed, of_a.row[t], of_b.row[t],
                      (size_t) of_a.depths * sizeof *of_a.row[t]);
}

static void compare(const Layer *layer, uint64_t seed, const Result *closed, const Result *table)
{
    size_t tensors = (size_t) layer->op.n_tensors;
    ck_assert_int_eq(closed->macs, table->macs);
    ck_assert_int_eq(closed->copies, table->copies);
    ck_assert_int_eq(closed->effectual_macs, table->effectual_macs);
    ck_assert_int_eq(closed->ideal_cycles, table->ideal_cycles);
    ck_assert_int_eq(closed->n_levels, table->n_levels);
    for (int l = 0; l < table->n_levels; l++) {
        const LevelResult *a = &closed->level[l], *b = &table->level[l];
        ck_assert_int_eq(a->children, b->children);
        ck_assert_int_eq(a->steps, b->steps);
        compare_bytes("counts", seed, a->tensor, b->tensor, tensors * sizeof *a->tensor);
    }
    compare_depths(layer, seed, closed, table);
#define SAME(member, n)                                                                            \
    compare_bytes(#member, seed, &closed->member, &table->member, (n) * sizeof table->member)
    SAME(tensor_size[0], tensors);
    SAME(offchip.depth[0], tensors);
    SAME(offchip.row[0], tensors);
    SAME(l1_required_bytes, 1);
    SAME(l2_required_bytes, 1);
    SAME(buffer_required_bytes[1], (size_t) table->n_levels - 1);
    SAME(l1_reads[0], tensors);
    SAME(l1_writes[0], tensors);
    SAME(l2_reads[0], tensors);
    SAME(l2_writes[0], tensors);
    SAME(reuse[0], tensors);
#undef SAME
}

START_TEST(counts_are_those_of_the_cases)
{
    Layer layer = layer_of((size_t) _i);
    Workspace *ws = workspace_new();
    for (uint64_t seed = 0; seed < NESTS; seed++) {
        Result closed, table;
        Nest nest;
        uint64_t state = seed * 1000 + (uint64_t) _i;
        int64_t extent[DIMS];
        memset(&nest, 0, sizeof nest);
        memcpy(extent, layer.extent, sizeof extent);
        nest.n_levels = 1 + (int) (seed % 4);
        for (int l = 0; l < nest.n_levels; l++)
            set_level(&state, &nest.level[l], extent);
        Machine machine = machine_drawn(&state);
        analysis_run(&layer, &nest, &machine, ws, &table);
        analysis_count(&layer, &nest, &machine, ws, &closed);
        ck_assert_int_eq(table.status, RESULT_OK);
        ck_assert_int_eq(closed.status, RESULT_OK);
        compare(&layer, seed, &closed, &table);
    }
    workspace_free(ws);
}
END_TEST

/* Y' 6 outputs, R 3, C 2, of two children Y' each; first C, then Y', the window whole:
 *
 *     step         C 0, Y' 0..3   C 0, Y' 4..5   C 1, Y' 0..3   C 1, Y' 4..5
 *     child 0 of I    rows 0..3      rows 4..7      rows 0..3      rows 4..7
 *     child 1              2..5                         2..5
 *
 * Nothing stays: I is read 6 + 4 + 6 + 4 times, filled 8 + 4 + 8 + 4; O comes 6 times with each C
 * and goes up as often, in the second one with a partial sum; W stays while Y' advances. */
START_TEST(one_by_hand)
{
    Layer layer = layer_of(0);
    Workspace *ws = workspace_new();
    uint64_t state = 1;
    Machine machine = machine_drawn(&state);
    Result result;
    Nest nest = {.n_levels = 1,
                 .level = {{.children = 2,
                            .n_maps = 2,
                            .map = {{MAP_TEMPORAL, C, 1, 1}, {MAP_SPATIAL, Y, 2, 2}}}}};
    const int64_t extent[DIMS] = {1, 1, 2, 6, 1, 3, 1};
    memcpy(layer.extent, extent, sizeof extent);
    machine.noc[0].multicast = machine.noc[0].reduction = true;
    analysis_count(&layer, &nest, &machine, ws, &result);
    const TensorCounts *w = &result.level[0].tensor[0], *i = &result.level[0].tensor[1],
                       *o = &result.level[0].tensor[2];
    ck_assert_int_eq(result.status, RESULT_OK);
    ck_assert_int_eq(result.macs, 36);
    ck_assert_int_eq(result.level[0].steps, 4);
    ck_assert_int_eq(i->reads, 20);
    ck_assert_int_eq(i->fills, 24);
    ck_assert_int_eq(i->tile_max, 4);
    ck_assert_int_eq(i->union_max, 6);
    ck_assert_int_eq(w->reads, 6);
    ck_assert_int_eq(w->fills, 12);
    ck_assert_int_eq(o->writes, 12);
    ck_assert_int_eq(o->drains, 12);
    ck_assert_int_eq(o->psum_reads, 6);
    workspace_free(ws);
}
END_TEST

START_TEST(what_does_not_fit_is_said)
{
    Layer layer = layer_of(0);
    Workspace *ws = workspace_new();
    uint64_t state = 1;
    Machine machine = machine_drawn(&state);
    Result result;
    Nest nest = {.n_levels = 1,
                 .level = {{.children = 0, .n_maps = 0, .map = {{MAP_TEMPORAL, 0, 0, 0}}}}};
    analysis_count(&layer, &nest, &machine, ws, &result);
    ck_assert_int_eq(result.status, RESULT_TOO_MANY_PES);
    nest.level[0].children = 4; /* which all do the same */
    layer.extent[K] = layer.extent[C] = INT64_C(1) << 20;
    layer.extent[Y] = INT64_C(1) << 20;
    layer.extent[X] = layer.extent[R] = layer.extent[S] = 1;
    analysis_count(&layer, &nest, &machine, ws, &result);
    ck_assert_int_eq(result.status, RESULT_OK);
    ck_assert_int_eq(result.macs, INT64_C(1) << 60);
    ck_assert_int_eq(result.copies, 4);
    nest.level[0].children = 8;
    analysis_count(&layer, &nest, &machine, ws, &result);
    ck_assert_int_eq(result.status, RESULT_OVERFLOW);
    workspace_free(ws);
}
END_TEST

START_TEST(times_are_unknown)
{
    Layer layer = layer_of(0);
    Workspace *ws = workspace_new();
    uint64_t state = 1;
    Machine machine = machine_drawn(&state);
    Result result;
    Nest nest = {.n_levels = 1,
                 .level = {{.children = 2, .n_maps = 1, .map = {{MAP_SPATIAL, K, 1, 1}}}}};
    analysis_count(&layer, &nest, &machine, ws, &result);
    ck_assert_int_eq(result.status, RESULT_OK);
    ck_assert_int_eq(result.cycles, -1);
    ck_assert_int_eq(result.onchip_cycles, -1);
    ck_assert(isnan(result.utilization));
    ck_assert(isnan(result.level[0].peak_bandwidth));
    workspace_free(ws);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("counts");
    TCase *tc = tcase_create("closed form");
    tcase_set_timeout(tc, 0);
    tcase_add_loop_test(tc, counts_are_those_of_the_cases, 0, sizeof layers / sizeof *layers);
    tcase_add_test(tc, one_by_hand);
    tcase_add_test(tc, what_does_not_fit_is_said);
    tcase_add_test(tc, times_are_unknown);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
