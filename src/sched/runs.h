/* Sets of integers as runs [low, high), ascending, with gaps between them: what a box needs of a
 * coordinate, exactly. */
#ifndef DCC_SCHED_RUNS_H
#define DCC_SCHED_RUNS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { RUNS_MAX = 1 << 16 /* of one set */ };

typedef struct {
    int64_t low, high;
} Run;

/* GArray of Run; owned by who makes it. */
typedef GArray Runs;

Runs *runs_new(void);
Runs *runs_interval(int64_t low, int64_t high);
void runs_free(Runs *runs);

/* {a * x + b * y : x in [x0, x1), y in [y0, y1)} with a, b at least 1; NULL: more than RUNS_MAX
 * runs.
 */
Runs *runs_affine(int64_t a, int64_t x0, int64_t x1, int64_t b, int64_t y0, int64_t y1);

/* {(i - before) / spread : i in the set, and spread divides it}, and of that what is in [0,
 * extent).
 */
Runs *runs_shift(const Runs *runs, int64_t before, int64_t spread, int64_t extent);

/* {i * extent + j}: i of the first set, j of the second, which is within [0, extent); NULL: more
 * than RUNS_MAX runs. */
Runs *runs_product(const Runs *outer, const Runs *inner, int64_t extent);

bool runs_meet(const Runs *a, const Runs *b);
bool runs_has(const Runs *runs, int64_t value);

#endif
