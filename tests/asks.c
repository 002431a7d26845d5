/* Merging link by link: a table of copies by element, and a list of those that are not 0. */
#include "asks.h"

void asks_open(Sim *s, int elements)
{
    s->copies = g_new0(int64_t, elements);
    s->touched = g_new(int, elements);
    for (int i = 0; i < 2; i++) {
        s->flow[i].ask = g_array_new(FALSE, FALSE, sizeof(Ask));
        s->flow[i].stream = g_array_new(FALSE, FALSE, sizeof(Stream));
    }
}

void asks_close(Sim *s)
{
    g_free(s->copies);
    g_free(s->touched);
    for (int i = 0; i < 2; i++) {
        g_array_free(s->flow[i].ask, TRUE);
        g_array_free(s->flow[i].stream, TRUE);
    }
}

static Flow *flow_empty(Flow *flow)
{
    g_array_set_size(flow->ask, 0);
    g_array_set_size(flow->stream, 0);
    return flow;
}

Flow *asks_begin(Sim *s)
{
    return flow_empty(&s->flow[0]);
}

void asks_add(Sim *s, int element, int64_t copies, bool merge)
{
    int64_t *all = &s->copies[element];
    if (*all == 0)
        s->touched[s->n_touched++] = element;
    *all = merge ? MAX(*all, copies) : *all + copies;
}

int64_t asks_add_set(Sim *s, const Word *a, const Word *b, int words, bool merge)
{
    int64_t n = 0;
    for (int i = 0; i < words; i++)
        for (Word rest = b ? a[i] & ~b[i] : a[i]; rest; rest &= rest - 1, n++)
            asks_add(s, i * WORD_BITS + __builtin_ctzll(rest), 1, merge);
    return n;
}

int64_t asks_end(Sim *s, Flow *flow, int64_t unit)
{
    Stream stream = {.unit = unit, .from = flow->ask->len, .n = s->n_touched};
    for (int i = 0; i < s->n_touched; i++) {
        Ask ask = {s->touched[i], s->copies[s->touched[i]]};
        stream.total += ask.copies;
        s->copies[ask.element] = 0;
        g_array_append_val(flow->ask, ask);
    }
    s->n_touched = 0;
    if (stream.n)
        g_array_append_val(flow->stream, stream);
    return stream.total;
}

/* The streams of a level's links merge on the links of the level above. */
static void climb_once(Sim *s, const Flow *from, Flow *to, int level, int t, Way way)
{
    const Noc *noc = &s->machine->noc[level - 1];
    bool merge = way == WAY_IN ? noc->multicast : noc->reduction;
    flow_empty(to);
    for (guint i = 0; i < from->stream->len; i++) {
        const Stream *stream = &g_array_index(from->stream, Stream, i);
        const Ask *ask = &g_array_index(from->ask, Ask, stream->from);
        int64_t parent = s->row[level][stream->unit].parent;
        for (int64_t k = 0; k < stream->n; k++)
            asks_add(s, ask[k].element, ask[k].copies, merge);
        if (i + 1 < from->stream->len && s->row[level][stream[1].unit].parent == parent)
            continue;
        Load *through = &s->row[level - 1][parent].through;
        *(way == WAY_IN ? &through->in[t] : &through->out[t]) += asks_end(s, to, parent);
    }
}

Flow *asks_climb(Sim *s, Flow *flow, int level, int t, Way way)
{
    for (int l = level; l > s->home[level][t]; l--) {
        Flow *above = flow == &s->flow[0] ? &s->flow[1] : &s->flow[0];
        climb_once(s, flow, above, l, t, way);
        flow = above;
    }
    return flow;
}

void asks_pass(Sim *s, int level, int64_t unit, int t, int64_t n)
{
    for (int l = level; l > s->home[level][t]; l--) {
        unit = s->row[l][unit].parent;
        s->row[l - 1][unit].through.in[t] += n;
    }
}
