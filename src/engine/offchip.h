/* Traffic between off-chip memory and the global buffer, by residency depth. */
#ifndef DCC_ENGINE_OFFCHIP_H
#define DCC_ENGINE_OFFCHIP_H

#include "engine/cluster.h"
#include "engine/result.h"

/* Fills result->offchip, offchip_depths and offchip_least: for every tensor and depth j, what the
 * buffer holds and what moves if it keeps all that the level-0 loops inside the first j touch.
 * Reads result->tensor_size. */
void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result);

/* What moves with the depth chosen; nothing of a tensor that lives on the chip. */
static inline OffchipRow offchip_moved(const Machine *machine, const Result *result, int tensor)
{
    const OffchipRow *row = &result->offchip[tensor][result->offchip_depth[tensor]];
    return machine->stays_onchip[tensor] ? (OffchipRow){row->footprint, 0, 0} : *row;
}

/* Bytes that a row moves, density included.  Each output element goes off-chip once when it is
 * done, at its own width; before, it goes and comes back as a partial sum. */
double offchip_bytes(const Shape *shape, const Machine *machine, const Result *result, int tensor,
                     const OffchipRow *row);

#endif
