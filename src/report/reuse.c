/* Over time a tensor is reused while the innermost loops that advance do not reach it: an
 * input's tile stays (temporal multicast), an output's is added to (temporal reduction).  Where a
 * dim reaches a tensor through a window, a tile overlaps the one before: a halo, counted as the
 * engines count it. */
#include "report/reuse.h"

#include "report/window.h"

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
                               shared, values_of(scope, coord), scope_dim(scope, dim));
    else
        g_string_append(out, none);
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
        stay->coord = window_coord(tensor, map->dim);
        if (stay->coord != NULL) {
            stay->scope = scope;
            stay->reaching = map;
            return;
        }
        g_string_append_printf(stay->dims, "%s%s", stay->dims->len ? ", " : "",
                               scope_dim(scope, map->dim));
        if (__builtin_mul_overflow(stay->times, steps, &stay->times))
            stay->times = INT64_MAX;
    }
}

/* The loops inside the innermost one that reaches the tensor. */
GString *reuse_over_time(const Scope *scope, int levels, const Tensor *tensor)
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
                       scope_advance(stay.scope, stay.reaching), "none: a new tile every step");
    else
        g_string_append(out, scope->number == 0 ? "the only tile" : "one for each tile above");
    g_string_free(stay.dims, TRUE);
    return out;
}
