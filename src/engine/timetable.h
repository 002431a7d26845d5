/* The steps of the cases on a machine: how long each waits for its data, and what must have moved
 * by the end of which window.  With that the time rule (recurrence.h) needs no more of the machine.
 *
 * A load is what one link moves one way.  Its cycles are
 *     hidden(v) = ceil(v / bandwidth), the longest over the link's channels, 1 if it is unlimited,
 * and latency - 1 more where the step waits for them.  Of a sparse layer v is scaled by densities,
 * nothing is rounded up, and a load takes a cycle at least. */
#ifndef DCC_ENGINE_TIMETABLE_H
#define DCC_ENGINE_TIMETABLE_H

#include "engine/cases.h"
#include "ir/machine.h"

/* Makes room for `count` items of a list that is filled by index. */
#define RESERVE(list, count)                                                                       \
    do {                                                                                           \
        if ((list).capacity < (count)) {                                                           \
            (list).capacity = (count) *2;                                                          \
            (list).item = g_realloc_n((list).item, (gsize) (list).capacity, sizeof *(list).item);  \
        }                                                                                          \
    } while (0)

typedef struct {
    int64_t cycles;  /* in Timetable.unit; 0: nothing moves */
    int64_t units;   /* of the link's one channel: elements, or bits */
    double elements; /* density included */
} Load;

/* Of one link: inputs and partial sums come down, results go up. */
typedef struct {
    Load in, out;
} Transfer;

/* What a flat level hands up. */
typedef struct {
    int level;
    Transfer transfer;
} Handed;

/* A window takes at least as long as each of these loads. */
typedef struct {
    int window;   /* -1: the step alone */
    bool latency; /* is part of what the level itself moves */
    Transfer own;
    int handed, n_handed; /* range in Timetable.handed */
} Bound;

typedef struct {
    int64_t times;       /* in its window; in the run where the body is plain */
    int64_t compute;     /* of a PE, or of the slowest kid once that is known */
    int kid, n_kids;     /* whose runs it waits for; none: `compute` is known */
    int bound, n_bounds; /* range in Timetable.bounds, the innermost window first */
    bool waits;          /* for `wait`, way after way */
    Transfer wait;
} TimeStep;

/* Elements, density included, that a link moves in a body, or in its larger part. */
typedef struct {
    double in, out;
} Moved;

typedef struct {
    LIST(TimeStep) steps; /* one for each of Cases.steps */
    LIST(Bound) bounds;
    LIST(Handed) handed;
    LIST(bool)
    plain;             /* of each body: none of its windows but the run takes longer than what
                          is in it, so that its time is the sum of its steps' */
    LIST(Moved) moved; /* of each body, LEVELS_MAX links */
    LIST(Moved) first; /* of the first step of each entry, likewise */
    LIST(int64_t) volumes;
    int64_t unit;  /* times are in 1/unit cycles: 1, but of a sparse layer */
    bool overflow; /* a time does not fit */
} Timetable;

void timetable_free(Timetable *table);

/* Fills the table; sets `overflow` where a time does not fit in `unit`, which the caller sets. */
void timetable_fill(Timetable *table, Cases *cases, const Machine *machine);

/* What goes up from a level at the end of the layer, which waits. */
Load timetable_flush(Timetable *table, const Cases *cases, const Machine *machine, int level);

/* What the step of level 0 alone would wait for. */
Transfer timetable_alone(Timetable *table, const Cases *cases, const Machine *machine,
                         const Step *step);

/* Links of a level on this machine: its own, and those of the flat levels that hand up to it. */
int timetable_links(const Cases *cases, const Machine *machine, int level);

/* Whether a step waits for its data, by the prefetch of its level. */
static inline bool timetable_waits(Prefetch prefetch, bool first_of_run, bool first_of_layer)
{
    return prefetch == PREFETCH_NONE || first_of_layer ||
           (prefetch == PREFETCH_TILE && first_of_run);
}

#endif
