/* Which links a transfer takes: the fewest, and of those that are as few the first in the order of
 * the links, step by step.  A bus may be entered and left at any of its ends; no route leads
 * through off-chip memory. */
#ifndef DCC_SCHED_ROUTES_H
#define DCC_SCHED_ROUTES_H

#include "sched/plan.h"

/* The ends of a link: cores, or off-chip memory, number n_cores. */
typedef struct {
    int n;
    const int *end;
    bool one_way; /* from the first to the second */
} RouteLink;

/* Routes between all places [from * (n_cores + 1) + to], of n_links links; to and from off-chip
 * memory with its port, number n_links, at the end that it is at.  No links where there is no way.
 * Free with routes_free. */
PlanRoute *routes_new(int n_cores, const RouteLink *link, int n_links);
void routes_free(PlanRoute *routes, int n_cores);

#endif
