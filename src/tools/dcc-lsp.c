/* dcc-lsp: a language server for editors, over standard input and output. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lsp/server.h"
#include "tools/command.h"
#include "tools/parts/help.h"
#include "tools/streams.h"

enum { EXIT_USAGE = 2 };

static char *model, *hardware, *dataflow;
static gboolean version, stdio;

static const GOptionEntry entries[] = {
    {"model", 0, 0, G_OPTION_ARG_FILENAME, &model, "The model that dataflows are looked at with",
     "FILE"},
    {"hw", 0, 0, G_OPTION_ARG_FILENAME, &hardware,
     "The machine that dataflows and models are looked at with", "FILE"},
    {"dataflow", 0, 0, G_OPTION_ARG_FILENAME, &dataflow,
     "The dataflow that models are looked at with", "FILE"},
    {"stdio", 0, 0, G_OPTION_ARG_NONE, &stdio, "Serve standard input and output, as it does anyway",
     NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL}};

static int fail(const char *message)
{
    fprintf(stderr, "dcc-lsp: %s\n", message);
    return EXIT_USAGE;
}

static int run(char **words)
{
    if (version)
        return help_version("dcc-lsp");
    if (words[0] != NULL && words[1] != NULL)
        return fail("it takes no files: the editor says which are open");
    return server_run(STDIN_FILENO, STDOUT_FILENO, model, hardware, dataflow);
}

int main(int argc, char **argv)
{
    streams_begin();
    help_begin("dcc-lsp");
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = command_words(argc, argv), given = g_strdupv(words);
    g_autoptr(GOptionContext) context = g_option_context_new("- a language server for editors");
    g_option_context_add_main_entries(context, entries, NULL);
    bool parsed = g_option_context_parse_strv(context, &words, &error);
    if (!parsed)
        command_suggest(entries, given, &error);
    int status = parsed ? run(words) : fail(error->message);
    g_free(model);
    g_free(hardware);
    g_free(dataflow);
    return status;
}
