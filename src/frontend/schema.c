/* Which key may stand in which block, and in what shape: a table and one walk. */
#include "frontend/schema.h"

#include <string.h>

#include "frontend/foreign.h"

typedef enum {
    SHAPE_BLOCK,
    SHAPE_SIZED,
    SHAPE_NAMED,
    SHAPE_NAMED_MAYBE,
    SHAPE_ARGUED,
    SHAPE_VALUE,
    SHAPE_WORDS,
    SHAPE_EITHER,
    SHAPE_CALL,
    SHAPE_COORDS,
    SHAPE_LINKED
} Shape;

typedef struct {
    const char *block, *key;
    Shape shape;
    bool needed, repeated;
    const char *what; /* NULL: the table of hardware keys says it */
} Key;

/* How the values of a kind of key (KeyKind) are written. */
enum {
    SHAPE_OF_COUNT = SHAPE_VALUE,
    SHAPE_OF_BYTES = SHAPE_VALUE,
    SHAPE_OF_BITS = SHAPE_VALUE,
    SHAPE_OF_WIDTH = SHAPE_EITHER,
    SHAPE_OF_AMOUNT = SHAPE_VALUE,
    SHAPE_OF_POSITIVE = SHAPE_VALUE,
    SHAPE_OF_LIMIT = SHAPE_VALUE,
    SHAPE_OF_RATE = SHAPE_VALUE,
    SHAPE_OF_RATES = SHAPE_EITHER,
    SHAPE_OF_DURATION = SHAPE_VALUE,
    SHAPE_OF_YES = SHAPE_WORDS,
    SHAPE_OF_PREFETCH = SHAPE_WORDS,
    SHAPE_OF_WORD = SHAPE_WORDS,
    SHAPE_OF_TENSORS = SHAPE_VALUE,
    SHAPE_OF_DIMS = SHAPE_VALUE,
    SHAPE_OF_SHARES = SHAPE_EITHER,
    SHAPE_OF_CHANNEL = SHAPE_VALUE,
    SHAPE_OF_PORT = SHAPE_EITHER,
    SHAPE_OF_LEAKAGE = SHAPE_VALUE
};

static const Key keys[] = {
#define KEY(block, key, shape, needed, repeated, ...)                                              \
    {block, key, SHAPE_##shape, needed, repeated, "" __VA_ARGS__},
#include "frontend/schema.def"
#undef KEY
#define FIELD(field) 0
#define EACH(array) 0
#define OF_EACH(array, field) 0
#define KEY(id, block, which, key, name, kind, unit, least, most, initial, ...)                    \
    {block, key, (Shape) SHAPE_OF_##kind, (initial) == NULL, false, NULL},
#define FLAT(key, name) {"", key, SHAPE_VALUE, false, false, NULL},
#include "frontend/keys.def"
#undef KEY
#undef FLAT
#define KEY(block, key, shape, needed, repeated, what)                                             \
    {block, key, SHAPE_##shape, needed, repeated, what},
#include "frontend/system.def"
#undef KEY
};

static const Key *key_find(const char *block, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].block, block) == 0 && strcmp(keys[i].key, key) == 0)
            return &keys[i];
    }
    return NULL;
}

/* A block whose keys are dims or a technology's, which others look at. */
static bool is_open(const char *block)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].block, block) == 0)
            return false;
    }
    return true;
}

/* Another block that such a key belongs in, or NULL. */
static const char *home_of(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].key, key) == 0)
            return keys[i].block;
    }
    return NULL;
}

/* Keys that a block may have, each once, but no hole. */
static size_t keys_of(const char *block, const char *names[G_N_ELEMENTS(keys) + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].block, block) == 0 && strchr("?", keys[i].key[0]) == NULL)
            names[n++] = keys[i].key;
    }
    if (*block == '\0')
        names[n++] = "Constant";
    return n;
}

GPtrArray *schema_keys(const char *block)
{
    const char *names[G_N_ELEMENTS(keys) + 1];
    size_t n = keys_of(block, names);
    GPtrArray *list = g_ptr_array_new();
    for (size_t i = 0; i < n; i++)
        if (!g_ptr_array_find_with_equal_func(list, names[i], g_str_equal, NULL))
            g_ptr_array_add(list, (gpointer) names[i]);
    return list;
}

const char *schema_what(const char *block, const char *key)
{
    const Key *found = key_find(block, key);
    return found != NULL ? found->what : NULL;
}

bool schema_has_body(const char *block, const char *key)
{
    const Key *found = key_find(block, key);
    Shape shape = found != NULL ? found->shape : SHAPE_VALUE;
    return shape != SHAPE_VALUE && shape != SHAPE_WORDS && shape != SHAPE_EITHER &&
           shape != SHAPE_CALL && shape != SHAPE_COORDS;
}

static void report_unknown(const Item *item, const char *block, Diag *diag)
{
    const char *names[G_N_ELEMENTS(keys) + 1];
    const char *home = item->kind == ITEM_CONSTANT ? "" : home_of(item->key);
    bool top = *block == '\0';
    if (home != NULL) {
        diag_report(diag, CHECK_UNKNOWN_KEY, ast_key_span(item), "'%s' does not belong %s%s",
                    item->key, top ? "outside of any block" : "in ", block);
        if (*home != '\0')
            diag_note(diag, SPAN_NONE, "it stands in a block %s { ... }", home);
        else
            diag_note(diag, SPAN_NONE, "it stands outside of any block");
        return;
    }
    diag_report(diag, CHECK_UNKNOWN_KEY, ast_key_span(item), "no %s '%s' %s%s%s",
                item->kind == ITEM_CALL ? "directive" : "key", item->key,
                top ? "outside of blocks" : "in ", block,
                diag_hint(diag, item->key, names, keys_of(block, names)));
    foreign_note(item, diag);
}

static const char *wanted(Shape shape)
{
    switch (shape) {
    case SHAPE_BLOCK:
        return "{ ... }";
    case SHAPE_LINKED:
        return "a name, or two cores, and { ... }, as in Link bus { ... } or Link a b { ... }";
    case SHAPE_SIZED:
        return "a name, its size and { ... }, as in Fanout PE 16 { ... }";
    case SHAPE_NAMED:
        return "a name and { ... }";
    case SHAPE_NAMED_MAYBE:
        return "{ ... }, with or without a name";
    case SHAPE_ARGUED:
        return "a name or number and { ... }";
    case SHAPE_VALUE:
        return "a value";
    case SHAPE_WORDS:
        return "a word";
    case SHAPE_EITHER:
        return "a value or { ... }";
    case SHAPE_CALL:
        return "arguments, as in (1,1)";
    default:
        return "a name and coordinates, as in A[I][K]";
    }
}

static bool is_name(const Expr *value)
{
    return value != NULL && (value->kind == EXPR_WORD || value->kind == EXPR_STRING) &&
           value->unit == NULL;
}

static bool has_shape(const Item *item, Shape shape)
{
    const Expr *value = item->value;
    bool call = item->kind == ITEM_CALL, body = item->has_body,
         coords = item->kind == ITEM_ENTRY && ast_args(item) != NULL;
    if (call || coords)
        return call ? shape == SHAPE_CALL : shape == SHAPE_COORDS;
    switch (shape) {
    case SHAPE_BLOCK:
        return body && value == NULL;
    case SHAPE_LINKED:
        return body && value != NULL && (is_name(value) || value->kind == EXPR_LIST);
    case SHAPE_SIZED:
        return ast_is_sized(item) && value != NULL;
    case SHAPE_NAMED:
        return body && is_name(value);
    case SHAPE_NAMED_MAYBE:
        return body && (value == NULL || is_name(value));
    case SHAPE_ARGUED:
        return body && value != NULL && (is_name(value) || value->kind == EXPR_NUMBER);
    case SHAPE_VALUE:
        return !body && value != NULL;
    case SHAPE_WORDS:
        return !body && is_name(value);
    case SHAPE_EITHER:
        return body != (value != NULL);
    default:
        return false;
    }
}

/* Blocks of which one value is easily given. */
static const char *example_of(const char *key)
{
    static const char *const examples[][2] = {
        {"Stride", "Stride { Y: 2, X: 2 }"},   {"Dilation", "Dilation { Y: 2, X: 2 }"},
        {"Padding", "Padding { Y: 1, X: 1 }"}, {"Dimensions", "Dimensions { K: 64, C: 3 }"},
        {"Density", "Density { Input: 0.5 }"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++)
        if (strcmp(key, examples[i][0]) == 0)
            return examples[i][1];
    return NULL;
}

static void check_item(const Item *item, const Key *key, Diag *diag)
{
    if (!has_shape(item, key->shape)) {
        diag_report(diag, CHECK_WRONG_VALUE, ast_head(item), "%s wants %s", item->key,
                    wanted(key->shape));
        if (example_of(item->key) != NULL)
            diag_note(diag, SPAN_NONE, "as in %s", example_of(item->key));
        foreign_note(item, diag);
    }
    if (ast_types(item) != NULL && strcmp(item->key, "Dataflow") != 0)
        diag_report(diag, CHECK_WRONG_VALUE, ast_types(item)->span,
                    "only a Dataflow is `for` types of layers");
}

/* In a block every key but the repeated ones stands once; in an open one every key at all. */
static void check_repeats(const Item *items, const char *block, Diag *diag)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const Item *item = items; item != NULL; item = item->next) {
        const Key *key = key_find(block, item->key);
        if (key == NULL || key->repeated || item->kind == ITEM_CONSTANT)
            continue;
        const Item *before = g_hash_table_lookup(seen, item->key);
        if (before == NULL) {
            g_hash_table_insert(seen, (gpointer) item->key, (gpointer) item);
            continue;
        }
        diag_report(diag, CHECK_DUPLICATE_KEY, ast_key_span(item), "%s is given twice", item->key);
        diag_note(diag, ast_key_span(before), "it is given here before");
    }
}

/* A Hierarchy has fan-outs in the place of PEs. */
static bool is_spared(const Item *owner, const Key *key)
{
    return strcmp(key->key, "PEs") == 0 && ast_find(owner->body, "Hierarchy") != NULL;
}

static void check_needed(const Item *owner, const char *block, Diag *diag)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        bool due =
            strcmp(keys[i].block, block) == 0 && keys[i].needed && !is_spared(owner, &keys[i]);
        if (due && !owner->broken && ast_find(owner->body, keys[i].key) == NULL)
            diag_report(diag, CHECK_MISSING_KEY, ast_head(owner), "%s%s%s has no %s", owner->key,
                        *ast_name(owner) != '\0' ? " " : "", ast_name(owner), keys[i].key);
    }
}

/* What the table calls the block of an item: OffChip is another one in a System. */
static const char *block_of(const char *block, const char *key)
{
    bool system = strcmp(block, "System") == 0 && strcmp(key, "OffChip") == 0;
    return system ? "OffChip of a System" : key;
}

static void check_body(const Item *owner, const Item *items, const char *block, Diag *diag)
{
    check_repeats(items, block, diag);
    for (const Item *item = items; item != NULL; item = item->next) {
        if (item->kind == ITEM_CONSTANT && *block == '\0')
            continue;
        const Key *key = key_find(block, item->key);
        if (key == NULL || item->kind == ITEM_CONSTANT) {
            if (!foreign_covers(owner, item))
                report_unknown(item, block, diag);
            continue;
        }
        check_item(item, key, diag);
        bool of_tensors = key->shape == SHAPE_EITHER;
        const char *inner = block_of(block, item->key);
        if (item->has_body && !of_tensors && !is_open(inner)) /* no deeper than the table */
            check_body(item, item->body, inner, diag);
    }
    if (owner != NULL)
        check_needed(owner, block, diag);
}

void schema_check(const Ast *ast, Diag *diag)
{
    check_body(NULL, ast->items, "", diag);
}

bool schema_fits(const Item *item, const char *block)
{
    const Key *key = key_find(block, item->key);
    return key != NULL && item->kind != ITEM_CONSTANT && has_shape(item, key->shape);
}
