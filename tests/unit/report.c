/* The writers on results of the engines: JSON that adds up, CSV that a reader of RFC 4180
 * takes apart again, text that keeps to its width. */
#include "report/report.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/analysis.h"
#include "frontend/terminal.h"
#include "ir/decimal.h"
#include "report/html.h"
#include "report/number.h"
#include "report/placement.h"
#include "report/printable.h"
#include "report/table.h"
#include "report/totals.h"

/* O[K][P] += W[K][C][R] * I[C][P + R], K over the PEs. */
static const Operator operator_1d = {
    .type = "CONV",
    .n_dims = 4,
    .dim = {"K", "C", "X'", "S"},
    .n_tensors = 3,
    .tensor = {{"W", ROLE_WEIGHT, 3, {{1, {0}, {1}}, {1, {1}, {1}}, {1, {3}, {1}}}},
               {"I", ROLE_INPUT, 2, {{1, {1}, {1}}, {2, {2, 3}, {1, 1}}}},
               {"O", ROLE_OUTPUT, 2, {{1, {0}, {1}}, {1, {2}, {1}}}}},
    .output = 2,
};

static const Nest nest_1d = {
    .n_levels = 1,
    .level = {{.children = 4,
               .n_maps = 3,
               .map = {{MAP_SPATIAL, 0, 1, 1}, {MAP_TEMPORAL, 1, 1, 1}, {MAP_TEMPORAL, 2, 1, 1}}}},
};

static Layer layer_of(const char *name, int64_t count)
{
    return (Layer){.name = name,
                   .op = operator_1d,
                   .extent = {6, 2, 8, 3},
                   .count = count,
                   .density = {1, 1, 1, 1, 1, 1}};
}

static Machine machine_of(void)
{
    Machine machine = {.name = "four", .pes = 4, .lanes = 1, .clock_hz = 1e9};
    for (int t = 0; t < TENSORS_MAX; t++)
        machine.bits[t] = 16;
    for (int l = 0; l < LEVELS_MAX; l++)
        machine.noc[l] = (Noc){
            .bandwidth = {{0, 1}}, .latency = 1, .hops = 1, .multicast = true, .reduction = true};
    return machine;
}

typedef struct {
    Layer layers[3];
    Machine machine;
    Report *report;
} Sample;

/* Two layers that are evaluated, one of them run three times, and one that is illegal. */
static void sample_setup(Sample *run)
{
    static const char *const names[] = {"first", "with \"quotes\", and commas", "illegal"};
    Workspace *ws = workspace_new();
    run->machine = machine_of();
    run->report = report_new();
    run->report->tool = "dcc";
    run->report->network = "net";
    run->report->hardware = "four";
    for (int i = 0; i < 3; i++) {
        run->layers[i] = layer_of(names[i], i == 1 ? 3 : 1);
        ReportEntry entry = {.dataflow = "K-P",
                             .layer = &run->layers[i],
                             .nest = &nest_1d,
                             .machine = &run->machine,
                             .status = i == 2 ? ENTRY_REFUSED : ENTRY_EVALUATED};
        if (i != 2)
            analysis_run(&run->layers[i], &nest_1d, &run->machine, ws, &entry.result);
        g_array_append_val(run->report->entries, entry);
    }
    workspace_free(ws);
    ReportNote note = {"warning", NULL, "a note \xff that is not UTF-8", 0, 0};
    g_array_append_val(run->report->notes, note);
}

static json_t *json_of(const Report *report)
{
    GString *text = json_write(report);
    json_error_t error;
    json_t *root = json_loadb(text->str, text->len, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(root != NULL, "line %d: %s", error.line, error.text);
    g_string_free(text, TRUE);
    return root;
}

static int64_t integer_at(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    ck_assert_msg(json_is_integer(value), "%s is no integer", key);
    return json_integer_value(value);
}

START_TEST(json_adds_up)
{
    Sample run;
    sample_setup(&run);
    json_t *root = json_of(run.report), *layers = json_object_get(root, "layers"),
           *total = json_object_get(root, "total");
    ck_assert_int_eq(json_array_size(layers), 3);
    json_t *first = json_array_get(layers, 0), *causes = json_object_get(first, "cycles_by_cause"),
           *value;
    int64_t sum = 0;
    const char *key;
    json_object_foreach(causes, key, value) sum += json_integer_value(value);
    ck_assert_int_eq(sum, integer_at(first, "cycles"));
    ck_assert_int_eq(integer_at(first, "macs"), 6 * 2 * 8 * 3);
    ck_assert_int_eq(integer_at(json_object_get(first, "dims"), "X'"), 8);
    ck_assert_int_eq(integer_at(total, "macs"), 4 * integer_at(first, "macs"));
    ck_assert_int_eq(integer_at(total, "layers"), 2);
    ck_assert_int_eq(json_array_size(json_object_get(first, "levels")), 1);
    json_t *depths =
        json_object_get(json_object_get(json_object_get(first, "offchip"), "I"), "depths");
    ck_assert_int_eq(json_array_size(depths), 4);
    json_decref(root);
    report_free(run.report);
}
END_TEST

START_TEST(json_of_an_illegal_layer_has_no_figures)
{
    Sample run;
    sample_setup(&run);
    json_t *root = json_of(run.report),
           *illegal = json_array_get(json_object_get(root, "layers"), 2);
    ck_assert_str_eq(json_string_value(json_object_get(illegal, "status")), "refused");
    ck_assert_ptr_null(json_object_get(illegal, "cycles"));
    json_decref(root);
    report_free(run.report);
}
END_TEST

/* Reads one field of RFC 4180 at *p and moves past it and its comma. */
static GString *field_read(const char **p)
{
    GString *field = g_string_new(NULL);
    bool quoted = **p == '"';
    *p += quoted;
    for (; **p && (quoted || !strchr(",\r", **p)); (*p)++) {
        if (quoted && **p == '"') {
            if ((*p)[1] != '"')
                break;
            (*p)++;
        }
        g_string_append_c(field, **p);
    }
    *p += quoted;
    *p += **p == ',';
    return field;
}

static guint fields_count(const char *line, const char *end)
{
    guint n = 0;
    for (; line < end && *line != '\r'; n++)
        g_string_free(field_read(&line), TRUE);
    return n + (line[-1] == ',');
}

START_TEST(csv_is_rectangular)
{
    Sample run;
    sample_setup(&run);
    GString *text = csv_write(run.report);
    g_auto(GStrv) lines = g_strsplit(text->str, "\r\n", -1);
    ck_assert_int_eq(g_strv_length(lines), 5);
    guint columns = fields_count(lines[0], lines[0] + strlen(lines[0]));
    for (int i = 1; i < 4; i++)
        ck_assert_int_eq(fields_count(lines[i], lines[i] + strlen(lines[i])), columns);
    ck_assert_ptr_nonnull(strstr(lines[0], "levels.0.tensors.W.reads [elements]"));
    const char *second = lines[2];
    GString *name = field_read(&second);
    ck_assert_str_eq(name->str, "with \"quotes\", and commas");
    g_string_free(name, TRUE);
    g_string_free(text, TRUE);
    report_free(run.report);
}
END_TEST

#define LONG                                                                                       \
    "_name_of_a_layer_that_is_far_longer_than_anything_that_a_table_of_eighty_columns_holds_"

/* Names whole where nobody says how wide; on a narrow terminal cut in the middle, and different. */
START_TEST(text_keeps_its_width)
{
    Sample run;
    sample_setup(&run);
    run.layers[0].name = "a" LONG "of_a_block";
    run.layers[2].name = "a" LONG "or_a_block";
    GString *whole = text_write(run.report, (TextStyle){.width = 80});
    ck_assert_ptr_nonnull(strstr(whole->str, "\na" LONG "of_a_block"));
    ck_assert_ptr_nonnull(strstr(whole->str, "total, 1 missing"));
    ck_assert_ptr_nonnull(strstr(whole->str, "3x with"));
    ck_assert_ptr_nonnull(strstr(whole->str, "1 not evaluated"));
    ck_assert_ptr_null(strchr(whole->str, '\033'));
    GString *text = text_write(run.report, (TextStyle){.width = 79});
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
    for (char **line = lines; *line; line++)
        ck_assert_msg(strlen(*line) <= 95, "%s", *line); /* as narrow as the other columns let it */
    ck_assert_str_ne(lines[3], lines[5]);
    g_autofree char *first = g_strndup(lines[3], strcspn(lines[3], " "));
    g_autofree char *third = g_strndup(lines[5], strcspn(lines[5], " "));
    ck_assert_ptr_nonnull(strchr(first, '~'));
    ck_assert_str_ne(first, third);
    g_string_free(whole, TRUE);
    g_string_free(text, TRUE);
    report_free(run.report);
}
END_TEST

/* Three times the largest int64_t / 2 does not fit: the total is unknown, not wrong. */
START_TEST(total_that_overflows_is_unknown)
{
    Sample run;
    sample_setup(&run);
    g_array_index(run.report->entries, ReportEntry, 1).result.macs = INT64_MAX / 2;
    g_autoptr(Totals) totals = totals_of(run.report);
    ck_assert(!totals_find(totals, METRIC_MACS, NULL).known);
    ck_assert(totals_find(totals, METRIC_CYCLES, NULL).known);
    report_free(run.report);
}
END_TEST

static const struct {
    double value;
    const char *unit, *text;
} scaled[] = {
    {0, "", "0"},
    {42, "", "42"},
    {9999, "", "9999"},
    {10000, "", "10k"},
    {86704128, "", "86.7M"},
    {999999, "", "1.00M"},
    {1.5471e10, "", "15.5G"},
    {0.00617, "s", "6.17ms"},
    {1.02, "s", "1.02s"},
    {2e8, "Hz", "200MHz"},
    {448, "bytes", "448B"},
    {110592, "bytes", "108KiB"},
    {1536, "bytes", "1.50KiB"},
    {1048575, "bytes", "1.00MiB"},
};

START_TEST(numbers_are_scaled)
{
    GString *out = g_string_new(NULL);
    number_scaled(out, scaled[_i].value, scaled[_i].unit);
    ck_assert_str_eq(out->str, scaled[_i].text);
    g_string_free(out, TRUE);
}
END_TEST

START_TEST(exact_numbers_read_back)
{
    const double values[] = {0, 0.1, 1.0 / 3, 2e8, 1e-300, 123456789012345678.0};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        GString *out = g_string_new(NULL);
        number_exact(out, values[i]);
        ck_assert(g_ascii_strtod(out->str, NULL) == values[i]);
        g_string_free(out, TRUE);
    }
}
END_TEST

static const struct {
    double value;
    int digits;
    double other;
    const char *text;
} apart[] = {
    {16.2, 6, 16, "16.2"},
    {16, 6, 16, "16"},
    {16.0000001, 6, 16, "16.0000001"},
    {1 + 2e-16, 3, 1, "1.0000000000000002"},
    {1, 3, 1 + 2e-16, "1"},
    {123456, 3, 123457, "123456"},
    {-0.5, 3, 0.5, "-0.5"},
};

START_TEST(numbers_are_told_apart)
{
    GString *out = g_string_new(NULL);
    decimal_apart(out, apart[_i].value, apart[_i].digits, apart[_i].other);
    ck_assert_str_eq(out->str, apart[_i].text);
    g_string_free(out, TRUE);
}
END_TEST

static const struct {
    Rational value;
    const char *text;
} fractions[] = {
    {{0, 1}, "0"},
    {{-3, 2}, "-1.5"},
    {{10000001, 10000000}, "1.0000001"},
    {{1000000000000000001, 1000000000000000000}, "1.000000000000000001"},
    {{10, 3}, "10/3"},
    {{-1, INT64_MAX}, "-1/9223372036854775807"},
    {{-INT64_MAX, 1}, "-9223372036854775807"},
};

START_TEST(fractions_are_written_whole)
{
    g_autofree char *text = rational_text(fractions[_i].value);
    ck_assert_str_eq(text, fractions[_i].text);
}
END_TEST

START_TEST(reals_are_taken_exactly)
{
    Rational value;
    ck_assert(rational_of(0, &value) && value.num == 0 && value.den == 1);
    ck_assert(rational_of(2.1e9, &value) && value.num == 2100000000 && value.den == 1);
    ck_assert(rational_of(0.375, &value) && value.num == 3 && value.den == 8);
    ck_assert(rational_of(0.1, &value) && value.num == 1 && value.den == 10);
    ck_assert(rational_of(1e-7, &value) && value.num == 1 && value.den == 10000000);
    ck_assert(rational_of(1e9 / 3, &value) && rational_real(value) == 1e9 / 3);
    ck_assert(rational_of(0x1p62, &value) && rational_real(value) == 0x1p62);
    ck_assert(rational_of(0x1p-80, &value) && value.num == 0);
    ck_assert(rational_of(1.6e-18, &value) && value.num == 1 &&
              value.den == INT64_C(500000000000000000));
    ck_assert(!rational_of(0x1p63, &value) && !rational_of(1e30, &value) &&
              !rational_of(1e300, &value));
    ck_assert(!rational_of(-1, &value) && !rational_of(INFINITY, &value) &&
              !rational_of(NAN, &value));
}
END_TEST

/* What is given by the second is the same with another clock, what is given by the cycle is not. */
START_TEST(offchip_bandwidth_is_exact)
{
    Machine machine = {.clock_hz = 940e6};
    machine_set_offchip(&machine, 2.1e9);
    ck_assert_int_eq(machine.offchip.rate.num, 840);
    ck_assert_int_eq(machine.offchip.rate.den, 47);
    machine_set_clock(&machine, 470e6);
    ck_assert_int_eq(machine.offchip.rate.num, 1680);
    ck_assert_int_eq(machine.offchip.rate.den, 47);
    ck_assert(machine_offchip_per_s(&machine) == 2.1e9);
    machine.offchip = (OffchipRate){{7, 10}, true, false};
    machine_set_clock(&machine, 1e9);
    ck_assert_int_eq(machine.offchip.rate.num, 7);
    ck_assert(machine_offchip_per_s(&machine) == 7e8);
}
END_TEST

START_TEST(table_hides_control_characters)
{
    g_autoptr(Table) table = table_new(1);
    GString *out = g_string_new(NULL);
    table_cell(table, "a\033[2Jb");
    table_write(table, out, 0, 100, false);
    ck_assert_str_eq(out->str, "a\\u001B[2Jb\n");
    g_string_free(out, TRUE);
}
END_TEST

#define WIDE "\xe5\xb1\xa4" /* a character of Chinese: two cells */
#define ACUTE "\xcc\x81"    /* an accent upon the letter before it: none */

START_TEST(terminals_have_cells)
{
    const char *text = "a" WIDE "e" ACUTE;
    ck_assert_int_eq(terminal_cells(text), 4);
    ck_assert_str_eq(terminal_head(text, 1), WIDE "e" ACUTE);
    ck_assert_str_eq(terminal_head(text, 2), WIDE "e" ACUTE); /* a half does not fit */
    ck_assert_str_eq(terminal_head(text, 4), "");
    ck_assert_str_eq(terminal_tail(text, 4), text);
    ck_assert_str_eq(terminal_tail(text, 2), "e" ACUTE);
    ck_assert_str_eq(terminal_tail(text, 0), ""); /* no accent without its letter */
}
END_TEST

/* Columns begin at the same cell, whole or cut. */
START_TEST(tables_align_wide_characters)
{
    static const char *const cells[] = {"name",
                                        "to",
                                        "n",
                                        WIDE WIDE WIDE WIDE WIDE WIDE,
                                        WIDE,
                                        "1",
                                        "e" ACUTE "eeeeeeeeee" ACUTE,
                                        "e" ACUTE,
                                        "22"};
    g_autoptr(Table) table = table_new(3);
    GString *whole = g_string_new(NULL), *cut = g_string_new(NULL);
    table_left(table, 0);
    for (size_t k = 0; k < G_N_ELEMENTS(cells); k++)
        table_cell(table, cells[k]);
    table_write(table, whole, 0, 0, false);
    ck_assert_str_eq(whole->str,
                     "name          to   n\n" WIDE WIDE WIDE WIDE WIDE WIDE "  " WIDE "   1\n"
                     "e" ACUTE "eeeeeeeeee" ACUTE "    e" ACUTE "  22\n");
    table_write(table, cut, 0, 16, false);
    ck_assert_str_eq(cut->str, "name      to   n\n" WIDE WIDE "~" WIDE "   " WIDE "   1\n"
                               "e" ACUTE "eee~eee" ACUTE "   e" ACUTE "  22\n");
    g_string_free(whole, TRUE);
    g_string_free(cut, TRUE);
}
END_TEST

/* What turns the direction of writing is shown too; what is no UTF-8 is not kept. */
START_TEST(names_are_made_printable)
{
    g_autofree char *plain = printable_text("CONV_1 gr\xc3\xb6\xc3\x9f"
                                            "er");
    g_autofree char *odd = printable_text("a\tb\xe2\x80\xae"
                                          "c\xc2\x9b"
                                          "d\x7f\xff");
    ck_assert_str_eq(plain, "CONV_1 gr\xc3\xb6\xc3\x9f"
                            "er");
    ck_assert_str_eq(odd, "a\\u0009b\\u202Ec\\u009Bd\\u007F\xef\xbf\xbd");
}
END_TEST

/* Escaped in JSON, where it reads back as it was; kept in CSV; shown in text and HTML. */
START_TEST(odd_names_reach_every_form)
{
    Sample run;
    sample_setup(&run);
    const char *odd = "a\033[2J\xe2\x80\xae"
                      "b";
    run.layers[0].name = odd;
    json_t *root = json_of(run.report);
    json_t *name = json_object_get(json_array_get(json_object_get(root, "layers"), 0), "name");
    ck_assert_str_eq(json_string_value(name), odd);
    GString *forms[] = {json_write(run.report), csv_write(run.report), html_write(run.report),
                        text_write(run.report, (TextStyle){.detail = true})};
    for (int k = 0; k < 4; k++) {
        bool csv = k == 1;
        ck_assert(csv == (strstr(forms[k]->str, "\xe2\x80\xae") != NULL));
        ck_assert(csv == (strchr(forms[k]->str, '\033') != NULL));
        ck_assert(!csv == (strstr(forms[k]->str, "a\\u001B[2J\\u202Eb") != NULL));
        g_string_free(forms[k], TRUE);
    }
    json_decref(root);
    report_free(run.report);
}
END_TEST

/* Kilobytes that the process has had at most. */
static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* A hundred thousand layers: the files get them, the memory does not. */
START_TEST(memory_does_not_grow_with_layers)
{
#ifdef DCC_SANITIZE
    enum { LAYERS = 1000, KIB = 1024 * 1024 }; /* freed memory is kept for a while */
#else
    enum { LAYERS = 100000, KIB = 60 * 1024 };
#endif
    Sample run;
    GError *error = NULL;
    sample_setup(&run);
    const ReportEntry *entry = &g_array_index(run.report->entries, ReportEntry, 0);
    Output *csv_file = output_open("/dev/null", &error),
           *json_file = output_open("/dev/null", &error);
    ck_assert_ptr_nonnull(csv_file);
    ck_assert_ptr_nonnull(json_file);
    long before = peak_kib();
    Csv *csv = csv_begin(csv_file);
    Json *json = json_begin(json_file, run.report, 0);
    Text *text = text_begin(run.report, (TextStyle){.width = 0});
    csv_layer(csv, entry->layer, entry->machine, entry->result.n_levels);
    for (int i = 0; i < LAYERS; i++) {
        csv_entry(csv, entry);
        json_entry(json, entry);
        text_entry(text, entry);
    }
    csv_end(csv);
    json_total(json, run.report);
    json_end(json);
    Output *out = output_memory();
    text_end(text, run.report, out);
    ck_assert(output_close(csv_file, &error) && output_close(json_file, &error));
    ck_assert_int_lt(peak_kib() - before, KIB);
    g_string_free(output_take(out), TRUE);
    report_free(run.report);
}
END_TEST

/* Energy times time of the whole, not a sum over its layers; a bound from below where one lacks. */
START_TEST(edp_of_a_network_is_energy_times_time)
{
    Sample run;
    sample_setup(&run);
    for (guint i = 0; i < 2; i++) {
        ReportEntry *entry = &g_array_index(run.report->entries, ReportEntry, i);
        entry->costed = true;
        entry->cost.total_pj = 1e12;
        entry->result.cycles = 500000000;
    }
    g_autoptr(Totals) totals = totals_of(run.report);
    ck_assert_double_eq_tol(totals_find(totals, METRIC_EDP, NULL).real, (1 + 3) * (0.5 + 1.5),
                            1e-9);
    ck_assert(totals_find(totals, METRIC_EDP, NULL).known);
    g_array_index(run.report->entries, ReportEntry, 1).cost.unknown = 1u << COST_L2;
    g_autoptr(Totals) lacking = totals_of(run.report);
    MetricValue edp = totals_find(lacking, METRIC_EDP, NULL);
    ck_assert(!edp.known && edp.at_least);
    ck_assert_double_eq_tol(edp.real, 8, 1e-9);
    ck_assert_int_eq(lacking->missing, 1);
    report_free(run.report);
}
END_TEST

/* Strided tiles, run by run: dcc's own count beside each. */
static const struct {
    int64_t stride, positions, window, dilation;
    const char *text;
} ranges[] = {
    {2, 16, 1, 1, "[0,2,..,30]"},
    {2, 2, 1, 1, "[0,2]"},
    {1, 4, 3, 1, "[0-5]"},
    {4, 3, 2, 1, "[0-1,4-5,8-9]"},
    {4, 5, 2, 1, "[0-1,4-5,..,16-17]"},
    {1, 4, 2, 8, "[0-3,8-11]"},
    {2, 3, 2, 2, "[0,2,..,6]"},
    {3, 4, 3, 2, "[12 of 0-13]"},
};

START_TEST(placement_names_strided_tiles)
{
    Sample run;
    sample_setup(&run);
    ReportEntry *entry = &g_array_index(run.report->entries, ReportEntry, 0);
    Layer *layer = &run.layers[0];
    const Nest nest = {.n_levels = 1, .level = {{.children = 1}}};
    layer->extent[0] = layer->extent[1] = 1;
    layer->extent[2] = ranges[_i].positions;
    layer->extent[3] = ranges[_i].window;
    layer->op.tensor[1].coord[1].coef[0] = ranges[_i].stride;
    layer->op.tensor[1].coord[1].coef[1] = ranges[_i].dilation;
    entry->nest = &nest;
    GString *out = g_string_new(NULL);
    ck_assert(placement_append(out, entry, false));
    ck_assert_msg(strstr(out->str, ranges[_i].text) != NULL, "%s in\n%s", ranges[_i].text,
                  out->str);
    g_string_free(out, TRUE);
    report_free(run.report);
}
END_TEST

/* Six filters over four PEs: in the second fold two PEs idle. */
START_TEST(placement_shows_idle_pes)
{
    Sample run;
    sample_setup(&run);
    ReportEntry *entry = &g_array_index(run.report->entries, ReportEntry, 0);
    Layer *layer = &run.layers[0];
    layer->extent[1] = layer->extent[2] = 1;
    GString *out = g_string_new(NULL);
    ck_assert(placement_append(out, entry, false));
    ck_assert_ptr_nonnull(strstr(out->str, "W[K][S]"));
    ck_assert_ptr_nonnull(strstr(out->str, "[5][0-2]"));
    ck_assert_ptr_nonnull(strstr(out->str, "idle"));
    g_string_free(out, TRUE);
    report_free(run.report);
}
END_TEST

START_TEST(explain_names_the_reuse)
{
    Sample run;
    sample_setup(&run);
    GString *out = explain_write(&g_array_index(run.report->entries, ReportEntry, 0));
    ck_assert_ptr_nonnull(strstr(out->str, "temporal multicast over X' (8 steps)"));
    ck_assert_ptr_nonnull(strstr(out->str, "spatial multicast over K"));
    ck_assert_ptr_nonnull(strstr(out->str, "halo of 2 in 3 along X'"));
    g_string_free(out, TRUE);
    report_free(run.report);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tc = tcase_create("writers");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, json_adds_up);
    tcase_add_test(tc, json_of_an_illegal_layer_has_no_figures);
    tcase_add_test(tc, csv_is_rectangular);
    tcase_add_test(tc, text_keeps_its_width);
    tcase_add_test(tc, total_that_overflows_is_unknown);
    tcase_add_loop_test(tc, numbers_are_scaled, 0, G_N_ELEMENTS(scaled));
    tcase_add_test(tc, exact_numbers_read_back);
    tcase_add_loop_test(tc, numbers_are_told_apart, 0, G_N_ELEMENTS(apart));
    tcase_add_loop_test(tc, fractions_are_written_whole, 0, G_N_ELEMENTS(fractions));
    tcase_add_test(tc, reals_are_taken_exactly);
    tcase_add_test(tc, offchip_bandwidth_is_exact);
    tcase_add_test(tc, table_hides_control_characters);
    tcase_add_test(tc, terminals_have_cells);
    tcase_add_test(tc, tables_align_wide_characters);
    tcase_add_test(tc, names_are_made_printable);
    tcase_add_test(tc, odd_names_reach_every_form);
    tcase_add_test(tc, memory_does_not_grow_with_layers);
    tcase_add_test(tc, edp_of_a_network_is_energy_times_time);
    tcase_add_loop_test(tc, placement_names_strided_tiles, 0, G_N_ELEMENTS(ranges));
    tcase_add_test(tc, placement_shows_idle_pes);
    tcase_add_test(tc, explain_names_the_reuse);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
