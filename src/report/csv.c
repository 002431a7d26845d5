/* RFC 4180: a header with units, then a row per layer; JSON's names, flattened.
 *
 * Layers of different operators share a header: a column for every name that some
 * layer has, empty where a layer has none. */
#include "report/metrics.h"
#include "report/number.h"
#include "report/quote.h"

#include <string.h>

/* Ends of lines are CR LF, as the RFC wants them. */
static const char newline[] = "\r\n";

typedef struct {
    MetricId id;
    char *name;
} Column;

static void column_clear(gpointer data)
{
    g_free(((Column *) data)->name);
}

/* Adds the names that the entry has for the metric, each once. */
static void columns_of_entry(GArray *columns, GHashTable *seen, MetricId id,
                             const ReportEntry *entry)
{
    MetricIndex at;
    if (!metrics_first(id, entry, &at))
        return;
    do {
        Column column = {id, metrics_name(id, entry, at)};
        if (g_hash_table_contains(seen, column.name)) {
            g_free(column.name);
            continue;
        }
        g_hash_table_add(seen, column.name);
        g_array_append_val(columns, column);
    } while (metrics_next(id, entry, &at));
}

static GArray *columns_new(const Report *report)
{
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(Column));
    g_array_set_clear_func(columns, column_clear);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (MetricId id = 0; id < METRICS; id++) {
        if (metrics_table[id].flags & METRIC_FLAG_JSON_ONLY)
            continue;
        for (guint i = 0; i < report->entries->len; i++)
            columns_of_entry(columns, seen, id, &g_array_index(report->entries, ReportEntry, i));
    }
    return columns;
}

static void append_value(GString *out, MetricValue value)
{
    if (!value.known)
        return;
    switch (value.kind) {
    case METRIC_KIND_TEXT:
        quote_csv(out, value.text);
        break;
    case METRIC_KIND_COUNT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, value.count);
        break;
    case METRIC_KIND_REAL:
    case METRIC_KIND_SHARE:
        number_exact(out, value.real);
        break;
    }
}

static void append_header(GString *out, const GArray *columns)
{
    for (guint c = 0; c < columns->len; c++) {
        const Column *column = &g_array_index(columns, Column, c);
        const char *unit = metrics_table[column->id].unit;
        g_autofree char *label =
            *unit ? g_strdup_printf("%s [%s]", column->name, unit) : g_strdup(column->name);
        g_string_append(out, c ? "," : "");
        quote_csv(out, label);
    }
    g_string_append(out, newline);
}

/* The entry's values by name. */
static GHashTable *values_new(const ReportEntry *entry)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (MetricId id = 0; id < METRICS; id++) {
        MetricIndex at;
        if (metrics_table[id].flags & METRIC_FLAG_JSON_ONLY || !metrics_first(id, entry, &at))
            continue;
        do {
            MetricValue value = metrics_read(id, entry, at);
            g_hash_table_insert(values, metrics_name(id, entry, at),
                                g_memdup2(&value, sizeof value));
        } while (metrics_next(id, entry, &at));
    }
    return values;
}

static void append_row(GString *out, const GArray *columns, const ReportEntry *entry)
{
    g_autoptr(GHashTable) values = values_new(entry);
    for (guint c = 0; c < columns->len; c++) {
        const MetricValue *value =
            g_hash_table_lookup(values, g_array_index(columns, Column, c).name);
        g_string_append(out, c ? "," : "");
        if (value)
            append_value(out, *value);
    }
    g_string_append(out, newline);
}

GString *csv_write(const Report *report)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GArray) columns = columns_new(report);
    append_header(out, columns);
    for (guint i = 0; i < report->entries->len; i++)
        append_row(out, columns, &g_array_index(report->entries, ReportEntry, i));
    return out;
}
