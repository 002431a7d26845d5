/* Holes as they stand in the tree: which there are, whether they may stand there, and their bounds
 * as numbers. */
#include "frontend/holes.h"

#include <string.h>

#define I64 "%" G_GINT64_FORMAT

static bool is_any(const Item *item)
{
    return strcmp(item->key, "Any") == 0;
}

static bool is_key(const Item *item, const char *key)
{
    return strcmp(item->key, key) == 0;
}

static const Expr *first_hole(const Expr *expr)
{
    while (expr != NULL && expr->kind != EXPR_HOLE)
        expr = expr->next;
    return expr;
}

static bool has_hole(const Item *item)
{
    return item->kind == ITEM_CALL && (is_any(item) || is_key(item, "?") ||
                                       first_hole(ast_args(item)) || first_hole(ast_names(item)));
}

static const Item *first_item(const Item *dataflow)
{
    const Item *item = dataflow->body;
    while (item != NULL && !has_hole(item))
        item = item->next;
    return item;
}

bool holes_has(const Item *dataflow)
{
    return first_item(dataflow) != NULL;
}

bool holes_refuse(const Item *dataflow, Diag *diag)
{
    const Item *item = first_item(dataflow);
    if (item == NULL)
        return false;
    const Expr *arg = first_hole(ast_args(item)), *name = first_hole(ast_names(item));
    bool units = is_key(item, "Cluster") || is_key(item, "Fanout");
    if (is_any(item))
        diag_report(diag, CHECK_OPEN, item->span, "which maps stand here is open");
    else if (is_key(item, "?"))
        diag_report(diag, CHECK_OPEN, ast_key_span(item), "the kind of this map is open");
    else if (arg != NULL)
        diag_report(diag, CHECK_OPEN, arg->span,
                    units ? "the number of units is open" : "the size of this map is open");
    else
        diag_report(diag, CHECK_OPEN, name->span,
                    is_key(item, "Buffer") ? "which tensors %s holds here is open"
                                           : "the dim of this %s is open",
                    is_key(item, "Buffer") && ast_args(item) != NULL && ast_args(item)->text != NULL
                        ? ast_args(item)->text
                        : item->key);
    diag_note(diag, SPAN_NONE,
              "dcc-map and dcc --optimize fill holes; here every size, dim and tensor is "
              "written");
    return true;
}

/* --- where they may stand --- */

static bool wrong(const Trees *program, Span span, const char *what, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* `what` is wrong, and the mend; false. */
static bool wrong(const Trees *program, Span span, const char *what, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *mend = g_strdup_vprintf(format, args);
    va_end(args);
    diag_report(program->diag, CHECK_HOLES, span, "%s", what);
    diag_note(program->diag, SPAN_NONE, "%s", mend);
    return false;
}

/* As the user wrote it, to be freed. */
static char *written(const Trees *program, const Expr *expr)
{
    const char *text = sources_get(program->sources, expr->span.source)->text;
    return g_strndup(text + expr->span.begin, expr->span.end - expr->span.begin);
}

static const Expr *bound_of(const Expr *hole, char op)
{
    const Expr *bound = hole->args;
    while (bound != NULL && bound->op != op)
        bound = bound->next;
    return bound;
}

const Expr *holes_names(const Expr *hole)
{
    const Expr *bound = bound_of(hole, 'i');
    return bound != NULL ? bound->args : NULL;
}

/* Each bound once; what a division leaves is 0. */
static bool check_bounds(const Trees *program, const Expr *hole)
{
    bool sound = true;
    for (const Expr *bound = hole->args; bound != NULL; bound = bound->next) {
        const Expr *rest = bound->op == '%' ? bound->args->next : NULL;
        if (bound_of(hole, bound->op) != bound)
            sound = wrong(program, bound->span, "a hole has each kind of bound once",
                          "leave the wider of the two out");
        if (rest != NULL && (rest->kind != EXPR_NUMBER || strcmp(rest->text, "0") != 0))
            sound = wrong(program, rest->span, "a hole may be bound to multiples of a number only",
                          "write == 0");
    }
    return sound;
}

/* A dim or tensors: one of the names, or any. */
static bool check_name(const Trees *program, const Expr *hole, const char *example)
{
    for (const Expr *bound = hole->args; bound != NULL; bound = bound->next)
        if (bound->op != 'i')
            return wrong(program, bound->span, "a name has no such bound", "write %s", example);
    for (const Expr *name = holes_names(hole); name != NULL; name = name->next)
        if (name->kind != EXPR_WORD)
            return wrong(program, name->span, "a name is wanted here", "write %s", example);
    return check_bounds(program, hole);
}

/* The offset of a size that is open is that size, and so is that of a written one. */
static bool check_offset(const Trees *program, const Item *item, const Expr *size)
{
    const Expr *offset = size->next;
    bool open = size->kind == EXPR_HOLE;
    if (offset == NULL || (open == (offset->kind == EXPR_HOLE) && offset->args == NULL) ||
        (!open && offset->kind != EXPR_HOLE))
        return true;
    g_autofree char *text = written(program, size);
    if (open && offset->kind == EXPR_HOLE)
        return wrong(program, offset->span, "bounds stand with the size; the offset is the same",
                     "write %s(%s, ?)", item->key, text);
    return wrong(program, offset->span,
                 open ? "the size is open, and its offset is that size"
                      : "the offset of a written size is written",
                 "write %s(%s, %s)", item->key, text, open ? "?" : text);
}

static bool check_map(const Trees *program, const Item *item)
{
    const Expr *size = ast_args(item), *name = ast_names(item);
    bool sound = size == NULL || check_offset(program, item, size);
    if (size != NULL && size->kind == EXPR_HOLE)
        sound &= check_bounds(program, size);
    if (name != NULL && name->kind == EXPR_HOLE)
        sound &= check_name(program, name, "? in {K, C}");
    return sound;
}

/* Buffer(GLB) Input, ?; */
static bool check_tensors(const Trees *program, const Item *item)
{
    const Expr *hole = first_hole(ast_names(item));
    if (hole == NULL)
        return true;
    const Expr *second = first_hole(hole->next);
    if (second != NULL)
        return wrong(program, second->span, "one hole stands for all further tensors of the line",
                     "leave this one out");
    return check_name(program, hole, "? in {Input, Weight}");
}

static bool check_any(const Trees *program, const Item *item)
{
    const Expr *size = ast_args(item), *hole = first_hole(ast_names(item));
    if (hole != NULL)
        return wrong(program, hole->span, "the dims of Any are named",
                     "write Any over K, C; or Any; for all dims");
    if (size == NULL || size->kind == EXPR_HOLE)
        return size == NULL || check_bounds(program, size);
    g_autofree char *text = written(program, size);
    return wrong(program, size->span, "the sizes of the maps that Any stands for are open",
                 "write Any(? in {%s})", text);
}

bool holes_check(const Trees *program, const Item *item)
{
    const Expr *size = ast_args(item);
    if (item->kind != ITEM_CALL || is_key(item, "Level"))
        return true;
    if (is_any(item))
        return check_any(program, item);
    if (is_key(item, "Buffer"))
        return check_tensors(program, item);
    if (!is_key(item, "Cluster") && !is_key(item, "Fanout"))
        return check_map(program, item);
    size = first_hole(size);
    return size == NULL || check_bounds(program, size);
}

/* --- numbers --- */

static bool add_listed(const ExprScope *scope, const Expr *bound, Hole *hole)
{
    bool known = true;
    for (const Expr *expr = bound->args; expr != NULL; expr = expr->next) {
        int64_t value;
        int at = 0;
        if (!expr_integer_in(scope, expr, "a number in {}", 1, INT32_MAX, &value)) {
            known = false;
            continue;
        }
        while (at < hole->n_among && hole->among[at] < value)
            at++;
        if (at < hole->n_among && hole->among[at] == value)
            continue;
        if (hole->n_among == HOLE_AMONG_MAX) {
            diag_report(scope->diag, CHECK_LIMIT, expr->span, "more than %d numbers in {}",
                        HOLE_AMONG_MAX);
            return false;
        }
        memmove(&hole->among[at + 1], &hole->among[at],
                (size_t) (hole->n_among++ - at) * sizeof *hole->among);
        hole->among[at] = value;
    }
    return known;
}

static bool add_bound(const ExprScope *scope, const Expr *bound, const char *what, Hole *hole)
{
    g_autofree char *of = g_strdup_printf("a bound of the %s", what);
    int64_t *value = bound->op == '<'   ? &hole->most
                     : bound->op == '>' ? &hole->least
                                        : &hole->multiple;
    if (bound->op == 'i')
        return add_listed(scope, bound, hole);
    return expr_integer_in(scope, bound->args, of, 1, INT32_MAX, value);
}

bool holes_number(const ExprScope *scope, const Expr *expr, const char *what, Hole *hole)
{
    int64_t value;
    if (expr->kind != EXPR_HOLE) {
        if (!expr_integer_in(scope, expr, what, 1, INT32_MAX, &value))
            return false;
        *hole = hole_written(value);
        return true;
    }
    bool known = true;
    *hole = hole_open();
    for (const Expr *bound = expr->args; bound != NULL; bound = bound->next)
        known &= add_bound(scope, bound, what, hole);
    if (!known || hole_least(hole) > 0)
        return known;
    diag_report(scope->diag, CHECK_RANGE, expr->span, "no number is within the bounds of the %s",
                what);
    diag_note(scope->diag, SPAN_NONE, "widen one of them, or leave it out");
    return false;
}
