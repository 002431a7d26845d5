/* Totals of a run: each metric over its layers, as its row in metrics.def says. */
#ifndef DCC_REPORT_TOTALS_H
#define DCC_REPORT_TOTALS_H

#include "report/metrics.h"

typedef struct {
    MetricId id;
    const char *tensor; /* of a metric by tensor, borrowed from the layer; else NULL */
    int memory;         /* of a metric by memory; else 0 */
    MetricValue value;
} Total;

/* Grows by layers, keeps none of them; borrows the names of tensors. */
typedef struct {
    GArray *list;                   /* of Total, as they were met */
    int first[METRICS];             /* of a metric in the list; -1: none yet */
    GArray *texts[METRICS];         /* weights of the texts of a metric; NULL: no text, no total */
    int64_t evaluated, missing;     /* layers, each once */
    double cycles;                  /* all: the weights of means */
    bool memories;                  /* the machine is a hierarchy of them */
    unsigned unknown, not_modelled; /* parts of the energy, of all layers, as Cost has them */
    unsigned not_leaking;
    unsigned exceeded;            /* memories of a hierarchy that some layer needs more of */
    const char *part[COST_PARTS]; /* their names, borrowed */
} Totals;

Totals *totals_new(void);
void totals_free(Totals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Totals, totals_free)

void totals_add(Totals *totals, const ReportEntry *entry);

/* Of all entries of a report. */
Totals *totals_of(const Report *report);

/* The total of a metric, by tensor where it has one; unknown if it has none.  The EDP of a network
 * is its energy times its time. */
MetricValue totals_find(const Totals *totals, MetricId id, const char *tensor);
MetricValue totals_find_memory(const Totals *totals, MetricId id, const char *tensor, int memory);

/* Calls, where some energy has no figure, with a sentence for what the total lacks, then with one
 * for what is not modelled. */
typedef void (*TotalGap)(const char *sentence, void *data);
void totals_gaps(const Totals *totals, TotalGap gap, void *data);

/* Calls for every total that a machine of this form has, in the order of the table, with its name
 * as metrics_name gives it. */
typedef void (*TotalVisit)(const char *name, MetricValue value, void *data);
void totals_each(const Totals *totals, TotalVisit visit, void *data);

#endif
