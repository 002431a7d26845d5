/* What a sweep is about: files, space, budgets, and what all of its threads may share. */
#ifndef DCC_DSE_STUDY_H
#define DCC_DSE_STUDY_H

#include <signal.h>

#include "dse/pareto.h"
#include "dse/space.h"
#include "frontend/keys.h"
#include "map/skeleton.h"
#include "run/job.h"

/* An axis with its values as what they set, each read once. */
typedef struct {
    AxisKind kind;
    bool link;            /* bandwidth or latency of NoCs: of a machine's time alone */
    bool cost, capacity;  /* of what a hierarchy costs and what fits alone; of those, a capacity */
    int64_t n, stride;    /* values; numbers of its group from one value to the next */
    const char *constant; /* its name, else NULL */
    const Expr **expr;    /* of a constant: by value; NULL: no expression */
    HardwareSet *set;     /* of a key: by value */
    guint *choice;        /* of dataflows: by value */
} StudyAxis;

/* Figures of a kind of buffer at every capacity of an axis. */
typedef struct {
    int64_t n;
    double *bytes;
    double *read_pj, *write_pj; /* of a word */
    double *um2, *mw;           /* of one buffer */
    bool rising;                /* bytes, um2 and mw never fall */
    double least_um2, least_mw;
} Capacities;

/* Every design takes, for each layer, the dataflow that costs least on it. */
typedef struct {
    Objective objective; /* RUNTIME, ENERGY or EDP */
    Sizes sizes;
    int spatial;    /* where all is open, as in map/open.h */
    double seconds; /* of the searches of a design; 0: without end */
    bool open;      /* all is; else what dataflows leave open */
    bool best;      /* only the best design of the objective is wanted */
} StudyMap;

typedef struct {
    ProgramRequest request; /* borrowed; the swept keys are not in it */
    Diag *diag;             /* borrowed: how warnings are steered, and what is wrong with values */
    Program *program;       /* owned: the files as they are, read once for all threads */
    int n_sources;          /* texts that it was read from */
    Space *space;           /* owned */
    bool exact;             /* L1 and L2 are what the layers require */
    bool prune;
    const StudyMap *map;               /* borrowed; NULL: dataflows are given */
    GStringChunk *texts;               /* of what is found */
    const volatile sig_atomic_t *stop; /* borrowed, or NULL; not 0: what is computed is not wanted
                                          any more, and may be cut short */
    double budget_um2, budget_mw;      /* INFINITY: none */
    double most_um2, most_mw;          /* what is within them */
    ObjectiveSet front;                /* over which the front is */
    bool swept1, swept2;
    Capacities l1, l2; /* n == 0 if not swept */
    guint n_axes;
    StudyAxis *axis;      /* as the space's */
    const StudyAxis *pes; /* the axis of that name, or NULL */
    bool layers_vary;     /* a swept constant stands where layers or operators may use it */
    int64_t least_lanes;
    Technology technology;
    char *network, *hardware;
} Study;

/* Reads the files once and checks every value of every axis; several files with dataflows are an
 * axis too.  Takes the space.  The request's texts and `diag` with its arena must outlive the
 * study.  NULL after reporting to diag, or with *error set. */
Study *study_new(const ProgramRequest *request, Space *space, bool exact, Diag *diag,
                 GError **error);

/* The same of a space whose designs have their dataflows searched for; no file need have one. */
Study *study_new_mapped(const ProgramRequest *request, Space *space, const StudyMap *map,
                        Diag *diag, GError **error);
void study_free(Study *study);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Study, study_free)

/* Asked in every loop whose length the input decides, so that a stop takes effect at once. */
static inline bool study_stopped(const Study *study)
{
    return study->stop && *study->stop;
}

/* The value of an axis at a number of its group: of a nest, or of a machine of a nest. */
static inline int64_t study_value(const StudyAxis *axis, int64_t number)
{
    return number / axis->stride % axis->n;
}

/* Of a nest: the choice of dataflows, and the PEs. */
guint study_choice(const Study *study, int64_t nest);
int64_t study_pes(const Study *study, int64_t nest);

/* Whether the machine has a hierarchy of memories, in which fan-outs stand for the PEs. */
static inline bool study_has_hierarchy(const Study *study)
{
    return study->program->machine.n_memories > 0;
}

/* Sets the keys of one kind of axis at a number of its group. */
void study_set_axes(const Study *study, AxisKind kind, int64_t number, Hardware *hardware);

/* A machine of the nest, of many the first that can be had; false: none of those tried.  Nothing is
 * reported. */
bool study_machine(const Study *study, const Program *program, int64_t nest, const Operator *op,
                   const Item *dataflow, Machine *machine);

/* What is wrong with a nest, as dcc says it; nothing if it is legal. */
void study_explain(const Study *study, int64_t nest, FILE *out);

/* Points that have this nest. */
int64_t study_nest_points(const Study *study);

/* What no design of a box is below. */
typedef struct {
    double um2, mw;
} Least;

/* Of a nest; nothing where there is no budget, or on a hierarchy, whose parts are the machine's. */
Least study_nest_least(const Study *study, int64_t nest);

/* INFINITY: none. */
void study_set_budgets(Study *study, double um2, double mw);

/* True if no design that is not below it can be within the budgets. */
bool study_over(const Study *study, Least least);

/* The first error of a point, or of a nest on a machine that can be had, as dcc says it; NULL if
 * there is none, to be freed. */
char *study_reason(const Study *study, int64_t point);
char *study_nest_reason(const Study *study, int64_t nest);

/* The first nest that is not legal, of as many as are looked at in a tenth of a second; -1: none of
 * them. */
int64_t study_first_illegal(const Study *study);

/* A design's figures at a capacity; `at` is an index of c. */
void capacities_figure(Capacities *c, int64_t at, const MemoryKind *memory, double bytes);

#endif
