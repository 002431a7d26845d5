/* Enumerates the cases level by level: entries of a level are complete, with their
 * number of occurrences, before the level is walked. */
#include "engine/cases.h"

#include <glib.h>
#include <string.h>

static void grow(void **item, int *capacity, size_t width)
{
    *capacity = *capacity ? *capacity * 2 : 64;
    *item = g_realloc_n(*item, (gsize) *capacity, width);
}

#define APPEND(list)                                                                               \
    (((list).n == (list).capacity                                                                  \
          ? grow((void **) &(list).item, &(list).capacity, sizeof *(list).item)                    \
          : (void) 0),                                                                             \
     &(list).item[(list).n++])

void cases_free(Cases *cases)
{
    g_free(cases->entries.item);
    g_free(cases->bodies.item);
    g_free(cases->steps.item);
    g_free(cases->kids.item);
    g_free(cases->buckets.item);
}

/* ---- finding an equal state --------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t state_hash(const UnitState *state, int n_dims)
{
    uint64_t hash = (uint64_t) (state->psum * 2 + state->first);
    for (int d = 0; d < n_dims; d++) {
        const UnitDim *dim = &state->dim[d];
        hash = mix(hash, (uint64_t) dim->move.now ^ (uint64_t) dim->move.before << 32);
        hash = mix(hash, (uint64_t) dim->move.shift ^ (uint64_t) dim->stay << 32);
    }
    return hash;
}

static bool state_equal(const UnitState *a, const UnitState *b, int n_dims)
{
    return a->psum == b->psum && a->first == b->first &&
           !memcmp(a->dim, b->dim, (size_t) n_dims * sizeof a->dim[0]);
}

/* The bucket where this hash is, or would be; buckets hold 1 + index relative to `base`. */
static void buckets_reset(Cases *cases, int n)
{
    while (cases->buckets.capacity < 4 * (n + 1))
        grow((void **) &cases->buckets.item, &cases->buckets.capacity, sizeof(int));
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
            *entry = (Entry){*state, hash, 0, 0, -1};
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
    *body = (Body){*state, hash, 0, 0, 0};
    return cases->bodies.n - 1;
}

/* ---- one step ------------------------------------------------------------------ */

static void add_step(Cases *cases, int level, const UnitState *parent, const Position *position,
                     int64_t times, int64_t runs)
{
    Group groups[GROUPS_MAX];
    int n_groups;
    bool inner = level + 1 < cases->n_levels;
    Step *step = APPEND(cases->steps);
    step->times = times;
    step->kid = cases->kids.n;
    reuse_step(&cases->shape, &cases->cluster[level], parent, position, inner, &step->volumes,
               groups, &n_groups);
    step->n_kids = n_groups;
    cases->ragged |= step->volumes.ragged;
    for (int g = 0; g < n_groups; g++) {
        int entry = find_entry(cases, &groups[g].state, cases->entry[level + 1]);
        cases->entries.item[entry].times += runs * times * groups[g].count;
        *APPEND(cases->kids) = (Kid){entry, groups[g].count};
    }
}

/* ---- all steps of a body -------------------------------------------------------- */

typedef struct {
    Cases *cases;
    int level;
    const UnitState *parent;
    int64_t runs;
    int n;                      /* loops that take several steps */
    int loop[DIMS_MAX];
    int64_t steps[DIMS_MAX];
    bool uneven[DIMS_MAX];      /* the last step differs */
    bool first_differs[DIMS_MAX]; /* the first one does: no partial sums yet */
    Position position;
} Walk;

static void walk_advance(Walk *w, int k, int64_t step, int64_t times)
{
    w->position.now[w->loop[k]] = step;
    w->position.before[w->loop[k]] = step - 1;
    for (int i = k + 1; i < w->n; i++) {
        w->position.now[w->loop[i]] = 0;
        w->position.before[w->loop[i]] = w->steps[i] - 1;
    }
    add_step(w->cases, w->level, w->parent, &w->position, times, w->runs);
}

static void walk(Walk *w, int k, int64_t times);

static void walk_stay(Walk *w, int k, int64_t step, int64_t times)
{
    w->position.now[w->loop[k]] = w->position.before[w->loop[k]] = step;
    walk(w, k + 1, times);
}

/* The loops outside k stand still: loop k goes on, or stands still too. */
static void walk(Walk *w, int k, int64_t times)
{
    if (k == w->n)
        return;
    int64_t n = w->steps[k], alike = n - w->uneven[k];
    if (alike > 1)
        walk_advance(w, k, 1, times * (alike - 1));
    if (w->uneven[k])
        walk_advance(w, k, n - 1, times);
    if (w->first_differs[k]) {
        walk_stay(w, k, 0, times);
        if (alike > 1)
            walk_stay(w, k, 1, times * (alike - 1));
    } else {
        walk_stay(w, k, 0, times * alike);
    }
    if (w->uneven[k])
        walk_stay(w, k, n - 1, times);
}

static void walk_setup(Walk *w, Cases *cases, int level, const UnitState *parent)
{
    const Cluster *cluster = &cases->cluster[level];
    memset(w, 0, sizeof *w);
    w->cases = cases;
    w->level = level;
    w->parent = parent;
    int last_output = -1;
    for (int k = 0; k < cluster->n_loops; k++) {
        const Loop *loop = &cluster->loop[k];
        int64_t extent = parent->dim[loop->dim].move.now, steps = loop_steps(loop, extent);
        if (steps == 1)
            continue;
        if (loop->output)
            last_output = w->n;
        w->loop[w->n] = k;
        w->steps[w->n] = steps;
        w->uneven[w->n] = loop_uneven(loop, extent);
        w->first_differs[w->n++] = !loop->output && !parent->psum;
    }
    for (int k = last_output < 0 ? 0 : last_output; k < w->n; k++)
        w->first_differs[k] = false; /* the output stands still inside */
}

/* ---- a level --------------------------------------------------------------------- */

/* The state that a run's steps after the first one start from, and whether there are any. */
static bool body_state(const Cases *cases, int level, const UnitState *entry, UnitState *body)
{
    const Cluster *cluster = &cases->cluster[level];
    bool changes = reuse_output_changes(&cases->shape, entry), several = false, output = false;
    for (int k = 0; k < cluster->n_loops; k++)
        if (loop_steps(&cluster->loop[k], entry->dim[cluster->loop[k].dim].move.now) > 1) {
            several = true;
            output |= cluster->loop[k].output;
        }
    if (!several)
        return false;
    memset(body, 0, sizeof *body);
    body->psum = output ? entry->psum : 1; /* asked only where an output tile comes in */
    for (int d = 0; d < cases->shape.n_dims; d++) {
        int64_t now = entry->dim[d].move.now;
        body->dim[d].move = (Move){now, now, 0};
        if (!output && !cases->shape.of_output[d]) /* the children's stay is the unit's */
            body->dim[d].stay = changes ? now : entry->dim[d].stay;
    }
    return true;
}

static void first_step(Cases *cases, int level, int index)
{
    Position position = {{0}, {0}};
    const Cluster *cluster = &cases->cluster[level];
    UnitState state = cases->entries.item[index].state; /* the list may move */
    for (int k = 0; k < cluster->n_loops; k++)
        position.before[k] =
            loop_steps(&cluster->loop[k], state.dim[cluster->loop[k].dim].move.before) - 1;
    int64_t runs = cases->entries.item[index].times;
    cases->entries.item[index].step = cases->steps.n;
    add_step(cases, level, &state, &position, 1, runs);
}

static void build_level(Cases *cases, int level)
{
    int first = cases->entry[level], end = cases->entries.n;
    cases->entry[level + 1] = end;
    cases->body[level] = cases->bodies.n;
    cases->buckets.n = 0; /* the table is the next level's */
    for (int k = first; k < end; k++) {
        UnitState body;
        Entry *entry = &cases->entries.item[k];
        if (body_state(cases, level, &entry->state, &body)) {
            entry->body = find_body(cases, &body, cases->body[level]);
            cases->bodies.item[entry->body].times += entry->times;
        }
        first_step(cases, level, k);
    }
    cases->body[level + 1] = cases->bodies.n;
    for (int k = cases->body[level]; k < cases->body[level + 1]; k++) {
        Walk w;
        UnitState state = cases->bodies.item[k].state;
        walk_setup(&w, cases, level, &state);
        w.runs = cases->bodies.item[k].times;
        cases->bodies.item[k].step = cases->steps.n;
        walk(&w, 0, 1);
        cases->bodies.item[k].n_steps = cases->steps.n - cases->bodies.item[k].step;
    }
}

void cases_start(Cases *cases, const Layer *layer, const Nest *nest)
{
    cases->entries.n = cases->bodies.n = cases->steps.n = cases->kids.n = 0;
    cases->n_levels = nest->n_levels;
    cases->ragged = false;
    cluster_shape(layer, &cases->shape);
    cluster_levels(layer, &cases->shape, nest, cases->cluster);
}

void cases_build(Cases *cases, const Layer *layer)
{
    Entry *root = APPEND(cases->entries);
    memset(root, 0, sizeof *root);
    root->times = 1;
    root->body = -1;
    root->state.first = 1;
    memset(&cases->end, 0, sizeof cases->end);
    for (int d = 0; d < cases->shape.n_dims; d++) {
        int64_t extent = layer->extent[d];
        root->state.dim[d].move.now = extent;
        cases->end.dim[d].move = (Move){extent, extent, 0};
        cases->end.dim[d].stay = extent;
    }
    cases->entry[0] = 0;
    for (int l = 0; l < cases->n_levels; l++)
        build_level(cases, l);
}
