/* For people: a headline, a table with a row per layer and a total, the detail if asked.
 *
 * A row is one run of its layer; the total counts every run. */
#include "report/detail.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/table.h"
#include "report/totals.h"

/* Energies are columns only where a technology is known. */
static bool is_column(const Report *report, MetricId id)
{
    bool cost = id == METRIC_ENERGY || id == METRIC_EDP;
    return metrics_table[id].title != NULL && (report->figures || !cost);
}

static guint count_columns(const Report *report)
{
    guint n = 0;
    for (MetricId id = 0; id < METRICS; id++)
        n += is_column(report, id);
    return n;
}

static void append_headline(GString *out, const Report *report)
{
    g_string_append_printf(out, "%s on %s", report->network, report->hardware);
    if (report->pes > 0) { /* else no layer came so far that it has a machine */
        g_string_append_printf(out, " (%" G_GINT64_FORMAT " PEs, ", report->pes);
        number_scaled(out, report->clock_hz, "Hz");
        g_string_append_c(out, ')');
    }
    if (*report->dataflow)
        g_string_append_printf(out, ", dataflow %s", report->dataflow);
    g_string_append(out, "\n\n");
}

/* Bytes and joules have a prefix of their own; other units would repeat what the title says. */
static GString *cell_string(MetricId id, MetricValue value)
{
    const char *unit = metrics_table[id].unit;
    GString *out = g_string_new(NULL);
    if (!value.known)
        g_string_append_c(out, '-');
    else if (value.kind == METRIC_KIND_TEXT)
        g_string_append(out, value.text);
    else if (value.kind == METRIC_KIND_SHARE) {
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, "%s%%",
                               g_ascii_formatd(buffer, sizeof buffer, "%.1f", value.real * 100));
    } else if (g_str_equal(unit, "pJ"))
        number_scaled(out, value.real * 1e-12, "J");
    else
        number_scaled(out, value.real, g_str_equal(unit, "bytes") ? unit : "");
    return out;
}

static void append_header(Table *table, const Report *report)
{
    guint column = 0;
    for (MetricId id = 0; id < METRICS; id++) {
        if (!is_column(report, id))
            continue;
        if (metrics_table[id].kind == METRIC_KIND_TEXT)
            table_left(table, column);
        table_cell(table, metrics_table[id].title);
        column++;
    }
}

/* "3x CONV2" where the network runs a layer more than once: a name may lose its end. */
static void append_name(Table *table, const Layer *layer)
{
    GString *name = g_string_new(NULL);
    if (layer->count != 1)
        g_string_append_printf(name, "%" G_GINT64_FORMAT "x ", layer->count);
    g_string_append(name, layer->name);
    table_cell_take(table, name);
}

static void append_layer(Table *table, const Report *report, const ReportEntry *entry)
{
    for (MetricId id = 0; id < METRICS; id++) {
        if (!is_column(report, id))
            continue;
        if (id == METRIC_NAME)
            append_name(table, entry->layer);
        else if (id == METRIC_BOUND_BY && entry->status != ENTRY_EVALUATED)
            table_cell(table, report_status_name(entry->status));
        else
            table_cell_take(table, cell_string(id, metrics_read(id, entry, (MetricIndex){0})));
    }
}

static void append_total(Table *table, const Report *report, const Totals *totals)
{
    table_rule(table);
    for (MetricId id = 0; id < METRICS; id++) {
        if (!is_column(report, id))
            continue;
        if (id == METRIC_NAME)
            table_cell(table, "total");
        else
            table_cell_take(table, cell_string(id, totals_find(totals, id)));
    }
}

/* "16 layers take 1.02s" on the machine; how many were left out, if any were. */
static void append_summary(GString *out, const Report *report, const Totals *totals)
{
    MetricValue seconds = totals_find(totals, METRIC_SECONDS);
    g_string_append_printf(out, "\n%" G_GINT64_FORMAT " layer%s", totals->evaluated,
                           totals->evaluated == 1 ? "" : "s");
    if (totals->evaluated && seconds.known && seconds.real > 0) {
        g_string_append(out, totals->evaluated == 1 ? " takes " : " take ");
        number_scaled(out, seconds.real, "s");
    }
    if (totals->evaluated < report->entries->len)
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " not evaluated",
                               report->entries->len - totals->evaluated);
    g_string_append_c(out, '\n');
}

/* "area 3.1 mm2 (pes 2.3%, ...), power 312 mW (...)" */
static void append_parts(GString *out, const char *what, const double *part, double total,
                         double factor, const char *unit)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%s %s %s:", what,
                           g_ascii_formatd(buffer, sizeof buffer, "%.4g", total * factor), unit);
    const char *separator = " ";
    for (int p = 0; p < PARTS; p++)
        if (part[p] > 0) {
            g_string_append_printf(out, "%s%s %.1f%%", separator, chip_part_names[p],
                                   100 * part[p] / total);
            separator = ", ";
        }
    g_string_append_c(out, '\n');
}

static void append_chip(GString *out, const Report *report)
{
    const ChipCost *chip = &report->chip;
    const Technology *technology = report->figures;
    if (!technology)
        return;
    if (technology->factor_source) {
        char energy[G_ASCII_DTOSTR_BUF_SIZE], area[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(
            out, "technology %s brought to %g nm: energies times %s, areas times %s (%s)\n",
            technology->name, technology->node_nm,
            g_ascii_formatd(energy, sizeof energy, "%.4g", technology->energy_factor),
            g_ascii_formatd(area, sizeof area, "%.4g", technology->area_factor),
            technology->factor_source);
    }
    if (chip->total_um2 > 0)
        append_parts(out, "area", chip->um2, chip->total_um2, 1e-6, "mm2");
    if (chip->total_mw > 0)
        append_parts(out, "power at full activity", chip->mw, chip->total_mw, 1, "mW");
}

static void append_table(GString *out, const Report *report, bool colour)
{
    g_autoptr(Table) table = table_new(count_columns(report));
    g_autoptr(Totals) totals = totals_new(report);
    append_header(table, report);
    for (guint i = 0; i < report->entries->len; i++)
        append_layer(table, report, &g_array_index(report->entries, ReportEntry, i));
    append_total(table, report, totals);
    table_write(table, out, 0, TEXT_WIDTH, colour);
    append_summary(out, report, totals);
    append_chip(out, report);
}

GString *text_write(const Report *report, TextStyle style)
{
    GString *out = g_string_new(NULL);
    append_headline(out, report);
    append_table(out, report, style.colour);
    for (guint i = 0; style.detail && i < report->entries->len; i++) {
        g_string_append_c(out, '\n');
        detail_append(out, &g_array_index(report->entries, ReportEntry, i), style.colour);
    }
    return out;
}
