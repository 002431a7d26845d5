/* A search from its begin to its end: what is known is tried, skeletons are enumerated, threads go
 * through them. */
#include <math.h>

#include "ir/thread.h"
#include "map/search_parts.h"

enum {
    WARM_BOUNDS = 60000, /* of the search that begins another one */
    WARM_GROWTH = 8,     /* so many times more, each time that it is gone through again */
    NEARS = 32,          /* mappings of it near which others are looked for then */
    NEARS_AT_A_TIME = 4,
    NEAR_DIMS = 3,            /* that those differ in */
    NEAR_BOUNDS_MOST = 10000, /* of each such look */
    TIE_BOUNDS = 1000,        /* for each skeleton, of a look at what is as good */
    TIE_LEAST = 10000,
    TIE_MOST = 200000
};

/* Times the best: what is still gone into for such a mapping. */
static const double ORIGIN_SLACK = 1.3;

/* Of the best over the least bound, less 1: then they are not looked for. */
static const double NEAR_GAP = 0.02;

/* ---- what is given ------------------------------------------------------------------------- */

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

/* ---- all of it ----------------------------------------------------------------------------- */

static void finish(Search *s)
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
    if (s->stopped)
        s->left = fmin(s->left, tasks_least(s->tasks));
    result->bound = fmin(best / (1 + s->request->gap), s->left);
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

/* ---- searches that begin another one ---------------------------------------------------- */

static void run_search(const SearchRequest *request, GArray *origins, SearchResult *result);

/* What those have of it. */
typedef struct {
    const SearchRequest *request;
    GMutex *mutex;          /* several may ask it at a time; or NULL */
    int64_t before, beside; /* bounds of searches that are done; so many go on like this one */
    int64_t most;           /* bounds of this one */
    double best, bound;     /* of the search that it begins */
    Search *search;         /* that it is a part of, which is asked instead; or NULL */
} Begun;

static bool is_stopped(Search *s)
{
    g_mutex_lock(&s->mutex);
    search_ask(s);
    g_mutex_unlock(&s->mutex);
    return __atomic_load_n(&s->stopped, __ATOMIC_RELAXED);
}

static bool begun_stop(const SearchProgress *progress, void *data)
{
    const Begun *begun = data;
    const SearchRequest *r = begun->request;
    bool same = !r->front && r->measure == NULL && r->objective == warm_objective(r);
    const double best = same ? fmin(begun->best, progress->best) : begun->best;
    const SearchProgress all = {.best = best,
                                .bound = fmin(begun->bound, best), /* its own is of other spaces */
                                .bounds = begun->before + progress->bounds * begun->beside,
                                .evaluated = progress->evaluated};
    if (progress->bounds + 4 * progress->evaluated > begun->most)
        return true;
    if (begun->search != NULL)
        return is_stopped(begun->search);
    if (r->stop == NULL)
        return false;
    if (begun->mutex != NULL)
        g_mutex_lock(begun->mutex);
    bool stop = r->stop(&all, r->data);
    if (begun->mutex != NULL)
        g_mutex_unlock(begun->mutex);
    return stop;
}

static bool begun_admit(const ReportEntry *entry, void *data)
{
    const SearchRequest *r = ((const Begun *) data)->request;
    return r->admit == NULL || r->admit(entry, r->data);
}

static SearchRequest begun_request(Begun *begun)
{
    SearchRequest r = *begun->request;
    r.objective = warm_objective(begun->request);
    r.front = false;
    r.measure = NULL;
    r.threads = 1;
    r.waiting = 0; /* where it ends, and so what it finds, would depend on it */
    r.admit = begun_admit;
    r.stop = begun_stop;
    r.known = NULL;
    r.ranks = NULL;
    r.data = begun;
    return r;
}

static int64_t warm_bounds(const SearchRequest *r)
{
    return r->warm_bounds > 0 ? r->warm_bounds : WARM_BOUNDS;
}

/* With sizes that divide, by one thread, as far as so many bounds go: what it finds is worth more
 * than the time. */
static void warm_up(const SearchRequest *request, double best, GArray *origins, SearchResult *warm)
{
    Begun begun = {.request = request, .beside = 1, .most = warm_bounds(request), .best = best};
    SearchRequest r = begun_request(&begun);
    r.sizes = SIZES_DIVISORS;
    run_search(&r, origins, warm);
}

static gint compare_origins(gconstpointer a, gconstpointer b)
{
    const SearchOrigin *x = a, *y = b;
    const int order = best_compare(x->found.value, y->found.value);
    return order != 0 ? order
                      : (x->found.number > y->found.number) - (x->found.number < y->found.number);
}

typedef struct {
    const SearchRequest *request;
    const GArray *origins;
    GArray *found; /* the best near each */
    int64_t before, bounds, evaluated;
    double best, bound; /* of the search that they begin */
    int next, end;      /* origins */
    GMutex mutex;       /* of what is asked and added up */
} Nears;

static void find_near(Nears *nears, int i)
{
    const SearchOrigin *origin = &g_array_index(nears->origins, SearchOrigin, i);
    Begun begun = {.request = nears->request,
                   .mutex = &nears->mutex,
                   .before = nears->before,
                   .beside = nears->found->len,
                   .most = NEAR_BOUNDS_MOST,
                   .best = nears->best,
                   .bound = nears->bound};
    const SearchRequest r = begun_request(&begun);
    Task task = {.number = 1};
    SearchResult result;
    Search s;
    search_start(&s, &r, &result);
    Worker *w = search_worker_new(&s);
    s.enumerated = true;
    w->task = &task;
    search_enter(w, &origin->skeleton);
    nest_copy(&w->nest, &origin->found.nest);
    search_evaluate(w, 0, WARM);
    search_take(w);
    w->wish = origin->wish;
    search_near(w, NEAR_DIMS);
    g_array_index(nears->found, SearchFound, i) =
        s.best.found->len > 0 ? *(SearchFound *) g_ptr_array_index(s.best.found, 0) : origin->found;
    search_worker_free(w);
    search_end(&s);
    g_mutex_lock(&nears->mutex);
    nears->bounds += result.bounds;
    nears->evaluated += result.evaluated;
    g_mutex_unlock(&nears->mutex);
}

static gpointer work_near(gpointer data)
{
    Nears *nears = data;
    for (int i; (i = __atomic_fetch_add(&nears->next, 1, __ATOMIC_RELAXED)) < nears->end;)
        find_near(nears, i);
    return NULL;
}

/* The origins from..to, by all threads; true if the best of them is better than that. */
static bool find_nears(Nears *nears, int first, int end, double *best)
{
    const double before = *best;
    GThread *thread[NEARS_AT_A_TIME];
    nears->next = first;
    nears->end = end;
    int beside = MIN(end - first, nears->request->threads) - 1;
    beside = threads_begin(thread, beside, "near", work_near, nears);
    work_near(nears);
    threads_await(thread, beside);
    for (int i = first; i < end; i++)
        *best = fmin(*best, g_array_index(nears->found, SearchFound, i).value);
    return best_compare(*best, before) < 0;
}

/* Mappings near the best of the origins, each looked for by itself, so that the number of threads
 * does not matter; some at a time, as long as they are better than those before. */
static GArray *near_origins(Search *s, GArray *origins, SearchResult *result)
{
    const SearchRequest *request = s->request;
    const int n = MIN((int) origins->len, NEARS);
    double best = INFINITY;
    Nears nears = {.request = request,
                   .origins = origins,
                   .found = g_array_new(FALSE, TRUE, sizeof(SearchFound)),
                   .before = result->bounds,
                   .best = best_value(&s->best),
                   .bound = tasks_least(s->tasks)};
    g_mutex_init(&nears.mutex);
    g_array_sort(origins, compare_origins);
    g_array_set_size(nears.found, (guint) n);
    int end = 0;
    for (bool more = n > 0; more;) {
        const int first = end;
        end = MIN(n, first + NEARS_AT_A_TIME);
        more = find_nears(&nears, first, end, &best) && end < n;
    }
    g_array_set_size(nears.found, (guint) end);
    g_mutex_clear(&nears.mutex);
    result->bounds += nears.bounds;
    result->evaluated += nears.evaluated;
    return nears.found;
}

/* Whether a search is begun by another one. */
static bool is_warmed(const SearchRequest *r)
{
    bool other = r->front || r->measure != NULL || r->objective != warm_objective(r);
    if (r->most > 0) /* it begins with what another one has found */
        return false;
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

/* Whether what another search finds serves as it is. */
static bool takes_found(const SearchRequest *r)
{
    return !r->front && r->measure == NULL && r->top <= 1 && r->objective == warm_objective(r);
}

/* What is found is taken as what is found near a mapping, so that the answer does not depend on
 * when that was. */
void search_warm_again(Worker *w)
{
    Search *s = w->search;
    Begun begun = {.request = s->request, .most = s->warm_most * WARM_GROWTH, .search = s};
    SearchRequest r = begun_request(&begun);
    SearchResult result;
    r.sizes = SIZES_DIVISORS;
    run_search(&r, NULL, &result);
    for (guint i = 0; i < result.found->len; i++) {
        SearchFound found = g_array_index(result.found, SearchFound, i);
        if (found.given < 0)
            search_take_near(w, &found);
    }
    g_mutex_lock(&s->mutex);
    if (s->enumerated) { /* else they are added with those of before */
        s->bounds += result.bounds;
        s->evaluated += result.evaluated;
    }
    s->warm_most = result.complete ? 0 : begun.most;
    s->warming = false;
    s->result->bounds += result.bounds;
    s->result->evaluated += result.evaluated;
    g_mutex_unlock(&s->mutex);
    search_clear(&result);
}

/* Tries what a search with divisors finds soon. */
static void try_warm(Worker *w, GArray *origins)
{
    SearchResult warm, *result = w->search->result;
    warm_up(w->search->request, best_value(&w->search->best), origins, &warm);
    try_found(w, warm.found, false);
    result->bounds += warm.bounds;
    result->evaluated += warm.evaluated;
    if (!warm.complete && takes_found(w->search->request) && w->search->helper == NULL)
        w->search->warm_most = warm_bounds(w->search->request);
    search_clear(&warm);
}

/* Whether the best so far is so near to what is least that no better start is worth the time. */
static bool is_near(Search *s)
{
    double best = best_value(&s->best);
    return best <= fmin(best, tasks_least(s->tasks)) * (1 + NEAR_GAP);
}

/* With ranks the calling thread deals, and the others may do it all. */
static void run_threads(Search *s, Worker **worker)
{
    const int n = search_threads(s);
    g_autofree GThread **thread = g_new0(GThread *, n);
    search_deal(s);
    for (int i = s->dealer != NULL ? 0 : 1; i < n; i++) {
        search_ready(s, &worker[i]);
        thread[i] = thread_begin("search", search_work, worker[i]);
        if (thread[i] == NULL)
            break;
    }
    if (s->dealer != NULL)
        search_deal_poll(s);
    else
        search_work(worker[0]);
    threads_await(thread, n);
    search_deal_end(s);
}

static void run_search(const SearchRequest *request, GArray *origins, SearchResult *result)
{
    Search s;
    search_start(&s, request, result);
    s.origins = origins;
    s.slack = origins != NULL ? ORIGIN_SLACK : 1;
    g_autofree Worker **worker = g_new0(Worker *, search_threads(&s));
    search_ready(&s, &worker[0]);
    Worker *first = worker[0];
    tasks_begin(s.tasks);
    try_given(first);
    if (request->known != NULL)
        try_found(first, request->known, true);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SearchOrigin));
    if (is_warmed(request))
        try_warm(first, found);
    search_enumerate(&s, worker);
    if (found->len > 0 && !is_near(&s)) {
        g_autoptr(GArray) near = near_origins(&s, found, result);
        try_found(first, near, false);
    }
    s.bounds += result->bounds;
    s.evaluated += result->evaluated;
    run_threads(&s, worker);
    while (!s.stopped && tasks_begin(s.tasks)) {
        search_enumerate(&s, worker);
        run_threads(&s, worker);
    }
    for (int i = 0; i < search_threads(&s); i++)
        if (worker[i] != NULL)
            search_worker_free(worker[i]);
    finish(&s);
    search_end(&s);
}

/* ---- ties -------------------------------------------------------------------------------- */

typedef struct {
    const SearchRequest *request;
    const SearchResult *result; /* of the search before */
    int64_t most;               /* bounds */
} Tie;

static bool tie_stop(const SearchProgress *progress, void *data)
{
    const Tie *tie = data;
    const SearchRequest *r = tie->request;
    const SearchProgress all = {.best = g_array_index(tie->result->found, SearchFound, 0).value,
                                .bound = tie->result->bound,
                                .bounds = tie->result->bounds + progress->bounds,
                                .evaluated = tie->result->evaluated + progress->evaluated};
    return progress->bounds + 4 * progress->evaluated > tie->most ||
           (r->stop != NULL && r->stop(&all, r->data));
}

static bool tie_admit(const ReportEntry *entry, void *data)
{
    const SearchRequest *r = ((const Tie *) data)->request;
    return r->admit == NULL || r->admit(entry, r->data);
}

/* Many mappings may take the least time, or the least energy: of these that of the least product is
 * looked for, by one thread and not for long, so that the answer stays that of any number of
 * threads. */
static void break_tie(const SearchRequest *request, SearchResult *result)
{
    const SearchFound found = g_array_index(result->found, SearchFound, 0);
    const Nest *given = &found.nest;
    Tie tie = {request, result, CLAMP(TIE_BOUNDS * result->skeletons, TIE_LEAST, TIE_MOST)};
    SearchRequest r = *request;
    SearchResult other;
    r.objective = OBJECTIVE_EDP;
    r.within = request->objective;
    r.most = found.value;
    r.given = &given;
    r.n_given = 1;
    r.known = NULL;
    r.ranks = NULL;
    r.threads = 1;
    r.gap = 0;
    r.admit = tie_admit;
    r.stop = tie_stop;
    r.data = &tie;
    run_search(&r, NULL, &other);
    result->bounds += other.bounds;
    result->evaluated += other.evaluated;
    result->ties = !other.complete;
    const SearchFound *better =
        other.found->len > 0 ? &g_array_index(other.found, SearchFound, 0) : NULL;
    if (better != NULL && better->given < 0) {
        SearchFound *answer = &g_array_index(result->found, SearchFound, 0);
        *answer = *better;
        answer->value = request->objective == OBJECTIVE_ENERGY ? better->pj : better->cycles;
    }
    search_clear(&other);
}

static bool has_ties(const SearchRequest *r, const SearchResult *result)
{
    return r->technology != NULL && r->objective != OBJECTIVE_EDP && !r->front &&
           r->measure == NULL && r->top <= 1 && result->complete && result->found->len > 0;
}

void search_run(const SearchRequest *request, SearchResult *result)
{
    run_search(request, NULL, result);
    if (has_ties(request, result))
        break_tie(request, result);
}

void search_clear(SearchResult *result)
{
    if (result->found != NULL)
        g_array_free(result->found, TRUE);
    result->found = NULL;
}
