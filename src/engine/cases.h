/* The distinct cases of a nest and how often each occurs.
 *
 * A unit's run (all steps of its level over one box) starts in some state; the
 * first step depends on all of it, the others only on what the unit has now.  So a
 * level has a list of entries (distinct states) and of bodies (distinct sets of
 * further steps), each step a volume of data and the entries of the level below
 * that its children start.  The lists grow with the number of edges a nest
 * has, not with the layer, and they do not depend on the machine. */
#ifndef DCC_ENGINE_CASES_H
#define DCC_ENGINE_CASES_H

#include "engine/reuse.h"

typedef struct {
    int64_t times; /* in one run */
    int64_t total; /* over the layer and all units */
    Volumes volumes;
    int kid, n_kids; /* range in Cases.kid */
} Step;

typedef struct {
    int entry; /* of the level below */
    int64_t count;
} Kid;

typedef struct {
    uint64_t hash; /* of the state */
    int64_t times; /* over the layer and all units */
    int step;      /* the first step */
    int body;      /* the others; -1 if there are none */
    UnitState state;
} Entry;

typedef struct {
    uint64_t hash;
    int64_t times;
    int step, n_steps;
    UnitState state; /* what the steps depend on */
} Body;

/* A list that grows; count and capacity in items. */
#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type *item;                                                                                \
        int n, capacity;                                                                           \
    }

typedef struct {
    LIST(Entry) entries;
    LIST(Body) bodies;
    LIST(Step) steps;
    LIST(Kid) kids;
    LIST(int)
    buckets; /* hash table of the entries that are being filled; n: those in use, a power
                of two */
    int n_levels;
    Operator op;               /* what `shape` is of */
    int entry[LEVELS_MAX + 1]; /* level l has entries entry[l] .. entry[l+1] - 1 */
    int body[LEVELS_MAX + 1];
    int step[LEVELS_MAX + 1];
    Shape shape;
    Cluster cluster[LEVELS_MAX];
    int64_t left_shared[LEVELS_MAX], left_each[LEVELS_MAX]; /* outputs that go up after the last
                                   step: the most under one parent, with and without reduction */
    int64_t pe_steps; /* steps of the innermost level, over all working PEs */
    bool ragged;      /* a set could not be counted */
} Cases;

void cases_free(Cases *cases);

/* Empties the table, keeping its memory, and prepares shape, cluster and n_levels.  A fresh
 * Cases is all zero. */
void cases_start(Cases *cases, const Layer *layer, const Nest *nest);

/* Fills the table. */
void cases_build(Cases *cases, const Layer *layer);

#endif
