/* A machine as the engines read it, with every name resolved for one layer's
 * operator: per-tensor figures are indexed as Operator.tensor is. */
#ifndef DCC_IR_MACHINE_H
#define DCC_IR_MACHINE_H

#include <stddef.h>
#include <string.h>

#include "ir/memory.h"

/* What the hierarchy that a machine of the classic form was taken from calls its parts; NULL: it
 * was not. */
typedef struct {
    const char *offchip, *l2, *l1, *noc;
} MachineCalled;

/* The bandwidth of off-chip memory. */
typedef struct {
    Rational rate; /* of bits, or elements, in a cycle */
    bool elements; /* however wide each is */
    bool timed;    /* given by the second, which another clock leaves as it is */
} OffchipRate;

typedef struct {
    const char *name;
    int64_t pes;
    int64_t lanes; /* MACs per PE and cycle */
    double clock_hz;
    int64_t bits[TENSORS_MAX];      /* of an element on the chip; of the output's partial sums */
    int64_t done_bits;              /* of a finished output element, as it goes off-chip */
    bool stays_onchip[TENSORS_MAX]; /* lives in L2 between layers: never fetched or written back */
    int64_t setup_cycles;           /* before a layer starts */
    Noc noc[LEVELS_MAX];            /* by level, all given */
    int64_t l1_bytes, l2_bytes;     /* capacity; 0: not given */
    int64_t buffer_bytes[LEVELS_MAX]; /* [l], l >= 1: buffer of the clusters of level l - 1; 0: not
                                         given */
    OffchipRate offchip;
    MachineCalled called;

    /* A hierarchy, outermost first; none of either: the classic form above.  `noc` and the ports
     * are then those of one nest: see nest_place. */
    int n_memories, n_fanouts;
    Memory memory[MEMORIES_MAX];
    Fanout fanout[FANOUTS_MAX];
    double mac_um2, mac_pj, mac_mw; /* of a unit's MACs; NAN: as the technology says */
    Ports ports[LEVELS_MAX];        /* [l]: of the memories of level l's parents, to the inside */
    Ports pe_ports;                 /* of the PEs' memories, to the MACs */
} Machine;

/* A copy takes time: of a machine of the classic form, which has no ports, what it has is copied.
 */
static inline void machine_copy(Machine *to, const Machine *from)
{
    if (from->n_memories > 0) {
        *to = *from;
        return;
    }
    memcpy(to, from, offsetof(Machine, memory));
    for (int l = 0; l < LEVELS_MAX; l++)
        to->ports[l].n = 0;
    to->pe_ports.n = 0;
}

/* Bytes that may go off-chip and come from there in a cycle, at most: of a rate in elements, those
 * of the widest tensor.  0: unlimited. */
static inline double machine_offchip_most(const Machine *machine)
{
    int64_t widest = 0;
    for (int t = 0; t < TENSORS_MAX; t++)
        if (machine->bits[t] > widest)
            widest = machine->bits[t];
    double rate = rational_real(machine->offchip.rate) / 8;
    return machine->offchip.elements ? rate * (double) widest : rate;
}

/* Bytes, of which 0 a second is unlimited. */
void machine_set_offchip(Machine *machine, double bytes_per_s);

/* Bytes a second, or elements; 0: unlimited. */
double machine_offchip_per_s(const Machine *machine);

void machine_set_clock(Machine *machine, double hz);

/* Bytes of an element on the chip. */
static inline double machine_bytes(const Machine *machine, int tensor)
{
    return (double) machine->bits[tensor] / 8;
}

#endif
