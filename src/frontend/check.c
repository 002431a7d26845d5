/* The table of checks over the trees, and the functions that are not elsewhere.
 *
 * A check has a place, the items that it is called for, and prerequisites, without which it
 * says nothing of an item: a Type that is no word has been reported, and is no unknown type
 * besides; a constant whose use may stand in text that could not be read is not unused. */
#include "frontend/check.h"

#include <string.h>

#include "frontend/edges.h"
#include "frontend/holes.h"
#include "frontend/keys.h"
#include "frontend/schema.h"

/* --- every item of a kind --- */

static bool is_block(const Item *item, const char *key)
{
    return item->kind == ITEM_ENTRY && item->has_body && strcmp(item->key, key) == 0;
}

typedef void (*CheckItem)(const Trees *program, const ProgramFile *file, const Item *item);

typedef struct {
    const char *name;
    enum { EACH_FILE, EACH_NETWORK, EACH_LAYER, EACH_DATAFLOW, EACH_DIRECTIVE } place;
    enum { NEEDS_NOTHING = 0, NEEDS_SYNTAX = 1, NEEDS_SCHEMA = 2 } needs;
    CheckItem check; /* item: NULL for a file */
} AstCheck;

/* Whether the item, in a block of that kind, has what a check needs. */
static bool is_ready(const AstCheck *check, const ProgramFile *file, const Item *item,
                     const char *block)
{
    bool broken = item != NULL ? item->broken : file->ast->broken;
    if ((check->needs & NEEDS_SYNTAX) != 0 && broken)
        return false;
    return (check->needs & NEEDS_SCHEMA) == 0 || item == NULL || schema_fits(item, block);
}

static void call(const AstCheck *check, const Trees *program, const ProgramFile *file,
                 const Item *item, const char *block)
{
    if (is_ready(check, file, item, block))
        check->check(program, file, item);
}

static void visit_dataflow(const AstCheck *check, const Trees *program, const ProgramFile *file,
                           const Item *dataflow, const char *block)
{
    if (check->place == EACH_DATAFLOW)
        call(check, program, file, dataflow, block);
    for (const Item *item = dataflow->body; item != NULL && check->place == EACH_DIRECTIVE;
         item = item->next)
        call(check, program, file, item, "Dataflow");
}

static void visit_layer(const AstCheck *check, const Trees *program, const ProgramFile *file,
                        const Item *layer)
{
    if (check->place == EACH_LAYER)
        call(check, program, file, layer, "Network");
    for (const Item *item = layer->body; item != NULL; item = item->next) {
        if (is_block(item, "Dataflow"))
            visit_dataflow(check, program, file, item, "Layer");
    }
}

static void visit_file(const AstCheck *check, const Trees *program, const ProgramFile *file)
{
    if (check->place == EACH_FILE) {
        call(check, program, file, NULL, "");
        return;
    }
    for (const Item *item = file->ast->items; item != NULL; item = item->next) {
        if (is_block(item, "Dataflow")) {
            visit_dataflow(check, program, file, item, "");
        } else if (is_block(item, "Network") && check->place == EACH_NETWORK) {
            call(check, program, file, item, "");
        } else if (is_block(item, "Network")) {
            for (const Item *layer = item->body; layer != NULL; layer = layer->next) {
                if (is_block(layer, "Layer"))
                    visit_layer(check, program, file, layer);
            }
        }
    }
}

/* --- the checks --- */

static void check_schema(const Trees *program, const ProgramFile *file, const Item *item)
{
    (void) item;
    schema_check(file->ast, program->diag);
}

static void check_constants(const Trees *program, const ProgramFile *file, const Item *item)
{
    (void) item;
    constants_evaluate(file->constants, program->diag);
}

/* A sweep of the name of a key would be of that; Any is a word of dataflows. */
static void check_reserved(const Trees *program, const ProgramFile *file, const Item *item)
{
    for (item = file->ast->items; item != NULL; item = item->next) {
        const char *name = item->kind == ITEM_CONSTANT ? ast_more(item)->name : NULL;
        const char *key = name != NULL ? hardware_key_reserves_constant(name) : NULL;
        bool word = name != NULL && strcmp(name, "Any") == 0;
        if (key == NULL && !word)
            continue;
        if (word)
            diag_report(program->diag, CHECK_RESERVED_NAME, ast_more(item)->name_span,
                        "'Any' is a reserved word: in a dataflow it stands for maps");
        else
            diag_report(program->diag, CHECK_RESERVED_NAME, ast_more(item)->name_span,
                        "constant '%s' has the name of the key %s of --set", name, key);
        diag_note(program->diag, SPAN_NONE, "give it another name");
    }
}

/* Two blocks of one name in the files: which is meant? */
static void check_duplicate_blocks(const Trees *program, const ProgramFile *file, const Item *item)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (item = file->ast->items; item != NULL; item = item->next) {
        bool named =
            item->has_body && *ast_name(item) != '\0' && strcmp(item->key, "Operator") != 0;
        if (!named || ast_types(item) != NULL)
            continue;
        char *key = g_strdup_printf("%s %s", item->key, ast_name(item));
        const Item *before = g_hash_table_lookup(seen, key);
        if (before != NULL) {
            diag_report(program->diag, CHECK_DUPLICATE_BLOCK, ast_head(item), "%s is given twice",
                        key);
            diag_note(program->diag, ast_head(before), "it is given here before");
        }
        g_hash_table_replace(seen, key, (gpointer) item);
    }
}

static void check_layers(const Trees *program, const ProgramFile *file, const Item *network)
{
    (void) file;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const Item *layer = network->body; layer != NULL; layer = layer->next) {
        if (!is_block(layer, "Layer") || *ast_name(layer) == '\0')
            continue;
        const char *written = layer->value->text;
        const Item *before = g_hash_table_lookup(seen, written);
        if (before != NULL &&
            diag_report(program->diag, CHECK_DUPLICATE_LAYER, layer->value->span,
                        "two layers are called '%s'; this one is %s in reports and for --layer",
                        written, ast_name(layer)))
            diag_note(program->diag, before->value->span, "%s is the other one", ast_name(before));
        g_hash_table_replace(seen, (gpointer) written, (gpointer) layer);
    }
    if (network->body == NULL && !network->broken)
        diag_report(program->diag, CHECK_EMPTY, ast_head(network), "network without layers");
}

/* BMM, MatMul and the like. */
static bool is_matrix_product(const char *type)
{
    g_autofree char *name = g_ascii_strdown(type, -1);
    return g_str_has_suffix(name, "mm") || strstr(name, "matmul") != NULL;
}

/* layer: " (layer L)", or "". */
static void type_known(const Trees *program, const Expr *type, const char *layer)
{
    if (operators_find(program->operators, type->text) != NULL)
        return;
    g_autoptr(GPtrArray) types =
        diag_has_hints(program->diag) ? operators_types(program->operators) : g_ptr_array_new();
    diag_report(
        program->diag, CHECK_UNKNOWN_TYPE, type->span, "no operator '%s'%s%s", type->text, layer,
        diag_hint(program->diag, type->text, (const char *const *) types->pdata, types->len));
    if (is_matrix_product(type->text))
        diag_note(program->diag, SPAN_NONE, "GEMM has a batch dim B");
}

static void check_type(const Trees *program, const ProgramFile *file, const Item *layer)
{
    (void) file;
    const Item *type = ast_find(layer->body, "Type");
    if (type == NULL || !schema_fits(type, "Layer"))
        return;
    g_autofree char *of = g_strdup_printf(" (layer %s)", ast_name(layer));
    type_known(program, type->value, *ast_name(layer) != '\0' ? of : "");
}

static void check_types(const Trees *program, const ProgramFile *file, const Item *dataflow)
{
    (void) file;
    for (const Expr *type = ast_types(dataflow); type != NULL; type = type->next)
        type_known(program, type, "");
}

static size_t count(const Expr *args)
{
    size_t n = 0;
    for (; args != NULL; args = args->next)
        n++;
    return n;
}

static void wrong_arguments(const Trees *program, const Item *item, const char *wants)
{
    diag_report(program->diag, CHECK_ARGUMENTS, ast_head(item), "%s wants %s", item->key, wants);
}

/* The offset of a size that is open may be left out. */
static void map_arguments(const Trees *program, const Item *item)
{
    const Expr *args = ast_args(item);
    size_t n = count(args);
    if (n != 2 && !(n == 1 && args->kind == EXPR_HOLE))
        diag_report(program->diag, CHECK_ARGUMENTS, ast_head(item),
                    "%s wants a size and an offset, as in %s(1,1) K", item->key, item->key);
    else if (count(ast_names(item)) != 1)
        diag_report(program->diag, CHECK_ARGUMENTS, ast_head(item),
                    "%s wants a dim after it, as in %s(1,1) K", item->key, item->key);
}

static void cluster_arguments(const Trees *program, const Item *item)
{
    size_t n = count(ast_args(item));
    const Expr *kind = n == 2 ? ast_args(item)->next : NULL;
    if (n < 1 || n > 2 || ast_names(item) != NULL)
        wrong_arguments(program, item, "the number of its units, as in Cluster(8)");
    else if (kind != NULL && (kind->kind != EXPR_WORD ||
                              (strcmp(kind->text, "P") != 0 && strcmp(kind->text, "L") != 0)))
        diag_report(program->diag, CHECK_ARGUMENTS, kind->span,
                    "the second argument of Cluster is P or L, or is left out");
}

static void any_arguments(const Trees *program, const Item *item)
{
    if (count(ast_args(item)) > 1)
        wrong_arguments(program, item, "what the sizes of its maps may be, as in Any(? <= 16)");
    else if ((item->value != NULL) != (ast_names(item) != NULL))
        wrong_arguments(program, item, "over or ordered before its dims, as in Any over K, C");
}

static void check_arguments(const Trees *program, const ProgramFile *file, const Item *item)
{
    (void) file;
    size_t n = count(ast_args(item));
    bool named = n > 0 && ast_args(item)->kind == EXPR_WORD;
    if (strcmp(item->key, "Cluster") == 0) {
        cluster_arguments(program, item);
    } else if (strcmp(item->key, "Buffer") == 0) {
        if (n != 1 || !named)
            wrong_arguments(program, item, "the name of a memory, as in Buffer(GLB) Input, Output");
    } else if (strcmp(item->key, "Fanout") == 0) {
        if (n < 1 || n > 2 || !named || ast_names(item) != NULL)
            wrong_arguments(program, item,
                            "the name of a fan-out and maybe how many of its units, as in "
                            "Fanout(PE, 8)");
    } else if (strcmp(item->key, "Level") == 0) {
        if (n > 0 || ast_names(item) != NULL)
            wrong_arguments(program, item, "nothing: write Level;");
    } else if (strcmp(item->key, "Any") == 0) {
        any_arguments(program, item);
    } else {
        map_arguments(program, item);
    }
}

static void check_holes(const Trees *program, const ProgramFile *file, const Item *item)
{
    (void) file;
    holes_check(program, item);
}

static void check_empty(const Trees *program, const ProgramFile *file, const Item *dataflow)
{
    (void) file;
    if (dataflow->body == NULL)
        diag_report(program->diag, CHECK_EMPTY, ast_head(dataflow), "dataflow without directives");
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
        gather_words(ast_args(item), words);
        gather_items(item->body, words); /* no deeper than brackets nest */
    }
}

static void check_unused(const Trees *program, const ProgramFile *file, const Item *item)
{
    g_autoptr(GHashTable) words = g_hash_table_new(g_str_hash, g_str_equal);
    gather_items(file->ast->items, words);
    for (item = file->ast->items; item != NULL; item = item->next) {
        if (item->kind == ITEM_CONSTANT && !g_hash_table_contains(words, ast_more(item)->name))
            diag_report(program->diag, CHECK_UNUSED_CONSTANT, ast_more(item)->name_span,
                        "constant '%s' is not used", ast_more(item)->name);
    }
}

static const AstCheck ast_checks[] = {
    {"schema", EACH_FILE, NEEDS_NOTHING, check_schema},
    {"constants", EACH_FILE, NEEDS_NOTHING, check_constants},
    {"reserved-name", EACH_FILE, NEEDS_NOTHING, check_reserved},
    {"duplicate-block", EACH_FILE, NEEDS_NOTHING, check_duplicate_blocks},
    {"duplicate-layer", EACH_NETWORK, NEEDS_NOTHING, check_layers},
    {"unknown-type", EACH_LAYER, NEEDS_NOTHING, check_type},
    {"edges", EACH_NETWORK, NEEDS_SYNTAX, edges_check},
    {"unknown-type-for", EACH_DATAFLOW, NEEDS_NOTHING, check_types},
    {"empty", EACH_DATAFLOW, NEEDS_SYNTAX, check_empty},
    {"arguments", EACH_DIRECTIVE, NEEDS_SCHEMA, check_arguments},
    {"holes", EACH_DIRECTIVE, NEEDS_SCHEMA, check_holes},
    {"unused-constant", EACH_FILE, NEEDS_SYNTAX, check_unused},
};

void check_run(const Trees *program)
{
    for (guint f = 0; f < program->files->len; f++) {
        for (size_t i = 0; i < G_N_ELEMENTS(ast_checks); i++)
            visit_file(&ast_checks[i], program, &g_array_index(program->files, ProgramFile, f));
    }
}
