/* What goes up after the last step. */
#ifndef DCC_ENGINE_FLUSH_H
#define DCC_ENGINE_FLUSH_H

#include "engine/cluster.h"
#include "ir/machine.h"

/* Output elements that the children of a level then hold, the most under one parent: with and
 * without spatial reduction. */
typedef struct {
    int64_t shared[LEVELS_MAX], each[LEVELS_MAX];
} Flush;

/* Of what the children of `level` hold on its way to the home: most[l], the most that the links of
 * one parent of level l carry, from the home's level on to `level`. */
void flush_climb(const int64_t *extent, const Shape *shape, const Cluster *cluster,
                 const Machine *machine, int level, int64_t most[LEVELS_MAX]);

void flush_find(const Layer *layer, const Shape *shape, const Cluster *cluster, int n_levels,
                Flush *flush);

#endif
