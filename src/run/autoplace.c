/* A line is a `Buffer(M) auto;`.  The front end leaves at each line a level that ends in a joint;
 * the levels that joints connect are a region, whose maps stand in a row:
 *
 *     TemporalMap(8,8) K;  TemporalMap(1,1) C;  Buffer(GLB) auto;  TemporalMap(1,1) Y'; Fanout(PE);
 *
 * has the places 0 (outside K) to 3 (inside Y'); behind a map that a fan-out divides there is none.
 * A way of a tensor is a place, or none, for each line.  Each way is built into a nest in which no
 * other tensor is placed, and counted; the ways that no other beats are then combined over the
 * tensors, as far as they fit. */
#include "run/autoplace.h"

#include <glib.h>
#include <string.h>

#include "engine/cost.h"
#include "ir/hierarchy.h"
#include "ir/placement.h"

enum { NOWHERE = -1 };
static const double UNLIMITED = 9e18; /* bytes */

/* A way of a tensor, and what it comes to; as a sum, of several tensors. */
typedef struct {
    int at[AUTOS_MAX];       /* of each line the place, NOWHERE if it does not hold the tensor */
    double bytes[AUTOS_MAX]; /* at the home of what each line holds */
    double need[AUTOS_MAX];  /* bytes of each line's memory, not rounded */
} PlaceWay;

typedef struct {
    const Layer *layer;
    const Nest *nest;
    Machine *machine; /* its links and ports are those of the nest counted last */
    Workspace *ws;
    int n_autos;
    AutoPlace autos[AUTOS_MAX]; /* outermost memory first */
    double fixed[AUTOS_MAX];    /* what is named needs of its memory */
    double left[AUTOS_MAX];     /* of its capacity, beside that */
    bool varies;                /* how often a tile is held may depend on the other tensors */
    GArray *ways[TENSORS_MAX];  /* of PlaceWay */
    Result result;
} Placing;

/* ---- the nest with tensors placed ------------------------------------------------------- */

typedef struct {
    Nest *nest;
    bool fits; /* in as many levels as there may be */
} Building;

static Level *add_level(Building *building)
{
    Nest *nest = building->nest;
    if (nest->n_levels == LEVELS_MAX) {
        building->fits = false;
        return &nest->level[LEVELS_MAX - 1];
    }
    return &nest->level[nest->n_levels++];
}

/* The levels between two cuts that are written as such, as one. */
typedef struct {
    int first, last; /* levels; all but the last end in a joint */
    int n;           /* maps, and so places 0 .. n */
    Map map[LEVELS_MAX * DIMS_MAX];
    bool joint[LEVELS_MAX * DIMS_MAX + 1]; /* a line that is `auto` stands outside the map */
} Region;

static Region region_from(const Nest *nest, int first)
{
    Region region = {.first = first, .last = first};
    for (;; region.last++) {
        const Level *level = &nest->level[region.last];
        for (int m = 0; m < level->n_maps; m++)
            region.map[region.n++] = level->map[m];
        if (!level->joint)
            return region;
        region.joint[region.n] = true;
    }
}

/* The region that a level is in. */
static Region region_of(const Nest *nest, int level)
{
    while (level > 0 && nest->level[level - 1].joint)
        level--;
    return region_from(nest, level);
}

static void set_maps(Level *level, const Region *region, int first, int end)
{
    level->n_maps = 0;
    for (int m = first; m < end && level->n_maps < DIMS_MAX; m++)
        level->map[level->n_maps++] = region->map[m];
}

/* The maps first .. end - 1, and a cut of one child that holds nothing. */
static void add_maps(const Placing *p, Building *building, const Region *region, int first, int end)
{
    Level *level = add_level(building);
    *level = (Level){.children = 1, .passes = (1u << p->layer->op.n_tensors) - 1};
    set_maps(level, region, first, end);
}

static void hold(Level *cut, int tensor, int memory)
{
    cut->passes &= ~(1u << tensor);
    cut->memory[tensor] = memory;
}

static bool stands_in(const Placing *p, int line, const Region *region)
{
    return p->autos[line].level >= region->first && p->autos[line].level < region->last;
}

/* Puts what the lines hold at this place into the cut that ends the last level, or where that holds
 * the tensor already, into another one behind it.  at[t][i]: of tensor t and line i. */
static void hold_here(const Placing *p, Building *building, const int (*at)[AUTOS_MAX],
                      const Region *region, int place)
{
    for (int i = 0; i < p->n_autos; i++)
        for (int t = 0; t < p->layer->op.n_tensors && building->fits; t++) {
            if (!stands_in(p, i, region) || at[t][i] != place)
                continue;
            if (building->nest->level[building->nest->n_levels - 1].memory[t] != 0)
                add_maps(p, building, region, 0, 0);
            hold(&building->nest->level[building->nest->n_levels - 1], t, p->autos[i].memory);
        }
}

static bool holds_here(const Placing *p, const int (*at)[AUTOS_MAX], const Region *region,
                       int place)
{
    for (int i = 0; i < p->n_autos; i++)
        for (int t = 0; t < p->layer->op.n_tensors; t++)
            if (stands_in(p, i, region) && at[t][i] == place)
                return true;
    return false;
}

/* Whether the maps from `first` on, up to the next joint behind `place`, map a dim twice. */
static bool maps_twice(const Region *region, int first, int place)
{
    unsigned seen = 0;
    for (int m = first; m < region->n && (m <= place || !region->joint[m]); m++) {
        if (seen >> region->map[m].dim & 1)
            return true;
        seen |= 1u << region->map[m].dim;
    }
    return false;
}

/* Lines behind a line that is `auto` belong to the cut that it is placed in, if no map is between.
 */
static void join_rest(const Placing *p, Building *building)
{
    Nest *nest = building->nest;
    int last = nest->n_levels - 1;
    if (!building->fits || last < 1 || !placement_joins(nest, last))
        return;
    const Level *rest = &nest->level[last];
    Level *before = &nest->level[last - 1];
    before->passes &= rest->passes;
    for (int t = 0; t < p->layer->op.n_tensors; t++)
        before->memory[t] = rest->memory[t] != 0 ? rest->memory[t] : before->memory[t];
    nest->n_levels = last;
}

/* Cuts the region at the places where something is held, and where a dim would else be mapped twice
 * in a level.  What is held at place 0 belongs to the cut before the region, if there is one. */
static void build_region(const Placing *p, Building *building, const int (*at)[AUTOS_MAX],
                         const Region *region)
{
    int first = 0;
    for (int place = 0; place <= region->n && building->fits; place++) {
        bool holds = holds_here(p, at, region, place);
        if (!holds && !(region->joint[place] && place > first && maps_twice(region, first, place)))
            continue;
        if (place > first || building->nest->n_levels == 0)
            add_maps(p, building, region, first, place);
        if (holds)
            hold_here(p, building, at, region, place);
        first = place;
    }
    Level *rest = add_level(building);
    *rest = p->nest->level[region->last];
    set_maps(rest, region, first, region->n);
    join_rest(p, building);
}

static bool build(const Placing *p, const int (*at)[AUTOS_MAX], Nest *nest)
{
    *nest = (Nest){.placed = true};
    Building building = {nest, true};
    for (int l = 0; l < p->nest->n_levels && building.fits;) {
        Region region = region_from(p->nest, l);
        build_region(p, &building, at, &region);
        l = region.last + 1;
    }
    return building.fits && nest_check(p->layer, nest, p->machine).law <= NEST_NO_SPATIAL;
}

/* ---- ways of a tensor ------------------------------------------------------------------- */

/* The last place of a line's region: a unit's own maps end where the children of a fan-out begin to
 * share them. */
static int last_place(const Nest *nest, int line_level)
{
    Region region = region_of(nest, line_level);
    bool shared = nest->level[region.last].children > 1;
    int place = 0;
    while (place < region.n && !(shared && region.map[place].kind == MAP_SPATIAL))
        place++;
    return place;
}

/* Bytes of an element, less those of its zeros. */
static double width(const Placing *p, int t)
{
    return p->layer->density[t] * (double) p->machine->bits[t] / 8;
}

/* Bytes that the home of a tensor, the nearest holder outside a line's memory, gives and takes. */
static double home_bytes(const Placing *p, int t, int line)
{
    const MemoryResult *home = NULL;
    for (int k = 0; k < p->result.n_places; k++) {
        const MemoryResult *place = &p->result.place[k];
        if (place->tensors >> t & 1 && place->memory + 1 < p->autos[line].memory)
            home = place;
    }
    return home == NULL
               ? 0
               : width(p, t) * (double) (home->reads[t] + home->writes[t] + home->psum_reads[t]);
}

/* Bytes that a line's memory needs of the tensor, in all places; not rounded, for those of several
 * tensors are a sum. */
static double own_need(const Placing *p, int t, int line)
{
    return cost_need_bits(&p->result, p->autos[line].memory - 1, 1u << t) / 8;
}

/* Whether the tensor fits into its shares of the lines' memories. */
static bool share_holds(const Placing *p, int t, const PlaceWay *way)
{
    for (int i = 0; i < p->n_autos; i++) {
        const Memory *memory = &p->machine->memory[p->autos[i].memory - 1];
        if (memory->partitioned && way->need[i] > (double) memory->share_bytes[t])
            return false;
    }
    return true;
}

/* Into p->result; false if there is no closed form or a count is too large. */
static bool count(Placing *p, Nest *nest)
{
    hierarchy_place(nest, p->layer->op.n_tensors, p->machine);
    analysis_count(p->layer, nest, p->machine, p->ws, &p->result);
    return p->result.status == RESULT_OK;
}

/* A way that is no legal nest, or cannot be counted, is none. */
static void count_way(Placing *p, int t, const int at[AUTOS_MAX])
{
    int all[TENSORS_MAX][AUTOS_MAX];
    PlaceWay way;
    Nest nest;
    memset(all, NOWHERE, sizeof all);
    memcpy(all[t], at, sizeof all[t]);
    memcpy(way.at, at, sizeof way.at);
    if (!build(p, (const int(*)[AUTOS_MAX]) all, &nest) || !count(p, &nest))
        return;
    for (int i = 0; i < p->n_autos; i++) {
        way.bytes[i] = home_bytes(p, t, i);
        way.need[i] = own_need(p, t, i);
    }
    if (share_holds(p, t, &way))
        g_array_append_val(p->ways[t], way);
}

/* All places of this line and of those inside it: some tens of nests for one line, hundreds for
 * two.
 */
static void find_ways(Placing *p, int t, int line, int at[AUTOS_MAX])
{
    if (line == p->n_autos) {
        count_way(p, t, at);
        return;
    }
    at[line] = NOWHERE;
    find_ways(p, t, line + 1, at);
    if (!(p->machine->memory[p->autos[line].memory - 1].holds >> t & 1))
        return;
    for (int place = 0, most = last_place(p->nest, p->autos[line].level); place <= most; place++) {
        at[line] = place;
        find_ways(p, t, line + 1, at);
    }
}

/* Below 0: a moves less, line by line; then it needs less. */
static int compare(const Placing *p, const PlaceWay *a, const PlaceWay *b)
{
    double need = 0;
    for (int i = 0; i < p->n_autos; i++) {
        if (a->bytes[i] != b->bytes[i])
            return a->bytes[i] < b->bytes[i] ? -1 : 1;
        need += a->need[i] - b->need[i];
    }
    return need < 0 ? -1 : need > 0;
}

/* Whether b moves as little as a, or less, and needs no more of any memory. */
static bool is_beaten(const Placing *p, const PlaceWay *a, const PlaceWay *b)
{
    for (int i = 0; i < p->n_autos; i++)
        if (b->need[i] > a->need[i])
            return false;
    return compare(p, b, a) <= 0;
}

/* Drops ways that another one beats; of equals the first stays. */
static void drop_beaten(const Placing *p, GArray *ways)
{
    for (guint i = 0; i < ways->len;) {
        const PlaceWay *way = &g_array_index(ways, PlaceWay, i);
        bool beaten = false;
        for (guint k = 0; k < ways->len && !beaten; k++) {
            const PlaceWay *other = &g_array_index(ways, PlaceWay, k);
            beaten = k != i && is_beaten(p, way, other) && (k < i || !is_beaten(p, other, way));
        }
        if (beaten)
            g_array_remove_index(ways, i);
        else
            i++;
    }
}

/* ---- all tensors ------------------------------------------------------------------------ */

typedef struct {
    PlaceWay sum, best;
    int at[TENSORS_MAX][AUTOS_MAX], best_at[TENSORS_MAX][AUTOS_MAX];
    bool found;
} Combining;

/* Goes on with each way of tensor t that fits beside those of the tensors before it. */
/* What the memories of the lines need with all tensors placed: how often a tile is held may depend
 * on what is held beside it.  False if one is too small. */
static bool true_needs(Placing *p, const Nest *nest, PlaceWay *way)
{
    Nest counted = *nest;
    if (!count(p, &counted))
        return false;
    for (int i = 0; i < p->n_autos; i++) {
        way->need[i] = 0;
        for (int t = 0; t < p->layer->op.n_tensors; t++)
            way->need[i] += own_need(p, t, i);
        way->need[i] -= p->fixed[i];
        if (way->need[i] > 0 && way->need[i] > p->left[i])
            return false;
    }
    return true;
}

static void combine(Placing *p, Combining *c, int t)
{
    if (t == p->layer->op.n_tensors) {
        Nest nest;
        PlaceWay way = c->sum;
        if (!build(p, (const int(*)[AUTOS_MAX]) c->at, &nest))
            return;
        if (p->varies && !true_needs(p, &nest, &way))
            return;
        if (c->found && compare(p, &way, &c->best) >= 0)
            return;
        c->best = way;
        c->found = true;
        memcpy(c->best_at, c->at, sizeof c->best_at);
        return;
    }
    const PlaceWay before = c->sum;
    for (guint k = 0; k < p->ways[t]->len; k++) {
        const PlaceWay *way = &g_array_index(p->ways[t], PlaceWay, k);
        bool fits = true;
        for (int i = 0; i < p->n_autos; i++) {
            c->sum.bytes[i] = before.bytes[i] + way->bytes[i];
            c->sum.need[i] = before.need[i] + way->need[i];
            fits &= p->varies || way->need[i] == 0 || c->sum.need[i] <= p->left[i];
        }
        memcpy(c->at[t], way->at, sizeof c->at[t]);
        if (fits)
            combine(p, c, t + 1);
    }
    c->sum = before;
}

/* What is left of the lines' memories beside what lines with names hold there.  Two lines of one
 * memory share it: the need of each is that of both. */
static bool find_left(Placing *p)
{
    int nowhere[TENSORS_MAX][AUTOS_MAX];
    Nest nest;
    memset(nowhere, NOWHERE, sizeof nowhere);
    if (!build(p, (const int(*)[AUTOS_MAX]) nowhere, &nest) || !count(p, &nest))
        return false;
    for (int i = 0; i < p->n_autos; i++) {
        int64_t capacity = p->machine->memory[p->autos[i].memory - 1].capacity_bytes;
        p->fixed[i] = 0;
        for (int t = 0; t < p->layer->op.n_tensors; t++)
            p->fixed[i] += own_need(p, t, i);
        p->left[i] = (capacity > 0 ? (double) capacity : UNLIMITED) - p->fixed[i];
    }
    return true;
}

static void outermost_first(Placing *p)
{
    for (int i = 1; i < p->n_autos; i++)
        for (int k = i; k > 0 && p->autos[k].memory < p->autos[k - 1].memory; k--) {
            AutoPlace swap = p->autos[k];
            p->autos[k] = p->autos[k - 1];
            p->autos[k - 1] = swap;
        }
}

/* A tile is held once where what fills it has prefetch none, which the memories around it say. */
static bool copies_vary(const Placing *p)
{
    bool none = false;
    for (int m = 0; m < p->machine->n_memories; m++)
        none |= p->machine->memory[m].prefetch == PREFETCH_NONE;
    for (int i = 0; i < p->n_autos && none; i++)
        if (p->machine->memory[p->autos[i].memory - 1].copies == 0)
            return true;
    return false;
}

static bool search(Placing *p, Nest *best)
{
    Combining c = {.found = false};
    if (!find_left(p))
        return false;
    p->varies = copies_vary(p);
    for (int t = 0; t < p->layer->op.n_tensors; t++) {
        int at[AUTOS_MAX];
        memset(at, NOWHERE, sizeof at);
        find_ways(p, t, 0, at);
        if (!p->varies || p->n_autos > 1) /* else all, which are few */
            drop_beaten(p, p->ways[t]);
    }
    combine(p, &c, 0);
    return c.found && build(p, (const int(*)[AUTOS_MAX]) c.best_at, best);
}

bool autoplace(const Layer *layer, Nest *nest, Machine *machine, Workspace *ws)
{
    if (nest->n_autos > 0) {
        Placing p = {
            .layer = layer, .nest = nest, .machine = machine, .ws = ws, .n_autos = nest->n_autos};
        Nest best;
        memcpy(p.autos, nest->autos, sizeof p.autos);
        outermost_first(&p);
        for (int t = 0; t < layer->op.n_tensors; t++)
            p.ways[t] = g_array_new(FALSE, FALSE, sizeof(PlaceWay));
        bool found = search(&p, &best);
        for (int t = 0; t < layer->op.n_tensors; t++)
            g_array_free(p.ways[t], TRUE);
        if (!found)
            return false;
        *nest = best;
    }
    hierarchy_place(nest, layer->op.n_tensors, machine);
    return true;
}
