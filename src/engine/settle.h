/* What of a unit's state its run does not depend on. */
#ifndef DCC_ENGINE_SETTLE_H
#define DCC_ENGINE_SETTLE_H

#include "engine/cluster.h"
#include "engine/unit.h"

/* Makes states equal whose runs are; all tensors are held by all units.  `divided`: dims that the
 * units inside divide among them, at any level. */
void settle_state(const Shape *shape, unsigned divided, UnitState *state);

#endif
