/* What an editor shows of the word under the pointer. */
#ifndef DCC_LSP_HOVER_H
#define DCC_LSP_HOVER_H

#include "lsp/revision.h"

/* A Hover: of a directive what it comes to for the layer at hand, of a dataflow all of it, of a
 * layer its extents, MACs and cycles, of a constant its value, of a key what it means; NULL: there
 * is nothing to say. */
json_t *hover_at(Document *document, const Surroundings *around, uint32_t byte);

#endif
