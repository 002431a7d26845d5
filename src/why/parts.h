/* The parts of why.h, made of an entry. */
#ifndef DCC_WHY_PARTS_H
#define DCC_WHY_PARTS_H

#include "why/why.h"

void why_add_time(const ReportEntry *entry, Workspace *ws, GArray *time);
void why_add_energy(const ReportEntry *entry, const Technology *technology, Why *why);

/* Parts of a whole in proportion to the weights, not below 0, which add up to it exactly; all of it
 * to the first where all weights are 0. */
void why_share(int64_t whole, const double *weight, int n, int64_t *part);

#endif
