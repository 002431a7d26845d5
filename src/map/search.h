/* The mappings of one layer onto one machine that cost least, among those that templates leave
 * open, and how far from the least they can be at most. */
#ifndef DCC_MAP_SEARCH_H
#define DCC_MAP_SEARCH_H

#include <glib.h>

#include "map/bound.h"
#include "ranks/deal.h"
#include "run/entry.h"
#include "run/objective.h"

enum { SEARCH_TOP_MAX = 64 };

/* Where a search stands. */
typedef struct {
    double best;  /* of the objective; infinite if nothing is found */
    double bound; /* nothing that is not looked at yet is below it; 0: not known yet */
    int64_t bounds, evaluated;
} SearchProgress;

/* Whether a mapping that is evaluated may be taken; besides, its buffers must fit. */
typedef bool SearchAdmit(const ReportEntry *entry, void *data);

/* Asked often, by one thread at a time; true ends the search with what it has. */
typedef bool SearchStop(const SearchProgress *progress, void *data);

/* Borrowed for as long as the search runs. */
typedef struct {
    const Layer *layer;
    const Machine *machine;       /* resolved for the layer's operator */
    const Technology *technology; /* or NULL: only runtime can be searched for */
    const Template *const *open;  /* templates, one after the other */
    int n_open;
    const Nest *const *given; /* mappings that are tried first, wherever they come from */
    int n_given;
    const GArray *known; /* of SearchFound: mappings of the space that were found before; or NULL */
    Objective objective; /* RUNTIME, ENERGY or EDP */
    double (*measure)(const ReportEntry *entry, void *data); /* or NULL: what is to be least
                            instead, NAN where it is not known; it has no bound, so that all of
                            the space is looked at */
    Objective within; /* mappings of which this is above `most` are left out; 0: none is */
    double most;
    bool front; /* instead: all of which no other has both less energy and less time */
    Sizes sizes;
    int top; /* how many are kept that differ in more than the order of loops; 0: one */
    int threads;
    bool one_by_one; /* sizes are bounded one at a time, not in ranges: slower, the answer is the
                        same */
    int64_t warm_bounds; /* how far the search goes that begins this one; 0: as serves most */
    int waiting;         /* skeletons that are kept at a time; 0: as serves most.  The answer is the
                            same */
    double gap;          /* it may end once best / bound - 1 is no more than this; with what depends
                            on the threads then */
    SearchAdmit *admit;  /* or NULL */
    bool admits_known;   /* it refuses only what has no figure for the objective */
    SearchStop *stop;    /* or NULL */
    void *data;          /* theirs */
    Ranks *ranks;        /* whose other ranks search too; or NULL */
    int64_t number;      /* by which they know the search */
} SearchRequest;

typedef struct {
    Nest nest;
    double value;      /* of the objective: cycles, pJ, J s; of a front, pJ */
    double pj, cycles; /* pj NAN without a technology */
    int given;         /* this one of the mappings given; -1: it was found */
    int64_t number;    /* in the order of enumeration */
} SearchFound;

typedef struct {
    GArray *found; /* of SearchFound, the best first; of a front, by energy */
    double bound;  /* nothing in the space is below it; 0: not known */
    bool complete; /* all that may be better was looked at */
    bool ties;     /* but not all that is as good, some of which may have a lower product */
    int64_t skeletons, bounds, evaluated;
    int64_t passed_over; /* that have more levels than a nest may have, or no count */
    int64_t refused;     /* evaluated, and not admitted */
} SearchResult;

/* The objective of an entry that is evaluated and costed. */
double search_value(Objective objective, const ReportEntry *entry);

/* To be cleared with search_clear. */
void search_run(const SearchRequest *request, SearchResult *result);
void search_clear(SearchResult *result);

/* In a message, and out of it: false if it cannot be read. */
void search_pack(const SearchResult *result, GByteArray *to);
bool search_unpack(Unpack *from, SearchResult *result);

/* Another rank's part of the search: the same request, but for what is given and known, and what
 * rank 0 says about it after its number. */
void search_help(const SearchRequest *request, Helper *helper, Unpack *about);

#endif
