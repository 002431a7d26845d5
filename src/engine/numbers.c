/* Open addressing; a table that is emptied keeps its slots. */
#include "engine/numbers.h"

#include <glib.h>
#include <string.h>

void numbers_free(Numbers *numbers)
{
    g_free(numbers->slot);
}

void numbers_reset(Numbers *numbers)
{
    numbers->n = 0;
    if (++numbers->era == 0 && numbers->size) { /* slots of long ago could seem to be in use */
        memset(numbers->slot, 0, (size_t) numbers->size * sizeof *numbers->slot);
        numbers->era = 1;
    }
}

static void put(Numbers *numbers, NumberSlot slot)
{
    uint64_t at = slot.hash & (uint64_t) (numbers->size - 1);
    while (numbers->slot[at].era == numbers->era)
        at = (at + 1) & (uint64_t) (numbers->size - 1);
    numbers->slot[at] = slot;
}

static void grow(Numbers *numbers)
{
    NumberSlot *old = numbers->slot;
    int size = numbers->size;
    numbers->size = size ? 2 * size : 64;
    numbers->slot = g_new0(NumberSlot, numbers->size);
    for (int k = 0; k < size; k++)
        if (old[k].era == numbers->era)
            put(numbers, old[k]);
    g_free(old);
}

void numbers_add(Numbers *numbers, uint64_t hash)
{
    if (numbers->size < 2 * (numbers->n + 1))
        grow(numbers);
    put(numbers, (NumberSlot){hash, numbers->n++, numbers->era});
}

int numbers_find(const Numbers *numbers, uint64_t hash, const void *item, size_t size,
                 const void *list, size_t stride)
{
    if (!numbers->size)
        return -1;
    for (uint64_t at = hash;; at++) {
        const NumberSlot *slot = &numbers->slot[at & (uint64_t) (numbers->size - 1)];
        if (slot->era != numbers->era)
            return -1;
        if (slot->hash == hash &&
            !memcmp((const char *) list + (size_t) slot->number * stride, item, size))
            return slot->number;
    }
}
