/* The sizes of a dim that are tried in a level. */
#ifndef DCC_MAP_SIZES_H
#define DCC_MAP_SIZES_H

#include "map/partial.h"

/* `units` take the dim's chunks one each; 1 where the level does not divide it. */
typedef struct {
    int64_t size, units;
} SizeChoice;

/* Of a longer dim not all sizes are tried: lists of them would be too long. */
enum { SIZES_ALL_MOST = 1 << 16 };

/* The first dim of the layer that is too long for the sizes; -1: none. */
int sizes_too_long(const Layer *layer, Sizes sizes);

/* Those of the dim's next level, in a fixed order, as an array of SizeChoice: all whose loop takes
 * the steps that are decided.  Units of clusters are decided before. */
void sizes_list(const Partial *partial, int dim, Sizes sizes, int64_t lanes, GArray *choices);

/* Numbers of children that a cluster of the classic form is tried with, ascending, as int64_t. */
void sizes_clusters(const Layer *layer, const SkeletonLevel *level, Sizes sizes, int64_t pes,
                    GArray *units);

#endif
