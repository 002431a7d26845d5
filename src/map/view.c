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

double view_cuts(const View *v, int dim, const Lengths *lengths, double width)
{
    double sum = 0, whole = 0, n = 0;
    if (!has(v->m->range.dims, dim)) {
        for (int i = 0; i < lengths->n; i++)
            sum += lengths->times[i] * rounded_up((double) lengths->length[i] / width);
        return sum;
    }
    for (int i = 0; i < lengths->n; i++) {
        n += lengths->times[i];
        whole += lengths->times[i] * (double) lengths->length[i];
    }
    return greater(n, whole / width);
}

double view_positions(const View *v, int dim, int depth, int h)
{
    const Partial *p = v->p;
    int known = p->known[dim];
    const DimDepth *at = &p->at[dim][known];
    if (depth <= known)
        return h < 0 ? p->at[dim][depth].n_each : p->at[dim][depth].n_once[h];
    double most = view_size(v, dim, depth);
    if (h < 0)
        return view_cuts(v, dim, &at->each, most);
    int first = p->home[h] > known ? p->home[h] : known;
    return view_cuts(v, dim, &at->once[h], most * view_units(v, dim, first, depth));
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
