/* The work of a whole layer. */
#include "ir/layer.h"

bool layer_macs(const Layer *layer, int64_t *macs)
{
    *macs = 1;
    for (int d = 0; d < layer->op.n_dims; d++) {
        if (__builtin_mul_overflow(*macs, layer->extent[d], macs))
            return false;
    }
    return true;
}
