/* Which data each PE works on, step by step, for cases small enough to be looked at. */
#ifndef DCC_REPORT_PLACEMENT_H
#define DCC_REPORT_PLACEMENT_H

#include "report/report.h"

enum {
    PLACEMENT_PES_MAX = 16,  /* more are not shown */
    PLACEMENT_STEPS_MAX = 6, /* time steps shown */
};

/* Appends a table of the first time steps; false, and nothing, if there are too many PEs. */
bool placement_append(GString *out, const ReportEntry *entry, bool colour);

#endif
