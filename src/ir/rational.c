/* Products are formed in 128 bits and brought to lowest terms before they are looked at. */
#include "ir/rational.h"

#include <glib.h>

#include "ir/decimal.h"

static __int128 gcd(__int128 a, __int128 b)
{
    while (b != 0) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

bool rational_make(__int128 num, __int128 den, Rational *value)
{
    if (den == 0)
        return false;
    if (den < 0) {
        num = -num;
        den = -den;
    }
    __int128 common = gcd(num, den);
    num /= common;
    den /= common;
    if (num > INT64_MAX || num < -(__int128) INT64_MAX || den > INT64_MAX)
        return false;
    *value = (Rational){(int64_t) num, (int64_t) den};
    return true;
}

bool rational_multiply(Rational a, Rational b, Rational *value)
{
    return rational_make((__int128) a.num * b.num, (__int128) a.den * b.den, value);
}

bool rational_divide(Rational a, Rational b, Rational *value)
{
    return rational_make((__int128) a.num * b.den, (__int128) a.den * b.num, value);
}

/* The digits of a decimal, and the power of ten that they are times. */
static int64_t digits_of(const char *decimal, int *exponent)
{
    int64_t digits = 0;
    const char *at = decimal;
    *exponent = 0;
    for (bool behind = false; *at != 'e' && *at != '\0'; at++) {
        behind |= *at == '.';
        if (g_ascii_isdigit(*at)) {
            digits = 10 * digits + g_ascii_digit_value(*at);
            *exponent -= behind;
        }
    }
    *exponent += *at == 'e' ? (int) g_ascii_strtoll(at + 1, NULL, 10) : 0;
    return digits;
}

bool rational_of(double real, Rational *value)
{
    enum { PLACES = 18 }; /* 10^18 fits */
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    int exponent;
    if (!(real >= 0) || real > (double) INT64_MAX)
        return false;
    if (real < 0x1p53 && real == (double) (int64_t) real) {
        *value = (Rational){(int64_t) real, 1};
        return true;
    }
    decimal_shortest(real, text);
    __int128 num = digits_of(text, &exponent), den = 1;
    for (; exponent < -PLACES; exponent++)
        num = exponent == -PLACES - 1 ? (num + 5) / 10 : num / 10;
    for (; exponent > 0; exponent--)
        num *= 10;
    for (; exponent < 0; exponent++)
        den *= 10;
    return rational_make(num, den, value);
}

bool rational_less(Rational a, Rational b)
{
    return (__int128) a.num * b.den < (__int128) b.num * a.den;
}

int64_t rational_ceil(Rational value)
{
    return value.num / value.den + (value.num % value.den != 0);
}

double rational_real(Rational value)
{
    return value.den != 0 ? (double) value.num / (double) value.den : 0;
}

char *rational_text(Rational value)
{
    GString *text = g_string_new(value.num < 0 ? "-" : "");
    __int128 rest = value.num < 0 ? -(__int128) value.num : value.num;
    g_string_append_printf(text, "%" G_GINT64_FORMAT, (int64_t) (rest / value.den));
    rest %= value.den;
    if (rest != 0)
        g_string_append_c(text, '.');
    for (int place = 0; rest != 0 && place < 18; place++) {
        rest *= 10;
        g_string_append_c(text, (char) ('0' + (int) (rest / value.den)));
        rest %= value.den;
    }
    if (rest != 0)
        g_string_printf(text, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, value.num, value.den);
    return g_string_free(text, FALSE);
}
