/* What is behind the handles of dcc.h. */
#ifndef DCC_LIB_LIB_H
#define DCC_LIB_LIB_H

#include <glib.h>

#include "engine/analysis.h"
#include "lib/dcc.h"
#include "run/entry.h"
#include "run/job.h"

struct dcc_context {
    Workspace *workspace;
    char *messages, *findings; /* owned */
    bool prepared;             /* the workspace holds a nest for dcc_time */
    int remark;                /* the status that it was prepared with */
};

/* The front end's things of one load, which all live in its arena. */
struct dcc_plan {
    gint references; /* of the caller and of jobs */
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
    GArray *jobs; /* of Job */
};

struct dcc_job {
    dcc_plan *plan;               /* holds a reference: names live there */
    const Technology *technology; /* NULL: energies are not known */
    const char *dataflow;
    Layer layer;
    Nest nest;
    Machine machine;
    bool too_large; /* the layer is beyond what the engines take */
};

struct dcc_result {
    ReportEntry entry; /* its layer, nest and machine are the job's; NULL: nothing is known */
};

static const int64_t LIB_COUNT_MAX = INT32_MAX; /* as in the input files */

dcc_plan *plan_hold(dcc_plan *plan);

/* All that is kept in diag, as text, then the error that ended it, if there is one; owned by the
 * caller. */
char *messages_new(Diag *diag, const GError *error);

/* Children of level 0: as many as the PEs make. */
void job_count_children(dcc_job *job);

#endif
