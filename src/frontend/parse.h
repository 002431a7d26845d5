/* What the lexer and the parser share: one parse, and how its tree is built.
 * Only grammar/, parse.c and ast.c include this. */
#ifndef DCC_FRONTEND_PARSE_H
#define DCC_FRONTEND_PARSE_H

#include "frontend/ast.h"

enum {
    NESTING_MAX = 64, /* brackets open at once */
    DEPTH_MAX = 500   /* of an expression's tree */
};

/* Siblings under construction. */
typedef struct {
    Item *first, *last;
    bool broken;
} ItemList;

typedef struct {
    Expr *first, *last;
} ExprList;

/* A word with its place. */
typedef struct {
    const char *text;
    Span span;
} Word;

typedef struct {
    const Source *text;
    int source;
    Arena *arena;
    Diag *diag;
    Ast *ast;
    ItemList items;    /* top level */
    GArray *comments;  /* of Comment */
    GHashTable *texts; /* of words and numbers, each once */
    uint32_t offset;   /* of the next byte to be read */
    int last_token;    /* what a word may be depends on it */
    uint32_t last_end; /* where it ends */
    struct {
        char bracket;
        bool call; /* the parenthesis of a function or directive */
        char body; /* the brace of a Dataflow: 'D', of a Hierarchy: 'H', of a hole's sizes or
                      names: 'S', of a Layer: 'L', of a From in it: 'F', of a
                      System: 'Y', of a Link or Mesh in it: 'K', of Allocate or Split: 'A',
                      another: 0 */
        Span span;
    } open[NESTING_MAX];
    int n_open;
    char body;    /* the next brace is of such a block */
    bool any;     /* Any was read: what its maps are of may follow */
    bool from;    /* within the names behind a From, or behind a tensor in its braces */
    bool target;  /* in Allocate or Split, a layer is due, not what it gets */
    bool stopped; /* nothing more is read, and nothing more said of the shape */
} Parse;

/* Lexer: brackets as they open and close; false if that is one too deep. */
bool parse_open(Parse *parse, char bracket, Span span);
/* True if what is closed is an expression in parentheses. */
bool parse_close(Parse *parse, char bracket);
/* The next bracket to close at the end of the text, 0 if none; says what is missing. */
char parse_unclosed(Parse *parse, Span end);
/* What stands after the blanks at `offset`. */
char parse_peek(const Parse *parse);
/* True if the word that was just read, with a parenthesis behind it, is a key with its value, as in
 * "K (4)", or a constant's name, and not a function or directive. */
bool parse_value_follows(const Parse *parse, const char *word);
/* True if the word is the Fanout of a Hierarchy, which has a name and a size. */
bool parse_fanout_follows(const Parse *parse, const char *word);
/* True if the word that was just read is a layer's From, a tensor in its braces, or the Connects of
 * a Link: names follow. key: it stands where a key may. */
bool parse_from_key(Parse *parse, const char *word, bool key);
/* Within Allocate or Split; whether the word that was just read is a layer there, and not what it
 * gets; whether the next one is, behind a comma. */
bool parse_in_shares(const Parse *parse);
bool parse_is_target(Parse *parse);
bool parse_target_follows(const Parse *parse);
/* What a System and the blocks beside it need to be told of; true if a name follows the word. */
bool parse_system_word(Parse *parse, const char *word);
/* True for the Link of a System, with a name or two. */
bool parse_is_link(const Parse *parse, const char *word);
/* Such names begin, and no braces. */
void parse_from_value(Parse *parse);
/* True if it is the line `Level;` of a Dataflow, and no dim or tensor. */
bool parse_level_follows(const Parse *parse, const char *word);
/* The token that a word of holes is where it stands: Any, over and ordered behind it, and, behind a
 * '?', in and and.  0 if it is a word like others. */
int parse_hole_word(Parse *parse, const char *word);
/* True directly in the braces of a hole: ? in {8, 16}. */
bool parse_in_set(const Parse *parse);
/* A ';' ends what is left open in such braces, and they. */
void parse_end_item(Parse *parse);
bool parse_is_unit(const char *text, size_t length);
/* Reports "200Mhz", a number of so many digits with a unit that is none, or a word (0 digits) in a
 * unit's place. */
void parse_unknown_unit(Parse *parse, const char *text, size_t digits, Span span);
/* True if the word that was just read is the unit of the value before it, not the next key. */
bool parse_unit_follows(const Parse *parse, const char *text, size_t length);

/* True if it is none but stands for one: "1 Ghz", "2 kB", "3 furlongs }". */
bool parse_unit_meant(const Parse *parse, const char *text, size_t length);

/* True if the comma that was just read stands within a list of names: "Weight, Input" and then
 * neither ':' nor '{', which would make the next name a key, nor a value; the next key may follow
 * without a comma. */
bool parse_names_go_on(const Parse *parse);

/* The arena's copy of a text, one for all that are equal. */
const char *parse_text(Parse *parse, const char *text, size_t length);

Expr *parse_leaf(Parse *parse, ExprKind kind, Word word);
/* A word, a number, or a string, as it is written. */
Expr *parse_name(Parse *parse, Word word);
/* An operation, call or list over linked arguments. */
Expr *parse_node(Parse *parse, ExprKind kind, char op, const char *text, Span span, Expr *args);
Expr *parse_binary(Parse *parse, char op, Expr *a, Expr *b);
void parse_unit(Parse *parse, Expr *expr, Word unit);
ExprList parse_expr_append(ExprList list, Expr *expr);

Item *parse_item(Parse *parse, ItemKind kind, Word key, Span span);
ItemList parse_item_append(ItemList list, Item *item);
/* A place for what few items have. */
ItemMore *parse_more(Parse *parse, Item *item);
/* A body of items for an item. */
void parse_body(Item *item, ItemList body);

#endif
