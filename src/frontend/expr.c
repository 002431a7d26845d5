/* Evaluation walks the tree; its depth is bounded by the parser, and that of constants
 * which use constants here. */
#include "frontend/expr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/unit.h"

enum { CHAIN_MAX = 200 /* constants that use constants that use ... */ };

typedef enum { STATE_NEW, STATE_RUNNING, STATE_KNOWN, STATE_FAILED } State;

typedef struct {
    const Item *item;
    const Expr *value;
    State state;
    bool uses_size;      /* the value holds for one layer only */
    unsigned generation; /* of the layer the value holds for */
    int64_t known;
} Constant;

struct Constants {
    Arena *arena;
    bool broken;         /* the file has syntax errors: what is not here may be in there */
    GHashTable *by_name; /* of Constant *, in the arena */
    GPtrArray *in_order;
    int chain;
    bool size_asked; /* since the innermost constant began */
};

/* --- constants --- */

static void constant_put(Constants *constants, const Item *item, const Expr *value)
{
    Constant *constant = arena_make(constants->arena, Constant);
    constant->item = item;
    constant->value = value;
    g_hash_table_insert(constants->by_name, (gpointer) ast_more(item)->name, constant);
    g_ptr_array_add(constants->in_order, constant);
}

static void constant_add(Constants *constants, const Item *item, Diag *diag)
{
    const Constant *before = g_hash_table_lookup(constants->by_name, ast_more(item)->name);
    if (before != NULL) {
        diag_report(diag, CHECK_DUPLICATE_CONSTANT, ast_more(item)->name_span,
                    "constant '%s' is defined twice", ast_more(item)->name);
        diag_note(diag, ast_more(before->item)->name_span, "it is defined here before");
        return;
    }
    constant_put(constants, item, item->value);
}

static Constants *constants_empty(Arena *arena, bool broken)
{
    Constants *constants = arena_make(arena, Constants);
    constants->arena = arena;
    constants->broken = broken;
    constants->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    constants->in_order = g_ptr_array_new();
    return constants;
}

Constants *constants_copy(const Constants *other, Arena *arena)
{
    Constants *constants = constants_empty(arena, other->broken);
    for (guint i = 0; i < other->in_order->len; i++) {
        const Constant *from = other->in_order->pdata[i];
        constant_put(constants, from->item, from->value);
    }
    return constants;
}

Constants *constants_new(const Ast *ast, Arena *arena, Diag *diag)
{
    Constants *constants = constants_empty(arena, ast->broken);
    for (const Item *item = ast->items; item != NULL; item = item->next) {
        if (item->kind == ITEM_CONSTANT)
            constant_add(constants, item, diag);
    }
    return constants;
}

void constants_clear(Constants *constants)
{
    g_hash_table_destroy(constants->by_name);
    g_ptr_array_free(constants->in_order, TRUE);
}

bool constants_override(Constants *constants, const char *name, const Expr *value)
{
    Constant *constant = g_hash_table_lookup(constants->by_name, name);
    if (constant == NULL)
        return false;
    constant->value = value;
    for (guint i = 0; i < constants->in_order->len; i++) /* any of them may need it */
        ((Constant *) constants->in_order->pdata[i])->state = STATE_NEW;
    return true;
}

bool constants_has(const Constants *constants, const char *name)
{
    return g_hash_table_contains(constants->by_name, name);
}

bool constants_asks(const Constants *constants, const char *name)
{
    const Constant *constant = g_hash_table_lookup(constants->by_name, name);
    return constant != NULL && constant->uses_size;
}

static const char **names_of(const Constants *constants)
{
    const char **names = g_new0(const char *, (gsize) constants->in_order->len + 1);
    for (guint i = 0; i < constants->in_order->len; i++)
        names[i] = ast_more(((const Constant *) constants->in_order->pdata[i])->item)->name;
    return names;
}

const char *constants_nearest(const Constants *constants, const char *name)
{
    g_autofree const char **names = names_of(constants);
    return diag_nearest(name, names, constants->in_order->len);
}

GPtrArray *constants_names(const Constants *constants)
{
    g_autofree const char **names = names_of(constants);
    GPtrArray *list = g_ptr_array_new();
    for (guint i = 0; i < constants->in_order->len; i++)
        g_ptr_array_add(list, (gpointer) names[i]);
    return list;
}

static const char *hint_of(const Constants *constants, const char *name, Diag *diag)
{
    if (constants == NULL || !diag_has_hints(diag))
        return "";
    g_autofree const char **names = names_of(constants);
    return diag_hint(diag, name, names, constants->in_order->len);
}

/* The value of a constant, kept for the next use: for good, or for one layer if Sz was
 * asked on the way. */
static bool constant_value(const ExprScope *scope, Constant *constant, Span span, int64_t *value)
{
    Constants *constants = scope->constants;
    bool kept = !constant->uses_size || constant->generation == scope->generation;
    if (constant->state == STATE_RUNNING) {
        diag_report(scope->diag, CHECK_CYCLIC_CONSTANT, ast_more(constant->item)->name_span,
                    "constant '%s' is defined by itself", ast_more(constant->item)->name);
        if (span.begin != constant->value->span.begin)
            diag_note(scope->diag, span, "it is needed here for its own value");
        return false;
    }
    if (kept && (constant->state == STATE_KNOWN || constant->state == STATE_FAILED)) {
        *value = constant->known;
        constants->size_asked |= constant->uses_size;
        return constant->state == STATE_KNOWN;
    }
    if (constants->chain == CHAIN_MAX) {
        diag_report(scope->diag, CHECK_NESTING, span,
                    "constants nested too deeply: more than %d need each other", CHAIN_MAX);
        return false;
    }
    bool asked_before = constants->size_asked;
    constants->size_asked = false;
    constants->chain++;
    constant->state = STATE_RUNNING;
    bool ok = expr_integer(scope, constant->value, &constant->known);
    constants->chain--;
    constant->uses_size = constants->size_asked;
    constant->generation = scope->generation;
    constant->state = ok ? STATE_KNOWN : STATE_FAILED;
    constants->size_asked |= asked_before;
    *value = constant->known;
    return ok;
}

/* Sz before there is a layer: not known, and no mistake. */
static bool probe_size(const ExprScope *scope, const char *dim, Span span, int64_t *extent)
{
    (void) scope, (void) dim, (void) span, (void) extent;
    return false;
}

void constants_evaluate(Constants *constants, Diag *diag)
{
    ExprScope scope = {
        .constants = constants, .diag = diag, .size = probe_size, .window = probe_size};
    for (guint i = 0; i < constants->in_order->len; i++) {
        Constant *constant = constants->in_order->pdata[i];
        int64_t value;
        bool known = constant_value(&scope, constant, constant->value->span, &value);
        if (known && (value > INT32_MAX || value < -INT32_MAX))
            diag_report(diag, CHECK_RANGE, constant->value->span,
                        "constant '%s' is %" G_GINT64_FORMAT ", beyond 2147483647",
                        ast_more(constant->item)->name, value);
    }
}

/* --- integers --- */

static bool number(const ExprScope *scope, const Expr *expr, int64_t *value)
{
    char *end;
    errno = 0;
    *value = g_ascii_strtoll(expr->text, &end, 10);
    if (*end != '\0') {
        diag_report(scope->diag, CHECK_WRONG_VALUE, expr->span, "'%s' is not an integer",
                    expr->text);
        return false;
    }
    if (errno == ERANGE) {
        diag_report(scope->diag, CHECK_OVERFLOW, expr->span, "%s does not fit 63 bits", expr->text);
        return false;
    }
    return true;
}

static bool word(const ExprScope *scope, const Expr *expr, int64_t *value)
{
    Constant *constant = scope->constants != NULL
                             ? g_hash_table_lookup(scope->constants->by_name, expr->text)
                             : NULL;
    if (constant != NULL)
        return constant_value(scope, constant, expr->span, value);
    if (scope->word != NULL && scope->word(scope, expr->text, value))
        return true;
    if (scope->constants != NULL && scope->constants->broken)
        return false;
    diag_report(scope->diag, CHECK_UNKNOWN_CONSTANT, expr->span, "no constant '%s'%s", expr->text,
                hint_of(scope->constants, expr->text, scope->diag));
    return false;
}

static bool too_large(const ExprScope *scope, const Expr *expr)
{
    diag_report(scope->diag, CHECK_OVERFLOW, expr->span, "the value does not fit 63 bits");
    return false;
}

static bool divide(const ExprScope *scope, const Expr *expr, char op, int64_t a, int64_t b,
                   int64_t *value)
{
    if (b == 0) {
        diag_report(scope->diag, CHECK_DIVISION, expr->span, "division by zero");
        return false;
    }
    if (a == INT64_MIN && b == -1)
        return too_large(scope, expr);
    *value = op == '%' ? a % b : a / b;
    if (op == 'c' && a % b != 0 && (a < 0) == (b < 0))
        ++*value;
    return true;
}

static bool binary(const ExprScope *scope, const Expr *expr, int64_t *value)
{
    int64_t a, b;
    bool known = expr_integer(scope, expr->args, &a);
    if (!expr_integer(scope, expr->args->next, &b) || !known)
        return false;
    bool overflow = false;
    switch (expr->op) {
    case '+':
        overflow = __builtin_add_overflow(a, b, value);
        break;
    case '-':
        overflow = __builtin_sub_overflow(a, b, value);
        break;
    case '*':
        overflow = __builtin_mul_overflow(a, b, value);
        break;
    default:
        return divide(scope, expr, expr->op, a, b, value);
    }
    return overflow ? too_large(scope, expr) : true;
}

/* Sz(D) and Win(D), which ask the layer. */
static bool ask(const ExprScope *scope, const Expr *expr, int64_t *value)
{
    bool is_size = strcmp(expr->text, "Sz") == 0;
    if (scope->constants != NULL)
        scope->constants->size_asked = true;
    if (expr->args == NULL || expr->args->next != NULL || expr->args->kind != EXPR_WORD) {
        diag_report(scope->diag, CHECK_ARGUMENTS, expr->span, "%s wants one dim, as in %s(R)",
                    expr->text, expr->text);
        return false;
    }
    if (scope->size == NULL) {
        diag_report(scope->diag, CHECK_WRONG_VALUE, expr->span,
                    "%s stands only in dataflows and constants", expr->text);
        return false;
    }
    return (is_size ? scope->size : scope->window)(scope, expr->args->text, expr->args->span,
                                                   value);
}

const char *const expr_functions[EXPR_FUNCTIONS] = {"Sz", "Win", "min", "max", "ceil"};

static bool unknown_function(const ExprScope *scope, const Expr *expr)
{
    diag_report(scope->diag, CHECK_UNKNOWN_FUNCTION, expr->span, "no function '%s'%s", expr->text,
                diag_hint(scope->diag, expr->text, expr_functions, EXPR_FUNCTIONS));
    return false;
}

static bool call(const ExprScope *scope, const Expr *expr, int64_t *value)
{
    static const char *const functions[] = {"min", "max", "ceil"};
    if (strcmp(expr->text, "Sz") == 0 || strcmp(expr->text, "Win") == 0)
        return ask(scope, expr, value);
    size_t f = 0;
    while (f < G_N_ELEMENTS(functions) && strcmp(expr->text, functions[f]) != 0)
        f++;
    if (f == G_N_ELEMENTS(functions))
        return unknown_function(scope, expr);
    const Expr *first = expr->args, *second = first != NULL ? first->next : NULL;
    if (second == NULL || second->next != NULL) {
        diag_report(scope->diag, CHECK_ARGUMENTS, expr->span, "%s wants two arguments", expr->text);
        return false;
    }
    int64_t a, b;
    bool known = expr_integer(scope, first, &a);
    if (!expr_integer(scope, second, &b) || !known)
        return false;
    if (f == 2)
        return divide(scope, expr, 'c', a, b, value);
    *value = f == 0 ? MIN(a, b) : MAX(a, b);
    return true;
}

bool expr_integer(const ExprScope *scope, const Expr *expr, int64_t *value)
{
    *value = 0;
    if (expr->unit != NULL) {
        if (unit_is_known(expr->unit->text))
            diag_report(scope->diag, CHECK_WRONG_UNIT, expr->unit->span,
                        "a plain number is wanted, without '%s'", expr->unit->text);
        return false;
    }
    switch (expr->kind) {
    case EXPR_NUMBER:
        return number(scope, expr, value);
    case EXPR_WORD:
        return word(scope, expr, value);
    case EXPR_CALL:
        return call(scope, expr, value);
    case EXPR_PAREN:
        return expr_integer(scope, expr->args, value);
    case EXPR_BINARY:
        return binary(scope, expr, value);
    case EXPR_NEGATE:
        if (!expr_integer(scope, expr->args, value))
            return false;
        return __builtin_sub_overflow(0, *value, value) ? too_large(scope, expr) : true;
    default:
        diag_report(scope->diag, CHECK_WRONG_VALUE, expr->span, "an integer is wanted here");
        return false;
    }
}

bool expr_integer_in(const ExprScope *scope, const Expr *expr, const char *what, int64_t low,
                     int64_t high, int64_t *value)
{
    if (!expr_integer(scope, expr, value))
        return false;
    if (*value >= low && *value <= high)
        return true;
    diag_report(scope->diag, CHECK_RANGE, expr->span,
                "%s is %" G_GINT64_FORMAT "; it must be %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                what, *value, low, high);
    return false;
}

/* --- exact fractions --- */

static bool rational_add(Rational a, Rational b, int sign, Rational *value)
{
    /* each product is below 2^126 */
    return rational_make((__int128) a.num * b.den + sign * (__int128) b.num * a.den,
                         (__int128) a.den * b.den, value);
}

/* The digits of a decimal without its point: digits * 10^exponent.  Zeros at the end of the digits
 * go into the exponent. */
static bool decimal_digits(const char *text, __int128 *digits, int64_t *exponent)
{
    static const __int128 LIMIT = (__int128) 1 << 120;
    int64_t zeros = 0; /* that may turn out to be the last digits */
    bool fraction = false;
    *digits = *exponent = 0;
    for (; *text != '\0' && *text != 'e' && *text != 'E'; text++) {
        if (*text == '.') {
            fraction = true;
            continue;
        }
        *exponent -= fraction;
        zeros++;
        for (; *text != '0' && zeros > 0; zeros--) {
            if (*digits > LIMIT / 10)
                return false;
            *digits = *digits * 10 + (zeros == 1 ? *text - '0' : 0);
        }
        if (*digits == 0)
            zeros = 0;
    }
    *exponent += zeros;
    if (*text != '\0')
        *exponent += CLAMP(strtol(text + 1, NULL, 10), -INT32_MAX, INT32_MAX);
    return true;
}

/* "0.25" or "2.5e3", exactly, or not at all. */
static bool decimal(const char *text, Rational *value)
{
    __int128 num, twos = 1, fives = 1;
    int64_t exponent;
    if (!decimal_digits(text, &num, &exponent))
        return false;
    for (; exponent > 0 && num > 0 && num <= INT64_MAX; exponent--)
        num *= 10;
    for (int64_t e = exponent; e < 0 && num != 0 && twos <= INT64_MAX; e++) {
        if (num % 2 == 0)
            num /= 2;
        else
            twos *= 2;
    }
    for (int64_t e = exponent; e < 0 && num != 0 && fives <= INT64_MAX; e++) {
        if (num % 5 == 0)
            num /= 5;
        else
            fives *= 5;
    }
    return (exponent <= 0 || num == 0) && twos <= INT64_MAX && fives <= INT64_MAX &&
           rational_make(num, twos * fives, value);
}

/* An integer's negative is a fraction too. */
static bool in_fractions(const ExprScope *scope, const Expr *expr, const Rational *value)
{
    return value->num != INT64_MIN ? true : too_large(scope, expr);
}

static bool rational_binary(const ExprScope *scope, const Expr *expr, Rational *value)
{
    Rational a, b;
    if (!expr_rational(scope, expr->args, &a) || !expr_rational(scope, expr->args->next, &b))
        return false;
    if (expr->op == '/' && b.num == 0) {
        diag_report(scope->diag, CHECK_DIVISION, expr->span, "division by zero");
        return false;
    }
    bool fits = false;
    switch (expr->op) {
    case '+':
        fits = rational_add(a, b, 1, value);
        break;
    case '-':
        fits = rational_add(a, b, -1, value);
        break;
    case '*':
        fits = rational_multiply(a, b, value);
        break;
    case '/':
        fits = rational_divide(a, b, value);
        break;
    default:
        return expr_integer(scope, expr, &value->num) && in_fractions(scope, expr, value);
    }
    return fits ? true : too_large(scope, expr);
}

bool expr_rational(const ExprScope *scope, const Expr *expr, Rational *value)
{
    *value = (Rational){0, 1};
    switch (expr->kind) {
    case EXPR_NUMBER:
        if (decimal(expr->text, value))
            return true;
        diag_report(scope->diag, CHECK_OVERFLOW, expr->span, "%s has too many digits", expr->text);
        return false;
    case EXPR_PAREN:
        return expr_rational(scope, expr->args, value);
    case EXPR_NEGATE:
        if (!expr_rational(scope, expr->args, value))
            return false;
        value->num = -value->num;
        return true;
    case EXPR_BINARY:
        return rational_binary(scope, expr, value);
    case EXPR_WORD:
        return word(scope, expr, &value->num) && in_fractions(scope, expr, value);
    case EXPR_CALL:
        return call(scope, expr, &value->num) && in_fractions(scope, expr, value);
    default:
        diag_report(scope->diag, CHECK_WRONG_VALUE, expr->span, "a number is wanted here");
        return false;
    }
}
