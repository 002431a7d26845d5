/* The bandwidth that no window of a level's steps would wait for.
 *
 *     bandwidth(window) = max(elements in, elements out) / cycles that its steps compute
 *
 * The peak is the largest over all windows (over steps, in the modes without windows; over the
 * windows of the level above, for a level that hands its loads up), the average the ratio of the
 * sums over all runs.  Steps that wait count in neither; where nothing is hidden, only the first.
 */
#ifndef DCC_ENGINE_DEMAND_H
#define DCC_ENGINE_DEMAND_H

#include "engine/time.h"

/* Fills the bandwidths of result's levels, once the runs are timed. */
void demand_levels(const Cases *cases, const Machine *machine, Times *times, Result *result);

#endif
