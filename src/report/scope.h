/* A level as it stands in the nest, for what is said of it. */
#ifndef DCC_REPORT_SCOPE_H
#define DCC_REPORT_SCOPE_H

#include "report/report.h"

/* The extents are those of its parent's box, the largest. */
typedef struct {
    const ReportEntry *entry;
    const Level *level;
    int number;
    int64_t extent[DIMS_MAX];
} Scope;

/* Of level 0; of the level below, which may be written over its parent. */
void scope_start(Scope *scope, const ReportEntry *entry);
void scope_descend(const Scope *scope, Scope *child);

const char *scope_dim(const Scope *scope, int dim);
/* NULL: the level leaves the dim whole. */
const Map *scope_map(const Level *level, int dim);
/* The map that divides the work among the children, of which one works if it has a single chunk;
 * NULL: all do the same. */
const Map *scope_spatial(const Scope *scope);
/* Children that work. */
int64_t scope_busy(const Scope *scope);
/* Length of the interval of a dim that a child has, at most. */
int64_t scope_chunk(const Scope *scope, int dim);
int64_t scope_steps(const Scope *scope, const Map *map);
/* How far a child's chunk moves from one step of the map to the next. */
int64_t scope_advance(const Scope *scope, const Map *map);

#endif
