/* The layers of a network, each with the dataflow that is found for it.
 *
 * Layers of one shape, with the same dataflows to begin from, are searched once.  What is tried
 * first: the dataflow that is given, those of `from`, and all shipped ones that can map the layer,
 * as `--list dataflows` has them.  Where a dataflow with holes says what is open, the shipped ones
 * are no answers, since what is written is fixed, but are compared with all the same.
 *
 * For energy and for time the network's bound is the sum of the layers'.  For the energy-delay
 * product of the network, (sum of energies) * (sum of times), it is
 *
 *     (sum over layers of count * sqrt(bound of the layer's product))^2
 *
 * which by Cauchy and Schwarz no choice of mappings is below: so each layer may be searched for its
 * own least product, and the gap says what that may cost at most. */
#ifndef DCC_MAP_NETWORK_H
#define DCC_MAP_NETWORK_H

#include <signal.h>

#include "map/measure.h"
#include "map/search.h"
#include "run/extrapolation.h"
#include "run/program.h"

/* What a search has come to when it is asked. */
typedef struct {
    const char *layer;
    guint search, searches; /* which of how many, from 1 */
    double best, gap;       /* NAN: nothing so far, not known yet */
    double rate;            /* bounds a second, about */
    double seconds, left;   /* since the begin of the run; of --time, NAN if it has no end */
} NetworkState;

/* Called by any thread, by one at a time. */
typedef void NetworkProgress(const NetworkState *state, void *data);

typedef struct {
    Objective objective;    /* OBJECTIVES: edp where the energy is known, else runtime */
    const Measure *measure; /* or NULL: a metric that is to be least instead */
    bool front; /* all mappings of which no other has both less energy and less time; the best is
                   the one of the least product */
    int top;    /* how many of the best are kept; 0: one */
    const GArray *requirements; /* of Requirement, that a mapping must meet; or NULL */
    Sizes sizes;
    int spatial, places; /* where all is open, as in map/open.h */
    int threads;
    double gap;              /* a search may end there */
    double seconds;          /* of all searches together; 0: without end */
    int64_t moves;           /* bounds that all searches may look at, about; 0: without end */
    bool one;                /* the same dataflow for all layers of an operator */
    bool all;                /* a dataflow without holes is compared with what all others come to */
    const char *const *from; /* files, NULL-terminated; or NULL */
    const char *replay;      /* a file beside the program's, compared with likewise; or NULL */
    const volatile sig_atomic_t *stop; /* not 0: end with what there is */
    NetworkProgress *progress;         /* or NULL */
    void *data;                        /* its own */
    Ranks *ranks;                      /* whose other ranks search too; or NULL */
} NetworkOptions;

/* How a search ended. */
typedef enum {
    END_ITSELF, /* all that may be better was looked at */
    END_TIME,
    END_MOVES,
    END_STOP,
    END_NONE /* there was nothing to search for, or it was not begun */
} SearchEnd;

/* A layer with what was found; borrowed, good until the next. */
typedef struct {
    guint number; /* in the program */
    const Layer *layer;
    guint as;                /* the first layer of its shape: its own number, or an earlier one */
    const char *why;         /* nothing was found: one or more sentences; else NULL */
    const char *by;          /* "found", or the file or the dataflow that it is */
    const ReportEntry *best; /* NULL: nothing was found */
    const ReportEntry *reference; /* the dataflow given, else the best of the shipped ones that fit;
                                     NULL: none */
    bool given;                   /* the reference is */
    double value, reference_value; /* of the objective; NAN: not known */
    double bound, gap;             /* NAN: not known */
    SearchEnd end;
    bool open;           /* there was something to search for */
    bool optimal;        /* nothing in the space is better */
    SearchResult search; /* its counts */
    const GArray *found; /* of SearchFound, the best first: as many as `top`, or the front */
    double seconds;      /* that it took */
} Mapped;

typedef struct {
    double value, reference, bound, gap; /* NAN: not known */
    guint layers, missing;               /* layers without an answer are missing */
    int64_t bounds, evaluated;
    double seconds;
    bool optimal;
} NetworkTotal;

typedef struct Network Network;

/* Lowers all layers; reports what is wrong to the program's diag.  `request` is what the program
 * was read by.  NULL with *error set if a file of the options cannot be used, or if the objective
 * rests on a figure that is not given.  Borrows all of them. */
Network *network_new(const Program *program, const ProgramRequest *request,
                     const NetworkOptions *options, GError **error);
void network_free(Network *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Network, network_free)

Objective network_objective(const Network *network);

/* What has no figure of energy, where the objective is runtime for that and nothing else; or NULL.
 */
const char *network_lacking(const Network *network);

/* "all dataflows of up to 2 spatial levels, canonical sizes". */
const char *network_space(const Network *network);

/* A machine of some layer, for reports, and what costs rest on; NULL: none is known. */
const Machine *network_machine(const Network *network);
const Technology *network_technology(const Network *network);

/* The next layer, searched for if none of its shape was; NULL after the last. */
const Mapped *network_next(Network *network);

/* What is found is kept in the file, from the begin on and after each search; what an earlier run
 * of the same search has kept in `resume` is taken over.  Either may be NULL.  False with *error
 * set: a file cannot be used.  network_kept says whether all could be written. */
bool network_keep(Network *network, const ProgramRequest *request, const char *checkpoint,
                  const char *resume, GError **error);
bool network_kept(const Network *network, GError **error);

/* Another rank: works for rank 0 until the run ends. */
void network_help(Network *network);

/* Whether all ranks have read the same; false with *error set on rank 0. */
bool network_agree(const Network *network, GError **error);

/* After the last: the totals, and the chip that all layers need together. */
NetworkTotal network_total(const Network *network);
void network_finish(Network *network, ChipCost *chip);

/* best / bound - 1; NAN where it has no meaning. */
double network_gap(double value, double bound);

#endif
