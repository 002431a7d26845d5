/* One decision of a branch: the sizes of one dim. */
#include <string.h>

#include "ir/integer.h"
#include "map/branch_parts.h"

enum { RANGE_LEAST = 3 };

bool branch_is_open(const Branch *b, const Choice *choice)
{
    return b->owner->open(b, &choice->bound, choice->value);
}

bool branch_look(Branch *b, Choice *choice)
{
    b->bounds++;
    choice->value = b->owner->value(b, &choice->bound);
    return branch_is_open(b, choice);
}

bool branch_fanout_holds(const Branch *b, int level)
{
    const Skeleton *s = b->partial.skeleton;
    int fanout = s->level[level].fanout;
    int64_t units = 1;
    if (fanout == 0)
        return true;
    for (int l = 0; l < s->n_levels; l++)
        if (s->level[l].fanout == fanout && b->partial.units[l] > 0)
            units *= b->partial.units[l];
    return units <= b->machine->fanout[fanout - 1].size;
}

void branch_decide(Branch *b, int dim, SizeChoice choice)
{
    Partial *p = &b->partial;
    partial_decide(p, dim, choice.size, choice.units);
    for (int l = partial_next(p, dim); l > 0; l = partial_next(p, dim)) {
        const SkeletonLevel *level = &p->skeleton->level[l];
        if (!level->cluster || level->spread != dim || !level->size[dim]->open)
            break;
        int64_t size = ceil_div(p->at[dim][l].size, p->units[l]);
        partial_decide(p, dim, size, p->units[l]);
    }
}

/* Whether the sizes of a dim come from the largest on, for the same units, and with smaller ones
 * more moves. */
static bool falls_with_size(const Branch *b, int level, int dim)
{
    const SkeletonLevel *s = &b->partial.skeleton->level[level];
    const Hole *hole = s->size[dim];
    return b->model.falls >> dim & 1 && (s->spread != dim || b->partial.settled >> level & 1) &&
           hole->open && hole->multiple <= 1 && hole->n_among == 0 && b->machine->lanes == 1;
}

/* Whether one of the dims whose loop is to be the innermost has a loop, or may still get one. */
static bool may_move(const Branch *b, int level, unsigned left)
{
    const Partial *p = &b->partial;
    return p->inner[level] == INNER_NONE ||
           ((p->several[level] | left) & b->model.kind[p->inner[level]].dims) != 0;
}

bool branch_keeps(const Branch *b, int dim)
{
    return b->wish != NULL && (dim < 0 || !(b->loose >> dim & 1));
}

/* Of sizes the one that is wished, if it is there. */
static void keep_wished(const Branch *b, int dim, int level, GArray *sizes)
{
    bool spread = b->partial.skeleton->level[level].spread == dim;
    int64_t size = b->wish->size[dim][level + 1], units = spread ? b->wish->units[level] : 1;
    guint n = 0;
    for (guint i = 0; i < sizes->len && n == 0; i++) {
        const SizeChoice choice = g_array_index(sizes, SizeChoice, i);
        if (choice.size == size && choice.units == units)
            g_array_index(sizes, SizeChoice, n++) = choice;
    }
    g_array_set_size(sizes, n);
}

const GArray *branch_sizes(Branch *b, int dim, int level)
{
    const Partial *p = &b->partial;
    GArray *sizes = b->listed[b->depth];
    Listed *key = &b->key[b->depth];
    const size_t bytes = (size_t) p->skeleton->n_levels * sizeof *key->units;
    Steps steps = partial_steps(p, dim, level);
    if (key->dim == dim && key->level == level && key->steps == steps &&
        key->whole == p->at[dim][level].size && memcmp(key->units, p->units, bytes) == 0)
        return sizes;
    sizes_list(p, dim, b->sizes, b->machine->lanes, sizes);
    if (branch_keeps(b, dim))
        keep_wished(b, dim, level, sizes);
    key->dim = dim;
    key->level = level;
    key->steps = steps;
    key->whole = p->at[dim][level].size;
    memcpy(key->units, p->units, bytes);
    return sizes;
}

bool branch_is_small(const Branch *b, int dim, int level, int64_t size)
{
    return (double) size <= b->model.most[dim][level + 1];
}

static bool fits_with(Branch *b, int dim, int level, SizeChoice choice)
{
    int known = b->partial.known[dim];
    if (!branch_is_small(b, dim, level, choice.size))
        return false;
    branch_decide(b, dim, choice);
    bool fits = bound_fits(&b->model, &b->partial);
    partial_forget(&b->partial, dim, known);
    return fits;
}

/* The first of these sizes that fits, as all after it do.  It is often near that of the last time.
 */
static guint first_that_fits(Branch *b, int dim, int level, guint first, guint end)
{
    const GArray *sizes = b->listed[b->depth];
    guint low = first, high = end, middle = b->key[b->depth].first;
    for (guint step = 0; low < high; step++) {
        if (step > 1 || middle < low || middle >= high)
            middle = (low + high) / 2;
        if (fits_with(b, dim, level, g_array_index(sizes, SizeChoice, middle)))
            high = middle--;
        else
            low = ++middle;
    }
    b->key[b->depth].first = low;
    return low;
}

bool branch_may_go_on(Branch *b, int level, unsigned left)
{
    return may_move(b, level, left) && branch_fanout_holds(b, level) &&
           bound_fits(&b->model, &b->partial);
}

/* Adds the size to the choices if it is worth going on with; true if so. */
static bool look_at(Branch *b, int level, int dim, unsigned rest, const SizeChoice *size)
{
    const int known = b->partial.known[dim];
    Choice choice = {.size = *size};
    if (!branch_is_small(b, dim, level, size->size))
        return false;
    branch_decide(b, dim, *size);
    bool open = branch_may_go_on(b, level, rest) && branch_look(b, &choice);
    if (open)
        g_array_append_val(b->choices[b->depth], choice);
    partial_forget(&b->partial, dim, known);
    return open;
}

/* Whether no size of these, the largest first, is open: as much moves as with the largest, at
 * least, and the others have no more room than the smallest leaves them. */
static bool range_ends(Branch *b, int level, int dim, const SizeChoice *largest,
                       const SizeChoice *smallest)
{
    const int known = b->partial.known[dim];
    BoundModel *m = &b->model;
    partial_decide(&b->partial, dim, largest->size, largest->units);
    m->range = (SizeRange){1u << dim, level + 1, smallest->size};
    m->no_back = m->adds >> dim & 1;
    b->bounds++;
    const bool ends = b->owner->ends(b);
    m->range.dims = 0;
    m->no_back = false;
    partial_forget(&b->partial, dim, known);
    return ends;
}

/* Of sizes that come from the largest on, all of which there is room for. */
static void look_at_range(Branch *b, int level, int dim, unsigned rest, guint first, guint end)
{
    const GArray *sizes = b->listed[b->depth];
    const SizeChoice *at = &g_array_index(sizes, SizeChoice, first);
    if (end - first < RANGE_LEAST) {
        for (guint i = first; i < end; i++)
            look_at(b, level, dim, rest, &g_array_index(sizes, SizeChoice, i));
    } else if (!range_ends(b, level, dim, at, &g_array_index(sizes, SizeChoice, end - 1))) {
        const guint middle = first + (end - first) / 2;
        look_at_range(b, level, dim, rest, first, middle);
        look_at_range(b, level, dim, rest, middle, end);
    }
}

/* Of sizes that come from the largest on: first those that take one step, then the others, which
 * may be of another kind.  On a hierarchy the largest that fits is most often open; not so on a
 * classic machine, where it leaves others no room in L2. */
static void look_at_falling(Branch *b, int level, int dim, unsigned rest)
{
    const GArray *sizes = b->listed[b->depth];
    const double whole = (double) b->partial.at[dim][level].size;
    const bool hierarchy = b->machine->n_memories > 0;
    guint first = 0;
    for (int several = 0; several < 2; several++) {
        guint end = first;
        for (; end < sizes->len; end++) {
            const SizeChoice *at = &g_array_index(sizes, SizeChoice, end);
            if (!several && (double) at->size * (double) at->units < whole)
                break;
        }
        first = first_that_fits(b, dim, level, first, end);
        bool open = hierarchy;
        while (first < end && open)
            open = look_at(b, level, dim, rest, &g_array_index(sizes, SizeChoice, first++));
        if (first < end)
            look_at_range(b, level, dim, rest, first, end);
        first = end;
    }
}

void branch_look_at_sizes(Branch *b, int level, int dim, unsigned rest)
{
    const GArray *sizes = b->listed[b->depth];
    g_array_set_size(b->choices[b->depth], 0);
    if (!b->one_by_one && falls_with_size(b, level, dim))
        look_at_falling(b, level, dim, rest);
    else
        for (guint i = 0; i < sizes->len; i++)
            look_at(b, level, dim, rest, &g_array_index(sizes, SizeChoice, i));
}
