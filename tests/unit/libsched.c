/* dcc_sched: what it says of a schedule is what the schedule has, and wrong asks change nothing. */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dcc.h"

static dcc_context *context;
static dcc_sched *sched;

static void setup(void)
{
    context = dcc_open();
    sched = dcc_sched_load(context, "stream-lab3.m", "stream-bus.hw", NULL);
    ck_assert_ptr_nonnull(sched);
    ck_assert_str_eq(dcc_messages(context), "");
}

static void teardown(void)
{
    dcc_sched_free(sched);
    dcc_close(context);
}

START_TEST(parts_add_up)
{
    dcc_schedule s;
    int64_t busy[8] = {0}, end = 0;
    int nodes = 0;
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_OK);
    ck_assert_int_eq(dcc_sched_get(sched, &s), DCC_OK);
    ck_assert(s.optimal && s.gap == 0 && s.value == (double) s.cycles && s.energy_known);
    ck_assert(isnan(s.cycles_per_image));
    ck_assert_int_eq(s.schedules, 3 * 81);
    ck_assert_double_eq_tol(s.cores_pj + s.links_pj + s.offchip_pj, s.total_pj, 1e-3);
    for (int i = 0; i < s.nodes; i++) {
        dcc_sched_node node;
        ck_assert_int_eq(dcc_sched_get_node(sched, i, &node), DCC_OK);
        ck_assert_int_eq(node.core, dcc_sched_layer_core(sched, node.layer, 0));
        busy[node.core] += node.end - node.start;
    }
    for (int k = 0; k < s.cores; k++) {
        dcc_sched_part core;
        ck_assert_int_eq(dcc_sched_get_core(sched, k, &core), DCC_OK);
        ck_assert_int_eq(core.busy_cycles, busy[k]);
    }
    for (int l = 0; l < s.layers; l++) {
        dcc_sched_layer layer;
        ck_assert_int_eq(dcc_sched_get_layer(sched, l, &layer), DCC_OK);
        ck_assert_int_eq(layer.first, nodes);
        ck_assert_str_eq(layer.split, "Y' all");
        nodes += layer.nodes;
    }
    ck_assert_int_eq(nodes, s.nodes);
    for (int i = 0; i < s.transfers; i++) {
        dcc_sched_transfer t;
        ck_assert_int_eq(dcc_sched_get_transfer(sched, i, &t), DCC_OK);
        ck_assert(t.bytes > 0 && t.start < t.end && t.from != t.to && *t.tensor != '\0');
        end = t.end > end ? t.end : end;
    }
    ck_assert_int_eq(end, s.cycles); /* the output goes off-chip last */
}
END_TEST

START_TEST(options_are_heard)
{
    dcc_schedule latency, energy, images;
    ck_assert_int_eq(dcc_sched_set(sched, DCC_SCHED_THREADS, 2), DCC_OK);
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_OK);
    dcc_sched_get(sched, &latency);
    ck_assert_int_eq(dcc_sched_set(sched, DCC_SCHED_OBJECTIVE, DCC_ENERGY), DCC_OK);
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_OK);
    dcc_sched_get(sched, &energy);
    ck_assert(energy.total_pj < latency.total_pj && energy.cycles > latency.cycles);
    ck_assert_double_eq(energy.value, energy.total_pj);
    dcc_sched_set(sched, DCC_SCHED_OBJECTIVE, DCC_RUNTIME);
    ck_assert_int_eq(dcc_sched_set(sched, DCC_SCHED_IMAGES, 2), DCC_OK);
    ck_assert_int_eq(dcc_sched_set(sched, DCC_SCHED_PRIORITY, 1), DCC_OK);
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_OK);
    dcc_sched_get(sched, &images);
    ck_assert_int_eq(images.nodes, 2 * latency.nodes);
    ck_assert_int_eq(images.priority, 1);
    ck_assert(images.cycles_per_image < (double) latency.cycles);
}
END_TEST

START_TEST(texts_can_be_given_back)
{
    dcc_schedule first, again;
    char path[] = "chosen-XXXXXX";
    int file = g_mkstemp(path);
    ck_assert_ptr_null(dcc_sched_text(sched, DCC_SCHED_CHOICE));
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_OK);
    dcc_sched_get(sched, &first);
    ck_assert_ptr_nonnull(strstr(dcc_sched_text(sched, DCC_SCHED_JSON), "\"latency_cycles\": "));
    ck_assert_ptr_nonnull(strstr(dcc_sched_text(sched, DCC_SCHED_HTML), "<svg "));
    ck_assert_ptr_nonnull(strstr(dcc_sched_text(sched, DCC_SCHED_TRACE), "traceEvents"));
    ck_assert_ptr_null(dcc_sched_text(sched, DCC_SCHED_HTML + 1));
    const char *text = dcc_sched_text(sched, DCC_SCHED_CHOICE);
    ck_assert(file >= 0 && g_file_set_contents(path, text, -1, NULL));
    dcc_sched *other = dcc_sched_load(context, "stream-lab3.m", "stream-bus.hw", path);
    ck_assert_ptr_nonnull(other);
    ck_assert_int_eq(dcc_sched_run(context, other), DCC_OK);
    dcc_sched_get(other, &again);
    ck_assert_int_eq(again.cycles, first.cycles);
    ck_assert_int_eq(again.schedules, 3);
    dcc_sched_free(other);
    g_unlink(path);
}
END_TEST

START_TEST(what_is_set_later_is_of_the_next_run)
{
    dcc_schedule s;
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_OK);
    dcc_sched_get(sched, &s);
    g_autofree char *json = g_strdup(dcc_sched_text(sched, DCC_SCHED_JSON));
    dcc_sched_set(sched, DCC_SCHED_OBJECTIVE, DCC_ENERGY);
    dcc_sched_set(sched, DCC_SCHED_IMAGES, 7);
    dcc_sched_set(sched, DCC_SCHED_PRIORITY, 1);
    ck_assert(strcmp(dcc_sched_text(sched, DCC_SCHED_JSON), json) == 0); /* too long to be shown */
    ck_assert_ptr_nonnull(strstr(json, "\"objective\": \"latency\""));
}
END_TEST

START_TEST(wrong_asks)
{
    dcc_schedule s;
    dcc_sched_node node;
    dcc_sched_part part;
    ck_assert_ptr_null(dcc_sched_load(context, "stream-lab3.m", NULL, NULL));
    ck_assert_ptr_nonnull(strstr(dcc_messages(context), "no system"));
    ck_assert_ptr_null(dcc_sched_load(context, "no-such.m", NULL, NULL));
    ck_assert_ptr_null(dcc_sched_load(context, NULL, NULL, NULL));
    ck_assert_int_eq(dcc_sched_get(sched, &s), DCC_NOT_FOUND);
    ck_assert_int_eq(dcc_sched_get_node(sched, 0, &node), DCC_NOT_FOUND);
    ck_assert_int_eq(dcc_sched_layer_core(sched, 0, 0), -1);
    ck_assert_int_eq(dcc_sched_set(sched, DCC_SCHED_IMAGES, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_sched_set(sched, DCC_SCHED_THREADS + 1, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_sched_limit(sched, -1, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_sched_limit(sched, 0, NAN), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_OK);
    ck_assert_int_eq(dcc_sched_get_node(sched, 224, &node), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_sched_get_core(sched, -1, &part), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_sched_get_link(sched, 2, &part), DCC_OK);
    ck_assert_str_eq(part.name, "OffChip");
    ck_assert_int_eq(dcc_sched_layer_core(sched, 0, 1), -1);
    dcc_sched_set(sched, DCC_SCHED_IMAGES, 1000); /* more nodes than there may be */
    ck_assert_int_eq(dcc_sched_run(context, sched), DCC_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(dcc_messages(context), "more than"));
    ck_assert_int_eq(dcc_sched_get(sched, &s), DCC_NOT_FOUND);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("libsched");
    TCase *tests = tcase_create("libsched");
    g_autofree char *path =
        g_strdup_printf("%s/hardware:%s/dataflows:%s/models", g_getenv("SRCDIR"),
                        g_getenv("SRCDIR"), g_getenv("SRCDIR"));
    g_setenv("DCC_PATH", path, TRUE);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, parts_add_up);
    tcase_add_test(tests, options_are_heard);
    tcase_add_test(tests, texts_can_be_given_back);
    tcase_add_test(tests, what_is_set_later_is_of_the_next_run);
    tcase_add_test(tests, wrong_asks);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
