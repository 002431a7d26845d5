/* Which core runs each layer, how it is split, and in which order nodes are taken: the choice whose
 * timeline costs least, and a bound that no choice is below (bounds.h).  Few choices are all looked
 * at, save those whose own bound is above the best; of many, seeded annealing looks at a number
 * that is given.  Neither depends on the number of threads. */
#ifndef DCC_SCHED_CHOOSE_H
#define DCC_SCHED_CHOOSE_H

#include <signal.h>

#include "sched/problem.h"

typedef enum { CHOOSE_LATENCY, CHOOSE_ENERGY, CHOOSE_EDP } ChooseObjective;

typedef struct {
    ChooseObjective objective;
    PlanPriority priority; /* PLAN_PRIORITIES: the best of all */
    double gap;            /* it may end once best / bound - 1 is no more than this */
    double seconds;        /* 0: without end; what is found then depends on it */
    int64_t moves;         /* schedules that annealing looks at, about */
    uint64_t seed;
    int threads;
    const volatile sig_atomic_t *stop; /* or NULL */
} ChooseOptions;

typedef struct {
    double work, layer, core, path, offchip; /* cycles */
    double cycles, pj;                       /* bounds of the two */
} ChooseBounds;

typedef struct {
    int *choice; /* by layer: an option; then the priority */
    PlanPriority priority;
    double value;                 /* of the objective: cycles, pJ, pJ * cycles */
    double bound, gap;            /* gap NAN: the bound is 0 */
    bool optimal;                 /* no choice is better */
    bool free_cores, free_splits; /* there was something to choose */
    double choices;               /* of options; how many there are */
    int64_t schedules;            /* that were looked at */
    double seconds;
    ChooseBounds bounds; /* 0 where there is nothing to choose */
    ProblemPlan plan;    /* of the choice */
    Timeline timeline;   /* with stays */
} Chosen;

/* False if no choice that was looked at has a timeline: the plan has no graph, and its fault, or
 * the timeline of the first choice has its status and misfit.  To be cleared in either case. */
bool choose_run(const Problem *problem, const ChooseOptions *options, Chosen *chosen);
void choose_clear(Chosen *chosen);

/* Why there is none. */
void choose_report(const Problem *problem, const Chosen *chosen, Diag *diag);

double choose_value(ChooseObjective objective, const Timeline *timeline);
double timeline_pj(const Timeline *timeline);

#endif
