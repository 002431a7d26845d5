/* Enumerates the cases level by level: entries of a level are complete, with their number of
 * occurrences, before the level is walked.
 *
 * By hand, the example of unit.c: the array has one entry, one body, and seven cases of a step.  Of
 * C the first step is apart, as no partial sums come in yet.
 *
 *     loop that goes on    C is at        times
 *     none (the entry)     first          1
 *     K                    first          1
 *     C                    second on     14 = 2 * 7
 *     Y'                   first         30 = 2 * 15
 *     X'                   first        480 = 2 * 16 * 15
 *     Y'                   second on    210 = 2 * 7 * 15
 *     X'                   second on   3360 = 2 * 7 * 16 * 15
 *     together                         4096 = 2 * 8 * 16 * 16
 *
 * With the volumes of volumes.c: the window's 9 elements come in 1 + 1 + 14 + 30 + 210 = 256 times
 * and 3 of them 480 + 3360 = 3840 times, 13824 reads of I; 144 weights come in 16 times, 2304
 * reads; 16 partial sums come in 14 + 210 + 3360 = 3584 times, 57344 reads; 16 outputs go up 4095
 * times and after the last step, 65536 writes. */
#include "engine/cases.h"

#include <glib.h>
#include <string.h>

#include "ir/hierarchy.h"

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
    g_free(cases->runs.item);
    unit_table_free(&cases->entry_table);
    unit_table_free(&cases->body_table);
}

/* The entry of the level that begins at `base`, and the body. */
static int find_entry(Cases *cases, const UnitState *state, int base)
{
    int n_dims = cases->shape.n_dims;
    ROOM(cases->entries); /* an empty list has a place where it begins */
    int index = base + unit_table_find(&cases->entry_table, state, n_dims,
                                       &cases->entries.item[base].state, sizeof(Entry));
    if (index == cases->entries.n) {
        Entry *entry = APPEND(cases->entries);
        entry->times = 0;
        entry->body = -1;
        unit_copy(&entry->state, state, n_dims);
    }
    return index;
}

static int find_body(Cases *cases, const UnitState *state, int base)
{
    int n_dims = cases->shape.n_dims;
    ROOM(cases->bodies);
    int index = base + unit_table_find(&cases->body_table, state, n_dims,
                                       &cases->bodies.item[base].state, sizeof(Body));
    if (index == cases->bodies.n) {
        Body *body = APPEND(cases->bodies);
        body->times = 0;
        unit_copy(&body->state, state, n_dims);
    }
    return index;
}

/* ---- one step ------------------------------------------------------------------ */

static void add_group(Cases *cases, int level, Parent *parent, const ChildGroup *group,
                      int64_t times)
{
    children_select(parent, group);
    int entry = find_entry(cases, &parent->child, cases->entry[level + 1]);
    cases->entries.item[entry].times += times * group->count;
    *APPEND(cases->kids) = (Kid){entry, group->count};
}

/* Where the output passes the children, those that have no work count too. */
static void add_all_kids(Cases *cases, int level, Parent *parent, Step *step)
{
    ChildGroup group[CHILD_GROUPS_MAX], leaver[CHILD_GROUPS_MAX];
    const Loop *loop = children_loop(parent);
    UnitDim first = parent->child.dim[loop ? loop->dim : 0];
    uint32_t sets = parent->child.sets;
    step->n_kids = children_groups(parent, group);
    step->n_leavers = children_leavers(parent, leaver);
    for (int g = 0; g < step->n_kids; g++)
        add_group(cases, level, parent, &group[g], step->total);
    for (int g = 0; g < step->n_leavers; g++)
        add_group(cases, level, parent, &leaver[g], 0);
    if (loop) { /* the steps ask for the first child */
        parent->child.dim[loop->dim] = first;
        parent->child.sets = sets;
    }
}

static void add_kids(Cases *cases, int level, Parent *parent, Step *step)
{
    ChildGroup group[CHILD_GROUPS_MAX];
    step->n_kids = children_groups(parent, group);
    for (int g = 0; g < step->n_kids; g++)
        add_group(cases, level, parent, &group[g], step->total);
    if (step->n_kids > 1)
        children_select(parent, &group[0]);
}

/* The children of the last level are PEs, whose runs have no steps. */
static void add_pes(Cases *cases, const Parent *parent, Step *step)
{
    cases->pe_steps += step->total * step->volumes.working;
    if (parent->cluster->passes)
        volumes_stream(parent, &step->volumes);
}

static Step *add_step(Cases *cases, int level, Parent *parent, int64_t times, int64_t runs)
{
    Step *step = APPEND(cases->steps);
    step->times = step->in_window = times;
    step->total = runs * times;
    step->window = -1;
    step->kid = cases->kids.n;
    step->n_kids = step->n_leavers = 0;
    volumes_count(parent, &step->volumes);
    cases->ragged |= step->volumes.ragged;
    if (level + 1 == cases->n_levels)
        add_pes(cases, parent, step);
    else if (children_hold_output(parent))
        add_kids(cases, level, parent, step);
    else
        add_all_kids(cases, level, parent, step);
    return step;
}

/* ---- all steps of a body -------------------------------------------------------- */

typedef struct {
    Cases *cases;
    int level;
    Parent *parent;
    int64_t runs;
    int n; /* loops that take several steps */
    int loop[DIMS_MAX];
    int64_t steps[DIMS_MAX];
    LoopPlace at[DIMS_MAX];
    unsigned known[DIMS_MAX]; /* what has been placed before, a bit for each place */
    Placed placed[DIMS_MAX][PLACES];
    Split split[PLACES];          /* of the loop over the children */
    bool uneven[DIMS_MAX];        /* the last step differs */
    bool first_differs[DIMS_MAX]; /* the first one does: no partial sums yet */
} Walk;

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

/* Loop k goes on to a step, `here` times in its window. */
static void walk_advance(Walk *w, int k, LoopPlace place, int64_t times, int64_t here)
{
    walk_place(w, k, place);
    for (int i = k + 1; i < w->n; i++)
        walk_place(w, i, PLACE_WRAP);
    add_step(w->cases, w->level, w->parent, times * here, w->runs)->in_window = here;
}

static int walk(Walk *w, int k, int64_t times);

/* Loop k stands still; the window inside, less its first step. */
static int walk_stay(Walk *w, int k, LoopPlace place, int64_t times)
{
    if (k + 1 == w->n)
        return -1; /* all would stand still */
    walk_place(w, k, place);
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
        walk_advance(w, k, PLACE_ADVANCE, times, alike - 1);
    if (w->uneven[k])
        walk_advance(w, k, PLACE_ADVANCE_LAST, times, 1);
    int n_steps = cases->steps.n - step;
    if (w->first_differs[k]) {
        first = walk_stay(w, k, PLACE_FIRST, times);
        if (alike > 1)
            next = walk_stay(w, k, PLACE_NEXT, times * (alike - 1));
    } else {
        first = next = walk_stay(w, k, PLACE_FIRST, times * alike);
    }
    if (w->uneven[k])
        last = walk_stay(w, k, PLACE_LAST, times);
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
            children_enter(parent, k, PLACE_FIRST);
            continue;
        }
        if (loop->output)
            last_output = w->n;
        w->at[w->n] = PLACES; /* nowhere */
        w->known[w->n] = 0;
        w->loop[w->n] = k;
        w->steps[w->n] = loop_steps(loop, extent);
        w->uneven[w->n] = w->steps[w->n] * loop->width != extent;
        w->first_differs[w->n++] = !loop->output && !(parent->unit->psum & SEEN);
    }
    for (int k = last_output < 0 ? 0 : last_output; k < w->n && children_hold_output(parent); k++)
        w->first_differs[k] = false; /* the output stands still inside */
}

/* ---- a level --------------------------------------------------------------------- */

/* The state that a run's steps after the first one start from, and whether there are any. */
static bool body_state(const Parent *parent, UnitState *body)
{
    const Cluster *cluster = parent->cluster;
    const UnitState *unit = parent->unit;
    bool several = false, output = parent->last_now >= 0;
    bool change = unit_dims(unit, MOVED, parent->shape->of_output);
    unsigned edge = unit_dims(unit, EDGE, parent->shape->all);
    for (int k = 0; k < cluster->n_loops && !several; k++) {
        const Loop *loop = &cluster->loop[k];
        several = loop_several(loop, unit->dim[loop->dim].move.now);
    }
    if (!several)
        return false;
    body->sets = edge << EDGE | edge << WAS_EDGE;
    body->first = 0;
    body->psum = unit->psum;
    if (!output && children_hold_output(parent))
        body->psum = SEEN; /* asked only where an output tile comes in */
    for (int d = 0; d < parent->shape->n_dims; d++) {
        const UnitDim *dim = &unit->dim[d];
        body->dim[d] = (UnitDim){{dim->move.now, dim->move.now, 0}, 0};
        if (!output &&
            !(parent->shape->of_output >> d & 1)) /* the children held what the unit did */
            body->dim[d].held = change ? dim->move.now : dim->held;
    }
    return true;
}

static void build_entry(Cases *cases, int level, int index)
{
    while (cases->entries.capacity <
           cases->entries.n + 2 * CHILD_GROUPS_MAX) /* it stays where it is */
        list_grow((void **) &cases->entries.item, &cases->entries.capacity, sizeof(Entry));
    Entry *entry = &cases->entries.item[index];
    UnitState body;
    Parent parent;
    children_start(&cases->shape, &cases->cluster[level], &entry->state, &parent);
    children_enter_all(&parent);
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
    children_start(&cases->shape, &cases->cluster[level], &body->state, &parent);
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
    unit_table_reset(&cases->entry_table); /* the next level's */
    unit_table_reset(&cases->body_table);
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

static void find_homes(Cases *cases, const Nest *nest)
{
    cases->passing = false;
    for (int l = 0; l < nest->n_levels; l++)
        cases->passing |= cases->cluster[l].passes != 0;
    for (int depth = 0; depth <= nest->n_levels && cases->passing; depth++)
        for (int t = 0; t < cases->shape.n_tensors; t++)
            cases->home[depth][t] = (unsigned char) nest_home(nest, depth, t);
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
    find_homes(cases, nest);
}

/* The whole layer in its one run. */
static void root_state(const Shape *shape, const Layer *layer, UnitState *root)
{
    root->sets = shape->all << MOVED | shape->all << WAS_EDGE;
    root->first = 1;
    root->psum = 0;
    for (int d = 0; d < shape->n_dims; d++)
        root->dim[d] = (UnitDim){{layer->extent[d], 0, 0}, 0};
}

void cases_build(Cases *cases, const Layer *layer)
{
    Entry *root = APPEND(cases->entries);
    root->times = 1;
    root->body = -1;
    root_state(&cases->shape, layer, &root->state);
    cases->entry[0] = 0;
    cases->computed = 1;
    for (int d = 0; d < cases->shape.n_dims; d++)
        cases->computed *= (double) layer->extent[d];
    for (int l = 0; l < cases->n_levels; l++) {
        build_level(cases, l);
        cases->copies *= cases->cluster[l].alike;
    }
    cases->pe_steps /= cases->copies;
    cases->computed *= (double) cases->copies;
    count_steps(cases);
    flush_find(layer, &cases->shape, cases->cluster, cases->n_levels, &cases->flush);
}
