/* The least energy and time of all mappings that a partial one may become.
 *
 * A tensor's count over the way from its home to a holder inside is
 *
 *     product over its coordinates of (what a tile has of it, summed over the chunks)
 *   * product over the dims that it lacks of (positions of their loops that are outside the
 *     innermost loop that moves it)
 *
 * where the kind of the innermost loop of each level says which dims' loops may stand inside.
 * Loops whose kind is open are taken to stand where they cost least; what a dim that is not decided
 * comes to is bounded by its length over the largest tile that there is room for. */
#ifndef DCC_MAP_BOUND_H
#define DCC_MAP_BOUND_H

#include "map/room.h"

/* Dims that as an innermost loop leave the same tensors where they are, and move the others as
 * surely. */
typedef struct {
    unsigned dims;
    unsigned leaves; /* tensors that lack the dims */
    unsigned sure;   /* tensors of which they are coordinates of their own: no element stays */
} InnerKind;

enum { INNER_KINDS = DIMS_MAX };

typedef struct {
    TrafficModel model;
    int outwards[TRAFFICS_MAX];    /* of the traffic, that to holders further out first */
    double least_pj[TRAFFICS_MAX]; /* of each traffic, at least; 0: not known */
    int n_kinds;
    InnerKind kind[INNER_KINDS];
    Rooms rooms;
    double most[DIMS_MAX][DEPTHS]; /* the largest size that fits at a depth, all else being 1 */
    double units_most[SKELETON_LEVELS];
    unsigned falls;    /* dims of which a larger size of a loop moves no more; of those ... */
    unsigned adds;     /* ... over which outputs are added up: no more but for partial sums */
    SizeRange range;   /* of one of those: the bound is then one of all sizes between */
    bool no_back;      /* partial sums are taken not to come back */
    bool moves_inputs; /* every loop does */
    int border_loops;  /* while dims are open, the border is not looked at with more than these */
    bool timeless;     /* cycles are not asked for, and nothing leaks: they are 0 */
    double pes;        /* units of all levels together */
    double inside[DEPTHS]; /* pJ at least, of what moves to holders inside a depth; 0: not known */
    double channel_least[CHANNELS_MAX]; /* cycles */
} BoundModel;

typedef struct {
    double pj, cycles;
} MapBound;

/* Without `inside`; `store` as in traffic_model. */
void bound_model(const Layer *layer, const Machine *machine, const Technology *technology,
                 const Shape *shape, const Skeleton *skeleton, TrafficStore *store,
                 BoundModel *model);

/* Finds what each traffic costs at least, of all that a partial mapping may become: bounds of those
 * are found sooner then. */
void bound_begin(BoundModel *model, const Partial *partial);

/* False if the mapping can no longer fit the memories. */
bool bound_fits(const BoundModel *model, const Partial *partial);

MapBound bound_of(const BoundModel *model, const Partial *partial);

/* Above so much energy, or product of energy and cycles, nothing is of interest; INFINITY: all is.
 */
typedef struct {
    double pj, product;
} BoundLimit;

/* The same, but that above the limit anything that is above it will do. */
MapBound bound_below(const BoundModel *model, const Partial *partial, const BoundLimit *limit);

/* Elements of a traffic, at least: see Traffic. */
typedef struct {
    double near, far, back, again;
} TrafficVolumes;

TrafficVolumes bound_volumes(const BoundModel *model, const Partial *partial, int traffic);

/* Cycles of a channel alone. */
double bound_channel(const BoundModel *model, const Partial *partial, int channel);

#endif
