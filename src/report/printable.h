/* Names out of a file, where people read them. */
#ifndef DCC_REPORT_PRINTABLE_H
#define DCC_REPORT_PRINTABLE_H

#include <glib.h>

/* Appends the text with control characters and marks that turn the direction of writing as \u00XX,
 * so that none of them reaches a terminal; bytes that are no UTF-8 become U+FFFD. */
void printable_append(GString *out, const char *text);

/* The same as a string, owned by the caller. */
char *printable_text(const char *text);

#endif
