/* What the layers of a nest come to on its machines: counts, energy and time.  It depends on the
 * text that they are lowered from, on how many children of level 0 have work, and on the machine;
 * what was found last of a text is kept, for nests that differ in idle PEs alone. */
#ifndef DCC_DSE_WORKS_H
#define DCC_DSE_WORKS_H

#include "dse/machines.h"
#include "engine/cost.h"

/* A layer on a family, under one choice of what stays in L2; pJ of one run. */
typedef struct {
    int64_t macs;
    double pj;                  /* but for idle cycles, L1, and L2 where their capacity is swept */
    double idle_pj;             /* of a cycle */
    double l1_reads, l1_writes; /* words, where it is swept */
    double l2_reads, l2_writes;
} Outcome;

/* What layers need on a family, in bytes, and what it has. */
typedef struct {
    int64_t l1, l2;
    bool buffers; /* those between suffice */
    int64_t l1_given, l2_given;
} Need;

/* One per thread. */
typedef struct Works Works;

Works *works_new(const Study *study);
void works_free(Works *works);

/* Turns to the layers of a nest; false if one cannot be evaluated on any machine. */
bool works_turn(Works *works, const NestLayers *layers, const Machines *machines);

/* Turns to as many machines as are worked on together, from that one of the turn on; returns their
 * number.  Their places count from it. */
guint works_window(Works *works, guint first);

/* Works out the layers on those of a family; false if counts fit on none. */
bool works_run(Works *works, int family);

/* What that gave. */
const Need *works_need(const Works *works, int family);

/* Of a kind of layers at a column of L2: the outcome, and the cycles at a place; -1: a count does
 * not fit. */
const Outcome *works_outcome(const Works *works, int family, guint kind, int64_t column);
int64_t works_cycles(const Works *works, guint kind, int64_t column, guint place);

#endif
