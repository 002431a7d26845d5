/* Tasks that wait: their order, the least bound, and levels that are kept once. */
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
static Skeleton draw_skeleton(int number)
{
    Skeleton skeleton;
    memset(&skeleton, 0, sizeof skeleton);
    skeleton.number = number;
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
    Skeleton skeleton = draw_skeleton(number), back;
    Task *task = tasks_make(tasks, &skeleton);
    memset(&back, 0, sizeof back);
    task_skeleton(task, &back);
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
        g_free(before);
        before = task;
    }
    g_free(before);
    return n;
}

START_TEST(those_not_looked_into_come_first)
{
    Tasks *tasks = tasks_new();
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
    Tasks *tasks = tasks_new();
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

START_TEST(levels_are_kept_once)
{
    Tasks *tasks = tasks_new();
    Skeleton skeleton = draw_skeleton(1);
    Task *a = tasks_make(tasks, &skeleton), *b = tasks_make(tasks, &skeleton);
    for (int l = 0; l < skeleton.n_levels; l++)
        ck_assert_ptr_eq(a->level[l], b->level[l]);
    g_free(a);
    g_free(b);
    tasks_free(tasks);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tasks");
    TCase *tc = tcase_create("heaps");
    tcase_add_test(tc, those_not_looked_into_come_first);
    tcase_add_test(tc, all_probed_are_in_one_order);
    tcase_add_test(tc, levels_are_kept_once);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
