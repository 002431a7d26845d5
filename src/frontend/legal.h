/* Legality of a dataflow for a layer, in the user's words: nest_faults says which law is broken
 * where, and here that becomes a message at the directive, with the mend. */
#ifndef DCC_FRONTEND_LEGAL_H
#define DCC_FRONTEND_LEGAL_H

#include "frontend/lower.h"

/* A directive, lowered to an iteration dim. */
typedef struct {
    const Item *item;
    Map map;
    int derived; /* derived dim it was written on, or -1 */
    int64_t written_size;
    bool doubtful; /* it, or what it cuts, rests on a mistake that has been reported */
} LoweredMap;

typedef struct {
    Span span; /* the directive that ends it, or the dataflow's head */
    int n_maps;
    LoweredMap map[DIMS_MAX];
    bool doubtful; /* a map of it could not be read, or how many its children are is not known */
} LoweredLevel;

/* The levels of a nest as they were written; maps are numbered as the nest's are. */
typedef struct {
    const LayerInfo *info;
    const Item *dataflow;
    Diag *diag;
    int n_levels;
    LoweredLevel level[LEVELS_MAX];
} Lowered;

/* Reports every fault of the nest that the levels come to, its offsets as written, but not those
 * that may follow from a mistake before, and those of its memories and fan-outs that the lines
 * themselves are told of; false if one makes it illegal.  `hierarchy`: the machine if it is one. */
bool legal_check(const Lowered *lowered, const Nest *nest, int64_t pes, const Machine *hierarchy);

#endif
