/* The boxes of the PEs: their MACs, and what these read and write. */
#ifndef DCC_TESTS_MACS_H
#define DCC_TESTS_MACS_H

#include "sim.h"

/* All PEs that take part in this step of the innermost level compute their boxes: sets their
 * times, adds to the counts and to what passes through. */
void macs_compute(Sim *s);

#endif
