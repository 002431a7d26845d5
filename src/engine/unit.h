/* What a unit has when a run starts.
 *
 * A unit is what works on one box of the iteration space: the array, a cluster, a PE.  Its run (all
 * steps of its level over one box) depends on the box, on the one that it had before, and on what
 * of its output it still holds; all of that is said dim by dim. */
#ifndef DCC_ENGINE_UNIT_H
#define DCC_ENGINE_UNIT_H

#include <stddef.h>
#include <string.h>

#include "engine/numbers.h"
#include "engine/tensor.h"

/* A dim of a unit: its interval in this run and in the run before.  `held` is the length that it
 * had of a reduced dim when the output tile that it held at the end of that run came in: 0 says
 * that it has not worked on the tile.  It is 0 for all other dims. */
typedef struct {
    Move move;
    int64_t held;
} UnitDim;

/* Two units in equal states do the same from here on; states are compared as bytes, so there are
 * none between the members. */
typedef struct {
    uint32_t sets;         /* three sets of dims, see below */
    uint16_t psum;         /* SEEN: its buffer, or where the output passes through it the home, has
                              partial sums of its output tile; DENIED: they come to another unit */
    uint16_t first;        /* the first run of the layer */
    UnitDim dim[DIMS_MAX]; /* as many as the operator has; the others are never read */
} UnitState;

enum { SEEN = 1, DENIED = 2 };

/* Where only "elsewhere" matters, any move is this one, far beyond what the steps inside can undo.
 */
#define UNIT_FAR (INT64_C(1) << 48)

/* Where the sets begin in the word: dims of which a unit has another chunk than before; has less
 * than a full one; had less than a full one. */
enum { MOVED = 0, EDGE = DIMS_MAX, WAS_EDGE = 2 * DIMS_MAX };
_Static_assert(3 * DIMS_MAX <= 32, "three sets in a word");
_Static_assert(offsetof(UnitState, dim) == 8, "no bytes between the members");

static inline size_t unit_size(int n_dims)
{
    return offsetof(UnitState, dim) + (size_t) n_dims * sizeof(UnitDim);
}

static inline void unit_copy(UnitState *to, const UnitState *from, int n_dims)
{
    memcpy(to, from, unit_size(n_dims));
}

/* Those of `dims` that are in a set. */
static inline unsigned unit_dims(const UnitState *unit, int set, unsigned dims)
{
    return unit->sets >> set & dims;
}

#define UNIT_BITS (UINT32_C(1) << MOVED | UINT32_C(1) << EDGE | UINT32_C(1) << WAS_EDGE)

/* The bits of dim d; `full`: a full chunk of it. */
static inline uint32_t unit_bits(const UnitDim *dim, int d, int64_t full)
{
    uint32_t moved = !dim->move.before | !dim->move.now | (dim->move.shift != 0);
    uint32_t edge = dim->move.now != full, was_edge = dim->move.before != full;
    return (moved << MOVED | edge << EDGE | was_edge << WAS_EDGE) << d;
}

/* The number of the state; n - 1 after a new one, which the caller adds to the list.  `list` is the
 * state of number 0, that of the next number is `stride` bytes on. */
int unit_number(Numbers *numbers, const UnitState *state, int n_dims, const UnitState *list,
                size_t stride);

#endif
