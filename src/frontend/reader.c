/* Values of keys with their units, to exact fractions; mistakes are reported where they stand. */
#include "frontend/reader.h"

#include <string.h>

enum { MEGA = 1000000 };

static const int64_t COUNT_MAX = INT32_MAX;

/* --- quantities with units --- */

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

void reader_wrong(Reader *reader, Check check, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_report_v(reader->diag, check, span, format, args);
    va_end(args);
    reader->wrong = true;
}

static bool reader_rational(Reader *reader, const Expr *expr, Rational *value)
{
    if (expr_rational(&reader->scope, expr, value))
        return true;
    reader->wrong = true;
    return false;
}

/* A number above 0 (or 0 too) in the quantity's base unit. */
bool reader_quantity(Reader *reader, const Item *item, Quantity quantity, bool zero,
                     Rational *value)
{
    const Expr *expr = item->value;
    if (!reader_rational(reader, expr, value))
        return false;
    if (value->num < 0 || (value->num == 0 && !zero)) {
        reader_wrong(reader, CHECK_RANGE, expr->span, "%s must %s", item->key,
                     zero ? "not be negative" : "be above 0");
        return false;
    }
    const Unit *unit = expr->unit != NULL ? unit_find(expr->unit, strlen(expr->unit)) : NULL;
    bool bare = expr->unit == NULL && (quantity == QUANTITY_PLAIN || reader->bare);
    if (!bare && (unit == NULL || unit->quantity != quantity)) {
        reader_wrong(reader, CHECK_WRONG_UNIT, expr->unit != NULL ? expr->unit_span : expr->span,
                     "%s wants %s", item->key, units_wanted(quantity));
        return false;
    }
    Rational factor = unit != NULL ? unit->factor : (Rational){1, 1};
    if (rational_multiply(*value, factor, value))
        return true;
    reader_wrong(reader, CHECK_OVERFLOW, expr->span, "%s does not fit 63 bits", item->key);
    return false;
}

/* "14", "0.8 GB/s", "64 bit/cycle" */
bool reader_rate(Reader *reader, const Item *item, Rate *rate)
{
    const Expr *expr = item->value;
    if (expr == NULL || item->has_body || item->args != NULL) {
        reader_wrong(reader, CHECK_WRONG_VALUE, item->head, "%s wants one number", item->key);
        return false;
    }
    if (!reader_rational(reader, expr, &rate->amount))
        return false;
    if (rate->amount.num <= 0) {
        reader_wrong(reader, CHECK_RANGE, expr->span, "%s must be above 0", item->key);
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
        reader_wrong(reader, CHECK_WRONG_UNIT, expr->unit_span, "%s wants %s", item->key,
                     units_wanted(QUANTITY_RATE));
        return false;
    }
    rate->unit = second ? PER_SECOND_BITS : PER_CYCLE_BITS;
    if (rational_multiply(rate->amount, unit->factor, &rate->amount))
        return true;
    reader_wrong(reader, CHECK_OVERFLOW, expr->span, "%s does not fit 63 bits", item->key);
    return false;
}

bool reader_bits(Reader *reader, const Item *item, Rate *bits)
{
    if (item->value == NULL || item->has_body || item->args != NULL) {
        reader_wrong(reader, CHECK_WRONG_VALUE, item->head, "%s wants one number", item->key);
        return false;
    }
    bits->unit = PER_CYCLE_BITS;
    if (!reader_quantity(reader, item, QUANTITY_BITS, false, &bits->amount))
        return false;
    if (bits->amount.den == 1 && bits->amount.num <= 4096)
        return true;
    reader_wrong(reader, CHECK_RANGE, item->value->span,
                 "%s is not a whole number of bits from 1 to 4096", item->key);
    return false;
}

/* One value for all tensors, or a body with one for each. */
void reader_tensor_rate(Reader *reader, const Item *item,
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
            reader_wrong(reader, CHECK_UNKNOWN_TENSOR, each->key_span,
                         "no operator has a tensor or role '%s'", each->key);
            diag_note(reader->diag, SPAN_NONE, "roles are Input, Weight and Output");
            continue;
        }
        for (int i = 0; i < rate->n; i++) {
            if (strcmp(rate->name[i], each->key) == 0)
                reader_wrong(reader, CHECK_DUPLICATE_KEY, each->key_span, "%s is given twice",
                             each->key);
        }
        if (rate->n == HARDWARE_NAMES_MAX)
            reader_wrong(reader, CHECK_LIMIT, each->key_span, "more than %d tensors",
                         HARDWARE_NAMES_MAX);
        else if (read(reader, each, &value)) {
            rate->name[rate->n] = each->key;
            rate->by_name[rate->n++] = value;
        }
    }
    if (rate->n == 0 && !reader->wrong)
        reader_wrong(reader, CHECK_EMPTY, item->head, "%s gives nothing", item->key);
}

void reader_count(Reader *reader, const Item *item, int64_t *value)
{
    if (!expr_integer_in(&reader->scope, item->value, item->key, 1, COUNT_MAX, value))
        reader->wrong = true;
}

void reader_bytes(Reader *reader, const Item *item, int64_t *bytes)
{
    Rational bits;
    bool bare = item->value->unit == NULL;
    if (!reader_quantity(reader, item, QUANTITY_BITS, false, &bits))
        return;
    bits.num = bare ? bits.num : bits.num / (8 * bits.den);
    *bytes = bare ? bits.num / bits.den : bits.num;
    if (*bytes < 1)
        reader_wrong(reader, CHECK_RANGE, item->value->span, "%s must be at least 1 B", item->key);
}

static int reader_choice(Reader *reader, const Item *item, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(item->value->text, words[i]) == 0)
            return (int) i;
    }
    const char *near = diag_nearest(item->value->text, words, n);
    g_autofree char *all = g_strjoin(", ", words[0], words[1], n > 2 ? words[2] : NULL, NULL);
    reader_wrong(reader, CHECK_WRONG_VALUE, item->value->span, "%s is one of %s, not '%s'%s%s%s",
                 item->key, all, item->value->text, DIAG_HINT(near));
    return -1;
}

void reader_yes(Reader *reader, const Item *item, bool *value)
{
    static const char *const words[] = {"no", "yes"};
    int choice = reader_choice(reader, item, words, 2);
    if (choice >= 0)
        *value = choice == 1;
}

void reader_prefetch(Reader *reader, const Item *item, Prefetch *prefetch)
{
    static const char *const words[] = {[PREFETCH_LAYER] = "layer",
                                        [PREFETCH_TILE] = "tile",
                                        [PREFETCH_NONE] = "none",
                                        [PREFETCH_STEP] = "step"};
    int choice = reader_choice(reader, item, words, G_N_ELEMENTS(words));
    if (choice >= 0)
        *prefetch = (Prefetch) choice;
}
