/* A case: what is walked, specified and analysed.
 *
 * Beside layer, nest and machine it may have a hierarchy of memories: which tensors the units
 * of each depth hold, and the ports of their memories.  Depth l + 1 is that of the children of
 * level l; the root, at depth 0, holds everything.  A case whose units hold everything and that
 * has no ports is classic: the hierarchy adds nothing to its machine. */
#ifndef DCC_TESTS_CASE_H
#define DCC_TESTS_CASE_H

#include "ir/layer.h"
#include "ir/machine.h"
#include "ir/nest.h"

enum { PORTS_MAX = 3 }; /* at one place */

/* The port of a memory: what it gives (read) and takes (write) of its tensors, in elements a
 * cycle, or in bits; `both` is a limit of the two together.  A rate of 0 is none. */
typedef struct {
    unsigned tensors; /* bit t: tensor t */
    bool in_bits;
    Rational read, write, both;
} Port;

typedef struct {
    int n;
    Port port[PORTS_MAX];
} Ports;

typedef struct {
    unsigned keep[LEVELS_MAX]; /* [l], bit t: units of depth l + 1 hold tensor t */
    Ports ports[LEVELS_MAX];   /* [l]: of the memories at depth l, towards the inside */
    Ports pe_ports;            /* of the PEs' memories, towards the MACs */
} Hierarchy;

typedef struct {
    Layer layer; /* names are static or interned text */
    Nest nest;
    Machine machine;
    Hierarchy memory;
} Case;

/* The set of all tensors of the case. */
static inline unsigned case_tensors(const Case *c)
{
    return (1u << c->layer.op.n_tensors) - 1;
}

/* The tensors that units of this depth hold. */
static inline unsigned case_held(const Case *c, int depth)
{
    return depth == 0 ? case_tensors(c) : c->memory.keep[depth - 1] & case_tensors(c);
}

static inline bool case_classic(const Case *c)
{
    bool plain = c->memory.pe_ports.n == 0;
    for (int l = 0; l < c->nest.n_levels; l++)
        plain &= c->memory.ports[l].n == 0 && case_held(c, l + 1) == case_tensors(c);
    return plain;
}

#endif
