/* Sums over layers times count, largest values, and means weighted by cycles.
 *
 * Layers that were not evaluated do not count; a sum that does not fit 63 bits is unknown. */
#include "report/totals.h"

#include <string.h>

static void total_free(gpointer data)
{
    Total *total = data;
    g_free(total->name);
    g_free(total);
}

/* The total of that name; a fresh one, of value 0, where there is none yet. */
static Total *total_get(Totals *totals, guint first, MetricId id, char *name)
{
    for (guint i = first; i < totals->list->len; i++) {
        Total *total = g_ptr_array_index(totals->list, i);
        if (strcmp(total->name, name) == 0) {
            g_free(name);
            return total;
        }
    }
    Total *total = g_new0(Total, 1);
    total->id = id;
    total->name = name;
    total->value = (MetricValue){.known = true, .kind = metrics_table[id].kind};
    g_ptr_array_add(totals->list, total);
    return total;
}

static void add_sum(MetricValue *sum, MetricValue value, int64_t times)
{
    int64_t product;
    sum->known = sum->known && value.known;
    sum->real += value.real * (double) times;
    if (sum->known && sum->kind == METRIC_KIND_COUNT)
        sum->known = !__builtin_mul_overflow(value.count, times, &product) &&
                     !__builtin_add_overflow(sum->count, product, &sum->count);
}

static void add_largest(MetricValue *largest, MetricValue value)
{
    largest->known = largest->known && value.known;
    largest->count = MAX(largest->count, value.count);
    largest->real = MAX(largest->real, value.real);
}

/* Sums and maxima of one metric. */
static void total_up(Totals *totals, const Report *report, MetricId id)
{
    guint first = totals->list->len;
    bool sum = metrics_table[id].flags & METRIC_FLAG_TOTAL_SUM;
    for (guint i = 0; i < report->entries->len; i++) {
        const ReportEntry *entry = &g_array_index(report->entries, ReportEntry, i);
        MetricIndex at;
        if (entry->status != ENTRY_EVALUATED || !metrics_first(id, entry, &at))
            continue;
        do {
            Total *total = total_get(totals, first, id, metrics_name(id, entry, at));
            MetricValue value = metrics_read(id, entry, at);
            if (sum)
                add_sum(&total->value, value, entry->layer->count);
            else
                add_largest(&total->value, value);
        } while (metrics_next(id, entry, &at));
    }
}

static double weight_of(const ReportEntry *entry)
{
    return entry->status == ENTRY_EVALUATED
               ? (double) entry->result.cycles * (double) entry->layer->count
               : 0;
}

static MetricValue mean_number(const Report *report, MetricId id)
{
    double sum = 0, weights = 0;
    bool known = true;
    for (guint i = 0; i < report->entries->len; i++) {
        const ReportEntry *entry = &g_array_index(report->entries, ReportEntry, i);
        double weight = weight_of(entry);
        if (weight > 0) {
            MetricValue value = metrics_read(id, entry, (MetricIndex){0});
            known &= value.known;
            sum += weight * value.real;
        }
        weights += weight;
    }
    return (MetricValue){.known = known && weights > 0,
                         .kind = metrics_table[id].kind,
                         .real = weights > 0 ? sum / weights : 0};
}

/* The text that most of the weight has; the first of equals. */
static MetricValue mean_text(const Report *report, MetricId id)
{
    MetricValue mean = {.kind = METRIC_KIND_TEXT};
    g_autoptr(GHashTable) weights = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    double most = 0;
    for (guint i = 0; i < report->entries->len; i++) {
        const ReportEntry *entry = &g_array_index(report->entries, ReportEntry, i);
        MetricValue value = metrics_read(id, entry, (MetricIndex){0});
        if (!value.known)
            continue;
        double *weight = g_hash_table_lookup(weights, value.text);
        if (!weight) {
            weight = g_new0(double, 1);
            g_hash_table_insert(weights, (gpointer) value.text, weight);
        }
        *weight += weight_of(entry);
    }
    for (guint i = 0; i < report->entries->len; i++) {
        const ReportEntry *entry = &g_array_index(report->entries, ReportEntry, i);
        MetricValue value = metrics_read(id, entry, (MetricIndex){0});
        double *weight = value.known ? g_hash_table_lookup(weights, value.text) : NULL;
        if (weight && *weight > most) {
            most = *weight;
            mean = value;
        }
    }
    return mean;
}

static void total_mean(Totals *totals, const Report *report, MetricId id)
{
    Total *total = total_get(totals, totals->list->len, id, g_strdup(metrics_table[id].path));
    bool text = metrics_table[id].kind == METRIC_KIND_TEXT;
    total->value = text ? mean_text(report, id) : mean_number(report, id);
}

Totals *totals_new(const Report *report)
{
    Totals *totals = g_new0(Totals, 1);
    totals->list = g_ptr_array_new_with_free_func(total_free);
    for (guint i = 0; i < report->entries->len; i++)
        totals->evaluated +=
            g_array_index(report->entries, ReportEntry, i).status == ENTRY_EVALUATED;
    for (MetricId id = 0; id < METRICS; id++) {
        unsigned flags = metrics_table[id].flags;
        if (flags & (METRIC_FLAG_TOTAL_SUM | METRIC_FLAG_TOTAL_MAX))
            total_up(totals, report, id);
        else if (flags & METRIC_FLAG_TOTAL_MEAN)
            total_mean(totals, report, id);
    }
    return totals;
}

void totals_free(Totals *totals)
{
    if (!totals)
        return;
    g_ptr_array_free(totals->list, TRUE);
    g_free(totals);
}

MetricValue totals_find(const Totals *totals, MetricId id)
{
    for (guint i = 0; i < totals->list->len; i++) {
        const Total *total = g_ptr_array_index(totals->list, i);
        if (total->id == id)
            return total->value;
    }
    return (MetricValue){.kind = metrics_table[id].kind};
}
