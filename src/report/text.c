/* For people: a headline, a table with a row per layer and a total, the detail if asked.
 *
 * A row is one run of its layer; the total counts every run. */
#include "report/detail.h"
#include "report/memories.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"
#include "report/totals.h"

/* A metric; of a buffer between, its level; of a memory, its number. */
typedef struct {
    MetricId id;
    int level, memory;
    char *title;
} Column;

struct Text {
    TextStyle style;
    GArray *columns; /* of Column */
    Table *table;
    Totals *totals;
};

guint text_width(TextStyle style)
{
    enum { NARROW = 80 };
    return style.width < NARROW ? style.width : 0;
}

/* ---- columns ------------------------------------------------------------------------- */

static void column_clear(gpointer column)
{
    g_free(((Column *) column)->title);
}

static void add_column(GArray *columns, MetricId id, int level, int memory, char *title)
{
    Column column = {id, level, memory, title};
    g_array_append_val(columns, column);
}

/* One for each memory; a root that is not limited has no need that matters. */
static void add_memory_columns(GArray *columns, MetricId id, const Machine *machine)
{
    for (int m = 0; m < machine->n_memories; m++) {
        const Memory *memory = &machine->memory[m];
        if (!memory->root || memory->capacity_bytes > 0)
            add_column(columns, id, 0, m,
                       g_strdup_printf("%s %s", memory->name, metrics_table[id].title));
    }
}

/* Energies are columns only where a technology is known; the buffers that the machine has between
 * its L2 and its L1 stand before L2. */
static GArray *columns_new(const Report *report)
{
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(Column));
    g_array_set_clear_func(columns, column_clear);
    for (MetricId id = 0; id < METRICS; id++) {
        bool cost = id == METRIC_ENERGY || id == METRIC_EDP;
        if (!metrics_table[id].title || (cost && !report->figures) ||
            !metrics_fits(id, report->machine))
            continue;
        if (metrics_varies(id, "{m}")) {
            add_memory_columns(columns, id, report->machine);
            continue;
        }
        for (int l = LEVELS_MAX - 1; l > 0 && id == METRIC_L2_REQUIRED && report->machine; l--)
            if (report->machine->buffer_bytes[l] > 0)
                add_column(columns, METRIC_LEVEL_BUFFER, l, 0,
                           g_strdup_printf("buffer %d need", l));
        add_column(columns, id, 0, 0, g_strdup(metrics_table[id].title));
    }
    return columns;
}

static const Column *column_at(const Text *text, guint c)
{
    return &g_array_index(text->columns, Column, c);
}

Text *text_begin(const Report *report, TextStyle style)
{
    Text *text = g_new0(Text, 1);
    text->style = style;
    text->columns = columns_new(report);
    text->table = table_new(text->columns->len);
    text->totals = totals_new();
    for (guint c = 0; c < text->columns->len; c++) {
        if (metrics_table[column_at(text, c)->id].kind == METRIC_KIND_TEXT)
            table_left(text->table, c);
        table_cell(text->table, column_at(text, c)->title);
    }
    return text;
}

/* ---- cells --------------------------------------------------------------------------- */

/* What the machine gives of what a column needs; 0: nothing is said. */
static int64_t capacity_of(const Machine *machine, const Column *column)
{
    if (!machine)
        return 0;
    return column->id == METRIC_L1_REQUIRED    ? machine->l1_bytes
           : column->id == METRIC_L2_REQUIRED  ? machine->l2_bytes
           : column->id == METRIC_LEVEL_BUFFER ? machine->buffer_bytes[column->level]
                                               : 0;
}

/* `exceeded`: memories of a hierarchy that are too small, a bit for each. */
static void add_cell(Table *table, const Column *column, MetricValue value, const Machine *machine,
                     unsigned exceeded)
{
    int64_t capacity = capacity_of(machine, column);
    GString *cell = metrics_cell(column->id, value);
    bool memory = column->id == METRIC_MEMORY_REQUIRED && exceeded >> column->memory & 1;
    if (value.known && (memory || (capacity > 0 && value.count > capacity)))
        g_string_append_c(cell, '!');
    table_cell_take(table, cell);
}

static MetricValue read_column(const Column *column, const ReportEntry *entry)
{
    bool there = entry->status != ENTRY_EVALUATED || column->level < entry->result.n_levels;
    const MetricIndex at = {.level = column->level, .memory = column->memory};
    return there ? metrics_read(column->id, entry, at)
                 : (MetricValue){.kind = metrics_table[column->id].kind};
}

static unsigned exceeded_by(const ReportEntry *entry)
{
    unsigned exceeded = 0;
    bool evaluated = entry->status == ENTRY_EVALUATED;
    for (int m = 0; evaluated && m < entry->machine->n_memories; m++)
        exceeded |= entry_exceeds(entry, m) ? 1u << m : 0;
    return exceeded;
}

void text_entry(Text *text, const ReportEntry *entry)
{
    unsigned exceeded = exceeded_by(entry);
    for (guint c = 0; c < text->columns->len; c++) {
        const Column *column = column_at(text, c);
        if (column->id == METRIC_NAME)
            table_cell_take(text->table, detail_name(entry->layer));
        else if (column->id == METRIC_BOUND_BY && entry->status != ENTRY_EVALUATED)
            table_cell(text->table, report_status_name(entry->status));
        else
            add_cell(text->table, column, read_column(column, entry), entry->machine, exceeded);
    }
    totals_add(text->totals, entry);
}

static void append_total(const Text *text, const Report *report)
{
    table_rule(text->table);
    for (guint c = 0; c < text->columns->len; c++) {
        const Column *column = column_at(text, c);
        GString *name = g_string_new("total");
        if (text->totals->missing)
            g_string_append_printf(name, ", %" G_GINT64_FORMAT " missing", text->totals->missing);
        if (column->id == METRIC_NAME)
            table_cell(text->table, name->str);
        else
            add_cell(text->table, column,
                     totals_find_memory(text->totals, column->id, NULL, column->memory),
                     report->machine, text->totals->exceeded);
        g_string_free(name, TRUE);
    }
}

/* ---- around the table ----------------------------------------------------------------- */

static void append_headline(GString *out, const Report *report)
{
    printable_append(out, report->network);
    g_string_append(out, " on ");
    printable_append(out, report->hardware);
    if (report->pes > 0) { /* else no layer came so far that it has a machine */
        g_string_append_printf(out, " (%" G_GINT64_FORMAT " PEs, ", report->pes);
        number_scaled(out, report->clock_hz, "Hz");
        g_string_append_c(out, ')');
    }
    if (*report->dataflow) {
        g_string_append(out, ", dataflow ");
        printable_append(out, report->dataflow);
    }
    g_string_append(out, "\n\n");
}

/* "16 layers take 1.02s" on the machine; how many were left out, if any were. */
static void append_summary(GString *out, const Totals *totals)
{
    MetricValue seconds = totals_find(totals, METRIC_SECONDS, NULL);
    g_string_append_printf(out, "\n%" G_GINT64_FORMAT " layer%s", totals->evaluated,
                           totals->evaluated == 1 ? "" : "s");
    if (totals->evaluated && seconds.known && seconds.real > 0) {
        g_string_append(out, totals->evaluated == 1 ? " takes " : " take ");
        number_scaled(out, seconds.real, "s");
    }
    if (totals->missing)
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " not evaluated", totals->missing);
    g_string_append_c(out, '\n');
}

static void append_gap(const char *sentence, void *out)
{
    g_string_append_printf(out, "%s\n", sentence);
}

/* What the area or the power lacks, shares of what is known of it. */
static void append_parts(GString *out, const ChipCost *chip, const double *part, double total,
                         unsigned unknown)
{
    const char *separator = ": ";
    for (int p = 0; p < CHIP_PARTS; p++)
        if (part[p] > 0) {
            g_string_append_printf(out, "%s%s %.1f%%", separator, chip->name[p],
                                   100 * part[p] / total);
            separator = ", ";
        }
    separator = "; not known: ";
    for (int p = 0; p < CHIP_PARTS; p++)
        if (unknown >> p & 1) {
            g_string_append_printf(out, "%s%s", separator, chip->name[p]);
            separator = ", ";
        }
    g_string_append_c(out, '\n');
}

/* "area 3.1 mm2: pes 2.3%, ..." */
static void append_chip(GString *out, const ChipCost *chip)
{
    if (chip->total_um2 > 0) {
        g_string_append(out, "area ");
        number_area(out, chip->total_um2, chip->unknown_um2);
        append_parts(out, chip, chip->um2, chip->total_um2, chip->unknown_um2);
    }
    if (chip->total_mw > 0) {
        g_string_append(out, "power at full activity ");
        number_power(out, chip->total_mw, chip->unknown_mw);
        append_parts(out, chip, chip->mw, chip->total_mw, chip->unknown_mw);
    }
}

static void append_scaling(GString *out, const Technology *technology)
{
    char energy[G_ASCII_DTOSTR_BUF_SIZE], area[G_ASCII_DTOSTR_BUF_SIZE];
    if (!technology->factor_source)
        return;
    g_string_append_printf(
        out,
        "technology %s brought to %g nm: energies and powers on the chip times %s, areas times %s "
        "(%s)\n",
        technology->name, technology->node_nm,
        g_ascii_formatd(energy, sizeof energy, "%.4g", technology->energy_factor),
        g_ascii_formatd(area, sizeof area, "%.4g", technology->area_factor),
        technology->factor_source);
}

/* "14.2nJ of the energy are the chip's": without the memories where layers start. */
static void append_onchip(GString *out, const Totals *totals)
{
    MetricValue energy = totals_find(totals, METRIC_ENERGY_ONCHIP, NULL);
    if (!totals->memories || !energy.known || energy.real <= 0)
        return;
    number_scaled(out, energy.real * 1e-12, "J");
    g_string_append(out, " of the energy are the chip's\n");
}

static void append_cost(GString *out, const Text *text, const Report *report)
{
    if (!report->figures)
        return;
    append_onchip(out, text->totals);
    totals_gaps(text->totals, append_gap, out);
    append_scaling(out, report->figures);
    append_chip(out, &report->chip);
}

void text_end(Text *text, const Report *report, Output *out)
{
    append_headline(out->text, report);
    append_total(text, report);
    table_write_out(text->table, out, text_width(text->style), text->style.colour);
    append_summary(out->text, text->totals);
    if (text->totals->memories && report->machine != NULL) {
        g_string_append_c(out->text, '\n');
        memories_append_total(out->text, text->totals, report->machine, text->style.colour);
        g_string_append_c(out->text, '\n');
    }
    append_cost(out->text, text, report);
    g_array_free(text->columns, TRUE);
    table_free(text->table);
    totals_free(text->totals);
    g_free(text);
}

void text_detail(Output *out, const ReportEntry *entry, TextStyle style)
{
    g_string_append_c(out->text, '\n');
    detail_append(out->text, entry, style.colour);
    output_spill(out);
}

GString *text_write(const Report *report, TextStyle style)
{
    Output *out = output_memory();
    Text *text = text_begin(report, style);
    for (guint i = 0; i < report->entries->len; i++)
        text_entry(text, &g_array_index(report->entries, ReportEntry, i));
    text_end(text, report, out);
    for (guint i = 0; i < report->entries->len && style.detail; i++)
        text_detail(out, &g_array_index(report->entries, ReportEntry, i), style);
    return output_take(out);
}
