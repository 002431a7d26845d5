/* One nest on many machines that differ only in the bandwidth and latency of their
 * interconnects: the table of cases is walked once for a block of machines.
 *
 * The lanes are doubles, which are exact up to 2^53: a sum of non-negative terms that
 * stays below has no rounded term, and a quotient of two such integers is never
 * rounded across an integer.  What does not stay below is computed again in integers. */
#ifndef DCC_ENGINE_VARIANTS_H
#define DCC_ENGINE_VARIANTS_H

#include "engine/time.h"

/* Of level l, for each machine: elements per cycle (0: unlimited) of one channel for all tensors,
 * and cycles; NULL: as the machine has it.  Borrowed. */
typedef struct {
    const int64_t *bandwidth[LEVELS_MAX], *latency[LEVELS_MAX];
} Variants;

enum { LANES = 16 };

typedef struct {
    double lane[LANES];
} Lanes;

/* Working memory: what recurrence.h asks for. */
typedef struct {
    LIST(Lanes) entries, windows;
} VariantLanes;

/* Gives the machine the figures of number `at`. */
void variants_set(const Variants *variants, int n_levels, int at, Machine *machine);

void variants_free(VariantLanes *lanes);

/* The on-chip cycles of n machines with what comes before, as time_run counts them; -1 where they
 * do not fit. */
void variants_cycles(VariantLanes *lanes, Cases *cases, const Machine *machine, Times *times,
                     const Variants *variants, int n, const Lead *lead, int64_t *cycles);

#endif
