/* The figures of a layer, in four groups by what their paths vary with: nothing, the
 * tensor, the level, both.  A new row of metrics.def shows up in its group; what is of a memory or
 * a link of a hierarchy stands in tables of its own. */
#include "report/detail.h"

#include <string.h>

#include "report/memories.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"

typedef enum { GROUP_LAYER, GROUP_TENSOR, GROUP_LEVEL, GROUP_LEVEL_TENSOR, GROUP_NONE } Group;

/* Dims and what is known of any layer stand in the heading; some rows are too long. */
static Group group_of(MetricId id, const Machine *machine)
{
    bool apart = metrics_varies(id, "{m}") || strstr(metrics_table[id].path, "links.") != NULL;
    if (apart || !metrics_fits(id, machine))
        return GROUP_NONE;
    bool tensor = metrics_varies(id, "{t}"), level = metrics_varies(id, "{l}");
    if (metrics_table[id].flags & (METRIC_FLAG_ALWAYS | METRIC_FLAG_JSON_ONLY))
        return GROUP_NONE;
    if (level)
        return tensor ? GROUP_LEVEL_TENSOR : GROUP_LEVEL;
    return tensor ? GROUP_TENSOR : GROUP_LAYER;
}

static GString *value_string(MetricValue value)
{
    GString *out = g_string_new(value.at_least ? ">=" : NULL);
    if (!value.known && !value.at_least)
        g_string_append(out, "-");
    else if (value.kind == METRIC_KIND_TEXT)
        g_string_append(out, value.text);
    else if (value.kind == METRIC_KIND_COUNT)
        g_string_append_printf(out, "%" G_GINT64_FORMAT, value.count);
    else
        number_short(out, value.real);
    return out;
}

/* Without the steps of the path that name the level and the tensor. */
static char *label_of(MetricId id)
{
    GString *label = g_string_new(metrics_table[id].path);
    g_string_replace(label, "levels.{l}.", "", 0);
    g_string_replace(label, "tensors.{t}.", "", 0);
    g_string_replace(label, ".{t}", "", 0);
    return g_string_free(label, FALSE);
}

static void append_label(Table *table, MetricId id)
{
    g_autofree char *label = label_of(id);
    table_cell(table, label);
}

static void append_layer_group(GString *out, const ReportEntry *entry)
{
    g_autoptr(Table) table = table_new(3);
    table_left(table, 0);
    table_left(table, 2);
    for (MetricId id = 0; id < METRICS; id++) {
        if (group_of(id, entry->machine) != GROUP_LAYER)
            continue;
        append_label(table, id);
        table_cell_take(table, value_string(metrics_read(id, entry, (MetricIndex){0})));
        table_cell(table, metrics_table[id].unit);
    }
    table_write(table, out, 2, 0, false);
}

/* A column per tensor, a row per metric. */
static void append_tensor_group(GString *out, const ReportEntry *entry, bool colour)
{
    const Operator *op = &entry->layer->op;
    g_autoptr(Table) table = table_new((guint) op->n_tensors + 2);
    table_left(table, 0);
    table_left(table, (guint) op->n_tensors + 1);
    table_cell(table, "tensor");
    for (int t = 0; t < op->n_tensors; t++)
        table_cell(table, op->tensor[t].name);
    table_cell(table, "");
    for (MetricId id = 0; id < METRICS; id++) {
        if (group_of(id, entry->machine) != GROUP_TENSOR)
            continue;
        append_label(table, id);
        for (int t = 0; t < op->n_tensors; t++)
            table_cell_take(table,
                            value_string(metrics_read(id, entry, (MetricIndex){.tensor = t})));
        table_cell(table, metrics_table[id].unit);
    }
    table_write(table, out, 2, 0, colour);
}

static void append_level_line(GString *out, const ReportEntry *entry, int level)
{
    g_string_append_printf(out, "  level %d:", level);
    const char *separator = " ";
    for (MetricId id = 0; id < METRICS; id++) {
        if (group_of(id, entry->machine) != GROUP_LEVEL)
            continue;
        g_autofree char *label = label_of(id);
        g_autoptr(GString) value =
            value_string(metrics_read(id, entry, (MetricIndex){.level = level}));
        g_string_append_printf(out, "%s%s %s", separator, label, value->str);
        separator = ", ";
    }
    g_string_append_c(out, '\n');
}

static guint count_group(Group group, const ReportEntry *entry)
{
    guint n = 0;
    for (MetricId id = 0; id < METRICS; id++)
        n += group_of(id, entry->machine) == group;
    return n;
}

/* Whether the children of the level hold the tensor: else the level has nothing to say of it. */
static bool is_held(const ReportEntry *entry, int level, int tensor)
{
    return metrics_there(METRIC_LEVEL_READS, entry,
                         (MetricIndex){.level = level, .tensor = tensor});
}

static bool holds_some(const ReportEntry *entry, int level)
{
    bool some = false;
    for (int t = 0; t < entry->layer->op.n_tensors; t++)
        some |= is_held(entry, level, t);
    return some;
}

/* A row per tensor that the children hold, a column per metric. */
static void append_level_table(GString *out, const ReportEntry *entry, int level, bool colour)
{
    const Operator *op = &entry->layer->op;
    g_autoptr(Table) table = table_new(count_group(GROUP_LEVEL_TENSOR, entry) + 1);
    table_left(table, 0);
    table_cell(table, "");
    for (MetricId id = 0; id < METRICS; id++)
        if (group_of(id, entry->machine) == GROUP_LEVEL_TENSOR)
            append_label(table, id);
    for (int t = 0; t < op->n_tensors; t++) {
        if (!is_held(entry, level, t))
            continue;
        table_cell(table, op->tensor[t].name);
        for (MetricId id = 0; id < METRICS; id++)
            if (group_of(id, entry->machine) == GROUP_LEVEL_TENSOR)
                table_cell_take(table, value_string(metrics_read(
                                           id, entry, (MetricIndex){.tensor = t, .level = level})));
    }
    table_write(table, out, 4, 0, colour);
}

GString *detail_label(const char *name, int64_t count)
{
    GString *label = g_string_new(NULL);
    if (count > 1)
        g_string_append_printf(label, "%" G_GINT64_FORMAT "x ", count);
    return g_string_append(label, name);
}

GString *detail_name(const Layer *layer)
{
    return detail_label(layer->name, layer->count);
}

void detail_heading(GString *out, const ReportEntry *entry, bool colour)
{
    const Layer *layer = entry->layer;
    g_autofree char *name = printable_text(layer->name);
    g_string_append_printf(out, "%s%s%s: ", colour ? "\033[1m" : "", name, colour ? "\033[0m" : "");
    printable_append(out, layer->op.type ? layer->op.type : "no type");
    for (int d = 0; d < layer->op.n_dims && layer->extent[d] > 0; d++)
        g_string_append_printf(out, " %s=%" G_GINT64_FORMAT, layer->op.dim[d], layer->extent[d]);
    if (*entry->dataflow) {
        g_string_append(out, ", dataflow ");
        printable_append(out, entry->dataflow);
    }
    if (layer->count > 1)
        g_string_append_printf(out, ", run %" G_GINT64_FORMAT " times", layer->count);
}

void detail_append(GString *out, const ReportEntry *entry, bool colour)
{
    detail_heading(out, entry, colour);
    g_string_append_c(out, '\n');
    if (entry->status != ENTRY_EVALUATED) {
        g_string_append_printf(out, "  not evaluated: %s\n",
                               entry->why ? entry->why : report_status_name(entry->status));
        return;
    }
    append_layer_group(out, entry);
    append_tensor_group(out, entry, colour);
    for (int level = 0; level < entry->result.n_levels; level++) {
        append_level_line(out, entry, level);
        if (holds_some(entry, level))
            append_level_table(out, entry, level, colour);
    }
    if (entry->machine->n_memories > 0) {
        memories_append(out, entry, colour);
        memories_append_links(out, entry, colour);
    }
}
