/* The choice of a residency depth for every tensor, and what a larger buffer would buy. */
#ifndef DCC_ENGINE_RESIDENCY_H
#define DCC_ENGINE_RESIDENCY_H

#include "engine/cluster.h"
#include "engine/cost.h"
#include "engine/offchip.h"

/* Whether the machine's L2 has room for every tensor at these depths: twice the footprint, once for
 * depth 0, which a tensor that lives on the chip has. */
bool residency_fits(const Shape *shape, const Machine *machine, const OffchipKept *kept);

/* Picks a depth for every tensor, all together within the machine's L2, for the least traffic in
 * bytes, then for the smaller footprint: the minimum over all combinations; of those alike the one
 * that reserves less.  If none fits, every tensor takes the last depth. */
void residency_choose(const Shape *shape, const Machine *machine, const OffchipTable *table,
                      OffchipKept *kept);

/* What a larger L2 would buy; see ResidencyGain. */
void residency_gain(const Shape *shape, const Machine *machine, const OffchipTable *table,
                    ResidencyGain *gain);

#endif
