/* What other formats call a thing, and how it is written here: the mend of a key that does not
 * belong where it stands. */
#ifndef DCC_FRONTEND_FOREIGN_H
#define DCC_FRONTEND_FOREIGN_H

#include "frontend/ast.h"

/* Adds a note to the report of an unknown key, or of a block without its name or number, if it is
 * one that other formats have. */
void foreign_note(const Item *item, Diag *diag);

/* Whether the note to `owner`, a block without its name or number, says this item of it already. */
bool foreign_covers(const Item *owner, const Item *item);

#endif
