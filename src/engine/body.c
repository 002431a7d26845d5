/* Loop by loop from the outermost: where it goes on, and what is inside where it stands.
 *
 * What is inside where the loops outside k stand, less its first step, depends on
 *     of a loop outside, and of a dim without steps: what the children have of it
 *     of loop k and those inside: what the unit has
 *     likewise of what was held of the reduced dims
 *     whether partial sums come to other units
 *     where the output changes, whether it has been worked on before, and by anybody at all
 * and nothing else, so that windows of which all this is equal are one. */
#include "engine/body.h"

#include "engine/steps.h"

/* Standing.flags, from the loop's number on. */
enum { STANDING_SEEN = 1 << 8, STANDING_DENIED = 1 << 9, STANDING_IDLE = 1 << 10 };

typedef struct {
    Cases *cases;
    int level;
    Parent *parent;
    bool shares; /* looks for equal windows */
    int n;       /* loops that take several steps */
    int loop[DIMS_MAX];
    int64_t steps[DIMS_MAX];
    LoopPlace at[DIMS_MAX];
    unsigned known[DIMS_MAX]; /* what has been placed before, a bit for each place */
    Placed placed[DIMS_MAX][PLACES];
    Split split[PLACES];          /* of the loop over the children */
    bool uneven[DIMS_MAX];        /* the last step differs */
    bool first_differs[DIMS_MAX]; /* the first one does: no partial sums yet */
    Standing standing;            /* its lengths are up to date */
    size_t standing_size;
    int last_output;    /* the last loop of the output's; -1: the children keep their tile */
    unsigned divided;   /* dims of which it matters how much was held, not whether anything was */
    int held[DIMS_MAX]; /* of a reduced dim: where it is in standing.length; 0 of others */
} Walk;

/* ---- places ---- */

static inline void walk_place(Walk *w, int k, LoopPlace place)
{
    if (w->at[k] == place)
        return;
    w->at[k] = place;
    if (!(w->known[k] >> place & 1)) {
        w->known[k] |= 1u << place;
        children_find(w->parent, w->loop[k], place, &w->placed[k][place], &w->split[place]);
    }
    children_place(w->parent, w->loop[k], place, &w->placed[k][place], &w->split[place]);
}

/* Loop k goes on to a step, so many times. */
static void walk_advance(Walk *w, int k, LoopPlace place, int64_t times)
{
    walk_place(w, k, place);
    for (int i = k + 1; i < w->n; i++)
        walk_place(w, i, PLACE_WRAP);
    steps_add(w->cases, w->level, w->parent, times);
}

/* ---- equal windows ---- */

static inline void set_held(Walk *w, int d, int64_t held)
{
    if (w->held[d])
        w->standing.length[w->held[d]] = (uint32_t) (w->divided >> d & 1 ? held : held > 0);
}

/* What the children have of the dim of a loop that stands. */
static inline void stand(Walk *w, int loop)
{
    const Parent *parent = w->parent;
    int d = parent->cluster->loop[loop].dim;
    bool split = loop == parent->cluster->spatial;
    const UnitDim *dim = &parent->child.dim[d];
    w->standing.length[d] = (uint32_t) (split ? parent->split->covered : dim->move.now);
    set_held(w, d, split ? parent->split->held_covered : dim->held);
}

/* What the unit has of it. */
static inline void unstand(Walk *w, int loop)
{
    const Parent *parent = w->parent;
    int d = parent->cluster->loop[loop].dim;
    w->standing.length[d] = (uint32_t) parent->unit->dim[d].move.now;
    set_held(w, d, children_held(parent, d));
}

static uint32_t standing_flags(const Walk *w, int k, bool seen)
{
    const Parent *parent = w->parent;
    uint32_t flags = (uint32_t) w->loop[k];
    flags |= parent->unit->psum & DENIED ? STANDING_DENIED : 0;
    if (k <= w->last_output || !children_hold_output(parent)) {
        flags |= seen ? STANDING_SEEN : 0;
        flags |= parent->idle ? STANDING_IDLE : 0;
    }
    return flags;
}

static uint64_t standing_hash(const Walk *w)
{
    const char *bytes = (const char *) &w->standing;
    uint64_t hash = 0, word;
    for (size_t i = 0; i < w->standing_size; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        hash = (hash ^ hash >> 32 ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return hash ^ hash >> 32;
}

static int find_window(const Walk *w, uint64_t hash)
{
    const Cases *cases = w->cases;
    int number = numbers_find(&cases->window_numbers, hash, &w->standing, w->standing_size,
                              cases->standings.item, sizeof(Standing));
    return number < 0 ? -1 : cases->window[w->level] + number;
}

static int add_window(Walk *w, Window window, uint32_t flags, uint64_t hash)
{
    Cases *cases = w->cases;
    if (w->shares) {
        w->standing.flags = flags;
        numbers_add(&cases->window_numbers, hash);
        memcpy(APPEND(cases->standings), &w->standing, w->standing_size);
    }
    *APPEND(cases->windows) = window;
    return cases->windows.n - 1;
}

/* ---- windows ---- */

static int walk(Walk *w, int k);

/* Loop k stands still; the window inside, less its first step. */
static int walk_stay(Walk *w, int k, LoopPlace place)
{
    if (k + 1 == w->n)
        return -1; /* all would stand still */
    walk_place(w, k, place);
    if (w->shares)
        stand(w, w->loop[k]);
    return walk(w, k + 1);
}

/* Whether the output has partial sums further out wherever loop k is: the unit has worked on it
 * before, or at an earlier step of a loop outside. */
static bool seen_outside(const Walk *w, int k)
{
    const Parent *parent = w->parent;
    return parent->unit->psum & SEEN || parent->away & parent->around & ((1u << w->loop[k]) - 1);
}

/* What is inside where loop k stands, in the steps `step` .. steps.n - 1 of which it goes on. */
static int walk_inside(Walk *w, int k, int step, bool seen)
{
    Cases *cases = w->cases;
    int end = cases->steps.n;
    int64_t alike = w->steps[k] - w->uneven[k];
    int first = walk_stay(w, k, PLACE_FIRST), next = first, last = -1;
    if (alike > 1 && w->first_differs[k] && !seen)
        next = walk_stay(w, k, PLACE_NEXT);
    if (w->uneven[k])
        last = walk_stay(w, k, PLACE_LAST);
    if (w->shares)
        unstand(w, w->loop[k]);
    if (alike > 1)
        cases->steps.item[step].window = next;
    if (w->uneven[k])
        cases->steps.item[end - 1].window = last;
    return first;
}

/* The loops outside k stand still: loop k goes on, or stands still too. */
static int walk(Walk *w, int k)
{
    Cases *cases = w->cases;
    bool seen = seen_outside(w, k);
    uint32_t flags = 0;
    uint64_t hash = 0;
    if (w->shares) {
        flags = w->standing.flags = standing_flags(w, k, seen);
        hash = standing_hash(w);
        int found = find_window(w, hash);
        if (found >= 0)
            return found;
    }
    int64_t alike = w->steps[k] - w->uneven[k];
    int step = cases->steps.n;
    if (alike > 1)
        walk_advance(w, k, PLACE_ADVANCE, alike - 1);
    if (w->uneven[k])
        walk_advance(w, k, PLACE_ADVANCE_LAST, 1);
    Window window = {.step = step, .n_steps = cases->steps.n - step};
    window.first = walk_inside(w, k, step, seen);
    return add_window(w, window, flags, hash);
}

/* ---- a body ---- */

static void walk_loop(Walk *w, int k)
{
    const Loop *loop = &w->parent->cluster->loop[k];
    int64_t extent = w->parent->unit->dim[loop->dim].move.now;
    if (!loop_several(loop, extent)) {
        children_enter(w->parent, k, PLACE_FIRST);
        if (w->shares)
            stand(w, k);
        return;
    }
    w->at[w->n] = PLACES; /* nowhere */
    w->known[w->n] = 0;
    w->loop[w->n] = k;
    w->steps[w->n] = loop_steps(loop, extent);
    w->uneven[w->n] = w->steps[w->n] * loop->width != extent;
    w->first_differs[w->n++] = !loop->output && !(w->parent->unit->psum & SEEN);
}

/* Of all dims as if no loop stood. */
static void start_standing(Walk *w)
{
    const Shape *shape = w->parent->shape;
    const UnitState *child = &w->parent->child;
    w->standing_size = sizeof(uint32_t) * (size_t) (1 + shape->n_dims + shape->n_reduced);
    for (int d = 0; d < shape->n_dims; d++) {
        w->standing.length[d] = (uint32_t) child->dim[d].move.now;
        w->held[d] = 0;
    }
    w->standing.length[shape->n_dims + shape->n_reduced] = 0;
    for (int k = 0; k < shape->n_reduced; k++) {
        int d = shape->reduced[k];
        w->held[d] = shape->n_dims + k;
        set_held(w, d, child->dim[d].held);
    }
}

static unsigned divided_dims(const Cluster *cluster)
{
    int k = cluster->spatial;
    return cluster->inside | (k >= 0 ? 1u << cluster->loop[k].dim : 0);
}

static void walk_setup(Walk *w, Cases *cases, int level, Parent *parent)
{
    const Cluster *cluster = parent->cluster;
    w->cases = cases;
    w->level = level;
    w->parent = parent;
    w->shares = level > 0 && !cluster->even; /* else there are hardly any */
    w->divided = divided_dims(cluster);
    w->last_output = -1;
    w->n = 0;
    if (w->shares)
        start_standing(w);
    for (int k = 0; k < cluster->n_loops; k++)
        walk_loop(w, k);
    for (int k = 0; k < w->n; k++)
        if (cluster->loop[w->loop[k]].output)
            w->last_output = k;
    for (int k = w->last_output < 0 ? 0 : w->last_output; k < w->n && children_hold_output(parent);
         k++)
        w->first_differs[k] = false; /* the output stands still inside */
}

int walk_body(Cases *cases, int level, const UnitState *body)
{
    Parent parent;
    Walk w;
    children_start(cases->shape, &cases->cluster[level], body, &parent);
    walk_setup(&w, cases, level, &parent);
    return walk(&w, 0);
}
