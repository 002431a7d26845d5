/* An entry is made in steps, so that who wants only times does not pay for costs. */
#include "run/entry.h"

#include <math.h>

#include "engine/residency.h"
#include "ir/decimal.h"

#define I64 "%" G_GINT64_FORMAT

void entry_start(ReportEntry *entry, const char *dataflow, const Layer *layer, const Nest *nest,
                 const Machine *machine)
{
    entry->dataflow = dataflow;
    entry->layer = layer;
    entry->nest = nest;
    entry->machine = machine;
    entry->costed = false;
    entry->offchip.depths = 0;
    entry->gain = (ResidencyGain){NAN, -1, NAN};
    entry->result.status = RESULT_OK;
    entry_refuse(entry, ENTRY_REFUSED, NULL);
}

void entry_refuse(ReportEntry *entry, EntryStatus status, const char *why)
{
    entry->status = status;
    entry->why = why;
}

static void take_status(ReportEntry *entry)
{
    switch (entry->result.status) {
    case RESULT_OK:
        entry_refuse(entry, ENTRY_EVALUATED, NULL);
        break;
    case RESULT_OVERFLOW:
        entry_refuse(entry, ENTRY_OVERFLOW, "a count does not fit 63 bits");
        break;
    case RESULT_RAGGED:
        entry_refuse(entry, ENTRY_REFUSED, "its tiles fall into too many pieces to count");
        break;
    case RESULT_ENTANGLED:
        entry_refuse(entry, ENTRY_REFUSED,
                     "a tensor that passes a fan-out is shared there in parts that have no closed "
                     "form");
        break;
    case RESULT_TOO_MANY_PES:
        entry_refuse(entry, ENTRY_REFUSED, "the clusters need more PEs than there are");
        break;
    }
}

void entry_run(ReportEntry *entry, Workspace *ws)
{
    analysis_run(entry->layer, entry->nest, entry->machine, ws, &entry->result);
    take_status(entry);
}

void entry_count(ReportEntry *entry, Workspace *ws)
{
    analysis_count(entry->layer, entry->nest, entry->machine, ws, &entry->result);
    take_status(entry);
}

void entry_time(ReportEntry *entry, Workspace *ws)
{
    analysis_time(entry->machine, ws, &entry->result);
    take_status(entry);
}

void entry_gain(ReportEntry *entry)
{
    Shape shape;
    if (entry->machine->n_memories > 0) {
        entry->gain = (ResidencyGain){0, 0, 0};
        return;
    }
    cluster_shape(entry->layer, &shape);
    offchip_of(entry->layer, &entry->result, &entry->offchip);
    residency_gain(&shape, entry->machine, &entry->offchip, &entry->gain);
}

OffchipRow entry_offchip(const ReportEntry *entry, int tensor, int depth)
{
    OffchipTable table;
    if (entry->offchip.depths > 0)
        return entry->offchip.row[tensor][depth];
    offchip_of(entry->layer, &entry->result, &table);
    return table.row[tensor][depth];
}

void entry_cost(ReportEntry *entry, const Technology *technology)
{
    if (technology == NULL)
        return;
    cost_layer(entry->layer, entry->machine, technology, &entry->result, &entry->cost);
    entry->costed = true;
}

void entry_evaluate(ReportEntry *entry, const Technology *technology, Workspace *ws)
{
    entry_run(entry, ws);
    if (entry->status != ENTRY_EVALUATED)
        return;
    analysis_delays(ws, &entry->delays);
    entry_gain(entry);
    entry_cost(entry, technology);
}

/* ---- what does not fit ---- */

/* A capacity of 0 is not given. */
static int add_capacity(Finding *finding, const char *what, int level, int64_t need, int64_t given)
{
    if (given == 0 || need <= given)
        return 0;
    *finding = (Finding){.check = CHECK_CAPACITY,
                         .what = what,
                         .unit = "bytes",
                         .level = level,
                         .need = need,
                         .given = given};
    return 1;
}

/* Bytes that the layer needs of the share of a tensor; of a memory without shares it needs none. */
static int64_t share_required(const ReportEntry *entry, int memory, int tensor)
{
    bool shares = entry->machine->memory[memory].partitioned;
    return shares ? cost_share_required(&entry->result, memory, tensor) : 0;
}

static bool is_short(int64_t need, int64_t given)
{
    return given > 0 && need > given;
}

bool entry_exceeds(const ReportEntry *entry, int memory)
{
    const Memory *given = &entry->machine->memory[memory];
    bool over = is_short(cost_required(&entry->result, memory), cost_memory_bytes(given));
    for (int t = 0; t < entry->layer->op.n_tensors; t++)
        over |= is_short(share_required(entry, memory, t), given->share_bytes[t]);
    return over;
}

/* Of a hierarchy, memory by memory; of one in shares, share by share. */
static int add_memories(const ReportEntry *entry, Finding *finding)
{
    const Machine *machine = entry->machine;
    int n = 0;
    for (int m = 0; m < machine->n_memories; m++) {
        const Memory *memory = &machine->memory[m];
        for (int t = 0; t < entry->layer->op.n_tensors && n < FINDINGS_MAX - MEMORIES_MAX; t++)
            if (add_capacity(&finding[n], memory->name, 0, share_required(entry, m, t),
                             memory->share_bytes[t]))
                finding[n++].tensor = entry->layer->op.tensor[t].name;
        n += add_capacity(&finding[n], memory->name, 0, cost_required(&entry->result, m),
                          memory->partitioned ? 0 : memory->capacity_bytes);
    }
    return n;
}

static int add_capacities(const ReportEntry *entry, Finding *finding)
{
    const Machine *machine = entry->machine;
    const Result *result = &entry->result;
    if (machine->n_memories > 0)
        return add_memories(entry, finding);
    int n = add_capacity(finding, "L1", 0, result->l1_required_bytes, machine->l1_bytes);
    n += add_capacity(&finding[n], "L2", 0, result->l2_required_bytes, machine->l2_bytes);
    for (int l = 1; l < result->n_levels; l++)
        n += add_capacity(&finding[n], "buffer", l, result->buffer_required_bytes[l],
                          machine->buffer_bytes[l]);
    return n;
}

/* The directive that divides a level among its children, if there is one. */
static void name_division(const ReportEntry *entry, const Level *level, char *name, size_t size)
{
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        if (map->kind == MAP_SPATIAL)
            g_snprintf(name, size, "SpatialMap(" I64 "," I64 ") %s", map->size, map->offset,
                       entry->layer->op.dim[map->dim]);
    }
}

/* The fan-out whose units share a tensor in parts. */
static void name_entangled(const ReportEntry *entry, Finding *finding)
{
    const Result *result = &entry->result;
    const Level *level = &entry->nest->level[result->refused_level];
    int fanout = level->fanout;
    name_division(entry, level, finding->missing, sizeof finding->missing);
    finding->what = fanout > 0 ? entry->machine->fanout[fanout - 1].name : "a level of one child";
    finding->tensor = entry->layer->op.tensor[result->refused_tensor].name;
}

int entry_findings(const ReportEntry *entry, Finding finding[FINDINGS_MAX])
{
    switch (entry->status) {
    case ENTRY_EVALUATED:
        return add_capacities(entry, finding);
    case ENTRY_OVERFLOW:
        finding[0] = (Finding){.check = CHECK_OVERFLOW};
        return 1;
    default: /* of all else the front end has said more */
        finding[0] = (Finding){.check = CHECK_LIMIT};
        if (entry->result.status == RESULT_ENTANGLED)
            name_entangled(entry, &finding[0]);
        return entry->result.status == RESULT_RAGGED || entry->result.status == RESULT_ENTANGLED;
    }
}

/* A budget does not rest on a figure that lacks a part. */
static int add_budget(Finding *finding, const char *what, const char *unit, const char *missing,
                      double value, double budget)
{
    if (budget <= 0 || (missing == NULL && value <= budget_most(budget)))
        return 0;
    *finding = (Finding){.check = missing != NULL ? CHECK_UNKNOWN_FIGURE : CHECK_BUDGET,
                         .what = what,
                         .unit = unit,
                         .value = value,
                         .budget = budget};
    g_strlcpy(finding->missing, missing != NULL ? missing : "", sizeof finding->missing);
    return 1;
}

int chip_findings(const ChipCost *chip, double area_mm2, double power_mw,
                  Finding finding[FINDINGS_MAX])
{
    static const char none[] = "any part, for want of a technology";
    char area[80], power[80];
    bool area_known = chip != NULL && cost_area_known(chip, area, sizeof area);
    bool power_known = chip != NULL && cost_power_known(chip, power, sizeof power);
    int n = add_budget(finding, "area", "mm2",
                       chip == NULL ? none
                       : area_known ? NULL
                                    : area,
                       chip != NULL ? chip->total_um2 * 1e-6 : 0, area_mm2);
    return n + add_budget(&finding[n], "power", "mW",
                          chip == NULL  ? none
                          : power_known ? NULL
                                        : power,
                          chip != NULL ? chip->total_mw : 0, power_mw);
}

/* ---- in words ---- */

static void say_capacity(const Finding *f, const char *layer, GString *out)
{
    g_string_append_printf(out, "layer %s needs " I64 " bytes of %s", layer, f->need, f->what);
    if (f->level > 0)
        g_string_append_printf(out, " %d", f->level);
    if (f->tensor != NULL)
        g_string_append_printf(out, " for %s", f->tensor);
    g_string_append_printf(out, ", " I64 " more than the " I64 " there are", f->need - f->given,
                           f->given);
}

static void say_budget(const Finding *f, GString *out)
{
    char over[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%s is ", f->what);
    decimal_apart(out, f->value, 6, f->budget);
    g_string_append_printf(out, " %s, %s %s over the budget of ", f->unit,
                           g_ascii_formatd(over, sizeof over, "%.4g", f->value - f->budget),
                           f->unit);
    decimal_apart(out, f->budget, 6, f->value);
    g_string_append_printf(out, " %s", f->unit);
}

void finding_text(const Finding *f, const char *layer, GString *out)
{
    switch (f->check) {
    case CHECK_CAPACITY:
        say_capacity(f, layer, out);
        break;
    case CHECK_BUDGET:
        say_budget(f, out);
        break;
    case CHECK_UNKNOWN_FIGURE:
        g_string_append_printf(
            out, "there is a budget for %s, which is not known: no figure is given for %s", f->what,
            f->missing);
        break;
    case CHECK_OVERFLOW:
        g_string_append_printf(out, "a count of layer %s does not fit 63 bits", layer);
        break;
    default:
        if (f->what != NULL)
            g_string_append_printf(
                out,
                "tensor %s of layer %s passes %s%s%s%s to deeper units that share "
                "its elements in part: there is no closed form",
                f->tensor, layer, f->what, *f->missing ? ", divided by " : "", f->missing,
                *f->missing ? "," : "");
        else
            g_string_append_printf(
                out,
                "the tiles of layer %s fall into too many pieces to count: a long "
                "strided or dilated chunk across a SpatialMap",
                layer);
    }
}

void finding_report(const Finding *finding, const char *layer, Span span, Diag *diag)
{
    g_autoptr(GString) text = g_string_new(NULL);
    finding_text(finding, layer, text);
    if (diag_report(diag, finding->check, span, "%s", text->str) && finding->tensor != NULL &&
        finding->check == CHECK_LIMIT)
        diag_note(diag, SPAN_NONE, "hold %s in a memory of the units of %s, or divide another dim",
                  finding->tensor, finding->what);
}
