#include "tools/parts/help.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/output.h"

enum { EXIT_USAGE = 2 };

static const char *asked; /* the tool; what GLib calls is told nothing but the text */

int help_print(const char *tool, const char *text)
{
    g_autoptr(GError) error = NULL;
    if (output_write("-", g_string_new(text), &error))
        return EXIT_SUCCESS;
    fprintf(stderr, "%s: %s\n", tool, error->message);
    return EXIT_USAGE;
}

int help_version(const char *tool)
{
    g_autofree char *text = g_strdup_printf("%s %s\n", tool, DCC_VERSION);
    return help_print(tool, text);
}

static void print_or_exit(const char *text)
{
    int status = help_print(asked, text);
    if (status != EXIT_SUCCESS)
        exit(status);
}

void help_begin(const char *tool)
{
    asked = tool;
    g_set_print_handler(print_or_exit);
}
