/* A design whose layers take the dataflows that are found for it.  Layers of one shape are one
 * search; of a sum over layers, (sum of energies) * (sum of times) too, bounds are those of
 * network.h: for the product
 *
 *     (sum over layers of count * sqrt(bound of the layer's product))^2 */
#ifndef DCC_DSE_MAPDESIGN_H
#define DCC_DSE_MAPDESIGN_H

#include "dse/plane.h"
#include "dse/study.h"

typedef struct MapDesign MapDesign;

typedef enum {
    MAPDESIGN_FOUND,   /* every layer has a dataflow that fits, and the budgets are kept */
    MAPDESIGN_ENDED,   /* likewise, but a search was ended by its time */
    MAPDESIGN_BEYOND,  /* it cannot be as good as what is known */
    MAPDESIGN_LACKING, /* a layer has none, a budget is not kept, or a figure is not known */
    MAPDESIGN_STOPPED  /* the study was */
} MapDesignStatus;

/* Where searches begin: by layer of the program, the shipped dataflows on the machine as it is
 * described, where all is open; to be freed. */
GPtrArray *mapdesign_starts(const Study *study);

/* The design of a point of the space; NULL if a layer or the machine cannot be had.  Borrows the
 * starts, which may be NULL. */
MapDesign *mapdesign_new(const Study *study, const GPtrArray *starts, int64_t point);
void mapdesign_free(MapDesign *design);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MapDesign, mapdesign_free)

/* Area and power that it has whatever its dataflows: no less. */
Least mapdesign_least(const MapDesign *design);

/* What no dataflows of its layers are below, of the study's objective, without searching for them,
 * in the unit of pareto_value; 0: not known. */
double mapdesign_bound(MapDesign *design);

/* The best value so far, by any thread; INFINITY: none. */
typedef double MapDesignBest(void *data);

/* Searches all layers; after MAPDESIGN_FOUND and ENDED *point has the figures, but for its mapping.
 */
MapDesignStatus mapdesign_search(MapDesign *design, MapDesignBest *best, void *data, Point *point);

/* What is in the way after MAPDESIGN_LACKING, a bit of a Lack each, and the least that would do; 0:
 * no dataflow fits. */
unsigned mapdesign_lacks(const MapDesign *design, double least[LACKS]);

/* After a search: what no dataflows are below, likewise. */
double mapdesign_reached(const MapDesign *design);

/* The network with what was found, as a text that dcc reads; to be freed. */
char *mapdesign_text(const MapDesign *design);

/* Why a layer has no dataflow that fits, in a sentence, to be freed; NULL: all have one. */
char *mapdesign_obstacle(MapDesign *design);

#endif
