/* Where the units below one step of a link are, dim by dim, at each kind of position of the loops
 * inside it; see joint.h. */
#ifndef DCC_ENGINE_SPOTS_H
#define DCC_ENGINE_SPOTS_H

#include "engine/cases.h"
#include "ir/machine.h"

/* A unit's chunk of a dim, now and at the step before. */
typedef struct {
    int64_t start, now, was_start, before;
} Spot;

/* So many positions of a dim's loops that are alike; the spots of all units there. */
typedef struct {
    int64_t times;
    int spot, n;
} Snapshot;

/* Scratch memory; all zero at first. */
typedef struct {
    LIST(Spot) spots;
    LIST(Snapshot) snapshots;
    LIST(uint32_t) now, fresh, before; /* marks of values */
    uint32_t mark;
} JointSpace;

typedef enum {
    JOINT_DONE,
    JOINT_ENTANGLED, /* links that merge around links that do not, over the same coordinate */
    JOINT_RAGGED     /* too many pieces to count */
} JointStatus;

enum { VALUES_MAX = 1 << 22, WORK_MAX = 1 << 26 };

/* A loop of a dim, inside the step's level. */
typedef struct {
    int key; /* orders all loops, outermost first */
    int level;
    int64_t size, width;
    int64_t across; /* units that divide it */
} JointLoop;

/* Which loop advances: a loop's key, or */
enum { KEY_ENTER = -1, KEY_ALL = 1 << 20 };

typedef struct {
    const Cases *cases;
    const Machine *machine;
    JointSpace *space;
    const Step *step;
    int level, end; /* levels inside it, up to `end` - 1, step together */
    int t;
    bool streamed;
    int n_loops[DIMS_MAX];
    JointLoop loop[DIMS_MAX][LEVELS_MAX];
    int64_t copies; /* units that do the same behind links that do not merge */
    int64_t work;
    JointStatus status;
} Joint;

/* Of a group of dims: see joint.h. */
typedef struct {
    int64_t all, kept; /* A and B */
} Part;

typedef struct {
    int first, end; /* snapshots */
} Positions;

/* Finds the levels that step together, and their loops by dim. */
void spots_start(Joint *j);

/* The units of the step's children at every kind of position of dim d when the loop of this key
 * advances. */
Positions spots_find(Joint *j, int d, int key);

static inline bool spots_merge(const Joint *j, int level)
{
    return j->machine->noc[level].multicast;
}

/* Room for marks of so many values; a mark that no value has. */
void spots_room(JointSpace *space, int64_t values);
uint32_t spots_mark(JointSpace *space);

/* Marks, of `values` values from `base` on, those that a unit had at the step before. */
void spots_mark_before(const Axis *axis, const Spot *x, const Spot *y, int64_t base, int64_t values,
                       uint32_t mark, uint32_t *before);

/* Adds to the work done; false, and JOINT_RAGGED, when it is too much to go on. */
bool spots_work(Joint *j, int64_t work);

/* The smallest and the largest value of what the units have now; high < low: they have nothing. */
void spots_range(const Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y,
                 int64_t *low, int64_t *high);

/* The next longer chunk that a unit has now; INT64_MAX: none is. */
int64_t spots_longer(const Joint *j, const Snapshot *s, int64_t above);

/* ---- nested.c: links that merge around links that do not ----------------------------------- */

/* All units at one position of both dims of a coordinate: the sum of the copies of its elements,
 * and in `kept` of those that are new. */
Part nested_units(Joint *j, const Axis *axis, const Snapshot *x, const Snapshot *y);

/* Whether units of another coordinate are each for itself: then copies are no product. */
bool nested_shares(const Joint *j, const Axis *but);

#endif
