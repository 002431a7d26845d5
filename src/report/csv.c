/* RFC 4180: a header with units, then a row per layer; JSON's names, flattened.
 *
 * Layers of different operators share a header: a column for every name that some layer has, empty
 * where a layer has none.  Layers of the same names and number of levels are of one kind, whatever
 * their memories hold of what they can; a kind knows which of its figures stands in which column.
 */
#include <string.h>

#include "report/metrics.h"
#include "report/number.h"
#include "report/quote.h"
#include "report/report.h"

/* Ends of lines are CR LF, as the RFC wants them. */
static const char newline[] = "\r\n";

typedef struct {
    MetricId id;
    char *name;
} Column;

/* What stands in a column, of a kind of layers. */
typedef struct {
    MetricId id; /* METRICS: nothing */
    MetricIndex at;
} Cell;

typedef struct {
    Layer layer;      /* the first one of the kind */
    Machine *machine; /* NULL: a classic one */
    int levels;
    char *signature;
    GArray *cells; /* of Cell, a column each */
} Kind;

struct Csv {
    Output *out;
    GArray *columns;  /* of Column */
    GPtrArray *kinds; /* of Kind *, as they were met */
    GHashTable *by_signature;
    bool started; /* the header is written */
};

static void column_clear(gpointer data)
{
    g_free(((Column *) data)->name);
}

static void kind_free(gpointer data)
{
    Kind *kind = data;
    g_free(kind->signature);
    g_free(kind->machine);
    g_array_free(kind->cells, TRUE);
    g_free(kind);
}

Csv *csv_begin(Output *out)
{
    Csv *csv = g_new0(Csv, 1);
    csv->out = out;
    csv->columns = g_array_new(FALSE, FALSE, sizeof(Column));
    g_array_set_clear_func(csv->columns, column_clear);
    csv->kinds = g_ptr_array_new_with_free_func(kind_free);
    csv->by_signature = g_hash_table_new(g_str_hash, g_str_equal);
    return csv;
}

/* ---- kinds of layers ----------------------------------------------------------------- */

static char *signature_of(const Layer *layer, const Machine *machine, int levels)
{
    if (machine == NULL)
        return metrics_signature(layer, levels);
    ReportEntry outline;
    metrics_outline(layer, machine, levels, &outline);
    return metrics_signature_of(&outline);
}

/* NULL: it is not known, and too late. */
static Kind *kind_of(Csv *csv, const Layer *layer, const Machine *machine, int levels)
{
    g_autofree char *signature = signature_of(layer, machine, levels);
    Kind *kind = g_hash_table_lookup(csv->by_signature, signature);
    if (kind || csv->started)
        return kind;
    kind = g_new0(Kind, 1);
    kind->layer = *layer;
    kind->machine = machine != NULL ? g_memdup2(machine, sizeof *machine) : NULL;
    kind->levels = levels;
    kind->signature = g_steal_pointer(&signature);
    kind->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
    g_hash_table_insert(csv->by_signature, kind->signature, kind);
    g_ptr_array_add(csv->kinds, kind);
    return kind;
}

/* Only a hierarchy has a say in what there is. */
static const Machine *says(const Machine *machine)
{
    return machine != NULL && machine->n_memories > 0 ? machine : NULL;
}

void csv_layer(Csv *csv, const Layer *layer, const Machine *machine, int levels)
{
    kind_of(csv, layer, says(machine), levels);
    kind_of(csv, layer, says(machine), 0); /* should its evaluation fail */
}

/* ---- columns ------------------------------------------------------------------------- */

static guint column_get(Csv *csv, GHashTable *seen, MetricId id, char *name)
{
    gpointer found;
    if (g_hash_table_lookup_extended(seen, name, NULL, &found)) {
        g_free(name);
        return GPOINTER_TO_UINT(found);
    }
    Column column = {id, name};
    g_hash_table_insert(seen, name, GUINT_TO_POINTER(csv->columns->len));
    g_array_append_val(csv->columns, column);
    return csv->columns->len - 1;
}

/* The kind's figures of a metric, each in its column. */
static void place_metric(Csv *csv, GHashTable *seen, MetricId id, Kind *kind)
{
    ReportEntry entry;
    metrics_outline(&kind->layer, kind->machine, kind->levels, &entry);
    MetricIndex at;
    if (!metrics_first(id, &entry, &at))
        return;
    do {
        guint column = column_get(csv, seen, id, metrics_name(id, &entry, at));
        while (kind->cells->len <= column) {
            Cell none = {METRICS, {0}};
            g_array_append_val(kind->cells, none);
        }
        g_array_index(kind->cells, Cell, column) = (Cell){id, at};
    } while (metrics_next(id, &entry, &at));
}

static void place_all(Csv *csv)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (MetricId id = 0; id < METRICS; id++)
        for (guint k = 0; k < csv->kinds->len && !(metrics_table[id].flags & METRIC_FLAG_JSON_ONLY);
             k++)
            place_metric(csv, seen, id, g_ptr_array_index(csv->kinds, k));
}

/* ---- rows ---------------------------------------------------------------------------- */

static void append_value(GString *out, MetricValue value)
{
    if (!value.known)
        return;
    switch (value.kind) {
    case METRIC_KIND_TEXT:
        quote_csv(out, value.text);
        break;
    case METRIC_KIND_COUNT:
        number_count(out, value.count);
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

static void start(Csv *csv)
{
    if (csv->started)
        return;
    place_all(csv);
    append_header(csv->out->text, csv->columns);
    csv->started = true;
}

void csv_entry(Csv *csv, const ReportEntry *entry)
{
    start(csv);
    bool evaluated = entry->status == ENTRY_EVALUATED;
    const Kind *kind = kind_of(csv, entry->layer, evaluated ? says(entry->machine) : NULL,
                               evaluated ? entry->result.n_levels : 0);
    g_assert(kind); /* csv_layer told of it */
    GString *out = csv->out->text;
    for (guint c = 0; c < csv->columns->len; c++) {
        const Cell *source = c < kind->cells->len ? &g_array_index(kind->cells, Cell, c) : NULL;
        g_string_append(out, c ? "," : "");
        if (source && source->id != METRICS)
            append_value(out, metrics_read(source->id, entry, source->at));
    }
    g_string_append(out, newline);
    output_spill(csv->out);
}

void csv_end(Csv *csv)
{
    start(csv);
    g_hash_table_destroy(csv->by_signature);
    g_ptr_array_free(csv->kinds, TRUE);
    g_array_free(csv->columns, TRUE);
    g_free(csv);
}

GString *csv_write(const Report *report)
{
    Output *out = output_memory();
    Csv *csv = csv_begin(out);
    for (guint i = 0; i < report->entries->len; i++) {
        const ReportEntry *e = &g_array_index(report->entries, ReportEntry, i);
        csv_layer(csv, e->layer, e->machine, e->status == ENTRY_EVALUATED ? e->result.n_levels : 0);
    }
    for (guint i = 0; i < report->entries->len; i++)
        csv_entry(csv, &g_array_index(report->entries, ReportEntry, i));
    csv_end(csv);
    return output_take(out);
}
