/* What crosses the border of a classic chip at least, in any order of the level-0 loops: L2 keeps
 * of each tensor what the loops inside some depth touch, all tensors together within its capacity.
 *
 * With loops outermost first, a tensor crosses as often as the loops over dims that it lacks turn
 * which are outside the depth and outside its innermost loop there. */
#ifndef DCC_MAP_BORDER_H
#define DCC_MAP_BORDER_H

#include "map/bound.h"

/* Whether what crosses so much more than once each tensor makes the mapping worth no further look.
 */
typedef bool BorderClosed(const MapBound *more, void *data);

/* Energy and time of all that crosses more than once each tensor, both at most those of the best
 * way.  It is as close as it need be to tell whether it
 * is closed; closed NULL: as close as it can be. */
MapBound border_least(const BoundModel *model, const Partial *partial, BorderClosed *closed,
                      void *data);

#endif
