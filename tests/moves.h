/* What moves at a step, and its counts. */
#ifndef DCC_TESTS_MOVES_H
#define DCC_TESTS_MOVES_H

#include "sim.h"

/* The children of the units of s->now[level] change their tiles to those of their boxes. */
void moves_step(Sim *s, int level);

/* Output elements of the children go up to the homes: those that the step does not need, or all
 * that is held. */
void moves_leave(Sim *s, int level, bool all);

/* The unit at the depth of the output's home, from this parent of the level upwards. */
Unit *moves_home(const Sim *s, int level, int64_t unit);

#endif
