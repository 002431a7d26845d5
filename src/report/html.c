/* The run as one HTML file: no network, no library, readable when printed.
 *
 * Charts are SVG in the file, a mark a layer, with its figures as a tooltip; the one script
 * sorts tables.  Every number is one that the metrics table has, but for the rooflines'. */
#include <string.h>

#include "report/html_parts.h"
#include "report/metrics.h"
#include "report/number.h"

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<style>\n"
    "body{font:14px/1.4 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;"
    "color:#222;background:#fff}\n"
    "h1{font-size:1.5em;margin:0}h2{font-size:1.15em;margin:1.6em 0 .4em}\n"
    "p.sub{color:#555;margin:.2em 0 1em}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:12px}\n"
    "th,td{padding:2px 8px;text-align:right;border-bottom:1px solid #ddd;white-space:nowrap}\n"
    "th{cursor:pointer;border-bottom:2px solid #888}td.text,th.text{text-align:left}\n"
    "tfoot td{font-weight:bold;border-top:2px solid #888}\n"
    ".scroll{overflow-x:auto}svg{max-width:100%;height:auto}svg text{font-size:11px;fill:#222}\n"
    ".legend span{display:inline-block;margin-right:1.2em}\n"
    ".legend i{display:inline-block;width:.8em;height:.8em;margin-right:.3em}\n"
    "ul.notes{font-size:12px}\n"
    "@media print{body{margin:0;max-width:none}h2{break-after:avoid}svg{break-inside:avoid}}\n"
    "</style>\n";

static const char SCRIPT[] =
    "<script>\n"
    "document.querySelectorAll('table.sortable th').forEach(function(th,_){\n"
    "  th.title='sort';\n"
    "  th.addEventListener('click',function(){\n"
    "    var k=th.cellIndex,body=th.closest('table').tBodies[0],up=th.dataset.up!=='1';\n"
    "    th.dataset.up=up?'1':'0';\n"
    "    Array.from(body.rows).sort(function(a,b){\n"
    "      var x=a.cells[k].dataset.v,y=b.cells[k].dataset.v,d=isNaN(x)||isNaN(y)?\n"
    "        x.localeCompare(y):x-y;return up?d:-d;\n"
    "    }).forEach(function(r){body.appendChild(r);});\n"
    "  });\n"
    "});\n"
    "</script>\n";

/* ---- charts ----------------------------------------------------------------------- */

static const double *runtime_parts(const Mark *mark)
{
    return mark->cause;
}

static const double *energy_parts(const Mark *mark)
{
    return mark->uj;
}

static const double *utilization_parts(const Mark *mark)
{
    return &mark->utilization;
}

/* ---- buffers ------------------------------------------------------------------------ */

static void add_need(GString *out, int64_t need, int64_t capacity)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<td data-v=\"%" G_GINT64_FORMAT "\">%" G_GINT64_FORMAT "</td>",
                           need, need);
    if (capacity > 0)
        g_string_append_printf(out, "<td data-v=\"%s\"%s>%.0f %%</td>",
                               html_decimal(text, (double) need / (double) capacity),
                               need > capacity ? " style=\"background:#f6d5cd\"" : "",
                               100 * (double) need / (double) capacity);
    else
        g_string_append(out, "<td data-v=\"0\">no limit given</td>");
}

static void add_text_cell(GString *out, const char *text)
{
    g_string_append(out, "<td class=\"text\" data-v=\"");
    html_escape(out, text);
    g_string_append(out, "\">");
    html_escape(out, text);
    g_string_append(out, "</td>");
}

/* Of the machine, which is that of all layers. */
static int64_t capacity_of(const Html *html, int b)
{
    const Machine *m = &html->machine;
    return html->memories    ? cost_memory_bytes(&m->memory[b])
           : b == 0          ? m->l1_bytes
           : b == 1          ? m->l2_bytes
           : b <= LEVELS_MAX ? m->buffer_bytes[b - 1]
                             : 0;
}

/* L1, L2, and the buffers between that the machine gives or a layer needs; the memories of a
 * hierarchy. */
static bool has_buffer(const Html *html, int b)
{
    if (html->memories)
        return b < html->machine.n_memories;
    for (guint k = 0; k < html->marks->len; k++)
        if (html_mark(html, k)->need[b] > 0 || capacity_of(html, b) > 0)
            return true;
    return b < 2;
}

static char *buffer_name(const Html *html, int b)
{
    return html->memories ? g_strdup(html->machine.memory[b].name)
           : b < 2        ? g_strdup_printf("L%d", b + 1)
                          : g_strdup_printf("buffer %d", b - 1);
}

static void add_buffer_titles(GString *out, const char *name)
{
    g_string_append(out, "<th>");
    html_escape(out, name);
    g_string_append(out, " bytes</th><th>of ");
    html_escape(out, name);
    g_string_append(out, "</th>");
}

static void add_buffers(const Html *html)
{
    GString *out = html->out->text;
    bool shown[BUFFERS_MAX];
    g_string_append(out, "<h2>Buffers: what is needed, and of what is there</h2>\n"
                         "<div class=\"scroll\"><table class=\"sortable\"><thead><tr>"
                         "<th class=\"text\">layer</th><th class=\"text\">dataflow</th>");
    for (int b = 0; b < BUFFERS_MAX; b++) {
        g_autofree char *name = NULL;
        shown[b] = has_buffer(html, b);
        if (shown[b])
            add_buffer_titles(out, name = buffer_name(html, b));
    }
    g_string_append(out, "</tr></thead><tbody>\n");
    for (guint k = 0; k < html->marks->len; k++) {
        const Mark *mark = html_mark(html, k);
        g_string_append(out, "<tr>");
        add_text_cell(out, mark->name);
        add_text_cell(out, mark->dataflow);
        for (int b = 0; b < BUFFERS_MAX; b++)
            if (shown[b])
                add_need(out, mark->need[b], capacity_of(html, b));
        g_string_append(out, "</tr>\n");
        output_spill(html->out);
    }
    g_string_append(out, "</tbody></table></div>\n");
}

/* ---- the table of layers --------------------------------------------------------------- */

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
    if (!v.known && !v.at_least) {
        g_string_append(out, "<td data-v=\"\">–</td>");
    } else if (v.kind == METRIC_KIND_TEXT) {
        add_text_cell(out, v.text);
    } else if (v.kind == METRIC_KIND_COUNT) {
        g_string_append_printf(out, "<td data-v=\"%" G_GINT64_FORMAT "\">%" G_GINT64_FORMAT "</td>",
                               v.count, v.count);
    } else if (v.kind == METRIC_KIND_SHARE) {
        g_string_append_printf(out, "<td data-v=\"%s\">%.1f %%</td>", html_decimal(text, v.real),
                               100 * v.real);
    } else {
        g_string_append_printf(out, "<td data-v=\"%s\">%s", html_decimal(text, v.real),
                               v.at_least ? "≥ " : "");
        if (energy || edp)
            number_scaled(out, energy ? v.real * 1e-12 : v.real, energy ? "J" : "J s");
        else
            g_string_append(out, text);
        g_string_append(out, "</td>");
    }
}

static void add_cell(GString *out, const ReportEntry *e, MetricId id, int memory)
{
    add_value(out, id, metrics_read(id, e, (MetricIndex){.memory = memory}));
}

static void add_title(const Html *html, MetricId id, int memory)
{
    GString *out = html->out->text;
    g_autofree char *number = g_strdup_printf("%d", memory);
    g_autoptr(GString) path = g_string_new(metrics_table[id].path);
    g_string_replace(path, "{m}", number, 0);
    g_string_append_printf(out, "<th title=\"%s\">", path->str);
    if (metrics_varies(id, "{m}")) {
        html_escape(out, html->machine.memory[memory].name);
        g_string_append_c(out, ' ');
    }
    html_escape(out, metrics_table[id].title);
    if (g_str_equal(metrics_table[id].unit, "bytes"))
        g_string_append(out, " [bytes]");
    g_string_append(out, "</th>");
}

static void add_titles(const Html *html)
{
    GString *out = html->out->text;
    g_string_append(out, "<h2>Layers</h2>\n<div class=\"scroll\"><table class=\"sortable\"><thead>"
                         "<tr><th class=\"text\">layer</th><th>count</th>"
                         "<th class=\"text\">dataflow</th><th class=\"text\">status</th>");
    for (MetricId id = 0; id < METRICS; id++)
        for (int m = 0; m < count_columns(html, id); m++)
            add_title(html, id, m);
    g_string_append(out, "</tr></thead><tbody>\n");
}

static void add_total(const Html *html)
{
    GString *out = html->out->text;
    g_string_append(out, "</tbody><tfoot><tr><td class=\"text\">total");
    if (html->totals->missing)
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " missing", html->totals->missing);
    g_string_append(out, "</td><td></td><td></td><td></td>");
    for (MetricId id = 0; id < METRICS; id++)
        for (int m = 0; m < count_columns(html, id); m++)
            add_value(out, id, totals_find_memory(html->totals, id, NULL, m));
    g_string_append(out, "</tr></tfoot></table></div>\n");
}

static void add_notes(GString *out, const Report *report)
{
    if (!report->notes->len)
        return;
    g_string_append(out, "<h2>Messages</h2>\n<ul class=\"notes\">\n");
    for (guint k = 0; k < report->notes->len; k++) {
        const ReportNote *note = &g_array_index(report->notes, ReportNote, k);
        g_string_append(out, "<li>");
        if (note->file) {
            html_escape(out, note->file);
            g_string_append_printf(out, ":%d:%d: ", note->line, note->column);
        }
        g_string_append_printf(out, "%s: ", note->severity);
        html_escape(out, note->message);
        g_string_append(out, "</li>\n");
    }
    g_string_append(out, "</ul>\n");
}

static void add_header(GString *out, const Report *report)
{
    g_string_append(out, HEAD);
    g_string_append(out, "<title>");
    html_escape(out, report->network);
    g_string_append(out, " on ");
    html_escape(out, report->hardware);
    g_string_append(out, "</title></head><body>\n<h1>");
    html_escape(out, report->network);
    g_string_append(out, " on ");
    html_escape(out, report->hardware);
    g_string_append(out, "</h1>\n<p class=\"sub\">dataflow ");
    html_escape(out, *report->dataflow ? report->dataflow : "of each layer");
    if (report->pes > 0) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " PEs at %s MHz", report->pes,
                               html_decimal(text, report->clock_hz * 1e-6));
    }
    g_string_append(out, "; ");
    html_escape(out, report->tool);
    g_string_append(out, " ");
    html_escape(out, report->version);
    g_string_append(out, "</p>\n");
}

/* ---- row by row ------------------------------------------------------------------------- */

Html *html_begin(Output *out, const Report *report)
{
    Html *html = g_new0(Html, 1);
    html->out = out;
    html->marks = g_array_new(FALSE, TRUE, sizeof(Mark));
    html->totals = totals_new();
    if (report->machine != NULL)
        html->machine = *report->machine;
    html->memories = html->machine.n_memories > 0;
    add_header(out->text, report);
    add_titles(html);
    return html;
}

/* On a hierarchy the parts of the energy are the MACs, the memories, the hops, the leakage. */
static void mark_energy(const ReportEntry *e, Mark *mark)
{
    const double *pj = e->cost.pj;
    int memories = e->machine->n_memories;
    if (memories == 0) {
        for (int p = 0; p < COSTS; p++)
            mark->uj[p] = pj[p] * 1e-6;
        return;
    }
    mark->uj[0] = pj[COST_MAC] * 1e-6;
    for (int m = 0; m < memories; m++)
        mark->uj[1 + m] = pj[COSTS + m] * 1e-6;
    mark->uj[1 + memories] = pj[COST_NOC] * 1e-6;
    mark->uj[2 + memories] = pj[COST_LEAKAGE] * 1e-6;
}

static void mark_buffers(const ReportEntry *e, Mark *mark)
{
    const Result *r = &e->result;
    mark->need[0] = r->l1_required_bytes;
    mark->need[1] = r->l2_required_bytes;
    for (int l = 1; l < r->n_levels; l++)
        mark->need[l + 1] = r->buffer_required_bytes[l];
    for (int m = 0; m < e->machine->n_memories; m++)
        mark->need[m] = cost_required(r, m);
}

static void keep_mark(Html *html, const ReportEntry *e)
{
    const Result *r = &e->result;
    Mark mark = {.name = e->layer->name,
                 .dataflow = e->dataflow,
                 .count = e->layer->count,
                 .run = e->run,
                 .utilization = 100 * r->utilization,
                 .rate = (double) r->effectual_macs / (double) r->cycles};
    for (int cause = 0; cause < CAUSES; cause++)
        mark.cause[cause] = (double) r->cycles_by_cause[cause];
    if (e->costed)
        mark_energy(e, &mark);
    mark_buffers(e, &mark);
    html_intensities(e, mark.intensity);
    html->machine = *e->machine;
    g_array_append_val(html->marks, mark);
}

void html_beside(Html *html, const ReportEntry *entry)
{
    GString *out = html->out->text;
    g_string_append(out, "<tr>");
    add_cell(out, entry, METRIC_NAME, 0);
    add_cell(out, entry, METRIC_COUNT, 0);
    add_cell(out, entry, METRIC_DATAFLOW, 0);
    add_cell(out, entry, METRIC_STATUS, 0);
    for (MetricId id = 0; id < METRICS; id++)
        for (int m = 0; m < count_columns(html, id); m++)
            add_cell(out, entry, id, m);
    g_string_append(out, "</tr>\n");
    html->dataflow = html->dataflow ? html->dataflow : entry->dataflow;
    html->several |= strcmp(html->dataflow, entry->dataflow) != 0;
    if (entry->status == ENTRY_EVALUATED)
        keep_mark(html, entry);
    output_spill(html->out);
}

void html_entry(Html *html, const ReportEntry *entry)
{
    html_beside(html, entry);
    totals_add(html->totals, entry);
}

/* Those of mark_energy; returns their number. */
static int name_parts(const Html *html, const char *parts[COST_PARTS])
{
    static const char *const classic[COSTS] = {"MAC", "L1",       "buffers", "L2",
                                               "NoC", "off-chip", "leakage"};
    int n = 0, memories = html->machine.n_memories;
    if (!html->memories) {
        memcpy(parts, classic, sizeof classic);
        return COSTS;
    }
    parts[n++] = "MAC";
    for (int m = 0; m < memories; m++)
        parts[n++] = html->machine.memory[m].name;
    parts[n++] = "NoC";
    parts[n++] = "leakage";
    return n;
}

void html_total(Html *html, const Report *report)
{
    static const char *const causes[] = {"compute", "ingress",  "egress", "fill",
                                         "drain",   "off-chip", "setup"};
    static const char *const busy[] = {"utilization"};
    const Bars runtime = {"Runtime by cause", "cycles", causes, CAUSES, 0, runtime_parts};
    const char *parts[COST_PARTS];
    const Bars energy = {"Energy by component",   "µJ", parts,
                         name_parts(html, parts), 0,    energy_parts};
    const Bars utilization = {"Utilization", "%", busy, 1, 100, utilization_parts};
    add_total(html);
    html_bars(html, &runtime);
    html_bars(html, &energy);
    html_rooflines(html);
    html_bars(html, &utilization);
    add_buffers(html);
    add_notes(html->out->text, report);
}

void html_end(Html *html)
{
    g_string_append(html->out->text, SCRIPT);
    g_string_append(html->out->text, "</body></html>\n");
    totals_free(html->totals);
    g_array_free(html->marks, TRUE);
    g_free(html);
}

GString *html_write(const Report *report)
{
    Output *out = output_memory();
    Html *html = html_begin(out, report);
    for (guint k = 0; k < report->entries->len; k++)
        html_entry(html, &g_array_index(report->entries, ReportEntry, k));
    html_total(html, report);
    html_end(html);
    return output_take(out);
}
