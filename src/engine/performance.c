/* A step takes the longest of its ingress, its slowest child and its egress, or their
 * sum where nothing hides the fill; a run takes the sum of its steps:
 *
 *     delay(v) = 0 if v = 0, else max(0, latency + ceil(v / bandwidth) - 1)
 *
 * Runs are evaluated from the innermost level out; then the layer's time is traced
 * back along the slowest children to what it was spent on. */
#include "engine/performance.h"

#include <glib.h>
#include <string.h>

void times_free(Times *times)
{
    g_free(times->entries.item);
    g_free(times->bodies.item);
    g_free(times->slowest.item);
}

typedef struct {
    const Cases *cases;
    const Machine *machine;
    Times *times;
    bool overflow;
} Clock;

static int64_t channel_delay(Clock *clock, const Noc *noc, Rational bandwidth, int64_t volume)
{
    if (!volume)
        return 0;
    int64_t cycles = 1;
    if (bandwidth.num) {
        __int128 scaled = (__int128) volume * bandwidth.den;
        __int128 wide = (scaled + bandwidth.num - 1) / bandwidth.num;
        if (wide > INT64_MAX / 2) {
            clock->overflow = true;
            return 0;
        }
        cycles = (int64_t) wide;
    }
    return max64(0, noc->latency + cycles - 1);
}

static int64_t ingress_delay(Clock *clock, const Noc *noc, const Volumes *v)
{
    const int64_t *in = noc->multicast ? v->in_shared : v->in_each;
    int n = clock->cases->shape.n_tensors;
    int64_t sum = 0, delay = 0;
    if (noc->per_tensor) {
        for (int t = 0; t < n; t++)
            delay = max64(delay, channel_delay(clock, noc, noc->bandwidth[t], in[t]));
        return delay;
    }
    for (int t = 0; t < n; t++)
        add_product(&sum, in[t], 1, &clock->overflow);
    return channel_delay(clock, noc, noc->bandwidth[0], sum);
}

static int64_t output_delay(Clock *clock, const Noc *noc, int64_t shared, int64_t each)
{
    return channel_delay(clock, noc,
                         noc->bandwidth[noc->per_tensor ? clock->cases->shape.output : 0],
                         noc->reduction ? shared : each);
}

/* The three times of a step. */
typedef struct {
    int64_t in, compute, out;
    bool hidden; /* they overlap */
} StepTime;

static StepTime step_time(Clock *clock, int level, const Step *step, bool first_of_run,
                          bool first_of_layer)
{
    const Noc *noc = &clock->machine->noc[level];
    int slowest = clock->times->slowest.item[step - clock->cases->steps.item];
    StepTime time = {.in = ingress_delay(clock, noc, &step->volumes),
                     .out = output_delay(clock, noc, step->volumes.out_shared,
                                         step->volumes.out_each)};
    time.compute = slowest < 0 ? ceil_div(step->volumes.macs, clock->machine->lanes)
                               : clock->times->entries.item[slowest].entry_cycles;
    time.hidden = noc->prefetch != PREFETCH_NONE && !first_of_layer &&
                  !(noc->prefetch == PREFETCH_TILE && first_of_run);
    return time;
}

static int64_t step_cycles(Clock *clock, StepTime time)
{
    if (time.hidden)
        return max64(time.in, max64(time.compute, time.out));
    int64_t sum = 0;
    add_product(&sum, time.in, 1, &clock->overflow);
    add_product(&sum, time.compute, 1, &clock->overflow);
    add_product(&sum, time.out, 1, &clock->overflow);
    return sum;
}

/* Finds the slowest kid of a step and the most compute steps of any. */
static int64_t step_kids(Clock *clock, int index)
{
    const Step *step = &clock->cases->steps.item[index];
    const EntryTime *entries = clock->times->entries.item;
    int64_t steps = step->n_kids ? 0 : 1;
    int slowest = -1;
    for (int k = step->kid; k < step->kid + step->n_kids; k++) {
        int entry = clock->cases->kids.item[k].entry;
        if (slowest < 0 || entries[entry].entry_cycles > entries[slowest].entry_cycles)
            slowest = entry;
        steps = max64(steps, entries[entry].entry_steps);
    }
    clock->times->slowest.item[index] = slowest;
    return steps;
}

static void add_step_time(Clock *clock, int level, int index, bool first_of_run,
                          bool first_of_layer, EntryTime *run)
{
    const Step *step = &clock->cases->steps.item[index];
    int64_t steps = step_kids(clock, index);
    int64_t cycles =
        step_cycles(clock, step_time(clock, level, step, first_of_run, first_of_layer));
    add_product(&run->entry_cycles, cycles, step->times, &clock->overflow);
    add_product(&run->entry_steps, steps, step->times, &clock->overflow);
}

static void time_level(Clock *clock, int level)
{
    const Cases *cases = clock->cases;
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        EntryTime *time = &clock->times->bodies.item[b];
        *time = (EntryTime){0, 0, 0};
        for (int s = body->step; s < body->step + body->n_steps; s++)
            add_step_time(clock, level, s, false, false, time);
    }
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++) {
        const Entry *entry = &cases->entries.item[e];
        EntryTime *time = &clock->times->entries.item[e];
        *time = entry->body < 0 ? (EntryTime){0, 0, 0} : clock->times->bodies.item[entry->body];
        add_step_time(clock, level, entry->step, true, entry->state.first, time);
    }
}

/* ---- where the time went ------------------------------------------------------ */

/* `count` occurrences of this step lie on the layer's critical path. */
static void trace_step(Clock *clock, int level, int index, bool first_of_run, bool first_of_layer,
                       int64_t count, int64_t cause[CAUSES])
{
    const Step *step = &clock->cases->steps.item[index];
    StepTime time = step_time(clock, level, step, first_of_run, first_of_layer);
    bool compute = !time.hidden || (time.compute >= time.in && time.compute >= time.out);
    if (!time.hidden) {
        cause[CAUSE_FILL] += count * time.in;
        cause[CAUSE_DRAIN] += count * time.out;
    } else if (!compute) {
        cause[time.in >= time.out ? CAUSE_INGRESS : CAUSE_EGRESS] +=
            count * max64(time.in, time.out);
    }
    if (!compute)
        return;
    int slowest = clock->times->slowest.item[index];
    if (slowest < 0)
        cause[CAUSE_COMPUTE] += count * time.compute;
    else
        clock->times->entries.item[slowest].critical += count;
}

static void trace_level(Clock *clock, int level, int64_t cause[CAUSES])
{
    const Cases *cases = clock->cases;
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++) {
        const Entry *entry = &cases->entries.item[e];
        int64_t count = clock->times->entries.item[e].critical;
        if (!count)
            continue;
        trace_step(clock, level, entry->step, true, entry->state.first, count, cause);
        if (entry->body >= 0)
            clock->times->bodies.item[entry->body].critical += count;
    }
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        int64_t count = clock->times->bodies.item[b].critical;
        for (int s = body->step; count && s < body->step + body->n_steps; s++)
            trace_step(clock, level, s, false, false, count * cases->steps.item[s].times, cause);
    }
}

/* ---- bandwidth that no step would wait for --------------------------------------- */

static double moved(const Volumes *v, const Noc *noc, int n, double *in)
{
    *in = 0;
    for (int t = 0; t < n; t++)
        *in += (double) (noc->multicast ? v->in_shared[t] : v->in_each[t]);
    return (double) (noc->reduction ? v->out_shared : v->out_each);
}

typedef struct {
    double volume, compute, peak;
} Demand;

static void demand_step(const Clock *clock, int level, int index, int64_t runs, Demand *demand)
{
    const Step *step = &clock->cases->steps.item[index];
    const Noc *noc = &clock->machine->noc[level];
    int slowest = clock->times->slowest.item[index];
    int64_t compute = slowest < 0 ? ceil_div(step->volumes.macs, clock->machine->lanes)
                                  : clock->times->entries.item[slowest].entry_cycles;
    double in, out = moved(&step->volumes, noc, clock->cases->shape.n_tensors, &in);
    double count = (double) runs * (double) step->times;
    double time = (double) max64(1, compute - noc->latency + 1);
    demand->volume += count * (in + out);
    demand->compute += count * (double) compute;
    demand->peak = MAX(demand->peak, MAX(in, out) / time);
}

static void demand_level(const Clock *clock, int level, LevelResult *result)
{
    const Cases *cases = clock->cases;
    Demand demand = {0, 0, 0};
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++) {
        double peak = demand.peak;
        demand_step(clock, level, cases->entries.item[e].step, cases->entries.item[e].times,
                    &demand);
        if (cases->entries.item[e].state.first)
            demand.peak = peak; /* nothing can hide the first fill */
    }
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        for (int s = body->step; s < body->step + body->n_steps; s++)
            demand_step(clock, level, s, body->times, &demand);
    }
    result->peak_bandwidth = demand.peak;
    result->average_bandwidth = demand.compute > 0 ? demand.volume / demand.compute : 0;
}

/* ---- all of it -------------------------------------------------------------------- */

#define RESERVE(list, count)                                                                       \
    do {                                                                                           \
        if ((list).capacity < (count)) {                                                           \
            (list).capacity = (count) * 2;                                                         \
            (list).item = g_realloc_n((list).item, (gsize) (list).capacity, sizeof *(list).item);  \
        }                                                                                          \
    } while (0)

static int64_t count_pe_steps(const Clock *clock)
{
    const Cases *cases = clock->cases;
    int64_t sum = 0;
    int level = cases->n_levels - 1;
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++)
        sum += cases->entries.item[e].times *
               cases->steps.item[cases->entries.item[e].step].volumes.working;
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        for (int s = body->step; s < body->step + body->n_steps; s++)
            sum += body->times * cases->steps.item[s].times * cases->steps.item[s].volumes.working;
    }
    return sum;
}

void performance_time(const Cases *cases, const Machine *machine, Times *times, Result *result)
{
    Clock clock = {cases, machine, times, false};
    int64_t worst[LEVELS_MAX] = {0}, *cause = result->cycles_by_cause;
    RESERVE(times->entries, cases->entries.n);
    RESERVE(times->bodies, cases->bodies.n);
    RESERVE(times->slowest, cases->steps.n);
    for (int l = cases->n_levels - 1; l >= 0; l--)
        time_level(&clock, l);
    for (int l = 0; l < cases->n_levels; l++)
        worst[l] = output_delay(&clock, &machine->noc[l], cases->left_shared[l],
                                cases->left_each[l]);

    EntryTime root = times->entries.item[0];
    memset(cause, 0, CAUSES * sizeof *cause);
    result->onchip_cycles = root.entry_cycles;
    for (int l = 0; l < cases->n_levels; l++)
        add_product(&result->onchip_cycles, worst[l], 1, &clock.overflow);
    if (clock.overflow) {
        result->status = RESULT_OVERFLOW;
        return;
    }
    for (int l = 0; l < cases->n_levels; l++)
        cause[CAUSE_DRAIN] += worst[l];
    for (int e = 0; e < cases->entries.n; e++)
        times->entries.item[e].critical = e == 0;
    for (int b = 0; b < cases->bodies.n; b++)
        times->bodies.item[b].critical = 0;
    for (int l = 0; l < cases->n_levels; l++)
        trace_level(&clock, l, cause);
    for (int l = 0; l < cases->n_levels; l++)
        demand_level(&clock, l, &result->level[l]);
    result->active_pes = (double) count_pe_steps(&clock) / (double) root.entry_steps;
}
