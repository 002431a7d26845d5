/* What a word may be where it stands, and the tree as the grammar builds it. */
#include "frontend/parse.h"

#include <string.h>

#include "frontend/unit.h"

#include "grammar/parser.h"

/* --- brackets --- */

bool parse_open(Parse *parse, char bracket, Span span)
{
    if (parse->n_open == NESTING_MAX) {
        diag_report(parse->diag, CHECK_NESTING, span,
                    "nested too deeply: more than %d brackets are open", NESTING_MAX);
        parse->stopped = parse->ast->broken = true;
        return false;
    }
    parse->open[parse->n_open].bracket = bracket;
    parse->open[parse->n_open].span = span;
    parse->open[parse->n_open].call = parse->last_token == TOKEN_CALL;
    parse->open[parse->n_open].body = bracket == '{' ? parse->body : '\0';
    if (bracket == '{')
        parse->body = '\0';
    parse->from = false;
    parse->n_open++;
    return true;
}

static char closing(char bracket)
{
    return bracket == '{' ? '}' : bracket == '(' ? ')' : ']';
}

/* A brace also ends the parentheses that were left open within. */
bool parse_close(Parse *parse, char bracket)
{
    int n = parse->n_open;
    while (n > 0 && closing(parse->open[n - 1].bracket) != bracket) {
        if (bracket != '}' && parse->open[n - 1].body != 'S')
            return false;
        n--;
    }
    if (n == 0)
        return false;
    parse->n_open = n - 1;
    parse->body = '\0';
    parse->from = false;
    return bracket == ')' && !parse->open[n - 1].call;
}

char parse_unclosed(Parse *parse, Span end)
{
    if (parse->n_open == 0)
        return 0;
    char bracket = parse->open[parse->n_open - 1].bracket;
    Span span = parse->open[--parse->n_open].span;
    parse->ast->broken = true;
    diag_report(parse->diag, CHECK_SYNTAX, end, "the text ends before a '%c'", closing(bracket));
    diag_note(parse->diag, span, "this '%c' has none", bracket);
    diag_mend(parse->diag, (Span){end.source, end.end, end.end}, "%s%c", bracket == '{' ? "\n" : "",
              closing(bracket));
    return closing(bracket);
}

char parse_peek(const Parse *parse)
{
    const char *text = parse->text->text;
    uint32_t i = parse->offset;
    while (i < parse->text->length && g_ascii_isspace(text[i]))
        i++;
    return text[i];
}

/* Directly in a body of that kind. */
static bool is_in(const Parse *parse, char body)
{
    return parse->n_open > 0 && parse->open[parse->n_open - 1].body == body;
}

bool parse_fanout_follows(const Parse *parse, const char *word)
{
    char next = parse_peek(parse);
    return strcmp(word, "Fanout") == 0 && is_in(parse, 'H') &&
           (g_ascii_isalpha(next) || next == '_');
}

bool parse_from_key(Parse *parse, const char *word, bool key)
{
    bool begins = key && is_in(parse, 'L') && strcmp(word, "From") == 0;
    bool connects = key && is_in(parse, 'K') && strcmp(word, "Connects") == 0;
    parse->from = begins || connects || (key && is_in(parse, 'F'));
    if (begins)
        parse->body = 'F';
    return parse->from;
}

bool parse_in_shares(const Parse *parse)
{
    return is_in(parse, 'A');
}

/* A line that ends after what a layer gets ends that, too. */
bool parse_is_target(Parse *parse)
{
    const char *text = parse->text->text;
    for (uint32_t i = parse->last_end; i < parse->offset && parse->last_token == TOKEN_SHARE; i++)
        parse->target |= text[i] == '\n';
    parse->target |= parse_peek(parse) == ':';
    return parse->target;
}

bool parse_system_word(Parse *parse, const char *word)
{
    if (parse->n_open == 0 && strcmp(word, "System") == 0)
        parse->body = 'Y';
    if (parse->n_open == 0 && (strcmp(word, "Allocate") == 0 || strcmp(word, "Split") == 0))
        parse->body = 'A';
    if (!is_in(parse, 'Y'))
        return parse->body == 'Y';
    bool link = strcmp(word, "Link") == 0 || strcmp(word, "Mesh") == 0;
    parse->body = link ? 'K' : '\0';
    return link || strcmp(word, "Core") == 0;
}

bool parse_is_link(const Parse *parse, const char *word)
{
    return is_in(parse, 'Y') && strcmp(word, "Link") == 0;
}

void parse_from_value(Parse *parse)
{
    if (parse->body == 'F')
        parse->body = '\0';
}

bool parse_in_set(const Parse *parse)
{
    return is_in(parse, 'S');
}

/* In the parentheses of a directive, or in a Dataflow, behind what a bound may end with. */
static bool may_join(const Parse *parse)
{
    int last = parse->last_token;
    bool ends = last == TOKEN_NUMBER || last == TOKEN_WORD || last == ')' || last == '}' ||
                last == TOKEN_SET_END;
    return ends && parse->n_open > 1 && parse->open[parse->n_open - 1].bracket == '(' &&
           parse->open[parse->n_open - 2].body == 'D';
}

int parse_hole_word(Parse *parse, const char *word)
{
    int last = parse->last_token;
    bool any = parse->any, in_dataflow = is_in(parse, 'D');
    if (strcmp(word, "in") == 0 && (last == TOKEN_HOLE || last == TOKEN_AND || may_join(parse))) {
        parse->body = 'S';
        return TOKEN_IN;
    }
    if (strcmp(word, "and") == 0 && may_join(parse))
        return TOKEN_AND;
    if (!in_dataflow)
        return 0;
    parse->any = strcmp(word, "Any") == 0;
    if (parse->any)
        return parse_peek(parse) == '(' ? TOKEN_CALL : TOKEN_ANY;
    return any && (strcmp(word, "over") == 0 || strcmp(word, "ordered") == 0) ? TOKEN_OVER : 0;
}

void parse_end_item(Parse *parse)
{
    int n = parse->n_open;
    while (n > 0 && parse->open[n - 1].bracket != '{')
        n--;
    if (n == 0 || parse->open[n - 1].body != 'S')
        return;
    while (n > 0 && (parse->open[n - 1].bracket != '{' || parse->open[n - 1].body == 'S'))
        n--;
    parse->n_open = n;
}

bool parse_level_follows(const Parse *parse, const char *word)
{
    char next = parse_peek(parse);
    int last = parse->last_token;
    bool begins = last == ';' || last == '{' || last == ',' || last == TOKEN_WORD ||
                  last == TOKEN_LEVEL || last == TOKEN_ANY || last == TOKEN_SET_END ||
                  last == TOKEN_HOLE;
    return strcmp(word, "Level") == 0 && is_in(parse, 'D') && begins && next != '(';
}

/* Functions stand where a value is due, directives in a Dataflow; those that stray from there keep
 * their shape. */
bool parse_value_follows(const Parse *parse, const char *word)
{
    int last = parse->last_token;
    if (last == TOKEN_CONSTANT || last == TOKEN_FANOUT)
        return true;
    if (parse->n_open > 0 &&
        (parse->open[parse->n_open - 1].bracket != '{' || is_in(parse, 'D') || parse_in_set(parse)))
        return false;
    bool value_due = last == TOKEN_WORD || (last > 0 && last < 128 && strchr(":=+-*/%", last));
    return !value_due && !g_str_has_suffix(word, "Map") && strcmp(word, "Cluster") != 0;
}

bool parse_is_unit(const char *text, size_t length)
{
    Unit unit;
    return length > 0 && unit_find(text, length, &unit);
}

void parse_unknown_unit(Parse *parse, const char *text, size_t digits, Span span)
{
    g_autoptr(GPtrArray) names = unit_names();
    g_autofree char *near = unit_recase(text + digits), *all = g_strdup(text);
    const char *alone = near;
    const char *const *from = near != NULL ? &alone : (const char *const *) names->pdata;
    all[digits] = '\0';
    diag_report(parse->diag, CHECK_SYNTAX, span,
                digits > 0 ? "'%s%s' is neither a number nor a name; no unit is called '%s'%s"
                           : "%s%sno unit is called '%s'%s",
                all, digits > 0 ? text + digits : "", text + digits,
                diag_hint(parse->diag, text + digits, from, near != NULL ? 1 : names->len));
    parse->ast->broken = true;
}

/* Whether a line ends between the token before and the word that was just read. */
static bool begins_line(const Parse *parse, size_t length)
{
    const char *from = parse->text->text + parse->last_end;
    return memchr(from, '\n', parse->offset - (uint32_t) length - parse->last_end) != NULL;
}

/* Keys are followed by a colon or a value, units are not; they stand on the line of their number.
 */
static bool unit_may_follow(const Parse *parse, size_t length)
{
    char next = parse_peek(parse);
    bool after_value = parse->last_token == TOKEN_NUMBER || parse->last_token == ')';
    return after_value && !begins_line(parse, length) && next != ':' && next != '-' &&
           next != '.' && !g_ascii_isdigit(next);
}

bool parse_unit_follows(const Parse *parse, const char *text, size_t length)
{
    return unit_may_follow(parse, length) && parse_is_unit(text, length);
}

bool parse_unit_meant(const Parse *parse, const char *text, size_t length)
{
    char next = parse_peek(parse);
    if (!unit_may_follow(parse, length) || parse_is_unit(text, length))
        return false;
    if (next == '\0' || strchr("({[=", next) != NULL)
        return false;
    bool in_block = parse->n_open == 0 || parse->open[parse->n_open - 1].bracket == '{';
    if (in_block && strchr(",;}", next) != NULL) /* a key has a value */
        return true;
    g_autofree char *near = unit_recase(text);
    return length > 1 && near != NULL; /* dims have one letter */
}

static bool is_name_byte(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '\'' || (c & 0x80) != 0;
}

/* Behind blanks and comments; *line_ends if a line does there, or the text. */
static const char *skip_blanks(const char *text, bool *line_ends)
{
    *line_ends = false;
    for (;; text++) {
        const char *end = text;
        if (g_str_has_prefix(text, "//") || *text == '#')
            end += strcspn(text, "\n");
        else if (g_str_has_prefix(text, "/*"))
            end = strstr(text, "*/") != NULL ? strstr(text, "*/") + 1 : text + strlen(text);
        else if (!g_ascii_isspace(*text) && *text != '\0')
            return text;
        *line_ends |= *end == '\n' || *end == '\0';
        if (*end == '\0')
            return end;
        text = end;
    }
}

/* A word and the blanks behind it; names: one of a layer, as a From has them. */
static const char *skip_word(const char *text, bool names, bool *line_ends)
{
    while (is_name_byte(*text) || (names && *text != '\0' && strchr(".+-", *text) != NULL))
        text++;
    return skip_blanks(text, line_ends);
}

/* A name in quotes and the blanks behind it; the text itself where the quotes do not end. */
static const char *skip_string(const char *text, bool *line_ends)
{
    const char *end = text + 1 + strcspn(text + 1, "\"\n");
    return *end == '"' ? skip_blanks(end + 1, line_ends) : text;
}

/* A name in a list behind its comma, and the blanks; NULL if there is none. */
static const char *skip_name(const Parse *parse, const char *text, bool *line_ends)
{
    if (parse->from && *text == '"')
        return skip_string(text, line_ends);
    if (!is_name_byte(*text) || (g_ascii_isdigit(*text) && !parse->from))
        return NULL;
    return skip_word(text, parse->from, line_ends);
}

bool parse_target_follows(const Parse *parse)
{
    bool line_ends;
    const char *text = skip_blanks(parse->text->text + parse->offset, &line_ends);
    if (*text == '"' || *text == '*')
        text += *text == '*' ? 1 : 1 + strcspn(text + 1, "\"\n") + 1;
    else
        while (is_name_byte(*text) || (*text != '\0' && strchr(".+-", *text) != NULL))
            text++;
    if (text > parse->text->text + parse->text->length)
        return false;
    return *skip_blanks(text, &line_ends) == ':';
}

bool parse_names_go_on(const Parse *parse)
{
    bool line_ends;
    char bracket = parse->n_open > 0 ? parse->open[parse->n_open - 1].bracket : '{';
    bool name = parse->last_token == TOKEN_WORD || parse->last_token == TOKEN_HOLE ||
                (parse->from && parse->last_token == TOKEN_STRING);
    if (!name || bracket != '{')
        return false;
    const char *text = skip_blanks(parse->text->text + parse->offset, &line_ends);
    if (*text == '?') /* and no map of an open kind */
        return *skip_blanks(text + 1, &line_ends) != '(';
    text = skip_name(parse, text, &line_ends);
    if (text == NULL || *text == ':' || *text == '{')
        return false;
    if (line_ends || strchr(",;}", *text) != NULL)
        return true;
    bool word = is_name_byte(*text) && !g_ascii_isdigit(*text);
    if (!word) /* of the next key: "Output Capacity: 64 KiB", "a Dimensions { ... }" */
        return false;
    text = skip_word(text, false, &line_ends);
    return *text == ':' || (parse->from && *text == '{');
}

/* --- nodes --- */

const char *parse_text(Parse *parse, const char *text, size_t length)
{
    char small[64];
    char *copy = length < sizeof small ? small : g_malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    const char *known = g_hash_table_lookup(parse->texts, copy);
    if (known == NULL) {
        known = arena_strdup(parse->arena, copy);
        g_hash_table_add(parse->texts, (gpointer) known);
    }
    if (copy != small)
        g_free(copy);
    return known;
}

void parse_unit(Parse *parse, Expr *expr, Word unit)
{
    ExprUnit *made = arena_make(parse->arena, ExprUnit);
    *made = (ExprUnit){unit.text, unit.span};
    expr->unit = made;
}

Expr *parse_leaf(Parse *parse, ExprKind kind, Word word)
{
    Expr *expr = arena_make(parse->arena, Expr);
    *expr = (Expr){.kind = (unsigned char) kind, .depth = 1, .span = word.span, .text = word.text};
    size_t digits = strlen(word.text), all = word.span.end - word.span.begin;
    if (kind == EXPR_NUMBER && digits < all) {
        const char *unit = parse->text->text + word.span.begin + digits;
        parse_unit(parse, expr, (Word){parse_text(parse, unit, all - digits), word.span});
    }
    return expr;
}

Expr *parse_name(Parse *parse, Word word)
{
    bool quoted = word.span.end - word.span.begin == strlen(word.text) + 2;
    bool number =
        g_ascii_isdigit(word.text[0]) && strspn(word.text, "0123456789") == strlen(word.text);
    return parse_leaf(parse, quoted ? EXPR_STRING : number ? EXPR_NUMBER : EXPR_WORD, word);
}

Expr *parse_node(Parse *parse, ExprKind kind, char op, const char *text, Span span, Expr *args)
{
    Expr *expr = arena_make(parse->arena, Expr);
    *expr = (Expr){.kind = (unsigned char) kind,
                   .op = op,
                   .depth = 1,
                   .span = span,
                   .text = text,
                   .args = args};
    for (const Expr *arg = args; arg != NULL; arg = arg->next)
        expr->depth = MAX(expr->depth, (short) (arg->depth + 1));
    if (expr->depth <= DEPTH_MAX)
        return expr;
    if (!parse->stopped)
        diag_report(parse->diag, CHECK_NESTING, span,
                    "nested too deeply: an expression of more than %d levels", DEPTH_MAX);
    parse->stopped = parse->ast->broken = true;
    *expr = (Expr){.kind = EXPR_NUMBER, .depth = 1, .span = span, .text = "1"};
    return expr;
}

Expr *parse_binary(Parse *parse, char op, Expr *a, Expr *b)
{
    a->next = b;
    return parse_node(parse, EXPR_BINARY, op, NULL, span_join(a->span, b->span), a);
}

ExprList parse_expr_append(ExprList list, Expr *expr)
{
    if (list.last != NULL)
        list.last->next = expr;
    return (ExprList){list.first != NULL ? list.first : expr, expr};
}

Item *parse_item(Parse *parse, ItemKind kind, Word key, Span span)
{
    Item *item = arena_make(parse->arena, Item);
    uint32_t bytes = key.span.end - key.span.begin;
    *item = (Item){.kind = kind & 3U,
                   .span = span,
                   .key = key.text,
                   .key_bytes = MIN(bytes, (uint32_t) UINT16_MAX) & UINT16_MAX};
    return item;
}

ItemMore *parse_more(Parse *parse, Item *item)
{
    if (item->more == NULL) {
        item->more = arena_make(parse->arena, ItemMore);
        item->more->name_span = SPAN_NONE;
    }
    return item->more;
}

ItemList parse_item_append(ItemList list, Item *item)
{
    if (list.last != NULL)
        list.last->next = item;
    return (ItemList){list.first != NULL ? list.first : item, item, list.broken || item->broken};
}

void parse_body(Item *item, ItemList body)
{
    item->has_body = true;
    item->body = body.first;
    item->broken = body.broken;
}
