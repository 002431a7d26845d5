/* What units that divide a coordinate of two dims ask for together, over the steps of a run inside
 * them: the hard case of flows.h.
 *
 * The units below one step of a link, down to those that hold the tensor, step together.  One loop
 * advances at a time; those outside it stand, anywhere, those inside go from their last step back
 * to the first.  With now(u) and before(u) the tiles of unit u, what the link carries at a step is
 * the union over the units of now(u) less before(u).  Tiles are products over groups of dims (the
 * two of a coordinate, or one), and a union over all (p, q) of products less products is again a
 * product less a product, so that
 *
 *     flow = sum over the loop that advances of ( prod over groups of A - prod over groups of B )
 *
 *     A  sum over the positions of the group's loops of |union of now|
 *     B  the same of |union of now| - |union of (now less before)|
 *
 * For a dim that the tensor lacks A = B is the number of positions; units that a link merges count
 * for one, others each.  Tensors that the MACs are streamed have no `before`: A alone, with the
 * offsets within the boxes as further loops.
 *
 * Positions at which no unit's chunk is cut off differ by a shift only, and are taken together. */
#ifndef DCC_ENGINE_JOINT_H
#define DCC_ENGINE_JOINT_H

#include "engine/spots.h"

void joint_free(JointSpace *space);

/* What crosses the link of a step of `level` of tensor t, which its children do not hold, and of
 * which they divide a dim of a coordinate of two; the link multicasts. */
JointStatus joint_flow(const Cases *cases, const Machine *machine, int level, const Step *step,
                       int t, JointSpace *space, int64_t *flow);

#endif
