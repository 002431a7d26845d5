/* Tasks that wait: their order, the least bound, portions, and levels that are kept once. */
#include "map/tasks.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 500 };

static int64_t draw(int64_t most)
{
    static uint64_t state = 3;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t) ((state >> 33) % (uint64_t) most);
}

/* Of few levels, so that many are alike. */
static Skeleton draw_skeleton(void)
{
    Skeleton skeleton;
    memset(&skeleton, 0, sizeof skeleton);
    skeleton.n_levels = 1 + (int) draw(SKELETON_LEVELS);
    for (int l = 0; l < skeleton.n_levels; l++) {
        SkeletonLevel *level = &skeleton.level[l];
        level->maps = (unsigned) draw(4);
        level->spread = (int) draw(3) - 1;
        level->units_most = draw(2);
        level->memory[draw(TENSORS_MAX)] = (int8_t) draw(2);
    }
    return skeleton;
}

static Task *make(Tasks *tasks, int number)
{
    Skeleton skeleton = draw_skeleton(), back;
    Task *task = tasks_make(tasks, &skeleton);
    memset(&back, 0, sizeof back);
    tasks_skeleton(tasks, task, &back);
    ck_assert_mem_eq(&back, &skeleton, sizeof back);
    task->number = number;
    task->bound = (double) draw(40);
    task->probed = draw(2);
    return task;
}

static bool in_order(const Task *a, const Task *b)
{
    if (a->probed != b->probed)
        return b->probed;
    return a->bound != b->bound ? a->bound < b->bound : a->number < b->number;
}

/* Takes all out; returns how many they are. */
static int drain(Tasks *tasks)
{
    int n = 0;
    Task *before = NULL;
    for (Task *task; (task = tasks_pop(tasks)) != NULL; n++) {
        ck_assert(before == NULL || in_order(before, task));
        ck_assert(isinf(tasks_least(tasks)) == (tasks_count(tasks) == 0));
        if (before != NULL)
            task_free(before);
        before = task;
    }
    if (before != NULL)
        task_free(before);
    return n;
}

START_TEST(those_not_looked_into_come_first)
{
    Tasks *tasks = tasks_new(TASKS);
    double least = INFINITY;
    for (int i = 0; i < TASKS; i++) {
        Task *task = make(tasks, i);
        least = fmin(least, task->bound);
        tasks_push(tasks, task);
        ck_assert_double_eq(tasks_least(tasks), least);
    }
    ck_assert_int_eq(drain(tasks), TASKS);
    tasks_free(tasks);
}
END_TEST

START_TEST(all_probed_are_in_one_order)
{
    Tasks *tasks = tasks_new(TASKS);
    for (int i = 0; i < TASKS; i++)
        tasks_push(tasks, make(tasks, i));
    tasks_all_probed(tasks);
    ck_assert_uint_eq(tasks_count(tasks), TASKS);
    ck_assert_int_eq(drain(tasks), TASKS);
    tasks_push(tasks, make(tasks, 0));
    tasks_clear(tasks);
    ck_assert_uint_eq(tasks_count(tasks), 0);
    ck_assert_ptr_null(tasks_pop(tasks));
    tasks_free(tasks);
}
END_TEST

/* The bounds of what is enumerated, number by number. */
static double bound_of(int number)
{
    return (double) (number * 7919 % 61);
}

static void enumerate(Tasks *tasks, int n)
{
    for (int i = 0; i < n; i++) {
        Task *task = make(tasks, i);
        task->bound = bound_of(i);
        tasks_add(tasks, task);
    }
    tasks_end(tasks);
}

/* What there is no room for is put off, so that each comes once, in the order of bounds. */
START_TEST(portions_make_up_the_whole)
{
    enum { MOST = 37 };
    Tasks *tasks = tasks_new(MOST);
    bool seen[TASKS] = {false};
    double highest = 0, bound = 0;
    int n = 0, portions = 0;
    for (; tasks_begin(tasks); portions++, highest = bound) {
        ck_assert_double_le(tasks_least(tasks), highest + (portions > 0));
        enumerate(tasks, TASKS);
        ck_assert_uint_le(tasks_count(tasks), MOST);
        ck_assert_uint_gt(tasks_count(tasks), 0);
        for (Task *task; (task = tasks_pop(tasks)) != NULL; n++) {
            ck_assert(!seen[task->number]);
            ck_assert_double_ge(task->bound, highest);
            ck_assert_double_le(tasks_least(tasks), INFINITY);
            bound = fmax(bound, task->bound);
            seen[task->number] = true;
            task_free(task);
        }
        ck_assert_double_ge(tasks_least(tasks), bound);
    }
    ck_assert_int_eq(n, TASKS);
    ck_assert_int_gt(portions, TASKS / MOST - 1);
    ck_assert(isinf(tasks_least(tasks)));
    tasks_free(tasks);
}
END_TEST

/* What is put off is part of the least bound, and so is all before it is known. */
START_TEST(the_least_bound_is_of_all)
{
    Tasks *tasks = tasks_new(4);
    ck_assert(tasks_begin(tasks));
    enumerate(tasks, 3);
    ck_assert_double_eq(tasks_least(tasks), 0);
    tasks_clear(tasks);
    ck_assert(isinf(tasks_least(tasks)));
    tasks_free(tasks);
    tasks = tasks_new(4);
    ck_assert(tasks_begin(tasks));
    ck_assert_double_eq(tasks_least(tasks), 0);
    enumerate(tasks, TASKS);
    tasks_clear(tasks);
    const double off = tasks_least(tasks);
    ck_assert(isfinite(off));
    ck_assert(tasks_begin(tasks));
    ck_assert_double_eq(tasks_least(tasks), off);
    enumerate(tasks, TASKS);
    ck_assert_double_ge(tasks_least(tasks), off);
    tasks_free(tasks);
}
END_TEST

START_TEST(levels_are_kept_once)
{
    Tasks *tasks = tasks_new(TASKS);
    Skeleton skeleton = draw_skeleton();
    Task *a = tasks_make(tasks, &skeleton), *b = tasks_make(tasks, &skeleton);
    for (int l = 0; l < skeleton.n_levels; l++)
        ck_assert_uint_eq(a->level[l], b->level[l]);
    task_free(a);
    task_free(b);
    tasks_free(tasks);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tasks");
    TCase *tc = tcase_create("tasks");
    tcase_add_test(tc, those_not_looked_into_come_first);
    tcase_add_test(tc, all_probed_are_in_one_order);
    tcase_add_test(tc, portions_make_up_the_whole);
    tcase_add_test(tc, the_least_bound_is_of_all);
    tcase_add_test(tc, levels_are_kept_once);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
