/* The choice of a dataflow for each layer, against all that could be chosen. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "run/choice.h"

enum { LAYERS = 5, RUNS = 3 };

static double product_of(const ChoicePoint *point, int layers, const int *chosen)
{
    double energy = 0, time = 0;
    for (int l = 0; l < layers; l++) {
        if (chosen[l] < 0)
            continue;
        ck_assert(point[l * RUNS + chosen[l]].known);
        energy += point[l * RUNS + chosen[l]].energy;
        time += point[l * RUNS + chosen[l]].time;
    }
    return energy * time;
}

/* Tries the known dataflows of layer `l` and all that follow. */
static double least_of_all(const ChoicePoint *point, int layers, int l, double energy, double time)
{
    double least = INFINITY;
    bool any = false;
    if (l == layers)
        return energy * time;
    for (int r = 0; r < RUNS; r++) {
        const ChoicePoint *own = &point[l * RUNS + r];
        if (own->known)
            least = fmin(
                least, least_of_all(point, layers, l + 1, energy + own->energy, time + own->time));
        any |= own->known;
    }
    return any ? least : least_of_all(point, layers, l + 1, energy, time);
}

/* Small whole numbers, so that sums are exact and equal ones are many. */
static void draw(GRand *random, ChoicePoint *point, int largest)
{
    for (int k = 0; k < LAYERS * RUNS; k++)
        point[k] =
            (ChoicePoint){g_rand_int_range(random, 0, 8) > 0, g_rand_int_range(random, 0, largest),
                          g_rand_int_range(random, 1, largest)};
}

START_TEST(the_product_is_least)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    ChoicePoint point[LAYERS * RUNS];
    int chosen[LAYERS];
    for (int round = 0; round < 5000; round++) {
        draw(random, point, round % 2 ? 6 : 1000);
        choice_make(point, LAYERS, RUNS, OBJECTIVE_EDP, chosen);
        ck_assert_double_eq(product_of(point, LAYERS, chosen),
                            least_of_all(point, LAYERS, 0, 0, 0));
    }
}
END_TEST

/* By itself the first layer would take its first dataflow, 1 * 60 < 16 * 5; but
 * (1 + 50) * (60 + 2) > (16 + 50) * (5 + 2). */
START_TEST(a_layer_gives_way_to_the_network)
{
    const ChoicePoint point[] = {{true, 1, 60}, {true, 16, 5}, {true, 50, 2}, {true, 70, 1.5}};
    int chosen[2];
    ck_assert_double_lt(1 * 60, 16 * 5);
    choice_make(point, 2, 2, OBJECTIVE_EDP, chosen);
    ck_assert_int_eq(chosen[0], 1);
    ck_assert_int_eq(chosen[1], 0);
}
END_TEST

START_TEST(of_equals_the_one_of_less_product_is_taken)
{
    const ChoicePoint point[] = {{true, 7, 2}, {true, 5, 2}, {true, 5, 3}};
    int chosen[1];
    choice_make(point, 1, 3, OBJECTIVE_RUNTIME, chosen);
    ck_assert_int_eq(chosen[0], 1);
    choice_make(point, 1, 3, OBJECTIVE_ENERGY, chosen);
    ck_assert_int_eq(chosen[0], 1);
}
END_TEST

START_TEST(sums_take_the_least_of_each_layer)
{
    const ChoicePoint point[] = {{true, 3, 1},  {true, 2, 4},  {true, 2, 4},
                                 {false, 0, 0}, {true, 5, 5},  {false, 0, 0},
                                 {false, 0, 0}, {false, 0, 0}, {false, 0, 0}};
    int chosen[3];
    choice_make(point, 3, 3, OBJECTIVE_ENERGY, chosen);
    ck_assert_int_eq(chosen[0], 1); /* the first of equals */
    ck_assert_int_eq(chosen[1], 1);
    ck_assert_int_eq(chosen[2], -1);
    choice_make(point, 3, 3, OBJECTIVE_RUNTIME, chosen);
    ck_assert_int_eq(chosen[0], 0);
    ck_assert_int_eq(chosen[1], 1);
    ck_assert_int_eq(chosen[2], -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("choice");
    TCase *tc = tcase_create("choice");
    tcase_add_test(tc, the_product_is_least);
    tcase_add_test(tc, a_layer_gives_way_to_the_network);
    tcase_add_test(tc, of_equals_the_one_of_less_product_is_taken);
    tcase_add_test(tc, sums_take_the_least_of_each_layer);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
