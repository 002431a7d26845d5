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

/* Bytes that go off-chip and come from there for a tensor that is kept at this depth:
 *     density * bits / 8 * (reads + writes);
 * 0 of a tensor that lives on the chip.  An output element goes off-chip once when it is done, with
 * the width that it has then; all else are partial sums:
 *     density * (bits * (reads + writes - size) + done_bits * size) / 8. */
double offchip_bytes(const Shape *shape, const Machine *machine, const Result *result, int tensor,
                     int depth);

/* The same in elements, however wide. */
double offchip_crossings(const Shape *shape, const Machine *machine, const Result *result,
                         int tensor, int depth);

/* Bytes of all tensors, at the depths chosen. */
double offchip_traffic(const Layer *layer, const Machine *machine, const Result *result);

#endif
