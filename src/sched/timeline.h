/* The timeline of a plan: when each node runs and each piece moves.  It goes from event to event;
 * at one moment, after what ends then has ended,
 *
 *   - a core that is idle starts the next of its nodes, in the order of the plan, once all pieces
 *     that it needs are in the core's memories and there is room for what it makes, which is taken;
 *     then the pieces that the node after it needs are requested, those of first nodes at time 0;
 *   - transfers that wait are tried in the order of their requests: one starts if its piece exists,
 *     all links of its route are idle and there is room, which is taken.  Others that wait for the
 *     same piece from the same place over the same links are served by the same transfer.
 *
 * A piece is taken from the core that made it while it is there, else from off-chip memory.  Where
 * there is no room, pieces are evicted whose next reader comes latest in the order, save what the
 * running node and the next one need: at once if they are off-chip, else they are written there,
 * and what wants the room waits.  A piece is let go of after its last reader on the core; where it
 * was made, once no other core has to get it, and if it is the network's output, once it is
 * written, which is requested when its node ends.
 *
 * The first node in the order that has not run can always go on if plan_fits: so the timeline ends.
 */
#ifndef DCC_SCHED_TIMELINE_H
#define DCC_SCHED_TIMELINE_H

#include <glib.h>

#include "sched/plan.h"

typedef struct {
    int piece, from, to; /* cores; n_cores: off-chip */
    int with;            /* the transfer that it shares, an earlier one; -1: it is one of its own */
    bool evicts;         /* it is written off-chip to make room */
    int64_t start, end, bits;
} PlanTransfer;

/* A piece on a core, its room taken, over [start, end). */
typedef struct {
    int piece, core, memory;
    int64_t start, end, bits;
} PlanStay;

typedef enum {
    TIMELINE_OK,
    TIMELINE_MISFIT,  /* plan_fits says what */
    TIMELINE_OVERFLOW /* a time or a count of bits does not fit 63 bits */
} TimelineStatus;

typedef struct {
    TimelineStatus status;
    PlanMisfit misfit;               /* of TIMELINE_MISFIT */
    int64_t cycles;                  /* when all has ended */
    int64_t *start, *end;            /* by node */
    GArray *transfers;               /* of PlanTransfer, by start */
    GArray *stays;                   /* of PlanStay, if they are asked for; else NULL */
    int64_t *busy;                   /* by core */
    int64_t *peak;                   /* [core * PLAN_MEMORIES_MAX + memory], bits */
    int64_t *used;                   /* by link: cycles that it is occupied */
    int64_t read_bits, written_bits; /* off-chip, each transfer once */
    double core_pj, link_pj, offchip_pj;
} Timeline;

/* Runs a plan; to be cleared.  stays: keep when each piece was where. */
void timeline_run(const Plan *plan, bool stays, Timeline *timeline);
void timeline_clear(Timeline *timeline);

#endif
