/* Legality of a dataflow for a layer: every MAC exactly once.  Works on the directives
 * as lowered, before they become a Nest. */
#ifndef DCC_FRONTEND_LEGAL_H
#define DCC_FRONTEND_LEGAL_H

#include "frontend/lower.h"

/* A directive, lowered to an iteration dim. */
typedef struct {
    const Item *item;
    Map map;
    int derived; /* derived dim it was written on, or -1 */
    int64_t written_size;
    int64_t interval; /* nominal length of the parent's interval */
    int64_t chunks;
} LoweredMap;

typedef struct {
    Span span; /* the directive that ends it, or the dataflow's head */
    int64_t children;
    int n_maps;
    LoweredMap map[DIMS_MAX];
} LoweredLevel;

typedef struct {
    const LayerInfo *info;
    const Item *dataflow;
    Diag *diag;
    int n_levels;
    LoweredLevel level[LEVELS_MAX];
} Lowered;

/* Number of chunks of an interval. */
int64_t legal_chunks(int64_t interval, int64_t size, int64_t offset);

/* Runs the table of legality checks over every level; false if one has found something. */
bool legal_check(const Lowered *lowered);

#endif
