/* Ways of a dim, from the loop that moves inwards: chunks by number, as in chain.h. */
#include "engine/ways.h"

/* While it is made, lengths stand for their numbers at a depth, and the bounds are not set yet. */
static inline void list_add(Ways *list, int64_t times, int64_t shift, int64_t now, int64_t before)
{
    list->move[list->n] = (Move){now, before, shift};
    list->times[list->n] = times;
    list->n += times > 0; /* without a branch: it is hard to foresee */
}

static void list_stand(const Chain *chain, int depth, Ways *list)
{
    for (int a = 0; a <= depth; a++)
        list_add(list, chain->count[depth][a], 0, a, a);
}

/* What was there before is always full. */
static void list_advance(const Chain *chain, int i, Ways *list)
{
    const ChainLoop *loop = &chain->loop[i];
    for (int a = 0; a <= i; a++) {
        int64_t times = chain->count[i][a] * (chain->last[i][a] > 0);
        bool rest = chain->length[i + 1][a + 1] > 0;
        list_add(list, times * (chain->whole[i][a] - loop->units), loop->width, 0, 0);
        list_add(list, times * rest, loop->width, a + 1, 0);
    }
}

/* Units of a loop: so many full chunks, then one of what is left over. */
typedef struct {
    int64_t full;
    bool rest;
} Units;

static inline Units units_now(const Chain *chain, int i, int64_t a)
{
    int64_t whole = chain->whole[i][a], units = chain->loop[i].units;
    return (Units){min64(whole, units), whole < units && chain->length[i + 1][a + 1] > 0};
}

static inline Units units_last(const Chain *chain, int i, int64_t a)
{
    int64_t size = chain->loop[i].size, left = chain->length[i][a] - chain->last[i][a];
    int64_t full = chain_quotient(left, size);
    return (Units){full, full * size < left};
}

/* A loop over units makes at most two ways of one. */
static void list_divide(const Chain *chain, int i, Ways *list)
{
    int n = list->n;
    for (int k = 0; k < n; k++) {
        Move *move = &list->move[k];
        int64_t now = move->now, before = move->before, times = list->times[k];
        Units is = units_now(chain, i, now), was = units_last(chain, i, before);
        int64_t both = min64(is.full, was.full);
        *move = (Move){0, 0, move->shift - chain->last[i][before]};
        list->times[k] = times * both;
        if ((is.full > both || is.rest) && (was.full > both || was.rest))
            list_add(list, times, move->shift, is.full > both ? 0 : now + 1,
                     was.full > both ? 0 : before + 1);
    }
}

/* Loop i goes from its last step back to the first. */
static void list_back(const Chain *chain, int i, Ways *list)
{
    const ChainLoop *loop = &chain->loop[i];
    if (loop->units > 1) {
        list_divide(chain, i, list);
        return;
    }
    for (int k = 0; k < list->n; k++) {
        Move *move = &list->move[k];
        int64_t now = move->now, before = move->before, last = chain->last[i][before];
        bool left = chain->length[i][before] - last != loop->size;
        move->shift -= last;
        move->now = (now + 1) * !chain->whole[i][now];
        move->before = (before + 1) * left;
    }
}

/* Lengths for numbers at the innermost depth. */
static void list_lengths(const Chain *chain, Ways *list)
{
    const int64_t *length = chain->length[chain->n];
    int64_t ahead = list->ahead, back = list->back;
    for (int k = 0; k < list->n; k++) {
        Move *move = &list->move[k];
        int64_t none = list->times[k] > 0 ? 0 : -(INT64_C(1) << 40);
        move->now = length[move->now];
        move->before = length[move->before];
        ahead = max64(ahead, move->before - 1 - move->shift + none);
        back = max64(back, move->now - 1 + move->shift + none);
    }
    list->ahead = ahead;
    list->back = back;
}

/* All units of the innermost loop, which goes back, stands or advances. */
static void together_back(const Chain *chain, Ways *list)
{
    int i = chain->n - 1, n = list->n;
    const ChainLoop *loop = &chain->loop[i];
    list->n = 0;
    for (int k = 0; k < n; k++) {
        Move move = list->move[k];
        int64_t last = chain->last[i][move.before];
        ways_add(list, list->times[k], min64(chain->length[i][move.now], loop->width),
                 chain->length[i][move.before] - last, move.shift - last);
    }
}

static void together_move(const Chain *chain, bool advances, Ways *ways)
{
    int i = chain->n - 1;
    const ChainLoop *loop = &chain->loop[i];
    for (int a = 0; a <= i; a++) {
        int64_t times = chain->count[i][a], last = chain->last[i][a];
        int64_t full = chain_quotient(last, loop->width), rest = chain->length[i][a] - last;
        if (!advances) {
            ways_add(ways, times * full, loop->width, loop->width, 0);
            ways_add(ways, times, rest, rest, 0);
        } else if (full > 0) {
            ways_add(ways, times * (full - 1), loop->width, loop->width, loop->width);
            ways_add(ways, times, rest, loop->width, loop->width);
        }
    }
}

void ways_set(const Chain *chain, int outer, bool advances, bool together, Ways *ways)
{
    int i = outer, end = together ? chain->n - 1 : chain->n;
    ways_start(ways);
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

int64_t ways_beyond(const Chain *chain, const ChainSum *sum, bool together, int64_t skip)
{
    int64_t beyond = 0;
    if (skip == 1) /* all but one of each */
        return chain->length[0][0] - (together ? sum->once : sum->units);
    if (!together) {
        const int64_t *length = chain->length[chain->n], *count = chain->count[chain->n];
        for (int a = 0; a <= chain->n; a++)
            beyond += length[a] > skip ? count[a] * (length[a] - skip) : 0;
        return beyond;
    }
    Ways ways;
    ways_set(chain, chain->n, false, true, &ways);
    for (int k = 0; k < ways.n; k++)
        beyond += ways.times[k] * max64(ways.move[k].now - skip, 0);
    return beyond;
}
