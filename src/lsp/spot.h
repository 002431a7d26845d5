/* What of a tree stands at a byte. */
#ifndef DCC_LSP_SPOT_H
#define DCC_LSP_SPOT_H

#include "frontend/ast.h"

enum { SPOT_DEPTH = 8 /* blocks of the language nest no deeper */ };

typedef struct {
    int n;
    const Item *item[SPOT_DEPTH]; /* that hold the byte, outermost first */
    const Expr *expr;             /* the innermost at the byte, or NULL */
    bool on_key;                  /* of the last item */
    bool on_name;                 /* of the constant that the last item is */
} Spot;

Spot spot_find(const Ast *ast, uint32_t byte);

/* The last item, and the block that it stands in; NULL: there is none. */
const Item *spot_item(const Spot *spot);
const Item *spot_owner(const Spot *spot);

/* The innermost item of that key; NULL: none holds the byte. */
const Item *spot_within(const Spot *spot, const char *key);

#endif
