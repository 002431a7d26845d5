/* The laws of a nest, each a function over one level.  A level is seen with the intervals that its
 * parents own, nominal: e' = min(e, size) from one level to the next. */
#include "ir/nest.h"

#include <string.h>

#include "ir/placement.h"

#define I64 "%" G_GINT64_FORMAT

typedef struct {
    const Layer *layer;
    const Nest *nest;
    int level;
    int64_t interval[DIMS_MAX];
    unsigned spatial, several; /* maps of the level: SpatialMaps; those with more than one chunk */
    int n;
    NestFault *fault;
} NestWalk;

int64_t nest_children(const Nest *nest, int64_t pes)
{
    for (int l = 1; l < nest->n_levels; l++)
        pes /= nest->level[l].children; /* floor(floor(a / b) / c) is floor(a / (b c)) */
    return pes;
}

int64_t nest_busy(const Layer *layer, const Nest *nest)
{
    const Level *level = &nest->level[0];
    int64_t most = 0; /* chunks of the one SpatialMap that may have several */
    for (int m = 0; m < level->n_maps; m++)
        if (level->map[m].kind == MAP_SPATIAL)
            most = MAX(most, nest_chunks(&level->map[m], layer->extent[level->map[m].dim]));
    return most > 0 ? MIN(most, level->children) : level->children;
}

static bool same_maps(const Level *a, const Level *b)
{
    for (int m = 0; m < a->n_maps && a->n_maps == b->n_maps; m++) {
        const Map *x = &a->map[m], *y = &b->map[m];
        if (x->kind != y->kind || x->dim != y->dim || x->size != y->size || x->offset != y->offset)
            return false;
    }
    return a->n_maps == b->n_maps;
}

static bool same_level(const Level *a, const Level *b)
{
    return a->children == b->children && a->passes == b->passes && a->fanout == b->fanout &&
           a->rest == b->rest && a->joint == b->joint &&
           memcmp(a->memory, b->memory, sizeof a->memory) == 0 && same_maps(a, b);
}

bool nest_equal(const Nest *a, const Nest *b)
{
    for (int l = 0; l < a->n_levels && a->n_levels == b->n_levels; l++)
        if (!same_level(&a->level[l], &b->level[l]))
            return false;
    return a->n_levels == b->n_levels && a->n_autos == 0 && b->n_autos == 0;
}

static const Level *level_of(const NestWalk *walk)
{
    return &walk->nest->level[walk->level];
}

static void add(NestWalk *walk, NestLaw law, int map, int other)
{
    walk->fault[walk->n++] = (NestFault){law, walk->level, map, other};
}

/* --- the laws --- */

static bool is_whole(const Layer *layer, const Level *level, int64_t least_children)
{
    if (level->children < least_children || level->n_maps < 0 || level->n_maps > DIMS_MAX)
        return false;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        if (map->dim < 0 || map->dim >= layer->op.n_dims || map->size < 1 || map->offset < 1)
            return false;
    }
    return true;
}

/* The first of some maps. */
static int first_of(unsigned maps)
{
    int m = 0;
    while (!(maps >> m & 1))
        m++;
    return m;
}

static void mapped_once(NestWalk *walk)
{
    const Level *level = level_of(walk);
    unsigned seen = 0;
    for (int m = 0; m < level->n_maps; m++) {
        int before = 0;
        if (!(seen >> level->map[m].dim & 1)) {
            seen |= 1u << level->map[m].dim;
            continue;
        }
        while (level->map[before].dim != level->map[m].dim)
            before++;
        add(walk, NEST_MAPPED_TWICE, m, before);
    }
}

/* A chunk begins where the one before ends. */
static void chunks_touch(NestWalk *walk)
{
    const Level *level = level_of(walk);
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        if (walk->several >> m & 1 && map->offset != map->size)
            add(walk, map->offset > map->size ? NEST_SKIP : NEST_OVERLAP, m, -1);
    }
}

static void one_dim_is_spread(NestWalk *walk)
{
    unsigned spread = walk->spatial & walk->several;
    for (unsigned others = spread & (spread - 1); others; others &= others - 1)
        add(walk, NEST_DIAGONAL, first_of(others), first_of(spread));
}

static void no_work_is_lost(NestWalk *walk)
{
    unsigned spread = walk->spatial & walk->several;
    int last = -1;
    for (unsigned maps = spread; maps; maps &= maps - 1)
        last = first_of(maps);
    if (last < 0 || level_of(walk)->children <= 1)
        return;
    for (unsigned maps = walk->spatial & ~walk->several; maps; maps &= maps - 1)
        add(walk, NEST_LOST_WORK, first_of(maps), last);
}

static void children_differ(NestWalk *walk)
{
    if (!walk->spatial && level_of(walk)->children > 1)
        add(walk, NEST_NO_SPATIAL, -1, -1);
}

/* --- all of them --- */

static void check_level(NestWalk *walk)
{
    const Level *level = level_of(walk);
    walk->spatial = walk->several = 0;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        walk->spatial |= (unsigned) (map->kind == MAP_SPATIAL) << m;
        walk->several |= (unsigned) (walk->interval[map->dim] > map->size) << m;
    }
    mapped_once(walk);
    chunks_touch(walk);
    one_dim_is_spread(walk);
    no_work_is_lost(walk);
    children_differ(walk);
    for (int m = 0; m < level->n_maps; m++) {
        int64_t *interval = &walk->interval[level->map[m].dim];
        *interval = MIN(*interval, level->map[m].size);
    }
}

/* Levels that can be walked at all; level 0 has no children where there are too few PEs. */
static bool is_formed(NestWalk *walk)
{
    const Nest *nest = walk->nest;
    if (nest->n_levels < 1 || nest->n_levels > LEVELS_MAX) {
        walk->level = -1;
        return false;
    }
    for (walk->level = 0; walk->level < nest->n_levels; walk->level++)
        if (!is_whole(walk->layer, level_of(walk), walk->level > 0))
            return false;
    return true;
}

/* On a hierarchy each fan-out has its units: see placement.h. */
static bool has_pes(const Nest *nest, const Machine *machine)
{
    int64_t children = nest->level[0].children;
    bool bounded = machine != NULL && machine->n_memories == 0;
    return children > 0 && (!bounded || children <= nest_children(nest, machine->pes));
}

int nest_faults(const Layer *layer, const Nest *nest, const Machine *machine,
                NestFault fault[NEST_FAULTS_MAX])
{
    NestWalk walk = {.layer = layer, .nest = nest, .fault = fault};
    if (!is_formed(&walk)) {
        add(&walk, NEST_MALFORMED, -1, -1);
        return walk.n;
    }
    walk.level = 0;
    if (!has_pes(nest, machine))
        add(&walk, NEST_TOO_FEW_PES, -1, -1);
    for (int d = 0; d < layer->op.n_dims; d++)
        walk.interval[d] = layer->extent[d];
    for (; walk.level < nest->n_levels; walk.level++)
        check_level(&walk);
    if (machine != NULL && machine->n_memories > 0)
        walk.n += placement_faults(layer, nest, machine, fault + walk.n);
    return walk.n;
}

NestFault nest_check(const Layer *layer, const Nest *nest, const Machine *machine)
{
    NestFault fault[NEST_FAULTS_MAX], remark = {NEST_LEGAL, -1, -1, -1};
    int n = nest_faults(layer, nest, machine, fault);
    for (int i = 0; i < n; i++) {
        if (fault[i].law != NEST_NO_SPATIAL)
            return fault[i];
        remark = fault[i];
    }
    return remark;
}

/* --- as text --- */

static void print_level(const Layer *layer, const Level *level, GString *out)
{
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        g_string_append_printf(out, "  %s(" I64 "," I64 ") %s;\n",
                               map->kind == MAP_SPATIAL ? "SpatialMap" : "TemporalMap", map->size,
                               map->offset, layer->op.dim[map->dim]);
    }
}

/* A map that changes nothing. */
static Map whole(const Layer *layer)
{
    return (Map){MAP_TEMPORAL, 0, layer->extent[0], layer->extent[0]};
}

static void print_whole(const Layer *layer, GString *out)
{
    const Level level = {.n_maps = 1, .map = {whole(layer)}};
    print_level(layer, &level, out);
}

static bool is_empty(const Nest *nest, const Machine *machine)
{
    bool hierarchy = machine != NULL && machine->n_memories > 0;
    return !hierarchy && nest->n_levels == 1 && nest->level[0].n_maps == 0;
}

void nest_as_text(const Layer *layer, Nest *nest, const Machine *machine)
{
    if (is_empty(nest, machine))
        nest->level[0].map[nest->level[0].n_maps++] = whole(layer);
}

GString *nest_print(const Layer *layer, const Nest *nest, const Machine *machine, const char *name)
{
    GString *out = g_string_new(NULL);
    bool hierarchy = machine != NULL && machine->n_memories > 0;
    g_string_append_printf(out, "Dataflow \"%s\" {\n", name);
    for (int l = 0; l < nest->n_levels; l++) {
        if (l > 0 && !hierarchy)
            g_string_append_printf(out, "  Cluster(" I64 ");\n", nest->level[l].children);
        if (hierarchy && placement_joins(nest, l))
            print_whole(layer, out);
        print_level(layer, &nest->level[l], out);
        if (hierarchy)
            placement_print(layer, nest, l, machine, out);
    }
    if (is_empty(nest, machine))
        print_whole(layer, out);
    g_string_append(out, "}\n");
    return out;
}
