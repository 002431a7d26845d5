/* Area and power at full activity of a chip: its MACs, its buffers by the largest capacity that
 * some layer asks for, its buses and arbiters by how many units they join. */
#include "engine/cost_hierarchy.h"

#include <string.h>

const char *const chip_part_names[PARTS] = {
    [PART_PES] = "pes", [PART_L1] = "l1",           [PART_BUFFER] = "buffer", [PART_L2] = "l2",
    [PART_BUS] = "bus", [PART_ARBITER] = "arbiter", [PART_REST] = "rest",
};

/* ---- parts -------------------------------------------------------------------------- */

/* NAN: not given. */
static void chip_add(ChipCost *chip, int part, const char *name, double um2, double mw)
{
    chip->name[part] = name;
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

/* `count` buffers of so many bytes each, by the table. */
static void chip_add_kind(ChipCost *chip, int part, const char *name, const MemoryKind *kind,
                          const MemoryWords *words, double count, double bytes)
{
    if (bytes <= 0)
        return;
    chip_add(chip, part, name, count * charge_curve(&kind->um2, bytes),
             count * charge_curve(&kind->mw, bytes));
    extrapolation_curve(&chip->beyond, words->um2, "B", &kind->um2, bytes);
    extrapolation_curve(&chip->beyond, words->mw, "B", &kind->mw, bytes);
}

/* Bits of the narrowest tensor. */
static double narrowest(const Machine *machine)
{
    int64_t least = 0;
    for (int t = 0; t < TENSORS_MAX; t++)
        if (machine->bits[t] > 0 && (least == 0 || machine->bits[t] < least))
            least = machine->bits[t];
    return least > 0 ? (double) least : 1;
}

/* Elements that pass in a cycle, at most: of all channels of an interconnect; of one in bits those
 * of the narrowest tensor. */
static double bus_width(const Machine *machine, const Noc *noc, double unlimited)
{
    double width = 0, unit = noc->in_bits ? narrowest(machine) : 1;
    for (int t = 0; t < (noc->per_tensor ? TENSORS_MAX : 1); t++)
        if (noc->bandwidth[t].num)
            width += (double) noc->bandwidth[t].num / (double) noc->bandwidth[t].den;
    return width > 0 ? width / unit : unlimited;
}

static void note_wires(ChipCost *chip, const Technology *technology, double units)
{
    Extrapolations *beyond = &chip->beyond;
    extrapolation_polynomial(beyond, "area of the buses", &technology->bus_um2, units);
    extrapolation_polynomial(beyond, "power of the buses", &technology->bus_mw, units);
    extrapolation_polynomial(beyond, "area of the arbiter", &technology->arbiter_um2, units);
    extrapolation_polynomial(beyond, "power of the arbiter", &technology->arbiter_mw, units);
}

/* ---- a classic machine ---------------------------------------------------------------- */

static void capacity_classic(const Machine *machine, const Nest *nest, const Result *result,
                             Capacity *capacity)
{
    double parents = 1;
    capacity->l1 = fmax(capacity->l1, charge_given(machine->l1_bytes, result->l1_required_bytes));
    capacity->l2 = fmax(capacity->l2, charge_given(machine->l2_bytes, result->l2_required_bytes));
    for (int l = 1; l < result->n_levels; l++) {
        parents *= (double) nest->level[l - 1].children;
        capacity->buffers[l] = fmax(capacity->buffers[l], parents);
        capacity->buffer[l] = fmax(capacity->buffer[l], (double) machine->buffer_bytes[l]);
    }
}

static void chip_classic(const Machine *machine, const Capacity *capacity,
                         const Technology *technology, ChipCost *chip)
{
    double pes = (double) machine->pes, width = bus_width(machine, &machine->noc[0], pes);
    for (int p = 0; p < PARTS; p++)
        chip->name[p] = chip_part_names[p];
    chip_add_kind(chip, PART_L1, chip_part_names[PART_L1], &technology->l1, &charge_words_l1, pes,
                  capacity->l1);
    for (int l = 1; l < LEVELS_MAX; l++)
        chip_add_kind(chip, PART_BUFFER, chip_part_names[PART_BUFFER], &technology->buffer,
                      &charge_words_buffer, capacity->buffers[l], capacity->buffer[l]);
    chip_add_kind(chip, PART_L2, chip_part_names[PART_L2], &technology->l2, &charge_words_l2, 1,
                  capacity->l2);
    chip_add(chip, PART_BUS, chip_part_names[PART_BUS],
             width * charge_polynomial(&technology->bus_um2, pes),
             width * charge_polynomial(&technology->bus_mw, pes));
    chip_add(chip, PART_ARBITER, chip_part_names[PART_ARBITER],
             charge_polynomial(&technology->arbiter_um2, pes),
             charge_polynomial(&technology->arbiter_mw, pes));
    note_wires(chip, technology, pes);
}

/* ---- a hierarchy ---------------------------------------------------------------------- */

static void capacity_hierarchy(const Machine *machine, const Result *result, Capacity *capacity)
{
    for (int m = 0; m < machine->n_memories; m++) {
        int64_t own = cost_memory_bytes(&machine->memory[m]);
        capacity->memory[m] =
            fmax(capacity->memory[m], charge_given(own, cost_required(result, m)));
    }
}

/* A root is off the chip, unless its area says otherwise. */
static void add_memory(const Machine *machine, int m, double bytes, const Technology *technology,
                       ChipCost *chip)
{
    const Memory *memory = &machine->memory[m];
    double units = (double) cost_memory_units(machine, m);
    MemoryTable table = hierarchy_table(machine, technology, m);
    if (!isnan(memory->um2))
        chip_add(chip, PARTS + m, memory->name, units * memory->um2,
                 memory->root ? 0 : units * charge_curve(&table.kind->mw, bytes));
    else if (!memory->root)
        chip_add_kind(chip, PARTS + m, memory->name, table.kind, table.words, units, bytes);
}

/* As many interconnects as there are parents, each as wide as its bandwidth. */
static void add_fanout(const Machine *machine, int f, const Technology *technology, ChipCost *chip)
{
    const Fanout *fanout = &machine->fanout[f];
    double n = (double) fanout->size, parents = (double) cost_units(machine, f);
    double width = bus_width(machine, &fanout->noc, n);
    chip_add(chip, PARTS_FANOUT + f, fanout->name,
             parents * (width * charge_polynomial(&technology->bus_um2, n) +
                        charge_polynomial(&technology->arbiter_um2, n)),
             parents * (width * charge_polynomial(&technology->bus_mw, n) +
                        charge_polynomial(&technology->arbiter_mw, n)));
    note_wires(chip, technology, n);
}

static void chip_hierarchy(const Machine *machine, const Capacity *capacity,
                           const Technology *technology, ChipCost *chip)
{
    for (int m = 0; m < machine->n_memories; m++)
        add_memory(machine, m, capacity->memory[m], technology, chip);
    for (int f = 0; f < machine->n_fanouts; f++)
        add_fanout(machine, f, technology, chip);
}

/* ---- both ------------------------------------------------------------------------------ */

void cost_capacity(const Machine *machine, const Nest *nest, const Result *result,
                   Capacity *capacity)
{
    if (machine->n_memories > 0)
        capacity_hierarchy(machine, result, capacity);
    else
        capacity_classic(machine, nest, result, capacity);
}

/* Of all MACs: the machine's own figure is one of a unit's. */
static double mac_area(const Machine *machine, double macs, const Technology *technology)
{
    bool own = machine->n_memories > 0 && !isnan(machine->mac_um2);
    return own ? (double) machine->pes * machine->mac_um2
               : macs * charge_figure(&technology->mac_um2);
}

void cost_chip(const Machine *machine, const Capacity *capacity, const Technology *technology,
               ChipCost *chip)
{
    double macs = (double) machine->pes * (double) machine->lanes;
    memset(chip, 0, sizeof *chip);
    chip_add(chip, PART_PES, machine->n_memories > 0 ? "MACs" : chip_part_names[PART_PES],
             mac_area(machine, macs, technology), macs * charge_figure(&technology->mac_mw));
    if (machine->n_memories > 0)
        chip_hierarchy(machine, capacity, technology, chip);
    else
        chip_classic(machine, capacity, technology, chip);
    chip_add(chip, PART_REST, chip_part_names[PART_REST], 0, technology->idle_mw.value);
}
