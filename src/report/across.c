/* Children of a level share what their SpatialMap does not reach: one read serves all (spatial
 * multicast), or all add to the same elements (spatial reduction).  Where it reaches a tensor
 * through a window, what they have at one time may overlap: a halo, with the neighbour or, with a
 * stride, with a child further on. */
#include "report/across.h"

#include "report/window.h"

/* Of a coordinate in two dims: values of a child that are looked at one by one, and of all. */
enum { COUNTED_MAX = 1 << 16, COMPARED_MAX = 1 << 22 };

/* ---- the units inside a child ------------------------------------------------------------ */

/* What they have of a dim at one time, if they lie side by side. */
typedef struct {
    int64_t length;
    int64_t unit;  /* of one of them */
    int64_t units; /* that have different parts */
    bool gaps;     /* they do not */
} Held;

static void divide(Held *held, const Scope *scope, const Map *map)
{
    int64_t chunks = nest_chunks(map, held->unit), children = scope->level->children,
            steps = nest_steps(map, held->unit, children);
    held->gaps |= steps > 1 && held->units > 1;
    if (steps > 1)
        held->length = scope_advance(scope, map);
    if (map->kind == MAP_SPATIAL)
        held->units *= MIN(chunks, children);
    held->unit = MIN(map->size, held->unit);
}

/* Of a child of the tiles' outermost level that has so much of the dim. */
static Held held_inside(const Tiles *tiles, int dim, int64_t length)
{
    Held held = {length, length, 1, false};
    for (int l = 1; l < tiles->levels; l++) {
        const Map *map = scope_map(tiles->scope[l].level, dim);
        if (map != NULL)
            divide(&held, &tiles->scope[l], map);
    }
    if (tiles->streamed && held.unit > 1) { /* it comes MAC by MAC */
        held.gaps |= held.units > 1;
        held.length = held.unit = 1;
    }
    return held;
}

/* Each index of the dim that one of them has. */
static void list_held(const Tiles *tiles, int dim, int l, int64_t start, int64_t length,
                      GArray *index)
{
    const Map *map = l < tiles->levels ? scope_map(tiles->scope[l].level, dim) : NULL;
    if (l == tiles->levels) {
        int64_t end = start + (tiles->streamed ? 1 : length);
        for (; start < end; start++)
            g_array_append_val(index, start);
    } else if (map == NULL) {
        list_held(tiles, dim, l + 1, start, length, index);
    } else {
        int64_t units = map->kind == MAP_SPATIAL
                            ? MIN(nest_chunks(map, length), tiles->scope[l].level->children)
                            : 1;
        for (int64_t p = 0; p < units; p++)
            list_held(tiles, dim, l + 1, start + p * map->offset,
                      MIN(map->size, length - p * map->offset), index);
    }
}

/* ---- what two children have in common ---------------------------------------------------- */

typedef struct {
    int64_t shared, values; /* of those that the second one has */
} Common;

/* What the child so many on the first has of a dim. */
static void chunk_of(const Tiles *tiles, int dim, int64_t apart, int64_t *start, int64_t *length)
{
    const Map *map = scope_spatial(tiles->scope);
    *start = 0;
    *length = scope_chunk(tiles->scope, dim);
    if (dim != map->dim)
        return;
    *start = apart * map->offset;
    *length = MIN(map->size, tiles->scope->extent[dim] - *start);
}

/* Whether units inside a child leave gaps in what they have of the coordinate together. */
static bool has_gaps(const Tiles *tiles, const Coord *coord)
{
    for (int i = 0; i < coord->n; i++)
        if (held_inside(tiles, coord->dim[i], scope_chunk(tiles->scope, coord->dim[i])).gaps)
            return true;
    return false;
}

static void moves_to(const Tiles *tiles, const Coord *coord, int64_t apart, Move move[2])
{
    for (int i = 0; i < coord->n; i++) {
        int64_t start, length, dim = coord->dim[i];
        chunk_of(tiles, (int) dim, apart, &start, &length);
        move[i] = (Move){held_inside(tiles, (int) dim, length).length,
                         held_inside(tiles, (int) dim, scope_chunk(tiles->scope, (int) dim)).length,
                         start};
    }
}

/* How many children on the first the first one may be that shares with it: a step of the other dim
 * leads as far as several of the map's own. */
static int64_t nearest(const Tiles *tiles, const Coord *coord)
{
    const Map *map = scope_spatial(tiles->scope);
    Axis axis = tensor_axis(coord);
    Move move[2] = {{0, 0, 0}, {0, 0, 0}};
    int own = coord->dim[0] == map->dim ? 0 : 1;
    moves_to(tiles, coord, 1, move);
    int64_t beyond = axis.coef[1 - own] - (move[own].before - 1);
    return beyond > 0 ? (beyond - 1) / map->offset + 1 : 1;
}

static int compare_values(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;
    return x < y ? -1 : x > y;
}

/* All values of the coordinate, in order, some perhaps several times. */
static GArray *list_values(const Tiles *tiles, const Coord *coord, int64_t apart)
{
    GArray *index[2], *values = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int i = 0; i < 2; i++) {
        int64_t start, length;
        chunk_of(tiles, coord->dim[i], apart, &start, &length);
        index[i] = g_array_new(FALSE, FALSE, sizeof(int64_t));
        list_held(tiles, coord->dim[i], 1, start, length, index[i]);
    }
    for (guint i = 0; i < index[0]->len; i++)
        for (guint j = 0; j < index[1]->len; j++) {
            int64_t value = coord->coef[0] * g_array_index(index[0], int64_t, i) +
                            coord->coef[1] * g_array_index(index[1], int64_t, j);
            g_array_append_val(values, value);
        }
    g_array_sort(values, compare_values);
    for (int i = 0; i < 2; i++)
        g_array_free(index[i], TRUE);
    return values;
}

static Common compare_lists(const GArray *first, const GArray *other)
{
    Common common = {0, 0};
    guint at = 0;
    for (guint i = 0; i < other->len; i++) {
        int64_t value = g_array_index(other, int64_t, i);
        if (i > 0 && g_array_index(other, int64_t, i - 1) == value)
            continue;
        common.values++;
        while (at < first->len && g_array_index(first, int64_t, at) < value)
            at++;
        common.shared += at < first->len && g_array_index(first, int64_t, at) == value;
    }
    return common;
}

/* With the first child that shares something, *apart on the first one, where there are gaps; false:
 * there is too much to be compared. */
static bool common_listed(const Tiles *tiles, const Coord *coord, int64_t *apart, Common *common)
{
    GArray *first = list_values(tiles, coord, 0);
    int64_t last = g_array_index(first, int64_t, first->len - 1), low = 0,
            most = MIN(scope_busy(tiles->scope) - 1, COMPARED_MAX / first->len);
    *apart = 0;
    while (common->shared == 0 && low <= last && *apart < most) {
        GArray *other = list_values(tiles, coord, ++*apart);
        low = g_array_index(other, int64_t, 0);
        *common = compare_lists(first, other);
        g_array_free(other, TRUE);
    }
    g_array_free(first, TRUE);
    return common->shared > 0 || low > last || *apart + 1 == scope_busy(tiles->scope);
}

static Common common_counted(const Tiles *tiles, const Coord *coord, int64_t *apart)
{
    Move move[2] = {{0, 0, 0}, {0, 0, 0}};
    *apart = nearest(tiles, coord);
    if (*apart >= scope_busy(tiles->scope))
        return (Common){0, 0};
    moves_to(tiles, coord, *apart, move);
    return (Common){window_common(coord, move), window_values(coord, move)};
}

/* ---- the text ---------------------------------------------------------------------------- */

static bool can_be_listed(const Tiles *tiles, const Coord *coord)
{
    int64_t values = 1;
    for (int i = 0; i < 2; i++) {
        int dim = coord->dim[i];
        Held held = held_inside(tiles, dim, scope_chunk(tiles->scope, dim));
        if (__builtin_mul_overflow(values, held.units * held.unit, &values))
            return false;
    }
    return values <= COUNTED_MAX;
}

/* Of the nearest child that shares something, with how many children on it is; false: there is too
 * much to be compared. */
static bool find_common(const Tiles *tiles, const Coord *coord, int64_t *apart, Common *common)
{
    if (coord->n == 1)
        return true;
    if (has_gaps(tiles, coord))
        return can_be_listed(tiles, coord) && common_listed(tiles, coord, apart, common);
    *common = common_counted(tiles, coord, apart);
    return true;
}

/* Whether the children share anything. */
static bool append_overlap(GString *out, const Tiles *tiles, const Coord *coord)
{
    int64_t apart = 1;
    Common common = {0, 0};
    bool found = find_common(tiles, coord, &apart, &common);
    if (common.shared == 0) {
        g_string_append(out, found ? "none: a tile each" : "too much to be compared");
        return false;
    }
    window_append_halo(out, common.shared, common.values,
                       scope_dim(tiles->scope, scope_spatial(tiles->scope)->dim));
    if (apart > 1)
        g_string_append_printf(out, ", %" G_GINT64_FORMAT " children apart", apart);
    return true;
}

static bool append_sharing(GString *out, const Tiles *tiles, const Tensor *tensor)
{
    const Map *map = scope_spatial(tiles->scope);
    const Coord *coord = map ? window_coord(tensor, map->dim) : NULL;
    if (coord != NULL)
        return append_overlap(out, tiles, coord);
    if (map == NULL)
        g_string_append(out, "the same in each child");
    else
        g_string_append_printf(out, "spatial %s over %s",
                               tensor->role == ROLE_OUTPUT ? "reduction" : "multicast",
                               scope_dim(tiles->scope, map->dim));
    return true;
}

GString *reuse_across_children(const Tiles *tiles, const Tensor *tensor)
{
    const Noc *noc = &tiles->scope->entry->machine->noc[tiles->scope->number];
    bool output = tensor->role == ROLE_OUTPUT, served = output ? noc->reduction : noc->multicast;
    if (scope_busy(tiles->scope) == 1)
        return g_string_new("one child works");
    GString *out = g_string_new(NULL);
    if (append_sharing(out, tiles, tensor) && !served)
        g_string_append(out, output ? ", added in the parent" : ", read by each child");
    return out;
}
