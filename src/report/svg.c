/* Numbers have the point of the C locale whatever the user's is. */
#include "report/svg.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "report/number.h"
#include "report/printable.h"

void html_escape(GString *out, const char *text)
{
    g_autofree char *readable = printable_text(text);
    g_autofree char *escaped = g_markup_escape_text(readable, -1);
    g_string_append(out, escaped);
}

/* Hundredths of a pixel are enough. */
static void add_number(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double rounded = round(value * 100) / 100;
    g_string_append(out, g_ascii_formatd(text, sizeof text, "%.7g", rounded + 0.0));
}

void svg_put(GString *out, const char *form, ...)
{
    va_list values;
    va_start(values, form);
    for (const char *c = form; *c != '\0'; c++) {
        if (*c == '@')
            add_number(out, va_arg(values, double));
        else if (*c == '$')
            html_escape(out, va_arg(values, const char *));
        else
            g_string_append_c(out, *c);
    }
    va_end(values);
}

void svg_open(GString *out, double width, double height, const char *title, const char *desc)
{
    svg_put(out,
            "<svg viewBox=\"0 0 @ @\" width=\"@\" role=\"img\" aria-label=\"$\">"
            "<title>$</title><desc>$</desc>\n",
            width, height, width, title, title, desc);
}

void svg_close(GString *out)
{
    g_string_append(out, "</svg>\n");
}

/* ---- texts ----------------------------------------------------------------------------- */

/* Of a wide font at 12 px: one that is narrower leaves some room. */
static double char_width(gunichar c)
{
    if (c < 0x80 && strchr("il.,:;'|!()[]j ", (int) c) != NULL)
        return 4.8;
    if (c < 0x80 && strchr("mwMW@%", (int) c) != NULL)
        return 11.8;
    if (g_unichar_iszerowidth(c))
        return 0;
    return c >= 0x2000 || g_unichar_iswide(c) ? 13 : g_unichar_isupper(c) ? 8.6 : 7.6;
}

double svg_width(const char *text)
{
    g_autofree char *readable = printable_text(text);
    double width = 0;
    for (const char *p = readable; *p != '\0'; p = g_utf8_next_char(p))
        width += char_width(g_utf8_get_char(p));
    return width;
}

/* How much of the text, from its begin or from its end, is no wider than that. */
static const char *fitting(const char *text, double width, bool from_end)
{
    const char *end = text + strlen(text), *at = from_end ? end : text;
    while (from_end ? at > text : at < end) {
        const char *next = from_end ? g_utf8_prev_char(at) : g_utf8_next_char(at);
        width -= char_width(g_utf8_get_char(from_end ? next : at));
        if (width < 0)
            break;
        at = next;
    }
    return at;
}

/* Names differ at their ends more often than in the middle. */
char *svg_cut(const char *text, double width)
{
    g_autofree char *readable = printable_text(text);
    if (svg_width(readable) <= width)
        return g_steal_pointer(&readable);
    double room = width - char_width(0x2026);
    const char *head = fitting(readable, room * 0.5, false);
    return g_strdup_printf("%.*s…%s", (int) (head - readable), readable,
                           fitting(readable, room * 0.5, true));
}

static const char *const anchors[] = {"start", "middle", "end"};

void svg_text(GString *out, double x, double y, Anchor anchor, const char *kind, const char *text)
{
    svg_label(out, x, y, anchor, kind, text, INFINITY);
}

void svg_label(GString *out, double x, double y, Anchor anchor, const char *kind, const char *text,
               double width)
{
    g_autofree char *cut = svg_cut(text, width);
    svg_put(out, "<text x=\"@\" y=\"@\"", x, y);
    if (anchor != ANCHOR_START)
        svg_put(out, " text-anchor=\"$\"", anchors[anchor]);
    if (*kind != '\0')
        svg_put(out, " class=\"$\"", kind);
    svg_put(out, ">$", cut);
    if (svg_width(text) > width)
        svg_put(out, "<title>$</title>", text);
    g_string_append(out, "</text>");
}

/* ---- shapes ---------------------------------------------------------------------------- */

void svg_line(GString *out, double x1, double y1, double x2, double y2, const char *kind)
{
    svg_put(out, "<line x1=\"@\" y1=\"@\" x2=\"@\" y2=\"@\" class=\"$\"/>", x1, y1, x2, y2, kind);
}

void svg_part(GString *out, double x, double y, double width, double height, int colour,
              const char *name, const char *value)
{
    g_autofree char *kind = g_strdup_printf("mark c%d", colour % SVG_COLOURS);
    svg_put(out,
            "<rect class=\"$\" x=\"@\" y=\"@\" width=\"@\" height=\"@\"><title>$ $</title></rect>",
            kind, x, y, width, height, name, value);
    if (svg_width(name) + 6 < width)
        svg_text(out, x + width / 2, y + height / 2 + 4, ANCHOR_MIDDLE, "on", name);
}

const char *svg_shape_name(int shape)
{
    static const char *const names[SVG_SHAPES] = {"circle",  "square", "triangle",
                                                  "diamond", "cross",  "turned triangle"};
    return names[shape % SVG_SHAPES];
}

/* As a path around (0, 0); NULL: a circle. */
static char *shape_path(int shape, double r)
{
    static const struct {
        int n;
        double x[12], y[12];
    } shapes[SVG_SHAPES] = {
        {0, {0}, {0}},
        {4, {-.9, .9, .9, -.9}, {-.9, -.9, .9, .9}},
        {3, {0, 1.1, -1.1}, {-1.1, .9, .9}},
        {4, {0, 1.2, 0, -1.2}, {-1.2, 0, 1.2, 0}},
        {12,
         {-.4, .4, .4, 1.1, 1.1, .4, .4, -.4, -.4, -1.1, -1.1, -.4},
         {-1.1, -1.1, -.4, -.4, .4, .4, 1.1, 1.1, .4, .4, -.4, -.4}},
        {3, {-1.1, 1.1, 0}, {-.9, -.9, 1.1}},
    };
    GString *path = g_string_new(NULL);
    int n = shapes[shape % SVG_SHAPES].n;
    for (int k = 0; k < n; k++)
        svg_put(path, k ? "L@ @" : "M@ @", r * shapes[shape % SVG_SHAPES].x[k],
                r * shapes[shape % SVG_SHAPES].y[k]);
    return g_string_free(path, n == 0);
}

void svg_mark(GString *out, int shape, double x, double y, double radius, const char *kind,
              const char *hint)
{
    g_autofree char *path = shape_path(shape, radius);
    if (path == NULL)
        svg_put(out, "<circle class=\"mark $\" cx=\"@\" cy=\"@\" r=\"@\"><title>$</title></circle>",
                kind, x, y, radius, hint);
    else
        svg_put(out,
                "<path class=\"mark $\" transform=\"translate(@ @)\" d=\"$Z\">"
                "<title>$</title></path>",
                kind, x, y, path, hint);
}

/* ---- scales ---------------------------------------------------------------------------- */

enum { TICKS_WANTED = 6 };

/* 1, 2 or 5 times a power of ten, so that the ticks are few. */
static double step_of(double length)
{
    static const double times[] = {1, 2, 5, 10};
    double power = pow(10, floor(log10(length / TICKS_WANTED)));
    for (size_t k = 0; k < G_N_ELEMENTS(times); k++)
        if (length / (power * times[k]) <= TICKS_WANTED)
            return power * times[k];
    return power * 10;
}

Scale scale_from_zero(double most, double from, double to)
{
    double high = most > 0 && isfinite(most) ? most : 1;
    return (Scale){from, to, 0, high, false};
}

Scale scale_around(double least, double most, double from, double to)
{
    enum { FAR = 30 };
    if (least > 0 && most / least > FAR)
        return (Scale){from, to, least / 1.3, most * 1.3, true};
    double length = most > least ? most - least : fmax(fabs(most), 1e-300) * 0.1;
    return (Scale){from, to, least - length * 0.08, most + length * 0.08, false};
}

Scale scale_decades(double least, double most, double from, double to)
{
    double low = floor(log10(least)), high = floor(log10(most)) + 1;
    return (Scale){from, to, pow(10, low), pow(10, high), true};
}

double scale_at(const Scale *s, double value)
{
    double part = s->log ? log(value / s->low) / log(s->high / s->low)
                         : (value - s->low) / (s->high - s->low);
    return s->from + part * (s->to - s->from);
}

/* Powers of ten, every so many of them, with 2 and 5 times them where they are few. */
static int log_ticks(const Scale *s, double tick[TICKS_MAX])
{
    int n = 0, low = (int) floor(log10(s->low)), high = (int) ceil(log10(s->high));
    int each = (high - low) / 12 + 1;
    bool few = log10(s->high / s->low) < 3;
    for (int p = low; p <= high; p += each)
        for (int k = 0; k < (few ? 3 : 1) && n < TICKS_MAX; k++) {
            double value = pow(10, p) * (double[]){1, 2, 5}[k];
            if (value >= s->low * (1 - 1e-9) && value <= s->high * (1 + 1e-9))
                tick[n++] = value;
        }
    return n;
}

int scale_ticks(const Scale *s, double tick[TICKS_MAX])
{
    if (s->log)
        return log_ticks(s, tick);
    int n = 0;
    double step = step_of(s->high - s->low);
    for (double k = ceil(s->low / step - 1e-9); k * step <= s->high * (1 + 1e-9) && n < TICKS_MAX;
         k++)
        tick[n++] = k * step + 0.0; /* which is never -0 */
    return n;
}

char *scale_number(double value)
{
    GString *out = g_string_new(NULL);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double size = fabs(value);
    if (value == 0 || (size >= 1e-3 && size < 1e4))
        g_string_append(out, g_ascii_formatd(text, sizeof text, "%.6g", value));
    else
        number_scaled(out, value, "");
    return g_string_free(out, FALSE);
}

/* A scale that is not even says so. */
static char *axis_title(const Scale *scale, const char *title)
{
    return g_strconcat(title, scale->log ? " (logarithmic)" : "", NULL);
}

void scale_draw_x(GString *out, const Scale *x, double top, double bottom, const char *title)
{
    double tick[TICKS_MAX], last = -INFINITY;
    int n = scale_ticks(x, tick);
    for (int k = 0; k < n; k++) {
        double at = scale_at(x, tick[k]);
        g_autofree char *number = scale_number(tick[k]);
        double half = svg_width(number) / 2;
        svg_line(out, at, top, at, bottom, "grid");
        if (at - half < last + 6) /* no room beside the one before */
            continue;
        svg_text(out, at, bottom + 18, ANCHOR_MIDDLE, "", number);
        last = at + half;
    }
    svg_line(out, x->from, bottom, x->to, bottom, "axis");
    g_autofree char *named = axis_title(x, title);
    svg_label(out, (x->from + x->to) / 2, bottom + 35, ANCHOR_MIDDLE, "title", named,
              x->to - x->from);
}

void scale_draw_y(GString *out, const Scale *y, double left, double right, const char *title)
{
    double tick[TICKS_MAX];
    int n = scale_ticks(y, tick);
    for (int k = 0; k < n; k++) {
        double at = scale_at(y, tick[k]);
        g_autofree char *number = scale_number(tick[k]);
        svg_line(out, left, at, right, at, "grid");
        svg_text(out, left - 6, at + 4, ANCHOR_END, "", number);
    }
    svg_line(out, left, y->from, left, y->to, "axis");
    g_autofree char *named = axis_title(y, title);
    svg_label(out, left - 46, fmin(y->from, y->to) - 12, ANCHOR_START, "title", named,
              right - left);
}
