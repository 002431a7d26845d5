/* The best mappings found so far, of all threads: one, several, or the front of energy and time. */
#ifndef DCC_MAP_BEST_H
#define DCC_MAP_BEST_H

#include "map/search.h"

typedef struct {
    double pj, cycles;
    int64_t number;
} FrontPoint;

typedef struct {
    bool front;
    guint top;
    double gap;          /* what is no more than this below the best is no better */
    int64_t last_number; /* of the last of `top`; read without the mutex, as what follows */
    double last;         /* its value: what counts must be below */
    guint changes;       /* of the front */
    GMutex mutex;
    GPtrArray *found; /* of SearchFound, owned: the best first; of a front, by energy */
} Best;

/* Of one thread: a copy of the front, as of a change. */
typedef struct {
    GArray *points; /* of FrontPoint; or NULL */
    guint changes;
} BestView;

void best_init(Best *best, const SearchRequest *request);
void best_clear(Best *best);
void best_view_clear(BestView *view);

/* Below 0 if a is the lesser; values that differ by rounding are equal. */
int best_compare(double a, double b);

/* Whether what is bounded so, of a part of the space of that number, may be better than what is
 * found, or as good and earlier.  number < 0: before all. */
bool best_open(Best *best, BestView *view, const MapBound *bound, double value, int64_t number);

/* What is bounded above it is not open, wherever it is; not of a front. */
double best_limit(const Best *best);

/* Whether it is kept. */
bool best_take(Best *best, const SearchFound *found);

/* The value of the first; infinite if there is none. */
double best_value(Best *best);

#endif
