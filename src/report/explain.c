/* What the compiler made of a dataflow: per level its directives over iteration dims, the
 * children, the steps, and the reuse that each tensor gets from them.
 *
 * Over time a tensor is reused while the innermost loops that advance do not reach it: an
 * input's tile stays (temporal multicast), an output's is added to (temporal reduction).
 * Across the children it is reused if the SpatialMap does not reach it: one read serves
 * all (spatial multicast), or all add to the same elements (spatial reduction).  Where a
 * dim reaches a tensor through a window, neighbouring tiles overlap: a halo, counted as the engines
 * count it. */
#include "engine/tensor.h"
#include "report/detail.h"
#include "report/placement.h"
#include "report/table.h"

/* A level as it stands in the nest: the extents are those of its parent's box. */
typedef struct {
    const ReportEntry *entry;
    const Level *level;
    int number;
    int64_t extent[DIMS_MAX];
} Scope;

static const Map *map_of(const Level *level, int dim)
{
    for (int m = 0; m < level->n_maps; m++)
        if (level->map[m].dim == dim)
            return &level->map[m];
    return NULL;
}

/* Length of the interval of a dim that a child has, at most. */
static int64_t chunk_of(const Scope *scope, int dim)
{
    const Map *map = map_of(scope->level, dim);
    return map ? MIN(map->size, scope->extent[dim]) : scope->extent[dim];
}

static int64_t steps_of(const Scope *scope, const Map *map)
{
    return nest_steps(map, scope->extent[map->dim], scope->level->children);
}

static const char *dim_name(const Scope *scope, int dim)
{
    return scope->entry->layer->op.dim[dim];
}

/* The coordinate of the tensor that the dim reaches, or NULL. */
static const Coord *coord_of(const Tensor *tensor, int dim)
{
    for (int c = 0; c < tensor->n_coords; c++)
        for (int i = 0; i < tensor->coord[c].n; i++)
            if (tensor->coord[c].dim[i] == dim)
                return &tensor->coord[c];
    return NULL;
}

/* Values of a coordinate in a tile. */
static int64_t values_of(const Scope *scope, const Coord *coord)
{
    Axis axis = tensor_axis(coord);
    return tensor_image(&axis, chunk_of(scope, coord->dim[0]),
                        coord->n == 2 ? chunk_of(scope, coord->dim[1]) : 0);
}

/* Those that a tile shares with the one whose chunk of the dim begins `shift` later: with a stride
 * they need not be neighbours, so it is the values that count. */
static int64_t shared_along(const Scope *scope, const Coord *coord, int dim, int64_t shift)
{
    Axis axis = tensor_axis(coord);
    Move move[2] = {{0, 0, 0}, {0, 0, 0}};
    for (int i = 0; i < coord->n; i++) {
        int64_t chunk = chunk_of(scope, coord->dim[i]);
        move[i] = (Move){chunk, chunk, coord->dim[i] == dim ? shift : 0};
    }
    return coord->n == 2 ? tensor_overlap(&axis, &move[0], &move[1]) : MAX(0, move[0].now - shift);
}

/* "halo of 2 in 3 along Y'", or the text for a tile that shares nothing. */
static void append_overlap(GString *out, const Scope *scope, const Coord *coord, int dim,
                           int64_t shift, const char *none)
{
    int64_t shared = shared_along(scope, coord, dim, shift);
    if (shared > 0)
        g_string_append_printf(out, "halo of %" G_GINT64_FORMAT " in %" G_GINT64_FORMAT " along %s",
                               shared, values_of(scope, coord), dim_name(scope, dim));
    else
        g_string_append(out, none);
}

/* How far a child's chunk moves from one step of the map to the next. */
static int64_t advance_of(const Scope *scope, const Map *map)
{
    int64_t children = map->kind == MAP_SPATIAL ? scope->level->children : 1, advance;
    return __builtin_mul_overflow(map->offset, children, &advance) ? INT64_MAX : advance;
}

/* The loops inside the innermost one that reaches the tensor. */
static GString *reuse_over_time(const Scope *scope, const Tensor *tensor)
{
    const char *kind = tensor->role == ROLE_OUTPUT ? "temporal reduction" : "temporal multicast";
    GString *out = g_string_new(NULL), *dims = g_string_new(NULL);
    int64_t times = 1;
    const Map *reaching = NULL;
    const Coord *coord = NULL;
    for (int m = scope->level->n_maps - 1; m >= 0 && !coord; m--) {
        const Map *map = &scope->level->map[m];
        int64_t steps = steps_of(scope, map);
        if (steps == 1)
            continue;
        reaching = map;
        coord = coord_of(tensor, map->dim);
        if (coord)
            continue;
        g_string_append_printf(dims, "%s%s", dims->len ? ", " : "", dim_name(scope, map->dim));
        if (__builtin_mul_overflow(times, steps, &times))
            times = INT64_MAX;
    }
    if (times > 1)
        g_string_append_printf(out, "%s over %s (%" G_GINT64_FORMAT " steps)", kind, dims->str,
                               times);
    else if (coord)
        append_overlap(out, scope, coord, reaching->dim, advance_of(scope, reaching),
                       "none: a new tile every step");
    else
        g_string_append(out, "the only tile");
    g_string_free(dims, TRUE);
    return out;
}

/* The map that gives the children different work, or NULL. */
static const Map *spatial_map(const Scope *scope)
{
    for (int m = 0; m < scope->level->n_maps; m++) {
        const Map *map = &scope->level->map[m];
        if (map->kind == MAP_SPATIAL && nest_chunks(map, scope->extent[map->dim]) > 1)
            return map;
    }
    return NULL;
}

static GString *reuse_across_children(const Scope *scope, const Tensor *tensor)
{
    const Map *map = spatial_map(scope);
    const Noc *noc = &scope->entry->machine->noc[scope->number];
    bool output = tensor->role == ROLE_OUTPUT, served = output ? noc->reduction : noc->multicast;
    GString *out = g_string_new(NULL);
    if (!map) {
        g_string_append(out, "one child works");
        return out;
    }
    const Coord *coord = coord_of(tensor, map->dim);
    bool common = !coord || shared_along(scope, coord, map->dim, map->offset) > 0;
    if (coord)
        append_overlap(out, scope, coord, map->dim, map->offset, "none: a tile each");
    else
        g_string_append_printf(out, "spatial %s over %s", output ? "reduction" : "multicast",
                               dim_name(scope, map->dim));
    if (common && !served)
        g_string_append(out, output ? ", added in the parent" : ", read by each child");
    return out;
}

static void append_directives(GString *out, const Scope *scope)
{
    g_autoptr(Table) table = table_new(4);
    table_left(table, 0);
    table_cell(table, "directive");
    table_cell(table, "extent");
    table_cell(table, "chunks");
    table_cell(table, "steps");
    for (int m = 0; m < scope->level->n_maps; m++) {
        const Map *map = &scope->level->map[m];
        int64_t extent = scope->extent[map->dim];
        const int64_t numbers[] = {extent, nest_chunks(map, extent), steps_of(scope, map)};
        GString *directive = g_string_new(NULL);
        g_string_printf(directive, "%sMap(%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ") %s",
                        map->kind == MAP_SPATIAL ? "Spatial" : "Temporal", map->size, map->offset,
                        dim_name(scope, map->dim));
        table_cell_take(table, directive);
        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
            GString *number = g_string_new(NULL);
            g_string_printf(number, "%" G_GINT64_FORMAT, numbers[i]);
            table_cell_take(table, number);
        }
    }
    table_write(table, out, 2, 0, false);
}

/* Dims that the level leaves whole, those of extent 1 aside. */
static void append_whole_dims(GString *out, const Scope *scope)
{
    const Operator *op = &scope->entry->layer->op;
    const char *separator = "  whole: ";
    for (int d = 0; d < op->n_dims; d++) {
        if (map_of(scope->level, d) || scope->extent[d] == 1)
            continue;
        g_string_append_printf(out, "%s%s %" G_GINT64_FORMAT, separator, op->dim[d],
                               scope->extent[d]);
        separator = ", ";
    }
    g_string_append(out, separator[0] == ',' ? "\n" : "");
}

static void append_reuse(GString *out, const Scope *scope)
{
    const Operator *op = &scope->entry->layer->op;
    g_autoptr(Table) table = table_new(3);
    for (guint column = 0; column < 3; column++)
        table_left(table, column);
    table_cell(table, "reuse");
    table_cell(table, "over time");
    table_cell(table, "across children");
    for (int t = 0; t < op->n_tensors; t++) {
        table_cell(table, op->tensor[t].name);
        table_cell_take(table, reuse_over_time(scope, &op->tensor[t]));
        table_cell_take(table, reuse_across_children(scope, &op->tensor[t]));
    }
    table_write(table, out, 2, 0, false);
}

static void append_level(GString *out, const Scope *scope)
{
    const ReportEntry *entry = scope->entry;
    bool last = scope->number + 1 == entry->nest->n_levels;
    int64_t children = scope->level->children;
    g_string_append_printf(out, "\nlevel %d: %" G_GINT64_FORMAT " %s%s", scope->number, children,
                           last ? "PE" : "cluster", children == 1 ? "" : "s");
    if (entry->status == ENTRY_EVALUATED)
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " steps in all",
                               entry->result.level[scope->number].steps);
    g_string_append_c(out, '\n');
    append_directives(out, scope);
    append_whole_dims(out, scope);
    append_reuse(out, scope);
}

/* The scope of the level below: each child's largest box. */
static void descend(Scope *scope)
{
    int64_t chunk[DIMS_MAX];
    int dims = scope->entry->layer->op.n_dims;
    for (int d = 0; d < dims; d++)
        chunk[d] = chunk_of(scope, d);
    for (int d = 0; d < dims; d++)
        scope->extent[d] = chunk[d];
}

GString *explain_write(const ReportEntry *entry)
{
    GString *out = g_string_new(NULL);
    Scope scope = {.entry = entry};
    detail_heading(out, entry, false);
    g_string_append_c(out, '\n');
    if (entry->status == ENTRY_REFUSED) {
        g_string_append_printf(out, "  %s\n",
                               entry->why ? entry->why : "the dataflow cannot map this layer");
        return out;
    }
    for (int d = 0; d < entry->layer->op.n_dims; d++)
        scope.extent[d] = entry->layer->extent[d];
    for (; scope.number < entry->nest->n_levels; scope.number++) {
        scope.level = &entry->nest->level[scope.number];
        append_level(out, &scope);
        descend(&scope);
    }
    g_string_append(out, "\n");
    GString *placement = g_string_new(NULL);
    if (placement_append(placement, entry, false))
        g_string_append_printf(out, "first steps:\n%s", placement->str);
    else
        g_string_append_printf(out, "the first steps are shown for up to %d PEs\n",
                               PLACEMENT_PES_MAX);
    g_string_free(placement, TRUE);
    return out;
}
