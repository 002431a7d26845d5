/* The same table for a layer, whose counts are exact, and for a network, whose counts have a
 * prefix: where a value comes from is all that differs. */
#include "report/memories.h"

#include "report/number.h"
#include "report/table.h"

/* A layer, or the totals of several. */
typedef struct {
    const Machine *machine;
    const ReportEntry *entry; /* NULL: totals */
    const Totals *totals;
} Figures;

static MetricValue figures_read(const Figures *from, MetricId id, int memory, int tensor,
                                const char *name)
{
    if (from->entry == NULL)
        return totals_find_memory(from->totals, id, name, memory);
    return metrics_read(id, from->entry, (MetricIndex){.memory = memory, .tensor = tensor});
}

/* ---- cells -------------------------------------------------------------------------- */

/* "-" where nothing is known; bytes and joules with a prefix, counts in full where they are exact.
 */
static GString *cell(const Figures *from, MetricId id, MetricValue value)
{
    const char *unit = metrics_table[id].unit;
    GString *out = g_string_new(NULL);
    if (!value.known)
        g_string_append_c(out, '-');
    else if (value.kind == METRIC_KIND_TEXT)
        g_string_append(out, value.text);
    else if (g_str_equal(unit, "elements/cycle"))
        number_short(out, value.real);
    else if (g_str_equal(unit, "pJ"))
        number_scaled(out, value.real * 1e-12, "J");
    else if (g_str_equal(unit, "bytes"))
        number_scaled(out, value.real, unit);
    else if (value.kind == METRIC_KIND_COUNT && from->entry != NULL)
        number_count(out, value.count);
    else
        number_scaled(out, value.real, "");
    return out;
}

static void blanks(Table *table, int n)
{
    for (int i = 0; i < n; i++)
        table_cell(table, "");
}

static void indented(Table *table, const char *name)
{
    g_autofree char *label = g_strdup_printf("  %s", name);
    table_cell(table, label);
}

/* ---- memories ----------------------------------------------------------------------- */

static const MetricId counts[] = {METRIC_MEMORY_READS, METRIC_MEMORY_WRITES, METRIC_MEMORY_FILLS,
                                  METRIC_MEMORY_DRAINS, METRIC_MEMORY_PSUM_READS};

static bool exceeds(const Figures *from, int memory)
{
    return from->entry != NULL ? entry_exceeds(from->entry, memory)
                               : from->totals->exceeded >> memory & 1;
}

static void add_memory(Table *table, const Figures *from, int m)
{
    MetricValue need = figures_read(from, METRIC_MEMORY_REQUIRED, m, 0, NULL);
    MetricValue capacity = figures_read(from, METRIC_MEMORY_CAPACITY, m, 0, NULL);
    GString *needed = cell(from, METRIC_MEMORY_REQUIRED, need);
    if (exceeds(from, m))
        g_string_append_c(needed, '!');
    table_cell(table, from->machine->memory[m].name);
    table_cell_take(table, cell(from, METRIC_MEMORY_UNITS,
                                figures_read(from, METRIC_MEMORY_UNITS, m, 0, NULL)));
    blanks(table, 1);
    table_cell_take(table, needed);
    table_cell_take(table, cell(from, METRIC_MEMORY_CAPACITY, capacity));
    blanks(table, (int) G_N_ELEMENTS(counts));
    table_cell_take(table, cell(from, METRIC_MEMORY_ENERGY,
                                figures_read(from, METRIC_MEMORY_ENERGY, m, 0, NULL)));
}

static void add_held(Table *table, const Figures *from, int m, int t, const char *name)
{
    indented(table, name);
    blanks(table, 1);
    table_cell_take(
        table, cell(from, METRIC_MEMORY_TILE, figures_read(from, METRIC_MEMORY_TILE, m, t, name)));
    blanks(table, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        table_cell_take(table, cell(from, counts[i], figures_read(from, counts[i], m, t, name)));
    blanks(table, 1);
}

/* The tensors that a memory holds in the layer, or in some layer of the network. */
static void add_tensors(Table *table, const Figures *from, int m)
{
    const ReportEntry *entry = from->entry;
    for (int t = 0; entry != NULL && t < entry->layer->op.n_tensors; t++)
        if (metrics_there(METRIC_MEMORY_TILE, entry, (MetricIndex){.memory = m, .tensor = t}))
            add_held(table, from, m, t, entry->layer->op.tensor[t].name);
    for (guint i = 0; entry == NULL && i < from->totals->list->len; i++) {
        const Total *total = &g_array_index(from->totals->list, Total, i);
        if (total->id == METRIC_MEMORY_TILE && total->memory == m)
            add_held(table, from, m, 0, total->tensor);
    }
}

static void append_memories(GString *out, const Figures *from, guint indent, bool colour)
{
    static const char *const titles[] = {"memory",   "units",      "tile",   "need",
                                         "capacity", "reads",      "writes", "fills",
                                         "drains",   "psum reads", "energy"};
    g_autoptr(Table) table = table_new(G_N_ELEMENTS(titles));
    table_left(table, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
        table_cell(table, titles[i]);
    for (int m = 0; m < from->machine->n_memories; m++) {
        add_memory(table, from, m);
        add_tensors(table, from, m);
    }
    table_write(table, out, indent, 0, colour);
}

void memories_append(GString *out, const ReportEntry *entry, bool colour)
{
    const Figures from = {entry->machine, entry, NULL};
    append_memories(out, &from, 2, colour);
}

void memories_append_total(GString *out, const Totals *totals, const Machine *machine, bool colour)
{
    const Figures from = {machine, NULL, totals};
    if (totals->evaluated == 0)
        return;
    append_memories(out, &from, 0, colour);
}

/* ---- links -------------------------------------------------------------------------- */

static const MetricId crossing[] = {METRIC_LINK_IN, METRIC_LINK_OUT, METRIC_LINK_THROUGH_IN,
                                    METRIC_LINK_THROUGH_OUT};
static const MetricId spent[] = {METRIC_BY_LINK_IN, METRIC_BY_LINK_OUT, METRIC_LINK_PEAK_BANDWIDTH,
                                 METRIC_LINK_AVERAGE_BANDWIDTH};

static void add_value(Table *table, const ReportEntry *entry, MetricId id, MetricIndex at)
{
    const Figures from = {entry->machine, entry, NULL};
    table_cell_take(table, cell(&from, id, metrics_read(id, entry, at)));
}

static void add_link(Table *table, const ReportEntry *entry, int level)
{
    const MetricIndex at = {.level = level};
    g_autofree char *number = g_strdup_printf("%d", level);
    table_cell(table, number);
    add_value(table, entry, METRIC_LINK_FANOUT, at);
    blanks(table, (int) G_N_ELEMENTS(crossing));
    for (size_t i = 0; i < G_N_ELEMENTS(spent); i++)
        add_value(table, entry, spent[i], at);
}

static bool crosses(const ReportEntry *entry, MetricIndex at)
{
    bool some = false;
    for (size_t i = 0; i < G_N_ELEMENTS(crossing); i++)
        some |= metrics_read(crossing[i], entry, at).count > 0;
    return some;
}

void memories_append_links(GString *out, const ReportEntry *entry, bool colour)
{
    static const char *const titles[] = {"link",           "fan-out",     "in",        "out",
                                         "through in",     "through out", "cycles in", "cycles out",
                                         "peak bandwidth", "average"};
    const Operator *op = &entry->layer->op;
    g_autoptr(Table) table = table_new(G_N_ELEMENTS(titles));
    table_left(table, 0);
    table_left(table, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
        table_cell(table, titles[i]);
    for (int l = 0; l < entry->result.n_levels; l++) {
        add_link(table, entry, l);
        for (int t = 0; t < op->n_tensors; t++) {
            const MetricIndex at = {.level = l, .tensor = t};
            if (!crosses(entry, at))
                continue;
            indented(table, op->tensor[t].name);
            blanks(table, 1);
            for (size_t i = 0; i < G_N_ELEMENTS(crossing); i++)
                add_value(table, entry, crossing[i], at);
            blanks(table, (int) G_N_ELEMENTS(spent));
        }
    }
    table_write(table, out, 2, 0, colour);
}
