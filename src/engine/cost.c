/* Energy = counts times energy per access:
 *
 *     E = MACs e_mac + sum over tensors of L1, buffer and L2 accesses times e(capacity, bits)
 *       + elements moved * hops * bits * e_hop + off-chip bits * e_offchip + P_idle * time
 *
 * A tensor's density scales its traffic; the densities of all inputs scale the MACs.  A figure that
 * is not given is NAN: what it would be multiplied by is left out, and its part said to be unknown.
 */
#include "engine/cost.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "engine/offchip.h"

const char *const cost_part_names[COSTS] = {
    [COST_MAC] = "MAC",         [COST_L1] = "L1",   [COST_BUFFER] = "buffer",
    [COST_L2] = "L2",           [COST_NOC] = "NoC", [COST_OFFCHIP] = "off-chip",
    [COST_LEAKAGE] = "leakage",
};

const char *const chip_part_names[PARTS] = {
    [PART_PES] = "pes", [PART_L1] = "l1",           [PART_BUFFER] = "buffer", [PART_L2] = "l2",
    [PART_BUS] = "bus", [PART_ARBITER] = "arbiter", [PART_REST] = "rest",
};

/* ---- figures ---------------------------------------------------------------------- */

static double figure_of(const Figure *figure)
{
    return figure->source ? figure->value : NAN;
}

static double curve_of(const Curve *curve, double x)
{
    return curve->n > 0 ? curve_at(curve, x > 0 ? x : 1) : NAN;
}

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

static void extrapolation_curve(Extrapolations *beyond, const char *what, const char *unit,
                                const Curve *curve, double x)
{
    if (curve->n > 0 && curve_beyond(curve, x > 0 ? x : 1))
        extrapolation_note(beyond, what, unit, x > 0 ? x : 1, &curve->range);
}

static void extrapolation_polynomial(Extrapolations *beyond, const char *what,
                                     const Polynomial *polynomial, double pes)
{
    if (polynomial->source && polynomial_beyond(polynomial, pes))
        extrapolation_note(beyond, what, "PEs", pes, &polynomial->range);
}

/* ---- energy ----------------------------------------------------------------------- */

/* A memory of one capacity: its energies by word.  The logarithms of the curves are taken once, for
 * all tensors. */
typedef struct {
    double bytes, read_pj, write_pj;
} Access;

typedef struct {
    const Layer *layer;
    const Machine *machine;
    const Technology *technology;
    const Result *result;
    Cost *cost;
    double effectual; /* share of the MACs */
    Access l1, l2, buffer[LEVELS_MAX];
} Account;

static double bits(const Account *a, int tensor)
{
    return (double) a->machine->bits[tensor];
}

/* Something was counted that has no figure. */
static void lacks(const Account *a, CostPart part, int tensor, int level)
{
    Cost *cost = a->cost;
    bool built = part != COST_BUFFER || a->machine->buffer_bytes[level] > 0;
    if (part == COST_NOC || part == COST_LEAKAGE || !built) {
        cost->not_modelled |= 1u << part;
        return;
    }
    cost->unknown |= 1u << part;
    if (tensor >= 0)
        cost->unknown_tensors |= 1u << tensor;
}

static void charge(const Account *a, CostPart part, int tensor, int level, const char *what,
                   double count, double pj, const char *source)
{
    Cost *cost = a->cost;
    if (count <= 0)
        return;
    if (isnan(pj)) {
        lacks(a, part, tensor, level);
    } else {
        cost->pj[part] += count * pj;
        if (tensor >= 0)
            cost->tensor_pj[tensor] += count * pj;
    }
    if (cost->n_terms < TERMS_MAX)
        cost->term[cost->n_terms++] = (CostTerm){part, tensor, level, what, count, pj, source};
}

/* The energy of an element of so many bits where that of `whole` bits is given; 0: of an element.
 */
static double part_of(double pj, double whole, double element)
{
    return whole > 0 ? pj * element / whole : pj;
}

static Access access_at(const MemoryKind *memory, double capacity)
{
    return (Access){capacity, curve_of(&memory->read_pj, capacity),
                    curve_of(&memory->write_pj, capacity)};
}

static void charge_memory(const Account *a, CostPart part, const MemoryKind *memory,
                          const Access *access, int tensor, int level, double reads, double writes)
{
    charge(a, part, tensor, level, "read", reads,
           part_of(access->read_pj, memory->word_bits, bits(a, tensor)), memory->read_pj.source);
    charge(a, part, tensor, level, "write", writes,
           part_of(access->write_pj, memory->word_bits, bits(a, tensor)), memory->write_pj.source);
}

static double input_density(const Layer *layer)
{
    double density = 1;
    for (int t = 0; t < layer->op.n_tensors; t++)
        if (t != layer->op.output)
            density *= layer->density[t];
    return density;
}

static const char *const read_names[COSTS] = {[COST_L1] = "read energy of L1",
                                              [COST_BUFFER] = "read energy of a buffer",
                                              [COST_L2] = "read energy of L2"};
static const char *const write_names[COSTS] = {[COST_L1] = "write energy of L1",
                                               [COST_BUFFER] = "write energy of a buffer",
                                               [COST_L2] = "write energy of L2"};

static void extrapolation_memory(const Account *a, CostPart part, const MemoryKind *memory,
                                 const Access *access)
{
    Extrapolations *beyond = &a->cost->beyond;
    extrapolation_curve(beyond, read_names[part], "B", &memory->read_pj, access->bytes);
    extrapolation_curve(beyond, write_names[part], "B", &memory->write_pj, access->bytes);
}

/* MACs of all copies: each reads an operand from L1. */
static double count_macs(const Account *a)
{
    return a->effectual * (double) a->result->macs * (double) a->result->copies;
}

/* The widest input decides which multiplier it is. */
static void charge_macs(const Account *a)
{
    double width = 0;
    for (int t = 0; t < a->layer->op.n_tensors; t++)
        if (t != a->layer->op.output && bits(a, t) > width)
            width = bits(a, t);
    charge(a, COST_MAC, -1, -1, "MAC", count_macs(a), curve_of(&a->technology->mac_pj, width),
           a->technology->mac_pj.source);
    extrapolation_curve(&a->cost->beyond, "energy of a MAC", "bit", &a->technology->mac_pj, width);
}

static double given(int64_t capacity, int64_t required)
{
    return (double) (capacity ? capacity : required);
}

/* The registers or SRAM of the PEs: every MAC reads its operands and updates the output there; the
 * rest of the accesses is what comes in and goes up. */
static void charge_l1(const Account *a, int t)
{
    const Result *r = a->result;
    const TensorCounts *moved = &r->level[r->n_levels - 1].tensor[t];
    double density = a->layer->density[t];
    int64_t out = t == a->layer->op.output ? moved->drains : 0;
    charge_memory(a, COST_L1, &a->technology->l1, &a->l1, t, -1,
                  a->effectual * (double) (r->l1_reads[t] - out) + density * (double) out,
                  a->effectual * (double) (r->l1_writes[t] - moved->fills) +
                      density * (double) moved->fills);
}

/* The buffers between: filled and drained from above, read and written from below. */
static void charge_buffers(const Account *a, int t)
{
    const Result *r = a->result;
    double density = a->layer->density[t];
    for (int l = 1; l < r->n_levels; l++) {
        const TensorCounts *above = &r->level[l - 1].tensor[t], *below = &r->level[l].tensor[t];
        charge_memory(a, COST_BUFFER, &a->technology->buffer, &a->buffer[l], t, l,
                      density * (double) (above->drains + below->reads + below->psum_reads),
                      density * (double) (above->fills + below->writes));
    }
}

static void charge_l2(const Account *a, int t)
{
    const Result *r = a->result;
    double density = a->layer->density[t];
    charge_memory(a, COST_L2, &a->technology->l2, &a->l2, t, -1, density * (double) r->l2_reads[t],
                  density * (double) r->l2_writes[t]);
}

static void charge_noc(const Account *a, int t)
{
    const Result *r = a->result;
    const Figure *hop = &a->technology->hop_pj;
    for (int l = 0; l < r->n_levels; l++) {
        const TensorCounts *c = &r->level[l].tensor[t];
        int64_t moved = t == a->layer->op.output ? c->fills + c->writes : c->reads;
        charge(a, COST_NOC, t, l, "hop",
               a->layer->density[t] * (double) moved * a->machine->noc[l].hops,
               part_of(figure_of(hop), a->technology->hop_bits, bits(a, t)), hop->source);
    }
}

static void charge_elements(const Account *a, int t, const char *what, double count, double width)
{
    const Figure *figure = &a->technology->offchip_pj;
    charge(a, COST_OFFCHIP, t, -1, what, a->layer->density[t] * count,
           part_of(figure_of(figure), a->technology->offchip_bits, width), figure->source);
}

/* Elements that cross the border of the chip, and how many of them are finished ones of a width of
 * their own: each of the output goes off-chip once, its partial sums go and come back as wide as
 * they are on the chip. */
static double offchip_elements(const Layer *layer, const Machine *machine, const Result *result,
                               int t, double *finished)
{
    OffchipRow row = offchip_moved(machine, result, t);
    bool narrowed = t == layer->op.output && machine->done_bits > 0;
    *finished = narrowed ? (double) result->tensor_size[t] : 0;
    if (machine->stays_onchip[t])
        *finished = 0;
    return (double) row.reads + (double) row.writes;
}

static void charge_offchip(const Account *a, int t)
{
    double finished, moved = offchip_elements(a->layer, a->machine, a->result, t, &finished);
    if (a->machine->done_bits == a->machine->bits[t])
        finished = 0; /* one line of the account will do */
    charge_elements(a, t, "element", moved - finished, bits(a, t));
    charge_elements(a, t, "finished element", finished, (double) a->machine->done_bits);
}

/* Figures beyond their tables, looked up once a memory. */
static void note_extrapolations(const Account *a)
{
    const Technology *t = a->technology;
    extrapolation_memory(a, COST_L1, &t->l1, &a->l1);
    extrapolation_memory(a, COST_L2, &t->l2, &a->l2);
    for (int l = 1; l < a->result->n_levels; l++)
        extrapolation_memory(a, COST_BUFFER, &t->buffer, &a->buffer[l]);
}

static void account_memories(Account *a)
{
    const Technology *t = a->technology;
    const Machine *m = a->machine;
    const Result *r = a->result;
    a->l1 = access_at(&t->l1, given(m->l1_bytes, r->l1_required_bytes));
    a->l2 = access_at(&t->l2, given(m->l2_bytes, r->l2_required_bytes));
    for (int l = 1; l < r->n_levels; l++)
        a->buffer[l] =
            access_at(&t->buffer, given(m->buffer_bytes[l], r->buffer_required_bytes[l]));
}

/* mW for a cycle of f Hz is 1e9 / f pJ */
double cost_leakage(const Technology *technology, const Machine *machine)
{
    return figure_of(&technology->idle_mw) * 1e9 / machine->clock_hz;
}

/* Leakage and what rests on time; without time only the energy that is dynamic is known. */
static void cost_time(const Account *a)
{
    const Machine *machine = a->machine;
    Cost *cost = a->cost;
    double seconds = (double) a->result->cycles / machine->clock_hz;
    bool known = a->result->cycles >= 0;
    if (known)
        charge(a, COST_LEAKAGE, -1, -1, "cycle", (double) a->result->cycles,
               cost_leakage(a->technology, machine), a->technology->idle_mw.source);
    for (int p = 0; p < COSTS; p++)
        cost->total_pj += cost->pj[p];
    cost->edp = known ? cost_edp(cost->total_pj, seconds) : NAN;
    cost->power_mw = !known ? NAN : seconds > 0 ? cost->total_pj * 1e-9 / seconds : 0;
    cost->pj[COST_LEAKAGE] = known ? cost->pj[COST_LEAKAGE] : NAN;
}

void cost_layer(const Layer *layer, const Machine *machine, const Technology *technology,
                const Result *result, Cost *cost)
{
    Account a; /* not cleared, nor is what goes unread of the cost: it is large */
    a.layer = layer;
    a.machine = machine;
    a.technology = technology;
    a.result = result;
    a.cost = cost;
    a.effectual = input_density(layer);
    account_memories(&a);
    memset(cost, 0, offsetof(Cost, beyond));
    cost->beyond.n = 0;
    charge_macs(&a);
    for (int t = 0; t < layer->op.n_tensors; t++) {
        charge_l1(&a, t);
        charge_buffers(&a, t);
        charge_l2(&a, t);
        charge_noc(&a, t);
        charge_offchip(&a, t);
    }
    note_extrapolations(&a);
    cost_time(&a);
}

/* ---- the chip ------------------------------------------------------------------- */

/* NAN: not given. */
static void add_part(ChipCost *chip, ChipPart part, double um2, double mw)
{
    if (isnan(um2))
        chip->unknown_um2 |= 1u << part;
    else
        chip->total_um2 += um2;
    if (isnan(mw))
        chip->unknown_mw |= 1u << part;
    else
        chip->total_mw += mw;
    chip->um2[part] += isnan(um2) ? 0 : um2;
    chip->mw[part] += isnan(mw) ? 0 : mw;
}

static const char *const area_names[PARTS] = {
    [PART_L1] = "area of L1", [PART_BUFFER] = "area of a buffer", [PART_L2] = "area of L2"};
static const char *const power_names[PARTS] = {
    [PART_L1] = "power of L1", [PART_BUFFER] = "power of a buffer", [PART_L2] = "power of L2"};

/* `count` buffers of so many bytes each. */
static void add_memory(ChipCost *chip, ChipPart part, const MemoryKind *memory, double count,
                       double bytes)
{
    if (bytes <= 0)
        return;
    add_part(chip, part, count * curve_of(&memory->um2, bytes),
             count * curve_of(&memory->mw, bytes));
    extrapolation_curve(&chip->beyond, area_names[part], "B", &memory->um2, bytes);
    extrapolation_curve(&chip->beyond, power_names[part], "B", &memory->mw, bytes);
}

static double polynomial_of(const Polynomial *polynomial, double n)
{
    return polynomial->source ? polynomial_at(polynomial, n) : NAN;
}

static double bus_width(const Machine *machine, double unlimited)
{
    const Noc *noc = &machine->noc[0];
    double width = 0;
    for (int t = 0; t < (noc->per_tensor ? TENSORS_MAX : 1); t++)
        if (noc->bandwidth[t].num)
            width += (double) noc->bandwidth[t].num / (double) noc->bandwidth[t].den;
    return width > 0 ? width : unlimited;
}

void cost_capacity(const Machine *machine, const Nest *nest, const Result *result,
                   Capacity *capacity)
{
    double parents = 1;
    capacity->l1 = fmax(capacity->l1, given(machine->l1_bytes, result->l1_required_bytes));
    capacity->l2 = fmax(capacity->l2, given(machine->l2_bytes, result->l2_required_bytes));
    for (int l = 1; l < result->n_levels; l++) {
        parents *= (double) nest->level[l - 1].children;
        capacity->buffers[l] = fmax(capacity->buffers[l], parents);
        capacity->buffer[l] = fmax(capacity->buffer[l], (double) machine->buffer_bytes[l]);
    }
}

void cost_chip(const Machine *machine, const Capacity *capacity, const Technology *technology,
               ChipCost *chip)
{
    double pes = (double) machine->pes;
    double macs = pes * (double) machine->lanes, width = bus_width(machine, pes);
    memset(chip, 0, sizeof *chip);
    add_part(chip, PART_PES, macs * figure_of(&technology->mac_um2),
             macs * figure_of(&technology->mac_mw));
    add_memory(chip, PART_L1, &technology->l1, pes, capacity->l1);
    for (int l = 1; l < LEVELS_MAX; l++)
        add_memory(chip, PART_BUFFER, &technology->buffer, capacity->buffers[l],
                   capacity->buffer[l]);
    add_memory(chip, PART_L2, &technology->l2, 1, capacity->l2);
    add_part(chip, PART_BUS, width * polynomial_of(&technology->bus_um2, pes),
             width * polynomial_of(&technology->bus_mw, pes));
    add_part(chip, PART_ARBITER, polynomial_of(&technology->arbiter_um2, pes),
             polynomial_of(&technology->arbiter_mw, pes));
    add_part(chip, PART_REST, 0, technology->idle_mw.value);
    extrapolation_polynomial(&chip->beyond, "area of the buses", &technology->bus_um2, pes);
    extrapolation_polynomial(&chip->beyond, "power of the buses", &technology->bus_mw, pes);
    extrapolation_polynomial(&chip->beyond, "area of the arbiter", &technology->arbiter_um2, pes);
    extrapolation_polynomial(&chip->beyond, "power of the arbiter", &technology->arbiter_mw, pes);
}

/* ---- what is not known ------------------------------------------------------------- */

/* "L2, off-chip"; false if the set is not empty. */
static bool name_parts(unsigned parts, const char *const *part_names, int n, char *names,
                       size_t size)
{
    size_t used = 0;
    *names = '\0';
    for (int p = 0; p < n; p++)
        if (parts >> p & 1 && used < size)
            used += (size_t) snprintf(names + used, size - used, "%s%s", used ? ", " : "",
                                      part_names[p]);
    return parts == 0;
}

bool cost_energy_known(const Cost *cost, char *names, size_t size)
{
    return name_parts(cost->unknown, cost_part_names, COSTS, names, size);
}

bool cost_area_known(const ChipCost *chip, char *names, size_t size)
{
    return name_parts(chip->unknown_um2, chip_part_names, PARTS, names, size);
}

bool cost_power_known(const ChipCost *chip, char *names, size_t size)
{
    return name_parts(chip->unknown_mw, chip_part_names, PARTS, names, size);
}

bool cost_technology_known(const Technology *technology, char *names, size_t size)
{
    unsigned parts = 0;
    parts |= technology->mac_pj.n ? 0 : 1u << COST_MAC;
    parts |= technology->l1.read_pj.n && technology->l1.write_pj.n ? 0 : 1u << COST_L1;
    parts |= technology->l2.read_pj.n && technology->l2.write_pj.n ? 0 : 1u << COST_L2;
    parts |= technology->offchip_pj.source ? 0 : 1u << COST_OFFCHIP;
    return name_parts(parts, cost_part_names, COSTS, names, size);
}
