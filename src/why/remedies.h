/* What would help a layer: changes of its machine and other dataflows, each evaluated. */
#ifndef DCC_WHY_REMEDIES_H
#define DCC_WHY_REMEDIES_H

#include "run/job.h"
#include "why/why.h"

typedef enum {
    REMEDY_BANDWIDTH, /* twice, of a link or a fan-out */
    REMEDY_PORT,      /* twice the bandwidth of a memory of a hierarchy */
    REMEDY_OFFCHIP,   /* twice the off-chip bandwidth of a classic machine */
    REMEDY_LATENCY,   /* half, of a link, a fan-out or a memory */
    REMEDY_CAPACITY,  /* twice, of a buffer or a memory */
    REMEDY_UNITS,     /* twice the PEs, or the units of a fan-out */
    REMEDY_PREFETCH,  /* double buffers: a link moves the next data while the work goes on */
    REMEDY_DATAFLOW,  /* the best other shipped one */
    REMEDY_MAPPED,    /* the best that a short search finds */
    REMEDIES
} RemedyKind;

/* "bandwidth", ... as JSON has them. */
extern const char *const remedy_names[REMEDIES];

typedef struct {
    RemedyKind kind;
    char *what;      /* "NoC 0", "L2", a memory's, a fan-out's or a dataflow's name; owned */
    double from, to; /* what is changed; NAN: not a number */
    const char *unit;
    bool fits; /* false: a buffer is too small that was not before, and the rest unknown */
    int64_t cycles;
    double pj;  /* NAN: not known in full */
    double edp; /* J s; NAN */
    char *own;  /* of a dataflow: constants of it that the run gives another value; owned; NULL */
    char *dataflow; /* of a mapping that is found, its text; owned; else NULL */
} Remedy;

/* How long the search for a mapping may take, in seconds and, the same on every machine, in bounds
 * that are looked at; 0: without end, both: there is none. */
typedef struct {
    double seconds;
    int64_t moves;
} AdviserSearch;

/* What remedies are sought with: the program as it was read, and the shipped dataflows. */
typedef struct Adviser Adviser;

/* Borrows both; without a program (NULL) neither more units nor shipped dataflows are tried.
 */
Adviser *adviser_new(const Program *program, const ProgramRequest *request, AdviserSearch search);
void adviser_free(Adviser *adviser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Adviser, adviser_free)

/* Of Remedy, what gains most cycles first, then energy; those that cannot be evaluated are left
 * out.  `entry` is of this layer of the program, with its first choice of dataflows, evaluated and,
 * if the energy is known, costed with the technology (or NULL).  Owned by the caller. */
GArray *adviser_remedies(Adviser *adviser, guint layer, const ReportEntry *entry,
                         const Technology *technology);

#endif
