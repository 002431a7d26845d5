/* Threads beside the calling one, as many as the system lets there be: all work is such that the
 * calling one can do it alone. */
#ifndef DCC_IR_THREAD_H
#define DCC_IR_THREAD_H

#include <glib.h>

/* NULL if it cannot be made, or if no memory would be left to work in. */
GThread *thread_begin(const char *name, GThreadFunc function, gpointer data);

/* Waits for its end; NULL: there is none. */
void thread_await(GThread *thread);

/* Up to n that do the same; how many there are, which stand first. */
int threads_begin(GThread **thread, int n, const char *name, GThreadFunc function, gpointer data);

/* The same for threads that count *running down, with the lock, as they end: as many as run then.
 * Where none does, the calling one has done the work when this returns. */
int threads_begin_counted(GThread **thread, int n, const char *name, GThreadFunc function,
                          gpointer data, GMutex *lock, int *running);

void threads_await(GThread *const *thread, int n);

#endif
