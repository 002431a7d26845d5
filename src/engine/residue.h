/* Intervals in residue classes: for the two files that count images of a*i + b*j. */
#ifndef DCC_ENGINE_RESIDUE_H
#define DCC_ENGINE_RESIDUE_H

#include "ir/integer.h"

/* An interval [start, end). */
typedef struct {
    int64_t start, end;
} Interval;

/* The quotients q for which column r holds a*q + r, where u is in U and a*u + j, j in J, is the
 * value: an interval, since the sum of two intervals is one. */
static inline Interval column(Interval u, Interval j, int64_t a, int64_t r)
{
    int64_t low = ceil_div(j.start - r, a), high = ceil_div(j.end - r, a);
    if (u.start >= u.end || low >= high)
        return (Interval){0, 0};
    return (Interval){u.start + low, u.end + high - 1};
}

/* The u for which b*u + rest lies in i. */
static inline Interval residue(Interval i, int64_t b, int64_t rest)
{
    return (Interval){ceil_div(i.start - rest, b), ceil_div(i.end - rest, b)};
}

/* Where columns begin to differ: the residues modulo a of both ends of j and k, sorted, between 0
 * and a. */
static inline void column_cuts(int64_t a, Interval j, Interval k, int64_t cut[6])
{
    cut[0] = 0;
    cut[1] = j.start - floor_div(j.start, a) * a;
    cut[2] = j.end - floor_div(j.end, a) * a;
    cut[3] = k.start - floor_div(k.start, a) * a;
    cut[4] = k.end - floor_div(k.end, a) * a;
    cut[5] = a;
    for (int x = 2; x < 5; x++)
        for (int y = x; y > 1 && cut[y] < cut[y - 1]; y--) {
            int64_t swap = cut[y];
            cut[y] = cut[y - 1];
            cut[y - 1] = swap;
        }
}

#endif
