/* The innermost part of the space: everything but the capacities of L1 and L2 is fixed.
 *
 * Then a design's figures are sums of a part by L1 (row i) and a part by L2 (column j):
 *     area = um2_1[i] + um2_2[j], power = mw_1[i] + mw_2[j], energy = pj_1[i] + pj_2[j],
 * its time is that of j, and it is valid if both capacities suffice and the budgets hold. */
#ifndef DCC_DSE_PLANE_H
#define DCC_DSE_PLANE_H

#include <signal.h>

#include "dse/pareto.h"
#include "ir/memory.h"

/* What is in the way of a plane without a valid point. */
typedef enum {
    LACK_BUFFER, /* one between is too small */
    LACK_L1,     /* every one is too small */
    LACK_L2,
    LACK_AREA, /* the least is over the budget */
    LACK_POWER,
    LACK_BOTH,   /* what is within one budget is over the other */
    LACK_FIGURE, /* a figure that an objective or a budget rests on is not known */
    LACK_MEMORY, /* and on: memories of a hierarchy, too small */
    LACKS = LACK_MEMORY + MEMORIES_MAX
} Lack;

typedef struct {
    int64_t first; /* number of the point (0, 0) */
    int64_t n1, n2;
    double *um2_1, *mw_1, *pj_1; /* by row; what does not depend on either is in there */
    double *um2_2, *mw_2, *pj_2; /* by column */
    bool *fits_1, *fits_2;
    const double *bytes_1, *bytes_2;
    int64_t *cycles; /* by column */
    double *seconds;
    int64_t macs;
    bool rising; /* fits, um2 and mw never fall along a row or a column */
    double most_um2, most_mw;
    double need_1, need_2;             /* bytes that the layers need */
    ObjectiveSet partial;              /* figures that are not known in full */
    unsigned lacks;                    /* what is in the way whatever L1 and L2 are, and ... */
    double least[LACKS];               /* ... the least that would do */
    const volatile sig_atomic_t *stop; /* or NULL; not 0: a walk ends where it is */
} Plane;

void plane_new(Plane *plane, int64_t n1, int64_t n2);
void plane_clear(Plane *plane);

/* The kinds of lack of such a plane, a bit each, and the least that would do: bytes, um2 or mW. */
unsigned plane_lacks(const Plane *plane, double least[LACKS]);

/* Called for a valid point. */
typedef void (*PlaneVisit)(const Point *point, void *data);

/* How far a walk goes. */
typedef enum {
    PLANE_ALL,  /* every point is evaluated; those that the same walk has seen a better one of
                   are not visited */
    PLANE_BEST, /* only points that may be best in any of the figures */
    PLANE_EACH  /* every point is evaluated, every valid one is visited */
} PlaneDepth;

typedef struct {
    int64_t evaluated, valid;
} PlaneCount;

/* Visits valid points, such that whatever is a minimum of an objective or in the front of any
 * objectives over the plane, the smallest number among equals, is visited.  The number of valid
 * points is exact in every depth. */
PlaneCount plane_walk(const Plane *plane, PlaneDepth depth, PlaneVisit visit, void *data);

#endif
