/* Rooflines: of off-chip memory and L2, or of the memories of a hierarchy.
 *
 *     intensity   = effectual MACs / bytes that move (density and widths counted)
 *     performance = effectual MACs / cycles
 *
 * The bytes of L2 are those that the first NoC brings in.  A layer lies on or below the roof, as
 * cycles >= bytes / bandwidth and cycles >= effectual MACs / (PEs * lanes).  Of a memory that has a
 * limit one way only, the bytes are those that go this way; partial sums that are read back are
 * left out, as not all of them leave it. */
#include <math.h>

#include "engine/cost_hierarchy.h"
#include "engine/offchip.h"
#include "report/html_parts.h"
#include "report/number.h"
#include "report/plot.h"

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
            double done = t == layer->op.output ? hierarchy_finished(e->machine, r, p, t) : 0;
            double width =
                (1 - done) * (double) e->machine->bits[t] + done * (double) e->machine->done_bits;
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

/* What the first NoC of a classic machine brings from L2, in the units that its bandwidth is in. */
static double noc_units(const ReportEntry *e)
{
    const Noc *noc = &e->machine->noc[0];
    double moved = 0;
    for (int t = 0; t < e->layer->op.n_tensors; t++) {
        const TensorCounts *counts = &e->result.level[0].tensor[t];
        int64_t in = t == e->layer->op.output ? counts->psum_reads : counts->reads;
        moved +=
            (double) in * e->layer->density[t] * (noc->in_bits ? (double) e->machine->bits[t] : 1);
    }
    return moved;
}

/* Of separate channels all together, which no layer has more of. */
static double noc_rate(const Html *html)
{
    const Noc *noc = &html->machine.noc[0];
    double rate = rational_real(noc->bandwidth[0]);
    for (int t = 1; t < html->n_tensors && noc->per_tensor; t++) {
        if (noc->bandwidth[t].num == 0)
            return 0;
        rate += rational_real(noc->bandwidth[t]);
    }
    return noc->bandwidth[0].num == 0 ? 0 : rate;
}

void html_intensities(const ReportEntry *e, double intensity[MEMORIES_MAX])
{
    int memories = e->machine->n_memories;
    for (int m = 0; m < MAX(memories, (int) ROOFS_CLASSIC); m++) {
        double moved = memories > 0        ? limited_bytes(e, m)
                       : m == ROOF_OFFCHIP ? offchip_traffic(e->layer, e->machine, &e->result)
                                           : noc_units(e);
        intensity[m] = moved > 0 ? (double) e->result.effectual_macs / moved : 0;
    }
}

/* ---- a chart -------------------------------------------------------------------------- */

enum { HEIGHT = 380, NAMES_MOST = 30, BESIDE = 3 };

/* One of the roofs. */
typedef struct {
    int number;
    char *name;         /* owned */
    const char *unit;   /* of what moves: "byte" */
    double slope, peak; /* units and MACs a cycle; slope 0: not limited */
} Roof;

/* False if no layer moves anything. */
static bool find_axes(const Html *html, const Roof *roof, Plot *plot)
{
    double x0 = INFINITY, x1 = 0, y0 = INFINITY;
    for (guint k = 0; k < html->marks->len; k++) {
        const Mark *mark = html_mark(html, k);
        if (mark->intensity[roof->number] <= 0)
            continue;
        x0 = fmin(x0, mark->intensity[roof->number]);
        x1 = fmax(x1, mark->intensity[roof->number]);
        y0 = fmin(y0, mark->rate);
    }
    if (x1 <= 0)
        return false;
    plot->x = scale_decades(x0, x1, PLOT_LEFT, PLOT_RIGHT);
    plot->y = scale_decades(y0, roof->peak, plot_bottom(HEIGHT), PLOT_TOP);
    return true;
}

/* The machine's limits: its MACs per cycle, and what moves per cycle times intensity. */
static void add_roof(GString *out, Plot *p, const Roof *roof)
{
    double low = p->x.low, high = p->x.high, ridge = low;
    if (roof->slope > 0) {
        ridge = fmin(high, fmax(low, roof->peak / roof->slope));
        double from = fmax(low, p->y.low / roof->slope);
        if (from < ridge)
            plot_line(out, p, from, from * roof->slope, ridge, ridge * roof->slope, "roof");
    }
    if (ridge < high)
        plot_line(out, p, ridge, roof->peak, high, roof->peak, "roof");
}

static GArray *dots_of(const Html *html, const Roof *roof)
{
    static const char *const kinds[][2] = {{"c0", "cloud c0"}, {"c1", "cloud c1"},
                                           {"c2", "cloud c2"}, {"c3", "cloud c3"},
                                           {"c4", "cloud c4"}, {"c6", "cloud c6"}};
    GArray *dots = plot_dots_new();
    for (guint k = 0; k < html->marks->len; k++) {
        const Mark *mark = html_mark(html, k);
        double x = mark->intensity[roof->number];
        g_autofree char *name = html_name(mark, true);
        g_autoptr(GString) hint = g_string_new(name);
        bool other = mark->beside && html->compare != NULL;
        if (x <= 0)
            continue;
        g_string_append(hint, ": ");
        number_short(hint, x);
        g_string_append_printf(hint, " MACs/%s, ", roof->unit);
        number_short(hint, mark->rate);
        g_string_append(hint, " MACs/cycle");
        Dot dot = {.x = x,
                   .y = mark->rate,
                   .shape = mark->beside && html->compare == NULL ? BESIDE : mark->run % SVG_SHAPES,
                   .radius = 5,
                   .weight = mark->cycles * (double) mark->count,
                   .kind = kinds[(mark->run + (mark->beside && html->compare == NULL)) %
                                 (int) G_N_ELEMENTS(kinds)][other],
                   .label = other ? NULL : g_strdup(mark->name),
                   .hint = g_strdup(hint->str),
                   .href = g_strdup_printf("#l%u", mark->number)};
        g_array_append_val(dots, dot);
    }
    return dots;
}

static void add_caption(const Html *html, const Roof *roof)
{
    GString *out = html->out->text;
    svg_put(out, "<figure>\n<figcaption><h3>Roof of $</h3><p>Flat: ", roof->name);
    number_short(out, roof->peak);
    g_string_append(out, " MACs a cycle, all that there are. ");
    if (roof->slope > 0) {
        g_string_append(out, "Sloped: ");
        number_short(out, roof->slope);
        svg_put(out, " $s a cycle. The two meet at ", roof->unit);
        g_autofree char *ridge = scale_number(roof->peak / roof->slope);
        svg_put(out, "$ MACs per $.", ridge, roof->unit);
    } else {
        g_string_append(out, "No bandwidth is given: nothing slopes.");
    }
    g_string_append(out, "</p>");
    if (html->compare != NULL) {
        for (int r = 0; r < compare_runs(html->compare); r++)
            svg_put(out, r ? ", $: $" : "<p>$: $", svg_shape_name(r), html->runs[r]->dataflow);
        g_string_append(out, "; pale and without a name: not taken</p>");
    } else if (html->beside) {
        svg_put(out, "<p>$: what is best, $: what it is compared with</p>", svg_shape_name(0),
                svg_shape_name(BESIDE));
    }
    g_string_append(out, "</figcaption>\n");
}

static void add_chart(const Html *html, const Roof *roof)
{
    GString *out = html->out->text;
    g_autofree char *title = g_strdup_printf("Roofline of %s", roof->name);
    g_autofree char *x_title = g_strdup_printf("MACs per %s of %s", roof->unit, roof->name);
    Plot plot = {.title = title,
                 .desc = "A dot for each layer, below the line that the machine cannot pass.",
                 .x_title = x_title,
                 .y_title = "MACs per cycle",
                 .height = HEIGHT};
    if (!find_axes(html, roof, &plot))
        return;
    g_autoptr(GArray) dots = dots_of(html, roof);
    add_caption(html, roof);
    plot_open(out, &plot);
    add_roof(out, &plot, roof);
    guint left_out = plot_dots(out, &plot, dots, NAMES_MOST);
    plot_close(out);
    if (left_out > 0)
        g_string_append_printf(out,
                               "<p class=\"note\">%u more names have no room: those that take most "
                               "time come first.</p>\n",
                               left_out);
    g_string_append(out, "</figure>\n");
    output_spill(html->out);
}

/* ---- all charts ------------------------------------------------------------------------- */

static void add_memory_roof(const Html *html, int m, double peak)
{
    const Memory *memory = &html->machine.memory[m];
    Roof roof = {m, g_strdup(memory->name), "byte", slope_of(&html->machine, m), peak};
    if (roof.slope > 0 || memory->root)
        add_chart(html, &roof);
    g_free(roof.name);
}

static void add_classic_roofs(const Html *html, double peak)
{
    const Machine *machine = &html->machine;
    double bytes = machine_offchip_most(machine), rate = noc_rate(html);
    Roof offchip = {ROOF_OFFCHIP, g_strdup("off-chip memory"), "byte", bytes, peak};
    Roof l2 = {ROOF_L2, g_strdup("L2, over NoC 0"), machine->noc[0].in_bits ? "bit" : "element",
               rate, peak};
    add_chart(html, &offchip);
    if (rate > 0)
        add_chart(html, &l2);
    g_free(offchip.name);
    g_free(l2.name);
}

void html_rooflines(const Html *html)
{
    GString *out = html->out->text;
    double peak = (double) html->machine.pes * (double) html->machine.lanes;
    page_section(out, "roofs", "Rooflines");
    g_string_append(out, "<p>Each memory with a bandwidth has its own roof: a layer lies at the "
                         "MACs that it does for each byte (or element) that this memory moves, so "
                         "the same layer lies elsewhere under another roof. Close to the slope the "
                         "memory holds it back, close to the flat the MACs do; far below both, "
                         "something else does. A name with +2 stands for two more layers in "
                         "the same place.</p>\n<div class=\"charts\">\n");
    for (int m = 0; m < html->machine.n_memories; m++)
        add_memory_roof(html, m, peak);
    if (!html->memories)
        add_classic_roofs(html, peak);
    g_string_append(out, "</div>\n");
    page_section_end(out);
}
