/* What one step of one parent moves, given where its children were before.
 *
 * A child's chunk at a level is a node of a fixed tree (every index belongs to one
 * chunk), so a dim's chunk is the same as before or disjoint from it.  What is
 * there already is the overlap of the two boxes' images; the rest is new. */
#ifndef DCC_ENGINE_REUSE_H
#define DCC_ENGINE_REUSE_H

#include <stddef.h>
#include <string.h>

#include "engine/cluster.h"

/* One dim of a unit: its interval in this run, in the run before, and `stay`: what it had
 * of a reduced dim when the output tile that it held at the end of that run came in. */
typedef struct {
    Move move;
    int64_t stay;
} UnitDim;

/* A unit at the start of a run.  Two units in equal states do the same from here on; states are
 * compared as bytes, so there are none between the members. */
typedef struct {
    uint32_t sets;         /* three sets of dims, see below */
    uint16_t psum;         /* its buffer has partial sums of its output tile */
    uint16_t first;        /* the first run of the layer */
    UnitDim dim[DIMS_MAX]; /* as many as the operator has; the others are never read */
} UnitState;

/* Where the sets begin in the word: dims of which a unit has another chunk than before; has less
 * than a full one; had less than a full one. */
enum { MOVED = 0, EDGE = DIMS_MAX, WAS_EDGE = 2 * DIMS_MAX };
_Static_assert(3 * DIMS_MAX <= 32, "three sets in a word");
_Static_assert(offsetof(UnitState, dim) == 8, "no bytes between the members");

/* Those of `dims` that are in a set. */
static inline unsigned unit_dims(const UnitState *unit, int set, unsigned dims)
{
    return unit->sets >> set & dims;
}

static inline size_t unit_size(int n_dims)
{
    return offsetof(UnitState, dim) + (size_t) n_dims * sizeof(UnitDim);
}

static inline void unit_copy(UnitState *to, const UnitState *from, int n_dims)
{
    memcpy(to, from, unit_size(n_dims));
}

/* Where each loop of the level is, and was at the step before: the first index of its dim that the
 * children have together. */
typedef struct {
    int64_t now[DIMS_MAX], before[DIMS_MAX];
} Position;

/* A unit as the parent of a step, where its loops are, and what its first child has then. */
typedef struct {
    const Shape *shape;
    const Cluster *cluster;
    const UnitState *unit;
    int last_now, last_before; /* the innermost output loop that takes several steps, in this run
                                  and in the one before; -1: its children keep their output tile */
    bool idle;                 /* nobody worked on the output tile that its children had */
    Position position;
    UnitState child;
} Parent;

enum { GROUPS_MAX = 8 };

/* The children of one step, in runs that are in equal states: they differ in the dim that they
 * divide, and in whether they receive partial sums. */
typedef struct {
    int dim; /* -1 if they divide none */
    int n;
    Run run[GROUPS_MAX];
    int64_t stay[GROUPS_MAX];
    bool psum[GROUPS_MAX];
} Groups;

/* Elements that move in one step, for each way in which a NoC may share them. */
typedef struct {
    int64_t in_shared[TENSORS_MAX];   /* read once for all children that want them (multicast) */
    int64_t in_each[TENSORS_MAX];     /* once per child; the output's are partial sums: one child */
    int64_t all_shared, all_each;     /* sums of the two over the tensors; -1: they overflow */
    int64_t out_shared, out_each;     /* with and without spatial reduction */
    int64_t stays_shared, stays_each; /* output tiles that come in and will go up again */
    int64_t tile[TENSORS_MAX], joined[TENSORS_MAX];
    int64_t working; /* children */
    int64_t macs;    /* of the largest child */
    int64_t macs_all;
    bool ragged; /* could not be counted */
} Volumes;

/* The unit, with no loop placed yet. */
void reuse_parent(const Shape *shape, const Cluster *cluster, const UnitState *unit,
                  Parent *parent);

/* Places all loops at the first step of a run, after the last one of the run before. */
void reuse_first(Parent *parent);

/* Places all loops at the last step of the run before. */
void reuse_last(Parent *parent);

/* Places loop k. */
void reuse_place(Parent *parent, int k, int64_t now, int64_t before);

/* The step, and the groups of the working children.  `inner`: they have children themselves, so it
 * matters which of them receive partial sums. */
void reuse_step(const Parent *parent, bool inner, Volumes *volumes, Groups *groups);

/* Makes parent->child one of group g; the first child, which the steps ask for, is of group 0. */
void reuse_select(Parent *parent, const Groups *groups, int g);

/* Output elements that the children hold and give up when their tile changes, with and without
 * spatial reduction. */
void reuse_leave(const Parent *parent, int64_t *shared, int64_t *each);

/* The groups of all children, also of those that hold nothing. */
void reuse_holders(const Parent *parent, Groups *groups);

#endif
