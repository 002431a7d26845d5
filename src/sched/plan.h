/* What a timeline is made of: nodes, the pieces of tensors that go between them, and the cores and
 * links of a system.  Plain numbers; nothing here knows of layers, boxes or files.
 *
 * A piece is the elements of one tensor that one node makes, or that are off-chip at the begin, and
 * that the same nodes read: it is what is transferred, kept and evicted as a whole. */
#ifndef DCC_SCHED_PLAN_H
#define DCC_SCHED_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "ir/rational.h"

typedef enum { PLAN_WEIGHT, PLAN_INPUT, PLAN_OUTPUT, PLAN_ROLES } PlanRole;

typedef struct {
    int maker;        /* node; -1: off-chip at the begin */
    PlanRole role;    /* PLAN_WEIGHT, PLAN_INPUT: of the network; PLAN_OUTPUT: of a node */
    int width;        /* which row of Plan.bits has the bits of its elements */
    int64_t elements; /* at least 1 */
    int n_readers;
    const int *readers; /* nodes, ascending, all behind the maker */
    bool leaves;        /* part of the network's output: it ends off-chip */
} PlanPiece;

typedef struct {
    int n_needs, n_makes;
    const int *needs; /* pieces, weights before inputs, then in the order of its dims */
    const int *makes; /* pieces: all elements of its output */
} PlanNode;

/* Nodes are numbered so that makers come before readers. */
typedef struct {
    int n_nodes, n_pieces;
    const PlanNode *node;
    const PlanPiece *piece;
} PlanGraph;

enum { PLAN_MEMORIES_MAX = PLAN_ROLES };

/* A core: its outermost on-chip memories, and which of them has what. */
typedef struct {
    int n_memories;
    int64_t capacity_bits[PLAN_MEMORIES_MAX]; /* 0: without end */
    int memory_of[PLAN_ROLES];                /* PLAN_INPUT: all that arrives and is no weight */
} PlanCore;

typedef struct {
    Rational bits_per_cycle; /* above 0 */
    double pj_per_bit;
} PlanLink;

/* Links that a transfer occupies, all at once. */
typedef struct {
    int n;
    const int *link;
} PlanRoute;

/* Off-chip memory is a place of its own, number n_cores; the last link of the routes to it and from
 * it is its port. */
typedef struct {
    int n_cores, n_links;
    const PlanCore *core;
    const PlanLink *link;
    const PlanRoute *route;   /* [from * (n_cores + 1) + to] */
    double read_pj, write_pj; /* off-chip, of a word */
    int64_t word_bits;
} PlanSystem;

/* All that decides a timeline. */
typedef struct {
    const PlanGraph *graph;
    const PlanSystem *system;
    const int *core;       /* by node */
    const int *order;      /* nodes as they are taken: makers before readers */
    const int64_t *cycles; /* by node, on its core; at least 1 */
    const double *pj;      /* by node, on its core */
    const int64_t *bits;   /* [width * n_cores + core]: of an element made on that core; of what
                              nothing makes, as that core takes it */
} Plan;

/* Bits of a piece as it stands on a core, or goes there or comes from there. */
int64_t plan_bits(const Plan *plan, int piece, int core);

/* Which memory of a core a piece stands in: what the core made stands where its outputs do, also
 * when it has been away. */
int plan_memory(const Plan *plan, int piece, int core);

/* Cycles of so many bits over the narrowest link of a route, whole bytes: ceil(bytes / bandwidth);
 * -1 if they do not fit 63 bits. */
int64_t plan_transfer(const PlanSystem *system, const PlanRoute *route, int64_t bits);

typedef enum {
    PLAN_LATENCY, /* longest remaining path first, of cycles on the nodes' cores */
    PLAN_MEMORY,  /* deepest first, in nodes from the network's inputs */
    PLAN_READY,   /* as cores get idle, if nothing had to be moved: of the nodes whose makers have
                     ended then that with the longest remaining path */
    PLAN_PRIORITIES
} PlanPriority;

/* A topological order of the nodes: those of earlier images first, then by priority, then by
 * number. image (NULL: there is one) and depth, for PLAN_MEMORY, are by node.  Of the plan graph,
 * cycles, core and how many cores there are are read. */
void plan_order(const Plan *plan, PlanPriority priority, const int *depth, const int *image,
                int *order);

/* A node that its core's memories cannot take, however much is evicted. */
typedef struct {
    int node, core, memory;
    int64_t need_bits;
} PlanMisfit;

/* False with *misfit set if there is such a node: the first in the order. */
bool plan_fits(const Plan *plan, PlanMisfit *misfit);

#endif
