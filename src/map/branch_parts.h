/* What the files of a branch have in common. */
#ifndef DCC_MAP_BRANCH_PARTS_H
#define DCC_MAP_BRANCH_PARTS_H

#include "map/branch.h"
#include "map/sizes.h"

/* What may be decided next, and the bound then. */
typedef struct {
    double value;
    MapBound bound;
    SizeChoice size;
} Choice;

bool branch_is_open(const Branch *branch, const Choice *choice);

/* Bounds the partial mapping; true if it is worth going on with. */
bool branch_look(Branch *branch, Choice *choice);

/* Whether the units that the parts of one fan-out take together are there. */
bool branch_fanout_holds(const Branch *branch, int level);

/* Whether the level may go on as it is, with the dims that are left. */
bool branch_may_go_on(Branch *branch, int level, unsigned left);

/* Whether a dim, -1: none, has what is wished. */
bool branch_keeps(const Branch *branch, int dim);

/* What a cluster has of the dim follows from what level 0 leaves it. */
void branch_decide(Branch *branch, int dim, SizeChoice choice);

/* Whether a level inside has room for so much of a dim, all else being 1. */
bool branch_is_small(const Branch *branch, int dim, int level, int64_t size);

/* The sizes of a dim in a level. */
const GArray *branch_sizes(Branch *branch, int dim, int level);

/* Of those the ones that are worth going on with, into the decision's choices; `rest`: dims of the
 * level that are left then. */
void branch_look_at_sizes(Branch *branch, int level, int dim, unsigned rest);

#endif
