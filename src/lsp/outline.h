/* The blocks of a document. */
#ifndef DCC_LSP_OUTLINE_H
#define DCC_LSP_OUTLINE_H

#include "lsp/revision.h"

/* An array of DocumentSymbol: constants and blocks, with the layers of networks and the memories
 * and fan-outs of hierarchies. */
json_t *outline_of(Document *document, const Surroundings *around);

#endif
