/* What a design or a dataflow is chosen for. */
#ifndef DCC_RUN_OBJECTIVE_H
#define DCC_RUN_OBJECTIVE_H

#include <glib.h>

typedef enum {
    OBJECTIVE_RUNTIME,
    OBJECTIVE_THROUGHPUT,
    OBJECTIVE_ENERGY,
    OBJECTIVE_EDP,
    OBJECTIVE_AREA,
    OBJECTIVE_POWER,
    OBJECTIVES
} Objective;

/* Objectives as a set: bit 1 << objective. */
typedef unsigned ObjectiveSet;

/* "runtime", "throughput", ... */
const char *objective_name(Objective objective);

/* The objective of that name among those of the set; -1 with *error set to what there are,
 * prefixed by the option. */
int objective_find(const char *name, ObjectiveSet among, const char *option, GError **error);

#endif
