/* Writing files so that nobody sees a half of one. */
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
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

char *output_real(const char *path)
{
    if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return g_strdup(path);
    char *real = realpath(path, NULL);
    g_autofree char *target = real || errno != ENOENT ? NULL : g_file_read_link(path, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    char *name = !target                      ? g_strdup(real ? real : path)
                 : g_path_is_absolute(target) ? g_strdup(target)
                                              : g_build_filename(folder, target, NULL);
    free(real);
    return name;
}

bool output_failed(const char *path, int why, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write %s: %s",
                strcmp(path, "-") == 0 ? "standard output" : path, g_strerror(why));
    return false;
}

static bool write_stream(const char *path, const GString *bytes, GError **error)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *out = standard ? stdout : fopen(path, "wb");
    bool written = out && fwrite(bytes->str, 1, bytes->len, out) == bytes->len && fflush(out) == 0;
    int why = errno;
    if (out && !standard && fclose(out) != 0 && written) {
        written = false;
        why = errno;
    }
    return written || output_failed(path, why, error);
}

/* An errno, 0 if all was done. */
static int write_all(int fd, const GString *bytes, bool keep)
{
    for (gsize done = 0; done < bytes->len;) {
        ssize_t n = write(fd, bytes->str + done, bytes->len - done);
        if (n < 0 && errno != EINTR)
            return errno;
        done += n > 0 ? (gsize) n : 0;
    }
    return keep && fsync(fd) != 0 ? errno : 0;
}

/* A file that is there keeps its permissions. */
static int copy_mode(int fd, const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && fchmod(fd, file.st_mode & 07777) != 0 ? errno : 0;
}

/* Beside the file, which then takes its name. */
static int replace(const char *path, const GString *bytes, bool keep)
{
    g_autofree char *beside = g_strconcat(path, ".XXXXXX", NULL);
    int fd = g_mkstemp_full(beside, O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno;
    int why = write_all(fd, bytes, keep);
    if (why == 0)
        why = copy_mode(fd, path);
    if (close(fd) != 0 && why == 0)
        why = errno;
    if (why == 0 && g_rename(beside, path) != 0)
        why = errno;
    if (why != 0)
        g_unlink(beside);
    return why;
}

static bool output_bytes(const char *path, GString *bytes, bool keep, GError **error)
{
    bool written;
    if (strcmp(path, "-") == 0 || output_special(path)) {
        written = write_stream(path, bytes, error);
    } else {
        g_autofree char *real = output_real(path);
        int why = replace(real, bytes, keep);
        written = why == 0 || output_failed(path, why, error);
    }
    g_string_free(bytes, TRUE);
    return written;
}

bool output_write(const char *path, GString *bytes, GError **error)
{
    return output_bytes(path, bytes, false, error);
}

bool output_keep(const char *path, GString *bytes, GError **error)
{
    return output_bytes(path, bytes, true, error);
}
