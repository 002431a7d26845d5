/* The nests of the space as numbers.  What a choice of dataflows and constants makes of the layers
 * is lowered once; then a number of PEs only decides how many children level 0 has. */
#ifndef DCC_DSE_NESTS_H
#define DCC_DSE_NESTS_H

#include "dse/study.h"

/* Layers that are alike, in operator, extents and densities, and mapped alike: they come to the
 * same figures. */
typedef struct {
    const Layer *layer; /* the first of them */
    int op;             /* number of its operator */
    Nest nest;
    const Item *dataflow;
    int64_t busy; /* in the classic form, children of level 0 that get work: all that its counts and
                     times depend on */
} Mapped;

/* The layers under the constants turned to. */
typedef struct {
    int64_t serial; /* another for every reading of the layers */
    int64_t text;   /* the number of the choice of dataflows and constants, ... */
    int64_t texts;  /* ... and how many there are */
    guint n;
    const int64_t *count; /* by layer */
    const guint *kind;    /* by layer: which of `mapped` it is */
    guint n_mapped;
    Mapped *mapped;
    int n_ops;
    const Operator *const *op;
    const Program *program; /* of this thread: its trees, for machines */
} NestLayers;

/* One per thread. */
typedef struct Nests Nests;

Nests *nests_new(const Study *study);
void nests_free(Nests *nests);

/* Turns to a nest: its layers, good until the next call; NULL if one cannot be legally mapped. */
const NestLayers *nests_at(Nests *nests, int64_t nest);

/* Whether its dataflows and constants are without mistakes, on whatever machine. */
bool nests_lowers(Nests *nests, int64_t nest);

#endif
