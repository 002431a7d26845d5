/* A document in canonical form. */
#ifndef DCC_LSP_LAYOUT_H
#define DCC_LSP_LAYOUT_H

#include "lsp/document.h"

/* The edits that give it the form of dcc --format, an array of TextEdit: one, or none where it has
 * it; NULL where it has mistakes. */
json_t *layout_edits(const Document *document);

#endif
