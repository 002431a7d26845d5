/* Which core runs each layer: the choice whose timeline costs least, and a bound that no choice is
 * below.  Few choices are all looked at, save those whose own bound is above the best; of many,
 * seeded annealing looks at a number that is given.  Neither depends on the number of threads.
 *
 * Bounds of the latency, of which the largest holds:
 *
 *   work            max over sets of layers that share their candidates:
 *                   sum of the least cycles of their nodes / number of those cores
 *   layer           max over layers that run on one core: the least path to one of its nodes, the
 * least cycles of all of them on one core, the least path behind one of them critical path longest
 * path of the least cycles of the nodes off-chip        what comes in once (inputs, weights) and
 * goes out once (outputs), in bits over the bandwidth of off-chip memory
 *
 * of the energy: the least of every node, and those accesses off-chip; of the energy-delay product:
 * the product of both. */
#ifndef DCC_SCHED_CHOOSE_H
#define DCC_SCHED_CHOOSE_H

#include <signal.h>

#include "sched/problem.h"

typedef enum { CHOOSE_LATENCY, CHOOSE_ENERGY, CHOOSE_EDP } ChooseObjective;

typedef struct {
    ChooseObjective objective;
    PlanPriority priority;
    double gap;     /* it may end once best / bound - 1 is no more than this */
    double seconds; /* 0: without end; what is found then depends on it */
    int64_t moves;  /* schedules that annealing looks at, about */
    uint64_t seed;
    int threads;
    const volatile sig_atomic_t *stop; /* or NULL */
} ChooseOptions;

typedef struct {
    double work, layer, path, offchip; /* cycles */
    double cycles, pj;                 /* bounds of the two */
} ChooseBounds;

typedef struct {
    int *choice;       /* by layer; of what is dealt 0 */
    double value;      /* of the objective: cycles, pJ, pJ * cycles */
    double bound, gap; /* gap NAN: the bound is 0 */
    bool optimal;      /* no choice is better */
    bool free;         /* there was something to choose */
    double choices;    /* how many there are */
    int64_t schedules; /* that were looked at */
    double seconds;
    ChooseBounds bounds;
    ProblemPlan plan;  /* of the choice */
    Timeline timeline; /* with stays */
} Chosen;

/* False with *misfit set if no choice that was looked at has a timeline (status of the first one in
 * *status).  To be cleared in either case. */
bool choose_run(const Problem *problem, const ChooseOptions *options, Chosen *chosen,
                TimelineStatus *status, PlanMisfit *misfit);
void choose_clear(Chosen *chosen);

double choose_value(ChooseObjective objective, const Timeline *timeline);
double timeline_pj(const Timeline *timeline);

#endif
