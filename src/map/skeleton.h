/* A skeleton: which dims have maps in which level, which dim each level divides among its children,
 * and which tensor is held where.  What it leaves open are sizes, units and orders.
 *
 *     level 0   loops over any of M, N, K; the children of fan-out PE divide N
 *     level 1   loops over any of M, N, K; RF holds B in them
 *
 * Depths count units from the outside in, as in ir/nest.h: 0 the whole array, l + 1 the children of
 * level l.  A dim has a size at each depth; at depth 0 it is the layer's extent. */
#ifndef DCC_MAP_SKELETON_H
#define DCC_MAP_SKELETON_H

#include "ir/template.h"

enum { SKELETON_LEVELS = 16, DEPTHS = SKELETON_LEVELS + 1 };

/* Maps that stand in any order among each other, or, `ordered`, as they are listed. */
typedef struct {
    unsigned dims;
    bool ordered;
    int8_t order[DIMS_MAX]; /* all dims of the operator, each once */
} SkeletonItem;

typedef struct {
    unsigned maps;  /* dims that may have one */
    unsigned stays; /* of these, what the children have whole, where the size may be so large */
    int spread;     /* dim that the children divide; -1: none */
    unsigned idle;  /* dims of which a SpatialMap may leave all to the first child */
    const Hole *size[DIMS_MAX];
    int n_items;
    SkeletonItem item[DIMS_MAX];     /* outermost first, each with dims of its own */
    int64_t units_least, units_most; /* children under one parent */
    bool units_fixed;                /* all of them, whether they get work or not */
    bool cluster;  /* of the classic form: what is spread inside level 0, in one step */
    bool one_step; /* units that take one chunk each at most: folds are loops further out */
    int fanout;    /* as in Level */
    bool rest;
    int8_t memory[TENSORS_MAX]; /* from 1; 0: none */
    unsigned held;              /* tensors that the children hold */
} SkeletonLevel;

typedef struct {
    int n_levels;
    SkeletonLevel level[SKELETON_LEVELS];
} Skeleton;

/* Parts that a level divides a dim into in one step, at most: 1 if it leaves it whole; 0: a loop
 * over it may take several steps. */
int64_t skeleton_parts(const Skeleton *skeleton, int dim, int level);

/* Sizes that are tried. */
typedef enum {
    SIZES_DIVISORS,  /* those that divide the size outside them */
    SIZES_CANONICAL, /* the smallest for each number of chunks, and those rounded to units */
    SIZES_ALL
} Sizes;

/* Called for each; false ends the enumeration. */
typedef bool SkeletonVisit(const Skeleton *skeleton, void *data);

/* All skeletons of a template, dims of one size left out, in a fixed order.
 *
 * joined: between two places where memories hold something a dim has one loop at most, in the
 * outermost level that may have it, and fan-outs further inside take their chunks in one step; so
 * do two parts of one fan-out that may divide the same dims, in one order of them.  That leaves out
 * what is no better: of two loops over a dim with others between them, the outer one moved to the
 * inner one leaves every tensor in place at least as long.  Only what tiles at the edges come to
 * may differ, and what sizes can be reached. */
void skeletons_visit(const Layer *layer, const Machine *machine, const Template *open, bool joined,
                     SkeletonVisit *visit, void *data);

#endif
