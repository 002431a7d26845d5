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
    double offchip_bytes_per_s;       /* 0: unlimited, or in elements: */
    double offchip_elements_per_s;    /* however wide each is; 0: in bytes */
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
    double elements = machine->offchip_elements_per_s * (double) widest / 8;
    return (elements > 0 ? elements : machine->offchip_bytes_per_s) / machine->clock_hz;
}

/* Bytes of an element on the chip. */
static inline double machine_bytes(const Machine *machine, int tensor)
{
    return (double) machine->bits[tensor] / 8;
}

#endif
