/* Over time a tensor is reused while the innermost loops that advance do not reach it: an
 * input's tile stays (temporal multicast), an output's is added to (temporal reduction).  Where a
 * dim reaches a tensor through a window, a tile overlaps the one before: a halo, counted as the
 * engines count it. */
#include "report/reuse.h"

#include "report/window.h"

/* A loop of several steps, by its level and its place there. */
typedef struct {
    int level, map;
} LoopAt;

static bool inside(LoopAt loop, int level, int map)
{
    return level > loop.level || (level == loop.level && map > loop.map);
}

/* What a unit has of a dim. */
typedef struct {
    int64_t start, length;
} Part;

static Part part_at(const Scope *scope, const Map *map, Part part, int64_t step)
{
    int64_t moved = step > 0 ? step * scope_advance(scope, map) : 0;
    return (Part){part.start + moved, MIN(map->size, part.length - moved)};
}

/* What the first unit has just before the loop advances from its first step, when all loops inside
 * are at their last one, or just after, when they begin again. */
static Part part_of(const Scope *scope, int levels, int dim, LoopAt loop, bool after)
{
    Part part = {0, scope->extent[dim]};
    for (int l = 0; l < levels; l++) {
        const Map *map = scope_map(scope[l].level, dim);
        if (map == NULL)
            continue;
        int m = (int) (map - scope[l].level->map);
        int64_t steps = nest_steps(map, part.length, scope[l].level->children), step = 0;
        if (after)
            step = l == loop.level && m == loop.map;
        else if (inside(loop, l, m))
            step = steps - 1;
        part = part_at(&scope[l], map, part, step);
    }
    return part;
}

/* The levels that a tile is loaded over. */
typedef struct {
    const Scope *scope; /* the outermost */
    int levels;
    const Tensor *tensor;
} Supply;

static const Map *map_at(const Supply *supply, LoopAt loop)
{
    return &supply->scope[loop.level].level->map[loop.map];
}

/* The next loop outwards of several steps; level -1: there is none. */
static LoopAt loop_outside(const Supply *supply, LoopAt loop)
{
    for (int l = loop.level; l >= 0; l--) {
        const Level *level = supply->scope[l].level;
        for (int m = (l == loop.level ? loop.map : level->n_maps) - 1; m >= 0; m--)
            if (scope_steps(&supply->scope[l], &level->map[m]) > 1)
                return (LoopAt){l, m};
    }
    return (LoopAt){-1, 0};
}

static LoopAt innermost_loop(const Supply *supply)
{
    return loop_outside(supply, (LoopAt){supply->levels, 0});
}

/* The innermost one that moves the tile. */
static LoopAt reaching_loop(const Supply *supply)
{
    LoopAt loop = innermost_loop(supply);
    while (loop.level >= 0 && window_coord(supply->tensor, map_at(supply, loop)->dim) == NULL)
        loop = loop_outside(supply, loop);
    return loop;
}

static void moves_of(const Supply *supply, const Coord *coord, LoopAt loop, Move move[2])
{
    for (int i = 0; i < coord->n; i++) {
        Part before = part_of(supply->scope, supply->levels, coord->dim[i], loop, false),
             after = part_of(supply->scope, supply->levels, coord->dim[i], loop, true);
        move[i] = (Move){after.length, before.length, after.start - before.start};
    }
}

/* Whether something of the tile stays when the loop advances. */
static bool keeps_some(const Supply *supply, LoopAt loop)
{
    for (int c = 0; c < supply->tensor->n_coords; c++) {
        Move move[2] = {{0, 0, 0}, {0, 0, 0}};
        moves_of(supply, &supply->tensor->coord[c], loop, move);
        if (window_common(&supply->tensor->coord[c], move) == 0)
            return false;
    }
    return true;
}

/* A loop may begin again where it ended, beside another of the same window, or with a stride. */
static bool kept_further_out(const Supply *supply, LoopAt loop)
{
    for (loop = loop_outside(supply, loop); loop.level >= 0; loop = loop_outside(supply, loop))
        if (keeps_some(supply, loop))
            return true;
    return false;
}

static void append_moving(GString *out, const Supply *supply, LoopAt loop)
{
    int dim = map_at(supply, loop)->dim;
    const Coord *coord = window_coord(supply->tensor, dim);
    Move move[2] = {{0, 0, 0}, {0, 0, 0}};
    moves_of(supply, coord, loop, move);
    int64_t shared = window_common(coord, move);
    if (shared > 0)
        window_append_halo(out, shared, window_values(coord, move), scope_dim(supply->scope, dim));
    else if (kept_further_out(supply, loop))
        g_string_append_printf(out, "none along %s", scope_dim(supply->scope, dim));
    else
        g_string_append(out, "none: a new tile every step");
}

/* Steps of the loops over a dim inside that loop, from a level on whose parent has so much of the
 * dim: in a clipped chunk there are fewer. */
static int64_t steps_inside(const Supply *supply, int dim, LoopAt loop, int l, int64_t extent)
{
    if (l == supply->levels)
        return 1;
    const Scope *scope = &supply->scope[l];
    const Map *map = scope_map(scope->level, dim);
    if (map == NULL)
        return steps_inside(supply, dim, loop, l + 1, extent);
    Part whole = {0, extent}, first = part_at(scope, map, whole, 0);
    int64_t each = steps_inside(supply, dim, loop, l + 1, first.length);
    if (!inside(loop, l, (int) (map - scope->level->map)))
        return each;
    int64_t steps = nest_steps(map, extent, scope->level->children);
    Part last = part_at(scope, map, whole, steps - 1);
    if (last.length == first.length)
        return steps * each;
    return (steps - 1) * each + steps_inside(supply, dim, loop, l + 1, last.length);
}

/* The steps inside the loop, that leave the tile where it is; their dims, the innermost first. */
static int64_t staying(const Supply *supply, LoopAt reaching, GString *dims)
{
    int64_t times = 1;
    unsigned seen = 0;
    for (LoopAt loop = innermost_loop(supply); inside(reaching, loop.level, loop.map);
         loop = loop_outside(supply, loop)) {
        int dim = map_at(supply, loop)->dim;
        if (seen >> dim & 1)
            continue;
        seen |= 1u << dim;
        g_string_append_printf(dims, "%s%s", dims->len ? ", " : "", scope_dim(supply->scope, dim));
        int64_t steps = steps_inside(supply, dim, reaching, 0, supply->scope->extent[dim]);
        if (__builtin_mul_overflow(times, steps, &times))
            times = INT64_MAX;
    }
    return times;
}

GString *reuse_over_time(const Scope *scope, int levels, const Tensor *tensor)
{
    const char *kind = tensor->role == ROLE_OUTPUT ? "temporal reduction" : "temporal multicast";
    const Supply supply = {scope, levels, tensor};
    LoopAt reaching = reaching_loop(&supply);
    GString *out = g_string_new(NULL), *dims = g_string_new(NULL);
    int64_t times = staying(&supply, reaching, dims);
    if (times > 1)
        g_string_append_printf(out, "%s over %s (%" G_GINT64_FORMAT " steps)", kind, dims->str,
                               times);
    else if (reaching.level >= 0)
        append_moving(out, &supply, reaching);
    else
        g_string_append(out, scope->number == 0 ? "the only tile" : "one for each tile above");
    g_string_free(dims, TRUE);
    return out;
}
