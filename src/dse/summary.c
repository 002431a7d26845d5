/* A point is its place on every axis and its figures; the figures are one table here. */
#include "dse/summary.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/table.h"
#include "report/quote.h"

typedef struct {
    const char *name;         /* with its unit, of a CSV column and a JSON member */
    const char *title, *unit; /* of the table; NULL: not in it */
    double (*read)(const Point *point);
} Column;

static double read_l1(const Point *p)
{
    return p->l1;
}

static double read_l2(const Point *p)
{
    return p->l2;
}

static double read_cycles(const Point *p)
{
    return (double) p->cycles;
}

static double read_seconds(const Point *p)
{
    return p->seconds;
}

static double read_rate(const Point *p)
{
    return p->cycles > 0 ? (double) p->macs / (double) p->cycles : 0;
}

static double read_throughput(const Point *p)
{
    return -pareto_value(p, OBJECTIVE_THROUGHPUT);
}

static double read_energy(const Point *p)
{
    return p->pj;
}

static double read_edp(const Point *p)
{
    return pareto_value(p, OBJECTIVE_EDP);
}

static double read_area(const Point *p)
{
    return p->partial >> OBJECTIVE_AREA & 1 ? NAN : p->um2 * 1e-6;
}

static double read_power(const Point *p)
{
    return p->partial >> OBJECTIVE_POWER & 1 ? NAN : p->mw;
}

static const Column columns[] = {
    {"l1_bytes", "L1", "bytes", read_l1},
    {"l2_bytes", "L2", "bytes", read_l2},
    {"cycles", "cycles", "", read_cycles},
    {"seconds", NULL, NULL, read_seconds},
    {"macs_per_cycle", "MAC/cycle", "", read_rate},
    {"throughput_macs_per_s", NULL, NULL, read_throughput},
    {"energy_pj", "energy", "J", read_energy},
    {"edp_js", "EDP", "Js", read_edp},
    {"area_mm2", "mm2", "", read_area},
    {"power_mw", "power", "W", read_power},
};

guint summary_figures(void)
{
    return G_N_ELEMENTS(columns);
}

const char *summary_figure_name(guint k)
{
    return columns[k].name;
}

bool summary_figure_whole(guint k)
{
    return columns[k].read == read_cycles;
}

double summary_figure(guint k, const Point *point)
{
    return columns[k].read(point);
}

/* ---- CSV ------------------------------------------------------------------------- */

void summary_csv_header(const Space *space, GString *out)
{
    g_string_append(out, "index");
    for (guint i = 0; i < space->axes->len; i++) {
        g_string_append_c(out, ',');
        quote_csv(out, ((const SpaceAxis *) space->axes->pdata[i])->name);
    }
    for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
        g_string_append_printf(out, ",%s", columns[k].name);
    g_string_append(out, space->mapped ? ",mapping\r\n" : "\r\n");
}

/* Lines, and what they are indented by, are one blank each. */
static void add_one_line(const char *text, GString *out)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (const char *c = text; *c != '\0'; c++) {
        bool blank = *c == '\n' || *c == ' ';
        if (!blank || (line->len > 0 && line->str[line->len - 1] != ' '))
            g_string_append_c(line, blank ? ' ' : *c);
    }
    quote_csv(out, g_strchomp(line->str));
}

void summary_csv_point(const Space *space, const Point *point, GString *out)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT, point->index);
    for (guint i = 0; i < space->axes->len; i++) {
        g_string_append_c(out, ',');
        quote_csv(out, space_value(space, i, point->index));
    }
    for (size_t k = 0; k < G_N_ELEMENTS(columns); k++) {
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];
        double value = columns[k].read(point);
        g_string_append_c(out, ',');
        if (!isnan(value))
            g_string_append(out, g_ascii_formatd(buffer, sizeof buffer, "%.15g", value));
    }
    if (space->mapped) {
        g_string_append_c(out, ',');
        add_one_line(point->mapping, out);
    }
    g_string_append(out, "\r\n");
}

GString *summary_front(const Summary *summary)
{
    GString *out = g_string_new(NULL);
    const Point *points = front_sorted(summary->findings->front);
    summary_csv_header(summary->space, out);
    for (int64_t i = 0; i < front_size(summary->findings->front); i++)
        summary_csv_point(summary->space, &points[i], out);
    return out;
}

/* How far the best of the objective is above what no design is below. */
static double summary_gap(const Summary *s)
{
    double best = pareto_value(&s->findings->best[s->map->objective], s->map->objective);
    return fmax(0, best / s->findings->bound - 1);
}

/* ---- JSON ------------------------------------------------------------------------ */

static json_t *json_point(const Space *space, const Point *point)
{
    json_t *object = json_object(), *design = json_object();
    json_object_set_new(object, "index", json_integer(point->index));
    for (guint i = 0; i < space->axes->len; i++)
        json_object_set_new(design, ((const SpaceAxis *) space->axes->pdata[i])->name,
                            json_string(space_value(space, i, point->index)));
    json_object_set_new(object, "design", design);
    for (size_t k = 0; k < G_N_ELEMENTS(columns); k++) {
        double value = columns[k].read(point);
        bool whole = columns[k].read == read_cycles;
        json_object_set_new(object, columns[k].name,
                            whole          ? json_integer(point->cycles)
                            : isnan(value) ? json_null()
                                           : json_real(value));
    }
    if (space->mapped)
        json_object_set_new(object, "mapping", json_string(point->mapping));
    return object;
}

static json_t *json_space(const Space *space)
{
    json_t *axes = json_array();
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        json_t *object = json_object(), *values = json_array();
        for (guint k = 0; k < axis->values->len; k++)
            json_array_append_new(values, json_string(axis->values->pdata[k]));
        json_object_set_new(object, "name", json_string(axis->name));
        json_object_set_new(object, "values", values);
        json_array_append_new(axes, object);
    }
    return axes;
}

static json_t *json_counts(const Summary *s)
{
    const Findings *f = s->findings;
    json_t *counts =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "space", (json_int_t) s->space->points, "seen",
                  (json_int_t) f->seen, "unmappable", (json_int_t) f->illegal, "skipped",
                  (json_int_t) (f->seen - f->illegal - f->evaluated), "evaluated",
                  (json_int_t) f->evaluated, "valid", (json_int_t) f->valid);
    if (s->space->best) /* some are not looked at to the end */
        json_object_set_new(counts, "valid", json_null());
    if (s->space->mapped)
        json_object_set_new(counts, "ended", json_integer(f->ended));
    return counts;
}

bool summary_tells(const Summary *s, Objective o)
{
    return isfinite(pareto_value(&s->findings->best[o], o)) &&
           (!s->space->best || s->front >> o & 1);
}

/* What the search says of its objective. */
static json_t *json_map(const Summary *s)
{
    const Findings *f = s->findings;
    Objective o = s->map->objective;
    bool known = f->valid > 0 && f->bound > 0;
    return json_pack("{s:s, s:o, s:o}", "objective", objective_name(o), "bound",
                     known ? json_real(f->bound) : json_null(), "gap",
                     known ? json_real(summary_gap(s)) : json_null());
}

static json_t *json_budget(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

GString *summary_json(const Summary *s)
{
    Findings *f = s->findings;
    json_t *root = json_object(), *best = json_object(), *front = json_array(),
           *over = json_array();
    const Point *points = front_sorted(f->front);
    for (Objective o = 0; o < OBJECTIVES; o++) {
        if (s->front & 1U << o)
            json_array_append_new(over, json_string(objective_name(o)));
        if (f->valid > 0 && summary_tells(s, o))
            json_object_set_new(best, objective_name(o), json_point(s->space, &f->best[o]));
    }
    for (int64_t i = 0; i < front_size(f->front); i++)
        json_array_append_new(front, json_point(s->space, &points[i]));
    json_object_set_new(root, "tool", json_string("dcc-dse"));
    json_object_set_new(root, "version", json_string(DCC_VERSION));
    json_object_set_new(root, "network", json_string(s->network));
    json_object_set_new(root, "hardware", json_string(s->hardware));
    json_object_set_new(root, "complete", json_boolean(s->complete));
    json_object_set_new(root, "budget_area_mm2", json_budget(s->budget_um2 * 1e-6));
    json_object_set_new(root, "budget_power_mw", json_budget(s->budget_mw));
    json_object_set_new(root, "axes", json_space(s->space));
    json_object_set_new(root, "counts", json_counts(s));
    if (s->map != NULL)
        json_object_set_new(root, "map", json_map(s));
    json_object_set_new(root, "best", best);
    json_object_set_new(root, "front_over", over);
    json_object_set_new(root, "front", front);
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    GString *out = g_string_new(text);
    g_string_append_c(out, '\n');
    free(text);
    json_decref(root);
    return out;
}

/* ---- text ------------------------------------------------------------------------ */

/* A capacity that is swept stands in the table as its axis; a hierarchy has neither L1 nor L2. */
static bool in_table(const Summary *s, const Column *column)
{
    const char *axis = column->read == read_l1   ? "l1.capacity"
                       : column->read == read_l2 ? "l2.capacity"
                                                 : NULL;
    bool built = column->read(&s->findings->best[OBJECTIVE_THROUGHPUT]) > 0;
    return column->title && !(axis && (!built || space_find(s->space, axis)));
}

/* Names of axes are not cut. */
static const guint WIDTH = G_MAXUINT;

static void add_text(GPtrArray *cells, const char *text)
{
    g_ptr_array_add(cells, g_strdup(text));
}

GPtrArray *summary_titles(const Summary *s)
{
    GPtrArray *titles = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < s->space->axes->len; i++)
        add_text(titles, ((const SpaceAxis *) s->space->axes->pdata[i])->name);
    for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
        if (in_table(s, &columns[k]))
            add_text(titles, columns[k].title);
    return titles;
}

/* Of a figure that is not known in full. */
static double known_part(const Column *column, const Point *point)
{
    return column->read == read_area    ? point->um2 * 1e-6
           : column->read == read_power ? point->mw
                                        : 0;
}

static void put_figure(const Column *column, double value, GString *text)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    double factor = column->read == read_energy ? 1e-12 : column->read == read_power ? 1e-3 : 1;
    if (column->read == read_area)
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.4g", value));
    else
        number_scaled(text, value * factor, column->unit);
}

static char *figure_cell(const Column *column, const Point *point)
{
    GString *text = g_string_new(NULL);
    double value = column->read(point), part = known_part(column, point);
    if (!isnan(value)) {
        put_figure(column, value, text);
    } else if (part > 0) {
        g_string_append(text, ">=");
        put_figure(column, part, text);
    } else {
        g_string_append_c(text, '-');
    }
    return g_string_free(text, FALSE);
}

GPtrArray *summary_cells(const Summary *s, const Point *point)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < s->space->axes->len; i++)
        add_text(cells, space_value(s->space, i, point->index));
    for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
        if (in_table(s, &columns[k]))
            g_ptr_array_add(cells, figure_cell(&columns[k], point));
    return cells;
}

static void put_row(Table *table, const char *first, GPtrArray *cells)
{
    table_cell(table, first);
    for (guint k = 0; k < cells->len; k++)
        table_cell(table, cells->pdata[k]);
    g_ptr_array_free(cells, TRUE);
}

static void point_cells(const Summary *s, Table *table, const char *first, const Point *point)
{
    put_row(table, first, summary_cells(s, point));
}

static Table *table_start(const Summary *s, const char *first)
{
    GPtrArray *titles = summary_titles(s);
    Table *table = table_new(titles->len + 1);
    table_left(table, 0);
    put_row(table, first, titles);
    return table;
}

static void text_heading(const Summary *s, GString *out)
{
    g_string_append_printf(out, "%s on %s, %" G_GINT64_FORMAT " design%s", s->network, s->hardware,
                           s->space->points, s->space->points == 1 ? "" : "s");
    if (isfinite(s->budget_um2)) {
        g_string_append(out, ", at most ");
        number_short(out, s->budget_um2 * 1e-6);
        g_string_append(out, " mm2");
    }
    if (isfinite(s->budget_mw)) {
        g_string_append(out, isfinite(s->budget_um2) ? " and " : ", at most ");
        number_short(out, s->budget_mw);
        g_string_append(out, " mW");
    }
    g_string_append(out, "\n\n");
}

static void text_axes(const Space *space, GString *out)
{
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        guint n = axis->values->len;
        g_string_append_printf(out, "  %-18s %9u value%s", axis->name, n, n == 1 ? " " : "s");
        g_string_append_printf(out, "  %s", (const char *) axis->values->pdata[0]);
        if (n > 1)
            g_string_append_printf(out, " .. %s", (const char *) axis->values->pdata[n - 1]);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, space->axes->len ? "\n" : "");
}

static void text_counts(const Summary *s, GString *out)
{
    const Findings *f = s->findings;
    const struct {
        const char *what;
        int64_t count;
    } rows[] = {{"in the space", s->space->points},
                {"not reached yet", s->space->points - f->seen},
                {"without a legal mapping", f->illegal},
                {"skipped by bounds", f->seen - f->illegal - f->evaluated},
                {"evaluated", f->evaluated},
                {"ended by --map-time", f->ended},
                {"valid", s->space->best ? 0 : f->valid}};
    const unsigned if_any = 1U << 1 | 1U << 5 | (unsigned) s->space->best << 6;
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++)
        if (!(if_any >> k & 1) || rows[k].count > 0)
            g_string_append_printf(out, "  %-24s %20" G_GINT64_FORMAT "\n", rows[k].what,
                                   rows[k].count);
}

static void text_best(const Summary *s, GString *out, bool colour)
{
    g_autoptr(Table) table = table_start(s, "best");
    for (Objective o = s->space->best ? 0 : OBJECTIVE_THROUGHPUT; o < OBJECTIVES; o++)
        if (summary_tells(s, o))
            point_cells(s, table, objective_name(o), &s->findings->best[o]);
    g_string_append_c(out, '\n');
    table_write(table, out, 0, WIDTH, colour);
}

/* What the search says of its objective. */
static void text_claim(const Summary *s, GString *out)
{
    char gap[G_ASCII_DTOSTR_BUF_SIZE];
    double bound = s->findings->bound;
    if (bound > 0 && summary_gap(s) < 1e-8)
        g_string_append(out, "; no design of the space costs less.");
    else if (bound > 0)
        g_string_append_printf(out, "; the best is at most %s %% above the least of the space.",
                               g_ascii_formatd(gap, sizeof gap, "%.3g", 100 * summary_gap(s)));
    else
        g_string_append_c(out, '.');
}

void summary_claim(const Summary *s, GString *out)
{
    g_string_append_printf(out, "Dataflows are those of least %s",
                           objective_name(s->map->objective));
    text_claim(s, out);
}

static void text_map(const Summary *s, GString *out)
{
    enum { LINES_MOST = 40 };
    Objective o = s->map->objective;
    const char *text = s->findings->best[o].mapping;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_string_append_c(out, '\n');
    summary_claim(s, out);
    if (g_strv_length(lines) <= LINES_MOST)
        g_string_append_printf(out, "\nThose of the best:\n\n%s", text);
    else
        g_string_append(out, "\nWhat was found for each layer stands in --json.\n");
}

void summary_over(const Summary *s, GString *out)
{
    for (Objective o = 0, k = 0; o < OBJECTIVES; o++)
        if (s->front & 1U << o)
            g_string_append_printf(out, "%s%s", k++ ? ", " : "", objective_name(o));
}

static void text_front(const Summary *s, int64_t rows, GString *out, bool colour)
{
    const Point *points = front_sorted(s->findings->front);
    int64_t n = front_size(s->findings->front), shown = MIN(n, rows);
    g_autoptr(Table) table = table_start(s, "front");
    for (int64_t i = 0; i < shown; i++) {
        char number[32];
        g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, i + 1);
        point_cells(s, table, number, &points[i]);
    }
    g_string_append_printf(out, "\nFront over ");
    summary_over(s, out);
    g_string_append_printf(out, ": %" G_GINT64_FORMAT " design%s%s\n\n", n, n == 1 ? "" : "s",
                           shown > 0 && shown < n ? ", the first of them:" : "");
    if (shown > 0)
        table_write(table, out, 0, WIDTH, colour);
}

static void text_rate(const Summary *s, GString *out)
{
    g_string_append_c(out, '\n');
    number_scaled(out, (double) s->findings->seen, "");
    g_string_append(out, " designs in ");
    number_scaled(out, s->seconds, "s");
    g_string_append(out, ": ");
    number_scaled(out, (double) s->findings->seen / s->seconds, "");
    g_string_append(out, " a second, ");
    number_scaled(out, (double) s->findings->evaluated / s->seconds, "");
    g_string_append(out, " a second evaluated\n");
}

void summary_about(const Summary *s, GString *out)
{
    text_heading(s, out);
    text_axes(s->space, out);
    text_counts(s, out);
}

GString *summary_text(const Summary *s, int64_t rows, bool colour)
{
    GString *out = g_string_new(NULL);
    summary_about(s, out);
    if (s->findings->valid > 0) {
        text_best(s, out, colour);
        if (s->map != NULL)
            text_map(s, out);
        if (!s->space->best)
            text_front(s, rows, out, colour);
    } else {
        g_string_append(out, "\nNo design is valid.\n");
    }
    if (s->seconds > 0)
        text_rate(s, out);
    return out;
}

/* ---- progress -------------------------------------------------------------------- */

void summary_progress(const Findings *so_far, int64_t points, int64_t before, double seconds,
                      GString *out)
{
    enum { BAR = 24 };
    double fresh = (double) (so_far->seen - before), left = (double) (points - so_far->seen);
    double share = (double) so_far->seen / (double) points;
    g_string_append_c(out, '[');
    for (int k = 0; k < BAR; k++)
        g_string_append_c(out, k < share * BAR ? '#' : '.');
    g_string_append_printf(out, "] %3d%%  ", (int) (share * 100));
    number_scaled(out, fresh / seconds, "/s");
    if (fresh > 0) {
        g_string_append(out, "  ");
        number_scaled(out, left / fresh * seconds, "s left");
    }
    g_string_append(out, "  ");
    number_scaled(out, (double) so_far->valid, " valid");
    if (so_far->valid > 0) {
        const Point *best = &so_far->best[OBJECTIVE_THROUGHPUT];
        g_string_append(out, "  best ");
        number_scaled(out, (double) best->macs / (double) best->cycles, " MAC/cycle");
    }
}
