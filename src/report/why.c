#include "report/why.h"

#include <math.h>

#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"

enum { BAR = 24 };

/* A bar from where the one before ended. */
static GString *bar_of(double from, double value, double whole)
{
    GString *out = g_string_new(NULL);
    int begin = whole > 0 ? (int) lround(BAR * from / whole) : 0,
        end = whole > 0 ? (int) lround(BAR * (from + value) / whole) : 0;
    for (int i = 0; i < end; i++)
        g_string_append_c(out, i < begin ? ' ' : '#');
    if (end == begin && value > 0)
        g_string_append_c(out, '.');
    return out;
}

static void append_row(Table *table, const char *label, double value, const char *unit, double from,
                       double whole)
{
    GString *number = g_string_new(NULL), *share = g_string_new(NULL);
    table_cell(table, label);
    number_scaled(number, value, unit);
    table_cell_take(table, number);
    g_string_append_printf(share, "%.1f%%", whole > 0 ? 100 * value / whole : 0);
    table_cell_take(table, share);
    table_cell_take(table, bar_of(from, value, whole));
}

static Table *parts_table(const char *what, const char *unit)
{
    Table *table = table_new(4);
    table_left(table, 0);
    table_left(table, 3);
    table_cell(table, what);
    table_cell(table, unit);
    table_cell(table, "share");
    table_cell(table, "");
    return table;
}

static void end_table(Table *table, double whole, const char *unit, GString *out)
{
    table_rule(table);
    append_row(table, "total", whole, unit, 0, whole);
    table_write(table, out, 2, 0, false);
    table_free(table);
}

static void append_time(GString *out, const ReportEntry *entry, const Why *why)
{
    Table *table = parts_table("time", "cycles");
    double sofar = 0, whole = (double) entry->result.cycles;
    for (guint i = 0; i < why->time->len; i++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, i);
        g_autofree char *label = why_time_label(entry, part);
        append_row(table, label, (double) part->cycles, "", sofar, whole);
        sofar += (double) part->cycles;
    }
    end_table(table, whole, "", out);
}

static void append_energy(GString *out, const ReportEntry *entry, const Why *why)
{
    double sofar = 0, whole = entry->cost.total_pj * 1e-12;
    if (why->energy->len == 0)
        return;
    g_string_append_c(out, '\n');
    Table *table = parts_table("energy", why->energy_known ? "" : "known");
    for (guint i = 0; i < why->energy->len; i++) {
        const WhyEnergy *part = &g_array_index(why->energy, WhyEnergy, i);
        g_autofree char *label = why_energy_label(entry, part);
        append_row(table, label, part->pj * 1e-12, "J", sofar, whole);
        sofar += part->pj * 1e-12;
    }
    end_table(table, whole, "J", out);
}

GString *why_change(double now, double before)
{
    GString *out = g_string_new(NULL);
    if (isnan(now) || isnan(before) || before <= 0)
        g_string_append_c(out, '-');
    else if (fabs(now / before - 1) < WHY_SAME)
        g_string_append(out, "same");
    else
        g_string_append_printf(out, "%+.1f%%", 100 * (now / before - 1));
    return out;
}

bool why_gains(const ReportEntry *entry, const Remedy *r)
{
    return (double) r->cycles < (double) entry->result.cycles * (1 - WHY_SAME) ||
           (entry->costed && r->pj < entry->cost.total_pj * (1 - WHY_SAME));
}

static void append_gain(Table *table, const ReportEntry *entry, const Remedy *r)
{
    g_autofree char *label = why_remedy_label(r);
    double pj = entry->costed ? entry->cost.total_pj : NAN,
           edp = entry->costed ? entry->cost.edp : NAN;
    GString *cycles = g_string_new(NULL);
    table_cell(table, label);
    number_scaled(cycles, (double) r->cycles, "");
    table_cell_take(table, cycles);
    table_cell_take(table, why_change((double) r->cycles, (double) entry->result.cycles));
    table_cell_take(table, why_change(r->pj, pj));
    table_cell_take(table, why_change(r->edp, edp));
    table_cell(table, r->fits ? "" : "does not fit its buffers");
}

static void append_useless(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    const char *separator = "\n  no gain: ";
    for (guint i = 0; i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        if (why_gains(entry, r))
            continue;
        g_autofree char *label = why_remedy_label(r);
        g_string_append_printf(out, "%s%s", separator, label);
        separator = ";\n           ";
    }
    if (separator[0] == ';')
        g_string_append_c(out, '\n');
}

static void append_found(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    for (guint i = 0; i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        if (r->dataflow != NULL && why_gains(entry, r))
            g_string_append_printf(out, "\n%s", r->dataflow);
    }
}

static void append_remedies(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    g_autoptr(Table) table = table_new(6);
    guint gains = 0;
    table_left(table, 0);
    table_left(table, 5);
    table_cell(table, "what would help");
    table_cell(table, "cycles");
    table_cell(table, "");
    table_cell(table, "energy");
    table_cell(table, "EDP");
    table_cell(table, "");
    for (guint i = 0; i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        if (!why_gains(entry, r))
            continue;
        append_gain(table, entry, r);
        gains++;
    }
    g_string_append_c(out, '\n');
    if (gains > 0)
        table_write(table, out, 2, 0, false);
    else
        g_string_append(out, "  nothing that was tried would help\n");
    append_useless(out, entry, remedies);
    append_found(out, entry, remedies);
}

/* "CONV2: 25.1M cycles, 2.3 times the ideal; most of what is lost is ..." */
static void append_head(GString *out, const ReportEntry *entry, const Why *why)
{
    const Result *result = &entry->result;
    const WhyTime *worst = why_worst(why);
    printable_append(out, entry->layer->name);
    g_string_append(out, ": ");
    number_scaled(out, (double) result->cycles, "");
    g_string_append_printf(out, " cycles, %.3g times the ideal",
                           (double) result->cycles / (double) MAX(1, result->ideal_cycles));
    if (entry->layer->count > 1)
        g_string_append_printf(out, ", run %" G_GINT64_FORMAT " times", entry->layer->count);
    if (worst != NULL) {
        g_autofree char *label = why_time_label(entry, worst);
        g_string_append_printf(out, "; most is lost to %s", label);
    }
    g_string_append(out, "\n\n");
}

void why_text(GString *out, const ReportEntry *entry, const Why *why, const GArray *remedies)
{
    append_head(out, entry, why);
    append_time(out, entry, why);
    append_energy(out, entry, why);
    if (remedies != NULL)
        append_remedies(out, entry, remedies);
}
