/* The work of a whole layer; which layers are alike. */
#include "ir/layer.h"

#include <string.h>

bool layer_macs(const Layer *layer, int64_t *macs)
{
    *macs = 1;
    for (int d = 0; d < layer->op.n_dims; d++) {
        if (__builtin_mul_overflow(*macs, layer->extent[d], macs))
            return false;
    }
    return true;
}

static bool same_coord(const Coord *a, const Coord *b)
{
    for (int i = 0; i < a->n && i < b->n; i++) {
        if (a->dim[i] != b->dim[i] || a->coef[i] != b->coef[i])
            return false;
    }
    return a->n == b->n;
}

static bool same_tensor(const Tensor *a, const Tensor *b)
{
    if (strcmp(a->name, b->name) != 0 || a->role != b->role || a->n_coords != b->n_coords)
        return false;
    for (int c = 0; c < a->n_coords; c++) {
        if (!same_coord(&a->coord[c], &b->coord[c]))
            return false;
    }
    return true;
}

static bool same_operator(const Operator *a, const Operator *b)
{
    if (strcmp(a->type, b->type) != 0 || a->n_dims != b->n_dims || a->n_tensors != b->n_tensors ||
        a->output != b->output)
        return false;
    for (int d = 0; d < a->n_dims; d++) {
        if (strcmp(a->dim[d], b->dim[d]) != 0)
            return false;
    }
    for (int t = 0; t < a->n_tensors; t++) {
        if (!same_tensor(&a->tensor[t], &b->tensor[t]))
            return false;
    }
    return true;
}

bool layer_alike(const Layer *a, const Layer *b)
{
    if (!same_operator(&a->op, &b->op))
        return false;
    for (int d = 0; d < a->op.n_dims; d++) {
        if (a->extent[d] != b->extent[d])
            return false;
    }
    for (int t = 0; t < a->op.n_tensors; t++) {
        if (a->density[t] != b->density[t])
            return false;
    }
    return true;
}
