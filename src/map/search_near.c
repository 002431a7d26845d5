/* Mappings near one that is found: the sizes of some dims are decided anew, the others kept. */
#include "map/search_parts.h"

enum { NEAR_BOUNDS = 300 /* of a look, twice for each such dim */ };

/* All of them together would be the whole skeleton. */
static int fewer_than_all(const Layer *layer, int most)
{
    int n = 0;
    for (int d = 0; d < layer->op.n_dims; d++)
        n += layer->extent[d] > 1;
    return MIN(most, n - 1);
}

/* The others are as in the mapping that is the best. */
static void move_dims(Worker *w, unsigned dims, int64_t bounds)
{
    const Wish wish = w->wish;
    w->near.wish = &wish;
    w->near.loose = dims;
    w->probe_bounds = search_bounds(w) + bounds;
    w->probe_evaluations = w->evaluated + bounds / 8;
    partial_start(&w->near.partial, w->search->request->layer, w->branch.partial.skeleton,
                  w->near.model.model.homes);
    branch_run(&w->near);
}

void search_near(Worker *w, int most)
{
    const Layer *layer = w->search->request->layer;
    const int64_t probe_bounds = w->probe_bounds, probe_evaluations = w->probe_evaluations;
    bool stopped = false;
    most = fewer_than_all(layer, most);
    w->moving = true;
    w->near.model = w->branch.model;
    for (int n = 1; n <= most && !stopped;) {
        const double before = best_value(&w->search->best);
        for (unsigned dims = 1; dims >> layer->op.n_dims == 0 && !stopped; dims++) {
            if (__builtin_popcount(dims) != n || (dims & w->search->shape.all) != dims)
                continue;
            move_dims(w, dims, NEAR_BOUNDS << n);
            w->probe_bounds = 0;
            stopped = search_is_stopped(w);
        }
        n = best_value(&w->search->best) < before ? 1 : n + 1;
    }
    w->moving = false;
    w->probe_bounds = probe_bounds;
    w->probe_evaluations = probe_evaluations;
}
