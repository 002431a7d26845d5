/* Sizes of a whole layer. */
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

static int64_t gcd(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Number of different values of a*i + b*j over n values of i and m of j, a and b coprime:
 * the pairs of one value are a chain (i, j), (i + b, j - a), ..., so there are as many
 * values as pairs less links. */
static int64_t image(int64_t a, int64_t b, int64_t n, int64_t m)
{
    if (n <= b || m <= a)
        return n * m;
    return n * m - (n - b) * (m - a);
}

int64_t layer_tensor_size(const Layer *layer, int tensor)
{
    const Tensor *t = &layer->op.tensor[tensor];
    int64_t size = 1;
    for (int c = 0; c < t->n_coords; c++) {
        const Coord *coord = &t->coord[c];
        int64_t n = layer->extent[coord->dim[0]];
        if (coord->n == 2) {
            int64_t common = gcd(coord->coef[0], coord->coef[1]);
            n = image(coord->coef[0] / common, coord->coef[1] / common, n,
                      layer->extent[coord->dim[1]]);
        }
        if (__builtin_mul_overflow(size, n, &size))
            return INT64_MAX;
    }
    return size;
}
