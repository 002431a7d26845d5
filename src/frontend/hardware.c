/* An Accelerator block or the flat keys to Hardware, key by key.  Amounts stay exact fractions. */
#include "frontend/hardware.h"

#include <string.h>

#include "frontend/hierarchy.h"
#include "frontend/keys.h"
#include "frontend/reader.h"
#include "frontend/schema.h"

/* --- blocks --- */

void hardware_read_keys(Reader *reader, const Item *block, const char *which, int number,
                        Hardware *hardware)
{
    for (const Item *item = block->body; item != NULL; item = item->next) {
        HardwareSet set = {hardware_key(block->key, which, item->key), number, number, {0}};
        if (set.key == NULL || !schema_fits(item, block->key))
            continue;
        if (hardware_key_read(reader, set.key, item, &set.value))
            hardware_apply(hardware, &set);
        if (item->has_body)
            hardware_read_keys(reader, item, "", 0, hardware);
    }
}

/* The number in "NoC 1", "Buffer 2"; -1 after reporting. */
static int block_number(Reader *reader, const Item *item, int64_t low)
{
    int64_t number;
    if (expr_integer_in(&reader->scope, item->value, item->key, low, LEVELS_MAX - 1, &number))
        return (int) number;
    reader->wrong = true;
    return -1;
}

static void given_twice(Reader *reader, const Item *item, const Item *before)
{
    if (before == NULL)
        return;
    reader_wrong(reader, CHECK_DUPLICATE_BLOCK, ast_head(item), "%s %s is given twice", item->key,
                 ast_name(item));
    diag_note(reader->diag, ast_head(before), "it is given here before");
}

/* What a NoC leaves out is the default; a NoC that is left out is as the one before. */
static void read_nocs(Reader *reader, const Item *block, Hardware *hardware)
{
    const Item *given[LEVELS_MAX] = {NULL};
    for (const Item *item = block->body; item != NULL; item = item->next) {
        if (strcmp(item->key, "NoC") != 0 || !schema_fits(item, "Accelerator"))
            continue;
        int number = block_number(reader, item, 0);
        if (number < 0)
            continue;
        given_twice(reader, item, given[number]);
        given[number] = item;
    }
    for (int l = 0; l < LEVELS_MAX; l++) {
        if (given[l] != NULL)
            hardware_read_keys(reader, given[l], "0", l, hardware);
        else if (l > 0)
            hardware->noc[l] = hardware->noc[l - 1];
    }
}

static void read_buffer(Reader *reader, const Item *item, const Item *given[LEVELS_MAX + 1],
                        Hardware *hardware)
{
    const char *name = ast_name(item);
    bool named = strcmp(name, "L1") == 0 || strcmp(name, "L2") == 0;
    if (!named && item->value->kind != EXPR_NUMBER) {
        reader_wrong(reader, CHECK_WRONG_VALUE, item->value->span,
                     "no buffer '%s'; there are L1, L2, and 1, 2, ... between them", name);
        return;
    }
    int number = named ? 0 : block_number(reader, item, 1);
    if (number < 0)
        return;
    const Item **before = &given[!named ? number : name[1] == '1' ? 0 : LEVELS_MAX];
    given_twice(reader, item, *before);
    *before = item;
    hardware_read_keys(reader, item, named ? name : "1", number, hardware);
}

static void read_accelerator(Reader *reader, const Item *block, Hardware *hardware)
{
    const Item *given[LEVELS_MAX + 1] = {NULL};
    hardware_read_keys(reader, block, "", 0, hardware);
    read_nocs(reader, block, hardware);
    for (const Item *item = block->body; item != NULL; item = item->next) {
        if (!schema_fits(item, "Accelerator"))
            continue;
        if (strcmp(item->key, "Buffer") == 0)
            read_buffer(reader, item, given, hardware);
        else if (strcmp(item->key, "OffChip") == 0 || strcmp(item->key, "Budget") == 0)
            hardware_read_keys(reader, item, "", 0, hardware);
    }
}

/* --- MAESTRO's flat form --- */

static void read_flat(Reader *reader, const Ast *ast, Hardware *hardware)
{
    reader->bare = true;
    for (const Item *item = ast->items; item != NULL; item = item->next) {
        const char *name = hardware_flat_name(item->key);
        HardwareSet set = {0};
        if (name == NULL || item->kind != ITEM_ENTRY || !schema_fits(item, ""))
            continue;
        set.key = hardware_key_named(NULL, name, &set.first, &set.last);
        if (hardware_key_read(reader, set.key, item, &set.value))
            hardware_apply(hardware, &set);
    }
}

/* --- the whole --- */

/* All keys at their defaults, as the table's texts have them. */
static void set_defaults(const Trees *program, Hardware *hardware)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        int low = MAX(hardware_key_first(key), 0);
        HardwareSet set = {key, low, hardware_key_count(key) - 1, {0}};
        if (key->initial == NULL || *key->initial == '\0')
            continue;
        bool known = hardware_value_parse(program, key, key->initial, &set.value, NULL);
        g_assert(known);
        hardware_apply(hardware, &set);
    }
    hardware->clock_given = false;
}

bool hardware_read(const Trees *program, const ProgramFile *file, const Item *block,
                   Hardware *hardware)
{
    *hardware = (Hardware){.name = block != NULL ? ast_name(block) : "",
                           .span = block != NULL ? ast_head(block) : SPAN_NONE,
                           .offchip.span = SPAN_NONE,
                           .block = block};
    for (int l = 0; l < LEVELS_MAX; l++)
        hardware->noc[l].bandwidth.span = SPAN_NONE;
    set_defaults(program, hardware);
    Reader reader = {.diag = program->diag, .operators = program->operators};
    reader.scope = (ExprScope){.constants = file->constants, .diag = program->diag};
    if (block == NULL)
        read_flat(&reader, file->ast, hardware);
    else if (ast_find(block->body, "Hierarchy") != NULL)
        hierarchy_read(&reader, block, hardware);
    else
        read_accelerator(&reader, block, hardware);
    bool whole = hardware->pes > 0 || hardware->n_memories > 0;
    return !reader.wrong && (block == NULL || !block->broken) && whole;
}
