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

typedef struct {
    Layer layer; /* names are static or interned text */
    Nest nest;
    Machine machine;
} Case;

/* The set of all tensors of the case. */
static inline unsigned case_tensors(const Case *c)
{
    return (1u << c->layer.op.n_tensors) - 1;
}

/* The tensors that units of this depth hold. */
static inline unsigned case_held(const Case *c, int depth)
{
    return case_tensors(c) & (depth == 0 ? ~0u : ~c->nest.level[depth - 1].passes);
}

static inline bool case_classic(const Case *c)
{
    bool plain = c->machine.pe_ports.n == 0;
    for (int l = 0; l < c->nest.n_levels; l++)
        plain &= c->machine.ports[l].n == 0 && case_held(c, l + 1) == case_tensors(c);
    return plain;
}

#endif
