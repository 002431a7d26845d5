/* Files that the tools write. */
#ifndef DCC_REPORT_OUTPUT_H
#define DCC_REPORT_OUTPUT_H

#include <glib.h>
#include <stdbool.h>

/* Writes the bytes, which it frees; "-" is the standard output.  A file appears under its name only
 * when it is whole; where the name is a link, what it points to is replaced. */
bool output_write(const char *path, GString *bytes, GError **error);

/* The same for what must outlast a crash of the machine: returns once it is on the disk. */
bool output_keep(const char *path, GString *bytes, GError **error);

/* A device, a pipe or a link to nothing: it is written to, not replaced. */
bool output_special(const char *path);

/* What a link leads to, else the path itself.  Owned by the caller. */
char *output_real(const char *path);

/* "cannot write PATH: why", of an errno; returns false. */
bool output_failed(const char *path, int why, GError **error);

#endif
