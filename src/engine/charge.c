/* Terms into the account, and figures that are taken from far beyond their tables. */
#include "engine/charge.h"

/* ---- terms ------------------------------------------------------------------------ */

void charge_unknown(const Account *a, int part, int tensor, int level)
{
    Cost *cost = a->cost;
    const MemoryKind *buffer = &a->technology->buffer;
    bool built = part != COST_BUFFER || a->machine->buffer_bytes[level] > 0 || buffer->read_pj.n ||
                 buffer->write_pj.n;
    if (part == COST_NOC || part == COST_LEAKAGE || !built) {
        cost->not_modelled |= 1u << part;
        return;
    }
    cost->unknown |= 1u << part;
    if (tensor >= 0)
        cost->unknown_tensors |= 1u << tensor;
}

void charge_term(CostTerms *terms, const CostTerm *term)
{
    if (terms->n < TERMS_MAX)
        terms->term[terms->n++] = *term;
}

double charge_count_macs(const Account *a)
{
    return a->effectual * (double) a->result->macs * (double) a->result->copies;
}

/* The widest input decides which multiplier it is. */
static double multiplier_bits(const Layer *layer, const Machine *machine)
{
    int64_t width = 0;
    for (int t = 0; t < layer->op.n_tensors; t++)
        if (t != layer->op.output && machine->bits[t] > width)
            width = machine->bits[t];
    return (double) width;
}

static bool has_own_mac(const Machine *machine)
{
    return machine->n_memories > 0 && !isnan(machine->mac_pj);
}

double cost_mac(const Layer *layer, const Machine *machine, const Technology *technology)
{
    return has_own_mac(machine)
               ? machine->mac_pj
               : charge_curve(&technology->mac_pj, multiplier_bits(layer, machine));
}

static void charge_multipliers(const Account *a)
{
    double width = multiplier_bits(a->layer, a->machine);
    const Curve *figure = &a->technology->mac_pj;
    charge(a, (CostTerm){COST_MAC, -1, -1, "MAC", charge_count_macs(a), charge_curve(figure, width),
                         figure->source, NULL});
    extrapolation_curve(&a->cost->beyond, "energy of a MAC", "bit", figure, width);
}

void charge_macs(const Account *a)
{
    if (has_own_mac(a->machine))
        charge(a, (CostTerm){COST_MAC, -1, -1, "MAC", charge_count_macs(a), a->machine->mac_pj,
                             "given with the MACs", NULL});
    else
        charge_multipliers(a);
}

/* ---- figures beyond their tables -------------------------------------------------- */

const MemoryWords charge_words_l1 = {"read energy of L1", "write energy of L1", "area of L1",
                                     "power of L1"};
const MemoryWords charge_words_buffer = {"read energy of a buffer", "write energy of a buffer",
                                         "area of a buffer", "power of a buffer"};
const MemoryWords charge_words_l2 = {"read energy of L2", "write energy of L2", "area of L2",
                                     "power of L2"};

/* Notes a figure at x that is beyond twice its range. */
static void extrapolation_note(Extrapolations *beyond, const char *what, const char *unit, double x,
                               const Range *range)
{
    if (beyond->n == EXTRAPOLATIONS_MAX)
        return;
    for (int k = 0; k < beyond->n; k++)
        if (beyond->figure[k].what == what)
            return;
    beyond->figure[beyond->n++] = (Extrapolation){what, unit, x, range->low, range->high};
}

void extrapolation_curve(Extrapolations *beyond, const char *what, const char *unit,
                         const Curve *curve, double x)
{
    if (curve->n > 0 && curve_beyond(curve, x > 0 ? x : 1))
        extrapolation_note(beyond, what, unit, x > 0 ? x : 1, &curve->range);
}

void extrapolation_polynomial(Extrapolations *beyond, const char *what,
                              const Polynomial *polynomial, double pes)
{
    if (polynomial->source && polynomial_beyond(polynomial, pes))
        extrapolation_note(beyond, what, "PEs", pes, &polynomial->range);
}
