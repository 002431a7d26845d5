/* A case as a hierarchy of memories, and what that comes to by the simulator's counts.
 *
 * The root has the ports of level 0.  Two memories hold by turns what the units of one depth after
 * the other hold, so that each is placed at several cuts. */
#ifndef DCC_TESTS_ROOTED_H
#define DCC_TESTS_ROOTED_H

#include "simulator.h"

typedef struct {
    Nest nest;
    Machine machine;
} Rooted;

enum { ROOTED_MEMORIES = 3 }; /* the root first */

void rooted_make(const Case *c, Rooted *rooted);

/* Whether each output comes to the root once, when it is done. */
bool rooted_comes_once(const Case *c, const Simulation *s);

/* Cycles of the root's ports for all that it gives and takes. */
int64_t rooted_offchip(const Case *c, const Simulation *s);

/* Bytes that one instance of a memory needs. */
int64_t rooted_bytes(const Case *c, const Simulation *s, int memory);

/* Energy of a memory, with these densities. */
double rooted_pj(const Case *c, const Simulation *s, const Rooted *rooted, int memory,
                 const double density[TENSORS_MAX]);

#endif
