#include "lsp/spot.h"

#include <string.h>

/* A cursor stands between two bytes: what ends there counts, unless something begins. */
static bool holds(Span span, uint32_t byte)
{
    return span.source >= 0 && span.begin <= byte && byte <= span.end;
}

static const Item *item_at(const Item *items, uint32_t byte)
{
    const Item *found = NULL;
    for (const Item *item = items; item != NULL; item = item->next)
        if (holds(item->span, byte))
            found = item;
    return found;
}

static const Expr *expr_at(const Expr *exprs, uint32_t byte)
{
    const Expr *found = NULL;
    for (const Expr *expr = exprs; expr != NULL; expr = expr->next)
        if (holds(expr->span, byte))
            found = expr;
    const Expr *inner = found != NULL ? expr_at(found->args, byte) : NULL; /* a bounded depth */
    return inner != NULL ? inner : found;
}

static const Expr *expr_of(const Item *item, uint32_t byte)
{
    const Expr *const lists[] = {item->value, ast_args(item), ast_types(item), ast_names(item)};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        const Expr *found = expr_at(lists[i], byte);
        if (found != NULL)
            return found;
    }
    return NULL;
}

Spot spot_find(const Ast *ast, uint32_t byte)
{
    Spot spot = {0};
    const Item *item = item_at(ast->items, byte);
    while (item != NULL && spot.n < SPOT_DEPTH) {
        spot.item[spot.n++] = item;
        item = item_at(item->body, byte);
    }
    item = spot_item(&spot);
    if (item == NULL)
        return spot;
    spot.on_key = holds(ast_key_span(item), byte);
    spot.on_name = holds(ast_more(item)->name_span, byte) && item->kind == ITEM_CONSTANT;
    spot.expr = spot.on_key ? NULL : expr_of(item, byte);
    return spot;
}

const Item *spot_item(const Spot *spot)
{
    return spot->n > 0 ? spot->item[spot->n - 1] : NULL;
}

const Item *spot_owner(const Spot *spot)
{
    return spot->n > 1 ? spot->item[spot->n - 2] : NULL;
}

const Item *spot_within(const Spot *spot, const char *key)
{
    for (int i = spot->n - 1; i >= 0; i--)
        if (strcmp(spot->item[i]->key, key) == 0 && spot->item[i]->kind == ITEM_ENTRY)
            return spot->item[i];
    return NULL;
}
