/* What a design or a dataflow is chosen for, and which of two that are equal in it is taken. */
#ifndef DCC_RUN_OBJECTIVE_H
#define DCC_RUN_OBJECTIVE_H

#include <glib.h>
#include <stdint.h>

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

/* What is looked at, in this order, where an objective does not decide; the less the better. */
typedef struct {
    double edp, seconds, pj, um2;
    double bytes;   /* of L1 and L2 */
    int64_t number; /* in the order of enumeration */
} Merit;

/* Below 0 if a goes before b, above 0 if b does. */
int objective_order(const Merit *a, const Merit *b);

#endif
