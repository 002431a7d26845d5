/* A walk over the space with all threads, in chunks that may be done in any order. */
#ifndef DCC_DSE_SWEEP_H
#define DCC_DSE_SWEEP_H

#include "dse/plane.h"
#include "dse/study.h"

/* What is known after some of the chunks. */
typedef struct {
    int64_t seen;          /* points of those chunks */
    int64_t illegal;       /* no legal mapping, or counts beyond 63 bits */
    int64_t first_illegal; /* the first of them whose nest is not legal, on a hierarchy the first;
                              -1: none */
    int64_t first_missing; /* the first that lacks a figure; -1: none */
    int64_t over;          /* skipped as over budget, in whole boxes */
    int64_t evaluated;
    int64_t valid;
    /* Of a space that is mapped, and in no checkpoint. */
    int64_t ended;       /* designs with a search that was ended by its time */
    int64_t first_unfit; /* the first that has a layer without any dataflow that fits; -1: none */
    double bound;        /* of the objective, as pareto_value has it: no design has less, with any
                            dataflows; 0: not known */
    int64_t lacking[LACKS]; /* points of boxes without a valid design, by what is in the way, ... */
    double least[LACKS];    /* ... and the least that would do, or a bound below it */
    Point best[OBJECTIVES];
    Front *front;
} Findings;

Findings *findings_new(ObjectiveSet front);
void findings_free(Findings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Findings, findings_free)

/* Counts a valid point in. */
void findings_offer(Findings *findings, const Point *point);

/* Adds what others have found; the sum does not depend on the order. */
void findings_merge(Findings *findings, const Findings *other);

/* A part of the space: chunks first, first + stride, ... of them. */
typedef struct {
    int64_t chunks;   /* of the whole space */
    int64_t machines; /* per chunk */
    int64_t per_nest; /* chunks */
} Chunks;

Chunks sweep_chunks(const Space *space);

/* Every valid point, for a file. */
typedef struct {
    /* Adds a point to a thread's rows; called by all threads. */
    void (*format)(const Point *point, GString *rows, void *data);
    /* Takes rows, in the order of the points; called by one thread at a time. */
    void (*write)(const GString *rows, void *data);
    void *data;
} SweepRows;

/* Chunks first .. end - 1 of a shard, counted through it, and of the machines of each the part
 * number `part` of `parts`. */
typedef struct {
    int64_t first, end, part, parts;
} Piece;

typedef struct {
    int threads;
    int64_t shard, shards; /* chunks shard, shard + shards, ... */
    int64_t done;          /* of those: so many have been done before, ... */
    GArray *left; /* ... of Piece: but for these; or NULL.  Those that this run leaves out are
                     put in their stead: those that are begun when the study is stopped */
    gint64 until; /* no chunk is begun after that; monotonic us, 0: never */
    /* Called by the calling thread ten times a second, or NULL; valid and best so far. */
    void (*progress)(const Findings *so_far, int64_t chunks_done, void *data);
    void *data;
    const SweepRows *rows; /* or NULL */
} SweepOptions;

/* Adds to the findings; returns how many chunks of the shard are done in the end, all the first
 * ones but for what is in `left`. */
int64_t sweep_run(const Study *study, const SweepOptions *options, Findings *findings);

/* Chunks of a shard. */
int64_t sweep_share(const Chunks *chunks, int64_t shard, int64_t shards);

#endif
