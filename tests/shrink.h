/* Makes a failing case small enough to be read. */
#ifndef DCC_TESTS_SHRINK_H
#define DCC_TESTS_SHRINK_H

#include "casegen.h"

typedef bool (*ShrinkFails)(const Case *c, void *data);

/* Replaces a case that fails by a smaller one that fails too, until no change makes it
 * smaller.  `fails` is asked of legal cases only. */
void shrink_case(Case *c, ShrinkFails fails, void *data);

#endif
