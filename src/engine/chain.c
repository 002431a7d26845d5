/* Chunks of a dim by length, outside in, and sums over them, inside out. */
#include "engine/chain.h"

void chain_add(Chain *chain, int64_t size, int64_t units)
{
    int i = chain->n++;
    Chunk *chunk = chain->chunk[i], *next = chain->chunk[i + 1];
    ChainLoop *loop = &chain->loop[i];
    chain->divided = units > 1 ? i + 1 : chain->divided;
    loop->size = size;
    loop->units = units;
    loop->width = min64(size * units, chain_extent(chain));
    int64_t full = chain_divide(chunk, loop, next + 1), chunks = full + next[1].count;
    for (int a = 1; a <= i; a++) {
        int64_t more = chain_divide(chunk + a, loop, next + a + 1);
        full += more;
        chunks += more + next[a + 1].count;
    }
    next[0].length = size;
    next[0].count = full;
    chain->chunks = chunks;
}

/* Positions of the loops further out than i, one for all units of merged ones: those of a merged
 * loop are its steps, the last of which may have less than a full chunk for its first unit. */
static void positions(const Chain *chain, int merged, int i, int64_t count[CHAIN_MAX + 1])
{
    int first = merged < i ? merged : i;
    for (int a = 0; a <= first; a++)
        count[a] = chain->chunk[first][a].count;
    for (int k = first; k < i; k++) {
        const ChainLoop *loop = &chain->loop[k];
        int64_t full = 0;
        for (int a = k; a >= 0; a--) {
            const Chunk *chunk = &chain->chunk[k][a];
            int64_t steps = chunk->length ? 1 + chunk->before : 0;
            bool less = chunk->length > 0 && chunk->length - chunk->last < loop->size;
            full += count[a] * (steps - less);
            count[a + 1] = less ? count[a] : 0;
        }
        count[0] = full;
    }
}

int64_t chain_first(const Chain *chain, int merged)
{
    int64_t count[CHAIN_MAX + 1], sum = 0;
    positions(chain, merged, chain->n, count);
    for (int a = 0; a <= chain->n; a++)
        sum += count[a] * chain->chunk[chain->n][a].length;
    return sum;
}

/* `once`: from the first unit's number to the sum over merged loops, then over the others. */
static void sums_once(const Chain *chain, int merged, ChainSum *sum)
{
    int64_t each[CHAIN_MAX + 1] = {0}, count[CHAIN_MAX + 1] = {0};
    int n = chain->n;
    for (int a = 0; a <= n; a++)
        each[a] = chain->chunk[n][a].length > 0;
    for (int i = n;; i--) {
        int64_t all = 0;
        positions(chain, merged, i, count);
        for (int a = 0; a <= i; a++)
            all += count[a] * each[a];
        sum[i].once = all;
        if (i == 0)
            return;
        int64_t full = each[0];
        for (int a = 0; a < i; a++) {
            const Chunk *chunk = &chain->chunk[i - 1][a];
            int64_t rest = chunk->rest * each[a + 1];
            each[a] = i > merged ? (chunk->first ? full : rest) : chunk->first * full + rest;
        }
    }
}

/* Of a chunk, at the first steps of the loops in it. */
typedef struct {
    int64_t stays, units;
} AtFirst;

static inline void add_chunks(const Chunk *chunk, AtFirst *one, ChainSum *sum)
{
    one->stays *= chunk->before == 0;
    sum->stays += chunk->count * one->stays;
    sum->units += chunk->count * one->units;
}

/* The innermost loop divides it. */
static inline void set_inner(const Chunk *chunk, AtFirst *one, ChainSum *sum)
{
    one->stays = chunk->length;
    one->units = chunk->first + chunk->rest;
    add_chunks(chunk, one, sum);
}

/* Another does: `full` is of a full chunk of the next depth, `left` of what is left over. */
static inline void set_outer(const Chunk *chunk, const AtFirst *full, const AtFirst *left,
                             AtFirst *one, ChainSum *sum)
{
    one->stays = chunk->first * full->stays + chunk->rest * left->stays;
    one->units = chunk->first * full->units + chunk->rest * left->units;
    add_chunks(chunk, one, sum);
}

/* stays, units: from the innermost loop outwards. */
static void sums_apart(const Chain *chain, ChainSum *sum)
{
    AtFirst one[CHAIN_MAX];
    int i = chain->n - 1;
    sum[i].stays = sum[i].units = 0;
    for (int a = 0; a <= i; a++)
        set_inner(&chain->chunk[i][a], &one[a], &sum[i]);
    while (--i >= 0) {
        AtFirst full;
        full.stays = one[0].stays; /* number by number: a copy would wait for them */
        full.units = one[0].units;
        sum[i].stays = sum[i].units = 0;
        for (int a = 0; a <= i; a++)
            set_outer(&chain->chunk[i][a], &full, &one[a + 1], &one[a], &sum[i]);
    }
}

/* The same of two loops, which are frequent. */
static void sums_of_two(const Chain *chain, ChainSum *sum)
{
    AtFirst full, left, all;
    ChainSum inner = {0, 0, 0}, outer = {0, 0, 0};
    set_inner(&chain->chunk[1][0], &full, &inner);
    set_inner(&chain->chunk[1][1], &left, &inner);
    set_outer(&chain->chunk[0][0], &full, &left, &all, &outer);
    sum[0].stays = outer.stays;
    sum[0].units = outer.units;
    sum[1].stays = inner.stays;
    sum[1].units = inner.units;
}

void chain_sums_of_several(const Chain *chain, int merged, ChainSum *sum)
{
    int n = chain->n;
    sum[n].stays = chain_extent(chain);
    sum[n].units = chain->chunks;
    if (n == 2)
        sums_of_two(chain, sum);
    else
        sums_apart(chain, sum);
    if (merged < n)
        sums_once(chain, merged, sum);
    else
        chain_sums_apart(chain, sum);
}
