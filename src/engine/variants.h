/* One nest on many machines that differ only in the bandwidth and latency of their
 * interconnects: the table of cases is walked once for a block of machines.
 *
 * The lanes are doubles, which are exact up to 2^53: a sum of non-negative terms that
 * stays below has no rounded term, and a quotient of two such integers is never
 * rounded across an integer.  What does not stay below is computed again in integers. */
#ifndef DCC_ENGINE_VARIANTS_H
#define DCC_ENGINE_VARIANTS_H

#include "engine/performance.h"

/* Of level l, for each machine: elements per cycle (0: unlimited) of one channel for all tensors,
 * and cycles; NULL: as the machine has it.  Borrowed. */
typedef struct {
    const int64_t *bandwidth[LEVELS_MAX], *latency[LEVELS_MAX];
} Variants;

enum { LANES = 16 };

typedef struct {
    double lane[LANES];
} Lanes;

/* A step: volumes to move, or cycles where the level is the same on all machines. */
typedef struct {
    double in, out, compute, times;
    int kid, n_kids; /* whose time the step waits for; none if `compute` is known */
} TableStep;

/* Working memory, one item per step, entry and body. */
typedef struct {
    LIST(TableStep) steps;
    LIST(Lanes) entries, bodies;
} VariantTable;

void variants_free(VariantTable *table);

/* The on-chip cycles of n machines, as performance_time counts them; -1 where they do not fit. */
void variants_cycles(VariantTable *table, const Cases *cases, const Machine *machine, Times *times,
                     const Variants *variants, int n, int64_t *cycles);

#endif
