/* Numbers for the items of a list by what they are: equal bytes, equal numbers. */
#ifndef DCC_ENGINE_NUMBERS_H
#define DCC_ENGINE_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t hash;
    int number;
    unsigned era; /* the slot is free unless this is the table's */
} NumberSlot;

/* The list itself is the caller's. */
typedef struct {
    NumberSlot *slot;
    int size; /* slots, a power of two */
    int n;
    unsigned era;
} Numbers;

void numbers_free(Numbers *numbers);

/* Empties the table. */
void numbers_reset(Numbers *numbers);

/* Gives the next item the number numbers->n. */
void numbers_add(Numbers *numbers, uint64_t hash);

/* The number of an equal item, -1 if there is none; `list` is that of number 0, the next one is
 * `stride` bytes on. */
int numbers_find(const Numbers *numbers, uint64_t hash, const void *item, size_t size,
                 const void *list, size_t stride);

#endif
