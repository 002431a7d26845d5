/* Which data each PE works on, step by step, for cases small enough to be looked at. */
#ifndef DCC_REPORT_PLACEMENT_H
#define DCC_REPORT_PLACEMENT_H

#include "report/report.h"

enum {
    PLACEMENT_PES_MAX = 16,  /* more are not shown */
    PLACEMENT_STEPS_MAX = 6, /* time steps shown */
};

/* Number of chunks of a map over a parent's interval of that length. */
int64_t placement_chunks(const Map *map, int64_t extent);

/* Steps of a map in a level: its chunks, or the folds of a SpatialMap. */
int64_t placement_steps(const Map *map, int64_t extent, int64_t children);

/* Appends a table of the first time steps; false, and nothing, if there are too many PEs. */
bool placement_append(GString *out, const ReportEntry *entry, bool colour);

#endif
