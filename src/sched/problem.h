/* A fleet ready to be scheduled: what its layers' boxes cost on every kind of core, by each of
 * their splits, its links with their routes, and what there is to choose for each layer. */
#ifndef DCC_SCHED_PROBLEM_H
#define DCC_SCHED_PROBLEM_H

#include "run/fleet.h"
#include "sched/graph.h"
#include "sched/timeline.h"

/* A box on a kind of core: the on-chip cycles and energy that the engine gives for it as a layer of
 * its own. */
typedef struct {
    int64_t cycles;
    double pj;       /* 0 where nothing is known of energy */
    bool unknown;    /* a part of the energy has no figure */
    const char *why; /* it cannot be run: one sentence; else NULL */
} NodeCost;

/* A way to cut a layer. */
typedef struct {
    int n_cuts;
    GraphCut cut[DIMS_MAX];
    int n_boxes;
    int *shape; /* by box */
    int n;      /* cores */
    int *core;  /* candidates that can run all boxes, in the order allocated */
    bool dealt; /* cut along its channels: the parts go to the candidates in turn */
    int parts,
        step; /* of those: how many parts there are, and how many boxes one is from the next */
} ProblemSplit;

/* A split, and a core for all of its boxes: its place among the split's candidates; of what is
 * dealt 0. */
typedef struct {
    int split, place;
} ProblemOption;

typedef struct {
    int n_splits;
    ProblemSplit *split;
    int n;
    ProblemOption *option; /* all that there is to choose, split by split */
} ProblemLayer;

/* A core that a layer may be allocated to, and that cannot run it, however it is split. */
typedef struct {
    int layer, core;
    const char *why; /* one sentence */
} ProblemLeft;

typedef struct {
    const Fleet *fleet;
    GraphLayer *graph_layer; /* by layer, with the cuts of its first split */
    int *layer_order;        /* makers first */
    Edge *edge;
    int n_edges;
    PlanSystem system;
    char **memory_name; /* [core * PLAN_MEMORIES_MAX + memory]; borrowed names, NULL: none */
    int64_t *bits;      /* Plan.bits */
    int n_shapes, n_kinds;
    NodeCost *cost;      /* [shape * n_kinds + kind] */
    ProblemLayer *layer; /* by layer */
    GArray *left;        /* of ProblemLeft, layer by layer */
    int images;
    bool energy; /* all energies are known */
} Problem;

typedef struct {
    int images;       /* at least 1 */
    int64_t moves;    /* of the mapper, for cores that take its best */
    bool maps_energy; /* its least energy, not its least time */
} ProblemOptions;

/* NULL after reporting what is wrong to `diag`, where the fleet was read.  Borrows the fleet. */
Problem *problem_new(const Fleet *fleet, const ProblemOptions *options, Diag *diag);
void problem_free(Problem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Problem, problem_free)

/* Cost of a box of a split on a core. */
const NodeCost *problem_cost(const Problem *problem, const ProblemSplit *split, int box, int core);

/* The core of a box, with that place of the option. */
int problem_core(const ProblemSplit *split, int place, int box);

/* The split of a layer by a choice of options. */
const ProblemSplit *problem_split(const Problem *problem, const int *choice, int layer);

/* How many cores the split's boxes go to, and the i-th of them. */
int problem_cores(const ProblemSplit *split);

/* A choice of an option for each layer, and the plan that it comes to: core, order, cycles, pj are
 * filled, and are the caller's.  Graphs of splits that were met before are kept. */
typedef struct {
    const Graph *graph; /* NULL: it cannot be made */
    int *core, *order;
    int64_t *cycles;
    double *pj;
    Plan plan;
    GraphFault fault;   /* of a graph that cannot be made */
    GHashTable *graphs; /* GBytes of the splits by layer -> Graph */
    int64_t kept;       /* pieces of them */
    GraphMemo *memo;    /* what they have in common */
    int room;           /* nodes that there is room for */
} ProblemPlan;

void problem_plan_begin(const Problem *problem, ProblemPlan *plan);
void problem_plan_end(ProblemPlan *plan);

/* False if the nodes of these splits cannot be made. */
bool problem_plan(const Problem *problem, const int *choice, PlanPriority priority,
                  ProblemPlan *plan);

/* Reports a node that its core has no room for, or why a graph cannot be made. */
void problem_misfit(const Problem *problem, const Graph *graph, const PlanMisfit *misfit,
                    Diag *diag);
void problem_fault(const Problem *problem, const GraphFault *fault, Diag *diag);

#endif
