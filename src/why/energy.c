/* Where the energy is: the terms of a layer's cost, each split in what moves its elements once and
 * the rest. */
#include <math.h>

#include "why/parts.h"

/* Of several terms of one kind there is one part. */
static void add(GArray *energy, WhyEnergyCause cause, int part, int tensor, double pj)
{
    if (pj == 0 || isnan(pj))
        return;
    for (guint i = 0; i < energy->len; i++) {
        WhyEnergy *e = &g_array_index(energy, WhyEnergy, i);
        if (e->cause == cause && e->part == part && e->tensor == tensor) {
            e->pj += pj;
            return;
        }
    }
    const WhyEnergy e = {cause, part, tensor, pj};
    g_array_append_val(energy, e);
}

static void add_term(const ReportEntry *entry, const CostTerm *term, GArray *energy)
{
    double pj = term->count * term->pj;
    if (term->part == COST_MAC) {
        add(energy, WHY_COMPUTE, term->part, -1, pj);
    } else if (term->part == COST_NOC) {
        add(energy, WHY_MOVED, term->part, -1, pj);
    } else if (term->part == COST_LEAKAGE) {
        add(energy, WHY_LEAKED, term->part, -1, pj);
    } else if (term->tensor < 0) {
        add(energy, WHY_AGAIN, term->part, -1, pj);
    } else {
        double whole = (double) entry->result.tensor_size[term->tensor] *
                       entry->layer->density[term->tensor],
               once = fmin(term->count, whole) * term->pj;
        add(energy, WHY_ONCE, -1, -1, once);
        add(energy, WHY_AGAIN, term->part, term->tensor, pj - once);
    }
}

static gint compare_energies(gconstpointer a, gconstpointer b)
{
    const WhyEnergy *x = a, *y = b;
    return x->cause != y->cause ? (int) x->cause - (int) y->cause
           : x->part != y->part ? x->part - y->part
                                : x->tensor - y->tensor;
}

void why_add_energy(const ReportEntry *entry, const Technology *technology, Why *why)
{
    if (!entry->costed || technology == NULL)
        return;
    g_autofree CostTerms *terms = g_new(CostTerms, 1);
    cost_terms(entry->layer, entry->machine, technology, &entry->result, terms);
    why->energy_known = entry->cost.unknown == 0;
    for (int i = 0; i < terms->n; i++)
        add_term(entry, &terms->term[i], why->energy);
    g_array_sort(why->energy, compare_energies);
}
