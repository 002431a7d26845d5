/* Placing what is auto: against all ways, counted one by one. */
#include <check.h>
#include <glib.h>

#include "engine/cost.h"
#include "ir/hierarchy.h"
#include "run/autoplace.h"

enum { ROUNDS = 200 };

static int64_t between(GRand *random, int64_t low, int64_t high)
{
    return low + g_rand_int_range(random, 0, (gint32) (high - low + 1));
}

/* C[M][N] = A[M][K] B[K][N]. */
static Layer gemm(int64_t m, int64_t n, int64_t k)
{
    Layer layer = {.name = "L", .count = 1, .extent = {m, n, k}, .density = {1, 1, 1}};
    Operator *op = &layer.op;
    op->type = "GEMM";
    op->n_dims = op->n_tensors = 3;
    op->dim[0] = "M";
    op->dim[1] = "N";
    op->dim[2] = "K";
    static const int coords[3][2] = {{0, 2}, {2, 1}, {0, 1}};
    static const char *const names[] = {"A", "B", "C"};
    for (int t = 0; t < 3; t++) {
        op->tensor[t] = (Tensor){.name = names[t], .role = (TensorRole) t, .n_coords = 2};
        for (int c = 0; c < 2; c++)
            op->tensor[t].coord[c] = (Coord){1, {coords[t][c], 0}, {1, 0}};
    }
    op->output = 2;
    return layer;
}

static Memory memory_of(const char *name, bool root, int64_t bytes)
{
    return (Memory){.name = name, .root = root, .holds = 7, .capacity_bytes = bytes};
}

/* DRAM and a buffer; MACs. */
static Machine machine_of(int64_t bytes)
{
    Machine machine = {.pes = 1, .lanes = 1, .clock_hz = 1e9, .bits = {8, 8, 8}, .done_bits = 8};
    machine.n_memories = 2;
    machine.memory[0] = memory_of("DRAM", true, 0);
    machine.memory[1] = memory_of("GLB", false, bytes);
    return machine;
}

/* Loops over all dims, the line somewhere among them. */
static Nest nest_of(GRand *random, const Layer *layer)
{
    Nest nest = {.n_levels = 2, .n_autos = 1, .autos = {{2, 0}}};
    int order[3] = {0, 1, 2}, before = (int) between(random, 0, 3);
    for (int i = 0; i < 2; i++) {
        int other = (int) between(random, i, 2), swap = order[i];
        order[i] = order[other];
        order[other] = swap;
    }
    for (int l = 0; l < 2; l++)
        nest.level[l] = (Level){.children = 1, .passes = 7};
    nest.level[0].joint = true;
    for (int i = 0; i < 3; i++) {
        Level *level = &nest.level[i >= before];
        int64_t size = between(random, 1, layer->extent[order[i]]);
        level->map[level->n_maps++] = (Map){MAP_TEMPORAL, order[i], size, size};
    }
    return nest;
}

typedef struct {
    int64_t bytes, need;
} Outcome;

static Outcome outcome_of(const Layer *layer, const Nest *nest, Machine machine, Workspace *ws)
{
    static Result result;
    Outcome outcome = {0, 0};
    hierarchy_place(nest, 3, &machine);
    analysis_run(layer, nest, &machine, ws, &result);
    ck_assert_int_eq(result.status, RESULT_OK);
    for (int t = 0; t < 3; t++)
        outcome.bytes +=
            result.place[0].reads[t] + result.place[0].writes[t] + result.place[0].psum_reads[t];
    for (int m = 1; m < machine.n_memories; m++)
        outcome.need += cost_required(&result, m);
    return outcome;
}

/* All maps in a row; tensor t is held inside at[t] of them, or nowhere (4). */
static Nest held_at(const Nest *from, const int at[3])
{
    Nest nest = {.n_levels = 0};
    Map map[3];
    int n = 0;
    for (int l = 0; l < 2; l++)
        for (int m = 0; m < from->level[l].n_maps; m++)
            map[n++] = from->level[l].map[m];
    for (int place = 0; place <= 3; place++) {
        Level *level = &nest.level[nest.n_levels++];
        *level = (Level){.children = 1, .passes = 7};
        if (place > 0)
            level->map[level->n_maps++] = map[place - 1];
        for (int t = 0; t < 3; t++)
            if (at[t] == place) {
                level->passes &= ~(1u << t);
                level->memory[t] = 2;
            }
    }
    return nest;
}

static Outcome best_of_all(const Layer *layer, const Nest *from, const Machine *machine,
                           Workspace *ws)
{
    Outcome best = {INT64_MAX, 0};
    for (int way = 0; way < 125; way++) {
        const int at[3] = {way % 5, way / 5 % 5, way / 25};
        Nest nest = held_at(from, at);
        Outcome outcome = outcome_of(layer, &nest, *machine, ws);
        bool less =
            outcome.bytes < best.bytes || (outcome.bytes == best.bytes && outcome.need < best.need);
        if (outcome.need <= machine->memory[1].capacity_bytes && less)
            best = outcome;
    }
    return best;
}

START_TEST(no_way_is_better)
{
    Workspace *ws = workspace_new();
    GRand *random = g_rand_new_with_seed(1);
    for (int i = 0; i < ROUNDS; i++) {
        Layer layer = gemm(between(random, 1, 9), between(random, 1, 9), between(random, 1, 9));
        Machine machine = machine_of(between(random, 1, 120));
        if (between(random, 0, 2) == 0)
            machine.memory[0].prefetch = PREFETCH_NONE;
        Nest nest = nest_of(random, &layer);
        Outcome best = best_of_all(&layer, &nest, &machine, ws);
        ck_assert(autoplace(&layer, &nest, &machine, ws));
        ck_assert_int_eq(nest.n_autos, 0);
        Outcome placed = outcome_of(&layer, &nest, machine, ws);
        ck_assert_msg(placed.bytes == best.bytes && placed.need == best.need,
                      "round %d: %d bytes with %d held, the best has %d with %d", (int) i,
                      (int) placed.bytes, (int) placed.need, (int) best.bytes, (int) best.need);
    }
    g_rand_free(random);
    workspace_free(ws);
}
END_TEST

/* The maps that a fan-out divides stay inside; one dim may be mapped on both sides of the line. */
START_TEST(a_line_is_no_cut)
{
    Workspace *ws = workspace_new();
    Layer layer = gemm(8, 8, 8);
    Machine machine = machine_of(1000);
    machine.n_fanouts = 1;
    machine.fanout[0] =
        (Fanout){.name = "PE", .size = 4, .memories = 2, .noc = {.multicast = true}};
    machine.pes = 4;
    Nest nest = {.n_levels = 2, .n_autos = 1, .autos = {{2, 0}}};
    nest.level[0] = (Level){.children = 1, .passes = 7, .joint = true, .n_maps = 1};
    nest.level[0].map[0] = (Map){MAP_TEMPORAL, 0, 4, 4};
    nest.level[1] = (Level){.children = 4, .passes = 7, .fanout = 1, .n_maps = 2};
    nest.level[1].map[0] = (Map){MAP_TEMPORAL, 0, 1, 1};
    nest.level[1].map[1] = (Map){MAP_SPATIAL, 1, 1, 1};
    ck_assert(autoplace(&layer, &nest, &machine, ws));
    ck_assert(nest_check(&layer, &nest, &machine).law == NEST_LEGAL);
    for (int l = 0; l + 1 < nest.n_levels; l++)
        for (int m = 0; m < nest.level[l].n_maps; m++)
            ck_assert_int_eq(nest.level[l].map[m].kind, MAP_TEMPORAL);
    workspace_free(ws);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("autoplace");
    TCase *tests = tcase_create("autoplace");
    tcase_add_test(tests, no_way_is_better);
    tcase_add_test(tests, a_line_is_no_cut);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
