/* A job is what it is made of, whatever it was before: random sequences of all that changes a nest
 * or a machine, and after each call a fresh job of the same text and keys, whose figures are the
 * same. */
#include "lib/dcc.h"

#include <check.h>
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef DCC_SANITIZE
enum { SEEDS = 6, STEPS = 150 };
#else
enum { SEEDS = 40, STEPS = 250 };
#endif

enum { KEYS = 8, VALUES = 3, DIMS = 4 };

typedef struct {
    const char *accelerator;
    struct {
        const char *name, *value[VALUES];
    } key[KEYS];
} Form;

static const Form forms[] = {
    {"Accelerator \"h\" { Clock: 1 GHz Hierarchy {\n"
     "  Memory DRAM { Bandwidth: 4, Latency: 3, Read: 150 pJ, Write: 100 pJ }\n"
     "  Memory G { Bandwidth { Read: 2, Write: 1 }, Latency: 2, Prefetch: step, Read: 10 pJ, "
     "Write: 15 pJ }\n"
     "  Fanout F 4 { Bandwidth: 4, Latency: 2 }\n"
     "  Memory R { Holds: Weight, Output, Bandwidth: 0.5, Read: 1 pJ, Write: 2 pJ }\n"
     "  Fanout E 2 { Bandwidth: 1, Multicast: no }\n"
     "  Memory Q { Holds: Input, Bandwidth: 1, Prefetch: none, Read: 0.5 pJ, Write: 0.25 pJ }\n"
     "  MAC { Energy: 0.5 pJ } } }\n",
     {{"F", {"4", "6", "3"}},
      {"E", {"2", "1", "5"}},
      {"G.bandwidth", {"1", "{ Read: 3, Write: 1/2 }", "5"}},
      {"G.prefetch", {"layer", "tile", "none"}},
      {"R.bandwidth", {"1/4", "2", "7"}},
      {"Q.latency", {"0", "3", "9"}},
      {"F.bandwidth", {"1", "2/3", "9"}},
      {"DRAM.latency", {"0", "30", "1"}}}},
    {"Accelerator \"c\" { PEs: 12 Clock: 1 GHz Technology: \"t\"\n"
     "  NoC 0 { Bandwidth: 3, Latency: 2, Prefetch: step } NoC 1 { Bandwidth: 1, Latency: 4 }\n"
     "  OffChip { Bandwidth: 2 GB/s } }\n"
     "Technology \"t\" { Width: 8 bit MAC { Energy: 1 pJ Source: \"a test\" }\n"
     "  L1 { Read: 1 pJ Write: 2 pJ Source: \"a test\" } L2 { Read: 5 pJ Write: 6 pJ Source: \"a "
     "test\" }\n"
     "  NoC { Hop: 0.5 pJ Source: \"a test\" } OffChip { Energy: 50 pJ Source: \"a test\" } }\n",
     {{"pes", {"12", "20", "7"}},
      {"lanes", {"1", "2", "3"}},
      {"noc0.bandwidth", {"1", "5", "1/2"}},
      {"noc1.latency", {"1", "3", "8"}},
      {"noc.multicast", {"yes", "no", "yes"}},
      {"noc0.prefetch", {"layer", "tile", "none"}},
      {"offchip.bandwidth", {"1 GB/s", "0.5 GB/s", "8 GB/s"}},
      {"setup", {"0", "5", "17"}}}},
};

/* A job, and the keys that it was given: a number of a value, from 1, or 0. */
typedef struct {
    const Form *form;
    dcc_context *context;
    GRand *random;
    dcc_job *job;
    int set[KEYS];
} Subject;

static int draw(const Subject *s, int low, int high)
{
    return g_rand_int_range(s->random, low, high + 1);
}

/* ---- from text ---- */

static dcc_job *read_job(const Subject *s, const char *extents, const char *dataflow)
{
    const char *words[2 * KEYS + 1] = {NULL};
    g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text =
        g_strdup_printf("%sNetwork \"n\" { Layer L { Type: GEMM Dimensions { %s } } }\n%s",
                        s->form->accelerator, extents, dataflow);
    for (int k = 0, n = 0; k < KEYS; k++) {
        if (s->set[k] == 0)
            continue;
        char *set =
            g_strdup_printf("%s=%s", s->form->key[k].name, s->form->key[k].value[s->set[k] - 1]);
        g_ptr_array_add(sets, set);
        words[n++] = "--set";
        words[n++] = set;
    }
    dcc_plan *plan = dcc_parse(s->context, text, words);
    ck_assert_msg(plan != NULL, "%s\n%s", text, dcc_messages(s->context));
    dcc_job *job = dcc_job_new(plan, 0);
    ck_assert_msg(job != NULL, "%s\n%s", text, dcc_messages(s->context));
    dcc_plan_free(plan);
    return job;
}

/* A job of the same layer, machine and nest that has never been another. */
static dcc_job *fresh_job(const Subject *s)
{
    char dataflow[4096];
    g_autoptr(GString) extents = g_string_new(NULL);
    for (int d = 0; d < dcc_dims(s->job); d++)
        g_string_append_printf(extents, "%s%s: %d", d > 0 ? ", " : "", dcc_dim_name(s->job, d),
                               (int) dcc_extent(s->job, d));
    dcc_print(s->job, "fresh", dataflow, sizeof dataflow);
    return read_job(s, extents->str, dataflow);
}

/* ---- changes ---- */

static void change_key(Subject *s)
{
    int k = draw(s, 0, KEYS - 1), v = draw(s, 0, VALUES - 1);
    if (dcc_set(s->context, s->job, s->form->key[k].name, s->form->key[k].value[v]) == DCC_OK)
        s->set[k] = v + 1;
}

static void add_level(Subject *s)
{
    dcc_add_cluster(s->job, draw(s, 1, 4));
    dcc_add_cut(s->job, draw(s, -1, dcc_fanouts(s->job) - 1), draw(s, 0, 3));
}

static void change_level(Subject *s, int level)
{
    dcc_set_cluster(s->job, level, draw(s, 1, 4));
    dcc_set_units(s->job, level, draw(s, 1, 4));
}

static void change(Subject *s)
{
    dcc_job *job = s->job;
    int level = draw(s, 0, dcc_levels(job) - 1), dim = draw(s, 0, DIMS - 1);
    int kind = draw(s, 0, 2) == 0 ? DCC_SPATIAL : DCC_TEMPORAL;
    switch (draw(s, 0, 12)) {
    case 0:
        change_key(s);
        break;
    case 1:
        dcc_set_extent(job, dim, draw(s, 1, 9));
        break;
    case 2:
        if (draw(s, 0, 3) == 0)
            dcc_clear_nest(job);
        break;
    case 3:
        add_level(s);
        break;
    case 4:
    case 5:
        dcc_hold(job, level, draw(s, 0, 2), draw(s, -1, dcc_memories(job) - 1));
        break;
    case 6:
        change_level(s, level);
        break;
    case 7:
        dcc_set_size(job, level, dim, draw(s, 1, 4));
        break;
    case 8:
        dcc_set_kind(job, level, dim, kind);
        break;
    case 9:
        dcc_set_order(job, level, dim, draw(s, 0, 3));
        break;
    default:
        dcc_add_map(job, kind, dim, draw(s, 1, 4));
    }
}

/* ---- the comparison ---- */

static double figure(const Subject *s, const dcc_job *job, dcc_result *result, const char *name)
{
    int status = dcc_evaluate(s->context, job, result);
    bool can = status >= 0 || status == DCC_RAGGED || status == DCC_ENTANGLED;
    ck_assert_msg(can, "%s", dcc_status_text(status));
    if (status < 0)
        return status;
    ck_assert_int_eq(dcc_cost(job, result), DCC_OK);
    return dcc_real(result, dcc_metric_find(job, name));
}

static void compare(const Subject *s, int step, dcc_result *result)
{
    static const char *const names[] = {"cycles", "onchip_cycles", "energy_pj.total",
                                        "utilization"};
    dcc_job *fresh = fresh_job(s);
    char text[4096], again[4096];
    dcc_print(s->job, "n", text, sizeof text);
    dcc_print(fresh, "n", again, sizeof again);
    ck_assert_str_eq(text, again);
    for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
        double had = figure(s, s->job, result, names[k]);
        double wanted = figure(s, fresh, result, names[k]);
        ck_assert_msg(had == wanted, "step %d: %s is %.17g, of a fresh job %.17g\n%s", step,
                      names[k], had, wanted, text);
    }
    dcc_job_free(fresh);
}

/* Most of what makes the nest illegal is taken back. */
START_TEST(what_was_before_does_not_count)
{
    Subject s = {.form = &forms[_i % (int) G_N_ELEMENTS(forms)],
                 .context = dcc_open(),
                 .random = g_rand_new_with_seed((guint32) _i)};
    s.job = read_job(&s, "B: 1, M: 6, N: 5, K: 7", "Dataflow { TemporalMap(1,1) K; }");
    dcc_result *result = dcc_result_new();
    int compared = 0;
    for (int step = 0; step < STEPS; step++) {
        Subject before = s;
        before.job = dcc_job_copy(s.job);
        change(&s);
        bool legal = dcc_check(s.job) >= 0;
        if (legal) {
            compare(&s, step, result);
            compared++;
        } else if (draw(&s, 0, 9) > 0) {
            dcc_job_assign(s.job, before.job);
            memcpy(s.set, before.set, sizeof s.set);
        }
        dcc_job_free(before.job);
    }
    ck_assert_int_gt(compared, STEPS / 8);
    dcc_result_free(result);
    dcc_job_free(s.job);
    g_rand_free(s.random);
    dcc_close(s.context);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("changes");
    TCase *tests = tcase_create("changes");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, what_was_before_does_not_count, 0, SEEDS);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
