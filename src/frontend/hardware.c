/* An Accelerator block or the flat keys to Hardware, key by key.  Amounts stay exact fractions. */
#include "frontend/hardware.h"

#include <string.h>

#include "frontend/reader.h"
#include "frontend/schema.h"

enum { DEFAULT_BITS = 8, GIGA = 1000000000 };

/* --- blocks --- */

void hardware_noc_item(Reader *reader, const Item *item, HardwareNoc *noc)
{
    if (strcmp(item->key, "Bandwidth") == 0)
        reader_tensor_rate(reader, item, reader_rate, &noc->bandwidth);
    else if (strcmp(item->key, "Latency") == 0)
        reader_quantity(reader, item, QUANTITY_PLAIN, true, &noc->latency);
    else if (strcmp(item->key, "Hops") == 0)
        reader_quantity(reader, item, QUANTITY_PLAIN, true, &noc->hops);
    else if (strcmp(item->key, "Multicast") == 0)
        reader_yes(reader, item, &noc->multicast);
    else if (strcmp(item->key, "Reduction") == 0)
        reader_yes(reader, item, &noc->reduction);
    else
        reader_prefetch(reader, item, &noc->prefetch);
}

static HardwareNoc noc_default(void)
{
    return (HardwareNoc){.bandwidth.span = SPAN_NONE,
                         .hops = {1, 1},
                         .latency = {1, 1},
                         .multicast = true,
                         .reduction = true,
                         .prefetch = PREFETCH_LAYER};
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
    reader_wrong(reader, CHECK_DUPLICATE_BLOCK, item->head, "%s %s is given twice", item->key,
                 ast_name(item));
    diag_note(reader->diag, before->head, "it is given here before");
}

static void read_nocs(Reader *reader, const Item *block, HardwareNoc *nocs)
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
        nocs[l] = l > 0 && given[l] == NULL ? nocs[l - 1] : noc_default();
        for (const Item *item = given[l] != NULL ? given[l]->body : NULL; item != NULL;
             item = item->next) {
            if (schema_fits(item, "NoC"))
                hardware_noc_item(reader, item, &nocs[l]);
        }
    }
}

static void read_buffer(Reader *reader, const Item *item, const Item *given[LEVELS_MAX + 1],
                        Hardware *hardware)
{
    const char *name = ast_name(item);
    const Item **before = NULL;
    int64_t *bytes;
    if (strcmp(name, "L1") == 0 || strcmp(name, "L2") == 0) {
        before = &given[name[1] == '1' ? 0 : LEVELS_MAX];
        bytes = name[1] == '1' ? &hardware->l1_bytes : &hardware->l2_bytes;
    } else if (item->value->kind == EXPR_NUMBER) {
        int number = block_number(reader, item, 1);
        if (number < 0)
            return;
        before = &given[number];
        bytes = &hardware->buffer_bytes[number];
    } else {
        reader_wrong(reader, CHECK_WRONG_VALUE, item->value->span,
                     "no buffer '%s'; there are L1, L2, and 1, 2, ... between them", name);
        return;
    }
    given_twice(reader, item, *before);
    *before = item;
    const Item *capacity = ast_find(item->body, "Capacity");
    if (capacity != NULL && schema_fits(capacity, "Buffer"))
        reader_bytes(reader, capacity, bytes);
}

static void read_budget(Reader *reader, const Item *block, Hardware *hardware)
{
    for (const Item *item = block->body; item != NULL; item = item->next) {
        Rational value;
        bool area = strcmp(item->key, "Area") == 0;
        if (!schema_fits(item, "Budget") ||
            !reader_quantity(reader, item, area ? QUANTITY_AREA : QUANTITY_POWER, false, &value))
            continue;
        *(area ? &hardware->area_budget_mm2 : &hardware->power_budget_mw) =
            (double) value.num / (double) value.den;
    }
}

static void accelerator_item(Reader *reader, const Item *item, const Item *given[],
                             Hardware *hardware)
{
    if (strcmp(item->key, "PEs") == 0)
        reader_count(reader, item, &hardware->pes);
    else if (strcmp(item->key, "Lanes") == 0)
        reader_count(reader, item, &hardware->lanes);
    else if (strcmp(item->key, "Clock") == 0)
        hardware->clock_given |=
            reader_quantity(reader, item, QUANTITY_FREQUENCY, false, &hardware->clock_hz);
    else if (strcmp(item->key, "Precision") == 0)
        reader_tensor_rate(reader, item, reader_bits, &hardware->precision);
    else if (strcmp(item->key, "Technology") == 0)
        hardware->technology = item->value->text;
    else if (strcmp(item->key, "Buffer") == 0)
        read_buffer(reader, item, given, hardware);
    else if (strcmp(item->key, "Budget") == 0)
        read_budget(reader, item, hardware);
    else if (strcmp(item->key, "OffChip") == 0) {
        const Item *bandwidth = ast_find(item->body, "Bandwidth");
        if (bandwidth != NULL && schema_fits(bandwidth, "OffChip"))
            reader_tensor_rate(reader, bandwidth, reader_rate, &hardware->offchip);
    }
}

/* --- MAESTRO's flat form --- */

static void flat_item(Reader *reader, const Item *item, Hardware *hardware)
{
    if (strcmp(item->key, "num_pes") == 0)
        reader_count(reader, item, &hardware->pes);
    else if (strcmp(item->key, "l1_size_cstr") == 0)
        reader_bytes(reader, item, &hardware->l1_bytes);
    else if (strcmp(item->key, "l2_size_cstr") == 0)
        reader_bytes(reader, item, &hardware->l2_bytes);
    else if (strcmp(item->key, "noc_bw_cstr") == 0)
        reader_tensor_rate(reader, item, reader_rate, &hardware->noc[0].bandwidth);
    else if (strcmp(item->key, "offchip_bw_cstr") == 0)
        reader_tensor_rate(reader, item, reader_rate, &hardware->offchip);
    else if (strcmp(item->key, "NoC_NumHops") == 0)
        reader_quantity(reader, item, QUANTITY_PLAIN, true, &hardware->noc[0].hops);
}

static void read_flat(Reader *reader, const Ast *ast, Hardware *hardware)
{
    reader->bare = true;
    hardware->noc[0] = noc_default();
    for (const Item *item = ast->items; item != NULL; item = item->next) {
        if (item->kind == ITEM_ENTRY && !item->has_body && schema_fits(item, ""))
            flat_item(reader, item, hardware);
    }
    for (int l = 1; l < LEVELS_MAX; l++)
        hardware->noc[l] = hardware->noc[0];
}

bool hardware_read(const Trees *program, const ProgramFile *file, const Item *block,
                   Hardware *hardware)
{
    *hardware = (Hardware){.name = block != NULL ? ast_name(block) : "",
                           .span = block != NULL ? block->head : SPAN_NONE,
                           .lanes = 1,
                           .clock_hz = {GIGA, 1},
                           .block = block};
    hardware->precision =
        (TensorRate){.all = {{DEFAULT_BITS, 1}, PER_CYCLE_BITS}, .span = SPAN_NONE};
    Reader reader = {.diag = program->diag, .operators = program->operators};
    reader.scope = (ExprScope){.constants = file->constants, .diag = program->diag};
    if (block == NULL) {
        read_flat(&reader, file->ast, hardware);
        return !reader.wrong && hardware->pes > 0;
    }
    const Item *given[LEVELS_MAX + 1] = {NULL};
    read_nocs(&reader, block, hardware->noc);
    for (const Item *item = block->body; item != NULL; item = item->next) {
        if (schema_fits(item, "Accelerator"))
            accelerator_item(&reader, item, given, hardware);
    }
    return !reader.wrong && !block->broken && hardware->pes > 0;
}
