/* Runs the engines one after the other and adds up what they say. */
#include "engine/analysis.h"

#include <float.h>
#include <glib.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "engine/accesses.h"
#include "engine/cases.h"
#include "engine/counts.h"
#include "engine/offchip.h"
#include "engine/places.h"
#include "engine/residency.h"
#include "engine/time.h"
#include "ir/hierarchy.h"

struct Workspace {
    Cases cases;
    Times times;
    JointSpace joint;
    unsigned turns[LEVELS_MAX]; /* as in Counts */
    Counts counts;
    Accesses accesses;
    OffchipKept least;  /* of every tensor, where there is room for all */
    OffchipTable table; /* filled once there is not */
    Nest of;            /* what was prepared */
    Result nest;        /* what analysis_prepare found */
    VariantLanes lanes;
};

Workspace *workspace_new(void)
{
    return g_new0(Workspace, 1);
}

void workspace_free(Workspace *ws)
{
    cases_free(&ws->cases);
    times_free(&ws->times);
    variants_free(&ws->lanes);
    joint_free(&ws->joint);
    g_free(ws);
}

/* ---- counts ---------------------------------------------------------------------- */

static void count_turns(const Cases *cases, unsigned turns[LEVELS_MAX])
{
    unsigned outside = 0;
    for (int l = 0; l < cases->n_levels; l++)
        turns[l] = outside |= cases->cluster[l].turns;
}

/* ---- what the buffer keeps --------------------------------------------------------- */

static void find_least(const Layer *layer, const Shape *shape, const Nest *nest, Workspace *ws,
                       Result *result)
{
    offchip_loops(layer, shape, nest, result);
    offchip_least(shape, result, &ws->least);
    ws->table.depths = 0;
}

/* The other depths are asked for where the least traffic of all tensors needs too much. */
static void choose_residency(const Shape *shape, const Machine *machine, Workspace *ws,
                             Result *result)
{
    OffchipKept *kept = &result->offchip;
    for (int t = 0; t < shape->n_tensors; t++) {
        bool stays = machine->stays_onchip[t];
        kept->depth[t] = stays ? 0 : ws->least.depth[t];
        kept->row[t] = stays ? offchip_whole(shape, t, result->tensor_size[t]) : ws->least.row[t];
    }
    if (residency_fits(shape, machine, kept))
        return;
    if (ws->table.depths == 0)
        offchip_table(shape, result, &ws->table);
    residency_choose(shape, machine, &ws->table, kept);
}

/* ---- buffers --------------------------------------------------------------------- */

static int64_t total(int64_t a, int64_t b, int64_t c, bool *overflow)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum) || __builtin_add_overflow(sum, c, &sum))
        *overflow = true;
    return sum;
}

static int64_t whole_bytes(double bytes, bool *overflow)
{
    bool fits = bytes < 9e18;
    *overflow |= !fits;
    return fits ? (int64_t) ceil(bytes) : 0;
}

/* Whether the tile of a tensor that a child of the level holds is ever another one in the layer. */
static bool changes(const Shape *shape, const unsigned *turns, int level, int t)
{
    return turns[level] & shape->dims[t];
}

/* Of a tile that changes the next one is loaded beside it, where the level that fills the buffer
 * hides that. */
static double tile_copies(const Shape *shape, const unsigned *turns, const Machine *machine,
                          int level, int t)
{
    return machine->noc[level].prefetch != PREFETCH_NONE && changes(shape, turns, level, t) ? 2 : 1;
}

/* A PE reads the output for every MAC but the first visit of an element that came without a partial
 * sum, of which there are drains - fills; what is drained is read once more. */
static void count_buffers(const Shape *shape, const unsigned *turns, const Machine *machine,
                          Result *result)
{
    int last = result->n_levels - 1, o = shape->output;
    double l1 = 0, l2 = 0, between[LEVELS_MAX] = {0};
    int64_t computed = result->macs * result->copies;
    bool overflow = false;
    for (int t = 0; t < shape->n_tensors; t++) {
        double bytes = machine_bytes(machine, t);
        const TensorCounts *inner = &result->level[last].tensor[t],
                           *outer = &result->level[0].tensor[t];
        l1 += bytes * tile_copies(shape, turns, machine, last, t) * (double) inner->tile_max;
        l2 += bytes * (machine->stays_onchip[t]
                           ? (double) result->tensor_size[t]
                           : (changes(shape, turns, 0, t) ? 2 : 1) * (double) outer->union_max);
        for (int l = 1; l <= last; l++)
            between[l] += bytes * tile_copies(shape, turns, machine, l - 1, t) *
                          (double) result->level[l - 1].tensor[t].tile_max;
        OffchipRow row = offchip_moved(machine, result, t);
        result->l1_reads[t] = total(computed, t == o ? inner->fills : 0, 0, &overflow);
        result->l1_writes[t] = total(inner->fills, t == o ? computed : 0, 0, &overflow);
        result->l2_reads[t] = total(outer->reads, outer->psum_reads, row.writes, &overflow);
        result->l2_writes[t] = total(outer->writes, row.reads, 0, &overflow);
        int64_t accesses = total(outer->reads, outer->psum_reads, outer->writes, &overflow);
        result->reuse[t] = accesses ? (double) result->macs / (double) accesses : 0;
    }
    result->l1_required_bytes = whole_bytes(l1, &overflow);
    result->l2_required_bytes = whole_bytes(l2, &overflow);
    for (int l = 1; l <= last; l++)
        result->buffer_required_bytes[l] = whole_bytes(between[l], &overflow);
    if (overflow)
        result->status = RESULT_OVERFLOW;
}

/* ---- time with off-chip memory ----------------------------------------------------- */

typedef struct {
    int64_t cycles; /* all of it */
    Lead first;     /* the first step's data, which is part of it */
    bool overflow;
} OffchipTime;

/* What is not whole is rounded up; a sum of products of densities is a few units of the last place
 * off. */
static double rounded_up(double value)
{
    return ceil(value - 8 * DBL_EPSILON * value);
}

/* So many elements of a tensor, of which some are finished outputs, as the bandwidth counts them.
 */
static void add_units(const Machine *machine, int t, int64_t elements, int64_t finished,
                      int64_t *sum, bool *overflow)
{
    bool bits = !machine->offchip.elements;
    add_product(sum, elements - finished, bits ? machine->bits[t] : 1, overflow);
    add_product(sum, finished, bits ? machine->done_bits : 1, overflow);
}

static void dense_offchip(const Shape *shape, const Machine *machine, const Result *result,
                          OffchipTime *time)
{
    const Rational *rate = &machine->offchip.rate;
    int64_t traffic = 0, first = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        const OffchipRow *row = &result->offchip.row[t];
        if (machine->stays_onchip[t])
            continue;
        add_units(machine, t, row->reads, 0, &traffic, &time->overflow);
        add_units(machine, t, row->writes, t == shape->output ? result->tensor_size[t] : 0,
                  &traffic, &time->overflow);
        if (t != shape->output)
            add_units(machine, t, result->level[0].tensor[t].union_max, 0, &first, &time->overflow);
    }
    time->cycles = link_channel_cycles(rate, traffic, &time->overflow);
    time->first.cycles = link_channel_cycles(rate, first, &time->overflow);
}

static void sparse_offchip(const Shape *shape, const Machine *machine, const Result *result,
                           OffchipTime *time)
{
    const bool elements = machine->offchip.elements;
    const double rate = rational_real(machine->offchip.rate);
    double traffic = 0, first = 0;
    for (int t = 0; t < shape->n_tensors; t++) {
        const OffchipRow *row = &result->offchip.row[t];
        traffic += elements ? offchip_crossings(shape, machine, t, row)
                            : 8 * offchip_bytes(shape, machine, t, result->tensor_size[t], row);
        if (t != shape->output && !machine->stays_onchip[t])
            first += (elements ? 1 : (double) machine->bits[t]) * shape->density[t] *
                     (double) result->level[0].tensor[t].union_max;
    }
    time->overflow = traffic / rate > 9e18;
    if (time->overflow)
        return;
    time->cycles = (int64_t) rounded_up(traffic / rate);
    time->first.part = first / rate;
}

/* In bits, or in elements where the bandwidth counts these, each as one. */
static OffchipTime offchip_time(const Shape *shape, const Machine *machine, const Result *result)
{
    OffchipTime time = {0, {0, 0}, false};
    if (machine->offchip.rate.num > 0 && shape->sparse)
        sparse_offchip(shape, machine, result, &time);
    else if (machine->offchip.rate.num > 0)
        dense_offchip(shape, machine, result, &time);
    return time;
}

/* Off-chip memory, where it takes longer than all else; otherwise the largest other cause. */
static Cause bound_by_cause(const Result *result, int64_t onchip)
{
    int largest = 0;
    if (result->offchip_cycles > onchip)
        return CAUSE_OFFCHIP;
    for (int c = 0; c < CAUSES; c++)
        if (c != CAUSE_OFFCHIP && result->cycles_by_cause[c] > result->cycles_by_cause[largest])
            largest = c;
    return (Cause) largest;
}

/* On-chip time begins once the first step's data are there, a part of the off-chip traffic that the
 * rest may overlap: `reached` is the two together. */
static void add_offchip(const OffchipTime *offchip, int64_t reached, Result *result)
{
    result->offchip_cycles = offchip->cycles;
    if (offchip->overflow) {
        result->status = RESULT_OVERFLOW;
        return;
    }
    result->cycles = max64(reached, offchip->cycles);
    result->cycles_by_cause[CAUSE_OFFCHIP] = result->cycles - result->onchip_cycles;
    result->bound_by = bound_by_cause(result, reached);
}

static int64_t effectual(const Shape *shape, int64_t macs)
{
    return shape->work < 1 ? (int64_t) rounded_up(shape->work * (double) macs) : macs;
}

static void add_ideal(const Shape *shape, const Machine *machine, Result *result)
{
    result->effectual_macs = effectual(shape, result->macs);
    result->ideal_cycles = /* both are below 2^31 */
        ceil_div(result->effectual_macs, machine->pes * machine->lanes);
}

static void add_utilization(const Machine *machine, Result *result)
{
    double peak = (double) machine->pes * (double) machine->lanes, cycles = (double) result->cycles;
    result->utilization = cycles > 0 ? (double) result->effectual_macs / (cycles * peak) : 0;
}

/* MACs that the children repeat where a level has no loop over them; they must fit too. */
static bool macs_fit(const Layer *layer, const Cases *cases)
{
    int64_t macs = 1;
    for (int d = 0; d < layer->op.n_dims; d++)
        if (__builtin_mul_overflow(macs, layer->extent[d], &macs))
            return false;
    for (int l = 0; l < cases->n_levels; l++)
        if (cases->cluster[l].spatial < 0 &&
            __builtin_mul_overflow(macs, cases->cluster[l].alike, &macs))
            return false;
    return true;
}

/* ---- the entries --------------------------------------------------------------------- */

/* Makes all 0 that is added to; the rest, from what is kept of off-chip memory on, is set later. */
static void result_start(const Nest *nest, Result *result)
{
    size_t levels = offsetof(Result, level) + (size_t) nest->n_levels * sizeof *result->level;
    memset(result, 0, levels);
    result->n_levels = nest->n_levels;
    for (int l = 0; l < nest->n_levels; l++)
        result->level[l].children = nest->level[l].children;
}

/* Copies what count_nest has set, as far as it is set. */
static void result_copy(const Result *from, Result *to)
{
    size_t levels = offsetof(Result, level) + (size_t) from->n_levels * sizeof *from->level;
    memcpy(to, from, levels);
    to->outer = from->outer;
}

/* Figures of classic machines, on one that is not. */
static void no_buffers(const Shape *shape, Result *result)
{
    result->outer.n_maps = -1;
    result->l1_required_bytes = result->l2_required_bytes = 0;
    memset(result->buffer_required_bytes, 0, sizeof result->buffer_required_bytes);
    for (int t = 0; t < shape->n_tensors; t++) {
        result->l1_reads[t] = result->l1_writes[t] = 0;
        result->l2_reads[t] = result->l2_writes[t] = 0;
        result->offchip.depth[t] = 0;
        result->offchip.row[t] = (OffchipRow){0, 0, 0};
        result->reuse[t] = 0;
    }
}

/* Sets all of the result that does not depend on the machine. */
static void count_nest(const Layer *layer, const Nest *nest, Workspace *ws, Result *result)
{
    Cases *cases = &ws->cases;
    result_start(nest, result);
    if (nest->level[0].children < 1) {
        result->status = RESULT_TOO_MANY_PES;
        return;
    }
#ifdef DCC_SANITIZE
    g_assert(nest_check(layer, nest, NULL).law <= NEST_NO_SPATIAL);
#endif
    cases_start(cases, layer, nest);
    if (!macs_fit(layer, cases)) {
        result->status = RESULT_OVERFLOW;
        return;
    }
    cluster_sizes(layer, cases->shape, result->tensor_size);
    cases_build(cases, layer);
    if (cases->ragged) {
        result->status = RESULT_RAGGED;
        return;
    }
    accesses_nest(cases, &ws->accesses, result);
    count_turns(cases, ws->turns);
    find_least(layer, cases->shape, nest, ws, result);
}

/* What the machine's links merge, and the accesses that are left. */
static bool count_accesses(const Machine *machine, Workspace *ws, Result *result)
{
    FlowsStatus status = flows_fill(&ws->cases, machine, &ws->joint, &result->refused_level,
                                    &result->refused_tensor);
    if (status != FLOWS_DONE) {
        result->status = status == FLOWS_RAGGED ? RESULT_RAGGED : RESULT_ENTANGLED;
        return false;
    }
    accesses_machine(&ws->cases, machine, &ws->accesses, result);
    ws->cases.finished =
        machine->n_memories > 0 && result_comes_once(result, ws->cases.shape->output);
    return true;
}

/* The roots' ports and latency bound the layer's time; without them there is the time on chip. */
static void time_hierarchy(const Machine *machine, bool apart, Workspace *ws, Result *result)
{
    Machine onchip = *machine;
    bool bounded = hierarchy_free_roots(&onchip) > 0 || machine->ports[0].n > 0;
    int64_t cycles = 0;
    if (bounded)
        cycles = time_rooted(&ws->cases, &onchip, machine, &ws->times, apart, result);
    else
        time_run(&ws->cases, machine, &ws->times, apart, &(Lead){0, 0}, result);
    result->offchip_cycles = time_offchip(&ws->times, result);
    result->cycles = result->onchip_cycles;
    if (cycles < 0 || result->offchip_cycles < 0)
        result->status = RESULT_OVERFLOW;
    if (bounded)
        result->onchip_cycles = cycles;
}

/* The rest, on a hierarchy: neither an L2 nor off-chip memory stands apart. */
static void count_hierarchy(const Nest *nest, const Machine *machine, bool apart, Workspace *ws,
                            Result *result)
{
    const Shape *shape = ws->cases.shape;
    time_hierarchy(machine, apart, ws, result);
    no_buffers(shape, result);
    if (result->status == RESULT_OK)
        places_fill(shape, nest, machine, ws->turns, result);
    result->bound_by = bound_by_cause(result, result->onchip_cycles);
    add_ideal(shape, machine, result);
    add_utilization(machine, result);
}

/* What times consist of, and what rests on single steps. */
static void no_parts(Result *result)
{
    result->active_pes = NAN;
    for (int cause = 0; cause < CAUSES; cause++)
        result->cycles_by_cause[cause] = -1;
    for (int l = 0; l < result->n_levels; l++) {
        result->level[l].peak_bandwidth = result->level[l].average_bandwidth = NAN;
        result->link[l].in_cycles = result->link[l].out_cycles = -1;
    }
}

/* The rest, unless the nest cannot be evaluated; with `apart`, what the times consist of. */
static void count_machine(const Nest *nest, const Machine *machine, bool apart, Workspace *ws,
                          Result *result)
{
    Cases *cases = &ws->cases;
    result->n_places = 0;
    if (result->status != RESULT_OK || !count_accesses(machine, ws, result))
        return;
    if (machine->n_memories > 0) {
        count_hierarchy(nest, machine, apart, ws, result);
    } else {
        choose_residency(cases->shape, machine, ws, result);
        OffchipTime offchip = offchip_time(cases->shape, machine, result);
        time_run(cases, machine, &ws->times, apart, &offchip.first, result);
        count_buffers(cases->shape, ws->turns, machine, result);
        if (result->status == RESULT_OK)
            add_offchip(&offchip, ws->times.reached, result);
        add_ideal(cases->shape, machine, result);
        add_utilization(machine, result);
    }
    if (!apart)
        no_parts(result);
}

void analysis_run(const Layer *layer, const Nest *nest, const Machine *machine, Workspace *ws,
                  Result *result)
{
    count_nest(layer, nest, ws, result);
    count_machine(nest, machine, true, ws, result);
}

void analysis_delays(Workspace *ws, Delays *delays)
{
    time_delays(&ws->cases, &ws->times, delays);
}

ResultStatus analysis_prepare(const Layer *layer, const Nest *nest, Workspace *ws)
{
    count_nest(layer, nest, ws, &ws->nest);
    nest_copy(&ws->of, nest);
    return ws->nest.status;
}

void analysis_time(const Machine *machine, Workspace *ws, Result *result)
{
    result_copy(&ws->nest, result);
    count_machine(&ws->of, machine, true, ws, result);
}

void analysis_cycles(const Machine *machine, Workspace *ws, Result *result)
{
    result_copy(&ws->nest, result);
    count_machine(&ws->of, machine, false, ws, result);
}

void analysis_capacity(const Machine *machine, Workspace *ws, Result *result)
{
    choose_residency(ws->cases.shape, machine, ws, result);
    OffchipTime offchip = offchip_time(ws->cases.shape, machine, result);
    count_buffers(ws->cases.shape, ws->turns, machine, result);
    if (result->status == RESULT_OK)
        add_offchip(&offchip, ws->times.reached, result);
    add_ideal(ws->cases.shape, machine, result);
    add_utilization(machine, result);
}

/* Where tensors pass units, or ports bind: machine after machine. */
static void one_by_one(const Machine *machine, const Variants *variants, int n, Workspace *ws,
                       int64_t *cycles)
{
    Result result;
    for (int i = 0; i < n; i++) {
        Machine one = *machine;
        variants_set(variants, ws->cases.n_levels, i, &one);
        analysis_time(&one, ws, &result);
        cycles[i] = result.status == RESULT_OK ? result.cycles : -1;
    }
}

static bool is_plain(const Cases *cases, const Machine *machine)
{
    bool plain = machine->pe_ports.n == 0 && !cases->passing;
    for (int l = 0; l < cases->n_levels; l++)
        plain &= machine->ports[l].n == 0;
    return plain;
}

void analysis_variants(const Machine *machine, const Variants *variants, int n, Workspace *ws,
                       int64_t *cycles)
{
    Result base;
    if (ws->nest.status == RESULT_OK && !is_plain(&ws->cases, machine)) {
        one_by_one(machine, variants, n, ws, cycles);
        return;
    }
    if (ws->nest.status != RESULT_OK) {
        for (int i = 0; i < n; i++)
            cycles[i] = -1;
        return;
    }
    result_copy(&ws->nest, &base);
    count_accesses(machine, ws, &base);
    choose_residency(ws->cases.shape, machine, ws, &base);
    count_buffers(ws->cases.shape, ws->turns, machine, &base);
    OffchipTime offchip = offchip_time(ws->cases.shape, machine, &base);
    variants_cycles(&ws->lanes, &ws->cases, machine, &ws->times, variants, n, &offchip.first,
                    cycles);
    for (int i = 0; i < n; i++)
        if (base.status != RESULT_OK || offchip.overflow)
            cycles[i] = -1;
        else if (cycles[i] >= 0)
            cycles[i] = max64(cycles[i], offchip.cycles);
}

/* ---- counts alone ------------------------------------------------------------------- */

/* Times and what rests on them. */
static void no_time(Result *result)
{
    result->cycles = result->onchip_cycles = result->offchip_cycles = -1;
    result->utilization = NAN;
    no_parts(result);
}

static bool nest_passes(const Nest *nest)
{
    for (int l = 0; l < nest->n_levels; l++)
        if (nest->level[l].passes)
            return true;
    return false;
}

static void count_places(const Shape *shape, const Nest *nest, const Machine *machine,
                         const unsigned turns[LEVELS_MAX], Result *result)
{
    no_buffers(shape, result);
    if (machine->n_memories > 0)
        places_fill(shape, nest, machine, turns, result);
    add_ideal(shape, machine, result);
}

/* By the table of cases, for what has no form of its own. */
static void count_untimed(const Layer *layer, const Nest *nest, const Machine *machine,
                          Workspace *ws, Result *result)
{
    count_nest(layer, nest, ws, result);
    result->n_places = 0;
    no_time(result);
    if (result->status != RESULT_OK || !count_accesses(machine, ws, result))
        return;
    count_places(ws->cases.shape, nest, machine, ws->turns, result);
}

void analysis_count(const Layer *layer, const Nest *nest, const Machine *machine, Workspace *ws,
                    Result *result)
{
    const Shape *shape = cases_shape(&ws->cases, layer);
    bool placed = machine->n_memories > 0 || nest_passes(nest);
    result_start(nest, result);
    no_time(result);
    if (nest->level[0].children < 1) {
        result->status = RESULT_TOO_MANY_PES;
        return;
    }
    result->n_places = 0;
    result->status = counts_fill(layer, shape, nest, machine, &ws->counts, result);
    if (result->status == RESULT_ENTANGLED)
        count_untimed(layer, nest, machine, ws, result);
    else if (result->status == RESULT_OK && placed)
        count_places(shape, nest, machine, ws->counts.turns, result);
    if (result->status != RESULT_OK || placed)
        return;
    find_least(layer, shape, nest, ws, result);
    choose_residency(shape, machine, ws, result);
    count_buffers(shape, ws->counts.turns, machine, result);
    add_ideal(shape, machine, result);
}
