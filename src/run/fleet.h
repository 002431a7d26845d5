/* All that a run on several cores is read from: a network with its edges, a System, what Allocate
 * and Split say, and for every core a program of the same network with that core's accelerator and
 * dataflow. */
#ifndef DCC_RUN_FLEET_H
#define DCC_RUN_FLEET_H

#include "frontend/system.h"
#include "run/program.h"

typedef struct {
    const char *model, *system; /* files; system NULL: it is in the model's */
    const char *replay; /* a file whose Allocate and Split hold instead of theirs; or NULL */
} FleetRequest;

/* Cores of the same accelerator and dataflow are one kind. */
typedef struct {
    Program *program;       /* owned */
    Diag *diag;             /* its own; owned: what is found out later stays there */
    ProgramRequest request; /* what it was read by, without files */
    bool maps;              /* Dataflow: map, the mapper's best */
    int core;               /* the first of the kind */
} FleetKind;

typedef struct {
    Trees *trees; /* owned: of the model and the system */
    const char *network;
    const ProgramFile *file; /* of the network */
    Edges *edges;
    LayerInfo *layer; /* by place in edges->layers */
    int n_layers;
    System system;
    GArray *shares;  /* of Share, by layer */
    GArray *kinds;   /* of FleetKind */
    int *kind;       /* by core */
    double clock_hz; /* of all cores */
} Fleet;

/* Reads all files.  What is wrong in texts is reported to `diag`, and the fleet is NULL; files and
 * options set *error.  To be freed. */
Fleet *fleet_read(const FleetRequest *request, Diag *diag, GError **error);
void fleet_free(Fleet *fleet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fleet, fleet_free)

static inline const SystemCore *fleet_core(const Fleet *fleet, int core)
{
    return &g_array_index(fleet->system.cores, SystemCore, (guint) core);
}

static inline const FleetKind *fleet_kind(const Fleet *fleet, int core)
{
    return &g_array_index(fleet->kinds, FleetKind, (guint) fleet->kind[core]);
}

#endif
