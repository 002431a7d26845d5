/* What may be written next. */
#ifndef DCC_LSP_COMPLETE_H
#define DCC_LSP_COMPLETE_H

#include "lsp/revision.h"

/* An array of CompletionItem: keys where one may stand, dims, tensors, types, memories, words and
 * constants where a value is due, files in the line that names them. */
json_t *complete_at(Document *document, const Surroundings *around, uint32_t byte);

#endif
