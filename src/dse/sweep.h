/* A walk over the space with all threads, in chunks that may be done in any order. */
#ifndef DCC_DSE_SWEEP_H
#define DCC_DSE_SWEEP_H

#include "ranks/deal.h"
#include "dse/findings.h"
#include "dse/study.h"

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
    Ranks *ranks;          /* whose other ranks take chunks too; or NULL */
} SweepOptions;

/* Adds to the findings; returns how many chunks of the shard are done in the end, all the first
 * ones but for what is in `left`. */
int64_t sweep_run(const Study *study, const SweepOptions *options, Findings *findings);

/* Another rank's part of such a sweep; `about` is what rank 0 says of it.  Of the options, threads
 * are looked at, and of rows how they are formatted. */
void sweep_help(const Study *study, const SweepOptions *options, Helper *helper, Unpack *about);

/* Chunks of a shard. */
int64_t sweep_share(const Chunks *chunks, int64_t shard, int64_t shards);

#endif
