/* What the two ways of choosing have in common. */
#ifndef DCC_SCHED_CHOOSE_PARTS_H
#define DCC_SCHED_CHOOSE_PARTS_H

#include "sched/bounds.h"
#include "sched/choose.h"

typedef struct {
    const Problem *problem;
    const ChooseOptions *options;
    const Bounds *bounds;
    int *free; /* layers with several options */
    int n_free;
    int first, orders; /* priorities that are open */
    double began, bound;
    GMutex lock;
    double best;         /* of all threads; infinite: none yet */
    int64_t best_number; /* of its choice, or chain */
    int *best_choice;
    const int *from; /* what chains begin with; NULL: each with another */
    int64_t moves;   /* of a chain */
    int next;        /* the next choice, or chain */
    int end;
    int done; /* choices that were looked at, or ruled out */
    int64_t schedules;
    bool over; /* time, or who asks to stop */
} Choosing;

/* Whether time is over, or who asks to stop. */
bool choosing_is_over(const Choosing *c);

/* What a choice comes to; infinite if it has no timeline. */
double choosing_run(const Choosing *c, const int *choice, ProblemPlan *plan);

/* A choice is options by layer, and the priority behind them. */
static inline size_t choosing_bytes(const Choosing *c)
{
    return sizeof(int) * ((size_t) c->problem->fleet->n_layers + 1);
}

/* Annealing: a quarter of the moves in chains of different beginnings, the rest in chains from the
 * best of these. */
enum { ANNEAL_FIRST = 8, ANNEAL_THEN = 4, ANNEAL_FIRST_PART = 4 };

/* One of its threads: runs chains `next` to `end`. */
gpointer anneal_thread(gpointer data);

#endif
