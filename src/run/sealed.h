/* A JSON object of one line whose last member is the SHA-256 of all bytes before that member: a
 * file is either as it was written or shows that it is not. */
#ifndef DCC_RUN_SEALED_H
#define DCC_RUN_SEALED_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* The bytes of a file; NULL if a text is none that JSON can have.  Doubles have 17 digits, which
 * read back as the same double.  Owned by the caller. */
GString *sealed_bytes(const json_t *root);

/* Whether the bytes are those that were written. */
bool sealed_is_whole(const char *text, gsize length);

/* A text into a sum over texts, with an end of its own; NULL as "". */
void sealed_add(GChecksum *sum, const char *text);

/* Texts that a NULL ends; or NULL. */
void sealed_add_list(GChecksum *sum, const char *const *texts);

#endif
