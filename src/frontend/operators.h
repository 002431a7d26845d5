/* Operators by name: the built-in ones and those of the files, both from text. */
#ifndef DCC_FRONTEND_OPERATORS_H
#define DCC_FRONTEND_OPERATORS_H

#include "frontend/ast.h"
#include "frontend/expr.h"
#include "ir/operator.h"

/* Y = stride * Y' + dilation * R: a name for a coordinate of two dims, which layers may
 * give instead of Y', and dataflows may map. */
typedef struct {
    const char *name; /* Y: its stride, dilation and padding go by this name too */
    int out, window;  /* Y', R: iteration dims */
    bool upscaled;    /* a transposed convolution: stride spreads the input instead */
} Derived;

/* An operator and what a layer must know to be made of it. */
typedef struct {
    Operator op; /* coefficients 1 where a derived dim stands */
    Span span;   /* its name; SPAN_NONE if built in */
    int n_derived;
    Derived derived[DIMS_MAX];
    int8_t coord_derived[TENSORS_MAX][COORDS_MAX]; /* derived dim of a coordinate, or -1 */
    const Expr *default_extent[DIMS_MAX];          /* or NULL: a layer must give it if it is used */
    bool usable;                                   /* false: it was reported */
    Constants *constants;                          /* what the defaults may use; NULL if built in */
    int n_parameters; /* further names in Dimensions, for the defaults' use */
    const char *parameter[DIMS_MAX];
} OperatorInfo;

typedef struct Operators Operators;

/* The built-in operators, which all share: each is read when it is first asked for.  Those of files
 * live in the arena. */
Operators *operators_new(Arena *arena, Diag *diag);

/* Frees what is not in the arena. */
void operators_clear(Operators *operators);

/* Adds the file's Operator blocks, after checking them. */
void operators_add(Operators *operators, const Ast *ast, Constants *constants);

/* NULL if there is none of that name. */
const OperatorInfo *operators_find(const Operators *operators, const char *type);

/* Names of all operators, all roles and names of tensors, and all dims, derived ones too (one may
 * stand twice); borrowed. */
GPtrArray *operators_types(const Operators *operators);
GPtrArray *operators_tensors(const Operators *operators);
GPtrArray *operators_dims(const Operators *operators);

/* True if some operator has a tensor of this name, or it is a role. */
bool operators_has_tensor(const Operators *operators, const char *name);

/* Index of the operator's tensor of that name or role; -1 if none.  *by_name tells which. */
int operator_tensor(const Operator *op, const char *name, bool *by_name);

/* True if the tensor goes by that name or role. */
bool operator_tensor_is(const Operator *op, int tensor, const char *name);

/* Index of an iteration dim, of a derived dim; -1 if none. */
int operator_dim(const Operator *op, const char *name);
int operator_derived(const OperatorInfo *info, const char *name);
int operator_parameter(const OperatorInfo *info, const char *name);

/* Index of the derived dim whose window the dim is, -1 if none. */
int operator_window(const OperatorInfo *info, int dim);

/* A note to the report of a dim that the operator does not have, for those that often are meant
 * otherwise. */
void operator_dim_note(const OperatorInfo *info, Diag *diag);

/* What to say after the name of a dim (derived ones and parameters included) or of a tensor that
 * the operator does not have; see diag_hint. */
const char *operator_dim_hint(const OperatorInfo *info, const char *name, Diag *diag);
const char *operator_tensor_hint(const Operator *op, const char *name, Diag *diag);

enum { BUILTIN_OPERATORS = 14 };

/* A built-in operator, in the language itself. */
typedef struct {
    const char *type, *text;
} BuiltinOperator;

extern const BuiltinOperator operators_builtin[BUILTIN_OPERATORS];

#endif
