#include "ir/thread.h"

#include <sys/mman.h>

enum { ROOM = 64 << 20 /* bytes of addresses */ };

/* Stacks take addresses alone, and under a limit of these would leave nothing to allocate from. */
static void *room_take(void)
{
    void *room = mmap(NULL, ROOM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room != MAP_FAILED ? room : NULL;
}

GThread *thread_begin(const char *name, GThreadFunc function, gpointer data)
{
    void *room = room_take();
    if (room == NULL)
        return NULL;
    GThread *thread = g_thread_try_new(name, function, data, NULL);
    munmap(room, ROOM);
    return thread;
}

void thread_await(GThread *thread)
{
    if (thread != NULL)
        g_thread_join(thread);
}

int threads_begin(GThread **thread, int n, const char *name, GThreadFunc function, gpointer data)
{
    int begun = 0;
    while (begun < n && (thread[begun] = thread_begin(name, function, data)) != NULL)
        begun++;
    return begun;
}

int threads_begin_counted(GThread **thread, int n, const char *name, GThreadFunc function,
                          gpointer data, GMutex *lock, int *running)
{
    *running = n;
    int begun = threads_begin(thread, n, name, function, data);
    g_mutex_lock(lock);
    *running -= n - MAX(1, begun);
    g_mutex_unlock(lock);
    if (begun == 0)
        function(data);
    return begun;
}

void threads_await(GThread *const *thread, int n)
{
    for (int i = 0; i < n; i++)
        thread_await(thread[i]);
}
