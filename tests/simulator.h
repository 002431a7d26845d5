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

/* Everything of the result is set but delays of steps, the choice of depths and what follows from
 * it; L1 accesses and capacities of a classic case only. */
typedef struct {
    Result result;
    OffchipTable rows;
    MacCounts mac[TENSORS_MAX];
    int64_t root_in[TENSORS_MAX], root_out; /* elements over the root's link, of the whole layer */
} Simulation;

/* Walks a legal case. */
void simulator_run(const Case *c, Simulation *simulation);

/* The same with a root that takes all outputs in the width that they have when they are done. */
void simulator_run_done(const Case *c, Simulation *simulation);

#endif
