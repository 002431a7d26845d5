/* Which dataflow is best for which layer, and what choosing per layer gains. */
#include "report/compare.h"

#include <math.h>
#include <string.h>

#include "report/detail.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"
#include "run/choice.h"

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
        if (!g_strcmp0(layer->op.type, types[k].type))
            return types[k].class;
    if (g_strcmp0(layer->op.type, "CONV") != 0)
        return CLASS_OTHER;
    bool window = extent(layer, "R") > 1 || extent(layer, "S") > 1;
    if (!window)
        return extent(layer, "Y'") * extent(layer, "X'") == 1 ? CLASS_FC : CLASS_POINTWISE;
    return extent(layer, "C") > extent(layer, "Y'") ? CLASS_LATE : CLASS_EARLY;
}

/* ---- what is kept ------------------------------------------------------------------- */

typedef struct {
    const char *name;
    int64_t count;
    Class class;
} Row;

/* A layer under a dataflow, run once. */
typedef struct {
    bool evaluated, costed, lacks;
    int64_t cycles;
    double pj, seconds;
} Figures;

struct Compare {
    int runs;
    Objective objective;
    GArray *rows;     /* of Row, a layer each */
    GArray **figures; /* of Figures, by run and layer */
    int *chosen;      /* by layer; -1: no run evaluates it */
    GError *error;    /* the first figure that is not known */
};

Compare *compare_new(int runs, Objective objective)
{
    Compare *compare = g_new0(Compare, 1);
    compare->runs = runs;
    compare->objective = objective;
    compare->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    compare->figures = g_new0(GArray *, runs);
    for (int r = 0; r < runs; r++)
        compare->figures[r] = g_array_new(FALSE, FALSE, sizeof(Figures));
    return compare;
}

void compare_free(Compare *compare)
{
    if (!compare)
        return;
    for (int r = 0; r < compare->runs; r++)
        g_array_free(compare->figures[r], TRUE);
    g_free(compare->figures);
    g_array_free(compare->rows, TRUE);
    g_free(compare->chosen);
    g_clear_error(&compare->error);
    g_free(compare);
}

static const Row *row_at(const Compare *compare, guint layer)
{
    return &g_array_index(compare->rows, Row, layer);
}

static const Figures *figures_at(const Compare *compare, int run, guint layer)
{
    return &g_array_index(compare->figures[run], Figures, layer);
}

static void check_known(Compare *compare, const ReportEntry *entry)
{
    char names[120] = "any part, for want of a technology";
    bool known = compare->objective == OBJECTIVE_RUNTIME || entry->status != ENTRY_EVALUATED ||
                 (entry->costed && cost_energy_known(&entry->cost, names, sizeof names));
    if (!known && !compare->error)
        g_set_error(&compare->error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--optimize %s: the energy of layer %s under %s is not known: no figure is "
                    "given for %s",
                    objective_name(compare->objective), entry->layer->name, entry->dataflow, names);
}

void compare_entry(Compare *compare, const ReportEntry *entry)
{
    const Layer *layer = entry->layer;
    GArray *figures = compare->figures[entry->run];
    bool evaluated = entry->status == ENTRY_EVALUATED;
    Row row = {layer->name, layer->count, class_of(layer)};
    if (figures->len == compare->rows->len)
        g_array_append_val(compare->rows, row);
    Figures own = {.evaluated = evaluated};
    if (evaluated) {
        own.cycles = entry->result.cycles;
        own.seconds = (double) own.cycles / entry->machine->clock_hz;
        own.pj = entry->costed ? entry->cost.total_pj : 0;
        own.costed = entry->costed;
        own.lacks = entry->costed && entry->cost.unknown != 0;
    }
    g_array_append_val(figures, own);
    check_known(compare, entry);
}

/* ---- the choice --------------------------------------------------------------------- */

static void choose(const Compare *compare, Objective objective, int *chosen)
{
    size_t layers = compare->rows->len, runs = (size_t) compare->runs;
    g_autofree ChoicePoint *point = g_new0(ChoicePoint, layers * runs + 1);
    for (size_t k = 0; k < layers * runs; k++) {
        const Figures *own = figures_at(compare, (int) (k % runs), (guint) (k / runs));
        double count = (double) row_at(compare, (guint) (k / runs))->count;
        point[k] = (ChoicePoint){own->evaluated, own->pj * count, own->seconds * count};
    }
    choice_make(point, layers, compare->runs, objective, chosen);
}

bool compare_choose(Compare *compare, GError **error)
{
    if (compare->error) {
        g_propagate_error(error, g_steal_pointer(&compare->error));
        return false;
    }
    compare->chosen = g_new0(int, compare->rows->len + 1);
    choose(compare, compare->objective, compare->chosen);
    return true;
}

bool compare_pick(const Compare *compare, Objective objective, int *chosen)
{
    for (guint k = 0; k < compare->rows->len && objective != OBJECTIVE_RUNTIME; k++)
        for (int r = 0; r < compare->runs; r++) {
            const Figures *own = figures_at(compare, r, k);
            if (own->evaluated && (!own->costed || own->lacks))
                return false;
        }
    choose(compare, objective, chosen);
    return true;
}

int compare_chosen(const Compare *compare, guint layer)
{
    return MAX(compare->chosen[layer], 0);
}

/* ---- for other forms ------------------------------------------------------------------- */

int compare_runs(const Compare *compare)
{
    return compare->runs;
}

guint compare_layers(const Compare *compare)
{
    return compare->rows->len;
}

Objective compare_objective(const Compare *compare)
{
    return compare->objective;
}

CompareFigures compare_figures(const Compare *compare, int run, guint layer)
{
    const Figures *own = figures_at(compare, run, layer);
    return (CompareFigures){own->evaluated,       own->costed, own->lacks,
                            (double) own->cycles, own->pj,     own->seconds};
}

GString *compare_label(const Compare *compare, guint layer)
{
    return detail_label(row_at(compare, layer)->name, row_at(compare, layer)->count);
}

CompareFigures compare_total(const Compare *compare, const int *chosen)
{
    CompareFigures total = {.evaluated = true, .costed = true};
    for (guint k = 0; k < compare->rows->len; k++) {
        CompareFigures own = compare_figures(compare, MAX(chosen[k], 0), k);
        double count = (double) row_at(compare, k)->count;
        total.evaluated &= own.evaluated;
        total.costed &= own.costed;
        total.lacks |= own.lacks;
        total.cycles += own.cycles * count;
        total.pj += own.pj * count;
        total.seconds += own.seconds * count;
    }
    return total;
}

/* ---- sums --------------------------------------------------------------------------- */

static MetricValue unknown_value(void)
{
    return (MetricValue){.kind = METRIC_KIND_REAL};
}

static MetricValue value_of(const Compare *compare, double cycles, double pj, double seconds)
{
    double real = compare->objective == OBJECTIVE_RUNTIME  ? cycles
                  : compare->objective == OBJECTIVE_ENERGY ? pj * 1e-12
                                                           : pj * 1e-12 * seconds;
    return (MetricValue){.known = true, .kind = METRIC_KIND_REAL, .real = real};
}

enum { CHOSEN = -1 };

/* Of the layers of a class (of all if it is CLASSES) times count, under a run or the CHOSEN ones;
 * unknown if one of them is. */
static MetricValue sum(const Compare *compare, int run, Class class)
{
    double cycles = 0, pj = 0, seconds = 0;
    for (guint k = 0; k < compare->rows->len; k++) {
        const Row *row = row_at(compare, k);
        const Figures *own =
            figures_at(compare, run == CHOSEN ? compare_chosen(compare, k) : run, k);
        double count = (double) row->count;
        if (class != CLASSES && row->class != class)
            continue;
        if (!own->evaluated)
            return unknown_value();
        cycles += (double) own->cycles * count;
        pj += own->pj * count;
        seconds += own->seconds * count;
    }
    return value_of(compare, cycles, pj, seconds);
}

static bool has_class(const Compare *compare, Class class)
{
    for (guint k = 0; k < compare->rows->len; k++)
        if (row_at(compare, k)->class == class)
            return true;
    return false;
}

/* ---- the tables -------------------------------------------------------------------- */

static GString *cell(const Compare *compare, MetricValue value)
{
    static const char *const units[OBJECTIVES] = {
        [OBJECTIVE_RUNTIME] = "", [OBJECTIVE_ENERGY] = "J", [OBJECTIVE_EDP] = "J s"};
    GString *out = g_string_new(NULL);
    if (value.known)
        number_scaled(out, value.real, units[compare->objective]);
    else
        g_string_append_c(out, '-');
    return out;
}

static Table *table_of_runs(const Compare *compare, Report *const *runs, const char *first,
                            const char *last)
{
    Table *table = table_new((guint) compare->runs + 2);
    table_left(table, 0);
    table_left(table, (guint) compare->runs + 1);
    table_cell(table, first);
    for (int r = 0; r < compare->runs; r++)
        table_cell(table, runs[r]->dataflow);
    table_cell(table, last);
    return table;
}

static void add_layers(const Compare *compare, Table *table, Report *const *runs)
{
    for (guint k = 0; k < compare->rows->len; k++) {
        int best = compare->chosen[k];
        table_cell_take(table, detail_label(row_at(compare, k)->name, row_at(compare, k)->count));
        for (int r = 0; r < compare->runs; r++) {
            const Figures *own = figures_at(compare, r, k);
            GString *value = cell(compare, own->evaluated ? value_of(compare, (double) own->cycles,
                                                                     own->pj, own->seconds)
                                                          : unknown_value());
            table_cell_take(table, r == best ? g_string_append_c(value, '*') : value);
        }
        table_cell(table, best < 0 ? "-" : runs[best]->dataflow);
    }
}

static void add_sums(const Compare *compare, Table *table, Class class)
{
    table_cell(table, class == CLASSES ? "total" : class_names[class]);
    for (int r = 0; r < compare->runs; r++)
        table_cell_take(table, cell(compare, sum(compare, r, class)));
    table_cell_take(table, cell(compare, sum(compare, CHOSEN, class)));
}

/* "adaptive: 12% less than KC-P, the best for all layers".  No choice is worse than a single
 * dataflow but for the rounding of sums. */
static void add_gain(const Compare *compare, GString *out, Report *const *runs)
{
    int single = -1;
    double least = INFINITY;
    MetricValue chosen = sum(compare, CHOSEN, CLASSES);
    for (int r = 0; r < compare->runs; r++) {
        MetricValue all = sum(compare, r, CLASSES);
        if (all.known && all.real < least) {
            least = all.real;
            single = r;
        }
    }
    if (single < 0 || !chosen.known)
        return;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double gain = fmax(0, 100 * (1 - chosen.real / least));
    g_string_append_printf(out, "\nadaptive: %s%% less %s than ",
                           g_ascii_formatd(text, sizeof text, "%.1f", gain),
                           objective_name(compare->objective));
    printable_append(out, runs[single]->dataflow);
    g_string_append(out, ", the best single dataflow\n");
}

/* For a product the best of a layer by itself need not be the best for the network. */
static const char *title(const Compare *compare)
{
    static const char *const titles[OBJECTIVES] = {
        [OBJECTIVE_RUNTIME] = "cycles by dataflow (* best)",
        [OBJECTIVE_ENERGY] = "energy by dataflow (* best)",
        [OBJECTIVE_EDP] = "energy delay product by dataflow (* best for the network)"};
    return titles[compare->objective];
}

void compare_write(const Compare *compare, Report *const *runs, TextStyle style, Output *out)
{
    printable_append(out->text, runs[0]->network);
    g_string_append(out->text, " on ");
    printable_append(out->text, runs[0]->hardware);
    g_string_append_printf(out->text, ", %s\n\n", title(compare));
    g_autoptr(Table) layers = table_of_runs(compare, runs, "layer", "best");
    add_layers(compare, layers, runs);
    table_write_out(layers, out, text_width(style), style.colour);
    g_string_append_c(out->text, '\n');
    g_autoptr(Table) classes = table_of_runs(compare, runs, "class", "adaptive");
    for (Class c = 0; c < CLASSES; c++)
        if (has_class(compare, c))
            add_sums(compare, classes, c);
    table_rule(classes);
    add_sums(compare, classes, CLASSES);
    table_write_out(classes, out, text_width(style), style.colour);
    add_gain(compare, out->text, runs);
}
