/* Stacked bars, a bar a layer, under an axis with round ticks. */
#include <math.h>

#include "report/html_parts.h"
#include "report/number.h"

enum { ROW = 20, BAR = 15, LABEL = 190, VALUE = 66, TOP = 6, RIGHT = SVG_WIDTH - VALUE };

static double runs_of(const Bars *bars, const Mark *mark)
{
    return bars->runs ? (double) mark->count : 1;
}

static double bar_length(const Bars *bars, const Mark *mark)
{
    double sum = 0;
    for (int p = 0; p < bars->n; p++)
        sum += bars->parts(mark)[p];
    return sum * bars->factor * runs_of(bars, mark);
}

static GString *value_of(const Bars *bars, double value)
{
    GString *out = g_string_new(NULL);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (bars->full > 0)
        g_string_append_printf(out, "%s%s", g_ascii_formatd(text, sizeof text, "%.1f", value),
                               bars->unit);
    else
        number_scaled(out, value, bars->unit);
    return out;
}

static void add_bar(const Html *html, const Bars *bars, const Mark *mark, double y, const Scale *x)
{
    GString *out = html->out->text;
    double so_far = 0, length = bar_length(bars, mark);
    g_autofree char *own = html_name(mark, html->several);
    bool taken = html->compare != NULL && !mark->beside;
    g_autofree char *name = g_strconcat(taken ? "★ " : "", own, NULL);
    g_autoptr(GString) total = value_of(bars, length);
    svg_put(out, "<g><title>$: $</title>", name, total->str);
    svg_label(out, LABEL - 6, y + BAR - 3, ANCHOR_END, mark->beside ? "dim" : "", name, LABEL - 8);
    for (int p = 0; p < bars->n; p++) {
        double value = bars->parts(mark)[p] * bars->factor * runs_of(bars, mark);
        if (value <= 0)
            continue;
        g_autoptr(GString) shown = value_of(bars, value);
        svg_part(out, scale_at(x, so_far), y, scale_at(x, so_far + value) - scale_at(x, so_far),
                 BAR, p, bars->names[p], shown->str);
        so_far += value;
    }
    svg_text(out, scale_at(x, length) + 5, y + BAR - 3, ANCHOR_START, "", total->str);
    if (bars->ideal) {
        double at = scale_at(x, mark->ideal * runs_of(bars, mark));
        svg_line(out, at, y - 3, at, y + 2, "limit");
        svg_line(out, at, y + BAR - 2, at, y + BAR + 3, "limit");
    }
    g_string_append(out, "</g>\n");
}

/* Whether some bar has such a part. */
static bool has_part(const Html *html, const Bars *bars, int part)
{
    for (guint k = 0; k < html->drawn->len; k++)
        if (bars->parts(html_mark(html, g_array_index(html->drawn, guint, k)))[part] > 0)
            return true;
    return false;
}

static void add_caption(const Html *html, const Bars *bars)
{
    GString *out = html->out->text;
    svg_put(out, "<figure>\n<figcaption><h3>$</h3><p>$", bars->title, bars->desc);
    html_say_drawn(html);
    if (html->compare != NULL)
        g_string_append(out, " ★: the dataflow that the adaptive choice takes.");
    g_string_append(out, "</p>");
    if (bars->n > 1) {
        const char *names[COST_PARTS];
        for (int p = 0; p < bars->n; p++)
            names[p] = has_part(html, bars, p) ? bars->names[p] : NULL;
        page_legend(out, names, bars->n);
    }
    g_string_append(out, "</figcaption>\n");
}

void html_bars(const Html *html, const Bars *bars)
{
    GString *out = html->out->text;
    double longest = bars->full, bottom = (double) html->drawn->len * ROW + TOP;
    for (guint k = 0; k < html->drawn->len && bars->full <= 0; k++)
        longest =
            fmax(longest, bar_length(bars, html_mark(html, g_array_index(html->drawn, guint, k))));
    if (longest <= 0)
        return;
    const Scale x = scale_from_zero(longest, LABEL, RIGHT);
    add_caption(html, bars);
    svg_open(out, SVG_WIDTH, bottom + 40, bars->title, bars->desc);
    scale_draw_x(out, &x, 0, bottom, bars->axis);
    for (guint k = 0; k < html->drawn->len; k++) {
        add_bar(html, bars, html_mark(html, g_array_index(html->drawn, guint, k)),
                TOP + k * (double) ROW, &x);
        output_spill(html->out);
    }
    svg_close(out);
    g_string_append(out, "</figure>\n");
}
