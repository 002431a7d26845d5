/* Traffic between off-chip memory and the global buffer, by residency depth. */
#ifndef DCC_ENGINE_OFFCHIP_H
#define DCC_ENGINE_OFFCHIP_H

#include "engine/cluster.h"
#include "engine/result.h"

/* Fills result->offchip, offchip_depths and offchip_least: for every tensor and depth j, what the
 * buffer holds and what moves if it keeps all that the level-0 loops inside the first j touch.
 * Reads result->tensor_size. */
void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result);

#endif
