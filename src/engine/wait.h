/* What a step waits for, where what its children hold comes from further out than their parents.
 *
 * It waits for the slowest link on the way from the home, and for latency - 1 of every link on that
 * way:
 *
 *     wait(v) = max over links l from the homes to the level of
 *                   hidden(what crosses l) + max over the tensors in it of
 *                                                sum of (latency - 1) from its home on
 *
 * where v is what crosses the level's own link.  What passes through is not waited for. */
#ifndef DCC_ENGINE_WAIT_H
#define DCC_ENGINE_WAIT_H

#include "engine/link.h"

/* Whether everything comes from the parents, of a level; then its own link is all there is. */
static inline bool wait_is_near(const Cases *cases, int level)
{
    return !cases->cluster[level].passes && (level == 0 || !cases->cluster[level - 1].passes);
}

/* What the children of a level hold, moved at a step while it waits. */
Transfer wait_transfer(Links *links, const Cases *cases, int level, const Volumes *v);

/* What goes up from a level at the end of the layer: the slowest link on the way. */
Load wait_flush(Links *links, const Cases *cases, int level);

#endif
