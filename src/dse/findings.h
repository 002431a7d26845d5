/* What a part of a space has come to; sums of parts do not depend on their order. */
#ifndef DCC_DSE_FINDINGS_H
#define DCC_DSE_FINDINGS_H

#include "ranks/ranks.h"
#include "dse/plane.h"

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

/* So many points lack something, of which so much would do at least. */
void findings_lack(Findings *findings, Lack lack, int64_t points, double least);

/* The smaller of two points; -1: none. */
void findings_first(int64_t *first, int64_t point);

/* In a message, and out of it: false if it is none of a space of so many points. */
void findings_pack(const Findings *findings, GByteArray *to);
bool findings_unpack(Unpack *from, int64_t points, Findings *findings);

/* Adds what others have found; the sum does not depend on the order. */
void findings_merge(Findings *findings, const Findings *other);

#endif
