/* Values of JSON as text. */
#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/printable.h"
#include "report/report.h"

static void append_byte(GString *out, char byte)
{
    static const char marks[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *mark = byte != '\0' ? strchr(marks, byte) : NULL;
    if (mark != NULL)
        g_string_append_printf(out, "\\%c", letters[mark - marks]);
    else if ((unsigned char) byte < ' ')
        g_string_append_printf(out, "\\u%04X", (unsigned) byte);
    else
        g_string_append_c(out, byte);
}

/* What a terminal would obey is escaped too: JSON has the same form for it. */
void json_append_text(GString *out, const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
    g_autoptr(GString) quoted = g_string_new("\"");
    for (const char *byte = valid; byte != NULL && *byte != '\0'; byte++)
        append_byte(quoted, *byte);
    g_string_append_c(quoted, '"');
    printable_append(out, valid != NULL ? quoted->str : "null");
}

void json_append_real(GString *out, double real)
{
    gsize start = out->len;
    if (!isfinite(real)) {
        g_string_append(out, "null");
        return;
    }
    number_exact(out, real);
    if (!strpbrk(out->str + start, ".e"))
        g_string_append(out, ".0");
}
