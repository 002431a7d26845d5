/* Tokens to a tree.  Every kind of file has this one shape: items with a key and a
 * value, arguments or a body.  Separators are optional; nothing here knows a key. */
%require "3.8"
%define api.pure full
%define api.prefix {dcc_yy}
%define api.token.prefix {TOKEN_}
%define api.location.type {Span}
%define parse.error custom
%define parse.lac full
%locations
%param {void *scanner}
%parse-param {Parse *parse}

%code requires {
#include "frontend/parse.h"
}

%code provides {
#ifndef YYSTYPE /* flex's names for them */
#define YYSTYPE DCC_YYSTYPE
#define YYLTYPE DCC_YYLTYPE
#endif
}

%union {
    Word word;
    Expr *expr;
    ExprList list;
    Item *item;
    ItemList items;
}

%code {
#include <string.h>

#include "grammar/lexer.h"

#define YYLLOC_DEFAULT(now, rhs, n)                                                     \
    ((now) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n))                        \
                 : (Span){YYRHSLOC(rhs, 0).source, YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end})

static void yyerror(const Span *span, void *scanner, Parse *parse, const char *message);
static Item *entry(Parse *parse, Word key, bool colon, Expr *value, Span span);
static Item *directive(Parse *parse, Word key, Expr *args, Expr *names, Span span);
static Item *fanout(Parse *parse, Span key, Word name, Expr *size, Span span);
static Item *link_of(Parse *parse, Span key, Expr *ends, Span span);
static Expr *listed(Parse *parse, char op, ExprList list, Span span);

/* All items of the file but those of its blocks. */
static void add(Parse *parse, Item *item)
{
    parse->items = parse_item_append(parse->items, item);
}
}

%token END 0          "the end of the file"
%token CONSTANT       "'Constant'"
%token FOR            "'for'"
%token <word> WORD    "a name"
%token <word> CALL    "a function"
%token <word> STRING  "a string"
%token <word> NUMBER  "a number"
%token <word> UNIT    "a unit"
%token FANOUT         "'Fanout'" // of a Hierarchy
%token LEVEL          "'Level'"  // of a Dataflow
%token LINK           "'Link'"   // of a System
%token <word> TARGET  "a layer"  // of Allocate and Split, like the next
%token <word> SHARE   "a core or a dim"
%token OR             "'or'" // between two splits of a layer
%token NEXT           "','" // a comma after which a list of names goes on
%token LE             "'<='"
%token GE             "'>='"
%token EQ             "'=='"
%token IN             "'in'"  // of a hole, like the next three
%token AND            "'and'"
%token SET            "'{'"
%token SET_END        "'}'"
%token <word> ANY     "'Any'"
%token <word> OVER    "'over'" // or 'ordered'
%token <word> HOLE   "'?'"
%token LBRACE '{' RBRACE '}' LPAREN '(' RPAREN ')' LBRACKET '[' RBRACKET ']'

%type <items> items block
%type <item> item
%type <expr> value name expr primary size hole bound part
%type <expr> share
%type <list> shares splits targets
%type <list> values args exprs coords types names dims sizes some parts bounds members

%precedence BARE
%precedence WORD
%left '+' '-'
%left '*' '/' '%'
%precedence SIGN

%%

file: %empty
    | file item           { add(parse, $2); }
    | file ';'
    | file ','
    | file '}'            { diag_report(parse->diag, CHECK_SYNTAX, @2, "'}' without its '{'"); diag_mend(parse->diag, @2, "%s", ""); parse->ast->broken = true; }
    | file error ';'      { yyerrok; }
    | file error block    { yyerrok; }
    | file error '}'      { yyerrok; }
    ;

block: '{' items '}'      { $$ = $2; }
    | '{' items error '}' { $$ = $2; $$.broken = true; yyerrok; }
    ;

items: %empty             { $$ = (ItemList){NULL, NULL, false}; }
    | items item          { $$ = parse_item_append($1, $2); }
    | items ';'
    | items ','
    | items error ';'     { $$ = $1; $$.broken = true; yyerrok; }
    | items error block   { $$ = $1; $$.broken = true; yyerrok; }
    ;

item: WORD value              { $$ = entry(parse, $1, false, $2, @$); }
    | WORD ':' value          { $$ = entry(parse, $1, true, $3, @$); }
    | WORD value coords       { $$ = entry(parse, $1, false, $2, @$); parse_more(parse, $$)->args = $3.first; }
    | WORD block              { $$ = entry(parse, $1, false, NULL, @$); parse_body($$, $2); }
    | WORD ':' block          { $$ = entry(parse, $1, false, NULL, @$); parse_body($$, $3); }
    | WORD value block        { $$ = entry(parse, $1, false, $2, @$); parse_body($$, $3); }
    | WORD FOR types block        { $$ = entry(parse, $1, false, NULL, @$); parse_more(parse, $$)->types = $3.first; parse_body($$, $4); }
    | WORD value FOR types block  { $$ = entry(parse, $1, false, $2, @$); parse_more(parse, $$)->types = $4.first; parse_body($$, $5); }
    | CALL '(' sizes ')' dims { $$ = directive(parse, $1, $3.first, $5.first, @$); }
    | CALL '(' sizes ')' OVER parts { $$ = directive(parse, $1, $3.first, $6.first, @$); $$->value = parse_leaf(parse, EXPR_WORD, $5); }
    | ANY dims                { $$ = directive(parse, $1, NULL, $2.first, @$); }
    | ANY OVER parts          { $$ = directive(parse, $1, NULL, $3.first, @$); $$->value = parse_leaf(parse, EXPR_WORD, $2); }
    | LEVEL                   { $$ = directive(parse, (Word){"Level", @1}, NULL, NULL, @$); }
    | LINK block              { $$ = link_of(parse, @1, NULL, @$); parse_body($$, $2); }
    | LINK name block         { $$ = link_of(parse, @1, $2, @$); parse_body($$, $3); }
    | LINK name name block    { $2->next = $3; $$ = link_of(parse, @1, parse_node(parse, EXPR_LIST, ' ', NULL, span_join(@2, @3), $2), @$); parse_body($$, $4); }
    | targets ':' splits      {
          $$ = parse_item(parse, ITEM_ENTRY, (Word){$1.first->text, $1.first->span}, @$);
          $$->colon = true;
          $$->value = listed(parse, '|', $3, @3);
          *parse_more(parse, $$) = (ItemMore){.name = NULL, .name_span = $1.first->span, .names = $1.first};
      }
    | FANOUT WORD block       { $$ = fanout(parse, @1, $2, NULL, @$); parse_body($$, $3); }
    | FANOUT WORD expr        { $$ = fanout(parse, @1, $2, $3, @$); }
    | FANOUT WORD expr block  { $$ = fanout(parse, @1, $2, $3, @$); parse_body($$, $4); }
    | CONSTANT WORD is expr   {
          $$ = parse_item(parse, ITEM_CONSTANT, (Word){"Constant", @1}, @$);
          *parse_more(parse, $$) = (ItemMore){.name = $2.text, .name_span = @2};
          $$->value = $4;
      }
    ;

is: %empty | '=' | ':' ;

targets: TARGET           { $$ = parse_expr_append((ExprList){NULL, NULL}, parse_name(parse, $1)); }
    | targets ',' TARGET  { $$ = parse_expr_append($1, parse_name(parse, $3)); }
    ;

splits: shares            { $$ = parse_expr_append((ExprList){NULL, NULL}, listed(parse, ',', $1, @1)); }
    | splits OR shares    { $$ = parse_expr_append($1, listed(parse, ',', $3, @3)); }
    ;

shares: share             { $$ = parse_expr_append((ExprList){NULL, NULL}, $1); }
    | shares NEXT share   { $$ = parse_expr_append($1, $3); }
    ;

share: SHARE              { $$ = parse_name(parse, $1); }
    | SHARE SHARE         {
          Expr *first = parse_name(parse, $1);
          first->next = parse_name(parse, $2);
          $$ = parse_node(parse, EXPR_LIST, ' ', NULL, @$, first);
      }
    ;

dims: %empty %prec BARE   { $$ = (ExprList){NULL, NULL}; }
    | parts
    ;

parts: part               { $$ = parse_expr_append((ExprList){NULL, NULL}, $1); }
    | parts NEXT part     { $$ = parse_expr_append($1, $3); }
    ;

part: WORD                { $$ = parse_leaf(parse, EXPR_WORD, $1); }
    | hole
    ;

types: WORD               { $$ = parse_expr_append((ExprList){NULL, NULL}, parse_leaf(parse, EXPR_WORD, $1)); }
    | types ',' WORD      { $$ = parse_expr_append($1, parse_leaf(parse, EXPR_WORD, $3)); }
    | types NEXT WORD     { $$ = parse_expr_append($1, parse_leaf(parse, EXPR_WORD, $3)); }
    ;

names: name NEXT name {
          $$ = parse_expr_append((ExprList){NULL, NULL}, $1);
          $$ = parse_expr_append($$, $3);
      }
    | names NEXT name     { $$ = parse_expr_append($1, $3); }
    ;

name: WORD                { $$ = parse_leaf(parse, EXPR_WORD, $1); }
    | STRING              { $$ = parse_leaf(parse, EXPR_STRING, $1); }
    ;

coords: '[' expr ']'      { $$ = parse_expr_append((ExprList){NULL, NULL}, $2); }
    | coords '[' expr ']' { $$ = parse_expr_append($1, $3); }
    ;

value: expr
    | expr UNIT           { $$ = $1; parse_unit(parse, $$, $2); }
    | STRING              { $$ = parse_leaf(parse, EXPR_STRING, $1); }
    | names               { $$ = parse_node(parse, EXPR_LIST, ',', NULL, @$, $1.first); }
    | '[' ']'             { $$ = parse_node(parse, EXPR_LIST, 0, NULL, @$, NULL); }
    | '[' values ']'      { $$ = parse_node(parse, EXPR_LIST, 0, NULL, @$, $2.first); }
    ;

values: value             { $$ = parse_expr_append((ExprList){NULL, NULL}, $1); }
    | values ',' value    { $$ = parse_expr_append($1, $3); }
    ;

sizes: %empty             { $$ = (ExprList){NULL, NULL}; }
    | some
    ;

some: size                { $$ = parse_expr_append((ExprList){NULL, NULL}, $1); }
    | some ',' size       { $$ = parse_expr_append($1, $3); }
    ;

size: expr | hole ;

hole: HOLE                { $$ = parse_leaf(parse, EXPR_HOLE, $1); }
    | HOLE bounds         { $$ = parse_node(parse, EXPR_HOLE, 0, $1.text, @$, $2.first); }
    ;

bounds: bound             { $$ = parse_expr_append((ExprList){NULL, NULL}, $1); }
    | bounds AND bound    { $$ = parse_expr_append($1, $3); }
    ;

bound: LE expr            { $$ = parse_node(parse, EXPR_BOUND, '<', NULL, @$, $2); }
    | GE expr             { $$ = parse_node(parse, EXPR_BOUND, '>', NULL, @$, $2); }
    | '%' expr EQ expr    { $2->next = $4; $$ = parse_node(parse, EXPR_BOUND, '%', NULL, @$, $2); }
    | IN SET members SET_END { $$ = parse_node(parse, EXPR_BOUND, 'i', NULL, @$, $3.first); }
    ;

members: expr             { $$ = parse_expr_append((ExprList){NULL, NULL}, $1); }
    | members ',' expr    { $$ = parse_expr_append($1, $3); }
    | members NEXT expr   { $$ = parse_expr_append($1, $3); }
    ;

args: %empty              { $$ = (ExprList){NULL, NULL}; }
    | exprs
    ;

exprs: expr               { $$ = parse_expr_append((ExprList){NULL, NULL}, $1); }
    | exprs ',' expr      { $$ = parse_expr_append($1, $3); }
    ;

expr: primary
    | '-' expr %prec SIGN { $$ = parse_node(parse, EXPR_NEGATE, '-', NULL, @$, $2); }
    | expr '+' expr       { $$ = parse_binary(parse, '+', $1, $3); }
    | expr '-' expr       { $$ = parse_binary(parse, '-', $1, $3); }
    | expr '*' expr       { $$ = parse_binary(parse, '*', $1, $3); }
    | expr '/' expr       { $$ = parse_binary(parse, '/', $1, $3); }
    | expr '%' expr       { $$ = parse_binary(parse, '%', $1, $3); }
    ;

primary: NUMBER           { $$ = parse_leaf(parse, EXPR_NUMBER, $1); }
    | WORD                { $$ = parse_leaf(parse, EXPR_WORD, $1); }
    | CALL '(' args ')'   { $$ = parse_node(parse, EXPR_CALL, 0, $1.text, @$, $3.first); }
    | '(' expr ')'        { $$ = parse_node(parse, EXPR_PAREN, 0, NULL, @$, $2); }
    ;

%%

/* A name with dots and dashes, or one that begins with a digit, stands for a key only by mistake:
 * after the value of another key that reads like the beginning of a block. */
static Item *entry(Parse *parse, Word key, bool colon, Expr *value, Span span)
{
    if (g_ascii_isdigit(key.text[0]) || strpbrk(key.text, ".+-") != NULL) {
        diag_report(parse->diag, CHECK_SYNTAX, key.span, "unexpected '%s'; expected a key or '}'", key.text);
        parse->ast->broken = true;
    }
    Item *item = parse_item(parse, ITEM_ENTRY, key, span);
    item->colon = colon;
    item->value = value;
    return item;
}

static Item *directive(Parse *parse, Word key, Expr *args, Expr *names, Span span)
{
    Item *item = parse_item(parse, ITEM_CALL, key, span);
    ItemMore *more = parse_more(parse, item);
    more->args = args;
    more->names = names;
    if (names != NULL) {
        more->name = names->text;
        more->name_span = names->span;
    }
    return item;
}

static Item *fanout(Parse *parse, Span key, Word name, Expr *size, Span span)
{
    Item *item = parse_item(parse, ITEM_ENTRY, (Word){"Fanout", key}, span);
    ItemMore *more = parse_more(parse, item);
    more->name = name.text;
    more->name_span = name.span;
    item->value = size;
    return item;
}

static Item *link_of(Parse *parse, Span key, Expr *ends, Span span)
{
    Item *item = parse_item(parse, ITEM_ENTRY, (Word){"Link", key}, span);
    item->value = ends;
    return item;
}

/* The one that there is, or a list of them. */
static Expr *listed(Parse *parse, char op, ExprList list, Span span)
{
    return list.first == list.last ? list.first : parse_node(parse, EXPR_LIST, op, NULL, span, list.first);
}

/* Only exhaustion of the parser's stack comes here; it is bounded. */
static void yyerror(const Span *span, void *scanner, Parse *parse, const char *message)
{
    (void)scanner;
    (void)message;
    parse->ast->broken = parse->stopped = true;
    diag_report(parse->diag, CHECK_NESTING, *span, "nested too deeply");
}

/* What could have stood there: a value, a key, or the few marks that could; operators, which
 * could follow any value, are not worth a word. */
static void append_expected(GString *text, const yypcontext_t *context)
{
    yysymbol_kind_t expected[YYNTOKENS];
    const char *names[YYNTOKENS];
    int n = yypcontext_expected_tokens(context, expected, YYNTOKENS), shown = 0;
    bool value = false, item = false;
    for (int i = 0; i < n; i++) {
        value |= expected[i] == YYSYMBOL_NUMBER;
        item |= expected[i] == YYSYMBOL_CONSTANT;
    }
    if (value)
        names[shown++] = "a value";
    if (item)
        names[shown++] = "a key";
    for (int i = 0; i < n; i++) {
        bool key = expected[i] == YYSYMBOL_FANOUT || expected[i] == YYSYMBOL_LEVEL || expected[i] == YYSYMBOL_ANY ||
                   expected[i] == YYSYMBOL_LINK || expected[i] == YYSYMBOL_TARGET;
        if (key || expected[i] == YYSYMBOL_NEXT || expected[i] == YYSYMBOL_OR || expected[i] == YYSYMBOL_OVER || expected[i] == YYSYMBOL_HOLE)
            continue;
        const char *name = yysymbol_name(expected[i]);
        bool mark = name[0] == '\'' && strchr("+-*/%;", name[1]) == NULL, covered = value || item;
        if (covered ? mark && strchr("({[=:'C", name[1]) == NULL && !(item && name[1] == ',') : mark || name[0] != '\'')
            names[shown++] = name;
    }
    for (int i = 0; i < shown && shown <= 4; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "; expected " : i == shown - 1 ? " or " : ", ", names[i]);
}

/* For marks that mean something else in other languages, and those of holes. */
static void append_advice(GString *text, const Parse *parse, uint32_t at)
{
    const char *begin = parse->text->text;
    if (begin[at] == '?')
        g_string_append(text, "; a hole '?' stands alone in the place of a size, a dim or a kind of map");
    else if (strchr("<>=", begin[at]) != NULL && begin[at] != '\0' && begin[at + 1] == '=')
        g_string_append(text, "; bounds stand behind a hole, joined by 'and', as in ? >= 4 and % 2 == 0");
    else if (begin[at] == '=')
        g_string_append(text, "; a key and its value are written KEY: VALUE");
    while (at > 0 && g_ascii_isspace(begin[at - 1]))
        at--;
    if (at > 0 && begin[at - 1] == '%')
        g_string_append(text, "; '%' is the remainder of a division");
}

/* "unexpected ')'; expected a number, a name ..." */
static int yyreport_syntax_error(const yypcontext_t *context, void *scanner, Parse *parse)
{
    (void)scanner;
    parse->ast->broken = true;
    if (parse->stopped)
        return 0;
    const Span *span = yypcontext_location(context);
    g_autoptr(GString) text = g_string_new("unexpected ");
    if (yypcontext_token(context) == YYSYMBOL_YYEOF)
        g_string_append(text, "end of the file");
    else
        g_string_append_printf(text, "'%.*s'", (int)MIN(span->end - span->begin, 60U),
                               parse->text->text + span->begin);
    append_expected(text, context);
    append_advice(text, parse, span->begin);
    diag_report(parse->diag, CHECK_SYNTAX, *span, "%s", text->str);
    if (span->end - span->begin == 1 && parse->text->text[span->begin] == '=')
        diag_mend(parse->diag, *span, ":");
    return 0;
}
