/* The language server: requests of an editor, answered one after the other. */
#ifndef DCC_LSP_SERVER_H
#define DCC_LSP_SERVER_H

/* Serves the client behind these file descriptors until it is gone; the names of files that
 * documents are read with may be NULL.  Returns the status to exit with: 0 if the client has asked
 * to end first, else 1. */
int server_run(int in, int out, const char *model, const char *hardware, const char *dataflow);

#endif
