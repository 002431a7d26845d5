/* A dataflow as the engines read it: levels of maps over iteration dims only
 * (derived dims are lowered away), sizes are numbers, children are counted. */
#ifndef DCC_IR_NEST_H
#define DCC_IR_NEST_H

#include "ir/operator.h"

typedef enum { MAP_TEMPORAL, MAP_SPATIAL } MapKind;

/* Chunk q of a parent's interval [0, e) is [q*offset, min(q*offset + size, e));
 * there are Q = 1 chunks if e <= size, else ceil((e - size) / offset) + 1. */
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
} Level;

/* A legal nest (the front end checks it): wherever a map has more than one chunk
 * its offset is its size; and a level with more than one child either has one
 * SpatialMap, or all its SpatialMaps have one chunk. */
typedef struct {
    int n_levels;
    Level level[LEVELS_MAX]; /* outermost first; the last one's children are PEs */
} Nest;

#endif
