/* IR to Result: the one entry to the engines.  Reads nothing else, keeps nothing. */
#ifndef DCC_ENGINE_ANALYSIS_H
#define DCC_ENGINE_ANALYSIS_H

#include "engine/result.h"

/* Working memory of an evaluation: one per thread, reused; grows only when a nest
 * has more distinct cases than any before it. */
typedef struct Workspace Workspace;

Workspace *workspace_new(void);
void workspace_free(Workspace *ws);

/* Evaluates a legal nest of the layer on the machine.  The machine's figures are
 * resolved for the layer's operator.  Never fails but by result->status. */
void analysis_run(const Layer *layer, const Nest *nest, const Machine *machine, Workspace *ws, Result *result);

#endif
