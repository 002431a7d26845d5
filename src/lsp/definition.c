#include "lsp/definition.h"

#include <string.h>

#include "lsp/findings.h"
#include "lsp/hand.h"
#include "lsp/spot.h"

/* Where a name is looked for: the blocks of the key, at the top of files or in others. */
typedef struct {
    const char *key, *name;
    Span found;
} Search;

static void search_items(Search *search, const Item *items)
{
    for (const Item *item = items; item != NULL && search->found.source < 0; item = item->next) {
        bool block = item->kind == ITEM_ENTRY && (item->has_body || ast_is_sized(item));
        if (block && strcmp(item->key, search->key) == 0 &&
            strcmp(ast_name(item), search->name) == 0)
            search->found = ast_head(item);
        else if (block)
            search_items(search, item->body); /* no deeper than brackets nest */
    }
}

/* In all files of the run. */
static Span find_block(const Revision *revision, const char *key, const char *name)
{
    Search search = {key, name, SPAN_NONE};
    const GArray *files = revision->program->trees->files;
    for (guint i = 0; i < files->len && search.found.source < 0; i++)
        search_items(&search, g_array_index(files, ProgramFile, i).ast->items);
    return search.found;
}

static Span find_constant(const Revision *revision, const char *name)
{
    const Item *items = revision_file(revision)->ast->items;
    for (const Item *item = items; item != NULL; item = item->next)
        if (item->kind == ITEM_CONSTANT && strcmp(ast_more(item)->name, name) == 0)
            return ast_more(item)->name_span;
    return SPAN_NONE;
}

/* The dataflow that the layer takes. */
static Span find_dataflow(Revision *revision, const Item *layer)
{
    g_autoptr(Hand) hand = hand_of_layer(revision, layer);
    return hand != NULL && hand->dataflow.item != NULL ? ast_head(hand->dataflow.item) : SPAN_NONE;
}

/* What a word in an item stands for, constants aside. */
static Span find_word(const Revision *revision, const Spot *spot)
{
    const Item *item = spot_item(spot);
    const char *word = spot->expr->text;
    bool first = spot->expr == ast_args(item) && item->kind == ITEM_CALL;
    if (strcmp(item->key, "Type") == 0 || ast_types(item) != NULL)
        return find_block(revision, "Operator", word);
    if (strcmp(item->key, "Technology") == 0 && !item->has_body)
        return find_block(revision, "Technology", word);
    if (first && strcmp(item->key, "Buffer") == 0)
        return find_block(revision, "Memory", word);
    if (first && strcmp(item->key, "Fanout") == 0)
        return find_block(revision, "Fanout", word);
    return SPAN_NONE;
}

static bool is_name(const Expr *expr)
{
    return expr != NULL && (expr->kind == EXPR_WORD || expr->kind == EXPR_STRING) &&
           expr->text != NULL;
}

static Span find(Revision *revision, const Spot *spot)
{
    const Item *item = spot_item(spot);
    Span span = SPAN_NONE;
    if (spot->on_name)
        return ast_more(item)->name_span;
    if (is_name(spot->expr)) {
        span = find_word(revision, spot);
        if (span.source < 0 && spot->expr->kind == EXPR_WORD)
            span = find_constant(revision, spot->expr->text);
    }
    bool layer = item->kind == ITEM_ENTRY && strcmp(item->key, "Layer") == 0;
    if (span.source < 0 && layer && (spot->on_key || spot->expr == item->value))
        return find_dataflow(revision, item);
    return span;
}

json_t *definition_at(Document *document, const Surroundings *around, uint32_t byte)
{
    Revision *revision = revision_of(document, around);
    const ProgramFile *file = revision_file(revision);
    if (file == NULL)
        return NULL;
    const Spot spot = spot_find(file->ast, byte);
    Span span = spot_item(&spot) != NULL ? find(revision, &spot) : SPAN_NONE;
    return span.source >= 0 ? findings_location(revision, document, span) : NULL;
}
