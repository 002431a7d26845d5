/* Timelines: cases that are worked out by hand, and random ones, whose every claim is checked by
 * code of its own (timecheck.h). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw.h"
#include "timecheck.h"

enum { CASES = 4000, NODES = 14, PIECES = 64, CORES = 4, LINKS = 8 };

/* A plan with room for all that it points to. */
typedef struct {
    PlanNode node[NODES];
    PlanPiece piece[PIECES];
    int needs[NODES][PIECES], makes[NODES][PIECES], readers[PIECES][NODES];
    PlanCore core[CORES];
    PlanLink link[LINKS];
    PlanRoute route[(CORES + 1) * (CORES + 1)];
    int links[(CORES + 1) * (CORES + 1)][3];
    int of[NODES], order[NODES], depth[NODES];
    int64_t cycles[NODES], bits[2 * CORES];
    double pj[NODES];
    PlanGraph graph;
    PlanSystem system;
    Plan plan;
} Case;

static void case_begin(Case *c, int nodes, int cores)
{
    *c = (Case){.graph = {nodes, 0, c->node, c->piece},
                .system = {cores, 0, c->core, c->link, c->route, 100, 150, 64},
                .plan = {&c->graph, &c->system, c->of, c->order, c->cycles, c->pj, c->bits}};
    for (int n = 0; n < nodes; n++) {
        c->node[n] = (PlanNode){0, 0, c->needs[n], c->makes[n]};
        c->cycles[n] = 10;
        c->pj[n] = 1;
        c->order[n] = n;
    }
    for (int i = 0; i < 2 * CORES; i++)
        c->bits[i] = 8;
    for (int k = 0; k < cores; k++)
        c->core[k] = (PlanCore){.n_memories = 1};
}

static int add_piece(Case *c, int maker, PlanRole role, int64_t elements, bool leaves)
{
    int p = c->graph.n_pieces++;
    c->piece[p] = (PlanPiece){maker, role, 0, elements, 0, c->readers[p], leaves};
    if (maker >= 0)
        c->makes[maker][c->node[maker].n_makes++] = p;
    return p;
}

/* Readers are added in ascending order. */
static void add_reader(Case *c, int piece, int node)
{
    c->readers[piece][c->piece[piece].n_readers++] = node;
    c->needs[node][c->node[node].n_needs++] = piece;
}

static void set_route(Case *c, int from, int to, int n, const int *link)
{
    int i = from * (c->system.n_cores + 1) + to;
    for (int k = 0; k < n; k++)
        c->links[i][k] = link[k];
    c->route[i] = (PlanRoute){n, c->links[i]};
}

/* All cores on one bus of 32 bit, off-chip memory with a port of 64 bit behind it. */
static void one_bus(Case *c)
{
    int offchip = c->system.n_cores;
    c->system.n_links = 2;
    c->link[0] = (PlanLink){{32, 1}, 0.5};
    c->link[1] = (PlanLink){{64, 1}, 0};
    for (int a = 0; a <= offchip; a++)
        for (int b = 0; b <= offchip; b++)
            if (a != b)
                set_route(c, a, b, a == offchip || b == offchip ? 2 : 1, (int[]){0, 1});
}

static void run_case(Case *c, Timeline *line)
{
    TimeCheck check;
    timeline_run(&c->plan, true, line);
    ck_assert_int_eq(line->status, TIMELINE_OK);
    ck_assert_str_eq(timecheck_run(&check, &c->plan, line), "");
}

/* ---- by hand ---- */

/* 16 B of weights, 8 B of input, 4 B of output over 4 B a cycle: 0 to 4, 4 to 6; the node 6 to 16;
 * its output 16 to 17. */
START_TEST(one_node)
{
    Case c;
    Timeline line;
    case_begin(&c, 1, 1);
    one_bus(&c);
    add_reader(&c, add_piece(&c, -1, PLAN_WEIGHT, 16, false), 0);
    add_reader(&c, add_piece(&c, -1, PLAN_INPUT, 8, false), 0);
    add_piece(&c, 0, PLAN_OUTPUT, 4, true);
    run_case(&c, &line);
    ck_assert_int_eq(line.start[0], 6);
    ck_assert_int_eq(line.end[0], 16);
    ck_assert_int_eq(line.cycles, 17);
    ck_assert_int_eq(line.peak[0], 28 * 8);
    ck_assert_double_eq_tol(line.link_pj, 28 * 8 * 0.5, 1e-9);
    ck_assert_double_eq_tol(line.offchip_pj, 2 * 100 + 1 * 100 + 1 * 150, 1e-9);
    timeline_clear(&line);
}
END_TEST

/* Two cores need the same weights at time 0: one transfer brings them to both. */
START_TEST(one_transfer_for_two)
{
    Case c;
    Timeline line;
    case_begin(&c, 2, 2);
    one_bus(&c);
    c.of[1] = 1;
    int weights = add_piece(&c, -1, PLAN_WEIGHT, 16, false);
    add_reader(&c, weights, 0);
    add_reader(&c, weights, 1);
    add_piece(&c, 0, PLAN_OUTPUT, 4, true);
    add_piece(&c, 1, PLAN_OUTPUT, 4, true);
    run_case(&c, &line);
    ck_assert_int_eq(line.start[0], 4);
    ck_assert_int_eq(line.start[1], 4);
    ck_assert_int_eq(line.cycles, 16); /* outputs one after the other: 14 to 15, 15 to 16 */
    ck_assert_int_eq(line.read_bits, 16 * 8);
    timeline_clear(&line);
}
END_TEST

/* A producer and a consumer on two cores: 0 to 10, over the bus 10 to 12, 12 to 22. */
START_TEST(from_core_to_core)
{
    Case c;
    Timeline line;
    case_begin(&c, 2, 2);
    one_bus(&c);
    c.of[1] = 1;
    add_reader(&c, add_piece(&c, 0, PLAN_OUTPUT, 8, false), 1);
    add_piece(&c, 1, PLAN_OUTPUT, 1, true);
    run_case(&c, &line);
    ck_assert_int_eq(line.start[1], 12);
    ck_assert_int_eq(line.cycles, 23);
    ck_assert_int_eq(line.read_bits, 0);
    timeline_clear(&line);
}
END_TEST

/* The second node's weights come while the first one runs, as it starts: 4 to 8, not after it. */
START_TEST(the_next_ones_are_brought_meanwhile)
{
    Case c;
    Timeline line;
    case_begin(&c, 2, 1);
    one_bus(&c);
    add_reader(&c, add_piece(&c, -1, PLAN_WEIGHT, 16, false), 0);
    add_reader(&c, add_piece(&c, -1, PLAN_WEIGHT, 16, false), 1);
    add_reader(&c, add_piece(&c, 0, PLAN_OUTPUT, 4, false), 1);
    add_piece(&c, 1, PLAN_OUTPUT, 4, true);
    run_case(&c, &line);
    ck_assert_int_eq(line.start[1], 14);
    ck_assert_int_eq(line.cycles, 25);
    ck_assert_int_eq(g_array_index(line.transfers, PlanTransfer, 1).start, 4);
    timeline_clear(&line);
}
END_TEST

/* Three nodes of which the first and the last share 8 B, in 20 B: the second one needs 8 B and
 * makes 8 B.  What the first made, with the latest next use, is written, 10 to 12, and fetched
 * again. */
START_TEST(what_is_used_last_is_evicted)
{
    Case c;
    Timeline line;
    case_begin(&c, 3, 1);
    one_bus(&c);
    c.core[0].capacity_bits[0] = 20 * 8;
    add_reader(&c, add_piece(&c, 0, PLAN_OUTPUT, 8, false), 2);
    add_reader(&c, add_piece(&c, -1, PLAN_INPUT, 8, false), 1);
    add_reader(&c, add_piece(&c, 1, PLAN_OUTPUT, 8, false), 2);
    add_piece(&c, 2, PLAN_OUTPUT, 4, true);
    run_case(&c, &line);
    ck_assert_int_eq(line.end[0], 10);
    ck_assert_int_eq(line.start[1], 12);
    ck_assert_int_eq(line.written_bits, (8 + 4) * 8);
    /* fetched once the second is over and has let go of its input: 22 to 24 */
    ck_assert_int_eq(line.start[2], 24);
    ck_assert_int_eq(line.cycles, 35);
    timeline_clear(&line);
}
END_TEST

START_TEST(no_room_at_all)
{
    Case c;
    Timeline line;
    case_begin(&c, 1, 1);
    one_bus(&c);
    c.core[0].capacity_bits[0] = 19 * 8;
    add_reader(&c, add_piece(&c, -1, PLAN_WEIGHT, 16, false), 0);
    add_piece(&c, 0, PLAN_OUTPUT, 4, true);
    timeline_run(&c.plan, false, &line);
    ck_assert_int_eq(line.status, TIMELINE_MISFIT);
    ck_assert_int_eq(line.misfit.node, 0);
    ck_assert_int_eq(line.misfit.need_bits, 20 * 8);
    timeline_clear(&line);
}
END_TEST

START_TEST(times_that_do_not_fit)
{
    Case c;
    Timeline line;
    case_begin(&c, 2, 1);
    one_bus(&c);
    c.cycles[0] = c.cycles[1] = INT64_MAX - 5;
    add_piece(&c, 0, PLAN_OUTPUT, 4, true);
    add_piece(&c, 1, PLAN_OUTPUT, 4, true);
    timeline_run(&c.plan, false, &line);
    ck_assert_int_eq(line.status, TIMELINE_OVERFLOW);
    timeline_clear(&line);
    ck_assert_int_eq(plan_transfer(&c.system, &c.route[1], INT64_MAX / 2), INT64_MAX / 64 + 1);
}
END_TEST

/* ---- random ---- */

static void draw_graph(Case *c, uint64_t *draw)
{
    int nodes = c->graph.n_nodes;
    for (int i = 0; i < 6; i++) {
        int p =
            add_piece(c, -1, i % 2 ? PLAN_WEIGHT : PLAN_INPUT, draw_between(draw, 1, 60), false);
        c->piece[p].width = (int) draw_between(draw, 0, 1);
        for (int n = 0; n < nodes; n++)
            if (draw_percent(draw, 30))
                add_reader(c, p, n);
    }
    for (int n = 0; n < nodes; n++)
        for (int64_t i = draw_between(draw, 1, 3); i > 0; i--) {
            int p = add_piece(c, n, PLAN_OUTPUT, draw_between(draw, 1, 60), draw_percent(draw, 20));
            for (int r = n + 1; r < nodes; r++)
                if (draw_percent(draw, 30))
                    add_reader(c, p, r);
        }
    for (int n = 0; n < nodes; n++) {
        c->cycles[n] = draw_between(draw, 1, 60);
        c->pj[n] = (double) draw_between(draw, 0, 100);
        c->depth[n] = (int) draw_between(draw, 0, 5);
        c->of[n] = (int) draw_between(draw, 0, c->system.n_cores - 1);
    }
}

/* One bus; or a bus of the cores and one of each to off-chip memory; or a line of cores with
 * off-chip memory at the first. */
static void draw_links(Case *c, uint64_t *draw)
{
    int cores = c->system.n_cores, kind = (int) draw_between(draw, 0, 2);
    one_bus(c);
    c->system.n_links = LINKS;
    for (int l = 0; l < LINKS; l++)
        c->link[l] =
            (PlanLink){{draw_between(draw, 1, 64), draw_between(draw, 1, 3)}, (double) (l % 3)};
    for (int k = 0; k < cores && kind == 1; k++) {
        set_route(c, k, cores, 2, (int[]){2 + k, 1});
        set_route(c, cores, k, 2, (int[]){2 + k, 1});
    }
    for (int a = 0; a <= cores && kind == 2; a++)
        for (int b = 0; b <= cores; b++) {
            int low = MIN(a, b) % cores, high = MAX(a, b) % cores, n = 0, link[4];
            for (int k = MIN(low, high); k < MAX(low, high) && a < cores && b < cores; k++)
                link[n++] = k;
            if (a == cores || b == cores) {
                for (int k = 0; k < MIN(a, b) && n < 2; k++)
                    link[n++] = k;
                link[n++] = 7;
            }
            if (a != b)
                set_route(c, a, b, MIN(n, 3), link);
        }
}

/* What the node asks most of, and up to twice that, in memories of their own or one. */
static void draw_memories(Case *c, uint64_t *draw)
{
    for (int k = 0; k < c->system.n_cores; k++) {
        PlanMisfit misfit;
        PlanCore *core = &c->core[k];
        core->n_memories = (int) draw_between(draw, 1, 3);
        for (int r = 0; r < PLAN_ROLES; r++)
            core->memory_of[r] = (int) draw_between(draw, 0, core->n_memories - 1);
        for (int m = 0; m < core->n_memories; m++)
            core->capacity_bits[m] = draw_percent(draw, 10) ? 0 : 1;
        while (!plan_fits(&c->plan, &misfit) && misfit.core == k)
            core->capacity_bits[misfit.memory] = misfit.need_bits;
        for (int m = 0; m < core->n_memories; m++)
            if (draw_percent(draw, 50))
                core->capacity_bits[m] += core->capacity_bits[m] * draw_between(draw, 0, 100) / 100;
    }
}

static void draw_case(Case *c, uint64_t seed)
{
    uint64_t draw = seed;
    case_begin(c, (int) draw_between(&draw, 1, NODES), (int) draw_between(&draw, 1, CORES));
    for (int i = 0; i < 2 * c->system.n_cores; i++)
        c->bits[i] = draw_percent(&draw, 70) ? 8 : draw_between(&draw, 1, 32);
    draw_graph(c, &draw);
    draw_links(c, &draw);
    plan_order(&c->plan, (PlanPriority) draw_between(&draw, 0, PLAN_PRIORITIES - 1), c->depth, NULL,
               c->order);
    for (int k = 0; k < c->system.n_cores; k++)
        c->core[k] = (PlanCore){.n_memories = 1};
    draw_memories(c, &draw);
}

START_TEST(random_ones_are_valid)
{
    const char *given = g_getenv("TIMELINE_SEED");
    uint64_t seed = given ? g_ascii_strtoull(given, NULL, 0) : 20250705;
    int shared = 0, evicted = 0;
    printf("# TIMELINE_SEED=%" G_GUINT64_FORMAT "\n", seed);
    for (int i = 0; i < CASES; i++) {
        Case *c = g_new(Case, 1);
        Timeline line, again;
        TimeCheck check;
        draw_case(c, draw_seed(seed, (uint64_t) i));
        timeline_run(&c->plan, true, &line);
        ck_assert_int_eq(line.status, TIMELINE_OK);
        const char *why = timecheck_run(&check, &c->plan, &line);
        ck_assert_msg(*why == '\0', "case %d: %s", i, why);
        for (guint t = 0; t < line.transfers->len; t++) {
            shared += g_array_index(line.transfers, PlanTransfer, t).with >= 0;
            evicted += g_array_index(line.transfers, PlanTransfer, t).evicts;
        }
        timeline_run(&c->plan, false, &again);
        ck_assert_int_eq(again.cycles, line.cycles);
        timeline_clear(&again);
        timeline_clear(&line);
        g_free(c);
    }
    printf("# %d transfers shared, %d evictions\n", shared, evicted);
    ck_assert_int_gt(shared, CASES / 4); /* what the rules are for comes up */
    ck_assert_int_gt(evicted, CASES / 4);
}
END_TEST

/* The checks find what is wrong: a node that is moved, a stay that is cut. */
START_TEST(wrong_ones_are_found)
{
    int nodes = 0, stays = 0;
    for (int i = 0; i < 50; i++) {
        Case *c = g_new(Case, 1);
        Timeline line;
        TimeCheck check;
        draw_case(c, draw_seed(7, (uint64_t) i));
        timeline_run(&c->plan, true, &line);
        line.start[0]++;
        nodes += *timecheck_run(&check, &c->plan, &line) != '\0';
        line.start[0]--;
        g_array_index(line.stays, PlanStay, 0).bits += 1 << 20;
        stays += *timecheck_run(&check, &c->plan, &line) != '\0';
        timeline_clear(&line);
        g_free(c);
    }
    ck_assert_int_eq(nodes, 50);
    ck_assert_int_eq(stays, 50);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tests = tcase_create("timeline");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, one_node);
    tcase_add_test(tests, one_transfer_for_two);
    tcase_add_test(tests, from_core_to_core);
    tcase_add_test(tests, the_next_ones_are_brought_meanwhile);
    tcase_add_test(tests, what_is_used_last_is_evicted);
    tcase_add_test(tests, no_room_at_all);
    tcase_add_test(tests, times_that_do_not_fit);
    tcase_add_test(tests, random_ones_are_valid);
    tcase_add_test(tests, wrong_ones_are_found);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
