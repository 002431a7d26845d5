/* Rows of CSV, renamed once they are whole; or a database, which does the same for itself. */
#include "dse/pointfile.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "dse/database.h"
#include "report/output.h"

struct PointFile {
    Database *database; /* or NULL, and all that follows */
    const Space *space;
    char *path, *partial;
    FILE *file;
    GString *row;
    bool special; /* the path is written to as it is */
    int why;      /* errno of the first failure */
};

static void put_row(PointFile *points)
{
    if (points->why == 0 &&
        fwrite(points->row->str, 1, points->row->len, points->file) != points->row->len)
        points->why = errno;
    g_string_truncate(points->row, 0);
}

static void pointfile_free(PointFile *points)
{
    if (points->row)
        g_string_free(points->row, TRUE);
    g_free(points->path);
    g_free(points->partial);
    g_free(points);
}

PointFile *pointfile_open(const char *path, const char *table, const Space *space, GError **error)
{
    PointFile *points = g_new0(PointFile, 1);
    points->space = space;
    points->path = output_real(path);
    if (database_named(path)) {
        points->database = database_open(points->path, table, space, error);
    } else {
        bool standard = strcmp(path, "-") == 0;
        points->special = standard || output_special(path);
        points->partial = g_strconcat(points->path, points->special ? "" : ".partial", NULL);
        points->file = standard ? stdout : fopen(points->partial, "wb");
        if (!points->file)
            output_failed(points->partial, errno, error);
    }
    if (!points->database && !points->file) {
        pointfile_free(points);
        return NULL;
    }
    if (points->file) {
        points->row = g_string_new(NULL);
        summary_csv_header(space, points->row);
        put_row(points);
    }
    return points;
}

bool pointfile_put(PointFile *points, const Point *point)
{
    if (points->database)
        return database_put(points->database, point);
    summary_csv_point(points->space, point, points->row);
    put_row(points);
    return points->why == 0;
}

static bool close_rows(PointFile *points, bool whole, GError **error)
{
    if (fflush(points->file) != 0 && points->why == 0)
        points->why = errno;
    if (points->file != stdout && fclose(points->file) != 0 && points->why == 0)
        points->why = errno;
    if (points->why == 0 && whole && !points->special &&
        g_rename(points->partial, points->path) != 0)
        points->why = errno;
    return points->why == 0 || output_failed(points->partial, points->why, error);
}

bool pointfile_close(PointFile *points, bool whole, GError **error)
{
    bool closed = points->database ? database_close(points->database, whole, error)
                                   : close_rows(points, whole, error);
    pointfile_free(points);
    return closed;
}
