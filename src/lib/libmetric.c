/* Metrics by number: a row of metrics.def and which dim, tensor, level, depth and memory it is of,
 *
 *   metric = row * 2^20 + memory * 2^16 + dim * 2^12 + tensor * 2^8 + level * 2^4 + depth */
#include "lib/lib.h"

#include <math.h>
#include <string.h>

#include "report/metrics.h"

static dcc_metric metric_join(MetricId id, MetricIndex at)
{
    return (dcc_metric) id << 20 | at.memory << 16 | at.dim << 12 | at.tensor << 8 | at.level << 4 |
           at.depth;
}

static MetricId metric_split(dcc_metric metric, MetricIndex *at)
{
    *at = (MetricIndex){.dim = metric >> 12 & 15,
                        .tensor = metric >> 8 & 15,
                        .level = metric >> 4 & 15,
                        .depth = metric & 15,
                        .memory = metric >> 16 & 15};
    return metric < 0 || metric >> 20 >= METRICS ? METRICS : (MetricId) (metric >> 20);
}
_Static_assert(METRICS < 1 << 11 && MEMORIES_MAX <= 16, "a metric's number is a dcc_metric");

/* ---- names ---- */

static bool is_word(const char *word, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(word, name, length) == 0;
}

/* Number of the word in a list of names; -1 if it is none. */
static int dim_index(const Operator *op, const char *word, size_t length)
{
    int dim = op->n_dims - 1;
    while (dim >= 0 && !is_word(word, length, op->dim[dim]))
        dim--;
    return dim;
}

static int tensor_index(const Operator *op, const char *word, size_t length)
{
    int tensor = op->n_tensors - 1;
    while (tensor >= 0 && !is_word(word, length, op->tensor[tensor].name))
        tensor--;
    return tensor;
}

/* A number without sign, leading zeros or more than two digits, below the limit; else -1. */
static int number_index(const char *word, size_t length, int limit)
{
    int number = 0;
    if (length < 1 || length > 2 || (length == 2 && word[0] == '0'))
        return -1;
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isdigit(word[i]))
            return -1;
        number = number * 10 + (word[i] - '0');
    }
    return number < limit ? number : -1;
}

/* A memory has a number and a name. */
static int memory_index(const Machine *machine, const char *word, size_t length)
{
    int memory = machine->n_memories - 1;
    while (memory >= 0 && !is_word(word, length, machine->memory[memory].name))
        memory--;
    return memory >= 0 ? memory : number_index(word, length, machine->n_memories);
}

/* Takes the word for the placeholder; false if it cannot stand there. */
static bool take_word(const dcc_job *job, char placeholder, const char *word, size_t length,
                      MetricIndex *at)
{
    const Operator *op = &job->layer.op;
    int *index = placeholder == 'd'   ? &at->dim
                 : placeholder == 't' ? &at->tensor
                 : placeholder == 'l' ? &at->level
                 : placeholder == 'm' ? &at->memory
                                      : &at->depth;
    *index = placeholder == 'd'   ? dim_index(op, word, length)
             : placeholder == 't' ? tensor_index(op, word, length)
             : placeholder == 'l' ? number_index(word, length, LEVELS_MAX)
             : placeholder == 'm' ? memory_index(job->machine, word, length)
                                  : number_index(word, length, DIMS_MAX + 1);
    return *index >= 0;
}

/* Whether the name is one that the path stands for. */
static bool matches(const char *path, const char *name, const dcc_job *job, MetricIndex *at)
{
    *at = (MetricIndex){0};
    while (*path != '\0') {
        if (*path != '{') {
            if (*path++ != *name++)
                return false;
            continue;
        }
        size_t length = strcspn(name, ".");
        if (!take_word(job, path[1], name, length, at))
            return false;
        path += 3;
        name += length;
    }
    return *name == '\0';
}

dcc_metric dcc_metric_find(const dcc_job *job, const char *name)
{
    MetricIndex at;
    for (MetricId id = 0; id < METRICS; id++)
        if (metrics_fits(id, job->machine) && matches(metrics_table[id].path, name, job, &at))
            return metric_join(id, at);
    return DCC_NO_METRIC;
}

/* Whether the result has such a value. */
static bool is_there(const dcc_result *result, MetricId id, MetricIndex at)
{
    const ReportEntry *entry = &result->entry;
    if (id == METRICS || entry->layer == NULL)
        return false;
    const Operator *op = &entry->layer->op;
    bool evaluated = entry->status == ENTRY_EVALUATED;
    bool known = at.dim < op->n_dims && at.tensor < op->n_tensors;
    if (!known || !evaluated)
        return known;
    bool depth = !metrics_varies(id, "{j}") || at.depth < offchip_depths(&entry->result);
    bool memory = at.memory == 0 || at.memory < entry->machine->n_memories;
    return at.level < entry->result.n_levels && depth && memory && metrics_there(id, entry, at);
}

dcc_metric dcc_metric_next(const dcc_result *result, dcc_metric metric)
{
    const ReportEntry *entry = &result->entry;
    MetricIndex at;
    MetricId id = 0;
    if (entry->layer == NULL)
        return DCC_NO_METRIC;
    if (metric >= 0) {
        id = metric_split(metric, &at);
        if (!is_there(result, id, at))
            return DCC_NO_METRIC;
        if (metrics_next(id, entry, &at))
            return metric_join(id, at);
        id++;
    }
    for (; id < METRICS; id++)
        if (metrics_first(id, entry, &at))
            return metric_join(id, at);
    return DCC_NO_METRIC;
}

int dcc_metric_name(const dcc_result *result, dcc_metric metric, char *name, size_t size)
{
    MetricIndex at;
    MetricId id = metric_split(metric, &at);
    if (!is_there(result, id, at))
        return -1;
    g_autofree char *text = metrics_name(id, &result->entry, at);
    if (size > 0)
        g_strlcpy(name, text, size);
    return (int) strlen(text);
}

int dcc_metric_type(dcc_metric metric)
{
    static const int types[] = {[METRIC_KIND_TEXT] = DCC_TEXT,
                                [METRIC_KIND_COUNT] = DCC_COUNT,
                                [METRIC_KIND_REAL] = DCC_REAL,
                                [METRIC_KIND_SHARE] = DCC_REAL};
    MetricIndex at;
    MetricId id = metric_split(metric, &at);
    return id < METRICS ? types[metrics_table[id].kind] : -1;
}

const char *dcc_metric_unit(dcc_metric metric)
{
    MetricIndex at;
    MetricId id = metric_split(metric, &at);
    return id < METRICS ? metrics_table[id].unit : "";
}

/* ---- values ---- */

static MetricValue value_of(const dcc_result *result, dcc_metric metric)
{
    MetricIndex at;
    MetricId id = metric_split(metric, &at);
    return is_there(result, id, at) ? metrics_read(id, &result->entry, at)
                                    : (MetricValue){.known = false};
}

int64_t dcc_count(const dcc_result *result, dcc_metric metric)
{
    MetricValue value = value_of(result, metric);
    return value.known && value.kind == METRIC_KIND_COUNT ? value.count : -1;
}

double dcc_real(const dcc_result *result, dcc_metric metric)
{
    MetricValue value = value_of(result, metric);
    return value.known && value.kind != METRIC_KIND_TEXT ? value.real : NAN;
}

const char *dcc_text(const dcc_result *result, dcc_metric metric)
{
    MetricValue value = value_of(result, metric);
    return value.known && value.kind == METRIC_KIND_TEXT ? value.text : NULL;
}
