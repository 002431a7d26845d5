/* Branch and bound.  Skeletons are taken in the order of their bounds, each gone through depth
 * first; what is bounded above the best so far is left out.  Mappings that are decided are
 * evaluated by the engines, order by order.
 *
 * The answer does not depend on the number of threads: of equal ones the first in the order of
 * enumeration is taken, and a part of the space whose bound equals the best is left out only if it
 * comes later in that order. */
#include "map/search.h"

#include <math.h>
#include <string.h>

#include "engine/offchip.h"
#include "ir/hierarchy.h"
#include "map/border.h"
#include "map/fill.h"
#include "map/search_parts.h"

enum {
    STOP_EVERY = 256, /* bounds */
    WARM_AFTER = 10,  /* times the bounds of the search that began this one */
    WAITING = 1 << 21 /* tasks: some 200 MB */
};

/* The number of a mapping that was found near another one, out of the order of enumeration: one of
 * the same value that is enumerated comes before it. */
static const int64_t NEAR_NUMBER = INT64_MAX;

static double value_of(Objective objective, const SearchRequest *r, double pj, double cycles)
{
    return objective == OBJECTIVE_ENERGY    ? pj
           : objective == OBJECTIVE_RUNTIME ? cycles
                                            : pj * 1e-12 * cycles / r->machine->clock_hz;
}

static double objective_of(const SearchRequest *r, double pj, double cycles)
{
    if (r->measure != NULL)
        return 0; /* there is no bound */
    return value_of(r->front ? OBJECTIVE_ENERGY : r->objective, r, pj, cycles);
}

static bool is_within(const SearchRequest *r, double pj, double cycles)
{
    return r->most == 0 || best_compare(value_of(r->within, r, pj, cycles), r->most) <= 0;
}

double search_value(Objective objective, const ReportEntry *entry)
{
    return objective == OBJECTIVE_RUNTIME  ? (double) entry->result.cycles
           : objective == OBJECTIVE_ENERGY ? entry->cost.total_pj
                                           : entry->cost.edp;
}

bool search_is_open(Worker *w, const MapBound *bound, double value)
{
    const SearchRequest *r = w->search->request;
    if (!is_within(r, bound->pj, bound->cycles))
        return false;
    return best_open(&w->search->best, &w->view, bound, value / w->search->slack,
                     w->task != NULL && !w->moving ? w->task->number : -1);
}

/* ---- when to stop ---------------------------------------------------------------------------- */

/* With the mutex. */
static double least_open(const Search *s)
{
    double least = fmin(s->left, tasks_least(s->tasks));
    for (guint i = 0; i < s->running->len; i++)
        least = fmin(least, ((const Task *) g_ptr_array_index(s->running, i))->bound);
    return least;
}

void search_ask(Search *s)
{
    const SearchRequest *r = s->request;
    double best = best_value(&s->best);
    SearchProgress progress = {best, fmin(best, least_open(s)), s->bounds, s->evaluated};
    if (r->stop != NULL && r->stop(&progress, r->data))
        __atomic_store_n(&s->stopped, true, __ATOMIC_RELAXED);
}

static const Branch *branch_of(const Worker *w)
{
    return w->moving ? &w->near : &w->branch;
}

int64_t search_bounds(const Worker *w)
{
    return w->branch.bounds + w->near.bounds;
}

/* Whether this search takes so long that what began it is worth more time; with the mutex. */
static bool warms_again(Search *s)
{
    if (s->warm_most == 0 || s->warming || s->bounds < WARM_AFTER * s->warm_most)
        return false;
    s->warming = true;
    return true;
}

static void ask(Worker *w)
{
    Search *s = w->search;
    g_mutex_lock(&s->mutex);
    s->bounds += search_bounds(w) - w->reported;
    s->evaluated += w->evaluated - w->evaluated_before;
    w->reported = search_bounds(w);
    w->evaluated_before = w->evaluated;
    search_ask(s);
    const bool again = warms_again(s);
    g_mutex_unlock(&s->mutex);
    if (again)
        search_warm_again(w);
}

static bool ends_probe(const Worker *w)
{
    return w->probe_bounds > 0 &&
           (search_bounds(w) >= w->probe_bounds || w->evaluated >= w->probe_evaluations);
}

bool search_is_stopped(Worker *w)
{
    if (ends_probe(w))
        return true;
    if (++w->looked % STOP_EVERY == 0)
        ask(w);
    return __atomic_load_n(&w->search->stopped, __ATOMIC_RELAXED);
}

void search_leave(Worker *w, double bound)
{
    Search *s = w->search;
    if (ends_probe(w) || w->moving) /* it is gone into once more */
        return;
    g_mutex_lock(&s->mutex);
    s->left = fmin(s->left, bound);
    g_mutex_unlock(&s->mutex);
}

/* ---- mappings that are decided -----------------------------------------------------------------
 */

/* Energy without time, and the least time: false if that is not better than the best. */
static bool may_be_best(Worker *w, double cycles)
{
    const SearchRequest *r = w->search->request;
    entry_count(&w->entry, w->ws);
    if (w->entry.status != ENTRY_EVALUATED)
        return true; /* the timed evaluation says why */
    entry_cost(&w->entry, r->technology);
    double per_cycle = machine_offchip_most(r->machine);
    if (per_cycle > 0 && r->machine->n_memories == 0)
        cycles = fmax(cycles, offchip_traffic(r->layer, r->machine, &w->entry.result) / per_cycle);
    MapBound bound = {0, cycles};
    if (r->technology != NULL)
        bound.pj = w->entry.cost.total_pj + w->branch.model.model.pj_cycle * cycles;
    return search_is_open(w, &bound, objective_of(r, bound.pj, cycles));
}

static void take(Search *s, const SearchFound *found)
{
    if (best_take(&s->best, found))
        search_tell(s, found);
}

void search_take_near(Worker *w, SearchFound *found)
{
    found->number = NEAR_NUMBER;
    take(w->search, found);
}

void search_take(Worker *w)
{
    if (w->has_best && !w->search->request->front)
        take(w->search, &w->best);
}

static void note(Worker *w, int given)
{
    const SearchRequest *r = w->search->request;
    SearchFound found = {.pj = r->technology != NULL ? w->entry.cost.total_pj : NAN,
                         .cycles = (double) w->entry.result.cycles,
                         .given = MAX(given, -1),
                         .number = given >= 0      ? given - r->n_given
                                   : given == WARM ? w->number
                                   : w->moving     ? NEAR_NUMBER
                                                   : w->task->number};
    found.value = r->measure != NULL ? r->measure(&w->entry, r->data)
                  : r->front         ? found.pj
                                     : search_value(r->objective, &w->entry);
    if (isnan(found.value))
        return;
    if (w->has_best && !r->front && best_compare(found.value, w->best.value) >= 0)
        return;
    nest_copy(&found.nest, &w->nest);
    w->best = found;
    w->has_best = true;
    if (r->front) /* orders may differ in both */
        take(w->search, &found);
}

void search_evaluate(Worker *w, double cycles, int given)
{
    const SearchRequest *r = w->search->request;
    Finding finding[FINDINGS_MAX];
    const Machine *machine = r->machine;
    if (machine->n_memories > 0) {
        hierarchy_place(&w->nest, r->layer->op.n_tensors, &w->machine);
        machine = &w->machine;
    }
    entry_start(&w->entry, "", r->layer, &w->nest, machine);
    w->evaluated++;
    if (given == FOUND && r->measure == NULL && !may_be_best(w, cycles))
        return;
    entry_run(&w->entry, w->ws);
    if (w->entry.status != ENTRY_EVALUATED) {
        w->passed_over++;
        return;
    }
    if (entry_findings(&w->entry, finding) > 0) {
        w->refused++;
        return;
    }
    entry_cost(&w->entry, r->technology);
    if (!is_within(r, w->entry.cost.total_pj, (double) w->entry.result.cycles) ||
        (r->admit != NULL && !r->admit(&w->entry, r->data)))
        w->refused++;
    else
        note(w, given);
}

static double value(Branch *b, MapBound *bound);

/* Whether an order of the loops is worth its evaluation. */
static bool order_open(Worker *w, Branch *b, const Order *order, MapBound *bound)
{
    b->partial.order = order;
    b->bounds++;
    const double least = value(b, bound);
    b->partial.order = NULL;
    return search_is_open(w, bound, least);
}

static bool has_near(const SearchRequest *r)
{
    return !r->front && r->measure == NULL && r->top <= 1;
}

/* The best of a skeleton, where they are asked for. */
static void keep_origin(Worker *w, const Branch *b)
{
    GArray *origins = w->search->origins;
    SearchOrigin *last =
        origins->len > 0 ? &g_array_index(origins, SearchOrigin, origins->len - 1) : NULL;
    if (last == NULL || last->found.number != w->best.number) {
        g_array_set_size(origins, origins->len + 1);
        last = &g_array_index(origins, SearchOrigin, origins->len - 1);
    } else if (best_compare(w->best.value, last->found.value) >= 0) {
        return;
    }
    last->skeleton = *b->partial.skeleton;
    last->found = w->best;
    branch_wish(b, &last->wish);
}

static void decided(Branch *b, const MapBound *bound)
{
    Worker *w = b->data;
    const SearchRequest *r = w->search->request;
    double value = objective_of(r, bound->pj, bound->cycles);
    Order order;
    w->has_best = false;
    for (bool more = order_first(&b->model, &b->partial, &order); more;
         more = order_next(&b->model, &b->partial, &order)) {
        MapBound of_order = *bound;
        if (!search_is_open(w, bound, value))
            break;
        if (search_is_stopped(w)) {
            search_leave(w, value);
            break;
        }
        if (!order_open(w, b, &order, &of_order))
            continue;
        FillStatus status = fill_nest(r->layer, r->machine, &b->partial, &order, &w->nest);
        if (status == FILL_DONE)
            search_evaluate(w, of_order.cycles, FOUND);
        w->passed_over += status == FILL_TOO_DEEP;
    }
    const bool better = w->has_best && w->best.value < best_value(&w->search->best);
    if (w->has_best && w->search->origins != NULL)
        keep_origin(w, b);
    search_take(w);
    if (better && has_near(r)) {
        branch_wish(b, &w->wish);
        if (!w->moving && w->search->origins == NULL)
            search_near(w, 2);
    }
}

/* Energy alone is bounded by what is inside. */
static bool uses_insides(const Worker *w)
{
    const SearchRequest *r = w->search->request;
    return r->machine->n_memories > 0 && r->technology != NULL &&
           (r->front || r->objective != OBJECTIVE_RUNTIME);
}

static bool wants_time(const Worker *w)
{
    const SearchRequest *r = w->search->request;
    return r->front || r->objective != OBJECTIVE_ENERGY;
}

/* ---- going through a skeleton ------------------------------------------------------------------
 */

/* A bound with what crosses the border of a classic chip besides. */
static double with_border(const Worker *w, const MapBound *more, MapBound *bound)
{
    const TrafficModel *model = &branch_of(w)->model.model;
    double cycles = fmax(bound->cycles, model->offchip_cycles + more->cycles);
    bound->pj += more->pj + model->pj_cycle * (cycles - bound->cycles);
    bound->cycles = cycles;
    return objective_of(w->search->request, bound->pj, bound->cycles);
}

typedef struct {
    Worker *worker;
    MapBound inside;
} Bordered;

static bool border_closed(const MapBound *more, void *data)
{
    const Bordered *bordered = data;
    MapBound bound = bordered->inside;
    double value = with_border(bordered->worker, more, &bound);
    return !search_is_open(bordered->worker, &bound, value);
}

/* What is no better than the best so far. */
static BoundLimit limit_of(const Worker *w)
{
    const SearchRequest *r = w->search->request;
    BoundLimit limit = {INFINITY, INFINITY};
    if (r->front || r->measure != NULL || r->technology == NULL)
        return limit;
    if (r->objective == OBJECTIVE_ENERGY)
        limit.pj = best_limit(&w->search->best) * w->search->slack;
    else if (r->objective == OBJECTIVE_EDP)
        limit.product =
            best_limit(&w->search->best) * w->search->slack * 1e12 * r->machine->clock_hz;
    return limit;
}

static double value(Branch *b, MapBound *bound)
{
    Worker *w = b->data;
    const SearchRequest *r = w->search->request;
    const BoundLimit limit = limit_of(w);
    *bound = bound_below(&b->model, &b->partial, &limit);
    double value = objective_of(r, bound->pj, bound->cycles);
    if (r->machine->n_memories > 0 || !search_is_open(w, bound, value))
        return value;
    Bordered bordered = {w, *bound};
    MapBound more = border_least(&b->model, &b->partial, border_closed, &bordered);
    return with_border(w, &more, bound);
}

static bool branch_open(const Branch *b, const MapBound *bound, double value)
{
    return search_is_open(b->data, bound, value);
}

static bool branch_stopped(Branch *b)
{
    return search_is_stopped(b->data);
}

static void branch_left(Branch *b, double value)
{
    search_leave(b->data, value);
}

static void placed(Branch *b)
{
    Worker *w = b->data;
    if (uses_insides(w) && w->probe_bounds == 0 && !w->moving)
        insides_set(w->insides, b->partial.skeleton, b->partial.units, wants_time(w), &b->model);
}

static bool range_ends(Branch *b)
{
    MapBound bound;
    double least = value(b, &bound);
    return !search_is_open(b->data, &bound, least);
}

static const BranchOwner owner = {value,   branch_open, branch_stopped, branch_left,
                                  decided, placed,      range_ends};

void search_enter(Worker *w, const Skeleton *skeleton)
{
    const SearchRequest *r = w->search->request;
    bound_model(r->layer, r->machine, r->technology, &w->search->shape, skeleton, &w->energies,
                &w->branch.model);
    w->branch.model.timeless = !wants_time(w) && w->branch.model.model.pj_cycle == 0;
    partial_start(&w->branch.partial, r->layer, skeleton, w->branch.model.model.homes);
}

bool search_bound(Worker *w, const Skeleton *skeleton, double *least)
{
    MapBound bound;
    search_enter(w, skeleton);
    *least = value(&w->branch, &bound);
    w->branch.bounds++;
    return search_is_open(w, &bound, *least);
}

double search_inside(Worker *w, const Skeleton *skeleton, MapBound *bound)
{
    search_enter(w, skeleton);
    if (uses_insides(w))
        insides_set(w->insides, skeleton, NULL, wants_time(w), &w->branch.model);
    return value(&w->branch, bound);
}

/* ---- workers
 * ------------------------------------------------------------------------------------- */

static bool ends(void *data)
{
    return search_is_stopped(data);
}

Worker *search_worker_new(Search *s)
{
    const SearchRequest *r = s->request;
    Worker *w = g_new0(Worker, 1);
    w->search = s;
    w->ws = workspace_new();
    w->machine = *r->machine;
    w->insides = insides_new(r->layer, r->machine, r->sizes, s->store, ends, w);
    branch_init(&w->branch, &owner, w, r->layer, r->machine, r->sizes);
    w->branch.units_first = true;
    branch_init(&w->near, &owner, w, r->layer, r->machine, r->sizes);
    w->near.units_first = true;
    w->branch.one_by_one = w->near.one_by_one = r->one_by_one;
    return w;
}

int search_threads(const Search *s)
{
    return MAX(1, s->request->threads);
}

void search_ready(Search *s, Worker **worker)
{
    if (*worker == NULL)
        *worker = search_worker_new(s);
}

void search_worker_free(Worker *w)
{
    SearchResult *result = w->search->result;
    result->bounds += search_bounds(w);
    result->evaluated += w->evaluated;
    result->passed_over += w->passed_over;
    result->refused += w->refused;
    branch_clear(&w->branch);
    branch_clear(&w->near);
    insides_free(w->insides);
    best_view_clear(&w->view);
    workspace_free(w->ws);
    g_free(w);
}

void search_start(Search *s, const SearchRequest *request, SearchResult *result)
{
    *s = (Search){.request = request, .result = result, .left = INFINITY, .slack = 1};
    memset(result, 0, sizeof *result);
    cluster_shape(request->layer, &s->shape);
    cluster_density(request->layer, &s->shape);
    g_mutex_init(&s->mutex);
    g_cond_init(&s->changed);
    s->tasks = tasks_new(request->waiting > 0 ? (guint) request->waiting : WAITING);
    s->running = g_ptr_array_new();
    best_init(&s->best, request);
    s->store = inside_store_new();
}

void search_end(Search *s)
{
    inside_store_free(s->store);
    tasks_free(s->tasks);
    g_ptr_array_free(s->running, TRUE);
    best_clear(&s->best);
    g_mutex_clear(&s->mutex);
    g_cond_clear(&s->changed);
}
