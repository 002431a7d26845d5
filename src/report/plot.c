/* A name goes where it meets no other name and no dot: beside its dot, else further away with a
 * line that leads there. */
#include "report/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double x0, y0, x1, y1;
} Box;

static void clear_dot(gpointer data)
{
    Dot *dot = data;
    g_free(dot->label);
    g_free(dot->hint);
    g_free(dot->href);
}

GArray *plot_dots_new(void)
{
    GArray *dots = g_array_new(FALSE, TRUE, sizeof(Dot));
    g_array_set_clear_func(dots, clear_dot);
    return dots;
}

void plot_fit(Plot *plot, const GArray *dots)
{
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (guint k = 0; k < dots->len; k++) {
        const Dot *dot = &g_array_index(dots, Dot, k);
        x0 = fmin(x0, dot->x);
        x1 = fmax(x1, dot->x);
        y0 = fmin(y0, dot->y);
        y1 = fmax(y1, dot->y);
    }
    plot->x = scale_around(x0, x1, PLOT_LEFT, PLOT_RIGHT);
    plot->y = scale_around(y0, y1, plot_bottom(plot->height), PLOT_TOP);
}

void plot_open(GString *out, const Plot *plot)
{
    double bottom = plot_bottom(plot->height);
    svg_open(out, SVG_WIDTH, plot->height, plot->title, plot->desc);
    scale_draw_x(out, &plot->x, PLOT_TOP, bottom, plot->x_title);
    scale_draw_y(out, &plot->y, PLOT_LEFT, PLOT_RIGHT, plot->y_title);
    g_string_append_c(out, '\n');
}

void plot_line(GString *out, Plot *plot, double x0, double y0, double x1, double y1,
               const char *kind)
{
    const double ends[] = {scale_at(&plot->x, x0), scale_at(&plot->y, y0), scale_at(&plot->x, x1),
                           scale_at(&plot->y, y1)};
    svg_line(out, ends[0], ends[1], ends[2], ends[3], kind);
    g_assert(plot->lines < PLOT_LINES_MAX);
    memcpy(plot->line[plot->lines++], ends, sizeof ends);
}

void plot_close(GString *out)
{
    svg_close(out);
}

/* ---- names ------------------------------------------------------------------------------ */

typedef struct {
    const Plot *plot;
    GArray *taken; /* of Box */
} Room;

static const Dot *dot_at(const GArray *dots, guint k)
{
    return &g_array_index(dots, Dot, k);
}

static bool meets(const Box *a, const Box *b)
{
    return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

/* Whether some of the line lies in the box: each side cuts off what is beyond it. */
static bool crosses(const Box *box, const double line[4])
{
    double first = 0, last = 1, dx = line[2] - line[0], dy = line[3] - line[1];
    const double to[] = {-dx, dx, -dy, dy};
    const double room[] = {line[0] - box->x0, box->x1 - line[0], line[1] - box->y0,
                           box->y1 - line[1]};
    for (int k = 0; k < 4; k++) {
        if (to[k] == 0 && room[k] < 0)
            return false;
        if (to[k] < 0)
            first = fmax(first, room[k] / to[k]);
        else if (to[k] > 0)
            last = fmin(last, room[k] / to[k]);
    }
    return first <= last;
}

static bool is_free(const Room *room, const Box *box)
{
    if (box->x0 < PLOT_LEFT + 2 || box->x1 > PLOT_RIGHT - 2 || box->y0 < PLOT_TOP ||
        box->y1 > plot_bottom(room->plot->height) - 2)
        return false;
    for (guint k = 0; k < room->taken->len; k++)
        if (meets(box, &g_array_index(room->taken, Box, k)))
            return false;
    for (int k = 0; k < room->plot->lines; k++)
        if (crosses(box, room->plot->line[k]))
            return false;
    return true;
}

static double dot_x(const Plot *plot, const Dot *dot)
{
    return scale_at(&plot->x, dot->x);
}

static double dot_y(const Plot *plot, const Dot *dot)
{
    return scale_at(&plot->y, dot->y);
}

/* Around the dot, ever further away. */
static bool find_place(const Room *room, double x, double y, double width, Box *box)
{
    static const double ways[][2] = {{1, 0},  {-1, 0},  {0, -1}, {0, 1},
                                     {1, -1}, {-1, -1}, {1, 1},  {-1, 1}};
    enum { HIGH = 15, RINGS = 4 };
    for (int ring = 0; ring < RINGS; ring++)
        for (size_t k = 0; k < G_N_ELEMENTS(ways); k++) {
            double away = 8 + 16 * ring;
            double at_x = x + ways[k][0] * away * (ways[k][1] != 0 ? 0.7 : 1);
            double at_y = y + ways[k][1] * (away + 2);
            double left = ways[k][0] > 0 ? at_x : ways[k][0] < 0 ? at_x - width : at_x - width / 2;
            *box = (Box){left, at_y - HIGH / 2.0, left + width, at_y + HIGH / 2.0};
            if (is_free(room, box))
                return true;
        }
    return false;
}

static void add_name(GString *out, const Room *room, const Dot *dot, const Box *box,
                     const char *name)
{
    double x = dot_x(room->plot, dot), y = dot_y(room->plot, dot);
    double near_x = fmin(fmax(x, box->x0), box->x1), near_y = fmin(fmax(y, box->y0), box->y1);
    if (hypot(near_x - x, near_y - y) > 14)
        svg_line(out, x, y, near_x, near_y, "lead");
    svg_label(out, (box->x0 + box->x1) / 2, (box->y0 + box->y1) / 2 + 4, ANCHOR_MIDDLE, "halo",
              name, INFINITY);
}

static int by_weight(gconstpointer a, gconstpointer b)
{
    const Dot *x = *(const Dot *const *) a, *y = *(const Dot *const *) b;
    return x->weight != y->weight ? (x->weight < y->weight) - (x->weight > y->weight)
                                  : (x > y) - (x < y);
}

static bool same_place(const Plot *plot, const Dot *a, const Dot *b)
{
    return hypot(dot_x(plot, a) - dot_x(plot, b), dot_y(plot, a) - dot_y(plot, b)) < 3;
}

/* Names of the dots from number k on that lie on dot k; they are marked as told. */
static guint count_there(const Plot *plot, const Dot **order, guint n, guint k, bool *told)
{
    guint others = 0;
    for (guint i = k + 1; i < n; i++)
        if (!told[i] && order[i]->label != NULL && same_place(plot, order[k], order[i])) {
            told[i] = true;
            others++;
        }
    return others;
}

static guint add_names(GString *out, const Room *room, const GArray *dots, guint names)
{
    enum { WIDEST = 240 };
    guint n = dots->len, drawn = 0, left_out = 0;
    g_autofree const Dot **order = g_new(const Dot *, n + 1);
    g_autofree bool *told = g_new0(bool, n + 1);
    for (guint k = 0; k < n; k++)
        order[k] = dot_at(dots, k);
    qsort(order, n, sizeof *order, by_weight);
    for (guint k = 0; k < n; k++) {
        if (told[k] || order[k]->label == NULL)
            continue;
        guint others = count_there(room->plot, order, n, k, told);
        g_autofree char *cut = svg_cut(order[k]->label, WIDEST);
        g_autofree char *name = others ? g_strdup_printf("%s +%u", cut, others) : g_strdup(cut);
        Box box;
        if (drawn >= names || !find_place(room, dot_x(room->plot, order[k]),
                                          dot_y(room->plot, order[k]), svg_width(name) + 4, &box)) {
            left_out += 1 + others;
            continue;
        }
        add_name(out, room, order[k], &box, name);
        g_array_append_val(room->taken, box);
        drawn++;
    }
    return left_out;
}

/* The tables lead to the same places, for those who do without a mouse. */
static void add_dot(GString *out, const Plot *plot, const Dot *dot)
{
    if (dot->href != NULL)
        svg_put(out, "<a href=\"$\" tabindex=\"-1\">", dot->href);
    svg_mark(out, dot->shape, dot_x(plot, dot), dot_y(plot, dot), dot->radius, dot->kind,
             dot->hint);
    g_string_append(out, dot->href != NULL ? "</a>\n" : "\n");
}

enum { SMALL = 3 };

guint plot_dots(GString *out, const Plot *plot, const GArray *dots, guint names)
{
    Room room = {plot, g_array_new(FALSE, FALSE, sizeof(Box))};
    for (guint k = 0; k < dots->len; k++) {
        const Dot *dot = dot_at(dots, k);
        double x = dot_x(plot, dot), y = dot_y(plot, dot), r = dot->radius;
        Box box = {x - r, y - r, x + r, y + r};
        add_dot(out, plot, dot);
        if (r > SMALL) /* names may lie on those that are strewn behind */
            g_array_append_val(room.taken, box);
    }
    guint left_out = add_names(out, &room, dots, names);
    g_array_free(room.taken, TRUE);
    return left_out;
}
