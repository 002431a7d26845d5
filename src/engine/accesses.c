/* Level by level; what passes through units is counted where its home is. */
#include "engine/accesses.h"

static bool passes(const Cases *cases, int level, int t)
{
    return cases->cluster[level].passes >> t & 1;
}

/* ---- the nest ---- */

/* Chunks are largest where all loops begin: tiles are those of the first step of all. */
static void count_tiles(const Volumes *first, int n_tensors, TensorCounts *tensor)
{
    for (int t = 0; t < n_tensors; t++) {
        tensor[t].tile_max = first->tile[t];
        tensor[t].union_max = first->joined[t];
    }
}

static void count_level(const Cases *cases, int level, Result *result, int64_t *once)
{
    const Step *first = &cases->steps.item[cases->step[level]];
    const Step *end = &cases->steps.item[cases->step[level + 1]];
    LevelResult *counts = &result->level[level];
    TensorCounts *tensor = counts->tensor;
    int n = cases->shape->n_tensors, o = cases->shape->output;
    int64_t drains = 0, stays = 0;
    for (int t = 0; t < n; t++)
        once[t] = 0;
    for (const Step *step = first; step < end; step++) {
        const Volumes *v = &step->volumes;
        int64_t times = step->total;
        counts->steps += times;
        for (int t = 0; t < n; t++) {
            tensor[t].fills += times * v->in_each[t];
            once[t] += times * v->in_shared[t];
        }
        drains += times * v->stays_each;
        stays += times * v->stays_shared;
    }
    tensor[o].fills = 0; /* the partial sums are found from the stays */
    tensor[o].drains = drains;
    once[o] = stays;
    for (int t = 0; t < n && cases->cluster[level].passes; t++)
        if (passes(cases, level, t)) /* streamed; or not known yet */
            tensor[t].fills = tensor[t].drains = 0;
    count_tiles(&first->volumes, n, tensor);
}

/* What the PEs compute, copies included, comes to as many MACs as the layer has. */
static void count_macs(const Cases *cases, Result *result)
{
    int last = cases->n_levels - 1;
    for (int s = cases->step[last]; s < cases->step[last + 1]; s++)
        result->macs += cases->steps.item[s].total * cases->steps.item[s].volumes.macs_all;
    result->copies = cases->copies;
    result->macs /= cases->copies;
    result->active_pes = (double) cases->pe_steps / (double) cases->steps_made;
}

void accesses_nest(const Cases *cases, Accesses *accesses, Result *result)
{
    for (int l = 0; l < cases->n_levels; l++)
        count_level(cases, l, result, accesses->once[l]);
    count_macs(cases, result);
}

/* ---- the machine ---- */

/* Of any level; returns the output's stays, once for all that share them. */
static int64_t sum_link(const Cases *cases, int level, const Noc *noc, LinkResult *link)
{
    int64_t once = 0;
    *link = (LinkResult){.out = 0};
    for (int s = cases->step[level]; s < cases->step[level + 1]; s++) {
        const Step *step = &cases->steps.item[s];
        for (int t = 0; t < cases->shape->n_tensors; t++)
            link->in[t] += step->total * flows_in(&step->volumes, noc, t);
        link->out += step->total * flows_stays(cases, level, &step->volumes, noc);
        once += step->total * step->volumes.stays_shared;
    }
    return once;
}

/* Inputs: their homes' reads. */
static void count_reads(const Cases *cases, Result *result)
{
    int n = cases->n_levels;
    for (int t = 0; t < cases->shape->n_tensors; t++) {
        if (t == cases->shape->output)
            continue;
        for (int l = 0; l < n; l++)
            result->level[l].tensor[t].reads =
                passes(cases, l, t) ? 0 : result->link[cases_home(cases, l, t)].in[t];
        result->mac[t].writes = 0;
        result->mac[t].reads = passes(cases, n - 1, t)
                                   ? result->link[cases_home(cases, n - 1, t)].in[t]
                                   : result->macs * result->copies;
    }
}

/* `once`: of each level, the output's stays once for all that share them.  `fresh` is, from depth
 * to depth, how many of its elements come there without a partial sum: the bracket of accesses.h.
 */
static void count_outputs(const Cases *cases, const int64_t once[LEVELS_MAX], Result *result)
{
    int o = cases->shape->output, n = cases->n_levels;
    int64_t fresh = result->tensor_size[o], computed = result->macs * result->copies;
    for (int l = 0; l < n; l++) {
        TensorCounts *tensor = &result->level[l].tensor[o];
        int home = cases_home(cases, l, o);
        if (passes(cases, l, o))
            continue;
        tensor->fills = once[home] - fresh;
        tensor->writes = result->link[home].out;
        tensor->psum_reads = tensor->fills + (tensor->writes - once[home]);
        fresh = tensor->drains - tensor->fills;
    }
    MacAccesses *mac = &result->mac[o];
    int home = cases_home(cases, n - 1, o);
    bool streamed = passes(cases, n - 1, o);
    mac->writes = streamed ? result->link[home].out : computed;
    mac->reads = mac->writes - fresh; /* those that are merged are added up there */
}

/* The same where every tensor is held at every depth, so that each crosses one link at a time. */
static void count_near(const Cases *cases, const Machine *machine, const Accesses *accesses,
                       Result *result)
{
    int n = cases->shape->n_tensors, o = cases->shape->output;
    int64_t fresh = result->tensor_size[o], computed = result->macs * result->copies;
    for (int l = 0; l < cases->n_levels; l++) {
        const Noc *noc = &machine->noc[l];
        const int64_t *once = accesses->once[l];
        TensorCounts *tensor = result->level[l].tensor;
        LinkResult *link = &result->link[l];
        for (int t = 0; t < n; t++)
            link->in[t] = tensor[t].reads = noc->multicast ? once[t] : tensor[t].fills;
        tensor[o].reads = 0;
        link->out = tensor[o].writes = noc->reduction ? once[o] : tensor[o].drains;
        link->in[o] = tensor[o].fills = once[o] - fresh;
        tensor[o].psum_reads = tensor[o].fills + (tensor[o].writes - once[o]);
        fresh = tensor[o].drains - tensor[o].fills;
    }
    for (int t = 0; t < n; t++)
        result->mac[t] = (MacAccesses){computed, 0};
    result->mac[o] = (MacAccesses){computed - fresh, computed};
}

void accesses_machine(const Cases *cases, const Machine *machine, const Accesses *accesses,
                      Result *result)
{
    int64_t once[LEVELS_MAX];
    if (!cases->passing) {
        count_near(cases, machine, accesses, result);
        return;
    }
    for (int l = 0; l < cases->n_levels; l++)
        once[l] = sum_link(cases, l, &machine->noc[l], &result->link[l]);
    count_reads(cases, result);
    count_outputs(cases, once, result);
}
