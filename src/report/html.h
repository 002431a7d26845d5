/* The run as one self-contained HTML file. */
#ifndef DCC_REPORT_HTML_H
#define DCC_REPORT_HTML_H

#include "report/compare.h"
#include "report/report.h"
#include "why/remedies.h"

/* Row by row; of a layer only what its marks need is kept, its texts wait in a file of their own
 * for the totals, which stand before them. */
typedef struct Html Html;
Html *html_begin(Output *out, const Report *report);
void html_entry(Html *html, const ReportEntry *entry);
/* One that another is compared with: it is no part of the totals. */
void html_beside(Html *html, const ReportEntry *entry);

/* Before the first entry: they are of several dataflows, layer by layer under each of them.  The
 * totals are those of the adaptive choice.  Borrows both. */
void html_compare(Html *html, const Compare *compare, Report *const *runs);

/* Before the first entry, where these are the layers of a program: remedies are sought for them.
 * Borrows it. */
void html_advise(Html *html, Adviser *adviser);

/* A section of its own, behind the overview; takes the body. */
void html_insert(Html *html, const char *id, const char *title, GString *body);

/* Writes all of it. */
void html_total(Html *html, const Report *report);
void html_end(Html *html);

/* All entries of the report at once, in memory. */
GString *html_write(const Report *report);

#endif
