/* The states that a step leaves the children in.
 *
 * By hand, the example of unit.c: the loops are K (2 steps of 16 filters, one for each PE), C (8
 * steps), Y' (16) and X' (16).  Child 0 at some steps of the array's run, and the place of each
 * loop; a loop that goes on starts all loops inside it again, which is PLACE_WRAP:
 *
 *     step (k c y' x')   K          C          Y'         X'         moved
 *     0 0 0 0            ENTER      ENTER      ENTER      ENTER      all: there was nothing before
 *     0 0 0 1            FIRST      FIRST      FIRST      ADVANCE    X' by 1
 *     0 0 1 0            FIRST      FIRST      ADVANCE    WRAP       Y' by 1, X' by -15
 *     0 1 0 0            FIRST      ADVANCE    WRAP       WRAP       C, Y' by -15, X' by -15
 *     0 1 0 1            FIRST      NEXT       FIRST      ADVANCE    X' by 1
 *     1 0 0 0            ADVANCE    WRAP       WRAP       WRAP       K, C, Y' by -15, X' by -15
 *
 * 16 filters are left for 16 PEs in both steps of K, so the split is one run of 16 children, which
 * have 16 indices together, of which 16 were there before if K stays and none if it goes on.  The
 * output tile is another one at each step (X' moves at each).  It comes with partial sums where C
 * is not at its first step, since C, a reduced dim, is around the innermost output loop, X'. */
#include "engine/children.h"

#include <string.h>

/* ---- one loop -------------------------------------------------------------------------- */

/* A place in elements. */
typedef struct {
    int64_t now, before; /* the first index that the children have together */
    int64_t held, start; /* the unit's length, and the first index, when the output tile came in */
} Position;

static inline Position position_of(const Parent *parent, int k, LoopPlace place)
{
    const Loop *loop = &parent->cluster->loop[k];
    const Move *move = &parent->unit->dim[loop->dim].move;
    Position p = {0, 0, 0, 0};
    switch (place) {
    case PLACE_ENTER:
        p.before = loop_last(loop, move->before);
        break;
    case PLACE_NEXT:
        p.now = p.before = loop->width;
        break;
    case PLACE_LAST:
        p.now = p.before = loop_last(loop, move->now);
        break;
    case PLACE_ADVANCE:
        p.now = loop->width;
        break;
    case PLACE_ADVANCE_LAST:
        p.now = loop_last(loop, move->now);
        p.before = p.now - loop->width;
        break;
    case PLACE_WRAP:
        p.before = loop_last(loop, move->now);
        break;
    case PLACE_FIRST:
    case PLACES:
        break;
    }
    if (!loop->output) {
        p.held = children_held(parent, loop->dim);
        p.start = k < parent->last_before ? p.before : 0;
    }
    return p;
}

/* The child whose chunk is `first` beyond that of child 0; child 0 stands for all if they do not
 * divide the dim. */
static inline UnitDim child_dim(const Parent *parent, const Loop *loop, Position p, int64_t first)
{
    const Move *m = &parent->unit->dim[loop->dim].move;
    UnitDim child = {{loop_chunk(loop, m->now, p.now + first),
                      loop_chunk(loop, m->before, p.before + first), m->shift + p.now - p.before},
                     0};
    if (!child.move.now || !child.move.before)
        child.move.shift = 0;
    else if (child.move.shift && !(parent->shape->slides >> loop->dim & 1))
        child.move.shift = UNIT_FAR;
    if (!loop->output)
        child.held = children_kept(parent, loop->dim, child.move.now,
                                   loop_chunk(loop, p.held, p.start + first));
    return child;
}

/* ---- children in equal states ---------------------------------------------------------- */

typedef struct {
    int n;
    int64_t at[RUNS_MAX + 1]; /* run r is the children at[r] .. at[r+1] - 1 */
} Cuts;

static void cut_at(Cuts *cuts, int64_t p)
{
    int k = cuts->n;
    if (p <= 0 || p >= cuts->at[k])
        return; /* no child on one side */
    while (cuts->at[k - 1] >= p)
        k--;
    if (cuts->at[k] == p)
        return; /* there already */
    for (int i = cuts->n++; i >= k; i--)
        cuts->at[i + 1] = cuts->at[i];
    cuts->at[k] = p;
}

/* A child whose chunk is cut off, and the first whose chunk is missing, differ from the rest. */
static void cut_chunks(Cuts *cuts, const Loop *loop, int64_t covered)
{
    if (covered >= loop->width)
        return;
    int64_t whole = covered <= 0 ? 0 : covered / loop->size;
    cut_at(cuts, whole);
    if (whole * loop->size < covered)
        cut_at(cuts, whole + 1);
}

static __attribute__((noinline)) void cut_runs(const Parent *parent, const Loop *loop, Position p,
                                               Split *split)
{
    const Move *move = &parent->unit->dim[loop->dim].move;
    Cuts cuts; /* the rest of it is set where it is used */
    cuts.n = 1;
    cuts.at[0] = 0;
    cuts.at[1] = split->run[0].end;
    cut_chunks(&cuts, loop, move->now - p.now);
    cut_chunks(&cuts, loop, move->before - p.before);
    if (!loop->output)
        cut_chunks(&cuts, loop, p.held - p.start);
    split->n = cuts.n;
    split->run[0].end = cuts.at[1];
    for (int r = 1; r < cuts.n; r++) {
        UnitDim dim = child_dim(parent, loop, p, cuts.at[r] * loop->size);
        split->run[r] = (Run){cuts.at[r], cuts.at[r + 1], dim.move};
        split->held[r] = dim.held;
    }
}

/* Where a chunk that there was, or that was held, is cut off, and where the last of them ends. */
static void cut_lengths(Cuts *cuts, const Loop *loop, int64_t length)
{
    int64_t whole = length <= 0 ? 0 : length / loop->size;
    cut_at(cuts, whole);
    if (whole * loop->size < length)
        cut_at(cuts, whole + 1);
}

static __attribute__((noinline)) void find_gone(const Parent *parent, const Loop *loop, Position p,
                                                Split *split)
{
    const Move *move = &parent->unit->dim[loop->dim].move;
    Cuts cuts = {1, {0, loop->across}};
    split->n_gone = 0;
    cut_at(&cuts, split->working);
    cut_lengths(&cuts, loop, min64(move->before - p.before, loop->width));
    if (!loop->output)
        cut_lengths(&cuts, loop, min64(p.held - p.start, loop->width));
    for (int c = 0; c < cuts.n; c++) {
        UnitDim dim = child_dim(parent, loop, p, cuts.at[c] * loop->size);
        if (cuts.at[c] >= split->working && (dim.move.before > 0 || dim.held > 0))
            split->gone[split->n_gone++] = (Gone){cuts.at[c + 1] - cuts.at[c], dim};
    }
}

/* The children, of which `first` is child 0's dim. */
static inline void split_children(const Parent *parent, const Loop *loop, Position p,
                                  const UnitDim *first, Split *split)
{
    const Move *move = &parent->unit->dim[loop->dim].move;
    int64_t now = move->now - p.now, before = move->before - p.before, held = p.held - p.start;
    split->covered = loop_covered(loop, now);
    split->working = loop_children(loop, split->covered);
    split->before = loop_covered(loop, before);
    split->held_covered = loop_covered(loop, held);
    split->holders = loop->output ? 1 : loop_children(loop, split->held_covered);
    split->n = 1;
    split->run[0] = (Run){0, split->working, first->move};
    split->held[0] = first->held;
    if (min64(now, before) < loop->width || (!loop->output && held < loop->width))
        cut_runs(parent, loop, p, split);
    split->kept = 0;
    for (int r = 0; r < split->n; r++) {
        const Run *run = &split->run[r];
        if (!run->move.shift)
            split->kept += (run->end - run->first) * min64(run->move.now, run->move.before);
    }
    split->n_gone = 0;
    if (!children_hold_output(parent) && split->working < loop->across)
        find_gone(parent, loop, p, split);
}

/* ---- the parent ------------------------------------------------------------------------- */

static inline __attribute__((always_inline)) void
find_place(const Parent *parent, int k, LoopPlace place, Placed *placed, Split *split)
{
    const Loop *loop = &parent->cluster->loop[k];
    Position p = position_of(parent, k, place);
    placed->dim = child_dim(parent, loop, p, 0);
    placed->sets = unit_bits(&placed->dim, loop->dim, parent->cluster->full[loop->dim]);
    if (k == parent->cluster->spatial)
        split_children(parent, loop, p, &placed->dim, split);
}

void children_find(const Parent *parent, int k, LoopPlace place, Placed *placed, Split *split)
{
    find_place(parent, k, place, placed, split);
}

void children_enter(Parent *parent, int k, LoopPlace place)
{
    Placed placed;
    find_place(parent, k, place, &placed, &parent->own);
    children_place(parent, k, place, &placed, &parent->own);
}

/* Finds what differs from the parent that entered last. */
static inline void enter_again(const Parent *parent, int k, Entered *last)
{
    const UnitDim *dim = &parent->unit->dim[parent->cluster->loop[k].dim];
    unsigned how = 1u + (parent->last_before >= 0) + (k < parent->last_before);
    if (last->how[k] == how && !memcmp(&last->unit[k], dim, sizeof *dim))
        return;
    last->how[k] = how;
    last->unit[k] = *dim;
    find_place(parent, k, PLACE_ENTER, &last->placed[k], &last->split);
}

void children_enter_all(Parent *parent, Entered *last)
{
    int n = parent->cluster->n_loops;
    for (int k = 0; k < n && !last; k++)
        children_enter(parent, k, PLACE_ENTER);
    for (int k = 0; k < n && last; k++) {
        enter_again(parent, k, last);
        children_place(parent, k, PLACE_ENTER, &last->placed[k], &last->split);
    }
}

/* A dim without a loop is the children's as it is the unit's. */
void children_start(const Shape *shape, const Cluster *cluster, const UnitState *unit,
                    Parent *parent)
{
    parent->shape = shape;
    parent->cluster = cluster;
    parent->unit = unit;
    parent->last_now = parent->last_before = -1;
    parent->around = parent->away = 0;
    parent->idle = false;
    for (int k = 0; k < cluster->n_loops; k++) {
        const Loop *loop = &cluster->loop[k];
        const Move *move = &unit->dim[loop->dim].move;
        if (!loop->output)
            continue;
        parent->last_now = loop_several(loop, move->now) ? k : parent->last_now;
        parent->last_before = loop_several(loop, move->before) ? k : parent->last_before;
    }
    if (!children_hold_output(parent))
        parent->around = cluster->reduced;
    else if (parent->last_now >= 0)
        parent->around = cluster->reduced & ((1u << parent->last_now) - 1);
    unit_copy(&parent->child, unit, shape->n_dims);
    for (int k = 0; k < shape->n_reduced; k++) {
        int d = shape->reduced[k];
        int64_t held = children_held(parent, d);
        parent->child.dim[d].held = children_kept(parent, d, unit->dim[d].move.now, held);
        parent->idle |= !held;
    }
}

/* ---- groups ----------------------------------------------------------------------------- */

static int groups_of_runs(const Parent *parent, uint16_t psum, ChildGroup *group)
{
    const Split *split = parent->split;
    if (parent->cluster->spatial < 0) {
        group[0] = (ChildGroup){parent->cluster->alike, 0, psum};
        return 1;
    }
    if (!split->working)
        return 0;
    for (int r = 0; r < split->n; r++)
        group[r] = (ChildGroup){split->run[r].end - split->run[r].first, r, psum};
    return split->n;
}

/* The first child apart, where it alone receives what all could. */
static int first_apart(ChildGroup group[CHILD_GROUPS_MAX], int n)
{
    if (group[0].count > 1) {
        for (int g = n++; g > 0; g--)
            group[g] = group[g - 1];
        group[0].count = 1;
        group[1].count--;
    }
    return n;
}

/* Where the output passes through the children, those inside learn of it. */
static int groups_of_passing(const Parent *parent, bool divided, ChildGroup *group)
{
    uint16_t psum = (parent->unit->psum & DENIED) | (children_seen(parent) ? SEEN : 0);
    int n = groups_of_runs(parent, psum, group);
    if (divided || n == 0)
        return n;
    n = first_apart(group, n);
    for (int g = 1; g < n; g++)
        group[g].psum |= DENIED;
    return n;
}

int children_groups(const Parent *parent, ChildGroup group[CHILD_GROUPS_MAX])
{
    const Loop *loop = children_loop(parent);
    bool change = children_change(parent), receive = children_receive(parent);
    bool divided = loop && loop->output;
    if (!children_hold_output(parent))
        return groups_of_passing(parent, divided, group);
    bool psum = !change /* a tile that stays has been worked on */ || (receive && divided);
    int n = groups_of_runs(parent, psum ? SEEN : 0, group);
    if (!receive || divided || n == 0)
        return n;
    n = first_apart(group, n);
    group[0].psum = SEEN;
    return n;
}

int children_leavers(const Parent *parent, ChildGroup group[CHILD_GROUPS_MAX])
{
    const Loop *loop = children_loop(parent);
    if (children_hold_output(parent) || !loop)
        return 0;
    for (int g = 0; g < parent->split->n_gone; g++)
        group[g] = (ChildGroup){parent->split->gone[g].count, GONE + g, DENIED};
    return parent->split->n_gone;
}

void children_select(Parent *parent, const ChildGroup *group)
{
    const Loop *loop = children_loop(parent);
    parent->child.psum = group->psum;
    if (loop) {
        int d = loop->dim;
        UnitDim *dim = &parent->child.dim[d];
        if (group->run < GONE)
            *dim = (UnitDim){parent->split->run[group->run].move, parent->split->held[group->run]};
        else
            *dim = parent->split->gone[group->run - GONE].dim;
        parent->child.sets =
            (parent->child.sets & ~(UNIT_BITS << d)) | unit_bits(dim, d, parent->cluster->full[d]);
    }
}
