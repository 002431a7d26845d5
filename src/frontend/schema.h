/* Which keys a block may, must and may not have, from the table schema.def. */
#ifndef DCC_FRONTEND_SCHEMA_H
#define DCC_FRONTEND_SCHEMA_H

#include "frontend/ast.h"

/* Reports keys that do not belong, are missing, stand twice or have the wrong shape. */
void schema_check(const Ast *ast, Diag *diag);

/* The keys that a block may have, each once and no hole, in the order of the tables. */
GPtrArray *schema_keys(const char *block);

/* What a key of the block is, in a line; NULL if the block has no such key, or the line is of
 * hardware_key. */
const char *schema_what(const char *block, const char *key);

/* True if the block has the key, with a body behind it and not a value. */
bool schema_has_body(const char *block, const char *key);

/* True if the item may stand in that block ("" for the top level) and has its shape. */
bool schema_fits(const Item *item, const char *block);

#endif
