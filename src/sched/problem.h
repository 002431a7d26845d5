/* A fleet ready to be scheduled: its nodes with what they cost on every kind of core, its links
 * with their routes, and which cores each layer may run on. */
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

typedef struct {
    int n;
    int *core;     /* candidates that can run it, in the order allocated */
    bool dealt;    /* cut along its channels: the parts go to the candidates in turn */
    int cut, cuts; /* of those: which of the digits of a box, and how many boxes it steps by */
} ProblemLayer;

typedef struct {
    const Fleet *fleet;
    Graph *graph;
    GraphLayer *graph_layer; /* by layer */
    PlanSystem system;
    char **memory_name; /* [core * PLAN_MEMORIES_MAX + memory]; borrowed names, NULL: none */
    int64_t *bits;      /* Plan.bits */
    int *shape;         /* by node of image 0 */
    int n_shapes, n_kinds;
    NodeCost *cost;      /* [shape * n_kinds + kind] */
    ProblemLayer *layer; /* by layer */
    int *first, *count;  /* by layer: its first node of image 0, and how many there are */
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

/* Cost of a node on a core. */
const NodeCost *problem_cost(const Problem *problem, int node, int core);

/* A choice of a candidate for each layer (its place among them; none for what is dealt), and the
 * plan that it comes to: core, order, cycles, pj are filled, and are the caller's. */
typedef struct {
    int *core, *order;
    int64_t *cycles;
    double *pj;
    Plan plan;
} ProblemPlan;

void problem_plan_begin(const Problem *problem, ProblemPlan *plan);
void problem_plan_end(ProblemPlan *plan);
void problem_plan(const Problem *problem, const int *choice, PlanPriority priority,
                  ProblemPlan *plan);

/* Reports a node that its core has no room for. */
void problem_misfit(const Problem *problem, const PlanMisfit *misfit, Diag *diag);

#endif
