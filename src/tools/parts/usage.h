/* What is wrong with a command line. */
#ifndef DCC_TOOLS_PARTS_USAGE_H
#define DCC_TOOLS_PARTS_USAGE_H

#include <glib.h>
#include <stdbool.h>

/* Sets *error (may be NULL) to the message; returns false. */
bool usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
