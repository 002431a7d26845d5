/* What units of a depth have room for: the memories of a mapping. */
#ifndef DCC_MAP_ROOM_H
#define DCC_MAP_ROOM_H

#include "map/partial.h"
#include "map/traffic.h"

/* A limit of what units of a depth hold. */
typedef struct {
    int depth;
    bool together; /* the children of level 0 of a classic machine, in L2 */
    unsigned tensors;
    double bytes;
    double element[TENSORS_MAX]; /* bytes that one takes */
    double changing;             /* times as many, of a tile that changes */
} Room;

/* Sizes of a dim that are looked at together: what is decided of it is the largest. */
typedef struct {
    unsigned dims; /* the dim; 0: none */
    int depth;     /* of the size */
    int64_t least; /* the smallest of them */
} SizeRange;

enum { ROOMS_MAX = SKELETON_LEVELS * TENSORS_MAX };

typedef struct {
    int n;
    Room room[ROOMS_MAX];
} Rooms;

void rooms_find(const TrafficModel *model, Rooms *rooms);

/* The largest size of a dim that fits units of a depth, all else being 1. */
double rooms_most(const Rooms *rooms, const TrafficModel *model, int dim, int depth);

/* False if the mapping can no longer fit. */
bool rooms_hold(const Rooms *rooms, const TrafficModel *model, const Partial *partial);

/* Lowers most[d][depth] of dims that are not decided to what those that are leave room for. */
void rooms_limit(const Rooms *rooms, const TrafficModel *model, const Partial *partial,
                 const SizeRange *range, double most[DIMS_MAX][DEPTHS]);

/* The least size that a dim may come to at a depth. */
double rooms_least_size(const Partial *partial, const SizeRange *range, int dim, int depth);

/* Elements of a tile of these sizes. */
double rooms_image(const Shape *shape, int tensor, const double size[DIMS_MAX]);

#endif
