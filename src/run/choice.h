/* Which of several dataflows each layer takes, so that the whole network has the least time, the
 * least energy, or the least product of the two. */
#ifndef DCC_RUN_CHOICE_H
#define DCC_RUN_CHOICE_H

#include "run/objective.h"

#include <stdbool.h>
#include <stddef.h>

/* A layer under a dataflow, all its runs together; energy and time may have any unit. */
typedef struct {
    bool known; /* false: the dataflow cannot be taken */
    double energy, time;
} ChoicePoint;

/* `point` holds the `n` dataflows of a layer one behind the other, layer by layer; chosen[layer] is
 * set to one of them, of equals the one that objective_order puts first, or to -1 where none is
 * known.  The objective is RUNTIME, ENERGY or EDP. */
void choice_make(const ChoicePoint *point, size_t layers, int n, Objective objective, int *chosen);

#endif
