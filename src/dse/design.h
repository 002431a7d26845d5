/* From numbers of the space to planes of designs, by the engines. */
#ifndef DCC_DSE_DESIGN_H
#define DCC_DSE_DESIGN_H

#include "dse/plane.h"
#include "dse/study.h"

/* One per thread: the nest it works on, and memory for a plane. */
typedef struct Designer Designer;

Designer *designer_new(const Study *study);
void designer_free(Designer *designer);

/* Turns to the machines from .. to - 1 of a nest.  False if a layer cannot be mapped, or too large
 * a count shows at once. */
bool designer_nest(Designer *designer, int64_t nest, int64_t from, int64_t to);

typedef enum {
    DESIGN_PLANE, /* the plane is there; good until the next call */
    DESIGN_OVER,  /* no design of it can be within the budgets */
    DESIGN_NONE /* a layer cannot be evaluated: a count does not fit 63 bits, or is beyond reach */
} DesignStatus;

/* The plane of one of those machines.  If `bound` is false it is worked out even where it is
 * over; it is to be the same for all machines of a turn. */
DesignStatus designer_plane(Designer *designer, int64_t machine, bool bound, const Plane **plane);

/* After that said DESIGN_OVER: the bound that is. */
Least designer_least(const Designer *designer, int64_t machine);

#endif
