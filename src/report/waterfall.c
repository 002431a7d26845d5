#include "report/waterfall.h"

#include <math.h>

#include "report/number.h"

enum { ROW = 19, BAR = 14, LABEL_MOST = 310, VALUE = 76, TOP = 4, RIGHT = SVG_WIDTH - VALUE };

/* As much room as the names need. */
static double label_width(const WaterfallPart *parts, int n)
{
    double most = 0;
    for (int p = 0; p < n; p++)
        most = fmax(most, svg_width(parts[p].label) * (parts[p].total ? 1.1 : 1));
    return fmin(most + 10, LABEL_MOST);
}

static double farthest(const WaterfallPart *parts, int n)
{
    double sum = 0, most = 0;
    for (int p = 0; p < n; p++) {
        sum = parts[p].total ? parts[p].value : sum + parts[p].value;
        most = fmax(most, sum);
    }
    return most;
}

static void add_part(GString *out, const Scale *x, double y, const WaterfallPart *part,
                     double before, double after, const char *unit)
{
    g_autoptr(GString) value = g_string_new(part->total || part->value < 0 ? "" : "+");
    double left = scale_at(x, fmin(before, after)), right = scale_at(x, fmax(before, after));
    g_autofree char *kind = g_strdup_printf("mark c%d", part->colour % SVG_COLOURS);
    number_scaled(value, part->value, unit);
    svg_label(out, x->from - 6, y + BAR - 3, ANCHOR_END, part->total ? "bold" : "", part->label,
              x->from - 8);
    svg_put(out, "<rect class=\"$\" x=\"@\" y=\"@\" width=\"@\" height=\"@\"/>", kind, left, y,
            fmax(right - left, 1), (double) BAR);
    svg_text(out, right + 5, y + BAR - 3, ANCHOR_START, part->total ? "bold" : "", value->str);
    g_string_append_c(out, '\n');
}

/* In words, for who does not see it. */
static char *describe(const WaterfallPart *parts, int n, const char *unit)
{
    GString *text = g_string_new(NULL);
    for (int p = 0; p < n; p++) {
        g_string_append_printf(text, "%s%s ", p ? ", " : "", parts[p].label);
        number_scaled(text, parts[p].value, unit);
    }
    return g_string_free(text, FALSE);
}

void waterfall_draw(GString *out, const char *title, const char *axis, const char *unit,
                    const WaterfallPart *parts, int n)
{
    const Scale x = scale_from_zero(farthest(parts, n), label_width(parts, n), RIGHT);
    double bottom = TOP + (double) n * ROW, sum = 0;
    g_autofree char *desc = describe(parts, n, unit);
    svg_open(out, SVG_WIDTH, bottom + 40, title, desc);
    scale_draw_x(out, &x, 0, bottom, axis);
    for (int p = 0; p < n; p++) {
        double before = parts[p].total ? 0 : sum;
        sum = before + parts[p].value;
        double y = TOP + p * (double) ROW, at = scale_at(&x, sum);
        add_part(out, &x, y, &parts[p], before, sum, unit);
        if (p + 1 < n && !(parts[p].total && parts[p + 1].total))
            svg_line(out, at, y + BAR, at, y + ROW, "axis");
    }
    svg_close(out);
}
