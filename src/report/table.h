/* A table of text cells, laid out once all of them are known. */
#ifndef DCC_REPORT_TABLE_H
#define DCC_REPORT_TABLE_H

#include <glib.h>
#include <stdbool.h>

#include "report/output.h"

typedef struct Table Table;

/* Columns are flush right unless table_left says otherwise. */
Table *table_new(guint columns);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

void table_left(Table *table, guint column);

/* The next cell, row by row; copied, control characters escaped. */
void table_cell(Table *table, const char *text);
void table_cell_take(Table *table, GString *text);

/* A line across the table before the next row. */
void table_rule(Table *table);

/* Appends the rows, `indent` blanks before each.  Where the table would be wider than `width` (0:
 * it may be as wide as it is) the texts of the first column are cut in the middle, so that
 * different ones stay different.  Numbers of a column stand flush where some end in '!' or '*'. The
 * first row is the header, bold if colour. */
void table_write(const Table *table, GString *out, guint indent, guint width, bool colour);
/* The same on the way to a file, without blanks before. */
void table_write_out(const Table *table, Output *out, guint width, bool colour);

#endif
