/* Sets of dims and of tensors have a bit for each. */
#ifndef DCC_MAP_SET_H
#define DCC_MAP_SET_H

#include <stdbool.h>

static inline bool has(unsigned set, int item)
{
    return set >> item & 1;
}

#endif
