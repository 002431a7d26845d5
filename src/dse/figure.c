/* Scatter plots of the front, of the best designs and of others behind them. */
#include "dse/figure.h"

#include <math.h>
#include <string.h>

#include "dse/design.h"
#include "report/number.h"
#include "report/page.h"
#include "report/plot.h"

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

typedef struct {
    const Summary *summary;
    const SpaceAxis *pes;       /* or NULL: PEs are not swept */
    guint pes_at;               /* its number */
    unsigned drawn[OBJECTIVES]; /* with which others a plot was drawn, a bit for each */
    GString *out;
} Drawing;

/* NAN: not known. */
typedef struct {
    const char *title;
    double (*read)(const Drawing *d, const Point *point);
} Axis;

static double value_of(const Point *p, Objective objective, double factor)
{
    double value = pareto_value(p, objective);
    return isfinite(value) ? value * factor : NAN;
}

static double read_time(const Drawing *d, const Point *p)
{
    (void) d;
    return value_of(p, OBJECTIVE_RUNTIME, 1);
}

static double read_throughput(const Drawing *d, const Point *p)
{
    (void) d;
    return value_of(p, OBJECTIVE_THROUGHPUT, -1);
}

static double read_energy(const Drawing *d, const Point *p)
{
    (void) d;
    return value_of(p, OBJECTIVE_ENERGY, 1e-12);
}

static double read_edp(const Drawing *d, const Point *p)
{
    (void) d;
    return value_of(p, OBJECTIVE_EDP, 1);
}

static double read_area(const Drawing *d, const Point *p)
{
    (void) d;
    return value_of(p, OBJECTIVE_AREA, 1e-6);
}

static double read_power(const Drawing *d, const Point *p)
{
    (void) d;
    return value_of(p, OBJECTIVE_POWER, 1e-3);
}

static double pes_of(const Drawing *d, const Point *p)
{
    return g_ascii_strtod(space_value(d->summary->space, d->pes_at, p->index), NULL);
}

/* KiB; a hierarchy has neither L1 nor L2. */
static double read_buffers(const Drawing *d, const Point *p)
{
    double bytes = p->l1 * (d->pes ? pes_of(d, p) : 1) + p->l2;
    return bytes > 0 ? bytes / 1024 : NAN;
}

static const Axis axes[OBJECTIVES] = {
    [OBJECTIVE_RUNTIME] = {"time, s", read_time},
    [OBJECTIVE_THROUGHPUT] = {"throughput, MAC/s", read_throughput},
    [OBJECTIVE_ENERGY] = {"energy, J", read_energy},
    [OBJECTIVE_EDP] = {"EDP, J s", read_edp},
    [OBJECTIVE_AREA] = {"area, mm2", read_area},
    [OBJECTIVE_POWER] = {"power, W", read_power},
};
static const Axis buffers = {"buffers of all PEs and L2, KiB", read_buffers};

static bool is_known(const Drawing *d, const Axis *axis)
{
    const Point *p = &d->summary->findings->best[OBJECTIVE_THROUGHPUT];
    return isfinite(axis->read(d, p));
}

/* ---- points ---------------------------------------------------------------------- */

enum { HEIGHT = 400, NAMES_MOST = 24, NAMED_FRONT = 12 };

static const char *const kinds[SVG_SHAPES] = {"front c0", "front c1", "front c3",
                                              "front c4", "front c2", "front c6"};

/* The values of the axis of PEs go in groups, a shape and a colour each: into which one. */
static int group_of(const Drawing *d, const Point *p)
{
    if (!d->pes)
        return 0;
    guint n = d->pes->values->len, at = 0;
    const char *value = space_value(d->summary->space, d->pes_at, p->index);
    while (at < n && !g_str_equal(d->pes->values->pdata[at], value))
        at++;
    return n <= SVG_SHAPES ? (int) at : (int) (at * SVG_SHAPES / n);
}

static void put_dot(const Drawing *d, GArray *dots, const Axis *x, const Axis *y, const Point *p,
                    Dot dot)
{
    g_autoptr(GString) text = g_string_new(dot.label);
    dot.x = x->read(d, p);
    dot.y = y->read(d, p);
    if (!isfinite(dot.x) || !isfinite(dot.y)) {
        g_free(dot.label);
        g_free(dot.href);
        return;
    }
    g_string_append(text, dot.label ? ": " : "");
    space_describe(d->summary->space, p->index, text);
    const Axis *both[] = {x, y};
    for (int k = 0; k < 2; k++) {
        g_string_append_printf(text, "; %s ", both[k]->title);
        number_short(text, k ? dot.y : dot.x);
    }
    g_array_append_val(dots, dot);
    g_array_index(dots, Dot, dots->len - 1).hint = g_strdup(text->str);
}

static bool is_best(const Drawing *d, Objective o)
{
    return summary_tells(d->summary, o);
}

/* "12, best energy, edp" of a design of the front. */
static char *name_of(const Drawing *d, int64_t number, const Point *p, bool *best)
{
    GString *name = g_string_new(NULL);
    g_string_append_printf(name, "%" G_GINT64_FORMAT, number + 1);
    *best = false;
    for (Objective o = OBJECTIVE_THROUGHPUT; o < OBJECTIVES; o++)
        if (is_best(d, o) && d->summary->findings->best[o].index == p->index) {
            g_string_append_printf(name, "%s%s", *best ? ", " : ": best ", objective_name(o));
            *best = true;
        }
    return g_string_free(name, FALSE);
}

/* Whether some design of the front is it. */
static bool in_front(const Point *front, int64_t n, int64_t index)
{
    for (int64_t i = 0; i < n; i++)
        if (front[i].index == index)
            return true;
    return false;
}

static void put_front(const Drawing *d, GArray *dots, const Axis *x, const Axis *y)
{
    const Point *front = front_sorted(d->summary->findings->front);
    int64_t n = front_size(d->summary->findings->front), each = n / NAMED_FRONT + 1;
    for (int64_t i = 0; i < n; i++) {
        bool best;
        char *name = name_of(d, i, &front[i], &best);
        put_dot(d, dots, x, y, &front[i],
                (Dot){.shape = group_of(d, &front[i]),
                      .radius = 4.5,
                      .weight = best ? 2 : i % each == 0,
                      .kind = kinds[group_of(d, &front[i])],
                      .label = name,
                      .href = g_strdup_printf("#d%" G_GINT64_FORMAT, i + 1)});
    }
    for (Objective o = OBJECTIVE_THROUGHPUT; o < OBJECTIVES; o++) {
        const Point *p = &d->summary->findings->best[o];
        if (is_best(d, o) && !in_front(front, n, p->index))
            put_dot(d, dots, x, y, p,
                    (Dot){.radius = 7,
                          .weight = 2,
                          .kind = "ring",
                          .label = g_strdup_printf("best %s", objective_name(o)),
                          .href = g_strdup_printf("#best-%s", objective_name(o))});
    }
}

static void draw_plot(const Drawing *d, const GArray *cloud, const Axis *x, const Axis *y)
{
    g_autoptr(GArray) dots = plot_dots_new();
    g_autofree char *title = g_strdup_printf("%s over %s", y->title, x->title);
    for (guint i = 0; cloud && i < cloud->len; i++)
        put_dot(d, dots, x, y, &g_array_index(cloud, Point, i),
                (Dot){.radius = 2, .kind = "cloud c5"});
    put_front(d, dots, x, y);
    if (dots->len == 0)
        return;
    Plot plot = {.title = title,
                 .desc = "A mark for each design of the front, which leads to its row.",
                 .x_title = x->title,
                 .y_title = y->title,
                 .height = HEIGHT};
    plot_fit(&plot, dots);
    svg_put(d->out, "<figure>\n<figcaption><h3>$</h3></figcaption>\n", title);
    plot_open(d->out, &plot);
    plot_dots(d->out, &plot, dots, NAMES_MOST);
    plot_close(d->out);
    g_string_append(d->out, "</figure>\n");
}

/* ---- which plots ----------------------------------------------------------------- */

/* Something else to spread the designs by where there is one objective only. */
static Objective beside(const Drawing *d, Objective one)
{
    static const Objective others[] = {OBJECTIVE_RUNTIME, OBJECTIVE_ENERGY, OBJECTIVE_AREA,
                                       OBJECTIVE_POWER};
    bool time = one == OBJECTIVE_RUNTIME || one == OBJECTIVE_THROUGHPUT;
    for (size_t k = 0; k < G_N_ELEMENTS(others); k++)
        if (others[k] != one && !(k == 0 && time) && is_known(d, &axes[others[k]]))
            return others[k];
    return OBJECTIVES;
}

/* All pairs of up to three objectives; of more, the first with each of the others. */
static void draw_front(Drawing *d, const GArray *cloud)
{
    Objective chosen[OBJECTIVES + 1];
    int n = 0;
    for (Objective o = 0; o < OBJECTIVES; o++)
        if (d->summary->front >> o & 1)
            chosen[n++] = o;
    if (n == 1 && beside(d, chosen[0]) < OBJECTIVES)
        chosen[n++] = beside(d, chosen[0]);
    for (int a = 0; a < (n <= 3 ? n : 1); a++)
        for (int b = a + 1; b < n; b++) {
            draw_plot(d, cloud, &axes[chosen[a]], &axes[chosen[b]]);
            d->drawn[chosen[a]] |= 1U << chosen[b];
        }
}

/* Figure 13 of the MAESTRO paper; of a hierarchy the energy in the place of buffers.  Less what
 * stands there already; returns how many. */
static int find_figure(const Drawing *d, const Axis *up[3])
{
    static const Objective costs[] = {OBJECTIVE_AREA, OBJECTIVE_POWER, OBJECTIVE_ENERGY};
    int n = 0;
    bool classic = is_known(d, &buffers);
    for (size_t k = 0; k < G_N_ELEMENTS(costs); k++) {
        bool again = d->drawn[OBJECTIVE_THROUGHPUT] >> costs[k] & 1;
        if (classic && costs[k] == OBJECTIVE_ENERGY)
            up[n++] = &buffers;
        else if (!again && is_known(d, &axes[costs[k]]))
            up[n++] = &axes[costs[k]];
    }
    return n;
}

/* ---- tables ---------------------------------------------------------------------- */

static void put_head(const Drawing *d, const char *first)
{
    g_autoptr(GPtrArray) titles = summary_titles(d->summary);
    g_string_append(d->out, "<thead><tr>");
    page_head(d->out, first, true);
    for (guint k = 0; k < titles->len; k++)
        page_head(d->out, titles->pdata[k], false);
    if (d->summary->space->mapped)
        page_head(d->out, "mapping", true);
    g_string_append(d->out, "</tr></thead><tbody>\n");
}

static void put_row(const Drawing *d, const char *id, const char *first, const Point *p)
{
    g_autoptr(GPtrArray) cells = summary_cells(d->summary, p);
    svg_put(d->out, "<tr id=\"$\">", id);
    page_row_head(d->out, first);
    for (guint k = 0; k < cells->len; k++)
        svg_put(d->out, "<td>$</td>", (const char *) cells->pdata[k]);
    if (d->summary->space->mapped) {
        g_string_append(d->out, "<td class=\"text\">");
        page_lines(d->out, "the network with its dataflows", p->mapping);
        g_string_append(d->out, "</td>");
    }
    g_string_append(d->out, "</tr>\n");
}

static void put_best(const Drawing *d)
{
    page_section(d->out, "best", "The best designs");
    page_table(d->out, "The best design of each objective", false);
    put_head(d, "best");
    for (Objective o = d->summary->space->best ? 0 : OBJECTIVE_THROUGHPUT; o < OBJECTIVES; o++)
        if (is_best(d, o)) {
            g_autofree char *id = g_strdup_printf("best-%s", objective_name(o));
            put_row(d, id, objective_name(o), &d->summary->findings->best[o]);
        }
    g_string_append(d->out, "</tbody>\n");
    page_table_end(d->out);
    page_section_end(d->out);
}

static void put_designs(const Drawing *d)
{
    const Point *front = front_sorted(d->summary->findings->front);
    int64_t n = front_size(d->summary->findings->front);
    page_section(d->out, "designs", "Designs of the front");
    page_table(d->out, "Numbers are those of the plots", false);
    put_head(d, "design");
    for (int64_t i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("d%" G_GINT64_FORMAT, i + 1);
        put_row(d, id, id + 1, &front[i]);
    }
    g_string_append(d->out, "</tbody>\n");
    page_table_end(d->out);
    page_section_end(d->out);
}

/* ---- the page -------------------------------------------------------------------- */

/* "circle: 32 to 64 PEs". */
static void put_legend(const Drawing *d)
{
    g_string_append(d->out, "<p class=\"note\">");
    if (d->pes && d->pes->values->len > 1) {
        guint n = d->pes->values->len;
        int last = -1;
        for (guint at = 0; at < n; at++) {
            int group = n <= SVG_SHAPES ? (int) at : (int) (at * SVG_SHAPES / n);
            if (group != last)
                svg_put(d->out, last < 0 ? "PEs: $ from $" : ", $ from $", svg_shape_name(group),
                        (const char *) d->pes->values->pdata[at]);
            last = group;
        }
        g_string_append(d->out, ". ");
    }
    g_string_append(d->out, "A mark with a number is that design of the front; a ring is the best "
                            "of an objective outside of it. Small pale marks, if any, are other "
                            "designs, of machines spread over the space.</p>\n");
}

static void put_figure(const Drawing *d, const GArray *cloud)
{
    const Axis *up[3];
    int n = find_figure(d, up);
    page_section(d->out, "throughput", "What throughput costs");
    g_string_append(d->out,
                    n > 0 ? "<div class=\"charts\">\n" : "<p>That is drawn above.</p><div>\n");
    for (int k = 0; k < n; k++)
        draw_plot(d, cloud, &axes[OBJECTIVE_THROUGHPUT], up[k]);
    g_string_append(d->out, "</div>\n");
    page_section_end(d->out);
}

static void put_plots(Drawing *d, const GArray *cloud)
{
    g_autoptr(GString) over = g_string_new("Front over ");
    summary_over(d->summary, over);
    page_section(d->out, "front", over->str);
    put_legend(d);
    g_string_append(d->out, "<div class=\"charts\">\n");
    draw_front(d, cloud);
    g_string_append(d->out, "</div>\n");
    page_section_end(d->out);
    put_figure(d, cloud);
}

static void put_about(const Drawing *d)
{
    g_autoptr(GString) text = g_string_new(NULL);
    summary_about(d->summary, text);
    page_section(d->out, "space", "What was looked at");
    page_lines(d->out, NULL, text->str);
    page_section_end(d->out);
}

static void put_contents(const Drawing *d, bool plots)
{
    PageLink links[5];
    int n = 0;
    if (plots) {
        links[n++] = (PageLink){"front", "Front"};
        links[n++] = (PageLink){"throughput", "What throughput costs"};
    }
    if (d->summary->findings->valid > 0)
        links[n++] = (PageLink){"best", "The best designs"};
    if (plots)
        links[n++] = (PageLink){"designs", "Designs of the front"};
    links[n++] = (PageLink){"space", "What was looked at"};
    page_contents(d->out, links, n);
}

static void put_head_line(const Drawing *d)
{
    const Summary *s = d->summary;
    g_autofree char *title = g_strdup_printf("%s on %s: designs", s->network, s->hardware);
    g_autoptr(GString) sub = g_string_new(NULL);
    number_count(sub, s->space->points);
    g_string_append(sub, s->space->points == 1 ? " design" : " designs");
    g_string_append(sub, s->complete ? "" : ", not all of them seen");
    g_string_append(sub, " · dcc-dse " DCC_VERSION);
    page_open(d->out, title, sub->str);
}

GString *figure_html(const Summary *summary, const GArray *cloud)
{
    Drawing d = {.summary = summary, .out = g_string_new(NULL)};
    bool some = summary->findings->valid > 0, plots = some && !summary->space->best;
    for (guint i = 0; i < summary->space->axes->len; i++) {
        const SpaceAxis *axis = summary->space->axes->pdata[i];
        if (!strcmp(axis->name, "pes")) {
            d.pes = axis;
            d.pes_at = i;
        }
    }
    put_head_line(&d);
    put_contents(&d, plots);
    if (plots)
        put_plots(&d, cloud);
    if (some && summary->map != NULL) {
        g_autoptr(GString) claim = g_string_new(NULL);
        summary_claim(summary, claim);
        svg_put(d.out, "<p>$</p>\n", claim->str);
    }
    if (some)
        put_best(&d);
    else
        g_string_append(d.out, "<p class=\"bad\">No design is valid.</p>\n");
    if (plots)
        put_designs(&d);
    put_about(&d);
    page_close(d.out, false);
    return d.out;
}
