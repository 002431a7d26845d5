/* What goes up after the last step. */
#ifndef DCC_ENGINE_FLUSH_H
#define DCC_ENGINE_FLUSH_H

#include "engine/cluster.h"

/* Output elements that the children of a level then hold, the most under one parent: with and
 * without spatial reduction. */
typedef struct {
    int64_t shared[LEVELS_MAX], each[LEVELS_MAX];
} Flush;

void flush_find(const Layer *layer, const Shape *shape, const Cluster *cluster, int n_levels,
                Flush *flush);

#endif
