/* What comes in of a tensor at a level, over the layer. */
#ifndef DCC_ENGINE_WALK_H
#define DCC_ENGINE_WALK_H

#include "engine/counts.h"

/* To the units of the innermost level: *each to each of them, summed up, *once what those that ask
 * together take once; of the dims `far`, which the tensor lacks, Counts.far says which do.  Copies
 * are not counted.  False if a set could not be counted. */
bool walk_count(Counts *s, int t, unsigned far, int64_t *each, int64_t *once);

#endif
