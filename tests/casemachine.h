/* Random machines of the case generator, and what memories they have. */
#ifndef DCC_TESTS_CASEMACHINE_H
#define DCC_TESTS_CASEMACHINE_H

#include "case.h"

/* Draws the machine of a case that has a nest; units hold everything. */
void casemachine_make(uint64_t *state, Case *c);

/* Then its off-chip memory. */
void casemachine_offchip(uint64_t *state, Case *c);

/* Or what units hold, and the ports of their memories. */
void casemachine_memories(uint64_t *state, Case *c);

#endif
