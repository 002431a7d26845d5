/* The templates that leave everything open. */
#ifndef DCC_MAP_OPEN_H
#define DCC_MAP_OPEN_H

#include "ir/template.h"

/* On a machine of the classic form: loops over any dims at level 0 and, where the machine gives a
 * buffer to clusters, inside them; up to `spatial` dims divided, 1 to 3.  On a hierarchy: each
 * memory holds any of the tensors that it can hold, in the order of the machine, loops between any
 * two; each fan-out divides up to `spatial` dims.  A memory has up to `places` cuts, loops between
 * them, among which each of its tensors has one; no more than it can hold tensors. */
void open_template(const Layer *layer, const Machine *machine, int spatial, int places,
                   Template *open);

#endif
