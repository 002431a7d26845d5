/* In which ways the chunks of one dim move at a step. */
#ifndef DCC_ENGINE_WAYS_H
#define DCC_ENGINE_WAYS_H

#include "engine/chain.h"
#include "engine/tensor.h"

/* Depth i has i + 1 lengths; an advance and every loop inside it make at most two ways of one:
 * (i + 1) * 2^(CHAIN_MAX - i) <= 2^CHAIN_MAX. */
enum { WAYS_MAX = 1 << CHAIN_MAX };

typedef struct {
    Move move;
    int64_t times;
} DimWay;

/* Chunks that there are not, or were not, are left out, or there are 0 times: nothing of them
 * stays. Where the units of the innermost loop come together, a way is of what all of them have,
 * and had, at a step. */
typedef struct {
    int n;
    int64_t ahead, back; /* at most: before - 1 - shift, and now - 1 + shift */
    DimWay *way;
} Ways;

/* With room for all. */
typedef struct {
    Ways ways;
    DimWay way[WAYS_MAX + 1]; /* one to spare */
} WaysList;

/* Without a branch: whether there are any is hard to foresee. */
static inline void ways_list(Ways *ways, int64_t times, int64_t now, int64_t before, int64_t shift)
{
    DimWay *way = &ways->way[ways->n];
    way->move.now = now;
    way->move.before = before;
    way->move.shift = shift;
    way->times = times;
    ways->n += times > 0;
}

/* Raises the bounds to those of a way, if there are any. */
static inline void ways_bound(Ways *ways, int64_t times, const Move *move)
{
    int64_t none = -(INT64_C(1) << 40) * (times <= 0);
    ways->ahead = max64(ways->ahead, move->before - 1 - move->shift + none);
    ways->back = max64(ways->back, move->now - 1 + move->shift + none);
}

/* The first `outer` loops stand, anywhere; the next one advances, or not; the others go from their
 * last step back to the first. */
void ways_set(const Chain *chain, int outer, bool advances, bool together, WaysList *list);

/* Where loops of one unit each go back, from the innermost outwards as far as they have been asked
 * for: in a row for each depth, by number. */
typedef struct {
    int outer; /* the last row that is set; above the chain's number of loops: none is */
    Ways row[CHAIN_MAX + 1];
    DimWay way[CHAIN_MAX + 1][CHAIN_MAX + 1];
} Backs;

static inline void backs_start(Backs *backs)
{
    backs->outer = CHAIN_MAX + 1;
}

/* Sets all rows from `outer` on. */
void backs_set(const Chain *chain, int outer, Backs *backs);

/* As ways_set, where the loops from `outer` on go back and the units do not come together. */
static inline const Ways *backs_get(const Chain *chain, int outer, Backs *backs)
{
    if (backs->outer > outer)
        backs_set(chain, outer, backs);
    return &backs->row[outer];
}

/* The same where loop i advances. */
void backs_advance(const Chain *chain, int i, Backs *backs, WaysList *list);

int64_t ways_beyond_several(const Chain *chain, bool together, int64_t skip);

/* Sum over all chunks, or all steps of the units together, of what of the length is beyond `skip`,
 * 1 or more. */
static inline int64_t ways_beyond(const Chain *chain, const ChainSum *sum, bool together,
                                  int64_t skip)
{
    if (skip == 1) /* all but one of each */
        return chain_extent(chain) - (together ? sum->once : sum->units);
    return ways_beyond_several(chain, together, skip);
}

#endif
