/* Figures that follow from what was counted on a walk. */
#ifndef DCC_TESTS_FIGURES_H
#define DCC_TESTS_FIGURES_H

#include "sim.h"

/* After all else: MACs and what they come to, bandwidths, and of a classic case the L1 accesses and
 * the capacities that are needed. */
void figures_set(Sim *s);

#endif
