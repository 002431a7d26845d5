/* How often memories and MACs are read and written over the layer: sums over the table of cases.
 *
 * Every output tile that comes in goes up once.  What comes in finds a partial sum at its home
 * unless it is the first to come in during the home's stay and the home itself came without one,
 *     partial sums in(b) = stays(b) - (drains(a) - partial sums in(a)),
 * for units of depth b with their home at depth a; at the root the output's size takes the place of
 * the bracket. */
#ifndef DCC_ENGINE_ACCESSES_H
#define DCC_ENGINE_ACCESSES_H

#include "engine/flows.h"
#include "engine/result.h"

/* Of each level: tiles that come in, once for the children that share them; the output's: those
 * that will go up again.  Machines differ in how they count them. */
typedef struct {
    int64_t once[LEVELS_MAX][TENSORS_MAX];
} Accesses;

/* What does not depend on the machine: steps, fills, drains, largest tiles, MACs. */
void accesses_nest(const Cases *cases, Accesses *accesses, Result *result);

/* The rest, for the links of the machine, once flows_fill has been called: reads, writes, partial
 * sums, what crosses the links, the MACs' accesses. */
void accesses_machine(const Cases *cases, const Machine *machine, const Accesses *accesses,
                      Result *result);

#endif
