/* The distinct cases of a nest and how often each occurs.
 *
 * A unit's run (all steps of its level over one box) starts in some state; the
 * first step depends on all of it, the others only on what the unit has now.  So a
 * level has a list of entries (distinct states) and of bodies (distinct sets of
 * further steps), each step a volume of data and the entries of the level below
 * that its children start.  The lists grow with the number of edges a nest
 * has, not with the layer, and they do not depend on the machine.
 *
 * The steps of a body hang together as windows: see Window. */
#ifndef DCC_ENGINE_CASES_H
#define DCC_ENGINE_CASES_H

#include "engine/flush.h"
#include "engine/list.h"
#include "engine/volumes.h"

typedef struct {
    int64_t in_window; /* in one of the windows that it advances in: see Window */
    int64_t total;     /* over the layer and all units */
    Volumes volumes;
    int kid, n_kids;   /* range in Cases.kid */
    int n_leavers;     /* kids after these, without work: units inside them may give up outputs */
    int window;        /* the outermost of those that it begins; -1: it is alone in them all */
    int stay, n_stays; /* range in Cases.stays, the innermost window first */
    int handed;        /* in Cases.handed: what flat levels inside hand up, one after the other */
    uint64_t arrivals; /* of all links: see Stay */
} Step;

/* The steps of a run at equal counters of the outermost `depth` loops are a window; they begin
 * where the loop before advances and all inside start again.  This is a window less the step that
 * begins it, which is what windows that begin differently have in common: the rest of the window
 * inside it, then, with the loop at `depth` at its second position and on, the windows that these
 * steps begin.  Loops n = 2 x 3, say, steps by their counters:
 *
 *     depth 0, less 00:  01 02 10 11 12        steps: 10         first: the one below
 *     depth 1, less 00:  01 02                 steps: 01 (twice)  first: none
 *
 * and step 10 begins windows of depth 1 (10 11 12) and 2 (10 alone).
 *
 * Rests in which all is equal are one, in whichever body they are; what is inside a window comes
 * before it in the list.  At level 0, which has one body, none are looked for: its steps are those
 * of the layer, each counted for itself. */
typedef struct {
    int64_t times;     /* over the layer and all units */
    int step, n_steps; /* those in which the loop at `depth` advances */
    int first;         /* the rest of the window inside, of depth + 1; -1: nothing is left */
    uint64_t arrivals; /* what arrives in it: see Stay */
} Window;

/* Which arrivals of a step belong to one of the windows that it begins: sets with a bit for each
 * link, way and tensor; link 0 is the level's own, link i that of the i-th level inside. */
typedef struct {
    int window; /* -1: the step alone */
    uint64_t arrivals;
} Stay;

enum { ARRIVALS = TENSORS_MAX + 1, ARRIVAL_OUT = TENSORS_MAX }; /* bits of a link */
_Static_assert(LEVELS_MAX *ARRIVALS <= 64, "a bit for each link, way and tensor");

typedef struct {
    int entry; /* of the level below */
    int64_t count;
} Kid;

typedef struct {
    int64_t times; /* over the layer and all units */
    int step;      /* the first step */
    int body;      /* the others; -1 if there are none */
    UnitState state;
} Entry;

typedef struct {
    int64_t times;
    int window;      /* the run's */
    UnitState state; /* what the steps depend on */
} Body;

/* What the steps of a window's rest depend on. */
typedef struct {
    uint32_t flags;                    /* see body.c */
    uint32_t length[2 * DIMS_MAX + 1]; /* of each dim, what was held of each reduced one, then 0 */
} Standing;

/* What crosses the links of a unit in a run: of the output what goes up, tiles that come in and
 * will go up, and these once for all that work on them at the same time. */
typedef struct {
    int64_t in[TENSORS_MAX], out, stays, once;
} Flow;

/* The layers of a network have few operators, so that the shapes of the last ones are kept. */
typedef struct {
    Operator op;
    Shape shape;
} KeptShape;

enum { SHAPES_KEPT = 4 };

typedef struct {
    LIST(Entry) entries;
    LIST(Body) bodies;
    LIST(Step) steps;
    LIST(Kid) kids;
    LIST(Window) windows;
    LIST(Stay) stays;    /* these two: once windows_find has been called */
    LIST(int) handed;    /* the step of one child, or -1 - the number of a load */
    LIST(Volumes) loads; /* of several children the most of each tensor; only what moves is set */
    bool windows_found;
    Numbers entry_numbers, body_numbers, window_numbers; /* of the level that is being filled */
    LIST(Standing) standings; /* of its windows, if it looks for equal ones */
    int n_levels;
    int window[LEVELS_MAX + 1]; /* level l has windows window[l] .. window[l+1] - 1 */
    int entry[LEVELS_MAX + 1];  /* level l has entries entry[l] .. entry[l+1] - 1 */
    int body[LEVELS_MAX + 1];
    int step[LEVELS_MAX + 1];
    Shape *shape;  /* the layer's, one of `kept_shape` */
    bool finished; /* outputs go to a hierarchy's root once, when they are done */
    bool passing;  /* some tensor passes some units: */
    unsigned char home[LEVELS_MAX + 1][TENSORS_MAX]; /* see cases_home */
    Cluster cluster[LEVELS_MAX];
    Flush flush;
    int64_t pe_steps;       /* steps of the innermost level, over all PEs with work of their own */
    int64_t steps_made;     /* those of the PE that has most */
    double computed;        /* MACs, all copies */
    int64_t copies;         /* how often each MAC is computed: levels that divide nothing */
    bool ragged;            /* a set could not be counted */
    LIST(Flow) runs, rests; /* of each entry and window, once flows_fill has been called */
    KeptShape kept_shape[SHAPES_KEPT];
    int next_shape; /* the one that a new operator takes */
} Cases;

void cases_free(Cases *cases);

/* Prepares the shape alone; the table is then of no nest. */
const Shape *cases_shape(Cases *cases, const Layer *layer);

/* Empties the table, keeping its memory, and prepares shape, cluster and n_levels.  A fresh
 * Cases is all zero. */
void cases_start(Cases *cases, const Layer *layer, const Nest *nest);

/* Fills the table. */
void cases_build(Cases *cases, const Layer *layer);

/* The window of an entry's run, less its first step; -1 if there are no others. */
static inline int cases_rest(const Cases *cases, const Entry *entry)
{
    return entry->body >= 0 ? cases->bodies.item[entry->body].window : -1;
}

/* The nearest depth, from `depth` outwards, whose units hold the tensor. */
static inline int cases_home(const Cases *cases, int depth, int tensor)
{
    return cases->passing ? cases->home[depth][tensor] : depth;
}

/* What a step moves over one of its links, once windows_find has been called if it is not the
 * first. */
static inline const Volumes *cases_volumes(const Cases *cases, const Step *step, int link)
{
    if (link == 0)
        return &step->volumes;
    int at = cases->handed.item[step->handed + link - 1];
    return at >= 0 ? &cases->steps.item[at].volumes : &cases->loads.item[-1 - at];
}

#endif
