/* A walk over a space whose designs have their dataflows searched for, design by design. */
#ifndef DCC_DSE_MAPPED_H
#define DCC_DSE_MAPPED_H

#include "dse/sweep.h"

/* Adds to the findings, whose points have their mapping; true if all of the space is done.  Of the
 * options, what is said of shards and chunks is not looked at.
 *
 * What it finds does not depend on the number of threads, where no search is ended by its time.  In
 * a space of which only the best is wanted, designs are first bounded, then searched in the order
 * of their bounds, and those that cannot be best count as skipped, whether a thread had begun with
 * them or not. */
bool mapped_run(const Study *study, const SweepOptions *options, Findings *findings);

/* Another rank's part of such a walk; of the options, threads are looked at. */
void mapped_help(const Study *study, const SweepOptions *options, WorkKind kind, Helper *helper,
                 Unpack *about);

/* Why the design of a point has no dataflow that fits, in a sentence, to be freed; or NULL. */
char *mapped_reason(const Study *study, int64_t point);

#endif
