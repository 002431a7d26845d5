/* All figures of one layer as text. */
#ifndef DCC_REPORT_DETAIL_H
#define DCC_REPORT_DETAIL_H

#include "report/report.h"

/* Appends the figures by tensor and level; dims and extents are its heading. */
void detail_append(GString *out, const ReportEntry *entry, bool colour);

/* "3x CONV2" where the network runs a layer more than once. */
GString *detail_name(const Layer *layer);
GString *detail_label(const char *name, int64_t count);

/* "CONV1: CONV N=1 K=64 ..." without a newline. */
void detail_heading(GString *out, const ReportEntry *entry, bool colour);

#endif
