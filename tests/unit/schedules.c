/* Schedules of whole problems: every choice of cores and splits has a valid timeline, and none is
 * below the bounds; what the search says is the least is so. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
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

static void setting_begin(Setting *s, const char *text, int images)
{
    ProblemOptions options = {.images = images, .moves = 100};
    g_autoptr(GError) error = NULL;
    s->arena = arena_new();
    s->sources = sources_new(s->arena);
    s->diag = diag_new(s->sources, s->arena);
    ck_assert(sources_give(s->sources, "net.m", text, strlen(text), NULL));
    FleetRequest request = {.model = "net.m"};
    s->fleet = fleet_read(&request, s->diag, &error);
    diag_print(s->diag, "dcc", stdout, false);
    ck_assert_ptr_nonnull(s->fleet);
    s->problem = problem_new(s->fleet, &options, s->diag);
    diag_print(s->diag, "dcc", stdout, false);
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
    g_autofree char *text = g_strdup_printf("%s%s", network, splits[_i / 2]);
    setting_begin(&s, text, 1 + _i % 2);
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
    g_autofree char *text = g_strdup_printf("%s%s", network, splits[_i]);
    setting_begin(&s, text, 1);
    for (int o = 0; o < 3; o++) {
        ChooseOptions options = {
            .objective = (ChooseObjective) o, .priority = PLAN_PRIORITIES, .moves = 200, .seed = 1};
        check_chosen(s.problem, options, least_of_all(s.problem, options.objective));
    }
    setting_end(&s);
}
END_TEST

/* ---- random ones ---- */

enum { CASES = 80 };

static const char *draw_split(uint64_t *draw)
{
    static const char *const list[] = {"Y' 2", "Y' all", "X' 3",      "K 2",
                                       "K 4",  "X' 2",   "K 2, Y' 2", "Y' 2, X' 2"};
    return list[draw_between(draw, 0, G_N_ELEMENTS(list) - 1)];
}

static void draw_layer(uint64_t *draw, int l, int size, GString *text)
{
    int a = (int) draw_between(draw, 0, MAX(l - 1, 0)),
        b = (int) draw_between(draw, 0, MAX(l - 1, 0));
    g_autofree char *from = l > 0 ? g_strdup_printf("From: l%d; ", a) : g_strdup("");
    if (l > 0 && draw_percent(draw, 25))
        g_string_append_printf(text,
                               "Layer l%d { Type: ADD, From { A: l%d; B: l%d } Dimensions { C: 4, "
                               "Y': %d, X': %d } }\n",
                               l, a, b, size, size);
    else
        g_string_append_printf(text,
                               "Layer l%d { Type: CONV, %sPadding { X: 1, Y: 1 }, "
                               "Dimensions { K: 4, C: 4, Y: %d, X: %d, R: 3, S: 3 } }\n",
                               l, from, size, size);
}

/* Two to four layers of four channels, each of one or two before it, on three cores whose links are
 * often too narrow, with a few splits to choose from. */
static char *draw_text(uint64_t *draw)
{
    GString *text = g_string_new("Network \"net\" {\n");
    int layers = (int) draw_between(draw, 2, 4), size = (int) draw_between(draw, 3, 7);
    for (int l = 0; l < layers; l++)
        draw_layer(draw, l, size, text);
    g_string_append(text, strstr(network, "}\nDataflow"));
    g_string_append(text, "Allocate { *: a, c }\nSplit { *: none");
    for (int64_t n = draw_between(draw, 0, layers > 3 ? 1 : 2); n > 0; n--) {
        g_autofree char *split = g_strdup_printf(" or %s", draw_split(draw));
        if (strstr(text->str, split) == NULL)
            g_string_append(text, split);
    }
    g_string_append(text, " }\n");
    return g_string_free(text, FALSE);
}

/* Bounds of each choice, and of all of them; what the search says is the least is so. */
static void check_case(uint64_t seed)
{
    uint64_t draw = seed;
    g_autofree char *text = draw_text(&draw);
    int choice[8] = {0}, images = 1 + (int) draw_between(&draw, 0, 1);
    double least = INFINITY;
    Setting s;
    ChooseBounds any;
    ProblemPlan plan;
    setting_begin(&s, text, images);
    Bounds *bounds = bounds_new(s.problem);
    bounds_fill(bounds, NULL, &any);
    problem_plan_begin(s.problem, &plan);
    do
        for (int p = 0; p < PLAN_PRIORITIES; p++) {
            Timeline line;
            ck_assert(problem_plan(s.problem, choice, (PlanPriority) p, &plan));
            timeline_run(&plan.plan, false, &line);
            check_bounds(bounds, choice, &any, &line);
            least = fmin(least, choose_value(CHOOSE_LATENCY, &line));
            timeline_clear(&line);
        }
    while (next_choice(s.problem, choice));
    problem_plan_end(&plan);
    bounds_free(bounds);
    check_chosen(s.problem, (ChooseOptions){.priority = PLAN_PRIORITIES, .moves = 50, .seed = 1},
                 least);
    setting_end(&s);
}

START_TEST(random_ones_hold)
{
    const char *given = g_getenv("SCHEDULES_SEED");
    uint64_t seed = given ? g_ascii_strtoull(given, NULL, 0) : 20261130;
    printf("# SCHEDULES_SEED=%" G_GUINT64_FORMAT "\n", seed);
    for (int i = 0; i < CASES; i++)
        check_case(draw_seed(seed, (uint64_t) i));
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
    tcase_add_test(tests, random_ones_hold);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
