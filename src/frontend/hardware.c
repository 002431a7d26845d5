/* An Accelerator block or the flat keys to Hardware, key by key from a table, and that to
 * the Machine of one operator.  Amounts stay exact fractions to the end. */
#include "frontend/hardware.h"

#include <string.h>

#include "frontend/schema.h"

#define I64 "%" G_GINT64_FORMAT

enum { DEFAULT_BITS = 8, MEGA = 1000000 };

static const int64_t COUNT_MAX = INT32_MAX;

/* --- quantities with units --- */

typedef enum {
    QUANTITY_PLAIN,
    QUANTITY_BITS,
    QUANTITY_RATE,
    QUANTITY_FREQUENCY,
    QUANTITY_AREA,
    QUANTITY_POWER
} Quantity;

typedef struct {
    const char *name;
    Quantity quantity;
    Rational factor; /* to bits, Hz, mm2, mW */
} Unit;

static const Unit units[] = {
    {"bit", QUANTITY_BITS, {1, 1}},
    {"bits", QUANTITY_BITS, {1, 1}},
    {"b", QUANTITY_BITS, {1, 1}},
    {"Kbit", QUANTITY_BITS, {1000, 1}},
    {"Kibit", QUANTITY_BITS, {1024, 1}},
    {"Mbit", QUANTITY_BITS, {MEGA, 1}},
    {"Mibit", QUANTITY_BITS, {1 << 20, 1}},
    {"B", QUANTITY_BITS, {8, 1}},
    {"KB", QUANTITY_BITS, {8000, 1}},
    {"KiB", QUANTITY_BITS, {8 << 10, 1}},
    {"MB", QUANTITY_BITS, {8 * MEGA, 1}},
    {"MiB", QUANTITY_BITS, {8 << 20, 1}},
    {"GB", QUANTITY_BITS, {INT64_C(8000) * MEGA, 1}},
    {"GiB", QUANTITY_BITS, {INT64_C(8) << 30, 1}},
    {"Hz", QUANTITY_FREQUENCY, {1, 1}},
    {"kHz", QUANTITY_FREQUENCY, {1000, 1}},
    {"MHz", QUANTITY_FREQUENCY, {MEGA, 1}},
    {"GHz", QUANTITY_FREQUENCY, {1000 * MEGA, 1}},
    {"um2", QUANTITY_AREA, {1, MEGA}},
    {"mm2", QUANTITY_AREA, {1, 1}},
    {"nW", QUANTITY_POWER, {1, MEGA}},
    {"uW", QUANTITY_POWER, {1, 1000}},
    {"mW", QUANTITY_POWER, {1, 1}},
    {"W", QUANTITY_POWER, {1000, 1}},
};

static const Unit *unit_find(const char *name, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0)
            return &units[i];
    }
    return NULL;
}

static const char *units_wanted(Quantity quantity)
{
    static const char *const texts[] = {"no unit",
                                        "B, KB, KiB, MB, MiB or bit",
                                        "elements per cycle, or GB/s, B/cycle and the like",
                                        "Hz, kHz, MHz or GHz",
                                        "um2 or mm2",
                                        "uW, mW or W"};
    return texts[quantity];
}

/* --- reading --- */

/* Where values come from and mistakes go. */
typedef struct {
    Diag *diag;
    const Operators *operators;
    ExprScope scope;
    bool bare; /* base units may be left out (--set) */
    bool wrong;
} Reader;

static void wrong(Reader *reader, Check check, Span span, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void wrong(Reader *reader, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_report_v(reader->diag, check, span, format, args);
    va_end(args);
    reader->wrong = true;
}

static bool read_rational(Reader *reader, const Expr *expr, Rational *value)
{
    if (expr_rational(&reader->scope, expr, value))
        return true;
    reader->wrong = true;
    return false;
}

/* A number above 0 (or 0 too) in the quantity's base unit. */
static bool read_quantity(Reader *reader, const Item *item, Quantity quantity, bool zero,
                          Rational *value)
{
    const Expr *expr = item->value;
    if (!read_rational(reader, expr, value))
        return false;
    if (value->num < 0 || (value->num == 0 && !zero)) {
        wrong(reader, CHECK_RANGE, expr->span, "%s must %s", item->key,
              zero ? "not be negative" : "be above 0");
        return false;
    }
    const Unit *unit = expr->unit != NULL ? unit_find(expr->unit, strlen(expr->unit)) : NULL;
    bool bare = expr->unit == NULL && (quantity == QUANTITY_PLAIN || reader->bare);
    if (!bare && (unit == NULL || unit->quantity != quantity)) {
        wrong(reader, CHECK_WRONG_UNIT, expr->unit != NULL ? expr->unit_span : expr->span,
              "%s wants %s", item->key, units_wanted(quantity));
        return false;
    }
    Rational factor = unit != NULL ? unit->factor : (Rational){1, 1};
    if (rational_multiply(*value, factor, value))
        return true;
    wrong(reader, CHECK_OVERFLOW, expr->span, "%s does not fit 63 bits", item->key);
    return false;
}

/* "14", "0.8 GB/s", "64 bit/cycle" */
static bool read_rate(Reader *reader, const Item *item, Rate *rate)
{
    const Expr *expr = item->value;
    if (expr == NULL || item->has_body || item->args != NULL) {
        wrong(reader, CHECK_WRONG_VALUE, item->head, "%s wants one number", item->key);
        return false;
    }
    if (!read_rational(reader, expr, &rate->amount))
        return false;
    if (rate->amount.num <= 0) {
        wrong(reader, CHECK_RANGE, expr->span, "%s must be above 0", item->key);
        return false;
    }
    rate->unit = PER_CYCLE_ELEMENTS;
    if (expr->unit == NULL)
        return true;
    const char *slash = strchr(expr->unit, '/');
    const Unit *unit = slash != NULL ? unit_find(expr->unit, (size_t) (slash - expr->unit)) : NULL;
    bool second = slash != NULL && strcmp(slash, "/s") == 0,
         cycle = slash != NULL && strcmp(slash, "/cycle") == 0;
    if (unit == NULL || unit->quantity != QUANTITY_BITS || !(second || cycle)) {
        wrong(reader, CHECK_WRONG_UNIT, expr->unit_span, "%s wants %s", item->key,
              units_wanted(QUANTITY_RATE));
        return false;
    }
    rate->unit = second ? PER_SECOND_BITS : PER_CYCLE_BITS;
    if (rational_multiply(rate->amount, unit->factor, &rate->amount))
        return true;
    wrong(reader, CHECK_OVERFLOW, expr->span, "%s does not fit 63 bits", item->key);
    return false;
}

static bool read_bits(Reader *reader, const Item *item, Rate *bits)
{
    if (item->value == NULL || item->has_body || item->args != NULL) {
        wrong(reader, CHECK_WRONG_VALUE, item->head, "%s wants one number", item->key);
        return false;
    }
    bits->unit = PER_CYCLE_BITS;
    if (!read_quantity(reader, item, QUANTITY_BITS, false, &bits->amount))
        return false;
    if (bits->amount.num <= 4096 * bits->amount.den)
        return true;
    wrong(reader, CHECK_RANGE, item->value->span, "%s is more than 4096 bit", item->key);
    return false;
}

/* One value for all tensors, or a body with one for each. */
static void read_tensor_rate(Reader *reader, const Item *item,
                             bool (*read)(Reader *, const Item *, Rate *), TensorRate *rate)
{
    *rate = (TensorRate){.span = item->head};
    if (!item->has_body) {
        read(reader, item, &rate->all);
        return;
    }
    for (const Item *each = item->body; each != NULL; each = each->next) {
        Rate value;
        if (!operators_has_tensor(reader->operators, each->key)) {
            wrong(reader, CHECK_UNKNOWN_TENSOR, each->key_span,
                  "no operator has a tensor or role '%s'", each->key);
            diag_note(reader->diag, SPAN_NONE, "roles are Input, Weight and Output");
            continue;
        }
        for (int i = 0; i < rate->n; i++) {
            if (strcmp(rate->name[i], each->key) == 0)
                wrong(reader, CHECK_DUPLICATE_KEY, each->key_span, "%s is given twice", each->key);
        }
        if (rate->n == HARDWARE_NAMES_MAX)
            wrong(reader, CHECK_LIMIT, each->key_span, "more than %d tensors", HARDWARE_NAMES_MAX);
        else if (read(reader, each, &value)) {
            rate->name[rate->n] = each->key;
            rate->by_name[rate->n++] = value;
        }
    }
    if (rate->n == 0 && !reader->wrong)
        wrong(reader, CHECK_EMPTY, item->head, "%s gives nothing", item->key);
}

static void read_count(Reader *reader, const Item *item, int64_t *value)
{
    if (!expr_integer_in(&reader->scope, item->value, item->key, 1, COUNT_MAX, value))
        reader->wrong = true;
}

static void read_bytes(Reader *reader, const Item *item, int64_t *bytes)
{
    Rational bits;
    bool bare = item->value->unit == NULL;
    if (!read_quantity(reader, item, QUANTITY_BITS, false, &bits))
        return;
    bits.num = bare ? bits.num : bits.num / (8 * bits.den);
    *bytes = bare ? bits.num / bits.den : bits.num;
    if (*bytes < 1)
        wrong(reader, CHECK_RANGE, item->value->span, "%s must be at least 1 B", item->key);
}

static int read_choice(Reader *reader, const Item *item, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(item->value->text, words[i]) == 0)
            return (int) i;
    }
    const char *near = diag_nearest(item->value->text, words, n);
    g_autofree char *all = g_strjoin(", ", words[0], words[1], n > 2 ? words[2] : NULL, NULL);
    wrong(reader, CHECK_WRONG_VALUE, item->value->span, "%s is one of %s, not '%s'%s%s%s",
          item->key, all, item->value->text, near != NULL ? "; did you mean '" : "",
          near != NULL ? near : "", near != NULL ? "'?" : "");
    return -1;
}

static void read_yes(Reader *reader, const Item *item, bool *value)
{
    static const char *const words[] = {"no", "yes"};
    int choice = read_choice(reader, item, words, 2);
    if (choice >= 0)
        *value = choice == 1;
}

static void read_prefetch(Reader *reader, const Item *item, Prefetch *prefetch)
{
    static const char *const words[] = {
        [PREFETCH_LAYER] = "layer", [PREFETCH_TILE] = "tile", [PREFETCH_NONE] = "none"};
    int choice = read_choice(reader, item, words, 3);
    if (choice >= 0)
        *prefetch = (Prefetch) choice;
}

/* --- blocks --- */

static void noc_item(Reader *reader, const Item *item, HardwareNoc *noc)
{
    if (strcmp(item->key, "Bandwidth") == 0)
        read_tensor_rate(reader, item, read_rate, &noc->bandwidth);
    else if (strcmp(item->key, "Latency") == 0)
        read_quantity(reader, item, QUANTITY_PLAIN, true, &noc->latency);
    else if (strcmp(item->key, "Hops") == 0)
        read_quantity(reader, item, QUANTITY_PLAIN, true, &noc->hops);
    else if (strcmp(item->key, "Multicast") == 0)
        read_yes(reader, item, &noc->multicast);
    else if (strcmp(item->key, "Reduction") == 0)
        read_yes(reader, item, &noc->reduction);
    else
        read_prefetch(reader, item, &noc->prefetch);
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
    wrong(reader, CHECK_DUPLICATE_BLOCK, item->head, "%s %s is given twice", item->key,
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
                noc_item(reader, item, &nocs[l]);
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
        wrong(reader, CHECK_WRONG_VALUE, item->value->span,
              "no buffer '%s'; there are L1, L2, and 1, 2, ... between them", name);
        return;
    }
    given_twice(reader, item, *before);
    *before = item;
    const Item *capacity = ast_find(item->body, "Capacity");
    if (capacity != NULL && schema_fits(capacity, "Buffer"))
        read_bytes(reader, capacity, bytes);
}

static void read_budget(Reader *reader, const Item *block, Hardware *hardware)
{
    for (const Item *item = block->body; item != NULL; item = item->next) {
        Rational value;
        bool area = strcmp(item->key, "Area") == 0;
        if (!schema_fits(item, "Budget") ||
            !read_quantity(reader, item, area ? QUANTITY_AREA : QUANTITY_POWER, false, &value))
            continue;
        *(area ? &hardware->area_budget_mm2 : &hardware->power_budget_mw) =
            (double) value.num / (double) value.den;
    }
}

static void accelerator_item(Reader *reader, const Item *item, const Item *given[],
                             Hardware *hardware)
{
    if (strcmp(item->key, "PEs") == 0)
        read_count(reader, item, &hardware->pes);
    else if (strcmp(item->key, "Lanes") == 0)
        read_count(reader, item, &hardware->lanes);
    else if (strcmp(item->key, "Clock") == 0)
        hardware->clock_given |=
            read_quantity(reader, item, QUANTITY_FREQUENCY, false, &hardware->clock_hz);
    else if (strcmp(item->key, "Precision") == 0)
        read_tensor_rate(reader, item, read_bits, &hardware->precision);
    else if (strcmp(item->key, "Technology") == 0)
        hardware->technology = item->value->text;
    else if (strcmp(item->key, "Buffer") == 0)
        read_buffer(reader, item, given, hardware);
    else if (strcmp(item->key, "Budget") == 0)
        read_budget(reader, item, hardware);
    else if (strcmp(item->key, "OffChip") == 0) {
        const Item *bandwidth = ast_find(item->body, "Bandwidth");
        if (bandwidth != NULL && schema_fits(bandwidth, "OffChip"))
            read_tensor_rate(reader, bandwidth, read_rate, &hardware->offchip);
    }
}

/* --- MAESTRO's flat form --- */

static void flat_item(Reader *reader, const Item *item, Hardware *hardware)
{
    if (strcmp(item->key, "num_pes") == 0)
        read_count(reader, item, &hardware->pes);
    else if (strcmp(item->key, "l1_size_cstr") == 0)
        read_bytes(reader, item, &hardware->l1_bytes);
    else if (strcmp(item->key, "l2_size_cstr") == 0)
        read_bytes(reader, item, &hardware->l2_bytes);
    else if (strcmp(item->key, "noc_bw_cstr") == 0)
        read_tensor_rate(reader, item, read_rate, &hardware->noc[0].bandwidth);
    else if (strcmp(item->key, "offchip_bw_cstr") == 0)
        read_tensor_rate(reader, item, read_rate, &hardware->offchip);
    else if (strcmp(item->key, "NoC_NumHops") == 0)
        read_quantity(reader, item, QUANTITY_PLAIN, true, &hardware->noc[0].hops);
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

bool hardware_read(const Program *program, const ProgramFile *file, const Item *block,
                   Hardware *hardware)
{
    *hardware = (Hardware){.name = block != NULL ? ast_name(block) : "",
                           .span = block != NULL ? block->head : SPAN_NONE,
                           .lanes = 1,
                           .clock_hz = {1000 * MEGA, 1},
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

/* --- --set --- */

static const char *const set_keys[] = {"pes",
                                       "lanes",
                                       "clock",
                                       "precision",
                                       "offchip.bandwidth",
                                       "l1.capacity",
                                       "l2.capacity",
                                       "buffer1.capacity",
                                       "buffer2.capacity",
                                       "buffer3.capacity",
                                       "buffer4.capacity",
                                       "buffer5.capacity",
                                       "noc.bandwidth",
                                       "noc.latency",
                                       "noc.hops",
                                       "noc.multicast",
                                       "noc.reduction",
                                       "noc.prefetch",
                                       "noc0.bandwidth",
                                       "noc0.latency",
                                       "noc0.hops",
                                       "noc0.multicast",
                                       "noc0.reduction",
                                       "noc0.prefetch",
                                       "budget.area",
                                       "budget.power"};

static void set_noc(Reader *reader, const char *key, Item *item, Hardware *hardware)
{
    static const struct {
        const char *suffix, *key;
    } names[] = {{".bandwidth", "Bandwidth"}, {".latency", "Latency"},
                 {".hops", "Hops"},           {".multicast", "Multicast"},
                 {".reduction", "Reduction"}, {".prefetch", "Prefetch"}};
    bool all = key[3] == '.';
    int from = all ? 0 : key[3] - '0', to = all ? LEVELS_MAX - 1 : from;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(key + (all ? 3 : 4), names[i].suffix) == 0)
            item->key = names[i].key;
    }
    if (!schema_fits(item, "NoC")) {
        wrong(reader, CHECK_WRONG_VALUE, item->head, "%s cannot have this value", item->key);
        return;
    }
    for (int l = from; l <= to; l++)
        noc_item(reader, item, &hardware->noc[l]);
}

static void set_budget(Reader *reader, const Item *item, Quantity quantity, double *budget)
{
    Rational value;
    if (read_quantity(reader, item, quantity, false, &value))
        *budget = (double) value.num / (double) value.den;
}

static void set_item(Reader *reader, const char *key, Item *item, Hardware *hardware)
{
    if (strcmp(key, "pes") == 0)
        read_count(reader, item, &hardware->pes);
    else if (strcmp(key, "lanes") == 0)
        read_count(reader, item, &hardware->lanes);
    else if (strcmp(key, "clock") == 0)
        hardware->clock_given |=
            read_quantity(reader, item, QUANTITY_FREQUENCY, false, &hardware->clock_hz);
    else if (strcmp(key, "precision") == 0)
        read_tensor_rate(reader, item, read_bits, &hardware->precision);
    else if (strcmp(key, "offchip.bandwidth") == 0)
        read_tensor_rate(reader, item, read_rate, &hardware->offchip);
    else if (g_str_has_prefix(key, "noc"))
        set_noc(reader, key, item, hardware);
    else if (strcmp(key, "budget.area") == 0)
        set_budget(reader, item, QUANTITY_AREA, &hardware->area_budget_mm2);
    else if (strcmp(key, "budget.power") == 0)
        set_budget(reader, item, QUANTITY_POWER, &hardware->power_budget_mw);
    else if (key[0] == 'l')
        read_bytes(reader, item, key[1] == '1' ? &hardware->l1_bytes : &hardware->l2_bytes);
    else
        read_bytes(reader, item, &hardware->buffer_bytes[key[6] - '0']);
}

/* noc1 to noc5 are keys as noc0 is. */
static bool is_set_key(const char *key)
{
    g_autofree char *first = g_strdup(key);
    if (g_str_has_prefix(first, "noc") && first[3] >= '0' && first[3] < '0' + LEVELS_MAX)
        first[3] = '0';
    for (size_t i = 0; i < G_N_ELEMENTS(set_keys); i++) {
        if (strcmp(first, set_keys[i]) == 0)
            return true;
    }
    return false;
}

static bool set_error(GError **error, const char *assignment, const char *message)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--set %s: %s", assignment,
                message);
    return false;
}

/* First message of a run of its own. */
static const char *first_message(Diag *diag)
{
    size_t n;
    const DiagEntry *entries = diag_entries(diag, &n);
    return n > 0 ? entries[0].message : "cannot be used";
}

static bool set_value(const Program *program, Hardware *hardware, const char *assignment,
                      const char *key, const char *value, GError **error)
{
    g_autoptr(Sources) sources = sources_new(program->arena);
    g_autoptr(Diag) diag = diag_new(sources, program->arena);
    g_autofree char *text = g_strdup_printf("Value: %s", value);
    int source = sources_add(sources, "--set", text, strlen(text));
    Ast *ast = ast_parse(sources, source, program->arena, diag);
    Item *item = ast->items;
    if (diag_errors(diag) > 0 || item == NULL || item->next != NULL || item->value == NULL ||
        item->has_body)
        return set_error(error, assignment,
                         diag_errors(diag) > 0 ? first_message(diag) : "one value is wanted");
    item->key = key;
    Reader reader = {
        .diag = diag, .operators = program->operators, .scope = {.diag = diag}, .bare = true};
    set_item(&reader, key, item, hardware);
    return reader.wrong ? set_error(error, assignment, first_message(diag)) : true;
}

bool hardware_set(const Program *program, Hardware *hardware, const char *assignment,
                  GError **error)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL)
        return set_error(error, assignment, "wants KEY=VALUE");
    g_autofree char *key = g_strndup(assignment, (gsize) (equals - assignment));
    if (!is_set_key(key)) {
        const char *near = diag_nearest(key, set_keys, G_N_ELEMENTS(set_keys));
        g_autofree char *message =
            g_strdup_printf("no key '%s'%s%s%s", key, near != NULL ? "; did you mean '" : "",
                            near != NULL ? near : "", near != NULL ? "'?" : "");
        return set_error(error, assignment, message);
    }
    return set_value(program, hardware, assignment, key, equals + 1, error);
}

/* --- the machine of an operator --- */

/* The tensor's own figure, by name before role; NULL if none is given. */
static const Rate *rate_of(const TensorRate *rate, const Operator *op, int tensor)
{
    const Rate *found = NULL;
    if (rate->n == 0)
        return &rate->all;
    for (int i = 0; i < rate->n; i++) {
        if (strcmp(rate->name[i], op->tensor[tensor].name) == 0)
            return &rate->by_name[i];
        if (operator_tensor_is(op, tensor, rate->name[i]))
            found = &rate->by_name[i];
    }
    return found;
}

static bool resolve_precision(Reader *reader, const Hardware *hardware, const Operator *op,
                              Rational bits[TENSORS_MAX])
{
    for (int t = 0; t < op->n_tensors; t++) {
        const Rate *rate = rate_of(&hardware->precision, op, t);
        if (rate == NULL) {
            wrong(reader, CHECK_MISSING_KEY, hardware->precision.span,
                  "Precision says nothing of tensor %s of %s", op->tensor[t].name, op->type);
            return false;
        }
        bits[t] = rate->amount;
    }
    return true;
}

static bool rational_less(Rational a, Rational b)
{
    return (__int128) a.num * b.den < (__int128) b.num * a.den;
}

static Rational widest(const Operator *op, const Rational bits[], bool *mixed)
{
    Rational most = bits[0];
    *mixed = false;
    for (int t = 1; t < op->n_tensors; t++) {
        *mixed |= rational_less(bits[t], most) || rational_less(most, bits[t]);
        if (rational_less(most, bits[t]))
            most = bits[t];
    }
    return most;
}

/* Elements of so many bits per cycle. */
static bool resolve_rate(Reader *reader, const Hardware *hardware, const TensorRate *where,
                         const Rate *rate, Rational bits, Rational *out)
{
    *out = rate->amount;
    if (rate->amount.num == 0 || rate->unit == PER_CYCLE_ELEMENTS)
        return true;
    bool fits = rational_divide(*out, bits, out);
    if (rate->unit == PER_SECOND_BITS && !hardware->clock_given) {
        wrong(reader, CHECK_MISSING_KEY, where->span,
              "a bandwidth per second needs the machine's Clock");
        return false;
    }
    if (rate->unit == PER_SECOND_BITS)
        fits = fits && rational_divide(*out, hardware->clock_hz, out);
    if (!fits)
        wrong(reader, CHECK_OVERFLOW, where->span,
              "the bandwidth in elements per cycle does not fit 63 bits");
    return fits;
}

static bool resolve_bandwidth(Reader *reader, const Hardware *hardware, const TensorRate *rate,
                              const Operator *op, const Rational bits[], Noc *noc)
{
    bool mixed;
    Rational most = widest(op, bits, &mixed);
    noc->per_tensor = rate->n > 0;
    for (int t = 0; t < op->n_tensors; t++) {
        const Rate *own = rate_of(rate, op, t);
        noc->bandwidth[t] = (Rational){0, 1};
        if (own == NULL || (t > 0 && !noc->per_tensor))
            continue;
        if (!noc->per_tensor && mixed && own->unit != PER_CYCLE_ELEMENTS && own->amount.num > 0)
            diag_report(reader->diag, CHECK_MIXED_PRECISION, rate->span,
                        "bandwidth in bytes over tensors of several widths is taken at the widest");
        if (!resolve_rate(reader, hardware, rate, own, noc->per_tensor ? bits[t] : most,
                          &noc->bandwidth[t]))
            return false;
        if (noc->bandwidth[t].den == 0)
            noc->bandwidth[t].den = 1;
    }
    return true;
}

static bool resolve_noc(Reader *reader, const Hardware *hardware, const HardwareNoc *from,
                        const Operator *op, const Rational bits[], Noc *noc)
{
    Rational cycles;
    noc->hops = (double) from->hops.num / (double) from->hops.den;
    noc->multicast = from->multicast;
    noc->reduction = from->reduction;
    noc->prefetch = from->prefetch;
    bool fits = rational_multiply(from->hops, from->latency, &cycles);
    int64_t whole = fits ? cycles.num / cycles.den + (cycles.num % cycles.den != 0) : 0;
    if (!fits || whole > COUNT_MAX) {
        wrong(reader, CHECK_RANGE, hardware->span,
              "hops times latency of a NoC is beyond " I64 " cycles", COUNT_MAX);
        return false;
    }
    noc->latency = whole;
    return resolve_bandwidth(reader, hardware, &from->bandwidth, op, bits, noc);
}

static double to_double(Rational value)
{
    return value.den != 0 ? (double) value.num / (double) value.den : 0;
}

/* Bytes per second, 0 if unlimited. */
static double offchip_rate(const Hardware *hardware, Rational most)
{
    const Rate *rate = &hardware->offchip.all;
    double amount = to_double(rate->amount), clock = to_double(hardware->clock_hz);
    switch (rate->unit) {
    case PER_CYCLE_ELEMENTS:
        return amount * to_double(most) / 8 * clock;
    case PER_CYCLE_BITS:
        return amount / 8 * clock;
    default:
        return amount / 8;
    }
}

bool hardware_machine(const Program *program, const Hardware *hardware, const Operator *op,
                      Machine *machine)
{
    Reader reader = {.diag = program->diag, .operators = program->operators};
    Rational bits[TENSORS_MAX];
    bool mixed;
    *machine = (Machine){.name = hardware->name,
                         .pes = hardware->pes,
                         .lanes = hardware->lanes,
                         .clock_hz = to_double(hardware->clock_hz),
                         .l1_bytes = hardware->l1_bytes,
                         .l2_bytes = hardware->l2_bytes};
    memcpy(machine->buffer_bytes, hardware->buffer_bytes, sizeof(machine->buffer_bytes));
    if (!resolve_precision(&reader, hardware, op, bits))
        return false;
    for (int t = 0; t < op->n_tensors; t++)
        machine->element_bytes[t] = to_double(bits[t]) / 8;
    for (int l = 0; l < LEVELS_MAX; l++) {
        if (!resolve_noc(&reader, hardware, &hardware->noc[l], op, bits, &machine->noc[l]))
            return false;
    }
    machine->offchip_bytes_per_s = offchip_rate(hardware, widest(op, bits, &mixed));
    return !reader.wrong;
}
