/* A search from its begin to its end: what is known is tried, skeletons are enumerated, threads go
 * through them. */
#include <math.h>

#include "map/search_parts.h"

enum {
    WARM_BOUNDS = 60000,     /* of the search that begins another one */
    NEARS = 32,              /* mappings of which those near them are looked through then */
    NEAR_BOUNDS_MOST = 15000 /* of each */
};

/* Times the best: what is gone into for such a mapping. */
static const double ORIGIN_SLACK = 1.3;

/* ---- all of it
 * ------------------------------------------------------------------------------------ */

static bool add_task(const Skeleton *skeleton, void *data)
{
    Worker *w = data;
    Search *s = w->search;
    double least;
    bool open = search_bound(w, skeleton, &least);
    s->result->skeletons++;
    if (open) {
        Task *task = g_new0(Task, 1);
        task->skeleton = *skeleton;
        task->bound = least;
        task->number = s->result->skeletons;
        tasks_push(s->heap, task);
    }
    return !search_is_stopped(w);
}

static void try_given(Worker *w)
{
    const SearchRequest *r = w->search->request;
    for (int i = 0; i < r->n_given; i++) {
        w->has_best = false;
        nest_copy(&w->nest, r->given[i]);
        search_evaluate(w, 0, i);
        search_take(w);
    }
}

static void finish(Search *s, bool enumerated)
{
    SearchResult *result = s->result;
    double best = INFINITY;
    result->found = g_array_new(FALSE, FALSE, sizeof(SearchFound));
    for (guint i = 0; i < s->best.found->len; i++) {
        const SearchFound *found = g_ptr_array_index(s->best.found, i);
        g_array_append_vals(result->found, found, 1);
        best = fmin(best, found->value);
    }
    result->complete = !s->stopped;
    result->bound = !enumerated ? 0 : fmin(best / (1 + s->request->gap), s->left);
    if (!isfinite(result->bound))
        result->bound = 0;
}

/* Of the least product of energy and time the proof is the shortest; on a hierarchy, where parts
 * are bounded by themselves, it is that of the least energy. */
static Objective warm_objective(const SearchRequest *r)
{
    bool energy = r->machine->n_memories > 0 && r->objective == OBJECTIVE_ENERGY;
    return r->technology == NULL ? r->objective : energy ? OBJECTIVE_ENERGY : OBJECTIVE_EDP;
}

/* With sizes that divide, by one thread, as far as so many bounds go: what it finds is worth more
 * than the time. */
static bool warm_stop(const SearchProgress *progress, void *data)
{
    const SearchRequest *r = data;
    return progress->bounds + 4 * progress->evaluated > WARM_BOUNDS ||
           (r->stop != NULL && r->stop(progress, r->data));
}

static bool warm_admit(const ReportEntry *entry, void *data)
{
    const SearchRequest *r = data;
    return r->admit == NULL || r->admit(entry, r->data);
}

static void run_search(const SearchRequest *request, GArray *origins, SearchResult *result);

static gint compare_origins(gconstpointer a, gconstpointer b)
{
    const SearchOrigin *x = a, *y = b;
    int order = best_compare(x->found.value, y->found.value);
    return order != 0 ? order
                      : (x->found.number > y->found.number) - (x->found.number < y->found.number);
}

typedef struct {
    const SearchRequest *request;
    GArray *origins, *found;
    int next;
} Nears;

static bool near_stop(const SearchProgress *progress, void *data)
{
    const SearchRequest *r = data;
    return progress->bounds + 4 * progress->evaluated > NEAR_BOUNDS_MOST ||
           (r->stop != NULL && r->stop(progress, r->data));
}

/* The best near an origin. */
static void run_near(const SearchRequest *request, const SearchOrigin *origin, SearchFound *found)
{
    SearchResult result;
    Search s;
    const Task task = {.number = 1};
    SearchRequest r = *request;
    r.threads = 1;
    r.admit = warm_admit;
    r.stop = near_stop;
    r.objective = warm_objective(request);
    r.ranks = NULL;
    r.data = (void *) request;
    search_start(&s, &r, &result);
    Worker *w = search_worker_new(&s);
    w->task = (Task *) &task;
    search_enter(w, &origin->skeleton);
    nest_copy(&w->nest, &origin->found.nest);
    search_evaluate(w, 0, WARM);
    search_take(w);
    w->wish = origin->wish;
    search_near(w, 3);
    *found =
        s.best.found->len > 0 ? *(SearchFound *) g_ptr_array_index(s.best.found, 0) : origin->found;
    search_worker_free(w);
    search_end(&s);
}

static gpointer work_near(gpointer data)
{
    Nears *nears = data;
    for (;;) {
        int i = __atomic_fetch_add(&nears->next, 1, __ATOMIC_RELAXED);
        if (i >= (int) nears->found->len)
            return NULL;
        run_near(nears->request, &g_array_index(nears->origins, SearchOrigin, i),
                 &g_array_index(nears->found, SearchFound, i));
    }
}

/* Of the best origins, by all threads: each by itself, so that threads do not matter. */
static GArray *find_near(const SearchRequest *request, GArray *origins)
{
    const int n = MIN((int) origins->len, NEARS), threads = MIN(n, MAX(1, request->threads));
    g_autofree GThread **thread = g_new0(GThread *, MAX(1, threads));
    Nears nears = {request, origins, g_array_new(FALSE, TRUE, sizeof(SearchFound)), 0};
    g_array_sort(origins, compare_origins);
    g_array_set_size(nears.found, (guint) n);
    for (int i = 1; i < threads; i++)
        thread[i] = g_thread_new("near", work_near, &nears);
    work_near(&nears);
    for (int i = 1; i < threads; i++)
        g_thread_join(thread[i]);
    return nears.found;
}

static void warm_up(const SearchRequest *request, GArray *origins, SearchResult *warm)
{
    SearchRequest r = *request;
    r.sizes = SIZES_DIVISORS;
    r.objective = warm_objective(request);
    r.front = false;
    r.measure = NULL;
    r.threads = 1;
    r.admit = warm_admit;
    r.stop = warm_stop;
    r.known = NULL;
    r.ranks = NULL;
    r.data = (void *) request;
    run_search(&r, origins, warm);
}

/* Whether a search is begun by another one. */
static bool is_warmed(const SearchRequest *r)
{
    bool other = r->front || r->measure != NULL || r->objective != warm_objective(r);
    return r->sizes != SIZES_DIVISORS || other;
}

/* Evaluated once more: `known`, in their places among all others, so that the answer is that of a
 * search which was not interrupted; else before all others, since their numbers are another
 * search's. */
static void try_found(Worker *w, const GArray *found, bool known)
{
    for (guint i = 0; i < found->len; i++) {
        const SearchFound *one = &g_array_index(found, SearchFound, i);
        if (one->given >= 0)
            continue;
        nest_copy(&w->nest, &one->nest);
        w->has_best = false;
        w->number = known ? one->number : 0;
        search_evaluate(w, 0, WARM);
        search_take(w);
    }
}

/* Whether loops that stand closer together are no worse: energy alone is asked for, and time, which
 * depends on which link a loop feeds, is no part of it. */
static bool joins(const SearchRequest *r)
{
    bool energy = r->technology != NULL && r->objective == OBJECTIVE_ENERGY && !r->front &&
                  r->measure == NULL && !(cost_leakage(r->technology, r->machine) > 0);
    return energy && r->sizes != SIZES_ALL && r->top <= 1 && (r->admit == NULL || r->admits_known);
}

static void run_threads(Search *s, Worker *first)
{
    int n = MAX(1, s->request->threads);
    g_autofree GThread **thread = g_new0(GThread *, n);
    g_autofree Worker **worker = g_new0(Worker *, n);
    worker[0] = first;
    search_deal(s);
    for (int i = s->dealer != NULL ? 0 : 1; i < n; i++) {
        if (i > 0)
            worker[i] = search_worker_new(s);
        thread[i] = g_thread_new("search", search_work, worker[i]);
    }
    if (s->dealer != NULL)
        search_deal_poll(s);
    else
        search_work(first);
    for (int i = 0; i < n; i++)
        if (thread[i] != NULL)
            g_thread_join(thread[i]);
    for (int i = 1; i < n; i++)
        search_worker_free(worker[i]);
    search_deal_end(s);
}

static void run_search(const SearchRequest *request, GArray *origins, SearchResult *result)
{
    SearchResult warm;
    Search s;
    search_start(&s, request, result);
    s.origins = origins;
    s.slack = origins != NULL ? ORIGIN_SLACK : 1;
    Worker *first = search_worker_new(&s);
    try_given(first);
    if (request->known != NULL)
        try_found(first, request->known, true);
    if (is_warmed(request)) {
        g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(SearchOrigin));
        warm_up(request, starts, &warm);
        try_found(first, warm.found, false);
        g_autoptr(GArray) near = find_near(request, starts);
        try_found(first, near, false);
        result->bounds += warm.bounds;
        result->evaluated += warm.evaluated;
        search_clear(&warm);
    }
    for (int i = 0; i < request->n_open; i++)
        skeletons_visit(request->layer, request->machine, request->open[i], joins(request),
                        add_task, first);
    bool enumerated = !s.stopped;
    run_threads(&s, first);
    search_worker_free(first);
    finish(&s, enumerated);
    search_end(&s);
}

void search_run(const SearchRequest *request, SearchResult *result)
{
    run_search(request, NULL, result);
}

void search_clear(SearchResult *result)
{
    if (result->found != NULL)
        g_array_free(result->found, TRUE);
    result->found = NULL;
}
