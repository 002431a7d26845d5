/* An operator: a box of iteration dims, each point one MAC, and the tensors that
 * the points touch.  Every tensor coordinate is an affine form of one or two
 * iteration dims, e.g. the input row of a convolution is stride * Y' + dilation * R.
 *
 * Names are borrowed from the caller (static text or the run's arena). */
#ifndef DCC_IR_OPERATOR_H
#define DCC_IR_OPERATOR_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DIMS_MAX = 10,   /* iteration dims of an operator */
    TENSORS_MAX = 6, /* tensors of an operator, the output included */
    COORDS_MAX = 8,  /* coordinates of a tensor */
    LEVELS_MAX = 9   /* levels of a dataflow (lines that cut it + 1) */
};

typedef enum {
    ROLE_INPUT,
    ROLE_WEIGHT,
    ROLE_OUTPUT
} TensorRole; /* a weight is an input that layers share */

/* coef[0] * dim[0] (+ coef[1] * dim[1]); coefficients are >= 1. */
typedef struct {
    int n; /* 1 or 2 */
    int dim[2];
    int64_t coef[2];
} Coord;

typedef struct {
    const char *name; /* W, I, O; A, B, C; or the user's */
    TensorRole role;
    int n_coords;
    Coord coord[COORDS_MAX];
} Tensor;

/* No dim stands in two coordinates of one tensor, and the output's coordinates
 * are single dims of coefficient 1 (the front end checks both). */
typedef struct {
    const char *type; /* CONV, GEMM, ... */
    int n_dims;
    const char *dim[DIMS_MAX];
    int n_tensors;
    Tensor tensor[TENSORS_MAX]; /* in the order they are printed */
    int output;                 /* index of the one output tensor */
} Operator;

#endif
