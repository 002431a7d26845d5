/* What the files of the bounds have in common: what is known of boxes before any choice. */
#ifndef DCC_SCHED_BOUNDS_PARTS_H
#define DCC_SCHED_BOUNDS_PARTS_H

#include "sched/bounds.h"

/* For each box of one side of an edge the boxes of the other that it shares elements with. */
typedef struct {
    int *begin; /* one more at the end */
    int *other;
} Meets;

typedef struct {
    Meets makers, readers; /* by box of the reader; by box of the maker */
} EdgeMeets;

/* Of a layer. */
typedef struct {
    int *first;           /* by split: its first box in the arrays below */
    double *given, *left; /* bits that a box needs from off-chip memory, and that it leaves there,
                             by the narrowest of its candidates */
    double read, written; /* the same of all boxes, each element once */
    double words;         /* pJ of those accesses */
    double bit_cycles;    /* of a bit over its port, by the widest way of a candidate */
} BoundsLayer;

struct Bounds {
    const Problem *problem;
    BoundsLayer *layer;
    EdgeMeets **meets; /* by edge: [split of the maker * splits of the reader + its split] */
    int boxes;         /* of all splits of all layers */
};

static inline const EdgeMeets *bounds_meets(const Bounds *bounds, int edge, int maker, int reader)
{
    const Edge *e = &bounds->problem->edge[edge];
    return &bounds->meets[edge][maker * bounds->problem->layer[e->consumer].n_splits + reader];
}

#endif
