/* How much of a tensor moves over the way from a home to a holder, or to the MACs, at least. */
#ifndef DCC_MAP_CARRIED_H
#define DCC_MAP_CARRIED_H

#include "map/view.h"

TrafficVolumes carried(const View *view, const Traffic *traffic);

#endif
