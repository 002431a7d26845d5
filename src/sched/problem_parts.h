/* What the files of the problem have in common. */
#ifndef DCC_SCHED_PROBLEM_PARTS_H
#define DCC_SCHED_PROBLEM_PARTS_H

#include "sched/problem.h"

/* Costs of all shapes on all kinds that may have to run them; shapes of boxes. */
void costs_fill(Problem *problem, const ProblemOptions *options);

/* A layer with the cuts of one of its splits. */
GraphLayer problem_cut(const Problem *problem, int layer, const ProblemSplit *split);

/* The graph of layers that are cut. */
Graph *problem_graph(const Problem *problem, const GraphLayer *layers, GraphMemo *memo,
                     GraphFault *fault);

/* Cores, links and routes of the fleet's system; false after reporting. */
bool problem_system(Problem *problem, Diag *diag);
void problem_system_free(Problem *problem);

/* The machine of a kind for a layer's operator; false if it cannot be resolved. */
bool costs_machine(const Fleet *fleet, int kind, int layer, Machine *machine);

/* Whether the layer may be run on that kind by its Allocate. */
bool problem_may_run(const Problem *problem, int layer, int kind);

#endif
