/* Some machines of a nest, resolved for the operators of its layers.  Those that differ only in
 * bandwidths and latencies of their links are a family: a nest has the same counts on all of them,
 * and their times are found together. */
#ifndef DCC_DSE_MACHINES_H
#define DCC_DSE_MACHINES_H

#include "dse/nests.h"

/* What members of a family differ in, for one operator: elements per cycle and cycles, by level. */
typedef struct {
    int64_t bandwidth[LEVELS_MAX], latency[LEVELS_MAX];
} MachineLinks;

typedef struct {
    int64_t rest;     /* equal for machines that are alike but for their links */
    Machine *machine; /* by operator: the first member; owned */
} Family;

typedef struct {
    const Study *study;
    int64_t from; /* number of the first machine */
    guint n;
    int n_ops;
    int *family;              /* by machine: its family; -1: it cannot be had */
    MachineLinks *links;      /* by machine and operator */
    GArray *families;         /* of Family */
    bool usable;              /* one of them can be had */
    int64_t serial, hardware; /* of the layers and by the nest's other keys: what is in here */
    int64_t stamp;            /* another once anything but the PEs is */
} Machines;

Machines *machines_new(const Study *study);
void machines_free(Machines *machines);

/* Turns to the machines from .. to - 1 of a nest; false if the nest has none. */
bool machines_turn(Machines *machines, const NestLayers *layers, int64_t nest, int64_t from,
                   int64_t to);

static inline const Family *machines_family(const Machines *machines, int family)
{
    return &g_array_index(machines->families, Family, (guint) family);
}

/* Of a machine, from 0 on, and an operator. */
static inline const MachineLinks *machines_links(const Machines *machines, guint machine, int op)
{
    return &machines->links[machine * (guint) machines->n_ops + (guint) op];
}

#endif
