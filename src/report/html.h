/* The run as one self-contained HTML file. */
#ifndef DCC_REPORT_HTML_H
#define DCC_REPORT_HTML_H

#include "report/report.h"

/* Row by row; of a layer only what its marks need is kept. */
typedef struct Html Html;
Html *html_begin(Output *out, const Report *report);
void html_entry(Html *html, const ReportEntry *entry);
/* One that another is compared with: it is no part of the totals. */
void html_beside(Html *html, const ReportEntry *entry);
/* Totals, charts and messages; more sections may be written before the end. */
void html_total(Html *html, const Report *report);
void html_end(Html *html);

/* All entries of the report at once, in memory. */
GString *html_write(const Report *report);

#endif
