/* What one step of one parent moves, given where its children were before.
 *
 * A child's chunk at a level is a node of a fixed tree (every index belongs to one
 * chunk), so a dim's chunk is the same as before or disjoint from it.  What is
 * there already is the overlap of the two boxes' images; the rest is new. */
#ifndef DCC_ENGINE_REUSE_H
#define DCC_ENGINE_REUSE_H

#include "engine/cluster.h"

/* One dim of a unit: its interval in this run, in the run before, and `stay`: what it had
 * of a reduced dim when the output tile that it held at the end of that run came in. */
typedef struct {
    Move move;
    int64_t stay;
} UnitDim;

/* A unit at the start of a run.  Two units in equal states do the same from here on. */
typedef struct {
    UnitDim dim[DIMS_MAX];
    int64_t psum;  /* its buffer has partial sums of its output tile */
    int64_t first; /* the first run of the layer */
} UnitState;

/* Step number of each loop of the level, and of the step before. */
typedef struct {
    int64_t now[DIMS_MAX], before[DIMS_MAX];
} Position;

enum { GROUPS_MAX = 8 };

/* Children of one step that are in equal states. */
typedef struct {
    int64_t count;
    UnitState state;
} Group;

/* Elements that move in one step, for each way in which a NoC may share them. */
typedef struct {
    int64_t in_shared[TENSORS_MAX];   /* read once for all children that want them (multicast) */
    int64_t in_each[TENSORS_MAX];     /* once per child; the output's are partial sums: one child */
    int64_t out_shared, out_each;     /* with and without spatial reduction */
    int64_t stays_shared, stays_each; /* output tiles that come in and will go up again */
    int64_t tile[TENSORS_MAX], joined[TENSORS_MAX];
    int64_t working;                  /* children */
    int64_t macs;                     /* of the largest child */
    int64_t macs_all;
    bool ragged;                      /* could not be counted */
} Volumes;

/* Output elements that a parent's children give up when their tile changes after the step
 * `before` of a run with the state's `before` lengths. */
void reuse_leave(const Shape *shape, const Cluster *cluster, const UnitState *parent,
                 const Position *position, int64_t *shared, int64_t *each);

/* The step; groups[] of the working children (of none if `inner` is false: they are PEs). */
void reuse_step(const Shape *shape, const Cluster *cluster, const UnitState *parent,
                const Position *position, bool inner, Volumes *volumes, Group groups[GROUPS_MAX],
                int *n_groups);

/* As the last step of the layer: groups of all children that hold something. */
void reuse_end(const Shape *shape, const Cluster *cluster, const UnitState *parent,
               Group groups[GROUPS_MAX], int *n_groups);

/* Whether the unit's output tile is another one than before. */
bool reuse_output_changes(const Shape *shape, const UnitState *unit);

#endif
