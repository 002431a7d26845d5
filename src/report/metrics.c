/* Reads metrics.def: the one place where a figure's name meets its value. */
#include "report/metrics.h"

#include "engine/offchip.h"
#include "report/number.h"

#include <math.h>
#include <string.h>

/* The words of the table. */
enum {
    TEXT = METRIC_KIND_TEXT,
    COUNT = METRIC_KIND_COUNT,
    REAL = METRIC_KIND_REAL,
    SHARE = METRIC_KIND_SHARE,
    ALWAYS = METRIC_FLAG_ALWAYS,
    TOTAL_SUM = METRIC_FLAG_TOTAL_SUM,
    TOTAL_MAX = METRIC_FLAG_TOTAL_MAX,
    TOTAL_MEAN = METRIC_FLAG_TOTAL_MEAN,
    JSON_ONLY = METRIC_FLAG_JSON_ONLY,
    LACKS = METRIC_FLAG_LACKS,
    TOTAL_PRODUCT = METRIC_FLAG_TOTAL_PRODUCT,
    TOTAL_SAME = METRIC_FLAG_TOTAL_SAME,
    CLASSIC = METRIC_FLAG_CLASSIC,
    MEMORIES = METRIC_FLAG_MEMORIES
};

const Metric metrics_table[METRICS] = {
#define METRIC(id, path, unit, kind, flags, title, expression)                                     \
    [METRIC_##id] = {path, unit, title, (MetricKind) kind, flags},
#include "report/metrics.def"
#undef METRIC
};

static const char *const cause_names[CAUSES] = {
    [CAUSE_COMPUTE] = "compute", [CAUSE_INGRESS] = "ingress", [CAUSE_EGRESS] = "egress",
    [CAUSE_FILL] = "fill",       [CAUSE_DRAIN] = "drain",     [CAUSE_OFFCHIP] = "offchip",
    [CAUSE_SETUP] = "setup",
};

/* NULL: not known. */
static const char *bound_by(const Result *result)
{
    return result->cycles < 0 ? NULL : cause_names[result->bound_by];
}

static double seconds(const ReportEntry *entry)
{
    double hz = entry->machine->clock_hz;
    if (entry->result.cycles < 0)
        return NAN; /* not known */
    return hz > 0 ? (double) entry->result.cycles / hz : 0;
}

/* NAN too where it has no figure, or was left out of the model. */
static double energy(const ReportEntry *entry, int part)
{
    const Cost *cost = &entry->cost;
    bool lacks = (cost->unknown | cost->not_modelled) >> part & 1;
    return entry->costed && !lacks ? cost->pj[part] : NAN;
}

static double tensor_energy(const ReportEntry *entry, int tensor)
{
    const Cost *cost = &entry->cost;
    return entry->costed && !(cost->unknown_tensors >> tensor & 1) ? cost->tensor_pj[tensor] : NAN;
}

/* -1 stands for a sum that does not fit; metrics_read makes it unknown. */
static int64_t add(int64_t a, int64_t b)
{
    int64_t sum;
    return a < 0 || b < 0 || __builtin_add_overflow(a, b, &sum) ? -1 : sum;
}

static int64_t accesses(const Layer *layer, const int64_t *reads, const int64_t *writes)
{
    int64_t sum = 0;
    for (int t = 0; t < layer->op.n_tensors; t++)
        sum = add(sum, add(reads[t], writes[t]));
    return sum;
}

static OffchipRow offchip(const ReportEntry *e, int tensor)
{
    return offchip_moved(e->machine, &e->result, tensor);
}

static int64_t offchip_accesses(const ReportEntry *e)
{
    int64_t accesses = 0;
    for (int t = 0; t < e->layer->op.n_tensors; t++)
        accesses = add(accesses, add(offchip(e, t).reads, offchip(e, t).writes));
    return accesses;
}

/* Level 0's parent is the global buffer, whose need has a name of its own. */
static int64_t level_buffer(const Result *result, int level)
{
    return level == 0 ? result->l2_required_bytes : result->buffer_required_bytes[level];
}

/* ---- a hierarchy ---- */

static const MemoryResult *place(const ReportEntry *entry, MetricIndex at)
{
    return metrics_place(entry, at.memory, at.tensor);
}

static int64_t memory_units(const Result *result, int memory)
{
    for (int p = 0; p < result->n_places; p++)
        if (result->place[p].memory == memory)
            return result->place[p].units;
    return 0; /* it holds nothing */
}

/* -1: not given. */
static int64_t memory_capacity(const ReportEntry *entry, int memory)
{
    int64_t bytes = cost_memory_bytes(&entry->machine->memory[memory]);
    return bytes > 0 ? bytes : -1;
}

static int64_t memory_accesses(const ReportEntry *entry, int memory)
{
    int64_t sum = 0;
    for (int t = 0; t < entry->layer->op.n_tensors; t++) {
        const MemoryResult *held = metrics_place(entry, memory, t);
        if (held == NULL)
            continue;
        sum = add(sum, add(held->reads[t], add(held->drains[t], held->psum_reads[t])));
        sum = add(sum, add(held->fills[t], held->writes[t]));
    }
    return sum;
}

/* NULL: its children are no fan-out's. */
static const char *crossing_fanout(const ReportEntry *entry, int level)
{
    int fanout = entry->nest->level[level].fanout;
    return fanout > 0 ? entry->machine->fanout[fanout - 1].name : NULL;
}

static int64_t crossing_out(const ReportEntry *entry, MetricIndex at)
{
    return at.tensor == entry->layer->op.output ? entry->result.link[at.level].out : 0;
}

/* What crosses for the children, which hold the tensor, or for who is deeper inside. */
static int64_t crossing_own(const ReportEntry *entry, MetricIndex at, int64_t moved)
{
    return metrics_passes(entry, at) ? 0 : moved;
}

static int64_t crossing_through(const ReportEntry *entry, MetricIndex at, int64_t moved)
{
    return metrics_passes(entry, at) ? moved : 0;
}

static double onchip_energy(const ReportEntry *entry)
{
    const Cost *cost = &entry->cost;
    return entry->costed && !(cost->unknown & ~cost->roots) ? cost->onchip_pj : NAN;
}

/* ---- values ---- */

static MetricValue value_text(const char *text)
{
    return (MetricValue){.known = text != NULL, .kind = METRIC_KIND_TEXT, .text = text};
}

static MetricValue value_count(int64_t count)
{
    return (MetricValue){
        .known = count >= 0, .kind = METRIC_KIND_COUNT, .count = count, .real = (double) count};
}

static MetricValue value_real(MetricKind kind, double real, bool lacks)
{
    bool known = isfinite(real);
    return (MetricValue){
        .known = known && !lacks, .at_least = known && lacks, .kind = kind, .real = real};
}

/* Of a TEXT the expression is a string, of the others a number: each row picks one. */
#define IS_TEXT(expression) _Generic((expression), char * : 1, const char * : 1, default : 0)
#define AS_TEXT(expression)                                                                        \
    _Generic((expression), char * : (expression), const char * : (expression), default : NULL)
#define AS_NUMBER(expression)                                                                      \
    _Generic((expression), char * : 0, const char * : 0, default : (expression))

MetricValue metrics_read(MetricId id, const ReportEntry *e, MetricIndex at)
{
    const Metric *metric = &metrics_table[id];
    const Result *r = &e->result;
    const Layer *l = e->layer;
    bool lacks = metric->flags & METRIC_FLAG_LACKS && e->cost.unknown;
    bool known = e->status == ENTRY_EVALUATED || metric->flags & METRIC_FLAG_ALWAYS;
    if (!known || !metrics_there(id, e, at))
        return (MetricValue){.kind = metric->kind};
    switch (id) {
#define METRIC(id, path, unit, kind, flags, title, expression)                                     \
    case METRIC_##id:                                                                              \
        return IS_TEXT(expression) ? value_text(AS_TEXT(expression))                               \
               : kind == COUNT     ? value_count((int64_t) AS_NUMBER(expression))                  \
                                   : value_real((MetricKind) kind, AS_NUMBER(expression), lacks);
#include "report/metrics.def"
#undef METRIC
    case METRICS:
        break;
    }
    g_assert_not_reached();
}

/* ---- values as cells ---- */

GString *metrics_cell(MetricId id, MetricValue value)
{
    const char *unit = metrics_table[id].unit;
    GString *out = g_string_new(value.at_least ? ">=" : NULL);
    if (!value.known && !value.at_least)
        g_string_append_c(out, '-');
    else if (value.kind == METRIC_KIND_TEXT)
        g_string_append(out, value.text);
    else if (value.kind == METRIC_KIND_SHARE) {
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, "%s%%",
                               g_ascii_formatd(buffer, sizeof buffer, "%.1f", value.real * 100));
    } else if (g_str_equal(unit, "pJ"))
        number_scaled(out, value.real * 1e-12, "J");
    else
        number_scaled(out, value.real,
                      g_str_equal(unit, "bytes") || g_str_equal(unit, "J s") ? unit : "");
    return out;
}
