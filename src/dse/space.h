/* The space of designs: axes, each with its values, and points numbered through them.
 *
 * Axes stand in four groups, outermost first: what changes the nests (dataflow, constants, pes,
 * precision), what changes the machine but not its nests, l1.capacity, l2.capacity; within a
 * group in the order given.  The number of a point counts through the values, the last axis
 * fastest.  Numbers of points are below 2^63. */
#ifndef DCC_DSE_SPACE_H
#define DCC_DSE_SPACE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "frontend/hardware.h"
#include "frontend/source.h"

typedef enum { AXIS_DATAFLOW, AXIS_CONSTANT, AXIS_NEST, AXIS_MACHINE, AXIS_L1, AXIS_L2 } AxisKind;

typedef struct {
    AxisKind kind;
    char *name;        /* a key of --set, a Constant, or "dataflow" */
    GPtrArray *values; /* of char *, as --set and -D take them */
    guint given;       /* its place in the order given, from 1; 0: dataflows, which go first */
    GArray *places;    /* of Span: of each value in a file, or one of all; NULL: in none */
} SpaceAxis;

typedef struct {
    GPtrArray *axes;                 /* of SpaceAxis *, outermost first */
    int64_t points, nests, machines; /* machines: per nest */
    int64_t n1, n2;                  /* values of l1.capacity and l2.capacity; 1 if not swept */
    bool mapped;                     /* points have a mapping of their own, and ... */
    bool best;                       /* ... those that cannot be best are left out */
} Space;

Space *space_new(void);
void space_free(Space *space);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Space, space_free)

/* Adds "KEY=VALUES", VALUES being LO:HI:STEP, LO:HI:*FACTOR or A,B,C; a comma
 * within parentheses is part of a value.   False with *error set. */
bool space_add(Space *space, const char *sweep, GError **error);

/* Adds the axis of dataflows: names of files, copied. */
void space_add_dataflows(Space *space, const char *const *files);

/* An axis without values behind all others, which are in their order already. */
SpaceAxis *space_append(Space *space, const char *name);

/* Where the values of the axis of that name are written; and where a value is, if anywhere. */
void space_set_places(Space *space, const char *name, GArray *places);
Span space_place(const SpaceAxis *axis, int64_t value);

/* Says again what each axis changes, and puts them in order, once the machine is known: its
 * memories and fan-outs are keys by their names. */
void space_settle(Space *space, const Hardware *hardware);

/* Counts the points, once all axes are there; false with *error set if there are too many. */
bool space_count(Space *space, GError **error);

/* The axis of that name, or NULL. */
const SpaceAxis *space_find(const Space *space, const char *name);

/* The value of the axis number `axis` at a point. */
const char *space_value(const Space *space, guint axis, int64_t point);

/* "pes=64 noc.bandwidth=32 ..." */
void space_describe(const Space *space, int64_t point, GString *out);

#endif
