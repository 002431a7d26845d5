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
    GArray *kept;              /* of dcc_message: the messages one by one, their texts owned */
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
    GArray *jobs;    /* of Job */
    GPtrArray *open; /* of Template: what each leaves open; NULL: nothing */
};

/* What keys have been set in: the hardware, and the machine that it comes to without any other
 * setter.  Copies of a job share it, by a reference each, and nobody changes it. */
typedef struct {
    Hardware hardware;
    Machine machine;
} LibHardware;

struct dcc_job {
    dcc_plan *plan;               /* holds a reference: names live there */
    LibHardware *hardware;        /* holds a reference; NULL: it is the plan's */
    const Technology *technology; /* NULL: energies are not known */
    const char *dataflow;
    Layer layer;
    const Template *open; /* the plan's: the nest is for a search to find; NULL: it is there */
    const Nest *nest;     /* these two are its own, and always go together: see Change */
    const Machine *machine;
    struct {
        Nest nest;
        Machine machine;
    } own;
    bool too_large; /* the layer is beyond what the engines take */
    bool rootless;  /* the memories do not hold what roots have to */
    bool cut;       /* on a hierarchy: the last level has ended, and a map begins another */
};

struct dcc_result {
    ReportEntry entry; /* its layer, nest and machine are the job's; NULL: nothing is known */
};

static const int64_t LIB_COUNT_MAX = INT32_MAX; /* as in the input files */

dcc_plan *plan_hold(dcc_plan *plan);

/* All that is kept in diag, as text, then the error that ended it, if there is one; owned by the
 * caller. */
char *messages_new(Diag *diag, const GError *error);

/* The messages of a context, none at first, and their end. */
void context_open(dcc_context *context);
void context_clear(dcc_context *context);

/* The messages are those of diag, then the error that ended it, if there is one. */
void context_tell(dcc_context *context, Diag *diag, const GError *error);

/* There is one message, an error without a place; NULL: none. */
void context_say(dcc_context *context, const char *sentence);

/* Nest and machine, to be changed.  The end of the change brings them together: on a hierarchy the
 * levels get their links and ports, else level 0 gets as many children as the PEs make.  There is
 * no other way to either:
 *
 *     g_auto(Change) change = job_change(job);
 *     change.nest->level[0].n_maps = 0;
 */
typedef struct {
    dcc_job *job;
    Nest *nest;
    Machine *machine;
} Change;

Change job_change(dcc_job *job);
void job_changed(Change *change);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, job_changed)

/* *to becomes *from, which holds what it refers to. */
void job_copy(dcc_job *to, const dcc_job *from);

bool job_is_hierarchy(const dcc_job *job);

/* Notes whether the last level of the nest, as it is, has ended. */
void job_ended(dcc_job *job);

/* Makes the nest one level without maps. */
void nest_empty(dcc_job *job);

/* What the job's machine is described by. */
const Hardware *job_hardware(dcc_job *job);

/* Gives the job a machine of this description, but for what other setters have set.  DCC_OK, or
 * DCC_BAD_ARGUMENT, with nothing changed and *why (may be NULL) the reason, the caller's own. */
int job_describe(dcc_job *job, const Hardware *hardware, char **why);

/* Another reference to what may be NULL; an end of one. */
LibHardware *hardware_hold(LibHardware *hardware);
void hardware_drop(LibHardware *hardware);

#endif
