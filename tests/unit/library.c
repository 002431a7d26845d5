/* libdcc against dcc: the same job gives the same numbers, whether it comes from files, from text
 * or from setters, and what the front end refuses dcc_check refuses. */
#include "lib/dcc.h"

#include <check.h>
#include <glib.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_CASES = 1500 };

static dcc_context *context;

static void open_context(void)
{
    context = dcc_open();
}

static void close_context(void)
{
    dcc_close(context);
}

static dcc_plan *load(const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    dcc_plan *plan = dcc_load(context, (const char *const *) words);
    ck_assert_msg(plan != NULL, "%s: %s", line, dcc_messages(context));
    return plan;
}

static dcc_job *first_job(const char *line)
{
    dcc_plan *plan = load(line);
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    return job;
}

static dcc_result *evaluate(const dcc_job *job)
{
    dcc_result *result = dcc_result_new();
    ck_assert_int_ge(dcc_evaluate(context, job, result), 0);
    ck_assert_int_eq(dcc_cost(job, result), DCC_OK);
    ck_assert_int_eq(dcc_gain(job, result), DCC_OK);
    return result;
}

/* ---- against dcc --json ---- */

static json_t *run_dcc(const char *line)
{
    const char *dcc = g_getenv("DCC");
    g_autofree char *command =
        g_strdup_printf("'%s' %s --json - 2>/dev/null", dcc ? dcc : "build/dcc", line);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    json_t *root = json_loadf(pipe, 0, NULL);
    ck_assert_int_eq(pclose(pipe), 0);
    ck_assert_ptr_nonnull(root);
    return root;
}

static void compare_leaf(const dcc_job *job, const dcc_result *result, const char *path,
                         const json_t *leaf)
{
    dcc_metric metric = dcc_metric_find(job, path);
    char name[128];
    ck_assert_msg(metric >= 0, "%s", path);
    ck_assert_int_eq(dcc_metric_name(result, metric, name, sizeof name), (int) strlen(path));
    ck_assert_str_eq(name, path);
    if (json_is_string(leaf))
        ck_assert_str_eq(dcc_text(result, metric), json_string_value(leaf));
    else if (json_is_integer(leaf))
        ck_assert_msg(dcc_count(result, metric) == json_integer_value(leaf), "%s", path);
    else if (json_is_real(leaf))
        ck_assert_msg(dcc_real(result, metric) == json_real_value(leaf), "%s", path);
    else
        ck_assert_msg(dcc_count(result, metric) == -1 && isnan(dcc_real(result, metric)), "%s",
                      path);
}

/* Every leaf of the tree; returns how many there are. */
static int compare_tree(const dcc_job *job, const dcc_result *result, const char *path,
                        json_t *node)
{
    int leaves = 0;
    const char *key;
    json_t *child;
    size_t i;
    if (!json_is_object(node) && !json_is_array(node)) {
        compare_leaf(job, result, path, node);
        return 1;
    }
    json_object_foreach(node, key, child)
    {
        g_autofree char *below = g_strdup_printf("%s%s%s", path, *path ? "." : "", key);
        leaves += compare_tree(job, result, below, child);
    }
    json_array_foreach(node, i, child)
    {
        g_autofree char *below = g_strdup_printf("%s.%zu", path, i);
        leaves += compare_tree(job, result, below, child);
    }
    return leaves;
}

static int count_metrics(const dcc_result *result)
{
    int n = 0;
    for (dcc_metric m = dcc_metric_next(result, DCC_NO_METRIC); m >= 0;
         m = dcc_metric_next(result, m))
        n++;
    return n;
}

static const char *const lines[] = {
    "kc-p.m --model vgg16.m --hw paper256.hw",
    "yr-p.m --model alexnet.m --hw eyeriss.hw",
    "x-p.m --model resnet18.m --hw nvdla-small.hw",
    "ws-gemm.m --model bert-base.m --hw tpu-v1.hw",
    "kc-p.m --model vgg16.m --hw maeri.hw --tech 45nm --set pes=128 --set noc.bandwidth=3/2"
    " -D TileC=16 --layer CONV*",
    "ff-simba.m --model vgg16.m --hw ff-simba.hw --layer CONV1*",
};

START_TEST(numbers_are_those_of_json)
{
    dcc_plan *plan = load(lines[_i]);
    json_t *root = run_dcc(lines[_i]), *layers = json_object_get(root, "layers");
    ck_assert_int_eq(dcc_plan_jobs(plan), (int) json_array_size(layers));
    for (int i = 0; i < dcc_plan_jobs(plan); i++) {
        dcc_job *job = dcc_job_new(plan, i);
        dcc_result *result = evaluate(job);
        int leaves = compare_tree(job, result, "", json_array_get(layers, (size_t) i));
        ck_assert_int_eq(leaves, count_metrics(result));
        dcc_result_free(result);
        dcc_job_free(job);
    }
    json_decref(root);
    dcc_plan_free(plan);
}
END_TEST

/* A hierarchy is known by its names, and a memory by either of its own. */
START_TEST(memories_have_names)
{
    dcc_job *job = first_job("ff-simba.m --model vgg16.m --hw ff-simba.hw --layer CONV2");
    dcc_job *classic = first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2");
    dcc_result *result = evaluate(job);
    ck_assert_int_eq(dcc_memories(job), 6);
    ck_assert_str_eq(dcc_memory_name(job, 1), "GlobalBuffer");
    ck_assert_ptr_null(dcc_memory_name(job, 6));
    ck_assert_int_eq(dcc_memory(job, "PEWeightRegs"), 5);
    ck_assert_int_eq(dcc_memory(job, "L2"), -1);
    ck_assert_int_eq(dcc_level_fanout(job, 0), -1);
    ck_assert_str_eq(dcc_fanout_name(job, dcc_level_fanout(job, 1)), "PEs");
    ck_assert_int_eq(dcc_level_fanout(job, 99), -1);
    ck_assert_ptr_null(dcc_fanout_name(job, 99));
    dcc_metric reads = dcc_metric_find(job, "memories.GlobalBuffer.tensors.I.reads");
    ck_assert_int_eq(reads, dcc_metric_find(job, "memories.1.tensors.I.reads"));
    ck_assert_int_eq(dcc_count(result, reads), 6451456);
    /* it holds no weights */
    ck_assert_int_eq(dcc_count(result, dcc_metric_find(job, "memories.1.tensors.W.reads")), -1);
    ck_assert_int_eq(dcc_metric_find(job, "memories.6.units"), DCC_NO_METRIC);
    ck_assert_int_eq(dcc_metric_find(job, "l2.required_bytes"), DCC_NO_METRIC);
    ck_assert_int_eq(dcc_memories(classic), 0);
    ck_assert_int_eq(dcc_metric_find(classic, "memories.0.units"), DCC_NO_METRIC);
    dcc_result_free(result);
    dcc_job_free(job);
    dcc_job_free(classic);
}
END_TEST

/* Whether a metric rests on time. */
static bool is_timed(const char *name)
{
    static const char *const timed[] = {"cycles*",          "seconds",           "onchip_cycles",
                                        "offchip_cycles",   "utilization",       "active_pes",
                                        "bound_by",         "levels.*bandwidth", "edp",
                                        "links.*bandwidth", "average_*",         "energy_pj.total*",
                                        "*pj.leakage"};
    for (size_t i = 0; i < G_N_ELEMENTS(timed); i++)
        if (g_pattern_match_simple(timed[i], name))
            return true;
    return false;
}

START_TEST(counts_need_no_time)
{
    dcc_plan *plan = load(lines[_i]);
    for (int i = 0; i < dcc_plan_jobs(plan); i++) {
        dcc_job *job = dcc_job_new(plan, i);
        dcc_result *all = evaluate(job), *counts = dcc_result_new();
        ck_assert_int_eq(dcc_evaluate_counts(context, job, counts), DCC_OK);
        ck_assert_int_eq(dcc_cost(job, counts), DCC_OK);
        ck_assert_int_eq(dcc_gain(job, counts), DCC_OK);
        for (dcc_metric m = dcc_metric_next(all, DCC_NO_METRIC); m >= 0;
             m = dcc_metric_next(all, m)) {
            char name[128];
            double x = dcc_real(all, m), y = dcc_real(counts, m);
            dcc_metric_name(all, m, name, sizeof name);
            if (g_pattern_match_simple("links.*.tensors.*", name))
                continue; /* counted without time only where its hops ask for it */
            if (!is_timed(name))
                ck_assert_msg(x == y || (isnan(x) && isnan(y)), "%s", name);
            else if (!g_str_has_prefix(name, "energy_pj.total"))
                ck_assert_msg(isnan(y) && dcc_text(counts, m) == NULL, "%s", name);
        }
        double leakage = dcc_real(all, dcc_metric_find(job, "energy_pj.leakage"));
        dcc_metric total = dcc_metric_find(job, "energy_pj.total");
        double dynamic = dcc_real(all, total) - (isnan(leakage) ? 0 : leakage);
        if (isnan(dynamic)) /* without a technology */
            ck_assert(isnan(dcc_real(counts, total)));
        else
            ck_assert_double_eq_tol(dcc_real(counts, total) / dynamic, 1, 1e-9);
        dcc_result_free(all);
        dcc_result_free(counts);
        dcc_job_free(job);
    }
    dcc_plan_free(plan);
}
END_TEST

/* ---- setters ---- */

/* Every metric but names. */
static void compare_results(const dcc_result *a, const dcc_result *b)
{
    for (dcc_metric m = dcc_metric_next(a, DCC_NO_METRIC); m >= 0; m = dcc_metric_next(a, m)) {
        char name[128];
        double x = dcc_real(a, m), y = dcc_real(b, m);
        dcc_metric_name(a, m, name, sizeof name);
        ck_assert_msg(x == y || (isnan(x) && isnan(y)), "%s: %.17g and %.17g", name, x, y);
    }
}

static void compare_jobs(dcc_job *a, dcc_job *b)
{
    dcc_result *one = evaluate(a), *other = evaluate(b);
    compare_results(one, other);
    dcc_result_free(one);
    dcc_result_free(other);
    dcc_job_free(a);
    dcc_job_free(b);
}

enum { DEPTHS_MOST = 200 };

/* What moves at every residency depth; returns how many figures that are. */
static int read_depths(const dcc_result *result, int64_t figure[DEPTHS_MOST])
{
    int n = 0;
    for (dcc_metric m = dcc_metric_next(result, DCC_NO_METRIC); m >= 0;
         m = dcc_metric_next(result, m)) {
        char name[128];
        dcc_metric_name(result, m, name, sizeof name);
        if (strstr(name, ".depths.") != NULL && n < DEPTHS_MOST)
            figure[n++] = dcc_count(result, m);
    }
    return n;
}

/* Figures that are found when they are read are of the job as it was. */
START_TEST(a_result_stays_as_it_is)
{
    dcc_job *job = first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2");
    dcc_result *result = evaluate(job);
    int64_t before[DEPTHS_MOST], after[DEPTHS_MOST], other[DEPTHS_MOST];
    int n = read_depths(result, before);
    ck_assert_int_gt(n, 20);
    ck_assert_int_eq(dcc_set_extent(job, 2, 16), DCC_OK);   /* C */
    ck_assert_int_eq(dcc_set_window(job, 3, 3, 2), DCC_OK); /* Y' */
    ck_assert_int_eq(dcc_set_machine(job, DCC_L2_BYTES, 1000), DCC_OK);
    ck_assert_int_eq(read_depths(result, after), n);
    ck_assert_mem_eq(before, after, (size_t) n * sizeof *before);
    dcc_result *changed = evaluate(job);
    ck_assert_int_eq(read_depths(changed, other), n);
    ck_assert_mem_ne(before, other, (size_t) n * sizeof *before);
    ck_assert_int_eq(dcc_gain(job, changed), DCC_OK); /* finds them all at once */
    ck_assert_int_eq(read_depths(changed, after), n);
    ck_assert_mem_eq(after, other, (size_t) n * sizeof *after);
    dcc_result_free(result);
    dcc_result_free(changed);
    dcc_job_free(job);
}
END_TEST

START_TEST(setters_do_what_text_does)
{
    dcc_job *job = first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2");
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 100), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_LANES, 2), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_L2_BYTES, 100000), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_L1_BYTES, 64), DCC_OK);
    ck_assert_int_eq(dcc_set_clock(job, 5e8), DCC_OK);
    ck_assert_int_eq(dcc_set_offchip(job, 3e9), DCC_OK);
    ck_assert_int_eq(dcc_set_bandwidth(job, -1, -1, 14, 4), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, -1, DCC_LATENCY, 5), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, 1, DCC_REDUCTION, 0), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, 0, DCC_MULTICAST, 0), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, 0, DCC_PREFETCH, 1), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, 77), DCC_OK);
    ck_assert_int_eq(dcc_set_output_bytes(job, 1, 4), DCC_OK);
    ck_assert_int_eq(dcc_set_stays_onchip(job, dcc_tensor(job, "I"), 1), DCC_OK);
    ck_assert_int_eq(dcc_set_cluster(job, 1, 32), DCC_OK);
    ck_assert_int_eq(dcc_set_size(job, 0, dcc_dim(job, "C"), 32), DCC_OK);
    compare_jobs(job, first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2 "
                                "-D TileC=32 --set pes=100 --set lanes=2 --set l2.capacity=100000B "
                                "--set l1.capacity=64B --set clock=500MHz "
                                "--set offchip.bandwidth=3GB/s --set noc.bandwidth=7/2 "
                                "--set noc.latency=5 --set noc1.reduction=no "
                                "--set noc0.multicast=no --set noc0.prefetch=tile --set setup=77 "
                                "--set precision.partial=32bit --set offchip.holds=W,O"));
}
END_TEST

START_TEST(a_job_is_built_without_text)
{
    static const char text[] =
        "Accelerator { PEs: 20  Precision: 8 bit  Clock: 1 GHz\n"
        "  NoC 0 { Bandwidth { W: 3, I: 1, O: 1/2 } } NoC 1 { Latency: 1 } }\n"
        "Dataflow { TemporalMap(3,3) C; SpatialMap(4,4) K; TemporalMap(2,2) Y'; Cluster(4);\n"
        "  TemporalMap(1,1) K; SpatialMap(1,1) R; }\n"
        "Network { Layer L { Type: CONV Stride { Y: 2, X: 1 } Dilation { Y: 3, X: 1 }\n"
        "  Density { W: 0.5 } Dimensions { K: 17, C: 7, Y': 9, X': 5, R: 3, S: 2 } } }\n";
    static const struct {
        const char *dim;
        int64_t extent;
    } extents[] = {{"K", 17}, {"C", 7}, {"Y'", 9}, {"X'", 5}, {"R", 3}, {"S", 2}};
    dcc_job *job = dcc_job_build(context, "CONV");
    ck_assert_msg(job != NULL, "%s", dcc_messages(context));
    for (size_t i = 0; i < G_N_ELEMENTS(extents); i++)
        ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, extents[i].dim), extents[i].extent), 0);
    ck_assert_int_eq(dcc_set_window(job, dcc_dim(job, "Y'"), 2, 3), DCC_OK);
    ck_assert_int_eq(dcc_set_density(job, dcc_tensor(job, "W"), 0.5), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 20), DCC_OK);
    ck_assert_int_eq(dcc_set_bandwidth(job, 0, dcc_tensor(job, "W"), 3, 1), DCC_OK);
    ck_assert_int_eq(dcc_set_bandwidth(job, 0, dcc_tensor(job, "I"), 1, 1), DCC_OK);
    ck_assert_int_eq(dcc_set_bandwidth(job, 0, dcc_tensor(job, "O"), 1, 2), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_SPATIAL, dcc_dim(job, "K"), 4), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_TEMPORAL, dcc_dim(job, "Y'"), 2), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_TEMPORAL, dcc_dim(job, "C"), 3), DCC_OK);
    ck_assert_int_eq(dcc_set_order(job, 0, dcc_dim(job, "C"), 0), DCC_OK);
    ck_assert_int_eq(dcc_add_cluster(job, 4), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_TEMPORAL, dcc_dim(job, "K"), 1), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_TEMPORAL, dcc_dim(job, "R"), 1), DCC_OK);
    ck_assert_int_eq(dcc_set_kind(job, 1, dcc_dim(job, "R"), DCC_SPATIAL), DCC_OK);
    dcc_plan *plan = dcc_parse(context, text, NULL);
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_job *other = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    compare_jobs(job, other);
}
END_TEST

static const char *const types[] = {"CONV", "DSCONV", "NGCONV", "TRCONV",
                                    "GEMM", "FC",     "POOL",   "LSTM"};

START_TEST(every_type_can_be_built)
{
    dcc_job *job = dcc_job_build(context, types[_i]);
    ck_assert_msg(job != NULL, "%s", dcc_messages(context));
    ck_assert_str_eq(dcc_job_type(job), types[_i]);
    dcc_result *result = evaluate(job);
    int64_t macs = 1;
    for (int d = 0; d < dcc_dims(job); d++)
        macs *= dcc_extent(job, d);
    ck_assert_int_eq(dcc_count(result, dcc_metric_find(job, "macs")), macs);
    dcc_result_free(result);
    dcc_job_free(job);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(errors_come_back_as_text)
{
    const char *const words[] = {"kc-p.m", "--model", NULL}, *const none[] = {"nowhere.m", NULL};
    ck_assert_ptr_null(dcc_parse(context, "Network { Layer L { Typ: CONV } }\n", NULL));
    ck_assert_ptr_nonnull(strstr(dcc_messages(context), "<text>:1:"));
    ck_assert_ptr_null(dcc_load(context, words));
    ck_assert_ptr_nonnull(strstr(dcc_messages(context), "--model"));
    ck_assert_ptr_null(dcc_load(context, none));
    ck_assert_ptr_nonnull(strstr(dcc_messages(context), "nowhere.m"));
    ck_assert_ptr_null(dcc_load(context, NULL));
    ck_assert_ptr_null(dcc_job_build(context, "CONV } }"));
    ck_assert_ptr_null(dcc_job_build(context, "NOSUCH"));
    ck_assert_str_eq(
        dcc_messages(context),
        "dcc: error: no operator 'NOSUCH'; there are CONV, FC, DSCONV, NGCONV, TRCONV, POOL, "
        "GEMM, MATMUL, ADD, MUL, ACT, SOFTMAX, NORM and LSTM [unknown-type]\n");
    dcc_message message;
    const char *const others[] = {"Conv", "a b", "", "for", "LAYER"};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        ck_assert_ptr_null(dcc_job_build(context, others[i]));
        ck_assert_int_eq(dcc_message_count(context), 1);
        dcc_get_message(context, 0, &message);
        ck_assert_ptr_null(message.file); /* no text of who asks is wrong */
        ck_assert(g_str_has_prefix(message.text, "no operator '"));
        ck_assert_ptr_null(strstr(message.text, "layer"));
    }
    dcc_job_free(first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2"));
    ck_assert_str_eq(dcc_messages(context), "");
}
END_TEST

START_TEST(numbers_out_of_range_change_nothing)
{
    dcc_job *job = first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2");
    dcc_job *same = dcc_job_copy(job);
    int k = dcc_dim(job, "K");
    ck_assert_int_eq(dcc_dim(job, "Q"), -1);
    ck_assert_int_eq(dcc_tensor(job, "Q"), -1);
    ck_assert_int_eq(dcc_metric_find(job, "levels.9.steps"), DCC_NO_METRIC);
    ck_assert_int_eq(dcc_metric_find(job, "cycle"), DCC_NO_METRIC);
    ck_assert_int_eq(dcc_metric_find(job, "cycles.x"), DCC_NO_METRIC);
    ck_assert_int_eq(dcc_set_extent(job, 99, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_extent(job, k, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_extent(job, k, INT64_MAX), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_size(job, 0, k, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_size(job, 1, k, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_size(job, 7, k, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_order(job, 0, k, 9), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_cluster(job, 0, 4), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(job, 77, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_clock(job, NAN), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_offchip(job, INFINITY), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_bandwidth(job, -2, -1, 1, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_bandwidth(job, 0, 9, 1, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_bandwidth(job, 0, -1, 1, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_noc(job, 0, DCC_PREFETCH, 4), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_density(job, 0, 0), DCC_BAD_ARGUMENT);
    compare_jobs(job, same);
}
END_TEST

START_TEST(a_node_is_a_number)
{
    static const char *const wrong[] = {"abc", "-5", "7nm", "nan", "0", ""};
    const char *words[] = {"kc-p.m", "--model", "vgg16.m", "--hw", "paper256.hw",
                           "--tech", "45nm",    "--node",  NULL,   NULL};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        words[8] = wrong[k];
        ck_assert_ptr_null(dcc_load(context, words));
        ck_assert_ptr_nonnull(strstr(dcc_messages(context), "--node"));
    }
    words[8] = "32";
    dcc_plan *plan = dcc_load(context, words);
    ck_assert_ptr_nonnull(plan);
    dcc_plan_free(plan);
}
END_TEST

/* What is said of KC-P on CONV2 with so much of a buffer, given in options. */
static void expect_findings(const char *options, const char *expected)
{
    g_autofree char *line = g_strdup_printf(
        "kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2 --set pes=64 %s", options);
    dcc_job *job = first_job(line);
    dcc_result *result = evaluate(job);
    ck_assert_str_eq(dcc_findings(context, job, result), expected);
    dcc_result_free(result);
    dcc_job_free(job);
}

START_TEST(what_does_not_fit_is_said)
{
    dcc_job *job = first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2 --set pes=64");
    dcc_result *result = evaluate(job);
    int need = (int) dcc_count(result, dcc_metric_find(job, "l1.required_bytes"));
    g_autofree char *just = g_strdup_printf("--set l1.capacity=%dB", need);
    g_autofree char *less = g_strdup_printf("--set l1.capacity=%dB", need - 1);
    g_autofree char *off = g_strdup_printf("%s -W no-capacity", less);
    g_autofree char *error = g_strdup_printf("%s -W error=capacity", less);
    g_autofree char *said = g_strdup_printf(
        "layer CONV2 needs %d bytes of L1, 1 more than the %d there are [capacity]\n", need,
        need - 1);
    g_autofree char *warned = g_strconcat("dcc: warning: ", said, NULL);
    g_autofree char *refused = g_strconcat("dcc: error: ", said, NULL);
    expect_findings("-W all", "");
    expect_findings(just, "");
    expect_findings(less, warned);
    expect_findings(off, "");
    expect_findings(error, refused);
    dcc_result_free(result);
    dcc_job_free(job);
}
END_TEST

START_TEST(a_budget_is_kept)
{
    dcc_job *job = first_job("kc-p.m --model vgg16.m --hw paper256.hw --layer CONV2 "
                             "--set budget.area=1um2 --set budget.power=1000W");
    dcc_result *result = evaluate(job);
    const char *said = dcc_findings(context, job, result);
    ck_assert_msg(g_str_has_prefix(said, "dcc: error: area is ") &&
                      g_str_has_suffix(said, " mm2 over the budget of 1e-06 mm2 [budget]\n") &&
                      strchr(said, '\n') == said + strlen(said) - 1,
                  "%s", said);
    dcc_result_free(result);
    dcc_job_free(job);
}
END_TEST

START_TEST(nothing_is_said_of_another_job)
{
    dcc_job *job = first_job("kc-p.m --model vgg16.m --hw paper256.hw --set l1.capacity=8B");
    dcc_job *other = dcc_job_copy(job);
    dcc_result *result = dcc_result_new();
    ck_assert_str_eq(dcc_findings(context, job, result), "");
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_str_eq(dcc_findings(context, other, result), "");
    ck_assert_str_ne(dcc_findings(context, job, result), "");
    dcc_result_free(result);
    dcc_job_free(other);
    dcc_job_free(job);
}
END_TEST

START_TEST(a_dataflow_is_printed)
{
    dcc_job *job = dcc_job_build(context, "GEMM");
    char text[200], cut[10];
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 8), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_SPATIAL, dcc_dim(job, "M"), 2), DCC_OK);
    ck_assert_int_eq(dcc_add_cluster(job, 4), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_TEMPORAL, dcc_dim(job, "K"), 3), DCC_OK);
    int length = dcc_print(job, "one", text, sizeof text);
    ck_assert_str_eq(text, "Dataflow \"one\" {\n  SpatialMap(2,2) M;\n  Cluster(4);\n"
                           "  TemporalMap(3,3) K;\n}\n");
    ck_assert_int_eq(length, (int) strlen(text));
    ck_assert_int_eq(dcc_print(job, "one", cut, sizeof cut), length);
    ck_assert_str_eq(cut, "Dataflow ");
    dcc_job_free(job);
}
END_TEST

START_TEST(a_status_says_why)
{
    dcc_job *job = dcc_job_build(context, "GEMM");
    dcc_result *result = dcc_result_new();
    int m = dcc_dim(job, "M"), n = dcc_dim(job, "N"), k = dcc_dim(job, "K");
    dcc_metric cycles = dcc_metric_find(job, "cycles");
    ck_assert_int_eq(dcc_count(result, cycles), -1);
    for (int d = 0; d < dcc_dims(job); d++)
        ck_assert_int_eq(dcc_set_extent(job, d, 8), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 4), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_NO_SPATIAL);
    ck_assert_int_gt(dcc_count(result, cycles), 0);
    ck_assert_int_eq(dcc_prepare(context, job), DCC_NO_SPATIAL);
    ck_assert_int_eq(dcc_time(context, job, result), DCC_NO_SPATIAL);
    ck_assert_int_eq(dcc_add_map(job, DCC_SPATIAL, m, 2), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_SPATIAL, m, 2), DCC_MAPPED_TWICE);
    ck_assert_int_eq(dcc_add_map(job, DCC_SPATIAL, n, 2), DCC_OK);
    ck_assert_int_eq(dcc_check(job), DCC_DIAGONAL);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_DIAGONAL);
    ck_assert_int_eq(dcc_count(result, cycles), -1);
    ck_assert_int_eq(dcc_cost(job, result), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_gain(job, result), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_size(job, 0, n, 8), DCC_OK);
    ck_assert_int_eq(dcc_check(job), DCC_LOST_WORK);
    ck_assert_int_eq(dcc_set_kind(job, 0, n, DCC_TEMPORAL), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    ck_assert_int_eq(dcc_add_cluster(job, 8), DCC_OK);
    ck_assert_int_eq(dcc_add_map(job, DCC_SPATIAL, k, 1), DCC_OK);
    ck_assert_int_eq(dcc_check(job), DCC_TOO_FEW_PES);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 17), DCC_OK);
    ck_assert_int_eq(dcc_children(job, 0), 2);
    for (int d = 0; d < dcc_dims(job); d++)
        ck_assert_int_eq(dcc_set_extent(job, d, INT32_MAX), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OVERFLOW);
    ck_assert_int_eq(dcc_prepare(context, job), DCC_OVERFLOW);
    ck_assert_int_eq(dcc_time(context, job, result), DCC_NOT_PREPARED);
    for (int d = 0; d < dcc_dims(job); d++)
        ck_assert_int_eq(dcc_set_extent(job, d, 50000), DCC_OK);
    ck_assert_int_eq(dcc_evaluate(context, job, result), DCC_OK);
    dcc_job_free(job);
    job = dcc_job_build(context, "CONV");
    ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, "Y'"), 100000), DCC_OK);
    ck_assert_int_eq(dcc_set_window(job, dcc_dim(job, "Y'"), 100000, 1), DCC_OK);
    ck_assert_int_eq(dcc_check(job), DCC_OVERFLOW);
    for (int status = DCC_NOT_PREPARED; status <= DCC_NO_SPATIAL; status++)
        ck_assert_str_ne(dcc_status_text(status), dcc_status_text(99));
    dcc_result_free(result);
    dcc_job_free(job);
}
END_TEST

/* ---- many machines of one nest ---- */

START_TEST(times_are_those_of_evaluations)
{
    enum { N = 50 };
    int64_t bandwidth[N], latency[N], cycles[N];
    dcc_job *job = first_job("yr-p.m --model vgg16.m --hw eyeriss.hw --layer CONV5");
    dcc_result *one = dcc_result_new(), *other = dcc_result_new();
    for (int i = 0; i < N; i++) {
        bandwidth[i] = i;
        latency[i] = N - i;
    }
    dcc_metric metric = dcc_metric_find(job, "cycles");
    ck_assert_int_eq(dcc_prepare(context, job), DCC_OK);
    ck_assert_int_eq(dcc_times(context, job, -1, N, bandwidth, latency, cycles), DCC_OK);
    dcc_context *second = dcc_open();
    for (int i = 0; i < N; i++) {
        dcc_set_bandwidth(job, -1, -1, bandwidth[i], 1);
        dcc_set_noc(job, -1, DCC_LATENCY, latency[i]);
        ck_assert_int_eq(dcc_time(context, job, one), DCC_OK);
        ck_assert_int_eq(dcc_evaluate(second, job, other), DCC_OK);
        compare_results(one, other);
        ck_assert_int_eq(cycles[i], dcc_count(other, metric));
    }
    dcc_close(second);
    dcc_result_free(one);
    dcc_result_free(other);
    dcc_job_free(job);
}
END_TEST

/* ---- random nests: the front end's verdict and numbers are dcc_check's and dcc_evaluate's ---- */

static const char *const gemm_dims[] = {"M", "N", "K"};

/* A level of the text and of the job alike; each dim is mapped or not. */
static void random_level(GRand *random, GString *text, dcc_job *job)
{
    for (size_t d = 0; d < G_N_ELEMENTS(gemm_dims); d++) {
        int size = g_rand_int_range(random, 1, 6);
        bool spatial = g_rand_int_range(random, 0, 3) == 0;
        if (g_rand_int_range(random, 0, 3) == 0)
            continue;
        g_string_append_printf(text, "%s(%d,%d) %s;\n", spatial ? "SpatialMap" : "TemporalMap",
                               size, size, gemm_dims[d]);
        dcc_add_map(job, spatial ? DCC_SPATIAL : DCC_TEMPORAL, dcc_dim(job, gemm_dims[d]), size);
    }
}

static GString *random_case(GRand *random, dcc_job *job)
{
    GString *text = g_string_new("Network { Layer L { Type: GEMM Dimensions {");
    int pes = g_rand_int_range(random, 1, 20), levels = g_rand_int_range(random, 1, 4);
    dcc_clear_nest(job);
    for (size_t d = 0; d < G_N_ELEMENTS(gemm_dims); d++) {
        int extent = g_rand_int_range(random, 1, 14);
        g_string_append_printf(text, " %s: %d", gemm_dims[d], extent);
        dcc_set_extent(job, dcc_dim(job, gemm_dims[d]), extent);
    }
    dcc_set_machine(job, DCC_PES, pes);
    g_string_append_printf(text,
                           " } } }\nAccelerator { PEs: %d Precision: 8 bit Clock: 1 GHz }\n"
                           "Dataflow {\n",
                           pes);
    for (int l = 0; l < levels; l++) {
        int cluster = g_rand_int_range(random, 1, 5);
        if (l > 0) {
            g_string_append_printf(text, "Cluster(%d);\n", cluster);
            dcc_add_cluster(job, cluster);
        }
        random_level(random, text, job);
    }
    if (dcc_levels(job) == 1 && dcc_maps(job, 0) == 0) /* a text must say something */
        dcc_add_cluster(job, 1);
    g_string_append(text, dcc_levels(job) > levels ? "Cluster(1);\n}\n" : "}\n");
    return text;
}

START_TEST(the_front_end_agrees)
{
    const char *const words[] = {"-W", "no-no-spatial", NULL};
    GRand *random = g_rand_new_with_seed(7);
    int legal = 0;
    dcc_job *job = dcc_job_build(context, "GEMM");
    for (int i = 0; i < RANDOM_CASES; i++) {
        GString *text = random_case(random, job);
        dcc_plan *plan = dcc_parse(context, text->str, words);
        ck_assert_msg((plan != NULL) == (dcc_check(job) >= 0), "%s%s%s", text->str,
                      dcc_messages(context), dcc_status_text(dcc_check(job)));
        if (plan != NULL) {
            legal++;
            compare_jobs(dcc_job_new(plan, 0), dcc_job_copy(job));
        }
        dcc_plan_free(plan);
        g_string_free(text, TRUE);
    }
    ck_assert_int_gt(legal, RANDOM_CASES / 5);
    dcc_job_free(job);
    g_rand_free(random);
}
END_TEST

/* ---- whatever is set, the MACs are computed once, or the job is refused ---- */

static int64_t random_size(GRand *random)
{
    int64_t size = INT64_C(1) << g_rand_int_range(random, 0, 12);
    return g_rand_int_range(random, 0, 40) == 0 ? INT32_MAX : size + g_rand_int_range(random, 0, 3);
}

static void random_change(GRand *random, dcc_job *job)
{
    int dim = g_rand_int_range(random, 0, dcc_dims(job));
    int level = g_rand_int_range(random, 0, dcc_levels(job));
    int kind = g_rand_int_range(random, 0, 4) == 0 ? DCC_SPATIAL : DCC_TEMPORAL;
    switch (g_rand_int_range(random, 0, 11)) {
    case 0:
        dcc_set_extent(job, dim, random_size(random));
        break;
    case 1:
        dcc_set_window(job, dim, g_rand_int_range(random, 1, 5), g_rand_int_range(random, 1, 4));
        break;
    case 2:
    case 3:
        dcc_add_map(job, kind, dim, random_size(random));
        break;
    case 4:
        if (g_rand_int_range(random, 0, 3) == 0)
            dcc_add_cluster(job, g_rand_int_range(random, 1, 9));
        break;
    case 5:
        dcc_set_order(job, level, dim, g_rand_int_range(random, 0, 4));
        break;
    case 6:
        dcc_set_kind(job, level, dim, kind);
        break;
    case 7:
        dcc_set_machine(job, DCC_PES, random_size(random));
        break;
    case 8:
        dcc_set_bandwidth(job, level, g_rand_int_range(random, -1, 3), random_size(random) - 1,
                          random_size(random));
        break;
    case 9:
        dcc_set_noc(job, level, g_rand_int_range(random, 0, 4), g_rand_int_range(random, 0, 3));
        break;
    default:
        dcc_set_size(job, level, dim, random_size(random));
    }
}

/* A hundred changes of a job of a type; how many of them left something to evaluate. */
static int change_and_evaluate(GRand *random, const char *type)
{
    dcc_job *job = dcc_job_build(context, type);
    dcc_result *result = dcc_result_new();
    int evaluated = 0;
    ck_assert_ptr_nonnull(job);
    for (int i = 0; i < 100; i++) {
        random_change(random, job);
        if (dcc_evaluate(context, job, result) != DCC_OK)
            continue;
        evaluated++;
        int64_t macs = 1;
        for (int d = 0; d < dcc_dims(job); d++)
            macs *= dcc_extent(job, d);
        ck_assert_int_eq(dcc_count(result, dcc_metric_find(job, "macs")), macs);
    }
    dcc_result_free(result);
    dcc_job_free(job);
    return evaluated;
}

START_TEST(macs_are_computed_once)
{
    GRand *random = g_rand_new_with_seed(11);
    int evaluated = 0;
    for (size_t i = 0; i < 200; i++)
        evaluated += change_and_evaluate(random, types[i % G_N_ELEMENTS(types)]);
    ck_assert_int_gt(evaluated, 2000);
    g_rand_free(random);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("library");
    TCase *tests = tcase_create("library");
    const char *root = g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".";
    g_autofree char *path = g_strdup_printf("%s/dataflows:%s/models:%s/hardware", root, root, root);
    g_setenv("DCC_PATH", path, TRUE);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, open_context, close_context);
    tcase_add_loop_test(tests, numbers_are_those_of_json, 0, G_N_ELEMENTS(lines));
    tcase_add_loop_test(tests, counts_need_no_time, 0, G_N_ELEMENTS(lines));
    tcase_add_test(tests, memories_have_names);
    tcase_add_test(tests, a_result_stays_as_it_is);
    tcase_add_test(tests, setters_do_what_text_does);
    tcase_add_test(tests, a_job_is_built_without_text);
    tcase_add_loop_test(tests, every_type_can_be_built, 0, G_N_ELEMENTS(types));
    tcase_add_test(tests, errors_come_back_as_text);
    tcase_add_test(tests, numbers_out_of_range_change_nothing);
    tcase_add_test(tests, a_node_is_a_number);
    tcase_add_test(tests, a_status_says_why);
    tcase_add_test(tests, what_does_not_fit_is_said);
    tcase_add_test(tests, a_budget_is_kept);
    tcase_add_test(tests, nothing_is_said_of_another_job);
    tcase_add_test(tests, a_dataflow_is_printed);
    tcase_add_test(tests, times_are_those_of_evaluations);
    tcase_add_test(tests, the_front_end_agrees);
    tcase_add_test(tests, macs_are_computed_once);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
