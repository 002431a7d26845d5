/* Reading a file into a tree, and asking it simple things. */
#include "frontend/ast.h"

#include <string.h>

#include "frontend/parse.h"

#include "grammar/parser.h"
#include "grammar/lexer.h"

/* --- parsing --- */

/* A byte that no text holds. */
static bool find_binary(const Source *text, uint32_t *at)
{
    for (*at = 0; *at < text->length; ++*at) {
        unsigned char c = (unsigned char) text->text[*at];
        if ((c < 0x20 && !g_ascii_isspace(c)) || c == 0x7F)
            return true;
    }
    return false;
}

static void run(Parse *parse)
{
    void *scanner;
    dcc_yylex_init_extra(parse, &scanner);
    dcc_yy_scan_bytes(parse->text->text, (int) parse->text->length, scanner);
    dcc_yyparse(scanner, parse);
    dcc_yylex_destroy(scanner);
}

static void take(Parse *parse)
{
    Ast *ast = parse->ast;
    ast->items = parse->items.first;
    ast->n_comments = parse->comments->len;
    ast->comments = arena_alloc(parse->arena, ast->n_comments * sizeof(Comment));
    if (ast->n_comments > 0)
        memcpy(ast->comments, parse->comments->data, ast->n_comments * sizeof(Comment));
}

Ast *ast_parse(const Sources *sources, int source, Arena *arena, Diag *diag)
{
    Ast *ast = arena_make(arena, Ast);
    ast->source = source;
    const Source *text = sources_get(sources, source);
    Parse parse = {.text = text, .source = source, .arena = arena, .diag = diag, .ast = ast};
    uint32_t at;
    if (find_binary(text, &at)) {
        ast->broken = true;
        diag_report(diag, CHECK_BINARY, (Span){source, at, at}, "byte 0x%02X: this is no text file",
                    (unsigned char) text->text[at]);
        return ast;
    }
    parse.comments = g_array_new(FALSE, FALSE, sizeof(Comment));
    parse.texts = g_hash_table_new(g_str_hash, g_str_equal);
    run(&parse);
    take(&parse);
    g_array_free(parse.comments, TRUE);
    g_hash_table_destroy(parse.texts);
    if (ast->items == NULL && !ast->broken) {
        ast->broken = true;
        diag_report(diag, CHECK_EMPTY, (Span){source, 0, 0},
                    "nothing in this file but blanks and comments");
    }
    return ast;
}

/* --- layers of one name --- */

static bool is_named_layer(const Item *item)
{
    return item->kind == ITEM_ENTRY && strcmp(item->key, "Layer") == 0 && *ast_name(item) != '\0';
}

/* "NAME#2", or the next number that no layer has. */
static const char *number_name(Arena *arena, GHashTable *taken, const char *name)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(taken, name));
    const char *numbered;
    do
        numbered = arena_printf(arena, "%s#%u", name, ++number);
    while (g_hash_table_contains(taken, numbered));
    g_hash_table_insert(taken, (gpointer) name, GUINT_TO_POINTER(number));
    return numbered;
}

static void number_layers(Arena *arena, Item *network)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const Item *item = network->body; item != NULL; item = item->next)
        if (is_named_layer(item)) /* to the last number given to one of the name */
            g_hash_table_insert(taken, (gpointer) ast_name(item), GUINT_TO_POINTER(1));
    for (Item *item = network->body; item != NULL; item = item->next) {
        if (!is_named_layer(item) || g_hash_table_add(seen, (gpointer) ast_name(item)))
            continue;
        const char *name = number_name(arena, taken, ast_name(item));
        if (item->more == NULL) {
            item->more = arena_make(arena, ItemMore);
            item->more->name_span = SPAN_NONE;
        }
        item->more->name = name;
        g_hash_table_insert(taken, (gpointer) name, GUINT_TO_POINTER(1));
    }
}

void ast_number_layers(Ast *ast, Arena *arena)
{
    for (Item *item = ast->items; item != NULL; item = item->next) {
        if (item->has_body && strcmp(item->key, "Network") == 0)
            number_layers(arena, item);
    }
}

/* --- questions --- */

const Item *ast_find(const Item *items, const char *key)
{
    while (items != NULL && strcmp(items->key, key) != 0)
        items = items->next;
    return items;
}

const ItemMore *ast_more(const Item *item)
{
    static const ItemMore nothing = {.name_span = {-1, 0, 0}};
    return item->more != NULL ? item->more : &nothing;
}

const Expr *ast_args(const Item *item)
{
    return ast_more(item)->args;
}

const Expr *ast_types(const Item *item)
{
    return ast_more(item)->types;
}

const Expr *ast_names(const Item *item)
{
    return ast_more(item)->names;
}

Span ast_key_span(const Item *item)
{
    Span span = item->span;
    span.end = span.begin + item->key_bytes;
    return span;
}

Span ast_head(const Item *item)
{
    Span head = ast_key_span(item);
    if (!item->has_body)
        return item->span;
    if (item->value != NULL)
        head.end = item->value->span.end;
    for (const Expr *type = ast_types(item); type != NULL; type = type->next)
        head.end = type->span.end;
    return head;
}

bool ast_is_sized(const Item *item)
{
    return item->kind == ITEM_ENTRY && ast_more(item)->name != NULL &&
           strcmp(item->key, "Fanout") == 0;
}

const char *ast_unit(const Expr *expr)
{
    return expr->unit != NULL ? expr->unit->text : NULL;
}

const char *ast_name(const Item *item)
{
    if (item->kind != ITEM_ENTRY || ast_more(item)->name != NULL)
        return ast_more(item)->name != NULL ? ast_more(item)->name : "";
    return item->value != NULL && item->value->text != NULL ? item->value->text : "";
}
