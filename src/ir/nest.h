/* A dataflow as the engines read it: levels of maps over iteration dims only
 * (derived dims are lowered away), sizes are numbers, children are counted.
 *
 * The laws of a nest stand here: how many chunks and steps a map has, how many children level 0
 * has, and what a nest must be so that every MAC is computed exactly once. */
#ifndef DCC_IR_NEST_H
#define DCC_IR_NEST_H

#include <glib.h>

#include "ir/layer.h"
#include "ir/machine.h"

typedef enum { MAP_TEMPORAL, MAP_SPATIAL } MapKind;

/* Chunk q of a parent's interval [0, e) is [q*offset, min(q*offset + size, e)). */
typedef struct {
    MapKind kind;
    int dim;
    int64_t size, offset;
} Map;

/* The steps of a level are the nested loops of its maps, the last one fastest.
 * A dim that is not mapped is one full chunk. */
typedef struct {
    int64_t children; /* units below one parent, idle ones included */
    int n_maps;
    Map map[DIMS_MAX]; /* outermost first; each dim at most once */

    /* On a hierarchy of memories; all 0 on a classic machine, whose units hold every tensor. */
    unsigned passes;         /* tensors that the children do not hold, a bit for each: they come
                                from the nearest unit further out that does */
    int fanout;              /* which of the machine's the children are, from 1; 0: one child */
    bool rest;               /* of a fan-out of which a level further out has the first part */
    int memory[TENSORS_MAX]; /* which of the machine's holds a tensor in a child, from 1; 0: none */
    bool joint;              /* it ends with a line that is `auto`, and falls away once that is
                                placed, unless a dim is mapped on both sides */
} Level;

/* Tensors that a memory can hold are to be placed: `Buffer(M) auto;`. */
typedef struct {
    int memory; /* which of the machine's, from 1 */
    int level;  /* the one that ends with the line */
} AutoPlace;

enum { AUTOS_MAX = 4 };

typedef struct {
    int n_levels;
    Level level[LEVELS_MAX]; /* outermost first; the last one's children are PEs */
    int n_autos;             /* not placed yet: such a nest cannot be evaluated */
    AutoPlace autos[AUTOS_MAX];
    bool placed; /* they have been */
} Nest;

/* A copy of the levels that there are. */
static inline void nest_copy(Nest *to, const Nest *from)
{
    to->n_levels = from->n_levels;
    memcpy(to->level, from->level, (size_t) from->n_levels * sizeof *from->level);
    to->n_autos = from->n_autos;
    memcpy(to->autos, from->autos, sizeof to->autos);
    to->placed = from->placed;
}

/* Chunks of a map over a parent's interval of length e: 1 if e <= size, else
 * ceil((e - size) / offset) + 1. */
static inline int64_t nest_chunks(const Map *map, int64_t e)
{
    return e <= map->size ? 1 : (e - map->size + map->offset - 1) / map->offset + 1;
}

/* Steps of the map in a level of so many children: its chunks, or, of a SpatialMap, the folds
 * ceil(chunks / children). */
static inline int64_t nest_steps(const Map *map, int64_t e, int64_t children)
{
    int64_t chunks = nest_chunks(map, e);
    return map->kind == MAP_SPATIAL ? (chunks + children - 1) / children : chunks;
}

/* Children of level 0, floor(pes / product of the other levels' children): 0 if there are too few
 * PEs for the clusters. */
int64_t nest_children(const Nest *nest, int64_t pes);

/* Those of them that get work, in a legal nest: as many as its SpatialMap has chunks, or all, which
 * then do the same.  With so many children the nest comes to the same counts and times. */
int64_t nest_busy(const Layer *layer, const Nest *nest);

/* Whether both have the same levels, all that is in them, and nothing that is not placed. */
bool nest_equal(const Nest *a, const Nest *b);

/* A law, by what a nest does that breaks it. */
typedef enum {
    NEST_LEGAL,
    NEST_NO_SPATIAL, /* several children and no SpatialMap: all compute the same; legal, if wasteful
                      */
    NEST_MALFORMED,  /* no levels, a size, offset or number of children below 1, no such dim */
    NEST_TOO_FEW_PES,   /* the clusters need more than the machine has */
    NEST_MAPPED_TWICE,  /* a dim has two maps in one level */
    NEST_SKIP,          /* offset above size: indices are left out */
    NEST_OVERLAP,       /* offset below size: indices are computed twice */
    NEST_DIAGONAL,      /* two SpatialMaps of several chunks: only their diagonal is visited */
    NEST_LOST_WORK,     /* a SpatialMap of one chunk beside one of several: only the first child has
                           it, what the others do with theirs is lost */
    NEST_CANNOT_DIVIDE, /* a SpatialMap of several chunks over a fan-out that cannot divide its dim
                         */
    NEST_TOO_MANY_UNITS, /* more units than a fan-out has, in all of its parts */
    NEST_AGAINST_ORDER,  /* a fan-out or memory that the machine does not have at that place */
    NEST_CANNOT_HOLD     /* a memory with a tensor that it cannot hold, or holds already */
} NestLaw;

/* Where; -1 where a law is not of a level, or of a map. */
typedef struct {
    NestLaw law;
    int level, map, other; /* other: of a pair, the map that `map` does not go with */
} NestFault;

/* Of a level: every map is at most mapped twice, with a gap and one of two spread dims. */
enum { NEST_FAULTS_MAX = 1 + LEVELS_MAX * (4 * DIMS_MAX + 3 + TENSORS_MAX) };

/* All faults, in the order of the levels; returns their number.  Only malformed levels hide
 * others.  machine NULL: one of the classic form with the PEs that the nest needs. */
int nest_faults(const Layer *layer, const Nest *nest, const Machine *machine,
                NestFault fault[NEST_FAULTS_MAX]);

/* The first fault that makes the nest illegal; else NEST_NO_SPATIAL where that is so; else
 * NEST_LEGAL. */
NestFault nest_check(const Layer *layer, const Nest *nest, const Machine *machine);

/* The nest as the text of a Dataflow that is lowered, for this layer on the machine (NULL: one of
 * the classic form with as many PEs), to the same nest again.  A nest without any map is written
 * with one that leaves its dim whole, and so is a level whose memories would else belong to the cut
 * before.  Owned by the caller. */
GString *nest_print(const Layer *layer, const Nest *nest, const Machine *machine, const char *name);

/* Gives a nest without any map the one that its text has, so that both have the same figures:
 * off-chip memory could be kept outside of that loop too. */
void nest_as_text(const Layer *layer, Nest *nest, const Machine *machine);

#endif
