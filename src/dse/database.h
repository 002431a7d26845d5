/* Designs as a table of an SQLite 3 database: what the CSV has, a column each, with types. */
#ifndef DCC_DSE_DATABASE_H
#define DCC_DSE_DATABASE_H

#include "dse/summary.h"

typedef struct Database Database;

/* True if a file of that name is to be a database: it ends in .sqlite, .sqlite3 or .db. */
bool database_named(const char *path);

/* A new database with one empty table, in `path`.partial until it is closed.  The space must
 * outlive it.  NULL with *error set. */
Database *database_open(const char *path, const char *table, const Space *space, GError **error);

/* Adds a row; false once a row could not be written, which database_close then reports. */
bool database_put(Database *database, const Point *point);

/* Ends and frees it.  If `whole` it takes its name, in place of a file that has it, else it stays
 * where it is, good to read.  What could not be written is removed: false with *error set. */
bool database_close(Database *database, bool whole, GError **error);

#endif
