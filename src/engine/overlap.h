/* What stays of a coordinate of two dims, summed over the ways in which they move. */
#ifndef DCC_ENGINE_OVERLAP_H
#define DCC_ENGINE_OVERLAP_H

#include "engine/ways.h"

typedef struct {
    int64_t each; /* elements that a unit has and had before */
    int64_t once; /* elements that units with one parent have, and none of them lacked before */
    bool ragged;  /* `once` could not be counted */
} Kept;

/* Whether images can meet, of any of the ways.  Where both dims go back: further out, where more of
 * their loops go back, they meet only if they do here. */
static inline bool ways_meet(const Axis *axis, const Ways *x, const Ways *y)
{
    return axis->coef[0] * x->ahead + axis->coef[1] * y->ahead >= 0 &&
           axis->coef[0] * x->back + axis->coef[1] * y->back >= 0;
}

/* Every value is an index of one dim plus one of the other.  Then, where one dim advances by what
 * its chunks were long and the other stands, all but one of the other's indices stay. */
static inline bool axis_is_plain(const Axis *axis)
{
    return axis->coef[0] == 1 && axis->coef[1] == 1;
}

/* What is kept where x and y are of the axis's two dims, and no two units share an element, or they
 * are not asked for together: `once` is `each`. */
int64_t overlap_kept(const Axis *axis, const Ways *x, const Ways *y);

/* The same where the units of `loop`, over dim number `across` of the axis, come together. */
void overlap_together(const Axis *axis, int across, const ChainLoop *loop, const Ways *x,
                      const Ways *y, Kept *kept);

#endif
