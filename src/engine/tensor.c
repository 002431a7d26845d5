/* Images of affine coordinates: sizes and overlaps (the formulas are in tensor.h). */
#include "engine/residue.h"
#include "engine/tensor.h"

Axis tensor_axis(const Coord *coord)
{
    Axis axis = {coord->n, {coord->dim[0], coord->dim[1]}, {1, 1}, 1u << coord->dim[0]};
    if (coord->n == 2) {
        axis.dims |= 1u << coord->dim[1];
        int64_t common = gcd64(coord->coef[0], coord->coef[1]);
        axis.coef[0] = coord->coef[0] / common;
        axis.coef[1] = coord->coef[1] / common;
    }
    return axis;
}

static int64_t common_length(Interval a, Interval b)
{
    int64_t length = min64(a.end, b.end) - max64(a.start, b.start);
    return length > 0 ? length : 0;
}

/* |(a*U + J) n (a*V + K)|: columns between two cuts are alike. */
static int64_t overlap_columns(int64_t a, Interval u, Interval j, Interval v, Interval k)
{
    int64_t cut[6];
    column_cuts(a, j, k, cut);
    int64_t sum = 0;
    for (int x = 0; x < 5; x++)
        if (cut[x + 1] > cut[x])
            sum += (cut[x + 1] - cut[x]) *
                   common_length(column(u, j, a, cut[x]), column(v, k, a, cut[x]));
    return sum;
}

static bool contiguous(int64_t a, int64_t n, int64_t m)
{
    return n == 1 || m >= a;
}

int64_t tensor_overlap(const Axis *axis, const Move *i, const Move *j)
{
    if (!i->now || !i->before || !j->now || !j->before)
        return 0;
    if (!i->shift && !j->shift && i->now <= i->before && j->now <= j->before)
        return tensor_image(axis, i->now, j->now); /* all of it */
    int64_t a = axis->coef[0], b = axis->coef[1];
    if (b > a) { /* fewer residues to go through */
        const Move *swap = i;
        i = j;
        j = swap;
        a = axis->coef[1];
        b = axis->coef[0];
    }
    if (b == 1 && contiguous(a, i->now, j->now) && contiguous(a, i->before, j->before)) {
        int64_t start = a * i->shift + j->shift;
        return common_length((Interval){start, start + a * (i->now - 1) + j->now},
                             (Interval){0, a * (i->before - 1) + j->before});
    }
    Interval inow = {i->shift, i->shift + i->now}, ibefore = {0, i->before};
    Interval jnow = {j->shift, j->shift + j->now}, jbefore = {0, j->before};
    int64_t sum = 0;
    for (int64_t rest = 0; rest < b; rest++)
        sum += overlap_columns(a, residue(inow, b, rest), jnow, residue(ibefore, b, rest), jbefore);
    return sum;
}
