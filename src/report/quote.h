/* Text in a field of CSV, as RFC 4180 has it. */
#ifndef DCC_REPORT_QUOTE_H
#define DCC_REPORT_QUOTE_H

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Appends the text, quoted if it would break the row; what is not UTF-8 is replaced. */
static inline void quote_csv(GString *out, const char *given)
{
    g_autofree char *valid = g_utf8_validate(given, -1, NULL) ? NULL : g_utf8_make_valid(given, -1);
    const char *text = valid ? valid : given;
    bool quote = strpbrk(text, ",\"\r\n") != NULL;
    if (quote)
        g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    if (quote)
        g_string_append_c(out, '"');
}

#endif
