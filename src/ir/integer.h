/* Division that rounds towards a side, and the checked sums of the engines. */
#ifndef DCC_IR_INTEGER_H
#define DCC_IR_INTEGER_H

#include <stdbool.h>
#include <stdint.h>

/* b > 0 in both. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q * b > a ? q - 1 : q;
}

static inline int64_t ceil_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q * b < a ? q + 1 : q;
}

static inline int64_t min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t max64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* a, b >= 0, not both 0. */
static inline int64_t gcd64(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* *sum += a * b; sets *overflow where that does not fit. */
static inline void add_product(int64_t *sum, int64_t a, int64_t b, bool *overflow)
{
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product) || __builtin_add_overflow(*sum, product, sum))
        *overflow = true;
}

#endif
