/* Skeletons that wait to be gone through: first those that were not looked into yet, each kind in
 * the order of bounds.  There may be many of them: their levels, which many share, are kept once.
 */
#ifndef DCC_MAP_TASKS_H
#define DCC_MAP_TASKS_H

#include <glib.h>

#include "map/skeleton.h"

/* A skeleton that may hold something better. */
typedef struct {
    double bound;
    int64_t number;
    bool refined; /* `inside` is known, and in the bound */
    bool probed;  /* it was gone into a little way, for what is found there */
    double inside[DEPTHS];
    int skeleton, n_levels; /* its number, and how many levels it has */
    const SkeletonLevel *level[];
} Task;

typedef struct Tasks Tasks;

Tasks *tasks_new(void);
/* With the tasks that wait. */
void tasks_free(Tasks *tasks);

/* A task for the skeleton, to be freed with g_free unless it is pushed; good as long as `tasks`. */
Task *tasks_make(Tasks *tasks, const Skeleton *skeleton);
void task_skeleton(const Task *task, Skeleton *skeleton);

/* tasks owns it from then on. */
void tasks_push(Tasks *tasks, Task *task);
Task *tasks_pop(Tasks *tasks); /* NULL: there is none */

/* No more of them are looked into first. */
void tasks_all_probed(Tasks *tasks);

guint tasks_count(const Tasks *tasks);
/* The least bound; INFINITY if there is none. */
double tasks_least(const Tasks *tasks);
/* Frees all that wait. */
void tasks_clear(Tasks *tasks);

#endif
