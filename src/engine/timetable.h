/* The steps of the cases on a machine: how long each waits for its data, and what must have moved
 * by the end of which window.  With that the time rule (recurrence.h) needs no more of the machine.
 *
 * A load is what one link moves one way.  Its cycles are
 *     hidden(v) = ceil(v / bandwidth), the longest over the link's channels, 1 if it is unlimited,
 * and latency - 1 more where the step waits for them.  Of a sparse layer v is scaled by densities,
 * nothing is rounded up, and a load takes a cycle at least. */
#ifndef DCC_ENGINE_TIMETABLE_H
#define DCC_ENGINE_TIMETABLE_H

#include "engine/link.h"

/* What a flat level hands up. */
typedef struct {
    int level;
    Transfer transfer;
} Handed;

/* A window that a step begins takes at least as long as each of these loads. */
typedef struct {
    int window;
    int handed, n_handed; /* range in Timetable.handed */
    Transfer own;
} Bound;

typedef struct {
    int64_t times;        /* in the run, of a step of level 0 */
    int64_t compute;      /* of a PE, or of the slowest kid once that is known */
    int kid, n_kids;      /* whose runs it waits for; none: `compute` is known */
    int handed, n_handed; /* range in Timetable.handed: what binds the step alone */
    int bound, n_bounds;  /* range in Timetable.bounds: larger windows, the innermost first */
    bool waits;           /* for `own`, way after way; else that binds the step alone */
    bool latency;         /* is part of it */
    Transfer own;
} TimeStep;

typedef struct {
    LIST(TimeStep) steps; /* one for each of Cases.steps */
    LIST(Bound) bounds;
    LIST(Handed) handed;
    bool plain;        /* no window of level 0 but the run takes longer than what is in it, so that
                          its time is the sum of its steps' */
    LIST(Moved) moved; /* of each body, LEVELS_MAX links */
    LIST(Moved) first; /* of the first step of each entry, likewise */
    LIST(int64_t) volumes;
    Links links;
} Timetable;

void timetable_free(Timetable *table);

/* Fills the table; sets `overflow` where a time does not fit in `unit`, which the caller sets. */
void timetable_fill(Timetable *table, Cases *cases, const Machine *machine);

/* After timetable_fill for a machine that is the same but for what bounds the root: fills again
 * what that touches, the steps of level 0 and the layer's first steps. */
void timetable_root(Timetable *table, const Cases *cases, const Machine *machine);

/* What goes up from a level at the end of the layer, which waits. */
Load timetable_flush(Timetable *table, const Cases *cases, int level);

/* What the step of level 0 alone would wait for. */
Transfer timetable_alone(Timetable *table, const Step *step);

/* Links of a level: its own, and those of the flat levels that hand up to it. */
static inline int timetable_links(const Timetable *table, const Cases *cases, int level)
{
    int links = 1;
    while (level + links < cases->n_levels && table->links.link[level + links].flat)
        links++;
    return links;
}

/* Whether a step waits for its data, by the prefetch of its level. */
static inline bool timetable_waits(Prefetch prefetch, bool first_of_run, bool first_of_layer)
{
    return prefetch == PREFETCH_NONE || first_of_layer ||
           (prefetch == PREFETCH_TILE && first_of_run);
}

#endif
