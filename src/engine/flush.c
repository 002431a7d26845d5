/* After the last step every unit gives up the output tile that it holds, the PEs first.
 *
 * All loops are at their last step then.  Of a dim of length n a loop whose steps are w wide leaves
 * the children what is from w * floor((n - 1) / w) on; child p's chunk begins p * size later.  Only
 * children that worked on the tile hold it: those that had a chunk of every reduced dim when the
 * tile came in, which was at the first step of a loop inside the output's.
 *
 * In the example of unit.c each of the 16 PEs gives up one output. */
#include "engine/flush.h"

typedef struct {
    int64_t length[DIMS_MAX]; /* in its last run */
    int64_t held[DIMS_MAX];   /* of a reduced dim: see UnitDim */
} LastUnit;

typedef struct {
    const Shape *shape;
    const Cluster *cluster;
    int n_levels;
    Flush *flush;
} Search;

/* The innermost output loop that took several steps; -1: the children kept their tile. */
static int last_output(const Cluster *cluster, const LastUnit *unit)
{
    int last = -1;
    for (int k = 0; k < cluster->n_loops; k++)
        if (cluster->loop[k].output &&
            loop_several(&cluster->loop[k], unit->length[cluster->loop[k].dim]))
            last = k;
    return last;
}

/* Where loop k is, and where it was when the children's tile came in. */
typedef struct {
    int64_t last, start;
} LastPlace;

static LastPlace last_place(const Cluster *cluster, int k, int output, const LastUnit *unit)
{
    const Loop *loop = &cluster->loop[k];
    int64_t last = loop_last(loop, unit->length[loop->dim]);
    return (LastPlace){last, k < output ? last : 0};
}

static void set_child(const Loop *loop, LastPlace place, int64_t first, const LastUnit *from,
                      LastUnit *child)
{
    int d = loop->dim;
    child->length[d] = loop_chunk(loop, from->length[d], place.last + first);
    child->held[d] = loop_chunk(loop, from->held[d], place.start + first);
}

/* What the children of a unit hold, together and each for itself. */
typedef struct {
    int64_t shared, each;
} Held;

static Held children_hold(const Shape *shape, const Cluster *cluster, const LastUnit *unit,
                          const LastUnit *child, LastPlace split)
{
    const Loop *loop = cluster->spatial >= 0 ? &cluster->loop[cluster->spatial] : NULL;
    int64_t tile = 1, workers = cluster->alike;
    for (int k = 0; k < shape->n_reduced; k++)
        if (!unit->held[shape->reduced[k]])
            return (Held){0, 0}; /* nobody worked on it */
    for (int d = 0; d < shape->n_dims; d++)
        if (shape->of_output >> d & 1)
            tile *= loop && loop->dim == d ? loop_covered(loop, unit->length[d] - split.last)
                                           : child->length[d];
    if (loop && loop->output)
        workers = 1;
    else if (loop)
        workers = loop_children(loop, loop_covered(loop, unit->held[loop->dim] - split.start));
    return (Held){workers ? tile : 0, workers * tile};
}

static void add_level(const Search *s, int level, const LastUnit *unit, const LastUnit *child,
                      LastPlace split)
{
    Held held = children_hold(s->shape, &s->cluster[level], unit, child, split);
    s->flush->shared[level] = max64(s->flush->shared[level], held.shared);
    s->flush->each[level] = max64(s->flush->each[level], held.each);
}

static void search(const Search *s, int level, const LastUnit *unit);

/* Children differ where a chunk is cut off or missing, of what they have or of what they had. */
static void search_children(const Search *s, int level, const LastUnit *unit, LastUnit *child,
                            LastPlace split)
{
    const Cluster *cluster = &s->cluster[level];
    const Loop *loop = &cluster->loop[cluster->spatial];
    int64_t whole = max64(0, unit->length[loop->dim] - split.last) / loop->size;
    int64_t held = loop->output ? 0 : max64(0, unit->held[loop->dim] - split.start) / loop->size;
    int64_t first[] = {0, whole, whole + 1, held, held + 1};
    for (int k = 0; k < 5; k++) {
        bool done = first[k] >= cluster->children;
        for (int i = 0; i < k; i++)
            done |= first[i] == first[k];
        if (done)
            continue;
        set_child(loop, split, first[k] * loop->size, unit, child);
        search(s, level + 1, child);
    }
}

/* The unit when its children's tiles came in, in *from; its first child, and where the loop over
 * the children is. */
static LastPlace first_child(const Shape *shape, const Cluster *cluster, const LastUnit *unit,
                             LastUnit *from, LastUnit *child)
{
    int output = last_output(cluster, unit);
    LastPlace split = {0, 0};
    *from = *unit;
    for (int k = 0; k < shape->n_reduced && output >= 0; k++)
        from->held[shape->reduced[k]] = from->length[shape->reduced[k]];
    *child = *from;
    for (int k = 0; k < cluster->n_loops; k++) {
        LastPlace place = last_place(cluster, k, output, from);
        set_child(&cluster->loop[k], place, 0, from, child);
        if (k == cluster->spatial)
            split = place;
    }
    return split;
}

/* The unit's children, and theirs. */
static void search(const Search *s, int level, const LastUnit *unit)
{
    const Cluster *cluster = &s->cluster[level];
    LastUnit from, child;
    LastPlace split = first_child(s->shape, cluster, unit, &from, &child);
    add_level(s, level, &from, &child, split);
    if (level + 1 == s->n_levels)
        return;
    if (cluster->spatial >= 0)
        search_children(s, level, &from, &child, split);
    else
        search(s, level + 1, &child);
}

/* Where no chunk is ever cut off, all children of a level hold full tiles. */
static void find_even(const Shape *shape, const Cluster *cluster, int level, Flush *flush)
{
    int o = shape->output;
    const Loop *loop = cluster->spatial >= 0 ? &cluster->loop[cluster->spatial] : NULL;
    bool divided = loop && loop->output;
    int64_t tile = cluster->size[o] * (divided ? loop->width : 1);
    flush->shared[level] = tile;
    flush->each[level] = divided ? tile : tile * (loop ? loop->across : cluster->alike);
}

static LastUnit whole_layer(const int64_t *extent, const Shape *shape)
{
    LastUnit unit = {{0}, {0}};
    for (int d = 0; d < shape->n_dims; d++)
        unit.length[d] = unit.held[d] = extent[d];
    return unit;
}

void flush_find(const Layer *layer, const Shape *shape, const Cluster *cluster, int n_levels,
                Flush *flush)
{
    LastUnit unit = whole_layer(layer->extent, shape);
    if (cluster[n_levels - 1].even) {
        for (int l = 0; l < n_levels; l++)
            find_even(shape, &cluster[l], l, flush);
        return;
    }
    for (int l = 0; l < n_levels; l++)
        flush->shared[l] = flush->each[l] = 0;
    search(&(Search){shape, cluster, n_levels, flush}, 0, &unit);
}

/* ---- on the way to the home --------------------------------------------------------------- */

typedef struct {
    const Shape *shape;
    const Cluster *cluster;
    const Machine *machine;
    int level; /* whose children hold it */
    int64_t *most;
} Climb;

static int64_t climb(const Climb *c, int level, const LastUnit *unit);

/* Runs of children begin where a chunk is cut off or missing, of what they have or had. */
static int child_runs(const Loop *loop, int64_t children, LastPlace split, const LastUnit *unit,
                      int64_t at[6])
{
    int64_t length = max64(0, unit->length[loop->dim] - split.last) / loop->size;
    int64_t held = loop->output ? 0 : max64(0, unit->held[loop->dim] - split.start) / loop->size;
    int64_t first[] = {0, length, length + 1, held, held + 1};
    int n = 0;
    for (int k = 0; k < 5; k++) {
        int i = n;
        if (first[k] >= children)
            continue;
        while (i > 0 && at[i - 1] >= first[k])
            i--;
        if (i < n && at[i] == first[k])
            continue;
        for (int m = n++; m > i; m--)
            at[m] = at[m - 1];
        at[i] = first[k];
    }
    at[n] = children;
    return n;
}

/* Merged, all give the same, and those that have most give it all. */
static int64_t climb_children(const Climb *c, int level, const LastUnit *unit, LastUnit *child,
                              LastPlace split)
{
    const Cluster *cluster = &c->cluster[level];
    bool reduction = c->machine->noc[level].reduction;
    if (cluster->spatial < 0)
        return (reduction ? 1 : cluster->alike) * climb(c, level + 1, child);
    const Loop *loop = &cluster->loop[cluster->spatial];
    int64_t at[6], sum = 0;
    int n = child_runs(loop, cluster->children, split, unit, at);
    for (int r = 0; r < n; r++) {
        set_child(loop, split, at[r] * loop->size, unit, child);
        int64_t one = climb(c, level + 1, child);
        sum = reduction && !loop->output ? max64(sum, one) : sum + (at[r + 1] - at[r]) * one;
    }
    return sum;
}

static int64_t climb(const Climb *c, int level, const LastUnit *unit)
{
    const Cluster *cluster = &c->cluster[level];
    LastUnit from, child;
    LastPlace split = first_child(c->shape, cluster, unit, &from, &child);
    int64_t carried;
    if (level == c->level) {
        Held held = children_hold(c->shape, cluster, &from, &child, split);
        carried = c->machine->noc[level].reduction ? held.shared : held.each;
    } else {
        carried = climb_children(c, level, &from, &child, split);
    }
    c->most[level] = max64(c->most[level], carried);
    return carried;
}

void flush_climb(const int64_t *extent, const Shape *shape, const Cluster *cluster,
                 const Machine *machine, int level, int64_t most[LEVELS_MAX])
{
    LastUnit unit = whole_layer(extent, shape);
    for (int l = 0; l <= level; l++)
        most[l] = 0;
    climb(&(Climb){shape, cluster, machine, level, most}, 0, &unit);
}
