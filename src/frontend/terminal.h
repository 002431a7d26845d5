/* How much room a text takes on a terminal: a character has one cell, a wide one of Chinese,
 * Japanese or Korean two, one that is put upon the character before it none. */
#ifndef DCC_FRONTEND_TERMINAL_H
#define DCC_FRONTEND_TERMINAL_H

#include <glib.h>

/* Cells of a character, and of a text, which is UTF-8 without control characters. */
int terminal_cells_of(gunichar c);
int terminal_cells(const char *text);

/* The end of what of the text's begin takes so many cells, or one less where a wide character has
 * no room. */
const char *terminal_head(const char *text, int cells);
/* The begin of what of the text's end takes no more cells. */
const char *terminal_tail(const char *text, int cells);

#endif
