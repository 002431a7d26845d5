/* Checkpoints as bytes: what is written reads back, and any damage is seen. */
#include "dse/checkpoint.h"

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAMAGES = 10000 };

static const char flow[] = "Constant T 2;\n"
                           "Dataflow d { SpatialMap(1,1) K; TemporalMap(T,T) C; }\n";
static const char rest[] =
    "Network \"n\303\251\" { Layer A { Type: CONV Dimensions { K: 6, C: 5, R: 3, S: 3, Y: 8, X: 7 "
    "} } "
    "}\n"
    "Accelerator h { PEs: 4 Technology: t }\n"
    "Technology t { Width: 16 bit MAC { Energy: 0.5 pJ, Area: 100 um2, Source: \"a test\" }\n"
    " L1 { Point 0 { Capacity: 64 B, Read: 1 pJ, Write: 1 pJ, Area: 9 um2 } Source: \"a test\" }\n"
    " SRAM { Point 0 { Capacity: 64 B, Read: 2 pJ, Write: 2 pJ, Area: 9 um2 } Source: \"a test\" "
    "}\n"
    " OffChip { Energy: 4 pJ/bit, Source: \"a test\" } }\n";

/* A run of the tools' libraries, and the bytes of its checkpoint. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Study *study;
    Checkpoint *checkpoint;
    char *folder, *path, *text;
    gsize length;
} Run;

static void run_open(Run *run)
{
    static const char *files[] = {"flow", "rest", NULL};
    ProgramRequest request = {.files = files};
    GError *error = NULL;
    Space *space = space_new();
    *run = (Run){.arena = arena_new()};
    run->sources = sources_new(run->arena);
    run->diag = diag_new(run->sources, run->arena);
    run->folder = g_dir_make_tmp("checkpoint-XXXXXX", NULL);
    run->path = g_build_filename(run->folder, "c", NULL);
    ck_assert(sources_give(run->sources, "flow", flow, strlen(flow), NULL));
    ck_assert(sources_give(run->sources, "rest", rest, strlen(rest), NULL));
    ck_assert(space_add(space, "T=1,2,3", NULL) && space_add(space, "pes=2,3,4,5,6", NULL));
    run->study = study_new(&request, space, false, run->diag, &error);
    if (!run->study) {
        diag_print(run->diag, "dcc", stderr, false);
        ck_abort_msg("%s", error ? error->message : "no study");
    }
    run->study->front = 1U << OBJECTIVE_RUNTIME | 1U << OBJECTIVE_ENERGY;
    run->checkpoint = checkpoint_new(run->study, run->sources);
    const SweepOptions options = {.threads = 1, .shards = 1};
    run->checkpoint->done = sweep_run(run->study, &options, run->checkpoint->findings);
    ck_assert_int_gt(run->checkpoint->findings->valid, 0);
    ck_assert(checkpoint_write(run->checkpoint, run->path, NULL));
    ck_assert(g_file_get_contents(run->path, &run->text, &run->length, NULL));
}

static void run_close(Run *run)
{
    checkpoint_free(run->checkpoint);
    study_free(run->study);
    diag_free(run->diag);
    sources_free(run->sources);
    arena_free(run->arena);
    g_remove(run->path);
    g_rmdir(run->folder);
    g_free(run->path);
    g_free(run->folder);
    g_free(run->text);
}

START_TEST(what_is_written_reads_back)
{
    Run run;
    const char *why = NULL;
    run_open(&run);
    g_autoptr(Checkpoint) read = checkpoint_parse(run.text, run.length, &why);
    ck_assert_ptr_nonnull(read);
    ck_assert_str_eq(read->network, run.checkpoint->network);
    ck_assert_str_eq(read->digest, run.checkpoint->digest);
    ck_assert_int_eq(read->findings->valid, run.checkpoint->findings->valid);
    ck_assert_int_eq(front_size(read->findings->front),
                     front_size(run.checkpoint->findings->front));
    ck_assert_mem_eq(read->findings->best, run.checkpoint->findings->best,
                     sizeof read->findings->best);
    run_close(&run);
}
END_TEST

/* ---- damages --------------------------------------------------------------------- */

static void flip_bit(GString *text, GRand *rand)
{
    gsize at = (gsize) g_rand_int_range(rand, 0, (gint32) text->len);
    text->str[at] = (char) ((unsigned char) text->str[at] ^ 1U << g_rand_int_range(rand, 0, 8));
}

static void change_digit(GString *text, GRand *rand)
{
    gsize at = (gsize) g_rand_int_range(rand, 0, (gint32) text->len);
    while (!g_ascii_isdigit(text->str[at]))
        at = (at + 1) % text->len;
    text->str[at] = (char) ('0' + g_rand_int_range(rand, 0, 10));
}

static void cut(GString *text, GRand *rand)
{
    g_string_truncate(text, (gsize) g_rand_int_range(rand, 0, (gint32) text->len));
}

static void insert(GString *text, GRand *rand)
{
    char byte = (char) g_rand_int_range(rand, 1, 256);
    g_string_insert_len(text, g_rand_int_range(rand, 0, (gint32) text->len + 1), &byte, 1);
}

static void drop(GString *text, GRand *rand)
{
    g_string_erase(text, g_rand_int_range(rand, 0, (gint32) text->len), 1);
}

static void swap_bytes(GString *text, GRand *rand)
{
    gsize a = (gsize) g_rand_int_range(rand, 0, (gint32) text->len);
    gsize b = (gsize) g_rand_int_range(rand, 0, (gint32) text->len);
    char byte = text->str[a];
    text->str[a] = text->str[b];
    text->str[b] = byte;
}

START_TEST(damaged_bytes_are_refused)
{
    static void (*const damages[])(GString *, GRand *) = {flip_bit, change_digit, cut,
                                                          insert,   drop,         swap_bytes};
    GRand *rand = g_rand_new_with_seed(20240229);
    int damaged = 0;
    Run run;
    run_open(&run);
    for (int i = 0; i < DAMAGES; i++) {
        g_autoptr(GString) text = g_string_new_len(run.text, (gssize) run.length);
        const char *why = NULL;
        damages[i % (int) G_N_ELEMENTS(damages)](text, rand);
        bool same = text->len == run.length && memcmp(text->str, run.text, text->len) == 0;
        g_autoptr(Checkpoint) read = checkpoint_parse(text->str, text->len, &why);
        ck_assert_msg(same == (read != NULL), "damage %d", i);
        ck_assert_msg(same || why != NULL, "damage %d has no reason", i);
        damaged += !same;
    }
    ck_assert_int_gt(damaged, DAMAGES * 9 / 10);
    run_close(&run);
    g_rand_free(rand);
}
END_TEST

START_TEST(files_of_version_0_1_are_refused)
{
    static const char old[] = "{\"format\":\"dcc-dse checkpoint 1\",\"digest\":\"\"}";
    const char *why = NULL;
    ck_assert_ptr_null(checkpoint_parse(old, strlen(old), &why));
    ck_assert_ptr_nonnull(strstr(why, "version 0.1"));
}
END_TEST

START_TEST(files_of_others_are_kept)
{
    Run run;
    GError *error = NULL;
    run_open(&run);
    ck_assert(checkpoint_may_write(run.checkpoint, run.path, &error));
    run.checkpoint->digest[0] ^= 1;
    ck_assert(!checkpoint_may_write(run.checkpoint, run.path, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "another sweep"));
    g_clear_error(&error);
    ck_assert(g_file_set_contents(run.path, "notes", -1, NULL));
    ck_assert(!checkpoint_may_write(run.checkpoint, run.path, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "is kept"));
    g_clear_error(&error);
    run_close(&run);
}
END_TEST

START_TEST(names_that_are_no_text_make_no_file)
{
    Run run;
    GError *error = NULL;
    run_open(&run);
    g_remove(run.path);
    run.checkpoint->network[1] = '\351';
    ck_assert(!checkpoint_write(run.checkpoint, run.path, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "not UTF-8"));
    ck_assert(!g_file_test(run.path, G_FILE_TEST_EXISTS));
    g_clear_error(&error);
    run_close(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tc = tcase_create("bytes");
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, what_is_written_reads_back);
    tcase_add_test(tc, damaged_bytes_are_refused);
    tcase_add_test(tc, files_of_version_0_1_are_refused);
    tcase_add_test(tc, files_of_others_are_kept);
    tcase_add_test(tc, names_that_are_no_text_make_no_file);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
