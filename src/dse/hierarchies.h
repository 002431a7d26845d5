/* What the layers of a nest come to on machines with a hierarchy of memories, and the chip that
 * they need together: layer by layer what an entry of dcc says (run/entry.h).
 *
 * Energy, area and what fits are worked out for every machine.  Counts and time take longer, and do
 * not depend on capacities and energies: they are kept under the values of the other keys, for as
 * many machines as there is room for. */
#ifndef DCC_DSE_HIERARCHIES_H
#define DCC_DSE_HIERARCHIES_H

#include "dse/nests.h"
#include "dse/plane.h"

/* A design.  Sums over layers are those of dcc's totals, in its order. */
typedef struct {
    int64_t cycles, macs;
    double seconds, pj, um2, mw;
    double l1, l2;        /* bytes, where the dataflow takes the machine in the classic form */
    ObjectiveSet partial; /* known_partial */
    unsigned lacks;       /* a bit for each Lack: what is too small, or has no figure */
    double least[LACKS];  /* bytes that would do */
} HierarchyFigures;

/* One per thread. */
typedef struct Hierarchies Hierarchies;

Hierarchies *hierarchies_new(const Study *study);
void hierarchies_free(Hierarchies *hierarchies);

/* Turns to the layers of a nest. */
void hierarchies_turn(Hierarchies *hierarchies, const NestLayers *layers, int64_t nest);

/* Turns to a machine of the nest; false if it cannot be had. */
bool hierarchies_machine(Hierarchies *hierarchies, int64_t machine);

/* Area and power that the chip has at least, whatever the layers need. */
Least hierarchies_least(const Hierarchies *hierarchies);

/* The design; false if a layer cannot be evaluated. */
bool hierarchies_run(Hierarchies *hierarchies, HierarchyFigures *figures);

/* What the design that was run lacks a figure of, in a sentence: that of energy, of area if it is
 * an objective or has a budget, likewise of power; NULL: of nothing.  To be freed. */
char *hierarchies_missing(const Hierarchies *hierarchies);

#endif
