/* The pipeline: files are read once, overrides are numbers in a program of their own, and an entry
 * says what is wrong whoever asks. */
#include <check.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "run/evaluation.h"
#include "run/objective.h"

/* What a run is made of, and the program. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
} Opened;

static const char text[] =
    "Constant Tile 2;\nConstant Twice 2*Tile;\nConstant Factor 2;\n"
    "Operator SUM { Input A[Factor*P+Q]; Weight B[Q]; Output O[P]; }\n"
    "Dataflow d { SpatialMap(1,1) K; TemporalMap(Twice,Twice) C; Cluster(Tile);\n"
    "  SpatialMap(Tile,Tile) C; }\n"
    "Dataflow s for SUM { SpatialMap(Tile,Tile) P; }\n"
    "Network n {\n"
    "  Layer A { Type: CONV Dimensions { K: 6, C: 8, R: 3, S: 3, Y: 12, X: 13 } }\n"
    "  Layer B { Type: SUM Dimensions { P: 10, Q: 3 } }\n"
    "}\n"
    "Accelerator a { PEs: 8 Clock: 1 GHz Precision: 8 bit\n"
    "  Buffer L1 { Capacity: 4 B } NoC 0 { Bandwidth: 4 } }\n";

static void run_open(Opened *run, Sources *sources)
{
    run->arena = arena_new();
    run->sources = sources != NULL ? sources_copy(sources, run->arena) : sources_new(run->arena);
    run->diag = diag_new(run->sources, run->arena);
    run->program = NULL;
}

static void run_close(Opened *run)
{
    program_free(run->program);
    diag_free(run->diag);
    sources_free(run->sources);
    arena_free(run->arena);
}

/* Reads the text; layers in list, defines and sets may be NULL. */
static void run_read(Opened *run, const char **defines, const char **sets)
{
    static const char *files[] = {"text", NULL};
    GError *error = NULL;
    ProgramRequest request = {.files = files, .defines = defines, .sets = sets};
    run_open(run, NULL);
    ck_assert(sources_give(run->sources, "text", text, strlen(text), NULL));
    run->program = program_read(&request, run->diag, &error);
    ck_assert_msg(run->program != NULL, "%s", error != NULL ? error->message : "no program");
}

static void run_override(Opened *run, const Opened *from, const char **defines, const char **sets)
{
    run_open(run, from->sources);
    run->program = program_override(from->program, defines, sets, run->diag, NULL);
    ck_assert_ptr_nonnull(run->program);
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

static void expect_same_jobs(const Opened *a, const Opened *b)
{
    g_autoptr(GArray) one = jobs_new(a->program, 0), other = jobs_new(b->program, 0);
    ck_assert_uint_eq(one->len, 2);
    ck_assert_uint_eq(other->len, 2);
    for (guint i = 0; i < one->len; i++) {
        const Job *x = &g_array_index(one, Job, i), *y = &g_array_index(other, Job, i);
        ck_assert(x->legal == y->legal);
        ck_assert(!x->legal || same_nest(&x->nest, &y->nest));
        ck_assert_mem_eq(x->layer.extent, y->layer.extent, sizeof x->layer.extent);
        ck_assert_int_eq(x->layer.op.tensor[0].coord[0].coef[0],
                         y->layer.op.tensor[0].coord[0].coef[0]);
        ck_assert_int_eq(x->machine.pes, y->machine.pes);
        ck_assert_int_eq(x->machine.noc[0].bandwidth[0].num, y->machine.noc[0].bandwidth[0].num);
    }
}

static const char *overrides[][2] = {{"Tile=2", "pes=8"},    {"Tile=1", "pes=9"},
                                     {"Tile=4", "pes=4"},    {"Tile=5", "noc.bandwidth=7"},
                                     {"Twice=6", "pes=100"}, {"Factor=3", "pes=16"},
                                     {"Tile=0", "pes=16"},   {"Tile=16", "pes=8"}};

START_TEST(an_override_is_what_the_command_line_does)
{
    const char *defines[] = {overrides[_i][0], NULL}, *sets[] = {overrides[_i][1], NULL};
    Opened plain, fresh, over;
    run_read(&plain, NULL, NULL);
    g_array_unref(jobs_new(plain.program, 0)); /* its constants are known; the others' are not */
    run_read(&fresh, defines, sets);
    run_override(&over, &plain, defines, sets);
    expect_same_jobs(&fresh, &over);
    ck_assert_int_eq(diag_errors(fresh.diag), diag_errors(over.diag));
    run_close(&over);
    run_close(&fresh);
    run_close(&plain);
}
END_TEST

START_TEST(a_constant_of_an_operator_is_overridden)
{
    const char *defines[] = {"Factor=3", NULL};
    Opened run;
    run_read(&run, defines, NULL);
    Job job;
    ck_assert(job_lower(run.program, 1, 0, &job));
    ck_assert_int_eq(job.layer.op.tensor[0].coord[0].coef[0], 3);
    run_close(&run);
}
END_TEST

START_TEST(a_mistake_in_an_override_is_said)
{
    static const char *wrong[][2] = {{"Tile=2", "pes=0"}, {"Tail=2", "pes=8"}, {"Tile=)", "pes=8"}};
    Opened plain, over;
    run_read(&plain, NULL, NULL);
    for (size_t k = 0; k < G_N_ELEMENTS(wrong); k++) {
        const char *defines[] = {wrong[k][0], NULL}, *sets[] = {wrong[k][1], NULL};
        g_autoptr(GError) error = NULL;
        run_open(&over, plain.sources);
        ck_assert_ptr_null(program_override(plain.program, defines, sets, over.diag, &error));
        ck_assert_ptr_nonnull(error);
        run_close(&over);
    }
    run_close(&plain);
}
END_TEST

START_TEST(files_are_read_once)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("run-XXXXXX.m", &path, NULL);
    ck_assert(fd >= 0 && close(fd) == 0 && g_file_set_contents(path, text, -1, NULL));
    const char *files[] = {path, NULL}, *defines[] = {"Tile=1", NULL};
    ProgramRequest request = {.files = files};
    Opened run, over, given;
    run_open(&run, NULL);
    run.program = program_read(&request, run.diag, NULL);
    ck_assert_ptr_nonnull(run.program);
    g_remove(path);
    run_override(&over, &run, defines, NULL);
    run_read(&given, defines, NULL);
    expect_same_jobs(&over, &given);
    run_close(&given);
    run_close(&over);
    run_close(&run);
}
END_TEST

START_TEST(an_entry_says_what_is_wrong)
{
    const char *defines[] = {"Twice=6", "Tile=3", NULL}, *sets[] = {"pes=2", NULL};
    Opened run;
    run_read(&run, defines, sets);
    g_autoptr(Evaluation) evaluation = evaluation_new(run.program, 0, false);
    const ReportEntry *refused = evaluation_next(evaluation);
    Finding finding[FINDINGS_MAX];
    ck_assert_int_eq(refused->status, ENTRY_REFUSED);
    ck_assert_str_eq(refused->why, "the clusters need 3 PEs, there are 2 (layer A)");
    ck_assert_int_eq(entry_findings(refused, finding), 0);
    const ReportEntry *done = evaluation_next(evaluation);
    ck_assert_int_eq(done->status, ENTRY_EVALUATED);
    ck_assert_ptr_null(done->why);
    ck_assert_int_eq(entry_findings(done, finding), 1);
    ck_assert_int_eq(finding[0].check, CHECK_CAPACITY);
    ck_assert_int_eq(finding[0].given, 4);
    ck_assert_int_eq(finding[0].need, done->result.l1_required_bytes);
    ck_assert_ptr_null(evaluation_next(evaluation));
    ck_assert_int_eq(diag_errors(run.diag), 1);
    ck_assert_int_eq(diag_warnings(run.diag), 1); /* the capacity */
    run_close(&run);
}
END_TEST

START_TEST(budgets_are_compared)
{
    const ChipCost chip = {
        .total_um2 = 2e6, .unknown_mw = 1u << PART_L2, .name = {[PART_L2] = "l2"}};
    Finding finding[FINDINGS_MAX];
    g_autoptr(GString) words = g_string_new(NULL);
    ck_assert_int_eq(chip_findings(&chip, 0, 0, finding), 0);
    ck_assert_int_eq(chip_findings(&chip, 2, 0, finding), 0); /* as large as the budget */
    ck_assert_int_eq(chip_findings(&chip, 1.5, 3, finding), 2);
    ck_assert_int_eq(finding[0].check, CHECK_BUDGET);
    ck_assert_int_eq(finding[1].check, CHECK_UNKNOWN_FIGURE);
    finding_text(&finding[0], "", words);
    ck_assert_str_eq(words->str, "area is 2 mm2, 0.5 mm2 over the budget of 1.5 mm2");
    g_string_truncate(words, 0);
    ck_assert_int_eq(chip_findings(&chip, 1.99999992, 0, finding), 1);
    finding_text(&finding[0], "", words);
    ck_assert_str_eq(words->str, "area is 2 mm2, 8e-08 mm2 over the budget of 1.9999999 mm2");
    g_string_truncate(words, 0);
    finding_text(&finding[1], "", words);
    ck_assert_str_eq(words->str,
                     "there is a budget for power, which is not known: no figure is given for l2");
    ck_assert_int_eq(chip_findings(NULL, 1, 0, finding), 1); /* nothing is known */
    ck_assert_int_eq(finding[0].check, CHECK_UNKNOWN_FIGURE);
}
END_TEST

START_TEST(objectives_have_names)
{
    g_autoptr(GError) error = NULL;
    for (int o = 0; o < OBJECTIVES; o++)
        ck_assert_int_eq(objective_find(objective_name((Objective) o), ~0U, "", NULL), o);
    ck_assert_int_eq(objective_find("area", 1U << OBJECTIVE_EDP, "--best", &error), -1);
    ck_assert_str_eq(error->message, "--best: no objective 'area'; there are edp");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run");
    TCase *tests = tcase_create("run");
    tcase_add_loop_test(tests, an_override_is_what_the_command_line_does, 0,
                        G_N_ELEMENTS(overrides));
    tcase_add_test(tests, a_constant_of_an_operator_is_overridden);
    tcase_add_test(tests, a_mistake_in_an_override_is_said);
    tcase_add_test(tests, files_are_read_once);
    tcase_add_test(tests, an_entry_says_what_is_wrong);
    tcase_add_test(tests, budgets_are_compared);
    tcase_add_test(tests, objectives_have_names);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
