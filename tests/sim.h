/* The state of a walk, shared by the parts of the simulator.
 *
 * Units stand in rows by depth: row 0 is the root, the children of unit i of a row are
 * consecutive in the next.  All units of a row step together: at equal counters of all loops it
 * is the same time.  A unit that has fewer steps than its siblings waits while they go on.
 *
 * An idle unit shadows: its tiles follow the steps, nothing is charged to it.  What its
 * children worked on before may still go up while it is idle. */
#ifndef DCC_TESTS_SIM_H
#define DCC_TESTS_SIM_H

#include <glib.h>

#include "elements.h"
#include "simulator.h"

/* Elements that cross the link between a unit and its children, by tensor. */
typedef struct {
    int64_t in[TENSORS_MAX], out[TENSORS_MAX];
} Load;

/* Cycles, what they were spent on, and how many of the steps below were computed in them. */
typedef struct {
    int64_t cycles, cause[CAUSES], compute_steps;
} Time;

typedef struct {
    Word *held[TENSORS_MAX]; /* the tile of each tensor */
    Word *next[TENSORS_MAX]; /* the same at the step that is taken */
    Word *psum;              /* output elements whose partial sum is in this buffer */
    int64_t size[TENSORS_MAX];
    bool changed[TENSORS_MAX]; /* the step brings another tile */
    Box box, before;           /* now, and at the step before */
    bool placed;               /* it has been in a step */
    bool live, lived;          /* it works at this step, it did at the step before */
    bool worked;               /* it was active during the stay of the output tile */
    bool copy;                 /* a sibling does all its work too */
    int64_t parent;            /* in the row above */
    Load own, through;         /* over the link to its children, in this step: for them, and
                                  on behalf of deeper units */

    /* Its run: all steps of its level over its box. */
    int64_t bound[DIMS_MAX];
    int64_t record, taken; /* its first record, how many of its steps are done */
    Time time;
    const Load *handed; /* loads for the windows of the level above, or NULL */
} Unit;

/* One step of a unit.  A level has links_of(level) loads that its windows hide. */
typedef struct {
    Time compute; /* of its slowest child */
    bool fill;    /* nothing had been computed before it */
} StepRecord;

/* What a tensor's loads are asked for, with how many copies cross a link. */
typedef struct {
    int element;
    int64_t copies;
} Ask;

/* What one link carries of one tensor at one time. */
typedef struct {
    int64_t unit; /* whose link to its children it is */
    int64_t from, n;
    int64_t total; /* copies of all its elements */
} Stream;

typedef struct {
    GArray *ask, *stream; /* streams in the order of units */
} Flow;

/* Over the windows of a level: its peak, and the sums of its average. */
typedef struct {
    double peak;
    int64_t volume, compute;
} Demand;

typedef struct {
    const Case *c;
    const Layer *layer;
    const Nest *nest;
    const Machine *machine;
    int n_levels;
    Result *result;
    OffchipTable *rows;
    MacCounts *mac;
    Numbering numbering[TENSORS_MAX];
    Unit *row[LEVELS_MAX + 1]; /* by depth */
    int64_t row_size[LEVELS_MAX + 1];
    int64_t *running[LEVELS_MAX]; /* units of the row whose runs are under way */
    int64_t *now[LEVELS_MAX];     /* those of them that take part in the step */
    int64_t n_running[LEVELS_MAX], n_now[LEVELS_MAX];
    int home[LEVELS_MAX + 1][TENSORS_MAX]; /* nearest depth, from this one up, that holds it */
    bool flat[LEVELS_MAX + 1];             /* the level has no windows of its own */
    int n_links[LEVELS_MAX];               /* its own, and those of flat levels below it */

    GArray *record[LEVELS_MAX]; /* StepRecord of the runs under way */
    GArray *load[LEVELS_MAX];   /* Load, n_links + 1 a record: own; own and through; handed up */
    GArray *stays[LEVELS_MAX];  /* see windows.c */
    Demand demand[LEVELS_MAX];
    bool changes[LEVELS_MAX][TENSORS_MAX]; /* a child of the level has held several tiles */

    Word *bits; /* of all the units' sets */
    Word *some; /* a set */
    Flow flow[2];
    int64_t *copies; /* by element: of the link that is looked at */
    int *touched, n_touched;
    bool first; /* nothing has been computed yet: the pipeline fills */
    bool done;  /* the root's ports take outputs in the width that they have when they are done */
    Load root;  /* over the root's link, of the whole layer */
    int64_t pe_steps;
} Sim;

static inline bool sim_holds(const Sim *s, int depth, int t)
{
    return case_held(s->c, depth) >> t & 1;
}

static inline Unit *sim_children(const Sim *s, int level, int64_t unit)
{
    return s->row[level + 1] + unit * s->nest->level[level].children;
}

static inline int64_t box_points(const Layer *layer, const Box *box)
{
    int64_t points = 1;
    for (int d = 0; d < layer->op.n_dims; d++)
        points *= box->of[d].hi - box->of[d].lo;
    return points;
}

/* The steps of each loop of a level over a box; their product. */
int64_t sim_bounds(const Level *level, const Box *box, int64_t bound[DIMS_MAX]);

/* The box of child p at these counters; an empty interval where it has no chunk. */
Box sim_child_box(const Level *level, const Box *box, const int64_t counter[DIMS_MAX], int64_t p);

/* The next counters, the last fastest; false after the last. */
bool sim_next(const Level *level, const int64_t bound[DIMS_MAX], int64_t counter[DIMS_MAX]);

#endif
