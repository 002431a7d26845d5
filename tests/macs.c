/* What a PE holds serves its MACs from its own memory.  What it does not hold is streamed:
 * MAC by MAC, in the order of the dims, the last one fastest, in all PEs at the same time; PEs
 * at equal offsets within their boxes are in step. */
#include "macs.h"

#include "asks.h"
#include "links.h"
#include "moves.h"

/* A PE's time, and its accesses to what it holds. */
static void pe_compute(Sim *s, Unit *pe)
{
    int o = s->layer->op.output, words = s->numbering[o].words;
    int64_t reads[TENSORS_MAX] = {0}, writes[TENSORS_MAX] = {0};
    int64_t work = box_points(s->layer, &pe->box);
    pe->time = (Time){0};
    pe->handed = NULL;
    if (!pe->live)
        return;
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        reads[t] = sim_holds(s, s->n_levels, t) ? work : 0;
    if (reads[o]) { /* an element's first visit reads nothing */
        for (int i = 0; i < words; i++)
            reads[o] -= __builtin_popcountll(pe->held[o][i] & ~pe->psum[i]);
        writes[o] = work;
        set_copy(pe->psum, pe->held[o], words);
    }
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        *(t == o ? &s->mac[t].psum_reads : &s->mac[t].reads) += reads[t];
        s->mac[t].writes += writes[t];
    }
    s->result->macs += work;
    s->pe_steps += !pe->copy;
    int64_t cycles = (work + s->machine->lanes - 1) / s->machine->lanes;
    pe->time.cycles = MAX(cycles, links_macs(s, reads, writes));
    pe->time.cause[CAUSE_COMPUTE] = pe->time.cycles;
    pe->time.compute_steps = 1;
}

/* ---- streams ---- */

/* The element of tensor t that a PE's MAC at this offset in its box takes; -1 if it has none. */
static int streamed(const Sim *s, const Unit *pe, int t, const int64_t offset[DIMS_MAX])
{
    int64_t point[DIMS_MAX];
    if (!pe->live)
        return -1;
    for (int d = 0; d < s->layer->op.n_dims; d++) {
        point[d] = pe->box.of[d].lo + offset[d];
        if (point[d] >= pe->box.of[d].hi)
            return -1;
    }
    return elements_at(&s->layer->op.tensor[t], &s->numbering[t], point);
}

/* What all PEs ask for, or give, at an offset: the streams at the homes. */
static Flow *stream_climb(Sim *s, int t, const int64_t offset[DIMS_MAX], Way way)
{
    int level = s->n_levels - 1;
    const Noc *noc = &s->machine->noc[level];
    Flow *flow = asks_begin(s);
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        int64_t unit = s->now[level][i];
        const Unit *pe = sim_children(s, level, unit);
        for (int64_t p = 0; p < s->nest->level[level].children; p++) {
            int element = streamed(s, &pe[p], t, offset);
            if (element >= 0)
                asks_add(s, element, 1, way == WAY_IN ? noc->multicast : noc->reduction);
        }
        Load *through = &s->row[level][unit].through;
        *(way == WAY_IN ? &through->in[t] : &through->out[t]) += asks_end(s, flow, unit);
    }
    return asks_climb(s, flow, level, t, way);
}

static void stream_input(Sim *s, int t, const int64_t offset[DIMS_MAX])
{
    const Flow *flow = stream_climb(s, t, offset, WAY_IN);
    for (guint i = 0; i < flow->stream->len; i++)
        s->mac[t].reads += g_array_index(flow->stream, Stream, i).total;
}

/* Partial sums that the homes have come to one of the PEs that are at the element.  What a home
 * has given is in `taken`, and out of it again when the next home's units begin. */
static void stream_psums(Sim *s, const int64_t offset[DIMS_MAX])
{
    int level = s->n_levels - 1, o = s->layer->op.output;
    const Unit *last = NULL;
    Word *taken = s->some;
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        int64_t unit = s->now[level][i], n = 0;
        const Unit *home = moves_home(s, level, unit), *pe = sim_children(s, level, unit);
        if (home != last)
            set_clear(taken, s->numbering[o].words);
        last = home;
        for (int64_t p = 0; p < s->nest->level[level].children; p++) {
            int element = streamed(s, &pe[p], o, offset);
            if (element < 0 || !set_has(home->psum, element) || set_has(taken, element))
                continue;
            set_put(taken, element);
            n++;
        }
        s->mac[o].psum_reads += n;
        s->row[level][unit].through.in[o] += n;
        asks_pass(s, level, unit, o, n);
    }
}

static void stream_output(Sim *s, const int64_t offset[DIMS_MAX])
{
    int level = s->n_levels - 1, o = s->layer->op.output;
    stream_psums(s, offset);
    const Flow *flow = stream_climb(s, o, offset, WAY_OUT);
    for (guint i = 0; i < flow->stream->len; i++) {
        const Stream *stream = &g_array_index(flow->stream, Stream, i);
        const Ask *ask = &g_array_index(flow->ask, Ask, stream->from);
        s->mac[o].writes += stream->total;
        s->mac[o].psum_reads += stream->total - stream->n;
        for (int64_t k = 0; k < stream->n; k++)
            set_put(s->row[s->home[level][o]][stream->unit].psum, ask[k].element);
    }
}

/* The largest extents of the PEs' boxes; false if no PE works. */
static bool largest_box(const Sim *s, int64_t extent[DIMS_MAX])
{
    int level = s->n_levels - 1;
    bool any = false;
    for (int d = 0; d < s->layer->op.n_dims; d++)
        extent[d] = 0;
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        const Unit *pe = sim_children(s, level, s->now[level][i]);
        for (int64_t p = 0; p < s->nest->level[level].children; p++)
            for (int d = 0; pe[p].live && d < s->layer->op.n_dims; d++, any = true)
                extent[d] = MAX(extent[d], pe[p].box.of[d].hi - pe[p].box.of[d].lo);
    }
    return any;
}

static void stream(Sim *s, int t)
{
    int64_t extent[DIMS_MAX], offset[DIMS_MAX] = {0};
    if (!largest_box(s, extent))
        return;
    for (;;) {
        if (t == s->layer->op.output)
            stream_output(s, offset);
        else
            stream_input(s, t, offset);
        int d = s->layer->op.n_dims - 1;
        while (d >= 0 && ++offset[d] == extent[d])
            offset[d--] = 0;
        if (d < 0)
            return;
    }
}

void macs_compute(Sim *s)
{
    int level = s->n_levels - 1;
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        Unit *pe = sim_children(s, level, s->now[level][i]);
        for (int64_t p = 0; p < s->nest->level[level].children; p++)
            pe_compute(s, &pe[p]);
    }
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        if (!sim_holds(s, s->n_levels, t))
            stream(s, t);
}
