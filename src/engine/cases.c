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

#include "engine/body.h"
#include "engine/steps.h"
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
    g_free(cases->rests.item);
    g_free(cases->standings.item);
    numbers_free(&cases->entry_numbers);
    numbers_free(&cases->body_numbers);
    numbers_free(&cases->window_numbers);
}

static int find_body(Cases *cases, const UnitState *state, int base)
{
    int n_dims = cases->shape->n_dims;
    ROOM(cases->bodies);
    int index = base + unit_number(&cases->body_numbers, state, n_dims,
                                   &cases->bodies.item[base].state, sizeof(Body));
    if (index == cases->bodies.n) {
        Body *body = APPEND(cases->bodies);
        body->times = 0;
        unit_copy(&body->state, state, n_dims);
    }
    return index;
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

/* So many occurrences of a step: the runs of its kids, of which leavers have none; or what PEs with
 * work of their own do. */
static inline void count_step(Cases *cases, int level, int index, int64_t total)
{
    Step *step = &cases->steps.item[index];
    step->total = total;
    for (int k = step->kid; k < step->kid + step->n_kids; k++) {
        const Kid *kid = &cases->kids.item[k];
        cases->entries.item[kid->entry].times += total * kid->count;
    }
    if (level + 1 == cases->n_levels)
        cases->pe_steps += total * step->volumes.working;
}

static void build_entry(Cases *cases, int level, int index, Entered *last)
{
    while (cases->entries.capacity <
           cases->entries.n + 2 * CHILD_GROUPS_MAX) /* it stays where it is */
        list_grow((void **) &cases->entries.item, &cases->entries.capacity, sizeof(Entry));
    Entry *entry = &cases->entries.item[index];
    UnitState body;
    Parent parent;
    children_start(cases->shape, &cases->cluster[level], &entry->state, &parent);
    children_enter_all(&parent, last);
    if (body_state(&parent, &body)) {
        entry->body = find_body(cases, &body, cases->body[level]);
        cases->bodies.item[entry->body].times += entry->times;
    }
    entry->step = cases->steps.n;
    steps_add(cases, level, &parent, 1);
    count_step(cases, level, entry->step, entry->times);
}

/* ---- how often ------------------------------------------------------------------- */

/* What is inside a window comes before it in the list. */
static void count_windows(Cases *cases, int level)
{
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        cases->windows.item[body->window].times += body->times;
    }
    for (int w = cases->windows.n - 1; w >= cases->window[level]; w--) {
        const Window *window = &cases->windows.item[w];
        if (window->first >= 0)
            cases->windows.item[window->first].times += window->times;
        for (int s = window->step; s < window->step + window->n_steps; s++) {
            const Step *step = &cases->steps.item[s];
            int64_t total = window->times * step->in_window;
            count_step(cases, level, s, total);
            if (step->window >= 0)
                cases->windows.item[step->window].times += total;
        }
    }
}

static void build_level(Cases *cases, int level)
{
    int first = cases->entry[level], end = cases->entries.n;
    Entered last;
    for (int k = 0; k < cases->cluster[level].n_loops; k++)
        last.how[k] = 0;
    cases->step[level] = cases->steps.n;
    cases->entry[level + 1] = end;
    cases->body[level] = cases->bodies.n;
    cases->window[level] = cases->windows.n;
    numbers_reset(&cases->entry_numbers); /* the next level's */
    numbers_reset(&cases->body_numbers);
    numbers_reset(&cases->window_numbers);
    cases->standings.n = 0;
    for (int k = first; k < end; k++)
        build_entry(cases, level, k, end - first > 1 ? &last : NULL);
    cases->body[level + 1] = cases->bodies.n;
    for (int k = cases->body[level]; k < cases->body[level + 1]; k++)
        cases->bodies.item[k].window = walk_body(cases, level, &cases->bodies.item[k].state);
    count_windows(cases, level);
    cases->step[level + 1] = cases->steps.n;
    cases->window[level + 1] = cases->windows.n;
}

/* ---- compute steps ----------------------------------------------------------------- */

/* Of a child of each level, over a full chunk of each dim that has a loop there. */
typedef int64_t ChildSteps[LEVELS_MAX][DIMS_MAX];

/* Of a unit with a cut chunk of a dim: the last chunk of each level inside is cut too. */
static int64_t cut_steps(const Cases *cases, int level, int d, int64_t length, ChildSteps child)
{
    int64_t sum = 0;
    for (int l = level; l < cases->n_levels; l++) {
        const Cluster *cluster = &cases->cluster[l];
        for (int k = 0; k < cluster->n_loops; k++) {
            const Loop *loop = &cluster->loop[k];
            if (loop->dim != d)
                continue;
            int64_t last = loop_last(loop, length);
            sum += last / loop->width * child[l][d];
            length = loop_chunk(loop, length, last);
        }
    }
    return sum + 1;
}

/* The compute steps of the PE that has most, the first child of the first child: its chunks are the
 * largest.  They are a product over the dims.  They fit: each has a MAC. */
static int64_t compute_steps(const Cases *cases, const int64_t *extent)
{
    ChildSteps child;
    int64_t unit[DIMS_MAX], product = 1;
    for (int d = 0; d < cases->shape->n_dims; d++)
        unit[d] = 1;
    for (int l = cases->n_levels - 1; l >= 0; l--) {
        const Cluster *cluster = &cases->cluster[l];
        const int64_t *full = l > 0 ? cluster[-1].full : extent;
        for (int k = 0; k < cluster->n_loops; k++) {
            const Loop *loop = &cluster->loop[k];
            int d = loop->dim;
            int64_t last = loop_steps(loop, full[d]) - 1, length = full[d] - last * loop->width;
            child[l][d] = unit[d];
            unit[d] *= last;
            unit[d] +=
                length >= loop->size ? child[l][d] : cut_steps(cases, l + 1, d, length, child);
        }
    }
    for (int d = 0; d < cases->shape->n_dims; d++)
        product *= unit[d];
    return product;
}

/* Bytes that mean nothing may differ; then the shape is only made again. */
static bool same_operator(const Operator *a, const Operator *b)
{
    size_t head = offsetof(Operator, tensor);
    return !memcmp(a, b, head + (size_t) b->n_tensors * sizeof *b->tensor) &&
           a->output == b->output;
}

static Shape *find_shape(Cases *cases, const Layer *layer)
{
    for (int k = 0; k < SHAPES_KEPT; k++)
        if (same_operator(&cases->kept_shape[k].op, &layer->op))
            return &cases->kept_shape[k].shape;
    KeptShape *kept_shape = &cases->kept_shape[cases->next_shape];
    cases->next_shape = (cases->next_shape + 1) % SHAPES_KEPT;
    kept_shape->op = layer->op;
    cluster_shape(layer, &kept_shape->shape);
    return &kept_shape->shape;
}

const Shape *cases_shape(Cases *cases, const Layer *layer)
{
    cases->shape = find_shape(cases, layer);
    cluster_density(layer, cases->shape);
    return cases->shape;
}

static void find_homes(Cases *cases, const Nest *nest)
{
    cases->passing = false;
    for (int l = 0; l < nest->n_levels; l++)
        cases->passing |= cases->cluster[l].passes != 0;
    for (int depth = 0; depth <= nest->n_levels && cases->passing; depth++)
        for (int t = 0; t < cases->shape->n_tensors; t++)
            cases->home[depth][t] = (unsigned char) nest_home(nest, depth, t);
}

static void find_inside(Cases *cases)
{
    unsigned dims = cases->passing ? cases->shape->all : 0;
    for (int l = cases->n_levels - 1; l >= 0; l--) {
        Cluster *cluster = &cases->cluster[l];
        cluster->inside = dims;
        if (cluster->spatial >= 0)
            dims |= 1u << cluster->loop[cluster->spatial].dim;
    }
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
    cluster_levels(layer, cases->shape, nest, cases->cluster);
    find_homes(cases, nest);
    find_inside(cases);
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
    root_state(cases->shape, layer, &root->state);
    cases->entry[0] = 0;
    cases->computed = 1;
    for (int d = 0; d < cases->shape->n_dims; d++)
        cases->computed *= (double) layer->extent[d];
    for (int l = 0; l < cases->n_levels; l++) {
        build_level(cases, l);
        cases->copies *= cases->cluster[l].alike;
    }
    cases->pe_steps /= cases->copies;
    cases->computed *= (double) cases->copies;
    cases->steps_made = compute_steps(cases, layer->extent);
    flush_find(layer, cases->shape, cases->cluster, cases->n_levels, &cases->flush);
}
