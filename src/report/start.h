/* Files to begin from: a dataflow, a model and a machine, with comments. */
#ifndef DCC_REPORT_START_H
#define DCC_REPORT_START_H

#include <glib.h>
#include <stdbool.h>

/* Writes NAME.m, NAME-net.m and NAME.hw, none of which may be there, and appends what was written
 * and how to go on to `out`.  `name`: letters, digits, '-', '_' and '.' behind an optional folder.
 * False with *error set; nothing is overwritten. */
bool start_write(const char *name, GString *out, GError **error);

#endif
