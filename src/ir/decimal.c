#include "ir/decimal.h"

#include <string.h>

void decimal_shortest(double value, char text[G_ASCII_DTOSTR_BUF_SIZE])
{
    /* %g leaves out zeros at the end. */
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, formats[i], value);
        if (g_ascii_strtod(text, NULL) == value)
            break;
    }
}

void decimal_apart(GString *out, double value, int digits, double other)
{
    char own[G_ASCII_DTOSTR_BUF_SIZE], others[G_ASCII_DTOSTR_BUF_SIZE], format[16];
    do {
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(own, sizeof own, format, value);
        g_ascii_formatd(others, sizeof others, format, other);
    } while (value != other && strcmp(own, others) == 0 && ++digits <= 17);
    g_string_append(out, own);
}
