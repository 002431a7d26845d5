/* One step of a unit, added to the table of cases. */
#ifndef DCC_ENGINE_STEPS_H
#define DCC_ENGINE_STEPS_H

#include "engine/cases.h"

/* What the parent's loops are at: its volumes, and its kids, which the table gets if they are new.
 * `in_window` is the step's own; its total is left to the caller. */
Step *steps_add(Cases *cases, int level, Parent *parent, int64_t in_window);

#endif
