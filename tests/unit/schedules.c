/* Schedules of whole problems: every allocation of the labs' networks has a valid timeline, and
 * none is below the bounds; what the search says is the least is so. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/bounds.h"
#include "timecheck.h"

/* What stands in the fleet's files, with a split of its own. */
static const char network[] =
    "Network \"net\" {\n"
    "  Layer one { Type: CONV, Padding { X: 1, Y: 1 }, Dimensions { K: 8, C: 3, Y: 12, X: 12, R: "
    "3, S: 3 } }\n"
    "  Layer left { Type: CONV, From: one, Padding { X: 1, Y: 1 }, Stride { X: 2, Y: 2 }\n"
    "    Dimensions { K: 4, C: 8, Y': 6, X': 6, R: 3, S: 3 } }\n"
    "  Layer right { Type: POOL, From: one, Stride { X: 2, Y: 2 }, Dimensions { C: 8, Y': 6, X': "
    "6, R: 2, S: 2 } }\n"
    "  Layer both { Type: CONV, From: left, right, Dimensions { K: 4, C: 12, Y: 6, X: 6, R: 1, S: "
    "1 } }\n"
    "  Layer sum { Type: ADD, From { A: both; B: left }, Dimensions { C: 4, Y': 6, X': 6 } }\n"
    "}\n"
    "Dataflow \"rows\" { SpatialMap(1,1) Y'; TemporalMap(1,1) K; }\n"
    "Dataflow \"filters\" { SpatialMap(1,1) K; TemporalMap(4,4) C; }\n"
    "System \"two\" {\n"
    "  Core a { Accelerator: \"paper256.hw\", Dataflow: \"rows\" }\n"
    "  Core b { Accelerator: \"zz-accelerator1.hw\", Dataflow: \"zz-accelerator1.m\" }\n"
    "  Core c { Accelerator: \"paper256.hw\", Dataflow: \"filters\" }\n"
    "  Mesh 1x3 { Bandwidth: 16 bit/cycle, Energy: 2 pJ/bit }\n"
    "  Link port { Connects: a, OffChip; Bandwidth: 24 bit/cycle, Energy: 1 pJ/bit }\n"
    "  OffChip { Bandwidth: 64 bit/cycle, Read: 100 pJ, Write: 150 pJ }\n"
    "}\n";

typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Fleet *fleet;
    Problem *problem;
} Setting;

static void setting_begin(Setting *s, const char *split, int images)
{
    g_autofree char *text = g_strdup_printf("%s%s", network, split);
    ProblemOptions options = {.images = images, .moves = 100};
    g_autoptr(GError) error = NULL;
    s->arena = arena_new();
    s->sources = sources_new(s->arena);
    s->diag = diag_new(s->sources, s->arena);
    ck_assert(sources_give(s->sources, "net.m", text, strlen(text), NULL));
    FleetRequest request = {"net.m", NULL};
    s->fleet = fleet_read(&request, s->diag, &error);
    diag_print(s->diag, stdout, false);
    ck_assert_ptr_nonnull(s->fleet);
    s->problem = problem_new(s->fleet, &options, s->diag);
    diag_print(s->diag, stdout, false);
    ck_assert_ptr_nonnull(s->problem);
}

static void setting_end(Setting *s)
{
    problem_free(s->problem);
    fleet_free(s->fleet);
    diag_free(s->diag);
    sources_free(s->sources);
    arena_free(s->arena);
}

static const char *const splits[] = {"", "Split { *: Y' all }",
                                     "Split { *: Y' 3; both: K 3, Y' 2 }",
                                     "Split { *: X' 2, Y' 2; one: K 2 }"};

/* The next choice; false after the last. */
static bool next_choice(const Problem *problem, int *choice)
{
    for (int l = 0; l < problem->fleet->n_layers; l++) {
        if (++choice[l] < problem->layer[l].n && !problem->layer[l].dealt)
            return true;
        choice[l] = 0;
    }
    return false;
}

START_TEST(all_allocations_are_valid)
{
    Setting s;
    setting_begin(&s, splits[_i / 2], 1 + _i % 2);
    int choice[8] = {0}, all = 0;
    double least[3] = {INFINITY, INFINITY, INFINITY};
    ChooseBounds any;
    ProblemPlan plan;
    problem_plan_begin(s.problem, &plan);
    bounds_fill(s.problem, NULL, &any);
    do {
        Timeline line;
        TimeCheck check;
        ChooseBounds own;
        problem_plan(s.problem, choice, all % 2 ? PLAN_MEMORY : PLAN_LATENCY, &plan);
        timeline_run(&plan.plan, true, &line);
        ck_assert_int_eq(line.status, TIMELINE_OK);
        if (all % 7 == 0)
            ck_assert_str_eq(timecheck_run(&check, &plan.plan, &line), "");
        bounds_fill(s.problem, choice, &own);
        for (int o = 0; o < 3; o++) {
            double value = choose_value((ChooseObjective) o, &line);
            ck_assert_double_le(bounds_value((ChooseObjective) o, &own), value);
            ck_assert_double_le(bounds_value((ChooseObjective) o, &any),
                                bounds_value((ChooseObjective) o, &own) * (1 + 1e-12));
            if (all % 2 == 0)
                least[o] = fmin(least[o], value);
        }
        timeline_clear(&line);
        all++;
    } while (next_choice(s.problem, choice));
    ck_assert_int_gt(all, 20);
    problem_plan_end(&plan);
    setting_end(&s);
}
END_TEST

/* The least over all choices, tried one by one. */
START_TEST(the_search_finds_the_least)
{
    Setting s;
    setting_begin(&s, splits[_i], 1);
    for (int o = 0; o < 3; o++) {
        int choice[8] = {0};
        double least = INFINITY;
        ChooseOptions options = {
            .objective = (ChooseObjective) o, .moves = 400, .seed = 1, .threads = 3};
        Chosen chosen;
        TimelineStatus status;
        PlanMisfit misfit;
        ProblemPlan plan;
        problem_plan_begin(s.problem, &plan);
        do {
            Timeline line;
            problem_plan(s.problem, choice, PLAN_LATENCY, &plan);
            timeline_run(&plan.plan, false, &line);
            least = fmin(least, choose_value((ChooseObjective) o, &line));
            timeline_clear(&line);
        } while (next_choice(s.problem, choice));
        problem_plan_end(&plan);
        ck_assert(choose_run(s.problem, &options, &chosen, &status, &misfit));
        ck_assert(chosen.optimal);
        ck_assert_double_eq(chosen.value, least);
        ck_assert_double_eq(chosen.gap, 0);
        choose_clear(&chosen);
    }
    setting_end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("schedules");
    TCase *tests = tcase_create("schedules");
    g_autofree char *path =
        g_strdup_printf("%s/hardware:%s/dataflows", g_getenv("SRCDIR"), g_getenv("SRCDIR"));
    g_setenv("DCC_PATH", path, TRUE);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, all_allocations_are_valid, 0, 2 * (int) G_N_ELEMENTS(splits));
    tcase_add_loop_test(tests, the_search_finds_the_least, 0, (int) G_N_ELEMENTS(splits));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
