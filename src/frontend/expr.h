/* Integer expressions: checked 64-bit arithmetic over constants, Sz(D) and Win(D). */
#ifndef DCC_FRONTEND_EXPR_H
#define DCC_FRONTEND_EXPR_H

#include "frontend/ast.h"
#include "ir/rational.h"

/* The constants of one file; -D has been applied. */
typedef struct Constants Constants;

/* Gathers the file's constants; names defined twice are reported. */
Constants *constants_new(const Ast *ast, Arena *arena, Diag *diag);

/* The same expressions, for other overrides. */
Constants *constants_copy(const Constants *other, Arena *arena);

/* Frees what is not in the arena. */
void constants_clear(Constants *constants);

/* Works out every constant that needs no layer, so that mistakes in it are found. */
void constants_evaluate(Constants *constants, Diag *diag);

bool constants_has(const Constants *constants, const char *name);

/* Whether its value is that for one layer, once it has been worked out. */
bool constants_asks(const Constants *constants, const char *name);

/* The constant with the nearest name, or NULL. */
const char *constants_nearest(const Constants *constants, const char *name);

/* Replaces a constant's value by an expression; false if the file has no such one. */
bool constants_override(Constants *constants, const char *name, const Expr *value);

/* The functions of expressions. */
enum { EXPR_FUNCTIONS = 5 };
extern const char *const expr_functions[EXPR_FUNCTIONS];

/* The names of the constants, in the order of the file; owned by the caller. */
GPtrArray *constants_names(const Constants *constants);

/* What a name, Sz(D) or Win(D) means while an expression is evaluated. */
typedef struct ExprScope ExprScope;
struct ExprScope {
    Constants *constants; /* or NULL */
    Diag *diag;
    const char *layer;   /* for messages, or NULL */
    unsigned generation; /* from 1; values of constants that use Sz are kept while it is the same */
    /* Sz(dim): the extent, or false after reporting what is wrong.  NULL: no Sz here. */
    bool (*size)(const ExprScope *scope, const char *dim, Span span, int64_t *extent);
    /* Win(dim): what a window of all of the dim covers, likewise. */
    bool (*window)(const ExprScope *scope, const char *dim, Span span, int64_t *extent);
    /* A word that is no constant (dims in an operator's defaults), or NULL. */
    bool (*word)(const ExprScope *scope, const char *word, int64_t *value);
    const void *data; /* the functions' own */
};

/* False after reporting what is wrong. */
bool expr_integer(const ExprScope *scope, const Expr *expr, int64_t *value);

/* As expr_integer, within [low, high]; `what` names it in the message ("extent of K"). */
bool expr_integer_in(const ExprScope *scope, const Expr *expr, const char *what, int64_t low,
                     int64_t high, int64_t *value);

/* A number, exact: 0.5 is 1/2, 4/3 is 4/3, 2e3 is 2000/1; units are not looked at. */
bool expr_rational(const ExprScope *scope, const Expr *expr, Rational *value);

#endif
