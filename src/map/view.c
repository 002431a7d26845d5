#include "map/view.h"

#include <math.h>

#include "map/real.h"
#include "map/set.h"

/* What is inside a level that does not cut the dim, or cuts it for its units in one step, has room
 * for it outside. */
static void limit_outwards(View *v, int dim)
{
    const Partial *p = v->p;
    double *most = v->most[dim];
    for (int l = p->skeleton->n_levels - 1; l > p->known[dim]; l--) {
        const int64_t parts = partial_parts(p, dim, l);
        if (parts > 0)
            most[l] = lesser(most[l], most[l + 1] * (double) parts);
    }
}

void view_start(View *v, const BoundModel *m, const Partial *p)
{
    v->m = m;
    v->p = p;
    for (int d = 0; d < p->n_dims; d++)
        for (int depth = p->known[d] + 1; depth <= p->skeleton->n_levels; depth++)
            v->most[d][depth] = m->most[d][depth];
    rooms_limit(&m->rooms, &m->model, p, &m->range, v->most);
    for (int d = 0; d < p->n_dims; d++)
        limit_outwards(v, d);
}

double view_units(const View *v, int dim, int first, int end)
{
    double units = 1;
    for (int l = first; l < end; l++)
        if (v->p->skeleton->level[l].spread == dim)
            units *= v->p->units[l] > 0 ? (double) v->p->units[l] : v->m->units_most[l];
    return units;
}

double view_size(const View *v, int dim, int depth)
{
    const DimDepth *at = &v->p->at[dim][v->p->known[dim]];
    return depth <= v->p->known[dim] ? (double) v->p->at[dim][depth].size
                                     : lesser((double) at->size, v->most[dim][depth]);
}

/* Pieces that chunks are cut into, none wider than that. */
static double cuts(const Lengths *lengths, double width)
{
    double sum = 0;
    for (int i = 0; i < lengths->n; i++)
        sum += lengths->times[i] * rounded_up((double) lengths->length[i] / width);
    return sum;
}

static double total(const Lengths *lengths)
{
    double sum = 0;
    for (int i = 0; i < lengths->n; i++)
        sum += lengths->times[i] * (double) lengths->length[i];
    return sum;
}

static int outer(int a, int b)
{
    return a > b ? a : b;
}

/* A smaller size leaves chunks of other lengths, but no fewer of them. */
static double positions_of_range(const View *v, int dim, int depth, int h, double most)
{
    const int from = v->m->range.depth - 1;
    const DimDepth *parent = &v->p->at[dim][from], *at = &v->p->at[dim][from + 1];
    if (h < 0)
        return greater(at->n_each, total(&parent->each) / most);
    const double units = view_units(v, dim, outer(v->p->home[h], from), depth);
    return greater(at->n_once[h], total(&parent->once[h]) / (most * units));
}

double view_positions(const View *v, int dim, int depth, int h)
{
    const Partial *p = v->p;
    int known = p->known[dim];
    const DimDepth *at = &p->at[dim][known];
    if (depth <= known)
        return h < 0 ? p->at[dim][depth].n_each : p->at[dim][depth].n_once[h];
    double most = view_size(v, dim, depth);
    if (has(v->m->range.dims, dim))
        return positions_of_range(v, dim, depth, h, most);
    if (h < 0)
        return cuts(&at->each, most);
    return cuts(&at->once[h], most * view_units(v, dim, outer(p->home[h], known), depth));
}

double view_first(const View *v, int dim, int h)
{
    const Partial *p = v->p;
    const SizeRange *range = &v->m->range;
    const int n = p->skeleton->n_levels, known = p->known[dim];
    const bool many = has(range->dims, dim);
    const int from = many ? range->depth - 1 : known;
    const Lengths *parents = &p->at[dim][from].once[h];
    const double units = view_units(v, dim, outer(p->home[h], from), n);
    if (!many)
        return cuts(parents, units);
    const double inside = view_units(v, dim, outer(p->home[h], range->depth), n);
    double sum = 0;
    for (int i = 0; i < parents->n; i++) {
        const double length = (double) parents->length[i],
                     part = lesser(length, (double) range->least);
        sum += parents->times[i] * greater(rounded_up(length / units), rounded_up(part / inside));
    }
    return sum;
}

double view_sharers(const View *v, int dim, int from, int end)
{
    const Partial *p = v->p;
    double product = 1;
    for (int l = from; l < end && l < p->known[dim]; l++) {
        const Lengths *parents = &p->at[dim][l].each;
        double all = 0, shares = 0, least = INFINITY, size = (double) p->at[dim][l + 1].size;
        if (p->skeleton->level[l].spread != dim)
            continue;
        for (int i = 0; i < parents->n; i++) {
            double units = lesser((double) p->units[l], ceil((double) parents->length[i] / size));
            all += parents->times[i];
            shares += parents->times[i] * units;
            least = lesser(least, units);
        }
        product *= l == from ? shares / all : least;
    }
    return product;
}

double view_comings(const View *v, int dim, int outer, int depth)
{
    const Partial *p = v->p;
    double times = view_positions(v, dim, outer, -1);
    for (int l = outer; l < depth; l++) {
        if (p->skeleton->level[l].spread != dim)
            continue;
        double units = p->units[l] > 0 ? (double) p->units[l] : v->m->units_most[l];
        if (p->known[dim] > l)
            units =
                lesser(units, ceil((double) p->at[dim][l].size / (double) p->at[dim][l + 1].size));
        times *= units;
    }
    return times;
}

/* Whether a map inside the units that divide the dim may set apart what they work on at a time. */
static bool stand_apart(const View *v, int dim, int first, int end)
{
    bool spread = false, apart = false;
    for (int l = first; l < end; l++) {
        const SkeletonLevel *level = &v->p->skeleton->level[l];
        apart |= spread && level->maps >> dim & 1;
        spread |= level->spread == dim;
    }
    return apart;
}

double view_beyond(const View *v, int dim, int depth, int h, double skip)
{
    const Partial *p = v->p;
    double sum = 0;
    if (depth > p->known[dim]) {
        double most = view_size(v, dim, depth);
        if (h >= 0 && stand_apart(v, dim, p->home[h], depth))
            most = view_size(v, dim, p->home[h]);
        else if (h >= 0)
            most *= view_units(v, dim, p->home[h], depth);
        most = lesser(most, (double) p->at[dim][0].size);
        return most <= skip ? 0 : (double) p->at[dim][0].size * (1 - skip / most);
    }
    const DimDepth *at = &p->at[dim][depth];
    const Lengths *lengths = h < 0 ? &at->each : &at->once[h];
    double together = h < 0 ? 1 : at->together[h];
    /* Units need not stand next to each other: together they reach no further than their home. */
    double reach = h >= 0 && together > 1 ? (double) p->at[dim][p->home[h]].size : 0;
    for (int i = 0; i < lengths->n; i++)
        sum += lengths->times[i] * greater(0, greater((double) lengths->length[i], reach) - skip);
    return sum;
}
