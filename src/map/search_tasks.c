/* What a thread does: it takes the skeleton of the least bound that waits, three times over.  First
 * it looks into it a little way, then bounds it by what is inside of each depth, then goes through
 * it. */
#include <math.h>
#include <string.h>

#include "map/search_parts.h"

enum { PROBE_BOUNDS = 2000, PROBE_EVALUATIONS = 200 /* of a first look into a skeleton */ };

/* What another rank has may come back. */
static void await_task(Search *s)
{
    while (s->dealer != NULL && tasks_count(s->tasks) == 0 && g_hash_table_size(s->lent) > 0 &&
           !__atomic_load_n(&s->stopped, __ATOMIC_RELAXED))
        g_cond_wait(&s->changed, &s->mutex);
}

Task *search_pop(Search *s)
{
    if (__atomic_load_n(&s->probes, __ATOMIC_RELAXED) >= PROBES)
        tasks_all_probed(s->tasks);
    return tasks_pop(s->tasks);
}

static Task *take_task(Search *s)
{
    Task *task = s->helper != NULL ? search_borrow(s) : NULL;
    g_mutex_lock(&s->mutex);
    await_task(s);
    if (s->helper == NULL)
        task = search_pop(s);
    if (task != NULL)
        g_ptr_array_add(s->running, task);
    g_mutex_unlock(&s->mutex);
    return task;
}

/* Done with, or, again, to be taken once more. */
static void end_task(Search *s, Task *task, bool again)
{
    bool helps = s->helper != NULL;
    if (helps)
        search_give_back(s, task, again);
    g_mutex_lock(&s->mutex);
    g_ptr_array_remove(s->running, task);
    if (again && !helps)
        tasks_push(s->tasks, task);
    else
        task_free(task);
    g_cond_broadcast(&s->changed);
    g_mutex_unlock(&s->mutex);
}

static const Skeleton *skeleton_of(Worker *w, const Task *task)
{
    g_mutex_lock(&w->search->mutex);
    tasks_skeleton(w->search->tasks, task, &w->skeleton);
    g_mutex_unlock(&w->search->mutex);
    return &w->skeleton;
}

/* The bound with what is inside of each depth; true if it is still open. */
static bool refine(Worker *w, Task *task)
{
    MapBound bound;
    const double least = search_inside(w, skeleton_of(w, task), &bound);
    task_refine(task, w->branch.model.inside);
    task->bound = fmax(task->bound, least);
    return search_is_open(w, &bound, task->bound);
}

static void run(Worker *w, Task *task)
{
    search_enter(w, skeleton_of(w, task));
    if (task->inside != NULL)
        memcpy(w->branch.model.inside, task->inside, DEPTHS * sizeof *task->inside);
    branch_run(&w->branch);
    if (search_is_stopped(w))
        search_leave(w, task->bound);
}

void search_look(Worker *w, Task *task)
{
    w->task = task;
    w->probe_bounds = search_bounds(w) + PROBE_BOUNDS;
    w->probe_evaluations = w->evaluated + PROBE_EVALUATIONS;
    run(w, task);
    w->probe_bounds = 0;
    w->task = NULL;
    task->probed = true;
}

/* The best that is easily found in each skeleton keeps much of the others out. */
static void probe(Worker *w, Task *task)
{
    if (__atomic_fetch_add(&w->search->probes, 1, __ATOMIC_RELAXED) < PROBES)
        search_look(w, task);
    task->probed = true;
}

/* After a stop. */
static void leave_all(Search *s)
{
    g_mutex_lock(&s->mutex);
    s->left = fmin(s->left, tasks_least(s->tasks));
    tasks_clear(s->tasks);
    g_mutex_unlock(&s->mutex);
}

gpointer search_work(gpointer data)
{
    Worker *w = data;
    Search *s = w->search;
    for (Task *task = take_task(s); task != NULL; task = take_task(s)) {
        bool again = false;
        w->task = task;
        if (search_is_stopped(w)) {
            search_leave(w, task->bound);
            leave_all(s);
        } else if (!task->probed) {
            probe(w, task);
            again = true;
        } else if (task->inside == NULL) {
            again = refine(w, task);
        } else {
            const MapBound none = {0, 0};
            if (s->request->front || search_is_open(w, &none, task->bound))
                run(w, task);
        }
        end_task(s, task, again);
    }
    return NULL;
}
