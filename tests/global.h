/* The global buffer: traffic with off-chip memory, and the time of the layer with it. */
#ifndef DCC_TESTS_GLOBAL_H
#define DCC_TESTS_GLOBAL_H

#include "sim.h"

/* The rows of all tensors, for each depth. */
void global_rows(Sim *s);

/* After that, and after the on-chip time: offchip_cycles, and the layer's time. */
void global_time(Sim *s);

#endif
