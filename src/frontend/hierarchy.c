/* The block Hierarchy, outermost first.  A memory or fan-out is known by its name, and by how many
 * of the others stand outside it. */
#include "frontend/hierarchy.h"

#include <string.h>

#include "frontend/schema.h"

/* --- names --- */

bool hierarchy_is_name(const char *name)
{
    bool word = g_ascii_isalpha(name[0]) || name[0] == '_';
    for (; *name != '\0'; name++)
        word &= g_ascii_isalnum(*name) || *name == '_';
    return word;
}

static Span name_span(const Item *item)
{
    return ast_is_sized(item) ? ast_more(item)->name_span : item->value->span;
}

static const Span *span_of(const Hardware *hardware, const char *name)
{
    for (int i = 0; i < hardware->n_memories; i++)
        if (strcmp(hardware->memory[i].name, name) == 0)
            return &hardware->memory[i].span;
    for (int i = 0; i < hardware->n_fanouts; i++)
        if (strcmp(hardware->fanout[i].name, name) == 0)
            return &hardware->fanout[i].span;
    return NULL;
}

/* Whether the name can be had; false after reporting. */
static bool is_free(Reader *reader, const Hardware *hardware, const Item *item)
{
    const char *name = ast_name(item), *key = hardware_key_reserves(name);
    const Span *before = span_of(hardware, name);
    if (before != NULL) {
        reader_wrong(reader, CHECK_DUPLICATE_BLOCK, name_span(item), "%s is given twice", name);
        diag_note(reader->diag, *before, "it is given here before");
    } else if (key != NULL) {
        reader_wrong(reader, CHECK_RESERVED_NAME, name_span(item),
                     "'%s' is the name of a key%s%s%s", name, strcmp(key, name) != 0 ? ", '" : "",
                     strcmp(key, name) != 0 ? key : "",
                     strcmp(key, name) != 0 ? "', in another case" : "");
        diag_note(reader->diag, SPAN_NONE, "give the %s another name",
                  ast_is_sized(item) ? "fan-out" : "memory");
    } else if (strcmp(name, "auto") == 0) {
        reader_wrong(reader, CHECK_RESERVED_NAME, name_span(item), "'auto' is a reserved word");
        diag_note(reader->diag, SPAN_NONE, "give the %s another name",
                  ast_is_sized(item) ? "fan-out" : "memory");
    } else if (!hierarchy_is_name(name)) {
        reader_wrong(reader, CHECK_WRONG_VALUE, name_span(item),
                     "'%s' is no name of a memory: letters, digits and '_' are wanted", name);
    } else {
        return true;
    }
    return false;
}

/* Room for one more. */
static bool has_room(Reader *reader, const Item *item, int n, int most, const char *what)
{
    if (n == most)
        reader_wrong(reader, CHECK_LIMIT, ast_head(item), "more than %d %s", most, what);
    return n < most;
}

/* --- blocks --- */

static void add_memory(Reader *reader, const Item *item, Hardware *hardware)
{
    int i = hardware->n_memories;
    if (!is_free(reader, hardware, item) || !has_room(reader, item, i, MEMORIES_MAX, "memories"))
        return;
    hardware->memory[i].name = ast_name(item);
    hardware->memory[i].span = ast_head(item);
    hardware->memory[i].fanouts = hardware->n_fanouts;
    hardware->n_memories++;
    hardware_read_keys(reader, item, "*", i, hardware);
}

static void add_fanout(Reader *reader, const Item *item, Hardware *hardware)
{
    const HardwareKey *size = &hardware_keys[KEY_FANOUT_SIZE];
    int i = hardware->n_fanouts;
    if (!is_free(reader, hardware, item) || !has_room(reader, item, i, FANOUTS_MAX, "fan-outs"))
        return;
    HardwareFanout *fanout = &hardware->fanout[i];
    fanout->name = ast_name(item);
    fanout->span = ast_head(item);
    fanout->memories = hardware->n_memories;
    fanout->size = 1;
    hardware->n_fanouts++;
    g_autofree char *what = g_strdup_printf("size of %s", fanout->name);
    if (!expr_integer_in(&reader->scope, item->value, what, size->least, size->most, &fanout->size))
        reader->wrong = true;
    hardware_read_keys(reader, item, "*", i, hardware);
}

static void read_blocks(Reader *reader, const Item *hierarchy, Hardware *hardware)
{
    for (const Item *item = hierarchy->body; item != NULL; item = item->next) {
        if (!schema_fits(item, "Hierarchy")) {
            reader->wrong = true; /* reported */
        } else if (strcmp(item->key, "Memory") == 0) {
            add_memory(reader, item, hardware);
        } else if (strcmp(item->key, "Fanout") == 0) {
            add_fanout(reader, item, hardware);
        } else {
            hardware_read_keys(reader, item, "", 0, hardware);
        }
    }
    if (hardware->n_memories == 0 && !reader->wrong && !hierarchy->broken)
        reader_wrong(reader, CHECK_EMPTY, ast_head(hierarchy), "a Hierarchy without any Memory");
    if (hardware->n_memories > 0 && hardware->n_fanouts > 0 && hardware->fanout[0].memories == 0)
        reader_wrong(reader, CHECK_ROOT, hardware->fanout[0].span,
                     "fan-out %s stands outside all memories", hardware->fanout[0].name);
}

/* What a hierarchy says in another place. */
static void no_classic_keys(Reader *reader, const Item *accelerator)
{
    static const struct {
        const char *key, *mend;
    } keys[] = {{"PEs", "its fan-outs say how many PEs there are"},
                {"Lanes", "write MAC { Lanes: .. } in the Hierarchy"},
                {"Buffer", "write Memory NAME { .. } in the Hierarchy"},
                {"NoC", "write Fanout NAME SIZE { .. } in the Hierarchy"},
                {"OffChip", "the outermost Memory of the Hierarchy stands for it"}};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        const Item *item = ast_find(accelerator->body, keys[i].key);
        if (item == NULL)
            continue;
        reader_wrong(reader, CHECK_WRONG_FORM, ast_head(item),
                     "a machine with a Hierarchy has no %s", keys[i].key);
        diag_note(reader->diag, SPAN_NONE, "%s", keys[i].mend);
    }
}

void hierarchy_read(Reader *reader, const Item *accelerator, Hardware *hardware)
{
    const Item *budget = ast_find(accelerator->body, "Budget");
    no_classic_keys(reader, accelerator);
    hardware_read_keys(reader, accelerator, "", 0, hardware);
    if (budget != NULL && schema_fits(budget, "Accelerator"))
        hardware_read_keys(reader, budget, "", 0, hardware);
    const Item *hierarchy = ast_find(accelerator->body, "Hierarchy");
    if (schema_fits(hierarchy, "Accelerator"))
        read_blocks(reader, hierarchy, hardware);
    else
        reader->wrong = true;
}
