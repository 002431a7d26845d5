/* Reads metrics.def: the one place where a figure's name meets its value. */
#include "report/metrics.h"

#include "engine/offchip.h"

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

/* Where a memory holds a tensor: in one place at most. */
static const MemoryResult *place_of(const ReportEntry *entry, int memory, int tensor)
{
    for (int p = 0; p < entry->result.n_places; p++) {
        const MemoryResult *place = &entry->result.place[p];
        if (place->memory == memory && place->tensors >> tensor & 1)
            return place;
    }
    return NULL;
}

static const MemoryResult *place(const ReportEntry *entry, MetricIndex at)
{
    return place_of(entry, at.memory, at.tensor);
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
        const MemoryResult *held = place_of(entry, memory, t);
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

static bool passes(const ReportEntry *entry, MetricIndex at)
{
    return entry->nest->level[at.level].passes >> at.tensor & 1;
}

/* What crosses for the children, which hold the tensor, or for who is deeper inside. */
static int64_t crossing_own(const ReportEntry *entry, MetricIndex at, int64_t moved)
{
    return passes(entry, at) ? 0 : moved;
}

static int64_t crossing_through(const ReportEntry *entry, MetricIndex at, int64_t moved)
{
    return passes(entry, at) ? moved : 0;
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

bool metrics_varies(MetricId id, const char *placeholder)
{
    return strstr(metrics_table[id].path, placeholder) != NULL;
}

static bool is_hierarchy(const Machine *machine)
{
    return machine != NULL && machine->n_memories > 0;
}

bool metrics_fits(MetricId id, const Machine *machine)
{
    unsigned other = is_hierarchy(machine) ? METRIC_FLAG_CLASSIC : METRIC_FLAG_MEMORIES;
    return !(metrics_table[id].flags & other);
}

bool metrics_there(MetricId id, const ReportEntry *entry, MetricIndex at)
{
    unsigned flags = metrics_table[id].flags;
    if (flags & METRIC_FLAG_ALWAYS)
        return true;
    if (!metrics_fits(id, entry->machine))
        return false;
    if (!is_hierarchy(entry->machine) || !metrics_varies(id, "{t}"))
        return true;
    if (metrics_varies(id, "{m}"))
        return place(entry, at) != NULL;
    return !g_str_has_prefix(metrics_table[id].path, "levels.") || !passes(entry, at);
}

/* How many values a placeholder has in an entry; 1 if the path does not hold it. */
static int bound_of(MetricId id, const char *placeholder, int values)
{
    return metrics_varies(id, placeholder) ? values : 1;
}

static bool is_single(MetricId id)
{
    return strchr(metrics_table[id].path, '{') == NULL;
}

static MetricIndex bounds(MetricId id, const ReportEntry *entry)
{
    bool evaluated = entry->status == ENTRY_EVALUATED;
    return (MetricIndex){
        .dim = bound_of(id, "{d}", entry->layer->op.n_dims),
        .tensor = bound_of(id, "{t}", entry->layer->op.n_tensors),
        .level = bound_of(id, "{l}", evaluated ? entry->result.n_levels : 0),
        .depth = bound_of(id, "{j}", evaluated ? entry->result.offchip_depths : 0),
        .memory = bound_of(
            id, "{m}", evaluated && is_hierarchy(entry->machine) ? entry->machine->n_memories : 0),
    };
}

/* Counts the index on, the last placeholder fastest; false after the last. */
static bool advance(const MetricIndex *bound, MetricIndex *at)
{
    if (++at->depth < bound->depth)
        return true;
    at->depth = 0;
    if (++at->tensor < bound->tensor)
        return true;
    at->tensor = 0;
    if (++at->level < bound->level)
        return true;
    at->level = 0;
    if (++at->memory < bound->memory)
        return true;
    at->memory = 0;
    return ++at->dim < bound->dim;
}

bool metrics_first(MetricId id, const ReportEntry *entry, MetricIndex *at)
{
    *at = (MetricIndex){0};
    if (!metrics_fits(id, entry->machine))
        return false;
    if (is_single(id))
        return true;
    MetricIndex bound = bounds(id, entry);
    if (bound.dim < 1 || bound.tensor < 1 || bound.level < 1 || bound.depth < 1 || bound.memory < 1)
        return false;
    return metrics_there(id, entry, *at) || metrics_next(id, entry, at);
}

bool metrics_next(MetricId id, const ReportEntry *entry, MetricIndex *at)
{
    if (is_single(id))
        return false;
    MetricIndex bound = bounds(id, entry);
    while (advance(&bound, at))
        if (metrics_there(id, entry, *at))
            return true;
    return false;
}

/* ---- names ---- */

static void append_placeholder(GString *name, char which, const ReportEntry *entry, MetricIndex at)
{
    const Operator *op = &entry->layer->op;
    if (which == 'd')
        g_string_append(name, op->dim[at.dim]);
    else if (which == 't')
        g_string_append(name, op->tensor[at.tensor].name);
    else
        g_string_append_printf(name, "%d",
                               which == 'l'   ? at.level
                               : which == 'm' ? at.memory
                                              : at.depth);
}

char *metrics_name(MetricId id, const ReportEntry *entry, MetricIndex at)
{
    GString *name = g_string_new(NULL);
    for (const char *p = metrics_table[id].path; *p; p++) {
        if (*p == '{') {
            append_placeholder(name, p[1], entry, at);
            p += 2;
        } else {
            g_string_append_c(name, *p);
        }
    }
    return g_string_free(name, FALSE);
}

/* What tells the paths of an entry on a hierarchy: which tensors stand where. */
static void append_places(GString *text, const ReportEntry *entry)
{
    const Machine *machine = entry->machine;
    for (int m = 0; m < machine->n_memories; m++) {
        unsigned held = 0;
        for (int t = 0; t < entry->layer->op.n_tensors; t++)
            held |= place_of(entry, m, t) != NULL ? 1u << t : 0;
        g_string_append_printf(text, "\n%x", held);
    }
    for (int l = 0; l < entry->result.n_levels; l++)
        g_string_append_printf(text, "\n%x", entry->nest->level[l].passes);
}

static GString *signature_new(const Layer *layer, int levels)
{
    GString *text = g_string_new(NULL);
    const Operator *op = &layer->op;
    g_string_printf(text, "%d", levels);
    for (int d = 0; d < op->n_dims; d++)
        g_string_append_printf(text, "\n%s", op->dim[d]);
    g_string_append(text, "\n");
    for (int t = 0; t < op->n_tensors; t++)
        g_string_append_printf(text, "\n%s", op->tensor[t].name);
    return text;
}

/* A name holds no newline. */
char *metrics_signature(const Layer *layer, int levels)
{
    return g_string_free(signature_new(layer, levels), FALSE);
}

char *metrics_signature_of(const ReportEntry *entry)
{
    bool evaluated = entry->status == ENTRY_EVALUATED;
    GString *text = signature_new(entry->layer, evaluated ? entry->result.n_levels : 0);
    if (evaluated && is_hierarchy(entry->machine))
        append_places(text, entry);
    return g_string_free(text, FALSE);
}

void metrics_outline(const Layer *layer, const Machine *machine, int levels, ReportEntry *entry)
{
    static const Nest all; /* no tensor passes a level */
    memset(entry, 0, sizeof *entry);
    entry->layer = layer;
    entry->machine = machine;
    entry->nest = &all;
    entry->status = levels > 0 ? ENTRY_EVALUATED : ENTRY_REFUSED;
    entry->result.n_levels = levels;
    entry->result.offchip_depths = 1;
    entry->result.n_places = machine != NULL ? machine->n_memories : 0;
    for (int m = 0; m < entry->result.n_places; m++)
        entry->result.place[m] = (MemoryResult){.memory = m, .tensors = machine->memory[m].holds};
}
