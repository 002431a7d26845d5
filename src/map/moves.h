/* Which loops move a tensor on its way from the outside to a holder. */
#ifndef DCC_MAP_MOVES_H
#define DCC_MAP_MOVES_H

#include "map/view.h"

enum { MOVES_PARTS_MAX = SKELETON_LEVELS * DIMS_MAX + 1 };

/* A share of a tensor's elements. */
typedef struct {
    double share;
    int depth; /* loops of dims that the tensor lacks count outside of it, at least; -1: none may */
    unsigned also; /* dims whose loops in the level just inside of it count as well */
} MovesPart;

typedef struct {
    int n_parts;
    MovesPart part[MOVES_PARTS_MAX];
    int most;   /* loops count outside of this depth at most; -1: not set yet */
    int n_ways; /* of how its coordinates of two dims may move; the least counts */
    int at[1 + DIMS_MAX][DIMS_MAX]; /* the depth whose chunks of a dim count, way by way */
    int holder;
    int drift, drift_level; /* the innermost loop is of this dim, of such a coordinate; -1 */
    bool unclear;           /* loops further inside than where we are may move it */
} Moves;

/* Of a tensor, to units of the depth `holder`. */
void moves_find(const View *view, int tensor, int holder, Moves *moves);

/* To the root: all is there once. */
void moves_none(Moves *moves);

#endif
