/* How far a figure is beyond its table is a ratio: x / high above it, low / x below it. */
#include "run/extrapolation.h"

#include <string.h>

static double ratio(const Extrapolation *figure)
{
    return figure->x > figure->high ? figure->x / figure->high : figure->low / figure->x;
}

static void add(Farthest *farthest, const Extrapolation *figure)
{
    int k = 0;
    while (k < farthest->n && strcmp(farthest->figure[k].what, figure->what) != 0)
        k++;
    if (k == FARTHEST_MAX)
        return;
    if (k == farthest->n)
        farthest->figure[farthest->n++] = *figure;
    else if (ratio(figure) > ratio(&farthest->figure[k]))
        farthest->figure[k] = *figure;
}

void farthest_add(Farthest *farthest, const Extrapolations *beyond)
{
    for (int k = 0; k < beyond->n; k++)
        add(farthest, &beyond->figure[k]);
}

void farthest_join(Farthest *farthest, const Farthest *other)
{
    for (int k = 0; k < other->n; k++)
        add(farthest, &other->figure[k]);
}

static void append_number(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(text, sizeof text, "%.10g", value));
}

/* "the read energy of L1 is taken at 38 B, more than twice beyond its figures, which are for 512 to
 * 16384 B" */
void farthest_report(const Farthest *farthest, const Program *program)
{
    for (int k = 0; k < farthest->n; k++) {
        const Extrapolation *figure = &farthest->figure[k];
        g_autoptr(GString) text = g_string_new(NULL);
        g_string_append_printf(text, "%s is taken at ", figure->what);
        append_number(text, figure->x);
        g_string_append_printf(text, " %s, more than twice beyond its figures, which are for ",
                               figure->unit);
        append_number(text, figure->low);
        if (figure->low < figure->high) {
            g_string_append(text, " to ");
            append_number(text, figure->high);
        }
        g_string_append_printf(text, " %s", figure->unit);
        diag_report(program->trees->diag, CHECK_EXTRAPOLATED, program->machine.span, "%s",
                    text->str);
    }
}
