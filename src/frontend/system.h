/* Blocks of several cores: System, with cores, links and off-chip memory; Allocate, which cores a
 * layer may run on; Split, into how many nodes it is cut. */
#ifndef DCC_FRONTEND_SYSTEM_H
#define DCC_FRONTEND_SYSTEM_H

#include "frontend/edges.h"
#include "frontend/hardware.h"
#include "frontend/lower.h"

typedef struct {
    const char *name, *accelerator, *dataflow; /* of files, or of a Dataflow in the model */
    Span span, accelerator_span, dataflow_span;
} SystemCore;

typedef struct {
    const char *name;
    Span span;
    int n_ends;
    const int *end; /* cores; the number of cores is off-chip memory */
    bool one_way;   /* of a mesh: from the first to the second */
    Rate bandwidth; /* never of elements */
    Rational pj_per_bit;
} SystemLink;

typedef struct {
    const char *name;
    Span span, clock_span;
    Rational clock_hz; /* num 0: not given */
    GArray *cores;     /* of SystemCore */
    GArray *links;     /* of SystemLink */
    Rate bandwidth;    /* off-chip; never of elements */
    Rational read_pj, write_pj;
    int64_t width_bits;
} System;

/* Reads a System block; false after reporting what is wrong.  To be cleared in either case. */
bool system_read(const Trees *program, const ProgramFile *file, const Item *block, System *system);
void system_clear(System *system);

/* What a layer gets: cores that it may run on, and the splits that it may have, each of them cuts
 * of its output; in the order written. */
typedef struct {
    int dim;
    int64_t parts;
} ShareCut;

typedef struct {
    GArray *cores;     /* of int; NULL: nothing is said of it */
    GPtrArray *splits; /* of GArray of ShareCut, no two of which come to the same; or NULL */
    Span span;         /* where the cores are said */
} Share;

/* Reads all Allocate and Split blocks of the files (source >= 0: of that one) for the layers of a
 * network, with LayerInfo by place; false after reporting.  GArray of Share, to be freed with
 * shares_free. */
bool shares_read(const Trees *program, int source, const Edges *edges, const LayerInfo *layer,
                 const System *system, GArray **shares);
void shares_free(GArray *shares);

#endif
