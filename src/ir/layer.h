/* A layer: an operator with extents. */
#ifndef DCC_IR_LAYER_H
#define DCC_IR_LAYER_H

#include "ir/operator.h"

typedef struct {
    const char *name;
    Operator op;                 /* with this layer's strides and dilations as coefficients */
    int64_t extent[DIMS_MAX];    /* of each iteration dim, 1 .. 2^31 */
    int64_t count;               /* how many times the network runs it */
    double density[TENSORS_MAX]; /* uniform, 0 < d <= 1 */
} Layer;

/* MACs of one run of the layer, in *macs; false if they overflow 63 bits. */
bool layer_macs(const Layer *layer, int64_t *macs);

/* Whether both are of one shape: the same operator with the same strides and dilations, extents and
 * densities, so that every nest comes to the same of either. */
bool layer_alike(const Layer *a, const Layer *b);

#endif
