/* What a tool says of itself: --help and --version. */
#ifndef DCC_TOOLS_PARTS_HELP_H
#define DCC_TOOLS_PARTS_HELP_H

/* To be called before options are parsed: GLib, which prints --help itself, ends the tool with 0
 * even where nothing can be written; from here on that is reported, and is another exit status. */
void help_begin(const char *tool);

/* Prints the text, or "TOOL VERSION".  Returns the exit status, after reporting. */
int help_print(const char *tool, const char *text);
int help_version(const char *tool);

#endif
