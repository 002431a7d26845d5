/* A number and the limit that it does not keep, so that both can be read. */
#ifndef DCC_IR_DECIMAL_H
#define DCC_IR_DECIMAL_H

#include <glib.h>

/* The fewest digits of a double from 15 on, which all decimals of 15 are the same after, without
 * zeros at the end: "0.1", "1e-07". */
void decimal_shortest(double value, char text[G_ASCII_DTOSTR_BUF_SIZE]);

/* Appends a double with so many significant digits, or with as many more as it takes to tell it
 * from the other one, if that is not the same.  Either of the two has as many as the other. */
void decimal_apart(GString *out, double value, int digits, double other);

#endif
