/* Depth-first through the mappings of a skeleton.  Level by level from the outside in the kind of
 * the level's innermost loop is decided, then the size of one dim after the other, each time the
 * choice of the least bound first; what its owner says is not open any more is left out. */
#ifndef DCC_MAP_BRANCH_H
#define DCC_MAP_BRANCH_H

#include <glib.h>

#include "map/bound.h"

typedef struct Branch Branch;

/* What its owner does. */
typedef struct {
    double (*value)(Branch *branch, MapBound *bound); /* of the partial mapping */
    bool (*open)(const Branch *branch, const MapBound *bound, double value); /* worth going on */
    bool (*stopped)(Branch *branch);                        /* asked between any two decisions */
    void (*left)(Branch *branch, double value);             /* what a stop leaves out */
    void (*decided)(Branch *branch, const MapBound *bound); /* all sizes are */
    void (*placed)(Branch *branch); /* units are, where they are decided first; or NULL */
    bool (*ends)(Branch *branch);   /* of a model with a range of sizes: none is open */
} BranchOwner;

enum { DECISIONS_MAX = SKELETON_LEVELS * DIMS_MAX };

/* What a list of sizes goes by: it is made anew only if that is another. */
typedef struct {
    int dim, level; /* dim -1: there is no list */
    Steps steps;
    int64_t whole, units[SKELETON_LEVELS];
    guint first; /* of the list that fitted, when that was last asked */
} Listed;

/* A whole mapping of the skeleton, but for the order of loops. */
typedef struct {
    int64_t size[DIMS_MAX][DEPTHS], units[SKELETON_LEVELS];
} Wish;

struct Branch {
    const BranchOwner *owner;
    void *data; /* the owner's */
    const Layer *layer;
    const Machine *machine;
    Sizes sizes;
    BoundModel model;
    Partial partial;
    const Wish *wish; /* what dims keep to, but for those that are `loose`; or NULL */
    unsigned loose;
    bool one_by_one;  /* sizes are not bounded in ranges */
    bool units_first; /* units of fan-outs are decided before any size */
    int64_t bounds;   /* that were looked at, over all runs */
    int depth;
    GArray *choices[DECISIONS_MAX], *listed[DECISIONS_MAX]; /* by decision */
    Listed key[DECISIONS_MAX];                              /* of `listed`, in one run */
};

void branch_init(Branch *branch, const BranchOwner *owner, void *data, const Layer *layer,
                 const Machine *machine, Sizes sizes);
void branch_clear(Branch *branch);

/* From the partial mapping of the model's skeleton on, in which nothing is decided. */
void branch_run(Branch *branch);

/* Of a branch in which all is decided. */
void branch_wish(const Branch *branch, Wish *wish);

#endif
