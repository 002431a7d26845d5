/* Energy = counts times energy per access:
 *
 *     E = MACs e_mac + sum over tensors of L1, buffer and L2 accesses times e(capacity, bits)
 *       + elements moved * hops * bits * e_hop + off-chip bits * e_offchip + P_idle * time
 *
 * A tensor's density scales its traffic; the densities of all inputs scale the MACs. */
#include "engine/cost.h"

#include <math.h>
#include <string.h>

typedef struct {
    const Layer *layer;
    const Machine *machine;
    const Technology *technology;
    const Result *result;
    Cost *cost;
} Account;

static double bits(const Account *a, int tensor)
{
    return (double) a->machine->bits[tensor];
}

static void charge(const Account *a, CostPart part, int tensor, int level, const char *what,
                   double count, double pj, const char *source)
{
    Cost *cost = a->cost;
    cost->pj[part] += count * pj;
    if (tensor >= 0)
        cost->tensor_pj[tensor] += count * pj;
    if (count > 0 && cost->n_terms < TERMS_MAX)
        cost->term[cost->n_terms++] = (CostTerm){part, tensor, level, what, count, pj, source};
}

/* The energy of an element of so many bits where that of `whole` bits is given; 0: of an element.
 */
static double part_of(double pj, double whole, double element)
{
    return whole > 0 ? pj * element / whole : pj;
}

static double access_pj(const Account *a, const Curve *curve, double word_bits, double capacity,
                        int tensor)
{
    return part_of(curve_at(curve, capacity > 0 ? capacity : 1), word_bits, bits(a, tensor));
}

static void charge_memory(const Account *a, CostPart part, const Memory *memory, double capacity,
                          int tensor, int level, int64_t reads, int64_t writes)
{
    double density = a->layer->density[tensor];
    charge(a, part, tensor, level, "read", density * (double) reads,
           access_pj(a, &memory->read_pj, memory->word_bits, capacity, tensor),
           memory->read_pj.source);
    charge(a, part, tensor, level, "write", density * (double) writes,
           access_pj(a, &memory->write_pj, memory->word_bits, capacity, tensor),
           memory->write_pj.source);
}

static double input_density(const Layer *layer)
{
    double density = 1;
    for (int t = 0; t < layer->op.n_tensors; t++)
        if (t != layer->op.output)
            density *= layer->density[t];
    return density;
}

/* The widest input decides which multiplier it is. */
static void charge_macs(const Account *a)
{
    double width = 0;
    for (int t = 0; t < a->layer->op.n_tensors; t++)
        if (t != a->layer->op.output && bits(a, t) > width)
            width = bits(a, t);
    charge(a, COST_MAC, -1, -1, "MAC", input_density(a->layer) * (double) a->result->macs,
           curve_at(&a->technology->mac_pj, width), a->technology->mac_pj.source);
}

static double given(int64_t capacity, int64_t required)
{
    return (double) (capacity ? capacity : required);
}

/* The registers or SRAM of the PEs: every MAC reads its operands and updates the output there. */
static void charge_l1(const Account *a, int t)
{
    const Result *r = a->result;
    double density = a->layer->density[t], macs = input_density(a->layer) * (double) r->macs;
    double capacity = given(a->machine->l1_bytes, r->l1_required_bytes);
    const Memory *l1 = &a->technology->l1;
    double moved_in = density * (double) (r->l1_writes[t]), moved_out = 0;
    if (t == a->layer->op.output) {
        moved_in = density * (double) (r->l1_writes[t] - r->macs) + macs;
        moved_out = density * (double) (r->l1_reads[t] - r->macs);
    }
    charge(a, COST_L1, t, -1, "read", macs + moved_out,
           access_pj(a, &l1->read_pj, l1->word_bits, capacity, t), l1->read_pj.source);
    charge(a, COST_L1, t, -1, "write", moved_in,
           access_pj(a, &l1->write_pj, l1->word_bits, capacity, t), l1->write_pj.source);
}

/* The buffers between: filled and drained from above, read and written from below. */
static void charge_buffers(const Account *a, int t)
{
    const Result *r = a->result;
    for (int l = 1; l < r->n_levels; l++) {
        const TensorCounts *above = &r->level[l - 1].tensor[t], *below = &r->level[l].tensor[t];
        charge_memory(a, COST_BUFFER, &a->technology->buffer,
                      given(a->machine->buffer_bytes[l], r->buffer_required_bytes[l]), t, l,
                      above->drains + below->reads + below->psum_reads,
                      above->fills + below->writes);
    }
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
               part_of(hop->value, a->technology->hop_bits, bits(a, t)), hop->source);
    }
}

static void charge_offchip(const Account *a, int t)
{
    const OffchipRow *row = &a->result->offchip[t][a->result->offchip_depth[t]];
    const Figure *figure = &a->technology->offchip_pj;
    charge(a, COST_OFFCHIP, t, -1, "element",
           a->layer->density[t] * ((double) row->reads + (double) row->writes),
           part_of(figure->value, a->technology->offchip_bits, bits(a, t)), figure->source);
}

void cost_layer(const Layer *layer, const Machine *machine, const Technology *technology,
                const Result *result, Cost *cost)
{
    Account a = {layer, machine, technology, result, cost};
    memset(cost, 0, sizeof *cost);
    double seconds = (double) result->cycles / machine->clock_hz;
    charge_macs(&a);
    for (int t = 0; t < layer->op.n_tensors; t++) {
        charge_l1(&a, t);
        charge_buffers(&a, t);
        charge_memory(&a, COST_L2, &technology->l2,
                      given(machine->l2_bytes, result->l2_required_bytes), t, -1,
                      result->l2_reads[t], result->l2_writes[t]);
        charge_noc(&a, t);
        charge_offchip(&a, t);
    }
    /* mW for a cycle of f Hz is 1e9 / f pJ */
    charge(&a, COST_LEAKAGE, -1, -1, "cycle", (double) result->cycles,
           technology->idle_mw.value * 1e9 / machine->clock_hz, technology->idle_mw.source);
    for (int p = 0; p < COSTS; p++)
        cost->total_pj += cost->pj[p];
    cost->edp = cost->total_pj * 1e-12 * seconds;
    cost->power_mw = seconds > 0 ? cost->total_pj * 1e-9 / seconds : 0;
}

/* ---- the chip ------------------------------------------------------------------- */

static void add_part(ChipCost *chip, ChipPart part, double um2, double mw)
{
    chip->um2[part] += um2;
    chip->mw[part] += mw;
    chip->total_um2 += um2;
    chip->total_mw += mw;
}

/* `count` buffers of so many bytes each. */
static void add_memory(ChipCost *chip, ChipPart part, const Memory *memory, double count,
                       double bytes)
{
    if (bytes > 0)
        add_part(chip, part, count * curve_at(&memory->um2, bytes),
                 count * curve_at(&memory->mw, bytes));
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
    add_part(chip, PART_PES, macs * technology->mac_um2.value, macs * technology->mac_mw.value);
    add_memory(chip, PART_L1, &technology->l1, pes, capacity->l1);
    for (int l = 1; l < LEVELS_MAX; l++)
        add_memory(chip, PART_BUFFER, &technology->buffer, capacity->buffers[l],
                   capacity->buffer[l]);
    add_memory(chip, PART_L2, &technology->l2, 1, capacity->l2);
    add_part(chip, PART_BUS, width * polynomial_at(&technology->bus_um2, pes),
             width * polynomial_at(&technology->bus_mw, pes));
    add_part(chip, PART_ARBITER, polynomial_at(&technology->arbiter_um2, pes),
             polynomial_at(&technology->arbiter_mw, pes));
    add_part(chip, PART_REST, 0, technology->idle_mw.value);
}
