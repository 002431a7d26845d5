#include "report/why.h"

#include <math.h>
#include <string.h>

#include "ir/hierarchy.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"

enum { BAR = 24 };

/* ---- names ------------------------------------------------------------------------------------
 */

static const char *memory_of(const ReportEntry *entry, int depth, int tensor)
{
    int m = hierarchy_memory(entry->machine, entry->nest, nest_home(entry->nest, depth, tensor),
                             tensor);
    return m < 0 ? NULL : entry->machine->memory[m].name;
}

/* "over NoC 0"; of a hierarchy "from DRAM", "from DRAM over SACols". */
static void append_link(GString *out, const ReportEntry *entry, int level, int tensor, bool up)
{
    const Machine *machine = entry->machine;
    int fanout = entry->nest->level[level].fanout;
    if (machine->n_memories == 0) {
        g_string_append_printf(out, " over NoC %d", level);
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
    return machine->n_memories > 0 ? machine->memory[0].name : "off-chip memory";
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

char *why_energy_label(const ReportEntry *entry, const WhyEnergy *part)
{
    const char *name = part->part >= 0 ? entry->cost.name[part->part] : NULL;
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
        return g_strdup_printf("the best dataflow that %gs of search find", r->from);
    GString *out = g_string_new(before[r->kind]);
    if (r->kind == REMEDY_UNITS && strcmp(r->what, "PEs") == 0)
        g_string_assign(out, "twice the ");
    printable_append(out, r->what);
    append_change(out, r);
    return g_string_free(out, FALSE);
}

/* ---- text --------------------------------------------------------------------------------------
 */

/* A bar from where the one before ended. */
static GString *bar_of(double from, double value, double whole)
{
    GString *out = g_string_new(NULL);
    int begin = whole > 0 ? (int) lround(BAR * from / whole) : 0,
        end = whole > 0 ? (int) lround(BAR * (from + value) / whole) : 0;
    for (int i = 0; i < end; i++)
        g_string_append_c(out, i < begin ? ' ' : '#');
    if (end == begin && value > 0)
        g_string_append_c(out, '.');
    return out;
}

static void append_row(Table *table, const char *label, double value, const char *unit, double from,
                       double whole)
{
    GString *number = g_string_new(NULL), *share = g_string_new(NULL);
    table_cell(table, label);
    number_scaled(number, value, unit);
    table_cell_take(table, number);
    g_string_append_printf(share, "%.1f%%", whole > 0 ? 100 * value / whole : 0);
    table_cell_take(table, share);
    table_cell_take(table, bar_of(from, value, whole));
}

static Table *parts_table(const char *what, const char *unit)
{
    Table *table = table_new(4);
    table_left(table, 0);
    table_left(table, 3);
    table_cell(table, what);
    table_cell(table, unit);
    table_cell(table, "share");
    table_cell(table, "");
    return table;
}

static void end_table(Table *table, double whole, const char *unit, GString *out)
{
    table_rule(table);
    append_row(table, "total", whole, unit, 0, whole);
    table_write(table, out, 2, 0, false);
    table_free(table);
}

static void append_time(GString *out, const ReportEntry *entry, const Why *why)
{
    Table *table = parts_table("time", "cycles");
    double sofar = 0, whole = (double) entry->result.cycles;
    for (guint i = 0; i < why->time->len; i++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, i);
        g_autofree char *label = why_time_label(entry, part);
        append_row(table, label, (double) part->cycles, "", sofar, whole);
        sofar += (double) part->cycles;
    }
    end_table(table, whole, "", out);
}

static void append_energy(GString *out, const ReportEntry *entry, const Why *why)
{
    double sofar = 0, whole = entry->cost.total_pj * 1e-12;
    if (why->energy->len == 0)
        return;
    g_string_append_c(out, '\n');
    Table *table = parts_table("energy", why->energy_known ? "" : "known");
    for (guint i = 0; i < why->energy->len; i++) {
        const WhyEnergy *part = &g_array_index(why->energy, WhyEnergy, i);
        g_autofree char *label = why_energy_label(entry, part);
        append_row(table, label, part->pj * 1e-12, "J", sofar, whole);
        sofar += part->pj * 1e-12;
    }
    end_table(table, whole, "J", out);
}

static GString *change_of(double now, double before)
{
    GString *out = g_string_new(NULL);
    if (isnan(now) || isnan(before) || before <= 0)
        g_string_append_c(out, '-');
    else if (fabs(now / before - 1) < 5e-5)
        g_string_append(out, "same");
    else
        g_string_append_printf(out, "%+.1f%%", 100 * (now / before - 1));
    return out;
}

static bool is_gain(const ReportEntry *entry, const Remedy *r)
{
    return r->cycles < entry->result.cycles ||
           (entry->costed && r->pj < entry->cost.total_pj * (1 - 1e-9));
}

static void append_gain(Table *table, const ReportEntry *entry, const Remedy *r)
{
    g_autofree char *label = why_remedy_label(r);
    double pj = entry->costed ? entry->cost.total_pj : NAN,
           edp = entry->costed ? entry->cost.edp : NAN;
    GString *cycles = g_string_new(NULL);
    table_cell(table, label);
    number_scaled(cycles, (double) r->cycles, "");
    table_cell_take(table, cycles);
    table_cell_take(table, change_of((double) r->cycles, (double) entry->result.cycles));
    table_cell_take(table, change_of(r->pj, pj));
    table_cell_take(table, change_of(r->edp, edp));
    table_cell(table, r->fits ? "" : "does not fit its buffers");
}

static void append_useless(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    const char *separator = "\n  no gain: ";
    for (guint i = 0; i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        if (is_gain(entry, r))
            continue;
        g_autofree char *label = why_remedy_label(r);
        g_string_append_printf(out, "%s%s", separator, label);
        separator = ";\n           ";
    }
    if (separator[0] == ';')
        g_string_append_c(out, '\n');
}

static void append_found(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    for (guint i = 0; i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        if (r->dataflow != NULL && is_gain(entry, r))
            g_string_append_printf(out, "\n%s", r->dataflow);
    }
}

static void append_remedies(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    g_autoptr(Table) table = table_new(6);
    guint gains = 0;
    table_left(table, 0);
    table_left(table, 5);
    table_cell(table, "what would help");
    table_cell(table, "cycles");
    table_cell(table, "");
    table_cell(table, "energy");
    table_cell(table, "EDP");
    table_cell(table, "");
    for (guint i = 0; i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        if (!is_gain(entry, r))
            continue;
        append_gain(table, entry, r);
        gains++;
    }
    g_string_append_c(out, '\n');
    if (gains > 0)
        table_write(table, out, 2, 0, false);
    else
        g_string_append(out, "  nothing that was tried would help\n");
    append_useless(out, entry, remedies);
    append_found(out, entry, remedies);
}

/* "CONV2: 25.1M cycles, 2.3 times the ideal; most of what is lost is ..." */
static void append_head(GString *out, const ReportEntry *entry, const Why *why)
{
    const Result *result = &entry->result;
    const WhyTime *worst = why_worst(why);
    printable_append(out, entry->layer->name);
    g_string_append(out, ": ");
    number_scaled(out, (double) result->cycles, "");
    g_string_append_printf(out, " cycles, %.3g times the ideal",
                           (double) result->cycles / (double) MAX(1, result->ideal_cycles));
    if (worst != NULL) {
        g_autofree char *label = why_time_label(entry, worst);
        g_string_append_printf(out, "; most is lost to %s", label);
    }
    g_string_append(out, "\n\n");
}

void why_text(GString *out, const ReportEntry *entry, const Why *why, const GArray *remedies)
{
    append_head(out, entry, why);
    append_time(out, entry, why);
    append_energy(out, entry, why);
    if (remedies != NULL)
        append_remedies(out, entry, remedies);
}

/* ---- JSON --------------------------------------------------------------------------------------
 */

static void append_key(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, "\"%s\": ", key);
    if (text != NULL)
        json_append_text(out, text);
    else
        g_string_append(out, "null");
}

static void append_reals(GString *out, const char *key, double real)
{
    g_string_append_printf(out, ", \"%s\": ", key);
    json_append_real(out, real);
}

static void append_time_parts(GString *out, const ReportEntry *entry, const Why *why)
{
    for (guint i = 0; i < why->time->len; i++) {
        const WhyTime *part = &g_array_index(why->time, WhyTime, i);
        g_autofree char *label = why_time_label(entry, part);
        g_string_append(out, i ? ", {" : "{");
        append_key(out, "cause", why_cause_names[part->cause]);
        g_string_append(out, ", \"link\": ");
        if (part->link >= 0)
            g_string_append_printf(out, "%d, ", part->link);
        else
            g_string_append(out, "null, ");
        append_key(out, "tensor", part->tensor >= 0 ? tensor_of(entry, part->tensor) : NULL);
        g_string_append_printf(out, ", \"cycles\": %" G_GINT64_FORMAT ", ", part->cycles);
        append_key(out, "label", label);
        g_string_append_c(out, '}');
    }
}

static void append_energy_parts(GString *out, const ReportEntry *entry, const Why *why)
{
    for (guint i = 0; i < why->energy->len; i++) {
        const WhyEnergy *part = &g_array_index(why->energy, WhyEnergy, i);
        g_autofree char *label = why_energy_label(entry, part);
        g_string_append(out, i ? ", {" : "{");
        append_key(out, "cause", why_energy_names[part->cause]);
        g_string_append(out, ", ");
        append_key(out, "part", part->part >= 0 ? entry->cost.name[part->part] : NULL);
        g_string_append(out, ", ");
        append_key(out, "tensor", part->tensor >= 0 ? tensor_of(entry, part->tensor) : NULL);
        append_reals(out, "pj", part->pj);
        g_string_append(out, ", ");
        append_key(out, "label", label);
        g_string_append_c(out, '}');
    }
}

static void append_remedy_parts(GString *out, const ReportEntry *entry, const GArray *remedies)
{
    double edp = entry->costed ? entry->cost.edp : NAN;
    for (guint i = 0; remedies != NULL && i < remedies->len; i++) {
        const Remedy *r = &g_array_index(remedies, Remedy, i);
        g_autofree char *label = why_remedy_label(r);
        g_string_append(out, i ? ", {" : "{");
        append_key(out, "kind", remedy_names[r->kind]);
        g_string_append(out, ", ");
        append_key(out, "what", r->what);
        append_reals(out, "from", r->from);
        append_reals(out, "to", r->to);
        g_string_append(out, ", ");
        append_key(out, "unit", r->unit);
        g_string_append_printf(out, ", \"fits\": %s, \"cycles\": %" G_GINT64_FORMAT,
                               r->fits ? "true" : "false", r->cycles);
        append_reals(out, "energy_pj", r->pj);
        append_reals(out, "edp", r->edp);
        append_reals(out, "speedup", (double) entry->result.cycles / (double) MAX(1, r->cycles));
        append_reals(out, "edp_gain", edp / r->edp);
        g_string_append(out, ", ");
        append_key(out, "dataflow", r->dataflow);
        g_string_append(out, ", ");
        append_key(out, "label", label);
        g_string_append_c(out, '}');
    }
}

void why_json(GString *out, const ReportEntry *entry, const Why *why, const GArray *remedies,
              int indent)
{
    g_string_append_printf(out, "%*s{", indent, "");
    append_key(out, "layer", entry->layer->name);
    g_string_append_printf(out, ", \"cycles\": %" G_GINT64_FORMAT ",\n%*s \"time\": [",
                           entry->result.cycles, indent, "");
    append_time_parts(out, entry, why);
    g_string_append_printf(out, "],\n%*s \"energy\": [", indent, "");
    append_energy_parts(out, entry, why);
    g_string_append_printf(out, "],\n%*s \"remedies\": [", indent, "");
    append_remedy_parts(out, entry, remedies);
    g_string_append(out, "]}");
}
