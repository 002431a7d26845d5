/* Sums over layers times count, largest values, and means weighted by cycles, layer by layer.
 *
 * Layers that were not evaluated do not count; a sum that does not fit 63 bits is unknown, one that
 * lacks a part is a bound from below. */
#include "report/totals.h"

#include <string.h>

/* How many cycles a text stands for. */
typedef struct {
    const char *text; /* static */
    double weight;
} Weight;

enum {
    SUMMED = METRIC_FLAG_TOTAL_SUM | METRIC_FLAG_TOTAL_MAX | METRIC_FLAG_TOTAL_MEAN |
             METRIC_FLAG_TOTAL_SAME,
    ANY = SUMMED | METRIC_FLAG_TOTAL_PRODUCT
};

Totals *totals_new(void)
{
    Totals *totals = g_new0(Totals, 1);
    totals->list = g_array_new(FALSE, FALSE, sizeof(Total));
    for (MetricId id = 0; id < METRICS; id++) {
        totals->first[id] = -1;
        if (metrics_table[id].kind == METRIC_KIND_TEXT &&
            metrics_table[id].flags & METRIC_FLAG_TOTAL_MEAN)
            totals->texts[id] = g_array_new(FALSE, FALSE, sizeof(Weight));
    }
    return totals;
}

void totals_free(Totals *totals)
{
    if (!totals)
        return;
    for (MetricId id = 0; id < METRICS; id++)
        if (totals->texts[id])
            g_array_free(totals->texts[id], TRUE);
    g_array_free(totals->list, TRUE);
    g_free(totals);
}

/* ---- one metric of one layer -------------------------------------------------------- */

static Total *total_at(const Totals *totals, MetricId id, const char *tensor, int memory)
{
    for (guint i = totals->first[id] < 0 ? totals->list->len : (guint) totals->first[id];
         i < totals->list->len; i++) {
        Total *total = &g_array_index(totals->list, Total, i);
        if (total->id == id && total->memory == memory && g_strcmp0(total->tensor, tensor) == 0)
            return total;
    }
    return NULL;
}

/* A fresh one has value 0. */
static Total *total_get(Totals *totals, MetricId id, const char *tensor, int memory)
{
    Total *found = total_at(totals, id, tensor, memory);
    if (found)
        return found;
    Total total = {id, tensor, memory, {.known = true, .kind = metrics_table[id].kind}};
    if (totals->first[id] < 0)
        totals->first[id] = (int) totals->list->len;
    g_array_append_val(totals->list, total);
    return &g_array_index(totals->list, Total, totals->list->len - 1);
}

/* Known while all are; a bound from below while all are known or such bounds. */
static void add_certainty(MetricValue *sum, MetricValue value)
{
    bool bounded = (sum->known || sum->at_least) && (value.known || value.at_least);
    sum->known = sum->known && value.known;
    sum->at_least = bounded && !sum->known;
}

static void add_sum(MetricValue *sum, MetricValue value, int64_t times)
{
    int64_t product;
    add_certainty(sum, value);
    sum->real += value.real * (double) times;
    if (sum->known && sum->kind == METRIC_KIND_COUNT)
        sum->known = !__builtin_mul_overflow(value.count, times, &product) &&
                     !__builtin_add_overflow(sum->count, product, &sum->count);
}

static void add_largest(MetricValue *largest, MetricValue value)
{
    add_certainty(largest, value);
    largest->count = MAX(largest->count, value.count);
    largest->real = MAX(largest->real, value.real);
}

/* A mean's sum: totals_find divides it. */
static void add_weighted(MetricValue *sum, MetricValue value, double weight)
{
    if (weight <= 0)
        return;
    add_certainty(sum, value);
    sum->real += weight * value.real;
}

static void add_text(GArray *texts, MetricValue value, double weight)
{
    for (guint i = 0; i < texts->len && value.known; i++) {
        Weight *other = &g_array_index(texts, Weight, i);
        if (strcmp(other->text, value.text) == 0) {
            other->weight += weight;
            return;
        }
    }
    Weight first = {value.text, weight};
    if (value.known)
        g_array_append_val(texts, first);
}

static void add_metric(Totals *totals, const ReportEntry *entry, MetricId id, double weight)
{
    unsigned flags = metrics_table[id].flags;
    bool by_tensor = metrics_varies(id, "{t}");
    MetricIndex at;
    if (!metrics_first(id, entry, &at))
        return;
    do {
        MetricValue value = metrics_read(id, entry, at);
        Total *total = total_get(
            totals, id, by_tensor ? entry->layer->op.tensor[at.tensor].name : NULL, at.memory);
        if (flags & METRIC_FLAG_TOTAL_SAME)
            total->value = value;
        else if (flags & METRIC_FLAG_TOTAL_SUM)
            add_sum(&total->value, value, entry->layer->count);
        else if (flags & METRIC_FLAG_TOTAL_MAX)
            add_largest(&total->value, value);
        else
            add_weighted(&total->value, value, weight);
    } while (metrics_next(id, entry, &at));
}

static void add_gaps(Totals *totals, const Cost *cost)
{
    totals->unknown |= cost->unknown;
    totals->not_modelled |= cost->not_modelled;
    totals->not_leaking |= cost->not_leaking;
    for (int p = 0; p < COST_PARTS; p++)
        if (cost->name[p] != NULL)
            totals->part[p] = cost->name[p];
}

void totals_add(Totals *totals, const ReportEntry *entry)
{
    double weight = (double) entry->result.cycles * (double) entry->layer->count;
    if (entry->status != ENTRY_EVALUATED) {
        totals->missing++;
        return;
    }
    totals->evaluated++;
    totals->memories |= entry->machine->n_memories > 0;
    for (int m = 0; m < entry->machine->n_memories; m++)
        totals->exceeded |= entry_exceeds(entry, m) ? 1u << m : 0;
    totals->cycles += weight;
    if (entry->costed)
        add_gaps(totals, &entry->cost);
    for (MetricId id = 0; id < METRICS; id++)
        if (totals->texts[id])
            add_text(totals->texts[id], metrics_read(id, entry, (MetricIndex){0}), weight);
        else if (metrics_table[id].flags & SUMMED)
            add_metric(totals, entry, id, weight);
}

Totals *totals_of(const Report *report)
{
    Totals *totals = totals_new();
    for (guint i = 0; i < report->entries->len; i++)
        totals_add(totals, &g_array_index(report->entries, ReportEntry, i));
    return totals;
}

/* ---- what they come to --------------------------------------------------------------- */

/* The text that most cycles have; the first of equals. */
static MetricValue mean_text(const GArray *texts)
{
    const Weight *most = NULL;
    for (guint i = 0; i < texts->len; i++) {
        const Weight *weight = &g_array_index(texts, Weight, i);
        if (weight->weight > (most ? most->weight : 0))
            most = weight;
    }
    return (MetricValue){
        .known = most != NULL, .kind = METRIC_KIND_TEXT, .text = most ? most->text : NULL};
}

/* Energy times time of the network. */
static MetricValue product(const Totals *totals)
{
    MetricValue energy = totals_find(totals, METRIC_ENERGY, NULL);
    MetricValue seconds = totals_find(totals, METRIC_SECONDS, NULL);
    energy.known = energy.known && seconds.known;
    energy.at_least = energy.at_least && seconds.known;
    energy.real = cost_edp(energy.real, seconds.real);
    return energy;
}

MetricValue totals_find(const Totals *totals, MetricId id, const char *tensor)
{
    return totals_find_memory(totals, id, tensor, 0);
}

MetricValue totals_find_memory(const Totals *totals, MetricId id, const char *tensor, int memory)
{
    if (metrics_table[id].flags & METRIC_FLAG_TOTAL_PRODUCT)
        return product(totals);
    if (totals->texts[id])
        return mean_text(totals->texts[id]);
    const Total *total = total_at(totals, id, tensor, memory);
    MetricValue value = total ? total->value : (MetricValue){.kind = metrics_table[id].kind};
    if (metrics_table[id].flags & METRIC_FLAG_TOTAL_MEAN) {
        value.known = value.known && totals->cycles > 0;
        value.real = totals->cycles > 0 ? value.real / totals->cycles : 0;
    }
    return value;
}

/* By tensor, by memory, or both. */
static void visit_several(const Totals *totals, MetricId id, TotalVisit visit, void *data)
{
    for (guint i = 0; i < totals->list->len; i++) {
        const Total *total = &g_array_index(totals->list, Total, i);
        if (total->id != id)
            continue;
        GString *name = g_string_new(metrics_table[id].path);
        g_autofree char *memory = g_strdup_printf("%d", total->memory);
        g_string_replace(name, "{m}", memory, 0);
        g_string_replace(name, "{t}", total->tensor != NULL ? total->tensor : "", 0);
        visit(name->str, total->value, data);
        g_string_free(name, TRUE);
    }
}

void totals_each(const Totals *totals, TotalVisit visit, void *data)
{
    unsigned other = totals->memories ? METRIC_FLAG_CLASSIC : METRIC_FLAG_MEMORIES;
    for (MetricId id = 0; id < METRICS; id++)
        if (metrics_table[id].flags & other)
            continue;
        else if (metrics_varies(id, "{t}") || metrics_varies(id, "{m}"))
            visit_several(totals, id, visit, data);
        else if (metrics_table[id].flags & ANY)
            visit(metrics_table[id].path, totals_find(totals, id, NULL), data);
}

/* ---- what they lack ------------------------------------------------------------------ */

static void name_gap(const Totals *totals, const char *what, unsigned parts, TotalGap gap,
                     void *data)
{
    g_autoptr(GString) text = g_string_new(what);
    const char *separator = "";
    for (int p = 0; p < COST_PARTS; p++)
        if (parts >> p & 1) {
            g_string_append_printf(text, "%s%s", separator, totals->part[p]);
            separator = ", ";
        }
    if (parts)
        gap(text->str, data);
}

void totals_gaps(const Totals *totals, TotalGap gap, void *data)
{
    name_gap(totals, "energy lacks what has no figure: ", totals->unknown, gap, data);
    name_gap(totals, "energy leaves out what is not modelled: ", totals->not_modelled, gap, data);
    name_gap(totals, "energy leaves out what is not modelled: leakage of ", totals->not_leaking,
             gap, data);
}
