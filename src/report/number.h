/* Numbers as people read them; always in the C locale. */
#ifndef DCC_REPORT_NUMBER_H
#define DCC_REPORT_NUMBER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Appends with three significant digits and a decimal prefix ("86.7M", "1.02m"), or a binary
 * one for bytes ("108KiB"); numbers below 10000 without a fraction are printed as they are. */
void number_scaled(GString *out, double value, const char *unit);

/* Appends a double so that it reads back as the same one, as short as that allows. */
void number_exact(GString *out, double value);

/* Appends a double with six significant digits. */
void number_short(GString *out, double value);

/* "3.1 mm2", below a hundredth of one "250 um2"; "1.2 W", "450 mW".  Where a part has no figure it
 * is
 * ">=3.1 mm2", or "-" if nothing of it is known. */
void number_area(GString *out, double um2, bool lacks);
void number_power(GString *out, double mw, bool lacks);
/* A whole number, not below 0: tables of layers are mostly of these. */
void number_count(GString *out, int64_t count);

#endif
