/* Energy of a layer on a hierarchy of memories:
 *
 *     E = MACs e_mac + sum over memories and tensors of accesses * bits / Width * e(memory)
 *       + elements that cross a fan-out * its hops * bits * e_hop + what leaks * time
 *
 * Reads, drains and partial sums read back are reads; fills and writes are writes.  The accesses
 * that are the MACs' own are as many as there are effectual MACs, all others scale with the
 * tensor's density.  Example: a memory of Width 64 bit and 10 pJ that is read for 24 elements of 8
 * bit makes 3 accesses of 10 pJ, as 24 of 10 * 8 / 64 pJ.
 *
 * A memory without a figure of its own has the technology's: at the depth of the PEs that of an L1,
 * outside all fan-outs that of an L2, between them that of a buffer, a root that of off-chip
 * memory. */
#include "engine/cost_hierarchy.h"

static const char own_figure[] = "given with the memory";

MemoryTable hierarchy_table(const Machine *machine, const Technology *technology, int memory)
{
    int fanouts = machine->memory[memory].fanouts;
    if (fanouts == 0)
        return (MemoryTable){&technology->l2, &charge_words_l2};
    if (fanouts == machine->n_fanouts)
        return (MemoryTable){&technology->l1, &charge_words_l1};
    return (MemoryTable){&technology->buffer, &charge_words_buffer};
}

/* What the machine gives of it, else what the layer needs, wherever it is placed. */
static double bytes_of(const Account *a, int memory)
{
    int64_t bytes = cost_memory_bytes(&a->machine->memory[memory]);
    for (int p = 0; p < a->result->n_places && bytes == 0; p++)
        if (a->result->place[p].memory == memory)
            return (double) cost_required(a->result, memory);
    return (double) bytes;
}

/* ---- memories ---------------------------------------------------------------------- */

/* An access of so many bits; 0: of an element, however wide. */
typedef struct {
    double pj, width;
    const char *source;
} AccessCost;

static AccessCost access_own(const Memory *memory, double pj)
{
    return (AccessCost){pj, memory->width_bits, own_figure};
}

static AccessCost access_root(const Technology *t)
{
    return (AccessCost){charge_figure(&t->offchip_pj), t->offchip_bits, t->offchip_pj.source};
}

static AccessCost access_table(const Curve *curve, double bytes)
{
    return (AccessCost){charge_curve(curve, bytes), curve->bits, curve->source};
}

/* Of a memory of so many bytes. */
static AccessCost access_to(const Machine *machine, const Technology *technology, int m, bool write,
                            double bytes)
{
    const Memory *memory = &machine->memory[m];
    const MemoryKind *kind = hierarchy_table(machine, technology, m).kind;
    double own = write ? memory->write_pj : memory->read_pj;
    return !isnan(own)    ? access_own(memory, own)
           : memory->root ? access_root(technology)
                          : access_table(write ? &kind->write_pj : &kind->read_pj, bytes);
}

double hierarchy_element(const Machine *machine, const Technology *technology, int memory,
                         int tensor, bool write, double bytes)
{
    AccessCost access = access_to(machine, technology, memory, write, bytes);
    return charge_part(access.pj, access.width, (double) machine->bits[tensor]);
}

/* Notes what is beyond the table, if that is where the figure is from. */
static AccessCost access_noted(const Account *a, int m, bool write)
{
    const Memory *memory = &a->machine->memory[m];
    MemoryTable table = hierarchy_table(a->machine, a->technology, m);
    double bytes = bytes_of(a, m);
    if (isnan(write ? memory->write_pj : memory->read_pj) && !memory->root)
        extrapolation_curve(&a->cost->beyond, write ? table.words->write_pj : table.words->read_pj,
                            "B", write ? &table.kind->write_pj : &table.kind->read_pj, bytes);
    return access_to(a->machine, a->technology, m, write, bytes);
}

static void charge_access(const Account *a, int m, int tensor, const char *what, double count,
                          double bits, const AccessCost *access)
{
    charge(a, (CostTerm){COSTS + m, tensor, -1, what, count,
                         charge_part(access->pj, access->width, bits), access->source, NULL});
}

int hierarchy_serves(const Result *result, int tensor)
{
    int p = result->n_places - 1;
    while (p > 0 && !(result->place[p].tensors >> tensor & 1))
        p--;
    return p;
}

double hierarchy_finished(const Machine *machine, const Result *result, int p, int output)
{
    const MemoryResult *place = &result->place[p];
    double writes = (double) place->writes[output], size = (double) result->tensor_size[output];
    bool narrowed =
        place->depth == 0 && machine->done_bits > 0 && machine->done_bits != machine->bits[output];
    return narrowed && writes > 0 ? fmin(1, size / writes) : 0;
}

static void charge_tensor(const Account *a, int p, int t, const AccessCost *read,
                          const AccessCost *write)
{
    const MemoryResult *place = &a->result->place[p];
    const MacAccesses none = {0, 0};
    const MacAccesses mac = hierarchy_serves(a->result, t) == p ? a->result->mac[t] : none;
    double density = a->layer->density[t];
    int64_t reads = place->reads[t] + place->drains[t] + place->psum_reads[t];
    int64_t writes = place->fills[t] + place->writes[t];
    double count = density * (double) (writes - mac.writes) + a->effectual * (double) mac.writes;
    bool output = t == a->layer->op.output;
    double done = output ? count * hierarchy_finished(a->machine, a->result, p, t) : 0;
    charge_access(a, place->memory, t, "read",
                  density * (double) (reads - mac.reads) + a->effectual * (double) mac.reads,
                  charge_bits(a, t), read);
    charge_access(a, place->memory, t, "write", count - done, charge_bits(a, t), write);
    charge_access(a, place->memory, t, "finished element", done, (double) a->machine->done_bits,
                  write);
}

static void charge_place(const Account *a, int p)
{
    const MemoryResult *place = &a->result->place[p];
    const AccessCost read = access_noted(a, place->memory, false),
                     write = access_noted(a, place->memory, true);
    for (int t = 0; t < a->layer->op.n_tensors; t++)
        if (place->tensors >> t & 1)
            charge_tensor(a, p, t, &read, &write);
}

/* ---- links ------------------------------------------------------------------------- */

/* What crosses a link inside the memory that serves the MACs is what they ask for one by one. */
static void charge_links(const Account *a, int t)
{
    const Result *r = a->result;
    int serving = r->place[hierarchy_serves(r, t)].depth;
    for (int l = 0; l < r->n_levels; l++) {
        const LinkResult *link = &r->link[l];
        int64_t moved = link->in[t] + (t == a->layer->op.output ? link->out : 0);
        double share = l >= serving ? a->effectual : a->layer->density[t];
        charge(a,
               (CostTerm){COST_NOC, t, l, "hop", share * (double) moved * a->machine->noc[l].hops,
                          charge_hop(a, t), a->technology->hop_pj.source, NULL});
    }
}

/* ---- leakage ------------------------------------------------------------------------ */

double hierarchy_leakage(const Machine *machine)
{
    bool given = machine->n_memories > 0 && !isnan(machine->mac_mw);
    double mw = given ? machine->mac_mw * (double) machine->pes : 0;
    for (int m = 0; m < machine->n_memories; m++)
        if (!isnan(machine->memory[m].leak_mw)) {
            mw += machine->memory[m].leak_mw * (double) cost_memory_units(machine, m);
            given = true;
        }
    return given ? mw * 1e9 / machine->clock_hz : NAN;
}

/* mW of an instance over so many of them. */
static void charge_leak(const Account *a, const char *where, double mw, double units,
                        const char *source)
{
    charge(a, (CostTerm){COST_LEAKAGE, -1, -1, "leakage", (double) a->result->cycles * units,
                         mw * 1e9 / a->machine->clock_hz, source, where});
}

void hierarchy_leak(const Account *a)
{
    const Machine *machine = a->machine;
    if (!isnan(machine->mac_mw))
        charge_leak(a, "MAC", machine->mac_mw, (double) machine->pes, "given with the MACs");
    for (int m = 0; m < machine->n_memories; m++) {
        const Memory *memory = &machine->memory[m];
        if (!isnan(memory->leak_mw))
            charge_leak(a, memory->name, memory->leak_mw, (double) cost_memory_units(machine, m),
                        own_figure);
        else if (!memory->root)
            a->cost->not_leaking |= 1u << (COSTS + m);
    }
}

double hierarchy_root_leak(const Account *a)
{
    const Machine *machine = a->machine;
    const double cycles = (double) a->result->cycles, leak = a->cost->pj[COST_LEAKAGE];
    double roots = 0;
    for (int m = 0; m < machine->n_memories; m++)
        if (machine->memory[m].root && !isnan(machine->memory[m].leak_mw))
            roots += machine->memory[m].leak_mw * (double) cost_memory_units(machine, m) * 1e9 /
                     machine->clock_hz * cycles;
    return cycles > 0 ? leak - (leak - roots) * (double) a->result->onchip_cycles / cycles : 0;
}

/* ---- all of it ---------------------------------------------------------------------- */

void hierarchy_charge(const Account *a)
{
    Cost *cost = a->cost;
    cost->name[COST_MAC] = cost_part_names[COST_MAC];
    cost->name[COST_NOC] = cost_part_names[COST_NOC];
    cost->name[COST_LEAKAGE] = cost_part_names[COST_LEAKAGE];
    for (int m = 0; m < a->machine->n_memories; m++) {
        cost->name[COSTS + m] = a->machine->memory[m].name;
        cost->roots |= a->machine->memory[m].root ? 1u << (COSTS + m) : 0;
    }
    charge_macs(a);
    for (int p = 0; p < a->result->n_places; p++)
        charge_place(a, p);
    for (int t = 0; t < a->layer->op.n_tensors; t++)
        charge_links(a, t);
}
