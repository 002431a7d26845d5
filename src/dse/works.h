/* What the layers of a nest come to on the machines of a family: counts, energy and time. */
#ifndef DCC_DSE_WORKS_H
#define DCC_DSE_WORKS_H

#include "dse/machines.h"
#include "engine/cost.h"

/* A layer under one choice of what stays in L2; pJ of one run. */
typedef struct {
    int64_t macs;
    int64_t l1_required, l2_required;
    double pj;                  /* but for idle cycles, L1, and L2 where their capacity is swept */
    double idle_pj;             /* of a cycle */
    double l1_reads, l1_writes; /* words, where it is swept */
    double l2_reads, l2_writes;
} Outcome;

/* What the layers need together on a family, and what it has; bytes. */
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
bool works_turn(Works *works, const NestLayers *layers);

/* So many machines, at most, are worked on together. */
guint works_window(const Works *works);

/* Works out the layers on n machines of a family, numbered as in `machines`, each in a place of its
 * own below works_window.  failed[i]: a count does not fit there; false: it fits on none. */
bool works_run(Works *works, const Machines *machines, int family, const guint *number,
               const guint *place, guint n, bool *failed);

/* What that gave. */
const Need *works_need(const Works *works, int family);

/* Of a kind of layers at a column of L2: the outcome, and the cycles at a place. */
const Outcome *works_outcome(const Works *works, int family, guint kind, int64_t column);
int64_t works_cycles(const Works *works, guint kind, int64_t column, guint place);

#endif
