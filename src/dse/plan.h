/* What a sweep will take, from a sample of it. */
#ifndef DCC_DSE_PLAN_H
#define DCC_DSE_PLAN_H

#include "dse/study.h"

/* Sweeps chunks that are spread over the space for about a second, and tells from that what all of
 * it takes: chunks, time, sizes of the files. */
GString *plan_write(const Study *study, int threads);

#endif
