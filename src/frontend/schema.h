/* Which keys a block may, must and may not have, from the table schema.def. */
#ifndef DCC_FRONTEND_SCHEMA_H
#define DCC_FRONTEND_SCHEMA_H

#include "frontend/ast.h"

/* Reports keys that do not belong, are missing, stand twice or have the wrong shape. */
void schema_check(const Ast *ast, Diag *diag);

/* True if the item may stand in that block ("" for the top level) and has its shape. */
bool schema_fits(const Item *item, const char *block);

#endif
