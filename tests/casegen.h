/* Random small legal cases for the differential test, each from one 64-bit seed. */
#ifndef DCC_TESTS_CASEGEN_H
#define DCC_TESTS_CASEGEN_H

#include "case.h"

/* Classic, or with a hierarchy of memories; short ones are for the executable specification,
 * which is slow. */
typedef enum { CASE_CLASSIC, CASE_HIERARCHY, CASE_SHORT, CASE_SHORT_HIERARCHY } CaseKind;

/* The case of this seed, the same on every machine: any operator, 1 to 5 levels, any
 * NoC.  Small enough to walk: see casegen_walk. */
void casegen_make(uint64_t seed, CaseKind kind, Case *c);

/* Mends what small changes to a case break: a map of several chunks gets its size for its
 * offset.  False where the case stays illegal or empty. */
bool casegen_legal(Case *c);

/* Steps of all units over the whole layer, at most: what a walk costs. */
double casegen_walk(const Case *c);

/* Elements of a tensor, if every value of its coordinates is taken; of the largest one. */
int64_t casegen_tensor(const Case *c, int t);
int64_t casegen_elements(const Case *c);

/* MACs that all PEs compute, copies of the work included: what streaming costs. */
double casegen_macs(const Case *c);

#endif
