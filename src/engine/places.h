/* The memories of a hierarchy where a nest places them: what they hold, need, give and take. */
#ifndef DCC_ENGINE_PLACES_H
#define DCC_ENGINE_PLACES_H

#include "engine/cluster.h"
#include "engine/result.h"

/* Fills result's places from its counts.  turns: as in Counts.  False if a need does not fit. */
bool places_fill(const Shape *shape, const Nest *nest, const Machine *machine,
                 const unsigned turns[LEVELS_MAX], Result *result);

#endif
