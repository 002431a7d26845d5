/* The children of one step of a parent, given where its loops are and were.
 *
 * A child's chunk at a level is a node of a fixed tree (every index belongs to one chunk), so a
 * dim's chunk is the same as before or disjoint from it. */
#ifndef DCC_ENGINE_CHILDREN_H
#define DCC_ENGINE_CHILDREN_H

#include "engine/cluster.h"
#include "engine/unit.h"

/* Where a loop of n steps is, and was at the step before. */
typedef enum {
    PLACE_ENTER,        /* first; in the run before: last */
    PLACE_FIRST,        /* first, and stays */
    PLACE_NEXT,         /* second, and stays */
    PLACE_LAST,         /* last, and stays */
    PLACE_ADVANCE,      /* second, was first */
    PLACE_ADVANCE_LAST, /* last, was last but one */
    PLACE_WRAP,         /* first, was last */
    PLACES
} LoopPlace;

/* What child 0 has of the loop's dim then. */
typedef struct {
    UnitDim dim;
    uint32_t sets; /* the bits of the dim, see unit.h */
} Placed;

enum { RUNS_MAX = 8, GONE_MAX = 4 };

/* So many children that have nothing of the dim that they divide. */
typedef struct {
    int64_t count;
    UnitDim dim;
} Gone;

/* The children along the dim that they divide, in runs of equal states. */
typedef struct {
    int n;
    Run run[RUNS_MAX];
    int64_t held[RUNS_MAX];
    int64_t working;      /* children that have something of the dim */
    int64_t covered;      /* what they have together */
    int64_t kept;         /* indices that a child had before, summed over the children */
    int64_t before;       /* what the children had together */
    int64_t holders;      /* children that held the output */
    int64_t held_covered; /* what they had together of a reduced dim then */
    int n_gone; /* runs of children without work that had some before, or held the output */
    Gone gone[GONE_MAX];
} Split;

/* A unit as the parent of a step, where its loops are, and child 0. */
typedef struct {
    const Shape *shape;
    const Cluster *cluster;
    const UnitState *unit;
    int last_now, last_before; /* the innermost output loop that takes several steps, in this run
                                  and in the one before; -1: its children keep their output tile */
    unsigned around;           /* reduced loops around the first of them, a bit for each loop; all,
                                  where the output passes through the children */
    unsigned away;             /* loops that are not at their first step */
    bool idle;                 /* nobody worked on the output tile that its children had */
    const Split *split;        /* where there is a loop over the children */
    Split own;                 /* that of a place that nobody else keeps */
    UnitState child;
} Parent;

/* The unit, its loops nowhere yet. */
void children_start(const Shape *shape, const Cluster *cluster, const UnitState *unit,
                    Parent *parent);

/* What the unit had of a reduced dim when its children's output tile came in: in the run before if
 * the tile changed in it, else in the run that it came in. */
static inline int64_t children_held(const Parent *parent, int d)
{
    const UnitDim *dim = &parent->unit->dim[d];
    return parent->last_before >= 0 ? dim->move.before : dim->held;
}

/* As it is kept: where nobody divides the dim, whether anything was held is all that matters. */
static inline int64_t children_kept(const Parent *parent, int d, int64_t now, int64_t held)
{
    return parent->cluster->inside >> d & 1 || !now || !held ? held : now;
}

/* What the loop makes of its dim; *split is set if it is the loop over the children. */
void children_find(const Parent *parent, int loop, LoopPlace place, Placed *placed, Split *split);

/* Places the loop there; *split stays the caller's, and must stay. */
static inline void children_place(Parent *parent, int loop, LoopPlace place, const Placed *placed,
                                  const Split *split)
{
    const unsigned away =
        1u << PLACE_NEXT | 1u << PLACE_LAST | 1u << PLACE_ADVANCE | 1u << PLACE_ADVANCE_LAST;
    int d = parent->cluster->loop[loop].dim;
    parent->child.sets = (parent->child.sets & ~(UNIT_BITS << d)) | placed->sets;
    parent->child.dim[d] = placed->dim;
    parent->away = (parent->away & ~(1u << loop)) | (away >> place & 1) << loop;
    if (loop == parent->cluster->spatial)
        parent->split = split;
}

/* The two together, where the place is not asked for again. */
void children_enter(Parent *parent, int loop, LoopPlace place);

/* Where the loops of a parent were that entered before, and what its unit had. */
typedef struct {
    unsigned how[DIMS_MAX]; /* of each loop: what else its place depends on; 0: not known */
    UnitDim unit[DIMS_MAX];
    Placed placed[DIMS_MAX];
    Split split;
} Entered;

/* All loops at the first step of a run, after the last one of the run before.  `last`, of parents
 * of one level, is nothing known at first; NULL: there is one parent. */
void children_enter_all(Parent *parent, Entered *last);

/* Whether the children divide a dim, and their loop then. */
static inline const Loop *children_loop(const Parent *parent)
{
    int k = parent->cluster->spatial;
    return k >= 0 ? &parent->cluster->loop[k] : NULL;
}

/* Whether another output tile comes in. */
static inline bool children_change(const Parent *parent)
{
    return unit_dims(&parent->child, MOVED, parent->shape->of_output);
}

/* Whether the children hold the output. */
static inline bool children_hold_output(const Parent *parent)
{
    return !(parent->cluster->passes >> parent->shape->output & 1);
}

/* Whether what they work on has partial sums further out: it has been worked on before, in an
 * earlier run of the home's stay at its own tile, or at an earlier step of a reduced loop. */
static inline bool children_seen(const Parent *parent)
{
    return parent->unit->psum & SEEN || parent->away & parent->around;
}

/* Whether partial sums come in with another output tile. */
static inline bool children_receive(const Parent *parent)
{
    return children_change(parent) && children_seen(parent) && !(parent->unit->psum & DENIED);
}

enum { GONE = RUNS_MAX };

/* So many children that start in equal states: a run of the split, or children that divide no dim.
 */
typedef struct {
    int64_t count;
    int run; /* from GONE on: children without work */
    uint16_t psum;
} ChildGroup;

enum { CHILD_GROUPS_MAX = RUNS_MAX + 1 };

/* The groups of the working children; returns how many.  Where all children have the same output
 * tile, one of them receives its partial sums. */
int children_groups(const Parent *parent, ChildGroup group[CHILD_GROUPS_MAX]);

/* Where the output passes through them: children without work that may still have units inside
 * which give up an output tile. */
int children_leavers(const Parent *parent, ChildGroup group[CHILD_GROUPS_MAX]);

/* Makes parent->child one of the group; the first child, which the steps ask for, is of run 0. */
void children_select(Parent *parent, const ChildGroup *group);

#endif
