/* A level as its parents see it: the loops that take time, the children that share the work. */
#ifndef DCC_ENGINE_CLUSTER_H
#define DCC_ENGINE_CLUSTER_H

#include "engine/tensor.h"
#include "ir/layer.h"
#include "ir/nest.h"

/* A map with more than one chunk in a parent of nominal size. */
typedef struct {
    int dim;
    int64_t size;   /* chunk q is [q*size, (q+1)*size), cut off at the parent's end */
    int64_t across; /* children that take a chunk each in one step; 1 for a TemporalMap */
    int64_t width;  /* size * across: what they take together */
    bool output;    /* the dim is the output's */
    int64_t extent; /* of the dim in a parent of nominal size */
    int64_t steps;  /* in such a parent, found once: a division takes long */
    int64_t last;   /* where the last of them begins */
} Loop;

/* How children want a tensor: all the same, or chunks of a coordinate of one dim or of two. */
typedef enum { SPLIT_NONE, SPLIT_SINGLE, SPLIT_PAIR } SplitKind;

/* A tensor's coordinates where the children divide a dim: the one that has it is split, the others
 * are whole.  Sets of dims have a bit for each. */
typedef struct {
    SplitKind kind;
    int split;                        /* its axis; -1 if there is none */
    unsigned dims, singles;           /* of the others; those that are coordinates on their own */
    int n_singles, n_pairs;           /* coordinates of one dim; of two */
    unsigned char single[COORDS_MAX]; /* the dims */
    unsigned char pair[COORDS_MAX];   /* the axes */
} Whole;

/* A layer's operator with what every evaluation asks of it. */
typedef struct {
    int n_dims, n_tensors, output;
    unsigned all;                     /* dims */
    unsigned of_output;               /* dims coupled to the output */
    int n_reduced, reduced[DIMS_MAX]; /* the others */
    unsigned slides;                  /* dims that share a coordinate: how far they move matters */
    unsigned large;                   /* those with a coefficient too large for UNIT_FAR */
    unsigned dims[TENSORS_MAX], singles[TENSORS_MAX]; /* of a tensor; those that are coordinates on
                                                         their own */
    int n_others[TENSORS_MAX], other[TENSORS_MAX][DIMS_MAX]; /* dims that it does not have */
    int n_axes[TENSORS_MAX];
    int n_pairs[TENSORS_MAX]; /* the first so many axes are of two dims, the others of one */
    Axis axis[TENSORS_MAX][COORDS_MAX];
    Whole whole[1 + DIMS_MAX][TENSORS_MAX]; /* [1 + d] where children divide d, [0] where none */
    double density[TENSORS_MAX];            /* the layer's: scales what moves */
    double work; /* of all inputs together: scales the MACs that take time */
    bool sparse; /* one of them is below 1 */
} Shape;

/* A level. */
typedef struct {
    int n_loops;
    Loop loop[DIMS_MAX]; /* outermost first */
    unsigned reduced;    /* loops over reduced dims, a bit for each */
    int spatial;         /* the loop over children; -1 if there is none */
    int64_t children;    /* units under one parent */
    int64_t alike;  /* children that do the same work; 1 if they divide a dim, or if a SpatialMap
                       of one chunk leaves the others idle */
    unsigned turns; /* dims whose loop takes several steps in a parent of nominal size */
    bool even;      /* no chunk is cut off or missing, here or in the levels around */
    bool flat;      /* inside another level, and there is no such loop */
    int64_t full[DIMS_MAX]; /* what a child has that is not at an edge */
    int64_t macs;           /* its MACs per index of the dim that the children divide */
    int64_t size[TENSORS_MAX], singles[TENSORS_MAX]; /* image of its whole coordinates; of those of
                                                     one dim */
    const Whole *whole;                              /* of each tensor */
    unsigned passes; /* tensors that the children do not hold: they pass through them */
    unsigned inside; /* dims that units further inside divide; all, where some tensor passes some
                        units: what each of them had matters there */
} Cluster;

void cluster_shape(const Layer *layer, Shape *shape);

/* The densities alone, where the operator is the same. */
void cluster_density(const Layer *layer, Shape *shape);

/* Elements of each tensor. */
void cluster_sizes(const Layer *layer, const Shape *shape, int64_t size[TENSORS_MAX]);

/* Lowers every level of the nest; the extents of the layer are what level 0 divides. */
void cluster_levels(const Layer *layer, const Shape *shape, const Nest *nest,
                    Cluster cluster[LEVELS_MAX]);

/* Steps of a loop in a parent that owns `extent` of its dim (0: the parent's chunk is missing). */
static inline int64_t loop_steps(const Loop *loop, int64_t extent)
{
    if (extent == loop->extent)
        return loop->steps;
    return extent > loop->width ? ceil_div(extent, loop->width) : 1;
}

/* Where the last of them begins. */
static inline int64_t loop_last(const Loop *loop, int64_t extent)
{
    if (extent == loop->extent)
        return loop->last;
    return extent > loop->width ? (extent - 1) / loop->width * loop->width : 0;
}

/* Whether there is more than one. */
static inline bool loop_several(const Loop *loop, int64_t extent)
{
    return extent > loop->width;
}

/* Length of the chunk that starts there, 0 if it is missing. */
static inline int64_t loop_chunk(const Loop *loop, int64_t extent, int64_t start)
{
    int64_t length = extent - start;
    return length <= 0 ? 0 : min64(length, loop->size);
}

/* How much of what is left from the first child on the children of a step have together. */
static inline int64_t loop_covered(const Loop *loop, int64_t left)
{
    return left <= 0 ? 0 : min64(left, loop->width);
}

/* How many they are. */
static inline int64_t loop_children(const Loop *loop, int64_t covered)
{
    return covered == loop->width ? loop->across : ceil_div(covered, loop->size);
}

#endif
