/* Several dataflows side by side: a report each, over the same layers. */
#ifndef DCC_REPORT_COMPARE_H
#define DCC_REPORT_COMPARE_H

#include "report/report.h"
#include "run/objective.h"

/* What dataflows can be compared by. */
static const ObjectiveSet COMPARE_OBJECTIVES =
    1U << OBJECTIVE_RUNTIME | 1U << OBJECTIVE_ENERGY | 1U << OBJECTIVE_EDP;

/* Whether the objective is known of all layers that were evaluated; else false with *error naming
 * what has no figure. */
bool compare_known(Report *const *runs, int n_runs, Objective objective, GError **error);

/* The adaptive dataflow: for every layer the entry of the run that is best for the objective; the
 * first of equals.  A layer that no run evaluates stays as the first run has it.  Strings and IR
 * are borrowed from the runs. */
Report *compare_best(Report *const *runs, int n_runs, Objective objective);

/* Every layer under every dataflow, the best marked, and the totals: of each dataflow, of the
 * adaptive choice, and by class of operator. */
GString *compare_write(Report *const *runs, int n_runs, const Report *best, Objective objective,
                       TextStyle style);

/* All layers of all runs in one report, for the forms that hold a row or a mark a layer. */
Report *compare_join(Report *const *runs, int n_runs, const Report *best);

/* As json_write of the adaptive report, with the runs under "runs". */
GString *compare_json(Report *const *runs, int n_runs, const Report *best, Objective objective);

#endif
