/* Two heaps, so that the least bound of all is at hand.  The tasks of a portion are those from
 * `from` on and before `end`, in the order of bounds and then of numbers. */
#include "map/tasks.h"

#include <math.h>
#include <string.h>

typedef struct {
    double bound;
    int64_t number;
} Place;

struct Tasks {
    GPtrArray *first, *rest; /* heaps of tasks: not probed yet, and the others */
    GPtrArray *levels;       /* of SkeletonLevel, owned, by number */
    GHashTable *numbers;     /* of them, from 1 */
    guint most;
    bool begun;
    Place from, end;
    double awaited; /* no bound of what is still to be enumerated is lower */
};

static const Place FIRST = {-INFINITY, -1}, LAST = {INFINITY, INT64_MAX};

static bool place_before(Place a, Place b)
{
    return a.bound != b.bound ? a.bound < b.bound : a.number < b.number;
}

static Place place_of(const Task *task)
{
    return (Place){task->bound, task->number};
}

/* ---- levels that are kept once ------------------------------------------------------------- */

static guint hash_level(gconstpointer key)
{
    const SkeletonLevel *level = key;
    guint hash = level->maps;
    hash = hash * 31 + level->stays;
    hash = hash * 31 + (guint) level->spread;
    hash = hash * 31 + level->held;
    hash = hash * 31 + (guint) level->units_most;
    for (int i = 0; i < level->n_items; i++)
        hash = hash * 31 + level->item[i].dims;
    for (int t = 0; t < TENSORS_MAX; t++)
        hash = hash * 31 + (guint) level->memory[t];
    return hash;
}

/* Some that are alike may be kept twice, for what stands in unused bytes. */
static gboolean equal_levels(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(SkeletonLevel)) == 0;
}

static guint keep_level(Tasks *tasks, const SkeletonLevel *level)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(tasks->numbers, level));
    if (number > 0)
        return number - 1;
    SkeletonLevel *own = g_memdup2(level, sizeof *level);
    g_ptr_array_add(tasks->levels, own);
    g_hash_table_insert(tasks->numbers, own, GUINT_TO_POINTER(tasks->levels->len));
    return tasks->levels->len - 1;
}

Task *tasks_make(Tasks *tasks, const Skeleton *skeleton)
{
    const int n = skeleton->n_levels;
    Task *task = g_malloc0(sizeof *task + (gsize) n * sizeof *task->level);
    task->n_levels = (unsigned char) n;
    for (int l = 0; l < n; l++)
        task->level[l] = keep_level(tasks, &skeleton->level[l]);
    return task;
}

void tasks_skeleton(const Tasks *tasks, const Task *task, Skeleton *skeleton)
{
    skeleton->n_levels = task->n_levels;
    for (int l = 0; l < task->n_levels; l++)
        skeleton->level[l] = *(const SkeletonLevel *) tasks->levels->pdata[task->level[l]];
}

void task_refine(Task *task, const double *inside)
{
    if (task->inside == NULL)
        task->inside = g_new(double, DEPTHS);
    memcpy(task->inside, inside, DEPTHS * sizeof *inside);
}

void task_free(Task *task)
{
    g_free(task->inside);
    g_free(task);
}

static void free_task(gpointer task)
{
    task_free(task);
}

/* ---- heaps --------------------------------------------------------------------------------- */

static bool before(const Task *a, const Task *b)
{
    return place_before(place_of(a), place_of(b));
}

static void swap(GPtrArray *heap, guint i, guint k)
{
    gpointer task = heap->pdata[i];
    heap->pdata[i] = heap->pdata[k];
    heap->pdata[k] = task;
}

static void rise(GPtrArray *heap, guint i)
{
    for (; i > 0 && before(heap->pdata[i], heap->pdata[(i - 1) / 2]); i = (i - 1) / 2)
        swap(heap, i, (i - 1) / 2);
}

static void sink(GPtrArray *heap, guint i)
{
    for (guint least = i;; i = least) {
        for (guint k = 2 * i + 1; k <= 2 * i + 2 && k < heap->len; k++)
            if (before(heap->pdata[k], heap->pdata[least]))
                least = k;
        if (least == i)
            return;
        swap(heap, i, least);
    }
}

static void set_heap(GPtrArray *heap)
{
    for (guint i = heap->len / 2; i-- > 0;)
        sink(heap, i);
}

void tasks_push(Tasks *tasks, Task *task)
{
    GPtrArray *heap = task->probed ? tasks->rest : tasks->first;
    g_ptr_array_add(heap, task);
    rise(heap, heap->len - 1);
}

Task *tasks_pop(Tasks *tasks)
{
    GPtrArray *heap = tasks->first->len > 0 ? tasks->first : tasks->rest;
    if (heap->len == 0)
        return NULL;
    swap(heap, 0, heap->len - 1);
    Task *task = g_ptr_array_steal_index(heap, heap->len - 1);
    sink(heap, 0);
    return task;
}

void tasks_all_probed(Tasks *tasks)
{
    GPtrArray *first = tasks->first, *rest = tasks->rest;
    if (first->len == 0)
        return;
    for (guint i = 0; i < first->len; i++) {
        Task *task = first->pdata[i];
        task->probed = true;
        g_ptr_array_add(rest, task);
    }
    g_ptr_array_set_free_func(first, NULL);
    g_ptr_array_set_size(first, 0);
    g_ptr_array_set_free_func(first, free_task);
    set_heap(rest);
}

guint tasks_count(const Tasks *tasks)
{
    return tasks->first->len + tasks->rest->len;
}

static double least_of(const GPtrArray *heap)
{
    return heap->len > 0 ? ((const Task *) heap->pdata[0])->bound : INFINITY;
}

double tasks_least(const Tasks *tasks)
{
    return fmin(fmin(least_of(tasks->first), least_of(tasks->rest)),
                fmin(tasks->awaited, tasks->end.bound));
}

void tasks_clear(Tasks *tasks)
{
    g_ptr_array_set_size(tasks->first, 0);
    g_ptr_array_set_size(tasks->rest, 0);
}

/* ---- portions ------------------------------------------------------------------------------ */

bool tasks_begin(Tasks *tasks)
{
    if (tasks->begun && !place_before(tasks->end, LAST))
        return false;
    tasks->awaited = 0;
    if (tasks->begun) {
        tasks->from = tasks->end;
        tasks->awaited = tasks->from.bound;
    }
    tasks->end = LAST;
    tasks->begun = true;
    return true;
}

void tasks_end(Tasks *tasks)
{
    tasks->awaited = INFINITY;
}

static gint compare_tasks(gconstpointer a, gconstpointer b)
{
    const Task *x = *(const Task *const *) a, *y = *(const Task *const *) b;
    return before(y, x) - before(x, y);
}

/* Puts off those of a heap that come at the end or after it. */
static void shorten(GPtrArray *heap, Place end)
{
    guint kept = 0;
    for (guint i = 0; i < heap->len; i++) {
        Task *task = heap->pdata[i];
        if (place_before(place_of(task), end))
            heap->pdata[kept++] = task;
        else
            task_free(task);
    }
    g_ptr_array_set_free_func(heap, NULL);
    g_ptr_array_set_size(heap, (gint) kept);
    g_ptr_array_set_free_func(heap, free_task);
    set_heap(heap);
}

/* About half of those that wait, by the middle one of a sample. */
static void put_off_half(Tasks *tasks)
{
    enum { SAMPLE = 1023 };
    const guint n = tasks_count(tasks), step = 1 + n / SAMPLE;
    g_autoptr(GPtrArray) sample = g_ptr_array_sized_new(SAMPLE);
    for (guint i = 0; i < n; i += step)
        g_ptr_array_add(sample, i < tasks->first->len ? tasks->first->pdata[i]
                                                      : tasks->rest->pdata[i - tasks->first->len]);
    g_ptr_array_sort(sample, compare_tasks);
    tasks->end = place_of(sample->pdata[sample->len / 2]);
    shorten(tasks->first, tasks->end);
    shorten(tasks->rest, tasks->end);
}

void tasks_add(Tasks *tasks, Task *task)
{
    const Place place = place_of(task);
    if (place_before(place, tasks->from) || !place_before(place, tasks->end)) {
        task_free(task);
        return;
    }
    tasks_push(tasks, task);
    if (tasks_count(tasks) > tasks->most)
        put_off_half(tasks);
}

/* ---- life ---------------------------------------------------------------------------------- */

Tasks *tasks_new(guint most)
{
    Tasks *tasks = g_new0(Tasks, 1);
    tasks->most = most;
    tasks->from = FIRST;
    tasks->end = LAST;
    tasks->awaited = INFINITY;
    tasks->first = g_ptr_array_new_with_free_func(free_task);
    tasks->rest = g_ptr_array_new_with_free_func(free_task);
    tasks->levels = g_ptr_array_new_with_free_func(g_free);
    tasks->numbers = g_hash_table_new(hash_level, equal_levels);
    return tasks;
}

void tasks_free(Tasks *tasks)
{
    g_ptr_array_free(tasks->first, TRUE);
    g_ptr_array_free(tasks->rest, TRUE);
    g_hash_table_destroy(tasks->numbers);
    g_ptr_array_free(tasks->levels, TRUE);
    g_free(tasks);
}
