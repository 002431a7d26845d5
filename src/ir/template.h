/* A nest with holes: what a dataflow leaves open for a search to fill, over iteration dims only. */
#ifndef DCC_IR_TEMPLATE_H
#define DCC_IR_TEMPLATE_H

#include "ir/nest.h"

enum {
    HOLE_AMONG_MAX = 32,              /* sizes that may be listed */
    TEMPLATE_MAPS_MAX = 2 * DIMS_MAX, /* of a level, before its holes are filled */
    TEMPLATE_LEVELS_MAX = 16          /* those that come to nothing are left out of the nest */
};

/* What a number may be: `value`, or, of a hole, anything from `least` to `most` that `multiple`
 * divides and, if n_among > 0, that is listed; some number always is.  Of a number that is written
 * the bounds leave just it. */
typedef struct {
    bool open;
    int64_t value;       /* 0 if it is open */
    int64_t least, most; /* 1 .. INT32_MAX if nothing is said */
    int64_t multiple;    /* 1: of any */
    int n_among;
    int64_t among[HOLE_AMONG_MAX]; /* ascending, each once */
} Hole;

/* A map whose kind, dim or size may be open, or `Any;`: maps of any number and order, each dim at
 * most once in the level.  The offset of a map is its size. */
typedef struct {
    bool any;
    unsigned kinds; /* 1u << MapKind: what it may be; of Any: both where the level's children are
                       several and no other map of the level is a SpatialMap, else temporal */
    unsigned dims;  /* a bit for each that it may be of, without those that another map of the level
                       names alone and those that the layer does not give.  Of Any there may be none
                       left; the others can all have one of their own */
    int n_order;    /* Any ordered: those dims in this order, outermost first; 0: any order */
    int order[DIMS_MAX];
    Hole size; /* of Any: of each of its maps */
} TemplateMap;

typedef struct {
    int n_maps;
    TemplateMap map[TEMPLATE_MAPS_MAX]; /* outermost first */
    Hole children; /* units below one parent; of a fan-out no more than it has, but the product of
                      its parts may be.  Of level 0 of the classic form it is not looked at: what
                      the clusters inside leave of the PEs */
    /* On a hierarchy, as in Level. */
    int fanout;
    bool rest;
    int memory[TENSORS_MAX];     /* tensors whose place is written */
    unsigned open[MEMORIES_MAX]; /* [m], from 0: tensors that the machine's memory m may hold in
                                    the children or not, a bit for each: `Buffer(M) ?;`.  In one
                                    level a tensor has one place.  What is written elsewhere leaves
                                    each of them possible, but not all together: a memory holds a
                                    tensor once, and inside of what memory m holds come those of
                                    higher numbers */
} TemplateLevel;

typedef struct {
    int n_levels;
    TemplateLevel level[TEMPLATE_LEVELS_MAX]; /* outermost first; the last one's children are PEs */
} Template;

/* A number that is written; a hole without bounds. */
Hole hole_written(int64_t value);
Hole hole_open(void);

/* Whether the number may be that; the least that it may be, 0 if nothing is within its bounds. */
bool hole_takes(const Hole *hole, int64_t value);

/* Whether it is open and nothing is said of it. */
bool hole_is_plain(const Hole *hole);
int64_t hole_least(const Hole *hole);

/* A nest in which nothing is left to be placed, as a template without holes. */
void template_from_nest(const Nest *nest, Template *out);

#endif
