/* Lists that grow. */
#include "engine/list.h"

#include <glib.h>

void list_grow(void **item, int *capacity, size_t width)
{
    *capacity = *capacity ? *capacity * 2 : 64;
    *item = g_realloc_n(*item, (gsize) *capacity, width);
}
