/* What no choice of cores is below. */
#ifndef DCC_SCHED_BOUNDS_H
#define DCC_SCHED_BOUNDS_H

#include "sched/choose.h"

/* Bounds over all choices in which layers with fixed[l] >= 0 take that candidate (NULL: none is
 * fixed). */
void bounds_fill(const Problem *problem, const int *fixed, ChooseBounds *bounds);

double bounds_value(ChooseObjective objective, const ChooseBounds *bounds);

#endif
