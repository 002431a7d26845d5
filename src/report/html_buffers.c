/* What each layer needs of the memories, against what they have. */
#include <math.h>

#include "engine/cost_hierarchy.h"
#include "report/html_parts.h"
#include "report/number.h"

/* Of the machine, which is that of all layers. */
int64_t html_capacity(const Machine *m, int b)
{
    return m->n_memories > 0 ? b < m->n_memories ? cost_memory_bytes(&m->memory[b]) : 0
           : b == 0          ? m->l1_bytes
           : b == 1          ? m->l2_bytes
           : b <= LEVELS_MAX ? m->buffer_bytes[b - 1]
                             : 0;
}

/* L1, L2, and the buffers between that the machine gives or a layer needs; the memories of a
 * hierarchy. */
bool html_has_buffer(const Html *html, int b)
{
    if (html->memories)
        return b < html->machine.n_memories;
    for (guint k = 0; k < html->marks->len; k++)
        if (html_mark(html, k)->need[b] > 0 || html_capacity(&html->machine, b) > 0)
            return true;
    return b < 2;
}

char *html_buffer_name(const Machine *machine, int b)
{
    return machine->n_memories > 0 ? g_strdup(machine->memory[b].name)
           : b < 2                 ? g_strdup_printf("L%d", b + 1)
                                   : g_strdup_printf("buffer %d", b - 1);
}

void html_needs(const ReportEntry *e, int64_t need[BUFFERS_MAX], unsigned *exceeded)
{
    const Result *r = &e->result;
    int memories = e->machine->n_memories;
    for (int m = 0; m < memories; m++) {
        need[m] = cost_required(r, m);
        *exceeded |= entry_exceeds(e, m) ? 1u << m : 0;
    }
    if (memories > 0)
        return;
    need[0] = r->l1_required_bytes;
    need[1] = r->l2_required_bytes;
    for (int l = 1; l < r->n_levels; l++)
        need[l + 1] = r->buffer_required_bytes[l];
    for (int b = 0; b < BUFFERS_MAX; b++) {
        int64_t capacity = html_capacity(e->machine, b);
        *exceeded |= capacity > 0 && need[b] > capacity ? 1u << b : 0;
    }
}

/* ---- the chart ------------------------------------------------------------------------- */

enum { ROW = 20, BAR = 13, LABEL = 150, LABEL_WIDE = 205, TOP = 40, COLUMNS = 4, VALUE = 72 };

/* A column: its memory, and where it lies. */
typedef struct {
    int buffer;
    double left, full; /* of the bar; full: where the capacity is */
    int64_t capacity;
} Column;

static void add_head(const Html *html, const Column *c, double width)
{
    GString *out = html->out->text;
    g_autofree char *name = html_buffer_name(&html->machine, c->buffer);
    g_autoptr(GString) given = g_string_new(NULL);
    if (c->capacity > 0)
        number_scaled(given, (double) c->capacity, "bytes");
    else
        g_string_append(given, "not given");
    svg_label(out, c->left, 14, ANCHOR_START, "bold", name, width - 10);
    svg_label(out, c->left, 29, ANCHOR_START, "dim", given->str, width - 10);
}

/* The bar goes on a little beyond the capacity, then it is cut. */
static void add_cell(GString *out, const Column *c, double y, const Mark *mark)
{
    int64_t need = mark->need[c->buffer];
    bool exceeded = mark->exceeded >> c->buffer & 1;
    double length = c->full - c->left, limit = length + 8, text_at = c->left;
    g_autoptr(GString) value = g_string_new(NULL);
    number_scaled(value, (double) need, "bytes");
    g_string_append(value, exceeded ? " !" : "");
    if (c->capacity > 0) {
        svg_put(out, "<rect class=\"box\" x=\"@\" y=\"@\" width=\"@\" height=\"@\"/>", c->left, y,
                length, (double) BAR);
        double wide = fmin(limit, length * (double) need / (double) c->capacity);
        svg_put(out, "<rect class=\"mark $\" x=\"@\" y=\"@\" width=\"@\" height=\"@\"/>",
                exceeded ? "c2" : "c0", c->left, y, fmax(wide, need > 0 ? 1 : 0), (double) BAR);
        svg_line(out, c->full, y - 2, c->full, y + BAR + 2, "limit");
        text_at = c->left + limit + 4;
    }
    svg_text(out, text_at, y + BAR - 2, ANCHOR_START, exceeded ? "bad" : "", value->str);
}

static void add_chart(const Html *html, const int *buffer, int n)
{
    GString *out = html->out->text;
    double label = n < COLUMNS ? LABEL_WIDE : LABEL, width = (SVG_WIDTH - label) / n;
    Column column[COLUMNS];
    svg_open(out, SVG_WIDTH, TOP + html->drawn->len * (double) ROW, "Need of each memory",
             "A bar for each layer; the upright line is the capacity.");
    for (int c = 0; c < n; c++) {
        double left = label + c * width;
        column[c] = (Column){buffer[c], left, left + fmax(20, fmin(240, width - VALUE - 22)),
                             html_capacity(&html->machine, buffer[c])};
        add_head(html, &column[c], width);
    }
    for (guint k = 0; k < html->drawn->len; k++) {
        const Mark *mark = html_mark(html, g_array_index(html->drawn, guint, k));
        g_autofree char *name = html_name(mark, html->several);
        double y = TOP + k * (double) ROW;
        svg_label(out, label - 8, y + BAR - 2, ANCHOR_END, "", name, label - 10);
        for (int c = 0; c < n; c++)
            add_cell(out, &column[c], y, mark);
        g_string_append_c(out, '\n');
        output_spill(html->out);
    }
    svg_close(out);
}

void html_buffers(const Html *html)
{
    GString *out = html->out->text;
    int buffer[BUFFERS_MAX], n = 0;
    for (int b = 0; b < BUFFERS_MAX; b++)
        if (html_has_buffer(html, b))
            buffer[n++] = b;
    page_section(out, "buffers", "Buffers: what is needed, and of what is there");
    g_string_append(out, "<p>The upright line of a memory is its capacity, at the same place for "
                         "all layers; what needs more is marked <b>!</b>, and its bar is cut. "
                         "Needs are of one instance.");
    html_say_drawn(html);
    g_string_append(out, "</p>\n<div class=\"charts\">\n");
    for (int b = 0; b < n; b += COLUMNS)
        add_chart(html, buffer + b, MIN(COLUMNS, n - b));
    g_string_append(out, "</div>\n");
    page_section_end(out);
}
