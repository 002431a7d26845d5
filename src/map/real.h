/* The lesser and the greater of two numbers; fmin and fmax are calls. */
#ifndef DCC_MAP_REAL_H
#define DCC_MAP_REAL_H

static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double greater(double a, double b)
{
    return a > b ? a : b;
}

#endif
