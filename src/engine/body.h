/* All steps of a body, as windows in one another. */
#ifndef DCC_ENGINE_BODY_H
#define DCC_ENGINE_BODY_H

#include "engine/cases.h"

/* The window of the run of a unit of the level, less its first step; the state is a body's. */
int walk_body(Cases *cases, int level, const UnitState *body);

#endif
