/* Messages between the server and its client: JSON behind a header that gives its length. */
#ifndef DCC_LSP_WIRE_H
#define DCC_LSP_WIRE_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

typedef struct Wire Wire;

typedef enum {
    WIRE_MESSAGE,
    WIRE_MALFORMED, /* a header without a length: what comes next may be well */
    WIRE_TOO_LARGE, /* where the next message begins is then not known */
    WIRE_END
} WireRead;

/* Reads and writes file descriptors, which stay the caller's. */
Wire *wire_new(int in, int out);
void wire_free(Wire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wire, wire_free)

/* Waits for the next message. */
WireRead wire_read(Wire *wire, GString *body);

/* Whether something has come that is not read yet. */
bool wire_waits(const Wire *wire);

/* Takes the message over.  Once the client does not listen any more nothing is sent. */
void wire_send(Wire *wire, json_t *message);

#endif
