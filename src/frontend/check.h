/* The checks over the trees, before any layer is looked at: a table of functions, run in
 * order.  Checks that need a layer's numbers are in legal.h. */
#ifndef DCC_FRONTEND_CHECK_H
#define DCC_FRONTEND_CHECK_H

#include "frontend/ast.h"
#include "frontend/expr.h"
#include "frontend/operators.h"

/* One file of the run. */
typedef struct {
    Ast *ast;
    Constants *constants;
} ProgramFile;

/* All files of a run, and the operators: built in and the files' own. */
typedef struct {
    const Sources *sources;
    Arena *arena;
    Diag *diag;
    GArray *files; /* of ProgramFile */
    Operators *operators;
} Trees;

/* Borrows texts, arena and diag. */
Trees *trees_new(const Sources *sources, Arena *arena, Diag *diag);
void trees_free(Trees *trees);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trees, trees_free)

/* Parses a text and adds it. */
void trees_add(Trees *trees, int source);

/* Adds the operators of all files, once constants are overridden. */
void trees_operators(Trees *trees);

/* The same trees with constants to override, for a thread of its own; operators are to be added. */
Trees *trees_copy(const Trees *other, const Sources *sources, Arena *arena, Diag *diag);

/* Runs every check of the table over all files. */
void check_run(const Trees *program);

#endif
