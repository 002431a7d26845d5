/* Dataflows side by side: the totals of each and of the choices by layer, then every layer with the
 * best marked, by a word too. */
#include "report/html_parts.h"

#include <math.h>

#include "report/number.h"

static const Objective compared[] = {OBJECTIVE_RUNTIME, OBJECTIVE_ENERGY, OBJECTIVE_EDP};
enum { COMPARED = G_N_ELEMENTS(compared) };

static const char *const titles[COMPARED] = {"time", "energy", "EDP"};

/* NAN: unknown. */
static double read_figure(const CompareFigures *f, Objective objective)
{
    if (!f->evaluated || (objective != OBJECTIVE_RUNTIME && !f->costed))
        return NAN;
    return objective == OBJECTIVE_RUNTIME  ? f->seconds
           : objective == OBJECTIVE_ENERGY ? f->pj * 1e-12
                                           : f->pj * 1e-12 * f->seconds;
}

static void add_figure(GString *out, const CompareFigures *f, Objective objective, bool best)
{
    static const char *const units[OBJECTIVES] = {
        [OBJECTIVE_RUNTIME] = "s", [OBJECTIVE_ENERGY] = "J", [OBJECTIVE_EDP] = "J s"};
    double value = read_figure(f, objective);
    g_autoptr(GString) shown = g_string_new(best ? "★ " : "");
    if (isnan(value)) {
        g_string_append(out, "<td data-v=\"\">unknown</td>");
        return;
    }
    g_string_append(shown, f->lacks && objective != OBJECTIVE_RUNTIME ? "≥ " : "");
    number_scaled(shown, value, units[objective]);
    g_string_append_printf(out, "<td%s data-v=\"", best ? " class=\"best mark\"" : "");
    number_short(out, value);
    svg_put(out, "\">$</td>", shown->str);
}

/* ---- totals --------------------------------------------------------------------------------- */

typedef struct {
    char *name; /* owned */
    CompareFigures total;
} Row;

static void clear_row(gpointer row)
{
    g_free(((Row *) row)->name);
}

static void add_row(GArray *rows, const Compare *compare, char *name, const int *chosen)
{
    Row row = {name, compare_total(compare, chosen)};
    g_array_append_val(rows, row);
}

/* Each dataflow, then the adaptive choice; then those for the other objectives, where they are
 * known. */
static GArray *rows_new(const Html *html)
{
    const Compare *compare = html->compare;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    guint layers = compare_layers(compare);
    g_autofree int *chosen = g_new0(int, layers + 1);
    g_array_set_clear_func(rows, clear_row);
    for (int r = 0; r < compare_runs(compare); r++) {
        for (guint k = 0; k < layers; k++)
            chosen[k] = r;
        add_row(rows, compare, g_strdup(html->runs[r]->dataflow), chosen);
    }
    for (int o = 0; o < COMPARED; o++)
        if (compare_pick(compare, compared[o], chosen))
            add_row(rows, compare, g_strdup_printf("adaptive, for least %s", titles[o]), chosen);
    return rows;
}

static const Row *row_at(const GArray *rows, guint k)
{
    return &g_array_index(rows, Row, k);
}

/* The least of the first n rows; G_MAXUINT: none is known. */
static guint least_row(const GArray *rows, guint n, Objective objective)
{
    guint best = G_MAXUINT;
    for (guint k = 0; k < n; k++) {
        double value = read_figure(&row_at(rows, k)->total, objective);
        if (!isnan(value) &&
            (best == G_MAXUINT || value < read_figure(&row_at(rows, best)->total, objective)))
            best = k;
    }
    return best;
}

/* "1.3 % less time than KC-P": of each adaptive choice in its own objective. */
static void add_gains(GString *out, const GArray *rows, guint runs)
{
    guint k = runs;
    for (int o = 0; o < COMPARED && k < rows->len; o++, k++) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        g_autofree char *name = g_strdup_printf("adaptive, for least %s", titles[o]);
        guint single = least_row(rows, runs, compared[o]);
        double own = read_figure(&row_at(rows, k)->total, compared[o]);
        if (!g_str_equal(row_at(rows, k)->name, name) || single == G_MAXUINT || isnan(own))
            continue;
        double least = read_figure(&row_at(rows, single)->total, compared[o]);
        g_ascii_formatd(text, sizeof text, "%.1f", fmax(0, 100 * (1 - own / least)));
        svg_put(out, "<li>$: $ % less than $, the best single dataflow</li>\n", titles[o], text,
                row_at(rows, single)->name);
    }
}

static void add_totals(GString *out, const GArray *rows, guint runs)
{
    page_table(out,
               "The whole network under each dataflow, and with the best one of each layer "
               "(★: the best single dataflow, and the best of all)",
               false);
    g_string_append(out, "<thead><tr>");
    page_head(out, "dataflow", true);
    for (int o = 0; o < COMPARED; o++)
        page_head(out, titles[o], false);
    g_string_append(out, "</tr></thead><tbody>\n");
    for (guint k = 0; k < rows->len; k++) {
        g_string_append(out, "<tr>");
        page_row_head(out, row_at(rows, k)->name);
        for (int o = 0; o < COMPARED; o++)
            add_figure(out, &row_at(rows, k)->total, compared[o],
                       k == least_row(rows, runs, compared[o]) ||
                           (k >= runs && k == least_row(rows, rows->len, compared[o])));
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody>\n");
    page_table_end(out);
    g_string_append(out, "<p>What the choice by layer gains:</p>\n<ul>\n");
    add_gains(out, rows, runs);
    g_string_append(out, "</ul>\n");
}

/* ---- layers --------------------------------------------------------------------------------- */

static void add_layer(const Html *html, GString *out, guint layer, Objective objective)
{
    const Compare *compare = html->compare;
    g_autoptr(GString) label = compare_label(compare, layer);
    int best = compare_chosen(compare, layer);
    bool any = false;
    g_string_append(out, "<tr>");
    page_row_head(out, label->str);
    for (int r = 0; r < compare_runs(compare); r++) {
        CompareFigures own = compare_figures(compare, r, layer);
        add_figure(out, &own, objective, r == best && own.evaluated);
        any |= r == best && own.evaluated;
    }
    page_text(out, any ? html->runs[best]->dataflow : "none can take it");
    g_string_append(out, "</tr>\n");
}

static void add_layers(const Html *html, GString *out)
{
    Objective objective = compare_objective(html->compare);
    const char *what = objective == OBJECTIVE_RUNTIME  ? "Time"
                       : objective == OBJECTIVE_ENERGY ? "Energy"
                                                       : "Energy delay product";
    g_autofree char *caption =
        g_strdup_printf("%s of each layer, run once (★: taken by the adaptive choice)", what);
    page_table(out, caption, true);
    g_string_append(out, "<thead><tr>");
    page_head(out, "layer", true);
    for (int r = 0; r < compare_runs(html->compare); r++)
        page_head(out, html->runs[r]->dataflow, false);
    page_head(out, "taken", true);
    g_string_append(out, "</tr></thead><tbody>\n");
    for (guint k = 0; k < compare_layers(html->compare); k++)
        add_layer(html, out, k, objective);
    g_string_append(out, "</tbody>\n");
    page_table_end(out);
}

void html_comparison(Html *html)
{
    if (html->compare == NULL)
        return;
    GString *out = g_string_new(NULL);
    g_autoptr(GArray) rows = rows_new(html);
    g_string_append(out, "<div class=\"charts\">\n<div>\n");
    add_totals(out, rows, (guint) compare_runs(html->compare));
    g_string_append(out, "</div>\n<div>\n");
    add_layers(html, out);
    g_string_append(out, "</div>\n</div>\n");
    html_insert(html, "comparison", "Dataflows compared", out);
}
