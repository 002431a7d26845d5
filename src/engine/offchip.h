/* Traffic between off-chip memory and the global buffer, by residency depth. */
#ifndef DCC_ENGINE_OFFCHIP_H
#define DCC_ENGINE_OFFCHIP_H

#include "engine/cluster.h"
#include "engine/result.h"

/* Fills result->offchip and offchip_depths: for every tensor and depth j, what the buffer holds and
 * what moves if it keeps all that the level-0 loops inside the first j touch. */
void offchip_depths(const Layer *layer, const Shape *shape, const Nest *nest, Result *result);

/* Picks a depth for every tensor, all together within the machine's L2 (twice the footprint, once
 * for depth 0), for the least traffic in bytes, then for the smaller footprint: the minimum over
 * all combinations.  If none fits, every tensor takes the last depth. */
void offchip_choose(const Shape *shape, const Machine *machine, Result *result);

/* What a larger L2 would buy: bytes less of off-chip traffic with 1 KiB more, and the smallest
 * capacity above the machine's that saves anything, with what it saves.  All 0 where the machine
 * gives no capacity or nothing can be saved. */
typedef struct {
    double saved_by_kib;
    int64_t next_bytes;
    double saved_by_next;
} OffchipGain;

void offchip_gain(const Layer *layer, const Machine *machine, const Result *result,
                  OffchipGain *gain);

#endif
