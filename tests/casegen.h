/* Random small legal cases for the differential test, each from one 64-bit seed. */
#ifndef DCC_TESTS_CASEGEN_H
#define DCC_TESTS_CASEGEN_H

#include "ir/layer.h"
#include "ir/machine.h"
#include "ir/nest.h"

typedef struct {
    Layer layer; /* names are static or interned text */
    Nest nest;
    Machine machine;
} Case;

/* The case of this seed, the same on every machine: any operator, 1 to 4 levels, any
 * NoC.  Small enough to walk: see casegen_walk. */
void casegen_make(uint64_t seed, Case *c);

/* Mends what small changes to a case break: a map of several chunks gets its size for its
 * offset.  False where the case stays illegal or empty. */
bool casegen_legal(Case *c);

/* Steps of all units over the whole layer, at most: what a walk costs. */
double casegen_walk(const Case *c);

/* Elements of the largest tensor, if every value of its coordinates is taken. */
int64_t casegen_elements(const Case *c);

/* A number that depends on seed and index alone: seeds of a row of cases. */
uint64_t casegen_seed(uint64_t seed, uint64_t index);

#endif
