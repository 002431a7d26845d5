/* Dataflows with holes of a program, filled by a search: layer by layer what costs least of what
 * they leave open, so that the program's layers can be lowered as if nothing were. */
#ifndef DCC_MAP_FILLED_H
#define DCC_MAP_FILLED_H

#include "run/objective.h"
#include "run/program.h"

/* True if some dataflow of the program, one that a layer brings along too, has holes. */
bool filled_needed(const Program *program);

/* Fills them, each choice of dataflows by itself, with canonical sizes and as many threads as there
 * are processors; `request` is what the program was read by, the objective RUNTIME, ENERGY or EDP.
 * What is wrong goes to the program's diag; where nothing fits, lowering the layer reports it.
 * False with *error set if the objective rests on a figure that is not given. */
bool filled_search(Program *program, const ProgramRequest *request, Objective objective,
                   GError **error);

#endif
