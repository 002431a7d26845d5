/* Laws of counting: nothing is lost, nothing comes from nowhere, time adds up. */
#include "conservation.h"

#include <glib.h>

/* A level without SpatialMap gives all its children the same work. */
static int64_t copies_of_work(const Case *c)
{
    int64_t copies = 1;
    for (int l = 0; l < c->nest.n_levels; l++) {
        bool spatial = false;
        for (int m = 0; m < c->nest.level[l].n_maps; m++)
            spatial |= c->nest.level[l].map[m].kind == MAP_SPATIAL;
        copies *= spatial ? 1 : c->nest.level[l].children;
    }
    return copies;
}

static const char *macs_law(const Case *c, const Result *r)
{
    int64_t macs = copies_of_work(c), pes = 1;
    for (int d = 0; d < c->layer.op.n_dims; d++)
        macs *= c->layer.extent[d];
    for (int l = 0; l < c->nest.n_levels; l++)
        pes *= c->nest.level[l].children;
    if (r->macs != macs)
        return "every MAC is computed once (by each child that shares it)";
    if (r->onchip_cycles * pes * c->machine.lanes < r->macs)
        return "no PE computes more than its lanes can";
    if (!(r->active_pes >= 1) || r->active_pes > (double) pes)
        return "active PEs are at least one and at most all";
    return NULL;
}

static const char *time_law(const Result *r)
{
    int64_t sum = 0;
    for (int i = 0; i < CAUSES; i++) {
        if (r->cycles_by_cause[i] < 0)
            return "no cause takes negative time";
        sum += r->cycles_by_cause[i];
    }
    return sum == r->cycles ? NULL : "cycles by cause add up to cycles";
}

static const char *input_law(const TensorCounts *n, const Noc *noc)
{
    if (noc->multicast ? n->fills < n->reads : n->fills != n->reads)
        return "what is read fills a child, several only by multicast";
    if (n->writes || n->drains || n->psum_reads)
        return "inputs do not go up";
    return NULL;
}

static const char *output_law(const TensorCounts *n, const Noc *noc)
{
    if (noc->reduction ? n->drains < n->writes : n->drains != n->writes)
        return "what is written was drained, several times only by reduction";
    if (noc->reduction && n->fills != n->psum_reads)
        return "with reduction all partial sums that are read fill a child";
    if (n->psum_reads > n->writes)
        return "only what was written is read back";
    if (n->reads)
        return "the output is not an input";
    return NULL;
}

static const char *level_law(const Case *c, const Result *r, int l)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        const TensorCounts *n = &r->level[l].tensor[t];
        const char *broken = t == c->layer.op.output ? output_law(n, &c->machine.noc[l])
                                                     : input_law(n, &c->machine.noc[l]);
        if (broken)
            return broken;
        if (n->tile_max < 1 || n->tile_max > n->union_max || n->union_max > r->tensor_size[t])
            return "a tile is within its union, the union within the tensor";
        if (l > 0 && n->tile_max > r->level[l - 1].tensor[t].tile_max)
            return "a child's tile is within its parent's";
    }
    return NULL;
}

/* The global buffer has to get all of the inputs and to give away all of the output. */
static const char *outermost_law(const Case *c, const Result *r)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        const TensorCounts *n = &r->level[0].tensor[t];
        if (t != c->layer.op.output && n->reads < r->tensor_size[t])
            return "every element of an input is read";
        if (t == c->layer.op.output && n->psum_reads != n->writes - r->tensor_size[t])
            return "all writes of an output element but the first add to what was read";
    }
    return NULL;
}

static const char *offchip_law(const Case *c, const Result *r)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        bool output = t == c->layer.op.output;
        const OffchipRow *row = r->offchip[t], *last = &row[r->offchip_depths - 1];
        int64_t once = output ? row->writes : row->reads;
        if (row->footprint != r->tensor_size[t] || once != r->tensor_size[t] ||
            (output && row->reads))
            return "a buffer for all of a tensor moves it once";
        if (last->footprint != r->level[0].tensor[t].union_max)
            return "the smallest footprint is that of a step";
        if (output && last->writes > r->level[0].tensor[t].writes)
            return "what leaves the buffer was written to it";
        if (!output && last->reads > r->level[0].tensor[t].reads)
            return "what comes to the buffer is read from it";
        for (; row < last; row++)
            if (row[1].footprint > row->footprint || row[1].reads < row->reads ||
                row[1].writes < row->writes)
                return "a smaller footprint does not move less";
    }
    return NULL;
}

const char *conservation_broken(const Case *c, const Result *r)
{
    const char *broken = macs_law(c, r);
    if (!broken)
        broken = time_law(r);
    for (int l = 0; l < c->nest.n_levels && !broken; l++)
        broken = level_law(c, r, l);
    if (!broken)
        broken = outermost_law(c, r);
    return broken ? broken : offchip_law(c, r);
}
