/* What the writers say of a hierarchy of memories: the text as it stands in places.expected, which
 * `UPDATE=1 places` writes anew; JSON and CSV by their figures. */
#include "report/report.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "report/totals.h"
#include "tests/unit/bypass.h"

typedef struct {
    Layer layer[2];
    Nest nest;
    Machine machine;
    Technology technology;
    Report *report;
} Sample;

/* The layer as it was counted by hand, `count` times in the network. */
static void sample_add(Sample *s, int i, const char *name, int64_t count)
{
    static ReportEntry entry;
    s->layer[i].name = name;
    s->layer[i].count = count;
    entry_start(&entry, "ws", &s->layer[i], &s->nest, &s->machine);
    entry.status = ENTRY_EVALUATED;
    bypass_result(&entry.result);
    entry_cost(&entry, &s->technology);
    g_array_append_val(s->report->entries, entry);
}

static void sample_chip(Sample *s)
{
    Capacity capacity = {.l1 = 0};
    const ReportEntry *entry = &g_array_index(s->report->entries, ReportEntry, 0);
    cost_capacity(&s->machine, &s->nest, &entry->result, &capacity);
    cost_chip(&s->machine, &capacity, &s->technology, &s->report->chip);
}

static Sample *sample(void)
{
    static Sample s;
    s = (Sample){{bypass_layer(), bypass_layer()},
                 bypass_nest(),
                 bypass_machine(),
                 bypass_technology(),
                 report_new()};
    s.report->tool = "dcc";
    s.report->network = "net";
    s.report->hardware = "bypass";
    s.report->technology = "test";
    s.report->machine = &s.machine;
    s.report->pes = 8;
    s.report->clock_hz = 1e9;
    s.report->figures = &s.technology;
    return &s;
}

static Sample *sample_of_one(void)
{
    Sample *s = sample();
    sample_add(s, 0, "CONV1", 1);
    sample_chip(s);
    return s;
}

static const ReportEntry *entry_at(const Sample *s, guint i)
{
    return &g_array_index(s->report->entries, ReportEntry, i);
}

/* ---- text --------------------------------------------------------------------------- */

static void append_section(GString *all, const char *title, GString *text)
{
    g_string_append_printf(all, "==== %s\n%s", title, text->str);
    g_string_free(text, TRUE);
}

static GString *explained_cost(const Sample *s)
{
    Output *out = output_memory();
    ExplainCost *explain = explain_cost_begin(out, s->report);
    explain_cost_entry(explain, entry_at(s, 0), s->report->figures);
    explain_cost_end(explain, s->report);
    return output_take(out);
}

/* The nest alone: the steps of the PEs are shown as on any machine. */
static GString *explained(const Sample *s)
{
    GString *text = explain_write(entry_at(s, 0));
    return g_string_truncate(text, (gsize) (strstr(text->str, "first steps") - text->str));
}

static GString *texts(void)
{
    GString *all = g_string_new(NULL);
    Sample *s = sample_of_one();
    append_section(all, "detail", text_write(s->report, (TextStyle){.detail = true}));
    append_section(all, "explain", explained(s));
    append_section(all, "explain-cost", explained_cost(s));
    report_free(s->report);
    s = sample();
    s->machine.memory[BYPASS_GLB].capacity_bytes = 800; /* it does not fit */
    s->machine.memory[BYPASS_RF].partitioned = true;
    s->machine.memory[BYPASS_RF].capacity_bytes = 0;
    s->machine.memory[BYPASS_RF].share_bytes[BYPASS_W] = 30;
    s->machine.memory[BYPASS_RF].share_bytes[BYPASS_O] = 2; /* neither does a share */
    s->machine.memory[BYPASS_RF].leak_mw = NAN;
    s->technology.l1.read_pj.n = 0; /* nor is its energy known */
    sample_add(s, 0, "CONV1", 72);
    sample_add(s, 1, "CONV2", 1);
    sample_chip(s);
    append_section(all, "not known, not enough", text_write(s->report, (TextStyle){.width = 0}));
    report_free(s->report);
    return all;
}

START_TEST(text_is_as_expected)
{
    const char *root = g_getenv("SRCDIR") ? g_getenv("SRCDIR") : ".";
    g_autofree char *path = g_build_filename(root, "tests/unit/places.expected", NULL);
    g_autofree char *expected = NULL;
    g_autoptr(GString) text = texts();
    if (g_getenv("UPDATE"))
        g_file_set_contents(path, text->str, -1, NULL);
    ck_assert(g_file_get_contents(path, &expected, NULL, NULL));
    ck_assert_str_eq(text->str, expected);
}
END_TEST

/* ---- JSON and CSV ------------------------------------------------------------------- */

static json_t *json_of(const Report *report)
{
    g_autoptr(GString) text = json_write(report);
    json_error_t error;
    json_t *root = json_loadb(text->str, text->len, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(root != NULL, "line %d: %s", error.line, error.text);
    return root;
}

/* The value at the end of "layers.0.memories.1.units". */
static json_t *at(json_t *root, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, ".", -1);
    for (char **step = steps; *step; step++)
        root = json_is_array(root) ? json_array_get(root, (size_t) atoi(*step))
                                   : json_object_get(root, *step);
    return root;
}

static void check_integer(json_t *root, const char *path, int64_t expected)
{
    json_t *value = at(root, path);
    ck_assert_msg(json_is_integer(value), "%s is no integer", path);
    ck_assert_int_eq(json_integer_value(value), expected);
}

START_TEST(json_has_memories_links_and_macs)
{
    Sample *s = sample_of_one();
    json_t *root = json_of(s->report), *layer = at(root, "layers.0");
    ck_assert_uint_eq(json_array_size(json_object_get(layer, "memories")), 3);
    ck_assert_str_eq(json_string_value(at(layer, "memories.1.name")), "GLB");
    check_integer(layer, "memories.2.units", 8);
    check_integer(layer, "memories.1.required_bytes", 840);
    check_integer(layer, "memories.1.capacity_bytes", 900);
    ck_assert(json_is_null(at(layer, "memories.0.capacity_bytes")));
    ck_assert_ptr_null(at(layer, "memories.1.tensors.W"));
    check_integer(layer, "memories.1.tensors.O.psum_reads", 256);
    ck_assert_double_eq_tol(json_real_value(at(layer, "memories.1.energy_pj")), 10944, 1e-9);
    ck_assert_uint_eq(json_array_size(json_object_get(layer, "links")), 3);
    ck_assert_str_eq(json_string_value(at(layer, "links.1.fanout")), "PE");
    check_integer(layer, "links.1.tensors.I.in", 0);
    check_integer(layer, "links.1.tensors.I.through_in", 576);
    check_integer(layer, "links.1.tensors.O.out", 512);
    check_integer(layer, "links.2.tensors.O.through_out", 4608);
    check_integer(layer, "mac.O.psum_reads", 4352);
    check_integer(layer, "mac.O.reads", 0);
    check_integer(layer, "cycles_by_cause.links.0.in", 3);
    ck_assert_ptr_null(at(layer, "levels.0.tensors.W")); /* it passes */
    ck_assert(json_is_object(at(layer, "levels.2.tensors")));
    ck_assert_ptr_null(at(layer, "l1"));
    ck_assert_ptr_null(at(layer, "l2"));
    ck_assert_ptr_null(at(layer, "offchip"));
    ck_assert_ptr_null(at(layer, "energy_pj.l1"));
    ck_assert_double_eq_tol(json_real_value(at(layer, "energy_pj.onchip")), 41680, 1e-9);
    ck_assert_double_eq_tol(json_real_value(at(root, "total.area_mm2.GLB")), 1e-3, 1e-12);
    json_decref(root);
    report_free(s->report);
}
END_TEST

/* A memory that holds nothing is there all the same. */
START_TEST(an_idle_memory_has_a_row)
{
    Sample *s = sample_of_one();
    ReportEntry *entry = &g_array_index(s->report->entries, ReportEntry, 0);
    entry->result.place[1] = entry->result.place[2];
    entry->result.n_places = 2;
    json_t *root = json_of(s->report);
    check_integer(root, "layers.0.memories.1.units", 0);
    check_integer(root, "layers.0.memories.1.required_bytes", 0);
    ck_assert_uint_eq(json_object_size(at(root, "layers.0.memories.1.tensors")), 0);
    json_decref(root);
    report_free(s->report);
}
END_TEST

START_TEST(totals_are_by_memory)
{
    Sample *s = sample();
    sample_add(s, 0, "CONV1", 72);
    sample_add(s, 1, "CONV2", 1);
    json_t *root = json_of(s->report), *total = json_object_get(root, "total");
    ck_assert_str_eq(json_string_value(at(total, "memories.2.name")), "RF");
    check_integer(total, "memories.2.tensors.W.reads", 73 * 4608);
    check_integer(total, "memories.2.required_bytes", 24);
    check_integer(total, "memories.1.accesses", 73 * (144 + 576 + 512 + 256 + 256));
    ck_assert_ptr_null(at(total, "l1"));
    json_decref(root);
    report_free(s->report);
}
END_TEST

/* Fields of a line of CSV in which no field is quoted. */
static GStrv fields(GString *csv, guint line)
{
    g_auto(GStrv) lines = g_strsplit(csv->str, "\r\n", -1);
    return g_strsplit(lines[line], ",", -1);
}

static const char *field(GStrv header, GStrv row, const char *name)
{
    for (guint i = 0; header[i]; i++)
        if (g_str_has_prefix(header[i], name))
            return row[i];
    return NULL;
}

/* A column for what a memory can hold, empty where a layer has it elsewhere. */
START_TEST(csv_has_one_set_of_columns)
{
    Sample *s = sample();
    sample_add(s, 0, "CONV1", 1);
    sample_add(s, 1, "CONV2", 1);
    ReportEntry *second = &g_array_index(s->report->entries, ReportEntry, 1);
    second->result.place[1].tensors = 1u << BYPASS_I;
    g_autoptr(GString) csv = csv_write(s->report);
    g_auto(GStrv) header = fields(csv, 0), one = fields(csv, 1), two = fields(csv, 2);
    ck_assert_uint_eq(g_strv_length(header), g_strv_length(one));
    ck_assert_uint_eq(g_strv_length(header), g_strv_length(two));
    ck_assert_str_eq(field(header, one, "memories.1.name"), "GLB");
    ck_assert_str_eq(field(header, one, "memories.1.tensors.O.writes [elements]"), "512");
    ck_assert_str_eq(field(header, two, "memories.1.tensors.O.writes [elements]"), "");
    ck_assert_ptr_null(field(header, one, "memories.1.tensors.W"));
    ck_assert_str_eq(field(header, one, "levels.0.tensors.W.reads"), "");
    ck_assert_ptr_null(field(header, one, "l2.required_bytes"));
    report_free(s->report);
}
END_TEST

START_TEST(html_has_memories)
{
    Sample *s = sample_of_one();
    g_autoptr(GString) html = html_write(s->report);
    ck_assert_ptr_nonnull(strstr(html->str, "class=\"bold\">GLB</text>"));
    ck_assert_ptr_nonnull(strstr(html->str, "Roofline of DRAM"));
    ck_assert_ptr_null(strstr(html->str, "Roofline of GLB")); /* its port is not limited */
    ck_assert_ptr_null(strstr(html->str, "off-chip memory"));
    s->machine.memory[BYPASS_GLB].port.read = (Rational){4, 1};
    g_autoptr(GString) limited = html_write(s->report);
    /* 4608 MACs for 576 bytes that it gives */
    ck_assert_ptr_nonnull(strstr(limited->str, "Roofline of GLB"));
    ck_assert_ptr_nonnull(strstr(limited->str, ": 8 MACs/byte, "));
    report_free(s->report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("places");
    TCase *tc = tcase_create("writers");
    tcase_add_test(tc, text_is_as_expected);
    tcase_add_test(tc, json_has_memories_links_and_macs);
    tcase_add_test(tc, an_idle_memory_has_a_row);
    tcase_add_test(tc, totals_are_by_memory);
    tcase_add_test(tc, csv_has_one_set_of_columns);
    tcase_add_test(tc, html_has_memories);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
