/* Traffic between off-chip memory and the global buffer, by residency depth. */
#ifndef DCC_ENGINE_OFFCHIP_H
#define DCC_ENGINE_OFFCHIP_H

#include "engine/cluster.h"
#include "engine/result.h"

/* Residency depths there are: so many of the first level's maps, or none, are outside of what is
 * kept. */
static inline int offchip_depths(const Result *result)
{
    return result->outer.n_maps + 1;
}

/* Fills result->outer. */
void offchip_loops(const Layer *layer, const Shape *shape, const Nest *nest, Result *result);

/* What moves of a tensor that is kept whole. */
OffchipRow offchip_whole(const Shape *shape, int tensor, int64_t size);

/* Of every tensor the depth of least traffic and then of the smallest footprint: with
 * all that its first loops touch in the buffer each element moves once. */
void offchip_least(const Shape *shape, const Result *result, OffchipKept *kept);

/* Both read result->outer and tensor_size.  For every tensor and depth j, what the buffer holds and
 * what moves if it keeps all that the level-0 loops inside the first j touch.  Deeper, less is
 * held, and no less moves. */
void offchip_table(const Shape *shape, const Result *result, OffchipTable *table);

/* The same of a layer as it was when it was evaluated: extents and windows may be others since. */
void offchip_of(const Layer *layer, const Result *result, OffchipTable *table);

/* What moves with the depth chosen; nothing of a tensor that lives on the chip. */
static inline OffchipRow offchip_moved(const Machine *machine, const Result *result, int tensor)
{
    const OffchipRow *row = &result->offchip.row[tensor];
    return machine->stays_onchip[tensor] ? (OffchipRow){row->footprint, 0, 0} : *row;
}

/* Bytes that go off-chip and come from there for a tensor of which so much moves:
 *     density * bits / 8 * (reads + writes);
 * 0 of a tensor that lives on the chip.  An output element goes off-chip once when it is done, with
 * the width that it has then; all else are partial sums:
 *     density * (bits * (reads + writes - size) + done_bits * size) / 8. */
double offchip_bytes(const Shape *shape, const Machine *machine, int tensor, int64_t size,
                     const OffchipRow *row);

/* The same in elements, however wide. */
double offchip_crossings(const Shape *shape, const Machine *machine, int tensor,
                         const OffchipRow *row);

/* Bytes of all tensors, at the depths chosen. */
double offchip_traffic(const Layer *layer, const Machine *machine, const Result *result);

#endif
