/* What changed between two runs, each written as JSON. */
#ifndef DCC_REPORT_DIFF_H
#define DCC_REPORT_DIFF_H

#include "report/output.h"

/* Layers by name, with the cause of what changed most; the totals by cause.  False with *error set
 * if a file cannot be read or is no run. */
bool diff_write(const char *before, const char *after, Output *out, GError **error);

#endif
