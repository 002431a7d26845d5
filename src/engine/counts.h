/* Counts of a nest in closed form: no table of cases, no time. */
#ifndef DCC_ENGINE_COUNTS_H
#define DCC_ENGINE_COUNTS_H

#include "engine/cluster.h"
#include "engine/overlap.h"
#include "engine/result.h"

typedef struct {
    int dim, index; /* in the chain of its dim */
} CountLoop;

/* How many loops of each dim: four bits for one, so that a copy takes no time. */
typedef uint64_t Depths;
_Static_assert(4 * DIMS_MAX <= 64 && CHAIN_MAX < 16, "four bits for each dim");

static inline Depths depths_of(int dim, int loops)
{
    return (Depths) loops << 4 * dim;
}

static inline int depths_get(Depths depths, int dim)
{
    return (int) (depths >> 4 * dim & 15);
}

/* A coordinate of two dims, while loops go on. */
typedef struct {
    const Axis *axis;
    int across;  /* the one of the two dims that the children divide; -1 */
    bool slides; /* it is plain, and the children divide neither */
    Kept kept;   /* where its loops that do not stand go back */
    bool known;  /* else one of them has moved since */
    bool gone;   /* nothing is kept, nor will be further out */
} CountPair;

/* Working memory: the nest down to a level. */
typedef struct {
    const Shape *shape;
    int n_loops; /* outermost first; those of one chunk left out */
    CountLoop loop[LEVELS_MAX * DIMS_MAX];
    Depths outer[LEVELS_MAX * DIMS_MAX + 1]; /* [k]: the first k of them, by dim */
    int across;                   /* dim that the innermost level divides among its children; -1 */
    int64_t copies, parents;      /* units that do the same; parents that do */
    int spread[LEVELS_MAX];       /* dim that a level divides among its children; -1 */
    int64_t alike[LEVELS_MAX];    /* children below one parent that do the same */
    Depths start[LEVELS_MAX + 1]; /* loops outside a level */
    int64_t single[TENSORS_MAX];  /* extents of the coordinates of one dim, multiplied */
    uint8_t number[DIMS_MAX][CHAIN_MAX]; /* which loops are a dim's */
    int going[DIMS_MAX]; /* the innermost of them at which some of the dim goes; -1 */
    Chain chain[DIMS_MAX];
    int64_t full[DIMS_MAX]; /* length of a dim's full chunk inside all of its loops */
    ChainSum sum[DIMS_MAX][CHAIN_MAX + 1];
    ChainSum far[DIMS_MAX][CHAIN_MAX + 1]; /* where units of several levels come together */
    Depths depth;                          /* all loops */
    unsigned turn;
    unsigned turns[LEVELS_MAX]; /* dims whose loops, of this level or outside it, take several steps
                                   in a parent of nominal size */
    WaysList back[DIMS_MAX];    /* of the dim, where its loops from back_outer on go back */
    int back_outer[DIMS_MAX];   /* -1: not set yet */
    Backs backs[DIMS_MAX];      /* the same of loops that no units share */
    CountPair pair[COORDS_MAX]; /* of the tensor that is being counted */
} Counts;

/* Fills macs, copies, the tensors' sizes and, of every level, steps and the counts of every tensor:
 * the same integers as analysis_run's.  RESULT_OVERFLOW if the MACs, with those that children
 * without a SpatialMap repeat, do not fit 63 bits: no other count, nor a partial sum of one, is
 * larger. RESULT_RAGGED if a set could not be counted; RESULT_ENTANGLED if tensors pass fan-outs
 * in a way that is not counted here: the table of cases may do.  Of the links' volumes those are
 * set whose hops cost energy, the others are -1. */
ResultStatus counts_fill(const Layer *layer, const Shape *shape, const Nest *nest,
                         const Machine *machine, Counts *counts, Result *result);

#endif
