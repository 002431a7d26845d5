/* Time: the cases of a nest on a machine's interconnects. */
#ifndef DCC_ENGINE_PERFORMANCE_H
#define DCC_ENGINE_PERFORMANCE_H

#include "engine/cases.h"
#include "engine/result.h"

/* A run. */
typedef struct {
    int64_t cycles, steps; /* of one run; compute steps */
    int64_t critical;      /* runs that the layer's time consists of */
} RunTime;

typedef struct {
    int64_t in, compute, out;
    int64_t steps; /* compute steps of the child that has most */
    int slowest;   /* the kid that takes longest, -1 at a PE */
} StepTime;

/* Working memory, one item per entry, body and step of the table. */
typedef struct {
    LIST(RunTime) entries, bodies;
    LIST(StepTime) steps;
    int64_t unit; /* all times above are in 1/unit cycles: 1, but of a sparse layer */
} Times;

void times_free(Times *times);

/* Fills onchip_cycles, cycles_by_cause (without off-chip), active_pes and the levels'
 * bandwidths; result->status becomes RESULT_OVERFLOW if a time does not fit. */
void performance_time(const Cases *cases, const Machine *machine, Times *times, Result *result);

/* Whether moving overlaps with computing at a step. */
static inline bool performance_hidden(const Noc *noc, bool first_of_run, bool first_of_layer)
{
    return noc->prefetch != PREFETCH_NONE && !first_of_layer &&
           !(noc->prefetch == PREFETCH_TILE && first_of_run);
}

/* Elements that come in at a step, all tensors together; -1 if they overflow. */
static inline int64_t performance_ingress(const Noc *noc, const Volumes *v)
{
    return noc->multicast ? v->all_shared : v->all_each;
}

/* Cycles that the level takes after the last step of a layer, not of a sparse one; -1 if they
 * overflow. */
int64_t performance_flush(const Cases *cases, const Noc *noc, int level);

/* Makes room for `count` items of a list that is filled by index. */
#define RESERVE(list, count)                                                                       \
    do {                                                                                           \
        if ((list).capacity < (count)) {                                                           \
            (list).capacity = (count) *2;                                                          \
            (list).item = g_realloc_n((list).item, (gsize) (list).capacity, sizeof *(list).item);  \
        }                                                                                          \
    } while (0)

/* Of the steps as last timed. */
void performance_delays(const Cases *cases, const Times *times, Delays *delays);

#endif
