/* What is wrong with a document, as the client shows it, and what mends it. */
#ifndef DCC_LSP_FINDINGS_H
#define DCC_LSP_FINDINGS_H

#include "lsp/revision.h"

/* The parameters of textDocument/publishDiagnostics.  Notes with a place are related information
 * where the client shows that, else lines of the message. */
json_t *findings_of(Document *document, const Surroundings *around, bool related);

/* The mends of findings that touch the span, as an array of CodeAction. */
json_t *findings_mends(Document *document, const Surroundings *around, Span span);

/* A WorkspaceEdit that puts a text in the place of a span. */
json_t *findings_edit(const Document *document, Span span, const char *text);

/* A Location of a place in any file of the run; NULL if that is no file. */
json_t *findings_location(const Revision *revision, const Document *document, Span span);

#endif
