/* What a dataflow does, found by doing it: every step of every unit is walked with
 * explicit sets of coordinates, and what moves is counted.  Slow, literal, and
 * without a line of the engines, so that the engines can be held against it. */
#ifndef DCC_TESTS_SIMULATOR_H
#define DCC_TESTS_SIMULATOR_H

#include "engine/result.h"

/* Walks a legal nest of the layer on the machine.  Fills of *result: status, macs,
 * tensor_size, onchip_cycles (the last flush included), cycles (the same: no limit of
 * off-chip memory), active_pes, cycles_by_cause, n_levels, children, steps and counts of
 * each level, offchip_depths and the rows of offchip; the rest is zero. */
void simulator_run(const Layer *layer, const Nest *nest, const Machine *machine, Result *result);

#endif
