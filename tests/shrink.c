/* Greedy shrinking: a list of simplifications, each tried at each of its places; what
 * still fails is kept, and the list is gone through again until nothing helps. */
#include "shrink.h"

#include <glib.h>
#include <string.h>

/* Changes the case at place i; false if there is no such place or nothing to change. */
typedef bool (*Simplify)(Case *c, int i);

static bool drop_level(Case *c, int i)
{
    Nest *nest = &c->nest;
    if (i >= nest->n_levels || nest->n_levels == 1)
        return false;
    size_t inner = (size_t) (--nest->n_levels - i);
    memmove(&nest->level[i], &nest->level[i + 1], inner * sizeof *nest->level);
    memmove(&c->machine.noc[i], &c->machine.noc[i + 1], inner * sizeof *c->machine.noc);
    memmove(&c->machine.ports[i], &c->machine.ports[i + 1], inner * sizeof *c->machine.ports);
    return true;
}

/* Place i is a map, counted over all levels. */
static Map *map_at(Case *c, int i, Level **level)
{
    for (int l = 0; l < c->nest.n_levels; l++) {
        *level = &c->nest.level[l];
        if (i < (*level)->n_maps)
            return &(*level)->map[i];
        i -= (*level)->n_maps;
    }
    return NULL;
}

static bool drop_map(Case *c, int i)
{
    Level *level;
    Map *map = map_at(c, i, &level);
    if (!map)
        return false;
    for (; map + 1 < level->map + level->n_maps; map++)
        map[0] = map[1];
    level->n_maps--;
    return true;
}

/* The set without tensor i; those after it move up. */
static unsigned set_without(unsigned tensors, int i)
{
    unsigned before = (1u << i) - 1;
    return (tensors & before) | (tensors >> 1 & ~before);
}

static void ports_without(Ports *ports, int i)
{
    for (int k = 0; k < ports->n; k++)
        ports->port[k].tensors = set_without(ports->port[k].tensors, i);
}

static bool drop_tensor(Case *c, int i)
{
    Operator *op = &c->layer.op;
    Machine *m = &c->machine;
    if (i >= op->n_tensors || i == op->output)
        return false;
    for (int l = 0; l < c->nest.n_levels; l++) {
        c->nest.level[l].passes = set_without(c->nest.level[l].passes, i);
        ports_without(&c->machine.ports[l], i);
    }
    ports_without(&c->machine.pe_ports, i);
    for (int t = i; t + 1 < op->n_tensors; t++) {
        m->bits[t] = m->bits[t + 1];
        m->stays_onchip[t] = m->stays_onchip[t + 1];
    }
    for (int t = i; t + 1 < op->n_tensors; t++) {
        op->tensor[t] = op->tensor[t + 1];
        for (int l = 0; l < c->nest.n_levels; l++)
            if (c->machine.noc[l].per_tensor)
                c->machine.noc[l].bandwidth[t] = c->machine.noc[l].bandwidth[t + 1];
    }
    op->n_tensors--;
    op->output -= op->output > i;
    return true;
}

/* Drops coordinate i, counted over all tensors, where the tensor has others. */
static bool drop_coord(Case *c, int i)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        Tensor *tensor = &c->layer.op.tensor[t];
        if (i < tensor->n_coords) {
            if (tensor->n_coords == 1)
                return false;
            for (int k = i; k + 1 < tensor->n_coords; k++)
                tensor->coord[k] = tensor->coord[k + 1];
            tensor->n_coords--;
            return true;
        }
        i -= tensor->n_coords;
    }
    return false;
}

static Coord *coord_at(Case *c, int i)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        Tensor *tensor = &c->layer.op.tensor[t];
        if (i < tensor->n_coords)
            return &tensor->coord[i];
        i -= tensor->n_coords;
    }
    return NULL;
}

static bool plain_coord(Case *c, int i)
{
    Coord *coord = coord_at(c, i);
    if (!coord || (coord->coef[0] == 1 && coord->coef[1] <= 1))
        return false;
    coord->coef[0] = 1;
    coord->coef[1] = MIN(coord->coef[1], 1);
    return true;
}

static bool smaller_coef(Case *c, int i)
{
    Coord *coord = coord_at(c, i / 2);
    if (!coord || coord->coef[i % 2] <= 1)
        return false;
    coord->coef[i % 2]--;
    return true;
}

static bool single_coord(Case *c, int i)
{
    Coord *coord = coord_at(c, i / 2);
    if (!coord || coord->n == 1)
        return false;
    if (i % 2) {
        coord->dim[0] = coord->dim[1];
        coord->coef[0] = coord->coef[1];
    }
    coord->n = 1;
    coord->coef[1] = 0;
    return true;
}

static bool dim_used(const Case *c, int d)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++)
        for (int k = 0; k < c->layer.op.tensor[t].n_coords; k++) {
            const Coord *coord = &c->layer.op.tensor[t].coord[k];
            if (coord->dim[0] == d || (coord->n == 2 && coord->dim[1] == d))
                return true;
        }
    for (int l = 0; l < c->nest.n_levels; l++)
        for (int m = 0; m < c->nest.level[l].n_maps; m++)
            if (c->nest.level[l].map[m].dim == d)
                return true;
    return false;
}

/* Forgets a dim that nothing names. */
static bool drop_dim(Case *c, int i)
{
    Operator *op = &c->layer.op;
    if (i >= op->n_dims || dim_used(c, i))
        return false;
    for (int d = i; d + 1 < op->n_dims; d++) {
        op->dim[d] = op->dim[d + 1];
        c->layer.extent[d] = c->layer.extent[d + 1];
    }
    op->n_dims--;
    Coord *coord;
    for (int k = 0; (coord = coord_at(c, k)); k++)
        for (int j = 0; j < 2; j++)
            coord->dim[j] -= coord->dim[j] > i;
    Level *level;
    Map *map;
    for (int m = 0; (map = map_at(c, m, &level)); m++)
        map->dim -= map->dim > i;
    return true;
}

static bool extent_one(Case *c, int i)
{
    if (i >= c->layer.op.n_dims || c->layer.extent[i] == 1)
        return false;
    c->layer.extent[i] = 1;
    return true;
}

static bool extent_half(Case *c, int i)
{
    if (i >= c->layer.op.n_dims || c->layer.extent[i] < 4)
        return false;
    c->layer.extent[i] /= 2;
    return true;
}

static bool extent_less(Case *c, int i)
{
    if (i >= c->layer.op.n_dims || c->layer.extent[i] == 1)
        return false;
    c->layer.extent[i]--;
    return true;
}

static bool fewer_children(Case *c, int i)
{
    if (i / 2 >= c->nest.n_levels || c->nest.level[i / 2].children == 1)
        return false;
    c->nest.level[i / 2].children = i % 2 ? c->nest.level[i / 2].children - 1 : 1;
    return true;
}

static bool smaller_size(Case *c, int i)
{
    Level *level;
    Map *map = map_at(c, i / 2, &level);
    if (!map || map->size == 1)
        return false;
    map->size = i % 2 ? map->size - 1 : 1;
    map->offset = map->size;
    return true;
}

static bool make_temporal(Case *c, int i)
{
    Level *level;
    Map *map = map_at(c, i, &level);
    if (!map || map->kind == MAP_TEMPORAL)
        return false;
    map->kind = MAP_TEMPORAL;
    return true;
}

/* The interconnect, a feature at a time: what is left out in a file comes last. */
static bool plain_noc(Case *c, int i)
{
    Noc *noc = &c->machine.noc[i / 7], before = *noc;
    if (i / 7 >= c->nest.n_levels)
        return false;
    switch (i % 7) {
    case 0:
        noc->per_tensor = false;
        break;
    case 1:
        for (int t = 0; t < TENSORS_MAX; t++)
            noc->bandwidth[t] = (Rational){0, 1};
        break;
    case 2:
        noc->latency = 1;
        break;
    case 3:
        noc->multicast = true;
        break;
    case 4:
        noc->reduction = true;
        break;
    case 5:
        noc->in_bits = false;
        break;
    default:
        noc->prefetch = PREFETCH_LAYER;
    }
    return memcmp(&before, noc, sizeof before) != 0;
}

static bool plain_bandwidth(Case *c, int i)
{
    if (i / TENSORS_MAX >= c->nest.n_levels)
        return false;
    Rational *q = &c->machine.noc[i / TENSORS_MAX].bandwidth[i % TENSORS_MAX];
    if (q->num == 0 || (q->num == 1 && q->den == 1))
        return false;
    *q = (Rational){1, 1};
    return true;
}

/* The rest of the machine, a feature at a time. */
static bool plain_machine(Case *c, int i)
{
    Machine before = c->machine, *m = &c->machine;
    if (i > 4)
        return false;
    for (int t = 0; t < TENSORS_MAX; t++) {
        m->bits[t] = i == 1 ? 8 : m->bits[t];
        m->stays_onchip[t] &= i != 2;
    }
    m->lanes = i == 0 ? 1 : m->lanes;
    m->done_bits = i == 1 ? 8 : m->done_bits;
    m->setup_cycles = i == 0 ? 0 : m->setup_cycles;
    m->l2_bytes = i == 3 ? 0 : m->l2_bytes;
    m->offchip.rate.num = i == 4 ? 0 : m->offchip.rate.num;
    return memcmp(&before, m, sizeof before) != 0;
}

/* ---- memories ---- */

/* Place i is a port, counted over all levels and the PEs. */
static Port *port_at(Case *c, int i, Ports **ports)
{
    for (int l = 0; l <= c->nest.n_levels; l++) {
        *ports = l < c->nest.n_levels ? &c->machine.ports[l] : &c->machine.pe_ports;
        if (i < (*ports)->n)
            return &(*ports)->port[i];
        i -= (*ports)->n;
    }
    return NULL;
}

static bool drop_port(Case *c, int i)
{
    Ports *ports;
    Port *port = port_at(c, i, &ports);
    if (!port)
        return false;
    ports->n--;
    for (; port < ports->port + ports->n; port++)
        port[0] = port[1];
    return true;
}

/* A port, a feature at a time: no rate, a rate of 1, elements, one tensor less. */
static bool plain_port(Case *c, int i)
{
    enum { CHANGES = 7 + TENSORS_MAX };
    Ports *ports;
    Port *port = port_at(c, i / CHANGES, &ports), before;
    if (!port)
        return false;
    before = *port;
    Rational *rate[] = {&port->read, &port->write, &port->both};
    int change = i % CHANGES;
    if (change < 3)
        *rate[change] = (Rational){0, 1};
    else if (change < 6 && rate[change - 3]->num)
        *rate[change - 3] = (Rational){1, 1};
    else if (change == 6)
        port->in_bits = false;
    else if (change > 6)
        port->tensors &= ~(1u << (change - 7));
    return memcmp(&before, port, sizeof before) != 0;
}

/* Units hold everything; or one tensor more. */
static bool keep_all(Case *c, int i)
{
    if (i >= c->nest.n_levels || case_held(c, i + 1) == case_tensors(c))
        return false;
    c->nest.level[i].passes = 0;
    return true;
}

static bool keep_more(Case *c, int i)
{
    int l = i / TENSORS_MAX, t = i % TENSORS_MAX;
    if (l >= c->nest.n_levels || t >= c->layer.op.n_tensors || case_held(c, l + 1) >> t & 1)
        return false;
    c->nest.level[l].passes &= ~(1u << t);
    return true;
}

static const Simplify simplifications[] = {
    drop_level,  drop_port,       keep_all,       drop_map,      drop_tensor,  extent_one,
    extent_half, keep_more,       fewer_children, extent_less,   smaller_size, drop_coord,
    plain_coord, single_coord,    smaller_coef,   make_temporal, drop_dim,     plain_noc,
    plain_port,  plain_bandwidth, plain_machine,
};

/* No idle PEs: there are as many as the clusters take. */
static void fit_pes(Case *c)
{
    c->machine.pes = 1;
    for (int l = 0; l < c->nest.n_levels; l++)
        c->machine.pes *= c->nest.level[l].children;
}

static bool try_at(Case *c, Simplify simplify, int i, ShrinkFails fails, void *data)
{
    Case smaller = *c;
    if (!simplify(&smaller, i) || !casegen_legal(&smaller))
        return false;
    fit_pes(&smaller);
    if (casegen_walk(&smaller) > 100000 || casegen_elements(&smaller) > 100000 ||
        casegen_macs(&smaller) > 1000000 || !fails(&smaller, data))
        return false;
    *c = smaller;
    return true;
}

void shrink_case(Case *c, ShrinkFails fails, void *data)
{
    enum { PLACES = DIMS_MAX * LEVELS_MAX * 2, ROUNDS = 100 };
    bool helped = true;
    for (int round = 0; helped && round < ROUNDS; round++) {
        helped = false;
        for (size_t s = 0; s < G_N_ELEMENTS(simplifications); s++)
            for (int i = 0; i < PLACES; i++)
                while (try_at(c, simplifications[s], i, fails, data))
                    helped = true;
    }
}
