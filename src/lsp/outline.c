#include "lsp/outline.h"

#include <string.h>

/* SymbolKind of the protocol. */
enum { MODULE = 2, CLASS = 5, FUNCTION = 12, CONSTANT = 14, OBJECT = 19, STRUCT = 23 };

static const struct {
    const char *key;
    int kind;
} kinds[] = {{"Constant", CONSTANT}, {"Dataflow", FUNCTION}, {"Network", MODULE},
             {"Layer", OBJECT},      {"Operator", CLASS},    {"Accelerator", STRUCT},
             {"Technology", STRUCT}, {"Hierarchy", STRUCT},  {"Memory", OBJECT},
             {"Fanout", OBJECT}};

/* 0: it is none. */
static int kind_of(const Item *item)
{
    bool named = item->has_body || item->kind == ITEM_CONSTANT || ast_is_sized(item);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && named; i++)
        if (strcmp(kinds[i].key, item->key) == 0)
            return kinds[i].kind;
    return 0;
}

/* No deeper than brackets nest. */
static json_t *symbols_of(const Document *document, const Item *items)
{
    json_t *list = json_array();
    for (const Item *item = items; item != NULL; item = item->next) {
        if (kind_of(item) == 0)
            continue;
        const char *name = *ast_name(item) != '\0' ? ast_name(item) : item->key;
        json_t *children = item->kind == ITEM_ENTRY ? symbols_of(document, item->body) : NULL;
        json_t *symbol = json_pack(
            "{s:s, s:s, s:i, s:o, s:o}", "name", name, "detail", item->key, "kind", kind_of(item),
            "range", document_range(document, item->span), "selectionRange",
            document_range(document, item->kind == ITEM_ENTRY ? ast_key_span(item) : item->span));
        if (json_array_size(children) > 0)
            json_object_set(symbol, "children", children);
        json_decref(children);
        json_array_append_new(list, symbol);
    }
    return list;
}

json_t *outline_of(Document *document, const Surroundings *around)
{
    const ProgramFile *file = revision_file(revision_of(document, around));
    return file != NULL ? symbols_of(document, file->ast->items) : json_array();
}
