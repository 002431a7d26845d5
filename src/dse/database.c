/* All rows are one transaction without a journal: until it is done the file has another name, and
 * one that is broken off is not kept. */
#include "dse/database.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "report/output.h"

struct Database {
    const Space *space;
    sqlite3 *file;
    sqlite3_stmt *insert;
    char *path, *partial;
    char *why; /* of the first failure; NULL: none */
};

bool database_named(const char *path)
{
    return g_str_has_suffix(path, ".sqlite") || g_str_has_suffix(path, ".sqlite3") ||
           g_str_has_suffix(path, ".db");
}

/* Takes the result of a call; false if that or one before it failed. */
static bool check(Database *d, int result)
{
    bool good = result == SQLITE_OK || result == SQLITE_DONE;
    if (!good && !d->why) {
        bool of_file = result == SQLITE_CANTOPEN || result == SQLITE_IOERR || result == SQLITE_FULL;
        int system = of_file && d->file ? sqlite3_system_errno(d->file) : 0;
        d->why = g_strdup(system ? g_strerror(system) : sqlite3_errstr(result));
    }
    return !d->why;
}

static bool run(Database *d, const char *statement)
{
    return check(d, sqlite3_exec(d->file, statement, NULL, NULL, NULL));
}

/* ---- the table ------------------------------------------------------------------- */

/* Names of columns differ in more than case, names of Constants need not: such get a "_". */
static void add_column(GString *out, GHashTable *taken, const char *name, const char *type)
{
    g_autoptr(GString) own = g_string_new(name);
    char *folded = g_ascii_strdown(own->str, -1);
    while (!g_hash_table_add(taken, folded)) {
        g_string_append_c(own, '_');
        folded = g_ascii_strdown(own->str, -1);
    }
    char *column = sqlite3_mprintf("%s\"%w\" %s", out->len ? ", " : "", own->str, type);
    g_string_append(out, column);
    sqlite3_free(column);
}

/* NUMERIC makes a number of the text of a value that is one: 64, but 16KiB stays text. */
static GString *columns_of(const Space *space)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GString *out = g_string_new(NULL);
    add_column(out, taken, "index", "INTEGER");
    for (guint k = 0; k < summary_figures(); k++)
        g_hash_table_add(taken, g_strdup(summary_figure_name(k)));
    if (space->mapped)
        g_hash_table_add(taken, g_strdup("mapping"));
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        add_column(out, taken, axis->name, axis->kind == AXIS_DATAFLOW ? "TEXT" : "NUMERIC");
    }
    for (guint k = 0; k < summary_figures(); k++)
        g_string_append_printf(out, ", %s %s", summary_figure_name(k),
                               summary_figure_whole(k) ? "INTEGER" : "REAL");
    g_string_append(out, space->mapped ? ", mapping TEXT" : "");
    return out;
}

static bool create_table(Database *d, const char *table)
{
    g_autoptr(GString) columns = columns_of(d->space);
    g_autofree char *create = g_strdup_printf("CREATE TABLE %s (%s)", table, columns->str);
    g_autoptr(GString) insert = g_string_new(NULL);
    g_string_printf(insert, "INSERT INTO %s VALUES (?", table);
    guint columns_after = d->space->axes->len + summary_figures() + d->space->mapped;
    for (guint i = 0; i < columns_after; i++)
        g_string_append(insert, ", ?");
    g_string_append_c(insert, ')');
    return run(d, create) &&
           check(d, sqlite3_prepare_v2(d->file, insert->str, -1, &d->insert, NULL));
}

/* ---- open, put, close ------------------------------------------------------------ */

static bool start(Database *d, const char *table)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (g_file_test(d->path, G_FILE_TEST_EXISTS) && !g_file_test(d->path, G_FILE_TEST_IS_REGULAR)) {
        d->why = g_strdup("a database is a regular file");
        return false;
    }
    if (g_unlink(d->partial) != 0 && errno != ENOENT) {
        d->why = g_strdup(g_strerror(errno));
        return false;
    }
    return check(d, sqlite3_open_v2(d->partial, &d->file, flags, NULL)) &&
           run(d, "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL; BEGIN EXCLUSIVE") &&
           create_table(d, table);
}

Database *database_open(const char *path, const char *table, const Space *space, GError **error)
{
    Database *d = g_new0(Database, 1);
    d->space = space;
    d->path = g_strdup(path);
    d->partial = output_beside(path, ".partial");
    if (start(d, table))
        return d;
    database_close(d, false, error);
    return NULL;
}

bool database_put(Database *d, const Point *point)
{
    int at = 1;
    if (d->why)
        return false;
    check(d, sqlite3_bind_int64(d->insert, at++, point->index));
    for (guint i = 0; i < d->space->axes->len; i++) {
        const char *value = space_value(d->space, i, point->index);
        check(d, sqlite3_bind_text(d->insert, at++, value, -1, SQLITE_STATIC));
    }
    for (guint k = 0; k < summary_figures(); k++, at++)
        check(d, summary_figure_whole(k)
                     ? sqlite3_bind_int64(d->insert, at, point->cycles)
                     : sqlite3_bind_double(d->insert, at, summary_figure(k, point)));
    if (d->space->mapped)
        check(d, sqlite3_bind_text(d->insert, at, point->mapping, -1, SQLITE_STATIC));
    return check(d, sqlite3_step(d->insert)) && check(d, sqlite3_reset(d->insert));
}

/* A journal of the file that is replaced must not be played into this one. */
static void take_name(Database *d)
{
    const char *const endings[] = {"-journal", "-wal", "-shm"};
    for (size_t k = 0; k < G_N_ELEMENTS(endings); k++) {
        g_autofree char *journal = g_strconcat(d->path, endings[k], NULL);
        g_unlink(journal);
    }
    if (g_rename(d->partial, d->path) != 0)
        d->why = g_strdup(g_strerror(errno));
}

bool database_close(Database *d, bool whole, GError **error)
{
    if (!d->why)
        run(d, "COMMIT");
    sqlite3_finalize(d->insert);
    bool opened = d->file != NULL;
    int closed = sqlite3_close(d->file);
    d->file = NULL;
    if (check(d, closed) && whole)
        take_name(d);
    bool good = !d->why;
    if (!good) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write %s: %s", d->path,
                    d->why);
        if (opened)
            g_unlink(d->partial);
    }
    g_free(d->path);
    g_free(d->partial);
    g_free(d->why);
    g_free(d);
    return good;
}
