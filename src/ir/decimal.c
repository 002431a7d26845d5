#include "ir/decimal.h"

#include <string.h>

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
