/* Everything that is offered stands in a table of the front end or in the run. */
#include "lsp/complete.h"

#include <string.h>

#include "frontend/keys.h"
#include "frontend/schema.h"
#include "frontend/technology.h"
#include "lsp/context.h"
#include "report/list.h"

/* CompletionItemKind of the protocol. */
enum {
    FUNCTION = 3,
    VARIABLE = 6,
    CLASS = 7,
    PROPERTY = 10,
    KEYWORD = 14,
    FILE_KIND = 17,
    CONSTANT = 21,
    STRUCT = 22
};

typedef struct {
    const Document *document;
    const Revision *revision;
    const Context *context;
    Span word; /* that is replaced */
    json_t *list;
    GHashTable *seen; /* of names that are offered, owned */
} Offer;

static void add(Offer *offer, const char *name, int kind, const char *detail)
{
    if (!g_hash_table_add(offer->seen, g_strdup(name)) || !g_utf8_validate(name, -1, NULL))
        return;
    json_t *item =
        json_pack("{s:s, s:i, s:{s:o, s:s}}", "label", name, "kind", kind, "textEdit", "range",
                  document_range(offer->document, offer->word), "newText", name);
    if (detail != NULL)
        json_object_set_new(item, "detail", json_string(detail));
    json_array_append_new(offer->list, item);
}

/* Takes the names over. */
static void add_all(Offer *offer, GPtrArray *names, int kind)
{
    for (guint i = 0; i < names->len; i++)
        add(offer, names->pdata[i], kind, NULL);
    g_ptr_array_free(names, TRUE);
}

static void add_words(Offer *offer, const char *const *words, size_t n, int kind)
{
    for (size_t i = 0; i < n; i++)
        add(offer, words[i], kind, NULL);
}

/* ---- operators ---- */

static const Operators *operators_of(const Offer *offer)
{
    return offer->revision->program->trees->operators;
}

/* The type of the run's first layer; NULL: there is none. */
static const char *first_type(const Offer *offer)
{
    const GArray *layers = offer->revision->program->layers;
    const Item *type =
        layers->len > 0 ? ast_find(g_array_index(layers, Place, 0).item->body, "Type") : NULL;
    return type != NULL && type->value != NULL ? type->value->text : NULL;
}

/* The operator of the block around, else of the first layer; NULL: it cannot be told. */
static const OperatorInfo *operator_of(const Offer *offer)
{
    const ContextFrame *block = context_within(offer->context, "Dataflow");
    if (block == NULL || block->type.end == 0)
        block = context_within(offer->context, "Layer") != NULL
                    ? context_within(offer->context, "Layer")
                    : block;
    if (block != NULL && block->type.end > 0) {
        g_autofree char *quoted = context_copy(offer->context, block->type);
        g_autofree char *type = g_strdup(quoted + (*quoted == '"'));
        type[strcspn(type, "\"")] = '\0';
        return operators_find(operators_of(offer), type);
    }
    const char *type = first_type(offer);
    return type != NULL ? operators_find(operators_of(offer), type) : NULL;
}

static void add_input_dims(Offer *offer)
{
    const OperatorInfo *info = operator_of(offer);
    for (int i = 0; info != NULL && i < info->n_derived; i++)
        add(offer, info->derived[i].name, VARIABLE, "input dim");
}

/* Of an operator that cannot be told, those of all. */
static void add_dims(Offer *offer)
{
    const OperatorInfo *info = operator_of(offer);
    if (info == NULL) {
        add_all(offer, operators_dims(operators_of(offer)), VARIABLE);
        return;
    }
    for (int i = 0; i < info->op.n_dims; i++)
        add(offer, info->op.dim[i], VARIABLE, info->op.type);
    add_input_dims(offer);
    for (int i = 0; i < info->n_parameters; i++)
        add(offer, info->parameter[i], VARIABLE, info->op.type);
}

static void add_tensors(Offer *offer)
{
    static const char *const roles[] = {"Input", "Weight", "Output"};
    const OperatorInfo *info = operator_of(offer);
    add_words(offer, roles, G_N_ELEMENTS(roles), VARIABLE);
    for (int t = 0; info != NULL && t < info->op.n_tensors; t++)
        add(offer, info->op.tensor[t].name, VARIABLE, info->op.type);
}

/* ---- expressions ---- */

static void add_constants(Offer *offer)
{
    const ProgramFile *file = revision_file(offer->revision);
    add_all(offer, constants_names(file->constants), CONSTANT);
    if (context_within(offer->context, "Layer") == NULL ||
        context_within(offer->context, "Dataflow") != NULL)
        add_words(offer, expr_functions, EXPR_FUNCTIONS, FUNCTION);
}

/* The names of the machine's memories or fan-outs. */
static void add_parts(Offer *offer, bool memories)
{
    const Hardware *machine = &offer->revision->program->machine;
    for (int i = 0; i < (memories ? machine->n_memories : machine->n_fanouts); i++)
        add(offer, memories ? machine->memory[i].name : machine->fanout[i].name, STRUCT,
            memories ? "memory" : "fan-out");
}

static void add_arguments(Offer *offer)
{
    const Context *context = offer->context;
    ContextWord call = context->frame[context->n - 1].key;
    bool in_dataflow = context_within(context, "Dataflow") != NULL;
    bool memory = context_is(context, call, "Buffer"), fanout = context_is(context, call, "Fanout");
    if (in_dataflow && (memory || fanout) && context->argument == 0)
        add_parts(offer, memory);
    else if (context_is(context, call, "Sz") || context_is(context, call, "Win"))
        add_dims(offer);
    else
        add_constants(offer);
}

/* ---- values ---- */

/* The kind of the value of a hardware key, -1 if it is none. */
static int key_kind(const Offer *offer, const char *block)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++)
        if (strcmp(hardware_keys[i].block, block) == 0 && *hardware_keys[i].key != '\0' &&
            context_is(offer->context, offer->context->key, hardware_keys[i].key))
            return (int) hardware_keys[i].kind;
    return -1;
}

static void add_key_values(Offer *offer, int kind)
{
    switch (kind) {
    case KEY_KIND_YES:
        add_words(offer, reader_yes_words, G_N_ELEMENTS(reader_yes_words), KEYWORD);
        break;
    case KEY_KIND_PREFETCH:
        add_words(offer, reader_prefetch_words, G_N_ELEMENTS(reader_prefetch_words), KEYWORD);
        break;
    case KEY_KIND_TENSORS:
        add_tensors(offer);
        break;
    case KEY_KIND_DIMS:
        add_dims(offer);
        break;
    case KEY_KIND_WORD:
        add_all(offer, technology_names(offer->revision->program->trees), STRUCT);
        break;
    default:
        add_constants(offer);
        break;
    }
}

static void add_values(Offer *offer)
{
    const Context *context = offer->context;
    const ContextFrame *frame = context_block(context);
    g_autofree char *block = frame != NULL ? context_copy(context, frame->key) : g_strdup("");
    g_autofree char *key = context_copy(context, context->key);
    if (context_is(context, context->key, "Type"))
        add_all(offer, operators_types(operators_of(offer)), CLASS);
    else if (context_is(context, context->key, "Any"))
        add_words(offer, (const char *const[]){"over", "ordered"}, 2, KEYWORD);
    else if (!schema_has_body(block, key)) /* what stands before a body is a new name */
        add_key_values(offer, key_kind(offer, block));
}

static void add_names(Offer *offer)
{
    const Context *context = offer->context;
    if (context_is(context, context->key, "Buffer")) {
        add_tensors(offer);
        add(offer, "auto", KEYWORD, "as the capacities have room");
    } else {
        add_dims(offer);
    }
}

/* ---- keys ---- */

static const HardwareKey *hardware_row(const char *block, const char *name)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++)
        if (strcmp(hardware_keys[i].block, block) == 0 && strcmp(hardware_keys[i].key, name) == 0)
            return &hardware_keys[i];
    return NULL;
}

static void add_schema_keys(Offer *offer, const char *block)
{
    GPtrArray *names = schema_keys(block);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i], *what = schema_what(block, name);
        const HardwareKey *row = hardware_row(block, name);
        g_autofree char *line = row != NULL ? list_key(row) : g_strdup(what);
        if (*name != '\0')
            add(offer, name, what != NULL ? KEYWORD : PROPERTY, line);
    }
    g_ptr_array_free(names, TRUE);
}

/* Whether the block stands for a value of each tensor. */
static bool is_of_tensors(const char *block)
{
    bool found = strcmp(block, "Density") == 0;
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        KeyKind kind = hardware_keys[i].kind;
        found |= strcmp(hardware_keys[i].key, block) == 0 &&
                 (kind == KEY_KIND_RATES || kind == KEY_KIND_WIDTH || kind == KEY_KIND_SHARES);
    }
    return found;
}

static void add_keys(Offer *offer)
{
    const Context *context = offer->context;
    const ContextFrame *frame = context_block(context);
    g_autofree char *block = frame != NULL ? context_copy(context, frame->key) : g_strdup("");
    add_schema_keys(offer, block);
    if (strcmp(block, "Dimensions") == 0)
        add_dims(offer);
    else if (strcmp(block, "Stride") == 0 || strcmp(block, "Dilation") == 0 ||
             strcmp(block, "Padding") == 0)
        add_input_dims(offer);
    else if (is_of_tensors(block))
        add_tensors(offer);
}

/* ---- files ---- */

static void add_files(Offer *offer, SourceKind kind)
{
    g_autoptr(GPtrArray) paths = source_list(kind);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *name = g_path_get_basename(paths->pdata[i]);
        if (!g_str_has_prefix(name, "tech-")) /* which machines name */
            add(offer, name, FILE_KIND, NULL);
    }
}

/* In the line that names the files beside the document; false if the byte is not in it. */
static bool complete_command(Offer *offer, uint32_t byte)
{
    const char *text = offer->document->text->str;
    Span line = revision_command(text);
    if (line.end == 0 || byte < line.begin || byte > line.end)
        return false;
    uint32_t begin = byte;
    while (begin > line.begin && !g_ascii_isspace(text[begin - 1]))
        begin--;
    offer->word = (Span){0, begin, byte};
    g_autofree char *before = g_strndup(text + line.begin, (gsize) (begin - line.begin));
    g_strchomp(before);
    if (g_str_has_suffix(before, "--model")) {
        add_files(offer, SOURCE_MODEL);
    } else if (g_str_has_suffix(before, "--hw")) {
        add_files(offer, SOURCE_HARDWARE);
    } else {
        add_words(offer, (const char *const[]){"--model", "--hw"}, 2, KEYWORD);
        add_files(offer, SOURCE_DATAFLOW);
    }
    return true;
}

/* ---- all ---- */

static void complete(Offer *offer)
{
    switch (offer->context->kind) {
    case CONTEXT_NOTHING:
        break;
    case CONTEXT_KEY:
        add_keys(offer);
        break;
    case CONTEXT_VALUE:
        add_values(offer);
        break;
    case CONTEXT_ARGUMENT:
        add_arguments(offer);
        break;
    case CONTEXT_NAME:
        add_names(offer);
        break;
    case CONTEXT_TYPE:
        add_all(offer, operators_types(operators_of(offer)), CLASS);
        break;
    }
}

json_t *complete_at(Document *document, const Surroundings *around, uint32_t byte)
{
    const Revision *revision = revision_of(document, around);
    const Context context = context_at(document->text->str, byte);
    Offer offer = {.document = document,
                   .revision = revision,
                   .context = &context,
                   .word = {0, context.word.begin, context.word.end},
                   .list = json_array()};
    offer.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (revision->program != NULL && !complete_command(&offer, byte))
        complete(&offer);
    g_hash_table_destroy(offer.seen);
    return offer.list;
}
