/* Levels inside the innermost one that varies are timed once, in integers; the others in
 * lanes, from the inside out, with the same maxima and sums as performance.c. */
#include "engine/variants.h"

#include <glib.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(DCC_SANITIZE)
#define WIDE                                                                                       \
    __attribute__((target_clones("avx512f", "avx2", "default"),                                    \
                   optimize("O3", "finite-math-only", "no-signed-zeros")))
#else
#define WIDE
#endif
#define INLINE static inline __attribute__((always_inline))

static const double EXACT = 9007199254740992.0; /* 2^53 */

void variants_free(VariantTable *table)
{
    g_free(table->steps.item);
    g_free(table->entries.item);
    g_free(table->bodies.item);
}

/* ---- lanes -------------------------------------------------------------------------- */

/* A level's interconnect on a block of machines. */
typedef struct {
    bool fixed;               /* the same on all: the table has delays */
    Lanes bandwidth, latency; /* unlimited: 2^53, more than any volume */
    double left;              /* goes up after the last step */
} Channel;

INLINE double larger(double a, double b)
{
    return a > b ? a : b;
}

/* 0 <= q < 2^52; an addition that leaves no bits for the fraction rounds it. */
INLINE double round_up(double q)
{
    double near = (q + EXACT / 2) - EXACT / 2;
    return near < q ? near + 1 : near;
}

/* The volume itself where `fixed` says that it is a delay, or that there is none. */
INLINE double delay(const Channel *channel, double volume, bool fixed, int i)
{
    if (fixed)
        return volume;
    double cycles = larger(1, round_up(volume / channel->bandwidth.lane[i]));
    return larger(0, channel->latency.lane[i] + (cycles - 1));
}

/* The slowest kid, or what the step computes itself. */
INLINE void compute_lanes(const TableStep *step, const Kid *kids, const Lanes *entries,
                          Lanes *compute)
{
    for (int i = 0; i < LANES; i++)
        compute->lane[i] = step->compute;
    for (int k = step->kid; k < step->kid + step->n_kids; k++) {
        const Lanes *kid = &entries[kids[k].entry];
        for (int i = 0; i < LANES; i++)
            compute->lane[i] = larger(compute->lane[i], kid->lane[i]);
    }
}

INLINE void add_lanes(const TableStep *step, const Channel *channel, bool overlap, const Kid *kids,
                      const Lanes *entries, Lanes *run)
{
    if (step->times == 0)
        return;
    bool still_in = channel->fixed || step->in == 0, still_out = channel->fixed || step->out == 0;
    Lanes compute;
    compute_lanes(step, kids, entries, &compute);
    for (int i = 0; i < LANES; i++) {
        double in = delay(channel, step->in, still_in, i);
        double out = delay(channel, step->out, still_out, i);
        double time = compute.lane[i];
        time = overlap ? larger(in, larger(time, out)) : in + time + out;
        run->lane[i] += step->times * time;
    }
}

INLINE void level_lanes(const VariantTable *table, const Cases *cases, int level, const Noc *noc,
                        const Channel *channel)
{
    const TableStep *steps = table->steps.item;
    Lanes *entries = table->entries.item;
    bool overlap = performance_hidden(noc, false, false);
    for (int b = cases->body[level]; b < cases->body[level + 1]; b++) {
        const Body *body = &cases->bodies.item[b];
        Lanes run = {{0}};
        for (int s = body->step; s < body->step + body->n_steps; s++)
            add_lanes(&steps[s], channel, overlap, cases->kids.item, entries, &run);
        table->bodies.item[b] = run;
    }
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++) {
        const Entry *entry = &cases->entries.item[e];
        Lanes run = {{0}};
        if (entry->body >= 0)
            run = table->bodies.item[entry->body];
        add_lanes(&steps[entry->step], channel, performance_hidden(noc, true, entry->state.first),
                  cases->kids.item, entries, &run);
        entries[e] = run;
    }
}

/* Time of the layer on a block of machines, by the levels 0 .. deepest; `rest` is what the
 * levels inside take after the last step. */
WIDE static void block_cycles(const VariantTable *table, const Cases *cases, const Machine *machine,
                              const Channel *channels, int deepest, double rest, Lanes *cycles)
{
    for (int l = deepest; l >= 0; l--)
        level_lanes(table, cases, l, &machine->noc[l], &channels[l]);
    *cycles = table->entries.item[0];
    for (int l = 0; l <= deepest; l++) {
        bool still = channels[l].fixed || channels[l].left == 0;
        for (int i = 0; i < LANES; i++)
            cycles->lane[i] += delay(&channels[l], channels[l].left, still, i);
    }
    for (int i = 0; i < LANES; i++)
        cycles->lane[i] += rest;
}

/* ---- the table ---------------------------------------------------------------------- */

static bool varies(const Variants *variants, int level)
{
    return variants->bandwidth[level] || variants->latency[level];
}

/* What a level moves where its one channel varies; false if a double might not hold it. */
static bool set_volume(double *place, const Variants *variants, const Noc *noc, int level,
                       int64_t volume)
{
    int64_t scaled;
    if (__builtin_mul_overflow(volume, variants->bandwidth[level] ? 1 : noc->bandwidth[0].den,
                               &scaled))
        return false;
    *place = (double) scaled;
    return *place < EXACT / 2;
}

static bool set_step(VariantTable *table, const Cases *cases, const Machine *machine,
                     const Times *times, const Variants *variants, int level, int deepest,
                     int index)
{
    const Step *step = &cases->steps.item[index];
    const StepTime *time = &times->steps.item[index];
    const Noc *noc = &machine->noc[level];
    TableStep *row = &table->steps.item[index];
    bool waits = level < deepest && step->n_kids;
    *row = (TableStep){(double) time->in,    (double) time->out, waits ? 0 : (double) time->compute,
                       (double) step->times, step->kid,          waits ? step->n_kids : 0};
    if (!varies(variants, level))
        return true;
    int64_t out = noc->reduction ? step->volumes.out_shared : step->volumes.out_each;
    int64_t in = performance_ingress(noc, &step->volumes);
    return in >= 0 && set_volume(&row->in, variants, noc, level, in) &&
           set_volume(&row->out, variants, noc, level, out);
}

static bool alike(const TableStep *a, const TableStep *b)
{
    return a->in == b->in && a->out == b->out && a->compute == b->compute && !a->n_kids &&
           !b->n_kids;
}

/* Steps of one body that take the same time on every machine: the first one counts for all. */
static void join_steps(TableStep *steps, int n)
{
    for (int s = 1; s < n; s++)
        for (int k = 0; k < s; k++)
            if (alike(&steps[k], &steps[s])) {
                steps[k].times += steps[s].times;
                steps[s].times = 0;
                break;
            }
}

/* False if the fast way is not exact for this nest. */
static bool set_table(VariantTable *table, const Cases *cases, const Machine *machine,
                      const Times *times, const Variants *variants, int deepest)
{
    RESERVE(table->steps, cases->steps.n);
    RESERVE(table->entries, cases->entries.n);
    RESERVE(table->bodies, cases->bodies.n);
    for (int l = 0; l <= deepest; l++) {
        for (int e = cases->entry[l]; e < cases->entry[l + 1]; e++)
            if (!set_step(table, cases, machine, times, variants, l, deepest,
                          cases->entries.item[e].step))
                return false;
        for (int b = cases->body[l]; b < cases->body[l + 1]; b++) {
            const Body *body = &cases->bodies.item[b];
            for (int s = body->step; s < body->step + body->n_steps; s++)
                if (!set_step(table, cases, machine, times, variants, l, deepest, s))
                    return false;
            join_steps(table->steps.item + body->step, body->n_steps);
        }
    }
    return true;
}

static int64_t level_left(const Cases *cases, const Noc *noc, int level)
{
    return noc->reduction ? cases->left_shared[level] : cases->left_each[level];
}

/* Figures of the level on machines first .. first + n - 1; lanes beyond repeat the last one. */
static void set_channel(Channel *channel, const Variants *variants, const Noc *noc, int level,
                        int first, int n)
{
    for (int i = 0; i < LANES; i++) {
        int at = first + MIN(i, n - 1);
        int64_t bandwidth =
            variants->bandwidth[level] ? variants->bandwidth[level][at] : noc->bandwidth[0].num;
        int64_t latency = variants->latency[level] ? variants->latency[level][at] : noc->latency;
        channel->bandwidth.lane[i] = bandwidth ? (double) bandwidth : EXACT;
        channel->latency.lane[i] = (double) latency;
    }
}

/* ---- machines one by one -------------------------------------------------------------- */

static int64_t one_machine(const Cases *cases, const Machine *machine, Times *times,
                           const Variants *variants, int at)
{
    Machine one = *machine;
    Result result = {.status = RESULT_OK};
    for (int l = 0; l < cases->n_levels; l++) {
        if (variants->latency[l])
            one.noc[l].latency = variants->latency[l][at];
        if (variants->bandwidth[l]) {
            one.noc[l].per_tensor = false;
            one.noc[l].bandwidth[0] = (Rational){variants->bandwidth[l][at], 1};
        }
    }
    performance_time(cases, &one, times, &result);
    return result.status == RESULT_OK ? result.onchip_cycles : -1;
}

/* ---- all of it ------------------------------------------------------------------------ */

/* The innermost level that varies; -1 if none does, or one in several channels. */
static int deepest_level(const Cases *cases, const Machine *machine, const Variants *variants)
{
    int deepest = -1;
    for (int l = 0; l < cases->n_levels; l++) {
        if (!varies(variants, l))
            continue;
        if (!variants->bandwidth[l] && machine->noc[l].per_tensor)
            return -1;
        deepest = l;
    }
    return deepest;
}

/* Times the machine as it is, for the levels that do not vary; false if that overflows, or if the
 * lanes are of no use.  channels[] and *rest get what goes up after the last step. */
static bool prepare(VariantTable *table, const Cases *cases, const Machine *machine, Times *times,
                    const Variants *variants, int deepest, Channel *channels, double *rest)
{
    Result base = {.status = RESULT_OK};
    if (deepest < 0 || cases->shape.sparse)
        return false;
    performance_time(cases, machine, times, &base);
    if (base.status != RESULT_OK || !set_table(table, cases, machine, times, variants, deepest))
        return false;
    *rest = 0;
    for (int l = 0; l < cases->n_levels; l++) {
        const Noc *noc = &machine->noc[l];
        bool vary = varies(variants, l);
        double *left = l <= deepest ? &channels[l].left : rest, delay = 0;
        if (vary && !set_volume(&delay, variants, noc, l, level_left(cases, noc, l)))
            return false;
        if (!vary)
            delay = (double) performance_flush(cases, noc, l);
        *left = l <= deepest ? delay : *rest + delay;
        channels[l].fixed = !vary;
    }
    return true;
}

void variants_cycles(VariantTable *table, const Cases *cases, const Machine *machine, Times *times,
                     const Variants *variants, int n, int64_t *cycles)
{
    Channel channels[LEVELS_MAX];
    double rest;
    int deepest = deepest_level(cases, machine, variants);
    bool wide = prepare(table, cases, machine, times, variants, deepest, channels, &rest);
    for (int first = 0; first < n; first += LANES) {
        int block = MIN(LANES, n - first);
        Lanes lanes = {{0}};
        for (int l = 0; l <= deepest && wide; l++)
            if (!channels[l].fixed)
                set_channel(&channels[l], variants, &machine->noc[l], l, first, block);
        if (wide)
            block_cycles(table, cases, machine, channels, deepest, rest, &lanes);
        for (int i = 0; i < block; i++)
            cycles[first + i] = wide && lanes.lane[i] < EXACT
                                    ? (int64_t) lanes.lane[i]
                                    : one_machine(cases, machine, times, variants, first + i);
    }
}
