/* A step replaces the sets of the children; what moves are differences of sets, and what a
 * link carries is merged by asks.c. */
#include "moves.h"

#include "asks.h"

/* Whether the tensor's tile is the same for both boxes, seen from its dims alone. */
static bool tile_same(const Tensor *tensor, const Box *a, const Box *b)
{
    for (int c = 0; c < tensor->n_coords; c++)
        for (int i = 0; i < tensor->coord[c].n; i++) {
            int d = tensor->coord[c].dim[i];
            if (a->of[d].lo != b->of[d].lo || a->of[d].hi != b->of[d].hi)
                return false;
        }
    return true;
}

/* The children's tiles of a tensor at this step. */
static void next_tiles(Sim *s, int level, int64_t unit, int t)
{
    const Tensor *tensor = &s->layer->op.tensor[t];
    Unit *child = sim_children(s, level, unit);
    for (int64_t p = 0; p < s->nest->level[level].children; p++, child++) {
        child->changed[t] = !child->placed || !tile_same(tensor, &child->before, &child->box);
        if (child->changed[t]) {
            elements_tile(tensor, &s->numbering[t], &child->box, child->next[t]);
            child->size[t] = set_count(child->next[t], s->numbering[t].words);
        }
    }
}

/* The largest tile and union; a union of the same tiles as before is not looked at again. */
static void note_largest(Sim *s, int level, int64_t unit, int t)
{
    int words = s->numbering[t].words;
    int64_t children = s->nest->level[level].children;
    const Unit *child = sim_children(s, level, unit);
    TensorCounts *counts = &s->result->level[level].tensor[t];
    bool news = false;
    for (int64_t p = 0; p < children; p++)
        if (child[p].live) {
            counts->tile_max = MAX(counts->tile_max, child[p].size[t]);
            news |= child[p].changed[t] || !child[p].lived;
        }
    if (!news)
        return;
    set_clear(s->some, words);
    for (int64_t p = 0; p < children; p++)
        if (child[p].live)
            set_add(s->some, child[p].changed[t] ? child[p].next[t] : child[p].held[t], words);
    counts->union_max = MAX(counts->union_max, set_count(s->some, words));
}

/* An input's elements come to the children. */
static void input_moves(Sim *s, int level, int t)
{
    TensorCounts *counts = &s->result->level[level].tensor[t];
    bool merge = s->machine->noc[level].multicast;
    Flow *flow = asks_begin(s);
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        int64_t unit = s->now[level][i];
        const Unit *child = sim_children(s, level, unit);
        for (int64_t p = 0; p < s->nest->level[level].children; p++, child++)
            if (child->live && child->changed[t])
                counts->fills +=
                    asks_add_set(s, child->next[t], child->held[t], s->numbering[t].words, merge);
        s->row[level][unit].own.in[t] = asks_end(s, flow, unit);
    }
    flow = asks_climb(s, flow, level, t, WAY_IN);
    for (guint i = 0; i < flow->stream->len; i++)
        counts->reads += g_array_index(flow->stream, Stream, i).total;
}

void moves_leave(Sim *s, int level, bool all)
{
    int o = s->layer->op.output, words = s->numbering[o].words;
    TensorCounts *counts = &s->result->level[level].tensor[o];
    bool merge = s->machine->noc[level].reduction;
    Flow *flow = asks_begin(s);
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        int64_t unit = s->now[level][i];
        const Unit *child = sim_children(s, level, unit);
        for (int64_t p = 0; p < s->nest->level[level].children; p++, child++)
            if (child->worked && (all || child->changed[o]))
                counts->drains +=
                    asks_add_set(s, child->held[o], all ? NULL : child->next[o], words, merge);
        s->row[level][unit].own.out[o] = asks_end(s, flow, unit);
    }
    flow = asks_climb(s, flow, level, o, WAY_OUT);
    int home = s->home[level][o];
    for (guint i = 0; i < flow->stream->len; i++) {
        const Stream *stream = &g_array_index(flow->stream, Stream, i);
        const Ask *ask = &g_array_index(flow->ask, Ask, stream->from);
        counts->writes += stream->total;
        counts->psum_reads += stream->total - stream->n; /* each arrival is added to the first */
        for (int64_t k = 0; k < stream->n; k++)
            set_put(s->row[home][stream->unit].psum, ask[k].element);
    }
}

Unit *moves_home(const Sim *s, int level, int64_t unit)
{
    int home = s->home[level][s->layer->op.output];
    for (int l = level; l > home; l--)
        unit = s->row[l][unit].parent;
    return &s->row[home][unit];
}

/* What a child gets of the partial sums that its home has and no sibling has taken: how many.  */
static int64_t psums_take(Sim *s, Unit *child, const Unit *home, Word *taken)
{
    int o = s->layer->op.output, words = s->numbering[o].words;
    int64_t n = 0;
    set_keep(child->psum, child->held[o], words);
    if (!child->live || !child->changed[o])
        return 0;
    for (int i = 0; i < words; i++) {
        Word got = home->psum[i] & child->next[o][i] & ~child->held[o][i] & ~taken[i];
        taken[i] |= got;
        child->psum[i] |= got;
        n += __builtin_popcountll(got);
    }
    return n;
}

/* Partial sums come back, each to the first working child that wants it. */
static void psums_return(Sim *s, int level)
{
    int o = s->layer->op.output, words = s->numbering[o].words;
    TensorCounts *counts = &s->result->level[level].tensor[o];
    const Unit *last = NULL;
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        int64_t unit = s->now[level][i], n = 0;
        const Unit *home = moves_home(s, level, unit);
        Unit *child = sim_children(s, level, unit);
        if (home != last)
            set_clear(s->some, words);
        last = home;
        for (int64_t p = 0; p < s->nest->level[level].children; p++)
            n += psums_take(s, &child[p], home, s->some);
        counts->fills += n;
        counts->psum_reads += n;
        s->row[level][unit].own.in[o] = n;
        asks_pass(s, level, unit, o, n);
    }
}

/* The next tile of a tensor is the one that is held. */
static void tile_take(Sim *s, int level, Unit *child, int t)
{
    int words = s->numbering[t].words;
    const Word *next = child->changed[t] ? child->next[t] : child->held[t];
    if (t == s->layer->op.output) {
        set_keep(child->psum, next, words);
        child->worked = child->live || (child->worked && set_meet(child->held[t], next, words));
    }
    if (child->changed[t]) {
        Word *held = child->held[t];
        bool empty = !set_meet(held, held, words) || !set_meet(next, next, words);
        s->changes[level][t] |= !empty && memcmp(held, next, (size_t) words * sizeof *next);
        child->held[t] = child->next[t];
        child->next[t] = held;
    }
}

static void tensor_moves(Sim *s, int level, int t)
{
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        next_tiles(s, level, s->now[level][i], t);
        note_largest(s, level, s->now[level][i], t);
    }
    if (sim_holds(s, level + 1, t) && t != s->layer->op.output)
        input_moves(s, level, t);
    if (sim_holds(s, level + 1, t) && t == s->layer->op.output) {
        moves_leave(s, level, false);
        psums_return(s, level);
    }
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        Unit *child = sim_children(s, level, s->now[level][i]);
        for (int64_t p = 0; p < s->nest->level[level].children; p++)
            tile_take(s, level, &child[p], t);
    }
}

void moves_step(Sim *s, int level)
{
    for (int64_t i = 0; i < s->n_now[level]; i++)
        s->row[level][s->now[level][i]].own = (Load){0};
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        tensor_moves(s, level, t);
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        Unit *child = sim_children(s, level, s->now[level][i]);
        for (int64_t p = 0; p < s->nest->level[level].children; p++)
            child[p].placed = true;
    }
}
