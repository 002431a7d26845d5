/* The tree of a file, as written: items with keys, values, arguments and bodies.
 * The grammar knows shapes, not meanings: which key may stand where is check's. */
#ifndef DCC_FRONTEND_AST_H
#define DCC_FRONTEND_AST_H

#include <stdbool.h>

#include "frontend/arena.h"
#include "frontend/diag.h"
#include "frontend/source.h"

typedef enum {
    EXPR_NUMBER, /* text: as written, "0.5" or "1e3" */
    EXPR_WORD,   /* text: a constant, a dim, yes, a name */
    EXPR_STRING, /* text: without its quotes */
    EXPR_CALL,   /* text: the function; args */
    EXPR_NEGATE, /* args: one */
    EXPR_BINARY, /* op: + - * / %; args: two */
    EXPR_PAREN,  /* args: one */
    EXPR_LIST,   /* [a, b, ...]: args; names without brackets: op is ',', between
                    splits '|', between a dim and its parts ' ' */
    EXPR_HOLE,   /* text: "?"; args: its bounds */
    EXPR_BOUND   /* op: < at most, > at least, % divided by the first leaves the second, i one of;
                    args */
} ExprKind;

/* "GB/s" */
typedef struct {
    const char *text;
    Span span;
} ExprUnit;

/* A model has a million of these and of items: what few of them have stands outside. */
typedef struct Expr Expr;
struct Expr {
    unsigned char kind; /* ExprKind */
    char op;
    short depth; /* 1 + the deepest argument's; bounded by the parser */
    Span span;
    const char *text;     /* canonical: Y’ is Y'; one copy in a file */
    const ExprUnit *unit; /* of the value as a whole, or NULL */
    Expr *args;           /* linked by next */
    Expr *next;           /* among its siblings */
};

typedef enum {
    ITEM_ENTRY, /* Key: value, Key value, Key name { ... }, Output D[I][J], Fanout PE 16 { ... } */
    ITEM_CALL,  /* TemporalMap(1,1) K, Cluster(8, P), Buffer(GLB) Input, Output, Level,
                   ?(8,8) K, Any over K, C (value: the word over or ordered) */
    ITEM_CONSTANT /* Constant name = value */
} ItemKind;

/* What only directives, tensors, constants and dataflows for types have. */
typedef struct {
    Expr *args;       /* ITEM_CALL: the arguments; tensors: the coordinates */
    const char *name; /* ITEM_CALL: the dim, or NULL; ITEM_CONSTANT, a Fanout with its size as
                         value: the name; a second layer of one name: NAME#2 */
    Span name_span;
    Expr *types; /* the words after `for` */
    Expr *names; /* ITEM_CALL: the words after it, `name` the first of them */
} ItemMore;

typedef struct Item Item;
struct Item {
    unsigned kind : 2;  /* ItemKind */
    unsigned colon : 1; /* written after the key */
    unsigned has_body : 1;
    unsigned broken : 1;     /* something inside was skipped after a syntax error */
    unsigned key_bytes : 16; /* as written, at the beginning of the span */
    Span span;               /* all of it */
    const char *key;         /* one copy in a file */
    Expr *value;             /* value, or name of a block or tensor, or NULL */
    ItemMore *more;          /* or NULL: see ast_more */
    Item *body;              /* linked by next */
    Item *next;
};

typedef struct {
    Span span; /* with its comment marks, without the newline */
} Comment;

typedef struct {
    int source;
    bool broken;       /* there were syntax errors */
    Item *items;       /* top level, linked by next */
    Comment *comments; /* in the order of the text */
    size_t n_comments;
} Ast;

/* Parses a text.  What is wrong goes to `diag`; what could be read is in the tree,
 * which is never NULL and lives in the arena. */
Ast *ast_parse(const Sources *sources, int source, Arena *arena, Diag *diag);

/* Gives a layer whose name another one of its network bears a name of its own, NAME#2. */
void ast_number_layers(Ast *ast, Arena *arena);

/* First item of that key among siblings, or NULL. */
const Item *ast_find(const Item *items, const char *key);

/* What the item has of it; never NULL. */
const ItemMore *ast_more(const Item *item);
const Expr *ast_args(const Item *item);
const Expr *ast_types(const Item *item);
const Expr *ast_names(const Item *item);

/* The item without its body; its key. */
Span ast_head(const Item *item);
Span ast_key_span(const Item *item);

/* A Fanout of a Hierarchy: it has a name, and its size as value. */
bool ast_is_sized(const Item *item);

/* The text of a value's unit, or NULL. */
const char *ast_unit(const Expr *expr);

/* The name that a block or a tensor bears, or "" (a word, a string or a number); of a layer, that
 * of ast_number_layers. */
const char *ast_name(const Item *item);

/* The tree in canonical form, comments kept; printing what is parsed from it gives the same
 * text.  To be freed. */
char *format_ast(const Ast *ast, const Sources *sources);

#endif
