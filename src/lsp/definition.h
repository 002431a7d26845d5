/* Where a name is made. */
#ifndef DCC_LSP_DEFINITION_H
#define DCC_LSP_DEFINITION_H

#include "lsp/revision.h"

/* A Location: of a constant, of an operator, memory, fan-out or technology that a file of the run
 * has, of the dataflow that a layer takes; NULL: it is not found. */
json_t *definition_at(Document *document, const Surroundings *around, uint32_t byte);

#endif
