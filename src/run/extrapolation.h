/* Figures that a run took from beyond twice the range of their tables, each once: where it went
 * farthest. */
#ifndef DCC_RUN_EXTRAPOLATION_H
#define DCC_RUN_EXTRAPOLATION_H

#include "engine/cost.h"
#include "run/program.h"

enum { FARTHEST_MAX = 32 /* figures of a technology */ };

typedef struct {
    int n;
    Extrapolation figure[FARTHEST_MAX];
} Farthest;

/* Adds what a layer's cost, a chip's, or other layers went to. */
void farthest_add(Farthest *farthest, const Extrapolations *beyond);
void farthest_join(Farthest *farthest, const Farthest *other);

/* Warns of each, at the machine. */
void farthest_report(const Farthest *farthest, const Program *program);

#endif
