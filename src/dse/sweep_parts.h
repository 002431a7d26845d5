/* What the files of a sweep have in common; nobody else includes this. */
#ifndef DCC_DSE_SWEEP_PARTS_H
#define DCC_DSE_SWEEP_PARTS_H

#include "dse/design.h"
#include "dse/sweep.h"

enum { WAITING_BYTES = 64 << 20 /* of rows whose turn has not come */ };

/* What is taken at a time: `chunks` of them, or one of `parts` of a chunk. */
typedef struct {
    int64_t chunks, parts;
    int64_t n; /* units to do, in all segments */
} Units;

/* Chunks to do that follow each other: a piece that was left out before, or, the last one, all that
 * were never begun. */
typedef struct {
    Piece piece;
    int64_t first; /* the number of its first unit */
} Segment;

/* Units that a thread goes through one after the other: neighbours differ in few axes, and what it
 * has found of one serves the next.  Who is done takes half of what another has left. */
typedef struct {
    int64_t next, end;
} Lane;

/* What the threads share. */
typedef struct {
    const Study *study;
    const SweepOptions *options;
    Chunks chunks;
    Units units;
    int64_t share; /* chunks of the shard in all */
    GMutex lock;   /* of what follows */
    GCond changed, turned;
    GArray *segments;    /* of Segment, in the order of chunks */
    GArray *out;         /* of Piece: left out now */
    Lane *lane;          /* by number */
    int lanes;           /* one for each thread, or one for all where the order matters */
    int64_t taken;       /* units */
    int64_t done;        /* chunks, all the first ones but for what is left out */
    int running;         /* threads */
    int workers;         /* that have begun */
    Findings *sum;       /* of what threads have given */
    int64_t turn;        /* unit whose rows are next */
    GHashTable *waiting; /* unit -> GString: rows to be written when it is their turn */
    gsize waiting_bytes;
    /* With other ranks. */
    Dealer *dealer;    /* of rank 0 */
    GHashTable **lent; /* likewise, by rank: numbers of units that it has */
    Helper *helper;    /* of another rank, which has nothing from `segments` on; else NULL */
} Sweep;

/* A thread's own. */
typedef struct {
    Sweep *sweep;
    int lane;
    Designer *designer;
    Findings *found;
    GArray *pieces; /* of Piece: what it was found in */
    int64_t unit;
    GArray *units; /* of int64_t: the numbers of the pieces, for another rank */
    GString *rows;
    bool cut;     /* what it is at may not be whole: it saw the stop before the end */
    gint64 given; /* when it last gave what it had found */
} Worker;

/* Runs a worker until there are no more units; a Worker is sweep_worker_new's. */
Worker *sweep_worker_new(Sweep *sweep, int number);
void sweep_worker_free(Worker *worker);
gpointer sweep_work(gpointer worker);

/* The next unit of a lane with its number; false: there is none, or none is to be begun.  With the
 * lock. */
bool sweep_next(Sweep *sweep, int lane, int64_t *unit, Piece *piece);
/* Of a unit. */
Piece sweep_piece(const Sweep *sweep, int64_t unit);
/* Rows of a unit that is done, which are taken; with the lock. */
void sweep_put_rows(Sweep *sweep, int64_t unit, GString *rows);

/* ---- other ranks ---- */

/* Rank 0: they take units from now on; what has come of them is taken; all that they have is done,
 * or left out. */
void sweep_deal(Sweep *sweep);
void sweep_deal_end(Sweep *sweep);

/* Another rank: the next unit; false: there is none any more. */
bool sweep_borrow(Worker *worker, Piece *piece);
/* What was found in the units of the worker; rows of its unit, before what was found. */
void sweep_give_back(Worker *worker);
void sweep_give_rows(Worker *worker);

#endif
