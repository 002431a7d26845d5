/* Link by link, from the outermost in. */
#include "engine/wait.h"

#include <string.h>

typedef struct {
    Links *links;
    const Cases *cases;
    int level;
    int64_t numbers[NUMBERS_MAX]; /* of the step's own; the last one what goes up */
    int home[TENSORS_MAX];
} Wait;

/* What a tensor waits for by latency alone, on the way from its home. */
static int64_t latency_from(const Wait *w, int home)
{
    int64_t latency = 0;
    for (int l = home; l <= w->level; l++)
        latency += max64(1, w->links->link[l].noc->latency) - 1;
    return latency;
}

/* Cycles for which link l holds a step up in one direction: inwards what it takes for all tensors
 * that cross it on their way to the level, outwards for the output; 0 if nothing does. */
static int64_t wait_link(const Wait *w, int l, bool out)
{
    const Shape *shape = w->links->shape;
    int64_t crossing[TENSORS_MAX] = {0}, latency = 0;
    bool any = false;
    for (int t = 0; t < shape->n_tensors; t++) {
        int64_t number = !out                 ? w->numbers[t]
                         : t == shape->output ? w->numbers[shape->n_tensors]
                                              : 0;
        if (number == 0 || w->home[t] > l)
            continue;
        any = true;
        crossing[t] = number;
        latency = max64(latency, latency_from(w, w->home[t]));
    }
    if (!any)
        return 0;
    Link link = w->links->link[l];
    int64_t cycles = out ? link_out_apart(w->links, &link, crossing[shape->output]).cycles
                         : link_load_apart(w->links, &link, crossing).cycles;
    add_product(&cycles, latency, w->links->unit, &w->links->overflow);
    return cycles;
}

/* The slowest link on the way, in one direction. */
static Load wait_way(const Wait *w, bool out)
{
    Load load = {0, 0, 0};
    for (int l = 0; l <= w->level; l++)
        load.cycles = max64(load.cycles, wait_link(w, l, out));
    return load;
}

Transfer wait_transfer(Links *links, const Cases *cases, int level, const Volumes *v)
{
    Wait w = {.links = links, .cases = cases, .level = level};
    const Link *link = &links->link[level];
    const int64_t *in = link->noc->multicast ? v->in_shared : v->in_each;
    int n = links->shape->n_tensors, o = links->shape->output;
    for (int t = 0; t < n; t++) {
        bool own = !(cases->cluster[level].passes >> t & 1);
        w.numbers[t] = own ? in[t] : 0;
        w.home[t] = cases_home(cases, level, t);
        if (t == o)
            w.numbers[n] = own ? link_out(link, v) : 0;
    }
    return (Transfer){wait_way(&w, false), wait_way(&w, true)};
}

Load wait_flush(Links *links, const Cases *cases, int level)
{
    int64_t most[LEVELS_MAX];
    int o = links->shape->output;
    Load slowest = {0, 0, 0};
    const UnitDim *layer = cases->entries.item[0].state.dim; /* the whole of it */
    int64_t extent[DIMS_MAX];
    for (int d = 0; d < links->shape->n_dims; d++)
        extent[d] = layer[d].move.now;
    flush_climb(extent, links->shape, cases->cluster, links->machine, level, most);
    for (int l = cases_home(cases, level, o); l <= level; l++) {
        Load load = link_out_apart(links, &links->link[l], most[l]);
        load_wait(links, &links->link[l], &load);
        slowest.cycles = max64(slowest.cycles, load.cycles);
    }
    return slowest;
}
