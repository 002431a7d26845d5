/* Several dataflows side by side, over the same layers.  Of a layer under a dataflow a few figures
 * are kept. */
#ifndef DCC_REPORT_COMPARE_H
#define DCC_REPORT_COMPARE_H

#include "report/report.h"
#include "run/objective.h"

/* What dataflows can be compared by. */
static const ObjectiveSet COMPARE_OBJECTIVES =
    1U << OBJECTIVE_RUNTIME | 1U << OBJECTIVE_ENERGY | 1U << OBJECTIVE_EDP;

typedef struct Compare Compare;

Compare *compare_new(int runs, Objective objective);
void compare_free(Compare *compare);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Compare, compare_free)

/* Every layer of every run, of a run in order; entry->run says which it is.  Names are borrowed. */
void compare_entry(Compare *compare, const ReportEntry *entry);

/* The adaptive dataflow: every layer takes a dataflow so that the objective of the network is
 * least. False with *error naming what has no figure if the objective is not known of all that was
 * evaluated. */
bool compare_choose(Compare *compare, GError **error);

/* The run that a layer takes; the first where no run can evaluate it. */
int compare_chosen(const Compare *compare, guint layer);

/* Every layer under every dataflow, the best marked, and the totals: of each dataflow, of the
 * adaptive choice, and by class of operator. */
void compare_write(const Compare *compare, Report *const *runs, TextStyle style, Output *out);

#endif
