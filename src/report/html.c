/* The run as one HTML file: no network, no library, readable when printed.
 *
 * Charts are SVG in the file, a mark a layer, with its figures as a tooltip; the one script
 * sorts tables.  Every number is one that the metrics table has. */
#include <math.h>
#include <string.h>

#include "engine/offchip.h"
#include "report/html.h"
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

/* Colours that differ in lightness too, for print and for colour-blind readers. */
static const char *const COLOURS[] = {"#1b6ca8", "#e8a33d", "#b5482f", "#7fb069",
                                      "#6b4c9a", "#9aa0a6", "#2f4858"};

static void add_escaped(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_string_append(out, escaped);
}

static bool evaluated(const ReportEntry *e)
{
    return e->status == ENTRY_EVALUATED;
}

static const ReportEntry *entry_at(const Report *report, guint k)
{
    return &g_array_index(report->entries, ReportEntry, k);
}

/* A decimal number of the C locale. */
static const char *decimal(char *text, double value)
{
    return g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", value);
}

/* ---- stacked bars ---------------------------------------------------------------- */

typedef struct {
    const char *title, *unit;
    const char *const *names; /* of the parts */
    int n;
    double (*part)(const ReportEntry *entry, int part);
} Bars;

enum { ROW = 18, LABEL = 200, WIDTH = 1000 };

static double bar_length(const Bars *bars, const ReportEntry *e)
{
    double sum = 0;
    for (int p = 0; p < bars->n; p++)
        sum += bars->part(e, p);
    return sum;
}

static void add_rect(GString *out, double x, double y, double width, const char *colour)
{
    char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE], c[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out,
                           "<rect class=\"mark\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%d\" "
                           "fill=\"%s\">",
                           decimal(a, x), decimal(b, y), decimal(c, width), ROW - 4, colour);
}

static void add_label(GString *out, double y, const ReportEntry *e, bool several)
{
    char a[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<text x=\"%d\" y=\"%s\" text-anchor=\"end\">", LABEL - 6,
                           decimal(a, y + ROW - 7));
    add_escaped(out, e->layer->name);
    if (several) {
        g_string_append(out, " · ");
        add_escaped(out, e->dataflow);
    }
    g_string_append(out, "</text>");
}

static void add_bar(GString *out, const Bars *bars, const ReportEntry *e, double y, double scale)
{
    double x = LABEL;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (int p = 0; p < bars->n; p++) {
        double value = bars->part(e, p);
        if (value <= 0)
            continue;
        add_rect(out, x, y, value * scale, COLOURS[p % (int) G_N_ELEMENTS(COLOURS)]);
        g_string_append(out, "<title>");
        add_escaped(out, e->layer->name);
        g_string_append_printf(out, ": %s %s %s</title></rect>", bars->names[p],
                               decimal(text, value), bars->unit);
        x += value * scale;
    }
}

static void add_legend(GString *out, const Bars *bars)
{
    g_string_append(out, "<p class=\"legend\">");
    for (int p = 0; p < bars->n; p++)
        g_string_append_printf(out, "<span><i style=\"background:%s\"></i>%s</span>",
                               COLOURS[p % (int) G_N_ELEMENTS(COLOURS)], bars->names[p]);
    g_string_append(out, "</p>\n");
}

static void add_bars(GString *out, const Report *report, const Bars *bars, bool several)
{
    double longest = 0;
    int rows = 0;
    for (guint k = 0; k < report->entries->len; k++)
        if (evaluated(entry_at(report, k))) {
            longest = fmax(longest, bar_length(bars, entry_at(report, k)));
            rows++;
        }
    if (longest <= 0)
        return;
    g_string_append_printf(out, "<h2>%s</h2>\n", bars->title);
    add_legend(out, bars);
    g_string_append_printf(out, "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">", WIDTH,
                           rows * ROW + 4, WIDTH);
    double y = 0;
    for (guint k = 0; k < report->entries->len; k++) {
        const ReportEntry *e = entry_at(report, k);
        if (!evaluated(e))
            continue;
        add_label(out, y, e, several);
        add_bar(out, bars, e, y, (WIDTH - LABEL - 10) / longest);
        y += ROW;
    }
    g_string_append(out, "</svg>\n");
}

static double runtime_part(const ReportEntry *e, int part)
{
    return (double) e->result.cycles_by_cause[part];
}

static double energy_part(const ReportEntry *e, int part)
{
    return e->costed ? e->cost.pj[part] * 1e-6 : 0;
}

static double utilization_part(const ReportEntry *e, int part)
{
    return part == 0 ? 100 * e->result.utilization : 0;
}

/* ---- roofline ---------------------------------------------------------------------- */

/* MACs per byte that crosses the border of the chip; 0 if none does. */
static double intensity(const ReportEntry *e)
{
    double moved = offchip_traffic(e->layer, e->machine, &e->result);
    return moved > 0 ? (double) e->result.macs / moved : 0;
}

static double rate(const ReportEntry *e)
{
    return (double) e->result.macs / (double) e->result.cycles;
}

typedef struct {
    double x0, x1, y0, y1; /* powers of ten */
} Axes;

static double across(const Axes *a, double x)
{
    return 70 + (log10(x) - a->x0) / (a->x1 - a->x0) * (WIDTH - 100);
}

static double down(const Axes *a, double y)
{
    return 360 - (log10(y) - a->y0) / (a->y1 - a->y0) * 340;
}

static void add_line(GString *out, double x0, double y0, double x1, double y1, const char *style)
{
    char t[4][G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" %s/>",
                           decimal(t[0], x0), decimal(t[1], y0), decimal(t[2], x1),
                           decimal(t[3], y1), style);
}

static void add_text(GString *out, double x, double y, const char *anchor, const char *text)
{
    char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>",
                           decimal(a, x), decimal(b, y), anchor, text);
}

static void add_grid(GString *out, const Axes *a)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (double p = a->x0; p <= a->x1; p++) {
        double x = across(a, pow(10, p));
        add_line(out, x, 20, x, 360, "stroke=\"#ddd\"");
        add_text(out, x, 376, "middle", decimal(text, pow(10, p)));
    }
    for (double p = a->y0; p <= a->y1; p++) {
        double y = down(a, pow(10, p));
        add_line(out, 70, y, WIDTH - 30, y, "stroke=\"#ddd\"");
        add_text(out, 64, y + 4, "end", decimal(text, pow(10, p)));
    }
    add_text(out, WIDTH / 2.0, 394, "middle", "MACs per off-chip byte");
    add_text(out, 70, 12, "start", "MACs per cycle");
}

/* The machine's limits: its MACs per cycle, and off-chip bytes per cycle times intensity. */
static void add_roofs(GString *out, const Axes *a, const Machine *m)
{
    const char *style = "stroke=\"#b5482f\" stroke-width=\"2\"";
    double peak = (double) m->pes * (double) m->lanes, low = pow(10, a->x0), high = pow(10, a->x1);
    double ridge = low;
    if (m->offchip_bytes_per_s > 0) {
        double slope = m->offchip_bytes_per_s / m->clock_hz;
        ridge = fmin(high, fmax(low, peak / slope));
        double from = fmax(low, pow(10, a->y0) / slope);
        if (from < ridge)
            add_line(out, across(a, from), down(a, from * slope), across(a, ridge),
                     down(a, ridge * slope), style);
    }
    if (ridge < high)
        add_line(out, across(a, ridge), down(a, peak), across(a, high), down(a, peak), style);
}

static void add_roof_mark(GString *out, const Axes *a, const ReportEntry *e)
{
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
    char i[G_ASCII_DTOSTR_BUF_SIZE], r[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out,
                           "<circle class=\"mark\" cx=\"%s\" cy=\"%s\" r=\"5\" fill=\"%s\" "
                           "fill-opacity=\"0.8\"><title>",
                           decimal(x, across(a, intensity(e))), decimal(y, down(a, rate(e))),
                           COLOURS[e->run % (int) G_N_ELEMENTS(COLOURS)]);
    add_escaped(out, e->layer->name);
    g_string_append(out, " · ");
    add_escaped(out, e->dataflow);
    g_string_append_printf(out, ": %s MACs/byte, %s MACs/cycle</title></circle>",
                           decimal(i, intensity(e)), decimal(r, rate(e)));
}

static void add_roofline(GString *out, const Report *report)
{
    double x0 = INFINITY, x1 = 0, y0 = INFINITY, y1 = 0;
    const Machine *machine = NULL;
    for (guint k = 0; k < report->entries->len; k++) {
        const ReportEntry *e = entry_at(report, k);
        if (!evaluated(e) || intensity(e) <= 0)
            continue;
        machine = e->machine;
        x0 = fmin(x0, intensity(e));
        x1 = fmax(x1, intensity(e));
        y0 = fmin(y0, rate(e));
        y1 = fmax(y1, (double) machine->pes * (double) machine->lanes);
    }
    if (!machine)
        return;
    Axes a = {floor(log10(x0)), floor(log10(x1)) + 1, floor(log10(y0)), floor(log10(y1)) + 1};
    g_string_append(out, "<h2>Roofline</h2>\n<p class=\"sub\">A mark a layer; the lines are what "
                         "the machine could do.</p>\n");
    g_string_append_printf(out, "<svg viewBox=\"0 0 %d 400\" width=\"%d\" role=\"img\">", WIDTH,
                           WIDTH);
    add_grid(out, &a);
    add_roofs(out, &a, machine);
    for (guint k = 0; k < report->entries->len; k++)
        if (evaluated(entry_at(report, k)) && intensity(entry_at(report, k)) > 0)
            add_roof_mark(out, &a, entry_at(report, k));
    g_string_append(out, "</svg>\n");
}

/* ---- buffers ------------------------------------------------------------------------ */

static void add_need(GString *out, int64_t need, int64_t capacity)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<td data-v=\"%" G_GINT64_FORMAT "\">%" G_GINT64_FORMAT "</td>",
                           need, need);
    if (capacity > 0)
        g_string_append_printf(out, "<td data-v=\"%s\"%s>%.0f %%</td>",
                               decimal(text, (double) need / (double) capacity),
                               need > capacity ? " style=\"background:#f6d5cd\"" : "",
                               100 * (double) need / (double) capacity);
    else
        g_string_append(out, "<td data-v=\"0\">no limit given</td>");
}

static void add_buffers(GString *out, const Report *report)
{
    g_string_append(out, "<h2>Buffers: what is needed, and of what is there</h2>\n"
                         "<div class=\"scroll\"><table class=\"sortable\"><thead><tr>"
                         "<th class=\"text\">layer</th><th class=\"text\">dataflow</th>"
                         "<th>L1 bytes</th><th>of L1</th><th>L2 bytes</th><th>of L2</th>"
                         "</tr></thead><tbody>\n");
    for (guint k = 0; k < report->entries->len; k++) {
        const ReportEntry *e = entry_at(report, k);
        if (!evaluated(e))
            continue;
        const char *names[] = {e->layer->name, e->dataflow};
        g_string_append(out, "<tr>");
        for (int n = 0; n < 2; n++) {
            g_autofree char *name = g_markup_escape_text(names[n], -1);
            g_string_append_printf(out, "<td class=\"text\" data-v=\"%s\">%s</td>", name, name);
        }
        add_need(out, e->result.l1_required_bytes, e->machine->l1_bytes);
        add_need(out, e->result.l2_required_bytes, e->machine->l2_bytes);
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody></table></div>\n");
}

/* ---- the table of layers --------------------------------------------------------------- */

static bool is_column(MetricId id)
{
    return metrics_table[id].title != NULL && id != METRIC_NAME;
}

static void add_cell(GString *out, const ReportEntry *e, MetricId id)
{
    MetricIndex at;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    MetricValue v = {0};
    if (metrics_first(id, e, &at))
        v = metrics_read(id, e, at);
    if (!v.known) {
        g_string_append(out, "<td data-v=\"\">–</td>");
    } else if (v.kind == METRIC_KIND_TEXT) {
        g_autofree char *escaped = g_markup_escape_text(v.text, -1);
        g_string_append_printf(out, "<td class=\"text\" data-v=\"%s\">%s</td>", escaped, escaped);
    } else if (v.kind == METRIC_KIND_COUNT) {
        g_string_append_printf(out, "<td data-v=\"%" G_GINT64_FORMAT "\">%" G_GINT64_FORMAT "</td>",
                               v.count, v.count);
    } else if (v.kind == METRIC_KIND_SHARE) {
        g_string_append_printf(out, "<td data-v=\"%s\">%.1f %%</td>", decimal(text, v.real),
                               100 * v.real);
    } else {
        g_string_append_printf(out, "<td data-v=\"%s\">%s</td>", decimal(text, v.real), text);
    }
}

static void add_layers(GString *out, const Report *report)
{
    g_string_append(out, "<h2>Layers</h2>\n<div class=\"scroll\"><table class=\"sortable\"><thead>"
                         "<tr><th class=\"text\">layer</th><th class=\"text\">dataflow</th>");
    for (MetricId id = 0; id < METRICS; id++)
        if (is_column(id)) {
            g_string_append_printf(out, "<th title=\"%s\">", metrics_table[id].path);
            add_escaped(out, metrics_table[id].title);
            if (metrics_table[id].kind == METRIC_KIND_REAL && *metrics_table[id].unit)
                g_string_append_printf(out, " [%s]", metrics_table[id].unit);
            g_string_append(out, "</th>");
        }
    g_string_append(out, "</tr></thead><tbody>\n");
    for (guint k = 0; k < report->entries->len; k++) {
        const ReportEntry *e = entry_at(report, k);
        g_string_append(out, "<tr>");
        add_cell(out, e, METRIC_NAME);
        add_cell(out, e, METRIC_DATAFLOW);
        for (MetricId id = 0; id < METRICS; id++)
            if (is_column(id))
                add_cell(out, e, id);
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody></table></div>\n");
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
            add_escaped(out, note->file);
            g_string_append_printf(out, ":%d:%d: ", note->line, note->column);
        }
        g_string_append_printf(out, "%s: ", note->severity);
        add_escaped(out, note->message);
        g_string_append(out, "</li>\n");
    }
    g_string_append(out, "</ul>\n");
}

static void add_header(GString *out, const Report *report)
{
    g_string_append(out, HEAD);
    g_string_append(out, "<title>");
    add_escaped(out, report->network);
    g_string_append(out, " on ");
    add_escaped(out, report->hardware);
    g_string_append(out, "</title></head><body>\n<h1>");
    add_escaped(out, report->network);
    g_string_append(out, " on ");
    add_escaped(out, report->hardware);
    g_string_append(out, "</h1>\n<p class=\"sub\">dataflow ");
    add_escaped(out, *report->dataflow ? report->dataflow : "of each layer");
    if (report->pes > 0) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " PEs at %s MHz", report->pes,
                               decimal(text, report->clock_hz * 1e-6));
    }
    g_string_append(out, "; ");
    add_escaped(out, report->tool);
    g_string_append(out, " ");
    add_escaped(out, report->version);
    g_string_append(out, "</p>\n");
}

static bool has_several_dataflows(const Report *report)
{
    for (guint k = 1; k < report->entries->len; k++)
        if (strcmp(entry_at(report, k)->dataflow, entry_at(report, 0)->dataflow) != 0)
            return true;
    return false;
}

GString *html_write(const Report *report)
{
    static const char *const causes[] = {"compute", "ingress",  "egress", "fill",
                                         "drain",   "off-chip", "setup"};
    static const char *const parts[] = {"MAC", "L1", "buffers", "L2", "NoC", "off-chip", "leakage"};
    static const char *const busy[] = {"utilization"};
    const Bars runtime = {"Runtime by cause", "cycles", causes, CAUSES, runtime_part};
    const Bars energy = {"Energy by component", "µJ", parts, COSTS, energy_part};
    const Bars utilization = {"Utilization", "%", busy, 1, utilization_part};
    bool several = has_several_dataflows(report);
    GString *out = g_string_new(NULL);
    add_header(out, report);
    add_layers(out, report);
    add_bars(out, report, &runtime, several);
    add_bars(out, report, &energy, several);
    add_roofline(out, report);
    add_bars(out, report, &utilization, several);
    add_buffers(out, report);
    add_notes(out, report);
    g_string_append(out, SCRIPT);
    g_string_append(out, "</body></html>\n");
    return out;
}
