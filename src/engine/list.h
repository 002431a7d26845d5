/* Lists that grow and keep their memory when they are emptied. */
#ifndef DCC_ENGINE_LIST_H
#define DCC_ENGINE_LIST_H

#include <glib.h>
#include <stddef.h>

/* Count and capacity are in items. */
#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type *item;                                                                                \
        int n, capacity;                                                                           \
    }

/* Makes room for another item; items may move when the list grows. */
#define ROOM(list)                                                                                 \
    ((list).n == (list).capacity                                                                   \
         ? list_grow((void **) &(list).item, &(list).capacity, sizeof *(list).item)                \
         : (void) 0)

/* The next item, not set. */
#define APPEND(list) (ROOM(list), &(list).item[(list).n++])

/* Makes room for `count` items of a list that is filled by index. */
#define RESERVE(list, count)                                                                       \
    do {                                                                                           \
        if ((list).capacity < (count)) {                                                           \
            (list).capacity = (count) *2;                                                          \
            (list).item = g_realloc_n((list).item, (gsize) (list).capacity, sizeof *(list).item);  \
        }                                                                                          \
    } while (0)

void list_grow(void **item, int *capacity, size_t width);

#endif
