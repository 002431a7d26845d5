/* Skeletons that wait to be gone through: first those that were not looked into yet, each kind in
 * the order of bounds.
 *
 * There may be more of them than there is room for.  Then those of the highest bounds are put off,
 * and once the others are done all are enumerated again, in the same order and with the same
 * bounds, for the next portion.  So memory does not grow with the space. */
#ifndef DCC_MAP_TASKS_H
#define DCC_MAP_TASKS_H

#include <glib.h>

#include "map/skeleton.h"

/* A skeleton that may hold something better. */
typedef struct {
    double bound;
    int64_t number; /* in the order of enumeration */
    double *inside; /* of DEPTHS, which the bound has then; NULL: not refined; owned */
    unsigned char n_levels;
    bool probed;   /* it was gone into a little way, for what is found there */
    guint level[]; /* numbers of levels, which many skeletons share */
} Task;

void task_free(Task *task);
/* Sets `inside`, of DEPTHS. */
void task_refine(Task *task, const double *inside);

typedef struct Tasks Tasks;

/* At most so many of an enumeration wait. */
Tasks *tasks_new(guint most);
/* With the tasks that wait. */
void tasks_free(Tasks *tasks);

/* Whether there is something to enumerate: at first, and then as long as some were put off. */
bool tasks_begin(Tasks *tasks);
/* A task for the skeleton, which owns itself; good as long as `tasks`. */
Task *tasks_make(Tasks *tasks, const Skeleton *skeleton);
void tasks_skeleton(const Tasks *tasks, const Task *task, Skeleton *skeleton);
/* A task that is enumerated: it waits, unless it is put off or was done before.  tasks owns it. */
void tasks_add(Tasks *tasks, Task *task);
/* All have been enumerated. */
void tasks_end(Tasks *tasks);

/* A task that was taken waits once more.  tasks owns it. */
void tasks_push(Tasks *tasks, Task *task);
Task *tasks_pop(Tasks *tasks); /* NULL: there is none */

/* No more of them are looked into first. */
void tasks_all_probed(Tasks *tasks);

guint tasks_count(const Tasks *tasks); /* that wait */
/* The least bound, of those that are put off or not enumerated yet as well; INFINITY if there are
 * none. */
double tasks_least(const Tasks *tasks);
/* Frees all that wait. */
void tasks_clear(Tasks *tasks);

#endif
