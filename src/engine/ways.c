/* Ways of a dim, from the loop that moves inwards: chunks by number, as in chain.h.  While the list
 * is made, lengths stand for their numbers at a depth, and the bounds are not set yet. */
#include "engine/ways.h"

static void ways_start(WaysList *list)
{
    Ways *ways = &list->ways;
    ways->n = 0;
    ways->ahead = ways->back = -(INT64_C(1) << 40); /* none */
    ways->way = list->way;
}

static void ways_add(Ways *ways, int64_t times, int64_t now, int64_t before, int64_t shift)
{
    const Move move = {now, before, shift};
    ways_list(ways, times, now, before, shift);
    ways_bound(ways, times, &move);
}

static void list_stand(const Chain *chain, int depth, Ways *list)
{
    const Chunk *row = chain->chunk[depth];
    for (int a = 0; a <= depth; a++)
        ways_list(list, row[a].count, a, a, 0);
}

/* What was there before is always full. */
static void list_advance(const Chain *chain, int i, Ways *list)
{
    const ChainLoop *loop = &chain->loop[i];
    const Chunk *row = chain->chunk[i], *next = chain->chunk[i + 1];
    for (int a = 0; a <= i; a++) {
        int64_t times = row[a].count * (row[a].before > 0);
        ways_list(list, times * (row[a].whole - loop->units), 0, 0, loop->width);
        ways_list(list, times * (next[a + 1].length > 0), a + 1, 0, loop->width);
    }
}

/* A loop over units makes at most two ways of one: of so many full chunks, then of one of what is
 * left over. */
static void list_divide(const Chain *chain, int i, Ways *list)
{
    const Chunk *row = chain->chunk[i];
    int64_t size = chain->loop[i].size;
    int n = list->n;
    for (int k = 0; k < n; k++) {
        DimWay *way = &list->way[k];
        int64_t now = way->move.now, before = way->move.before, times = way->times;
        int64_t left = row[before].length - row[before].last, full = chain_quotient(left, size);
        int64_t both = min64(row[now].first, full), shift = way->move.shift - row[before].last;
        bool is = row[now].first > both, was = full > both;
        way->move.now = way->move.before = 0;
        way->move.shift = shift;
        way->times = times * both;
        if ((is || row[now].rest) && (was || full * size < left))
            ways_list(list, times, is ? 0 : now + 1, was ? 0 : before + 1, shift);
    }
}

/* Loop i goes from its last step back to the first. */
static void list_back(const Chain *chain, int i, Ways *list)
{
    const ChainLoop *loop = &chain->loop[i];
    const Chunk *row = chain->chunk[i];
    if (loop->units > 1) {
        list_divide(chain, i, list);
        return;
    }
    for (DimWay *way = list->way, *end = way + list->n; way < end; way++) {
        int64_t now = way->move.now, before = way->move.before, last = row[before].last;
        way->move.shift -= last;
        way->move.now = (now + 1) * (row[now].whole == 0);
        way->move.before = (before + 1) * (row[before].length - last != loop->size);
    }
}

/* Lengths for numbers at the innermost depth. */
static void list_lengths(const Chain *chain, Ways *list)
{
    const Chunk *row = chain->chunk[chain->n];
    for (DimWay *way = list->way, *end = way + list->n; way < end; way++) {
        way->move.now = row[way->move.now].length;
        way->move.before = row[way->move.before].length;
        ways_bound(list, way->times, &way->move);
    }
}

/* All units of the innermost loop, which goes back, stands or advances. */
static void together_back(const Chain *chain, Ways *list)
{
    int i = chain->n - 1, n = list->n;
    int64_t width = chain->loop[i].width;
    const Chunk *row = chain->chunk[i];
    list->n = 0;
    for (int k = 0; k < n; k++) {
        const DimWay *way = &list->way[k];
        const Chunk *now = &row[way->move.now], *before = &row[way->move.before];
        ways_add(list, way->times, min64(now->length, width), before->length - before->last,
                 way->move.shift - before->last);
    }
}

static void together_move(const Chain *chain, bool advances, Ways *ways)
{
    int i = chain->n - 1;
    int64_t width = chain->loop[i].width, shift = advances ? width : 0;
    for (int a = 0; a <= i; a++) {
        const Chunk *chunk = &chain->chunk[i][a];
        int64_t times = chunk->count, full = chunk->before, rest = chunk->length - chunk->last;
        ways_add(ways, times * (full - advances), width, width, shift);
        ways_add(ways, times * (full >= advances), rest, advances ? width : rest, shift);
    }
}

void ways_set(const Chain *chain, int outer, bool advances, bool together, WaysList *list)
{
    int i = outer, end = together ? chain->n - 1 : chain->n;
    Ways *ways = &list->ways;
    ways_start(list);
    if (together && outer + advances == chain->n) {
        together_move(chain, advances, ways);
        return;
    }
    if (advances)
        list_advance(chain, i++, ways);
    else
        list_stand(chain, i, ways);
    for (; i < end; i++)
        list_back(chain, i, ways);
    if (together)
        together_back(chain, ways);
    else
        list_lengths(chain, ways);
}

/* ---- rows ---- */

static inline void set_way(const Chunk *chunk, int64_t now, int64_t before, DimWay *way)
{
    way->move.now = now;
    way->move.before = before;
    way->move.shift = before - chunk->length; /* it was the chunk's end */
    way->times = chunk->count;
}

static void stand_row(const Chain *chain, Backs *backs)
{
    int n = chain->n, last = 0;
    const Chunk *chunk = chain->chunk[n];
    for (int a = 0; a <= n; a++) {
        set_way(&chunk[a], chunk[a].length, chunk[a].length, &backs->way[n][a]);
        last = chunk[a].count > 0 ? a : last;
    }
    int64_t bound = chunk[0].length - 1; /* of a full one */
    backs->row[n] = (Ways){last + 1, bound, bound, backs->way[n]};
}

/* A number now begins as its first chunk does, and before ended as its last one. */
static void back_row(const Chain *chain, int i, Backs *backs)
{
    const Chunk *chunk = chain->chunk[i];
    const DimWay *next = backs->way[i + 1];
    DimWay *way = backs->way[i];
    int64_t size = chain->loop[i].size, back = INT64_MIN;
    int last = 0;
    for (int a = 0; a <= i; a++) {
        bool less = chunk[a].whole == 0, ragged = chunk[a].length - chunk[a].last != size;
        set_way(&chunk[a], next[(a + 1) * less].move.now, next[(a + 1) * ragged].move.before,
                &way[a]);
        last = chunk[a].count > 0 ? a : last;
        back = max64(back, way[a].move.now - 1 + way[a].move.shift);
    }
    backs->row[i] = (Ways){last + 1, chunk[0].length - 1, back, way};
}

void backs_set(const Chain *chain, int outer, Backs *backs)
{
    int i = backs->outer;
    if (i > chain->n) {
        i = chain->n;
        stand_row(chain, backs);
    }
    while (i > outer)
        back_row(chain, --i, backs);
    backs->outer = outer;
}

/* What was there before is always full, and comes in few lengths now. */
void backs_advance(const Chain *chain, int i, Backs *backs, WaysList *list)
{
    const Chunk *chunk = chain->chunk[i], *left = &chain->chunk[i + 1][1];
    const DimWay *next = backs_get(chain, i + 1, backs)->way;
    int64_t units = chain->loop[i].units, before = next[0].move.before, full = 0;
    int64_t shift = chain->loop[i].width + next[0].move.shift;
    Ways *ways = &list->ways;
    ways->n = 0;
    ways->way = list->way;
    for (int a = 0; a <= i; a++) {
        int64_t times = chunk[a].count * (chunk[a].before > 0);
        full += times * (chunk[a].whole - units);
        ways_list(ways, times * (left[a].length > 0), next[a + 1].move.now, before, shift);
    }
    ways_list(ways, full, next[0].move.now, before, shift);
    ways->ahead = before - 1 - shift;
    ways->back = next[0].move.now - 1 + shift;
}

/* ---- beyond a length ---- */

int64_t ways_beyond_several(const Chain *chain, bool together, int64_t skip)
{
    int64_t beyond = 0;
    if (!together) {
        const Chunk *row = chain->chunk[chain->n];
        for (int a = 0; a <= chain->n; a++)
            beyond += row[a].count * max64(row[a].length - skip, 0);
        return beyond;
    }
    WaysList list;
    ways_set(chain, chain->n, false, true, &list);
    for (int k = 0; k < list.ways.n; k++)
        beyond += list.way[k].times * max64(list.way[k].move.now - skip, 0);
    return beyond;
}
