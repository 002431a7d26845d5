/* Every energy, area and power as count times figure, with the figure's source. */
#include "report/number.h"
#include "report/printable.h"
#include "report/report.h"
#include "report/detail.h"
#include "report/table.h"

#include <math.h>
#include <string.h>

static GString *decimal(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_string_new(g_ascii_formatd(text, sizeof text, "%.5g", value));
}

/* Sources are numbered in the order they are met. */
static guint source_number(GPtrArray *sources, const char *source)
{
    for (guint k = 0; k < sources->len; k++)
        if (!strcmp(g_ptr_array_index(sources, k), source))
            return k + 1;
    g_ptr_array_add(sources, (gpointer) source);
    return sources->len;
}

/* "GLB", "NoC 1", "PE" of a term that is of a fan-out by name. */
static GString *part_name(const ReportEntry *e, const CostTerm *term)
{
    GString *what = g_string_new(term->where != NULL ? term->where : e->cost.name[term->part]);
    if (term->level < 0)
        return what;
    int fanout = e->machine->n_memories > 0 ? e->nest->level[term->level].fanout : 0;
    if (fanout > 0)
        g_string_assign(what, e->machine->fanout[fanout - 1].name);
    else
        g_string_append_printf(what, " %d", term->level);
    return what;
}

static void add_term(Table *table, const ReportEntry *e, const CostTerm *term, GPtrArray *sources)
{
    GString *what = part_name(e, term);
    g_string_append_printf(what, " %s", term->what);
    if (term->tensor >= 0)
        g_string_append_printf(what, " %s", e->layer->op.tensor[term->tensor].name);
    table_cell_take(table, what);
    table_cell_take(table, decimal(term->count));
    bool given = !isnan(term->pj);
    table_cell_take(table, given ? decimal(term->pj) : g_string_new("-"));
    table_cell_take(table, given ? decimal(term->count * term->pj) : g_string_new("-"));
    GString *source = g_string_new(NULL);
    if (given && term->source)
        g_string_append_printf(source, "[%u]", source_number(sources, term->source));
    else
        g_string_append(source, given ? "" : "not given");
    table_cell_take(table, source);
}

static void add_entry(GString *out, const ReportEntry *e, const Technology *technology,
                      GPtrArray *sources)
{
    static const char *const titles[] = {"energy", "count", "pJ each", "pJ", "source"};
    g_autoptr(Table) table = table_new(G_N_ELEMENTS(titles));
    g_string_append_c(out, '\n');
    printable_append(out, e->layer->name);
    if (*e->dataflow) {
        g_string_append(out, ", dataflow ");
        printable_append(out, e->dataflow);
    }
    g_string_append(out, "\n\n");
    for (guint k = 0; k < G_N_ELEMENTS(titles); k++)
        table_cell(table, titles[k]);
    table_left(table, 0);
    table_left(table, 4);
    g_autofree CostTerms *terms = g_new(CostTerms, 1);
    cost_terms(e->layer, e->machine, technology, &e->result, terms);
    for (int k = 0; k < terms->n; k++)
        add_term(table, e, &terms->term[k], sources);
    table_rule(table);
    table_cell(table, "total");
    table_cell(table, "");
    table_cell(table, "");
    GString *total = decimal(e->cost.total_pj);
    table_cell_take(table, e->cost.unknown ? g_string_prepend(total, ">=") : total);
    table_cell(table, "");
    table_write(table, out, 0, 0, false);
}

/* The figures of the chip and what they are multiplied by. */
static void add_figure(GString *out, GPtrArray *sources, const char *what, const char *source)
{
    if (source)
        g_string_append_printf(out, "  %-36s [%u]\n", what, source_number(sources, source));
}

/* What a hierarchy says of itself. */
static void add_own(GString *out, const Report *report, GPtrArray *sources)
{
    const Machine *machine = report->machine;
    if (machine == NULL || machine->n_memories == 0)
        return;
    if (!isnan(machine->mac_um2))
        add_figure(out, sources, "area of a unit's MACs", "given with the MACs");
    for (int m = 0; m < machine->n_memories; m++) {
        g_autofree char *what = g_strconcat("area of ", machine->memory[m].name, NULL);
        if (!isnan(machine->memory[m].um2))
            add_figure(out, sources, what, "given with the memory");
    }
}

/* Between the others, of the kind whose figures are those of buffers. */
static bool has_buffers(const Machine *machine)
{
    bool has = false;
    for (int l = 1; machine != NULL && l < LEVELS_MAX; l++)
        has |= machine->buffer_bytes[l] > 0;
    for (int m = 0; machine != NULL && m < machine->n_memories; m++) {
        int fanouts = machine->memory[m].fanouts;
        has |= fanouts > 0 && fanouts < machine->n_fanouts;
    }
    return has;
}

static void add_figures(GString *out, const Report *report, GPtrArray *sources)
{
    const Technology *t = report->figures;
    add_own(out, report, sources);
    add_figure(out, sources, "area of a MAC", t->mac_um2.source);
    add_figure(out, sources, "power of a MAC", t->mac_mw.source);
    add_figure(out, sources, "area of L1, by capacity", t->l1.um2.source);
    add_figure(out, sources, "power of L1, by capacity", t->l1.mw.source);
    if (has_buffers(report->machine)) {
        add_figure(out, sources, "area of a buffer, by capacity", t->buffer.um2.source);
        add_figure(out, sources, "power of a buffer, by capacity", t->buffer.mw.source);
    }
    add_figure(out, sources, "area of L2, by capacity", t->l2.um2.source);
    add_figure(out, sources, "power of L2, by capacity", t->l2.mw.source);
    add_figure(out, sources, "area of the buses, by PEs and width", t->bus_um2.source);
    add_figure(out, sources, "power of the buses", t->bus_mw.source);
    add_figure(out, sources, "area of the arbiter, by PEs", t->arbiter_um2.source);
    add_figure(out, sources, "power of the arbiter", t->arbiter_mw.source);
    add_figure(out, sources, "power of the rest of the chip", t->idle_mw.source);
}

static void add_chip(GString *out, const Report *report, GPtrArray *sources)
{
    const ChipCost *chip = &report->chip;
    g_string_append(out, "\narea ");
    number_area(out, chip->total_um2, chip->unknown_um2);
    g_string_append(out, ", power ");
    number_power(out, chip->total_mw, chip->unknown_mw);
    gsize end = out->len;
    add_figures(out, report, sources);
    g_string_insert(out, (gssize) end, out->len > end ? ", from\n" : "\n");
}

static void add_scaling(GString *out, const Technology *t, GPtrArray *sources)
{
    char energy[G_ASCII_DTOSTR_BUF_SIZE], area[G_ASCII_DTOSTR_BUF_SIZE];
    if (!t->factor_source)
        return;
    g_string_append_printf(out,
                           "\nbrought to %g nm: energies and powers on the chip times %s, areas "
                           "times %s [%u]\n",
                           t->node_nm,
                           g_ascii_formatd(energy, sizeof energy, "%.5g", t->energy_factor),
                           g_ascii_formatd(area, sizeof area, "%.5g", t->area_factor),
                           source_number(sources, t->factor_source));
}

struct ExplainCost {
    Output *out;
    GPtrArray *sources; /* as they were met; borrowed */
    bool known;
};

ExplainCost *explain_cost_begin(Output *out, const Report *report)
{
    ExplainCost *explain = g_new0(ExplainCost, 1);
    *explain = (ExplainCost){out, g_ptr_array_new(), report->figures != NULL};
    if (!explain->known) {
        g_string_append(out->text, "no technology is given: energy and area are not known\n");
        return explain;
    }
    g_string_append(out->text, *report->technology ? "technology " : "the machine's own figures");
    printable_append(out->text, report->technology);
    g_string_append_c(out->text, '\n');
    return explain;
}

void explain_cost_entry(ExplainCost *explain, const ReportEntry *entry,
                        const Technology *technology)
{
    if (entry->costed)
        add_entry(explain->out->text, entry, technology, explain->sources);
    output_spill(explain->out);
}

static void add_sources(GString *out, const GPtrArray *sources)
{
    g_string_append(out, "\nsources\n");
    for (guint k = 0; k < sources->len; k++) {
        g_string_append_printf(out, "  [%u] ", k + 1);
        printable_append(out, g_ptr_array_index(sources, k));
        g_string_append_c(out, '\n');
    }
}

void explain_cost_end(ExplainCost *explain, const Report *report)
{
    GString *out = explain->out->text;
    if (explain->known) {
        add_chip(out, report, explain->sources);
        add_scaling(out, report->figures, explain->sources);
        add_sources(out, explain->sources);
    }
    g_ptr_array_free(explain->sources, TRUE);
    g_free(explain);
}
