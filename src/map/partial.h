/* A mapping on its way: of each dim the sizes from the outside in, as far as they are decided, and
 * into how many chunks of which length they cut the layer. */
#ifndef DCC_MAP_PARTIAL_H
#define DCC_MAP_PARTIAL_H

#include "map/skeleton.h"

enum {
    HOMES_MAX = 6,           /* depths from which units are taken together */
    LENGTHS_MAX = DEPTHS + 1 /* distinct lengths of a dim's chunks: one more each depth */
};

/* Chunks of a dim over the layer, by length; the longest first. */
typedef struct {
    int n;
    int64_t length[LENGTHS_MAX];
    double times[LENGTHS_MAX];
} Lengths;

/* What one dim comes to at one depth. */
typedef struct {
    int64_t size;
    Lengths each;            /* chunks of all units in all positions of the loops outside */
    Lengths once[HOMES_MAX]; /* positions: units of the levels from that home on are taken as one,
                                the first */
    double n_each, n_once[HOMES_MAX]; /* how many */
    double together[HOMES_MAX];       /* units that are taken as one */
    double steps;                     /* indices that the first unit goes through */
    bool always; /* set at the parents' depth: the level's loop takes several steps in every one */
} DimDepth;

enum { INNER_OPEN = -2, INNER_NONE = -1 };

/* Of each level the dims whose loops take several steps, outermost first. */
typedef struct {
    int n[SKELETON_LEVELS];
    int8_t dim[SKELETON_LEVELS][DIMS_MAX];
} Order;

typedef struct {
    const Skeleton *skeleton;
    int n_dims, n_homes;
    int home[HOMES_MAX]; /* depths, ascending; home[0] is 0 */
    const Order *order;  /* once all sizes are decided; NULL: it is open */
    DimDepth at[DIMS_MAX][DEPTHS];
    uint8_t known[DIMS_MAX];           /* the innermost depth whose size is decided */
    int64_t units[SKELETON_LEVELS];    /* 0: not decided */
    unsigned settled;                  /* levels whose units are not decided with a size */
    unsigned several[SKELETON_LEVELS]; /* dims whose loop takes several steps, where decided */
    int8_t inner[SKELETON_LEVELS];     /* kind of the innermost loop; see bound.h */
    unsigned loops[SKELETON_LEVELS];   /* dims whose loop is to take several steps; ... */
    unsigned stills[SKELETON_LEVELS];  /* ... that are to have none */
} Partial;

/* What is decided of a loop before its size. */
typedef enum { STEPS_OPEN, STEPS_ONE, STEPS_SEVERAL } Steps;
Steps partial_steps(const Partial *partial, int dim, int level);

/* As skeleton_parts, with what is decided of units and loops. */
int64_t partial_parts(const Partial *partial, int dim, int level);

/* Nothing is decided but what the skeleton leaves no choice of.  homes: a bit for each depth. */
void partial_start(Partial *partial, const Layer *layer, const Skeleton *skeleton, unsigned homes);

/* The dim's size in the children of its next level with a map of it; `units` of them share the dim
 * where it is what that level divides, else 1. */
void partial_decide(Partial *partial, int dim, int64_t size, int64_t units);

/* Takes the last decision about the dim back; `known` is what it was before. */
void partial_forget(Partial *partial, int dim, int known);

/* The level with the dim's next map; -1: all is decided. */
int partial_next(const Partial *partial, int dim);

#endif
