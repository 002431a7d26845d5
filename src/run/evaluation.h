/* All layers of a program under one choice of dataflows, one after the other: each is lowered,
 * evaluated and let go; at the end stands the chip that they need together.  What a run takes of
 * memory does not grow with its layers. */
#ifndef DCC_RUN_EVALUATION_H
#define DCC_RUN_EVALUATION_H

#include "run/entry.h"
#include "run/extrapolation.h"
#include "run/job.h"

typedef struct {
    const Program *program;
    guint choice, next;   /* the layer that comes next */
    bool quiet;           /* nothing is reported: it was before */
    const char *dataflow; /* name of the choice, or "" */
    bool has_machine;     /* it can be resolved for the operator of a layer: */
    Machine machine;
    Job outlined;                 /* of evaluation_outline */
    const Technology *technology; /* of the program, or the machine's own; NULL: neither is given */
    Capacity capacity;            /* of the layers so far */
    ChipCost chip;                /* at the end; all 0 if no technology is known */
    Farthest beyond;
    Workspace *ws;
    Job job; /* the entry borrows from it */
    ReportEntry entry;
} Evaluation;

/* Begins; the program must outlive it.  Free with evaluation_free. */
Evaluation *evaluation_new(const Program *program, guint choice, bool quiet);
void evaluation_free(Evaluation *evaluation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evaluation, evaluation_free)

/* What is known of a layer before it is evaluated: see job_outline; and, where it is mapped onto a
 * hierarchy of memories, that machine, good until the next call; NULL: a classic one, or none.
 * Nothing is reported. */
const Machine *evaluation_outline(Evaluation *evaluation, guint layer, Layer *outline, int *levels);

/* The next layer, every layer of the program being one; NULL after the last.  What is wrong with it
 * and what does not fit is reported to the program's diag.  Good until the next call. */
const ReportEntry *evaluation_next(Evaluation *evaluation);

/* After the last: the chip, and whether it keeps to its budgets. */
void evaluation_finish(Evaluation *evaluation);

#endif
