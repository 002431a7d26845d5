/* Every row of the table of keys: the file, --set and, where there is one, libdcc's setter give the
 * same machine; units are exact. */
#include "frontend/keys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lib.h"

/* What one run reads, freed together. */
typedef struct {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Trees *program;
    Hardware hardware;
    bool ok;
} Reading;

static void read_text(Reading *run, const char *text)
{
    run->arena = arena_new();
    run->sources = sources_new(run->arena);
    run->diag = diag_new(run->sources, run->arena);
    run->program = trees_new(run->sources, run->arena, run->diag);
    trees_add(run->program, sources_add(run->sources, "text", text, strlen(text)));
    check_run(run->program);
    const ProgramFile *file = &g_array_index(run->program->files, ProgramFile, 0);
    const Item *block = ast_find(file->ast->items, "Accelerator");
    run->ok =
        hardware_read(run->program, file, block, &run->hardware) && diag_errors(run->diag) == 0;
}

static void end(Reading *run)
{
    trees_free(run->program);
    diag_free(run->diag);
    sources_free(run->sources);
    arena_free(run->arena);
}

/* All that a machine is, as text. */
static void describe_machine(const Machine *m, GString *out)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT " PEs of %" G_GINT64_FORMAT ", %.17g Hz\n",
                           m->pes, m->lanes, m->clock_hz);
    for (int t = 0; t < 3; t++)
        g_string_append_printf(out, "%" G_GINT64_FORMAT " bit, stays %d\n", m->bits[t],
                               m->stays_onchip[t]);
    g_string_append_printf(out, "done %" G_GINT64_FORMAT ", setup %" G_GINT64_FORMAT "\n",
                           m->done_bits, m->setup_cycles);
    for (int l = 0; l < LEVELS_MAX; l++) {
        const Noc *noc = &m->noc[l];
        g_string_append_printf(out, "NoC %d: %d %d latency %" G_GINT64_FORMAT " hops %.17g", l,
                               noc->per_tensor, noc->in_bits, noc->latency, noc->hops);
        g_string_append_printf(out, " %d %d %d\n", noc->multicast, noc->reduction, noc->prefetch);
        for (int t = 0; t < (noc->per_tensor ? 3 : 1); t++)
            g_string_append_printf(out, "  %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\n",
                                   noc->bandwidth[t].num, noc->bandwidth[t].den);
        g_string_append_printf(out, "  buffer %" G_GINT64_FORMAT "\n", m->buffer_bytes[l]);
    }
    g_string_append_printf(out,
                           "L1 %" G_GINT64_FORMAT ", L2 %" G_GINT64_FORMAT
                           ", off-chip %.17g a second, elements %d\n",
                           m->l1_bytes, m->l2_bytes, machine_offchip_per_s(m), m->offchip.elements);
}

static void describe_rate(Rational rate, GString *out)
{
    g_string_append_printf(out, " %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, rate.num, rate.den);
}

/* All that a hierarchy is, as text. */
static void describe_hierarchy(const Machine *m, GString *out)
{
    for (int i = 0; i < m->n_memories; i++) {
        const Memory *memory = &m->memory[i];
        g_string_append_printf(out, "%s %d %d %x %" G_GINT64_FORMAT " %d", memory->name,
                               memory->fanouts, memory->root, memory->holds, memory->capacity_bytes,
                               memory->partitioned);
        for (int t = 0; t < 3; t++)
            g_string_append_printf(out, " %" G_GINT64_FORMAT, memory->share_bytes[t]);
        describe_rate(memory->port.read, out);
        describe_rate(memory->port.write, out);
        describe_rate(memory->port.both, out);
        g_string_append_printf(out, " %" G_GINT64_FORMAT " %d %d %.17g %.17g %.17g %.17g %.17g\n",
                               memory->latency, memory->prefetch, memory->copies, memory->read_pj,
                               memory->write_pj, memory->width_bits, memory->um2, memory->leak_mw);
    }
    for (int i = 0; i < m->n_fanouts; i++) {
        const Fanout *fanout = &m->fanout[i];
        g_string_append_printf(out, "%s %d %" G_GINT64_FORMAT " %x", fanout->name, fanout->memories,
                               fanout->size, fanout->dims);
        describe_rate(fanout->noc.bandwidth[0], out);
        g_string_append_printf(out, " %" G_GINT64_FORMAT " %.17g %d %d %d\n", fanout->noc.latency,
                               fanout->noc.hops, fanout->noc.multicast, fanout->noc.reduction,
                               fanout->noc.prefetch);
    }
    g_string_append_printf(out, "MAC %.17g %.17g %.17g\n", m->mac_pj, m->mac_um2, m->mac_mw);
}

/* The machine of a convolution, and what else the hardware says. */
static char *describe(const Reading *run)
{
    GString *out = g_string_new(NULL);
    const Operator *op = &operators_find(run->program->operators, "CONV")->op;
    Machine machine;
    ck_assert(run->ok);
    ck_assert(hardware_machine(run->program, &run->hardware, op, &machine));
    describe_machine(&machine, out);
    describe_hierarchy(&machine, out);
    g_string_append_printf(out, "%s, %.17g mm2, %.17g mW\n",
                           run->hardware.technology ? run->hardware.technology : "-",
                           run->hardware.area_budget_mm2, run->hardware.power_budget_mw);
    return g_string_free(out, FALSE);
}

/* A value that is not the default; as it stands in the file. */
static const char *const sample[HARDWARE_KEYS] = {
    [KEY_PES] = "48",
    [KEY_LANES] = "4",
    [KEY_CLOCK] = "200 MHz",
    [KEY_PRECISION] = "16 bit",
    [KEY_PARTIAL] = "4 B",
    [KEY_SETUP] = "2.5 us",
    [KEY_TECHNOLOGY] = "\"28nm\"",
    [KEY_L1_CAPACITY] = "512 B",
    [KEY_L2_CAPACITY] = "108 KiB",
    [KEY_BUFFER_CAPACITY] = "3 KB",
    [KEY_NOC_BANDWIDTH] = "0.3 GB/s",
    [KEY_NOC_LATENCY] = "3",
    [KEY_NOC_HOPS] = "2.5",
    [KEY_NOC_MULTICAST] = "no",
    [KEY_NOC_REDUCTION] = "no",
    [KEY_NOC_PREFETCH] = "tile",
    [KEY_OFFCHIP_BANDWIDTH] = "64 bit/cycle",
    [KEY_OFFCHIP_HOLDS] = "Weight, O",
    [KEY_BUDGET_AREA] = "160000 um2",
    [KEY_BUDGET_POWER] = "0.45 W",
    [KEY_MEMORY_HOLDS] = "Input, O",
    [KEY_MEMORY_CAPACITY] = "64 KiB",
    [KEY_MEMORY_BANDWIDTH] = "8 B/cycle",
    [KEY_MEMORY_LATENCY] = "3",
    [KEY_MEMORY_PREFETCH] = "tile",
    [KEY_MEMORY_COPIES] = "1",
    [KEY_MEMORY_READ] = "1.85 pJ",
    [KEY_MEMORY_WRITE] = "2 nJ",
    [KEY_MEMORY_WIDTH] = "64 bit",
    [KEY_MEMORY_AREA] = "0.5 mm2",
    [KEY_MEMORY_LEAKAGE] = "0.25 pJ/cycle",
    [KEY_MEMORY_BANDWIDTH_READ] = "4",
    [KEY_MEMORY_BANDWIDTH_WRITE] = "0.3 GB/s",
    [KEY_MEMORY_BANDWIDTH_SHARED] = "64 bit/cycle",
    [KEY_FANOUT_SIZE] = "8",
    [KEY_FANOUT_BANDWIDTH] = "0.3 GB/s",
    [KEY_FANOUT_LATENCY] = "3",
    [KEY_FANOUT_HOPS] = "2.5",
    [KEY_FANOUT_MULTICAST] = "no",
    [KEY_FANOUT_REDUCTION] = "no",
    [KEY_FANOUT_PREFETCH] = "step",
    [KEY_FANOUT_DIMS] = "K, Y",
    [KEY_MAC_LANES] = "4",
    [KEY_MAC_ENERGY] = "0.21 pJ",
    [KEY_MAC_AREA] = "100 um2",
    [KEY_MAC_LEAKAGE] = "0.5 uW",
};

/* What precedes the key under test: a clock, for what is per second. */
#define BEFORE "Accelerator \"a\" { PEs: 16; Clock: 1 GHz; "

/* The accelerator with the key in its block; all NoCs follow the first. */
static char *file_of(const HardwareKey *key, const char *value)
{
    int low = hardware_key_first(key);
    g_autofree char *number = g_strdup_printf("%d", low);
    const char *which = low >= 0 ? number : key->which;
    if (key == &hardware_keys[KEY_PES])
        return g_strdup_printf("Accelerator \"a\" { Clock: 1 GHz; PEs: %s }", value);
    if (key == &hardware_keys[KEY_CLOCK])
        return g_strdup_printf("Accelerator \"a\" { PEs: 16; Clock: %s }", value);
    if (strcmp(key->block, "Accelerator") == 0)
        return g_strdup_printf(BEFORE "%s: %s }", key->key, value);
    return g_strdup_printf(BEFORE "%s %s { %s: %s } }", key->block, which, key->key, value);
}

static const char *const plain_file = BEFORE "}";

/* A hierarchy with the text of a key in the memory GLB, the fan-out PE or the MACs. */
static char *hierarchy_with(const HardwareKey *key, const char *value)
{
    bool size = *key->key == '\0', part = strcmp(key->block, "Bandwidth") == 0;
    g_autofree char *text = size   ? g_strdup("")
                            : part ? g_strdup_printf("Bandwidth { %s: %s }", key->key, value)
                                   : g_strdup_printf("%s: %s", key->key, value);
    bool fanout = strcmp(key->block, "Fanout") == 0, mac = strcmp(key->block, "MAC") == 0;
    return g_strdup_printf("Accelerator \"a\" { Clock: 1 GHz; Hierarchy { Memory DRAM { }\n"
                           "Memory GLB { %s } Fanout PE %s { %s } Memory RF { } MAC { %s } } }",
                           fanout || mac ? "" : text, size ? value : "4", fanout ? text : "",
                           mac ? text : "");
}

static bool is_classic(int number)
{
    return hardware_key_is_of(&hardware_keys[number], false);
}

START_TEST(hierarchy_file_and_set_agree)
{
    const HardwareKey *key = &hardware_keys[_i];
    Reading file, set;
    if (is_classic(_i))
        return;
    g_autofree char *text = hierarchy_with(key, sample[_i]);
    g_autofree char *none = hierarchy_with(&hardware_keys[KEY_FANOUT_SIZE], "4");
    bool fanout = strcmp(key->block, "Fanout") == 0;
    g_autofree char *name =
        !hardware_key_goes_by_name(key)
            ? g_strdup(key->name)
            : g_strconcat(fanout ? "PE" : "GLB", key->name + strlen("NAME"), NULL);
    g_autofree char *assignment = g_strdup_printf("%s=%s", name, sample[_i]);
    int first, last;
    read_text(&file, text);
    read_text(&set, none);
    ck_assert(hardware_key_named(&set.hardware, name, &first, &last) == key);
    g_autofree char *plain = describe(&set), *from_file = describe(&file);
    ck_assert_str_ne(from_file, plain);
    ck_assert(hardware_set(set.program, &set.hardware, assignment, NULL));
    g_autofree char *from_set = describe(&set);
    ck_assert_str_eq(from_file, from_set);
    end(&file);
    end(&set);
}
END_TEST

/* A hierarchy has no keys of the classic form, and the reverse; names have their case. */
START_TEST(keys_are_of_a_form)
{
    Reading run;
    int first, last;
    g_autofree char *text = hierarchy_with(&hardware_keys[KEY_FANOUT_SIZE], "4");
    read_text(&run, text);
    ck_assert(hardware_key_named(&run.hardware, "pes", &first, &last) == NULL);
    ck_assert(hardware_key_named(&run.hardware, "noc.hops", &first, &last) == NULL);
    ck_assert(hardware_key_named(&run.hardware, "glb.capacity", &first, &last) == NULL);
    ck_assert(hardware_key_named(&run.hardware, "PE.capacity", &first, &last) == NULL);
    ck_assert(hardware_key_named(&run.hardware, "lanes", &first, &last) ==
              &hardware_keys[KEY_LANES]);
    ck_assert(hardware_key_named(NULL, "mac.lanes", &first, &last) == NULL);
    end(&run);
}
END_TEST

START_TEST(every_key_has_a_sample)
{
    const HardwareKey *key = &hardware_keys[_i];
    int first, last;
    ck_assert_ptr_nonnull(sample[_i]);
    ck_assert_ptr_eq(hardware_key(key->block, key->which, key->key), key);
    ck_assert(key->name == NULL || !is_classic(_i) ||
              hardware_key_named(NULL, key->name, &first, &last) == key);
}
END_TEST

START_TEST(file_and_set_agree)
{
    const HardwareKey *key = &hardware_keys[_i];
    Reading file, set;
    if (!is_classic(_i))
        return;
    g_autofree char *text = file_of(key, sample[_i]);
    read_text(&file, text);
    read_text(&set, plain_file);
    g_autofree char *plain = describe(&set), *from_file = describe(&file);
    ck_assert_str_ne(from_file, plain);
    if (key->name != NULL) {
        /* of a key with numbers the file gives one block, which NoCs hand on and buffers do not */
        const char *dot = strchr(key->name, '.');
        bool one = key == &hardware_keys[KEY_BUFFER_CAPACITY];
        g_autofree char *assignment =
            one ? g_strdup_printf("%.*s1%s=%s", (int) (dot - key->name), key->name, dot, sample[_i])
                : g_strdup_printf("%s=%s", key->name, sample[_i]);
        GError *error = NULL;
        ck_assert_msg(hardware_set(set.program, &set.hardware, assignment, &error), "%s",
                      error != NULL ? error->message : "");
        g_autofree char *from_set = describe(&set);
        ck_assert_str_eq(from_file, from_set);
    }
    end(&file);
    end(&set);
}
END_TEST

START_TEST(a_number_sets_one_of_them)
{
    const HardwareKey *key = &hardware_keys[_i];
    const char *dot = key->name != NULL ? strchr(key->name, '.') : NULL;
    int first, last, low = hardware_key_first(key);
    if (low < 0)
        return;
    for (int l = 0; l <= LEVELS_MAX; l++) {
        g_autofree char *name =
            g_strdup_printf("%.*s%d%s", (int) (dot - key->name), key->name, l, dot);
        bool there = l >= low && l < LEVELS_MAX;
        ck_assert(hardware_key_named(NULL, name, &first, &last) == (there ? key : NULL));
        ck_assert(!there || (first == l && last == l));
    }
    ck_assert(hardware_key_named(NULL, key->name, &first, &last) == key);
    ck_assert_int_eq(first, low);
    ck_assert_int_eq(last, LEVELS_MAX - 1);
}
END_TEST

/* ---- libdcc ---- */

static int set_sample(dcc_job *job, HardwareKeyId id)
{
    switch (id) {
    case KEY_PES:
        return dcc_set_machine(job, DCC_PES, 48);
    case KEY_LANES:
        return dcc_set_machine(job, DCC_LANES, 4);
    case KEY_CLOCK:
        return dcc_set_clock(job, 200e6);
    case KEY_PRECISION:
        return dcc_set_element_bytes(job, 0, 2) | dcc_set_element_bytes(job, 1, 2) |
               dcc_set_element_bytes(job, 2, 2);
    case KEY_L1_CAPACITY:
        return dcc_set_machine(job, DCC_L1_BYTES, 512);
    case KEY_L2_CAPACITY:
        return dcc_set_machine(job, DCC_L2_BYTES, 108 << 10);
    case KEY_BUFFER_CAPACITY:
        return dcc_set_buffer_bytes(job, 1, 3000);
    case KEY_NOC_BANDWIDTH:
        return dcc_set_bandwidth(job, -1, -1, 3, 10);
    case KEY_NOC_LATENCY:
        return dcc_set_noc(job, -1, DCC_LATENCY, 3);
    case KEY_NOC_HOPS: /* latency is theirs to say */
        return dcc_set_hops(job, -1, 2.5) | dcc_set_noc(job, -1, DCC_LATENCY, 3);
    case KEY_NOC_MULTICAST:
        return dcc_set_noc(job, -1, DCC_MULTICAST, 0);
    case KEY_NOC_REDUCTION:
        return dcc_set_noc(job, -1, DCC_REDUCTION, 0);
    case KEY_NOC_PREFETCH:
        return dcc_set_noc(job, -1, DCC_PREFETCH, 1);
    case KEY_OFFCHIP_BANDWIDTH:
        return dcc_set_offchip(job, 8e9);
    case KEY_PARTIAL:
        return dcc_set_output_bytes(job, 1, 4);
    case KEY_SETUP:
        return dcc_set_machine(job, DCC_SETUP_CYCLES, 2500);
    case KEY_OFFCHIP_HOLDS:
        return dcc_set_stays_onchip(job, dcc_tensor(job, "I"), 1);
    default:
        return 1; /* no setter */
    }
}

START_TEST(setters_agree)
{
    if (!is_classic(_i))
        return;
    dcc_context *context = dcc_open();
    dcc_job *job = dcc_job_build(context, "CONV");
    Reading set;
    read_text(&set, plain_file);
    dcc_set_clock(job, 1e9);
    dcc_set_machine(job, DCC_PES, 16);
    int status = set_sample(job, (HardwareKeyId) _i);
    ck_assert_int_ge(status, DCC_OK);
    if (status == DCC_OK) {
        const Operator *op = &operators_find(set.program->operators, "CONV")->op;
        g_autofree char *assignment =
            g_strdup_printf("%s%s=%s", _i == KEY_BUFFER_CAPACITY ? "buffer1.capacity" : "",
                            _i == KEY_BUFFER_CAPACITY ? "" : hardware_keys[_i].name, sample[_i]);
        Machine machine;
        g_autoptr(GString) from_set = g_string_new(NULL), from_setter = g_string_new(NULL);
        ck_assert(hardware_set(set.program, &set.hardware, assignment, NULL));
        ck_assert(hardware_machine(set.program, &set.hardware, op, &machine));
        describe_machine(&machine, from_set);
        describe_machine(job->machine, from_setter);
        ck_assert_str_eq(from_set->str, from_setter->str);
    }
    end(&set);
    dcc_job_free(job);
    dcc_close(context);
}
END_TEST

/* Beyond the ranges of the table. */
START_TEST(setters_have_the_ranges_of_the_keys)
{
    dcc_context *context = dcc_open();
    dcc_job *job = dcc_job_build(context, "CONV");
    const HardwareKey *keys = hardware_keys;
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, keys[KEY_PES].least - 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, keys[KEY_PES].most), DCC_OK);
    ck_assert_int_eq(dcc_set_machine(job, DCC_PES, keys[KEY_PES].most + 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(job, DCC_LANES, keys[KEY_LANES].most + 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(job, DCC_L1_BYTES, -1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_element_bytes(job, 0, (double) keys[KEY_PRECISION].most / 8), DCC_OK);
    ck_assert_int_eq(dcc_set_element_bytes(job, 0, (double) (keys[KEY_PRECISION].most + 1) / 8),
                     DCC_BAD_ARGUMENT);
    double widest = (double) keys[KEY_PARTIAL].most / 8;
    ck_assert_int_eq(dcc_set_output_bytes(job, widest, widest), DCC_OK);
    ck_assert_int_eq(dcc_set_output_bytes(job, 1, widest + 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_output_bytes(job, 2, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_output_bytes(job, 0.3, 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, keys[KEY_SETUP].most), DCC_OK);
    ck_assert_int_eq(dcc_get_machine(job, DCC_SETUP_CYCLES), keys[KEY_SETUP].most);
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, keys[KEY_SETUP].most + 1),
                     DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_machine(job, DCC_SETUP_CYCLES, -1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_stays_onchip(job, 0, 2), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_stays_onchip(job, dcc_tensors(job), 1), DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_noc(job, 0, DCC_LATENCY, keys[KEY_NOC_LATENCY].most), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, 0, DCC_LATENCY, keys[KEY_NOC_LATENCY].most + 1),
                     DCC_BAD_ARGUMENT);
    ck_assert_int_eq(dcc_set_noc(job, 0, DCC_PREFETCH, keys[KEY_NOC_PREFETCH].most), DCC_OK);
    ck_assert_int_eq(dcc_set_noc(job, 0, DCC_PREFETCH, keys[KEY_NOC_PREFETCH].most + 1),
                     DCC_BAD_ARGUMENT);
    dcc_job_free(job);
    dcc_close(context);
}
END_TEST

/* ---- figures ---- */

static Machine machine_of(const char *keys)
{
    Reading run;
    g_autofree char *text = g_strdup_printf(BEFORE "%s }", keys);
    Machine machine;
    read_text(&run, text);
    ck_assert_msg(run.ok, "%s", keys);
    ck_assert(hardware_machine(run.program, &run.hardware,
                               &operators_find(run.program->operators, "CONV")->op, &machine));
    end(&run);
    return machine;
}

START_TEST(setup_is_rounded_up)
{
    ck_assert_int_eq(machine_of("").setup_cycles, 0);
    ck_assert_int_eq(machine_of("Setup: 28 us").setup_cycles, 28000);
    ck_assert_int_eq(machine_of("Setup: 100").setup_cycles, 100);
    ck_assert_int_eq(machine_of("Setup: 100 cycles").setup_cycles, 100);
    ck_assert_int_eq(machine_of("Setup: 1.5 cycles").setup_cycles, 2);
    ck_assert_int_eq(machine_of("Setup: 0.1 ns").setup_cycles, 1);
    ck_assert_int_eq(machine_of("Setup: 2 s").setup_cycles, 2000000000);
}
END_TEST

START_TEST(partial_sums_have_a_width)
{
    const char *text = "Precision { Input: 4 bit, Weight: 2 bit, Output: 8 bit, Partial: 24 bit }";
    Machine machine = machine_of(text);
    ck_assert_int_eq(machine.bits[0], 2); /* W, I, O */
    ck_assert_int_eq(machine.bits[1], 4);
    ck_assert_int_eq(machine.bits[2], 24);
    ck_assert_int_eq(machine.done_bits, 8);
    machine = machine_of("Precision { Partial: 8 bit }"); /* as wide as the output */
    ck_assert_int_eq(machine.bits[2], 8);
    ck_assert_int_eq(machine.done_bits, 8);
}
END_TEST

START_TEST(what_offchip_does_not_hold_stays)
{
    Machine machine = machine_of("OffChip { Holds: W }");
    ck_assert(!machine.stays_onchip[0] && machine.stays_onchip[1] && machine.stays_onchip[2]);
    machine = machine_of("OffChip { Bandwidth: 3, Holds: Weight, Input }");
    ck_assert(!machine.stays_onchip[0] && !machine.stays_onchip[1] && machine.stays_onchip[2]);
    machine = machine_of("OffChip { Bandwidth: 3 }");
    ck_assert(!machine.stays_onchip[0] && !machine.stays_onchip[1] && !machine.stays_onchip[2]);
}
END_TEST

START_TEST(latency_is_rounded_up)
{
    ck_assert_int_eq(machine_of("NoC 0 { Hops: 2.5, Latency: 3 }").noc[0].latency, 8);
    ck_assert_int_eq(machine_of("NoC 0 { Hops: 2, Latency: 3 }").noc[0].latency, 6);
    ck_assert_int_eq(machine_of("NoC 0 { Hops: 1/3, Latency: 1 }").noc[0].latency, 1);
}
END_TEST

START_TEST(units_are_exact)
{
    Rational factor;
    ck_assert(unit_convert("GB/s", "bit/s", &factor) && factor.num == 8000000000);
    ck_assert(unit_convert("KiB", "B", &factor) && factor.num == 1024 && factor.den == 1);
    ck_assert(unit_convert("pJ/B", "pJ/bit", &factor) && factor.num == 1 && factor.den == 8);
    ck_assert(unit_convert("um2", "mm2", &factor) && factor.num == 1 && factor.den == 1000000);
    ck_assert(unit_convert(NULL, "", &factor) && factor.num == 1 && factor.den == 1);
    ck_assert(!unit_convert("B", "B/s", &factor));
    ck_assert(!unit_convert("B/s", "B/cycle", &factor));
    ck_assert(!unit_convert(NULL, "B", &factor));
    ck_assert(!unit_convert("hop", "hop", &factor));
    ck_assert(!unit_convert("B/", "B", &factor));
    ck_assert(!unit_convert("/s", "s", &factor));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keys");
    TCase *rows = tcase_create("rows"), *figures = tcase_create("figures");
    tcase_add_loop_test(rows, every_key_has_a_sample, 0, HARDWARE_KEYS);
    tcase_add_loop_test(rows, file_and_set_agree, 0, HARDWARE_KEYS);
    tcase_add_loop_test(rows, hierarchy_file_and_set_agree, 0, HARDWARE_KEYS);
    tcase_add_test(rows, keys_are_of_a_form);
    tcase_add_loop_test(rows, a_number_sets_one_of_them, 0, HARDWARE_KEYS);
    tcase_add_loop_test(rows, setters_agree, 0, HARDWARE_KEYS);
    tcase_add_test(rows, setters_have_the_ranges_of_the_keys);
    tcase_add_test(figures, setup_is_rounded_up);
    tcase_add_test(figures, partial_sums_have_a_width);
    tcase_add_test(figures, what_offchip_does_not_hold_stays);
    tcase_add_test(figures, latency_is_rounded_up);
    tcase_add_test(figures, units_are_exact);
    suite_add_tcase(suite, rows);
    suite_add_tcase(suite, figures);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
