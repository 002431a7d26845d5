/* Only windows with an arrival of their own are looked at: the bandwidth of another one lies
 * between those of the windows inside it. */
#include "engine/demand.h"

#include <string.h>

/* The bandwidth elements / compute, not yet divided. */
typedef struct {
    double elements, compute;
} Peak;

/* A level. */
typedef struct {
    const Cases *cases;
    const Machine *machine;
    Times *times;
    double cycle; /* 1 / unit */
    int level, links;
    Peak peak[LEVELS_MAX];     /* of each link */
    double volume[LEVELS_MAX]; /* over all runs, the larger way of each */
    double compute;            /* cycles, over all runs */
} Demand;

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Cycles. */
static inline double step_compute(const Demand *d, int index)
{
    return (double) d->times->compute.item[index] * d->cycle;
}

static bool counts(const Demand *d, bool first_of_run, bool first_of_layer)
{
    Prefetch prefetch = d->machine->noc[d->level].prefetch;
    return prefetch == PREFETCH_NONE ? !first_of_layer
                                     : !timetable_waits(prefetch, first_of_run, first_of_layer);
}

static inline void raise_peak(const Transfer *transfer, double compute, Peak *peak)
{
    double elements = larger(transfer->in.elements, transfer->out.elements);
    if (compute > 0 && elements * peak->compute > peak->elements * compute)
        *peak = (Peak){elements, compute};
}

static inline void raise_handed(Demand *d, int first, int n, double compute)
{
    const Handed *handed = d->times->table.handed.item + first;
    for (int h = 0; h < n; h++)
        raise_peak(&handed[h].transfer, compute, &d->peak[handed[h].level - d->level]);
}

/* The windows that the step begins; where nothing is hidden, the step. */
static inline void look_at_step(Demand *d, int index, double compute)
{
    const Timetable *table = &d->times->table;
    const TimeStep *row = &table->steps.item[index];
    raise_peak(&row->own, compute, &d->peak[0]);
    raise_handed(d, row->handed, row->n_handed, compute);
    for (int b = row->bound; b < row->bound + row->n_bounds; b++) {
        const Bound *bound = &table->bounds.item[b];
        double within = compute + d->times->work.item[bound->window];
        raise_peak(&bound->own, within, &d->peak[0]);
        raise_handed(d, bound->handed, bound->n_handed, within);
    }
}

static void look_at_window(Demand *d, int w)
{
    const Window *window = &d->cases->windows.item[w];
    bool counted = window->times > 0 && counts(d, false, false);
    double work = window->first >= 0 ? d->times->work.item[window->first] : 0;
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        const Step *step = &d->cases->steps.item[s];
        double compute = step_compute(d, s);
        if (counted)
            look_at_step(d, s, compute);
        work += (double) step->in_window *
                (compute + (step->window >= 0 ? d->times->work.item[step->window] : 0));
    }
    d->times->work.item[w] = work;
}

/* Of level 0, where only the work of all of it is asked for. */
static void look_at_root(Demand *d)
{
    const Cases *cases = d->cases;
    bool counted = counts(d, false, false);
    double work = 0;
    for (int s = 1; s < cases->step[1]; s++) {
        double compute = step_compute(d, s);
        if (counted)
            look_at_step(d, s, compute);
        work += (double) cases->steps.item[s].total * compute;
    }
    if (cases->window[1] > 0)
        d->times->work.item[cases->window[1] - 1] = work;
}

/* A run: its first step, and the others. */
static void look_at_entry(Demand *d, int index)
{
    const Entry *entry = &d->cases->entries.item[index];
    const Moved *first = d->times->table.first.item + index * LEVELS_MAX;
    const Moved *rest =
        entry->body >= 0 ? d->times->table.moved.item + entry->body * LEVELS_MAX : NULL;
    double times = (double) entry->times;
    double work = rest ? d->times->work.item[cases_rest(d->cases, entry)] : 0;
    bool counted = entry->times > 0 && counts(d, true, entry->state.first);
    if (counted) {
        double compute = step_compute(d, entry->step);
        look_at_step(d, entry->step, compute);
        work += compute;
    }
    for (int link = 0; link < d->links; link++) {
        Moved run = rest ? rest[link] : (Moved){0, 0};
        run.in += counted ? first[link].in : 0;
        run.out += counted ? first[link].out : 0;
        d->volume[link] += times * larger(run.in, run.out);
    }
    d->compute += times * work;
}

void demand_levels(const Cases *cases, const Machine *machine, Times *times, Result *result)
{
    for (int l = 0; l < cases->n_levels;) {
        Demand d; /* as far as there are links */
        d.cases = cases;
        d.machine = machine;
        d.times = times;
        d.level = l;
        d.compute = 0;
        d.cycle = 1 / (double) times->table.links.unit;
        d.links = timetable_links(&times->table, cases, l);
        for (int link = 0; link < d.links; link++) {
            d.peak[link] = (Peak){0, 1};
            d.volume[link] = 0;
        }
        bool plain = l == 0 && times->table.plain;
        if (plain)
            look_at_root(&d);
        for (int w = cases->window[l]; w < cases->window[l + 1] && !plain; w++)
            look_at_window(&d, w);
        for (int e = cases->entry[l]; e < cases->entry[l + 1]; e++)
            look_at_entry(&d, e);
        for (int link = 0; link < d.links; link++) {
            result->level[l + link].peak_bandwidth = d.peak[link].elements / d.peak[link].compute;
            result->level[l + link].average_bandwidth =
                d.compute > 0 ? d.volume[link] / d.compute : 0;
        }
        l += d.links;
    }
}
