/* What is found out about a layer under its dataflow on its machine: whether it could be
 * evaluated, and why not; its counts and times; what it costs; what does not fit.  Whoever asks,
 * asks here. */
#ifndef DCC_RUN_ENTRY_H
#define DCC_RUN_ENTRY_H

#include <glib.h>

#include "engine/analysis.h"
#include "engine/cost.h"
#include "engine/offchip.h"
#include "frontend/diag.h"

typedef enum {
    ENTRY_EVALUATED,
    ENTRY_REFUSED, /* the dataflow cannot map the layer, or its tiles fall into too many pieces */
    ENTRY_OVERFLOW /* a count does not fit 63 bits */
} EntryStatus;

/* Names and IR are borrowed; result is meaningful only if evaluated. */
typedef struct {
    const char *dataflow; /* name, or "" */
    const Layer *layer;
    const Nest *nest;
    const Machine *machine;
    EntryStatus status;
    const char *why; /* not evaluated: one sentence; else NULL */
    Result result;
    OffchipTable offchip; /* as the gain, of a classic machine; depths 0: not filled */
    ResidencyGain gain;
    Delays delays;
    bool costed; /* a technology is known: cost is meaningful */
    Cost cost;
    int run; /* which of the dataflows that are compared, from 0 */
} ReportEntry;

/* Nothing but the names and the IR is known, and the layer is not evaluated. */
void entry_start(ReportEntry *entry, const char *dataflow, const Layer *layer, const Nest *nest,
                 const Machine *machine);

/* Evaluates a legal nest: status, why and result. */
void entry_run(ReportEntry *entry, Workspace *ws);

/* The same without any time, which stays unknown (analysis_count). */
void entry_count(ReportEntry *entry, Workspace *ws);

/* The same for a nest that is prepared in the workspace (analysis_prepare). */
void entry_time(ReportEntry *entry, Workspace *ws);

typedef void EntryEngine(ReportEntry *entry, Workspace *ws);

/* All that a report says of a legal nest: what entry_run does, and, if it is evaluated, the delays,
 * the gain and the cost. */
void entry_evaluate(ReportEntry *entry, const Technology *technology, Workspace *ws);

/* Adds what moves at every residency depth, and the gain of a larger buffer, to an entry that is
 * evaluated. */
void entry_gain(ReportEntry *entry);

/* What moves of a tensor at a residency depth; of an entry on a classic machine that is evaluated.
 */
OffchipRow entry_offchip(const ReportEntry *entry, int tensor, int depth);

/* Adds the cost to an entry that is evaluated, if there is a technology. */
void entry_cost(ReportEntry *entry, const Technology *technology);

/* Not evaluated, for a reason that is known before the engines are asked. */
void entry_refuse(ReportEntry *entry, EntryStatus status, const char *why);

/* ---- what does not fit ---- */

/* Something that is not as it should be, in numbers. */
typedef struct {
    Check check;             /* CAPACITY, BUDGET, UNKNOWN_FIGURE, OVERFLOW, LIMIT */
    const char *what, *unit; /* "L1", "area", a memory's name; "mm2"; borrowed */
    const char *tensor;      /* of a memory's share, or of what cannot be counted; else NULL */
    int level;               /* of a buffer between, 1 or more; else 0 */
    int64_t need, given;     /* CAPACITY: bytes */
    double value, budget;    /* BUDGET: in the unit */
    char missing[120];       /* UNKNOWN_FIGURE: the parts that have no figure; LIMIT: the directive
                                whose units share a tensor, or "" */
} Finding;

enum { FINDINGS_MAX = 2 * MEMORIES_MAX + LEVELS_MAX + 4 };

/* Counts that do not fit; buffers that the machine gives smaller than the layer needs, memories and
 * the shares of their tensors, as many as there is room for.  Returns their number. */
int entry_findings(const ReportEntry *entry, Finding finding[FINDINGS_MAX]);

/* Whether the layer needs more of a memory of a hierarchy than there is, or of one of its shares.
 */
bool entry_exceeds(const ReportEntry *entry, int memory);

/* The most that is within a budget: a figure may be a sum of parts in another order, and differs
 * from itself by rounding then. */
static inline double budget_most(double budget)
{
    return budget * (1 + 1e-12);
}

/* A chip above its budgets, or one with a budget for a figure that is not known; `chip` is NULL
 * where there is no technology.  0: no budget. */
int chip_findings(const ChipCost *chip, double area_mm2, double power_mw,
                  Finding finding[FINDINGS_MAX]);

/* One sentence; `layer` is its name. */
void finding_text(const Finding *finding, const char *layer, GString *out);

/* Reports it at a place of the text. */
void finding_report(const Finding *finding, const char *layer, Span span, Diag *diag);

#endif
