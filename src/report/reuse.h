/* Why a tensor is reused: which loops leave its tile where it is, which children share it. */
#ifndef DCC_REPORT_REUSE_H
#define DCC_REPORT_REUSE_H

#include "report/report.h"

/* A level as it stands in the nest: the extents are those of its parent's box. */
typedef struct {
    const ReportEntry *entry;
    const Level *level;
    int number;
    int64_t extent[DIMS_MAX];
} Scope;

/* Of level 0; of the level below, which may be written over its parent. */
void scope_start(Scope *scope, const ReportEntry *entry);
void scope_descend(const Scope *scope, Scope *child);

/* NULL: the level leaves the dim whole. */
const Map *scope_map(const Level *level, int dim);
/* The map that gives the children different work, or NULL. */
const Map *scope_spatial(const Scope *scope);
/* Length of the interval of a dim that a child has, at most. */
int64_t scope_chunk(const Scope *scope, int dim);
int64_t scope_steps(const Scope *scope, const Map *map);

/* Of a tile that is loaded over so many levels, from the home's outermost one at `scope` to the
 * innermost at scope[levels - 1]; `only` is said of a tile that is all that the home has.  Owned by
 * the caller, as is the next. */
GString *reuse_over_time(const Scope *scope, int levels, const Tensor *tensor, const char *only);
GString *reuse_across_children(const Scope *scope, const Tensor *tensor);

#endif
