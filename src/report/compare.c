/* Which dataflow is best for which layer, and what choosing per layer gains. */
#include "report/compare.h"

#include <math.h>
#include <string.h>

#include "report/detail.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"
#include "report/totals.h"

/* Of COMPARE_OBJECTIVES. */
static const MetricId metrics[OBJECTIVES] = {[OBJECTIVE_RUNTIME] = METRIC_CYCLES,
                                             [OBJECTIVE_ENERGY] = METRIC_ENERGY,
                                             [OBJECTIVE_EDP] = METRIC_EDP};

static const ReportEntry *entry_at(const Report *report, guint k)
{
    return &g_array_index(report->entries, ReportEntry, k);
}

static MetricValue value_of(const ReportEntry *entry, Objective objective)
{
    return metrics_read(metrics[objective], entry, (MetricIndex){0});
}

/* The run that is best for layer k; -1 if none is known. */
static int best_run(Report *const *runs, int n_runs, guint k, Objective objective)
{
    int best = -1;
    double least = INFINITY;
    for (int r = 0; r < n_runs; r++) {
        MetricValue value = value_of(entry_at(runs[r], k), objective);
        if (value.known && value.real < least) {
            least = value.real;
            best = r;
        }
    }
    return best;
}

static bool entry_known(const ReportEntry *entry, Objective objective, GError **error)
{
    char names[80] = "any part, for want of a technology";
    if (objective == OBJECTIVE_RUNTIME || entry->status != ENTRY_EVALUATED ||
        (entry->costed && cost_energy_known(&entry->cost, names, sizeof names)))
        return true;
    g_set_error(
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--optimize %s: the energy of layer %s under %s is not known: no figure is given for "
        "%s",
        objective_name(objective), entry->layer->name, entry->dataflow, names);
    return false;
}

bool compare_known(Report *const *runs, int n_runs, Objective objective, GError **error)
{
    for (int r = 0; r < n_runs; r++)
        for (guint k = 0; k < runs[r]->entries->len; k++)
            if (!entry_known(entry_at(runs[r], k), objective, error))
                return false;
    return true;
}

static Report *report_like(const Report *report, const char *dataflow)
{
    Report *copy = report_new();
    GArray *entries = copy->entries, *notes = copy->notes;
    *copy = *report;
    copy->entries = entries;
    copy->notes = notes;
    copy->dataflow = dataflow;
    g_array_append_vals(notes, report->notes->data, report->notes->len);
    return copy;
}

Report *compare_best(Report *const *runs, int n_runs, Objective objective)
{
    Report *best = report_like(runs[n_runs - 1], "adaptive");
    for (guint k = 0; k < runs[0]->entries->len; k++) {
        int run = best_run(runs, n_runs, k, objective);
        ReportEntry entry = *entry_at(runs[run < 0 ? 0 : run], k);
        g_array_append_val(best->entries, entry);
    }
    return best;
}

Report *compare_join(Report *const *runs, int n_runs, const Report *best)
{
    Report *all = report_like(best, "several");
    for (guint k = 0; k < best->entries->len; k++)
        for (int r = 0; r < n_runs; r++)
            g_array_append_vals(all->entries, entry_at(runs[r], k), 1);
    return all;
}

/* ---- classes of operators, as the paper's Figure 10 has them ----------------------- */

typedef enum {
    CLASS_EARLY,
    CLASS_LATE,
    CLASS_FC,
    CLASS_POINTWISE,
    CLASS_DEPTHWISE,
    CLASS_GROUPED,
    CLASS_TRANSPOSED,
    CLASS_POOLING,
    CLASS_OTHER,
    CLASSES
} Class;

static const char *const class_names[CLASSES] = {
    "early", "late", "FC", "point-wise", "depth-wise", "grouped", "transposed", "pooling", "other"};

static int64_t extent(const Layer *layer, const char *dim)
{
    for (int d = 0; d < layer->op.n_dims; d++)
        if (!strcmp(layer->op.dim[d], dim))
            return layer->extent[d];
    return 1;
}

/* A convolution is late where it has more input channels than output rows. */
static Class class_of(const Layer *layer)
{
    static const struct {
        const char *type;
        Class class;
    } types[] = {{"FC", CLASS_FC},
                 {"DSCONV", CLASS_DEPTHWISE},
                 {"NGCONV", CLASS_GROUPED},
                 {"TRCONV", CLASS_TRANSPOSED},
                 {"POOL", CLASS_POOLING}};
    for (size_t k = 0; k < G_N_ELEMENTS(types); k++)
        if (!strcmp(layer->op.type, types[k].type))
            return types[k].class;
    if (strcmp(layer->op.type, "CONV") != 0)
        return CLASS_OTHER;
    bool window = extent(layer, "R") > 1 || extent(layer, "S") > 1;
    if (!window)
        return extent(layer, "Y'") * extent(layer, "X'") == 1 ? CLASS_FC : CLASS_POINTWISE;
    return extent(layer, "C") > extent(layer, "Y'") ? CLASS_LATE : CLASS_EARLY;
}

/* ---- the tables -------------------------------------------------------------------- */

static GString *cell(MetricValue value, Objective objective)
{
    static const char *const units[OBJECTIVES] = {
        [OBJECTIVE_RUNTIME] = "", [OBJECTIVE_ENERGY] = "J", [OBJECTIVE_EDP] = "J s"};
    GString *out = g_string_new(value.at_least ? ">=" : NULL);
    double scale = objective == OBJECTIVE_ENERGY ? 1e-12 : 1;
    if (value.known || value.at_least)
        number_scaled(out, value.real * scale, units[objective]);
    else
        g_string_append_c(out, '-');
    return out;
}

/* Of the layers of a class (of all if it is CLASSES) times count; unknown if one of them is. */
static MetricValue sum(const Report *report, Objective objective, Class class)
{
    g_autoptr(Totals) totals = totals_new();
    for (guint k = 0; k < report->entries->len; k++) {
        const ReportEntry *e = entry_at(report, k);
        if (class == CLASSES || class_of(e->layer) == class)
            totals_add(totals, e);
    }
    MetricValue value = totals_find(totals, metrics[objective], NULL);
    value.known = value.known && totals->missing == 0;
    value.at_least = value.at_least && totals->missing == 0;
    return value;
}

static bool has_class(const Report *report, Class class)
{
    for (guint k = 0; k < report->entries->len; k++)
        if (class_of(entry_at(report, k)->layer) == class)
            return true;
    return false;
}

static Table *table_of_runs(Report *const *runs, int n_runs, const char *first, const char *last)
{
    Table *table = table_new((guint) n_runs + 2);
    table_left(table, 0);
    table_left(table, (guint) n_runs + 1);
    table_cell(table, first);
    for (int r = 0; r < n_runs; r++)
        table_cell(table, runs[r]->dataflow);
    table_cell(table, last);
    return table;
}

static void add_layers(Table *table, Report *const *runs, int n_runs, Objective objective)
{
    for (guint k = 0; k < runs[0]->entries->len; k++) {
        int best = best_run(runs, n_runs, k, objective);
        table_cell_take(table, detail_name(entry_at(runs[0], k)->layer));
        for (int r = 0; r < n_runs; r++) {
            GString *value = cell(value_of(entry_at(runs[r], k), objective), objective);
            table_cell_take(table, r == best ? g_string_append_c(value, '*') : value);
        }
        table_cell(table, best < 0 ? "-" : runs[best]->dataflow);
    }
}

static void add_sums(Table *table, Report *const *runs, int n_runs, const Report *best,
                     Objective objective, Class class)
{
    table_cell(table, class == CLASSES ? "total" : class_names[class]);
    for (int r = 0; r < n_runs; r++)
        table_cell_take(table, cell(sum(runs[r], objective, class), objective));
    table_cell_take(table, cell(sum(best, objective, class), objective));
}

/* "adaptive: 12% less than KC-P, the best for all layers" */
static void add_gain(GString *out, Report *const *runs, int n_runs, const Report *best,
                     Objective objective)
{
    int single = -1;
    double least = INFINITY;
    MetricValue chosen = sum(best, objective, CLASSES);
    for (int r = 0; r < n_runs; r++) {
        MetricValue all = sum(runs[r], objective, CLASSES);
        if (all.known && all.real < least) {
            least = all.real;
            single = r;
        }
    }
    if (single < 0 || !chosen.known)
        return;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double gain = 100 * (1 - chosen.real / least);
    g_string_append_printf(out, "\nadaptive: %s%% less %s than ",
                           g_ascii_formatd(text, sizeof text, "%.1f", gain),
                           objective_name(objective));
    printable_append(out, runs[single]->dataflow);
    g_string_append(out, ", the best single dataflow\n");
}

GString *compare_write(Report *const *runs, int n_runs, const Report *best, Objective objective,
                       TextStyle style)
{
    GString *out = g_string_new(NULL);
    printable_append(out, best->network);
    g_string_append(out, " on ");
    printable_append(out, best->hardware);
    g_string_append_printf(out, ", %s by dataflow (* best)\n\n",
                           objective == OBJECTIVE_RUNTIME  ? "cycles"
                           : objective == OBJECTIVE_ENERGY ? "energy"
                                                           : "energy delay product");
    g_autoptr(Table) layers = table_of_runs(runs, n_runs, "layer", "best");
    add_layers(layers, runs, n_runs, objective);
    table_write(layers, out, 0, text_width(style), style.colour);
    g_string_append_c(out, '\n');
    g_autoptr(Table) classes = table_of_runs(runs, n_runs, "class", "adaptive");
    for (Class c = 0; c < CLASSES; c++)
        if (has_class(best, c))
            add_sums(classes, runs, n_runs, best, objective, c);
    table_rule(classes);
    add_sums(classes, runs, n_runs, best, objective, CLASSES);
    table_write(classes, out, 0, text_width(style), style.colour);
    add_gain(out, runs, n_runs, best, objective);
    return out;
}
