/* What passes through units on its way between a tensor's home and the units deeper inside that
 * hold it, or the MACs.
 *
 * While a step of a level lasts, the units inside its children change their tiles; what these ask
 * for climbs link by link.  A link that merges (multicast, reduction) carries of each element as
 * many copies as the child that asks for most of them, one that does not carries the sum.  All
 * units step together, so what crosses the link of a step is found from the runs of its children:
 *
 *     the children divide no dim of the tensor    they ask for the same; merged: what the first
 *                                                 child asks for, who has the most steps
 *     a dim that is a coordinate of its own       no two ask for the same: the sum
 *     a dim of a coordinate of two                some ask for the same: joint.c
 *
 * A partial sum comes to one of those that want it, so the children's add up. */
#ifndef DCC_ENGINE_FLOWS_H
#define DCC_ENGINE_FLOWS_H

#include "engine/joint.h"

typedef enum { FLOWS_DONE, FLOWS_ENTANGLED, FLOWS_RAGGED } FlowsStatus;

/* Sets the volumes of passing tensors, of all steps, for the machine's links; where they cannot be
 * had, *level and *tensor say of which link and tensor.  In shared and each alike, but of the
 * output stays_shared is what all links would merge, stays_each what these do. */
FlowsStatus flows_fill(Cases *cases, const Machine *machine, JointSpace *space, int *level,
                       int *tensor);

/* What a step moves over its link, its own and what passes, on the machine. */
static inline int64_t flows_in(const Volumes *v, const Noc *noc, int tensor)
{
    return noc->multicast ? v->in_shared[tensor] : v->in_each[tensor];
}

static inline int64_t flows_stays(const Cases *cases, int level, const Volumes *v, const Noc *noc)
{
    bool passes = cases->cluster[level].passes >> cases->shape->output & 1;
    return noc->reduction && !(passes && level + 1 < cases->n_levels) ? v->stays_shared
                                                                      : v->stays_each;
}

#endif
