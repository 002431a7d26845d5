/* A terminal obeys some characters instead of showing them: those of control (C0, DEL, C1), the
 * separators of lines and paragraphs, and the marks of Unicode's bidirectional algorithm, with
 * which a name can read otherwise than it is. */
#include "report/printable.h"

#include <stdbool.h>
#include <string.h>

static bool is_obeyed(gunichar c)
{
    return g_unichar_iscntrl(c) || c == 0x61C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7E)
            return false;
    return true;
}

void printable_append(GString *out, const char *text)
{
    if (is_plain(text)) {
        g_string_append(out, text);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (is_obeyed(c))
            g_string_append_printf(out, "\\u%04X", c);
        else
            g_string_append_unichar(out, c);
    }
}

char *printable_text(const char *text)
{
    GString *out = g_string_new(NULL);
    printable_append(out, text);
    return g_string_free(out, FALSE);
}
