/* The run as one self-contained HTML file. */
#ifndef DCC_REPORT_HTML_H
#define DCC_REPORT_HTML_H

#include "report/report.h"

GString *html_write(const Report *report);

#endif
