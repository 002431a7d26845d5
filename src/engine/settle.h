/* What of a unit's state its run does not depend on, if every tensor is held by all units. */
#ifndef DCC_ENGINE_SETTLE_H
#define DCC_ENGINE_SETTLE_H

#include "engine/cluster.h"
#include "engine/unit.h"

/* Dims that may as well have moved far away. */
unsigned settle_far(const Shape *shape, const UnitState *state);

/* Says that they have.  `inside`: dims of which it matters how much of them was held. */
void settle_state(const Shape *shape, unsigned inside, unsigned far, UnitState *state);

#endif
