/* Hierarchies by libdcc: what is built call by call is what text says, keys do what --set does, and
 * what does not apply is refused. */
#include "lib/dcc.h"

#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static dcc_context *context;

static void open_context(void)
{
    context = dcc_open();
}

static void close_context(void)
{
    dcc_close(context);
}

static dcc_job *job_of(dcc_plan *plan)
{
    ck_assert_msg(plan != NULL, "%s", dcc_messages(context));
    dcc_job *job = dcc_job_new(plan, 0);
    dcc_plan_free(plan);
    return job;
}

/* The first job of a command line, whose words a space divides, and a --set, or NULL. */
static dcc_job *load_set(const char *line, const char *set)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    guint n = g_strv_length(words);
    words = g_renew(char *, words, n + 3);
    words[n] = set != NULL ? g_strdup("--set") : NULL;
    words[n + 1] = g_strdup(set);
    words[n + 2] = NULL;
    return job_of(dcc_load(context, (const char *const *) words));
}

static dcc_job *load(const char *line)
{
    return load_set(line, NULL);
}

static void evaluate(const dcc_job *job, dcc_result *result)
{
    int status = dcc_evaluate(context, job, result);
    ck_assert_msg(status >= 0, "%s", dcc_status_text(status));
    ck_assert_int_eq(dcc_cost(job, result), DCC_OK);
}

/* Every figure of both; names are not compared.  Frees the jobs. */
static void compare(dcc_job *a, dcc_job *b, const char *what)
{
    dcc_result *one = dcc_result_new(), *other = dcc_result_new();
    evaluate(a, one);
    evaluate(b, other);
    int n = 0;
    for (dcc_metric m = dcc_metric_next(one, DCC_NO_METRIC); m >= 0; m = dcc_metric_next(one, m)) {
        char name[128];
        double x = dcc_real(one, m), y = dcc_real(other, m);
        dcc_metric_name(one, m, name, sizeof name);
        ck_assert_msg(x == y || (isnan(x) && isnan(y)), "%s: %s: %.17g and %.17g", what, name, x,
                      y);
        n++;
    }
    ck_assert_int_gt(n, 20);
    dcc_result_free(one);
    dcc_result_free(other);
    dcc_job_free(a);
    dcc_job_free(b);
}

static void set(dcc_job *job, const char *name, const char *value)
{
    int status = dcc_set(context, job, name, value);
    ck_assert_msg(status == DCC_OK, "%s: %s", name, dcc_messages(context));
    ck_assert_str_eq(dcc_messages(context), "");
}

/* ---- building ---- */

static const char simba[] =
    "Accelerator \"simba\" { Clock: 500 MHz  Setup: 2 us\n"
    "  Precision { Input: 8 bit, Weight: 8 bit, Output: 8 bit, Partial: 24 bit }\n"
    "  Hierarchy {\n"
    "    Memory DRAM { Bandwidth { Shared: 8 GB/s }, Latency: 100, Read: 64 pJ, Write: 60 pJ, "
    "Width: 64 bit }\n"
    "    Memory GLB { Holds: Input, Output, Capacity: 64 KiB, Bandwidth: 16 B/cycle, Read: 2 pJ,\n"
    "      Write: 3 pJ, Area: 9 um2, Leakage: 1 pJ/cycle, Prefetch: tile, Copies: 1 }\n"
    "    Fanout PE 4 { Bandwidth: 8, Latency: 3, Hops: 3/2, Reduction: no, Dims: K, C }\n"
    "    Memory WBuf { Holds: Weight, Capacity: 32 KiB, Read: 1 pJ, Write: 1 pJ }\n"
    "    Memory IABuf { Holds: Input, Output, Capacity { Input: 8 KiB, Output: 3 KiB }, Read: 1 "
    "pJ,\n"
    "      Write: 1 pJ }\n"
    "    Fanout column 2 { Multicast: yes, Reduction: no }\n"
    "    Fanout row 4 { Multicast: no, Prefetch: none }\n"
    "    Memory Reg { Holds: Weight, Capacity: 1 B, Copies: 1, Read: 1 pJ, Write: 1 pJ }\n"
    "    MAC { Lanes: 2, Energy: 0.5 pJ, Area: 3 um2, Leakage: 0.1 mW } } }\n"
    "Dataflow \"s\" { TemporalMap(7,7) X'; TemporalMap(16,16) K; TemporalMap(4,4) C;\n"
    "  Buffer(GLB) Input, Output;  SpatialMap(8,8) K;  Fanout(PE, 2);  SpatialMap(2,2) C;\n"
    "  Fanout(PE);  Buffer(WBuf);  Buffer(IABuf);  TemporalMap(1,1) R;  TemporalMap(1,1) S;\n"
    "  Level;  TemporalMap(2,2) K;  SpatialMap(1,1) K;\n";

/* Of the tail that has no map twice in a level. */
static const char simba_tail[] =
    "  Fanout(column);  SpatialMap(1,1) C;  Fanout(row);  Buffer(Reg);\n"
    "  TemporalMap(1,1) X';\n"
    "}\n"
    "Network { Layer L { Type: CONV Dimensions { K: 40, C: 9, Y': 5,\n"
    "  X': 13, R: 3, S: 2 } } }\n";

static void memory(dcc_job *job, const char *name, const char *const *keys)
{
    ck_assert_int_eq(dcc_add_memory(job, name), DCC_OK);
    ck_assert_str_eq(dcc_memory_name(job, dcc_memories(job) - 1), name);
    for (; *keys != NULL; keys += 2) {
        g_autofree char *key = g_strconcat(name, ".", keys[0], NULL);
        set(job, key, keys[1]);
    }
}

static void fanout(dcc_job *job, const char *name, int64_t size, const char *const *keys)
{
    ck_assert_int_eq(dcc_add_fanout(job, name, size), DCC_OK);
    ck_assert_int_eq(dcc_fanout(job, name), dcc_fanouts(job) - 1);
    ck_assert_int_eq(dcc_fanout_size(job, dcc_fanouts(job) - 1), size);
    for (; *keys != NULL; keys += 2) {
        g_autofree char *key = g_strconcat(name, ".", keys[0], NULL);
        set(job, key, keys[1]);
    }
}

#define KEYS(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static dcc_job *build_machine(void)
{
    static const struct {
        const char *dim;
        int64_t extent;
    } extents[] = {{"K", 40}, {"C", 9}, {"Y'", 5}, {"X'", 13}, {"R", 3}, {"S", 2}};
    dcc_job *job = dcc_job_build(context, "CONV");
    for (size_t i = 0; i < G_N_ELEMENTS(extents); i++)
        ck_assert_int_eq(dcc_set_extent(job, dcc_dim(job, extents[i].dim), extents[i].extent), 0);
    memory(job, "DRAM",
           KEYS("bandwidth.shared", "8 GB/s", "latency", "100", "read", "64 pJ", "write", "60 pJ",
                "width", "64 bit"));
    memory(job, "GLB",
           KEYS("holds", "Input, Output", "capacity", "64 KiB", "bandwidth", "16 B/cycle", "read",
                "2 pJ", "write", "3 pJ", "area", "9 um2", "leakage", "1 pJ/cycle", "prefetch",
                "tile", "copies", "1"));
    fanout(
        job, "PE", 4,
        KEYS("bandwidth", "8", "latency", "3", "hops", "3/2", "reduction", "no", "dims", "K, C"));
    memory(job, "WBuf", KEYS("holds", "Weight", "capacity", "32 KiB", "read", "1", "write", "1"));
    memory(job, "IABuf",
           KEYS("holds", "I, O", "capacity", "{ Input: 8 KiB, Output: 3 KiB }", "read", "1 pJ",
                "write", "1 pJ"));
    fanout(job, "column", 2, KEYS("multicast", "yes", "reduction", "no"));
    fanout(job, "row", 4, KEYS("multicast", "no", "prefetch", "none"));
    memory(job, "Reg",
           KEYS("holds", "Weight", "capacity", "1", "copies", "1", "read", "1", "write", "1"));
    set(job, "mac.lanes", "2");
    set(job, "mac.energy", "0.5 pJ");
    set(job, "mac.area", "3 um2");
    set(job, "mac.leakage", "0.1 mW");
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, 1000), DCC_OK);
    ck_assert_int_eq(dcc_set_clock(job, 5e8), DCC_OK);
    ck_assert_int_eq(dcc_set_output_bytes(job, 1, 3), DCC_OK);
    ck_assert_int_eq(dcc_get_machine(job, DCC_PES), 32);
    return job;
}

static void add(dcc_job *job, int kind, const char *dim, int64_t size)
{
    ck_assert_int_eq(dcc_add_map(job, kind, dcc_dim(job, dim), size), DCC_OK);
}

static void hold(dcc_job *job, const char *tensor, const char *memory_name)
{
    ck_assert_int_eq(
        dcc_hold(job, dcc_levels(job) - 1, dcc_tensor(job, tensor), dcc_memory(job, memory_name)),
        DCC_OK);
}

static void cut(dcc_job *job, const char *name, int64_t units)
{
    ck_assert_int_eq(dcc_add_cut(job, name != NULL ? dcc_fanout(job, name) : -1, units), DCC_OK);
}

static void build_nest(dcc_job *job)
{
    add(job, DCC_TEMPORAL, "X'", 7);
    add(job, DCC_TEMPORAL, "K", 16);
    add(job, DCC_TEMPORAL, "C", 4);
    cut(job, NULL, 0);
    hold(job, "I", "GLB");
    hold(job, "O", "GLB");
    add(job, DCC_SPATIAL, "K", 8);
    cut(job, "PE", 2);
    add(job, DCC_SPATIAL, "C", 2);
    cut(job, "PE", 0);
    ck_assert_int_eq(dcc_children(job, dcc_levels(job) - 1), 2);
    hold(job, "W", "WBuf");
    hold(job, "I", "IABuf");
    hold(job, "O", "IABuf");
    add(job, DCC_TEMPORAL, "R", 1);
    add(job, DCC_TEMPORAL, "S", 1);
    cut(job, NULL, 1);
    add(job, DCC_TEMPORAL, "K", 2);
    cut(job, NULL, 1);
    add(job, DCC_SPATIAL, "K", 1);
    cut(job, "column", 0);
    add(job, DCC_SPATIAL, "C", 1);
    cut(job, "row", 0);
    hold(job, "W", "Reg");
    add(job, DCC_TEMPORAL, "X'", 1);
}

static dcc_job *from_text(void)
{
    g_autofree char *text = g_strconcat(simba, simba_tail, NULL);
    char *twice = strstr(text, "TemporalMap(2,2) K;");
    g_autofree char *after = g_strdup(twice + strlen("TemporalMap(2,2) K;"));
    *twice = '\0';
    g_autofree char *whole = g_strconcat(text, "TemporalMap(2,2) K; Level;", after, NULL);
    return job_of(dcc_parse(context, whole, NULL));
}

START_TEST(a_hierarchy_is_built_call_by_call)
{
    dcc_job *job = build_machine(), *text = from_text();
    build_nest(job);
    ck_assert_int_eq(dcc_levels(job), dcc_levels(text));
    for (int l = -1; l < dcc_levels(job); l++) {
        ck_assert_int_eq(dcc_level_fanout(job, l), dcc_level_fanout(text, l));
        for (int t = 0; t < dcc_tensors(job); t++)
            ck_assert_int_eq(dcc_holder(job, l, t), dcc_holder(text, l, t));
    }
    compare(job, text, "built");
}
END_TEST

/* The nest of a job, written anew into another one whose own is cleared. */
static void write_nest(dcc_job *to, const dcc_job *from)
{
    dcc_clear_nest(to);
    for (int l = 0; l < dcc_levels(from); l++) {
        dcc_map map;
        for (int i = 0; dcc_get_map(from, l, i, &map) == DCC_OK; i++)
            ck_assert_int_eq(dcc_add_map(to, map.kind, map.dim, map.size), DCC_OK);
        bool holds = false;
        for (int t = 0; t < dcc_tensors(from); t++)
            holds |= dcc_holder(from, l, t) >= 0;
        if (l + 1 < dcc_levels(from) || holds || dcc_level_fanout(from, l) >= 0)
            ck_assert_int_eq(dcc_add_cut(to, dcc_level_fanout(from, l), dcc_children(from, l)), 0);
        for (int t = 0; t < dcc_tensors(from); t++)
            ck_assert_int_eq(dcc_hold(to, l, t, dcc_holder(from, l, t)), DCC_OK);
    }
}

static const char *const mappings[] = {
    "zz-lab1.m --model resnet18.m --layer CONV1 --hw zz-accelerator1.hw",
    "ff-simba.m --model vgg16.m --layer CONV2 --hw ff-simba.hw",
    "ff-eyeriss.m --model bert-base.m --hw ff-eyeriss.hw",
    "zz-gemm-l1-l3.m --model vgg16.m --layer CONV5 --hw zz-gemm-l1-l3.hw",
    "tl-simba-like.m --model mobilenetv2.m --hw tl-simba-like.hw",
};

START_TEST(a_nest_is_written_anew)
{
    dcc_job *job = load(mappings[_i]), *other = dcc_job_copy(job);
    char text[4096], again[4096];
    write_nest(other, job);
    dcc_print(job, "n", text, sizeof text);
    dcc_print(other, "n", again, sizeof again);
    ck_assert_str_eq(text, again);
    compare(job, other, mappings[_i]);
}
END_TEST

/* A map behind a line of a dataflow from a file begins a level, one behind maps does not. */
START_TEST(a_nest_from_a_file_goes_on)
{
    dcc_job *lab = load(mappings[0]), *flow = load(mappings[1]);
    int levels = dcc_levels(lab);
    add(lab, DCC_TEMPORAL, "N", 1);
    ck_assert_int_eq(dcc_levels(lab), levels + 1);
    levels = dcc_levels(flow);
    add(flow, DCC_TEMPORAL, "R", 1);
    ck_assert_int_eq(dcc_levels(flow), levels);
    dcc_job_free(lab);
    dcc_job_free(flow);
}
END_TEST

/* ---- keys ---- */

static const char hierarchy_line[] = "ff-simba.m --model vgg16.m --layer CONV2 --hw ff-simba.hw";
static const char classic_line[] =
    "kc-p.m --model vgg16.m --layer CONV2 --hw paper256.hw --tech 28nm";

static const struct {
    const char *line, *name, *value;
} keys[] = {
    {hierarchy_line, "DRAM.bandwidth", "3/2"},
    {hierarchy_line, "DRAM.latency", "40"},
    {hierarchy_line, "GlobalBuffer.capacity", "1 KiB"},
    {hierarchy_line, "GlobalBuffer.bandwidth", "{ Read: 1, Write: 2 B/cycle }"},
    {hierarchy_line, "GlobalBuffer.bandwidth.read", "1/2"},
    {hierarchy_line, "GlobalBuffer.bandwidth.write", "1/3"},
    {hierarchy_line, "GlobalBuffer.bandwidth.shared", "2 B/cycle"},
    {hierarchy_line, "GlobalBuffer.latency", "9"},
    {hierarchy_line, "GlobalBuffer.prefetch", "none"},
    {hierarchy_line, "GlobalBuffer.copies", "2"},
    {hierarchy_line, "GlobalBuffer.read", "7 pJ"},
    {hierarchy_line, "GlobalBuffer.write", "0.1 nJ"},
    {hierarchy_line, "GlobalBuffer.width", "64"},
    {hierarchy_line, "GlobalBuffer.area", "3 mm2"},
    {hierarchy_line, "GlobalBuffer.leakage", "3 mW"},
    {hierarchy_line, "GlobalBuffer.holds", "Input, Weight, Output"},
    {hierarchy_line, "PEAccuBuffer.capacity", "{ O: 7 B, W: 1 }"},
    {hierarchy_line, "PEs", "32"},
    {hierarchy_line, "PEs.bandwidth", "3"},
    {hierarchy_line, "PEs.bandwidth", "{ Input: 3, W: 1/2, Output: 4 B/cycle }"},
    {hierarchy_line, "PEs.latency", "7"},
    {hierarchy_line, "PEs.hops", "5/2"},
    {hierarchy_line, "PEs.multicast", "no"},
    {hierarchy_line, "RegMac.reduction", "no"},
    {hierarchy_line, "PEs.prefetch", "step"},
    {hierarchy_line, "PEs.dims", "K, N"},
    {hierarchy_line, "mac.lanes", "3"},
    {hierarchy_line, "mac.energy", "3 pJ"},
    {hierarchy_line, "mac.area", "3 um2"},
    {hierarchy_line, "mac.leakage", "3 mW"},
    {hierarchy_line, "lanes", "2"},
    {hierarchy_line, "clock", "300 MHz"},
    {hierarchy_line, "precision", "16 bit"},
    {hierarchy_line, "precision", "{ Input: 4 bit, Weight: 8 bit, Output: 12 bit }"},
    {hierarchy_line, "precision.partial", "32 bit"},
    {hierarchy_line, "setup", "77"},
    {hierarchy_line, "budget.area", "3 mm2"},
    {classic_line, "pes", "100"},
    {classic_line, "lanes", "2"},
    {classic_line, "clock", "300 MHz"},
    {classic_line, "precision", "{ Input: 4 bit, Weight: 8 bit, Output: 12 bit }"},
    {classic_line, "precision.partial", "32 bit"},
    {classic_line, "setup", "77"},
    {classic_line, "l1.capacity", "100 B"},
    {classic_line, "l2.capacity", "100 KiB"},
    {classic_line, "buffer1.capacity", "1 KiB"},
    {classic_line, "noc.bandwidth", "3/2"},
    {classic_line, "noc1.bandwidth", "{ Input: 3, W: 1/2, Output: 4 B/cycle }"},
    {classic_line, "noc0.latency", "9"},
    {classic_line, "noc.hops", "5/2"},
    {classic_line, "noc0.multicast", "no"},
    {classic_line, "noc1.reduction", "no"},
    {classic_line, "noc.prefetch", "none"},
    {classic_line, "offchip.bandwidth", "3 GB/s"},
    {classic_line, "offchip.holds", "W, O"},
    {classic_line, "budget.power", "3 mW"},
};

START_TEST(a_key_does_what_the_option_does)
{
    g_autofree char *option = g_strconcat(keys[_i].name, "=", keys[_i].value, NULL);
    dcc_job *job = load(keys[_i].line), *same = dcc_job_copy(job);
    set(job, keys[_i].name, keys[_i].value);
    dcc_job *other = load_set(keys[_i].line, option);
    if (strcmp(option, "PEs=32") == 0) /* children stay as they are */
        ck_assert_int_eq(dcc_set_units(job, 1, 32), DCC_OK);
    compare(job, other, option);
    /* The copy has not changed with it. */
    compare(same, load(keys[_i].line), option);
}
END_TEST

/* One key after the other, in one job and a copy of it, against all of them at once. */
START_TEST(keys_add_up)
{
    dcc_job *job = build_machine(), *other = build_machine();
    build_nest(job);
    set(job, "clock", "250 MHz");
    set(job, "GLB.capacity", "32 KiB");
    dcc_job *copy = dcc_job_copy(job);
    set(copy, "PE.bandwidth", "2 B/cycle");
    set(copy, "precision", "16 bit");
    set(other, "precision", "16 bit");
    set(other, "GLB.capacity", "32 KiB");
    set(other, "PE.bandwidth", "2 B/cycle");
    ck_assert_int_eq(dcc_set_clock(other, 250e6), DCC_OK);
    build_nest(other);
    dcc_job_assign(job, copy);
    compare(copy, dcc_job_copy(job), "copy");
    compare(job, other, "keys");
}
END_TEST

/* Figures in bytes and seconds follow the setters of a hierarchy's widths and clock. */
START_TEST(widths_and_clock_are_in_rates)
{
    dcc_job *job = from_text(), *other = from_text();
    ck_assert_int_eq(dcc_set_clock(job, 125e6), DCC_OK);
    ck_assert_int_eq(dcc_set_element_bytes(job, dcc_tensor(job, "W"), 0.5), DCC_OK);
    ck_assert_int_eq(dcc_set_element_bytes(job, dcc_tensor(job, "I"), 2), DCC_OK);
    ck_assert_int_eq(dcc_set_output_bytes(job, 2, 4), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_LANES, 3), DCC_OK);
    /* 2 us are 250 cycles now */
    set(other, "clock", "125 MHz");
    set(other, "precision.partial", "32");
    set(other, "precision", "{ W: 4, I: 16, O: 16 }");
    set(other, "mac.lanes", "3");
    compare(job, other, "widths");
}
END_TEST

/* What other setters have set stays when a key is set. */
START_TEST(setters_and_keys_mix)
{
    dcc_job *job = load(classic_line), *other = load(classic_line);
    ck_assert_int_eq(dcc_set_bandwidth(job, 1, -1, 5, 2), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_LANES, 3), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, -1, DCC_LATENCY, 6), DCC_OK);
    ck_assert_int_eq(dcc_set_stays_onchip(job, dcc_tensor(job, "I"), 1), DCC_OK);
    set(job, "noc0.bandwidth", "7");
    set(job, "pes", "128");
    set(other, "lanes", "3");
    set(other, "noc.bandwidth", "5/2");
    set(other, "noc0.bandwidth", "7");
    set(other, "noc.latency", "6");
    set(other, "offchip.holds", "W, O");
    ck_assert_int_eq(dcc_set_machine(other, DCC_PES, 128), DCC_OK);
    compare(job, other, "mixed");
}
END_TEST

/* A hierarchy of the classic shape under a classic dataflow is a classic machine, for keys too. */
START_TEST(the_classic_shape_has_classic_keys)
{
    static const char text[] =
        "Accelerator { Hierarchy { Memory D { Bandwidth: 4 }  Memory G { Capacity: 9 KiB }\n"
        "  Fanout P 16 { Bandwidth: 3 }  Memory R { Capacity: 99 B } } }\n"
        "Dataflow { SpatialMap(1,1) K; TemporalMap(1,1) Y'; Cluster(4); SpatialMap(1,1) C; }\n"
        "Network { Layer L { Type: CONV Dimensions { K: 9, C: 7, Y': 9, X': 5, R: 3, S: 2 } } }\n";
    dcc_job *job = job_of(dcc_parse(context, text, NULL)), *other = dcc_job_copy(job);
    ck_assert_int_eq(dcc_memories(job), 0);
    set(job, "pes", "12");
    set(job, "l2.capacity", "2 KiB");
    ck_assert_int_eq(dcc_set(context, job, "G.capacity", "2"), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(other, DCC_PES, 12), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(other, DCC_L2_BYTES, 2048), DCC_OK);
    compare(job, other, "classic shape");
}
END_TEST

/* ---- what is refused ---- */

static void refuse_key(dcc_job *job, const char *name, const char *value, const char *message)
{
    ck_assert_int_eq(dcc_set(context, job, name, value), DCC_BAD_ARGUMENT);
    ck_assert_msg(strstr(dcc_messages(context), message) != NULL, "%s", dcc_messages(context));
    ck_assert_ptr_null(strstr(dcc_messages(context), "--set"));
}

START_TEST(keys_are_refused_with_a_message)
{
    dcc_job *job = from_text();
    refuse_key(job, "GLB.capacty", "3", "dcc: GLB.capacty=3: no key 'GLB.capacty'; did you mean");
    refuse_key(job, "glb.capacity", "3", "did you mean 'GLB.capacity'");
    refuse_key(job, "GLB.capacity", "3 pJ", "GLB.capacity");
    refuse_key(job, "GLB.capacity", "", "GLB.capacity");
    refuse_key(job, "GLB.copies", "3", "GLB.copies");
    refuse_key(job, "GLB.holds", "Imput", "did you mean 'Input'");
    refuse_key(job, "pes", "3", "no key 'pes'");
    refuse_key(job, "noc.bandwidth", "3", "no key");
    refuse_key(job, "l1.capacity", "3", "no key");
    refuse_key(job, "PE", "0", "PE");
    refuse_key(job, "PE", "1000000000", "units");
    refuse_key(job, "PE.hops", "1000000000", "hops times latency");
    refuse_key(job, "precision", "{ Input: 8 bit }", "Precision says nothing of tensor");
    refuse_key(job, "precision.partial", "4", "narrower");
    compare(job, from_text(), "refused");
}
END_TEST

START_TEST(names_are_refused)
{
    static const char *const names[] = {"GLB", "PE",    "capacity", "Fanout", "read",
                                        "",    "a.b",   "1st",      "a b",    "MEMORY",
                                        "MAC", "Lanes", "holds",    "Budget"};
    dcc_job *job = from_text();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        ck_assert_msg(dcc_add_memory(job, names[i]) == DCC_BAD_ARGUMENT, "%s", names[i]);
        ck_assert_msg(dcc_add_fanout(job, names[i], 2) == DCC_BAD_ARGUMENT, "%s", names[i]);
    }
    ck_assert_int_eq(dcc_add_fanout(job, "F", 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_add_fanout(job, "F", INT32_MAX), DCC_BAD_ARGUMENT); /* times 32 */
    ck_assert_int_eq(dcc_fanout(job, "F"), -1);
    compare(job, from_text(), "names");
}
END_TEST

START_TEST(there_are_so_many_at_most)
{
    dcc_job *job = dcc_job_build(context, "GEMM");
    ck_assert_int_eq(dcc_add_fanout(job, "F", 2), DCC_OTHER_FORM);
    for (int i = 0; i < 16; i++) {
        g_autofree char *name = g_strdup_printf("M%d", i);
        ck_assert_int_eq(dcc_add_memory(job, name), DCC_OK);
    }
    for (int i = 0; i < 8; i++) {
        g_autofree char *name = g_strdup_printf("F%d", i);
        ck_assert_int_eq(dcc_add_fanout(job, name, 2), DCC_OK);
    }
    ck_assert_int_eq(dcc_add_memory(job, "M"), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_add_fanout(job, "F", 1), DCC_BAD_ARGUMENT);
    for (int i = 0; i < 9; i++)
        ck_assert_int_eq(dcc_add_cut(job, -1, 0), DCC_OK);
    ck_assert_int_eq(dcc_add_cut(job, -1, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_add_map(job, DCC_TEMPORAL, 0, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_levels(job), 9);
    ck_assert_int_eq(dcc_check(job), DCC_OK);
    dcc_job_free(job);
}
END_TEST

START_TEST(calls_of_the_other_form_are_refused)
{
    dcc_job *job = from_text(), *classic = load(classic_line);
    int w = dcc_tensor(job, "W");
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, 4), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_machine(job, DCC_L1_BYTES, 4), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_machine(job, DCC_L2_BYTES, 4), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_bandwidth(job, 0, -1, 1, 1), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_noc(job, -1, DCC_LATENCY, 1), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_hops(job, 0, 1), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_offchip(job, 1e9), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_stays_onchip(job, w, 1), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_buffer_bytes(job, 1, 1), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_add_cluster(job, 2), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_cluster(job, 1, 2), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_add_cut(classic, -1, 1), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_hold(classic, 0, w, 0), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_set_units(classic, 0, 2), DCC_OTHER_FORM);
    ck_assert_int_eq(dcc_holder(classic, 0, w), -1);
    ck_assert_int_eq(dcc_fanouts(classic), 0);
    compare(job, from_text(), "hierarchy");
    compare(classic, load(classic_line), "classic");
}
END_TEST

START_TEST(numbers_out_of_range_change_nothing)
{
    dcc_job *job = from_text();
    int w = dcc_tensor(job, "W"), m = dcc_memories(job), last = dcc_levels(job) - 1;
    ck_assert_int_eq(dcc_add_cut(job, -2, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_add_cut(job, dcc_fanouts(job), 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_add_cut(job, -1, 2), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_add_cut(job, 0, -1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_hold(job, last + 1, w, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_hold(job, -1, w, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_hold(job, 0, 7, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_hold(job, 0, w, m), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_hold(job, 0, w, -2), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_units(job, 0, 2), DCC_BAD_ARGUMENT); /* no fan-out */
    ck_assert_int_eq(dcc_set_units(job, 1, 0), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_holder(job, last + 1, w), -1);
    ck_assert_int_eq(dcc_holder(job, -2, w), -1);
    ck_assert_int_eq(dcc_holder(job, 0, 7), -1);
    ck_assert_int_eq(dcc_fanout_size(job, -1), 0);
    ck_assert_int_eq(dcc_set_clock(job, 1e-5), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_clock(job, 1e300), DCC_BAD_ARGUMENT);
    compare(job, from_text(), "ranges");
}
END_TEST

/* The status of a nest that breaks a law of the hierarchy; the job is as before afterwards. */
static void expect(dcc_job *job, int status)
{
    dcc_result *result = dcc_result_new();
    ck_assert_int_eq(dcc_check(job), status);
    ck_assert_int_eq(dcc_evaluate(context, job, result), status);
    ck_assert_int_eq(dcc_evaluate_counts(context, job, result), status);
    ck_assert_int_eq(dcc_prepare(context, job), status);
    ck_assert_int_eq(dcc_cost(job, result), DCC_BAD_ARGUMENT);
    ck_assert_str_ne(dcc_status_text(status), dcc_status_text(-99));
    dcc_result_free(result);
}

START_TEST(laws_have_statuses)
{
    dcc_job *job = from_text(), *same = dcc_job_copy(job);
    int w = dcc_tensor(job, "W"), o = dcc_tensor(job, "O"), glb = dcc_memory(job, "GLB");
    dcc_set_units(job, 1, 5);
    expect(job, DCC_TOO_MANY_UNITS);
    dcc_job_assign(job, same);
    set(job, "PE", "2");
    expect(job, DCC_TOO_MANY_UNITS);
    dcc_job_assign(job, same);
    set(job, "PE.dims", "C");
    expect(job, DCC_CANNOT_DIVIDE);
    dcc_job_assign(job, same);
    dcc_hold(job, 0, w, glb);
    expect(job, DCC_CANNOT_HOLD);
    dcc_job_assign(job, same);
    dcc_hold(job, 0, o, dcc_memory(job, "DRAM")); /* a root */
    expect(job, DCC_CANNOT_HOLD);
    dcc_job_assign(job, same);
    dcc_hold(job, 0, w, dcc_memory(job, "WBuf"));
    expect(job, DCC_AGAINST_ORDER);
    dcc_job_assign(job, same);
    dcc_hold(job, 1, w, dcc_memory(job, "WBuf")); /* between two parts of PE */
    expect(job, DCC_AGAINST_ORDER);
    dcc_job_assign(job, same);
    compare(job, same, "laws");
}
END_TEST

/* While it is built a hierarchy may lack a root. */
START_TEST(every_tensor_has_a_root)
{
    dcc_job *job = dcc_job_build(context, "GEMM");
    int64_t cycles = -1, bandwidth = 1;
    dcc_result *result = dcc_result_new();
    ck_assert_int_eq(dcc_add_memory(job, "D"), DCC_OK);
    ck_assert_int_eq(dcc_check(job), DCC_OK);
    set(job, "D.holds", "Weight");
    expect(job, DCC_NO_ROOT);
    ck_assert_int_eq(dcc_add_fanout(job, "F", 2), DCC_OK); /* a root inside of it is none */
    ck_assert_int_eq(dcc_add_memory(job, "E"), DCC_OK);
    set(job, "E.holds", "Input, Output");
    expect(job, DCC_NO_ROOT);
    set(job, "D.holds", "Weight, Input, Output");
    ck_assert_int_eq(dcc_prepare(context, job), DCC_OK);
    ck_assert_int_eq(dcc_times(context, job, -1, 1, &bandwidth, NULL, &cycles), DCC_OK);
    ck_assert_int_gt(cycles, 0);
    set(job, "D.holds", "Weight");
    ck_assert_int_eq(dcc_time(context, job, result), DCC_NO_ROOT);
    ck_assert_int_eq(dcc_times(context, job, -1, 1, &bandwidth, NULL, &cycles), DCC_NO_ROOT);
    dcc_result_free(result);
    dcc_job_free(job);
}
END_TEST

/* ---- times ---- */

enum { MACHINES = 40 };

/* Each machine by its keys, evaluated by itself; NULL: as the job has it. */
static void compare_times(const dcc_job *job, const char *fanout_name, int level,
                          const int64_t *bandwidth, const int64_t *latency)
{
    int64_t cycles[MACHINES];
    dcc_result *result = dcc_result_new();
    dcc_metric metric = dcc_metric_find(job, "cycles");
    ck_assert_int_ge(dcc_prepare(context, job), 0);
    ck_assert_int_eq(dcc_times(context, job, level, MACHINES, bandwidth, latency, cycles), 0);
    for (int i = 0; i < MACHINES; i++) {
        dcc_job *one = dcc_job_copy(job);
        g_autofree char *rate = g_strconcat(fanout_name, ".bandwidth", NULL);
        g_autofree char *wait = g_strconcat(fanout_name, ".latency", NULL);
        g_autofree char *hops = g_strconcat(fanout_name, ".hops", NULL);
        g_autofree char *number = g_strdup_printf("%d", (int) (bandwidth ? bandwidth[i] : 0));
        g_autofree char *cycles_each = g_strdup_printf("%d", (int) (latency ? latency[i] : 0));
        if (bandwidth != NULL)
            set(one, rate, number);
        if (latency != NULL) {
            set(one, hops, "1");
            set(one, wait, cycles_each);
        }
        evaluate(one, result);
        ck_assert_msg(dcc_count(result, metric) == cycles[i], "%s %d: %d and %d", fanout_name, i,
                      (int) dcc_count(result, metric), (int) cycles[i]);
        dcc_job_free(one);
    }
    dcc_result_free(result);
}

static void compare_all_times(const dcc_job *job, const char *fanout_name, int level)
{
    int64_t bandwidth[MACHINES], latency[MACHINES];
    for (int i = 0; i < MACHINES; i++) {
        bandwidth[i] = 1 + i % 8 * 3;
        latency[i] = i / 8 * 7;
    }
    compare_times(job, fanout_name, level, bandwidth, latency);
    compare_times(job, fanout_name, level, bandwidth, NULL);
    compare_times(job, fanout_name, level, NULL, latency);
}

/* With ports, tensors that pass, and memories that have latencies; and with none of them. */
START_TEST(times_are_those_of_fan_outs)
{
    static const char plain[] =
        "Accelerator { Hierarchy { Memory D { Latency: 30 }  Memory G { Latency: 4 }\n"
        "  Fanout P 8 { Bandwidth: 3, Hops: 2 }  Memory R { } } }\n"
        "Dataflow { TemporalMap(4,4) K; TemporalMap(3,3) C; Buffer(G); SpatialMap(1,1) K;\n"
        "  TemporalMap(1,1) Y'; Fanout(P); Buffer(R); TemporalMap(1,1) C; }\n"
        "Network { Layer L { Type: CONV Dimensions { K: 9, C: 7, Y': 9, X': 5, R: 3, S: 2 } } }\n";
    dcc_job *job = from_text(), *other = job_of(dcc_parse(context, plain, NULL));
    int64_t one = 1, cycles;
    compare_all_times(job, "PE", 1);
    set(job, "GLB.latency", "11");
    compare_all_times(job, "PE", 1);
    compare_all_times(job, "column", 5);
    ck_assert_int_ge(dcc_prepare(context, job), 0);
    ck_assert_int_eq(dcc_times(context, job, 0, 1, &one, NULL, &cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 2, 1, &one, NULL, &cycles), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_times(context, job, 9, 1, &one, NULL, &cycles), DCC_BAD_ARGUMENT);
    compare_all_times(other, "P", 1);
    compare_all_times(other, "P", -1);
    set(other, "D.latency", "0");
    set(other, "P.bandwidth", "{ I: 2, W: 3, O: 1 }");
    compare_all_times(other, "P", -1);
    set(other, "D.bandwidth", "2");
    compare_all_times(other, "P", 1);
    dcc_job_free(job);
    dcc_job_free(other);
}
END_TEST

/* Copies of one job in several threads, each set and evaluated by itself. */
static gpointer sweep(gpointer data)
{
    dcc_context *own = dcc_open();
    dcc_job *job = dcc_job_copy(data);
    dcc_result *result = dcc_result_new();
    int64_t sum = 0;
    for (int i = 1; i <= 200; i++) {
        g_autofree char *size = g_strdup_printf("{ Input: %d KiB, Output: %d }", i, i);
        g_autofree char *rate = g_strdup_printf("%d", i);
        if (dcc_set(own, job, "IABuf.capacity", size) != DCC_OK ||
            dcc_set(own, job, "PE.bandwidth", rate) != DCC_OK ||
            dcc_evaluate(own, job, result) != DCC_OK)
            break;
        sum += dcc_count(result, dcc_metric_find(job, "cycles"));
    }
    dcc_result_free(result);
    dcc_job_free(job);
    dcc_close(own);
    return GSIZE_TO_POINTER((gsize) sum);
}

START_TEST(threads_set_keys_of_copies)
{
    dcc_job *job = from_text();
    set(job, "GLB.latency", "2");
    GThread *thread[4];
    for (int i = 0; i < 4; i++)
        thread[i] = g_thread_new(NULL, sweep, job);
    gsize sum = GPOINTER_TO_SIZE(sweep(job));
    ck_assert_int_gt(sum, 0);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(GPOINTER_TO_SIZE(g_thread_join(thread[i])), sum);
    dcc_job_free(job);
}
END_TEST

/* ---- reading ---- */

START_TEST(places_links_and_macs_are_read)
{
    static const struct {
        const char *name;
        int64_t count;
    } figures[] = {{"memories.DRAM.tensors.W.reads", 288},
                   {"memories.GLB.tensors.I.reads", 576},
                   {"memories.GLB.tensors.O.writes", 512},
                   {"memories.GLB.tensors.O.psum_reads", 256},
                   {"memories.2.tensors.O.psum_reads", 4352},
                   {"memories.RF.units", 8},
                   {"mac.I.reads", 576},
                   {"mac.O.writes", 4608},
                   {"links.0.tensors.W.through_in", 288},
                   {"links.1.tensors.W.in", 288}};
    static const char text[] =
        "Accelerator { Hierarchy { Memory DRAM { }  Memory GLB { Holds: Input, Output }\n"
        "  Fanout PE 8 { Hops: 2, Reduction: no }  Memory RF { Holds: Weight, Output } } }\n"
        "Dataflow { TemporalMap(8,8) K; TemporalMap(1,1) C; Buffer(GLB); TemporalMap(1,1) Y';\n"
        "  TemporalMap(1,1) X'; SpatialMap(1,1) K; Fanout(PE); Buffer(RF);\n"
        "  TemporalMap(1,1) R; TemporalMap(1,1) S; }\n"
        "Network { Layer L { Type: CONV Dimensions { K: 16, C: 2, Y': 4, X': 4, R: 3, S: 3 } } }\n";
    dcc_job *job = job_of(dcc_parse(context, text, NULL));
    dcc_result *result = dcc_result_new();
    for (int time = 0; time < 2; time++) {
        if (time) /* links are counted with it */
            evaluate(job, result);
        else
            ck_assert_int_eq(dcc_evaluate_counts(context, job, result), DCC_OK);
        for (size_t i = 0; i < G_N_ELEMENTS(figures) - (time ? 0 : 2); i++)
            ck_assert_msg(dcc_count(result, dcc_metric_find(job, figures[i].name)) ==
                              figures[i].count,
                          "%s: %d", figures[i].name,
                          (int) dcc_count(result, dcc_metric_find(job, figures[i].name)));
    }
    dcc_result_free(result);
    dcc_job_free(job);
}
END_TEST

START_TEST(findings_speak_of_the_new_machine)
{
    dcc_job *job = from_text();
    dcc_result *result = dcc_result_new();
    evaluate(job, result);
    ck_assert_str_eq(dcc_findings(context, job, result), "");
    set(job, "GLB.capacity", "10");
    set(job, "budget.area", "1 um2");
    evaluate(job, result);
    const char *findings = dcc_findings(context, job, result);
    ck_assert_msg(strstr(findings, "bytes of GLB") != NULL, "%s", findings);
    ck_assert_msg(strstr(findings, "area") != NULL, "%s", findings);
    dcc_result_free(result);
    dcc_job_free(job);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("building");
    TCase *tests = tcase_create("building");
    const char *root = g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".";
    g_autofree char *path = g_strdup_printf("%s/dataflows:%s/models:%s/hardware", root, root, root);
    g_setenv("DCC_PATH", path, TRUE);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, open_context, close_context);
    tcase_add_test(tests, a_hierarchy_is_built_call_by_call);
    tcase_add_loop_test(tests, a_nest_is_written_anew, 0, G_N_ELEMENTS(mappings));
    tcase_add_test(tests, a_nest_from_a_file_goes_on);
    tcase_add_loop_test(tests, a_key_does_what_the_option_does, 0, G_N_ELEMENTS(keys));
    tcase_add_test(tests, keys_add_up);
    tcase_add_test(tests, widths_and_clock_are_in_rates);
    tcase_add_test(tests, setters_and_keys_mix);
    tcase_add_test(tests, the_classic_shape_has_classic_keys);
    tcase_add_test(tests, keys_are_refused_with_a_message);
    tcase_add_test(tests, names_are_refused);
    tcase_add_test(tests, there_are_so_many_at_most);
    tcase_add_test(tests, calls_of_the_other_form_are_refused);
    tcase_add_test(tests, numbers_out_of_range_change_nothing);
    tcase_add_test(tests, laws_have_statuses);
    tcase_add_test(tests, every_tensor_has_a_root);
    tcase_add_test(tests, times_are_those_of_fan_outs);
    tcase_add_test(tests, threads_set_keys_of_copies);
    tcase_add_test(tests, places_links_and_macs_are_read);
    tcase_add_test(tests, findings_speak_of_the_new_machine);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
