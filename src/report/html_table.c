/* The table of layers: a column for each metric that has a title. */
#include "report/html_parts.h"

#include "report/metrics.h"
#include "report/number.h"

/* How many columns a metric has: of what is by memory, one for each. */
static int count_columns(const Html *html, MetricId id)
{
    bool column = metrics_table[id].title != NULL && id != METRIC_NAME;
    if (!column || !metrics_fits(id, &html->machine))
        return 0;
    return metrics_varies(id, "{m}") ? html->machine.n_memories : 1;
}

/* Joules and joule seconds with a prefix, as everywhere; to be sorted by the plain number. */
static void add_value(GString *out, MetricId id, MetricValue v)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const char *unit = metrics_table[id].unit;
    bool energy = g_str_equal(unit, "pJ"), edp = g_str_equal(unit, "J s");
    g_autoptr(GString) shown = g_string_new(v.at_least ? "≥ " : "");
    if (v.kind == METRIC_KIND_TEXT && v.known) {
        page_text(out, v.text);
        return;
    }
    if (!v.known && !v.at_least) {
        g_string_append(out, "<td data-v=\"\">unknown</td>");
        return;
    }
    double value = v.kind == METRIC_KIND_COUNT ? (double) v.count : v.real;
    if (v.kind == METRIC_KIND_COUNT)
        number_count(shown, v.count);
    else if (v.kind == METRIC_KIND_SHARE)
        g_string_append_printf(shown, "%s %%",
                               g_ascii_formatd(text, sizeof text, "%.1f", 100 * v.real));
    else if (energy || edp)
        number_scaled(shown, energy ? value * 1e-12 : value, energy ? "J" : "J s");
    else
        number_short(shown, value);
    page_number(out, value, shown->str);
}

void html_table_row(Html *html, const ReportEntry *entry)
{
    GString *out = html->rows->text;
    const Layer *layer = entry->layer;
    g_string_append_printf(out, "<tr><th scope=\"row\"><a href=\"#l%u\">", html->entries);
    svg_put(out, "$</a></th>", layer->name);
    const MetricId head[] = {METRIC_COUNT, METRIC_DATAFLOW, METRIC_STATUS};
    for (size_t k = 0; k < G_N_ELEMENTS(head); k++)
        add_value(out, head[k], metrics_read(head[k], entry, (MetricIndex){0}));
    for (MetricId id = 0; id < METRICS; id++)
        for (int m = 0; m < count_columns(html, id); m++)
            add_value(out, id, metrics_read(id, entry, (MetricIndex){.memory = m}));
    g_string_append(out, "</tr>\n");
}

static void add_title(const Html *html, MetricId id, int memory)
{
    g_autoptr(GString) title = g_string_new(NULL);
    if (metrics_varies(id, "{m}"))
        g_string_append_printf(title, "%s ", html->machine.memory[memory].name);
    g_string_append(title, metrics_table[id].title);
    if (g_str_equal(metrics_table[id].unit, "bytes"))
        g_string_append(title, " [bytes]");
    page_head(html->out->text, title->str, metrics_table[id].kind == METRIC_KIND_TEXT);
}

static void add_total(const Html *html)
{
    GString *out = html->out->text;
    g_string_append(out, "</tbody><tfoot><tr><th scope=\"row\">total");
    if (html->totals->missing)
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " missing", html->totals->missing);
    g_string_append(out, "</th><td></td><td></td><td></td>");
    for (MetricId id = 0; id < METRICS; id++)
        for (int m = 0; m < count_columns(html, id); m++)
            add_value(out, id, totals_find_memory(html->totals, id, NULL, m));
    g_string_append(out, "</tr></tfoot>\n");
}

void html_table(const Html *html)
{
    GString *out = html->out->text;
    page_section(out, "table", "Table of layers");
    page_table(out,
               html->compare != NULL
                   ? "Each layer, run once; the total counts every run, of the dataflows chosen"
                   : "Each layer, run once; the total counts every run",
               true);
    g_string_append(out, "<thead><tr>");
    page_head(out, "layer", true);
    page_head(out, "count", false);
    page_head(out, "dataflow", true);
    page_head(out, "status", true);
    for (MetricId id = 0; id < METRICS; id++)
        for (int m = 0; m < count_columns(html, id); m++)
            add_title(html, id, m);
    g_string_append(out, "</tr></thead><tbody>\n");
    output_join(html->out, html->rows);
    add_total(html);
    page_table_end(out);
    page_section_end(out);
}
