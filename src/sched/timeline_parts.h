/* What the files of the timeline have in common: the state between two events. */
#ifndef DCC_SCHED_TIMELINE_PARTS_H
#define DCC_SCHED_TIMELINE_PARTS_H

#include "sched/timeline.h"

typedef enum {
    COPY_NONE,
    COPY_COMING, /* its room is taken: it is on its way, or its node runs */
    COPY_HERE
} CopyState;

/* A piece and a core. */
typedef struct {
    unsigned char state; /* CopyState */
    bool wanted;         /* a transfer to here is requested */
    bool leaving;        /* it is being written to make room */
    int left;            /* readers on this core that have not ended */
    int pins;            /* it is needed by the running node, the next one, or a transfer */
    int slot;            /* in the list of its memory; -1: not there */
    int64_t since;       /* COMING, HERE: when its room was taken */
} Copy;

typedef enum { STORE_NONE, STORE_ASKED, STORE_DONE } StoreState;

/* A transfer that waits. */
typedef struct {
    int piece, from, to; /* piece: -1, it is called off; from: -1, to be told when it starts */
    bool evicts;
} Request;

typedef struct {
    int64_t end;
    int from, piece; /* pinned there unless off-chip */
    int first, n;    /* of Timeline.transfers: who are served */
} Flight;

typedef struct {
    int64_t used, leaving; /* bits */
    GArray *here;          /* of int: pieces that could be evicted, in no order */
} Room;

typedef struct {
    int *nodes;  /* its nodes in the order of the plan */
    int n, next; /* the next to start */
    int running; /* node, or -1 */
    int missing; /* pieces that the next one needs and that are not here, once asked for */
} CoreState;

typedef struct {
    const Plan *plan;
    const PlanGraph *graph;
    const PlanSystem *system;
    Timeline *out;
    int64_t now;
    bool keeps; /* stays */
    bool overflow;
    Copy *copy;            /* [piece * n_cores + core] */
    unsigned char *stored; /* by piece: StoreState */
    int *asker;            /* by piece: the core that it is written from, if that is asked for */
    int *others;           /* by piece: other cores that are still to get it from its maker's */
    int *place;            /* by node: in the order */
    Room *room;            /* [core * PLAN_MEMORIES_MAX + memory] */
    CoreState *core;
    int64_t *idle_from; /* by link */
    GArray *waiting;    /* of Request */
    GArray *flights;    /* of Flight */
    int *readers;       /* all cores' nodes, one after the other */
} State;

static inline Copy *state_copy(const State *s, int piece, int core)
{
    return &s->copy[(size_t) piece * (size_t) s->system->n_cores + (size_t) core];
}

/* Core that the piece is made on; -1: it begins off-chip. */
static inline int state_home(const State *s, int piece)
{
    int maker = s->graph->piece[piece].maker;
    return maker >= 0 ? s->plan->core[maker] : -1;
}

/* Takes room for what is on its way; the room is there. */
void room_take(State *s, int piece, int core);

/* Whether there is room for so many bits; else evicts what it can. */
bool room_make(State *s, int core, int memory, int64_t bits);

/* The piece has come. */
void copy_arrive(State *s, int piece, int core);

/* Lets go of the copy if nobody needs it. */
void copy_release(State *s, int piece, int core);

/* The piece is off-chip now; the copy that it came from goes if it was to make room. */
void copy_stored(State *s, int piece, int core);

/* Asks for the piece to be written off-chip. */
void copy_store(State *s, int piece, int core, bool evicts);

#endif
