/* Random numbers of the case generator, the same on every machine.  The state is any number. */
#ifndef DCC_TESTS_DRAW_H
#define DCC_TESTS_DRAW_H

#include <stdbool.h>
#include <stdint.h>

/* A number that depends on seed and index alone: seeds of a row of cases. */
uint64_t draw_seed(uint64_t seed, uint64_t index);

/* low .. high, both included. */
int64_t draw_between(uint64_t *state, int64_t low, int64_t high);

/* True p times in 100. */
bool draw_percent(uint64_t *state, int64_t p);

void draw_shuffle(uint64_t *state, int *item, int n);

#endif
