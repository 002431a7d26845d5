/* Writing files so that nobody sees a half of one. */
#include "report/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool output_special(const char *path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR);
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

static bool replace(const char *path, const GString *bytes, GError **error)
{
    char *real = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? realpath(path, NULL) : NULL;
    g_autoptr(GError) reason = NULL;
    bool written = g_file_set_contents_full(real ? real : path, bytes->str, (gssize) bytes->len,
                                            G_FILE_SET_CONTENTS_CONSISTENT, 0666, &reason);
    free(real);
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
