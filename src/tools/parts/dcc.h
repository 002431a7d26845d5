/* What the parts of the dcc tool share: its options, and how they are reported on. */
#ifndef DCC_TOOLS_PARTS_DCC_H
#define DCC_TOOLS_PARTS_DCC_H

#include "report/forms.h"
#include "run/evaluation.h"
#include "run/objective.h"

typedef struct {
    char **files, **layers, **sets, **defines, **warnings, **format;
    char *model, *hardware, *csv, *json, *html, *explain, *technology, *area, *power, *optimize,
        *columns, *list, *as_hierarchy, *why, *init;
    double node;
    gboolean detail, explain_cost, version, diff;
} Options;

/* What a report begins with.  Borrows from both. */
Report *dcc_report(const Program *program, const Evaluation *evaluation);

bool dcc_takes_stdout(const char *path);
/* The text is left out where another form of the run goes to standard output. */
bool dcc_writes_text(const Options *options, const Program *program);
TextStyle dcc_style(const Options *options);
Forms *dcc_forms(const Options *options, GError **error);
/* The columns of CSV, before the first row. */
void dcc_tell_layers(Forms *forms, Evaluation *evaluation);

/* All choices of dataflows of the program, compared. */
bool dcc_run_several(const Program *program, const Options *options, Objective objective,
                     GError **error);

#endif
