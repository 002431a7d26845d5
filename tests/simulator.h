/* What a dataflow does, found by doing it: every step of every unit is walked with
 * explicit sets of coordinates, and what moves is counted.  Slow, literal, and
 * without a line of the engines, so that the engines can be held against it. */
#ifndef DCC_TESTS_SIMULATOR_H
#define DCC_TESTS_SIMULATOR_H

#include "case.h"
#include "engine/result.h"

/* What the MACs read and write of a tensor, wherever it is held. */
typedef struct {
    int64_t reads, writes, psum_reads;
} MacCounts;

/* Set of *result: status, macs (of all copies of the work), tensor_size, onchip_cycles (the last
 * flush and the setup included), offchip_cycles, cycles, ideal_cycles and utilization (of one
 * copy), active_pes, cycles_by_cause, n_levels, all of each level, offchip_depths and the rows of
 * offchip, l1_reads and l1_writes (of a classic case); the rest is zero. */
typedef struct {
    Result result;
    MacCounts mac[TENSORS_MAX];
} Simulation;

/* Walks a legal case. */
void simulator_run(const Case *c, Simulation *simulation);

#endif
