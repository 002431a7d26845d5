/* The time of a run: what its transfers and its steps come to. */
#ifndef DCC_TESTS_WINDOWS_H
#define DCC_TESTS_WINDOWS_H

#include "sim.h"

/* Makes room for the records of the level's runs: n steps. */
void windows_reserve(Sim *s, int level, int64_t n);

/* Records the step that the units of s->now[level] have taken: what moved, the slowest child. */
void windows_record(Sim *s, int level, bool fill);

/* All steps of the unit's run are recorded: sets its time, and the loads that it hands up. */
void windows_run(Sim *s, int level, Unit *unit);

#endif
