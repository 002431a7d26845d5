/* The canonical form: two blanks of indent, an item per line, short blocks of plain values
 * on one line, comments where they stood. */
#include "frontend/ast.h"

#include <string.h>

enum { SHORT = 80 /* columns that a block on one line may take */ };

typedef struct {
    const Ast *ast;
    const char *text; /* of the file */
    GString *out;
    size_t comment; /* next one to be printed */
    uint32_t end;   /* of the file, of what was printed last */
    int indent;
} Printer;

/* --- expressions --- */

static void print_expr(GString *out, const Expr *expr);

static void print_args(GString *out, const Expr *args)
{
    for (const Expr *arg = args; arg != NULL; arg = arg->next) {
        if (arg != args)
            g_string_append(out, ", ");
        print_expr(out, arg);
    }
}

/* " <= 16", " in {8, 16}" */
static void print_bound(GString *out, const Expr *bound)
{
    g_string_append(out, bound->op == '<'   ? " <= "
                         : bound->op == '>' ? " >= "
                         : bound->op == '%' ? " % "
                                            : " in {");
    if (bound->op == 'i') {
        print_args(out, bound->args);
        g_string_append_c(out, '}');
        return;
    }
    print_expr(out, bound->args);
    if (bound->op == '%') {
        g_string_append(out, " == ");
        print_expr(out, bound->args->next);
    }
}

static void print_expr(GString *out, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER:
    case EXPR_WORD:
        g_string_append(out, expr->text);
        break;
    case EXPR_STRING:
        g_string_append_printf(out, "\"%s\"", expr->text);
        break;
    case EXPR_CALL:
        g_string_append_printf(out, "%s(", expr->text);
        print_args(out, expr->args);
        g_string_append_c(out, ')');
        break;
    case EXPR_PAREN:
        g_string_append_c(out, '(');
        print_expr(out, expr->args);
        g_string_append_c(out, ')');
        break;
    case EXPR_NEGATE:
        g_string_append_c(out, '-');
        print_expr(out, expr->args);
        break;
    case EXPR_BINARY:
        print_expr(out, expr->args);
        g_string_append_printf(out, strchr("+-", expr->op) != NULL ? " %c " : "%c", expr->op);
        print_expr(out, expr->args->next);
        break;
    case EXPR_LIST:
        if (expr->op == ' ') {
            print_expr(out, expr->args);
            g_string_append_c(out, ' ');
            print_expr(out, expr->args->next);
            break;
        }
        for (const Expr *each = expr->args; each != NULL && expr->op == '|'; each = each->next) {
            g_string_append(out, each != expr->args ? " or " : "");
            print_expr(out, each);
        }
        if (expr->op == '|')
            break;
        g_string_append(out, expr->op == ',' ? "" : "[");
        print_args(out, expr->args);
        g_string_append(out, expr->op == ',' ? "" : "]");
        break;
    case EXPR_HOLE:
        g_string_append_c(out, '?');
        for (const Expr *bound = expr->args; bound != NULL; bound = bound->next) {
            g_string_append(out, bound != expr->args ? " and" : "");
            print_bound(out, bound);
        }
        break;
    case EXPR_BOUND: /* stands in a hole only */
        break;
    }
    if (expr->unit != NULL)
        g_string_append_printf(out, " %s", expr->unit->text);
}

/* --- items --- */

static void print_coords(GString *out, const Expr *coords)
{
    for (; coords != NULL; coords = coords->next) {
        g_string_append_c(out, '[');
        print_expr(out, coords);
        g_string_append_c(out, ']');
    }
}

static void print_types(GString *out, const Expr *types)
{
    if (types == NULL)
        return;
    g_string_append(out, " for ");
    print_args(out, types);
}

static bool is_plain(const Item *item)
{
    return item->kind == ITEM_ENTRY && !item->has_body && ast_args(item) == NULL;
}

/* An entry of Allocate or Split: its layers stand before the colon. */
static bool is_share(const Item *item)
{
    return item->kind == ITEM_ENTRY && ast_names(item) != NULL;
}

/* `Level` has no parentheses, nor has `Any` where nothing is said of sizes. */
static void print_call(GString *out, const Item *item)
{
    bool bare = strcmp(item->key, "Level") == 0 || strcmp(item->key, "Any") == 0;
    if (ast_args(item) != NULL || !bare) {
        g_string_append_c(out, '(');
        print_args(out, ast_args(item));
        g_string_append_c(out, ')');
    }
    if (item->value != NULL) {
        g_string_append_c(out, ' ');
        print_expr(out, item->value);
    }
    if (ast_names(item) != NULL) {
        g_string_append_c(out, ' ');
        print_args(out, ast_names(item));
    }
}

/* All but the body. */
static void print_head(GString *out, const Item *item)
{
    if (is_share(item))
        print_args(out, ast_names(item));
    else
        g_string_append(out, item->key);
    if (item->kind == ITEM_CALL) {
        print_call(out, item);
        return;
    }
    if (item->kind == ITEM_CONSTANT)
        g_string_append_printf(out, " %s =", ast_more(item)->name);
    if (ast_is_sized(item))
        g_string_append_printf(out, " %s", ast_more(item)->name);
    bool entry = is_plain(item) && !ast_is_sized(item);
    if (entry)
        g_string_append_c(out, ':');
    if (item->value != NULL) {
        g_string_append_c(out, ' ');
        print_expr(out, item->value);
    }
    if (item->kind == ITEM_ENTRY)
        print_coords(out, ast_args(item));
    print_types(out, ast_types(item));
}

static bool has_comment(const Printer *printer, Span span)
{
    for (size_t i = printer->comment; i < printer->ast->n_comments; i++) {
        const Span *comment = &printer->ast->comments[i].span;
        if (comment->begin >= span.end)
            return false;
        if (comment->begin >= span.begin)
            return true;
    }
    return false;
}

/* "{ K: 64, C: 3 }" if all of it is short and plain; NULL otherwise. */
static char *one_line(const Printer *printer, const Item *item)
{
    if (has_comment(printer, item->span))
        return NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    print_head(line, item);
    g_string_append(line, " {");
    for (const Item *each = item->body; each != NULL; each = each->next) {
        if (!is_plain(each) || line->len + (size_t) printer->indent > SHORT)
            return NULL;
        g_string_append(line, each == item->body ? " " : is_share(each) ? "; " : ", ");
        print_head(line, each);
    }
    g_string_append(line, " }");
    return line->len + (size_t) printer->indent <= SHORT ? g_strdup(line->str) : NULL;
}

/* --- comments --- */

static void print_indent(Printer *printer)
{
    for (int i = 0; i < printer->indent; i++)
        g_string_append_c(printer->out, ' ');
}

static bool at_line_start(const Printer *printer)
{
    const GString *out = printer->out;
    return out->len == 0 || out->str[out->len - 1] == '\n';
}

/* Whether a line of the file, or two, ends between two bytes. */
static int breaks(const Printer *printer, uint32_t from, uint32_t to)
{
    int lines = 0;
    for (uint32_t i = from; i < to && lines < 2; i++)
        lines += printer->text[i] == '\n';
    return lines;
}

static void append_comment(Printer *printer, Span span)
{
    g_string_append_len(printer->out, printer->text + span.begin, span.end - span.begin);
    g_string_append_c(printer->out, '\n');
}

/* Comments that end the line of what was printed last, which ended at `end`. */
static void print_trailing(Printer *printer, uint32_t end)
{
    const Ast *ast = printer->ast;
    while (printer->comment < ast->n_comments) {
        Span span = ast->comments[printer->comment].span;
        if (span.begin < end || breaks(printer, end, span.begin) > 0)
            return;
        if (strspn(printer->text + end, " \t;,") < span.begin - end)
            return; /* something else stands between */
        g_string_truncate(printer->out, printer->out->len - 1);
        g_string_append(printer->out, "  ");
        append_comment(printer, span);
        printer->comment++;
        printer->end = span.end;
        if (g_str_has_prefix(printer->text + span.begin, "/*"))
            end = span.end;
    }
}

/* Comments that stand before a byte, each on its own line. */
static void print_comments(Printer *printer, uint32_t before)
{
    const Ast *ast = printer->ast;
    while (printer->comment < ast->n_comments &&
           ast->comments[printer->comment].span.begin < before) {
        Span span = ast->comments[printer->comment++].span;
        print_indent(printer);
        append_comment(printer, span);
        if (breaks(printer, span.end,
                   MIN(before, printer->comment < ast->n_comments
                                   ? ast->comments[printer->comment].span.begin
                                   : before)) > 1)
            g_string_append_c(printer->out, '\n');
    }
}

/* --- bodies --- */

static void print_items(Printer *printer, const Item *items);

static uint32_t brace_of(const Printer *printer, const Item *item)
{
    uint32_t i = ast_head(item).end;
    while (printer->text[i] != '{' && printer->text[i] != '\0') {
        if (printer->text[i] == '/' || printer->text[i] == '#') { /* a comment before the brace */
            for (size_t c = 0; c < printer->ast->n_comments; c++) {
                if (printer->ast->comments[c].span.begin == i)
                    i = printer->ast->comments[c].span.end - 1;
            }
        }
        i++;
    }
    return i;
}

static void print_block(Printer *printer, const Item *item)
{
    g_autofree char *line = one_line(printer, item);
    print_indent(printer);
    if (line != NULL) {
        g_string_append_printf(printer->out, "%s\n", line);
        return;
    }
    print_head(printer->out, item);
    g_string_append(printer->out, " {\n");
    print_trailing(printer, brace_of(printer, item) + 1);
    printer->indent += 2;
    print_items(printer, item->body);
    print_comments(printer, item->span.end);
    printer->indent -= 2;
    print_indent(printer);
    g_string_append(printer->out, "}\n");
}

static void print_item(Printer *printer, const Item *item)
{
    print_comments(printer, item->span.begin);
    if (item->has_body) {
        print_block(printer, item);
    } else {
        print_indent(printer);
        print_head(printer->out, item);
        g_string_append(printer->out, is_plain(item) && !is_share(item) ? "\n" : ";\n");
    }
    printer->end = item->span.end;
    print_trailing(printer, item->span.end);
}

/* Blank lines between items stay, one at most. */
static void print_items(Printer *printer, const Item *items)
{
    for (const Item *item = items; item != NULL; item = item->next) {
        print_item(printer, item);
        if (item->next == NULL)
            continue;
        uint32_t next = item->next->span.begin;
        if (printer->comment < printer->ast->n_comments)
            next = MIN(next, printer->ast->comments[printer->comment].span.begin);
        if (next > printer->end && breaks(printer, printer->end, next) > 1)
            g_string_append_c(printer->out, '\n');
    }
}

char *format_ast(const Ast *ast, const Sources *sources)
{
    Printer printer = {
        .ast = ast, .text = sources_get(sources, ast->source)->text, .out = g_string_new(NULL)};
    print_items(&printer, ast->items);
    print_comments(&printer, sources_get(sources, ast->source)->length);
    if (!at_line_start(&printer))
        g_string_append_c(printer.out, '\n');
    return g_string_free(printer.out, FALSE);
}
