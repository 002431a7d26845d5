/* All skeletons, in one order: those that may be better wait as tasks. */
#include "ir/thread.h"
#include "map/search_parts.h"

enum {
    LOOK_EVERY = 1024, /* skeletons */
    ALONE = 8192       /* so many are enumerated by one thread */
};

/* Whether loops that stand closer together are no worse: energy alone is asked for, and time, which
 * depends on which link a loop feeds, is no part of it. */
static bool joins(const SearchRequest *r)
{
    bool energy = r->technology != NULL && r->objective == OBJECTIVE_ENERGY && !r->front &&
                  r->measure == NULL && !(cost_leakage(r->technology, r->machine) > 0);
    return energy && r->sizes != SIZES_ALL && r->top <= 1 && (r->admit == NULL || r->admits_known);
}

/* A thread's part: each goes through all skeletons, and bounds so many of every so many. */
typedef struct {
    Worker **worker;
    int64_t number, next; /* of the skeleton at hand, and of the next ones that are its own */
    int64_t seen;         /* of its own */
    int own, step;
    GThread *thread;
} Part;

/* Where there are so many skeletons that they take long to enumerate, the best so far is looked
 * into from time to time: there is something to show, and it keeps others out. */
static void look(Worker *w)
{
    Search *s = w->search;
    g_mutex_lock(&s->mutex);
    Task *task = tasks_pop(s->tasks);
    g_mutex_unlock(&s->mutex);
    if (task == NULL)
        return;
    if (!task->probed)
        search_look(w, task);
    g_mutex_lock(&s->mutex);
    tasks_push(s->tasks, task);
    g_mutex_unlock(&s->mutex);
}

static void add_task(Worker *w, const Skeleton *skeleton, int64_t number)
{
    Search *s = w->search;
    double least;
    Task at = {.number = number};
    w->task = &at;
    bool open = search_bound(w, skeleton, &least);
    w->task = NULL;
    g_mutex_lock(&s->mutex);
    s->result->skeletons = MAX(s->result->skeletons, number);
    if (open) {
        Task *task = tasks_make(s->tasks, skeleton);
        task->bound = least;
        task->number = number;
        tasks_add(s->tasks, task);
    }
    g_mutex_unlock(&s->mutex);
}

static void share(Part *first);

static bool visit(const Skeleton *skeleton, void *data)
{
    Part *part = data;
    Worker *w = *part->worker;
    if (++part->number < part->next)
        return !__atomic_load_n(&w->search->stopped, __ATOMIC_RELAXED);
    if (part->number == part->next + part->own - 1)
        part->next += part->step;
    add_task(w, skeleton, part->number);
    if (++part->seen % LOOK_EVERY == 0)
        look(w);
    if (part->number == ALONE && part->step == 1)
        share(part);
    return !search_is_stopped(w);
}

static gpointer visit_all(gpointer data)
{
    Part *part = data;
    const SearchRequest *r = (*part->worker)->search->request;
    for (int i = 0; i < r->n_open; i++)
        skeletons_visit(r->layer, r->machine, r->open[i], joins(r), visit, part);
    return NULL;
}

/* Whether the part has begun. */
static bool begin_part(Part *first, int i, int step)
{
    Part *part = &first[i];
    *part = (Part){.worker = &first->worker[i], .next = ALONE + 1 + i, .own = 1, .step = step};
    search_ready((*first->worker)->search, part->worker);
    part->thread = thread_begin("skeletons", visit_all, part);
    return part->thread != NULL;
}

/* The first of so many parts has found that there are many skeletons: the others take their share
 * of those to come, the last ones first, and it takes what those would have that cannot begin. */
static void share(Part *first)
{
    const int n = search_threads((*first->worker)->search);
    int own = n;
    while (own > 1 && begin_part(first, own - 1, n))
        own--;
    first->next = ALONE + 1;
    first->own = own;
    first->step = n;
}

void search_enumerate(Search *s, Worker **worker)
{
    const int n = search_threads(s);
    g_autofree Part *part = g_new0(Part, n);
    part[0] = (Part){.worker = worker, .next = 1, .own = 1, .step = 1};
    visit_all(&part[0]);
    for (int i = 1; i < n; i++)
        thread_await(part[i].thread);
    if (!s->stopped)
        tasks_end(s->tasks);
    s->enumerated = true;
}
