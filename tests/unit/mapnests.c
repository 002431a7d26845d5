/* The search over all sizes against plain nested loops over nests: nothing of src/map has a part in
 * what is enumerated here.  Three spaces, in each of which small layers have
 *
 *   classic     loops over any dims at level 0, one dim divided there, and one in clusters inside
 *               it, evenly and in one step, with loops if the machine gives the clusters a buffer;
 *               a cluster of one unit has loops
 *   hierarchy   DRAM, a memory, a fan-out, a memory: each memory holds any of what it can, loops
 *               stand before each of the three, and the fan-out divides one dim, among as many
 *               units as the fewest folds need; or two dims, in two parts
 *   parts       one fan-out in two parts without loops, each of which divides one of some dims
 *
 * What lies outside of that is enumerated too, clusters that take their chunks in folds, those that
 * only bring a buffer, units without work, fewer units than the folds need; how much better it can
 * be is printed.  See maptrial.h for the environment. */
#include "maptrial.h"
#include "suite.h"

enum { CASES = 400, NESTS_MOST = 2500, CUTS = 4 };

/* What ends a level. */
typedef struct {
    bool loops, divides;
    int fanout, memory;  /* from 1; 0: none */
    int cluster, spread; /* its units and what they divide, fixed; 0, -1: none */
    bool rest;           /* of a fan-out whose first part is outside */
    unsigned dims;       /* that may be divided */
    unsigned held;
} Cut;

typedef struct {
    Trial trial;
    GRand *random;
    int n_cuts;
    Cut cut[CUTS];
    Nest nest;
    bool counts, wide, parts, twice;
    Template open;
    int64_t nests, nests_most;
    double least[GOALS];
    Nest best[GOALS];
} Nests;

static int64_t ceiling(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

static bool is_large(const Nests *n)
{
    return n->counts && n->nests > n->nests_most;
}

/* ---- one nest ---------------------------------------------------------------------------------
 */

static void try_nest(Nests *n)
{
    double value[GOALS];
    n->nests++;
    if (n->counts || nest_check(&n->trial.layer, &n->nest, &n->trial.machine).law > NEST_NO_SPATIAL)
        return;
    if (!trial_evaluate(&n->trial, &n->nest, value))
        return;
    for (int g = 0; g < GOALS; g++)
        if (value[g] < n->least[g]) {
            n->least[g] = value[g];
            nest_copy(&n->best[g], &n->nest);
        }
}

/* A cut without loops before it is one with the cut before. */
static bool joins(const Nests *n, const Level *level)
{
    const unsigned all = (1u << n->trial.layer.op.n_tensors) - 1;
    if (level->n_maps > 0 || level->children != 1 || (level->fanout > 0 && !level->rest) ||
        n->trial.machine.n_memories == 0 || n->nest.n_levels == 0)
        return false;
    return (n->nest.level[n->nest.n_levels - 1].passes | level->passes) == all;
}

static void level(Nests *n, int l, const int64_t *size);

/* The next level is set: those inside it. */
static void go_inside(Nests *n, int l, const Level *next, const int64_t *size)
{
    int n_levels = n->nest.n_levels;
    if (joins(n, next)) {
        Level *before = &n->nest.level[n_levels - 1], saved = *before;
        before->passes &= next->passes;
        for (int t = 0; t < n->trial.layer.op.n_tensors; t++)
            before->memory[t] = next->memory[t] > 0 ? next->memory[t] : before->memory[t];
        level(n, l + 1, size);
        n->nest.level[n_levels - 1] = saved;
    } else {
        n->nest.level[n->nest.n_levels++] = *next;
        level(n, l + 1, size);
        n->nest.n_levels = n_levels;
    }
}

/* ---- orders, sizes, units ---------------------------------------------------------------------
 */

/* Children that divide nothing: all but the first are idle, where a dim is left to say so. */
static Level with_idle(const Nests *n, const Level *next)
{
    Level level = *next;
    unsigned mapped = 0;
    for (int m = 0; m < level.n_maps; m++) {
        mapped |= 1u << level.map[m].dim;
        if (level.map[m].kind == MAP_SPATIAL)
            return level;
    }
    for (int d = 0; d < n->trial.layer.op.n_dims && level.children > 1; d++) {
        int64_t size = n->trial.layer.extent[d];
        if (mapped >> d & 1)
            continue;
        level.map[level.n_maps++] = (Map){MAP_SPATIAL, d, size, size};
        break;
    }
    return level;
}

static void orders(Nests *n, int l, int done, Level *next, const int64_t *size)
{
    if (done == next->n_maps) {
        Level level = with_idle(n, next);
        go_inside(n, l, &level, size);
        return;
    }
    for (int i = done; i < next->n_maps; i++) {
        Map map = next->map[done];
        next->map[done] = next->map[i];
        next->map[i] = map;
        orders(n, l, done + 1, next, size);
        next->map[i] = next->map[done];
        next->map[done] = map;
    }
}

/* Of each dim from `d` on the size in the children. */
static void sizes(Nests *n, int l, int d, int spread, Level *next, const int64_t *outer,
                  int64_t *size)
{
    const Cut *cut = &n->cut[l];
    if (d == n->trial.layer.op.n_dims) {
        if (cut->cluster != 1 || next->n_maps > 0 || n->wide)
            orders(n, l, 0, next, size);
        return;
    }
    bool one = cut->cluster > 0 && d == spread && !n->wide;
    int64_t even = one ? ceiling(outer[d], cut->cluster) : 0;
    for (size[d] = outer[d]; size[d] >= 1 && !is_large(n); size[d]--) {
        int64_t children = next->children;
        bool idle = n->twice && !n->wide && d == spread && size[d] == outer[d];
        if ((one && size[d] != even) || idle || (!cut->loops && d != spread && size[d] < outer[d]))
            continue;
        if (size[d] < outer[d])
            next->map[next->n_maps++] =
                (Map){d == spread ? MAP_SPATIAL : MAP_TEMPORAL, d, size[d], size[d]};
        if (d == spread && cut->fanout > 0 && !n->wide && !n->parts && !n->twice) {
            int64_t chunks = ceiling(outer[d], size[d]),
                    most = n->trial.machine.fanout[cut->fanout - 1].size;
            next->children = ceiling(chunks, ceiling(chunks, most));
        }
        sizes(n, l, d + 1, spread, next, outer, size);
        next->children = children;
        next->n_maps -= size[d] < outer[d];
    }
}

static void divide(Nests *n, int l, unsigned held, int64_t children, int spread,
                   const int64_t *outer)
{
    const unsigned all = (1u << n->trial.layer.op.n_tensors) - 1;
    const Cut *cut = &n->cut[l];
    Level next = {.children = children, .fanout = cut->fanout, .rest = cut->rest};
    int64_t size[DIMS_MAX];
    if (n->trial.machine.n_memories > 0)
        next.passes = all & ~held;
    for (int t = 0; t < n->trial.layer.op.n_tensors; t++)
        next.memory[t] = held >> t & 1 ? cut->memory : 0;
    sizes(n, l, 0, spread, &next, outer, size);
}

/* PEs that the clusters leave for level 0. */
static int64_t units_outside(const Nests *n)
{
    int64_t units = n->trial.machine.pes;
    for (int l = 1; l < n->n_cuts; l++)
        units /= n->cut[l].cluster;
    return units;
}

static void spreads(Nests *n, int l, unsigned held, const int64_t *outer)
{
    const Cut *cut = &n->cut[l];
    bool classic = n->trial.machine.n_memories == 0;
    int64_t most = cut->fanout > 0 ? n->trial.machine.fanout[cut->fanout - 1].size : 1;
    if (cut->cluster > 0) {
        divide(n, l, held, cut->cluster, cut->spread, outer);
        return;
    }
    divide(n, l, held, classic ? units_outside(n) : 1, -1, outer);
    for (int d = 0; d < n->trial.layer.op.n_dims && cut->divides; d++)
        for (int64_t units = (n->wide || n->parts || n->twice) && !classic ? 2 : most;
             units <= most && outer[d] > 1 && cut->dims >> d & 1; units++)
            divide(n, l, held, classic ? units_outside(n) : units, d, outer);
}

static void level(Nests *n, int l, const int64_t *outer)
{
    if (is_large(n))
        return;
    if (l == n->n_cuts) {
        try_nest(n);
        return;
    }
    const Cut *cut = &n->cut[l];
    for (unsigned held = 0; held <= cut->held; held++)
        if ((held & ~cut->held) == 0)
            spreads(n, l, held, outer);
}

/* ---- the two forms ----------------------------------------------------------------------------
 */

static void all_classic(Nests *n)
{
    const Machine *machine = &n->trial.machine;
    const Layer *layer = &n->trial.layer;
    bool buffer = machine->buffer_bytes[1] > 0;
    n->cut[0] = (Cut){.loops = true, .divides = true, .spread = -1, .dims = ~0u};
    n->n_cuts = 1;
    level(n, 0, layer->extent);
    n->n_cuts = 2;
    if (buffer) {
        n->cut[1] = (Cut){.loops = true, .cluster = 1, .spread = -1};
        level(n, 0, layer->extent);
    }
    for (int d = 0; d < layer->op.n_dims; d++)
        for (int units = 2; units <= machine->pes && units <= layer->extent[d]; units++) {
            n->cut[1] = (Cut){.loops = buffer, .cluster = units, .spread = d};
            level(n, 0, layer->extent);
        }
}

static void all_hierarchy(Nests *n)
{
    const Machine *machine = &n->trial.machine;
    n->n_cuts = 3 + n->twice;
    n->cut[0] = (Cut){.loops = true, .memory = 2, .spread = -1, .held = machine->memory[1].holds};
    n->cut[1] = (Cut){.loops = true, .divides = true, .fanout = 1, .spread = -1, .dims = ~0u};
    n->cut[2] = (Cut){.divides = true, .fanout = 1, .rest = true, .spread = -1, .dims = ~0u};
    n->cut[2 + n->twice] =
        (Cut){.loops = true, .memory = 3, .spread = -1, .held = machine->memory[2].holds};
    level(n, 0, n->trial.layer.extent);
}

static void all_parts(Nests *n)
{
    n->n_cuts = 2;
    for (int part = 0; part < 2; part++)
        n->cut[part] = (Cut){.divides = true,
                             .fanout = 1,
                             .spread = -1,
                             .rest = part > 0,
                             .dims = n->open.level[part].map[0].dims};
    level(n, 0, n->trial.layer.extent);
}

static void go_through(Nests *n, bool counts, bool wide)
{
    n->counts = counts;
    n->wide = wide;
    n->nests = n->nest.n_levels = 0;
    for (int g = 0; g < GOALS; g++)
        n->least[g] = INFINITY;
    if (n->parts)
        all_parts(n);
    else if (n->trial.machine.n_memories > 0)
        all_hierarchy(n);
    else
        all_classic(n);
}

static void make_hierarchy(GRand *random, unsigned all, Machine *machine)
{
    machine->n_memories = 3;
    machine->memory[0] = mapcase_memory(random, "DRAM", all, true);
    machine->memory[1] =
        mapcase_memory(random, "M0", (unsigned) mapcase_between(random, 1, all), false);
    machine->memory[2] =
        mapcase_memory(random, "M1", (unsigned) mapcase_between(random, 1, all), false);
    machine->memory[2].fanouts = 1;
    machine->n_fanouts = 1;
    machine->fanout[0] = (Fanout){.name = "F0",
                                  .size = mapcase_between(random, 2, 4),
                                  .memories = 2,
                                  .noc = mapcase_noc(random)};
    machine->pes = machine->fanout[0].size;
}

/* A root and a fan-out; SpatialMap(?) ? in {..}; Fanout(F0, ?); twice.  The two parts
 * may divide different dims. */
static void make_parts(Nests *n)
{
    Machine *machine = &n->trial.machine;
    int n_dims = n->trial.layer.op.n_dims;
    make_hierarchy(n->random, (1u << n->trial.layer.op.n_tensors) - 1, machine);
    machine->n_memories = machine->fanout[0].memories = 1;
    machine->pes = machine->fanout[0].size = mapcase_between(n->random, 2, 9);
    n->open.n_levels = 2;
    for (int part = 0; part < 2; part++) {
        TemplateLevel *open = &n->open.level[part];
        *open =
            (TemplateLevel){.n_maps = 1, .children = hole_open(), .fanout = 1, .rest = part > 0};
        open->map[0] =
            (TemplateMap){.kinds = 1u << MAP_SPATIAL,
                          .dims = (unsigned) mapcase_between(n->random, 1, (1 << n_dims) - 1),
                          .size = hole_open()};
        if (__builtin_popcount(open->map[0].dims) == 1)
            open->map[0].dims = (1u << n_dims) - 1; /* one alone must be divided */
    }
}

static void draw(Nests *n)
{
    Trial *t = &n->trial;
    bool hierarchy = mapcase_chance(n->random, 60);
    n->parts = hierarchy && mapcase_chance(n->random, 30);
    n->twice = hierarchy && !n->parts && mapcase_chance(n->random, 50);
    mapcase_layer(n->random, hierarchy ? 5 : 6, &t->layer);
    trial_narrow(n->random, (int) mapcase_between(n->random, 1, hierarchy ? 2 : 3), &t->layer);
    mapcase_machine(n->random, &t->layer, hierarchy, &t->machine);
    if (hierarchy)
        make_hierarchy(n->random, (1u << t->layer.op.n_tensors) - 1, &t->machine);
    trial_vary(n->random, &t->layer, &t->machine);
    mapcase_technology(n->random, &t->technology);
    if (n->parts)
        make_parts(n);
    else
        open_template(&t->layer, &t->machine, hierarchy && !n->twice ? 1 : 2, 1, &n->open);
    t->placed = t->machine;
}

START_TEST(nests)
{
    guint32 seed;
    int cases = trial_cases(CASES, &seed), outside = 0;
    int64_t tried = 0;
    double most = 1;
    Nests *n = g_new0(Nests, 1);
    n->nests_most = trial_orders(NESTS_MOST);
    n->trial.ws = workspace_new();
    for (int i = 0; i < cases; i++) {
        n->trial.seed = seed + (guint32) i;
        n->random = g_rand_new_with_seed(n->trial.seed);
        do {
            draw(n);
            go_through(n, true, false);
        } while (is_large(n));
        go_through(n, false, false);
        tried += n->nests;
        int goal = (int) mapcase_between(n->random, 0, GOALS - 1);
        double found = trial_search(&n->trial, &n->open, goal, n->least[goal], &n->best[goal]);
        go_through(n, false, true);
        outside += n->least[goal] < found * (1 - TRIAL_ROUNDING);
        if (isfinite(found))
            most = fmax(most, found / n->least[goal]);
        g_rand_free(n->random);
    }
    printf("# seed %u: %d spaces of %d nests; what lies outside of them is better for %d, "
           "up to %.2f times\n",
           seed, cases, (int) tried, outside, most);
    workspace_free(n->trial.ws);
    g_free(n);
}
END_TEST

int main(void)
{
    return suite_run("map nests", nests);
}
