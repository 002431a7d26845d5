/* Words that all forms share. */
#include "map/answer.h"

#include <math.h>

#include "report/number.h"

void answer_value(Objective objective, double value, GString *out)
{
    if (!isfinite(value))
        g_string_append_c(out, '-');
    else if (objective == OBJECTIVE_RUNTIME)
        number_scaled(out, value, " cycles");
    else if (objective == OBJECTIVE_ENERGY)
        number_scaled(out, value * 1e-12, "J");
    else
        number_scaled(out, value, "J s");
}

void answer_gap(double gap, GString *out)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(gap))
        return;
    double shown = gap < 1 ? gap * 100 : gap + 1;
    g_string_append(out, g_ascii_formatd(text, sizeof text, "%.3g", shown));
    g_string_append(out, gap < 1 ? " % above" : "x");
}

static const char *end_words(SearchEnd end)
{
    return end == END_TIME    ? ", when --time ended the search"
           : end == END_MOVES ? ", when --moves ended the search"
           : end == END_STOP  ? ", when the search was interrupted"
                              : "";
}

void answer_verdict(const Mapped *mapped, GString *out)
{
    if (!mapped->open) {
        g_string_append(out, "evaluated as it is written: nothing is open");
    } else if (mapped->end == END_NONE) {
        g_string_append(out, "not searched: interrupted before");
    } else if (mapped->optimal) {
        g_string_append(out, "optimal: nothing in the space costs less");
        if (mapped->search.ties)
            g_string_append(out, "; not all that costs as much was looked at");
    } else if (isfinite(mapped->gap)) {
        g_string_append(out, "at most ");
        answer_gap(mapped->gap, out);
        g_string_append_printf(out, " the least%s", end_words(mapped->end));
    } else {
        g_string_append_printf(out, "no bound is known%s", end_words(mapped->end));
    }
}
