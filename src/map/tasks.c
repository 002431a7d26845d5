/* Two heaps, so that the least bound of all is at hand. */
#include "map/tasks.h"

#include <math.h>
#include <string.h>

struct Tasks {
    GPtrArray *first, *rest; /* heaps of tasks: not probed yet, and the others */
    GHashTable *levels;      /* of SkeletonLevel, owned */
};

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

static const SkeletonLevel *keep_level(Tasks *tasks, const SkeletonLevel *level)
{
    const SkeletonLevel *kept = g_hash_table_lookup(tasks->levels, level);
    if (kept != NULL)
        return kept;
    SkeletonLevel *own = g_memdup2(level, sizeof *level);
    g_hash_table_add(tasks->levels, own);
    return own;
}

Task *tasks_make(Tasks *tasks, const Skeleton *skeleton)
{
    const int n = skeleton->n_levels;
    Task *task = g_malloc0(sizeof *task + (gsize) n * sizeof *task->level);
    task->skeleton = skeleton->number;
    task->n_levels = n;
    for (int l = 0; l < n; l++)
        task->level[l] = keep_level(tasks, &skeleton->level[l]);
    return task;
}

void task_skeleton(const Task *task, Skeleton *skeleton)
{
    skeleton->number = task->skeleton;
    skeleton->n_levels = task->n_levels;
    for (int l = 0; l < task->n_levels; l++)
        skeleton->level[l] = *task->level[l];
}

/* ---- heaps --------------------------------------------------------------------------------- */

static bool before(const Task *a, const Task *b)
{
    return a->bound != b->bound ? a->bound < b->bound : a->number < b->number;
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
    g_ptr_array_set_free_func(first, g_free);
    for (guint i = rest->len / 2; i-- > 0;)
        sink(rest, i);
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
    return fmin(least_of(tasks->first), least_of(tasks->rest));
}

void tasks_clear(Tasks *tasks)
{
    g_ptr_array_set_size(tasks->first, 0);
    g_ptr_array_set_size(tasks->rest, 0);
}

/* ---- life ---------------------------------------------------------------------------------- */

Tasks *tasks_new(void)
{
    Tasks *tasks = g_new(Tasks, 1);
    tasks->first = g_ptr_array_new_with_free_func(g_free);
    tasks->rest = g_ptr_array_new_with_free_func(g_free);
    tasks->levels = g_hash_table_new_full(hash_level, equal_levels, g_free, NULL);
    return tasks;
}

void tasks_free(Tasks *tasks)
{
    g_ptr_array_free(tasks->first, TRUE);
    g_ptr_array_free(tasks->rest, TRUE);
    g_hash_table_destroy(tasks->levels);
    g_free(tasks);
}
