/* What the files of a walk over mapped designs have in common; nobody else includes this. */
#ifndef DCC_DSE_MAPPED_PARTS_H
#define DCC_DSE_MAPPED_PARTS_H

#include "dse/mapdesign.h"
#include "dse/mapped.h"

/* A design that is looked at. */
typedef struct {
    int64_t point;
    double bound; /* INFINITY: there is nothing to look for */
} Candidate;

/* What has come of one. */
typedef enum { OUTCOME_ILLEGAL, OUTCOME_OVER, OUTCOME_BOUND, OUTCOME_SEARCHED } OutcomeKind;

typedef struct {
    OutcomeKind kind;
    Least least;            /* of one that is over the budgets */
    double bound;           /* of one that is bounded, or that was searched */
    MapDesignStatus status; /* of one that was searched, and on */
    Point point;            /* its index alone, or all but the mapping */
    unsigned lacks;         /* what is in the way, and what would do */
    double lack[LACKS];
    char *text; /* the mapping, owned; or NULL */
} Outcome;

/* What the threads share. */
typedef struct {
    const Study *study;
    const SweepOptions *options;
    GPtrArray *starts;
    Candidate *candidate; /* in the order in which they are taken */
    int64_t n;
    GMutex lock; /* of what follows */
    GCond changed;
    int64_t next; /* of them */
    int running;  /* threads */
    Findings *found;
    double best;    /* of the objective; INFINITY: none */
    double bound;   /* the least of those that were searched */
    GString **rows; /* by point, done but not written; NULL: none are wanted */
    bool *done;
    int64_t turn;   /* the point whose row is next */
    Dealer *dealer; /* of rank 0, if there are others, which know this best: */
    double told;
    Helper *helper; /* of another rank; it has no candidates */
    WorkKind kind;  /* what is done with them */
} Run;

/* Bounds or searches the design of a point; false: the study was stopped meanwhile. */
bool mapped_look(Run *run, int64_t point, Outcome *outcome);
/* Counts what came of a candidate; with the lock. */
void mapped_note(Run *run, Candidate *candidate, const Outcome *outcome);
/* The next candidate; NULL: there is none that may be of use.  With the lock. */
Candidate *mapped_next(Run *run);

/* ---- other ranks ---- */

/* Rank 0: they take candidates from now on; they know the best; they are done. */
void mapped_deal(Run *run);
void mapped_tell_best(Run *run);
void mapped_deal_end(Run *run);

#endif
