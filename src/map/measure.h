/* A metric by its path, as an objective or in a requirement: "l2_accesses", "levels.0.steps",
 * "utilization >= 0.8". */
#ifndef DCC_MAP_MEASURE_H
#define DCC_MAP_MEASURE_H

#include "report/metrics.h"

typedef struct {
    MetricId id;
    const char *path; /* borrowed */
} Measure;

/* False with *error set, prefixed by the option, where no metric with a number has such a path. */
bool measure_find(const char *path, const char *option, Measure *measure, GError **error);

/* NAN where the entry does not have it, or it is not known. */
double measure_read(const Measure *measure, const ReportEntry *entry);

typedef struct {
    Measure measure;
    char *path; /* owned: what the measure borrows */
    char relation[3];
    double limit;
} Requirement;

/* "PATH RELATION NUMBER", the relation one of <=, >=, <, >, ==; false with *error set. */
bool requirement_parse(const char *text, Requirement *requirement, GError **error);
void requirement_clear(Requirement *requirement);

/* False also where the metric is not known. */
bool requirement_met(const Requirement *requirement, const ReportEntry *entry);

#endif
