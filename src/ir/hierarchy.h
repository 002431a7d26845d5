/* A machine with a hierarchy of memories under one nest: which link is which level's, which ports
 * bound it. */
#ifndef DCC_IR_HIERARCHY_H
#define DCC_IR_HIERARCHY_H

#include "ir/machine.h"
#include "ir/nest.h"

/* The nearest depth, from `depth` outwards, whose units hold the tensor; depth 0, the root, holds
 * everything, units of depth l + 1 are the children of level l. */
int nest_home(const Nest *nest, int depth, int tensor);

/* The memory that holds the tensor in units of this depth, as a number of machine->memory; -1
 * where they do not hold it, or the machine is a classic one. */
int hierarchy_memory(const Machine *machine, const Nest *nest, int depth, int tensor);

/* The memory furthest out that holds the tensor and is no root, which is on the chip; -1 where
 * there is none, or the machine is a classic one. */
int hierarchy_outermost(const Machine *machine, int tensor);

/* Cycles that the memories of a level's parents add to its link: the most that one of those adds
 * that hold something there; 0 where none does. */
int64_t hierarchy_latency(const Machine *machine, const Nest *nest, int level, int n_tensors);

/* Makes the machine, which is placed, one whose time is that on the chip: without what the memories
 * where a layer starts make of it, their ports and latency.  Returns that latency. */
int64_t hierarchy_free_roots(Machine *machine);

/* Fills the machine's noc, ports and pe_ports for the levels of a nest of so many tensors:
 *   - a level whose children are a fan-out has its interconnect, a later part of a split one a
 *     free one that merges as it does, any other a free one with the prefetch of the memories
 *     around it (of several the least hiding);
 *   - a link's latency is the fan-out's, 1 without one, plus the largest of the memories at its
 *     parents, at least 1;
 *   - each memory that holds something in the parents has its port there. */
void hierarchy_place(const Nest *nest, int n_tensors, Machine *machine);

#endif
