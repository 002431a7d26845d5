/* An energy is a count times a figure of the technology.  What both forms of a machine charge by:
 * figures, which are NAN where they are not given, and the account that a term goes into. */
#ifndef DCC_ENGINE_CHARGE_H
#define DCC_ENGINE_CHARGE_H

#include <math.h>

#include "engine/cost.h"

static inline double charge_figure(const Figure *figure)
{
    return figure->source ? figure->value : NAN;
}

static inline double charge_curve(const Curve *curve, double x)
{
    return curve->n > 0 ? curve_at(curve, x > 0 ? x : 1) : NAN;
}

static inline double charge_polynomial(const Polynomial *polynomial, double n)
{
    return polynomial->source ? polynomial_at(polynomial, n) : NAN;
}

/* What is given of a capacity, else what is required. */
static inline double charge_given(int64_t capacity, int64_t required)
{
    return (double) (capacity ? capacity : required);
}

/* The energy of an element of so many bits where that of `whole` bits is given; 0: of an element.
 */
static inline double charge_part(double pj, double whole, double element)
{
    return whole > 0 ? pj * element / whole : pj;
}

/* A layer's account while it is added up. */
typedef struct {
    const Layer *layer;
    const Machine *machine;
    const Technology *technology;
    const Result *result;
    Cost *cost;
    CostTerms *terms; /* NULL: nobody asks for them */
    double effectual; /* share of the MACs */
} Account;

static inline double charge_bits(const Account *a, int tensor)
{
    return (double) a->machine->bits[tensor];
}

/* pJ of an element over one hop; NAN: not given. */
static inline double charge_hop(const Account *a, int tensor)
{
    const Technology *t = a->technology;
    return charge_part(charge_figure(&t->hop_pj), t->hop_bits, charge_bits(a, tensor));
}

/* A term that has no figure, and one that is asked for. */
void charge_unknown(const Account *a, int part, int tensor, int level);
void charge_term(CostTerms *terms, const CostTerm *term);

/* Adds the term to the energies of its part and its tensor, or to what is unknown; a count of 0 is
 * no term. */
static inline void charge(const Account *a, CostTerm term)
{
    Cost *cost = a->cost;
    double pj = term.count * term.pj;
    if (term.count <= 0)
        return;
    if (isnan(pj)) {
        charge_unknown(a, term.part, term.tensor, term.level);
    } else {
        cost->pj[term.part] += pj;
        if (term.tensor >= 0)
            cost->tensor_pj[term.tensor] += pj;
    }
    if (a->terms != NULL)
        charge_term(a->terms, &term);
}

/* MACs that take energy, those of all copies, and the figure for one: the machine's own, else the
 * technology's for the widest input. */
double charge_count_macs(const Account *a);
void charge_macs(const Account *a);

/* Energy of the MACs, memories and hops of a layer on a hierarchy of memories; what leaks, if
 * anything is known to. */
void hierarchy_charge(const Account *a);
void hierarchy_leak(const Account *a);
/* What its memories and MACs leak in a cycle, in pJ; NAN: no figure is given. */
double hierarchy_leakage(const Machine *machine);

/* Notes a figure at x that is beyond twice its range; each `what` once. */
void extrapolation_curve(Extrapolations *beyond, const char *what, const char *unit,
                         const Curve *curve, double x);
void extrapolation_polynomial(Extrapolations *beyond, const char *what,
                              const Polynomial *polynomial, double pes);

/* The names of a table's figures, for who is told of an extrapolation. */
typedef struct {
    const char *read_pj, *write_pj, *um2, *mw;
} MemoryWords;

extern const MemoryWords charge_words_l1, charge_words_buffer, charge_words_l2;

#endif
