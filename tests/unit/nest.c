/* The laws of a nest, one broken at a time, and its text, which is read back to the same nest. */
#include <check.h>
#include <string.h>

#include "lib/lib.h"

enum { M, N, K };

/* A GEMM of 8 x 12 x 5 on a machine of 16 PEs. */
static const Layer layer = {.name = "layer",
                            .op = {.type = "GEMM", .n_dims = 3, .dim = {"M", "N", "K"}},
                            .extent = {8, 12, 5}};
static const Machine machine = {.pes = 16};

static const struct {
    const char *what;
    Nest nest;
    NestFault fault;
} laws[] = {
    {"one map over children",
     {.n_levels = 1, .level = {{.children = 16, .n_maps = 1, .map = {{MAP_SPATIAL, M, 1, 1}}}}},
     {NEST_LEGAL, -1, -1, -1}},
    {"no map, one child",
     {.n_levels = 1, .level = {{.children = 1, .n_maps = 0, .map = {{0}}}}},
     {NEST_LEGAL, -1, -1, -1}},
    {"an offset of one chunk means nothing",
     {.n_levels = 1,
      .level = {{.children = 16,
                 .n_maps = 2,
                 .map = {{MAP_SPATIAL, M, 1, 1}, {MAP_TEMPORAL, K, 5, 2}}}}},
     {NEST_LEGAL, -1, -1, -1}},
    {"one chunk in the level below, whose parent has no more",
     {.n_levels = 2,
      .level = {{.children = 4, .n_maps = 1, .map = {{MAP_SPATIAL, N, 3, 3}}},
                {.children = 4, .n_maps = 1, .map = {{MAP_SPATIAL, N, 3, 2}}}}},
     {NEST_LEGAL, -1, -1, -1}},
    {"no spatial map",
     {.n_levels = 2,
      .level = {{.children = 4, .n_maps = 1, .map = {{MAP_SPATIAL, M, 1, 1}}},
                {.children = 4, .n_maps = 1, .map = {{MAP_TEMPORAL, N, 1, 1}}}}},
     {NEST_NO_SPATIAL, 1, -1, -1}},
    {"an error comes before a remark",
     {.n_levels = 2,
      .level = {{.children = 4, .n_maps = 1, .map = {{MAP_TEMPORAL, M, 1, 1}}},
                {.children = 4, .n_maps = 1, .map = {{MAP_SPATIAL, N, 1, 2}}}}},
     {NEST_SKIP, 1, 0, -1}},
    {"no levels", {.n_levels = 0}, {NEST_MALFORMED, -1, -1, -1}},
    {"too many levels", {.n_levels = LEVELS_MAX + 1}, {NEST_MALFORMED, -1, -1, -1}},
    {"no such dim",
     {.n_levels = 1, .level = {{.children = 16, .n_maps = 1, .map = {{MAP_SPATIAL, K + 1, 1, 1}}}}},
     {NEST_MALFORMED, 0, -1, -1}},
    {"a size of 0",
     {.n_levels = 1, .level = {{.children = 16, .n_maps = 1, .map = {{MAP_SPATIAL, M, 0, 1}}}}},
     {NEST_MALFORMED, 0, -1, -1}},
    {"a cluster of 0",
     {.n_levels = 2,
      .level = {{.children = 16, .n_maps = 1, .map = {{MAP_SPATIAL, M, 1, 1}}},
                {.children = 0, .n_maps = 0, .map = {{0}}}}},
     {NEST_MALFORMED, 1, -1, -1}},
    {"no children",
     {.n_levels = 2,
      .level = {{.children = 0, .n_maps = 0, .map = {{0}}},
                {.children = 17, .n_maps = 0, .map = {{0}}}}},
     {NEST_TOO_FEW_PES, 0, -1, -1}},
    {"more children than PEs",
     {.n_levels = 2,
      .level = {{.children = 5, .n_maps = 1, .map = {{MAP_SPATIAL, M, 1, 1}}},
                {.children = 4, .n_maps = 1, .map = {{MAP_SPATIAL, N, 1, 1}}}}},
     {NEST_TOO_FEW_PES, 0, -1, -1}},
    {"mapped twice",
     {.n_levels = 1,
      .level =
          {{.children = 16,
            .n_maps = 3,
            .map = {{MAP_SPATIAL, M, 4, 4}, {MAP_TEMPORAL, N, 1, 1}, {MAP_TEMPORAL, M, 1, 1}}}}},
     {NEST_MAPPED_TWICE, 0, 2, 0}},
    {"skip",
     {.n_levels = 1, .level = {{.children = 16, .n_maps = 1, .map = {{MAP_SPATIAL, M, 2, 3}}}}},
     {NEST_SKIP, 0, 0, -1}},
    {"overlap",
     {.n_levels = 1,
      .level = {{.children = 16,
                 .n_maps = 2,
                 .map = {{MAP_SPATIAL, M, 1, 1}, {MAP_TEMPORAL, N, 4, 3}}}}},
     {NEST_OVERLAP, 0, 1, -1}},
    {"diagonal",
     {.n_levels = 1,
      .level =
          {{.children = 16, .n_maps = 2, .map = {{MAP_SPATIAL, N, 1, 1}, {MAP_SPATIAL, M, 1, 1}}}}},
     {NEST_DIAGONAL, 0, 1, 0}},
    {"diagonal, with one child even",
     {.n_levels = 1,
      .level =
          {{.children = 1, .n_maps = 2, .map = {{MAP_SPATIAL, N, 1, 1}, {MAP_SPATIAL, M, 1, 1}}}}},
     {NEST_DIAGONAL, 0, 1, 0}},
    {"lost work",
     {.n_levels = 1,
      .level =
          {{.children = 16, .n_maps = 2, .map = {{MAP_SPATIAL, K, 5, 5}, {MAP_SPATIAL, M, 1, 1}}}}},
     {NEST_LOST_WORK, 0, 0, 1}},
    {"nothing is lost with one child",
     {.n_levels = 1,
      .level =
          {{.children = 1, .n_maps = 2, .map = {{MAP_SPATIAL, K, 5, 5}, {MAP_SPATIAL, M, 1, 1}}}}},
     {NEST_LEGAL, -1, -1, -1}},
};

START_TEST(a_law_names_its_place)
{
    NestFault fault = nest_check(&layer, &laws[_i].nest, &machine), want = laws[_i].fault;
    ck_assert_msg(fault.law == want.law && fault.level == want.level && fault.map == want.map &&
                      fault.other == want.other,
                  "%s: law %d at %d %d %d", laws[_i].what, (int) fault.law, fault.level, fault.map,
                  fault.other);
}
END_TEST

START_TEST(every_fault_is_found)
{
    const Nest nest = {
        2,
        .level = {{.children = 4,
                   .n_maps = 3,
                   .map = {{MAP_SPATIAL, M, 1, 2}, {MAP_SPATIAL, N, 2, 1}, {MAP_SPATIAL, K, 9, 9}}},
                  {.children = 4, .n_maps = 1, .map = {{MAP_TEMPORAL, N, 1, 1}}}}};
    static const NestLaw want[] = {NEST_SKIP, NEST_OVERLAP, NEST_DIAGONAL, NEST_LOST_WORK,
                                   NEST_NO_SPATIAL};
    NestFault fault[NEST_FAULTS_MAX];
    ck_assert_int_eq(nest_faults(&layer, &nest, NULL, fault), G_N_ELEMENTS(want));
    for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
        ck_assert_int_eq(fault[i].law, want[i]);
}
END_TEST

START_TEST(chunks_steps_and_children)
{
    const Map map = {MAP_SPATIAL, M, 3, 2};
    const Nest nest = {.n_levels = 3,
                       .level = {{.children = 0, .n_maps = 0, .map = {{0}}},
                                 {.children = 3, .n_maps = 0, .map = {{0}}},
                                 {.children = 4, .n_maps = 0, .map = {{0}}}}};
    ck_assert_int_eq(nest_chunks(&map, 3), 1);
    ck_assert_int_eq(nest_chunks(&map, 4), 2);
    ck_assert_int_eq(nest_chunks(&map, 8), 4);
    ck_assert_int_eq(nest_steps(&map, 8, 3), 2);
    ck_assert_int_eq(nest_children(&nest, 11), 0);
    ck_assert_int_eq(nest_children(&nest, 12), 1);
    ck_assert_int_eq(nest_children(&nest, 47), 3);
}
END_TEST

/* ---- as text ---- */

static const struct {
    const char *dataflow, *model;
} printed[] = {{"kc-p.m", "vgg16.m"},
               {"yr-p.m", "vgg16.m"},
               {"yx-p.m", "resnet50.m"},
               {"c-p.m", "mobilenetv2.m"},
               {"x-p.m", "unet.m"}};

/* Of the layers of that name. */
static dcc_plan *load(dcc_context *context, const char *text, const char *dataflow,
                      const char *model, const char *name)
{
    const char *words[] = {"--model", model,         "--layer", name,
                           "--hw",    "paper256.hw", dataflow,  NULL};
    dcc_plan *plan = text != NULL ? dcc_parse(context, text, words) : dcc_load(context, words);
    ck_assert_msg(plan != NULL, "%s%s", text != NULL ? text : dataflow, dcc_messages(context));
    return plan;
}

static bool same_nest(const Nest *a, const Nest *b)
{
    bool same = a->n_levels == b->n_levels;
    for (int l = 0; l < a->n_levels && same; l++) {
        const Level *x = &a->level[l], *y = &b->level[l];
        same = x->children == y->children && x->n_maps == y->n_maps;
        for (int m = 0; m < x->n_maps && same; m++)
            same = memcmp(&x->map[m], &y->map[m], sizeof *x->map) == 0;
    }
    return same;
}

START_TEST(a_nest_is_read_back)
{
    dcc_context *context = dcc_open();
    dcc_plan *plan = load(context, NULL, printed[_i].dataflow, printed[_i].model, "*");
    ck_assert_int_gt(dcc_plan_jobs(plan), 10);
    for (int i = 0; i < dcc_plan_jobs(plan); i++) {
        dcc_job *job = dcc_job_new(plan, i);
        GString *text = nest_print(&job->layer, job->nest, NULL, "printed");
        dcc_plan *again = load(context, text->str, NULL, printed[_i].model, dcc_job_name(job));
        dcc_job *read = dcc_job_new(again, 0);
        ck_assert_msg(same_nest(job->nest, read->nest), "%s", text->str);
        g_string_free(text, TRUE);
        dcc_job_free(read);
        dcc_job_free(job);
        dcc_plan_free(again);
    }
    dcc_plan_free(plan);
    dcc_close(context);
}
END_TEST

START_TEST(a_nest_without_maps_is_whole)
{
    const Nest nest = {.n_levels = 1, .level = {{.children = 1, .n_maps = 0, .map = {{0}}}}};
    g_autofree char *text = g_string_free(nest_print(&layer, &nest, NULL, "none"), FALSE);
    ck_assert_str_eq(text, "Dataflow \"none\" {\n  TemporalMap(8,8) M;\n}\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nest");
    TCase *tests = tcase_create("nest");
    const char *root = g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".";
    g_autofree char *path = g_strdup_printf("%s/dataflows:%s/models:%s/hardware", root, root, root);
    g_setenv("DCC_PATH", path, TRUE);
    tcase_add_loop_test(tests, a_law_names_its_place, 0, G_N_ELEMENTS(laws));
    tcase_add_test(tests, every_fault_is_found);
    tcase_add_test(tests, chunks_steps_and_children);
    tcase_add_loop_test(tests, a_nest_is_read_back, 0, G_N_ELEMENTS(printed));
    tcase_add_test(tests, a_nest_without_maps_is_whole);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
