#include "map/tasks.h"

static bool before(const Task *a, const Task *b)
{
    if (a->probed != b->probed)
        return !a->probed;
    return a->bound != b->bound ? a->bound < b->bound : a->number < b->number;
}

static void swap(GPtrArray *heap, guint i, guint k)
{
    gpointer task = heap->pdata[i];
    heap->pdata[i] = heap->pdata[k];
    heap->pdata[k] = task;
}

void tasks_push(GPtrArray *heap, Task *task)
{
    g_ptr_array_add(heap, task);
    for (guint i = heap->len - 1; i > 0 && before(heap->pdata[i], heap->pdata[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(heap, i, (i - 1) / 2);
}

Task *tasks_pop(GPtrArray *heap)
{
    if (heap->len == 0)
        return NULL;
    swap(heap, 0, heap->len - 1);
    Task *task = g_ptr_array_steal_index(heap, heap->len - 1);
    for (guint i = 0, least = 0;; i = least) {
        for (guint k = 2 * i + 1; k <= 2 * i + 2 && k < heap->len; k++)
            if (before(heap->pdata[k], heap->pdata[least]))
                least = k;
        if (least == i)
            return task;
        swap(heap, i, least);
    }
}
