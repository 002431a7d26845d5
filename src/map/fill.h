/* A mapping whose sizes are all decided, as nests: one for each order of its loops. */
#ifndef DCC_MAP_FILL_H
#define DCC_MAP_FILL_H

#include "map/bound.h"

/* The first order that the skeleton allows and whose innermost loops are of the kinds that the
 * partial mapping says; false if there is none. */
bool order_first(const BoundModel *model, const Partial *partial, Order *order);

/* The next; false after the last. */
bool order_next(const BoundModel *model, const Partial *partial, Order *order);

typedef enum {
    FILL_DONE,
    FILL_TOO_DEEP, /* more levels than a nest may have */
    FILL_OTHER     /* a cluster comes to nothing: it is another skeleton's mapping */
} FillStatus;

/* Levels that come to nothing are left out, cuts without loops between them are one. */
FillStatus fill_nest(const Layer *layer, const Machine *machine, const Partial *partial,
                     const Order *order, Nest *nest);

#endif
