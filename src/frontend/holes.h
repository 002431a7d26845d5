/* Holes: what a dataflow leaves open, for a search to fill.
 *
 *   TemporalMap(? <= 16, ?) K;   a size           SpatialMap(1,1) ?;  a dim
 *   ?(8,8) K;                    a kind of map    Cluster(?);         a number of units
 *   Buffer(GLB) ?;               tensors          Any;                maps, any of them */
#ifndef DCC_FRONTEND_HOLES_H
#define DCC_FRONTEND_HOLES_H

#include "frontend/lower.h"
#include "ir/template.h"

/* True if the dataflow has any. */
bool holes_has(const Item *dataflow);

/* Reports the first one, in a dataflow that is to be evaluated as it is; false if there is none. */
bool holes_refuse(const Item *dataflow, Diag *diag);

/* Whether the holes of a directive stand where they may, with bounds that they can have, as far as
 * that can be told without a layer; false after reporting.  A second report of the same place is
 * none. */
bool holes_check(const Trees *program, const Item *item);

/* A number that may be open; `what` names it in messages.  False after reporting. */
bool holes_number(const ExprScope *scope, const Expr *expr, const char *what, Hole *hole);

/* The names that a hole may stand for, `? in {K, C}`; NULL: any. */
const Expr *holes_names(const Expr *hole);

/* Lowers a Dataflow block to what it leaves open, on a machine (NULL: not known); false after
 * reporting everything that is wrong.  Without holes it is the nest of lower_nest. */
bool lower_template(const Trees *program, const ProgramFile *file, const Item *dataflow,
                    const LayerInfo *info, const Machine *machine, Template *out);

#endif
