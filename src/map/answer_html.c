/* The charts are dcc's own: each layer with its reference above what was found. */
#include <math.h>

#include "map/answer.h"
#include "report/html_parts.h"

struct AnswerHtml {
    const Answer *answer;
    Output *out;
    Html *html;
    GString *rows;   /* of the table of gaps */
    GString *others; /* of that of the front, or of the best */
};

AnswerHtml *answer_html_begin(const Answer *answer, Output *out)
{
    AnswerHtml *html = g_new0(AnswerHtml, 1);
    *html = (AnswerHtml){answer, out, html_begin(out, answer->report), g_string_new(NULL),
                         g_string_new(NULL)};
    return html;
}

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
        isfinite(ratio) ? g_strdup_printf("%sx", g_ascii_formatd(text, sizeof text, "%.6g", ratio))
                        : g_strdup("-");
    page_number(rows, ratio, shown);
}

static void add_row(AnswerHtml *html, const char *name, const char *verdict, double value,
                    double bound, double reference)
{
    GString *rows = html->rows;
    g_string_append(rows, "<tr>");
    page_text(rows, name);
    add_objective(html, value);
    add_objective(html, bound);
    add_objective(html, reference);
    add_ratio(rows, reference / value);
    page_text(rows, verdict);
    g_string_append(rows, "</tr>\n");
}

/* Each with its dataflow, to copy. */
static void add_others(AnswerHtml *html, const Mapped *m)
{
    GString *rows = html->others;
    for (guint i = 0; m->found != NULL && m->found->len > 1 && i < m->found->len; i++) {
        const SearchFound *found = &g_array_index(m->found, SearchFound, i);
        const Machine *machine = m->best->machine;
        g_autoptr(GString) nest = nest_print(m->layer, &found->nest, machine, "found");
        g_string_append(rows, "<tr>");
        page_text(rows, m->layer->name);
        add_value(rows, OBJECTIVE_ENERGY, found->pj);
        add_value(rows, OBJECTIVE_RUNTIME, found->cycles);
        add_value(rows, OBJECTIVE_EDP, cost_edp(found->pj, found->cycles / machine->clock_hz));
        g_string_append(rows, "<td class=\"text\"><pre>");
        html_escape(rows, nest->str);
        g_string_append(rows, "</pre></td></tr>\n");
    }
}

void answer_html_layer(AnswerHtml *html, const Mapped *m)
{
    g_autoptr(GString) verdict = g_string_new(NULL);
    if (m->reference != NULL && m->best != NULL)
        html_beside(html->html, m->reference);
    if (m->best != NULL) {
        html_entry(html->html, m->best);
        add_others(html, m);
    }
    if (m->best != NULL)
        answer_verdict(m, verdict);
    else
        g_string_append_printf(verdict, "nothing found: %s", m->why);
    add_row(html, m->layer->name, verdict->str, m->value, m->bound, m->reference_value);
}

void answer_html_end(AnswerHtml *html, const NetworkTotal *total)
{
    GString *out = html->out->text;
    html_total(html->html, html->answer->report);
    g_string_append(out, "<h2>How far from the least: ");
    html_escape(out, html->answer->measure != NULL ? html->answer->measure->path
                     : html->answer->front         ? "energy and time, by their product"
                                                   : objective_name(html->answer->objective));
    g_string_append(out, " over ");
    html_escape(out, html->answer->space);
    g_string_append(out, "</h2>\n<div class=\"scroll\"><table><thead><tr>"
                         "<th class=\"text\">layer</th><th>best</th><th>bound</th>"
                         "<th>beside</th><th></th><th class=\"text\"></th></tr></thead><tbody>\n");
    if (total->layers > 1)
        add_row(html, "total", "", total->value, total->bound, total->reference);
    g_string_append_len(out, html->rows->str, (gssize) html->rows->len);
    g_string_append(out, "</tbody></table></div>\n");
    if (html->others->len > 0)
        g_string_append_printf(out,
                               "<h2>%s</h2>\n<div class=\"scroll\"><table><thead><tr>"
                               "<th class=\"text\">layer</th><th>energy</th><th>time</th>"
                               "<th>EDP</th><th class=\"text\">dataflow</th></tr></thead><tbody>\n"
                               "%s</tbody></table></div>\n",
                               html->answer->front ? "The front of energy and time" : "The best",
                               html->others->str);
    html_end(html->html);
    g_string_free(html->others, TRUE);
    g_string_free(html->rows, TRUE);
    g_free(html);
}
