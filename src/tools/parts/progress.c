#include "tools/parts/progress.h"

#include "report/printable.h"
#include "tools/command.h"

enum { NAME_LEAST = 8 /* columns */ };

static int columns_of(const char *character)
{
    gunichar c = g_utf8_get_char(character);
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

static int length_of(const char *text)
{
    int columns = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        columns += columns_of(text);
    return columns;
}

/* The end of what of the text's begin has so many columns. */
static const char *head_of(const char *text, int columns)
{
    for (; *text != '\0' && columns >= columns_of(text); text = g_utf8_next_char(text))
        columns -= columns_of(text);
    return text;
}

/* The begin of what of the text's end has no more columns. */
static const char *tail_of(const char *text, int columns)
{
    for (int left = length_of(text); left > columns; text = g_utf8_next_char(text))
        left -= columns_of(text);
    return text;
}

/* "bottlene~wise" */
static void append_cut(GString *out, const char *text, int columns, int tail)
{
    if (length_of(text) <= columns) {
        g_string_append(out, text);
        return;
    }
    g_string_append_len(out, text, head_of(text, columns - 1 - tail) - text);
    g_string_append_printf(out, "~%s", tail_of(text, tail));
}

void progress_show(const char *name, const char *rest)
{
    int columns = (int) command_width(stderr) - 1; /* in the last one a terminal may wrap */
    g_autofree char *readable = printable_text(name);
    g_autoptr(GString) line = g_string_new(NULL), cut = g_string_new(NULL);
    int room = MAX(NAME_LEAST, columns - length_of(rest));
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
