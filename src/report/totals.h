/* Totals of a run: each metric over its layers, as its row in metrics.def says. */
#ifndef DCC_REPORT_TOTALS_H
#define DCC_REPORT_TOTALS_H

#include "report/metrics.h"

typedef struct {
    MetricId id;
    char *name; /* as metrics_name gives it */
    MetricValue value;
} Total;

typedef struct {
    GPtrArray *list;   /* of Total *, in the order of the table */
    int64_t evaluated; /* layers that went in, each once */
} Totals;

Totals *totals_new(const Report *report);
void totals_free(Totals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Totals, totals_free)

/* The total of a metric without placeholders; unknown if it has none. */
MetricValue totals_find(const Totals *totals, MetricId id);

#endif
