/* What two tiles have in common along a coordinate. */
#ifndef DCC_REPORT_WINDOW_H
#define DCC_REPORT_WINDOW_H

#include <glib.h>

#include "engine/tensor.h"

/* The coordinate of the tensor that the dim reaches, or NULL. */
const Coord *window_coord(const Tensor *tensor, int dim);
/* Values of the coordinate that the tile has together with the one before, and those that it has:
 * with a stride they need not be neighbours, so that it is not enough to look at the ends.  A move
 * for each of its dims. */
int64_t window_common(const Coord *coord, const Move move[2]);
int64_t window_values(const Coord *coord, const Move move[2]);
/* "halo of 2 in 3 along Y'" */
void window_append_halo(GString *out, int64_t shared, int64_t values, const char *dim);

#endif
