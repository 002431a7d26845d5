/* Of a tile that changes in the layer two are held, the next one beside it, unless the level that
 * fills the buffer hides nothing; one of a tile that never does. */
#include "figures.h"

static void set_bandwidths(Sim *s)
{
    for (int l = 0; l < s->n_levels; l++) {
        const Demand *demand = &s->demand[l];
        s->result->level[l].peak_bandwidth = demand->peak;
        if (demand->compute > 0)
            s->result->level[l].average_bandwidth =
                (double) demand->volume / (double) demand->compute;
    }
}

/* What is computed is of all copies of the work; the rest is of one. */
static void set_macs(Sim *s)
{
    Result *r = s->result;
    int64_t macs = 1, rate = s->machine->pes * s->machine->lanes;
    for (int d = 0; d < s->layer->op.n_dims; d++)
        macs *= s->layer->extent[d];
    r->copies = r->macs / macs;
    r->macs -= (r->copies - 1) * macs;
    r->effectual_macs = macs;
    r->ideal_cycles = (macs + rate - 1) / rate;
    r->utilization = (double) macs / ((double) r->cycles * (double) rate);
}

static void set_l1(Sim *s)
{
    Result *r = s->result;
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        const TensorCounts *inner = &r->level[s->n_levels - 1].tensor[t];
        r->l1_reads[t] = s->mac[t].reads + s->mac[t].psum_reads + inner->drains;
        r->l1_writes[t] = s->mac[t].writes + inner->fills;
    }
}

/* Bytes of the tiles that the children of a level hold. */
static int64_t tile_bytes(const Sim *s, int level)
{
    bool next = s->machine->noc[level].prefetch != PREFETCH_NONE;
    int64_t bits = 0;
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        bits += s->machine->bits[t] * s->result->level[level].tensor[t].tile_max *
                (next && s->changes[level][t] ? 2 : 1);
    return (bits + 7) / 8;
}

/* The global buffer: what the steps of level 0 touch, or all of what stays on the chip. */
static int64_t global_bytes(const Sim *s)
{
    const Result *r = s->result;
    int64_t bits = 0;
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        int64_t step = (s->changes[0][t] ? 2 : 1) * r->level[0].tensor[t].union_max;
        bits += s->machine->bits[t] * (s->machine->stays_onchip[t] ? r->tensor_size[t] : step);
    }
    return (bits + 7) / 8;
}

void figures_set(Sim *s)
{
    Result *r = s->result;
    set_macs(s);
    set_bandwidths(s);
    if (!case_classic(s->c))
        return;
    set_l1(s);
    r->l1_required_bytes = tile_bytes(s, s->n_levels - 1);
    r->l2_required_bytes = global_bytes(s);
    for (int l = 1; l < s->n_levels; l++)
        r->buffer_required_bytes[l] = tile_bytes(s, l - 1);
}
