/* Every energy, area and power as count times figure, with the figure's source. */
#include "report/number.h"
#include "report/report.h"
#include "report/detail.h"
#include "report/table.h"

#include <string.h>

static const char *const part_names[COSTS] = {
    [COST_MAC] = "MAC",         [COST_L1] = "L1",   [COST_BUFFER] = "buffer",
    [COST_L2] = "L2",           [COST_NOC] = "NoC", [COST_OFFCHIP] = "off-chip",
    [COST_LEAKAGE] = "leakage",
};

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

static void add_term(Table *table, const ReportEntry *e, const CostTerm *term, GPtrArray *sources)
{
    GString *what = g_string_new(part_names[term->part]);
    if (term->level >= 0)
        g_string_append_printf(what, " %d", term->level);
    g_string_append_printf(what, " %s", term->what);
    if (term->tensor >= 0)
        g_string_append_printf(what, " %s", e->layer->op.tensor[term->tensor].name);
    table_cell_take(table, what);
    table_cell_take(table, decimal(term->count));
    table_cell_take(table, decimal(term->pj));
    table_cell_take(table, decimal(term->count * term->pj));
    GString *source = g_string_new(NULL);
    if (term->source)
        g_string_append_printf(source, "[%u]", source_number(sources, term->source));
    else
        g_string_append(source, "not given");
    table_cell_take(table, source);
}

static void add_entry(GString *out, const ReportEntry *e, GPtrArray *sources)
{
    static const char *const titles[] = {"energy", "count", "pJ each", "pJ", "source"};
    g_autoptr(Table) table = table_new(G_N_ELEMENTS(titles));
    g_string_append_printf(out, "\n%s, dataflow %s\n\n", e->layer->name, e->dataflow);
    for (guint k = 0; k < G_N_ELEMENTS(titles); k++)
        table_cell(table, titles[k]);
    table_left(table, 0);
    table_left(table, 4);
    for (int k = 0; k < e->cost.n_terms; k++)
        add_term(table, e, &e->cost.term[k], sources);
    table_rule(table);
    table_cell(table, "total");
    table_cell(table, "");
    table_cell(table, "");
    table_cell_take(table, decimal(e->cost.total_pj));
    table_cell(table, "");
    table_write(table, out, 0, TEXT_WIDTH, false);
}

/* The figures of the chip and what they are multiplied by. */
static void add_figure(GString *out, GPtrArray *sources, const char *what, const char *source)
{
    if (source)
        g_string_append_printf(out, "  %-36s [%u]\n", what, source_number(sources, source));
}

static void add_chip(GString *out, const Report *report, GPtrArray *sources)
{
    const Technology *t = report->figures;
    char area[G_ASCII_DTOSTR_BUF_SIZE], power[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(
        out, "\narea %s mm2, power %s mW, from\n",
        g_ascii_formatd(area, sizeof area, "%.5g", report->chip.total_um2 * 1e-6),
        g_ascii_formatd(power, sizeof power, "%.5g", report->chip.total_mw));
    add_figure(out, sources, "area of a MAC", t->mac_um2.source);
    add_figure(out, sources, "power of a MAC", t->mac_mw.source);
    add_figure(out, sources, "area of L1, by capacity", t->l1.um2.source);
    add_figure(out, sources, "power of L1, by capacity", t->l1.mw.source);
    add_figure(out, sources, "area of L2, by capacity", t->l2.um2.source);
    add_figure(out, sources, "power of L2, by capacity", t->l2.mw.source);
    add_figure(out, sources, "area of the buses, by PEs and width", t->bus_um2.source);
    add_figure(out, sources, "power of the buses", t->bus_mw.source);
    add_figure(out, sources, "area of the arbiter, by PEs", t->arbiter_um2.source);
    add_figure(out, sources, "power of the arbiter", t->arbiter_mw.source);
    add_figure(out, sources, "power of the rest of the chip", t->idle_mw.source);
}

static void add_scaling(GString *out, const Technology *t, GPtrArray *sources)
{
    char energy[G_ASCII_DTOSTR_BUF_SIZE], area[G_ASCII_DTOSTR_BUF_SIZE];
    if (!t->factor_source)
        return;
    g_string_append_printf(out, "\nbrought to %g nm: energies times %s, areas times %s [%u]\n",
                           t->node_nm,
                           g_ascii_formatd(energy, sizeof energy, "%.5g", t->energy_factor),
                           g_ascii_formatd(area, sizeof area, "%.5g", t->area_factor),
                           source_number(sources, t->factor_source));
}

GString *explain_cost_write(const Report *report)
{
    GString *out = g_string_new(NULL);
    if (!report->figures) {
        g_string_append(out, "no technology is given: energy and area are not known\n");
        return out;
    }
    g_autoptr(GPtrArray) sources = g_ptr_array_new();
    g_string_append_printf(out, "technology %s\n", report->technology);
    for (guint k = 0; k < report->entries->len; k++) {
        const ReportEntry *e = &g_array_index(report->entries, ReportEntry, k);
        if (e->costed)
            add_entry(out, e, sources);
    }
    add_chip(out, report, sources);
    add_scaling(out, report->figures, sources);
    g_string_append(out, "\nsources\n");
    for (guint k = 0; k < sources->len; k++)
        g_string_append_printf(out, "  [%u] %s\n", k + 1,
                               (const char *) g_ptr_array_index(sources, k));
    return out;
}
