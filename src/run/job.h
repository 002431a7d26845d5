/* What the engines are given: a layer with the nest that its dataflow lowers to and the machine
 * resolved for its operator. */
#ifndef DCC_RUN_JOB_H
#define DCC_RUN_JOB_H

#include "ir/template.h"
#include "run/program.h"

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
    const char *dataflow; /* its name, or "" */
    bool open;            /* the dataflow has holes: it is not legal, see job_template */
    bool legal;           /* false: reported, nest is not to be used */
    const char *why;      /* not legal: the first message that says so; or NULL */
    Span span;            /* the layer's name in the model file, for messages */
} Job;

/* Lowers a layer of the program under a choice of dataflows, by numbers; false after reporting that
 * the layer itself cannot be read. */
bool job_lower(const Program *program, guint layer, guint choice, Job *job);

/* The nest as its text has it: what is auto is not placed.  False if nothing is, or it cannot be
 * lowered, of which nothing is reported. */
bool job_unplaced(const Program *program, guint layer, guint choice, Nest *nest);

/* A box of a layer's output, by the extents of its layer's dims. */
typedef struct {
    const int64_t *extent;
    unsigned number; /* another for every box of the run, from 0 */
} JobBox;

/* The same of a box: a layer of its own. */
bool job_lower_box(const Program *program, guint layer, guint choice, const JobBox *box, Job *job);

/* The same, but of a dataflow with holes there is what it leaves open, and no report that it does;
 * of one without holes, the job's nest.  False after reporting that there is no template; *job then
 * has what could be read: layer.name is NULL if the layer could not. */
bool job_template(const Program *program, guint layer, guint choice, Job *job, Template *out);

/* The layer and its machine alone, whatever its dataflow; false after reporting what is wrong.
 * *job then has what could be read: layer.name is NULL if the layer could not. */
bool job_open(const Program *program, guint layer, Job *job);

/* Resolves hardware for an operator under a dataflow (or NULL), which may have a hierarchy of the
 * classic shape in the classic form; false after reporting. */
bool job_machine(const Program *program, const Hardware *hardware, const Operator *op,
                 const Item *dataflow, Machine *machine);

/* What is known of a layer before it is lowered: its name, its operator, -1 for its numbers, and
 * how many levels its dataflow has (0: it has none).  Of an operator that does not exist there is
 * the name alone.  Nothing is reported. */
void job_outline(const Program *program, guint layer, guint choice, Layer *outline, int *levels);

/* The machine for the layer's operator, before the layer is lowered; false if it cannot be had. */
bool job_outline_machine(const Program *program, guint layer, guint choice, Machine *machine);

/* The dataflow that a layer takes under a choice; false after reporting that there is none. */
bool job_dataflow(const Program *program, guint layer, const LayerInfo *info, guint choice,
                  Place *dataflow);

/* All layers that can be read, in order; owned by the caller. */
GArray *jobs_new(const Program *program, guint choice);

#endif
