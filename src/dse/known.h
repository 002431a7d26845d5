/* Whether the figures are known that the result of a sweep rests on. */
#ifndef DCC_DSE_KNOWN_H
#define DCC_DSE_KNOWN_H

#include "dse/study.h"
#include "engine/cost.h"

/* Whether the technology has all figures that the objectives of the front, the best designs (by
 * energy and EDP too) and the budgets rest on; else false with *error naming what lacks.  On a
 * hierarchy another memory may be used by each design: there it is whether the first legal one of
 * some dataflow has all that it needs. */
bool known_all(const Study *study, GError **error);

/* Area and power that a part of the chip has no figure for; those that an objective or a budget
 * rests on. */
ObjectiveSet known_partial(const ChipCost *chip);
ObjectiveSet known_wanted(const Study *study);

/* What a design of a hierarchy lacks a figure of, in a sentence, to be freed; NULL: of nothing, or
 * it cannot be evaluated. */
char *known_missing(const Study *study, int64_t point);

#endif
