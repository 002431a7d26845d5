/* Points with their figures, and the set of those that no other is better than. */
#ifndef DCC_DSE_PARETO_H
#define DCC_DSE_PARETO_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "run/objective.h"

/* A design that fits, evaluated. */
typedef struct {
    int64_t index;        /* in the space */
    int64_t cycles, macs; /* of all layers, each times its count */
    double seconds;
    double pj, um2, mw;  /* energy; area and power of the chip */
    double l1, l2;       /* capacities, bytes */
    uint64_t partial;    /* ObjectiveSet: area, power that lack a part; no bytes between members */
    const char *mapping; /* of a space that is mapped: the network with what was found; borrowed */
} Point;

/* What is to be small: throughput is negative, in MACs per second; a figure that is not known in
 * full is INFINITY. */
double pareto_value(const Point *point, Objective objective);

/* Which of two points that are equal in an objective goes first, as objective_order has it. */
int pareto_order(const Point *a, const Point *b);

typedef struct Front Front;

Front *front_new(ObjectiveSet over);
void front_free(Front *front);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Front, front_free)

/* Keeps the point unless one that is kept is at least as good everywhere, and drops those that it
 * is as good as.  Of points with equal values the one that pareto_order puts first stays.  The set
 * that is left does not depend on the order of the calls. */
void front_add(Front *front, const Point *point);

int64_t front_size(const Front *front);

/* Sorted by the objectives in their order; good until the next call. */
const Point *front_sorted(Front *front);

#endif
