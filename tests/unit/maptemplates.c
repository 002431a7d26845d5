/* The search over all sizes against plain nested loops over what a template of one level leaves
 * open: maps whose kind, dim or size is open, each alone or together, and Any over some dims, in
 * any order or in one.  Nothing of src/map has a part in what is enumerated here.  See maptrial.h
 * for the environment. */
#include "maptrial.h"

#include "map/set.h"
#include "suite.h"

enum { CASES = 600, NESTS_MOST = 4000, MAPS = 4, SPATIAL = 1 << MAP_SPATIAL };

typedef struct {
    Trial trial;
    GRand *random;
    Template open;
    Sizes sizes;
    Nest nest;
    bool counts;
    int whole; /* maps that are SpatialMaps of one chunk */
    int64_t nests, nests_most;
    double least[GOALS];
    Nest best[GOALS];
} Filled;

static bool is_large(const Filled *f)
{
    return f->counts && f->nests > f->nests_most;
}

/* ---- one nest --------------------------------------------------------------------------------
 */

/* Children that divide nothing: all but the first are idle, where a dim is left to say so. */
static void add_idle(const Layer *layer, Level *level)
{
    unsigned mapped = 0;
    bool divided = level->children == 1;
    for (int m = 0; m < level->n_maps; m++) {
        mapped |= 1u << level->map[m].dim;
        divided |= level->map[m].kind == MAP_SPATIAL;
    }
    for (int d = 0; d < layer->op.n_dims && !divided; d++) {
        int64_t size = layer->extent[d];
        divided = !has(mapped, d);
        if (divided)
            level->map[level->n_maps++] = (Map){MAP_SPATIAL, d, size, size};
    }
}

static void try_nest(Filled *f)
{
    double value[GOALS];
    Nest nest = f->nest;
    f->nests++;
    if (f->counts)
        return;
    for (int m = 0; m < nest.level[0].n_maps; m++)
        if (f->whole && nest.level[0].map[m].kind == MAP_SPATIAL)
            return; /* a SpatialMap of one chunk stands alone */
    add_idle(&f->trial.layer, &nest.level[0]);
    if (nest_check(&f->trial.layer, &nest, &f->trial.machine).law > NEST_NO_SPATIAL ||
        !trial_evaluate(&f->trial, &nest, value))
        return;
    for (int g = 0; g < GOALS; g++)
        if (value[g] < f->least[g]) {
            f->least[g] = value[g];
            nest_copy(&f->best[g], &nest);
        }
}

/* ---- the maps, from the outside in -------------------------------------------------------------
 */

static void maps(Filled *f, int m, unsigned taken, bool spatial);

/* Of dim d, with every size and kind that may be: what comes behind it. */
static void one_map(Filled *f, const TemplateMap *map, int d, int m, unsigned any, unsigned taken,
                    bool spatial);

/* Whether the dims may be left whole: a size that may be is as large. */
static bool may_stay(const Filled *f, const TemplateMap *map, unsigned dims)
{
    for (int d = 0; d < f->trial.layer.op.n_dims; d++)
        if (has(dims, d) && map->size.most < f->trial.layer.extent[d])
            return false;
    return true;
}

/* Any, the map number m, has the dims `any` to go: one of them stands next, or no more. */
static void any_maps(Filled *f, int m, unsigned any, unsigned taken, bool spatial)
{
    const TemplateMap *map = &f->open.level[0].map[m];
    int n = map->n_order > 0 ? map->n_order : f->trial.layer.op.n_dims;
    unsigned before = 0;
    if (may_stay(f, map, any))
        maps(f, m + 1, taken | any, spatial);
    for (int k = 0; k < n && !is_large(f); k++) {
        int d = map->n_order > 0 ? map->order[k] : k;
        if (!has(any, d))
            continue;
        if (may_stay(f, map, before))
            one_map(f, map, d, m, any & ~before & ~(1u << d), taken | any, spatial);
        before |= map->n_order > 0 ? 1u << d : 0;
    }
}

static void one_map(Filled *f, const TemplateMap *map, int d, int m, unsigned any, unsigned taken,
                    bool spatial)
{
    Level *level = &f->nest.level[0];
    for (int64_t size = 1; size < f->trial.layer.extent[d]; size++)
        for (int kind = MAP_TEMPORAL; kind <= MAP_SPATIAL; kind++) {
            bool divides = kind == MAP_SPATIAL;
            if (!hole_takes(&map->size, size) || !has(map->kinds, kind) || (divides && spatial))
                continue;
            level->map[level->n_maps++] = (Map){(MapKind) kind, d, size, size};
            if (map->any)
                any_maps(f, m, any, taken, spatial || divides);
            else
                maps(f, m + 1, taken, spatial || divides);
            level->n_maps--;
        }
}

/* The maps from number m on; those before have the dims that are taken. */
static void maps(Filled *f, int m, unsigned taken, bool spatial)
{
    const TemplateLevel *level = &f->open.level[0];
    if (is_large(f))
        return;
    if (m == level->n_maps) {
        try_nest(f);
        return;
    }
    const TemplateMap *map = &level->map[m];
    if (map->any) {
        any_maps(f, m, map->dims & ~taken, taken, spatial);
        return;
    }
    for (int d = 0; d < f->trial.layer.op.n_dims; d++) {
        if (!has(map->dims & ~taken, d))
            continue;
        one_map(f, map, d, m, 0, taken | 1u << d, spatial);
        if (!may_stay(f, map, 1u << d))
            continue;
        f->whole += map->kinds == SPATIAL;
        maps(f, m + 1, taken | 1u << d, spatial);
        f->whole -= map->kinds == SPATIAL;
    }
}

static void go_through(Filled *f, bool counts)
{
    f->counts = counts;
    f->nests = 0;
    f->nest = (Nest){.n_levels = 1, .level = {{.children = f->trial.machine.pes}}};
    for (int g = 0; g < GOALS; g++)
        f->least[g] = INFINITY;
    maps(f, 0, 0, false);
}

/* ---- templates --------------------------------------------------------------------------------
 */

/* Bounds that every extent leaves something of. */
static Hole draw_hole(Filled *f)
{
    Hole hole = hole_open();
    if (mapcase_chance(f->random, 25))
        hole.most = mapcase_between(f->random, 1, 4);
    else if (mapcase_chance(f->random, 15))
        return hole_written(mapcase_between(f->random, 1, 3));
    return hole;
}

static void draw_order(Filled *f, TemplateMap *map)
{
    for (int d = 0; d < f->trial.layer.op.n_dims; d++)
        if (has(map->dims, d)) {
            int other = (int) mapcase_between(f->random, 0, map->n_order);
            map->order[map->n_order++] = map->order[other];
            map->order[other] = d;
        }
}

/* Each map has dims of its own, so that who takes which does not matter; Any stands where it may,
 * at most once. */
static void draw_maps(Filled *f)
{
    TemplateLevel *level = &f->open.level[0];
    int n_dims = f->trial.layer.op.n_dims, n = (int) mapcase_between(f->random, 1, MAPS);
    int any = mapcase_chance(f->random, 75) ? (int) mapcase_between(f->random, 0, n - 1) : -1;
    bool divides = false;
    f->open = (Template){.n_levels = 1, .level = {{.children = hole_open()}}};
    level->children = hole_written(f->trial.machine.pes);
    for (int d = 0; d < n_dims; d++) {
        int m = any >= 0 && mapcase_chance(f->random, 40) ? any
                                                          : (int) mapcase_between(f->random, 0, n);
        if (m < n)
            level->map[m].dims |= 1u << d;
    }
    for (int m = 0; m < n; m++) {
        TemplateMap map = {.any = m == any, .dims = level->map[m].dims, .size = draw_hole(f)};
        if (map.dims == 0)
            continue;
        map.kinds = map.any ? 3 : (unsigned) mapcase_between(f->random, 1, 3);
        if (!map.any && map.kinds == SPATIAL && divides)
            map.kinds = 1 << MAP_TEMPORAL;
        divides |= map.kinds == SPATIAL;
        if (map.any && mapcase_chance(f->random, 50))
            draw_order(f, &map);
        level->map[level->n_maps++] = map;
    }
    for (int m = 0; m < level->n_maps; m++)
        if (level->map[m].any && (divides || f->trial.machine.pes == 1))
            level->map[m].kinds = 1 << MAP_TEMPORAL;
}

static void draw(Filled *f)
{
    Trial *t = &f->trial;
    mapcase_layer(f->random, 7, &t->layer);
    trial_narrow(f->random, (int) mapcase_between(f->random, 2, 3), &t->layer);
    mapcase_machine(f->random, &t->layer, false, &t->machine);
    trial_vary(f->random, &t->layer, &t->machine);
    mapcase_technology(f->random, &t->technology);
    t->placed = t->machine;
    draw_maps(f);
}

START_TEST(templates)
{
    guint32 seed;
    int cases = trial_cases(CASES, &seed), none = 0;
    int64_t tried = 0;
    Filled *f = g_new0(Filled, 1);
    f->nests_most = trial_orders(NESTS_MOST);
    f->trial.ws = workspace_new();
    for (int i = 0; i < cases; i++) {
        f->trial.seed = seed + (guint32) i;
        f->random = g_rand_new_with_seed(f->trial.seed);
        do {
            draw(f);
            go_through(f, true);
        } while (is_large(f) || f->nests == 0);
        go_through(f, false);
        tried += f->nests;
        none += !isfinite(f->least[GOAL_ENERGY]);
        int goal = (int) mapcase_between(f->random, 0, GOALS - 1);
        trial_search(&f->trial, &f->open, goal, f->least[goal], &f->best[goal]);
        g_rand_free(f->random);
    }
    printf("# seed %u: %d templates of %d nests, nothing fits in %d\n", seed, cases, (int) tried,
           none);
    workspace_free(f->trial.ws);
    g_free(f);
}
END_TEST

int main(void)
{
    return suite_run("map templates", templates);
}
