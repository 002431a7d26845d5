/* Walks the first steps of a small nest, all units of a level side by side.
 *
 * A time step is named by its step at each level, outermost first: 3.0 is the first
 * step within the clusters in step 3 of level 0.  At equal counters of all loops it is the same
 * time: a cluster with fewer steps than its neighbours (it has the clipped chunk) is idle at the
 * counters that it does not have. */
#include "report/placement.h"

#include "engine/tensor.h"
#include "report/table.h"

/* An empty interval marks a chunk that a unit does not have. */
typedef struct {
    int64_t low[DIMS_MAX], high[DIMS_MAX];
} Box;

typedef struct {
    const ReportEntry *entry;
    Table *table;
    int64_t at[LEVELS_MAX]; /* the step of each level */
    int shown;
} Walk;

static bool box_empty(const Box *box, int dims)
{
    for (int d = 0; d < dims; d++)
        if (box->low[d] >= box->high[d])
            return true;
    return false;
}

/* Of the loops of a level, in the order of its maps. */
typedef struct {
    int64_t loop[DIMS_MAX];
} Counters;

static int64_t bound_of(const Level *level, int m, const Box *box)
{
    const Map *map = &level->map[m];
    return nest_steps(map, box->high[map->dim] - box->low[map->dim], level->children);
}

/* The most steps that any of the parents has in each loop. */
static Counters most_steps(const Level *level, const Box *parents, int n_parents)
{
    Counters most = {{0}};
    for (int m = 0; m < level->n_maps; m++)
        for (int u = 0; u < n_parents; u++)
            most.loop[m] = MAX(most.loop[m], bound_of(level, m, &parents[u]));
    return most;
}

/* The last map's counter runs fastest; false: there are no more. */
static bool advance(const Level *level, const Counters *most, Counters *now)
{
    for (int m = level->n_maps - 1; m >= 0; m--) {
        if (++now->loop[m] < most->loop[m])
            return true;
        now->loop[m] = 0;
    }
    return false;
}

static bool has_counters(const Level *level, const Box *box, const Counters *now)
{
    for (int m = 0; m < level->n_maps; m++)
        if (now->loop[m] >= bound_of(level, m, box))
            return false;
    return true;
}

/* The box of child p; of a parent that skips these counters, an empty one. */
static Box child_box(const Level *level, const Box *box, int64_t p, const Counters *now)
{
    Box child = *box;
    if (!has_counters(level, box, now))
        return (Box){{0}, {0}};
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        int64_t low = box->low[map->dim], extent = box->high[map->dim] - low;
        int64_t chunk = now->loop[m];
        if (map->kind == MAP_SPATIAL)
            chunk = chunk * level->children + p;
        bool idle = chunk >= nest_chunks(map, extent);
        child.low[map->dim] = idle ? low : low + chunk * map->offset;
        child.high[map->dim] =
            idle ? low : MIN(child.low[map->dim] + map->size, box->high[map->dim]);
    }
    return child;
}

/* Coordinates of extent 1 say nothing. */
static bool coord_shown(const Layer *layer, const Coord *coord)
{
    for (int i = 0; i < coord->n; i++)
        if (layer->extent[coord->dim[i]] > 1)
            return true;
    return false;
}

/* "I[C][2Y'+R]" */
static GString *tensor_heading(const Layer *layer, const Tensor *tensor)
{
    GString *out = g_string_new(tensor->name);
    for (int c = 0; c < tensor->n_coords; c++) {
        const Coord *coord = &tensor->coord[c];
        if (!coord_shown(layer, coord))
            continue;
        g_string_append_c(out, '[');
        for (int i = 0; i < coord->n; i++) {
            g_string_append(out, i ? "+" : "");
            if (coord->coef[i] != 1)
                g_string_append_printf(out, "%" G_GINT64_FORMAT, coord->coef[i]);
            g_string_append(out, layer->op.dim[coord->dim[i]]);
        }
        g_string_append_c(out, ']');
    }
    return out;
}

static void append_run(GString *out, int64_t low, int64_t length)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT, low);
    if (length > 1)
        g_string_append_printf(out, "-%" G_GINT64_FORMAT, low + length - 1);
}

/* `n` runs of values, each so long, `apart` from one to the next: "0,2,4", "0-1,8-9,..,56-57". */
static void append_runs(GString *out, int64_t low, int64_t length, int64_t apart, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        g_string_append(out, i ? "," : "");
        if (n > 3 && i == 2) {
            g_string_append(out, "..,");
            i = n - 1;
        }
        append_run(out, low + i * apart, length);
    }
}

/* Values of coarse * i + j, or of a coordinate of one dim.  With a common factor f of both
 * coefficients they are f apart; where neither divides the other they have no short name but the
 * ends and how many they are. */
static void append_values(GString *out, int64_t low, const Axis *axis, const int64_t *length,
                          int64_t factor)
{
    int fine = axis->n == 1 || axis->coef[0] == 1 ? 0 : 1, coarse = 1 - fine;
    int64_t values = tensor_image(axis, length[0], length[1]),
            last = axis->coef[0] * (length[0] - 1);
    if (axis->n == 2)
        last += axis->coef[1] * (length[1] - 1);
    if (values == last + 1)
        append_runs(out, low, factor == 1 ? values : 1, factor, factor == 1 ? 1 : values);
    else if (axis->n == 2 && axis->coef[fine] == 1 && (factor == 1 || length[fine] == 1))
        append_runs(out, low, length[fine], factor * axis->coef[coarse], length[coarse]);
    else
        g_string_append_printf(out,
                               "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT,
                               values, low, low + factor * last);
}

static void append_coordinate(GString *out, const Coord *coord, const Box *box)
{
    Axis axis = tensor_axis(coord);
    int64_t length[2] = {1, 1}, low = 0;
    for (int i = 0; i < coord->n; i++) {
        low += coord->coef[i] * box->low[coord->dim[i]];
        length[i] = box->high[coord->dim[i]] - box->low[coord->dim[i]];
    }
    g_string_append_c(out, '[');
    append_values(out, low, &axis, length, coord->coef[0] / axis.coef[0]);
    g_string_append_c(out, ']');
}

/* "[0-1][4]" */
static GString *tensor_range(const Layer *layer, const Tensor *tensor, const Box *box)
{
    GString *out = g_string_new(NULL);
    for (int c = 0; c < tensor->n_coords; c++)
        if (coord_shown(layer, &tensor->coord[c]))
            append_coordinate(out, &tensor->coord[c], box);
    return out;
}

static void append_heading(Table *table, const Layer *layer)
{
    table_cell(table, "step");
    table_cell(table, "PE");
    for (int t = 0; t < layer->op.n_tensors; t++)
        table_cell_take(table, tensor_heading(layer, &layer->op.tensor[t]));
    for (guint column = 0; column < (guint) layer->op.n_tensors + 2; column++)
        table_left(table, column);
}

static GString *step_name(const Walk *walk)
{
    GString *name = g_string_new(NULL);
    for (int l = 0; l < walk->entry->nest->n_levels; l++)
        g_string_append_printf(name, "%s%" G_GINT64_FORMAT, l ? "." : "", walk->at[l]);
    return name;
}

static void append_step(Walk *walk, const Box *boxes, int n)
{
    const Layer *layer = walk->entry->layer;
    table_rule(walk->table);
    for (int pe = 0; pe < n; pe++) {
        GString *number = g_string_new(NULL);
        g_string_printf(number, "%d", pe);
        table_cell_take(walk->table, pe == 0 ? step_name(walk) : g_string_new(NULL));
        table_cell_take(walk->table, number);
        bool idle = box_empty(&boxes[pe], layer->op.n_dims);
        for (int t = 0; t < layer->op.n_tensors; t++)
            table_cell_take(walk->table,
                            idle ? g_string_new("idle")
                                 : tensor_range(layer, &layer->op.tensor[t], &boxes[pe]));
    }
    walk->shown++;
}

static void walk_level(Walk *walk, int l, const Box *parents, int n_parents)
{
    const Nest *nest = walk->entry->nest;
    const Level *level = &nest->level[l];
    int n = n_parents * (int) level->children;
    Box children[PLACEMENT_PES_MAX];
    Counters most = most_steps(level, parents, n_parents), now = {{0}};
    bool more = true;
    for (walk->at[l] = 0; more && walk->shown < PLACEMENT_STEPS_MAX; walk->at[l]++) {
        for (int i = 0; i < n; i++)
            children[i] =
                child_box(level, &parents[i / level->children], i % level->children, &now);
        if (l + 1 < nest->n_levels)
            walk_level(walk, l + 1, children, n);
        else
            append_step(walk, children, n);
        more = advance(level, &most, &now);
    }
}

/* PEs that the clusters come to; anything above the bound is the same. */
static int64_t count_pes(const Nest *nest)
{
    int64_t pes = 1;
    for (int l = 0; l < nest->n_levels && pes <= PLACEMENT_PES_MAX; l++)
        pes *= MIN(nest->level[l].children, PLACEMENT_PES_MAX + 1);
    return pes;
}

bool placement_append(GString *out, const ReportEntry *entry, bool colour)
{
    const Layer *layer = entry->layer;
    Box whole = {0};
    if (count_pes(entry->nest) > PLACEMENT_PES_MAX)
        return false;
    for (int d = 0; d < layer->op.n_dims; d++)
        whole.high[d] = layer->extent[d];
    g_autoptr(Table) table = table_new((guint) layer->op.n_tensors + 2);
    Walk walk = {.entry = entry, .table = table};
    append_heading(table, layer);
    walk_level(&walk, 0, &whole, 1);
    table_write(table, out, 2, 0, colour);
    return true;
}
