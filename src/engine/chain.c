/* Chunks of a dim by length, outside in, and sums over them, inside out. */
#include "engine/chain.h"

void chain_start(Chain *chain, int64_t extent)
{
    chain->n = 0;
    chain->length[0][0] = extent;
    chain->count[0][0] = 1;
}

void chain_add(Chain *chain, int64_t size, int64_t units)
{
    int i = chain->n++;
    const int64_t *length = chain->length[i], *count = chain->count[i];
    int64_t *next = chain->length[i + 1], *counts = chain->count[i + 1], full = 0;
    ChainLoop *loop = &chain->loop[i];
    *loop = (ChainLoop){size, units, min64(size * units, chain->length[0][0])};
    for (int a = 0; a <= i; a++) {
        int64_t whole = chain_quotient(length[a], size), rest = length[a] - whole * size;
        chain->whole[i][a] = whole;
        chain->last[i][a] = chain_quotient(length[a] - (length[a] > 0), loop->width) * loop->width;
        next[a + 1] = rest;
        counts[a + 1] = count[a] * (rest > 0);
        full += count[a] * whole;
    }
    next[0] = size;
    counts[0] = full;
}

/* Positions of the loops further out than i, one for all units of merged ones: those of a merged
 * loop are its steps, the last of which may have less than a full chunk for its first unit. */
static void positions(const Chain *chain, int merged, int i, int64_t count[CHAIN_MAX + 1])
{
    for (int a = 0; a <= merged; a++)
        count[a] = chain->count[merged][a];
    for (int k = merged; k < i; k++) {
        const ChainLoop *loop = &chain->loop[k];
        int64_t full = 0;
        for (int a = k; a >= 0; a--) {
            int64_t length = chain->length[k][a], last = chain->last[k][a];
            int64_t steps = length ? 1 + chain_quotient(last, loop->width) : 0;
            bool less = length > 0 && length - last < loop->size;
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
        sum += count[a] * chain->length[chain->n][a];
    return sum;
}

static int64_t weighted(const int64_t *count, const int64_t *each, int n)
{
    int64_t sum = 0;
    for (int a = 0; a < n; a++)
        sum += count[a] * each[a];
    return sum;
}

/* Units of loop i at its first step in a chunk, and what is left over for one more. */
typedef struct {
    int64_t full;
    bool rest;
} First;

static inline First first_step(const Chain *chain, int i, int a)
{
    int64_t whole = chain->whole[i][a], units = chain->loop[i].units;
    return (First){min64(whole, units), (whole < units) & (chain->length[i + 1][a + 1] > 0)};
}

/* `once`: from the first unit's number to the sum over merged loops, then over the others. */
static void sums_once(const Chain *chain, int merged, ChainSum *sum)
{
    int64_t each[CHAIN_MAX + 1] = {0}, count[CHAIN_MAX + 1];
    int n = chain->n;
    for (int a = 0; a <= n; a++)
        each[a] = chain->length[n][a] > 0;
    for (int i = n;; i--) {
        const int64_t *counted = chain->count[i];
        if (i > merged) {
            positions(chain, merged, i, count);
            counted = count;
        }
        sum[i].once = weighted(counted, each, i + 1);
        if (i == 0)
            return;
        int64_t full = each[0];
        for (int a = 0; a < i; a++) {
            First first = first_step(chain, i - 1, a);
            int64_t rest = first.rest * each[a + 1];
            each[a] = i > merged ? (first.full ? full : rest) : first.full * full + rest;
        }
    }
}

/* stays, units: of a chunk at the loops' first steps, from the innermost loop outwards. */
static void sums_apart(const Chain *chain, ChainSum *sum)
{
    int64_t stays[CHAIN_MAX + 1] = {0}, units[CHAIN_MAX + 1] = {0};
    int n = chain->n;
    for (int a = 0; a < n; a++) {
        First first = first_step(chain, n - 1, a);
        units[a] = first.full + first.rest;
        stays[a] = chain->length[n - 1][a] * !chain->last[n - 1][a];
    }
    for (int i = n - 1;; i--) {
        sum[i].stays = weighted(chain->count[i], stays, i + 1);
        sum[i].units = weighted(chain->count[i], units, i + 1);
        if (i == 0)
            return;
        int64_t full_stays = stays[0], full_units = units[0];
        for (int a = 0; a < i; a++) {
            First first = first_step(chain, i - 1, a);
            int64_t stay = first.full * full_stays + first.rest * stays[a + 1];
            stays[a] = stay * !chain->last[i - 1][a];
            units[a] = first.full * full_units + first.rest * units[a + 1];
        }
    }
}

/* The most frequent case. */
static void sums_of_one(const Chain *chain, bool merged, ChainSum sum[2])
{
    int64_t extent = chain->length[0][0], last = chain->last[0][0];
    First first = first_step(chain, 0, 0);
    int64_t units = first.full + first.rest, all = chain->count[1][0] + chain->count[1][1];
    sum[0] = (ChainSum){last ? 0 : extent, units, units};
    sum[1] = (ChainSum){extent, all, all};
    if (merged) {
        sum[0].once = 1;
        sum[1].once = 1 + chain_quotient(last, chain->loop[0].width);
    }
}

void chain_sums(const Chain *chain, int merged, ChainSum sum[CHAIN_MAX + 1])
{
    int n = chain->n;
    if (n == 1) {
        sums_of_one(chain, merged == 0, sum);
        return;
    }
    int64_t units = 0;
    for (int a = 0; a <= n; a++)
        units += chain->count[n][a];
    sum[n].stays = chain->length[0][0];
    sum[n].units = units;
    sums_apart(chain, sum);
    if (merged < n)
        sums_once(chain, merged, sum);
    else
        chain_sums_apart(chain, sum);
}
