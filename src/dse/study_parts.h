/* What the files of a study have in common; nobody else includes this. */
#ifndef DCC_DSE_STUDY_PARTS_H
#define DCC_DSE_STUDY_PARTS_H

#include "dse/study.h"

/* A value as it was written. */
const char *study_text(const SpaceAxis *axis, int64_t at);

/* A value of a key; false with an error that begins with it. */
bool study_read_set(const Study *study, const SpaceAxis *axis, int64_t at, HardwareSet *set,
                    GError **error);

/* All axes; the study has its technology. */
bool study_read_axes(Study *study, GError **error);

void capacities_clear(Capacities *capacities);

#endif
