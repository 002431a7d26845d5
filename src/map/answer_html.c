/* The page is dcc's own, each layer with its reference beside what was found; two sections more are
 * the mapper's: how far each layer is from the least, and the mappings of which none is better. */
#include <math.h>

#include "map/answer.h"
#include "report/html.h"
#include "report/number.h"
#include "report/page.h"
#include "report/plot.h"

struct AnswerHtml {
    const Answer *answer;
    Html *html;
    GString *rows;   /* of the table of gaps */
    GString *others; /* the front of each layer, or its best mappings */
    guint fronts;    /* how many layers have one */
};

AnswerHtml *answer_html_begin(const Answer *answer, Output *out)
{
    AnswerHtml *html = g_new0(AnswerHtml, 1);
    *html = (AnswerHtml){answer, html_begin(out, answer->report), g_string_new(NULL),
                         g_string_new(NULL), 0};
    return html;
}

/* ---- gaps -------------------------------------------------------------------------------- */

static void add_value(GString *rows, Objective objective, double value)
{
    g_autoptr(GString) shown = g_string_new(NULL);
    answer_value(objective, value, shown);
    page_number(rows, value, shown->str);
}

static void add_objective(AnswerHtml *html, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (html->answer->measure == NULL)
        add_value(html->rows, html->answer->objective, value);
    else
        page_number(html->rows, value,
                    isfinite(value) ? g_ascii_formatd(text, sizeof text, "%.6g", value) : "-");
}

static void add_ratio(GString *rows, double ratio)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *shown =
        isfinite(ratio) ? g_strdup_printf("%sx", g_ascii_formatd(text, sizeof text, "%.3g", ratio))
                        : g_strdup("-");
    page_number(rows, ratio, shown);
}

static void add_row(AnswerHtml *html, const char *name, const char *verdict, double value,
                    double bound, double reference)
{
    GString *rows = html->rows;
    g_string_append(rows, "<tr>");
    page_row_head(rows, name);
    add_objective(html, value);
    add_objective(html, bound);
    add_objective(html, reference);
    add_ratio(rows, reference / value);
    page_text(rows, verdict);
    g_string_append(rows, "</tr>\n");
}

static void add_gaps(AnswerHtml *html, const NetworkTotal *total)
{
    GString *out = g_string_new(NULL);
    g_autofree char *title =
        g_strdup_printf("How far from the least: %s over %s",
                        html->answer->measure != NULL ? html->answer->measure->path
                        : html->answer->front         ? "energy and time, by their product"
                                                      : objective_name(html->answer->objective),
                        html->answer->space);
    svg_put(out,
            "<p>$. No mapping of the space is below the bound; beside stands what the layer "
            "came with, else the best of the shipped dataflows.</p>\n",
            title);
    if (html->answer->lacking != NULL)
        svg_put(out,
                "<p>Runtime, not EDP: the energy is not known: no figure is given for $.</p>\n",
                html->answer->lacking);
    page_table(out, "Each layer, run once; the total counts every run", false);
    g_string_append(out, "<thead><tr>");
    page_head(out, "layer", true);
    page_head(out, "best", false);
    page_head(out, "bound", false);
    page_head(out, "beside", false);
    page_head(out, "beside / best", false);
    page_head(out, "what is known", true);
    g_string_append(out, "</tr></thead><tbody>\n");
    g_string_append_len(out, html->rows->str, (gssize) html->rows->len);
    g_string_truncate(html->rows, 0);
    if (total->layers > 1)
        add_row(html, "total", "", total->value, total->bound, total->reference);
    g_string_append_len(out, html->rows->str, (gssize) html->rows->len);
    g_string_append(out, "</tbody>\n");
    page_table_end(out);
    html_insert(html->html, "gaps", "How far from the least", out);
}

/* ---- fronts ------------------------------------------------------------------------------- */

enum { HEIGHT = 340, NAMES_MOST = 24, NAMED = 12 };

static const SearchFound *found_at(const Mapped *m, guint i)
{
    return &g_array_index(m->found, SearchFound, i);
}

/* Energy over cycles; without energies, which are not searched for then, no plot says more than the
 * table. */
static GArray *dots_of(const AnswerHtml *html, const Mapped *m)
{
    GArray *dots = plot_dots_new();
    for (guint i = 0; i < m->found->len; i++) {
        const SearchFound *found = found_at(m, i);
        g_autoptr(GString) hint = g_string_new(NULL);
        if (!isfinite(found->pj))
            continue;
        g_string_append_printf(hint, "mapping %u: ", i + 1);
        number_scaled(hint, found->pj * 1e-12, "J");
        g_string_append(hint, ", ");
        number_scaled(hint, found->cycles, " cycles");
        Dot dot = {.x = found->cycles,
                   .y = found->pj * 1e-12,
                   .radius = 5,
                   .weight = i % (m->found->len / NAMED + 1) == 0,
                   .kind = "front c0",
                   .label = g_strdup_printf("%u", i + 1),
                   .hint = g_strdup(hint->str),
                   .href = g_strdup_printf("#f%u-%u", html->fronts, i + 1)};
        g_array_append_val(dots, dot);
    }
    return dots;
}

static void draw_found(AnswerHtml *html, const Mapped *m)
{
    GString *out = html->others;
    g_autoptr(GArray) dots = dots_of(html, m);
    g_autofree char *title = g_strdup_printf("Energy over time of %s", m->layer->name);
    if (dots->len == 0)
        return;
    Plot plot = {.title = title,
                 .desc = "A mark for each mapping, which leads to its row.",
                 .x_title = "cycles",
                 .y_title = "energy, J",
                 .height = HEIGHT};
    plot_fit(&plot, dots);
    plot_open(out, &plot);
    plot_dots(out, &plot, dots, NAMES_MOST);
    plot_close(out);
}

static void add_found(AnswerHtml *html, const Mapped *m, guint i)
{
    GString *out = html->others;
    const SearchFound *found = found_at(m, i);
    const Machine *machine = m->best->machine;
    g_autoptr(GString) nest = nest_print(m->layer, &found->nest, machine, "found");
    g_string_append_printf(out, "<tr id=\"f%u-%u\"><th scope=\"row\">%u</th>", html->fronts, i + 1,
                           i + 1);
    add_value(out, OBJECTIVE_ENERGY, found->pj);
    add_value(out, OBJECTIVE_RUNTIME, found->cycles);
    add_value(out, OBJECTIVE_EDP, cost_edp(found->pj, found->cycles / machine->clock_hz));
    g_string_append(out, "<td class=\"text\">");
    page_lines(out, "dataflow", nest->str);
    g_string_append(out, "</td></tr>\n");
}

/* The drawing, and each mapping with its dataflow, to copy. */
static void add_others(AnswerHtml *html, const Mapped *m)
{
    GString *out = html->others;
    g_autofree char *caption =
        g_strdup_printf("Mappings of %s; numbers are those of the drawing", m->layer->name);
    if (m->found == NULL || m->found->len < 2)
        return;
    html->fronts++;
    svg_put(out, "<div>\n<h3>$</h3>\n", m->layer->name);
    draw_found(html, m);
    page_table(out, caption, false);
    g_string_append(out, "<thead><tr>");
    page_head(out, "mapping", true);
    page_head(out, "energy", false);
    page_head(out, "time", false);
    page_head(out, "EDP", false);
    page_head(out, "dataflow", true);
    g_string_append(out, "</tr></thead><tbody>\n");
    for (guint i = 0; i < m->found->len; i++)
        add_found(html, m, i);
    g_string_append(out, "</tbody>\n");
    page_table_end(out);
    g_string_append(out, "</div>\n");
}

static void add_fronts(AnswerHtml *html)
{
    if (html->fronts == 0)
        return;
    GString *out = g_string_new("<div class=\"charts\">\n");
    g_string_append_len(out, html->others->str, (gssize) html->others->len);
    g_string_append(out, "</div>\n");
    html_insert(html->html, "front",
                html->answer->front ? "The front of energy and time" : "The best mappings", out);
}

/* ---- layer by layer ------------------------------------------------------------------------ */

void answer_html_layer(AnswerHtml *html, const Mapped *m)
{
    g_autoptr(GString) verdict = g_string_new(NULL);
    if (m->reference != NULL && m->best != NULL)
        html_beside(html->html, m->reference);
    if (m->best != NULL) {
        html_entry(html->html, m->best);
        add_others(html, m);
        answer_verdict(m, verdict);
    } else {
        g_string_append_printf(verdict, "nothing found: %s", m->why);
    }
    add_row(html, m->layer->name, verdict->str, m->value, m->bound, m->reference_value);
}

void answer_html_end(AnswerHtml *html, const NetworkTotal *total)
{
    add_gaps(html, total);
    add_fronts(html);
    html_total(html->html, html->answer->report);
    html_end(html->html);
    g_string_free(html->others, TRUE);
    g_string_free(html->rows, TRUE);
    g_free(html);
}
