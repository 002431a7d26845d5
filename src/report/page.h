/* The frame that all HTML files share: one style, headings, sections, cells of tables. */
#ifndef DCC_REPORT_PAGE_H
#define DCC_REPORT_PAGE_H

#include "report/svg.h"

/* From the doctype to the begin of what is said: the title is the heading too, `sub` a line below
 * it. */
void page_open(GString *out, const char *title, const char *sub);
/* `sortable`: some table is. */
void page_close(GString *out, bool sortable);

/* Where the contents lead. */
typedef struct {
    const char *id, *title;
} PageLink;
void page_contents(GString *out, const PageLink *links, int n);

void page_section(GString *out, const char *id, const char *title);
void page_section_end(GString *out);

/* A table that scrolls by itself where it is too wide; `caption` says what it is.  Rows may be
 * sorted where a script may run. */
void page_table(GString *out, const char *caption, bool sortable);
void page_table_end(GString *out);

/* Cells of a head or a row: `value` is what a number is sorted by. */
void page_head(GString *out, const char *text, bool left);
void page_row_head(GString *out, const char *text);
void page_text(GString *out, const char *text);
void page_number(GString *out, double value, const char *shown);

/* Lines as they are, without empty ones around them; behind a summary that opens them, if there is
 * one. */
void page_lines(GString *out, const char *summary, const char *text);

/* A swatch for each name, in the order of the colours; NULL: a colour that is not used. */
void page_legend(GString *out, const char *const *names, int n);

#endif
