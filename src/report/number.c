/* Scales a number to one to three digits before the point. */
#include "report/number.h"

#include <math.h>
#include <string.h>

#include "ir/decimal.h"

static void append_formatted(GString *out, const char *format, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(buffer, sizeof buffer, format, value));
}

/* Three significant digits: 1.23, 12.3, 123; a whole number has no fraction. */
static void append_three(GString *out, double value)
{
    double size = fabs(value);
    append_formatted(out,
                     value == floor(value) ? "%.0f"
                     : size < 9.995        ? "%.2f"
                     : size < 99.95        ? "%.1f"
                                           : "%.0f",
                     value);
}

static void append_bytes(GString *out, double value)
{
    static const char *const prefixes[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t prefix = 0;
    while (fabs(value) >= 1023.5 && prefix + 1 < G_N_ELEMENTS(prefixes)) {
        value /= 1024;
        prefix++;
    }
    append_three(out, value);
    g_string_append(out, prefixes[prefix]);
}

static void append_decimal(GString *out, double value, const char *unit)
{
    static const char *const large[] = {"", "k", "M", "G", "T", "P", "E", "Z", "Y"};
    static const char *const small[] = {"", "m", "u", "n", "p", "f", "a"};
    size_t prefix = 0;
    if (fabs(value) >= 1) {
        for (; fabs(value) >= 999.5 && prefix + 1 < G_N_ELEMENTS(large); prefix++)
            value /= 1000;
        append_three(out, value);
        g_string_append_printf(out, "%s%s", large[prefix], unit);
    } else {
        for (; value != 0 && fabs(value) < 0.9995 && prefix + 1 < G_N_ELEMENTS(small); prefix++)
            value *= 1000;
        append_three(out, value);
        g_string_append_printf(out, "%s%s", small[prefix], unit);
    }
}

void number_scaled(GString *out, double value, const char *unit)
{
    if (strcmp(unit, "bytes") == 0)
        append_bytes(out, value);
    else if (fabs(value) < 10000 && value == floor(value) && !*unit)
        append_formatted(out, "%.0f", value);
    else
        append_decimal(out, value, unit);
}

void number_exact(GString *out, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (value >= 0 && value < 1e15 && value == floor(value) && !signbit(value)) {
        number_count(out, (int64_t) value); /* the same digits, in a tenth of the time */
        return;
    }
    decimal_shortest(value, buffer);
    g_string_append(out, buffer);
}

void number_short(GString *out, double value)
{
    append_formatted(out, "%.6g", value);
}

static void append_bound(GString *out, double value, bool lacks, const char *unit)
{
    if (lacks && value <= 0) {
        g_string_append_c(out, '-');
        return;
    }
    g_string_append(out, lacks ? ">=" : "");
    append_formatted(out, "%.4g", value);
    g_string_append_printf(out, " %s", unit);
}

void number_area(GString *out, double um2, bool lacks)
{
    if (um2 >= 1e4)
        append_bound(out, um2 * 1e-6, lacks, "mm2");
    else
        append_bound(out, um2, lacks, "um2");
}

void number_power(GString *out, double mw, bool lacks)
{
    if (mw >= 1000)
        append_bound(out, mw * 1e-3, lacks, "W");
    else
        append_bound(out, mw, lacks, "mW");
}

void number_count(GString *out, int64_t count)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char) ('0' + count % 10);
        count /= 10;
    } while (count > 0);
    g_string_append_len(out, digits + at, (gssize) (sizeof digits - at));
}
