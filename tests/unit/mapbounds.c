/* No bound is above what it bounds: random points of random spaces, each reached decision by
 * decision, and evaluated in every order of its loops.  BOUNDS=N points, BOUNDS_SEED=S. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ir/hierarchy.h"
#include "map/border.h"
#include "map/fill.h"
#include "map/inside.h"
#include "map/open.h"
#include "map/sizes.h"
#include "mapcase.h"
#include "run/entry.h"
#include "suite.h"

enum { POINTS = 3000, PREFIXES = 200 };

typedef struct {
    Layer layer;
    Machine machine, placed;
    Technology technology;
    Shape shape;
    Template open;
    Skeleton skeleton;
    int chosen, seen;
    GRand *random;
    BoundModel model;
    Partial partial;
    Sizes sizes;
    int n;
    MapBound prefix[PREFIXES], border[PREFIXES];
    Workspace *ws;
    ReportEntry entry;
    Nest nest;
    int64_t orders;
    guint32 seed; /* of this point */
} Point;

/* Each skeleton is as likely as another. */
static bool choose(const Skeleton *skeleton, void *data)
{
    Point *p = data;
    if (mapcase_between(p->random, 0, p->seen++) == 0)
        p->skeleton = *skeleton;
    return p->seen < 300;
}

/* With what crosses the border of a classic chip, which is *border. */
static MapBound bound_and_border(const Point *p, MapBound *border)
{
    MapBound bound = bound_of(&p->model, &p->partial);
    *border = (MapBound){0, 0};
    if (p->machine.n_memories == 0) {
        *border = border_least(&p->model, &p->partial, NULL, NULL);
        bound.pj += border->pj;
        bound.cycles = fmax(bound.cycles, p->model.model.offchip_cycles + border->cycles);
    }
    return bound;
}

static void look(Point *p)
{
    MapBound border, bound = bound_and_border(p, &border);
    if (p->n < PREFIXES && isfinite(bound.pj)) {
        p->border[p->n] = border;
        p->prefix[p->n++] = bound;
    }
}

static MapBound bound_of_size(Point *p, int dim, const SizeChoice *choice)
{
    const int known = p->partial.known[dim];
    partial_decide(&p->partial, dim, choice->size, choice->units);
    MapBound border, bound = bound_and_border(p, &border);
    partial_forget(&p->partial, dim, known);
    return bound;
}

static bool takes_several(const GArray *choices, guint i, int64_t whole)
{
    const SizeChoice *choice = &g_array_index(choices, SizeChoice, i);
    return choice->size * choice->units < whole;
}

/* Looks at sizes from about the one that is chosen together: no mapping with any of them costs
 * less, nor is one of them bounded below what they are bounded by together. */
static void look_at_range(Point *p, int dim, const GArray *choices, guint chosen)
{
    BoundModel *m = &p->model;
    const int known = p->partial.known[dim], level = partial_next(&p->partial, dim);
    const int64_t whole = p->partial.at[dim][level].size;
    guint first = (guint) mapcase_between(p->random, 0, chosen),
          last = (guint) mapcase_between(p->random, chosen, choices->len - 1);
    const bool several = takes_several(choices, chosen, whole);
    while (first < chosen && takes_several(choices, first, whole) != several)
        first++;
    while (last > chosen && takes_several(choices, last, whole) != several)
        last--;
    const SizeChoice *largest = &g_array_index(choices, SizeChoice, first);
    partial_decide(&p->partial, dim, largest->size, largest->units);
    m->range = (SizeRange){1u << dim, level + 1, g_array_index(choices, SizeChoice, last).size};
    m->no_back = m->adds >> dim & 1;
    MapBound border, range = bound_and_border(p, &border);
    look(p);
    m->range.dims = 0;
    m->no_back = false;
    partial_forget(&p->partial, dim, known);
    for (guint i = first; i <= last && m->border_loops == DIMS_MAX; i++) {
        const SizeChoice *choice = &g_array_index(choices, SizeChoice, i);
        const MapBound bound = bound_of_size(p, dim, choice);
        const double rounding = 1e-9 * fabs(range.pj) + 1e-3;
        if (bound.pj < range.pj - rounding || bound.cycles < range.cycles * (1 - 1e-9))
            ck_abort_msg("size %d of %s: %.12g pJ, %.12g cycles, of all %.12g, %.12g; "
                         "BOUNDS_SEED=%u BOUNDS=1",
                         (int) choice->size, p->layer.op.dim[dim], bound.pj, bound.cycles, range.pj,
                         range.cycles, p->seed);
    }
}

/* Whether the units of the dim's next level do not depend on its size. */
static bool is_settled(const Point *p, int dim)
{
    const int level = partial_next(&p->partial, dim);
    return p->skeleton.level[level].spread != dim || p->partial.settled >> level & 1;
}

static bool decide(Point *p, int dim, GArray *choices)
{
    Partial *m = &p->partial;
    sizes_list(m, dim, p->sizes, p->machine.lanes, choices);
    if (choices->len == 0)
        return false;
    const guint chosen = (guint) mapcase_between(p->random, 0, choices->len - 1);
    if (p->model.falls >> dim & 1 && p->machine.lanes == 1 && is_settled(p, dim) &&
        mapcase_chance(p->random, 40))
        look_at_range(p, dim, choices, chosen);
    const SizeChoice choice = g_array_index(choices, SizeChoice, chosen);
    partial_decide(m, dim, choice.size, choice.units);
    if (!bound_fits(&p->model, m))
        return false;
    look(p);
    return true;
}

static bool decide_clusters(Point *p)
{
    Partial *m = &p->partial;
    int64_t pes = p->machine.pes;
    GArray *units = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int l = 1; l < p->skeleton.n_levels && pes > 0; l++) {
        sizes_clusters(&p->layer, &p->skeleton.level[l], p->sizes, pes, units);
        if (units->len == 0) {
            pes = 0;
            break;
        }
        m->units[l] =
            g_array_index(units, int64_t, (guint) mapcase_between(p->random, 0, units->len - 1));
        m->settled |= 1u << l;
        pes /= m->units[l];
    }
    g_array_free(units, TRUE);
    m->units[0] = pes;
    m->settled |= 1;
    return pes > 0;
}

/* At times it is said beforehand which dims have a loop. */
static void foretell(Point *p, int level, unsigned left)
{
    Partial *m = &p->partial;
    if (m->inner[level] == INNER_NONE || mapcase_chance(p->random, 50))
        return;
    for (int d = 0; d < m->n_dims; d++) {
        if (!(left >> d & 1) || mapcase_chance(p->random, 40))
            continue;
        if (m->at[d][level].size > 1 && mapcase_chance(p->random, 60))
            m->loops[level] |= 1u << d;
        else
            m->stills[level] |= 1u << d;
    }
}

/* Goes down to a point; false where a decision leads nowhere. */
static bool descend(Point *p)
{
    Partial *m = &p->partial;
    g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(SizeChoice));
    look(p);
    if (p->machine.n_memories == 0 && !decide_clusters(p))
        return false;
    for (int l = 0; l < p->skeleton.n_levels; l++) {
        m->inner[l] = (int8_t) mapcase_between(p->random, -1, p->model.n_kinds - 1);
        unsigned left = 0;
        for (int d = 0; d < m->n_dims; d++)
            if (p->skeleton.level[l].maps >> d & 1 && m->known[d] <= l)
                left |= 1u << d;
        foretell(p, l, left);
        look(p);
        while (left) {
            int d = (int) mapcase_between(p->random, 0, m->n_dims - 1);
            if (!(left >> d & 1))
                continue;
            left &= ~(1u << d);
            if (!decide(p, d, choices))
                return false;
        }
        if (m->inner[l] != INNER_NONE && !(m->several[l] & p->model.kind[m->inner[l]].dims))
            return false;
    }
    return true;
}

static void say_volumes(const Point *p)
{
    for (int i = 0; i < p->model.model.n; i++) {
        const Traffic *t = &p->model.model.traffic[i];
        TrafficVolumes volumes = bound_volumes(&p->model, &p->partial, i);
        fprintf(stderr, "%s %d-%d%s: near %g far %g back %g again %g; pj %g %g %g %g\n",
                p->layer.op.tensor[t->tensor].name, t->home, t->holder, t->stream ? " MACs" : "",
                volumes.near, volumes.far, volumes.back, volumes.again, t->near, t->far, t->back,
                t->again);
    }
    for (int l = 0; l < p->entry.result.n_levels; l++)
        for (int t = 0; t < p->layer.op.n_tensors; t++) {
            const TensorCounts *c = &p->entry.result.level[l].tensor[t];
            fprintf(stderr, "level %d %s: reads %d fills %d writes %d drains %d psum %d\n", l,
                    p->layer.op.tensor[t].name, (int) c->reads, (int) c->fills, (int) c->writes,
                    (int) c->drains, (int) c->psum_reads);
        }
    for (int k = 0; k < COST_PARTS; k++)
        if (p->entry.cost.name[k] != NULL)
            fprintf(stderr, "%s %g; ", p->entry.cost.name[k], p->entry.cost.pj[k]);
    fprintf(stderr, "least %g\n", p->model.model.least_pj);
}

static void compare(Point *p)
{
    double pj = p->entry.cost.total_pj, cycles = (double) p->entry.result.cycles;
    for (int i = 0; i < p->n; i++) {
        if (p->prefix[i].pj <= pj * (1 + 1e-9) && p->prefix[i].cycles <= cycles * (1 + 1e-9))
            continue;
        GString *text = nest_print(&p->layer, &p->nest,
                                   p->machine.n_memories > 0 ? &p->machine : NULL, "point");
        fprintf(stderr, "prefix %d of %d: %.10g pJ for %.10g, %.10g cycles for %.10g\n%s", i, p->n,
                p->prefix[i].pj, pj, p->prefix[i].cycles, cycles, text->str);
        for (int d = 0; d < p->layer.op.n_dims; d++)
            fprintf(stderr, " %s %d", p->layer.op.dim[d], (int) p->layer.extent[d]);
        for (int t = 0; t < p->layer.op.n_tensors; t++)
            fprintf(stderr, "\n%s: %d bit, density %g, size %d", p->layer.op.tensor[t].name,
                    (int) p->machine.bits[t], p->layer.density[t],
                    (int) p->entry.result.tensor_size[t]);
        fprintf(stderr, "\nBOUNDS_SEED=%u BOUNDS=1; inner", p->seed);
        for (int l = 0; l < p->skeleton.n_levels; l++)
            fprintf(stderr, " %d", p->partial.inner[l]);
        fprintf(stderr, "\n");
        for (int k = 0; k < p->n; k++)
            fprintf(stderr, "prefix %d: %g pJ (%g off-chip), %g cycles (%g)\n", k, p->prefix[k].pj,
                    p->border[k].pj, p->prefix[k].cycles, p->border[k].cycles);
        say_volumes(p);
        ck_abort_msg("a bound is above what it bounds");
    }
}

static void evaluate(Point *p)
{
    Order order;
    for (bool more = order_first(&p->model, &p->partial, &order); more;
         more = order_next(&p->model, &p->partial, &order)) {
        const Machine *machine = &p->machine;
        if (fill_nest(&p->layer, machine, &p->partial, &order, &p->nest) != FILL_DONE)
            continue;
        NestLaw law = nest_check(&p->layer, &p->nest, machine).law;
        if (law == NEST_TOO_MANY_UNITS) /* of a fan-out in parts: whoever branches sees to it */
            continue;
        ck_assert_int_le(law, NEST_NO_SPATIAL);
        if (machine->n_memories > 0) {
            hierarchy_place(&p->nest, p->layer.op.n_tensors, &p->placed);
            machine = &p->placed;
        }
        entry_start(&p->entry, "", &p->layer, &p->nest, machine);
        entry_run(&p->entry, p->ws);
        if (p->entry.status != ENTRY_EVALUATED)
            continue;
        entry_cost(&p->entry, &p->technology);
        Finding finding[FINDINGS_MAX];
        if (entry_findings(&p->entry, finding) > 0)
            continue; /* bounds are of what fits */
        const int n = p->n;
        p->partial.order = &order;
        look(p);
        p->partial.order = NULL;
        compare(p);
        p->n = n;
        p->orders++;
    }
}

static bool goes_on(void *data)
{
    (void) data;
    return false;
}

static void make(Point *p)
{
    Insides *insides;
    bool hierarchy = mapcase_chance(p->random, 50);
    mapcase_layer(p->random, 9, &p->layer);
    mapcase_machine(p->random, &p->layer, hierarchy, &p->machine);
    mapcase_technology(p->random, &p->technology);
    p->placed = p->machine;
    p->sizes = (Sizes) mapcase_between(p->random, SIZES_DIVISORS, SIZES_ALL);
    cluster_shape(&p->layer, &p->shape);
    open_template(&p->layer, &p->machine, (int) mapcase_between(p->random, 1, 2),
                  mapcase_chance(p->random, 30) ? 2 : 1, &p->open);
    static TrafficStore none;
    memset(&none, 0, sizeof none);
    p->seen = p->n = 0;
    skeletons_visit(&p->layer, &p->machine, &p->open, p->sizes != SIZES_ALL, choose, p);
    bound_model(&p->layer, &p->machine, &p->technology, &p->shape, &p->skeleton, &none, &p->model);
    if (mapcase_chance(p->random, 50))
        p->model.border_loops = DIMS_MAX;
    if (hierarchy && mapcase_chance(p->random, 10)) {
        InsideStore *store = inside_store_new();
        insides = insides_new(&p->layer, &p->machine, p->sizes, store, goes_on, NULL);
        insides_set(insides, &p->skeleton, NULL, true, &p->model);
        insides_free(insides);
        inside_store_free(store);
    }
}

START_TEST(bounds)
{
    const char *points = g_getenv("BOUNDS"), *seed_text = g_getenv("BOUNDS_SEED");
    int n = points ? atoi(points) : POINTS;
    guint32 seed =
        seed_text ? (guint32) g_ascii_strtoull(seed_text, NULL, 10) : (guint32) g_get_real_time();
    Point *p = g_new0(Point, 1);
    p->ws = workspace_new();
    int reached = 0;
    for (int i = 0; i < n; i++) {
        p->seed = seed + (guint32) i;
        p->random = g_rand_new_with_seed(p->seed);
        make(p);
        for (int tries = 0; tries < 20; tries++) {
            p->n = 0;
            partial_start(&p->partial, &p->layer, &p->skeleton, p->model.model.homes);
            if (!descend(p))
                continue;
            reached++;
            evaluate(p);
        }
        g_rand_free(p->random);
    }
    printf("# seed %u: %d points, %d orders\n", seed, reached, (int) p->orders);
    ck_assert_int_gt(reached, n / 10);
    workspace_free(p->ws);
    g_free(p);
}
END_TEST

int main(void)
{
    return suite_run("map bounds", bounds);
}
