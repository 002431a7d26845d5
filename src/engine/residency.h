/* The choice of a residency depth for every tensor, and what a larger buffer would buy. */
#ifndef DCC_ENGINE_RESIDENCY_H
#define DCC_ENGINE_RESIDENCY_H

#include "engine/cluster.h"
#include "engine/cost.h"

/* Picks a depth for every tensor, all together within the machine's L2 (twice the footprint, once
 * for depth 0), for the least traffic in bytes, then for the smaller footprint: the minimum over
 * all combinations; of those alike the one that reserves less.  If none fits, every tensor takes
 * the last depth.  Reads result->offchip, offchip_depths and offchip_least. */
void residency_choose(const Shape *shape, const Machine *machine, Result *result);

/* What a larger L2 would buy; see ResidencyGain. */
void residency_gain(const Layer *layer, const Machine *machine, const Result *result,
                    ResidencyGain *gain);

#endif
