/* What a command line's files come to: the layers of a network, each with the
 * nest that its dataflow lowers to and the machine resolved for its operator. */
#ifndef DCC_FRONTEND_PLAN_H
#define DCC_FRONTEND_PLAN_H

#include <glib.h>

#include "frontend/diag.h"
#include "frontend/hardware.h"
#include "ir/layer.h"
#include "ir/machine.h"
#include "ir/nest.h"
#include "ir/technology.h"

typedef struct {
    Layer layer;
    Nest nest;
    Machine machine;
    const char *dataflow; /* its name, or "" */
    bool legal;           /* false: reported, nest is not to be used */
    Span span;            /* the layer's name in the model file, for messages */
} Job;

typedef struct {
    const char *network, *hardware,
        *dataflow;       /* names; dataflow "" if the layers bring their own */
    GArray *jobs;        /* of Job, in the file's order */
    Hardware machine;    /* as described, before it is resolved for an operator */
    bool has_technology; /* energy and area are known */
    Technology technology;
    Trees *program; /* owned: the trees of all files */
} Plan;

/* Roles of the command line's files and what overrides them. */
typedef struct {
    const char **files;     /* dataflow and network files, NULL-terminated, as typed */
    const char *model;      /* or NULL */
    const char *hardware;   /* or NULL: an error unless a file given holds an Accelerator */
    const char **defines;   /* -D NAME=EXPR, NULL-terminated, or NULL */
    const char **sets;      /* --set KEY=VALUE, NULL-terminated, or NULL */
    const char **layers;    /* --layer globs, NULL-terminated, or NULL for all */
    const char *only;       /* or NULL: the one of `files` whose dataflows are used */
    const char *technology; /* name, or NULL: the one that the hardware names */
    double node_nm;         /* bring its figures to this node; 0: leave them */
} PlanRequest;

/* Whether the file holds a Dataflow of its own, outside layers; false, too, if it cannot be read.
 */
bool plan_has_dataflow(const char *file, const Diag *diag);

/* Reads, checks and lowers.  What is wrong in the text goes to `diag` (all of it); what
 * is wrong with files or options sets *error and returns NULL.  All names live in the
 * arena of `diag`'s run.  Free with plan_free. */
Plan *plan_new(const PlanRequest *request, Diag *diag, GError **error);
void plan_free(Plan *plan);

#endif
