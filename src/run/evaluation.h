/* All layers of a program under one choice of dataflows: jobs to entries, then the chip that they
 * need together. */
#ifndef DCC_RUN_EVALUATION_H
#define DCC_RUN_EVALUATION_H

#include "run/entry.h"
#include "run/job.h"

typedef struct {
    const char *dataflow; /* name of the choice, or "" */
    GArray *jobs;         /* of Job; owned, the entries borrow from it */
    GArray *entries;      /* of ReportEntry, one for each job */
    ChipCost chip;        /* all 0 if no technology is known */
} Evaluation;

/* What does not fit is in the entries and is reported to the program's diag.  Free with
 * evaluation_free; the program must outlive it. */
Evaluation *evaluation_new(const Program *program, guint choice);
void evaluation_free(Evaluation *evaluation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evaluation, evaluation_free)

#endif
