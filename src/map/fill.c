#include "map/fill.h"

#include <string.h>
#include "map/set.h"

/* ---- orders ------------------------------------------------------------------------------ */

/* The next permutation of dims that is larger as a word; false, and the first one, after the last.
 */
static bool permute(int8_t *dim, int n)
{
    int i = n - 2;
    while (i >= 0 && dim[i] > dim[i + 1])
        i--;
    for (int a = i + 1, b = n - 1; a < b; a++, b--) {
        int8_t swap = dim[a];
        dim[a] = dim[b];
        dim[b] = swap;
    }
    if (i < 0)
        return false;
    int k = i + 1;
    while (dim[k] < dim[i])
        k++;
    int8_t swap = dim[k];
    dim[k] = dim[i];
    dim[i] = swap;
    return true;
}

/* The loops of an item among those of its level. */
static void span_of(const Partial *p, int level, int item, int *first, int *n)
{
    const SkeletonLevel *s = &p->skeleton->level[level];
    *first = 0;
    for (int i = 0; i < item; i++)
        *first += __builtin_popcount(s->item[i].dims & p->several[level]);
    *n = __builtin_popcount(s->item[item].dims & p->several[level]);
}

static void level_first(const Partial *p, int l, Order *order)
{
    const SkeletonLevel *level = &p->skeleton->level[l];
    order->n[l] = 0;
    for (int i = 0; i < level->n_items; i++) {
        const SkeletonItem *item = &level->item[i];
        unsigned dims = item->dims & p->several[l];
        for (int k = 0; k < p->n_dims; k++) {
            int d = item->ordered ? item->order[k] : k;
            if (!has(dims, d))
                continue;
            order->dim[l][order->n[l]++] = (int8_t) d;
            dims &= ~(1u << d);
        }
    }
}

/* False, and the level's first order, after its last. */
static bool level_next(const Partial *p, int l, Order *order)
{
    const SkeletonLevel *level = &p->skeleton->level[l];
    for (int i = level->n_items - 1; i >= 0; i--) {
        int first, n;
        span_of(p, l, i, &first, &n);
        if (!level->item[i].ordered && n > 1 && permute(&order->dim[l][first], n))
            return true;
    }
    return false;
}

static bool level_fits(const BoundModel *m, const Partial *p, int l, const Order *order)
{
    int inner = p->inner[l], n = order->n[l];
    if (inner == INNER_OPEN)
        return true;
    if (inner == INNER_NONE)
        return n == 0;
    return n > 0 && has(m->kind[inner].dims, order->dim[l][n - 1]);
}

/* Goes on from the level's order to the next that fits. */
static bool level_seek(const BoundModel *m, const Partial *p, int l, Order *order)
{
    while (!level_fits(m, p, l, order))
        if (!level_next(p, l, order))
            return false;
    return true;
}

bool order_first(const BoundModel *m, const Partial *p, Order *order)
{
    for (int l = 0; l < p->skeleton->n_levels; l++) {
        level_first(p, l, order);
        if (!level_seek(m, p, l, order))
            return false;
    }
    return true;
}

bool order_next(const BoundModel *m, const Partial *p, Order *order)
{
    for (int l = p->skeleton->n_levels - 1; l >= 0; l--) {
        if (level_next(p, l, order) && level_seek(m, p, l, order))
            return true;
        level_first(p, l, order);
        level_seek(m, p, l, order);
    }
    return false;
}

/* ---- the nest ------------------------------------------------------------------------------ */

static void add_map(const Partial *p, int l, int dim, Level *level)
{
    bool spread = p->skeleton->level[l].spread == dim;
    int64_t size = p->at[dim][l + 1].size;
    level->map[level->n_maps++] = (Map){spread ? MAP_SPATIAL : MAP_TEMPORAL, dim, size, size};
}

/* A dim that the level does not map, of which the first child gets all: one that the template lets
 * it divide, where there is such a one; -1: there is none. */
static int idle_dim(const Level *level, unsigned allowed, int n_dims)
{
    unsigned mapped = 0;
    int other = -1;
    for (int m = 0; m < level->n_maps; m++)
        mapped |= 1u << level->map[m].dim;
    for (int d = n_dims - 1; d >= 0; d--)
        if (!has(mapped, d) && (other < 0 || has(allowed, d) || !has(allowed, other)))
            other = d;
    return other;
}

static void add_maps(const Partial *p, int l, const Order *order, Level *level)
{
    int spread = p->skeleton->level[l].spread;
    bool divided = spread >= 0 && p->at[spread][l].size > p->at[spread][l + 1].size;
    for (int i = 0; i < order->n[l]; i++)
        add_map(p, l, order->dim[l][i], level);
    if (divided && !has(p->several[l], spread)) /* in one step */
        add_map(p, l, spread, level);
    int idle = idle_dim(level, p->skeleton->level[l].idle, p->n_dims);
    if (divided || level->children == 1 || idle < 0)
        return;
    /* The children divide nothing: all but one are to be idle, not to repeat its work. */
    int64_t size = p->at[idle][l].size;
    level->map[level->n_maps++] = (Map){MAP_SPATIAL, idle, size, size};
}

static bool may_join(const Level *before, const Level *level, const SkeletonLevel *s, unsigned all)
{
    return level->n_maps == 0 && level->children == 1 && (s->fanout == 0 || s->rest) &&
           before != NULL && (before->passes | level->passes) == all;
}

static void join(Level *before, const Level *level, int n_tensors)
{
    before->passes &= level->passes;
    for (int t = 0; t < n_tensors; t++)
        if (level->memory[t] > 0)
            before->memory[t] = level->memory[t];
}

FillStatus fill_nest(const Layer *layer, const Machine *machine, const Partial *p,
                     const Order *order, Nest *nest)
{
    const int n_tensors = layer->op.n_tensors;
    const unsigned all = (1u << n_tensors) - 1;
    bool classic = machine->n_memories == 0;
    nest->n_levels = 0;
    nest->n_autos = 0;
    nest->placed = false;
    for (int l = 0; l < p->skeleton->n_levels; l++) {
        const SkeletonLevel *s = &p->skeleton->level[l];
        Level level;
        memset(&level, 0, sizeof level);
        level.children = p->units[l];
        level.fanout = s->fanout;
        level.rest = s->rest;
        level.passes = classic ? 0 : all & ~s->held;
        for (int t = 0; t < n_tensors; t++)
            level.memory[t] = s->memory[t];
        add_maps(p, l, order, &level);
        Level *before = nest->n_levels > 0 ? &nest->level[nest->n_levels - 1] : NULL;
        if (s->cluster && !s->units_fixed && level.children == 1 && level.n_maps == 0)
            return FILL_OTHER;
        if (!classic && may_join(before, &level, s, all)) {
            join(before, &level, n_tensors);
            continue;
        }
        if (nest->n_levels == LEVELS_MAX)
            return FILL_TOO_DEEP;
        nest->level[nest->n_levels++] = level;
    }
    return FILL_DONE;
}
