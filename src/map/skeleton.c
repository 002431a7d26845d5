/* Level by level, outside in; of a level first what its children hold, then map by map which dim
 * and kind it has, then which dim its children divide. */
#include "map/skeleton.h"

#include <string.h>

#include "engine/cluster.h"
#include "map/set.h"

typedef struct {
    const Layer *layer;
    const Machine *machine;
    const Template *open;
    Skeleton skeleton;
    bool joins;                     /* loops that could as well stand further out are left out */
    unsigned wide;                  /* dims of more than one index */
    unsigned sliding;               /* dims that share a coordinate */
    int block[TEMPLATE_LEVELS_MAX]; /* of each level the one whose loops may take any place */
    unsigned chosen[TEMPLATE_LEVELS_MAX][TEMPLATE_MAPS_MAX]; /* dims of the maps of each level */
    unsigned whole[TEMPLATE_LEVELS_MAX]; /* dims of one index that its maps have */
    SkeletonVisit *visit;
    void *data;
    bool stopped;
} Enumeration;

/* No dim that a level divides, yet or at all. */
enum { SPREAD_NONE = -1, SPREAD_NEVER = -2 };

static void choose_level(Enumeration *e, int l);

/* ---- the children -------------------------------------------------------------------- */

static bool can_divide(const Enumeration *e, const SkeletonLevel *level, int dim)
{
    if (level->fanout == 0)
        return e->machine->n_fanouts == 0;
    unsigned dims = e->machine->fanout[level->fanout - 1].dims;
    return dims == 0 || has(dims, dim);
}

static int64_t fanout_size(const Enumeration *e, int l)
{
    const SkeletonLevel *level = &e->skeleton.level[l];
    return level->fanout > 0 ? e->machine->fanout[level->fanout - 1].size : e->machine->pes;
}

static void set_units(Enumeration *e, int l)
{
    SkeletonLevel *level = &e->skeleton.level[l];
    const Hole *children = &e->open->level[l].children;
    bool classic = e->machine->n_memories == 0;
    level->cluster = classic && l > 0;
    level->units_fixed = !children->open && !(classic && l == 0);
    level->units_least = level->units_fixed ? children->value
                         : children->open   ? children->least
                                            : 1;
    level->units_most = level->units_fixed ? children->value : fanout_size(e, l);
    if (children->open && children->most < level->units_most)
        level->units_most = children->most;
    if (level->spread < 0 && !level->units_fixed)
        level->units_least = level->units_most = 1;
}

/* ---- loops that stand once between two memories ---------------------------------------- */

/* Whether the loops of a level may have any sizes and stand in any order. */
static bool is_free(const Enumeration *e, const SkeletonLevel *level)
{
    for (int i = 0; i < level->n_items; i++)
        if (i > 0 || level->item[i].ordered)
            return false;
    for (int d = 0; d < e->layer->op.n_dims; d++)
        if (has(level->maps, d) && !hole_is_plain(level->size[d]))
            return false;
    return true;
}

static bool is_divided(const Enumeration *e, int first, int end, int dim)
{
    for (int l = first; l < end; l++)
        if (e->skeleton.level[l].spread == dim)
            return true;
    return false;
}

/* Whether the loops of level l come to nothing that those of `block` would not, with the loops
 * between them.  Of a dim that slides those inside the units do: neighbours share less there. */
static bool is_joined(const Enumeration *e, int block, int l)
{
    const SkeletonLevel *level = &e->skeleton.level[l];
    if ((level->maps & ~e->skeleton.level[block].maps) != 0)
        return false;
    for (int d = 0; d < e->layer->op.n_dims; d++)
        if (has(level->maps, d) &&
            (!hole_is_plain(level->size[d]) || (has(e->sliding, d) && is_divided(e, block, l, d))))
            return false;
    return true;
}

/* Dims that the children of a level may divide. */
static unsigned divisible(const Enumeration *e, int l)
{
    const TemplateLevel *open = &e->open->level[l];
    unsigned dims = 0;
    for (int m = 0; m < open->n_maps; m++)
        dims |= has(open->map[m].kinds, MAP_SPATIAL) ? open->map[m].dims & e->wide : 0;
    for (int d = 0; d < e->layer->op.n_dims; d++)
        if (!can_divide(e, &e->skeleton.level[l], d))
            dims &= ~(1u << d);
    return dims;
}

/* Parts of one fan-out that may divide the same dims do so in ascending order: the other orders
 * come to the same. */
static bool parts_ascend(const Enumeration *e, int l)
{
    const SkeletonLevel *level = &e->skeleton.level[l], *before = level - 1;
    unsigned dims = divisible(e, l);
    if (!hole_is_plain(&e->open->level[l].children) ||
        !hole_is_plain(&e->open->level[l - 1].children))
        return true;
    if (!level->rest || (dims & (dims - 1)) == 0 || dims != divisible(e, l - 1))
        return true;
    return level->spread < 0 || (before->spread >= 0 && before->spread < level->spread);
}

/* Takes out the loops of a level that are joined with those further out. */
static void join(Enumeration *e, int l)
{
    SkeletonLevel *level = &e->skeleton.level[l];
    bool inside = l > 0 && e->joins && e->skeleton.level[l - 1].held == 0;
    int block = inside ? e->block[l - 1] : -1;
    if (block < 0 || !is_joined(e, block, l)) {
        e->block[l] = e->joins && is_free(e, level) ? l : -1;
        return;
    }
    int n = 0;
    level->maps = level->spread >= 0 ? 1u << level->spread : 0;
    for (int i = 0; i < level->n_items; i++) {
        level->item[n] = level->item[i];
        level->item[n].dims &= level->maps;
        n += level->item[n].dims != 0;
    }
    level->n_items = n;
    level->one_step = true;
    e->block[l] = block;
}

/* `among`: of several dims, or kinds, so that there is the choice of none: this one is divided. */
static void choose_spread(Enumeration *e, int l, int spread, bool among)
{
    SkeletonLevel *level = &e->skeleton.level[l];
    level->spread = spread;
    set_units(e, l);
    if (among && spread >= 0 && !level->units_fixed && level->units_least < 2)
        level->units_least = level->units_most < 2 ? 1 : 2;
    if (level->units_most < level->units_least)
        return;
    const SkeletonLevel saved = *level;
    join(e, l);
    if (!level->one_step || parts_ascend(e, l))
        choose_level(e, l + 1);
    *level = saved;
}

/* The dim that the children divide: of a SpatialMap, or else any of those of Any. */
static void choose_any_spread(Enumeration *e, int l, int spread, bool among)
{
    const TemplateLevel *open = &e->open->level[l];
    unsigned dims = 0;
    if (spread >= 0) {
        choose_spread(e, l, spread, among);
        return;
    }
    for (int m = 0; m < open->n_maps; m++)
        if (open->map[m].any && has(open->map[m].kinds, MAP_SPATIAL) && spread == SPREAD_NONE)
            dims |= e->chosen[l][m];
    choose_spread(e, l, SPREAD_NONE, false);
    for (int d = 0; d < e->layer->op.n_dims && !e->stopped; d++)
        if (has(dims, d) && can_divide(e, &e->skeleton.level[l], d))
            choose_spread(e, l, d, true);
}

/* ---- maps ---------------------------------------------------------------------------- */

/* The dims as they are listed, those that are not behind them. */
static void set_order(const TemplateMap *map, int n_dims, SkeletonItem *item)
{
    unsigned listed = 0;
    int n = 0;
    for (; n < map->n_order; n++) {
        item->order[n] = (int8_t) map->order[n];
        listed |= 1u << map->order[n];
    }
    for (int d = 0; d < n_dims; d++)
        if (!has(listed, d))
            item->order[n++] = (int8_t) d;
}

/* Any has the dims that no other map of the level has. */
static void fill_any(Enumeration *e, int l, int spread, bool among)
{
    const TemplateLevel *open = &e->open->level[l];
    SkeletonLevel *level = &e->skeleton.level[l];
    const SkeletonLevel saved = *level;
    unsigned taken = level->maps;
    level->n_items = 0;
    for (int m = 0; m < open->n_maps; m++) {
        const TemplateMap *map = &open->map[m];
        if (map->any)
            e->chosen[l][m] = map->dims & e->wide & ~taken;
        SkeletonItem item = {.dims = e->chosen[l][m]};
        item.ordered = map->any && map->n_order > 0;
        set_order(map, e->layer->op.n_dims, &item);
        taken |= item.dims;
        for (int d = 0; d < e->layer->op.n_dims; d++)
            if (has(item.dims, d))
                level->size[d] = &map->size;
        if (item.dims != 0)
            level->item[level->n_items++] = item;
    }
    level->maps = taken;
    choose_any_spread(e, l, spread, among);
    *level = saved;
}

static void choose_maps(Enumeration *e, int l, int m, int spread, bool among);

/* The map has dim d, of that kind. */
static void choose_dim(Enumeration *e, int l, int m, int d, MapKind kind, int spread, bool among)
{
    const TemplateMap *map = &e->open->level[l].map[m];
    SkeletonLevel *level = &e->skeleton.level[l];
    bool several = __builtin_popcount(map->dims) > 1 || __builtin_popcount(map->kinds) > 1;
    bool spatial = kind == MAP_SPATIAL;
    if (spatial && (spread != SPREAD_NONE || !can_divide(e, level, d)))
        return;
    e->chosen[l][m] = 1u << d;
    level->maps |= 1u << d;
    choose_maps(e, l, m + 1, spatial ? d : spread, spatial ? several : among);
    level->maps &= ~(1u << d);
    e->chosen[l][m] = 0;
}

/* A SpatialMap of one of several dims divides nothing where its size may be the whole of one. */
static void choose_whole(Enumeration *e, int l, int m, bool among)
{
    const TemplateMap *map = &e->open->level[l].map[m];
    SkeletonLevel *level = &e->skeleton.level[l];
    for (int d = 0; d < e->layer->op.n_dims && !e->stopped; d++)
        if (has(map->dims & e->wide & ~level->maps, d)) {
            level->stays |= 1u << d;
            choose_dim(e, l, m, d, MAP_TEMPORAL, SPREAD_NEVER, among);
            level->stays &= ~(1u << d);
        }
}

static void choose_maps(Enumeration *e, int l, int m, int spread, bool among)
{
    const TemplateLevel *open = &e->open->level[l];
    SkeletonLevel *level = &e->skeleton.level[l];
    if (m == open->n_maps) {
        fill_any(e, l, spread, among);
        return;
    }
    const TemplateMap *map = &open->map[m];
    unsigned dims = map->any ? 0 : map->dims & e->wide & ~level->maps;
    unsigned one = map->any ? 0 : map->dims & ~e->wide & ~e->whole[l];
    bool several = __builtin_popcount(map->dims) > 1 || __builtin_popcount(map->kinds) > 1;
    bool spatial = has(map->kinds, MAP_SPATIAL), temporal = has(map->kinds, MAP_TEMPORAL);
    bool plain = hole_is_plain(&map->size);
    bool may = map->any || temporal || spread < 0; /* a SpatialMap of one chunk stands alone */
    e->chosen[l][m] = 0;
    if (may && (dims == 0 || one != 0 || (several && spatial && plain))) {
        unsigned whole = e->whole[l];
        e->whole[l] |= one & -one;
        choose_maps(e, l, m + 1, map->any || temporal ? spread : SPREAD_NEVER, among);
        e->whole[l] = whole;
    }
    if (may && several && !temporal && !plain)
        choose_whole(e, l, m, among);
    for (int d = 0; d < e->layer->op.n_dims && !e->stopped; d++) {
        if (has(dims, d) && temporal)
            choose_dim(e, l, m, d, MAP_TEMPORAL, spread, among);
        if (has(dims, d) && spatial)
            choose_dim(e, l, m, d, MAP_SPATIAL, spread, among);
    }
}

/* ---- memories ------------------------------------------------------------------------ */

/* From the outside in a tensor goes from memory to memory, each of which holds it once. */
static bool may_hold(const Enumeration *e, int l, int m, unsigned tensors)
{
    for (int outer = 0; outer < l; outer++)
        for (int t = 0; t < e->layer->op.n_tensors; t++)
            if (has(tensors, t) && e->skeleton.level[outer].memory[t] > m)
                return false;
    return true;
}

/* What memory m and those after it hold of the tensors that are open. */
static void choose_held(Enumeration *e, int l, int m)
{
    SkeletonLevel *level = &e->skeleton.level[l];
    if (m == e->machine->n_memories) {
        choose_maps(e, l, 0, SPREAD_NONE, false);
        return;
    }
    unsigned open = e->open->level[l].open[m] & ~level->held;
    unsigned part = open;
    do { /* all of them first */
        if (!may_hold(e, l, m, part)) {
            part = (part - 1) & open;
            continue;
        }
        for (int t = 0; t < TENSORS_MAX; t++)
            if (has(part, t))
                level->memory[t] = (int8_t) (m + 1);
        level->held |= part;
        choose_held(e, l, m + 1);
        level->held &= ~part;
        for (int t = 0; t < TENSORS_MAX; t++)
            if (has(part, t))
                level->memory[t] = 0;
        if (part == 0)
            break;
        part = (part - 1) & open;
    } while (!e->stopped);
}

/* Dims that a SpatialMap of the level may be of, those of one index too. */
static unsigned spatial_dims(const TemplateLevel *open)
{
    unsigned dims = 0;
    for (int m = 0; m < open->n_maps; m++)
        dims |= has(open->map[m].kinds, MAP_SPATIAL) ? open->map[m].dims : 0;
    return dims;
}

static void start_level(Enumeration *e, int l)
{
    const TemplateLevel *open = &e->open->level[l];
    SkeletonLevel *level = &e->skeleton.level[l];
    unsigned all = (1u << e->layer->op.n_tensors) - 1;
    *level = (SkeletonLevel){
        .spread = -1, .idle = spatial_dims(open), .fanout = open->fanout, .rest = open->rest};
    for (int t = 0; t < e->layer->op.n_tensors; t++) {
        level->memory[t] = (int8_t) open->memory[t];
        level->held |= (unsigned) (open->memory[t] > 0) << t;
    }
    if (e->machine->n_memories == 0)
        level->held = all;
}

static void emit(Enumeration *e, int n_levels)
{
    e->skeleton.n_levels = n_levels;
    e->stopped = !e->visit(&e->skeleton, e->data);
}

/* Whether the clusters from this level on need not be there: no map of theirs must be. */
static bool may_end(const Enumeration *e, int l)
{
    bool may = e->machine->n_memories == 0 && l > 0;
    for (; l < e->open->n_levels; l++) {
        const TemplateLevel *level = &e->open->level[l];
        may &= level->children.open && hole_least(&level->children) <= 1;
        for (int m = 0; m < level->n_maps; m++)
            may &= level->map[m].any || level->map[m].size.open;
    }
    return may;
}

/* A cluster of one unit without maps stands for nothing. */
static bool is_nothing(const Enumeration *e, int l)
{
    const SkeletonLevel *level = &e->skeleton.level[l];
    return level->cluster && level->maps == 0 && !level->units_fixed;
}

static void choose_level(Enumeration *e, int l)
{
    if (e->stopped || (l > 0 && is_nothing(e, l - 1)))
        return;
    if (l == e->open->n_levels) {
        emit(e, l);
        return;
    }
    if (may_end(e, l))
        emit(e, l);
    if (e->stopped)
        return;
    start_level(e, l);
    choose_held(e, l, 0);
}

int64_t skeleton_parts(const Skeleton *skeleton, int dim, int level)
{
    const SkeletonLevel *s = &skeleton->level[level];
    if (!(s->maps >> dim & 1))
        return 1;
    return s->spread == dim && (s->one_step || s->cluster) ? s->units_most : 0;
}

void skeletons_visit(const Layer *layer, const Machine *machine, const Template *open, bool joined,
                     SkeletonVisit *visit, void *data)
{
    Enumeration e = {
        .layer = layer, .machine = machine, .open = open, .visit = visit, .data = data};
    e.joins = joined && machine->n_memories > 0;
    Shape shape;
    cluster_shape(layer, &shape);
    for (int t = 0; t < shape.n_tensors; t++)
        e.sliding |= shape.dims[t] & ~shape.singles[t];
    for (int d = 0; d < layer->op.n_dims; d++)
        e.wide |= (unsigned) (layer->extent[d] > 1) << d;
    choose_level(&e, 0);
}
