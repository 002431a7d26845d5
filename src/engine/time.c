/* One machine, in integers.  Runs are evaluated from the innermost level out; then the layer's time
 * is traced back, window by window and along the slowest children, to what it was spent on.
 *
 * Times of a sparse layer are in small fractions of a cycle, as fine as they fit; only the layer's
 * time is rounded up. */
#include "engine/time.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "engine/demand.h"

void times_free(Times *times)
{
    timetable_free(&times->table);
    g_free(times->entries.item);
    g_free(times->windows.item);
    g_free(times->critical.item);
    g_free(times->critical_rests.item);
    g_free(times->work.item);
    g_free(times->compute.item);
}

/* ---- the rule in integers --------------------------------------------------------------- */

/* What does not fit is 0, and noted: the rest is worked out for nothing. */
static inline int64_t sum_of(int64_t a, int64_t b, bool *overflow)
{
    int64_t sum;
    bool over = __builtin_add_overflow(a, b, &sum);
    *overflow |= over;
    return over ? 0 : sum;
}

static inline int64_t difference_of(int64_t a, int64_t b, bool *overflow)
{
    int64_t difference;
    bool over = __builtin_sub_overflow(a, b, &difference);
    *overflow |= over;
    return over ? 0 : difference;
}

static inline int64_t product_of(int64_t a, int64_t b, bool *overflow)
{
    int64_t product;
    bool over = __builtin_mul_overflow(a, b, &product);
    *overflow |= over;
    return over ? 0 : product;
}

#define NUMBER Time
#define WIDTH 1
#define RULE_INLINE static inline
#define RULE_CONTEXT                                                                               \
    bool *overflow;                                                                                \
    int64_t *compute
#define LANE(known) (known)
#define LARGER(a, b) max64(a, b)
#define CYCLES(level, load, latency, number)                                                       \
    ((void) rule, (void) (level), (void) (latency), (number)->lane[0] = (load)->cycles)
#define NOTE_COMPUTE(step, time) (rule->compute[step] = (time)->lane[0])
#define PLUS(a, b) sum_of(a, b, rule->overflow)
#define LESS(a, b) difference_of(a, b, rule->overflow)
#define TIMES(a, n) product_of(a, n, rule->overflow)
#include "engine/recurrence.h"

/* ---- where the time went ------------------------------------------------------------------ */

typedef struct {
    const Rule *rule;
    int64_t *runs, *rests; /* critical occurrences, of each entry and window */
    int64_t *cause;
    LinkResult *link; /* by level: what each was the cause of */
    int level;
} Trace;

/* The outermost bound that is longer than what is in its window, if there is one. */
typedef struct {
    Cause cause; /* CAUSE_COMPUTE: none is */
    int level;   /* of the link */
    int window;
    int64_t time;
} Binding;

/* The longest load beyond `time`; of equals those that come in. */
static void bind(int level, const Transfer *transfer, Binding *binding)
{
    if (transfer->in.cycles > binding->time ||
        (transfer->in.cycles == binding->time && binding->cause == CAUSE_EGRESS)) {
        binding->time = transfer->in.cycles;
        binding->cause = CAUSE_INGRESS;
        binding->level = level;
    }
    if (transfer->out.cycles > binding->time) {
        binding->time = transfer->out.cycles;
        binding->cause = CAUSE_EGRESS;
        binding->level = level;
    }
}

static void bind_handed(const Rule *rule, int first, int n, Binding *binding)
{
    for (int h = first; h < first + n; h++)
        bind(rule->table->handed.item[h].level, &rule->table->handed.item[h].transfer, binding);
}

static Binding find_binding(const Rule *rule, int level, int step)
{
    const TimeStep *row = &rule->table->steps.item[step];
    const Bound *bound = rule->table->bounds.item + row->bound;
    Binding outermost = {CAUSE_COMPUTE, level, -1, rule->compute[step]};
    if (!row->waits)
        bind(level, &row->own, &outermost);
    bind_handed(rule, row->handed, row->n_handed, &outermost);
    Time time = {{outermost.time}};
    int window = -1;
    for (int b = 0; b < row->n_bounds; b++) {
        rule_widen(rule, window, bound[b].window, &time);
        window = bound[b].window;
        Binding binding = {CAUSE_COMPUTE, level, window, time.lane[0]};
        bind(level, &bound[b].own, &binding);
        bind_handed(rule, bound[b].handed, bound[b].n_handed, &binding);
        if (binding.cause != CAUSE_COMPUTE)
            outermost = binding;
        time.lane[0] = binding.time;
    }
    return outermost;
}

/* The kid that takes longest, the first of equals. */
static int slowest_kid(const Rule *rule, const TimeStep *row)
{
    const Kid *kid = rule->cases->kids.item + row->kid;
    int slowest = kid->entry;
    for (int k = 1; k < row->n_kids; k++)
        if (rule->entries[kid[k].entry].lane[0] > rule->entries[slowest].lane[0])
            slowest = kid[k].entry;
    return slowest;
}

/* `count` occurrences of this step, and of the windows that it begins, lie on the layer's critical
 * path. */
static void trace_step(Trace *t, int step, int outermost, int64_t count)
{
    const Rule *rule = t->rule;
    const TimeStep *row = &rule->table->steps.item[step];
    Binding binding = find_binding(rule, t->level, step);
    if (row->waits) {
        t->cause[CAUSE_FILL] += count * row->own.in.cycles;
        t->cause[CAUSE_DRAIN] += count * row->own.out.cycles;
    }
    if (outermost >= 0)
        t->rests[outermost] += count;
    if (binding.cause != CAUSE_COMPUTE) {
        LinkResult *link = &t->link[binding.level];
        t->cause[binding.cause] += count * binding.time;
        *(binding.cause == CAUSE_INGRESS ? &link->in_cycles : &link->out_cycles) +=
            count * binding.time;
        if (binding.window >= 0)
            t->rests[binding.window] -= count; /* what is in it is part of its time */
    } else if (row->n_kids) {
        t->runs[slowest_kid(rule, row)] += count;
    } else {
        t->cause[CAUSE_COMPUTE] += count * row->compute;
    }
}

/* A window's rest holds that of the window inside. */
static void trace_window(Trace *t, int w)
{
    const Cases *cases = t->rule->cases;
    const Window *window = &cases->windows.item[w];
    int64_t count = t->rests[w];
    if (!count)
        return;
    if (window->first >= 0)
        t->rests[window->first] += count;
    for (int s = window->step; s < window->step + window->n_steps; s++) {
        const Step *step = &cases->steps.item[s];
        trace_step(t, s, step->window, count * step->in_window);
    }
}

/* Of level 0, where no window but the run is longer than what is in it: each step for itself. */
static void trace_plain(Trace *t)
{
    const Cases *cases = t->rule->cases;
    int run = cases->window[1] - 1;
    if (run < 0 || !t->rests[run])
        return;
    for (int s = 1; s < cases->step[1]; s++) {
        const TimeStep *row = &t->rule->table->steps.item[s];
        if (row->times)
            trace_step(t, s, -1, row->times);
    }
}

static void trace_level(Trace *t, int level)
{
    const Cases *cases = t->rule->cases;
    for (int e = cases->entry[level]; e < cases->entry[level + 1]; e++) {
        const Entry *entry = &cases->entries.item[e];
        if (t->runs[e])
            trace_step(t, entry->step, cases_rest(cases, entry), t->runs[e]);
    }
    if (level == 0 && t->rule->table->plain) {
        trace_plain(t);
        return;
    }
    for (int w = cases->window[level + 1] - 1; w >= cases->window[level]; w--)
        trace_window(t, w);
}

static void trace(const Rule *rule, Times *times, const int64_t *left, Result *result)
{
    const Cases *cases = rule->cases;
    int64_t *cause = result->cycles_by_cause;
    Trace t = {rule, times->critical.item, times->critical_rests.item, cause, result->link, 0};
    memset(t.runs, 0, (size_t) cases->entries.n * sizeof *t.runs);
    if (cases->windows.n) /* else there may be no list */
        memset(t.rests, 0, (size_t) cases->windows.n * sizeof *t.rests);
    memset(cause, 0, CAUSES * sizeof *cause);
    t.runs[0] = 1;
    for (int l = 0; l < cases->n_levels; l++)
        result->link[l].in_cycles = result->link[l].out_cycles = 0;
    for (t.level = 0; t.level < cases->n_levels; t.level++) {
        cause[CAUSE_DRAIN] += left[t.level];
        trace_level(&t, t.level);
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

/* Of a sparse layer, times are in these fractions of a cycle, as fine as they fit. */
enum { FINEST = 48, COARSER = 4 }; /* bits */

enum { PRECISION = 50 }; /* bits that are sure of a product of densities and what they scale */

/* From small fractions to cycles, up; what rounding may have added to each step, and to what is
 * scaled, is taken off before. */
static int64_t whole_cycles(int64_t unit, int64_t steps, int64_t time)
{
    int64_t slack = min64(steps + (time >> PRECISION), min64(unit / 2, time));
    return unit == 1 ? time : max64(1, ceil_div(time - slack, unit));
}

/* Parts of a time in fractions become parts of it in cycles, the largest taking what is over. */
static void round_parts(int64_t unit, int64_t whole, int64_t *const part[], int n)
{
    int largest = 0;
    for (int i = 0; i < n; i++) {
        *part[i] /= unit;
        whole -= *part[i];
        if (*part[i] > *part[largest])
            largest = i;
    }
    *part[largest] += whole;
}

static void round_causes(int64_t unit, int n_levels, Result *result)
{
    int64_t *cause[CAUSES], *in[LEVELS_MAX], *out[LEVELS_MAX];
    for (int c = 0; c < CAUSES; c++)
        cause[c] = &result->cycles_by_cause[c];
    for (int l = 0; l < n_levels; l++) {
        in[l] = &result->link[l].in_cycles;
        out[l] = &result->link[l].out_cycles;
    }
    round_parts(unit, result->onchip_cycles, cause, CAUSES);
    round_parts(unit, result->cycles_by_cause[CAUSE_INGRESS], in, n_levels);
    round_parts(unit, result->cycles_by_cause[CAUSE_EGRESS], out, n_levels);
}

/* What goes up after the last step; the layer's cycles. */
static int64_t add_flush(const Rule *rule, Timetable *table, int64_t left[LEVELS_MAX])
{
    int64_t cycles = rule->entries[0].lane[0];
    for (int l = 0; l < rule->cases->n_levels; l++) {
        left[l] = timetable_flush(table, rule->cases, l).cycles;
        cycles = sum_of(cycles, left[l], &table->links.overflow);
    }
    return cycles;
}

/* All runs; false if a time does not fit. */
static bool time_levels(Rule *rule, Cases *cases, const Machine *machine, Times *times,
                        int64_t left[LEVELS_MAX], int64_t *cycles)
{
    timetable_fill(&times->table, cases, machine);
    for (int l = cases->n_levels - 1; l >= 0; l--)
        rule_level(rule, l);
    *cycles = add_flush(rule, &times->table, left);
    return !times->table.links.overflow;
}

/* The same after time_levels for a machine that differs in what bounds the root. */
static bool time_root(Rule *rule, Cases *cases, const Machine *machine, Times *times,
                      int64_t left[LEVELS_MAX], int64_t *cycles)
{
    timetable_root(&times->table, cases, machine);
    for (int l = cases->n_levels - 1; l > 0; l--)
        for (int e = cases->entry[l]; e < cases->entry[l + 1]; e++)
            if (cases->entries.item[e].state.first)
                rule_entry(rule, l, e);
    rule_level(rule, 0);
    *cycles = add_flush(rule, &times->table, left);
    return !times->table.links.overflow;
}

/* The time before the layer starts is a cause of its own. */
static void add_setup(const Machine *machine, Result *result)
{
    result->cycles_by_cause[CAUSE_SETUP] = machine->setup_cycles;
    if (__builtin_add_overflow(result->onchip_cycles, machine->setup_cycles,
                               &result->onchip_cycles))
        result->status = RESULT_OVERFLOW;
}

static void reserve(const Cases *cases, Times *times)
{
    RESERVE(times->entries, cases->entries.n);
    RESERVE(times->windows, cases->windows.n);
    RESERVE(times->critical, cases->entries.n);
    RESERVE(times->critical_rests, cases->windows.n);
    RESERVE(times->work, cases->windows.n);
    RESERVE(times->compute, cases->steps.n);
}

/* In cycles, with what comes before and Setup; -1 if that does not fit. */
static int64_t reached(const Cases *cases, const Machine *machine, Times *times, int64_t time,
                       const Lead *lead)
{
    Links *links = &times->table.links;
    add_product(&time, lead->cycles, links->unit, &links->overflow);
    time = sum_of(time, link_fraction(links, lead->part), &links->overflow);
    int64_t cycles = whole_cycles(links->unit, cases->steps_made + (lead->part > 0), time);
    cycles = sum_of(cycles, machine->setup_cycles, &links->overflow);
    return links->overflow ? -1 : cycles;
}

/* In fractions that fit; false if there are none. */
static bool time_fitting(Rule *rule, Cases *cases, const Machine *machine, Times *times,
                         const Lead *lead, int64_t left[LEVELS_MAX], int64_t *cycles)
{
    Timetable *table = &times->table;
    table->links.unit = cases->shape->sparse ? INT64_C(1) << FINEST : 1;
    while (!time_levels(rule, cases, machine, times, left, cycles) ||
           (times->reached = reached(cases, machine, times, *cycles, lead)) < 0) {
        if (table->links.unit == 1)
            return false;
        table->links.unit >>= COARSER;
    }
    return true;
}

static Rule rule_of(Cases *cases, Times *times)
{
    return (Rule){&times->table,
                  cases,
                  times->entries.item,
                  times->windows.item,
                  &times->table.links.overflow,
                  times->compute.item};
}

/* The time in cycles, and, with `apart`, what it consists of. */
static void take(const Rule *rule, Cases *cases, const Machine *machine, Times *times,
                 const int64_t left[LEVELS_MAX], bool apart, Result *result)
{
    Timetable *table = &times->table;
    if (apart) {
        demand_levels(cases, machine, times, result);
        trace(rule, times, left, result);
    }
    result->onchip_cycles =
        whole_cycles(table->links.unit, cases->steps_made, result->onchip_cycles);
    if (apart && table->links.unit > 1)
        round_causes(table->links.unit, cases->n_levels, result);
    add_setup(machine, result);
}

void time_run(Cases *cases, const Machine *machine, Times *times, bool apart, const Lead *lead,
              Result *result)
{
    int64_t left[LEVELS_MAX];
    reserve(cases, times);
    Rule rule = rule_of(cases, times);
    if (time_fitting(&rule, cases, machine, times, lead, left, &result->onchip_cycles))
        take(&rule, cases, machine, times, left, apart, result);
    else
        result->status = RESULT_OVERFLOW;
}

int64_t time_reached(Cases *cases, const Machine *machine, Times *times, const Lead *lead)
{
    int64_t left[LEVELS_MAX], cycles;
    reserve(cases, times);
    Rule rule = rule_of(cases, times);
    if (!time_fitting(&rule, cases, machine, times, lead, left, &cycles))
        return -1;
    return times->reached;
}

/* Whether inside level 0 only the layer's first steps wait for what comes from the root. */
static bool waits_once(const Cases *cases, const Machine *machine)
{
    for (int l = 1; l < cases->n_levels; l++)
        if (machine->noc[l].prefetch == PREFETCH_NONE || machine->noc[l].prefetch == PREFETCH_TILE)
            return false;
    return true;
}

int64_t time_rooted(Cases *cases, const Machine *onchip, const Machine *machine, Times *times,
                    bool apart, Result *result)
{
    const Lead none = {0, 0};
    int64_t left[LEVELS_MAX], cycles;
    reserve(cases, times);
    Rule rule = rule_of(cases, times);
    if (!time_fitting(&rule, cases, onchip, times, &none, left, &cycles)) {
        result->status = RESULT_OVERFLOW;
        return -1;
    }
    cycles = times->reached;
    if (waits_once(cases, machine) &&
        time_root(&rule, cases, machine, times, left, &result->onchip_cycles))
        take(&rule, cases, machine, times, left, apart, result);
    else
        time_run(cases, machine, times, apart, &none, result);
    return cycles;
}

/* In the finest fractions that it fits in. */
int64_t time_offchip(Times *times, const Result *result)
{
    Links *links = &times->table.links;
    const Link *link = &links->link[0];
    const LinkResult *moved = &result->link[0];
    const int64_t unit = links->unit, size = result->tensor_size[links->shape->output];
    int64_t cycles = 0;
    for (; links->unit > 0 && link->ports; links->unit >>= COARSER) {
        links->overflow = false;
        cycles = link_ports(links, link, moved->in, moved->out, size);
        if (!links->overflow)
            break;
    }
    cycles = links->overflow ? -1 : ceil_div(cycles, max64(1, links->unit));
    links->unit = unit;
    return cycles;
}

/* ---- delays of the steps ------------------------------------------------------------------ */

static void delay_step(const Cases *cases, Times *times, int index, Delays *d, double *steps)
{
    const Step *step = &cases->steps.item[index];
    Transfer alone = timetable_alone(&times->table, step);
    const int64_t value[DELAYS] = {[DELAY_INGRESS] = alone.in.cycles,
                                   [DELAY_EGRESS] = alone.out.cycles,
                                   [DELAY_COMPUTE] = times->compute.item[index]};
    for (int k = 0; k < DELAYS; k++) {
        int64_t cycles = ceil_div(value[k], times->table.links.unit);
        d->least[k] = *steps > 0 ? min64(d->least[k], cycles) : cycles;
        d->most[k] = max64(d->most[k], cycles);
        d->mean[k] += (double) step->total * (double) cycles;
    }
    *steps += (double) step->total;
}

void time_delays(const Cases *cases, Times *times, Delays *delays)
{
    double steps = 0;
    memset(delays, 0, sizeof *delays);
    for (int s = cases->step[0]; s < cases->step[1]; s++)
        delay_step(cases, times, s, delays, &steps);
    for (int k = 0; k < DELAYS; k++)
        delays->mean[k] /= steps;
}
