/* The first screen: the machine, the totals, and the layers that lose most time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html_parts.h"
#include "report/number.h"

enum { WORST = 3 };

/* ---- totals ------------------------------------------------------------------------------ */

static void add_tile(GString *out, const char *name, const char *value, const char *more)
{
    svg_put(out, "<div><dt>$</dt><dd>$", name, value);
    if (*more != '\0')
        svg_put(out, "<small>$</small>", more);
    g_string_append(out, "</dd></div>\n");
}

/* A figure that has no value is unknown, and why is said with it. */
static void add_figure(GString *out, const char *name, MetricValue value, double factor,
                       const char *unit, const char *more, const char *why)
{
    g_autoptr(GString) text = g_string_new(value.at_least ? "≥ " : "");
    bool some = value.known || value.at_least;
    if (some)
        number_scaled(text, value.real * factor, unit);
    else
        g_string_append(text, "unknown");
    add_tile(out, name, text->str, some ? more : why);
}

static MetricValue find(const Html *html, MetricId id)
{
    return totals_find(html->totals, id, NULL);
}

static void add_time(const Html *html)
{
    MetricValue cycles = find(html, METRIC_CYCLES);
    g_autoptr(GString) more = g_string_new(NULL);
    if (cycles.known) {
        number_scaled(more, (double) cycles.count, "");
        g_string_append(more, " cycles");
    }
    add_figure(html->out->text, "Time", find(html, METRIC_SECONDS), 1, "s", more->str,
               "no layer was evaluated");
}

static void add_utilization(const Html *html)
{
    MetricValue share = find(html, METRIC_UTILIZATION), macs = find(html, METRIC_MACS);
    g_autoptr(GString) text = g_string_new(NULL), more = g_string_new(NULL);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    if (share.known)
        g_string_append_printf(text, "%s %%",
                               g_ascii_formatd(number, sizeof number, "%.1f", 100 * share.real));
    else
        g_string_append(text, "unknown");
    if (macs.known) {
        number_scaled(more, (double) macs.count, "");
        g_string_append(more, " MACs");
    }
    add_tile(html->out->text, "Utilization", text->str, more->str);
}

typedef void ChipFigure(GString *out, double value, bool lacks);

/* What the chip's figure lacks. */
static void append_lacks(GString *out, const ChipCost *chip, unsigned unknown,
                         const char *separator)
{
    for (int p = 0; p < CHIP_PARTS; p++)
        if (unknown >> p & 1) {
            g_string_append_printf(out, "%s%s", separator, chip->name[p]);
            separator = ", ";
        }
}

static void add_chip(GString *out, const char *name, const ChipCost *chip, double value,
                     unsigned unknown, ChipFigure *write, const char *otherwise, const char *always)
{
    g_autoptr(GString) text = g_string_new(NULL), more = g_string_new(always);
    if (value > 0) {
        write(text, value, unknown);
        g_string_replace(text, ">=", "≥ ", 0);
        g_string_append(more, *always && unknown ? "; " : "");
        append_lacks(more, chip, unknown, "without ");
    } else {
        g_string_assign(text, "unknown");
        g_string_assign(more, unknown ? "" : otherwise);
        append_lacks(more, chip, unknown, "no figure for ");
    }
    add_tile(out, name, text->str, more->str);
}

static void add_totals(const Html *html, const Report *report)
{
    GString *out = html->out->text;
    const char *why = !report->figures ? "no technology is given" : "a part has no figure";
    const ChipCost *chip = &report->chip;
    g_autoptr(GString) power = g_string_new(NULL);
    MetricValue average = find(html, METRIC_AVERAGE_POWER);
    if (average.known || average.at_least) {
        g_string_append(power, average.at_least ? "average ≥ " : "average ");
        number_scaled(power, average.real * 1e-3, "W");
    }
    g_string_append(out, "<dl class=\"totals\">\n");
    add_time(html);
    add_figure(out, "Energy", find(html, METRIC_ENERGY), 1e-12, "J", power->str, why);
    add_figure(out, "Energy × delay", find(html, METRIC_EDP), 1, "J s", "", why);
    add_chip(out, "Area", chip, chip->total_um2, chip->unknown_um2, number_area, why, "");
    add_chip(out, "Power", chip, chip->total_mw, chip->unknown_mw, number_power, why,
             "at full activity");
    add_utilization(html);
    g_string_append(out, "</dl>\n");
}

/* "vgg16: 16 layers", and how many of them have no figures. */
static void add_network(const Html *html, const Report *report)
{
    GString *out = html->out->text;
    const Totals *totals = html->totals;
    svg_put(out, "<p><b>$</b>: ", *report->network ? report->network : "network");
    g_string_append_printf(out, "%" G_GINT64_FORMAT " layer%s evaluated", totals->evaluated,
                           totals->evaluated == 1 ? "" : "s");
    if (totals->missing)
        g_string_append_printf(
            out, ", <b class=\"bad\">%" G_GINT64_FORMAT " not evaluated</b>: the totals lack them",
            totals->missing);
    g_string_append(out, html->compare != NULL
                             ? ". The totals are those of the adaptive choice, each layer under "
                               "the dataflow that is best for the network.</p>\n"
                             : ".</p>\n");
}

static void add_gap(const char *sentence, void *out)
{
    svg_put(out, "<p class=\"note\">$.</p>\n", sentence);
}

/* ---- the worst layers ----------------------------------------------------------------------- */

static double lost(const Mark *mark)
{
    return (mark->cycles - mark->ideal) * (double) mark->count;
}

/* Of those that the totals count, the ones that lose most, and more than next to nothing of so many
 * cycles; returns how many. */
static int find_worst(const Html *html, double cycles, const Mark *worst[WORST])
{
    int n = 0;
    for (guint k = 0; k < html->marks->len; k++) {
        const Mark *mark = html_mark(html, k);
        int at = n;
        while (at > 0 && lost(worst[at - 1]) < lost(mark))
            at--;
        if (mark->beside || lost(mark) < cycles * 5e-4 || at == WORST)
            continue;
        n = MIN(n + 1, WORST);
        memmove(&worst[at + 1], &worst[at], (size_t) (n - at - 1) * sizeof *worst);
        worst[at] = mark;
    }
    return n;
}

static void append_percent(GString *out, double share)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%s %%", g_ascii_formatd(text, sizeof text, "%.1f", 100 * share));
}

static void add_worst(const Html *html, const Mark *mark, double cycles)
{
    GString *out = html->out->text;
    g_autofree char *name = html_name(mark, html->several);
    g_string_append_printf(out, "<li><a href=\"#l%u\"><b>", mark->number);
    svg_put(out, "$</b></a>: ", name);
    number_scaled(out, mark->cycles * (double) mark->count, " cycles");
    g_string_append(out, ", ");
    append_percent(out, mark->cycles * (double) mark->count / cycles);
    g_string_append(out, " of the time, at ");
    append_percent(out, mark->utilization);
    svg_put(out, " utilization.<br>Bound by $; most is lost to <b>$</b> (",
            html_causes[mark->bound], mark->worst != NULL ? mark->worst : "nothing");
    append_percent(out, mark->worst_cycles / mark->cycles);
    g_string_append(out, " of its cycles); ");
    number_scaled(out, round(mark->active), "");
    g_string_append(out, " of ");
    number_count(out, html->machine.pes);
    g_string_append(out, " PEs have work on average.</li>\n");
}

static void add_worst_layers(const Html *html)
{
    GString *out = html->out->text;
    const Mark *worst[WORST + 1];
    MetricValue cycles = find(html, METRIC_CYCLES);
    int n = find_worst(html, cycles.known ? (double) cycles.count : 0, worst);
    g_string_append(out, "<h3>Where most time is lost</h3>\n");
    if (n == 0 || !cycles.known) {
        g_string_append(out, "<p>No layer loses any, of those that were evaluated.</p>\n");
        return;
    }
    g_string_append(out, "<ol class=\"worst\">\n");
    for (int k = 0; k < n; k++)
        add_worst(html, worst[k], (double) cycles.count);
    g_string_append(out, "</ol>\n<p class=\"note\">By the cycles of all runs of a layer beyond "
                         "those that it would take if all MACs worked all the time.</p>\n");
}

void html_overview(const Html *html, const Report *report)
{
    GString *out = html->out->text;
    page_section(out, "overview", "Overview");
    g_string_append(out, "<div class=\"first\">\n<div>\n");
    html_machine(html);
    g_string_append(out, "</div>\n<div>\n");
    add_network(html, report);
    add_totals(html, report);
    if (report->figures)
        totals_gaps(html->totals, add_gap, out);
    add_worst_layers(html);
    g_string_append(out, "</div>\n</div>\n");
    page_section_end(out);
}
