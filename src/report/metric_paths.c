/* Which paths an entry has, and what they are called.  A path without placeholders has one value;
 * of the others some may be missing: on a hierarchy a tensor stands only with what holds it. */
#include "report/metrics.h"

#include <string.h>

/* ---- what there is ---- */

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

const MemoryResult *metrics_place(const ReportEntry *entry, int memory, int tensor)
{
    for (int p = 0; p < entry->result.n_places; p++) {
        const MemoryResult *place = &entry->result.place[p];
        if (place->memory == memory && place->tensors >> tensor & 1)
            return place;
    }
    return NULL;
}

bool metrics_passes(const ReportEntry *entry, MetricIndex at)
{
    return entry->nest->level[at.level].passes >> at.tensor & 1;
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
        return metrics_place(entry, at.memory, at.tensor) != NULL;
    return !g_str_has_prefix(metrics_table[id].path, "levels.") || !metrics_passes(entry, at);
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
        .depth = bound_of(id, "{j}", evaluated ? offchip_depths(&entry->result) : 0),
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
            held |= metrics_place(entry, m, t) != NULL ? 1u << t : 0;
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
    entry->result.n_places = machine != NULL ? machine->n_memories : 0;
    for (int m = 0; m < entry->result.n_places; m++)
        entry->result.place[m] = (MemoryResult){.memory = m, .tensors = machine->memory[m].holds};
}
