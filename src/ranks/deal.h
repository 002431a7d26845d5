/* Work that rank 0 deals out to the others, task by task: who has nothing to do asks.
 *
 *     rank 0                         another rank
 *     BEGIN: what it is about   ->
 *                               <-   WANT: a number of tasks
 *     TASKS, NEWS               ->
 *                               <-   FOUND
 *     CLOSE                     ->
 *                               <-   FOUND, LAST
 *
 * Each side is one thread's, which looks now and then what has come; the threads that work take
 * tasks from a queue and leave what they find in another. */
#ifndef DCC_RANKS_DEAL_H
#define DCC_RANKS_DEAL_H

#include "ranks/ranks.h"

/* Kinds of work, the first byte of BEGIN. */
typedef enum { WORK_SWEEP, WORK_BOUND, WORK_DESIGN, WORK_PROBLEM, WORK_SEARCH } WorkKind;

enum { DEAL_POLL_US = 1000 }; /* how often to look */

/* ---- rank 0 ---- */

typedef struct {
    /* Up to so many tasks for the rank, each by pack_block; how many, 0: there are none now. */
    int (*deal)(int rank, int most, GByteArray *tasks, void *data);
    /* What a rank has found; false if it cannot be read. */
    bool (*take)(int rank, Unpack *found, void *data);
} DealerOwner;

typedef struct Dealer Dealer;

/* NULL without a ranks, which all that follows takes. */
Dealer *dealer_new(Ranks *ranks, WorkKind kind, const GByteArray *about, const DealerOwner *owner,
                   void *data);
/* Takes what has come and deals. */
void dealer_poll(Dealer *dealer);
/* To all ranks but one; -1: to all. */
void dealer_tell(Dealer *dealer, int but, const void *bytes, gsize n);
/* Ends the work and frees the dealer: `stop`: what is begun is not wanted; takes what still comes.
 * False: not all ranks have come to an end, because one is lost or the run is stopped. */
bool dealer_close(Dealer *dealer, bool stop);

/* ---- another rank ---- */

typedef struct Helper Helper;

/* The work that begins next, `about` being what it is about; NULL: the run has ended. */
Helper *helper_next(Ranks *ranks, WorkKind *kind, Unpack *about);
void helper_free(Helper *helper);

/* By any thread: the next task, to be freed; NULL: there is none any more. */
GBytes *helper_take(Helper *helper);
/* By any thread: something found. */
void helper_give(Helper *helper, const GByteArray *found);

/* Runs so many threads until the work is closed and all have returned; `news` is called by the
 * calling thread, and `tick`, or NULL, each time that it has looked. */
typedef struct {
    int threads;
    bool coarse; /* a task lasts for long: none is asked for before a thread waits for it */
    gpointer (*work)(gpointer worker);
    gpointer *worker; /* one a thread */
    void (*news)(Unpack *news, void *data);
    void (*tick)(void *data);
    void *data;
} HelperRun;
void helper_run(Helper *helper, const HelperRun *run);

/* By the thread that runs them: something found, at once. */
void helper_say(Helper *helper, const GByteArray *found);

/* Says the last, and before that something found; or NULL. */
void helper_end(Helper *helper, const GByteArray *last);

#endif
