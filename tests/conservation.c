/* Laws of counting: nothing is lost, nothing comes from nowhere, time adds up. */
#include "conservation.h"

#include <glib.h>

#include "casegen.h"

static const char *macs_law(const Case *c, const Result *r)
{
    int64_t pes = 1;
    for (int l = 0; l < c->nest.n_levels; l++)
        pes *= c->nest.level[l].children;
    if ((double) r->macs * (double) r->copies != casegen_macs(c))
        return "every MAC is computed once (by each child that shares it)";
    if (r->onchip_cycles * pes * c->machine.lanes < r->macs)
        return "no PE computes more than its lanes can";
    if (!(r->active_pes >= 1) || r->active_pes > (double) pes)
        return "active PEs are at least one and at most all";
    return NULL;
}

static const char *time_law(const Case *c, const Result *r)
{
    int64_t sum = 0;
    for (int i = 0; i < CAUSES; i++) {
        if (r->cycles_by_cause[i] < 0)
            return "no cause takes negative time";
        sum += r->cycles_by_cause[i];
    }
    if (sum != r->cycles)
        return "cycles by cause add up to cycles";
    if (r->cycles < MAX(r->onchip_cycles, r->offchip_cycles))
        return "a layer takes at least its on-chip and its off-chip time";
    if (r->cycles > r->onchip_cycles + r->offchip_cycles)
        return "a layer takes at most its on-chip and its off-chip time one after the other";
    if (r->cycles_by_cause[CAUSE_SETUP] != c->machine.setup_cycles)
        return "the setup is a cause of its own";
    if (r->ideal_cycles > r->cycles)
        return "no layer is faster than its ideal";
    for (int l = 0; l < c->nest.n_levels; l++)
        if (r->level[l].peak_bandwidth < r->level[l].average_bandwidth * (1 - 1e-12))
            return "the peak bandwidth is not below the average";
    return NULL;
}

/* The depth above `depth` whose units hold the tensor. */
static int home_depth(const Case *c, int depth, int t)
{
    do
        depth--;
    while (!(case_held(c, depth) >> t & 1));
    return depth;
}

/* Whether some, or all, of the links from the home to the children of a level merge. */
static bool some_merge(const Case *c, int level, int t, bool all)
{
    bool output = t == c->layer.op.output, some = all;
    for (int l = home_depth(c, level + 1, t); l <= level; l++) {
        bool merges = output ? c->machine.noc[l].reduction : c->machine.noc[l].multicast;
        some = all ? some && merges : some || merges;
    }
    return some;
}

static const char *input_law(const TensorCounts *n, bool merge, int64_t size)
{
    if (merge ? n->fills < n->reads : n->fills != n->reads)
        return "what is read fills a child, several only by multicast";
    if (n->fills < size)
        return "every element of an input fills a child";
    if (n->writes || n->drains || n->psum_reads)
        return "inputs do not go up";
    return NULL;
}

static const char *output_law(const TensorCounts *n, bool merge, bool all_merge)
{
    if (merge ? n->drains < n->writes : n->drains != n->writes)
        return "what is written was drained, several times only by reduction";
    if (all_merge && n->fills != n->psum_reads)
        return "with reduction all partial sums that are read fill a child";
    if (n->psum_reads > n->writes || n->fills > n->psum_reads)
        return "only what was written is read back";
    if (n->reads)
        return "the output is not an input";
    return NULL;
}

static const char *held_law(const Case *c, const Result *r, int l, int t)
{
    const TensorCounts *n = &r->level[l].tensor[t];
    bool merge = some_merge(c, l, t, false);
    return t == c->layer.op.output ? output_law(n, merge, some_merge(c, l, t, true))
                                   : input_law(n, merge, r->tensor_size[t]);
}

static const char *level_law(const Case *c, const Result *r, int l)
{
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        const TensorCounts *n = &r->level[l].tensor[t];
        bool held = case_held(c, l + 1) >> t & 1;
        const char *broken = held ? held_law(c, r, l, t) : NULL;
        if (broken)
            return broken;
        if (!held && (n->reads || n->fills || n->writes || n->drains || n->psum_reads))
            return "what is not held is not moved";
        if (n->tile_max < 1 || n->tile_max > n->union_max || n->union_max > r->tensor_size[t])
            return "a tile is within its union, the union within the tensor";
        if (l > 0 && n->tile_max > r->level[l - 1].tensor[t].tile_max)
            return "a child's tile is within its parent's";
    }
    return NULL;
}

/* The root has to give all of the inputs and to get all of the output: of the outermost units that
 * hold the tensor, or of the MACs. */
static const char *root_law(const Case *c, const Simulation *s, int t)
{
    int64_t reads = s->mac[t].reads, writes = s->mac[t].writes, psums = s->mac[t].psum_reads;
    int depth = 1;
    while (depth <= c->nest.n_levels && !(case_held(c, depth) >> t & 1))
        depth++;
    if (depth <= c->nest.n_levels) {
        const TensorCounts *n = &s->result.level[depth - 1].tensor[t];
        reads = n->reads;
        writes = n->writes;
        psums = n->psum_reads;
    }
    if (t != c->layer.op.output && reads < s->result.tensor_size[t])
        return "every element of an input is read";
    if (t == c->layer.op.output && psums != writes - s->result.tensor_size[t])
        return "all writes of an output element but the first add to what was read";
    return NULL;
}

static const char *mac_law(const Case *c, const Simulation *s, int t)
{
    const MacCounts *mac = &s->mac[t];
    bool output = t == c->layer.op.output, held = case_held(c, c->nest.n_levels) >> t & 1;
    int64_t count = output ? mac->writes : mac->reads;
    int64_t macs = s->result.macs * s->result.copies;
    if (count > macs || (held && count != macs))
        return "a MAC reads an element of each input and writes one of the output";
    if (mac->psum_reads > mac->writes || (output ? mac->reads : mac->writes))
        return "a MAC reads no more partial sums than it writes";
    return root_law(c, s, t);
}

static const char *offchip_law(const Case *c, const Simulation *s)
{
    const Result *r = &s->result;
    for (int t = 0; t < c->layer.op.n_tensors; t++) {
        bool output = t == c->layer.op.output, held = case_held(c, 1) >> t & 1;
        const OffchipRow *row = s->rows.row[t], *last = &row[s->rows.depths - 1];
        int64_t once = output ? row->writes : row->reads;
        if (row->footprint != r->tensor_size[t] || once != r->tensor_size[t] ||
            (output && row->reads))
            return "a buffer for all of a tensor moves it once";
        if (last->footprint != r->level[0].tensor[t].union_max)
            return "the smallest footprint is that of a step";
        if (held && output && last->writes > r->level[0].tensor[t].writes)
            return "what leaves the buffer was written to it";
        if (held && !output && last->reads > r->level[0].tensor[t].reads)
            return "what comes to the buffer is read from it";
        for (; row < last; row++)
            if (row[1].footprint > row->footprint || row[1].reads < row->reads ||
                row[1].writes < row->writes)
                return "a smaller footprint does not move less";
    }
    return NULL;
}

const char *conservation_broken(const Case *c, const Simulation *s)
{
    const Result *r = &s->result;
    const char *broken = macs_law(c, r);
    if (!broken)
        broken = time_law(c, r);
    for (int l = 0; l < c->nest.n_levels && !broken; l++)
        broken = level_law(c, r, l);
    for (int t = 0; t < c->layer.op.n_tensors && !broken; t++)
        broken = mac_law(c, s, t);
    return broken ? broken : offchip_law(c, s);
}
