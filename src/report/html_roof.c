/* Rooflines: of off-chip memory, or of the memories of a hierarchy.
 *
 *     intensity   = effectual MACs / bytes that move (density and widths counted)
 *     performance = effectual MACs / cycles
 *
 * A layer lies on or below the roof, as cycles >= bytes / bandwidth and
 * cycles >= effectual MACs / (PEs * lanes).  Of a memory that has a limit one way only, the bytes
 * are those that go this way; partial sums that are read back are left out, as not all of them
 * leave it. */
#include <math.h>

#include "engine/cost_hierarchy.h"
#include "engine/offchip.h"
#include "report/html_parts.h"

/* ---- what moves ---------------------------------------------------------------------- */

static double share_of(int64_t all, int64_t macs, double density, double effectual)
{
    return density * (double) (all - macs) + effectual * (double) macs;
}

/* Bytes that all instances of a memory give to the inside (inputs) or take from there. */
static double bytes_of(const ReportEntry *e, int memory, bool given)
{
    const Result *r = &e->result;
    const Layer *layer = e->layer;
    double bytes = 0, effectual = (double) r->effectual_macs / (double) r->macs;
    for (int p = 0; p < r->n_places; p++) {
        const MemoryResult *place = &r->place[p];
        for (int t = 0; t < layer->op.n_tensors && place->memory == memory; t++) {
            bool macs = hierarchy_serves(r, t) == p;
            bool done = t == layer->op.output && e->machine->memory[memory].root;
            double width = (double) (done && e->machine->done_bits ? e->machine->done_bits
                                                                   : e->machine->bits[t]);
            int64_t all = given ? place->reads[t] : place->writes[t];
            int64_t own = !macs ? 0 : given ? r->mac[t].reads : r->mac[t].writes;
            if (place->tensors >> t & 1 && all > 0)
                bytes += share_of(all, MIN(own, all), layer->density[t], effectual) * width / 8;
        }
    }
    return bytes;
}

/* Bytes a cycle of a rate: an element is at most as wide as the widest of those that it is for. */
static double rate_of(const Machine *machine, int memory, Rational rate)
{
    double widest = 1;
    for (int t = 0; t < TENSORS_MAX && !machine->memory[memory].port.in_bits; t++)
        if (machine->memory[memory].holds >> t & 1)
            widest = fmax(widest, (double) machine->bits[t]);
    return rate.num == 0
               ? 0
               : rational_real(rate) * widest / 8 * (double) cost_memory_units(machine, memory);
}

/* Bytes a cycle of what is limited; 0: nothing is. */
static double slope_of(const Machine *machine, int memory)
{
    const Port *port = &machine->memory[memory].port;
    if (port->both.num > 0)
        return rate_of(machine, memory, port->both);
    return rate_of(machine, memory, port->read) + rate_of(machine, memory, port->write);
}

static double limited_bytes(const ReportEntry *e, int memory)
{
    const Port *port = &e->machine->memory[memory].port;
    bool both = port->both.num > 0 || (port->read.num == 0 && port->write.num == 0);
    return (both || port->read.num > 0 ? bytes_of(e, memory, true) : 0) +
           (both || port->write.num > 0 ? bytes_of(e, memory, false) : 0);
}

void html_intensities(const ReportEntry *e, double intensity[MEMORIES_MAX])
{
    int memories = e->machine->n_memories;
    for (int m = 0; m < MAX(memories, 1); m++) {
        double moved =
            memories > 0 ? limited_bytes(e, m) : offchip_traffic(e->layer, e->machine, &e->result);
        intensity[m] = moved > 0 ? (double) e->result.effectual_macs / moved : 0;
    }
}

/* ---- a chart -------------------------------------------------------------------------- */

/* One of the roofs: of the memory, 0 on a classic machine. */
typedef struct {
    int memory;
    double slope, peak; /* bytes and MACs a cycle; slope 0: not limited */
} Roof;

typedef struct {
    double x0, x1, y0, y1; /* powers of ten */
} Axes;

static double across(const Axes *a, double x)
{
    return 70 + (log10(x) - a->x0) / (a->x1 - a->x0) * (HTML_WIDTH - 100);
}

static double down(const Axes *a, double y)
{
    return 360 - (log10(y) - a->y0) / (a->y1 - a->y0) * 340;
}

static void add_line(GString *out, double x0, double y0, double x1, double y1, const char *style)
{
    char t[4][G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" %s/>",
                           html_decimal(t[0], x0), html_decimal(t[1], y0), html_decimal(t[2], x1),
                           html_decimal(t[3], y1), style);
}

static void add_text(GString *out, double x, double y, const char *anchor, const char *text)
{
    char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>",
                           html_decimal(a, x), html_decimal(b, y), anchor, text);
}

static void add_grid(GString *out, const Axes *a, const char *bytes)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (double p = a->x0; p <= a->x1; p++) {
        double x = across(a, pow(10, p));
        add_line(out, x, 20, x, 360, "stroke=\"#ddd\"");
        add_text(out, x, 376, "middle", html_decimal(text, pow(10, p)));
    }
    for (double p = a->y0; p <= a->y1; p++) {
        double y = down(a, pow(10, p));
        add_line(out, 70, y, HTML_WIDTH - 30, y, "stroke=\"#ddd\"");
        add_text(out, 64, y + 4, "end", html_decimal(text, pow(10, p)));
    }
    add_text(out, HTML_WIDTH / 2.0, 394, "middle", bytes);
    add_text(out, 70, 12, "start", "MACs per cycle");
}

/* The machine's limits: its MACs per cycle, and bytes per cycle times intensity. */
static void add_roofs(GString *out, const Axes *a, const Roof *roof)
{
    const char *style = "stroke=\"#b5482f\" stroke-width=\"2\"";
    double peak = roof->peak, low = pow(10, a->x0), high = pow(10, a->x1);
    double ridge = low;
    if (roof->slope > 0) {
        double slope = roof->slope;
        ridge = fmin(high, fmax(low, peak / slope));
        double from = fmax(low, pow(10, a->y0) / slope);
        if (from < ridge)
            add_line(out, across(a, from), down(a, from * slope), across(a, ridge),
                     down(a, ridge * slope), style);
    }
    if (ridge < high)
        add_line(out, across(a, ridge), down(a, peak), across(a, high), down(a, peak), style);
}

static void add_roof_mark(GString *out, const Axes *a, const Mark *mark, int memory)
{
    double intensity = mark->intensity[memory];
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
    char i[G_ASCII_DTOSTR_BUF_SIZE], r[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out,
                           "<circle class=\"mark\" cx=\"%s\" cy=\"%s\" r=\"5\" fill=\"%s\" "
                           "fill-opacity=\"0.8\"><title>",
                           html_decimal(x, across(a, intensity)),
                           html_decimal(y, down(a, mark->rate)),
                           html_colour(mark->run % RUN_COLOURS));
    html_name(out, mark, true);
    g_string_append_printf(out, ": %s MACs/byte, %s MACs/cycle</title></circle>",
                           html_decimal(i, intensity), html_decimal(r, mark->rate));
}

/* False if no layer moves anything. */
static bool find_axes(const Html *html, const Roof *roof, Axes *axes)
{
    double x0 = INFINITY, x1 = 0, y0 = INFINITY;
    for (guint k = 0; k < html->marks->len; k++) {
        const Mark *mark = html_mark(html, k);
        if (mark->intensity[roof->memory] <= 0)
            continue;
        x0 = fmin(x0, mark->intensity[roof->memory]);
        x1 = fmax(x1, mark->intensity[roof->memory]);
        y0 = fmin(y0, mark->rate);
    }
    if (x1 <= 0)
        return false;
    *axes = (Axes){floor(log10(x0)), floor(log10(x1)) + 1, floor(log10(y0)),
                   floor(log10(roof->peak)) + 1};
    return true;
}

static void add_chart(const Html *html, const Roof *roof, const char *bytes)
{
    GString *out = html->out->text;
    Axes a;
    if (!find_axes(html, roof, &a))
        return;
    g_string_append_printf(out, "<svg viewBox=\"0 0 %d 400\" width=\"%d\" role=\"img\">",
                           HTML_WIDTH, HTML_WIDTH);
    add_grid(out, &a, bytes);
    add_roofs(out, &a, roof);
    for (guint k = 0; k < html->marks->len; k++) {
        if (html_mark(html, k)->intensity[roof->memory] > 0)
            add_roof_mark(out, &a, html_mark(html, k), roof->memory);
        output_spill(html->out);
    }
    g_string_append(out, "</svg>\n");
}

static void add_heading(GString *out, const char *memory)
{
    g_string_append(out, "<h2>Roofline");
    if (memory != NULL) {
        g_string_append(out, " of ");
        html_escape(out, memory);
    }
    g_string_append(out, "</h2>\n<p class=\"sub\">A mark a layer; the lines are what "
                         "the machine could do.</p>\n");
}

/* ---- all charts ------------------------------------------------------------------------- */

static void add_memory_roof(const Html *html, int m, double peak)
{
    const Machine *machine = &html->machine;
    const Memory *memory = &machine->memory[m];
    const Roof roof = {m, slope_of(machine, m), peak};
    g_autoptr(GString) bytes = g_string_new("MACs per byte of ");
    Axes axes;
    if ((roof.slope <= 0 && !memory->root) || !find_axes(html, &roof, &axes))
        return;
    html_escape(bytes, memory->name);
    add_heading(html->out->text, memory->name);
    add_chart(html, &roof, bytes->str);
}

void html_rooflines(const Html *html)
{
    const Machine *machine = &html->machine;
    double peak = (double) machine->pes * (double) machine->lanes;
    const Roof roof = {
        0, machine->offchip_bytes_per_s > 0 ? machine->offchip_bytes_per_s / machine->clock_hz : 0,
        peak};
    Axes axes;
    for (int m = 0; m < machine->n_memories; m++)
        add_memory_roof(html, m, peak);
    if (html->memories || !find_axes(html, &roof, &axes))
        return;
    add_heading(html->out->text, NULL);
    add_chart(html, &roof, "MACs per off-chip byte");
}
