/* Stacked bars, and what all charts are labelled with. */
#include <math.h>

#include "report/html_parts.h"
#include "report/printable.h"

/* Colours that differ in lightness too, for print and for colour-blind readers. */
static const char *const COLOURS[] = {"#1b6ca8", "#e8a33d", "#b5482f", "#7fb069", "#6b4c9a",
                                      "#9aa0a6", "#2f4858", "#8ecae6", "#f4d58d", "#e5989b",
                                      "#31572c", "#cdb4db", "#4a4e54", "#00b4a0"};

const char *html_colour(int n)
{
    return COLOURS[n % (int) G_N_ELEMENTS(COLOURS)];
}

void html_escape(GString *out, const char *text)
{
    g_autofree char *readable = printable_text(text);
    g_autofree char *escaped = g_markup_escape_text(readable, -1);
    g_string_append(out, escaped);
}

void html_name(GString *out, const Mark *mark, bool several)
{
    if (mark->count > 1)
        g_string_append_printf(out, "%" G_GINT64_FORMAT "x ", mark->count);
    html_escape(out, mark->name);
    if (several) {
        g_string_append(out, " · ");
        html_escape(out, mark->dataflow);
    }
}

const char *html_decimal(char *text, double value)
{
    return g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", value);
}

/* ---- stacked bars ---------------------------------------------------------------- */

enum { ROW = 18, LABEL = 200 };

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
                           html_decimal(a, x), html_decimal(b, y), html_decimal(c, width), ROW - 4,
                           colour);
}

static void add_label(GString *out, double y, const Mark *mark, bool several)
{
    char a[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "<text x=\"%d\" y=\"%s\" text-anchor=\"end\">", LABEL - 6,
                           html_decimal(a, y + ROW - 7));
    html_name(out, mark, several);
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
        add_rect(out, x, y, value * scale, html_colour(p));
        g_string_append(out, "<title>");
        html_escape(out, mark->name);
        g_string_append(out, ": ");
        html_escape(out, bars->names[p]);
        g_string_append_printf(out, " %s %s</title></rect>", html_decimal(text, value), bars->unit);
        x += value * scale;
    }
}

static void add_legend(GString *out, const Bars *bars)
{
    g_string_append(out, "<p class=\"legend\">");
    for (int p = 0; p < bars->n; p++) {
        g_string_append_printf(out, "<span><i style=\"background:%s\"></i>", html_colour(p));
        html_escape(out, bars->names[p]);
        g_string_append(out, "</span>");
    }
    g_string_append(out, "</p>\n");
}

/* The lines of an axis from 0 to 100 %. */
static void add_percents(GString *out, int height)
{
    for (int percent = 0; percent <= 100; percent += 25) {
        double x = LABEL + (HTML_WIDTH - LABEL - 10) * percent / 100.0;
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out,
                               "<line x1=\"%s\" y1=\"0\" x2=\"%s\" y2=\"%d\" stroke=\"#ddd\"/>",
                               html_decimal(text, x), text, height);
        g_string_append_printf(out, "<text x=\"%s\" y=\"%d\" text-anchor=\"%s\">%d %%</text>", text,
                               height + 12, percent == 100 ? "end" : "middle", percent);
    }
}

void html_bars(const Html *html, const Bars *bars)
{
    GString *out = html->out->text;
    double longest = bars->full;
    int height = (int) html->marks->len * ROW + 4;
    for (guint k = 0; k < html->marks->len && bars->full <= 0; k++)
        longest = fmax(longest, bar_length(bars, html_mark(html, k)));
    if (longest <= 0 || html->marks->len == 0)
        return;
    g_string_append_printf(out, "<h2>%s</h2>\n", bars->title);
    add_legend(out, bars);
    g_string_append_printf(out, "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">", HTML_WIDTH,
                           height + (bars->full > 0 ? 16 : 0), HTML_WIDTH);
    if (bars->full > 0)
        add_percents(out, height);
    for (guint k = 0; k < html->marks->len; k++) {
        add_label(out, k * (double) ROW, html_mark(html, k), html->several);
        add_bar(out, bars, html_mark(html, k), k * (double) ROW,
                (HTML_WIDTH - LABEL - 10) / longest);
        output_spill(html->out);
    }
    g_string_append(out, "</svg>\n");
}
