/* A chunk of length e is cut into e / s chunks of size s and what is left over; where u units take
 * one each at a time, into e / (u s) positions of the first unit, and a last one. */
#include "map/partial.h"

#include <string.h>

#include "ir/integer.h"

static void lengths_add(Lengths *lengths, int64_t length, double times)
{
    if (length == 0 || times == 0)
        return;
    for (int i = 0; i < lengths->n; i++)
        if (lengths->length[i] == length) {
            lengths->times[i] += times;
            return;
        }
    if (lengths->n == LENGTHS_MAX) { /* never: a level adds at most one length */
        lengths->times[LENGTHS_MAX - 1] += times;
        return;
    }
    lengths->length[lengths->n] = length;
    lengths->times[lengths->n++] = times;
}

static double lengths_count(const Lengths *lengths)
{
    double n = 0;
    for (int i = 0; i < lengths->n; i++)
        n += lengths->times[i];
    return n;
}

/* Chunks of `size`, `units` of which are one step of which the first is looked at. */
static void cut(const Lengths *from, int64_t size, int64_t units, Lengths *to)
{
    const int64_t width = size * units;
    to->n = 0;
    for (int i = 0; i < from->n; i++) {
        int64_t full = from->length[i] / width, rest = from->length[i] - full * width;
        lengths_add(to, size, from->times[i] * (double) full);
        lengths_add(to, min64(rest, size), from->times[i]);
    }
}

static void set_counts(const Partial *p, DimDepth *at)
{
    at->n_each = lengths_count(&at->each);
    for (int h = 0; h < p->n_homes; h++)
        at->n_once[h] = lengths_count(&at->once[h]);
    at->steps = 0;
    for (int i = 0; i < at->once[0].n; i++)
        at->steps += (double) at->once[0].length[i] * at->once[0].times[i];
}

int partial_next(const Partial *p, int dim)
{
    for (int l = p->known[dim]; l < p->skeleton->n_levels; l++)
        if (p->skeleton->level[l].maps >> dim & 1)
            return l;
    return -1;
}

Steps partial_steps(const Partial *p, int dim, int level)
{
    if (p->inner[level] == INNER_NONE || p->stills[level] >> dim & 1)
        return STEPS_ONE;
    return p->loops[level] >> dim & 1 ? STEPS_SEVERAL : STEPS_OPEN;
}

int64_t partial_parts(const Partial *p, int dim, int level)
{
    const SkeletonLevel *s = &p->skeleton->level[level];
    const int64_t parts = skeleton_parts(p->skeleton, dim, level);
    if (parts == 0 && partial_steps(p, dim, level) != STEPS_ONE)
        return 0;
    return s->spread != dim ? 1 : p->units[level] > 0 ? p->units[level] : s->units_most;
}

static void copy_lengths(const Lengths *from, Lengths *to)
{
    to->n = from->n;
    memcpy(to->length, from->length, (size_t) from->n * sizeof *from->length);
    memcpy(to->times, from->times, (size_t) from->n * sizeof *from->times);
}

/* As far as it is used: most of it is not. */
static void copy_depth(const Partial *p, const DimDepth *from, DimDepth *to)
{
    to->size = from->size;
    to->n_each = from->n_each;
    to->steps = from->steps;
    to->always = false;
    copy_lengths(&from->each, &to->each);
    for (int h = 0; h < p->n_homes; h++) {
        copy_lengths(&from->once[h], &to->once[h]);
        to->n_once[h] = from->n_once[h];
        to->together[h] = from->together[h];
    }
}

/* The dim is whole in the levels up to its next map. */
static void carry(Partial *p, int dim)
{
    int next = partial_next(p, dim), end = next < 0 ? p->skeleton->n_levels : next;
    for (int depth = p->known[dim]; depth < end; depth++)
        copy_depth(p, &p->at[dim][depth], &p->at[dim][depth + 1]);
    p->known[dim] = (uint8_t) end;
}

void partial_start(Partial *p, const Layer *layer, const Skeleton *skeleton, unsigned homes)
{
    memset(p, 0, offsetof(Partial, at));
    p->settled = 0;
    p->skeleton = skeleton;
    p->n_dims = layer->op.n_dims;
    for (int depth = 0; depth < DEPTHS && p->n_homes < HOMES_MAX; depth++)
        if ((homes | 1) >> depth & 1)
            p->home[p->n_homes++] = depth;
    for (int l = 0; l < skeleton->n_levels; l++) {
        p->units[l] = 0;
        p->several[l] = p->loops[l] = p->stills[l] = 0;
        p->inner[l] = INNER_OPEN;
        if (skeleton->level[l].spread < 0 || skeleton->level[l].units_fixed) {
            p->units[l] = skeleton->level[l].units_most;
            p->settled |= 1u << l;
        }
    }
    for (int d = 0; d < p->n_dims; d++) {
        DimDepth *at = &p->at[d][0];
        at->size = layer->extent[d];
        at->each = (Lengths){1, {layer->extent[d]}, {1}};
        for (int h = 0; h < p->n_homes; h++) {
            at->once[h] = at->each;
            at->together[h] = 1;
        }
        set_counts(p, at);
        p->known[d] = 0;
        carry(p, d);
    }
}

void partial_decide(Partial *p, int dim, int64_t size, int64_t units)
{
    int l = partial_next(p, dim);
    DimDepth *from = &p->at[dim][l], *to = &p->at[dim][l + 1];
    bool spread = p->skeleton->level[l].spread == dim;
    int64_t width = spread ? size * units : size, shortest = from->size;
    if (from->size <= size) { /* one chunk */
        copy_depth(p, from, to);
        from->always = false;
        p->several[l] &= ~(1u << dim);
    } else {
        to->size = size;
        cut(&from->each, size, 1, &to->each);
        for (int h = 0; h < p->n_homes; h++) {
            bool merged = spread && l >= p->home[h];
            cut(&from->once[h], size, merged ? units : 1, &to->once[h]);
            to->together[h] = from->together[h] * (merged ? (double) units : 1);
        }
        set_counts(p, to);
        for (int i = 0; i < from->each.n; i++)
            shortest = min64(shortest, from->each.length[i]);
        from->always = shortest > width;
        if (from->size > width)
            p->several[l] |= 1u << dim;
        else
            p->several[l] &= ~(1u << dim);
    }
    if (spread && !(p->settled >> l & 1))
        p->units[l] = units;
    p->known[dim] = (uint8_t) (l + 1);
    carry(p, dim);
}

void partial_forget(Partial *p, int dim, int known)
{
    const Skeleton *s = p->skeleton;
    p->known[dim] = (uint8_t) known;
    int l = partial_next(p, dim);
    if (l < 0)
        return;
    p->several[l] &= ~(1u << dim);
    if (s->level[l].spread == dim && !(p->settled >> l & 1))
        p->units[l] = 0;
}
