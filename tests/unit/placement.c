/* Nests on a hierarchy: a law broken at a time, and random ones, which are read back from their
 * text to the same nest. */
#include "ir/hierarchy.h"
#include "ir/placement.h"

#include <check.h>
#include <string.h>

#include "lib/lib.h"

static const char *const machine_text =
    "Accelerator \"h\" { Hierarchy {\n"
    "  Memory DRAM { Holds: Input, Output }  Memory WDRAM { Holds: Weight }\n"
    "  Memory GLB { }  Memory Mid { Holds: Input, Weight }\n"
    "  Fanout Column 6 { Dims: K, C, X' }  Memory Buf { }\n"
    "  Fanout Row 4  Memory WReg { Holds: Weight }  Memory Reg { Holds: Input, Output }\n"
    "  MAC { Lanes: 1 } } }\n"
    "Network \"n\" { Layer L { Type: CONV Dimensions { K: 12, C: 6, Y': 7, X': 8, R: 3, S: 3 } } "
    "}\n";

enum { DRAM = 1, WDRAM, GLB, MID, BUF, WREG, REG, COLUMN = 1, ROW };
enum { N, K, C, Y, X, R, S, DIMS };
enum { W, I, O };

/* The one layer under a dataflow. */
static dcc_job *read_job(dcc_context *context, const char *dataflow)
{
    const char *words[] = {NULL};
    g_autofree char *text = g_strconcat(machine_text, dataflow, NULL);
    dcc_plan *plan = dcc_parse(context, text, words);
    ck_assert_msg(plan != NULL, "%s%s", dataflow, dcc_messages(context));
    dcc_job *job = dcc_job_new(plan, 0);
    ck_assert_msg(job != NULL, "%s%s", dataflow, dcc_messages(context));
    dcc_plan_free(plan);
    return job;
}

/* ---- laws ---- */

/* Two levels: the six columns, then the rows. */
static Nest legal_nest(void)
{
    Nest nest = {.n_levels = 3};
    nest.level[0] = (Level){.children = 1,
                            .n_maps = 1,
                            .map = {{MAP_TEMPORAL, C, 2, 2}},
                            .passes = 1u << W,
                            .memory = {[I] = GLB, [O] = GLB}};
    nest.level[1] = (Level){.children = 6,
                            .n_maps = 1,
                            .map = {{MAP_SPATIAL, K, 2, 2}},
                            .passes = 1u << I,
                            .fanout = COLUMN,
                            .memory = {[W] = BUF, [O] = BUF}};
    nest.level[2] = (Level){.children = 4,
                            .n_maps = 1,
                            .map = {{MAP_SPATIAL, Y, 2, 2}},
                            .passes = 1u << W | 1u << I,
                            .fanout = ROW,
                            .memory = {[O] = REG}};
    return nest;
}

static void too_many(Nest *nest)
{
    nest->level[1].children = 7;
    nest->level[2].children = 2; /* of all PEs there are enough */
}

static void cannot_divide(Nest *nest)
{
    nest->level[1].map[0].dim = Y;
}

static void no_fanout(Nest *nest)
{
    nest->level[2].fanout = 0;
}

static void fanouts_reversed(Nest *nest)
{
    nest->level[1].fanout = ROW;
    nest->level[1].children = 4;
    nest->level[2].fanout = COLUMN;
    nest->level[2].children = 4;
    nest->level[2].map[0].dim = C;
}

static void memory_between_parts(Nest *nest)
{
    nest->level[1].children = 2;
    nest->level[2].fanout = COLUMN;
    nest->level[2].children = 2;
    nest->level[2].rest = true;
    nest->level[2].map[0] = (Map){MAP_SPATIAL, K, 1, 1};
    memset(nest->level[2].memory, 0, sizeof nest->level[2].memory);
    nest->level[2].passes = 7;
}

static void not_there_yet(Nest *nest)
{
    nest->level[0].memory[O] = BUF;
}

static void passed_already(Nest *nest)
{
    nest->level[2].memory[O] = BUF;
    nest->level[1].memory[O] = 0;
    nest->level[1].passes |= 1u << O;
}

static void cannot_hold(Nest *nest)
{
    nest->level[2].memory[O] = WREG;
}

static void names_a_root(Nest *nest)
{
    nest->level[0].memory[O] = DRAM;
}

static void passes_and_holds(Nest *nest)
{
    nest->level[0].passes = 7;
}

static const struct {
    void (*mend)(Nest *nest);
    NestLaw law;
    int level;
} broken[] = {{too_many, NEST_TOO_MANY_UNITS, 1},
              {cannot_divide, NEST_CANNOT_DIVIDE, 1},
              {no_fanout, NEST_AGAINST_ORDER, 2},
              {fanouts_reversed, NEST_AGAINST_ORDER, 1},
              {memory_between_parts, NEST_AGAINST_ORDER, 2},
              {not_there_yet, NEST_AGAINST_ORDER, 0},
              {passed_already, NEST_AGAINST_ORDER, 2},
              {cannot_hold, NEST_CANNOT_HOLD, 2},
              {names_a_root, NEST_CANNOT_HOLD, 0},
              {passes_and_holds, NEST_CANNOT_HOLD, 0}};

START_TEST(a_law_is_broken)
{
    dcc_context *context = dcc_open();
    dcc_job *job = read_job(context, "Dataflow { TemporalMap(1,1) K; }");
    Nest nest = legal_nest();
    NestFault fault = nest_check(&job->layer, &nest, job->machine);
    ck_assert_int_eq(fault.law, NEST_LEGAL);
    broken[_i].mend(&nest);
    fault = nest_check(&job->layer, &nest, job->machine);
    ck_assert_int_eq(fault.law, broken[_i].law);
    ck_assert_int_eq(fault.level, broken[_i].level);
    dcc_job_free(job);
    dcc_close(context);
}
END_TEST

/* ---- which lines are one cut ---- */

/* "1 W:GLB", levels separated by "|", or "6@1 -" for a fan-out's units that hold nothing, "+" for
 * a later part. */
static char *describe_cuts(const dcc_job *job)
{
    GString *text = g_string_new(NULL);
    for (int l = 0; l < job->nest->n_levels; l++) {
        const Level *level = &job->nest->level[l];
        g_string_append_printf(text, "%s%d", l > 0 ? " | " : "", (int) level->children);
        if (level->fanout > 0)
            g_string_append_printf(text, "@%d%s", level->fanout, level->rest ? "+" : "");
        for (int t = 0; t < 3; t++) {
            ck_assert_int_eq(level->passes >> t & 1, level->memory[t] == 0);
            if (level->memory[t] > 0)
                g_string_append_printf(text, " %s:%s", job->layer.op.tensor[t].name,
                                       job->machine->memory[level->memory[t] - 1].name);
        }
    }
    return g_string_free(text, FALSE);
}

static const struct {
    const char *lines, *cuts;
} cut[] = {
    {"TemporalMap(1,1) K;", "1"},
    {"Level;", "1"},
    {"Buffer(GLB);", "1 W:GLB I:GLB O:GLB"},
    {"Buffer(GLB) Weight; TemporalMap(1,1) K;", "1 W:GLB | 1"},
    {"Buffer(GLB) Weight; Buffer(GLB) I, Output;", "1 W:GLB I:GLB O:GLB"},
    {"Buffer(GLB) Weight; TemporalMap(1,1) K; Buffer(GLB) I;", "1 W:GLB | 1 I:GLB"},
    /* a tensor named a second time */
    {"Buffer(GLB) Input, Output; Buffer(Mid);", "1 I:GLB O:GLB | 1 W:Mid I:Mid"},
    {"Buffer(GLB) Output; Buffer(Mid);", "1 W:Mid I:Mid O:GLB"},
    {"Buffer(GLB) Input; Buffer(Mid); Buffer(GLB) Output;", "1 I:GLB | 1 W:Mid I:Mid O:GLB"},
    /* a fan-out begins a cut, whatever stands before it */
    {"Buffer(GLB); Fanout(Column);", "1 W:GLB I:GLB O:GLB | 6@1"},
    {"Fanout(Column); Buffer(Buf) Output; Fanout(Row); Buffer(WReg); Buffer(Reg) Input;",
     "6@1 O:Buf | 4@2 W:WReg I:Reg"},
    {"Fanout(Column); TemporalMap(1,1) K; Buffer(Buf); TemporalMap(1,1) C;",
     "6@1 | 1 W:Buf I:Buf O:Buf | 1"},
    /* an empty cut is its own */
    {"Level; Buffer(GLB) Input;", "1 | 1 I:GLB"},
    {"Buffer(GLB) Input; Level; Level;", "1 I:GLB | 1 | 1"},
    /* parts */
    {"Fanout(Column, 2); Fanout(Column); Buffer(Buf) Weight;", "2@1 | 3@1+ W:Buf"},
    {"Fanout(Column, 4); Level; Fanout(Column, 1);", "4@1 | 1 | 1@1+"},
    {"Fanout(Column, 1); Fanout(Column, 6);", "1@1 | 6@1+"},
    {"Fanout(Row, min(3, Sz(C)));", "3@2"},
};

START_TEST(lines_are_cut)
{
    dcc_context *context = dcc_open();
    g_autofree char *text = g_strdup_printf("Dataflow { %s }", cut[_i].lines);
    dcc_job *job = read_job(context, text);
    g_autofree char *cuts = describe_cuts(job);
    ck_assert_str_eq(cuts, cut[_i].cuts);
    dcc_job_free(job);
    dcc_close(context);
}
END_TEST

/* ---- random nests ---- */

typedef struct {
    GRand *rand;
    const Machine *machine;
    int passed;
    int64_t left; /* units of the last fan-out that are not taken */
    bool held;    /* a memory is named inside it */
    int memory[TENSORS_MAX];
    int64_t interval[DIMS_MAX];
} Draw;

static bool one_in(Draw *draw, int n)
{
    return g_rand_int_range(draw->rand, 0, n) == 0;
}

static void draw_maps(Draw *draw, Level *level, unsigned spread)
{
    bool spatial = false;
    for (int d = 0; d < DIMS; d++) {
        int64_t size = g_rand_int_range(draw->rand, 1, (int) draw->interval[d] + 1);
        bool divides = !spatial && spread >> d & 1 && size < draw->interval[d];
        if (!one_in(draw, 3))
            continue;
        level->map[level->n_maps++] = (Map){divides ? MAP_SPATIAL : MAP_TEMPORAL, d, size, size};
        spatial |= divides;
        draw->interval[d] = size;
    }
}

static void draw_fanout(Draw *draw, Level *level)
{
    int f = draw->passed;
    level->rest = f > 0 && !draw->held && one_in(draw, 2);
    if (level->rest)
        f--;
    if (f == draw->machine->n_fanouts)
        return;
    if (!level->rest)
        draw->left = draw->machine->fanout[f].size;
    level->fanout = f + 1;
    level->children = g_rand_int_range(draw->rand, 1, (int) draw->left + 1);
    draw->left /= level->children;
    draw->held &= level->rest;
    draw->passed = f + 1;
}

static void draw_memories(Draw *draw, Level *level)
{
    for (int t = 0; t < 3; t++)
        for (int m = 0; m < draw->machine->n_memories; m++) {
            const Memory *memory = &draw->machine->memory[m];
            if (memory->root || memory->fanouts != draw->passed || !(memory->holds >> t & 1) ||
                m + 1 <= draw->memory[t] || level->memory[t] != 0 || !one_in(draw, 2))
                continue;
            level->memory[t] = draw->memory[t] = m + 1;
            level->passes &= ~(1u << t);
            draw->held = true;
        }
}

static void draw_level(Draw *draw, Level *level, bool last)
{
    *level = (Level){.children = 1, .passes = 7};
    if (!last && one_in(draw, 2))
        draw_fanout(draw, level);
    bool fanout = level->fanout > 0;
    unsigned dims = fanout ? draw->machine->fanout[level->fanout - 1].dims : 0;
    draw_maps(draw, level, !fanout ? 0 : dims != 0 ? dims : (1u << DIMS) - 1);
    if (level->fanout == 0)
        level->rest = false;
    if (!last)
        draw_memories(draw, level);
}

static Nest draw_nest(GRand *rand, const Layer *layer, const Machine *machine)
{
    Draw draw = {.rand = rand, .machine = machine};
    Nest nest = {.n_levels = g_rand_int_range(rand, 1, LEVELS_MAX + 1)};
    memcpy(draw.interval, layer->extent, sizeof draw.interval);
    for (int l = 0; l < nest.n_levels; l++)
        draw_level(&draw, &nest.level[l], l + 1 == nest.n_levels && one_in(&draw, 2));
    return nest;
}

static bool same_level(const Level *x, const Level *y)
{
    bool same = x->children == y->children && x->n_maps == y->n_maps && x->passes == y->passes &&
                x->fanout == y->fanout && x->rest == y->rest &&
                memcmp(x->memory, y->memory, sizeof x->memory) == 0;
    for (int m = 0; m < x->n_maps && same; m++)
        same = memcmp(&x->map[m], &y->map[m], sizeof *x->map) == 0;
    return same;
}

static bool joins(const Nest *nest)
{
    for (int l = 0; l < nest->n_levels; l++)
        if (placement_joins(nest, l))
            return true;
    return false;
}

START_TEST(a_nest_is_read_back)
{
    dcc_context *context = dcc_open();
    dcc_job *first = read_job(context, "Dataflow { TemporalMap(1,1) K; }");
    GRand *rand = g_rand_new_with_seed((guint32) _i);
    int exact = 0;
    for (int i = 0; i < 50; i++) {
        Nest nest = draw_nest(rand, &first->layer, first->machine);
        NestLaw law = nest_check(&first->layer, &nest, first->machine).law;
        g_autofree char *text =
            g_string_free(nest_print(&first->layer, &nest, first->machine, "drawn"), FALSE);
        ck_assert_msg(law == NEST_LEGAL || law == NEST_NO_SPATIAL, "%d: %s", law, text);
        dcc_job *job = read_job(context, text);
        bool same = job->nest->n_levels == nest.n_levels;
        for (int l = 0; l < nest.n_levels && same; l++)
            same = same_level(&nest.level[l], &job->nest->level[l]);
        ck_assert_msg(same || joins(&nest), "%s", text);
        exact += same;
        g_autofree char *again =
            g_string_free(nest_print(&job->layer, job->nest, job->machine, "drawn"), FALSE);
        ck_assert_str_eq(text, again);
        dcc_job_free(job);
    }
    ck_assert_int_gt(exact, 20);
    g_rand_free(rand);
    dcc_job_free(first);
    dcc_close(context);
}
END_TEST

/* ---- links ---- */

/* A root of latency 2; loops, a fan-out of latency 5 in two parts. */
START_TEST(latencies_add_up)
{
    Machine machine = {.n_memories = 2, .n_fanouts = 1, .pes = 4, .lanes = 1};
    machine.memory[0] = (Memory){.name = "DRAM", .root = true, .holds = 7, .latency = 2};
    machine.memory[1] = (Memory){.name = "GLB", .holds = 7, .latency = 3};
    machine.fanout[0] = (Fanout){.name = "PE", .size = 4, .memories = 2, .noc = {.latency = 5}};
    Nest nest = {.n_levels = 4};
    for (int l = 0; l < 4; l++)
        nest.level[l] = (Level){.children = l < 2 ? 1 : 2, .passes = 7, .fanout = l < 2 ? 0 : 1};
    nest.level[1].passes = 0;
    nest.level[1].memory[W] = nest.level[1].memory[I] = nest.level[1].memory[O] = 2;
    nest.level[3].rest = true;
    hierarchy_place(&nest, 3, &machine);
    ck_assert_int_eq(machine.noc[0].latency, 3); /* no fan-out: 1, and DRAM's */
    ck_assert_int_eq(machine.noc[1].latency, 1); /* nothing stands there */
    ck_assert_int_eq(machine.noc[2].latency, 8); /* PE's, and GLB's */
    ck_assert_int_eq(machine.noc[3].latency, 1); /* a later part costs nothing */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("placement");
    TCase *tests = tcase_create("placement");
    tcase_add_loop_test(tests, a_law_is_broken, 0, G_N_ELEMENTS(broken));
    tcase_add_loop_test(tests, lines_are_cut, 0, G_N_ELEMENTS(cut));
    tcase_add_loop_test(tests, a_nest_is_read_back, 0, 20);
    tcase_add_test(tests, latencies_add_up);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
