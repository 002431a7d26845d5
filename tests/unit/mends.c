/* What mends a finding: put in its place, the text is as the table has it, and the finding goes. */
#include <check.h>
#include <glib.h>
#include <string.h>

#include "frontend/holes.h"
#include "run/job.h"

static const char machine[] = "Accelerator a { PEs: 4 }\n";
static const char network[] =
    "Network n { Layer L { Type: CONV Dimensions { K: 4, C: 4, Y: 8, X: 8, R: 3, S: 3 } } }\n";

static const struct {
    const char *wrong, *right; /* right NULL: the finding has no mend */
} mends[] = {
    {"Dataflow d { SpatialMpa(1,1) K; }", "Dataflow d { SpatialMap(1,1) K; }"},
    {"Dataflwo d { SpatialMap(1,1) K; }", "Dataflow d { SpatialMap(1,1) K; }"},
    {"Dataflow d { SpatialMap(1,1) k; }", "Dataflow d { SpatialMap(1,1) K; }"},
    {"Dataflow d { SpatialMap(2,1) K; }", "Dataflow d { SpatialMap(2,2) K; }"},
    {"Dataflow d { SpatialMap(1,2) K; }", "Dataflow d { SpatialMap(1,1) K; }"},
    {"Dataflow d { SpatialMap(?,?) ?; TemporalMap(2,1) C; }",
     "Dataflow d { SpatialMap(?,?) ?; TemporalMap(2,2) C; }"},
    {"Dataflow d { SpatialMap(1,1) K; TemporalMap(Sz(r),1) Y; }",
     "Dataflow d { SpatialMap(1,1) K; TemporalMap(Sz(R),1) Y; }"},
    {"Constant Tile 2; Dataflow d { SpatialMap(Tiel,Tile) K; }",
     "Constant Tile 2; Dataflow d { SpatialMap(Tile,Tile) K; }"},
    {"Dataflow d { SpatialMap(mix(1,2),1) K; }", "Dataflow d { SpatialMap(min(1,2),1) K; }"},
    {"Dataflow d for COVN { SpatialMap(1,1) K; }", "Dataflow d for CONV { SpatialMap(1,1) K; }"},
    {"Dataflow d { SpatialMap(1,1) K;", "Dataflow d { SpatialMap(1,1) K;\n}"},
    {"Dataflow d { SpatialMap(1,1) K; } }", "Dataflow d { SpatialMap(1,1) K; } "},
    {"Accelerator a { PEs: 4 Clock: 200Mhz }", "Accelerator a { PEs: 4 Clock: 200MHz }"},
    {"Accelerator a { PEs: 4 Clock: 200 Mhz }", "Accelerator a { PEs: 4 Clock: 200 MHz }"},
    {"Accelerator a { PEs = 4 }", "Accelerator a { PEs : 4 }"},
    {"Accelerator a { PEs: 4 Clok: 1 GHz }", "Accelerator a { PEs: 4 Clock: 1 GHz }"},
    {"Accelerator a { PEs: 4 NoC 0 { Prefetch: leyer } }",
     "Accelerator a { PEs: 4 NoC 0 { Prefetch: layer } }"},
    {"Accelerator a { PEs: 4 NoC 0 { Multicast: \"yse\" } }",
     "Accelerator a { PEs: 4 NoC 0 { Multicast: yes } }"},
    {"Accelerator a { PEs: 4 OffChip { Holds: [Inptu] } }",
     "Accelerator a { PEs: 4 OffChip { Holds: [Input] } }"},
    {"Network m { Layer L { Type: \"COVN\" Dimensions { K: 4 } } }",
     "Network m { Layer L { Type: \"CONV\" Dimensions { K: 4 } } }"},
    {"Network m { Layer L { Type: CONV Dimensions { k: 4 } } }",
     "Network m { Layer L { Type: CONV Dimensions { K: 4 } } }"},
    {"Network m { Layer L { Type: FC Dimensions { K: 4 } Density { Wieght: 1/2 } } }",
     "Network m { Layer L { Type: FC Dimensions { K: 4 } Density { Weight: 1/2 } } }"},
    {"Dataflow d { SpatialMap(1,1) Qqqq; }", NULL},
    {"Dataflow d { SpatialMap(1/0,1) K; }", NULL},
};

/* A run of the text, with a machine and a network unless it has its own. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
} Run;

static void run_open(Run *run, const char *text)
{
    static const char *files[] = {"text", "machine", "network", NULL};
    ProgramRequest request = {.files = files, .partial = true};
    run->arena = arena_new();
    run->sources = sources_new(run->arena);
    run->diag = diag_new(run->sources, run->arena);
    const char *given = strstr(text, "Accelerator") != NULL ? "Constant M 1;" : machine;
    sources_give(run->sources, "text", text, strlen(text), NULL);
    sources_give(run->sources, "machine", given, strlen(given), NULL);
    sources_give(run->sources, "network", network, strlen(network), NULL);
    run->program = program_read(&request, run->diag, NULL);
    ck_assert_ptr_nonnull(run->program);
    Template *open = g_new0(Template, 1);
    Job *job = g_new0(Job, 1);
    for (guint i = 0; strstr(text, "Dataflow") != NULL && i < run->program->layers->len; i++)
        job_template(run->program, i, 0, job, open);
    for (guint i = 0; strstr(text, "Dataflow") == NULL && i < run->program->layers->len; i++)
        job_open(run->program, i, job);
    g_free(open);
    g_free(job);
}

static void run_close(Run *run)
{
    program_free(run->program);
    diag_free(run->diag);
    sources_free(run->sources);
    arena_free(run->arena);
}

/* The first error in the text; NULL: there is none. */
static const DiagEntry *first_error(const Run *run)
{
    size_t n;
    const DiagEntry *entry = diag_entries(run->diag, &n);
    for (size_t i = 0; i < n; i++)
        if (entry[i].severity == SEVERITY_ERROR && entry[i].span.source == 0)
            return &entry[i];
    return NULL;
}

START_TEST(a_mend_makes_the_finding_go)
{
    const char *wrong = mends[_i].wrong;
    Run run;
    run_open(&run, wrong);
    const DiagEntry *entry = first_error(&run);
    ck_assert_msg(entry != NULL, "nothing is wrong with %s", wrong);
    g_autofree char *message = g_strdup(entry->message), *mended = NULL;
    if (entry->mend.text != NULL) {
        ck_assert_int_eq(entry->mend.span.source, 0);
        mended = g_strdup_printf("%.*s%s%s", (int) entry->mend.span.begin, wrong, entry->mend.text,
                                 wrong + entry->mend.span.end);
    }
    run_close(&run);
    ck_assert_msg(g_strcmp0(mended, mends[_i].right) == 0, "%s (%s) is mended to %s", wrong,
                  message, mended != NULL ? mended : "nothing");
    if (mended == NULL)
        return;
    run_open(&run, mended);
    entry = first_error(&run);
    ck_assert_msg(entry == NULL, "%s: %s", mended, entry != NULL ? entry->message : "");
    run_close(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mends");
    TCase *tests = tcase_create("mends");
    tcase_add_loop_test(tests, a_mend_makes_the_finding_go, 0, G_N_ELEMENTS(mends));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
