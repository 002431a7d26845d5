/* Why designs of a sweep are not valid. */
#ifndef DCC_DSE_REASONS_H
#define DCC_DSE_REASONS_H

#include "dse/summary.h"

/* How many designs have no legal mapping and why the first has none, in a line; where all of the
 * space is seen and nothing is valid, also what else is in the way, and by how much.  `study` is
 * NULL where it is not known any more.  Returns whether nothing is valid. */
bool reasons_tell(const Study *study, const Summary *summary, FILE *out);

#endif
