#include "frontend/terminal.h"

#include <stdbool.h>

int terminal_cells_of(gunichar c)
{
    return c < 0x80 ? 1 : g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

static int cells_at(const char *character)
{
    return terminal_cells_of(g_utf8_get_char(character));
}

int terminal_cells(const char *text)
{
    int cells = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        cells += cells_at(text);
    return cells;
}

const char *terminal_head(const char *text, int cells)
{
    for (; *text != '\0' && cells >= cells_at(text); text = g_utf8_next_char(text))
        cells -= cells_at(text);
    return text;
}

/* An accent whose letter is left out goes, too. */
const char *terminal_tail(const char *text, int cells)
{
    int left = terminal_cells(text);
    bool cut = left > cells;
    for (; left > cells; text = g_utf8_next_char(text))
        left -= cells_at(text);
    for (; cut && *text != '\0' && cells_at(text) == 0; text = g_utf8_next_char(text))
        ;
    return text;
}
