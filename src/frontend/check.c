/* The table of checks over the trees, and the functions that are not elsewhere. */
#include "frontend/check.h"

#include <string.h>

#include "frontend/schema.h"

typedef struct {
    const char *name;
    void (*file)(const Trees *program, const ProgramFile *file);
} AstCheck;

/* --- every item of a kind --- */

static bool is_block(const Item *item, const char *key)
{
    return item->kind == ITEM_ENTRY && item->has_body && strcmp(item->key, key) == 0;
}

/* Calls f for the file's Dataflow blocks, those in layers too. */
static void each_dataflow(const Trees *program, const Item *items,
                          void (*f)(const Trees *, const Item *))
{
    for (const Item *item = items; item != NULL; item = item->next) {
        if (is_block(item, "Dataflow"))
            f(program, item);
        else if (is_block(item, "Network") || is_block(item, "Layer"))
            each_dataflow(program, item->body, f);
    }
}

static void each_layer(const Trees *program, const Ast *ast, void (*f)(const Trees *, const Item *))
{
    for (const Item *network = ast->items; network != NULL; network = network->next) {
        if (!is_block(network, "Network"))
            continue;
        for (const Item *layer = network->body; layer != NULL; layer = layer->next) {
            if (is_block(layer, "Layer"))
                f(program, layer);
        }
    }
}

/* --- the checks --- */

static void check_schema(const Trees *program, const ProgramFile *file)
{
    schema_check(file->ast, program->diag);
}

static void check_constants(const Trees *program, const ProgramFile *file)
{
    constants_evaluate(file->constants, program->diag);
}

/* Two blocks of one name in the files: which is meant? */
static void check_duplicate_blocks(const Trees *program, const ProgramFile *file)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const Item *item = file->ast->items; item != NULL; item = item->next) {
        bool named =
            item->has_body && *ast_name(item) != '\0' && strcmp(item->key, "Operator") != 0;
        if (!named || item->types != NULL)
            continue;
        char *key = g_strdup_printf("%s %s", item->key, ast_name(item));
        const Item *before = g_hash_table_lookup(seen, key);
        if (before != NULL) {
            diag_report(program->diag, CHECK_DUPLICATE_BLOCK, item->head, "%s is given twice", key);
            diag_note(program->diag, before->head, "it is given here before");
        }
        g_hash_table_replace(seen, key, (gpointer) item);
    }
}

static void layers_of(const Trees *program, const Item *network)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const Item *layer = network->body; layer != NULL; layer = layer->next) {
        if (!is_block(layer, "Layer") || *ast_name(layer) == '\0')
            continue;
        const Item *before = g_hash_table_lookup(seen, ast_name(layer));
        if (before != NULL && diag_report(program->diag, CHECK_DUPLICATE_LAYER, layer->value->span,
                                          "two layers are called '%s'", ast_name(layer)))
            diag_note(program->diag, before->value->span, "this is the other one");
        g_hash_table_replace(seen, (gpointer) ast_name(layer), (gpointer) layer);
    }
    if (network->body == NULL && !network->broken)
        diag_report(program->diag, CHECK_EMPTY, network->head, "network without layers");
}

static void check_duplicate_layers(const Trees *program, const ProgramFile *file)
{
    for (const Item *item = file->ast->items; item != NULL; item = item->next) {
        if (is_block(item, "Network"))
            layers_of(program, item);
    }
}

static void type_known(const Trees *program, const Expr *type)
{
    if (operators_find(program->operators, type->text) != NULL)
        return;
    g_autoptr(GPtrArray) types = operators_types(program->operators);
    diag_report(
        program->diag, CHECK_UNKNOWN_TYPE, type->span, "no operator '%s'%s", type->text,
        diag_hint(program->diag, type->text, (const char *const *) types->pdata, types->len));
}

static void layer_type(const Trees *program, const Item *layer)
{
    const Item *type = ast_find(layer->body, "Type");
    if (type != NULL && schema_fits(type, "Layer"))
        type_known(program, type->value);
}

static void dataflow_types(const Trees *program, const Item *dataflow)
{
    for (const Expr *type = dataflow->types; type != NULL; type = type->next)
        type_known(program, type);
}

static void check_types(const Trees *program, const ProgramFile *file)
{
    each_layer(program, file->ast, layer_type);
    each_dataflow(program, file->ast->items, dataflow_types);
}

static size_t count(const Expr *args)
{
    size_t n = 0;
    for (; args != NULL; args = args->next)
        n++;
    return n;
}

static void directive_arguments(const Trees *program, const Item *item)
{
    size_t n = count(item->args);
    if (strcmp(item->key, "Cluster") != 0) {
        if (n != 2)
            diag_report(program->diag, CHECK_ARGUMENTS, item->head,
                        "%s wants a size and an offset, as in %s(1,1) K", item->key, item->key);
        else if (item->name == NULL)
            diag_report(program->diag, CHECK_ARGUMENTS, item->head,
                        "%s wants a dim after it, as in %s(1,1) K", item->key, item->key);
        return;
    }
    const Expr *kind = n == 2 ? item->args->next : NULL;
    if (n < 1 || n > 2 || item->name != NULL)
        diag_report(program->diag, CHECK_ARGUMENTS, item->head,
                    "Cluster wants the number of its units, as in Cluster(8)");
    else if (kind != NULL && (kind->kind != EXPR_WORD ||
                              (strcmp(kind->text, "P") != 0 && strcmp(kind->text, "L") != 0)))
        diag_report(program->diag, CHECK_ARGUMENTS, kind->span,
                    "the second argument of Cluster is P or L, or is left out");
}

static void dataflow_directives(const Trees *program, const Item *dataflow)
{
    if (dataflow->body == NULL && !dataflow->broken)
        diag_report(program->diag, CHECK_EMPTY, dataflow->head, "dataflow without directives");
    for (const Item *item = dataflow->body; item != NULL; item = item->next) {
        if (schema_fits(item, "Dataflow"))
            directive_arguments(program, item);
    }
}

static void check_directives(const Trees *program, const ProgramFile *file)
{
    each_dataflow(program, file->ast->items, dataflow_directives);
}

/* Every word that an expression of the items uses. */
static void gather_words(const Expr *expr, GHashTable *words)
{
    for (; expr != NULL; expr = expr->next) {
        if (expr->kind == EXPR_WORD)
            g_hash_table_add(words, (gpointer) expr->text);
        gather_words(expr->args, words);
    }
}

static void gather_items(const Item *items, GHashTable *words)
{
    for (const Item *item = items; item != NULL; item = item->next) {
        gather_words(item->value, words);
        gather_words(item->args, words);
        gather_items(item->body, words); /* no deeper than brackets nest */
    }
}

static void check_unused(const Trees *program, const ProgramFile *file)
{
    g_autoptr(GHashTable) words = g_hash_table_new(g_str_hash, g_str_equal);
    gather_items(file->ast->items, words);
    for (const Item *item = file->ast->items; item != NULL; item = item->next) {
        if (item->kind == ITEM_CONSTANT && !file->ast->broken &&
            !g_hash_table_contains(words, item->name))
            diag_report(program->diag, CHECK_UNUSED_CONSTANT, item->name_span,
                        "constant '%s' is not used", item->name);
    }
}

static const AstCheck ast_checks[] = {
    {"schema", check_schema},
    {"constants", check_constants},
    {"duplicate-block", check_duplicate_blocks},
    {"duplicate-layer", check_duplicate_layers},
    {"unknown-type", check_types},
    {"arguments", check_directives},
    {"unused-constant", check_unused},
};

void check_run(const Trees *program)
{
    for (guint f = 0; f < program->files->len; f++) {
        for (size_t i = 0; i < G_N_ELEMENTS(ast_checks); i++)
            ast_checks[i].file(program, &g_array_index(program->files, ProgramFile, f));
    }
}
