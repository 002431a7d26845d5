/* Writing files so that nobody sees a half of one. */
#include "report/output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool output_special(const char *path)
{
    bool link = g_file_test(path, G_FILE_TEST_IS_SYMLINK);
    bool exists = g_file_test(path, G_FILE_TEST_EXISTS);
    return (exists || link) && !g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* Where a link points to. */
static char *link_target(const char *path)
{
    g_autofree char *target = g_file_read_link(path, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    return !target                      ? NULL
           : g_path_is_absolute(target) ? g_steal_pointer(&target)
                                        : g_build_filename(folder, target, NULL);
}

/* A pipe behind /dev/stdout has no name of its own. */
char *output_real(const char *path)
{
    enum { LINKS_MAX = 40 };
    char *name = g_strdup(path);
    if (g_file_test(path, G_FILE_TEST_EXISTS) && output_special(path))
        return name;
    for (int k = 0; k < LINKS_MAX && g_file_test(name, G_FILE_TEST_IS_SYMLINK); k++) {
        char *target = link_target(name);
        if (!target)
            break;
        g_free(name);
        name = target;
    }
    return name;
}

/* The first bytes of a name, without a part of a character. */
static gsize cut_name(const char *name, gsize bytes)
{
    while (bytes > 0 && ((unsigned char) name[bytes] & 0xC0) == 0x80)
        bytes--;
    return bytes;
}

/* Bytes that a name in the path's folder may have. */
static gsize name_most(const char *path, gsize folder_bytes)
{
    g_autofree char *folder = g_path_get_dirname(path);
    long most = pathconf(folder, _PC_NAME_MAX);
    gsize left = folder_bytes < PATH_MAX ? PATH_MAX - 1 - folder_bytes : 0;
    return MIN(most > 0 ? (gsize) most : NAME_MAX, left);
}

char *output_beside(const char *path, const char *ending)
{
    enum { MARK = 8 /* digits of a checksum: 32 bits tell two names apart */ };
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    gsize folder = (gsize) (name - path), length = strlen(name), own = strlen(ending);
    gsize most = name_most(path, folder);
    if (length + own <= most || length > most || most < own + MARK + 1)
        return g_strconcat(path, ending, NULL);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    gsize kept = cut_name(name, most - own - MARK - 1);
    return g_strdup_printf("%.*s~%.*s%s", (int) (folder + kept), path, MARK, sum, ending);
}

bool output_failed(const char *path, int why, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write %s: %s",
                strcmp(path, "-") == 0 ? "standard output" : path, g_strerror(why));
    return false;
}

/* ---- opening ------------------------------------------------------------------------ */

/* A file that is there keeps its permissions; else they are those of any new file. */
static mode_t mode_of(const char *path)
{
    struct stat file;
    if (stat(path, &file) == 0)
        return file.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A file beside the one that it is to replace. */
static FILE *open_partial(Output *out)
{
    out->real = output_real(out->path);
    out->partial = output_beside(out->real, ".XXXXXX");
    int file = g_mkstemp(out->partial);
    if (file < 0) {
        int why = errno;
        g_clear_pointer(&out->partial, g_free);
        errno = why;
        return NULL;
    }
    if (fchmod(file, mode_of(out->real)) != 0)
        out->why = errno;
    return fdopen(file, "wb");
}

static void output_free(Output *out)
{
    if (out->text)
        g_string_free(out->text, TRUE);
    g_free(out->path);
    g_free(out->real);
    g_free(out->partial);
    g_free(out);
}

Output *output_memory(void)
{
    Output *out = g_new0(Output, 1);
    out->text = g_string_new(NULL);
    return out;
}

GString *output_take(Output *out)
{
    GString *text = g_steal_pointer(&out->text);
    output_free(out);
    return text;
}

static bool is_standard(const Output *out)
{
    return strcmp(out->path, "-") == 0;
}

Output *output_open(const char *path, GError **error)
{
    Output *out = output_memory();
    out->path = g_strdup(path);
    out->file = is_standard(out)       ? stdout
                : output_special(path) ? fopen(path, "wb")
                                       : open_partial(out);
    if (out->file)
        return out;
    output_failed(path, errno, error);
    output_free(out);
    return NULL;
}

/* ---- writing ------------------------------------------------------------------------- */

enum { SPILL = 1 << 16 };

static void spill(Output *out)
{
    if (!out->why && fwrite(out->text->str, 1, out->text->len, out->file) != out->text->len)
        out->why = errno;
    g_string_truncate(out->text, 0);
}

void output_spill(Output *out)
{
    if (out->file && out->text->len >= SPILL)
        spill(out);
}

void output_flush(Output *out)
{
    if (out->file == NULL)
        return;
    spill(out);
    if (fflush(out->file) != 0 && !out->why)
        out->why = errno;
}

/* ---- aside ----------------------------------------------------------------------------- */

/* Where there is no room for the file, memory takes its place. */
Output *output_aside(void)
{
    Output *out = output_memory();
    out->path = g_strdup("a temporary file");
    out->file = tmpfile();
    return out;
}

void output_join(Output *out, Output *aside)
{
    size_t n;
    if (aside->file != NULL) {
        char part[4096];
        output_flush(aside);
        rewind(aside->file);
        while ((n = fread(part, 1, sizeof part, aside->file)) > 0) {
            g_string_append_len(out->text, part, (gssize) n);
            output_spill(out);
        }
        if (ferror(aside->file) && !aside->why)
            aside->why = errno;
    } else {
        g_string_append_len(out->text, aside->text->str, (gssize) aside->text->len);
    }
    if (!out->why)
        out->why = aside->why;
}

/* ---- closing ------------------------------------------------------------------------- */

static void close_file(Output *out)
{
    if (out->durable && out->partial && !out->why &&
        (fflush(out->file) != 0 || fsync(fileno(out->file)) != 0))
        out->why = errno;
    int failed = is_standard(out) ? fflush(out->file) : fclose(out->file);
    if (failed && !out->why)
        out->why = errno;
}

bool output_close(Output *out, GError **error)
{
    spill(out);
    close_file(out);
    if (out->partial && !out->why && rename(out->partial, out->real) != 0)
        out->why = errno;
    if (out->partial && out->why)
        unlink(out->partial);
    bool written = out->why == 0 || output_failed(out->path, out->why, error);
    output_free(out);
    return written;
}

void output_discard(Output *out)
{
    if (out->file)
        close_file(out);
    if (out->partial)
        unlink(out->partial);
    output_free(out);
}

bool output_probe(const char *path, GError **error)
{
    Output *out = strcmp(path, "-") == 0 || output_special(path) ? NULL : output_open(path, error);
    if (!out)
        return !error || !*error;
    output_discard(out);
    return true;
}

static bool write_all(const char *path, GString *bytes, bool durable, GError **error)
{
    Output *out = output_open(path, error);
    if (out) {
        out->durable = durable;
        g_string_append_len(out->text, bytes->str, (gssize) bytes->len);
    }
    g_string_free(bytes, TRUE);
    return out && output_close(out, error);
}

bool output_write(const char *path, GString *bytes, GError **error)
{
    return write_all(path, bytes, false, error);
}

bool output_write_durable(const char *path, GString *bytes, GError **error)
{
    return write_all(path, bytes, true, error);
}
