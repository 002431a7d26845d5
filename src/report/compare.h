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

/* Of a layer under a dataflow, run once; of a network, all of its layers times their counts. */
typedef struct {
    bool evaluated;
    bool costed, lacks; /* energy: known, or at least that much as a part has no figure */
    double cycles, pj, seconds;
} CompareFigures;

int compare_runs(const Compare *compare);
guint compare_layers(const Compare *compare);
Objective compare_objective(const Compare *compare);
CompareFigures compare_figures(const Compare *compare, int run, guint layer);
/* "3x CONV2"; owned by the caller. */
GString *compare_label(const Compare *compare, guint layer);

/* Of the network if layer k is under chosen[k], below 0: the first run. */
CompareFigures compare_total(const Compare *compare, const int *chosen);

/* As compare_choose, for another objective: a run for each layer.  False if it is not known. */
bool compare_pick(const Compare *compare, Objective objective, int *chosen);

/* The run that a layer takes; the first where no run can evaluate it. */
int compare_chosen(const Compare *compare, guint layer);

/* Every layer under every dataflow, the best marked, and the totals: of each dataflow, of the
 * adaptive choice, and by class of operator. */
void compare_write(const Compare *compare, Report *const *runs, TextStyle style, Output *out);

#endif
