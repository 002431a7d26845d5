/* The loops that divide one dim, over all levels, and how many chunks of which length they make.
 *
 * There are few lengths.  At depth i, inside i loops, number 0 is the full chunk, and number a + 1
 * is what is left over of length a of depth i - 1 (0: nothing is):
 *
 *     extent 10, chunks of 4, then of 3:    depth 0   10
 *                                           depth 1   4 4 | 2           4: 0, 2: 1
 *                                           depth 2   3 1, 3 1 | 2      3: 0, 1: 1, 2: 2
 *
 * A chunk is one unit's in one position of the loops: a loop over P units takes P chunks at a
 * time. */
#ifndef DCC_ENGINE_CHAIN_H
#define DCC_ENGINE_CHAIN_H

#include "ir/integer.h"
#include "ir/nest.h"

enum { CHAIN_MAX = LEVELS_MAX }; /* loops: a dim has at most one in a level */

typedef struct {
    int64_t size;
    int64_t units; /* that take a chunk each in one step; 1 for a TemporalMap */
    int64_t width; /* what they take together, at most the extent */
} ChainLoop;

/* Those of a number at a depth, and the next loop in one of them. */
typedef struct {
    int64_t length; /* 0: there are none */
    int64_t count;  /* over the layer */
    int64_t whole;  /* full chunks of the next depth */
    int64_t before; /* steps before the last one */
    int64_t last;   /* where that one begins */
    int64_t first;  /* full chunks in the first one */
    int64_t rest;   /* 1: and what is left over */
} Chunk;

typedef struct {
    int n;
    int divided; /* so many loops, the last of which is the innermost over several units */
    ChainLoop loop[CHAIN_MAX];                 /* outermost first */
    int64_t chunks;                            /* inside all loops */
    Chunk chunk[CHAIN_MAX + 1][CHAIN_MAX + 1]; /* [depth][number] */
} Chain;

/* Sums over the chunks of a depth that are met when the first i loops are anywhere and the others
 * at their first step. */
typedef struct {
    int64_t stays; /* indices of those that are the same as at the others' last step */
    int64_t units; /* number of chunks */
    int64_t once;  /* number of positions: the units of the merged loops count for one */
} ChainSum;

/* A chain without loops; the extent is below 2^32. */
static inline void chain_start(Chain *chain, int64_t extent)
{
    chain->n = chain->divided = 0;
    chain->chunks = 1;
    chain->chunk[0][0].length = extent;
    chain->chunk[0][0].count = 1;
}

static inline int64_t chain_extent(const Chain *chain)
{
    return chain->chunk[0][0].length;
}

/* Extents are short, and the division of short numbers is the faster one. */
static inline int64_t chain_quotient(int64_t a, int64_t b)
{
    return (uint32_t) a / (uint32_t) b;
}

/* Divides the chunks of a number; returns how many full ones that makes. */
static inline int64_t chain_divide(Chunk *chunk, const ChainLoop *loop, Chunk *left)
{
    int64_t whole = chain_quotient(chunk->length, loop->size);
    int64_t rest = chunk->length - whole * loop->size, more = rest > 0;
    int64_t before = max64(whole + more - 1, 0); /* chunks before the last */
    if (loop->units > 1)
        before = chain_quotient(max64(chunk->length - 1, 0), loop->width);
    chunk->whole = whole;
    chunk->before = before;
    chunk->last = before * loop->width;
    chunk->first = min64(whole, loop->units);
    chunk->rest = more & (whole < loop->units);
    left->length = rest;
    left->count = chunk->count * more;
    return chunk->count * whole;
}

/* Adds the first loop; size is less than the extent. */
static inline void chain_add_first(Chain *chain, int64_t size, int64_t units)
{
    ChainLoop *loop = &chain->loop[0];
    Chunk *next = chain->chunk[1];
    loop->size = size;
    loop->units = units;
    loop->width = min64(size * units, chain_extent(chain));
    next[0].length = size;
    next[0].count = chain_divide(&chain->chunk[0][0], loop, &next[1]);
    chain->chunks = next[0].count + next[1].count;
    chain->n = 1;
    chain->divided = units > 1;
}

/* Adds the innermost loop; size is less than a full chunk so far. */
void chain_add(Chain *chain, int64_t size, int64_t units);

/* Indices that are met, of units of loops `merged` and further in those of the first alone. */
int64_t chain_first(const Chain *chain, int merged);

/* The same sums where none are. */
static inline void chain_sums_apart(const Chain *chain, ChainSum sum[CHAIN_MAX + 1])
{
    for (int i = 0; i <= chain->n; i++)
        sum[i].once = sum[i].units;
}

/* The most frequent case. */
static inline void chain_sums_of_one(const Chain *chain, bool merged, ChainSum sum[2])
{
    const Chunk *chunk = &chain->chunk[0][0];
    int64_t units = chunk->first + chunk->rest;
    sum[0].stays = chunk->length * (chunk->before == 0);
    sum[0].units = units;
    sum[0].once = merged ? 1 : units;
    sum[1].stays = chunk->length;
    sum[1].units = chain->chunks;
    sum[1].once = merged ? 1 + chunk->before : chain->chunks;
}

void chain_sums_of_several(const Chain *chain, int merged, ChainSum *sum);

/* sum[i], i = 0 .. chain->n, at the innermost depth; there is a loop.  Loops `merged` and further
 * in are over units that come together; chain->n: none are. */
static inline void chain_sums(const Chain *chain, int merged, ChainSum sum[CHAIN_MAX + 1])
{
    if (chain->n == 1)
        chain_sums_of_one(chain, merged == 0, sum);
    else
        chain_sums_of_several(chain, merged, sum);
}

#endif
