/* Skeletons that wait to be gone through: first those that were not looked into yet, each kind in
 * the order of bounds. */
#ifndef DCC_MAP_TASKS_H
#define DCC_MAP_TASKS_H

#include <glib.h>

#include "map/skeleton.h"

/* A skeleton that may hold something better. */
typedef struct {
    Skeleton skeleton;
    double bound;
    int64_t number;
    bool refined; /* `inside` is known, and in the bound */
    bool probed;  /* it was gone into a little way, for what is found there */
    double inside[DEPTHS];
} Task;

/* A heap: an array of tasks, which it owns. */
void tasks_push(GPtrArray *heap, Task *task);
Task *tasks_pop(GPtrArray *heap); /* NULL: there is none */

#endif
