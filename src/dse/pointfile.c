/* Rows of CSV, renamed once they are whole; or a database, which does the same for itself and
 * whose rows are the designs as they are in memory. */
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
    bool designs; /* rows are designs, for a database */
    char *path, *partial;
    FILE *file;
    GString *row;
    bool special; /* the path is written to as it is */
    int why;      /* errno of the first failure */
};

static void write_text(PointFile *points, const GString *text)
{
    if (points->why == 0 && fwrite(text->str, 1, text->len, points->file) != text->len)
        points->why = errno;
}

void pointfile_free(PointFile *points)
{
    if (points->row)
        g_string_free(points->row, TRUE);
    g_free(points->path);
    g_free(points->partial);
    g_free(points);
}

PointFile *pointfile_aside(const char *path, const Space *space)
{
    PointFile *points = g_new0(PointFile, 1);
    points->space = space;
    points->designs = database_named(path);
    return points;
}

PointFile *pointfile_open(const char *path, const char *table, const Space *space, GError **error)
{
    PointFile *points = pointfile_aside(path, space);
    points->path = output_real(path);
    if (points->designs) {
        points->database = database_open(points->path, table, space, error);
    } else {
        bool standard = strcmp(path, "-") == 0;
        points->special = standard || output_special(path);
        points->partial =
            points->special ? g_strdup(points->path) : output_beside(points->path, ".partial");
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
        write_text(points, points->row);
        if (fflush(points->file) != 0 && points->why == 0) /* a full device is told at once */
            points->why = errno;
        if (points->why != 0) {
            pointfile_close(points, false, error);
            return NULL;
        }
    }
    return points;
}

void pointfile_format(const PointFile *points, const Point *point, GString *rows)
{
    if (points->designs)
        g_string_append_len(rows, (const char *) point, sizeof *point);
    else
        summary_csv_point(points->space, point, rows);
}

static bool put_designs(PointFile *points, const GString *rows)
{
    bool good = true;
    for (gsize at = 0; at < rows->len && good; at += sizeof(Point)) {
        Point point;
        memcpy(&point, rows->str + at, sizeof point);
        good = database_put(points->database, &point);
    }
    return good;
}

bool pointfile_write(PointFile *points, const GString *rows)
{
    if (points->database)
        return put_designs(points, rows);
    write_text(points, rows);
    return points->why == 0;
}

bool pointfile_put(PointFile *points, const Point *point)
{
    if (points->database)
        return database_put(points->database, point);
    g_string_truncate(points->row, 0);
    pointfile_format(points, point, points->row);
    return pointfile_write(points, points->row);
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
