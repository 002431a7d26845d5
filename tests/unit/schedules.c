/* Schedules of whole problems: every choice of cores and splits has a valid timeline, and none is
 * below the bounds; what the search says is the least is so. */
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
    FleetRequest request = {.model = "net.m"};
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

static const char *const splits[] = {"",
                                     "Split { *: Y' all }",
                                     "Split { *: Y' 3; both: K 3, Y' 2 }",
                                     "Split { *: X' 2, Y' 2; one: K 2 }",
                                     "Split { *: none or Y' 3; one: K 2 or X' 2, Y' 3 }\n"
                                     "Allocate { *: a, c; sum: c }",
                                     "Split { *: Y' 2 or Y' all or K 4; one: Y' 5; both: none }"};

/* Of so many choices one is looked at. */
static const int strides[] = {1, 1, 1, 1, 1, 47};

/* The next choice; false after the last. */
static bool next_choice(const Problem *problem, int *choice)
{
    for (int l = 0; l < problem->fleet->n_layers; l++) {
        if (++choice[l] < problem->layer[l].n)
            return true;
        choice[l] = 0;
    }
    return false;
}

/* Bounds of a choice, and of all: below what it comes to, and not apart from each other. */
static void check_bounds(const Bounds *bounds, const int *choice, const ChooseBounds *any,
                         const Timeline *line)
{
    ChooseBounds own;
    bounds_fill(bounds, choice, &own);
    for (int o = 0; o < 3; o++) {
        double value = choose_value((ChooseObjective) o, line);
        ck_assert_double_le(bounds_value((ChooseObjective) o, &own), value);
        ck_assert_double_le(bounds_value((ChooseObjective) o, any),
                            bounds_value((ChooseObjective) o, &own) * (1 + 1e-12));
    }
}

/* The same of a plan that has met no other splits. */
static void check_alone(const Problem *problem, const int *choice, PlanPriority priority,
                        const Timeline *same)
{
    ProblemPlan plan;
    Timeline line;
    problem_plan_begin(problem, &plan);
    ck_assert(problem_plan(problem, choice, priority, &plan));
    timeline_run(&plan.plan, false, &line);
    ck_assert_int_eq(line.cycles, same->cycles);
    ck_assert_int_eq(line.transfers->len, same->transfers->len);
    timeline_clear(&line);
    problem_plan_end(&plan);
}

START_TEST(all_choices_are_valid)
{
    Setting s;
    setting_begin(&s, splits[_i / 2], 1 + _i % 2);
    int choice[8] = {0}, all = 0;
    ChooseBounds any;
    ProblemPlan plan;
    Bounds *bounds = bounds_new(s.problem);
    problem_plan_begin(s.problem, &plan);
    bounds_fill(bounds, NULL, &any);
    do {
        Timeline line;
        TimeCheck check;
        if (all++ % strides[_i / 2] != 0)
            continue;
        ck_assert(problem_plan(s.problem, choice, (PlanPriority) (all % PLAN_PRIORITIES), &plan));
        timeline_run(&plan.plan, true, &line);
        ck_assert_int_eq(line.status, TIMELINE_OK);
        if (all % 5 == 0) {
            ck_assert_str_eq(timecheck_run(&check, &plan.plan, &line), "");
            check_alone(s.problem, choice, (PlanPriority) (all % PLAN_PRIORITIES), &line);
        }
        check_bounds(bounds, choice, &any, &line);
        timeline_clear(&line);
    } while (next_choice(s.problem, choice));
    ck_assert_int_gt(all, 20);
    problem_plan_end(&plan);
    bounds_free(bounds);
    setting_end(&s);
}
END_TEST

/* The least over all choices and orders, tried one by one. */
static double least_of_all(const Problem *problem, ChooseObjective objective)
{
    int choice[8] = {0};
    double least = INFINITY;
    ProblemPlan plan;
    problem_plan_begin(problem, &plan);
    do {
        for (int p = 0; p < PLAN_PRIORITIES; p++) {
            Timeline line;
            ck_assert(problem_plan(problem, choice, (PlanPriority) p, &plan));
            timeline_run(&plan.plan, false, &line);
            least = fmin(least, choose_value(objective, &line));
            timeline_clear(&line);
        }
    } while (next_choice(problem, choice));
    problem_plan_end(&plan);
    return least;
}

static void check_chosen(const Problem *problem, ChooseOptions options, double least)
{
    double first = NAN;
    for (options.threads = 1; options.threads <= 4; options.threads *= 2) {
        Chosen chosen;
        TimeCheck check;
        ck_assert(choose_run(problem, &options, &chosen));
        ck_assert_str_eq(timecheck_run(&check, &chosen.plan.plan, &chosen.timeline), "");
        if (chosen.optimal) {
            ck_assert_double_eq(chosen.value, least);
            ck_assert_double_eq(chosen.gap, 0);
        } else {
            ck_assert_double_ge(chosen.value, least);
        }
        ck_assert_double_le(chosen.bound, least);
        if (options.threads > 1)
            ck_assert_double_eq(chosen.value, first);
        first = chosen.value;
        choose_clear(&chosen);
    }
}

START_TEST(the_search_finds_the_least)
{
    Setting s;
    setting_begin(&s, splits[_i], 1);
    for (int o = 0; o < 3; o++) {
        ChooseOptions options = {
            .objective = (ChooseObjective) o, .priority = PLAN_PRIORITIES, .moves = 200, .seed = 1};
        check_chosen(s.problem, options, least_of_all(s.problem, options.objective));
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
    tcase_add_loop_test(tests, all_choices_are_valid, 0, 2 * (int) G_N_ELEMENTS(splits));
    tcase_add_loop_test(tests, the_search_finds_the_least, 0, (int) G_N_ELEMENTS(splits) - 1);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
