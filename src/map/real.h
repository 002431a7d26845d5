/* The lesser and the greater of two numbers, and the next whole one; fmin, fmax and ceil are calls.
 */
#ifndef DCC_MAP_REAL_H
#define DCC_MAP_REAL_H

#include <stdint.h>

static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double greater(double a, double b)
{
    return a > b ? a : b;
}

/* Of 0 to 2^62. */
static inline double rounded_up(double a)
{
    double whole = (double) (int64_t) a;
    return whole < a ? whole + 1 : whole;
}

#endif
