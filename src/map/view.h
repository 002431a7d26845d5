/* A partial mapping as the bound sees it: of what is not decided the least that can be.
 *
 * Of a dim that is whole in so many chunks, or that has so many positions of the loops outside a
 * depth, h < 0 means those of all units, h >= 0 those of the first of the units that one home of
 * that number (Partial.home) has inside. */
#ifndef DCC_MAP_VIEW_H
#define DCC_MAP_VIEW_H

#include "map/bound.h"

typedef struct {
    const BoundModel *m;
    const Partial *p;
    double most[DIMS_MAX][DEPTHS]; /* of dims that are not decided, the largest size there is room
                                      for */
} View;

void view_start(View *view, const BoundModel *model, const Partial *partial);

/* Units that may share the dim in levels first .. end - 1. */
double view_units(const View *view, int dim, int first, int end);

/* The largest size of the dim at the depth. */
double view_size(const View *view, int dim, int depth);

/* Chunks of all units, or positions. */
double view_positions(const View *view, int dim, int depth, int h);

/* Indices that the first unit inside a home goes through, at least. */
double view_first(const View *view, int dim, int h);

/* Units that share a chunk of the depth `from` in levels from .. end - 1, at least: they all take
 * what the dim has nothing to do with. */
double view_sharers(const View *view, int dim, int from, int end);

/* How often an element of an output comes to its units of a depth, for one dim that it lacks, at
 * most: loops outside of `outer` move it, and all units between share the dim. */
double view_comings(const View *view, int dim, int outer, int depth);

/* Sum over the chunks of what of their length is beyond `skip`, at most. */
double view_beyond(const View *view, int dim, int depth, int h, double skip);

#endif
