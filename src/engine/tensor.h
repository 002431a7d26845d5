/* Sizes of tensor tiles, coordinate by coordinate.
 *
 * A tile is the product of its coordinates' images.  The image of a coordinate
 * a*i + b*j over a box of n values of i and m of j is a set that need not be
 * contiguous (stride 4 with one filter row: every fourth input row), so sizes,
 * overlaps and unions over children are counted exactly, in closed form:
 * the value x = a*i + b*j, with a and b coprime, can be written in several ways,
 * (i + b*t, j - a*t); fixing the residue of i modulo b leaves sets that are
 * intervals in every residue column modulo a. */
#ifndef DCC_ENGINE_TENSOR_H
#define DCC_ENGINE_TENSOR_H

#include <stdbool.h>

#include "ir/integer.h"
#include "ir/operator.h"

/* One dim of a box and of the box before it. */
typedef struct {
    int64_t now, before; /* lengths; 0: the chunk is missing */
    int64_t shift;       /* how far the start has moved */
} Move;

/* A coordinate with its coefficients divided by their common factor. */
typedef struct {
    int n;
    int dim[2];
    int64_t coef[2];
    unsigned dims; /* the dims as a set: a bit for each */
} Axis;

Axis tensor_axis(const Coord *coord);

/* Number of values of a*i + b*j over n values of i and m of j; 0 if n or m is 0. */
static inline int64_t tensor_image(const Axis *axis, int64_t n, int64_t m)
{
    /* (i, j) and (i + b, j - a) are the same value, so the pairs that count are those
     * whose i is below b or whose j is among the last a. */
    if (axis->n == 1)
        return n;
    return n * m - max64(n - axis->coef[1], 0) * max64(m - axis->coef[0], 0);
}

/* Number of values that the box and the box before it have in common; the axis has two dims. */
int64_t tensor_overlap(const Axis *axis, const Move *i, const Move *j);

/* The same; the images of i + j are intervals. */
static inline int64_t tensor_common(const Axis *axis, const Move *i, const Move *j)
{
    if (axis->coef[0] != 1 || axis->coef[1] != 1)
        return tensor_overlap(axis, i, j);
    if (!i->now || !i->before || !j->now || !j->before)
        return 0;
    int64_t start = i->shift + j->shift;
    int64_t end = min64(start + i->now + j->now, i->before + j->before) - 1;
    return max64(0, end - max64(0, start));
}

/* Children first .. end - 1, whose chunks move alike. */
typedef struct {
    int64_t first, end;
    Move move; /* of the mapped dim; its shift is 0 where a chunk is missing */
} Run;

/* Number of values that are new to at least one child: the union, over the
 * children of `runs`, of its image less its image before.  Child p's chunk of
 * axis->dim[which] begins at p * size; the other dim moves by `other`.
 * Returns -1 if the sets are too ragged to count in bounded memory. */
int64_t tensor_spread(const Axis *axis, int which, int64_t size, const Run *runs, int n_runs,
                      Move other);

#endif
