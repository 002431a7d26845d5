/* Exact fractions of 63 bits: 0.8 GB/s over 200 MHz is 4 bytes per cycle, and not nearly so. */
#ifndef DCC_IR_RATIONAL_H
#define DCC_IR_RATIONAL_H

#include <stdbool.h>
#include <stdint.h>

/* Lowest terms, den > 0.  As a bandwidth num == 0 means unlimited. */
typedef struct {
    int64_t num, den;
} Rational;

/* Arithmetic in lowest terms; false where the result does not fit 63 bits (or den is 0). */
bool rational_make(__int128 num, __int128 den, Rational *value);
bool rational_multiply(Rational a, Rational b, Rational *value);
bool rational_divide(Rational a, Rational b, Rational *value);

/* What the shortest decimal of the real says, which is not below 0: 0.1 is 1/10.  More than 18
 * places are rounded.  False if it does not fit. */
bool rational_of(double real, Rational *value);

/* Both have den > 0. */
bool rational_less(Rational a, Rational b);

/* The least integer that is not below it; num >= 0, den > 0. */
int64_t rational_ceil(Rational value);

/* 0 where den is 0. */
double rational_real(Rational value);

/* All of it, to be freed: "1.0000001", or "10/3" where no decimal of 18 places is the same. */
char *rational_text(Rational value);

#endif
