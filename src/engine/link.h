/* A machine's interconnects, for one layer: what a level's link takes for what it moves.
 *
 * A load is what one link moves one way.  Its cycles are
 *     hidden(v) = ceil(v / bandwidth), the longest over the link's channels, 1 if it is unlimited,
 * where each port of the parents' memories is a channel of the tensors that they hold; ports that
 * serve both ways bind what comes down and what goes up together, which counts as coming down,
 * and latency - 1 more where the step waits for them.  Of a sparse layer v is scaled by densities,
 * nothing is rounded up, and a load takes a cycle at least. */
#ifndef DCC_ENGINE_LINK_H
#define DCC_ENGINE_LINK_H

#include "engine/cases.h"
#include "ir/machine.h"

typedef struct {
    int64_t cycles;  /* in Links.unit; 0: nothing moves */
    int64_t units;   /* of the link's one channel: elements, or bits */
    double elements; /* density included */
} Load;

/* Of one link: inputs and partial sums come down, results go up. */
typedef struct {
    Load in, out;
} Transfer;

/* Elements, density included, that a link moves in a body, or in its larger part. */
typedef struct {
    double in, out;
} Moved;

/* A level's interconnect.  It keeps account of what it moves in numbers, the last one what goes up.
 * The others are what comes down: one for all tensors where that is all that its time asks for,
 * else one for each. */
typedef struct {
    const Noc *noc;
    bool together;
    bool flat;          /* the level hands up what it moves */
    int n;              /* numbers of what comes down */
    const Ports *ports; /* of the parents' memories; NULL: they bound nothing */
    unsigned held;      /* tensors that the parents hold: theirs are the ports */
    bool done;          /* outputs go through the ports in their finished width */
} Link;

typedef struct {
    const Shape *shape;
    const Machine *machine;
    Link link[LEVELS_MAX];
    int64_t unit;  /* times are in 1/unit cycles: 1, but of a sparse layer */
    bool overflow; /* a time does not fit */
} Links;

enum { NUMBERS_MAX = TENSORS_MAX + 1, WHOLE = (1 << ARRIVALS) - 1 /* every arrival of a link */ };

/* Those of the levels of the cases; unit and overflow are the caller's. */
void links_set(Links *links, const Cases *cases, const Machine *machine);

/* So many cycles, not of whole ones, to the nearest of the fractions that times are in. */
int64_t link_fraction(Links *links, double cycles);

/* ceil(units * den / num) where the product has more than 63 bits. */
int64_t link_wide_cycles(const Rational *bandwidth, int64_t units, bool *overflow);

/* Binds a transfer by the ports that serve both ways, with what comes down and what goes up. */
void link_share(Links *links, const Link *link, const int64_t *numbers, int64_t out,
                Transfer *transfer);

/* What the ports take for so much that is given and taken over the layer, the longest of all;
 * `size` of what is taken are finished outputs, in the width that these have. */
int64_t link_ports(Links *links, const Link *link, const int64_t *numbers, int64_t out,
                   int64_t size);

/* What a PE's ports take for the accesses of its MACs, by tensor. */
int64_t link_macs(Links *links, const Ports *ports, const int64_t *reads, const int64_t *writes);

/* Of several channels, several widths, or a sparse layer. */
Load link_load_apart(Links *links, const Link *link, const int64_t *numbers);
Load link_out_apart(Links *links, const Link *link, int64_t out);

/* ceil(units / bandwidth); 1 where it is unlimited and something moves. */
static inline int64_t link_channel_cycles(const Rational *bandwidth, int64_t units, bool *overflow)
{
    int64_t scaled;
    if (units == 0)
        return 0;
    if (!bandwidth->num)
        return 1;
    if (__builtin_mul_overflow(units, bandwidth->den, &scaled))
        return link_wide_cycles(bandwidth, units, overflow);
    return scaled <= bandwidth->num ? 1 : (scaled - 1) / bandwidth->num + 1;
}

/* What comes down at a step, all tensors together. */
static inline int64_t link_all(const Link *link, const Volumes *v)
{
    return link->noc->multicast ? v->all_shared : v->all_each;
}

static inline int64_t link_out(const Link *link, const Volumes *v)
{
    return link->noc->reduction ? v->out_shared : v->out_each;
}

/* Adds to the numbers what some arrivals of a step bring. */
static inline void link_add_some(const Links *links, const Link *link, const Volumes *v,
                                 unsigned arrivals, int64_t *sum)
{
    const int64_t *in = link->noc->multicast ? v->in_shared : v->in_each;
    for (int t = 0; t < links->shape->n_tensors; t++)
        if (arrivals >> t & 1)
            sum[link->together ? 0 : t] += in[t];
    if (arrivals >> ARRIVAL_OUT & 1)
        sum[link->n] += link_out(link, v);
}

/* One channel, an element counts for one: nothing more to it. */
static inline Load load_together(Links *links, const Link *link, int64_t units)
{
    return (Load){link_channel_cycles(link->noc->bandwidth, units, &links->overflow), units,
                  (double) units};
}

static inline Load load_in(Links *links, const Link *link, const int64_t *numbers)
{
    return link->together ? load_together(links, link, numbers[0])
                          : link_load_apart(links, link, numbers);
}

static inline Load load_out(Links *links, const Link *link, int64_t out)
{
    return link->together ? load_together(links, link, out) : link_out_apart(links, link, out);
}

static inline Transfer transfer_of(Links *links, const Link *link, const int64_t *numbers)
{
    Transfer transfer = {load_in(links, link, numbers), load_out(links, link, numbers[link->n])};
    if (link->ports)
        link_share(links, link, numbers, numbers[link->n], &transfer);
    return transfer;
}

/* With latency. */
static inline void load_wait(Links *links, const Link *link, Load *load)
{
    int64_t latency = link->noc->latency;
    if (load->cycles && latency > 1)
        add_product(&load->cycles, latency - 1, links->unit, &links->overflow);
}

/* What a step moves over the link. */
static inline Transfer transfer_alone(Links *links, const Link *link, const Volumes *v,
                                      bool latency)
{
    const int64_t *in = link->noc->multicast ? v->in_shared : v->in_each;
    Transfer transfer = {link->together ? load_together(links, link, link_all(link, v))
                                        : link_load_apart(links, link, in),
                         load_out(links, link, link_out(link, v))};
    if (latency) {
        load_wait(links, link, &transfer.in);
        load_wait(links, link, &transfer.out);
    } else if (link->ports) {
        link_share(links, link, in, link_out(link, v), &transfer);
    }
    return transfer;
}

/* What such numbers come to. */
static inline Moved link_numbers_moved(const Links *links, const Link *link, const int64_t *numbers)
{
    const Shape *shape = links->shape;
    Moved moved = {0, (double) numbers[link->n]};
    if (link->together) {
        moved.in = (double) numbers[0];
        return moved;
    }
    moved.out *= shape->density[shape->output];
    for (int t = 0; t < shape->n_tensors; t++)
        moved.in += shape->density[t] * (double) numbers[t];
    return moved;
}

static inline Moved link_moved(Links *links, const Link *link, const Volumes *v)
{
    const Shape *shape = links->shape;
    const int64_t *in = link->noc->multicast ? v->in_shared : v->in_each;
    Moved moved = {0, (double) link_out(link, v)};
    if (link->together) {
        moved.in = (double) link_all(link, v);
        return moved;
    }
    moved.out *= shape->density[shape->output];
    for (int t = 0; t < shape->n_tensors; t++)
        moved.in += shape->density[t] * (double) in[t];
    return moved;
}

#endif
