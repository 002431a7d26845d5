/* Values of keys with their units, to exact fractions; mistakes are reported where they stand. */
#include "frontend/reader.h"

#include <string.h>

#include "frontend/keys.h"

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

static bool reader_scale(Reader *reader, const Item *item, Rational factor, Rational *value)
{
    if (rational_multiply(*value, factor, value))
        return true;
    reader_wrong(reader, CHECK_OVERFLOW, item->value->span, "%s does not fit 63 bits", item->key);
    return false;
}

static Span unit_span(const Expr *expr)
{
    return expr->unit != NULL ? expr->unit->span : expr->span;
}

/* What the lexer did not know it has reported. */
static void wrong_unit(Reader *reader, const Item *item, const char *choices)
{
    const Expr *expr = item->value;
    if (expr->unit == NULL || unit_is_known(ast_unit(expr)))
        reader_wrong(reader, CHECK_WRONG_UNIT, unit_span(expr), "%s wants %s", item->key, choices);
    reader->wrong = true;
}

static bool one_number(Reader *reader, const Item *item)
{
    if (item->value != NULL && !item->has_body && ast_args(item) == NULL)
        return true;
    reader_wrong(reader, CHECK_WRONG_VALUE, ast_head(item), "%s wants one number", item->key);
    return false;
}

static bool in_sign(Reader *reader, const Item *item, Rational value, bool zero)
{
    if (value.num > 0 || (value.num == 0 && zero))
        return true;
    reader_wrong(reader, CHECK_RANGE, item->value->span, "%s must %s", item->key,
                 zero ? "not be negative" : "be above 0");
    return false;
}

bool reader_quantity(Reader *reader, const Item *item, const char *unit, bool zero, Rational *value)
{
    const Expr *expr = item->value;
    Rational factor = {1, 1};
    if (!reader_rational(reader, expr, value) || !in_sign(reader, item, *value, zero))
        return false;
    bool bare = expr->unit == NULL && reader->bare;
    if (!bare && !unit_convert(ast_unit(expr), unit, &factor)) {
        g_autofree char *choices = unit_choices(unit);
        wrong_unit(reader, item, *unit != '\0' ? choices : "no unit");
        return false;
    }
    return reader_scale(reader, item, factor, value);
}

/* "14", "0.8 GB/s", "64 bit/cycle" */
static bool read_rate(Reader *reader, const Item *item, int64_t least, int64_t most, Rate *rate)
{
    (void) least, (void) most;
    Rational factor;
    if (!one_number(reader, item) || !reader_rational(reader, item->value, &rate->amount) ||
        !in_sign(reader, item, rate->amount, false))
        return false;
    const char *unit = ast_unit(item->value);
    rate->unit = PER_CYCLE_ELEMENTS;
    if (unit == NULL)
        return true;
    if (unit_convert(unit, "bit/s", &factor)) {
        rate->unit = PER_SECOND_BITS;
    } else if (unit_convert(unit, "bit/cycle", &factor)) {
        rate->unit = PER_CYCLE_BITS;
    } else {
        wrong_unit(reader, item, "elements per cycle, or GB/s, B/cycle and the like");
        return false;
    }
    return reader_scale(reader, item, factor, &rate->amount);
}

bool reader_bits(Reader *reader, const Item *item, int64_t least, int64_t most, int64_t *bits)
{
    Rational value;
    if (!one_number(reader, item) || !reader_quantity(reader, item, "bit", false, &value))
        return false;
    *bits = value.num;
    if (value.den == 1 && value.num >= least && value.num <= most)
        return true;
    reader_wrong(reader, CHECK_RANGE, item->value->span,
                 "%s is not a whole number of bits from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                 item->key, least, most);
    return false;
}

static bool read_width(Reader *reader, const Item *item, int64_t least, int64_t most, Rate *rate)
{
    *rate = (Rate){{0, 1}, PER_CYCLE_BITS};
    return reader_bits(reader, item, least, most, &rate->amount.num);
}

/* --- by tensor --- */

/* True for a tensor or role of some operator. */
static bool is_tensor(Reader *reader, const char *name, Span span)
{
    if (operators_has_tensor(reader->operators, name))
        return true;
    g_autoptr(GPtrArray) names =
        diag_has_hints(reader->diag) ? operators_tensors(reader->operators) : g_ptr_array_new();
    reader_wrong(reader, CHECK_UNKNOWN_TENSOR, span, "no operator has a tensor or role '%s'%s",
                 name,
                 diag_hint(reader->diag, name, (const char *const *) names->pdata, names->len));
    return false;
}

/* True for a dim of some operator, derived ones too. */
static bool is_dim(Reader *reader, const char *name, Span span)
{
    g_autoptr(GPtrArray) names = operators_dims(reader->operators);
    for (guint i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return true;
    reader_wrong(reader, CHECK_UNKNOWN_DIM, span, "no operator has a dim '%s'%s", name,
                 diag_hint(reader->diag, name, (const char *const *) names->pdata, names->len));
    return false;
}

typedef bool (*ReadRate)(Reader *, const Item *, int64_t least, int64_t most, Rate *);

static void add_tensor_rate(Reader *reader, const Item *item, const Rate *value, TensorRate *rate)
{
    for (int i = 0; i < rate->n; i++) {
        if (strcmp(rate->name[i], item->key) == 0)
            reader_wrong(reader, CHECK_DUPLICATE_KEY, ast_key_span(item), "%s is given twice",
                         item->key);
    }
    if (rate->n == HARDWARE_NAMES_MAX) {
        reader_wrong(reader, CHECK_LIMIT, ast_key_span(item), "more than %d tensors",
                     HARDWARE_NAMES_MAX);
        return;
    }
    rate->name[rate->n] = item->key;
    rate->by_name[rate->n++] = *value;
}

/* One value for all tensors, or a body with one for each; what else is a key of such a body is
 * read elsewhere. */
static bool read_tensors(Reader *reader, const Item *item, ReadRate read, int64_t least,
                         int64_t most, TensorRate *rate)
{
    bool before = reader->wrong, keys = false;
    Rate value;
    reader->wrong = false;
    *rate = (TensorRate){.span = ast_head(item)};
    if (!item->has_body)
        read(reader, item, least, most, &rate->all);
    for (const Item *each = item->body; each != NULL; each = each->next) {
        if (hardware_key(item->key, "", each->key) != NULL)
            keys = true;
        else if (is_tensor(reader, each->key, ast_key_span(each)) &&
                 read(reader, each, least, most, &value))
            add_tensor_rate(reader, each, &value, rate);
    }
    bool nothing = item->has_body && rate->n == 0 && !reader->wrong;
    if (nothing && !keys)
        reader_wrong(reader, CHECK_EMPTY, ast_head(item), "%s gives nothing", item->key);
    bool ok = !reader->wrong && !nothing;
    reader->wrong |= before;
    return ok;
}

bool reader_rates(Reader *reader, const Item *item, TensorRate *rate)
{
    return read_tensors(reader, item, read_rate, 0, 0, rate);
}

bool reader_widths(Reader *reader, const Item *item, int64_t least, int64_t most, TensorRate *rate)
{
    return read_tensors(reader, item, read_width, least, most, rate);
}

static bool is_word(const Expr *expr)
{
    return (expr->kind == EXPR_WORD || expr->kind == EXPR_STRING) && expr->unit == NULL;
}

typedef bool (*IsName)(Reader *, const char *name, Span span);

static bool add_name(Reader *reader, const Item *item, const Expr *word, IsName is, const char *of,
                     TensorNames *names)
{
    if (!is_word(word)) {
        reader_wrong(reader, CHECK_WRONG_VALUE, word->span, "%s wants names of %s", item->key, of);
        return false;
    }
    if (!is(reader, word->text, word->span))
        return false;
    for (int i = 0; i < names->n; i++) {
        if (strcmp(names->name[i], word->text) == 0) {
            reader_wrong(reader, CHECK_DUPLICATE_KEY, word->span, "%s is named twice", word->text);
            return false;
        }
    }
    if (names->n == HARDWARE_NAMES_MAX) {
        reader_wrong(reader, CHECK_LIMIT, word->span, "more than %d %s", HARDWARE_NAMES_MAX, of);
        return false;
    }
    names->name[names->n++] = word->text;
    return true;
}

/* "Weight" or "Weight, Input" */
static bool read_names(Reader *reader, const Item *item, IsName is, const char *of,
                       TensorNames *names)
{
    const Expr *value = item->value;
    bool ok = true;
    *names = (TensorNames){0};
    if (value->kind != EXPR_LIST)
        return add_name(reader, item, value, is, of, names);
    for (const Expr *word = value->args; word != NULL; word = word->next)
        ok &= add_name(reader, item, word, is, of, names);
    if (ok && names->n == 0)
        reader_wrong(reader, CHECK_EMPTY, value->span, "%s names nothing", item->key);
    return ok && names->n > 0;
}

bool reader_tensors(Reader *reader, const Item *item, TensorNames *names)
{
    return read_names(reader, item, is_tensor, "tensors", names);
}

bool reader_dims(Reader *reader, const Item *item, TensorNames *names)
{
    return read_names(reader, item, is_dim, "dims", names);
}

/* --- of a memory --- */

bool reader_rate(Reader *reader, const Item *item, Rate *rate)
{
    return read_rate(reader, item, 0, 0, rate);
}

/* A part of a port's body: what it is, or NULL. */
static Rate *part_of(PortRate *port, const char *key)
{
    return strcmp(key, "Read") == 0     ? &port->read
           : strcmp(key, "Write") == 0  ? &port->write
           : strcmp(key, "Shared") == 0 ? &port->both
                                        : NULL;
}

static void read_part(Reader *reader, const Item *item, PortRate *port, bool *ok)
{
    static const char *const parts[] = {"Read", "Write", "Shared"};
    Rate *part = part_of(port, item->key);
    if (part == NULL) {
        reader_wrong(reader, CHECK_UNKNOWN_KEY, ast_key_span(item),
                     "a memory's Bandwidth has no '%s'%s", item->key,
                     diag_hint(reader->diag, item->key, parts, G_N_ELEMENTS(parts)));
        *ok = false;
        return;
    }
    if (part->amount.num > 0) {
        reader_wrong(reader, CHECK_DUPLICATE_KEY, ast_key_span(item), "%s is given twice",
                     item->key);
        *ok = false;
    }
    *ok &= reader_rate(reader, item, part);
}

bool reader_port(Reader *reader, const Item *item, PortRate *port)
{
    bool ok = true;
    *port = (PortRate){.span = ast_head(item)};
    if (!item->has_body) {
        ok = reader_rate(reader, item, &port->read);
        port->write = port->read;
        return ok;
    }
    for (const Item *part = item->body; part != NULL; part = part->next)
        read_part(reader, part, port, &ok);
    if (item->body == NULL) {
        reader_wrong(reader, CHECK_EMPTY, ast_head(item), "%s gives nothing", item->key);
        ok = false;
    }
    return ok;
}

static bool read_bytes(Reader *reader, const Item *item, int64_t least, int64_t most, Rate *rate)
{
    (void) least, (void) most;
    *rate = (Rate){{0, 1}, PER_CYCLE_ELEMENTS};
    return one_number(reader, item) && reader_bytes(reader, item, &rate->amount.num);
}

bool reader_shares(Reader *reader, const Item *item, TensorBytes *bytes)
{
    TensorRate rate;
    *bytes = (TensorBytes){0};
    if (!read_tensors(reader, item, read_bytes, 0, 0, &rate))
        return false;
    bytes->n = rate.n;
    bytes->all = rate.all.amount.num;
    for (int i = 0; i < rate.n; i++) {
        bytes->name[i] = rate.name[i];
        bytes->by_name[i] = rate.by_name[i].amount.num;
    }
    return true;
}

/* "0.2 mW", "0.0057 pJ", "0.0057 pJ/cycle" */
bool reader_leakage(Reader *reader, const Item *item, Leakage *leakage)
{
    const char *unit = ast_unit(item->value);
    Rational factor = {1, 1};
    *leakage = (Leakage){0};
    if (!reader_rational(reader, item->value, &leakage->amount) ||
        !in_sign(reader, item, leakage->amount, true))
        return false;
    leakage->per_cycle =
        unit_convert(unit, "pJ", &factor) || unit_convert(unit, "pJ/cycle", &factor);
    bool bare = unit == NULL && reader->bare;
    if (!bare && !leakage->per_cycle && !unit_convert(unit, "mW", &factor)) {
        g_autofree char *power = unit_choices("mW"), *energy = unit_choices("pJ");
        g_autofree char *choices = g_strdup_printf("a power (%s), or of a cycle %s", power, energy);
        wrong_unit(reader, item, choices);
        return false;
    }
    return reader_scale(reader, item, factor, &leakage->amount);
}

/* --- others --- */

bool reader_count(Reader *reader, const Item *item, int64_t least, int64_t most, int64_t *value)
{
    if (expr_integer_in(&reader->scope, item->value, item->key, least, most, value))
        return true;
    reader->wrong = true;
    return false;
}

bool reader_bytes(Reader *reader, const Item *item, int64_t *bytes)
{
    Rational value;
    if (!reader_quantity(reader, item, "B", false, &value))
        return false;
    *bytes = value.num / value.den;
    if (*bytes >= 1)
        return true;
    reader_wrong(reader, CHECK_RANGE, item->value->span, "%s must be at least 1 B", item->key);
    return false;
}

/* "100", "100 cycles", "28 us" */
bool reader_duration(Reader *reader, const Item *item, Duration *duration)
{
    const char *unit = ast_unit(item->value);
    Rational factor = {1, 1};
    *duration = (Duration){.span = ast_head(item)};
    if (!reader_rational(reader, item->value, &duration->amount) ||
        !in_sign(reader, item, duration->amount, true))
        return false;
    duration->seconds = unit_convert(unit, "s", &factor);
    if (unit != NULL && !duration->seconds && !unit_convert(unit, "cycle", &factor)) {
        g_autofree char *time = unit_choices("s"), *cycles = unit_choices("cycle");
        g_autofree char *choices = g_strdup_printf("%s, or %s", cycles, time);
        wrong_unit(reader, item, choices);
        return false;
    }
    return reader_scale(reader, item, factor, &duration->amount);
}

/* Number of the word, or -1. */
static int reader_choice(Reader *reader, const Item *item, const char *const *words, size_t n)
{
    const Expr *value = item->value;
    for (size_t i = 0; i < n && is_word(value); i++) {
        if (strcmp(value->text, words[i]) == 0)
            return (int) i;
    }
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", words[i]);
    const char *text = value->text != NULL ? value->text : "an expression";
    const char *near = diag_nearest(text, words, n);
    reader_wrong(reader, CHECK_WRONG_VALUE, value->span, "%s is one of %s, not '%s'%s%s%s",
                 item->key, all->str, text, DIAG_HINT(near));
    if (near != NULL && is_word(value))
        diag_mend(reader->diag, value->span, "%s", near);
    return -1;
}

const char *const reader_yes_words[2] = {"no", "yes"};

bool reader_yes(Reader *reader, const Item *item, bool *value)
{
    int choice = reader_choice(reader, item, reader_yes_words, 2);
    *value = choice == 1;
    return choice >= 0;
}

const char *const reader_prefetch_words[PREFETCH_STEP + 1] = {[PREFETCH_LAYER] = "layer",
                                                              [PREFETCH_TILE] = "tile",
                                                              [PREFETCH_NONE] = "none",
                                                              [PREFETCH_STEP] = "step"};

bool reader_prefetch(Reader *reader, const Item *item, Prefetch *prefetch)
{
    int choice =
        reader_choice(reader, item, reader_prefetch_words, G_N_ELEMENTS(reader_prefetch_words));
    *prefetch = (Prefetch) MAX(choice, 0);
    return choice >= 0;
}

bool reader_word(Reader *reader, const Item *item, const char **word)
{
    *word = item->value->text;
    if (is_word(item->value))
        return true;
    reader_wrong(reader, CHECK_WRONG_VALUE, item->value->span, "%s wants a word", item->key);
    return false;
}
