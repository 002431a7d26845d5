/* Time: the cases of a nest on a machine's interconnects; the rule is in recurrence.h. */
#ifndef DCC_ENGINE_TIME_H
#define DCC_ENGINE_TIME_H

#include "engine/result.h"
#include "engine/timetable.h"

/* A number of one lane. */
typedef struct {
    int64_t lane[1];
} Time;

/* What comes before the on-chip time: whole cycles, or, of a sparse layer, any. */
typedef struct {
    int64_t cycles;
    double part;
} Lead;

/* Working memory. */
typedef struct {
    Timetable table;
    int64_t reached; /* the on-chip time last found and what came before it, rounded up together */
    LIST(Time) entries, windows;            /* see recurrence.h */
    LIST(int64_t) critical, critical_rests; /* runs, and rests, that the layer's time consists of */
    LIST(int64_t) compute;                  /* of each step: its slowest kid, or its PEs */
    LIST(double) work;                      /* compute cycles in the rest of a window */
} Times;

void times_free(Times *times);

/* Fills times->reached, onchip_cycles and, with `apart`, what it consists of: cycles_by_cause
 * (without off-chip), the links' part in them, and the levels' bandwidths.  result->status becomes
 * RESULT_OVERFLOW if a time does not fit. */
void time_run(Cases *cases, const Machine *machine, Times *times, bool apart, const Lead *lead,
              Result *result);

/* times->reached alone; -1 if it does not fit. */
int64_t time_reached(Cases *cases, const Machine *machine, Times *times, const Lead *lead);

/* time_run on the machine, of which `onchip` is the same without what bounds the root; returns the
 * time on that. */
int64_t time_rooted(Cases *cases, const Machine *onchip, const Machine *machine, Times *times,
                    bool apart, Result *result);

/* After time_run: what the ports of the memories at the root take for all that they give and take
 * over the layer; -1 if that does not fit. */
int64_t time_offchip(Times *times, const Result *result);

/* Of the steps of level 0 as last timed, what each would wait for alone. */
void time_delays(const Cases *cases, Times *times, Delays *delays);

#endif
