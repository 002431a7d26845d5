/* Writing files so that nobody sees a half of one. */
#include "report/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static bool failed(const char *path, const char *why, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write %s: %s",
                strcmp(path, "-") == 0 ? "standard output" : path, why);
    return false;
}

bool output_failed(const char *path, int why, GError **error)
{
    return failed(path, g_strerror(why), error);
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

/* A file that is there keeps its permissions. */
static int mode_of(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 ? (int) (file.st_mode & 07777) : 0666;
}

static bool replace(const char *path, const GString *bytes, GError **error)
{
    g_autofree char *real = output_real(path);
    g_autoptr(GError) reason = NULL;
    bool written = g_file_set_contents_full(real, bytes->str, (gssize) bytes->len,
                                            G_FILE_SET_CONTENTS_CONSISTENT, mode_of(real), &reason);
    if (written)
        return true;
    const char *why = strrchr(reason->message, ':'); /* before it is a name that nobody gave */
    return failed(path, why ? why + 2 : reason->message, error);
}

bool output_write(const char *path, GString *bytes, GError **error)
{
    bool stream = strcmp(path, "-") == 0 || output_special(path);
    bool written = stream ? write_stream(path, bytes, error) : replace(path, bytes, error);
    g_string_free(bytes, TRUE);
    return written;
}
