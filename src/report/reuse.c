/* Over time a tensor is reused while the innermost loops that advance do not reach it: an
 * input's tile stays (temporal multicast), an output's is added to (temporal reduction).
 * Across the children it is reused if the SpatialMap does not reach it: one read serves
 * all (spatial multicast), or all add to the same elements (spatial reduction).  Where a
 * dim reaches a tensor through a window, neighbouring tiles overlap: a halo, counted as the engines
 * count it. */
#include "report/reuse.h"

#include "engine/tensor.h"

/* ---- levels -------------------------------------------------------------------------- */

const Map *scope_map(const Level *level, int dim)
{
    for (int m = 0; m < level->n_maps; m++)
        if (level->map[m].dim == dim)
            return &level->map[m];
    return NULL;
}

/* Length of the interval of a dim that a child has, at most. */
int64_t scope_chunk(const Scope *scope, int dim)
{
    const Map *map = scope_map(scope->level, dim);
    return map ? MIN(map->size, scope->extent[dim]) : scope->extent[dim];
}

int64_t scope_steps(const Scope *scope, const Map *map)
{
    return nest_steps(map, scope->extent[map->dim], scope->level->children);
}

void scope_start(Scope *scope, const ReportEntry *entry)
{
    scope->entry = entry;
    scope->level = &entry->nest->level[0];
    scope->number = 0;
    for (int d = 0; d < entry->layer->op.n_dims; d++)
        scope->extent[d] = entry->layer->extent[d];
}

/* Each child's largest box. */
void scope_descend(const Scope *scope, Scope *child)
{
    Scope below = {scope->entry, scope->level + 1, scope->number + 1, {0}};
    for (int d = 0; d < scope->entry->layer->op.n_dims; d++)
        below.extent[d] = scope_chunk(scope, d);
    *child = below;
}

/* ---- reuse ---------------------------------------------------------------------------- */

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
    return tensor_image(&axis, scope_chunk(scope, coord->dim[0]),
                        coord->n == 2 ? scope_chunk(scope, coord->dim[1]) : 0);
}

/* Those that a tile shares with the one whose chunk of the dim begins `shift` later: with a stride
 * they need not be neighbours, so it is the values that count. */
static int64_t shared_along(const Scope *scope, const Coord *coord, int dim, int64_t shift)
{
    Axis axis = tensor_axis(coord);
    Move move[2] = {{0, 0, 0}, {0, 0, 0}};
    for (int i = 0; i < coord->n; i++) {
        int64_t chunk = scope_chunk(scope, coord->dim[i]);
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

/* Where a tensor stays, from the innermost loop outwards. */
typedef struct {
    GString *dims; /* of the loops that do not reach it */
    int64_t times;
    const Scope *scope; /* of the first one that does, or NULL */
    const Map *reaching;
    const Coord *coord; /* of the tensor, that it reaches */
} Staying;

static void stay_level(Staying *stay, const Scope *scope, const Tensor *tensor)
{
    for (int m = scope->level->n_maps - 1; m >= 0 && stay->scope == NULL; m--) {
        const Map *map = &scope->level->map[m];
        int64_t steps = scope_steps(scope, map);
        if (steps == 1)
            continue;
        stay->coord = coord_of(tensor, map->dim);
        if (stay->coord != NULL) {
            stay->scope = scope;
            stay->reaching = map;
            return;
        }
        g_string_append_printf(stay->dims, "%s%s", stay->dims->len ? ", " : "",
                               dim_name(scope, map->dim));
        if (__builtin_mul_overflow(stay->times, steps, &stay->times))
            stay->times = INT64_MAX;
    }
}

/* The loops inside the innermost one that reaches the tensor. */
GString *reuse_over_time(const Scope *scope, int levels, const Tensor *tensor, const char *only)
{
    const char *kind = tensor->role == ROLE_OUTPUT ? "temporal reduction" : "temporal multicast";
    GString *out = g_string_new(NULL);
    Staying stay = {g_string_new(NULL), 1, NULL, NULL, NULL};
    for (int l = levels - 1; l >= 0; l--)
        stay_level(&stay, &scope[l], tensor);
    if (stay.times > 1)
        g_string_append_printf(out, "%s over %s (%" G_GINT64_FORMAT " steps)", kind, stay.dims->str,
                               stay.times);
    else if (stay.coord != NULL)
        append_overlap(out, stay.scope, stay.coord, stay.reaching->dim,
                       advance_of(stay.scope, stay.reaching), "none: a new tile every step");
    else
        g_string_append(out, only);
    g_string_free(stay.dims, TRUE);
    return out;
}

/* The map that gives the children different work, or NULL. */
const Map *scope_spatial(const Scope *scope)
{
    for (int m = 0; m < scope->level->n_maps; m++) {
        const Map *map = &scope->level->map[m];
        if (map->kind == MAP_SPATIAL && nest_chunks(map, scope->extent[map->dim]) > 1)
            return map;
    }
    return NULL;
}

GString *reuse_across_children(const Scope *scope, const Tensor *tensor)
{
    const Map *map = scope_spatial(scope);
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
