/* A text that the client has open, and places in it: the protocol counts lines and, within a line,
 * UTF-16 code units, both from 0; the front end counts bytes. */
#ifndef DCC_LSP_DOCUMENT_H
#define DCC_LSP_DOCUMENT_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "frontend/source.h"

typedef struct Revision Revision;

typedef struct {
    char *uri;
    char *path;         /* of its file, or NULL: it is none */
    json_t *version;    /* as the client numbers it; or NULL */
    GString *text;      /* UTF-8 */
    GArray *lines;      /* of uint32_t: first byte of each */
    bool stale;         /* what was last said of it may not be so any more */
    Revision *revision; /* what the front end makes of it, once asked; or NULL */
} Document;

/* The text is copied. */
Document *document_new(const char *uri, const char *text, size_t length);
void document_free(Document *document);

/* What messages call it: its path, or what the client calls it. */
const char *document_name(const Document *document);

/* Whether the path is of the document's file, by whatever name. */
bool document_is(const Document *document, const char *path);

/* Puts a text in the place of those bytes; false if the span is none of the text. */
bool document_replace(Document *document, Span span, const char *text, size_t length);

/* The byte at a position, one beyond a line being the line's end; false if it is malformed. */
bool document_byte(const Document *document, const json_t *position, uint32_t *byte);
/* The same of a range. */
bool document_span(const Document *document, const json_t *range, Span *span);

json_t *document_position(const Document *document, uint32_t byte);
json_t *document_range(const Document *document, Span span);

/* All of it. */
Span document_all(const Document *document);

#endif
