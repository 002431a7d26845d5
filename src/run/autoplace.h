/* Buffer(M) auto: where a memory holds which tensor.
 *
 * Each tensor that M can hold is placed between two of the maps from the cut before the line to the
 * cut after it, or not at all; all such lines of a dataflow together, so that the homes of what
 * they hold give and take the fewest bytes, within the capacities.  Of several lines the home of
 * the outermost decides first; of equals the smaller footprint, then fewer maps inside.
 *
 * A tensor's traffic depends on its own places alone, and only the capacities couple tensors: so
 * each tensor's ways are counted one by one, those that are nowhere better than another are
 * dropped, and the rest is combined. */
#ifndef DCC_RUN_AUTOPLACE_H
#define DCC_RUN_AUTOPLACE_H

#include "engine/analysis.h"

/* Places all of nest's autos, and the machine's links and ports with it; false if the nest with
 * nothing placed cannot be counted.  A nest without autos only has its machine placed. */
bool autoplace(const Layer *layer, Nest *nest, Machine *machine, Workspace *ws);

#endif
