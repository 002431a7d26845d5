/* Why a layer takes the time and the energy that it does, and what would help.
 *
 * Time goes from the ideal, all PEs busy with nothing to wait for, to the layer's cycles, in parts
 * that are not below 0 and add up to the cycles exactly.  Each link's part is what the layer takes
 * longer with that link as it is than with it free of any limit, the links inside it as they are
 * and those outside it free:
 *
 *     part(link l) = cycles(links l .. innermost) - cycles(links l + 1 .. innermost)
 *
 * Energy goes from the multiplications, and from moving each element of a tensor once through each
 * access that its memories count, to all that moves. */
#ifndef DCC_WHY_WHY_H
#define DCC_WHY_WHY_H

#include <glib.h>

#include "run/entry.h"

typedef enum {
    WHY_IDEAL,    /* effectual MACs over all PEs and lanes, rounded up */
    WHY_IDLE,     /* PEs that the dataflow has no use for */
    WHY_REPEATED, /* units that do the same as others */
    WHY_FOLDS,    /* units whose chunk does not exist in the last fold, or that begin later */
    WHY_EDGES,    /* pieces smaller than the largest of a step, and lanes that they do not fill */
    WHY_PORTS,    /* memories of the PEs, to their MACs */
    WHY_INGRESS,  /* a link, for what goes in: steps that take longer than their work */
    WHY_EGRESS,   /* a link, for what comes out */
    WHY_FILL,     /* a link, for data without which the work cannot go on */
    WHY_DRAIN,    /* a link, for results that must be out first */
    WHY_OFFCHIP,  /* off-chip memory, or the roots of a hierarchy */
    WHY_SETUP,
    WHY_CAUSES
} WhyCause;

/* "ideal", "idle", ... as JSON has them. */
extern const char *const why_cause_names[WHY_CAUSES];

typedef struct {
    WhyCause cause;
    int link;   /* level; -1: of none */
    int tensor; /* -1: of all together */
    int64_t cycles;
} WhyTime;

typedef enum {
    WHY_COMPUTE, /* the MACs */
    WHY_ONCE,    /* each element once */
    WHY_AGAIN,   /* elements that move more than once */
    WHY_MOVED,   /* over the interconnects */
    WHY_LEAKED,
    WHY_ENERGIES
} WhyEnergyCause;

extern const char *const why_energy_names[WHY_ENERGIES];

typedef struct {
    WhyEnergyCause cause;
    int part;   /* CostPart, or a memory of a hierarchy: see Cost.name; -1: of all memories */
    int tensor; /* -1: not of one tensor */
    double pj;
} WhyEnergy;

typedef struct {
    GArray *time; /* of WhyTime, in the order of causes, links from the inside out; not 0, save the
                     ideal */
    GArray *energy;    /* of WhyEnergy; empty: it is not known */
    bool energy_known; /* in full */
} Why;

/* Of an entry that is evaluated and, for its energy, costed with the technology (or NULL).  Free
 * with why_free. */
Why *why_new(const ReportEntry *entry, const Technology *technology, Workspace *ws);
void why_free(Why *why);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Why, why_free)

/* The part that is largest beside the ideal; NULL: there is none. */
const WhyTime *why_worst(const Why *why);

#endif
