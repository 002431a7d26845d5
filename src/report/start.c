#include "report/start.h"

#include <string.h>

#include "report/output.h"
#include "start.inc" /* start_dataflow, start_model, start_machine: examples/start */

typedef struct {
    const char *suffix, *text;
} StartFile;

static const StartFile files[] = {
    {".m", start_dataflow}, {"-net.m", start_model}, {".hw", start_machine}};

/* What may stand in the name of a file, of a dataflow and on a command line without quotes. */
static bool is_plain(const char *title)
{
    bool plain = g_ascii_isalnum(title[0]);
    for (; *title; title++)
        plain &= g_ascii_isalnum(*title) || strchr("-_.", *title) != NULL;
    return plain;
}

static char *path_of(const char *name, const StartFile *file)
{
    return g_strconcat(name, file->suffix, NULL);
}

static bool check(const char *name, const char *title, GError **error)
{
    if (!is_plain(title)) {
        g_set_error(
            error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
            "--init %s: a name has letters, digits, '-', '_' and '.', and begins with one of "
            "the first two",
            name);
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = path_of(name, &files[i]);
        if (g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK)) {
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "--init %s: %s is there; give another name", name, path);
            return false;
        }
        if (!output_probe(path, error))
            return false;
    }
    return true;
}

static bool write_file(const char *path, const char *title, const StartFile *file, GError **error)
{
    GString *text = g_string_new(file->text);
    g_string_replace(text, "@NAME@", title, 0);
    return output_write(path, text, error);
}

bool start_write(const char *name, GString *out, GError **error)
{
    g_autofree char *title = g_path_get_basename(name);
    if (!check(name, title, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = path_of(name, &files[i]);
        if (!write_file(path, title, &files[i], error))
            return false;
    }
    g_string_append_printf(
        out,
        "%1$s.m, %1$s-net.m and %1$s.hw are written; now\n\n"
        "    dcc %1$s.m --model %1$s-net.m --hw %1$s.hw          what it costs\n"
        "    dcc %1$s.m --model %1$s-net.m --hw %1$s.hw --why    why, and what helps\n"
        "    dcc-map --model %1$s-net.m --hw %1$s.hw             the best dataflow\n",
        name);
    g_string_append(out, "\ndcc-tutorial(7) goes on from there.\n");
    return true;
}
