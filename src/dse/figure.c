/* Three scatter plots in SVG, drawn here point by point: no script, nothing to be loaded. */
#include "dse/figure.h"

#include <math.h>
#include <string.h>

#include "dse/design.h"
#include "report/number.h"

/* ---- designs to draw ------------------------------------------------------------- */

static void keep(const Point *point, void *data)
{
    g_array_append_val((GArray *) data, *point);
}

GArray *figure_cloud(const Study *study)
{
    const Space *space = study->space;
    GArray *cloud = g_array_new(FALSE, FALSE, sizeof(Point));
    g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(Point)); /* machine's */
    Designer *designer = designer_new(study);
    int64_t planes = space->points / (space->n1 * space->n2), n = MIN(planes, CLOUD_PLANES);
    for (int64_t k = 0; k < n; k++) {
        int64_t at = (int64_t) ((__int128) k * planes / n);
        int64_t nest = at / space->machines, machine = at % space->machines;
        const Plane *plane;
        if (!study_over(study, study_nest_least(study, nest)) &&
            designer_nest(designer, nest, machine, machine + 1) &&
            designer_plane(designer, machine, true, &plane) == DESIGN_PLANE)
            plane_walk(plane, PLANE_BEST, keep, one);
        guint most = (guint) MIN(one->len, MAX(1, CLOUD_POINTS / n));
        for (guint i = 0; i < most; i++) {
            const Point *point =
                &g_array_index(one, Point, (guint) ((guint64) i * one->len / most));
            g_array_append_vals(cloud, point, 1);
        }
        g_array_set_size(one, 0);
    }
    designer_free(designer);
    return cloud;
}

/* ---- axes of a plot -------------------------------------------------------------- */

enum { WIDE = 400, HIGH = 320, LEFT = 64, BOTTOM = 44, MARGIN = 14, TICKS = 5 };

static double read_throughput(const Point *p)
{
    return p->cycles > 0 ? (double) p->macs / (double) p->cycles : 0;
}

static double read_area(const Point *p)
{
    return p->um2 * 1e-6;
}

static double read_power(const Point *p)
{
    return p->mw;
}

static double read_energy(const Point *p)
{
    return p->pj * 1e-6;
}

/* What a plot has upwards; of a hierarchy, which has neither L1 nor L2, the energy in the place of
 * buffers. */
typedef struct {
    const char *title;
    double (*read)(const Point *point);
    Objective objective;
    bool buffers;
} Plot;

static const Plot plots[] = {
    {"area, mm2", read_area, OBJECTIVE_AREA, false},
    {"power, mW", read_power, OBJECTIVE_POWER, false},
    {"buffers in all, KiB", NULL, OBJECTIVES, true},
    {"energy, uJ", read_energy, OBJECTIVE_ENERGY, false},
};

typedef struct {
    const Summary *summary;
    const SpaceAxis *pes;
    guint pes_at; /* its number */
    const Plot *plot;
    double top_x, top_y; /* of the axes; they begin at 0 */
    GString *out;
} Drawing;

static double pes_of(const Drawing *d, const Point *p)
{
    return d->pes ? g_ascii_strtod(space_value(d->summary->space, d->pes_at, p->index), NULL) : 0;
}

static double read_y(const Drawing *d, const Point *p)
{
    if (!d->plot->buffers)
        return d->plot->read(p);
    return (p->l1 * (d->pes ? pes_of(d, p) : 1) + p->l2) / 1024;
}

/* Whether the figure is known. */
static bool is_drawn(const Drawing *d)
{
    const Point *p = &d->summary->findings->best[OBJECTIVE_THROUGHPUT];
    bool classic = p->l1 + p->l2 > 0;
    if (d->plot->buffers || d->plot->objective == OBJECTIVE_ENERGY)
        return d->plot->buffers == classic;
    return isfinite(pareto_value(p, d->plot->objective));
}

/* 1, 2 or 5 times a power of ten, so that the ticks are few. */
static double tick_of(double top)
{
    double step = pow(10, floor(log10(top / TICKS)));
    const double times[] = {1, 2, 5, 10};
    for (size_t k = 0; k < G_N_ELEMENTS(times); k++)
        if (top / (step * times[k]) <= TICKS)
            return step * times[k];
    return step * 10;
}

static double place_x(const Drawing *d, double x)
{
    return LEFT + x / d->top_x * (WIDE - LEFT - MARGIN);
}

static double place_y(const Drawing *d, double y)
{
    return HIGH - BOTTOM - y / d->top_y * (HIGH - BOTTOM - MARGIN);
}

static void grow(Drawing *d, const Point *p)
{
    d->top_x = fmax(d->top_x, read_throughput(p));
    d->top_y = fmax(d->top_y, read_y(d, p));
}

static void line(GString *out, double x1, double y1, double x2, double y2, const char *kind)
{
    g_string_append_printf(out, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
                           kind, (int) x1, (int) y1, (int) x2, (int) y2);
}

static void label(GString *out, double x, double y, const char *anchor, double value)
{
    g_string_append_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", (int) x, (int) y,
                           anchor);
    number_short(out, value);
    g_string_append(out, "</text>\n");
}

static void draw_axes(Drawing *d)
{
    double step_x = tick_of(d->top_x), step_y = tick_of(d->top_y);
    for (int k = 0; k * step_x <= d->top_x; k++) {
        double x = place_x(d, k * step_x);
        line(d->out, x, MARGIN, x, HIGH - BOTTOM, k ? "grid" : "axis");
        label(d->out, x, HIGH - BOTTOM + 15, "middle", k * step_x);
    }
    for (int k = 0; k * step_y <= d->top_y; k++) {
        double y = place_y(d, k * step_y);
        line(d->out, LEFT, y, WIDE - MARGIN, y, k ? "grid" : "axis");
        label(d->out, LEFT - 5, y + 4, "end", k * step_y);
    }
    g_string_append_printf(d->out,
                           "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">throughput, MAC/cycle"
                           "</text>\n<text transform=\"translate(14 %d) rotate(-90)\" "
                           "text-anchor=\"middle\">%s</text>\n",
                           (LEFT + WIDE - MARGIN) / 2, HIGH - 8, (HIGH - BOTTOM + MARGIN) / 2,
                           d->plot->title);
}

/* ---- points ---------------------------------------------------------------------- */

/* From blue for the fewest PEs to red for the most. */
static int hue_of(const Drawing *d, const Point *p)
{
    if (!d->pes || d->pes->values->len < 2)
        return 220;
    double low = INFINITY, high = 0, at = pes_of(d, p);
    for (guint k = 0; k < d->pes->values->len; k++) {
        double value = g_ascii_strtod(d->pes->values->pdata[k], NULL);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    return high > low ? (int) (230 - 230 * (at - low) / (high - low)) : 220;
}

static void hint(const Drawing *d, const Point *p, const char *what)
{
    g_autoptr(GString) text = g_string_new(what);
    space_describe(d->summary->space, p->index, text);
    g_autofree char *safe = g_markup_escape_text(text->str, (gssize) text->len);
    g_string_append_printf(d->out, "<title>%s</title>", safe);
}

static void draw_point(const Drawing *d, const Point *p, const char *kind, int radius)
{
    g_string_append_printf(d->out,
                           "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" "
                           "fill=\"hsl(%d,75%%,45%%)\">",
                           kind, place_x(d, read_throughput(p)), place_y(d, read_y(d, p)), radius,
                           hue_of(d, p));
    hint(d, p, "");
    g_string_append(d->out, "</circle>\n");
}

/* A cross at a best design with the objective's name, away from the right edge. */
static void draw_best(const Drawing *d, Objective objective)
{
    const Point *p = &d->summary->findings->best[objective];
    g_autofree char *what = g_strdup_printf("best %s: ", objective_name(objective));
    double x = place_x(d, read_throughput(p)), y = place_y(d, read_y(d, p));
    bool right = x > WIDE - 90;
    g_string_append_printf(d->out,
                           "<g class=\"best\"><path d=\"M%.1f %.1f h12 m-6 -6 v12\"/>"
                           "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                           x - 6, y, right ? x - 8 : x + 8, y + 11 * ((double) objective - 2),
                           right ? "end" : "start", objective_name(objective));
    hint(d, p, what);
    g_string_append(d->out, "</g>\n");
}

static void draw_plot(Drawing *d, const GArray *cloud)
{
    const Findings *f = d->summary->findings;
    const Point *front = front_sorted(f->front);
    d->top_x = d->top_y = 1e-9;
    for (guint i = 0; cloud && i < cloud->len; i++)
        grow(d, &g_array_index(cloud, Point, i));
    for (int64_t i = 0; i < front_size(f->front); i++)
        grow(d, &front[i]);
    for (Objective o = OBJECTIVE_THROUGHPUT; o < OBJECTIVES; o++)
        grow(d, &f->best[o]);
    d->top_x *= 1.05;
    d->top_y *= 1.1;
    g_string_append_printf(d->out, "<svg width=\"%d\" height=\"%d\" role=\"img\">\n", WIDE, HIGH);
    draw_axes(d);
    for (guint i = 0; cloud && i < cloud->len; i++)
        draw_point(d, &g_array_index(cloud, Point, i), "cloud", 2);
    for (int64_t i = 0; i < front_size(f->front); i++)
        draw_point(d, &front[i], "front", 4);
    for (Objective o = OBJECTIVE_THROUGHPUT; o <= OBJECTIVE_EDP; o++)
        draw_best(d, o);
    g_string_append(d->out, "</svg>\n");
}

/* ---- the page -------------------------------------------------------------------- */

static void put_style(GString *out)
{
    g_string_append(
        out, "<style>\nbody{font:14px sans-serif;margin:2em;max-width:1260px}\n"
             "svg{font-size:11px}\n.axis{stroke:#333}.grid{stroke:#ddd}\n"
             ".cloud{opacity:.35}.front{stroke:#000}\n"
             ".best path{stroke:#000;stroke-width:2.5;fill:none}.best text{font-weight:bold}\n"
             "pre{overflow-x:auto}\n</style>\n");
}

static void put_legend(const Drawing *d)
{
    if (d->pes && d->pes->values->len > 1)
        g_string_append_printf(
            d->out,
            "<p>PEs: %s <span style=\"display:inline-block;width:160px;height:.8em;background:"
            "linear-gradient(90deg,hsl(230,75%%,45%%),hsl(115,75%%,45%%),hsl(0,75%%,45%%))\"></"
            "span> "
            "%s. ",
            (const char *) d->pes->values->pdata[0],
            (const char *) d->pes->values->pdata[d->pes->values->len - 1]);
    else
        g_string_append(d->out, "<p>");
    g_string_append(d->out, "Rings: the front. Crosses: the best of an objective. Pale: other "
                            "designs, of machines spread over the space.</p>\n");
}

GString *figure_html(const Summary *summary, const GArray *cloud)
{
    Drawing d = {.summary = summary, .out = g_string_new("<!DOCTYPE html>\n<html lang=\"en\">\n")};
    g_autofree char *title =
        g_markup_printf_escaped("%s on %s: designs", summary->network, summary->hardware);
    for (guint i = 0; i < summary->space->axes->len; i++) {
        const SpaceAxis *axis = summary->space->axes->pdata[i];
        if (!strcmp(axis->name, "pes")) {
            d.pes = axis;
            d.pes_at = i;
        }
    }
    g_string_append_printf(d.out, "<head><meta charset=\"utf-8\"><title>%s</title>\n", title);
    put_style(d.out);
    g_string_append_printf(d.out, "</head>\n<body>\n<h1>%s</h1>\n", title);
    if (summary->findings->valid > 0) {
        put_legend(&d);
        for (size_t k = 0; k < G_N_ELEMENTS(plots); k++) {
            d.plot = &plots[k];
            if (is_drawn(&d))
                draw_plot(&d, cloud);
        }
    }
    Summary timeless = *summary;
    timeless.seconds = 0; /* equal runs give equal bytes */
    GString *text = summary_text(&timeless, G_MAXINT64, false);
    g_autofree char *safe = g_markup_escape_text(text->str, (gssize) text->len);
    g_string_append_printf(d.out, "<pre>\n%s</pre>\n</body>\n</html>\n", safe);
    g_string_free(text, TRUE);
    return d.out;
}
