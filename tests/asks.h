/* Requests for elements, and results, on their way to the units that hold the tensor.
 *
 * A link that merges (multicast on the way in, reduction on the way out) carries of each
 * element as many copies as the child that has most of them; one that does not carries the
 * sum.  So elements that a link has not merged stay apart on the links above it. */
#ifndef DCC_TESTS_ASKS_H
#define DCC_TESTS_ASKS_H

#include "sim.h"

typedef enum { WAY_IN, WAY_OUT } Way;

void asks_open(Sim *s, int elements);
void asks_close(Sim *s);

/* Begins with no stream. */
Flow *asks_begin(Sim *s);

/* A child of the link asks for copies of an element, or for those in a and not in b (all of a if b
 * is NULL), one of each: how many. */
void asks_add(Sim *s, int element, int64_t copies, bool merge);
int64_t asks_add_set(Sim *s, const Word *a, const Word *b, int words, bool merge);

/* Ends the link's stream: what it carries altogether. */
int64_t asks_end(Sim *s, Flow *flow, int64_t unit);

/* From links of a level to those of the homes, where they arrive as the streams of *flow.  Adds to
 * the loads that pass through on the way. */
Flow *asks_climb(Sim *s, Flow *flow, int level, int t, Way way);

/* So many partial sums, each for one child, pass from the home down to a unit's link. */
void asks_pass(Sim *s, int level, int64_t unit, int t, int64_t n);

#endif
