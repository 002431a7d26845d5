#include "map/border.h"

#include <math.h>
#include <string.h>

#include "map/real.h"
#include "map/set.h"
#include "map/view.h"

typedef struct {
    double need, pj, bytes;
} Way;

typedef struct Chosen Chosen;

typedef struct {
    const BoundModel *m;
    const Partial *p;
    double turns[DIMS_MAX];  /* steps of a dim's loop */
    double inside[DIMS_MAX]; /* what a step has of a dim, at least */
    double whole[DIMS_MAX];
    double bytes[TENSORS_MAX];      /* of an element */
    double least_tile[TENSORS_MAX]; /* bytes of a step's tile */
    double size[TENSORS_MAX];       /* elements */
    unsigned anew[TENSORS_MAX];     /* dims of its coordinates of two whose loops leave nothing of
                                       the last step to the first */
    bool all;                       /* dims of level 0 are decided */
    unsigned kind;                  /* dims that the innermost loop is of; 0: any */
    BorderClosed *closed;
    void *data;
    double per_cycle; /* bytes off-chip; 0: without limit */
    MapBound least;   /* of orders that are complete, or closed */
    bool open;        /* one is found that is not closed */
} Border;

/* The loops that stand outermost, and the ways to keep each tensor at a depth among them: those
 * that another beats are left out. */
struct Chosen {
    double inside[DIMS_MAX];                        /* what their steps have of a dim */
    double times[TENSORS_MAX], visits[TENSORS_MAX]; /* steps of loops over dims that a tensor lacks:
                                                       of all, of those outside its innermost */
    double tile[TENSORS_MAX];                       /* bytes */
    int n[TENSORS_MAX];
    Way way[TENSORS_MAX][DIMS_MAX + 1];
};

static void add_way(Chosen *c, int t, Way way)
{
    int *n = &c->n[t];
    while (*n > 0 && c->way[t][*n - 1].need >= way.need && c->way[t][*n - 1].bytes >= way.bytes)
        (*n)--;
    c->way[t][(*n)++] = way;
}

/* Of what crosses more than once, so often. */
static Way crossing(const Border *b, int t, double need, double visits)
{
    const TrafficModel *model = &b->m->model;
    double more = (visits - 1) * b->size[t], ways = t == model->shape->output ? 2 : 1;
    return (Way){need, more * model->offchip_pj[t], more * ways * model->offchip_bytes[t]};
}

static void choose_none(const Border *b, Chosen *c)
{
    const Shape *shape = b->m->model.shape;
    memcpy(c->inside, b->whole, sizeof c->inside);
    for (int t = 0; t < shape->n_tensors; t++) {
        c->times[t] = c->visits[t] = 1;
        c->n[t] = 0;
        c->tile[t] = b->bytes[t] * rooms_image(shape, t, c->inside);
        add_way(
            c, t,
            crossing(b, t,
                     b->m->model.machine->stays_onchip[t] ? b->bytes[t] * b->size[t] : c->tile[t],
                     1));
    }
}

/* One more loop inside of those. */
static void choose(const Border *b, const Chosen *from, int d, Chosen *c)
{
    const Shape *shape = b->m->model.shape;
    memcpy(c->inside, from->inside, sizeof c->inside);
    c->inside[d] = b->inside[d];
    for (int t = 0; t < shape->n_tensors; t++) {
        bool own = has(shape->dims[t], d);
        c->times[t] = from->times[t] * (own ? 1 : b->turns[d]);
        c->visits[t] = own && (has(shape->singles[t], d) || has(b->anew[t], d)) ? c->times[t]
                                                                                : from->visits[t];
        c->tile[t] = own ? b->bytes[t] * rooms_image(shape, t, c->inside) : from->tile[t];
        c->n[t] = from->n[t];
        memcpy(c->way[t], from->way[t], (size_t) from->n[t] * sizeof *from->way[t]);
        if (!b->m->model.machine->stays_onchip[t])
            add_way(c, t, crossing(b, t, 2 * c->tile[t], c->visits[t]));
    }
}

/* What a tensor comes to that is kept somewhere inside of loops over it that are not chosen yet. */
static Way crossing_inside(const Border *b, const Chosen *c, unsigned left, int t)
{
    const Shape *shape = b->m->model.shape;
    bool slides = (left & shape->dims[t] & ~shape->singles[t] & ~b->anew[t]) != 0;
    return crossing(b, t, 2 * b->least_tile[t], slides ? c->visits[t] : c->times[t]);
}

/* Lowers `least` to the least of all combinations, with the loops that are left inside. */
static void combine(const Border *b, const Chosen *c, unsigned left, int t, Way sum,
                    MapBound *least)
{
    double capacity = (double) b->m->model.machine->l2_bytes;
    if (sum.need > capacity || (sum.pj >= least->pj && sum.bytes >= least->cycles))
        return;
    if (t == b->m->model.shape->n_tensors) {
        least->pj = lesser(least->pj, sum.pj);
        least->cycles = lesser(least->cycles, sum.bytes);
        return;
    }
    bool inside = (left & b->m->model.shape->dims[t]) != 0 && !b->m->model.machine->stays_onchip[t];
    for (int i = 0; i < c->n[t] + inside; i++) {
        Way way = i < c->n[t] ? c->way[t][i] : crossing_inside(b, c, left, t);
        combine(b, c, left, t + 1,
                (Way){sum.need + way.need, sum.pj + way.pj, sum.bytes + way.bytes}, least);
    }
}

/* Of all orders of the loops that are left, behind those that are chosen. */
static MapBound look(const Border *b, const Chosen *c, unsigned left)
{
    MapBound least = {INFINITY, INFINITY};
    combine(b, c, left, 0, (Way){0, 0, 0}, &least);
    if (isinf(least.pj)) { /* each is kept inside of all loops then */
        least = (MapBound){0, 0};
        for (int t = 0; t < b->m->model.shape->n_tensors; t++) {
            Way way = crossing(b, t, 0, b->m->model.machine->stays_onchip[t] ? 1 : c->visits[t]);
            least.pj += way.pj;
            least.cycles += way.bytes;
        }
    }
    return least;
}

/* Bytes as time. */
static MapBound timed(const Border *b, MapBound bound)
{
    double cycles = b->per_cycle > 0 ? bound.cycles / b->per_cycle : 0;
    return (MapBound){bound.pj, cycles};
}

/* Whether an order that has so much, at least, matters no more; it then bounds the least. */
static bool is_settled(Border *b, const MapBound *bound)
{
    MapBound time = timed(b, *bound);
    bool closed = b->closed != NULL && b->closed(&time, b->data);
    if (closed) {
        b->least.pj = lesser(b->least.pj, bound->pj);
        b->least.cycles = lesser(b->least.cycles, bound->cycles);
    }
    return closed || (bound->pj >= b->least.pj && bound->cycles >= b->least.cycles);
}

typedef struct {
    int dim;
    MapBound bound;
    Chosen chosen;
} Next;

/* Whether the loop may stand outside of all others that are left. */
static bool is_next(const Border *b, int dim, unsigned left)
{
    const Order *order = b->p->order;
    return order == NULL || order->dim[0][order->n[0] - __builtin_popcount(left)] == dim;
}

/* Orders of the loops that are left, behind those that are chosen: the most promising first, those
 * that cannot be less left out. */
static void orders(Border *b, const Chosen *chosen, unsigned left)
{
    Next next[DIMS_MAX];
    int order[DIMS_MAX], n = 0;
    for (int d = 0; d < b->p->n_dims; d++) {
        unsigned rest = left & ~(1u << d);
        if (!has(left, d) || (b->kind && !((rest ? rest : left) & b->kind)) || !is_next(b, d, left))
            continue;
        Next *one = &next[n];
        one->dim = d;
        choose(b, chosen, d, &one->chosen);
        one->bound = look(b, &one->chosen, rest);
        int k = n++;
        for (; k > 0 && next[order[k - 1]].bound.cycles > one->bound.cycles; k--)
            order[k] = order[k - 1];
        order[k] = n - 1;
    }
    for (int i = 0; i < n && !b->open; i++) {
        const Next *one = &next[order[i]];
        unsigned rest = left & ~(1u << one->dim);
        if (is_settled(b, &one->bound))
            continue;
        if (rest != 0) {
            orders(b, &one->chosen, rest);
            continue;
        }
        b->least.pj = lesser(b->least.pj, one->bound.pj);
        b->least.cycles = lesser(b->least.cycles, one->bound.cycles);
        b->open = b->closed != NULL;
    }
}

/* The innermost loop is of one of these dims.  If that can only be one that is not decided yet, it
 * takes two steps at least, and what is kept outside of it has all of the dim. */
static void set_innermost(Border *b, unsigned dims, unsigned *loops)
{
    const Partial *p = b->p;
    int d = __builtin_ctz(dims);
    if (b->all) {
        b->kind = dims & *loops;
    } else if ((dims & (dims - 1)) == 0 && p->known[d] == 0) {
        b->whole[d] = (double) p->at[d][0].size;
        b->turns[d] = greater(2, b->turns[d]);
        b->kind = dims;
        *loops |= dims;
    }
}

/* A dim with a size. */
static void decide(Border *b, int d, double units, unsigned *loops)
{
    const SizeRange *range = &b->m->range;
    const bool many = has(range->dims, d) && range->depth == 1;
    const double size = (double) b->p->at[d][1].size, least = many ? (double) range->least : size;
    b->turns[d] = ceil(b->whole[d] / lesser(size * units, b->whole[d]));
    b->inside[d] = lesser(least * units, b->whole[d]);
    if (has(b->p->several[0], d))
        *loops |= 1u << d;
}

/* A dim without, of which a step has no more than that, and maybe next to nothing. */
static void leave_open(Border *b, int d, double most, unsigned *loops)
{
    b->inside[d] = b->turns[d] = 1;
    if (most < b->whole[d]) {
        b->turns[d] = ceil(b->whole[d] / most);
        *loops |= 1u << d;
    } else {
        b->whole[d] = 1;
    }
}

/* Takes loops of dims without a size for none. */
static void drop_open(Border *b, unsigned *loops)
{
    for (int d = 0; d < b->p->n_dims; d++)
        if (has(*loops & ~b->kind, d) && b->p->known[d] == 0) {
            b->whole[d] = b->inside[d] = b->turns[d] = 1;
            *loops &= ~(1u << d);
        }
}

static void start(Border *b, const BoundModel *m, const Partial *p, unsigned *loops)
{
    const SkeletonLevel *level = &p->skeleton->level[0];
    View view;
    memset(b, 0, sizeof *b);
    b->m = m;
    b->p = p;
    b->least = (MapBound){INFINITY, INFINITY};
    *loops = 0;
    b->all = true;
    for (int d = 0; d < p->n_dims; d++)
        b->all &= p->known[d] > 0;
    if (!b->all)
        view_start(&view, m, p);
    for (int d = 0; d < p->n_dims; d++) {
        const double units = level->spread != d ? 1
                             : p->units[0] > 0  ? (double) p->units[0]
                                                : m->units_most[0];
        b->whole[d] = (double) p->at[d][0].size;
        if (p->known[d] > 0)
            decide(b, d, units, loops);
        else
            leave_open(b, d, view.most[d][1] * units, loops);
    }
    if (p->inner[0] >= 0)
        set_innermost(b, m->kind[p->inner[0]].dims & level->maps, loops);
    for (int t = 0; t < m->model.shape->n_tensors; t++) {
        double size[DIMS_MAX];
        for (int d = 0; d < p->n_dims; d++)
            size[d] = (double) p->at[d][0].size;
        b->size[t] = rooms_image(m->model.shape, t, size);
        b->bytes[t] = (double) m->model.machine->bits[t] / 8;
    }
}

/* The last step's tile of a coordinate of two dims ends after the first one's. */
static void find_anew(Border *b)
{
    const Shape *shape = b->m->model.shape;
    for (int t = 0; t < shape->n_tensors; t++)
        for (int c = 0; c < shape->n_pairs[t]; c++) {
            const Axis *axis = &shape->axis[t][c];
            for (int k = 0; k < 2; k++) {
                int d = axis->dim[k];
                double other = (double) b->p->at[axis->dim[1 - k]][0].size;
                if ((b->turns[d] - 2) * b->inside[d] * (double) axis->coef[k] >=
                        (other - 1) * (double) axis->coef[1 - k] &&
                    b->turns[d] > 1)
                    b->anew[t] |= 1u << d;
            }
        }
}

/* Whether it matters where tensors are kept: inside of all loops, the most crosses. */
static bool may_close(const Border *b)
{
    MapBound most = {0, 0};
    for (int t = 0; t < b->m->model.shape->n_tensors && b->closed != NULL; t++) {
        double visits = 1;
        for (int i = 0; i < b->m->model.shape->n_others[t]; i++)
            visits *= b->turns[b->m->model.shape->other[t][i]];
        if (b->m->model.machine->stays_onchip[t])
            continue;
        Way way = crossing(b, t, 0, visits);
        most.pj += way.pj;
        most.cycles += way.bytes;
    }
    most = timed(b, most);
    return b->closed == NULL || b->closed(&most, b->data);
}

MapBound border_least(const BoundModel *m, const Partial *p, BorderClosed *closed, void *data)
{
    Border b;
    unsigned loops;
    const Machine *machine = m->model.machine;
    start(&b, m, p, &loops);
    if (machine->l2_bytes == 0 || loops == 0)
        return (MapBound){0, 0};
    if (!b.all && __builtin_popcount(loops) > m->border_loops)
        drop_open(&b, &loops);
    if (!b.all && __builtin_popcount(loops) > m->border_loops)
        return (MapBound){0, 0};
    find_anew(&b);
    for (int t = 0; t < m->model.shape->n_tensors; t++)
        b.least_tile[t] = b.bytes[t] * rooms_image(m->model.shape, t, b.inside);
    b.closed = closed;
    b.data = data;
    b.per_cycle = machine_offchip_most(machine);
    if (!may_close(&b))
        return (MapBound){0, 0};
    Chosen none;
    choose_none(&b, &none);
    orders(&b, &none, loops);
    return timed(&b, b.open ? (MapBound){0, 0} : b.least);
}
