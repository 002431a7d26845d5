/* Levels inside the innermost one that varies are timed once, in integers; the others in
 * lanes, by the same rule. */
#include "engine/variants.h"

#include <glib.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(DCC_SANITIZE)
#define WIDE                                                                                       \
    __attribute__((target_clones("avx512f", "avx2", "default"),                                    \
                   optimize("O3", "finite-math-only", "no-signed-zeros", "no-trapping-math")))
#define INLINE static inline __attribute__((always_inline))
#define KEEP_LOOP _Pragma("GCC unroll 1") /* else it is taken apart before lanes are joined */
#else
#define WIDE
#define KEEP_LOOP
#define INLINE static inline
#endif

static const double EXACT = 9007199254740992.0; /* 2^53 */

void variants_free(VariantLanes *lanes)
{
    g_free(lanes->entries.item);
    g_free(lanes->windows.item);
}

/* ---- lanes -------------------------------------------------------------------------- */

/* A level's interconnect on a block of machines. */
typedef struct {
    bool fixed;           /* the same on all: loads have cycles */
    Lanes bandwidth, lag; /* unlimited: 2^53, more than any volume; latency less 1 */
    double scale;         /* the bandwidth's denominator */
} Channel;

INLINE double larger(double a, double b)
{
    return a > b ? a : b;
}

/* 0 <= q < 2^52; an addition that leaves no bits for the fraction rounds it. */
INLINE double round_up(double q)
{
    double near = (q + EXACT / 2) - EXACT / 2;
    return near + (near < q ? 1 : 0);
}

INLINE void load_cycles(const Load *load, const Channel *channel, bool latency, Lanes *cycles)
{
    double units = (double) load->units * channel->scale;
    if (channel->fixed) {
        for (int i = 0; i < LANES; i++)
            cycles->lane[i] = (double) load->cycles;
        return;
    }
    KEEP_LOOP
    for (int i = 0; i < LANES; i++)
        cycles->lane[i] = larger(1, round_up(units / channel->bandwidth.lane[i]));
    if (!latency)
        return;
    KEEP_LOOP
    for (int i = 0; i < LANES; i++)
        cycles->lane[i] += channel->lag.lane[i];
}

#define NUMBER Lanes
#define WIDTH LANES
#define RULE_INLINE INLINE
#define RULE_CONTEXT const Channel *channels
#define LANE(known) ((double) (known))
#define LARGER(a, b) larger(a, b)
#define CYCLES(level, load, latency, cycles)                                                       \
    load_cycles(load, &rule->channels[level], latency, cycles)
#define NOTE_COMPUTE(step, time)
#define PLUS(a, b) ((a) + (b))
#define LESS(a, b) ((a) - (b))
#define TIMES(a, n) ((a) * (double) (n))
#include "engine/recurrence.h"

/* Time of the layer on a block of machines, by the levels 0 .. deepest; `flush` is what goes up
 * from each level after the last step, `rest` what the levels inside take then. */
WIDE static void block_cycles(const Rule *rule, int deepest, const Load *flush, double rest,
                              Lanes *cycles)
{
    for (int l = deepest; l >= 0; l--)
        rule_level(rule, l);
    *cycles = rule->entries[0];
    for (int l = 0; l <= deepest; l++)
        rule_wait(rule, l, &flush[l], cycles);
    for (int i = 0; i < LANES; i++)
        cycles->lane[i] += rest;
}

/* ---- the table ---------------------------------------------------------------------- */

static bool varies(const Variants *variants, int level)
{
    return variants->bandwidth[level] || variants->latency[level];
}

/* Whether doubles hold what a channel that varies moves. */
static bool load_fits(const Load *load, const Noc *noc)
{
    int64_t scaled;
    return !__builtin_mul_overflow(load->units, noc->bandwidth[0].den, &scaled) &&
           (double) scaled < EXACT / 2;
}

static bool transfer_fits(const Transfer *transfer, const Variants *variants,
                          const Machine *machine, int level)
{
    return !varies(variants, level) || (load_fits(&transfer->in, &machine->noc[level]) &&
                                        load_fits(&transfer->out, &machine->noc[level]));
}

static bool handed_fit(const Timetable *table, int first, int n, const Variants *variants,
                       const Machine *machine)
{
    for (int h = first; h < first + n; h++)
        if (!transfer_fits(&table->handed.item[h].transfer, variants, machine,
                           table->handed.item[h].level))
            return false;
    return true;
}

static bool step_fits(const Timetable *table, const TimeStep *row, const Variants *variants,
                      const Machine *machine, int level)
{
    if (!transfer_fits(&row->own, variants, machine, level) ||
        !handed_fit(table, row->handed, row->n_handed, variants, machine))
        return false;
    for (int b = row->bound; b < row->bound + row->n_bounds; b++) {
        const Bound *bound = &table->bounds.item[b];
        if (!transfer_fits(&bound->own, variants, machine, level) ||
            !handed_fit(table, bound->handed, bound->n_handed, variants, machine))
            return false;
    }
    return true;
}

static bool loads_fit(const Timetable *table, const Cases *cases, const Variants *variants,
                      const Machine *machine)
{
    for (int l = 0; l < cases->n_levels; l++)
        for (int s = cases->step[l]; s < cases->step[l + 1]; s++)
            if (!step_fits(table, &table->steps.item[s], variants, machine, l))
                return false;
    return true;
}

static bool same_load(const Load *a, const Load *b)
{
    return a->cycles == b->cycles && a->units == b->units;
}

static bool same_transfer(const Transfer *a, const Transfer *b)
{
    return same_load(&a->in, &b->in) && same_load(&a->out, &b->out);
}

/* Steps of a plain level that take the same time on every machine. */
static bool same_time(const Timetable *table, const TimeStep *a, const TimeStep *b)
{
    if (a->n_kids || b->n_kids || a->compute != b->compute || a->waits != b->waits ||
        a->latency != b->latency || a->n_handed != b->n_handed || !same_transfer(&a->own, &b->own))
        return false;
    for (int h = 0; h < a->n_handed; h++) {
        const Handed *x = &table->handed.item[a->handed + h],
                     *y = &table->handed.item[b->handed + h];
        if (x->level != y->level || !same_transfer(&x->transfer, &y->transfer))
            return false;
    }
    return true;
}

/* The first of equal steps counts for all. */
static void join_steps(const Timetable *table, TimeStep *steps, int n)
{
    for (int s = 1; s < n; s++)
        for (int k = 0; k < s; k++)
            if (steps[k].times && same_time(table, &steps[k], &steps[s])) {
                steps[k].times += steps[s].times;
                steps[s].times = 0;
                break;
            }
}

/* The slowest kid of a step is known at the deepest level that varies. */
static void know_kids(Times *times, const Cases *cases, int step)
{
    TimeStep *row = &times->table.steps.item[step];
    for (int k = row->kid; k < row->kid + row->n_kids; k++)
        row->compute = max64(row->compute, times->entries.item[cases->kids.item[k].entry].lane[0]);
    row->n_kids = 0;
}

static void prepare_table(Times *times, const Cases *cases, int deepest)
{
    Timetable *table = &times->table;
    for (int s = cases->step[deepest]; s < cases->step[deepest + 1]; s++)
        know_kids(times, cases, s);
    if (table->plain)
        join_steps(table, table->steps.item + 1, cases->step[1] - 1);
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
        channel->lag.lane[i] = (double) max64(1, latency) - 1;
    }
    channel->scale = variants->bandwidth[level] ? 1 : (double) noc->bandwidth[0].den;
}

/* ---- machines one by one -------------------------------------------------------------- */

void variants_set(const Variants *variants, int n_levels, int at, Machine *machine)
{
    for (int l = 0; l < n_levels; l++) {
        Noc *noc = &machine->noc[l];
        if (variants->latency[l])
            noc->latency = variants->latency[l][at];
        if (variants->bandwidth[l]) {
            noc->per_tensor = noc->in_bits = false;
            noc->bandwidth[0] = (Rational){variants->bandwidth[l][at], 1};
        }
    }
}

static int64_t one_machine(Cases *cases, const Machine *machine, Times *times,
                           const Variants *variants, int at, const Lead *lead)
{
    Machine one;
    machine_copy(&one, machine);
    variants_set(variants, cases->n_levels, at, &one);
    return time_reached(cases, &one, times, lead);
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

/* Times the first machine, for the levels that do not vary; false if that overflows, or if the
 * lanes are of no use.  flush[] and *rest get what goes up after the last step, and
 * what comes before the first: the lead and Setup. */
static bool prepare(Cases *cases, const Machine *first, Times *times, const Variants *variants,
                    int deepest, const Lead *lead, Load *flush, double *rest)
{
    if (deepest < 0 || cases->shape->sparse || time_reached(cases, first, times, lead) < 0 ||
        !loads_fit(&times->table, cases, variants, first))
        return false;
    *rest = (double) first->setup_cycles + (double) lead->cycles;
    for (int l = 0; l < cases->n_levels; l++) {
        Load load = timetable_flush(&times->table, cases, l);
        if (varies(variants, l) && !load_fits(&load, &first->noc[l]))
            return false;
        if (l <= deepest)
            flush[l] = load;
        else
            *rest += (double) load.cycles;
    }
    prepare_table(times, cases, deepest);
    return true;
}

void variants_cycles(VariantLanes *lanes, Cases *cases, const Machine *machine, Times *times,
                     const Variants *variants, int n, const Lead *lead, int64_t *cycles)
{
    Channel channels[LEVELS_MAX];
    Load flush[LEVELS_MAX];
    double rest;
    int deepest = n > 0 ? deepest_level(cases, machine, variants) : -1;
    Machine first;
    machine_copy(&first, machine);
    if (deepest >= 0)
        variants_set(variants, cases->n_levels, 0, &first);
    bool wide = prepare(cases, &first, times, variants, deepest, lead, flush, &rest);
    RESERVE(lanes->entries, cases->entries.n);
    RESERVE(lanes->windows, cases->windows.n);
    for (int l = 0; l < cases->n_levels; l++)
        channels[l].fixed = !varies(variants, l);
    Rule rule = {&times->table, cases, lanes->entries.item, lanes->windows.item, channels};
    int done = 0;
    for (int at = 0; at < n && wide; at += LANES) {
        int block = MIN(LANES, n - at);
        Lanes found;
        for (int l = 0; l < cases->n_levels; l++)
            if (!channels[l].fixed)
                set_channel(&channels[l], variants, &machine->noc[l], l, at, block);
        block_cycles(&rule, deepest, flush, rest, &found);
        for (int i = 0; i < block; i++, done++)
            cycles[done] = found.lane[i] < EXACT ? (int64_t) found.lane[i] : -1;
    }
    for (int i = 0; i < n; i++) /* the table is another machine's then */
        if (i >= done || cycles[i] < 0)
            cycles[i] = one_machine(cases, machine, times, variants, i, lead);
}
