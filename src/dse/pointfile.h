/* Designs on their way to a file, one by one: CSV or, by the file's name, a database. */
#ifndef DCC_DSE_POINTFILE_H
#define DCC_DSE_POINTFILE_H

#include "dse/summary.h"

typedef struct PointFile PointFile;

/* The file is `path`.partial until it is closed, if `path` is no device and not "-", the
 * standard output; the table's name is for a
 * database.  The space must outlive it.  NULL with *error set. */
PointFile *pointfile_open(const char *path, const char *table, const Space *space, GError **error);

/* Formats what another process writes to such a file; to be freed. */
PointFile *pointfile_aside(const char *path, const Space *space);
void pointfile_free(PointFile *points);

/* Adds a design; false once one could not be written, which pointfile_close then reports. */
bool pointfile_put(PointFile *points, const Point *point);

/* The same in two parts: a design among rows, by any thread; rows to the file, by one at a time. */
void pointfile_format(const PointFile *points, const Point *point, GString *rows);
bool pointfile_write(PointFile *points, const GString *rows);

/* Ends and frees it.  If `whole` it takes its name.  False with *error set if something could not
 * be written. */
bool pointfile_close(PointFile *points, bool whole, GError **error);

#endif
