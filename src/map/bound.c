#include "map/bound.h"

#include <math.h>
#include <string.h>

#include "map/carried.h"
#include "map/real.h"
#include "map/set.h"

enum { BORDER_LOOPS = 3 /* more are not worth the time */ };

/* ---- kinds of innermost loops ---------------------------------------------------------- */

static void find_kinds(BoundModel *m)
{
    const Shape *shape = m->model.shape;
    for (int d = 0; d < shape->n_dims; d++) {
        InnerKind kind = {.dims = 1u << d};
        bool alone = false; /* it shares a coordinate: how surely it moves depends on its size */
        if (m->model.layer->extent[d] == 1)
            continue;
        for (int t = 0; t < shape->n_tensors; t++) {
            bool in = has(shape->dims[t], d), single = has(shape->singles[t], d);
            kind.leaves |= (unsigned) !in << t;
            kind.sure |= (unsigned) single << t;
            alone |= in && !single;
        }
        int k = 0;
        while (k < m->n_kinds &&
               (alone || m->kind[k].leaves != kind.leaves || m->kind[k].sure != kind.sure))
            k++;
        if (k < m->n_kinds)
            m->kind[k].dims |= kind.dims;
        else
            m->kind[m->n_kinds++] = kind;
    }
}
/* ---- time ------------------------------------------------------------------------------------ */

/* A step takes a cycle at least, unless densities leave fractions of it. */
static double compute_cycles(const View *v)
{
    const BoundModel *m = v->m;
    const Partial *p = v->p;
    const int n = p->skeleton->n_levels;
    double steps = 1, boxes = 1, open = 1, units = 1, work = 1;
    for (int d = 0; d < p->n_dims; d++) {
        double length = (double) p->at[d][0].size;
        work *= length;
        if (p->known[d] == n && !has(m->range.dims, d)) {
            steps *= p->at[d][n].steps;
            boxes *= p->at[d][n].n_once[0];
            continue;
        }
        open *= view_first(v, d, 0);
        boxes *= p->at[d][p->known[d]].n_once[0];
    }
    for (int l = 0; l < n; l++)
        units *= p->units[l] > 0 ? (double) p->units[l] : m->units_most[l];
    steps = greater(steps * open, work / lesser(units, m->pes));
    double cycles = steps / (double) m->model.machine->lanes;
    return m->model.shape->sparse ? m->model.shape->work * cycles : greater(cycles, boxes);
}

/* Without double buffers every step waits for what is new in it: there is always something, as
 * every loop moves an input.  So it is where the units hold all tensors. */
static double waiting_cycles(const View *v)
{
    const Machine *machine = v->m->model.machine;
    const int n = v->p->skeleton->n_levels;
    double cycles = 0;
    if (machine->n_memories > 0 || !v->m->moves_inputs)
        return 0;
    for (int l = 0; l < n; l++) {
        double steps = 1;
        if (machine->noc[l].prefetch != PREFETCH_NONE)
            continue;
        for (int d = 0; d < v->p->n_dims; d++)
            steps *= view_positions(v, d, l + 1, 0);
        cycles += steps * greater(1, (double) machine->noc[l].latency);
    }
    return cycles;
}

/* What a unit of a depth has of a tensor at a time, at least: in the first step, which is as large
 * as any, or in any. */
static double least_tile(const View *v, int tensor, int depth, bool first)
{
    double size[DIMS_MAX];
    for (int d = 0; d < v->p->n_dims; d++) {
        const Lengths *each = &v->p->at[d][depth].each;
        bool sure =
            v->p->known[d] >= depth && !(has(v->m->range.dims, d) && depth >= v->m->range.depth);
        size[d] = first || sure ? rooms_least_size(v->p, &v->m->range, d, depth) : 1;
        for (int i = 0; !first && sure && i < each->n; i++)
            size[d] = lesser(size[d], (double) each->length[i]);
    }
    return rooms_image(v->m->model.shape, tensor, size);
}

/* Of a traffic, cycles an element on the slowest of its ways. */
static double slowest(const TrafficModel *m, const Traffic *t, bool out)
{
    double cycles = 0;
    for (int c = 0; c < m->n_channels; c++)
        if (channel_takes(&m->channel[c], t))
            cycles = greater(cycles, out ? m->channel[c].out[t->tensor] * m->channel[c].narrowed
                                         : m->channel[c].in[t->tensor]);
    return cycles;
}

/* Before anything is computed and after all is: the layer's first step waits for its inputs, from
 * the outside to the inside, and at the end the last outputs leave. */
typedef struct {
    double fill, flush; /* cycles */
    double first; /* what the outermost level waits for: the rest of the filling may go on while
                     something passes that level */
} Edges;

static Edges edges_of(const View *v)
{
    const TrafficModel *m = &v->m->model;
    double fill[TENSORS_MAX] = {0};
    Edges edges = {0, 0, 0};
    for (int i = 0; i < m->n; i++) {
        const Traffic *t = &m->traffic[i];
        bool out = t->tensor == m->shape->output;
        if (t->stream)
            continue;
        double cycles = least_tile(v, t->tensor, t->holder, !out) * slowest(m, t, out);
        if (out)
            edges.flush += cycles;
        else
            fill[t->tensor] += cycles;
        if (!out && t->holder == 1)
            edges.first = greater(edges.first, cycles);
    }
    for (int t = 0; t < m->shape->n_tensors; t++)
        edges.fill = greater(edges.fill, fill[t]);
    return edges;
}

/* To a root outputs are as wide as they are when they are done, all of them where no partial sum
 * comes back, else each once. */
static double out_cycles(const Channel *c, int tensor, const TrafficVolumes *volumes)
{
    double all = c->out[tensor] * volumes->near;
    return volumes->back > 0 ? greater(all * c->narrowed, all - c->credit) : all * c->narrowed;
}

/* Nothing leaves before the first step has its inputs, nothing comes after the last one. */
static double channel_cycles(const View *v, const Channel *c,
                             const TrafficVolumes volumes[TRAFFICS_MAX], const Edges *edges)
{
    const TrafficModel *model = &v->m->model;
    const double fill = c->depth == 0 ? edges->first : 0, flush = edges->flush;
    double in = 0, out = 0, parents = 1, longest = 0;
    for (int l = 0; l < c->depth; l++)
        parents *= v->p->units[l] > 0 ? (double) v->p->units[l] : v->m->units_most[l];
    parents = lesser(parents, v->m->pes);
    for (int i = 0; i < model->n; i++) {
        const Traffic *t = &model->traffic[i];
        bool output = t->tensor == model->shape->output;
        if (!channel_takes(c, t))
            continue;
        double x = c->in[t->tensor] * (output ? volumes[i].back : volumes[i].near);
        double y = output ? out_cycles(c, t->tensor, &volumes[i]) : 0;
        in += x;
        out += y;
        longest = greater(longest, greater(x / parents + flush, y / parents + fill));
    }
    return c->apart    ? longest
           : c->shared ? (in + out) / parents
                       : greater(in / parents + flush, out / parents + fill);
}

static double energy_of(const Traffic *t, const TrafficVolumes *v)
{
    return t->near * v->near + t->far * v->far + t->back * v->back + t->again * v->again;
}

void bound_begin(BoundModel *m, const Partial *p)
{
    View v;
    view_start(&v, m, p);
    for (int i = 0; i < m->model.n; i++) {
        const TrafficVolumes volumes = carried(&v, &m->model.traffic[i]);
        m->least_pj[i] = energy_of(&m->model.traffic[i], &volumes);
    }
}

/* Of what moves to holders of each depth: what is inside of one is no less than is known of it. */
static double sum_outwards(const BoundModel *m, int n_levels, const double by_holder[DEPTHS])
{
    double pj = 0;
    for (int depth = n_levels; depth > 0; depth--)
        pj = greater(pj + by_holder[depth], m->inside[depth - 1]);
    return pj;
}

/* Time that does not depend on how often something moves. */
static double least_cycles(const View *v, const Edges *edges)
{
    const BoundModel *m = v->m;
    double cycles = compute_cycles(v) + greater(waiting_cycles(v), edges->fill + edges->flush);
    for (int c = 0; c < m->model.n_channels; c++)
        cycles = greater(cycles, m->channel_least[c]);
    return greater(cycles + (double) m->model.machine->setup_cycles, m->model.offchip_cycles);
}

MapBound bound_below(const BoundModel *m, const Partial *p, const BoundLimit *limit)
{
    View v;
    TrafficVolumes volumes[TRAFFICS_MAX];
    double by_holder[DEPTHS] = {0}, moves = 0;
    const int n = p->skeleton->n_levels;
    view_start(&v, m, p);
    Edges edges = {0, 0, 0};
    MapBound bound = {m->model.least_pj, 0};
    if (!m->timeless) {
        edges = edges_of(&v);
        bound.cycles = least_cycles(&v, &edges);
    }
    bound.pj += m->model.pj_cycle * bound.cycles;
    const double most = lesser(limit->pj, limit->product / bound.cycles) - bound.pj;
    for (int i = 0; i < m->model.n; i++)
        by_holder[m->model.traffic[i].holder] += m->least_pj[i];
    for (int k = 0; k < m->model.n && moves <= most; k++) {
        const int i = m->outwards[k];
        const Traffic *t = &m->model.traffic[i];
        volumes[i] = carried(&v, t);
        by_holder[t->holder] += greater(0, energy_of(t, &volumes[i]) - m->least_pj[i]);
        if (most < INFINITY || k == m->model.n - 1)
            moves = sum_outwards(m, n, by_holder);
    }
    bound.pj += moves;
    if (m->timeless || moves > most)
        return bound;
    const double setup = (double) m->model.machine->setup_cycles, before = bound.cycles;
    for (int c = 0; c < m->model.n_channels; c++)
        bound.cycles = greater(bound.cycles,
                               channel_cycles(&v, &m->model.channel[c], volumes, &edges) + setup);
    bound.pj += m->model.pj_cycle * (bound.cycles - before);
    return bound;
}

MapBound bound_of(const BoundModel *m, const Partial *p)
{
    return bound_below(m, p, &(BoundLimit){INFINITY, INFINITY});
}

TrafficVolumes bound_volumes(const BoundModel *m, const Partial *p, int traffic)
{
    View v;
    view_start(&v, m, p);
    return carried(&v, &m->model.traffic[traffic]);
}

double bound_channel(const BoundModel *m, const Partial *p, int channel)
{
    View v;
    TrafficVolumes volumes[TRAFFICS_MAX];
    view_start(&v, m, p);
    for (int i = 0; i < m->model.n; i++)
        if (channel_takes(&m->model.channel[channel], &m->model.traffic[i]))
            volumes[i] = carried(&v, &m->model.traffic[i]);
    return channel_cycles(&v, &m->model.channel[channel], volumes, &(Edges){0, 0, 0});
}

bool bound_fits(const BoundModel *m, const Partial *p)
{
    return rooms_hold(&m->rooms, &m->model, p);
}

/* Whether every dim is one of some input. */
static bool moves_inputs(const Shape *shape)
{
    unsigned dims = 0;
    for (int t = 0; t < shape->n_tensors; t++)
        dims |= t != shape->output ? shape->dims[t] : 0;
    return (dims & shape->all) == shape->all;
}

/* ---- where a larger size moves no more -------------------------------------------------- */

/* With a larger size a loop has fewer positions, and so all that moves is less, but for partial
 * sums: those that a home need not fetch from further out it still gives to the inside. Coordinates
 * of two dims slide in ways that are not looked at here.  What a classic machine keeps in L2 grows:
 * the border, which counts that, is no part of this. */
static void find_falls(BoundModel *m)
{
    const Shape *shape = m->model.shape;
    unsigned pairs = 0;
    for (int t = 0; t < shape->n_tensors; t++)
        pairs |= shape->dims[t] & ~shape->singles[t];
    m->falls = shape->all & ~pairs;
    m->adds = m->falls & ~shape->dims[shape->output];
}

/* What is inside is no larger than what is outside, and what no level cuts is no smaller; nor is
 * what units in one step share out. */
static void limit_by_levels(const Skeleton *skeleton, int n_dims, BoundModel *m)
{
    for (int d = 0; d < n_dims; d++) {
        double *most = m->most[d];
        for (int depth = 1; depth <= skeleton->n_levels; depth++)
            most[depth] = lesser(most[depth], most[depth - 1]);
        for (int l = skeleton->n_levels - 1; l >= 0; l--) {
            const int64_t parts = skeleton_parts(skeleton, d, l);
            if (parts > 0)
                most[l] = lesser(most[l], most[l + 1] * (double) parts);
        }
    }
}

/* ---- the model ----------------------------------------------------------------------------------
 */

/* What moves far out is decided first. */
static void order_traffic(BoundModel *m)
{
    int n = 0;
    for (int depth = 0; depth < DEPTHS; depth++)
        for (int i = 0; i < m->model.n; i++)
            if (m->model.traffic[i].holder == depth)
                m->outwards[n++] = i;
}

void bound_model(const Layer *layer, const Machine *machine, const Technology *technology,
                 const Shape *shape, const Skeleton *skeleton, TrafficStore *store, BoundModel *m)
{
    traffic_model(layer, machine, technology, shape, skeleton, store, &m->model);
    m->n_kinds = 0; /* of lists, which are large, so much is set as they have */
    m->range = (SizeRange){0, 0, 0};
    m->no_back = m->timeless = false;
    memset(m->least_pj, 0, (size_t) m->model.n * sizeof *m->least_pj);
    memset(m->inside, 0, sizeof m->inside);
    memset(m->channel_least, 0, sizeof m->channel_least);
    order_traffic(m);
    find_kinds(m);
    rooms_find(&m->model, &m->rooms);
    for (int d = 0; d < shape->n_dims; d++)
        for (int depth = skeleton->n_levels; depth >= 0; depth--)
            m->most[d][depth] = rooms_most(&m->rooms, &m->model, d, depth);
    limit_by_levels(skeleton, shape->n_dims, m);
    for (int l = 0; l < skeleton->n_levels; l++)
        m->units_most[l] = (double) skeleton->level[l].units_most;
    m->pes = (double) machine->pes;
    m->moves_inputs = moves_inputs(shape);
    m->border_loops = BORDER_LOOPS;
    find_falls(m);
}
