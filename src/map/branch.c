#include "map/branch.h"

#include <stdlib.h>
#include <string.h>

#include "ir/integer.h"
#include "map/sizes.h"

enum { OTHERS_MOST = 3, RANGE_LEAST = 3 };

typedef struct {
    double value;
    MapBound bound;
    SizeChoice size;
} Choice;

void branch_init(Branch *b, const BranchOwner *owner, void *data, const Layer *layer,
                 const Machine *machine, Sizes sizes)
{
    b->owner = owner;
    b->data = data;
    b->layer = layer;
    b->machine = machine;
    b->sizes = sizes;
    b->bounds = 0;
    b->wish = NULL;
    for (int i = 0; i < DECISIONS_MAX; i++) {
        b->listed[i] = g_array_new(FALSE, FALSE, sizeof(SizeChoice));
        b->choices[i] = g_array_new(FALSE, FALSE, sizeof(Choice));
    }
}

void branch_clear(Branch *b)
{
    for (int i = 0; i < DECISIONS_MAX; i++) {
        g_array_free(b->listed[i], TRUE);
        g_array_free(b->choices[i], TRUE);
    }
}

static bool is_open(const Branch *b, const Choice *choice)
{
    return b->owner->open(b, &choice->bound, choice->value);
}

/* Whether the partial mapping is worth going on with. */
static bool look(Branch *b, Choice *choice)
{
    b->bounds++;
    choice->value = b->owner->value(b, &choice->bound);
    return is_open(b, choice);
}

/* Whether a stop leaves out a part of this bound. */
static bool is_left(Branch *b, double bound)
{
    if (!b->owner->stopped(b))
        return false;
    b->owner->left(b, bound);
    return true;
}

static int compare_choices(const void *a, const void *b)
{
    const Choice *x = a, *y = b;
    return x->value < y->value ? -1 : x->value > y->value;
}

static void decide_level(Branch *b, int level);
static void decide_dims(Branch *b, int level, unsigned left);

/* The dim of a level that is decided next: what its children divide, then long ones, outputs' own
 * last. */
static int next_dim(const Branch *b, int level, unsigned left)
{
    const unsigned last = b->model.falls & ~b->model.adds;
    const SkeletonLevel *s = &b->partial.skeleton->level[level];
    int best = -1;
    for (int d = 0; d < b->partial.n_dims; d++) {
        if (!(left >> d & 1))
            continue;
        if (s->spread == d)
            return d;
        bool late = last >> d & 1, best_late = best >= 0 && last >> best & 1;
        if (best < 0 || late < best_late ||
            (late == best_late && b->partial.at[d][level].size > b->partial.at[best][level].size))
            best = d;
    }
    return best;
}

/* Units that the parts of one fan-out take together. */
static bool fanout_holds(const Branch *b, int level)
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

/* What a cluster has of the dim follows from what level 0 leaves it. */
static void decide(Branch *b, int dim, SizeChoice choice)
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

/* Whether a loop of the kind that is to be the innermost can stand there. */
static bool may_be_innermost(const Branch *b, int level)
{
    const Partial *p = &b->partial;
    const SkeletonLevel *s = &p->skeleton->level[level];
    if (p->inner[level] == INNER_NONE)
        return true;
    for (int i = s->n_items - 1; i >= 0; i--) {
        unsigned dims = s->item[i].dims & p->several[level];
        for (int k = p->n_dims - 1; k >= 0 && dims && s->item[i].ordered; k--)
            if (dims >> s->item[i].order[k] & 1)
                return b->model.kind[p->inner[level]].dims >> s->item[i].order[k] & 1;
        if (dims)
            return dims & b->model.kind[p->inner[level]].dims;
    }
    return false;
}

/* Whether one of the dims whose loop is to be the innermost has a loop, or may still get one. */
static bool may_move(const Branch *b, int level, unsigned left)
{
    const Partial *p = &b->partial;
    return p->inner[level] == INNER_NONE ||
           ((p->several[level] | left) & b->model.kind[p->inner[level]].dims) != 0;
}

/* Whether a dim, -1: none, has what is wished. */
static bool keeps(const Branch *b, int dim)
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

/* The sizes of a dim in a level. */
static const GArray *sizes_of(Branch *b, int dim, int level)
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
    if (keeps(b, dim))
        keep_wished(b, dim, level, sizes);
    key->dim = dim;
    key->level = level;
    key->steps = steps;
    key->whole = p->at[dim][level].size;
    memcpy(key->units, p->units, bytes);
    return sizes;
}

static bool is_small(const Branch *b, int dim, int level, int64_t size)
{
    return (double) size <= b->model.most[dim][level + 1];
}

static bool fits_with(Branch *b, int dim, int level, SizeChoice choice)
{
    int known = b->partial.known[dim];
    if (!is_small(b, dim, level, choice.size))
        return false;
    decide(b, dim, choice);
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

/* Whether the level may go on as it is, with the dims that are left. */
static bool may_go_on(Branch *b, int level, unsigned left)
{
    return may_move(b, level, left) && fanout_holds(b, level) && bound_fits(&b->model, &b->partial);
}

/* The last dim of a level has but one size: what that comes to is looked at with the next choice.
 */
static void decide_forced(Branch *b, int level, int dim, const SizeChoice *only)
{
    const int known = b->partial.known[dim];
    const SizeChoice choice = *only;
    if (!is_small(b, dim, level, choice.size))
        return;
    b->depth++;
    decide(b, dim, choice);
    if (may_go_on(b, level, 0))
        decide_dims(b, level, 0);
    partial_forget(&b->partial, dim, known);
    b->depth--;
}

/* Adds the size to the choices if it is worth going on with. */
static void look_at(Branch *b, int level, int dim, unsigned rest, const SizeChoice *size)
{
    const int known = b->partial.known[dim];
    Choice choice = {.size = *size};
    if (!is_small(b, dim, level, size->size))
        return;
    decide(b, dim, *size);
    if (may_go_on(b, level, rest) && look(b, &choice))
        g_array_append_val(b->choices[b->depth], choice);
    partial_forget(&b->partial, dim, known);
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
 * may be of another kind. */
static void look_at_falling(Branch *b, int level, int dim, unsigned rest)
{
    const GArray *sizes = b->listed[b->depth];
    const double whole = (double) b->partial.at[dim][level].size;
    guint first = 0;
    for (int several = 0; several < 2; several++) {
        guint end = first;
        for (; end < sizes->len; end++) {
            const SizeChoice *at = &g_array_index(sizes, SizeChoice, end);
            if (!several && (double) at->size * (double) at->units < whole)
                break;
        }
        first = first_that_fits(b, dim, level, first, end);
        if (first < end)
            look_at_range(b, level, dim, rest, first, end);
        first = end;
    }
}

static void decide_dims(Branch *b, int level, unsigned left)
{
    Partial *p = &b->partial;
    if (left == 0) {
        if (may_be_innermost(b, level))
            decide_level(b, level + 1);
        return;
    }
    int d = next_dim(b, level, left), known = p->known[d];
    const unsigned rest = left & ~(1u << d);
    const GArray *sizes = sizes_of(b, d, level);
    GArray *choices = b->choices[b->depth];
    g_array_set_size(choices, 0);
    const bool falls = falls_with_size(b, level, d);
    if (rest == 0 && sizes->len == 1) {
        decide_forced(b, level, d, &g_array_index(sizes, SizeChoice, 0));
        return;
    }
    if (falls)
        look_at_falling(b, level, d, rest);
    else
        for (guint i = 0; i < sizes->len; i++)
            look_at(b, level, d, rest, &g_array_index(sizes, SizeChoice, i));
    g_array_sort(choices, compare_choices);
    b->depth++;
    for (guint i = 0; i < choices->len; i++) {
        const Choice *choice = &g_array_index(choices, Choice, i);
        if (!is_open(b, choice))
            continue;
        if (is_left(b, choice->value))
            break;
        decide(b, d, choice->size);
        decide_dims(b, level, rest);
        partial_forget(p, d, known);
    }
    b->depth--;
}

/* Whether all of a dim may go inside a level in one step. */
static bool may_stand(const Branch *b, int level, int dim)
{
    const Partial *p = &b->partial;
    bool spread = p->skeleton->level[level].spread == dim;
    double units = spread && p->units[level] > 0 ? (double) p->units[level]
                   : spread                      ? b->model.units_most[level]
                                                 : 1;
    return (double) p->at[dim][level].size <= b->model.most[dim][level + 1] * units;
}

/* Whether a loop of the dim can take several steps. */
static bool may_step(const Branch *b, int level, int dim)
{
    const Partial *p = &b->partial;
    bool spread = p->skeleton->level[level].spread == dim;
    return p->at[dim][level].size > (spread ? p->units[level] : 1);
}

/* Whether the innermost loop of a level can be of a kind; `left`: dims whose sizes are open. */
static bool may_be_kind(const Branch *b, int level, int kind, unsigned left)
{
    for (int d = 0; d < b->partial.n_dims; d++) {
        if (!(left >> d & 1))
            continue;
        if (kind == INNER_NONE && !may_stand(b, level, d))
            return false;
        if (kind != INNER_NONE && b->model.kind[kind].dims >> d & 1 && may_step(b, level, d))
            return true;
    }
    return kind == INNER_NONE;
}

/* What is decided of a level before its sizes. */
typedef struct {
    double value;
    MapBound bound;
    int8_t kind;
    unsigned others, loops; /* of those dims these have a loop, the rest none */
    unsigned whole;         /* of the rest, what goes inside as it is */
} LevelChoice;

static int compare_level_choices(const void *a, const void *b)
{
    const LevelChoice *x = a, *y = b;
    return x->value < y->value ? -1 : x->value > y->value;
}

/* Dims beside those of the kind whose loops in the level decide whether a tensor that the innermost
 * loops leave where it is, here and further out, is moved between: how often it then is depends on
 * that more than on sizes. */
static unsigned others_of(const Branch *b, int level, int kind, unsigned left)
{
    int outer = level - 1;
    unsigned dims = 0;
    while (outer >= 0 && b->partial.inner[outer] < 0)
        outer--;
    if (outer < 0 || kind == INNER_NONE)
        return 0;
    unsigned tensors = b->model.kind[kind].leaves & b->model.kind[b->partial.inner[outer]].leaves;
    for (int t = 0; t < b->model.model.shape->n_tensors; t++)
        if (tensors >> t & 1)
            dims |= b->model.model.shape->dims[t];
    dims &= left & ~b->model.kind[kind].dims;
    return __builtin_popcount(dims) <= OTHERS_MOST ? dims : 0;
}

static void put_level(Branch *b, int level, const LevelChoice *choice)
{
    Partial *p = &b->partial;
    p->inner[level] = choice->kind;
    p->loops[level] = choice->loops;
    p->stills[level] = choice->others & ~choice->loops;
    for (int d = 0; d < p->n_dims; d++)
        if (choice->whole >> d & 1)
            partial_decide(p, d, p->at[d][level].size, 1);
}

static void take_level_back(Branch *b, int level, const LevelChoice *choice)
{
    Partial *p = &b->partial;
    for (int d = 0; d < p->n_dims; d++)
        if (choice->whole >> d & 1)
            partial_forget(p, d, level);
    p->inner[level] = INNER_OPEN;
    p->loops[level] = p->stills[level] = 0;
}

/* Of dims that have no loop those that no unit divides and no text limits; false if one of them has
 * no room, or one of the loops no steps. */
static bool find_whole(const Branch *b, int level, unsigned others, LevelChoice *choice)
{
    const SkeletonLevel *s = &b->partial.skeleton->level[level];
    for (int d = 0; d < b->partial.n_dims; d++) {
        if (!(others >> d & 1))
            continue;
        bool loop = choice->loops >> d & 1;
        if (loop ? !may_step(b, level, d) : !may_stand(b, level, d))
            return false;
        if (!loop && s->spread != d && hole_is_plain(s->size[d]))
            choice->whole |= 1u << d;
    }
    return true;
}

static void decide_level(Branch *b, int level)
{
    Partial *p = &b->partial;
    const Skeleton *s = p->skeleton;
    LevelChoice choice[(INNER_KINDS + 1) << OTHERS_MOST];
    int n = 0;
    if (level == s->n_levels) {
        Choice all;
        if (look(b, &all))
            b->owner->decided(b, &all.bound);
        return;
    }
    unsigned left = 0;
    for (int d = 0; d < p->n_dims; d++)
        if (s->level[level].maps >> d & 1 && p->known[d] <= level)
            left |= 1u << d;
    for (int k = INNER_NONE; k < b->model.n_kinds; k++) {
        if (!may_be_kind(b, level, k, left))
            continue;
        const unsigned others = others_of(b, level, k, left);
        unsigned loops = others;
        do {
            LevelChoice *at = &choice[n];
            Choice looked;
            *at = (LevelChoice){.kind = (int8_t) k, .loops = loops, .others = others};
            if (find_whole(b, level, others, at)) {
                put_level(b, level, at);
                if (bound_fits(&b->model, p) && look(b, &looked)) {
                    at->value = looked.value;
                    at->bound = looked.bound;
                    n++;
                }
                take_level_back(b, level, at);
            }
            loops = (loops - 1) & others;
        } while (loops != others);
    }
    qsort(choice, (size_t) n, sizeof *choice, compare_level_choices);
    for (int i = 0; i < n; i++) {
        const LevelChoice *at = &choice[i];
        if (!b->owner->open(b, &at->bound, at->value))
            continue;
        if (is_left(b, at->value))
            break;
        put_level(b, level, at);
        decide_dims(b, level, left & ~at->whole);
        take_level_back(b, level, at);
    }
}

static void decide_clusters(Branch *b, int level, int64_t pes);
static void decide_units(Branch *b, int level);

/* The level's units, the best bound first; pes: what clusters share, 0: they are a fan-out's. */
static void go_through_units(Branch *b, int level, GArray *choices, int64_t pes)
{
    Partial *p = &b->partial;
    g_array_sort(choices, compare_choices);
    for (guint i = 0; i < choices->len; i++) {
        const Choice *choice = &g_array_index(choices, Choice, i);
        if (!is_open(b, choice))
            continue;
        if (is_left(b, choice->value))
            break;
        p->units[level] = choice->size.units;
        if (pes > 0)
            decide_clusters(b, level + 1, pes / choice->size.units);
        else
            decide_units(b, level + 1);
    }
    p->units[level] = 0;
    p->settled &= ~(1u << level);
}

/* Children of the clusters of a classic machine, and what they leave for level 0: as if no cluster
 * further inside took any. */
static void decide_clusters(Branch *b, int level, int64_t pes)
{
    Partial *p = &b->partial;
    const Skeleton *s = p->skeleton;
    p->units[0] = pes;
    p->settled |= 1;
    if (level == s->n_levels) {
        decide_level(b, 0);
        return;
    }
    g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) choices = g_array_new(FALSE, FALSE, sizeof(Choice));
    sizes_clusters(b->layer, &s->level[level], b->sizes, pes, units);
    p->settled |= 1u << level;
    for (guint i = 0; i < units->len; i++) {
        int64_t number = g_array_index(units, int64_t, units->len - 1 - i);
        Choice choice = {.size = {0, number}};
        if (keeps(b, s->level[level].spread) && number != b->wish->units[level])
            continue;
        p->units[level] = number;
        p->units[0] = pes / number;
        if (p->units[0] > 0 && look(b, &choice))
            g_array_append_val(choices, choice);
    }
    go_through_units(b, level, choices, pes);
}

/* Units of the fan-outs from this level on, the largest first: what they come to in energy and time
 * is known before any size is. */
static void decide_units(Branch *b, int level)
{
    Partial *p = &b->partial;
    const Skeleton *s = p->skeleton;
    while (level < s->n_levels && (s->level[level].spread < 0 || s->level[level].units_fixed))
        level++;
    if (level == s->n_levels) {
        Choice all;
        if (b->owner->placed != NULL)
            b->owner->placed(b);
        if (look(b, &all))
            decide_level(b, 0);
        return;
    }
    const SkeletonLevel *at = &s->level[level];
    int64_t most = min64(at->units_most, b->layer->extent[at->spread]);
    GArray *choices = g_array_new(FALSE, FALSE, sizeof(Choice));
    p->settled |= 1u << level;
    for (int64_t units = most; units >= at->units_least; units--) {
        Choice choice = {.size = {0, units}};
        if (b->sizes == SIZES_DIVISORS && b->layer->extent[at->spread] % units != 0)
            continue;
        if (keeps(b, at->spread) && units != b->wish->units[level])
            continue;
        p->units[level] = units;
        if (fanout_holds(b, level) && look(b, &choice))
            g_array_append_val(choices, choice);
    }
    go_through_units(b, level, choices, 0);
    g_array_free(choices, TRUE);
}

void branch_run(Branch *b)
{
    b->depth = 0;
    for (int i = 0; i < DECISIONS_MAX; i++)
        b->key[i].dim = -1;
    bound_begin(&b->model, &b->partial);
    if (b->partial.skeleton->level[0].fanout == 0 && b->machine->n_memories == 0)
        decide_clusters(b, 1, b->machine->pes);
    else if (b->units_first)
        decide_units(b, 0);
    else
        decide_level(b, 0);
}

void branch_wish(const Branch *b, Wish *wish)
{
    const Partial *p = &b->partial;
    for (int d = 0; d < p->n_dims; d++)
        for (int depth = 0; depth <= p->skeleton->n_levels; depth++)
            wish->size[d][depth] = p->at[d][depth].size;
    memcpy(wish->units, p->units, sizeof wish->units);
}
