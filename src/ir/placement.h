/* Where a nest is in a hierarchy, and what it holds there: the laws of that, and its lines. */
#ifndef DCC_IR_PLACEMENT_H
#define DCC_IR_PLACEMENT_H

#include "ir/nest.h"

/* All faults of the nest's memories and fan-outs on a machine with a hierarchy, in the order of the
 * levels; returns their number. */
int placement_faults(const Layer *layer, const Nest *nest, const Machine *machine,
                     NestFault fault[NEST_FAULTS_MAX]);

/* The lines that end a level. */
void placement_print(const Layer *layer, const Nest *nest, int level, const Machine *machine,
                     GString *out);

/* True if the level's lines would belong to the cut before, and it needs a map between. */
bool placement_joins(const Nest *nest, int level);

#endif
