/* Tables of a hierarchy: what its memories hold and are asked for, what crosses its links. */
#ifndef DCC_REPORT_MEMORIES_H
#define DCC_REPORT_MEMORIES_H

#include "report/totals.h"

/* Of a layer: a row for each memory, below it one for each tensor that it holds. */
void memories_append(GString *out, const ReportEntry *entry, bool colour);
/* A row for each level's link, below it one for each tensor that crosses. */
void memories_append_links(GString *out, const ReportEntry *entry, bool colour);

/* Of a network: accesses and energies are sums over layers times count, needs and tiles the
 * largest.  Nothing if no layer was evaluated. */
void memories_append_total(GString *out, const Totals *totals, const Machine *machine, bool colour);

#endif
