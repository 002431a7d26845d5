/* Energy = counts times energy per access:
 *
 *     E = MACs e_mac + sum over tensors of L1, buffer and L2 accesses times e(capacity, bits)
 *       + elements moved * hops * bits * e_hop + off-chip bits * e_offchip + P_idle * time
 *
 * A tensor's density scales its traffic; the densities of all inputs scale the MACs.  A figure that
 * is not given is NAN: what it would be multiplied by is left out, and its part said to be unknown.
 * Machines with a hierarchy of memories: cost_hierarchy.c.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "engine/charge.h"
#include "engine/cost_hierarchy.h"
#include "engine/offchip.h"
#include "ir/hierarchy.h"

const char *const cost_part_names[COSTS] = {
    [COST_MAC] = "MAC",         [COST_L1] = "L1",   [COST_BUFFER] = "buffer",
    [COST_L2] = "L2",           [COST_NOC] = "NoC", [COST_OFFCHIP] = "off-chip",
    [COST_LEAKAGE] = "leakage",
};

/* A memory of one capacity: its energies by word.  The logarithms of the curves are taken once, for
 * all tensors. */
typedef struct {
    double bytes, read_pj, write_pj;
} Access;

/* The memories of a classic machine. */
typedef struct {
    const Account *account;
    Access l1, l2, buffer[LEVELS_MAX];
} Classic;

static Access access_at(const MemoryKind *memory, double capacity)
{
    return (Access){capacity, charge_curve(&memory->read_pj, capacity),
                    charge_curve(&memory->write_pj, capacity)};
}

static void charge_memory(const Account *a, CostPart part, const MemoryKind *memory,
                          const Access *access, int tensor, int level, double reads, double writes)
{
    double width = charge_bits(a, tensor);
    charge(a, (CostTerm){part, tensor, level, "read", reads,
                         charge_part(access->read_pj, memory->read_pj.bits, width),
                         memory->read_pj.source, NULL});
    charge(a, (CostTerm){part, tensor, level, "write", writes,
                         charge_part(access->write_pj, memory->write_pj.bits, width),
                         memory->write_pj.source, NULL});
}

static double input_density(const Layer *layer)
{
    double density = 1;
    for (int t = 0; t < layer->op.n_tensors; t++)
        if (t != layer->op.output)
            density *= layer->density[t];
    return density;
}

static void extrapolation_memory(const Account *a, const MemoryWords *words,
                                 const MemoryKind *memory, const Access *access)
{
    Extrapolations *beyond = &a->cost->beyond;
    extrapolation_curve(beyond, words->read_pj, "B", &memory->read_pj, access->bytes);
    extrapolation_curve(beyond, words->write_pj, "B", &memory->write_pj, access->bytes);
}

/* The registers or SRAM of the PEs: every MAC reads its operands and updates the output there; the
 * rest of the accesses is what comes in and goes up. */
static void charge_l1(const Classic *c, int t)
{
    const Account *a = c->account;
    const Result *r = a->result;
    const TensorCounts *moved = &r->level[r->n_levels - 1].tensor[t];
    double density = a->layer->density[t];
    int64_t out = t == a->layer->op.output ? moved->drains : 0;
    charge_memory(a, COST_L1, &a->technology->l1, &c->l1, t, -1,
                  a->effectual * (double) (r->l1_reads[t] - out) + density * (double) out,
                  a->effectual * (double) (r->l1_writes[t] - moved->fills) +
                      density * (double) moved->fills);
}

/* The buffers between: filled and drained from above, read and written from below. */
static void charge_buffers(const Classic *c, int t)
{
    const Account *a = c->account;
    const Result *r = a->result;
    double density = a->layer->density[t];
    for (int l = 1; l < r->n_levels; l++) {
        const TensorCounts *above = &r->level[l - 1].tensor[t], *below = &r->level[l].tensor[t];
        charge_memory(a, COST_BUFFER, &a->technology->buffer, &c->buffer[l], t, l,
                      density * (double) (above->drains + below->reads + below->psum_reads),
                      density * (double) (above->fills + below->writes));
    }
}

static void charge_l2(const Classic *c, int t)
{
    const Account *a = c->account;
    double density = a->layer->density[t];
    charge_memory(a, COST_L2, &a->technology->l2, &c->l2, t, -1,
                  density * (double) a->result->l2_reads[t],
                  density * (double) a->result->l2_writes[t]);
}

static void charge_noc(const Account *a, int t)
{
    const Result *r = a->result;
    const Figure *hop = &a->technology->hop_pj;
    for (int l = 0; l < r->n_levels; l++) {
        const TensorCounts *c = &r->level[l].tensor[t];
        int64_t moved = t == a->layer->op.output ? c->fills + c->writes : c->reads;
        double count = a->layer->density[t] * (double) moved * a->machine->noc[l].hops;
        charge(a, (CostTerm){COST_NOC, t, l, "hop", count, charge_hop(a, t), hop->source, NULL});
    }
}

static void charge_elements(const Account *a, int t, const char *what, double count, double width)
{
    const Figure *figure = &a->technology->offchip_pj;
    double pj = charge_part(charge_figure(figure), a->technology->offchip_bits, width);
    charge(a, (CostTerm){COST_OFFCHIP, t, -1, what, a->layer->density[t] * count, pj,
                         figure->source, NULL});
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
    charge_elements(a, t, "element", moved - finished, charge_bits(a, t));
    charge_elements(a, t, "finished element", finished, (double) a->machine->done_bits);
}

/* Figures beyond their tables, looked up once a memory. */
static void note_extrapolations(const Classic *c)
{
    const Technology *t = c->account->technology;
    extrapolation_memory(c->account, &charge_words_l1, &t->l1, &c->l1);
    extrapolation_memory(c->account, &charge_words_l2, &t->l2, &c->l2);
    for (int l = 1; l < c->account->result->n_levels; l++)
        extrapolation_memory(c->account, &charge_words_buffer, &t->buffer, &c->buffer[l]);
}

static void account_memories(Classic *c)
{
    const Technology *t = c->account->technology;
    const Machine *m = c->account->machine;
    const Result *r = c->account->result;
    c->l1 = access_at(&t->l1, charge_given(m->l1_bytes, r->l1_required_bytes));
    c->l2 = access_at(&t->l2, charge_given(m->l2_bytes, r->l2_required_bytes));
    for (int l = 1; l < r->n_levels; l++)
        c->buffer[l] =
            access_at(&t->buffer, charge_given(m->buffer_bytes[l], r->buffer_required_bytes[l]));
}

static void charge_classic(const Account *a)
{
    Classic c; /* not cleared: what goes unread of it is large */
    c.account = a;
    account_memories(&c);
    for (int p = 0; p < COSTS; p++)
        a->cost->name[p] = cost_part_names[p];
    a->cost->roots = 1u << COST_OFFCHIP;
    charge_macs(a);
    for (int t = 0; t < a->layer->op.n_tensors; t++) {
        charge_l1(&c, t);
        charge_buffers(&c, t);
        charge_l2(&c, t);
        charge_noc(a, t);
        charge_offchip(a, t);
    }
    note_extrapolations(&c);
}

double cost_outermost(const Machine *machine, const Technology *technology, int tensor, bool write,
                      double bytes)
{
    int m = hierarchy_outermost(machine, tensor);
    int64_t given = m >= 0 ? cost_memory_bytes(&machine->memory[m]) : machine->l2_bytes;
    const Curve *curve = write ? &technology->l2.write_pj : &technology->l2.read_pj;
    if (given > 0)
        bytes = (double) given;
    if (m >= 0)
        return hierarchy_element(machine, technology, m, tensor, write, bytes);
    if (machine->n_memories > 0)
        return 0;
    return charge_part(charge_curve(curve, bytes), curve->bits, (double) machine->bits[tensor]);
}

/* ---- all of it ---------------------------------------------------------------------- */

const Technology *cost_technology(const Technology *technology, const Machine *machine)
{
    static const Technology none = {.name = ""};
    bool given = !isnan(machine->mac_pj) || !isnan(machine->mac_um2);
    for (int m = 0; m < machine->n_memories; m++) {
        const Memory *memory = &machine->memory[m];
        given |= !isnan(memory->read_pj) || !isnan(memory->write_pj) || !isnan(memory->um2);
    }
    return technology != NULL ? technology : machine->n_memories > 0 && given ? &none : NULL;
}

/* Of the rest of the chip.  mW for a cycle of f Hz is 1e9 / f pJ */
static double idle_leakage(const Technology *technology, const Machine *machine)
{
    return charge_figure(&technology->idle_mw) * 1e9 / machine->clock_hz;
}

double cost_leakage(const Technology *technology, const Machine *machine)
{
    double idle = idle_leakage(technology, machine), own = hierarchy_leakage(machine);
    return isnan(own) ? idle : isnan(idle) ? own : idle + own;
}

/* Without time only the energy that is dynamic is known. */
static void charge_time(const Account *a)
{
    bool own = !isnan(hierarchy_leakage(a->machine));
    double idle = idle_leakage(a->technology, a->machine);
    if (!own || !isnan(idle))
        charge(a, (CostTerm){COST_LEAKAGE, -1, -1, "cycle", (double) a->result->cycles, idle,
                             a->technology->idle_mw.source, NULL});
    if (own)
        hierarchy_leak(a);
}

/* The total, and what rests on time. */
static void cost_time(const Account *a)
{
    Cost *cost = a->cost;
    double seconds = (double) a->result->cycles / a->machine->clock_hz, roots = 0;
    bool known = a->result->cycles >= 0;
    if (known)
        charge_time(a);
    for (int p = 0; p < COST_PARTS; p++) {
        cost->total_pj += cost->pj[p];
        roots += cost->roots >> p & 1 ? cost->pj[p] : 0;
    }
    cost->onchip_pj = cost->total_pj - roots;
    if (a->machine->n_memories > 0 && known)
        cost->onchip_pj -= hierarchy_root_leak(a);
    cost->edp = known ? cost_edp(cost->total_pj, seconds) : NAN;
    cost->power_mw = !known ? NAN : seconds > 0 ? cost->total_pj * 1e-9 / seconds : 0;
    cost->pj[COST_LEAKAGE] = known ? cost->pj[COST_LEAKAGE] : NAN;
}

static void cost_account(const Layer *layer, const Machine *machine, const Technology *technology,
                         const Result *result, Cost *cost, CostTerms *terms)
{
    memset(cost, 0, offsetof(Cost, beyond));
    cost->beyond.n = 0;
    const Account a = {layer, machine, technology, result, cost, terms, input_density(layer)};
    if (machine->n_memories > 0)
        hierarchy_charge(&a);
    else
        charge_classic(&a);
    cost_time(&a);
}

void cost_layer(const Layer *layer, const Machine *machine, const Technology *technology,
                const Result *result, Cost *cost)
{
    cost_account(layer, machine, technology, result, cost, NULL);
}

void cost_terms(const Layer *layer, const Machine *machine, const Technology *technology,
                const Result *result, CostTerms *terms)
{
    Cost cost;
    terms->n = 0;
    cost_account(layer, machine, technology, result, &cost, terms);
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
    return name_parts(cost->unknown, cost->name, COST_PARTS, names, size);
}

bool cost_area_known(const ChipCost *chip, char *names, size_t size)
{
    return name_parts(chip->unknown_um2, chip->name, CHIP_PARTS, names, size);
}

bool cost_power_known(const ChipCost *chip, char *names, size_t size)
{
    return name_parts(chip->unknown_mw, chip->name, CHIP_PARTS, names, size);
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
