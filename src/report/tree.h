/* The loop nest of a layer on a hierarchy of memories. */
#ifndef DCC_REPORT_TREE_H
#define DCC_REPORT_TREE_H

#include "report/report.h"

/* Appends it, a line a loop, each indented below the one around it. */
void tree_append(GString *out, const ReportEntry *entry);

#endif
