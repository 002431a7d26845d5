/* IR to Result: the one entry to the engines.  Reads nothing else, keeps nothing. */
#ifndef DCC_ENGINE_ANALYSIS_H
#define DCC_ENGINE_ANALYSIS_H

#include "engine/result.h"
#include "engine/variants.h"

/* Working memory of an evaluation: one per thread, reused; grows only when a nest
 * has more distinct cases than any before it. */
typedef struct Workspace Workspace;

Workspace *workspace_new(void);
void workspace_free(Workspace *ws);

/* Evaluates a legal nest of the layer on the machine.  The machine's figures are
 * resolved for the layer's operator.  Never fails but by result->status. */
void analysis_run(const Layer *layer, const Nest *nest, const Machine *machine, Workspace *ws,
                  Result *result);

/* The same without any time: cycles and all that rests on them, active_pes and bandwidths are
 * unknown, -1 or NaN.  Takes
 * much less, however the tiles divide.  What was prepared in the workspace is lost. */
void analysis_count(const Layer *layer, const Nest *nest, const Machine *machine, Workspace *ws,
                    Result *result);

/* After analysis_run or analysis_time gave RESULT_OK: what the steps of level 0 took there. */
void analysis_delays(Workspace *ws, Delays *delays);

/* The same in two parts, for many machines of one nest: what does not depend on the machine, kept
 * in the workspace until the next evaluation there; then the Result for a machine. */
ResultStatus analysis_prepare(const Layer *layer, const Nest *nest, Workspace *ws);
void analysis_time(const Machine *machine, Workspace *ws, Result *result);

/* As analysis_time, but for what the times consist of: causes, bound_by, what the links were the
 * cause of, active_pes and bandwidths are unknown, -1 or NaN. */
void analysis_cycles(const Machine *machine, Workspace *ws, Result *result);

/* After analysis_time, analysis_cycles or analysis_run gave RESULT_OK there: the Result for the
 * same machine with other capacities of L1 and L2. */
void analysis_capacity(const Machine *machine, Workspace *ws, Result *result);

/* After analysis_prepare: cycles[i], the layer's time on the machine with the i-th of n bandwidths
 * and latencies; -1 where the time, or the nest, cannot be had. */
void analysis_variants(const Machine *machine, const Variants *variants, int n, Workspace *ws,
                       int64_t *cycles);

#endif
