/* For people.
 *
 *     CONV2: CONV N=1 K=64 C=64 Y'=224 X'=224 R=3 S=3
 *                    EDP  energy  cycles  ...
 *       found    1.2mJ s   0.5J   ...
 *       kc-p.m   2.5mJ s   ...              2.1x
 *       optimal: nothing in the space costs less
 *       44 skeletons, 1.2M bounds, 3120 evaluations, 0.52 s
 *
 * and the loops of what was found, as dcc --explain draws them. */
#include <math.h>

#include "map/answer.h"
#include "report/detail.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"

struct AnswerText {
    const Answer *answer;
    Output *out;
    bool colour;
    Table *table; /* of all layers */
};

/* ---- figures of one entry as a row ---- */

static const MetricId COLUMNS[] = {METRIC_EDP,         METRIC_ENERGY,         METRIC_CYCLES,
                                   METRIC_UTILIZATION, METRIC_BOUND_BY,       METRIC_L1_REQUIRED,
                                   METRIC_L2_REQUIRED, METRIC_MEMORY_REQUIRED};

/* How many columns a metric has: of each memory but a root one. */
static int columns_of(const ReportEntry *entry, MetricId id)
{
    bool cost = id == METRIC_EDP || id == METRIC_ENERGY;
    if (!metrics_fits(id, entry->machine) || (cost && !entry->costed))
        return 0;
    return id == METRIC_MEMORY_REQUIRED ? entry->machine->n_memories : 1;
}

static bool has_column(const ReportEntry *entry, MetricId id, int c)
{
    return id != METRIC_MEMORY_REQUIRED || !entry->machine->memory[c].root;
}

static void add_titles(Table *table, const ReportEntry *entry)
{
    table_cell(table, "");
    for (size_t k = 0; k < G_N_ELEMENTS(COLUMNS); k++)
        for (int c = 0; c < columns_of(entry, COLUMNS[k]); c++) {
            const char *title = metrics_table[COLUMNS[k]].title;
            bool memory = COLUMNS[k] == METRIC_MEMORY_REQUIRED;
            GString *text = g_string_new(memory ? entry->machine->memory[c].name : title);
            if (memory)
                g_string_append_printf(text, " %s", title);
            if (has_column(entry, COLUMNS[k], c))
                table_cell_take(table, text);
            else
                g_string_free(text, TRUE);
        }
    table_cell(table, "");
}

static guint count_columns(const ReportEntry *entry)
{
    guint n = 2;
    for (size_t k = 0; k < G_N_ELEMENTS(COLUMNS); k++)
        for (int c = 0; c < columns_of(entry, COLUMNS[k]); c++)
            n += has_column(entry, COLUMNS[k], c);
    return n;
}

static void add_ratio(Table *table, double ratio)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(ratio)) {
        table_cell(table, "");
        return;
    }
    GString *cell = g_string_new(g_ascii_formatd(text, sizeof text, "%.3g", ratio));
    g_string_append_c(cell, 'x');
    table_cell_take(table, cell);
}

/* In the columns of `like`: another form of the machine has no other figures there. */
static void add_row(Table *table, const char *name, const ReportEntry *entry,
                    const ReportEntry *like, double ratio)
{
    table_cell(table, name);
    for (size_t k = 0; k < G_N_ELEMENTS(COLUMNS); k++)
        for (int c = 0; c < columns_of(like, COLUMNS[k]); c++) {
            if (!has_column(like, COLUMNS[k], c))
                continue;
            bool known = c < columns_of(entry, COLUMNS[k]);
            MetricValue value = known ? metrics_read(COLUMNS[k], entry, (MetricIndex){.memory = c})
                                      : (MetricValue){.kind = METRIC_KIND_REAL};
            table_cell_take(table, metrics_cell(COLUMNS[k], value));
        }
    add_ratio(table, ratio);
}

static void append_figures(GString *out, const Mapped *m, bool colour)
{
    g_autoptr(Table) table = table_new(count_columns(m->best));
    table_left(table, 0);
    add_titles(table, m->best);
    add_row(table, m->by, m->best, m->best, NAN);
    if (m->reference != NULL && !nest_equal(m->reference->nest, m->best->nest))
        add_row(table, m->reference->dataflow, m->reference, m->best,
                m->reference_value / m->value);
    table_write(table, out, 2, 0, colour);
}

/* ---- what is said of them ---- */

/* "this dataflow costs 3.2x of the best found, at most 3.3x of the least". */
static void append_given(GString *out, double reference, double value, double bound)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "this dataflow costs %sx of the best found",
                           g_ascii_formatd(text, sizeof text, "%.4g", reference / value));
    if (bound > 0)
        g_string_append_printf(out, ", at most %sx of the least",
                               g_ascii_formatd(text, sizeof text, "%.4g", reference / bound));
    g_string_append_c(out, '\n');
}

static void append_count(GString *out, int64_t count, const char *what)
{
    number_scaled(out, (double) count, "");
    g_string_append_printf(out, " %s%s, ", what, count == 1 ? "" : "s");
}

static void append_counts(GString *out, const Mapped *m)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, "  ");
    append_count(out, m->search.skeletons, "skeleton");
    append_count(out, m->search.bounds, "bound");
    append_count(out, m->search.evaluated, "evaluation");
    g_string_append_printf(out, "%s s\n", g_ascii_formatd(text, sizeof text, "%.2f", m->seconds));
}

/* A mapping in a word for each of its loops: "K8 C4 | X'1 K/16". */
static void append_loops(GString *out, const Layer *layer, const Nest *nest)
{
    for (int l = 0; l < nest->n_levels; l++) {
        g_string_append(out, l > 0 ? " |" : "");
        for (int m = 0; m < nest->level[l].n_maps; m++) {
            const Map *map = &nest->level[l].map[m];
            g_string_append_printf(out, " %s%s%" G_GINT64_FORMAT, layer->op.dim[map->dim],
                                   map->kind == MAP_SPATIAL ? "/" : ":", map->size);
        }
    }
}

/* The next best, or the front: energy, time, and the sizes of the loops, / where units divide. */
static void append_others(GString *out, const Answer *answer, const Mapped *m)
{
    if (m->found == NULL || m->found->len < 2)
        return;
    g_string_append(out, answer->front ? "  front:\n" : "  the best:\n");
    for (guint i = 0; i < m->found->len; i++) {
        const SearchFound *found = &g_array_index(m->found, SearchFound, i);
        g_string_append_printf(out, "  %3u  ", i + 1);
        if (answer->measure == NULL && !answer->front) {
            answer_value(answer->objective, found->value, out);
            g_string_append(out, "  ");
        }
        answer_value(OBJECTIVE_ENERGY, found->pj, out);
        g_string_append(out, "  ");
        answer_value(OBJECTIVE_RUNTIME, found->cycles, out);
        g_string_append(out, " ");
        append_loops(out, m->layer, &found->nest);
        g_string_append_c(out, '\n');
    }
}

static void append_whole_front(GString *out, double gap)
{
    char part[G_ASCII_DTOSTR_BUF_SIZE];
    if (gap > 0)
        g_string_append_printf(out,
                               "nothing in the space has both less energy and less time than a "
                               "point of the front, by more than %s %%",
                               g_ascii_formatd(part, sizeof part, "%.3g", 100 * gap));
    else
        g_string_append(out, "the whole front");
}

static void append_found(AnswerText *text, const Mapped *m)
{
    GString *out = text->out->text;
    detail_heading(out, m->best, text->colour);
    g_string_append_c(out, '\n');
    append_figures(out, m, text->colour);
    g_string_append(out, "  ");
    if (text->answer->front && m->end == END_ITSELF)
        append_whole_front(out, text->answer->gap);
    else
        answer_verdict(m, out);
    g_string_append_c(out, '\n');
    if (m->given) {
        g_string_append(out, "  ");
        append_given(out, m->reference_value, m->value, m->bound);
    }
    if (m->end != END_NONE)
        append_counts(out, m);
    append_others(out, text->answer, m);
    explain_nest(out, m->best);
    if (out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
}

/* A layer of a shape that was there before has the same figures. */
static void append_same(AnswerText *text, const Mapped *m)
{
    const Place *first = &g_array_index(text->answer->program->layers, Place, m->as);
    g_autofree char *name = printable_text(m->layer->name);
    g_autofree char *as = printable_text(ast_name(first->item));
    g_string_append_printf(text->out->text, "%s: as %s\n", name, as);
}

/* ---- the table of all ---- */

static void add_value(Table *table, Objective objective, double value)
{
    GString *cell = g_string_new(NULL);
    answer_value(objective, value, cell);
    table_cell_take(table, cell);
}

static void add_number(Table *table, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    table_cell(table, isnan(value) ? "-" : g_ascii_formatd(text, sizeof text, "%.6g", value));
}

static void add_gap(Table *table, bool optimal, double gap)
{
    GString *cell = g_string_new(optimal ? "optimal" : isfinite(gap) ? "<= " : "-");
    if (!optimal)
        answer_gap(gap, cell);
    table_cell_take(table, cell);
}

static void add_all(AnswerText *text, const Mapped *m)
{
    GString *name = detail_name(m->layer);
    Objective objective = text->answer->objective;
    table_cell_take(text->table, name);
    if (text->answer->measure != NULL)
        add_number(text->table, m->value);
    else
        add_value(text->table, objective, m->value);
    add_gap(text->table, m->optimal, m->gap);
    table_cell(text->table, m->best != NULL ? m->by : "none");
    table_cell(text->table, m->reference != NULL ? m->reference->dataflow : "-");
    add_ratio(text->table, m->reference_value / m->value);
}

static void add_sum(AnswerText *text, const NetworkTotal *total)
{
    GString *name = g_string_new("total");
    if (total->missing > 0)
        g_string_append_printf(name, ", %u missing", total->missing);
    table_rule(text->table);
    table_cell_take(text->table, name);
    add_value(text->table, text->answer->objective, total->value);
    add_gap(text->table, total->optimal, total->gap);
    table_cell(text->table, "");
    table_cell(text->table, "");
    add_ratio(text->table, total->reference / total->value);
}

/* ---- all of it ---- */

static void append_headline(const Answer *answer, GString *out)
{
    const Report *report = answer->report;
    g_autofree char *network = printable_text(report->network);
    g_autofree char *hardware = printable_text(report->hardware);
    g_string_append_printf(out, "%s on %s", network, hardware);
    if (report->pes > 0) {
        g_string_append_printf(out, " (%" G_GINT64_FORMAT " PEs, ", report->pes);
        number_scaled(out, report->clock_hz, "Hz");
        g_string_append_c(out, ')');
    }
    g_string_append_printf(out, ", least %s over %s\n",
                           answer->measure != NULL              ? answer->measure->path
                           : answer->front                      ? "energy and time"
                           : answer->objective == OBJECTIVE_EDP ? "EDP"
                                                                : objective_name(answer->objective),
                           answer->space);
    if (answer->lacking != NULL)
        g_string_append_printf(
            out, "runtime, not EDP: the energy is not known: no figure is given for %s\n",
            answer->lacking);
}

AnswerText *answer_text_begin(const Answer *answer, Output *out, bool colour)
{
    static const char *const titles[] = {"layer", "found", "gap", "by", "beside", ""};
    AnswerText *text = g_new0(AnswerText, 1);
    *text = (AnswerText){answer, out, colour, table_new(G_N_ELEMENTS(titles))};
    append_headline(answer, out->text);
    for (guint c = 0; c < G_N_ELEMENTS(titles); c++)
        table_cell(text->table, titles[c]);
    table_left(text->table, 0);
    table_left(text->table, 2);
    table_left(text->table, 3);
    table_left(text->table, 4);
    return text;
}

void answer_text_layer(AnswerText *text, const Mapped *m)
{
    GString *out = text->out->text;
    g_string_append_c(out, '\n');
    g_autofree char *name = printable_text(m->layer->name);
    if (m->best == NULL)
        g_string_append_printf(out, "%s: nothing found\n", name);
    else if (m->as != m->number)
        append_same(text, m);
    else
        append_found(text, m);
    add_all(text, m);
    output_flush(text->out);
}

void answer_text_end(AnswerText *text, const NetworkTotal *total)
{
    if (total->layers > 1) {
        add_sum(text, total);
        g_string_append_c(text->out->text, '\n');
        table_write_out(text->table, text->out, 0, text->colour);
    }
    table_free(text->table);
    g_free(text);
}
