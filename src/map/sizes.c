/* Of canonical sizes of a dim of length e there is one for each number of chunks, ceil(e / q): some
 * 2 sqrt(e) of them, as many quotients fall together. */
#include "map/sizes.h"

#include "ir/integer.h"

/* The greatest divisor of e below `size`, size > 1: e over its least divisor above e / size, as far
 * as those go to the root of e, which is soon. */
static int64_t divisor_below(int64_t e, int64_t size)
{
    int64_t other = e / size + 1;
    for (; other <= e / other; other++)
        if (e % other == 0)
            return e / other;
    size = e / other;
    while (e % size != 0)
        size--;
    return size;
}

/* The next smaller size of its kind below `size` in a parent of length e; 0: none. */
static int64_t smaller(Sizes sizes, int64_t e, int64_t size)
{
    if (size <= 1)
        return 0;
    if (sizes == SIZES_ALL)
        return size - 1;
    if (sizes == SIZES_DIVISORS)
        return divisor_below(e, size);
    int64_t chunks = ceil_div(e, size - 1); /* more than with this size */
    return ceil_div(e, chunks);
}

/* Whether the hole may be so large in a parent of length e; what is above e comes to all of it. */
static bool size_takes(const Hole *hole, int64_t size, int64_t e)
{
    bool listed = hole->n_among == 0;
    if (!hole->open)
        return hole->value == size || (hole->value > size && size == e);
    if (size == e && hole->n_among == 0)
        return hole->most >= e;
    for (int i = 0; i < hole->n_among; i++)
        listed |= hole->among[i] == size || (hole->among[i] > size && size == e);
    return listed && size >= hole->least && size <= hole->most && size % hole->multiple == 0;
}

typedef struct {
    const Partial *partial;
    const SkeletonLevel *level;
    int dim, l;
    int64_t e;
    Sizes sizes;
    Steps steps;
    GArray *choices;
} Listing;

static void add(const Listing *s, int64_t size, int64_t units)
{
    SizeChoice choice = {size, units};
    bool several = s->e > size * units;
    if (s->steps == (several ? STEPS_ONE : STEPS_SEVERAL))
        return;
    for (guint i = s->choices->len; i > 0 && s->choices->len - i < 4; i--) { /* rounding meets */
        const SizeChoice *before = &g_array_index(s->choices, SizeChoice, i - 1);
        if (before->size == size && before->units == units)
            return;
    }
    g_array_append_val(s->choices, choice);
}

/* Whether units that are decided before the size are among those that it would be tried with. */
static bool units_serve(const Listing *s, int64_t chunks, int64_t units, bool parts)
{
    if (s->partial->skeleton->level[s->l].fanout == 0)
        return true; /* level 0 of the classic form: what the clusters leave */
    if (s->sizes == SIZES_DIVISORS)
        return parts ? chunks % units == 0
                     : units == divisor_below(chunks, min64(chunks, s->level->units_most) + 1);
    int64_t most = parts ? units : s->level->units_most;
    return ceil_div(chunks, ceil_div(chunks, most)) == units;
}

/* Units for chunks of a size: as many as the fewest folds need; where other dims share the fan-out
 * or the tiles are to divide, those of every number of folds. */
static void add_spread(const Listing *s, int64_t size)
{
    const SkeletonLevel *level = s->level;
    int64_t chunks = ceil_div(s->e, size), most = level->units_most;
    bool parts = level->fanout > 0 && (level->rest || s->l + 1 < s->partial->skeleton->n_levels);
    if (parts && !level->rest)
        parts = s->partial->skeleton->level[s->l + 1].rest;
    bool settled = s->partial->settled >> s->l & 1;
    if (level->one_step && !level->units_fixed) {
        if (settled ? chunks == s->partial->units[s->l]
                    : chunks >= level->units_least && chunks <= most)
            add(s, size, chunks);
        return;
    }
    if (settled) {
        int64_t units = s->partial->units[s->l];
        if (level->cluster || level->one_step
                ? chunks <= units
                : level->units_fixed || units_serve(s, chunks, units, parts))
            add(s, size, units);
        return;
    }
    if (s->sizes == SIZES_DIVISORS) {
        int64_t units = min64(chunks, most) + 1;
        while (units > 1 && (units = divisor_below(chunks, units)) >= level->units_least) {
            add(s, size, units);
            if (!parts)
                return;
        }
        return;
    }
    for (int64_t folds = ceil_div(chunks, most); folds <= chunks; folds++) {
        int64_t units = ceil_div(chunks, folds);
        if (units < level->units_least)
            return;
        add(s, size, units);
        if (!parts)
            return;
        while (folds < chunks && ceil_div(chunks, folds + 1) == units)
            folds++;
    }
}

static void add_size(const Listing *s, int64_t size)
{
    bool less = size < s->e && s->level->stays >> s->dim & 1;
    if (size < 1 || size > s->e || less || !size_takes(s->level->size[s->dim], size, s->e))
        return;
    if (s->level->spread == s->dim)
        add_spread(s, size);
    else
        add(s, size, 1);
}

/* Whether the units are known, and take a chunk each in one step. */
static bool divides_evenly(const Partial *p, int l)
{
    const SkeletonLevel *level = &p->skeleton->level[l];
    return level->cluster || (level->one_step && !level->units_fixed && p->settled >> l & 1);
}

/* Units further inside that the dim is divided among in one step. */
static int64_t inner_units(const Listing *s)
{
    int64_t units = 1;
    for (int l = s->l + 1; l < s->partial->skeleton->n_levels; l++)
        if (s->partial->skeleton->level[l].spread == s->dim && divides_evenly(s->partial, l))
            units *= s->partial->units[l];
    return units;
}

int sizes_too_long(const Layer *layer, Sizes sizes)
{
    for (int d = 0; d < layer->op.n_dims; d++)
        if (sizes == SIZES_ALL && layer->extent[d] > SIZES_ALL_MOST)
            return d;
    return -1;
}

void sizes_list(const Partial *partial, int dim, Sizes sizes, int64_t lanes, GArray *choices)
{
    int l = partial_next(partial, dim);
    const SkeletonLevel *level = &partial->skeleton->level[l];
    int64_t e = partial->at[dim][l].size;
    const Steps steps = partial_steps(partial, dim, l);
    const Listing s = {partial, level, dim, l, e, sizes, steps, choices};
    const Hole *hole = level->size[dim];
    bool spread = level->spread == dim;
    g_array_set_size(choices, 0);
    if (!hole->open || hole->n_among > 0) {
        for (int i = 0; i < (hole->open ? hole->n_among : 1); i++)
            add_size(&s, min64(e, hole->open ? hole->among[i] : hole->value));
        return;
    }
    if (spread && divides_evenly(partial, l)) {
        add_size(&s, ceil_div(e, partial->units[l]));
        return;
    }
    if (steps == STEPS_ONE && !spread) {
        add_size(&s, e);
        return;
    }
    int64_t inside = spread ? 1 : inner_units(&s);
    for (int64_t size = e; size > 0; size = smaller(sizes, e, size)) {
        if (sizes != SIZES_CANONICAL) {
            if (sizes == SIZES_ALL || size % inside == 0 || size == e)
                add_size(&s, size); /* units further inside divide it, too */
            continue;
        }
        add_size(&s, inside > 1 ? min64(e, ceil_div(size, inside) * inside) : size);
        if (lanes > 1 && size % lanes != 0)
            add_size(&s, ceil_div(size, lanes) * lanes);
    }
    if (hole->multiple > 1 && sizes != SIZES_ALL)
        for (int64_t size = e / hole->multiple * hole->multiple; size > 0;
             size = smaller(sizes, e, size))
            add_size(&s, size / hole->multiple * hole->multiple);
}

void sizes_clusters(const Layer *layer, const SkeletonLevel *level, Sizes sizes, int64_t pes,
                    GArray *units)
{
    int64_t most = min64(level->units_most, pes);
    int64_t e = level->spread >= 0 ? layer->extent[level->spread] : 1;
    g_array_set_size(units, 0);
    if (level->units_fixed) {
        g_array_append_val(units, level->units_most);
        return;
    }
    for (int64_t n = level->units_least; n <= most; n++) {
        bool quotient = ceil_div(e, ceil_div(e, n)) == n, fills = pes / (pes / n) == n;
        bool takes = sizes == SIZES_ALL        ? n <= e
                     : sizes == SIZES_DIVISORS ? e % n == 0
                                               : n <= e && (quotient || fills);
        if (takes)
            g_array_append_val(units, n);
    }
}
