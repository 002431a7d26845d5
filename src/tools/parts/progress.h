/* The line that says on a terminal how far a tool is. */
#ifndef DCC_TOOLS_PARTS_PROGRESS_H
#define DCC_TOOLS_PARTS_PROGRESS_H

/* Writes it in the place of the one before, cut to the terminal: a line that wraps could not be
 * taken back.  The name, or "", is cut first, in its middle, and then the end of the rest. */
void progress_show(const char *name, const char *rest);

/* Takes it back. */
void progress_hide(void);

#endif
