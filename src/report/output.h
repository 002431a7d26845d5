/* Files that the tools write. */
#ifndef DCC_REPORT_OUTPUT_H
#define DCC_REPORT_OUTPUT_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* Bytes on their way: they are appended to `text`, which output_spill empties into the file. */
typedef struct {
    GString *text;
    FILE *file;           /* NULL: all stays in `text` */
    char *path;           /* as given */
    char *real, *partial; /* what is replaced, and by which file; NULL: nothing is */
    int why;              /* errno of what failed first; 0 */
    bool durable;         /* on the disk before it has its name: a crash leaves the old file */
} Output;

/* "-" is the standard output.  A file appears under its name only when it is closed; where the name
 * is a link, what it points to is replaced.  NULL with *error set. */
Output *output_open(const char *path, GError **error);

/* Output that stays in memory; output_take closes it. */
Output *output_memory(void);
GString *output_take(Output *out);

/* Output that waits in a file without a name until it is joined to another, which then ends with
 * it; output_discard frees it. */
Output *output_aside(void);
void output_join(Output *out, Output *aside);

/* Writes what has been appended, once there is enough of it. */
void output_spill(Output *out);

/* Writes what has been appended, for who waits for it. */
void output_flush(Output *out);

/* Writes the rest and gives the file its name; false with *error set if any of it failed.  Frees it
 * in either case. */
bool output_close(Output *out, GError **error);

/* Leaves everything as it was before. */
void output_discard(Output *out);

/* Whether a file can be made there, as far as that shows without writing; false with *error set. */
bool output_probe(const char *path, GError **error);

/* All at once: writes the bytes, which it frees. */
bool output_write(const char *path, GString *bytes, GError **error);
/* The same for what must outlast a crash of the machine: returns once it is on the disk. */
bool output_write_durable(const char *path, GString *bytes, GError **error);

/* A device, a pipe or a link to nothing: it is written to, not replaced. */
bool output_special(const char *path);

/* What a link leads to, else the path itself.  Owned by the caller. */
char *output_real(const char *path);

/* "PATH.partial": a file beside another, which it is to replace.  A name that would be longer than
 * the file system takes, though the other's is not, is cut, and a checksum stands for what it
 * lacks. Owned by the caller. */
char *output_beside(const char *path, const char *ending);

/* "cannot write PATH: why", of an errno; returns false. */
bool output_failed(const char *path, int why, GError **error);

#endif
