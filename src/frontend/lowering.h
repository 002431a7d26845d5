/* A dataflow on its way to a Nest: what nest.c, which cuts it into levels, and maps.c, which lowers
 * the maps of a level, have in common. */
#ifndef DCC_FRONTEND_LOWERING_H
#define DCC_FRONTEND_LOWERING_H

#include "frontend/cuts.h"
#include "frontend/legal.h"

static const int64_t MAP_SIZE_MAX = INT32_MAX;

/* A dataflow while it is lowered; sizes are nominal, never clipped. */
typedef struct {
    const Trees *program;
    ExprScope scope;
    Lowered lowered;
    const Machine *machine; /* or NULL */
    bool hierarchy;         /* levels end with the lines of cuts.h, not with Clusters */
    bool misformed;         /* there is a line of the other form, or a hole */
    bool too_many;          /* levels: those beyond are left out */
    Cuts cuts;
    Level cut[LEVELS_MAX];      /* what ends each level, without its maps */
    Nest lines;                 /* its autos alone */
    int64_t interval[DIMS_MAX]; /* what a parent of the level owns */
    int64_t mapped[DIMS_MAX];   /* size in the nearest level that maps it, ... */
    const Item *by[DIMS_MAX];   /* ... and that map, or NULL */
    bool doubtful[DIMS_MAX];    /* how it is cut rests on a mistake that has been reported */
    bool unsure[DIMS_MAX];      /* a map that cannot be told may be of it */
    bool wrong;
} Lowering;

/* A directive with its numbers, before derived dims are lowered. */
typedef struct {
    const Item *item;
    int dim, derived; /* one of them is -1 */
    int64_t size, offset;
} Raw;

/* After a mistake the level goes on without that map, and what may follow from it is not said. */
typedef struct {
    int n;
    Raw raw[2 * DIMS_MAX];
    bool unknown;            /* a map of it cannot be told */
    bool doubtful[DIMS_MAX]; /* the map of this dim cannot */
} RawLevel;

static inline const LayerInfo *lowering_layer(const Lowering *lowering)
{
    return lowering->lowered.info;
}

/* Reports, and remembers that something is wrong. */
void lowering_wrong(Lowering *lowering, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* A dataflow before its first line is read. */
void lowering_begin(Lowering *lowering, const Trees *program, const ProgramFile *file,
                    const Item *dataflow, const LayerInfo *info, const Machine *machine);

/* Whether a directive maps dims, and does not cut the dataflow. */
bool lowering_is_map(const Item *item);
/* A directive as it should be; the schema and the argument check report others. */
bool lowering_is_whole(const Item *item);
/* Whether a line that is no map belongs on the machine; false after reporting. */
bool lowering_has_form(Lowering *lowering, const Item *item);
/* Whether there is room for one more level; false after reporting. */
bool lowering_has_room(Lowering *lowering, Span span);

/* The levels so far, offsets as written.  On a machine of the classic form level 0 has no children
 * yet. */
void lowering_nest(const Lowering *lowering, Nest *nest);

/* What the dataflow's expressions may ask about the layer. */
bool maps_size(const ExprScope *scope, const char *name, Span span, int64_t *extent);
bool maps_window(const ExprScope *scope, const char *name, Span span, int64_t *extent);

/* The dim, or the derived dim, that a map or a hole names; the other is -1.  False after reporting
 * one that the operator does not have, or the layer does not give. */
bool maps_dim(Lowering *lowering, const char *name, Span span, int *dim, int *derived);

/* Reads a map into the level. */
void maps_add(Lowering *lowering, RawLevel *level, const Item *item);

/* Lowers the maps of a level, which ends at `span`, hands their chunks to the next one, and begins
 * that. */
void maps_end_level(Lowering *lowering, RawLevel *level, Span span);

#endif
