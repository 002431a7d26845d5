/* What the parts of a layer's time and energy, and remedies, are called. */
#include <math.h>
#include <string.h>

#include "ir/hierarchy.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/why.h"

static const char *memory_of(const ReportEntry *entry, int depth, int tensor)
{
    int m = hierarchy_memory(entry->machine, entry->nest, nest_home(entry->nest, depth, tensor),
                             tensor);
    return m < 0 ? NULL : entry->machine->memory[m].name;
}

/* All levels of a machine that was taken from a hierarchy have its one fan-out. */
static void append_classic(GString *out, const Machine *machine, int level)
{
    if (machine->called.noc == NULL)
        g_string_append_printf(out, " over NoC %d", level);
    else if (level == 0)
        g_string_append_printf(out, " over %s", machine->called.noc);
    else
        g_string_append_printf(out, " over %s, level %d", machine->called.noc, level);
}

/* "over NoC 0"; of a hierarchy "from DRAM", "from DRAM over SACols". */
static void append_link(GString *out, const ReportEntry *entry, int level, int tensor, bool up)
{
    const Machine *machine = entry->machine;
    int fanout = entry->nest->level[level].fanout;
    if (machine->n_memories == 0) {
        append_classic(out, machine, level);
        return;
    }
    const char *memory = tensor >= 0 ? memory_of(entry, level, tensor) : NULL;
    if (memory != NULL)
        g_string_append_printf(out, " %s %s", up ? "to" : "from", memory);
    if (fanout > 0)
        g_string_append_printf(out, " over %s", machine->fanout[fanout - 1].name);
    else if (memory == NULL)
        g_string_append_printf(out, " at level %d", level);
}

static const char *tensor_of(const ReportEntry *entry, int tensor)
{
    return entry->layer->op.tensor[tensor].name;
}

static const char *root_of(const ReportEntry *entry)
{
    const Machine *machine = entry->machine;
    return machine->n_memories > 0           ? machine->memory[0].name
           : machine->called.offchip != NULL ? machine->called.offchip
                                             : "off-chip memory";
}

char *why_time_label(const ReportEntry *entry, const WhyTime *part)
{
    static const char *const plain[WHY_CAUSES] = {[WHY_IDEAL] = "ideal",
                                                  [WHY_IDLE] = "PEs without use",
                                                  [WHY_REPEATED] = "repeated work",
                                                  [WHY_FOLDS] = "PEs without a chunk",
                                                  [WHY_EDGES] = "edges",
                                                  [WHY_PORTS] = "ports of the PEs' memories",
                                                  [WHY_FILL] = "fill",
                                                  [WHY_DRAIN] = "drain",
                                                  [WHY_SETUP] = "setup"};
    GString *out = g_string_new(plain[part->cause]);
    bool waits = part->cause == WHY_INGRESS || part->cause == WHY_EGRESS;
    if (waits)
        g_string_append_printf(out,
                               part->cause == WHY_EGRESS ? "%s on its way out" : "waiting for %s",
                               part->tensor >= 0 ? tensor_of(entry, part->tensor) : "data");
    if (part->cause == WHY_OFFCHIP)
        g_string_append_printf(out, "waiting for %s", root_of(entry));
    if (part->link >= 0)
        append_link(out, entry, part->link, waits ? part->tensor : -1, part->cause == WHY_EGRESS);
    return g_string_free(out, FALSE);
}

static const char *part_name(const ReportEntry *entry, int part)
{
    const Machine *machine = entry->machine;
    const char *called = machine->n_memories > 0 ? NULL
                         : part == COST_L1       ? machine->called.l1
                         : part == COST_L2       ? machine->called.l2
                         : part == COST_OFFCHIP  ? machine->called.offchip
                                                 : NULL;
    return called != NULL ? called : entry->cost.name[part];
}

char *why_energy_label(const ReportEntry *entry, const WhyEnergy *part)
{
    const char *name = part->part >= 0 ? part_name(entry, part->part) : NULL;
    const char *tensor = part->tensor >= 0 ? tensor_of(entry, part->tensor) : "";
    switch (part->cause) {
    case WHY_COMPUTE:
        return g_strdup("MACs");
    case WHY_ONCE:
        return g_strdup("each element once");
    case WHY_AGAIN:
        return g_strdup_printf("%s%sagain in %s", tensor, tensor[0] ? " " : "", name ? name : "-");
    case WHY_MOVED:
        return g_strdup("interconnect");
    default:
        return g_strdup("leakage");
    }
}

static void append_change(GString *out, const Remedy *r)
{
    bool scaled = strcmp(r->unit, "bytes") == 0 || strcmp(r->unit, "B/s") == 0;
    if (isnan(r->from))
        return;
    g_string_append(out, " (");
    number_scaled(out, r->from, scaled ? r->unit : "");
    g_string_append(out, " to ");
    number_scaled(out, r->to, scaled ? r->unit : "");
    g_string_append_printf(out, "%s%s)", scaled || !r->unit[0] ? "" : " ", scaled ? "" : r->unit);
}

char *why_remedy_label(const Remedy *r)
{
    static const char *const before[REMEDIES] = {
        [REMEDY_BANDWIDTH] = "twice the bandwidth of ", [REMEDY_PORT] = "twice the bandwidth of ",
        [REMEDY_OFFCHIP] = "twice the bandwidth of ",   [REMEDY_LATENCY] = "half the latency of ",
        [REMEDY_CAPACITY] = "twice the capacity of ",   [REMEDY_UNITS] = "twice the units of ",
        [REMEDY_PREFETCH] = "double buffers behind ",   [REMEDY_DATAFLOW] = "dataflow "};
    if (r->kind == REMEDY_MAPPED)
        return g_strdup("the best dataflow of a short search");
    GString *out = g_string_new(before[r->kind]);
    if (r->kind == REMEDY_UNITS && strcmp(r->what, "PEs") == 0)
        g_string_assign(out, "twice the ");
    printable_append(out, r->what);
    append_change(out, r);
    if (r->own != NULL && r->own[0] != '\0')
        g_string_append_printf(out, ", with its own %s", r->own);
    return g_string_free(out, FALSE);
}
