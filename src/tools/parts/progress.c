#include "tools/parts/progress.h"

#include "frontend/terminal.h"
#include "report/printable.h"
#include "tools/command.h"

enum { NAME_LEAST = 8 /* columns */ };

/* "bottlene~wise" */
static void append_cut(GString *out, const char *text, int columns, int tail)
{
    if (terminal_cells(text) <= columns) {
        g_string_append(out, text);
        return;
    }
    g_string_append_len(out, text, terminal_head(text, columns - 1 - tail) - text);
    g_string_append_printf(out, "~%s", terminal_tail(text, tail));
}

void progress_show(const char *name, const char *rest)
{
    int columns = (int) command_width(stderr) - 1; /* in the last one a terminal may wrap */
    g_autofree char *readable = printable_text(name);
    g_autoptr(GString) line = g_string_new(NULL), cut = g_string_new(NULL);
    int room = MAX(NAME_LEAST, columns - terminal_cells(rest));
    if (columns > 0)
        append_cut(line, readable, room, room / 2);
    else
        g_string_append(line, readable);
    g_string_append(line, rest);
    append_cut(cut, line->str, columns > 0 ? columns : G_MAXINT, 0);
    fprintf(stderr, "\r%s\033[K", cut->str);
}

void progress_hide(void)
{
    fputs("\r\033[K", stderr);
}
