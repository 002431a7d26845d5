/* A step takes the longest of its ingress, its slowest child and its egress, or their
 * sum where nothing hides the fill; a run takes the sum of its steps:
 *
 *     delay(v) = 0 if v = 0, else max(0, latency + ceil(v / bandwidth) - 1)
 *
 * Of a sparse layer v and the MACs are scaled by densities and nothing is rounded up but
 * the layer's time: its times are in small fractions of a cycle, and a transfer takes a
 * cycle at least.
 *
 * Runs are evaluated from the innermost level out; then the layer's time is traced
 * back along the slowest children to what it was spent on. */
#include "engine/performance.h"

#include <glib.h>
#include <math.h>
#include <string.h>

void times_free(Times *times)
{
    g_free(times->entries.item);
    g_free(times->bodies.item);
    g_free(times->steps.item);
}

/* Of a sparse layer, times are in these fractions of a cycle, as fine as they fit. */
enum { FINEST = 48, COARSER = 4 }; /* bits */

/* Over the steps of a level: elements moved, cycles computed, and the most elements per cycle that
 * no step would wait for. */
typedef struct {
    double volume, compute, peak;
} Demand;

typedef struct {
    const Cases *cases;
    const Machine *machine;
    Times *times;
    bool overflow;
    const Noc *noc; /* of the level that is timed */
    Demand demand;  /* of that level so far */
} Clock;

/* ceil(volume * den / num) where the product has more than 63 bits. */
static int64_t wide_cycles(Rational bandwidth, int64_t volume)
{
    __int128 scaled = (__int128) volume * bandwidth.den;
    __int128 cycles = (scaled + bandwidth.num - 1) / bandwidth.num;
    return cycles > INT64_MAX ? INT64_MAX : (int64_t) cycles;
}

static inline int64_t channel_delay(Clock *clock, const Noc *noc, const Rational *bandwidth,
                                    int64_t volume)
{
    int64_t cycles = 1, scaled;
    if (!volume)
        return 0;
    if (bandwidth->num) {
        cycles = __builtin_mul_overflow(volume, bandwidth->den, &scaled)
                     ? wide_cycles(*bandwidth, volume)
                     : (scaled - 1) / bandwidth->num + 1;
        if (cycles > INT64_MAX / 2) {
            clock->overflow = true;
            return 0;
        }
    }
    return max64(0, noc->latency + cycles - 1);
}

static double channel_rate(Rational bandwidth)
{
    return (double) bandwidth.num / (double) bandwidth.den;
}

/* To the nearest of the fractions that times are in. */
static int64_t fraction(Clock *clock, double time)
{
    if (time < 4e18)
        return (int64_t) rint(time);
    clock->overflow = true;
    return 0;
}

/* The delay of so many elements, which need not be whole. */
static int64_t sparse_delay(Clock *clock, const Noc *noc, Rational bandwidth, double volume)
{
    if (volume <= 0)
        return 0;
    double cycles = bandwidth.num ? fmax(1, volume / channel_rate(bandwidth)) : 1;
    double delay = ((double) noc->latency + cycles - 1) * (double) clock->times->unit;
    return fraction(clock, fmax(0, delay));
}

static int64_t sparse_ingress(Clock *clock, const Noc *noc, const int64_t *in)
{
    const Shape *shape = &clock->cases->shape;
    double sum = 0;
    int64_t delay = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        double volume = shape->density[t] * (double) in[t];
        sum += volume;
        if (noc->per_tensor)
            delay = max64(delay, sparse_delay(clock, noc, noc->bandwidth[t], volume));
    }
    return noc->per_tensor ? delay : sparse_delay(clock, noc, noc->bandwidth[0], sum);
}

/* Of a channel for each tensor, or of a sparse layer. */
static int64_t several_delays(Clock *clock, const Noc *noc, const Volumes *v)
{
    const int64_t *in = noc->multicast ? v->in_shared : v->in_each;
    int64_t delay = 0;
    if (clock->cases->shape.sparse)
        return sparse_ingress(clock, noc, in);
    for (int t = 0; t < clock->cases->shape.n_tensors; t++)
        delay = max64(delay, channel_delay(clock, noc, &noc->bandwidth[t], in[t]));
    return delay;
}

static inline int64_t ingress_delay(Clock *clock, const Noc *noc, const Volumes *v)
{
    if (noc->per_tensor || clock->cases->shape.sparse)
        return several_delays(clock, noc, v);
    int64_t all = performance_ingress(noc, v);
    if (all < 0) {
        clock->overflow = true;
        return 0;
    }
    return channel_delay(clock, noc, &noc->bandwidth[0], all);
}

static inline int64_t output_delay(Clock *clock, const Noc *noc, int64_t shared, int64_t each)
{
    const Shape *shape = &clock->cases->shape;
    const Rational *bandwidth = &noc->bandwidth[noc->per_tensor ? shape->output : 0];
    int64_t volume = noc->reduction ? shared : each;
    if (shape->sparse)
        return sparse_delay(clock, noc, *bandwidth,
                            shape->density[shape->output] * (double) volume);
    return channel_delay(clock, noc, bandwidth, volume);
}

int64_t performance_flush(const Cases *cases, const Noc *noc, int level)
{
    Clock clock = {.cases = cases};
    int64_t delay = output_delay(&clock, noc, cases->left_shared[level], cases->left_each[level]);
    return clock.overflow ? -1 : delay;
}

static inline int64_t compute_delay(Clock *clock, int64_t macs)
{
    const Shape *shape = &clock->cases->shape;
    if (!shape->sparse)
        return ceil_div(macs, clock->machine->lanes);
    double cycles = shape->work * (double) macs / (double) clock->machine->lanes;
    return fraction(clock, cycles * (double) clock->times->unit);
}

/* The slowest kid of a step, and the most compute steps of any. */
static inline void step_kids(const Clock *clock, const Step *step, StepTime *time)
{
    const RunTime *entries = clock->times->entries.item;
    const Kid *kid = &clock->cases->kids.item[step->kid];
    time->slowest = kid->entry;
    time->compute = entries[kid->entry].cycles;
    time->steps = entries[kid->entry].steps;
    for (int k = 1; k < step->n_kids; k++) {
        const RunTime *run = &entries[kid[k].entry];
        if (run->cycles > time->compute) {
            time->slowest = kid[k].entry;
            time->compute = run->cycles;
        }
        time->steps = max64(time->steps, run->steps);
    }
}

/* Of a sparse layer, or where the sum has more than 63 bits. */
static double elements_in(const Noc *noc, const Volumes *v, const Shape *shape)
{
    double sum = 0;
    for (int t = 0; t < shape->n_tensors; t++)
        sum += shape->density[t] * (double) (noc->multicast ? v->in_shared[t] : v->in_each[t]);
    return sum;
}

static inline void add_demand(Clock *clock, const Step *step, double compute)
{
    const Noc *noc = clock->noc;
    const Volumes *v = &step->volumes;
    const Shape *shape = &clock->cases->shape;
    Demand *demand = &clock->demand;
    double in = (double) performance_ingress(noc, v);
    double out = (double) (noc->reduction ? v->out_shared : v->out_each);
    if (shape->sparse || in < 0) {
        in = elements_in(noc, v, shape);
        out *= shape->density[shape->output];
    }
    double count = (double) step->total;
    demand->volume += count * (in + out);
    double hides = compute - (double) noc->latency + 1;
    demand->compute += count * compute;
    demand->peak = MAX(demand->peak, MAX(in, out) / MAX(1, hides));
}

/* Adds the step to a run of the level. */
static void time_step(Clock *clock, int index, bool overlap, RunTime *run)
{
    const Step *step = &clock->cases->steps.item[index];
    const Noc *noc = clock->noc;
    StepTime *time = &clock->times->steps.item[index];
    int64_t in = ingress_delay(clock, noc, &step->volumes);
    int64_t out = output_delay(clock, noc, step->volumes.out_shared, step->volumes.out_each);
    if (step->n_kids)
        step_kids(clock, step, time);
    else
        *time = (StepTime){
            .compute = compute_delay(clock, step->volumes.macs), .steps = 1, .slowest = -1};
    time->in = in;
    time->out = out;
    int64_t compute = time->compute, cycles = max64(in, max64(compute, out));
    if (!overlap && (__builtin_add_overflow(in, compute, &cycles) ||
                     __builtin_add_overflow(cycles, out, &cycles)))
        clock->overflow = true;
    add_product(&run->cycles, cycles, step->times, &clock->overflow);
    add_product(&run->steps, time->steps, step->times, &clock->overflow);
    if (!clock->overflow) /* else a time may be anything */
        add_demand(clock, step, (double) compute / (double) clock->times->unit);
}

static void time_level(Clock *clock, int level, LevelResult *result)
{
    const Cases *cases = clock->cases;
    const Noc *noc = clock->noc = &clock->machine->noc[level];
    bool overlap = performance_hidden(noc, false, false);
    clock->demand = (Demand){0, 0, 0};
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        RunTime run = {0, 0, 0};
        for (int s = body->step; s < body->step + body->n_steps; s++)
            time_step(clock, s, overlap, &run);
        clock->times->bodies.item[b] = run;
    }
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++) {
        const Entry *entry = &cases->entries.item[e];
        bool first = entry->state.first;
        double peak = clock->demand.peak;
        RunTime run = {0, 0, 0};
        if (entry->body >= 0)
            run = clock->times->bodies.item[entry->body];
        time_step(clock, entry->step, performance_hidden(noc, true, first), &run);
        if (first)
            clock->demand.peak = peak; /* nothing can hide the first fill */
        clock->times->entries.item[e] = run;
    }
    const Demand *demand = &clock->demand;
    result->peak_bandwidth = demand->peak;
    result->average_bandwidth = demand->compute > 0 ? demand->volume / demand->compute : 0;
}

/* ---- where the time went ------------------------------------------------------ */

/* `count` occurrences of this step lie on the layer's critical path. */
static void trace_step(Clock *clock, int index, bool overlap, int64_t count, int64_t cause[CAUSES])
{
    const StepTime *time = &clock->times->steps.item[index];
    if (!overlap) {
        cause[CAUSE_FILL] += count * time->in;
        cause[CAUSE_DRAIN] += count * time->out;
    } else if (time->compute < time->in || time->compute < time->out) {
        cause[time->in >= time->out ? CAUSE_INGRESS : CAUSE_EGRESS] +=
            count * max64(time->in, time->out);
        return;
    }
    if (time->slowest < 0)
        cause[CAUSE_COMPUTE] += count * time->compute;
    else
        clock->times->entries.item[time->slowest].critical += count;
}

static void trace_level(Clock *clock, int level, int64_t cause[CAUSES])
{
    const Cases *cases = clock->cases;
    const Noc *noc = &clock->machine->noc[level];
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++) {
        const Entry *entry = &cases->entries.item[e];
        int64_t count = clock->times->entries.item[e].critical;
        if (!count)
            continue;
        trace_step(clock, entry->step, performance_hidden(noc, true, entry->state.first), count,
                   cause);
        if (entry->body >= 0)
            clock->times->bodies.item[entry->body].critical += count;
    }
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        int64_t count = clock->times->bodies.item[b].critical;
        for (int s = body->step; count && s < body->step + body->n_steps; s++)
            trace_step(clock, s, performance_hidden(noc, false, false),
                       count * cases->steps.item[s].times, cause);
    }
}

/* ---- all of it -------------------------------------------------------------------- */

/* From small fractions to cycles, up; what rounding may have added to each step is taken off
 * before. The causes are rounded so that they add up to the time. */
static void round_times(int64_t unit, int64_t steps, Result *result)
{
    int64_t slack = min64(steps, min64(unit / 2, result->onchip_cycles));
    int64_t rest = max64(1, ceil_div(result->onchip_cycles - slack, unit));
    result->onchip_cycles = rest;
    int largest = 0;
    for (int c = 0; c < CAUSES; c++) {
        result->cycles_by_cause[c] /= unit;
        rest -= result->cycles_by_cause[c];
        if (result->cycles_by_cause[c] > result->cycles_by_cause[largest])
            largest = c;
    }
    result->cycles_by_cause[largest] += rest;
}

/* All runs, and what goes up after the last step; false if a time does not fit. */
static bool time_levels(Clock *clock, int64_t left[LEVELS_MAX], Result *result)
{
    const Cases *cases = clock->cases;
    clock->overflow = false;
    for (int l = cases->n_levels - 1; l >= 0; l--)
        time_level(clock, l, &result->level[l]);
    result->onchip_cycles = clock->times->entries.item[0].cycles;
    for (int l = 0; l < cases->n_levels; l++) {
        left[l] = output_delay(clock, &clock->machine->noc[l], cases->left_shared[l],
                               cases->left_each[l]);
        add_product(&result->onchip_cycles, left[l], 1, &clock->overflow);
    }
    return !clock->overflow;
}

void performance_time(const Cases *cases, const Machine *machine, Times *times, Result *result)
{
    Clock clock = {.cases = cases, .machine = machine, .times = times};
    int64_t left[LEVELS_MAX], *cause = result->cycles_by_cause;
    RESERVE(times->entries, cases->entries.n);
    RESERVE(times->bodies, cases->bodies.n);
    RESERVE(times->steps, cases->steps.n);
    times->unit = cases->shape.sparse ? INT64_C(1) << FINEST : 1;
    while (!time_levels(&clock, left, result) && times->unit > 1)
        times->unit >>= COARSER;
    if (clock.overflow) {
        result->status = RESULT_OVERFLOW;
        return;
    }
    memset(cause, 0, CAUSES * sizeof *cause);
    for (int l = 0; l < cases->n_levels; l++)
        cause[CAUSE_DRAIN] += left[l];
    times->entries.item[0].critical = 1;
    for (int l = 0; l < cases->n_levels; l++)
        trace_level(&clock, l, cause);
    int64_t steps = times->entries.item[0].steps;
    result->active_pes = (double) cases->pe_steps / (double) steps;
    if (times->unit > 1)
        round_times(times->unit, steps, result);
}

/* ---- delays of the steps ------------------------------------------------------------ */

static void delay_step(const Cases *cases, const Times *times, int index, Delays *d, double *steps)
{
    const StepTime *time = &times->steps.item[index];
    const int64_t value[DELAYS] = {ceil_div(time->in, times->unit),
                                   ceil_div(time->out, times->unit),
                                   ceil_div(time->compute, times->unit)};
    double count = (double) cases->steps.item[index].times;
    for (int k = 0; k < DELAYS; k++) {
        d->least[k] = *steps > 0 ? min64(d->least[k], value[k]) : value[k];
        d->most[k] = max64(d->most[k], value[k]);
        d->mean[k] += count * (double) value[k];
    }
    *steps += count;
}

void performance_delays(const Cases *cases, const Times *times, Delays *delays)
{
    const Entry *root = &cases->entries.item[0];
    double steps = 0;
    memset(delays, 0, sizeof *delays);
    delay_step(cases, times, root->step, delays, &steps);
    if (root->body >= 0) {
        const Body *body = &cases->bodies.item[root->body];
        for (int s = body->step; s < body->step + body->n_steps; s++)
            delay_step(cases, times, s, delays, &steps);
    }
    for (int k = 0; k < DELAYS; k++)
        delays->mean[k] /= steps;
}
