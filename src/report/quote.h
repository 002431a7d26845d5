/* Text in a field of CSV, as RFC 4180 has it. */
#ifndef DCC_REPORT_QUOTE_H
#define DCC_REPORT_QUOTE_H

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Appends the text, quoted if it would break the row. */
static inline void quote_csv(GString *out, const char *text)
{
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
