/* What no choice is below.  Bounds of the latency, of which the largest holds:
 *
 *   path     head + cycles + tail of a node
 *   layer    of the nodes of a layer on one core: for each set of them of which none has less than
 *            some tail (or head), the least head + all their cycles + the least tail
 *   core     the same of all nodes of a core, once a choice is fixed
 *   work     for each set S of cores that are the candidates of some layer, and the layers within
 * it of which none has less than some head (or tail): with m cores in use, at most as many as S
 * has, (all their cycles + the m least heads of layers + the m least tails) / m, the least over m,
 * since each core begins with a node of a layer of its own and ends so offchip  what comes in once
 * (inputs, weights) and goes out once (outputs) over the port; what comes in and the least node and
 * tail behind it; the least head and node, and what goes out
 *
 * The head of a node is what passes before it can start: what it needs from off-chip memory over
 * its port; and of each layer that it reads, whose nodes run on one core, the same as of `layer`,
 * with heads.  The tail likewise, with the output of the network over the port.  Cycles are those
 * of the core where they are least; over splits of other layers each is the least.
 *
 * Of the energy: of each layer the option that takes least, and those accesses off-chip; of the
 * energy-delay product: the product of both. */
#ifndef DCC_SCHED_BOUNDS_H
#define DCC_SCHED_BOUNDS_H

#include "sched/choose.h"

/* What of it does not depend on a choice. */
typedef struct Bounds Bounds;

Bounds *bounds_new(const Problem *problem);
void bounds_free(Bounds *bounds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bounds, bounds_free)

/* Bounds over all choices in which layers with fixed[l] >= 0 take that option (NULL: none is
 * fixed). */
void bounds_fill(const Bounds *bounds, const int *fixed, ChooseBounds *found);

double bounds_value(ChooseObjective objective, const ChooseBounds *found);

#endif
