/* The run as one HTML file: no network, no library, readable when printed.
 *
 * Charts are SVG in the file, a mark a layer, with its figures as a tooltip; the one script
 * sorts tables.  Every number is one that the metrics table has, but for the roofline's:
 *
 *     intensity   = effectual MACs / off-chip bytes that move (density and widths counted)
 *     performance = effectual MACs / cycles
 *
 * A layer lies on or below the roof, as cycles >= off-chip bytes / off-chip bandwidth and
 * cycles >= effectual MACs / (PEs * lanes). */
#include <math.h>
#include <string.h>

#include "engine/offchip.h"
#include "report/html.h"
#include "report/metrics.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/totals.h"

/* What the marks of a layer need; strings are borrowed. */
typedef struct {
    const char *name, *dataflow;
    int64_t count;
    int run;
    double cause[CAUSES], uj[COSTS]; /* uJ */
    double utilization, intensity, rate;
    int64_t need[LEVELS_MAX + 1], capacity[LEVELS_MAX + 1]; /* L1, L2, buffers from level 1 on */
} Mark;

struct Html {
    Output *out;
    GArray *marks; /* of Mark: the layers that were evaluated */
    Totals *totals;
    Machine machine;      /* of the last of them */
    const char *dataflow; /* of the first */
    bool several;         /* dataflows */
};

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
    g_autofree char *readable = printable_text(text);
    g_autofree char *escaped = g_markup_escape_text(readable, -1);
    g_string_append(out, escaped);
}

/* "72x CONV2", " · " and the dataflow where there are several. */
static void add_name(GString *out, const Mark *mark, bool several)
{
    if (mark->count > 1)
        g_string_append_printf(out, "%" G_GINT64_FORMAT "x ", mark->count);
    add_escaped(out, mark->name);
    if (several) {
        g_string_append(out, " · ");
        add_escaped(out, mark->dataflow);
    }
}

static const Mark *mark_at(const Html *html, guint k)
{
    return &g_array_index(html->marks, Mark, k);
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
    double full; /* what the whole width stands for; 0: the longest bar */
    const double *(*parts)(const Mark *mark);
} Bars;

enum { ROW = 18, LABEL = 200, WIDTH = 1000 };

static double bar_length(const Bars *bars, const Mark *mark)
{
    double sum = 0;
    for (int p = 0; p < bars->n; p++)
        sum += bars->parts(mark)[p];
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

static void add_label(GString *out, double y, const Mark *mark, bool several)
{
    char a[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<text x=\"%d\" y=\"%s\" text-anchor=\"end\">", LABEL - 6,
                           decimal(a, y + ROW - 7));
    add_name(out, mark, several);
    g_string_append(out, "</text>");
}

static void add_bar(GString *out, const Bars *bars, const Mark *mark, double y, double scale)
{
    double x = LABEL;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (int p = 0; p < bars->n; p++) {
        double value = bars->parts(mark)[p];
        if (value <= 0)
            continue;
        add_rect(out, x, y, value * scale, COLOURS[p % (int) G_N_ELEMENTS(COLOURS)]);
        g_string_append(out, "<title>");
        add_escaped(out, mark->name);
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

/* The lines of an axis from 0 to 100 %. */
static void add_percents(GString *out, int height)
{
    for (int percent = 0; percent <= 100; percent += 25) {
        double x = LABEL + (WIDTH - LABEL - 10) * percent / 100.0;
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out,
                               "<line x1=\"%s\" y1=\"0\" x2=\"%s\" y2=\"%d\" stroke=\"#ddd\"/>",
                               decimal(text, x), text, height);
        g_string_append_printf(out, "<text x=\"%s\" y=\"%d\" text-anchor=\"%s\">%d %%</text>", text,
                               height + 12, percent == 100 ? "end" : "middle", percent);
    }
}

static void add_bars(const Html *html, const Bars *bars)
{
    GString *out = html->out->text;
    double longest = bars->full;
    int height = (int) html->marks->len * ROW + 4;
    for (guint k = 0; k < html->marks->len && bars->full <= 0; k++)
        longest = fmax(longest, bar_length(bars, mark_at(html, k)));
    if (longest <= 0 || html->marks->len == 0)
        return;
    g_string_append_printf(out, "<h2>%s</h2>\n", bars->title);
    add_legend(out, bars);
    g_string_append_printf(out, "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">", WIDTH,
                           height + (bars->full > 0 ? 16 : 0), WIDTH);
    if (bars->full > 0)
        add_percents(out, height);
    for (guint k = 0; k < html->marks->len; k++) {
        add_label(out, k * (double) ROW, mark_at(html, k), html->several);
        add_bar(out, bars, mark_at(html, k), k * (double) ROW, (WIDTH - LABEL - 10) / longest);
        output_spill(html->out);
    }
    g_string_append(out, "</svg>\n");
}

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

/* ---- roofline ---------------------------------------------------------------------- */

/* Effectual MACs per byte that crosses the border of the chip; 0 if none does. */
static double intensity(const ReportEntry *e)
{
    double moved = offchip_traffic(e->layer, e->machine, &e->result);
    return moved > 0 ? (double) e->result.effectual_macs / moved : 0;
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

static void add_roof_mark(GString *out, const Axes *a, const Mark *mark)
{
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
    char i[G_ASCII_DTOSTR_BUF_SIZE], r[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out,
                           "<circle class=\"mark\" cx=\"%s\" cy=\"%s\" r=\"5\" fill=\"%s\" "
                           "fill-opacity=\"0.8\"><title>",
                           decimal(x, across(a, mark->intensity)), decimal(y, down(a, mark->rate)),
                           COLOURS[mark->run % (int) G_N_ELEMENTS(COLOURS)]);
    add_name(out, mark, true);
    g_string_append_printf(out, ": %s MACs/byte, %s MACs/cycle</title></circle>",
                           decimal(i, mark->intensity), decimal(r, mark->rate));
}

static void add_roofline(const Html *html)
{
    GString *out = html->out->text;
    const Machine *machine = &html->machine;
    double x0 = INFINITY, x1 = 0, y0 = INFINITY;
    for (guint k = 0; k < html->marks->len; k++) {
        const Mark *mark = mark_at(html, k);
        if (mark->intensity <= 0)
            continue;
        x0 = fmin(x0, mark->intensity);
        x1 = fmax(x1, mark->intensity);
        y0 = fmin(y0, mark->rate);
    }
    if (x1 <= 0)
        return;
    double y1 = (double) machine->pes * (double) machine->lanes;
    Axes a = {floor(log10(x0)), floor(log10(x1)) + 1, floor(log10(y0)), floor(log10(y1)) + 1};
    g_string_append(out, "<h2>Roofline</h2>\n<p class=\"sub\">A mark a layer; the lines are what "
                         "the machine could do.</p>\n");
    g_string_append_printf(out, "<svg viewBox=\"0 0 %d 400\" width=\"%d\" role=\"img\">", WIDTH,
                           WIDTH);
    add_grid(out, &a);
    add_roofs(out, &a, machine);
    for (guint k = 0; k < html->marks->len; k++) {
        if (mark_at(html, k)->intensity > 0)
            add_roof_mark(out, &a, mark_at(html, k));
        output_spill(html->out);
    }
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

static void add_text_cell(GString *out, const char *text)
{
    g_string_append(out, "<td class=\"text\" data-v=\"");
    add_escaped(out, text);
    g_string_append(out, "\">");
    add_escaped(out, text);
    g_string_append(out, "</td>");
}

/* L1, L2, and the buffers between that the machine gives or a layer needs. */
static bool has_buffer(const Html *html, int b)
{
    for (guint k = 0; k < html->marks->len; k++)
        if (mark_at(html, k)->need[b] > 0 || mark_at(html, k)->capacity[b] > 0)
            return true;
    return b < 2;
}

static void add_buffers(const Html *html)
{
    GString *out = html->out->text;
    bool shown[LEVELS_MAX + 1];
    g_string_append(out, "<h2>Buffers: what is needed, and of what is there</h2>\n"
                         "<div class=\"scroll\"><table class=\"sortable\"><thead><tr>"
                         "<th class=\"text\">layer</th><th class=\"text\">dataflow</th>");
    for (int b = 0; b <= LEVELS_MAX; b++) {
        char name[32];
        shown[b] = has_buffer(html, b);
        g_snprintf(name, sizeof name, b < 2 ? "L%d" : "buffer %d", b < 2 ? b + 1 : b - 1);
        if (shown[b])
            g_string_append_printf(out, "<th>%s bytes</th><th>of %s</th>", name, name);
    }
    g_string_append(out, "</tr></thead><tbody>\n");
    for (guint k = 0; k < html->marks->len; k++) {
        const Mark *mark = mark_at(html, k);
        g_string_append(out, "<tr>");
        add_text_cell(out, mark->name);
        add_text_cell(out, mark->dataflow);
        for (int b = 0; b <= LEVELS_MAX; b++)
            if (shown[b])
                add_need(out, mark->need[b], mark->capacity[b]);
        g_string_append(out, "</tr>\n");
        output_spill(html->out);
    }
    g_string_append(out, "</tbody></table></div>\n");
}

/* ---- the table of layers --------------------------------------------------------------- */

static bool is_column(MetricId id)
{
    return metrics_table[id].title != NULL && id != METRIC_NAME;
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
        g_string_append_printf(out, "<td data-v=\"%s\">%.1f %%</td>", decimal(text, v.real),
                               100 * v.real);
    } else {
        g_string_append_printf(out, "<td data-v=\"%s\">%s", decimal(text, v.real),
                               v.at_least ? "≥ " : "");
        if (energy || edp)
            number_scaled(out, energy ? v.real * 1e-12 : v.real, energy ? "J" : "J s");
        else
            g_string_append(out, text);
        g_string_append(out, "</td>");
    }
}

static void add_cell(GString *out, const ReportEntry *e, MetricId id)
{
    MetricIndex at;
    MetricValue v = {0};
    if (metrics_first(id, e, &at))
        v = metrics_read(id, e, at);
    add_value(out, id, v);
}

static void add_titles(GString *out)
{
    g_string_append(out, "<h2>Layers</h2>\n<div class=\"scroll\"><table class=\"sortable\"><thead>"
                         "<tr><th class=\"text\">layer</th><th>count</th>"
                         "<th class=\"text\">dataflow</th><th class=\"text\">status</th>");
    for (MetricId id = 0; id < METRICS; id++)
        if (is_column(id)) {
            g_string_append_printf(out, "<th title=\"%s\">", metrics_table[id].path);
            add_escaped(out, metrics_table[id].title);
            if (g_str_equal(metrics_table[id].unit, "bytes"))
                g_string_append(out, " [bytes]");
            g_string_append(out, "</th>");
        }
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
        if (is_column(id))
            add_value(out, id, totals_find(html->totals, id, NULL));
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

/* ---- row by row ------------------------------------------------------------------------- */

Html *html_begin(Output *out, const Report *report)
{
    Html *html = g_new0(Html, 1);
    html->out = out;
    html->marks = g_array_new(FALSE, TRUE, sizeof(Mark));
    html->totals = totals_new();
    add_header(out->text, report);
    add_titles(out->text);
    return html;
}

static void keep_mark(Html *html, const ReportEntry *e)
{
    const Result *r = &e->result;
    Mark mark = {.name = e->layer->name,
                 .dataflow = e->dataflow,
                 .count = e->layer->count,
                 .run = e->run,
                 .utilization = 100 * r->utilization,
                 .intensity = intensity(e),
                 .rate = (double) r->effectual_macs / (double) r->cycles,
                 .need = {r->l1_required_bytes, r->l2_required_bytes},
                 .capacity = {e->machine->l1_bytes, e->machine->l2_bytes}};
    for (int cause = 0; cause < CAUSES; cause++)
        mark.cause[cause] = (double) r->cycles_by_cause[cause];
    for (int p = 0; p < COSTS && e->costed; p++)
        mark.uj[p] = e->cost.pj[p] * 1e-6;
    for (int l = 1; l < LEVELS_MAX; l++) {
        mark.need[l + 1] = l < r->n_levels ? r->buffer_required_bytes[l] : 0;
        mark.capacity[l + 1] = e->machine->buffer_bytes[l];
    }
    html->machine = *e->machine;
    g_array_append_val(html->marks, mark);
}

void html_entry(Html *html, const ReportEntry *entry)
{
    GString *out = html->out->text;
    g_string_append(out, "<tr>");
    add_cell(out, entry, METRIC_NAME);
    add_cell(out, entry, METRIC_COUNT);
    add_cell(out, entry, METRIC_DATAFLOW);
    add_cell(out, entry, METRIC_STATUS);
    for (MetricId id = 0; id < METRICS; id++)
        if (is_column(id))
            add_cell(out, entry, id);
    g_string_append(out, "</tr>\n");
    html->dataflow = html->dataflow ? html->dataflow : entry->dataflow;
    html->several |= strcmp(html->dataflow, entry->dataflow) != 0;
    totals_add(html->totals, entry);
    if (entry->status == ENTRY_EVALUATED)
        keep_mark(html, entry);
    output_spill(html->out);
}

void html_end(Html *html, const Report *report)
{
    static const char *const causes[] = {"compute", "ingress",  "egress", "fill",
                                         "drain",   "off-chip", "setup"};
    static const char *const parts[] = {"MAC", "L1", "buffers", "L2", "NoC", "off-chip", "leakage"};
    static const char *const busy[] = {"utilization"};
    const Bars runtime = {"Runtime by cause", "cycles", causes, CAUSES, 0, runtime_parts};
    const Bars energy = {"Energy by component", "µJ", parts, COSTS, 0, energy_parts};
    const Bars utilization = {"Utilization", "%", busy, 1, 100, utilization_parts};
    add_total(html);
    add_bars(html, &runtime);
    add_bars(html, &energy);
    add_roofline(html);
    add_bars(html, &utilization);
    add_buffers(html);
    add_notes(html->out->text, report);
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
    html_end(html, report);
    return output_take(out);
}
