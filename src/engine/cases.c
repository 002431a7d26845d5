/* Enumerates the cases level by level: entries of a level are complete, with their
 * number of occurrences, before the level is walked. */
#include "engine/cases.h"

#include <glib.h>

void cases_grow(void **item, int *capacity, size_t width)
{
    *capacity = *capacity ? *capacity * 2 : 64;
    *item = g_realloc_n(*item, (gsize) *capacity, width);
}

void cases_free(Cases *cases)
{
    g_free(cases->entries.item);
    g_free(cases->bodies.item);
    g_free(cases->steps.item);
    g_free(cases->kids.item);
    g_free(cases->windows.item);
    g_free(cases->stays.item);
    g_free(cases->handed.item);
    g_free(cases->loads.item);
    g_free(cases->buckets.item);
}

/* ---- finding an equal state --------------------------------------------------- */

/* Sums that do not wait for each other. */
static uint64_t state_hash(const UnitState *state, int n_dims)
{
    uint64_t hash = (uint64_t) state->sets << 1 | state->psum, high = 0, factor = 1;
    for (int d = 0; d < n_dims; d++) {
        const UnitDim *dim = &state->dim[d];
        factor += UINT64_C(0x9e3779b97f4a7c14);
        hash += (uint64_t) (dim->move.now + 5 * dim->move.before) * factor;
        high += (uint64_t) (dim->move.shift + 3 * dim->stay) * factor;
    }
    return hash ^ hash >> 32 ^ high >> 16;
}

static bool state_equal(const UnitState *a, const UnitState *b, int n_dims)
{
    return !memcmp(a, b, unit_size(n_dims));
}

/* Empties the table and makes it large enough for n entries.  A bucket holds 1 + the entry's index
 * in its level; 0: free. */
static void buckets_reset(Cases *cases, int n)
{
    while (cases->buckets.capacity < 4 * (n + 1))
        cases_grow((void **) &cases->buckets.item, &cases->buckets.capacity, sizeof(int));
    int size = 64;
    while (size < 4 * (n + 1))
        size *= 2;
    memset(cases->buckets.item, 0, (size_t) size * sizeof(int));
    cases->buckets.n = size;
}

static int find_entry(Cases *cases, const UnitState *state, int base)
{
    int count = cases->entries.n - base;
    uint64_t hash = state_hash(state, cases->shape.n_dims);
    if (cases->buckets.n < 2 * (count + 1)) { /* fill again, larger */
        buckets_reset(cases, count);
        for (int k = 0; k < count; k++) {
            uint64_t at = cases->entries.item[base + k].hash;
            while (cases->buckets.item[at & (uint64_t) (cases->buckets.n - 1)])
                at++;
            cases->buckets.item[at & (uint64_t) (cases->buckets.n - 1)] = k + 1;
        }
    }
    for (uint64_t at = hash;; at++) {
        int *bucket = &cases->buckets.item[at & (uint64_t) (cases->buckets.n - 1)];
        if (!*bucket) {
            Entry *entry = APPEND(cases->entries);
            entry->hash = hash;
            entry->times = 0;
            entry->body = -1;
            unit_copy(&entry->state, state, cases->shape.n_dims);
            *bucket = count + 1;
            return base + count;
        }
        Entry *entry = &cases->entries.item[base + *bucket - 1];
        if (entry->hash == hash && state_equal(&entry->state, state, cases->shape.n_dims))
            return base + *bucket - 1;
    }
}

/* Bodies are few: as many as a level has sizes of parents. */
static int find_body(Cases *cases, const UnitState *state, int base)
{
    uint64_t hash = state_hash(state, cases->shape.n_dims);
    for (int k = base; k < cases->bodies.n; k++)
        if (cases->bodies.item[k].hash == hash &&
            state_equal(&cases->bodies.item[k].state, state, cases->shape.n_dims))
            return k;
    Body *body = APPEND(cases->bodies);
    body->hash = hash;
    body->times = 0;
    unit_copy(&body->state, state, cases->shape.n_dims);
    return cases->bodies.n - 1;
}

/* ---- one step ------------------------------------------------------------------ */

static Step *add_step(Cases *cases, int level, Parent *parent, int64_t times, int64_t runs)
{
    Groups groups;
    bool inner = level + 1 < cases->n_levels;
    int index = cases->steps.n;
    Step *step = APPEND(cases->steps);
    step->times = step->in_window = times;
    step->total = runs * times;
    step->window = -1;
    step->kid = cases->kids.n;
    reuse_step(parent, inner, &step->volumes, &groups);
    step->n_kids = inner ? groups.n : 0;
    cases->pe_steps += inner ? 0 : step->total * step->volumes.working;
    cases->ragged |= step->volumes.ragged;
    for (int g = 0; g < step->n_kids; g++) {
        reuse_select(parent, &groups, g);
        int64_t count = groups.run[g].end - groups.run[g].first;
        int entry = find_entry(cases, &parent->child, cases->entry[level + 1]);
        cases->entries.item[entry].times += step->total * count;
        *APPEND(cases->kids) = (Kid){entry, count};
    }
    if (step->n_kids > 1)
        reuse_select(parent, &groups, 0);
    return &cases->steps.item[index];
}

/* ---- all steps of a body -------------------------------------------------------- */

typedef struct {
    Cases *cases;
    int level;
    Parent *parent;
    int64_t runs;
    int n; /* loops that take several steps */
    int loop[DIMS_MAX];
    int64_t width[DIMS_MAX], steps[DIMS_MAX];
    bool uneven[DIMS_MAX];        /* the last step differs */
    bool first_differs[DIMS_MAX]; /* the first one does: no partial sums yet */
} Walk;

/* Loop k at these steps. */
static void walk_place(Walk *w, int k, int64_t now, int64_t before)
{
    now *= w->width[k];
    before *= w->width[k];
    const Position *position = &w->parent->position;
    int loop = w->loop[k];
    if (position->now[loop] != now || position->before[loop] != before)
        reuse_place(w->parent, loop, now, before);
}

/* Loop k goes on to a step, `here` times in its window. */
static void walk_advance(Walk *w, int k, int64_t at, int64_t times, int64_t here)
{
    walk_place(w, k, at, at - 1);
    for (int i = k + 1; i < w->n; i++)
        walk_place(w, i, 0, w->steps[i] - 1);
    add_step(w->cases, w->level, w->parent, times * here, w->runs)->in_window = here;
}

static int walk(Walk *w, int k, int64_t times);

/* Loop k stands still; the window inside, less its first step. */
static int walk_stay(Walk *w, int k, int64_t at, int64_t times)
{
    if (k + 1 == w->n)
        return -1; /* all would stand still */
    walk_place(w, k, at, at);
    return walk(w, k + 1, times);
}

/* The loops outside k stand still, so many times: loop k goes on, or stands still too. */
static int walk(Walk *w, int k, int64_t times)
{
    Cases *cases = w->cases;
    int64_t n = w->steps[k], alike = n - w->uneven[k];
    int index = cases->windows.n, step = cases->steps.n, first, next = -1, last = -1;
    *APPEND(cases->windows) = (Window){.step = step};
    if (alike > 1)
        walk_advance(w, k, 1, times, alike - 1);
    if (w->uneven[k])
        walk_advance(w, k, n - 1, times, 1);
    int n_steps = cases->steps.n - step;
    if (w->first_differs[k]) {
        first = walk_stay(w, k, 0, times);
        if (alike > 1)
            next = walk_stay(w, k, 1, times * (alike - 1));
    } else {
        first = next = walk_stay(w, k, 0, times * alike);
    }
    if (w->uneven[k])
        last = walk_stay(w, k, n - 1, times);
    cases->windows.item[index].n_steps = n_steps;
    cases->windows.item[index].first = first;
    if (alike > 1)
        cases->steps.item[step].window = next;
    if (w->uneven[k])
        cases->steps.item[step + n_steps - 1].window = last;
    return index;
}

static void walk_setup(Walk *w, Cases *cases, int level, Parent *parent, int64_t runs)
{
    const Cluster *cluster = parent->cluster;
    int last_output = -1;
    w->cases = cases;
    w->level = level;
    w->parent = parent;
    w->runs = runs;
    w->n = 0;
    for (int k = 0; k < cluster->n_loops; k++) {
        const Loop *loop = &cluster->loop[k];
        int64_t extent = parent->unit->dim[loop->dim].move.now;
        if (!loop_several(loop, extent)) {
            reuse_place(parent, k, 0, 0);
            continue;
        }
        if (loop->output)
            last_output = w->n;
        parent->position.now[k] = -1; /* nowhere */
        w->loop[w->n] = k;
        w->width[w->n] = loop->width;
        w->steps[w->n] = loop_steps(loop, extent);
        w->uneven[w->n] = w->steps[w->n] * loop->width != extent;
        w->first_differs[w->n++] = !loop->output && !parent->unit->psum;
    }
    for (int k = last_output < 0 ? 0 : last_output; k < w->n; k++)
        w->first_differs[k] = false; /* the output stands still inside */
}

/* ---- a level --------------------------------------------------------------------- */

/* The state that a run's steps after the first one start from, and whether there are any. */
static bool body_state(const Parent *parent, UnitState *body)
{
    const Cluster *cluster = parent->cluster;
    const UnitState *unit = parent->unit;
    bool several = false, output = parent->last_now >= 0;
    bool changes = unit_dims(unit, MOVED, parent->shape->of_output);
    unsigned edge = unit_dims(unit, EDGE, parent->shape->all);
    for (int k = 0; k < cluster->n_loops && !several; k++) {
        const Loop *loop = &cluster->loop[k];
        several = loop_several(loop, unit->dim[loop->dim].move.now);
    }
    if (!several)
        return false;
    body->sets = edge << EDGE | edge << WAS_EDGE;
    body->psum = output ? unit->psum : 1; /* asked only where an output tile comes in */
    body->first = 0;
    for (int d = 0; d < parent->shape->n_dims; d++) {
        const UnitDim *dim = &unit->dim[d];
        body->dim[d] = (UnitDim){{dim->move.now, dim->move.now, 0}, 0};
        if (!output && !(parent->shape->of_output >> d & 1)) /* the children's stay is the unit's */
            body->dim[d].stay = changes ? dim->move.now : dim->stay;
    }
    return true;
}

static void build_entry(Cases *cases, int level, int index)
{
    while (cases->entries.capacity < cases->entries.n + GROUPS_MAX) /* the list stays where it is */
        cases_grow((void **) &cases->entries.item, &cases->entries.capacity, sizeof(Entry));
    Entry *entry = &cases->entries.item[index];
    UnitState body;
    Parent parent;
    reuse_parent(&cases->shape, &cases->cluster[level], &entry->state, &parent);
    reuse_first(&parent);
    if (body_state(&parent, &body)) {
        entry->body = find_body(cases, &body, cases->body[level]);
        cases->bodies.item[entry->body].times += entry->times;
    }
    entry->step = cases->steps.n;
    add_step(cases, level, &parent, 1, entry->times);
}

static void build_body(Cases *cases, int level, Body *body)
{
    Walk w;
    Parent parent;
    reuse_parent(&cases->shape, &cases->cluster[level], &body->state, &parent);
    walk_setup(&w, cases, level, &parent, body->times);
    body->step = cases->steps.n;
    body->window = walk(&w, 0, 1);
    body->n_steps = cases->steps.n - body->step;
    body->n_windows = cases->windows.n - body->window;
}

static void build_level(Cases *cases, int level)
{
    int first = cases->entry[level], end = cases->entries.n;
    cases->step[level] = cases->steps.n;
    cases->entry[level + 1] = end;
    cases->body[level] = cases->bodies.n;
    cases->window[level] = cases->windows.n;
    cases->buckets.n = 0; /* the table is the next level's */
    for (int k = first; k < end; k++)
        build_entry(cases, level, k);
    cases->body[level + 1] = cases->bodies.n;
    for (int k = cases->body[level]; k < cases->body[level + 1]; k++)
        build_body(cases, level, &cases->bodies.item[k]);
    cases->step[level + 1] = cases->steps.n;
    cases->window[level + 1] = cases->windows.n;
}

/* ---- compute steps ----------------------------------------------------------------- */

/* Of so many occurrences of a step: those of the child that has most. */
static int64_t steps_of(const Cases *cases, const Step *step)
{
    int64_t most = step->n_kids ? 0 : 1;
    for (int k = step->kid; k < step->kid + step->n_kids; k++)
        most = max64(most, cases->entries.item[cases->kids.item[k].entry].steps);
    return most;
}

/* The compute steps of every run, from the innermost level out.  They fit: each has a MAC. */
static void count_steps(Cases *cases)
{
    for (int l = cases->n_levels - 1; l >= 0; l--) {
        for (int b = cases->body[l]; b < cases->body[l + 1]; b++) {
            Body *body = &cases->bodies.item[b];
            body->steps = 0;
            for (int s = body->step; s < body->step + body->n_steps; s++)
                body->steps += cases->steps.item[s].times * steps_of(cases, &cases->steps.item[s]);
        }
        for (int e = cases->entry[l]; e < cases->entry[l + 1]; e++) {
            Entry *entry = &cases->entries.item[e];
            entry->steps = steps_of(cases, &cases->steps.item[entry->step]) +
                           (entry->body >= 0 ? cases->bodies.item[entry->body].steps : 0);
        }
    }
}

/* ---- the last flush -------------------------------------------------------------- */

/* What the unit's children still hold goes up, and what theirs do before that. */
static void build_flush(Cases *cases, int level, const UnitState *unit)
{
    Parent parent;
    Groups groups;
    int64_t shared, each;
    reuse_parent(&cases->shape, &cases->cluster[level], unit, &parent);
    reuse_last(&parent);
    reuse_leave(&parent, &shared, &each);
    cases->left_shared[level] = max64(cases->left_shared[level], shared);
    cases->left_each[level] = max64(cases->left_each[level], each);
    if (level + 1 == cases->n_levels)
        return;
    reuse_holders(&parent, &groups);
    for (int g = 0; g < groups.n; g++) {
        reuse_select(&parent, &groups, g);
        build_flush(cases, level + 1, &parent.child);
    }
}

/* Bytes that mean nothing may differ; then the shape is only made again. */
static bool same_operator(const Operator *a, const Operator *b)
{
    size_t head = offsetof(Operator, tensor);
    return !memcmp(a, b, head + (size_t) b->n_tensors * sizeof *b->tensor) &&
           a->output == b->output;
}

const Shape *cases_shape(Cases *cases, const Layer *layer)
{
    if (!same_operator(&cases->op, &layer->op)) { /* the layers of a network have few operators */
        cases->op = layer->op;
        cluster_shape(layer, &cases->shape);
    }
    cluster_density(layer, &cases->shape);
    return &cases->shape;
}

void cases_start(Cases *cases, const Layer *layer, const Nest *nest)
{
    cases->entries.n = cases->bodies.n = cases->steps.n = cases->kids.n = 0;
    cases->windows.n = cases->stays.n = cases->handed.n = cases->loads.n = 0;
    cases->windows_found = false;
    cases->copies = 1;
    cases->n_levels = nest->n_levels;
    cases->pe_steps = 0;
    cases->ragged = false;
    cases_shape(cases, layer);
    cluster_levels(layer, &cases->shape, nest, cases->cluster);
}

void cases_build(Cases *cases, const Layer *layer)
{
    const Shape *shape = &cases->shape;
    unsigned all = shape->all;
    Entry *root = APPEND(cases->entries);
    UnitState end;
    root->times = 1;
    root->body = -1;
    root->state.sets = all << MOVED | all << WAS_EDGE;
    root->state.psum = 0;
    root->state.first = 1;
    end.sets = 0;
    end.psum = end.first = 0;
    for (int d = 0; d < shape->n_dims; d++) {
        int64_t extent = layer->extent[d];
        root->state.dim[d] = (UnitDim){{extent, 0, 0}, 0};
        end.dim[d] = (UnitDim){{extent, extent, 0}, shape->of_output >> d & 1 ? 0 : extent};
    }
    cases->entry[0] = 0;
    cases->computed = 1;
    for (int d = 0; d < shape->n_dims; d++)
        cases->computed *= (double) layer->extent[d];
    for (int l = 0; l < cases->n_levels; l++) {
        cases->left_shared[l] = cases->left_each[l] = 0;
        build_level(cases, l);
        cases->copies *= cases->cluster[l].alike;
    }
    cases->pe_steps /= cases->copies;
    cases->computed *= (double) cases->copies;
    count_steps(cases);
    build_flush(cases, 0, &end);
}
