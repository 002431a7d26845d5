#include "map/branch_parts.h"

#include <stdlib.h>
#include <string.h>

#include "ir/integer.h"

enum { OTHERS_MOST = 3 };

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
    b->one_by_one = false;
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

/* Dims whose sizes are bounded in ranges come last, outputs' own behind those over which they are
 * added up. */
static int turn_of(const Branch *b, int dim)
{
    const bool falls = b->model.falls >> dim & 1, adds = b->model.adds >> dim & 1;
    return falls + (falls && !adds);
}

/* The dim of a level that is decided next: what its children divide, then by turns, of each the
 * longest first. */
static int next_dim(const Branch *b, int level, unsigned left)
{
    const SkeletonLevel *s = &b->partial.skeleton->level[level];
    int best = -1;
    for (int d = 0; d < b->partial.n_dims; d++) {
        if (!(left >> d & 1))
            continue;
        if (s->spread == d)
            return d;
        const int turn = turn_of(b, d), best_turn = best >= 0 ? turn_of(b, best) : turn;
        if (best < 0 || turn < best_turn ||
            (turn == best_turn && b->partial.at[d][level].size > b->partial.at[best][level].size))
            best = d;
    }
    return best;
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

/* The last dim of a level has but one size: what that comes to is looked at with the next choice.
 */
static void decide_forced(Branch *b, int level, int dim, const SizeChoice *only)
{
    const int known = b->partial.known[dim];
    const SizeChoice choice = *only;
    if (!branch_is_small(b, dim, level, choice.size))
        return;
    b->depth++;
    branch_decide(b, dim, choice);
    if (branch_may_go_on(b, level, 0))
        decide_dims(b, level, 0);
    partial_forget(&b->partial, dim, known);
    b->depth--;
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
    const GArray *sizes = branch_sizes(b, d, level);
    GArray *choices = b->choices[b->depth];
    if (rest == 0 && sizes->len == 1) {
        decide_forced(b, level, d, &g_array_index(sizes, SizeChoice, 0));
        return;
    }
    branch_look_at_sizes(b, level, d, rest);
    g_array_sort(choices, compare_choices);
    b->depth++;
    for (guint i = 0; i < choices->len; i++) {
        const Choice *choice = &g_array_index(choices, Choice, i);
        if (!branch_is_open(b, choice))
            continue;
        if (is_left(b, choice->value))
            break;
        branch_decide(b, d, choice->size);
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
        if (branch_look(b, &all))
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
                if (bound_fits(&b->model, p) && branch_look(b, &looked)) {
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
        if (!branch_is_open(b, choice))
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
        if (branch_keeps(b, s->level[level].spread) && number != b->wish->units[level])
            continue;
        p->units[level] = number;
        p->units[0] = pes / number;
        if (p->units[0] > 0 && branch_look(b, &choice))
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
        if (branch_look(b, &all))
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
        if (branch_keeps(b, at->spread) && units != b->wish->units[level])
            continue;
        p->units[level] = units;
        if (branch_fanout_holds(b, level) && branch_look(b, &choice))
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
