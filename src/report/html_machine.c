/* The machine from the outside in: boxes are memories, between them is what they are joined by. */
#include "report/html_parts.h"

#include "engine/cost_hierarchy.h"
#include "report/number.h"

enum { WIDTH = 440, INDENT = 16, LINE = 16, LINES_MAX = 4, PART_GAP = 2 };

/* A box, or a wire where `fan` is not 0: how many units it leads to. */
typedef struct {
    bool box;
    int64_t units;         /* of a box: instances; of a wire: units that it leads to */
    char *line[LINES_MAX]; /* owned, the first one is its name */
    int lines, depth;
} Part;

typedef struct {
    const Html *html;
    GArray *parts; /* of Part */
    int depth;     /* fan-outs so far */
} Picture;

static void clear_part(gpointer data)
{
    Part *part = data;
    for (int k = 0; k < part->lines; k++)
        g_free(part->line[k]);
}

/* Boxes that nothing stands between are joined by a wire all the same. */
static Part *add_part(Picture *p, bool box, int64_t units)
{
    const Part wire = {.box = false, .units = 1, .depth = p->depth};
    if (box && p->parts->len > 0 && g_array_index(p->parts, Part, p->parts->len - 1).box)
        g_array_append_val(p->parts, wire);
    Part part = {.box = box, .units = units, .depth = p->depth};
    g_array_append_val(p->parts, part);
    return &g_array_index(p->parts, Part, p->parts->len - 1);
}

static void add_line(Part *part, GString *line)
{
    if (line->len > 0 && part->lines < LINES_MAX)
        part->line[part->lines++] = g_string_free(line, FALSE);
    else
        g_string_free(line, TRUE);
}

static void add_words(Part *part, const char *words)
{
    add_line(part, g_string_new(words));
}

/* ---- figures in words -------------------------------------------------------------------- */

static void append_rate(GString *out, Rational rate)
{
    if (rate.num == 0)
        g_string_append(out, "unlimited");
    else
        number_short(out, rational_real(rate));
}

static const char *rate_unit(bool in_bits)
{
    return in_bits ? " bits/cycle" : " elements/cycle";
}

static const char *tensor_name(const Html *html, int t)
{
    return t < html->n_tensors ? html->tensor[t] : "tensor";
}

void html_bandwidth(const Html *html, const Noc *noc, GString *out)
{
    bool any = false;
    if (!noc->per_tensor) {
        append_rate(out, noc->bandwidth[0]);
        any = noc->bandwidth[0].num > 0;
    }
    for (int t = 0; t < html->n_tensors && noc->per_tensor; t++) {
        g_string_append_printf(out, "%s%s ", t ? ", " : "", tensor_name(html, t));
        append_rate(out, noc->bandwidth[t]);
        any |= noc->bandwidth[t].num > 0;
    }
    g_string_append(out, any ? rate_unit(noc->in_bits) : " bandwidth");
}

static GString *words_of_noc(const Noc *noc)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%smulticast, %sreduction, ", noc->multicast ? "" : "no ",
                           noc->reduction ? "" : "no ");
    number_count(out, noc->latency);
    g_string_append(out, noc->latency == 1 ? " cycle" : " cycles");
    return out;
}

static GString *words_of_capacity(int64_t bytes, const char *otherwise)
{
    GString *out = g_string_new(NULL);
    if (bytes > 0)
        number_scaled(out, (double) bytes, "bytes");
    else
        g_string_append(out, otherwise);
    return out;
}

static void append_holds(const Html *html, GString *out, unsigned tensors)
{
    const char *separator = ", holds ";
    for (int t = 0; t < html->n_tensors; t++)
        if (tensors >> t & 1) {
            g_string_append_printf(out, "%s%s", separator, tensor_name(html, t));
            separator = ", ";
        }
}

static GString *words_of_port(const Port *port)
{
    GString *out = g_string_new(NULL);
    if (port->both.num > 0) {
        append_rate(out, port->both);
        g_string_append_printf(out, "%s, both ways together", rate_unit(port->in_bits));
        return out;
    }
    if (port->read.num == 0 && port->write.num == 0)
        return g_string_append(out, "unlimited bandwidth");
    g_string_append(out, "reads ");
    append_rate(out, port->read);
    g_string_append(out, ", writes ");
    append_rate(out, port->write);
    return g_string_append(out, rate_unit(port->in_bits));
}

/* ---- a hierarchy -------------------------------------------------------------------------- */

static void add_memory(Picture *p, int m)
{
    const Machine *machine = &p->html->machine;
    const Memory *memory = &machine->memory[m];
    Part *part = add_part(p, true, cost_memory_units(machine, m));
    int64_t bytes = cost_memory_bytes(memory);
    GString *holds = words_of_capacity(bytes, memory->root ? "no limit" : "no capacity given");
    if (memory->partitioned)
        g_string_append(holds, " in shares");
    append_holds(p->html, holds, memory->holds);
    add_words(part, memory->name);
    add_line(part, holds);
    add_line(part, words_of_port(&memory->port));
}

static void add_fanout(Picture *p, int f)
{
    const Machine *machine = &p->html->machine;
    const Fanout *fanout = &machine->fanout[f];
    Part *part = add_part(p, false, fanout->size);
    GString *head = g_string_new(fanout->name), *band = g_string_new(NULL);
    g_string_append_printf(head, ": %" G_GINT64_FORMAT " units", fanout->size);
    html_bandwidth(p->html, &fanout->noc, band);
    add_line(part, head);
    add_line(part, band);
    add_line(part, words_of_noc(&fanout->noc));
    p->depth++;
}

static void add_macs(Picture *p, int64_t units)
{
    const Machine *machine = &p->html->machine;
    Part *part = add_part(p, true, units);
    GString *words = g_string_new(NULL);
    g_string_append_printf(words, "%" G_GINT64_FORMAT " a cycle", machine->lanes);
    add_words(part, "MAC");
    add_line(part, words);
}

static void add_hierarchy(Picture *p)
{
    const Machine *machine = &p->html->machine;
    int m = 0;
    for (int f = 0; f <= machine->n_fanouts; f++) {
        int outside = f < machine->n_fanouts ? machine->fanout[f].memories : machine->n_memories;
        for (; m < outside; m++)
            add_memory(p, m);
        if (f < machine->n_fanouts)
            add_fanout(p, f);
    }
    add_macs(p, machine->pes);
}

/* ---- the classic form --------------------------------------------------------------------- */

static void add_offchip(Picture *p)
{
    const Machine *machine = &p->html->machine;
    Part *memory = add_part(p, true, 1);
    add_words(memory, "off-chip memory");
    add_words(memory, "holds all tensors");
    Part *wire = add_part(p, false, 1);
    GString *band = g_string_new(NULL);
    const double rate = rational_real(machine->offchip.rate);
    if (machine->offchip.elements && rate > 0) {
        number_short(band, rate);
        g_string_append(band, rate_unit(false));
    } else if (rate > 0) {
        number_scaled(band, machine_offchip_per_s(machine), "B/s");
        g_string_append(band, ", ");
        number_short(band, rate / 8);
        g_string_append(band, " bytes/cycle");
    } else {
        g_string_append(band, "unlimited bandwidth");
    }
    add_line(wire, band);
}

static void append_children(GString *out, const Html *html, int level)
{
    bool last = level + 1 == html->levels;
    g_string_append_printf(out, "%" G_GINT64_FORMAT, html->least[level]);
    if (html->most[level] != html->least[level])
        g_string_append_printf(out, " to %" G_GINT64_FORMAT, html->most[level]);
    g_string_append(out, last ? " PEs" : " clusters");
    g_string_append(out, level > 0 ? " in each" : "");
}

static void add_level(Picture *p, int level)
{
    const Html *html = p->html;
    const Noc *noc = &html->machine.noc[level];
    Part *wire = add_part(p, false, html->most[level]);
    GString *head = g_string_new(NULL), *band = g_string_new(NULL);
    g_string_append_printf(head, "NoC %d: ", level);
    append_children(head, html, level);
    html_bandwidth(html, noc, band);
    add_line(wire, head);
    add_line(wire, band);
    add_line(wire, words_of_noc(noc));
    p->depth++;
    int64_t bytes = level + 1 < html->levels ? html->machine.buffer_bytes[level + 1] : 0;
    if (bytes > 0) {
        Part *buffer = add_part(p, true, html->most[level]);
        add_line(buffer, g_string_new("cluster"));
        GString *words = g_string_new(NULL);
        g_string_append_printf(words, "buffer %d: ", level + 1);
        number_scaled(words, (double) bytes, "bytes");
        add_line(buffer, words);
    }
}

static void add_classic(Picture *p)
{
    const Machine *machine = &p->html->machine;
    add_offchip(p);
    Part *l2 = add_part(p, true, 1);
    add_words(l2, "L2");
    GString *words = words_of_capacity(machine->l2_bytes, "no capacity given");
    add_line(l2, g_string_append(words, ", holds tiles of all tensors"));
    for (int l = 0; l < p->html->levels; l++)
        add_level(p, l);
    Part *pe = add_part(p, true, machine->pes);
    GString *l1 = words_of_capacity(machine->l1_bytes, "no capacity given");
    g_string_prepend(l1, "L1: ");
    g_string_append_printf(l1, ", %" G_GINT64_FORMAT " MAC%s a cycle", machine->lanes,
                           machine->lanes == 1 ? "" : "s");
    add_words(pe, "PE");
    add_line(pe, l1);
}

/* ---- drawing ------------------------------------------------------------------------------ */

static double height_of(const Part *part)
{
    return part->lines * LINE + (part->box ? 12 : 10);
}

static double left_of(const Part *part)
{
    return 4 + INDENT * (double) MIN(part->depth, 9);
}

/* Many of one kind are a stack. */
static void draw_box(GString *out, const Part *part, double y)
{
    double x = left_of(part), high = height_of(part), width = WIDTH - x - 12;
    g_autoptr(GString) name = g_string_new(part->line[0]);
    for (int k = part->units > 1 ? 2 : 0; k >= 0; k--)
        svg_put(out, "<rect class=\"box\" x=\"@\" y=\"@\" width=\"@\" height=\"@\" rx=\"4\"/>",
                x + 4 * k, y + 3 * k, width - 4, high);
    g_autofree char *times = g_strdup_printf("× %" G_GINT64_FORMAT, part->units);
    double room = part->units > 1 ? svg_width(times) + 16 : 0;
    svg_label(out, x + 10, y + LINE, ANCHOR_START, "bold", name->str, width - 24 - room);
    if (part->units > 1)
        svg_text(out, x + width - 12, y + LINE, ANCHOR_END, "bold", times);
    for (int k = 1; k < part->lines; k++)
        svg_label(out, x + 10, y + LINE * (k + 1), ANCHOR_START, "", part->line[k], width - 24);
}

static void draw_wire(GString *out, const Part *part, double y)
{
    double x = left_of(part) + 24, high = height_of(part) + PART_GAP;
    if (part->units > 1)
        for (int k = -1; k <= 1; k++)
            svg_line(out, x, y - PART_GAP + 4, x + 12 * k + (k > 0 ? 4 : 0), y + high, "wire");
    svg_line(out, x, y - PART_GAP, x, part->units > 1 ? y + 4 : y + high, "wire");
    for (int k = 0; k < part->lines; k++)
        svg_label(out, x + 28, y + LINE * (k + 1) - 3, ANCHOR_START, k ? "dim" : "", part->line[k],
                  WIDTH - x - 36);
}

static double total_height(const GArray *parts)
{
    double high = 4;
    for (guint k = 0; k < parts->len; k++) {
        const Part *part = &g_array_index(parts, Part, k);
        high += height_of(part) + PART_GAP + (part->box && part->units > 1 ? 6 : 0);
    }
    return high;
}

static char *describe(const GArray *parts)
{
    GString *out = g_string_new(NULL);
    for (guint k = 0; k < parts->len; k++) {
        const Part *part = &g_array_index(parts, Part, k);
        for (int line = 0; line < part->lines; line++)
            g_string_append_printf(out, "%s%s", line ? ", " : k ? ". " : "", part->line[line]);
        if (part->box && part->units > 1)
            g_string_append_printf(out, ", %" G_GINT64_FORMAT " of them", part->units);
    }
    return g_string_free(out, FALSE);
}

static void draw(GString *out, const GArray *parts)
{
    double y = 4;
    g_autofree char *desc = describe(parts);
    svg_open(out, WIDTH, total_height(parts), "The machine from the outside in", desc);
    for (guint k = 0; k < parts->len; k++) {
        const Part *part = &g_array_index(parts, Part, k);
        if (part->box)
            draw_box(out, part, y);
        else
            draw_wire(out, part, y);
        g_string_append_c(out, '\n');
        y += height_of(part) + PART_GAP + (part->box && part->units > 1 ? 6 : 0);
    }
    svg_close(out);
}

static void add_caption(const Html *html)
{
    GString *out = html->out->text;
    const Machine *machine = &html->machine;
    g_autoptr(GString) clock = g_string_new(NULL);
    number_scaled(clock, machine->clock_hz, "Hz");
    svg_put(out, "<figcaption>$: ", machine->name ? machine->name : "machine");
    number_count(out, machine->pes);
    svg_put(out, " PEs at $", clock->str);
    for (int t = 0; t < html->n_tensors; t++) {
        svg_put(out, t ? ", $ " : "; bits of an element: $ ", html->tensor[t]);
        number_count(out, machine->bits[t]);
    }
    if (html->first != NULL)
        svg_put(out, ". Tensors are those of layer $.", html->first);
    g_string_append(out, "</figcaption>\n");
}

void html_machine(const Html *html)
{
    GString *out = html->out->text;
    Picture picture = {html, g_array_new(FALSE, TRUE, sizeof(Part)), 0};
    g_array_set_clear_func(picture.parts, clear_part);
    g_string_append(out, "<figure class=\"machine\">\n");
    if (!html->has_machine) {
        g_string_append(out, "<p>The machine is not known: no layer could be read.</p>\n");
    } else {
        if (html->memories)
            add_hierarchy(&picture);
        else
            add_classic(&picture);
        draw(out, picture.parts);
        add_caption(html);
    }
    g_string_append(out, "</figure>\n");
    g_array_free(picture.parts, TRUE);
}
