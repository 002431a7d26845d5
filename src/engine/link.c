/* The cases that take longer: several channels, several widths, sparse layers, sums of more than 63
 * bits. */
#include "engine/link.h"

#include <math.h>

int64_t link_wide_cycles(const Rational *bandwidth, int64_t units, bool *overflow)
{
    __int128 scaled = (__int128) units * bandwidth->den;
    __int128 cycles = (scaled + bandwidth->num - 1) / bandwidth->num;
    if (cycles > INT64_MAX / 2) {
        *overflow = true;
        return 0;
    }
    return (int64_t) cycles;
}

int64_t link_fraction(Links *links, double cycles)
{
    double time = cycles * (double) links->unit;
    if (time < 4e18)
        return (int64_t) rint(time);
    links->overflow = true;
    return 0;
}

static int64_t sparse_cycles(Links *links, const Rational *bandwidth, double units)
{
    double cycles = 1;
    if (units <= 0)
        return 0;
    if (bandwidth->num)
        cycles = fmax(1, units * (double) bandwidth->den / (double) bandwidth->num);
    return link_fraction(links, cycles);
}

void links_set(Links *links, const Cases *cases, const Machine *machine)
{
    const Shape *shape = cases->shape;
    /* No tensor is moved more often than there are MACs; all together they need not fit. */
    bool fits = cases->computed * (double) shape->n_tensors < 9e18;
    links->shape = shape;
    links->machine = machine;
    for (int l = 0; l < cases->n_levels; l++) {
        const Noc *noc = &machine->noc[l];
        bool ported = machine->ports[l].n > 0;
        bool together = fits && !(noc->per_tensor | noc->in_bits | shape->sparse | ported);
        links->link[l] = (Link){noc,
                                together,
                                cases->cluster[l].flat && noc->prefetch == PREFETCH_LAYER,
                                together ? 1 : shape->n_tensors,
                                ported ? &machine->ports[l] : NULL,
                                ~(l > 0 ? cases->cluster[l - 1].passes : 0),
                                l == 0 && cases->finished};
    }
}

/* ---- ports ---- */

/* Each way, and both together. */
typedef enum { PORT_READ, PORT_WRITE, PORT_BOTH } PortWay;

static const Rational *port_rate(const Port *port, PortWay way)
{
    return way == PORT_READ ? &port->read : way == PORT_WRITE ? &port->write : &port->both;
}

/* What passes the ports of a link. */
typedef struct {
    const Ports *ports;
    unsigned held;
    bool done;    /* outputs are as wide as they are when they are done: all, or */
    int64_t size; /* so many of those that are taken */
} Passing;

/* What a port takes for so many elements of each tensor. */
static int64_t port_cycles(Links *links, const Port *port, const Passing *passing, PortWay way,
                           const int64_t *numbers)
{
    const Shape *shape = links->shape;
    const Rational *rate = port_rate(port, way);
    int64_t units = 0;
    double sparse = 0;
    if (!rate->num)
        return 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        int64_t width = port->in_bits ? links->machine->bits[t] : 1;
        int64_t narrow = port->in_bits ? links->machine->done_bits : 1;
        bool output = t == shape->output && way != PORT_READ;
        if (!(port->tensors & passing->held & 1u << t))
            continue;
        if (output && passing->done)
            width = narrow;
        int64_t less = output && !passing->done ? passing->size : 0;
        add_product(&units, numbers[t] - less, width, &links->overflow);
        add_product(&units, less, narrow, &links->overflow);
        sparse += shape->density[t] *
                  ((double) (numbers[t] - less) * (double) width + (double) less * (double) narrow);
    }
    return shape->sparse ? sparse_cycles(links, rate, sparse)
                         : link_channel_cycles(rate, units, &links->overflow);
}

static int64_t slowest_port(Links *links, const Passing *passing, PortWay way,
                            const int64_t *numbers)
{
    const Ports *ports = passing->ports;
    int64_t slowest = 0;
    for (int i = 0; i < ports->n; i++)
        slowest = max64(slowest, port_cycles(links, &ports->port[i], passing, way, numbers));
    return slowest;
}

static Passing passing_of(const Link *link)
{
    return (Passing){link->ports, link->held, link->done, 0};
}

/* Of one way alone. */
static int64_t one_way(Links *links, const Link *link, PortWay way, const int64_t *numbers)
{
    const Passing passing = passing_of(link);
    return max64(slowest_port(links, &passing, way, numbers),
                 slowest_port(links, &passing, PORT_BOTH, numbers));
}

void link_share(Links *links, const Link *link, const int64_t *numbers, int64_t out,
                Transfer *transfer)
{
    const Passing passing = passing_of(link);
    int64_t sum[TENSORS_MAX];
    for (int t = 0; t < links->shape->n_tensors; t++)
        sum[t] = numbers[t];
    add_product(&sum[links->shape->output], out, 1, &links->overflow);
    transfer->in.cycles = max64(transfer->in.cycles, slowest_port(links, &passing, PORT_BOTH, sum));
}

int64_t link_ports(Links *links, const Link *link, const int64_t *numbers, int64_t out,
                   int64_t size)
{
    const Passing passing = {link->ports, link->held, link->done, size};
    int64_t up[TENSORS_MAX] = {0}, sum[TENSORS_MAX];
    int o = links->shape->output;
    for (int t = 0; t < links->shape->n_tensors; t++)
        sum[t] = numbers[t];
    up[o] = out;
    add_product(&sum[o], out, 1, &links->overflow);
    return max64(slowest_port(links, &passing, PORT_BOTH, sum),
                 max64(slowest_port(links, &passing, PORT_READ, numbers),
                       slowest_port(links, &passing, PORT_WRITE, up)));
}

int64_t link_macs(Links *links, const Ports *ports, const int64_t *reads, const int64_t *writes)
{
    int64_t sum[TENSORS_MAX];
    for (int t = 0; t < links->shape->n_tensors; t++)
        sum[t] = reads[t] + writes[t];
    const Passing all = {ports, ~0u, false, 0};
    return max64(slowest_port(links, &all, PORT_BOTH, sum),
                 max64(slowest_port(links, &all, PORT_READ, reads),
                       slowest_port(links, &all, PORT_WRITE, writes)));
}

/* ---- channels ---- */

static inline int64_t width_of(Links *links, const Link *link, int t)
{
    return link->noc->in_bits ? links->machine->bits[t] : 1;
}

static int64_t sparse_in(Links *links, const Link *link, const int64_t *numbers)
{
    const Shape *shape = links->shape;
    const Rational *bandwidth = link->noc->bandwidth;
    double sum = 0;
    int64_t longest = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        double units = shape->density[t] * (double) numbers[t] * (double) width_of(links, link, t);
        sum += units;
        if (link->noc->per_tensor)
            longest = max64(longest, sparse_cycles(links, &bandwidth[t], units));
    }
    return link->noc->per_tensor ? longest : sparse_cycles(links, bandwidth, sum);
}

/* Of several channels, several widths, or a sparse layer. */
Load link_load_apart(Links *links, const Link *link, const int64_t *numbers)
{
    const Shape *shape = links->shape;
    Load load = {0, 0, 0};
    for (int t = 0; t < shape->n_tensors; t++) {
        int64_t units = 0;
        add_product(&units, numbers[t], width_of(links, link, t), &links->overflow);
        add_product(&load.units, units, 1, &links->overflow);
        load.elements += shape->density[t] * (double) numbers[t];
        if (link->noc->per_tensor)
            load.cycles = max64(load.cycles, link_channel_cycles(&link->noc->bandwidth[t], units,
                                                                 &links->overflow));
    }
    if (shape->sparse)
        load.cycles = sparse_in(links, link, numbers);
    else if (!link->noc->per_tensor)
        load.cycles = link_channel_cycles(link->noc->bandwidth, load.units, &links->overflow);
    if (link->ports)
        load.cycles = max64(load.cycles, one_way(links, link, PORT_READ, numbers));
    return load;
}

Load link_out_apart(Links *links, const Link *link, int64_t out)
{
    const Shape *shape = links->shape;
    int o = shape->output;
    const Rational *bandwidth = &link->noc->bandwidth[link->noc->per_tensor ? o : 0];
    Load load = {0, 0, shape->density[o] * (double) out};
    add_product(&load.units, out, width_of(links, link, o), &links->overflow);
    load.cycles = shape->sparse
                      ? sparse_cycles(links, bandwidth, shape->density[o] * (double) load.units)
                      : link_channel_cycles(bandwidth, load.units, &links->overflow);
    if (link->ports) {
        int64_t numbers[TENSORS_MAX] = {0};
        numbers[o] = out;
        load.cycles = max64(load.cycles, one_way(links, link, PORT_WRITE, numbers));
    }
    return load;
}
