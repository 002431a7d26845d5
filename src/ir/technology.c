/* Interpolation of figures, straight lines in log space, and scaling between nodes.  Off-chip
 * memory is another chip: its energy is not scaled. */
#include "ir/technology.h"

#include <math.h>
#include <stddef.h>

static double curve_slope(const Curve *curve, int k)
{
    return log(curve->y[k + 1] / curve->y[k]) / log(curve->x[k + 1] / curve->x[k]);
}

double curve_at(const Curve *curve, double x)
{
    if (curve->n == 0)
        return 0;
    if (curve->closed)
        return fmax(0, (curve->square * x + curve->linear) * x);
    if (curve->n == 1)
        return curve->y[0] * pow(x / curve->x[0], curve->exponent);
    int k = 0;
    while (k + 2 < curve->n && x > curve->x[k + 1])
        k++;
    if (curve->y[k] <= 0 || curve->y[k + 1] <= 0) /* no logarithm: a straight line, not below 0 */
        return fmax(0, curve->y[k] + (curve->y[k + 1] - curve->y[k]) * (x - curve->x[k]) /
                                         (curve->x[k + 1] - curve->x[k]));
    double slope = curve->sloped ? curve->slope[k] : curve_slope(curve, k);
    return curve->y[k] * pow(x / curve->x[k], slope);
}

static void curve_slopes(Curve *curve)
{
    for (int k = 0; k + 1 < curve->n; k++) /* of points that have logarithms */
        curve->slope[k] = curve->y[k] > 0 && curve->y[k + 1] > 0 ? curve_slope(curve, k) : 0;
    curve->sloped = true;
}

void technology_slopes(Technology *technology)
{
    MemoryKind *memories[] = {&technology->l1, &technology->buffer, &technology->l2};
    curve_slopes(&technology->mac_pj);
    for (int k = 0; k < 3; k++) {
        curve_slopes(&memories[k]->read_pj);
        curve_slopes(&memories[k]->write_pj);
        curve_slopes(&memories[k]->um2);
        curve_slopes(&memories[k]->mw);
    }
}

double polynomial_at(const Polynomial *p, double n)
{
    double y = p->scale * ((p->square * n + p->linear) * n + p->constant);
    return y > 0 ? y : 0;
}

static bool range_beyond(const Range *range, double x)
{
    return range->high > 0 && (x > 2 * range->high || 2 * x < range->low);
}

bool curve_beyond(const Curve *curve, double x)
{
    return range_beyond(&curve->range, x);
}

bool polynomial_beyond(const Polynomial *polynomial, double n)
{
    return range_beyond(&polynomial->range, n);
}

static const Node *node_find(const Scaling *scaling, double nm)
{
    for (int k = 0; k < scaling->n; k++)
        if (fabs(scaling->node[k].nm - nm) < 0.5)
            return &scaling->node[k];
    return NULL;
}

bool scaling_has(const Scaling *scaling, double nm)
{
    return node_find(scaling, nm) != NULL;
}

/* Without a voltage, at the one that is usual for the node. */
static double node_energy(const Node *node, double volts)
{
    double v = volts > 0 ? volts : node->nm >= 45 ? 1 : 0.8;
    return (node->a * v + node->b) * v + node->c;
}

static void curve_scale(Curve *curve, double factor)
{
    for (int k = 0; k < curve->n; k++)
        curve->y[k] *= factor;
    curve->square *= factor;
    curve->linear *= factor;
}

static void memory_scale(MemoryKind *memory, double energy, double area)
{
    curve_scale(&memory->read_pj, energy);
    curve_scale(&memory->write_pj, energy);
    curve_scale(&memory->mw, energy);
    curve_scale(&memory->um2, area);
}

bool technology_scale(Technology *t, const Scaling *scaling, double nm)
{
    const Node *from = node_find(scaling, t->node_nm), *to = node_find(scaling, nm);
    if (!from || !to)
        return false;
    double own = node_energy(from, t->volts), area = to->area / from->area;
    double energy = from == to ? 1 : node_energy(to, 0) / own;
    curve_scale(&t->mac_pj, energy);
    memory_scale(&t->l1, energy, area);
    memory_scale(&t->buffer, energy, area);
    memory_scale(&t->l2, energy, area);
    Polynomial *areas[] = {&t->bus_um2, &t->arbiter_um2}, *powers[] = {&t->bus_mw, &t->arbiter_mw};
    for (int k = 0; k < 2; k++) {
        areas[k]->scale *= area;
        powers[k]->scale *= energy;
    }
    t->mac_um2.value *= area;
    t->mac_mw.value *= energy;
    t->hop_pj.value *= energy;
    t->idle_mw.value *= energy;
    t->energy_factor = energy;
    t->area_factor = area;
    t->factor_source = scaling->source;
    t->node_nm = nm;
    return true;
}
