/* The README's example, worked by hand at the head of unit.c, children.c, volumes.c and cases.c: a
 * CONV with a filter for each of 16 PEs, whose window slides over the image. */
#include "engine/cases.h"

#include <check.h>
#include <stdlib.h>

enum { K, C, R, S, Y, X, DIMS };
enum { I, W, O };

static Layer layer = {
    .name = "CONV",
    .op = {.type = "CONV",
           .n_dims = DIMS,
           .dim = {"K", "C", "R", "S", "Y'", "X'"},
           .n_tensors = 3,
           .tensor =
               {{"I", ROLE_INPUT, 3, {{1, {C}, {1}}, {2, {Y, R}, {1, 1}}, {2, {X, S}, {1, 1}}}},
                {"W", ROLE_WEIGHT, 4, {{1, {K}, {1}}, {1, {C}, {1}}, {1, {R}, {1}}, {1, {S}, {1}}}},
                {"O", ROLE_OUTPUT, 3, {{1, {K}, {1}}, {1, {Y}, {1}}, {1, {X}, {1}}}}},
           .output = O},
    .extent = {32, 8, 3, 3, 16, 16},
    .count = 1,
    .density = {1, 1, 1},
};

static Nest nest = {
    .n_levels = 1,
    .level = {{.children = 16,
               .n_maps = 6,
               .map = {{MAP_SPATIAL, K, 1, 1},
                       {MAP_TEMPORAL, C, 1, 1},
                       {MAP_TEMPORAL, Y, 1, 1},
                       {MAP_TEMPORAL, X, 1, 1},
                       {MAP_TEMPORAL, R, 3, 3},
                       {MAP_TEMPORAL, S, 3, 3}}}},
};

/* One per process, as the tests are. */
static Cases cases;

static void table(void)
{
    cases_start(&cases, &layer, &nest);
    cases_build(&cases, &layer);
}

/* ---- unit.c, children.c ------------------------------------------------------------------ */

/* A step of the array's run: the place of each loop, and how PE 0's chunks have moved. */
typedef struct {
    LoopPlace place[4]; /* of K, C, Y', X' */
    unsigned moved;
    int64_t shift[DIMS];
    bool psums;
} Placing;

enum { ELSEWHERE = 1 << 20 }; /* or further: of a dim that does not slide */

static const Placing placings[] = {
    {{PLACE_FIRST, PLACE_FIRST, PLACE_FIRST, PLACE_ADVANCE}, 1 << X, {[X] = 1}, false},
    {{PLACE_FIRST, PLACE_FIRST, PLACE_ADVANCE, PLACE_WRAP},
     1 << Y | 1 << X,
     {[Y] = 1, [X] = -15},
     false},
    {{PLACE_FIRST, PLACE_ADVANCE, PLACE_WRAP, PLACE_WRAP},
     1 << C | 1 << Y | 1 << X,
     {[C] = ELSEWHERE, [Y] = -15, [X] = -15},
     true},
    {{PLACE_FIRST, PLACE_NEXT, PLACE_FIRST, PLACE_ADVANCE}, 1 << X, {[X] = 1}, true},
    {{PLACE_ADVANCE, PLACE_WRAP, PLACE_WRAP, PLACE_WRAP},
     1 << K | 1 << C | 1 << Y | 1 << X,
     {[K] = ELSEWHERE, [C] = ELSEWHERE, [Y] = -15, [X] = -15},
     false},
};

/* The array within its run: it has what it had. */
static UnitState array_at_rest(void)
{
    UnitState array = {.psum = 0};
    for (int d = 0; d < DIMS; d++)
        array.dim[d].move = (Move){layer.extent[d], layer.extent[d], 0};
    return array;
}

START_TEST(places_move_the_chunks_of_a_pe)
{
    const Placing *p = &placings[_i];
    const int64_t length[DIMS] = {1, 1, 3, 3, 1, 1}, held[DIMS] = {0, 1, 3, 3, 0, 0};
    UnitState array = array_at_rest();
    table();
    Parent parent;
    Placed placed[4];
    Split split;
    children_start(cases.shape, &cases.cluster[0], &array, &parent);
    for (int k = 0; k < 4; k++) {
        children_find(&parent, k, p->place[k], &placed[k], &split);
        children_place(&parent, k, p->place[k], &placed[k], &split);
    }
    ck_assert_uint_eq(unit_dims(&parent.child, MOVED, (1 << DIMS) - 1), p->moved);
    for (int d = 0; d < DIMS; d++) {
        const UnitDim *dim = &parent.child.dim[d];
        ck_assert_int_eq(dim->move.now, length[d]);
        ck_assert_int_eq(dim->move.before, length[d]);
        ck_assert_int_eq(dim->held, held[d]);
        if (p->shift[d] == ELSEWHERE)
            ck_assert_int_ge(dim->move.shift, ELSEWHERE);
        else
            ck_assert_int_eq(dim->move.shift, p->shift[d]);
    }
    ck_assert_int_eq(split.n, 1);
    ck_assert_int_eq(split.working, 16);
    ck_assert_int_eq(split.covered, 16);
    ck_assert_int_eq(split.kept, p->moved & 1 << K ? 0 : 16);
    ck_assert(children_change(&parent));
    ck_assert(children_receive(&parent) == p->psums);
}
END_TEST

START_TEST(pes_of_a_step_are_in_equal_states)
{
    UnitState array = array_at_rest();
    ChildGroup group[CHILD_GROUPS_MAX];
    Parent parent;
    table();
    children_start(cases.shape, &cases.cluster[0], &array, &parent);
    for (int k = 0; k < 4; k++)
        children_enter(&parent, k, k == 1 ? PLACE_NEXT : k == 3 ? PLACE_ADVANCE : PLACE_FIRST);
    ck_assert_int_eq(children_groups(&parent, group), 1);
    ck_assert_int_eq(group[0].count, 16);
    ck_assert(group[0].psum);
}
END_TEST

/* ---- volumes.c, cases.c -------------------------------------------------------------------- */

/* In the order of the table. */
static const struct {
    int64_t times;
    int64_t in_once, in_each; /* I */
    int64_t weights, psums, out;
} steps[] = {
    {1, 9, 144, 144, 0, 0},   {1, 9, 144, 144, 0, 16}, {14, 9, 144, 144, 16, 16},
    {30, 9, 144, 0, 0, 16},   {480, 3, 48, 0, 0, 16},  {210, 9, 144, 0, 16, 16},
    {3360, 3, 48, 0, 16, 16},
};

enum { STEPS = sizeof steps / sizeof *steps };

START_TEST(table_has_seven_cases)
{
    table();
    ck_assert_int_eq(cases.entries.n, 1);
    ck_assert_int_eq(cases.bodies.n, 1);
    ck_assert_int_eq(cases.steps.n, STEPS);
    ck_assert(!cases.ragged);
}
END_TEST

START_TEST(steps_move_what_is_new)
{
    table();
    const Step *step = &cases.steps.item[_i];
    const Volumes *v = &step->volumes;
    ck_assert_int_eq(step->total, steps[_i].times);
    ck_assert_int_eq(v->in_shared[I], steps[_i].in_once);
    ck_assert_int_eq(v->in_each[I], steps[_i].in_each);
    ck_assert_int_eq(v->in_shared[W], steps[_i].weights);
    ck_assert_int_eq(v->in_each[W], steps[_i].weights);
    ck_assert_int_eq(v->in_shared[O], steps[_i].psums);
    ck_assert_int_eq(v->in_each[O], steps[_i].psums);
    ck_assert_int_eq(v->out_shared, steps[_i].out);
    ck_assert_int_eq(v->out_each, steps[_i].out);
    ck_assert_int_eq(v->stays_shared, 16);
    ck_assert_int_eq(v->stays_each, 16);
    ck_assert_int_eq(v->all_shared, steps[_i].in_once + steps[_i].weights + steps[_i].psums);
    ck_assert_int_eq(v->all_each, steps[_i].in_each + steps[_i].weights + steps[_i].psums);
    ck_assert_int_eq(v->working, 16);
    ck_assert_int_eq(v->macs, 9);
    ck_assert_int_eq(v->macs_all, 144);
}
END_TEST

START_TEST(tiles_are_a_window_a_filter_an_output)
{
    const int64_t tile[] = {9, 9, 1}, joined[] = {9, 144, 16};
    table();
    for (int t = I; t <= O; t++) {
        ck_assert_int_eq(cases.steps.item[0].volumes.tile[t], tile[t]);
        ck_assert_int_eq(cases.steps.item[0].volumes.joined[t], joined[t]);
    }
}
END_TEST

START_TEST(sums_are_those_of_the_layer)
{
    int64_t runs = 0, input = 0, weights = 0, psums = 0, out = 0;
    table();
    for (int s = 0; s < cases.steps.n; s++) {
        const Step *step = &cases.steps.item[s];
        runs += step->total;
        input += step->total * step->volumes.in_shared[I];
        weights += step->total * step->volumes.in_shared[W];
        psums += step->total * step->volumes.in_shared[O];
        out += step->total * step->volumes.out_shared;
    }
    ck_assert_int_eq(runs, 4096);
    ck_assert_int_eq(input, 13824);
    ck_assert_int_eq(weights, 2304);
    ck_assert_int_eq(psums, 57344);
    ck_assert_int_eq(cases.flush.shared[0], 16);
    ck_assert_int_eq(cases.flush.each[0], 16);
    ck_assert_int_eq(out + cases.flush.shared[0], 65536);
}
END_TEST

/* ---- flush.c -------------------------------------------------------------------------------- */

/* The layer with 36 filters: of the third 16 there are 4, which the PEs hold at the end. */
START_TEST(last_outputs_are_those_of_the_last_filters)
{
    Layer uneven = layer;
    uneven.extent[K] = 36;
    cases_start(&cases, &uneven, &nest);
    cases_build(&cases, &uneven);
    ck_assert_int_eq(cases.flush.shared[0], 4);
    ck_assert_int_eq(cases.flush.each[0], 4);
}
END_TEST

/* ---- the hash table ---------------------------------------------------------------------------
 */

/* States that differ in one dim's length or shift, few of them and many. */
START_TEST(equal_states_have_one_number)
{
    enum { MANY = 500 };
    static UnitState list[MANY];
    Numbers numbers = {.n = 0};
    for (int round = 0; round < 2; round++) {
        numbers_reset(&numbers);
        for (int twice = 0; twice < 2; twice++)
            for (int k = 0; k < MANY; k++) {
                UnitState state = array_at_rest();
                state.dim[k % 2 ? X : Y].move.now += k;
                state.dim[K].move.shift = k / 4;
                int number = unit_number(&numbers, &state, DIMS, list, sizeof *list);
                ck_assert_int_eq(number, k);
                list[number] = state;
                ck_assert_int_eq(numbers.n, twice ? MANY : k + 1);
            }
    }
    numbers_free(&numbers);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("volumes");
    TCase *tcase = tcase_create("example");
    tcase_add_loop_test(tcase, places_move_the_chunks_of_a_pe, 0,
                        sizeof placings / sizeof *placings);
    tcase_add_test(tcase, pes_of_a_step_are_in_equal_states);
    tcase_add_test(tcase, table_has_seven_cases);
    tcase_add_loop_test(tcase, steps_move_what_is_new, 0, STEPS);
    tcase_add_test(tcase, tiles_are_a_window_a_filter_an_output);
    tcase_add_test(tcase, sums_are_those_of_the_layer);
    tcase_add_test(tcase, last_outputs_are_those_of_the_last_filters);
    tcase_add_test(tcase, equal_states_have_one_number);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
