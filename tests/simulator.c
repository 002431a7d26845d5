/* Every step of every unit, with explicit sets.
 *
 * A unit holds a set of elements per tensor; a step replaces the sets of a unit's
 * children, and what is counted are sizes of differences and unions of sets.
 *
 * An idle unit shadows: its sets follow the steps, nothing is charged to it.  What
 * its children worked on before may still go up while it is idle. */
#include "simulator.h"

#include <glib.h>
#include <string.h>

#include "elements.h"

typedef struct Unit {
    Word *held[TENSORS_MAX]; /* the tile of each tensor */
    Word *psum;              /* output elements whose partial sum is in this buffer */
    bool worked;             /* was active during the stay of the output tile */
    bool placed;             /* box is that of the tiles held */
    Box box, wanted;         /* now, and at the step that is taken */
    bool live;               /* works at that step */
    struct Unit *child;
} Unit;

/* What one run of a unit over one box takes. */
typedef struct {
    int64_t cycles, cause[CAUSES], compute_steps;
} Time;

typedef struct {
    const Layer *layer;
    const Nest *nest;
    const Machine *machine;
    Result *result;
    Numbering numbering[TENSORS_MAX];
    Unit *units;          /* all of them; [0] is the root */
    Word *bits;           /* of all the units' sets */
    Word *fresh, *moving; /* a set per child, used within a step */
    Word *all, *some;     /* one set each */
    int widest;           /* words of the largest set */
    bool first;           /* nothing has been computed yet: the pipeline fills */
    int64_t pe_steps;
} Sim;

/* Whether the tensor's tile is the same for both boxes, seen from its dims alone. */
static bool tile_same(const Tensor *tensor, const Box *a, const Box *b)
{
    for (int c = 0; c < tensor->n_coords; c++)
        for (int i = 0; i < tensor->coord[c].n; i++) {
            int d = tensor->coord[c].dim[i];
            if (a->of[d].lo != b->of[d].lo || a->of[d].hi != b->of[d].hi)
                return false;
        }
    return true;
}

/* ---- units ---- */

static void units_place(Sim *s, Unit *unit, int depth, Unit **next, Word **bits)
{
    const Operator *op = &s->layer->op;
    for (int t = 0; t < op->n_tensors; t++) {
        unit->held[t] = *bits;
        *bits += s->numbering[t].words;
    }
    unit->psum = *bits;
    *bits += s->numbering[op->output].words;
    if (depth == s->nest->n_levels)
        return;
    unit->child = *next;
    *next += s->nest->level[depth].children;
    for (int64_t p = 0; p < s->nest->level[depth].children; p++)
        units_place(s, &unit->child[p], depth + 1, next, bits);
}

static void sim_open(Sim *s)
{
    const Operator *op = &s->layer->op;
    int64_t count = 1, row = 1, most = 1;
    int words = 0;
    for (int t = 0; t < op->n_tensors; t++) {
        s->result->tensor_size[t] = elements_number(s->layer, &op->tensor[t], &s->numbering[t]);
        words += s->numbering[t].words;
        s->widest = MAX(s->widest, s->numbering[t].words);
    }
    words += s->numbering[op->output].words;
    for (int l = 0; l < s->nest->n_levels; l++) {
        row *= s->nest->level[l].children;
        most = MAX(most, s->nest->level[l].children);
        count += row;
    }
    s->units = g_new0(Unit, count);
    s->bits = g_new0(Word, count * words);
    s->fresh = g_new(Word, most * s->widest);
    s->moving = g_new(Word, most * s->widest);
    s->all = g_new(Word, s->widest);
    s->some = g_new(Word, s->widest);
    Unit *next = s->units + 1;
    Word *bits = s->bits;
    units_place(s, s->units, 0, &next, &bits);
}

static void sim_close(Sim *s)
{
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        elements_clear(&s->layer->op.tensor[t], &s->numbering[t]);
    g_free(s->units);
    g_free(s->bits);
    g_free(s->fresh);
    g_free(s->moving);
    g_free(s->all);
    g_free(s->some);
}

/* ---- chunks and steps ---- */

static int64_t chunks(Interval parent, const Map *map)
{
    int64_t extent = parent.hi - parent.lo;
    return extent <= map->size ? 1 : (extent - map->size + map->offset - 1) / map->offset + 1;
}

/* Steps of each loop of a level over a box; their product. */
static int64_t level_bounds(const Level *level, const Box *box, int64_t bound[DIMS_MAX])
{
    int64_t steps = 1;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        int64_t q = chunks(box->of[map->dim], map);
        bound[m] = map->kind == MAP_SPATIAL ? (q + level->children - 1) / level->children : q;
        steps *= bound[m];
    }
    return steps;
}

/* The box of child p at these counters; an empty interval where it has no chunk. */
static Box child_box(const Level *level, const Box *box, const int64_t counter[DIMS_MAX], int64_t p)
{
    Box child = *box;
    for (int m = 0; m < level->n_maps; m++) {
        const Map *map = &level->map[m];
        Interval parent = box->of[map->dim];
        int64_t q = map->kind == MAP_SPATIAL ? counter[m] * level->children + p : counter[m];
        int64_t lo = parent.lo + q * map->offset;
        child.of[map->dim] = q >= chunks(parent, map)
                                 ? (Interval){parent.lo, parent.lo}
                                 : (Interval){lo, MIN(lo + map->size, parent.hi)};
    }
    return child;
}

/* The next counters, the last fastest; false after the last. */
static bool next_step(const Level *level, const int64_t bound[DIMS_MAX], int64_t counter[DIMS_MAX])
{
    int m = level->n_maps - 1;
    while (m >= 0 && ++counter[m] == bound[m])
        counter[m--] = 0;
    return m >= 0;
}

static int64_t box_points(const Layer *layer, const Box *box)
{
    int64_t points = 1;
    for (int d = 0; d < layer->op.n_dims; d++)
        points *= box->of[d].hi - box->of[d].lo;
    return points;
}

/* ---- time ---- */

static int64_t channel_delay(const Noc *noc, Rational bandwidth, int64_t volume)
{
    if (volume == 0)
        return 0;
    int64_t beats = 1; /* of an unlimited channel */
    if (bandwidth.num > 0)
        beats = (volume * bandwidth.den + bandwidth.num - 1) / bandwidth.num;
    return MAX(0, noc->latency + beats - 1);
}

/* Cycles to move these volumes over a level's NoC. */
static int64_t delay(const Sim *s, int level, const int64_t volume[TENSORS_MAX])
{
    const Noc *noc = &s->machine->noc[level];
    int64_t sum = 0, longest = 0;
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        sum += volume[t];
        if (noc->per_tensor)
            longest = MAX(longest, channel_delay(noc, noc->bandwidth[t], volume[t]));
    }
    return noc->per_tensor ? longest : channel_delay(noc, noc->bandwidth[0], sum);
}

/* ---- what moves at a step ---- */

/* Output elements, in s->moving, go up from the children into the unit's buffer. */
static int64_t leave(Sim *s, int level, Unit *unit)
{
    int output = s->layer->op.output, words = s->numbering[output].words;
    TensorCounts *counts = &s->result->level[level].tensor[output];
    int64_t arrivals = 0;
    set_clear(s->all, words);
    for (int64_t p = 0; p < s->nest->level[level].children; p++) {
        const Word *gone = s->moving + p * s->widest;
        if (!unit->child[p].worked)
            continue;
        arrivals += set_count(gone, words);
        set_add(s->all, gone, words);
    }
    int64_t distinct = set_count(s->all, words);
    bool reduction = s->machine->noc[level].reduction;
    set_add(unit->psum, s->all, words);
    counts->drains += arrivals;
    counts->writes += reduction ? distinct : arrivals;
    counts->psum_reads += reduction ? 0 : arrivals - distinct;
    return reduction ? distinct : arrivals;
}

/* An input's elements come to the children; the volume read from the unit's buffer. */
static int64_t input_moves(Sim *s, int level, Unit *unit, int t)
{
    int words = s->numbering[t].words;
    TensorCounts *counts = &s->result->level[level].tensor[t];
    int64_t asked = 0;
    set_clear(s->all, words);
    for (int64_t p = 0; p < s->nest->level[level].children; p++) {
        if (!unit->child[p].live)
            continue;
        set_minus(s->some, s->fresh + p * s->widest, unit->child[p].held[t], words);
        asked += set_count(s->some, words);
        set_add(s->all, s->some, words);
    }
    int64_t reads = s->machine->noc[level].multicast ? set_count(s->all, words) : asked;
    counts->fills += asked;
    counts->reads += reads;
    return reads;
}

/* The partial sums that come back, in s->all: new to a working child, and in the unit. */
static void psums_returning(Sim *s, int level, Unit *unit)
{
    int output = s->layer->op.output, words = s->numbering[output].words;
    set_clear(s->all, words);
    for (int64_t p = 0; p < s->nest->level[level].children; p++)
        if (unit->child[p].live) {
            set_minus(s->some, s->fresh + p * s->widest, unit->child[p].held[output], words);
            set_add(s->all, s->some, words);
        }
    set_keep(s->all, unit->psum, words);
}

/* One child takes what it can of the partial sums left in s->all; how many. */
static int64_t psums_take(Sim *s, Unit *child, const Word *fresh)
{
    int output = s->layer->op.output, words = s->numbering[output].words;
    set_keep(child->psum, child->held[output], words);
    if (!child->live) {
        set_keep(child->psum, fresh, words);
        return 0;
    }
    set_minus(s->some, fresh, child->held[output], words);
    set_keep(s->some, s->all, words);
    set_drop(s->all, s->some, words);
    set_add(child->psum, s->some, words);
    set_keep(child->psum, fresh, words);
    return set_count(s->some, words);
}

/* The output goes up and comes back; the volumes of both. */
static void output_moves(Sim *s, int level, Unit *unit, int64_t *in, int64_t *out)
{
    int output = s->layer->op.output, words = s->numbering[output].words;
    int64_t children = s->nest->level[level].children;
    TensorCounts *counts = &s->result->level[level].tensor[output];
    for (int64_t p = 0; p < children; p++)
        set_minus(s->moving + p * s->widest, unit->child[p].held[output], s->fresh + p * s->widest,
                  words);
    *out = leave(s, level, unit);
    psums_returning(s, level, unit);
    *in = set_count(s->all, words);
    counts->psum_reads += *in;
    for (int64_t p = 0; p < children; p++) {
        Unit *child = &unit->child[p];
        const Word *fresh = s->fresh + p * s->widest;
        counts->fills += psums_take(s, child, fresh);
        child->worked =
            child->live || (child->worked && set_meet(child->held[output], fresh, words));
    }
}

static void note_largest(Sim *s, int level, Unit *unit, int t)
{
    int words = s->numbering[t].words;
    TensorCounts *counts = &s->result->level[level].tensor[t];
    set_clear(s->all, words);
    for (int64_t p = 0; p < s->nest->level[level].children; p++)
        if (unit->child[p].live) {
            const Word *fresh = s->fresh + p * s->widest;
            counts->tile_max = MAX(counts->tile_max, set_count(fresh, words));
            set_add(s->all, fresh, words);
        }
    counts->union_max = MAX(counts->union_max, set_count(s->all, words));
}

/* The children's new tiles of a tensor, into s->fresh. */
static void new_tiles(Sim *s, int level, Unit *unit, int t)
{
    const Tensor *tensor = &s->layer->op.tensor[t];
    for (int64_t p = 0; p < s->nest->level[level].children; p++) {
        Unit *child = &unit->child[p];
        if (child->placed && tile_same(tensor, &child->box, &child->wanted))
            set_copy(s->fresh + p * s->widest, child->held[t], s->numbering[t].words);
        else
            elements_tile(tensor, &s->numbering[t], &child->wanted, s->fresh + p * s->widest);
    }
}

/* All that moves at a step between a unit and its children, by tensor. */
static void move(Sim *s, int level, Unit *unit, int64_t in[], int64_t out[])
{
    int64_t children = s->nest->level[level].children;
    for (int t = 0; t < s->layer->op.n_tensors; t++) {
        new_tiles(s, level, unit, t);
        if (t == s->layer->op.output)
            output_moves(s, level, unit, &in[t], &out[t]);
        else
            in[t] = input_moves(s, level, unit, t);
        note_largest(s, level, unit, t);
        for (int64_t p = 0; p < children; p++)
            set_copy(unit->child[p].held[t], s->fresh + p * s->widest, s->numbering[t].words);
    }
    for (int64_t p = 0; p < children; p++) {
        unit->child[p].box = unit->child[p].wanted;
        unit->child[p].placed = true;
    }
}

/* ---- steps in time ---- */

static Time run(Sim *s, int level, Unit *unit);

/* A PE computes its box in one step. */
static Time pe_compute(Sim *s, Unit *pe)
{
    Time time = {0};
    int output = s->layer->op.output;
    if (!pe->live)
        return time;
    int64_t work = box_points(s->layer, &pe->box);
    s->result->macs += work;
    s->pe_steps++;
    set_copy(pe->psum, pe->held[output], s->numbering[output].words);
    time.cycles = (work + s->machine->lanes - 1) / s->machine->lanes;
    time.cause[CAUSE_COMPUTE] = time.cycles;
    time.compute_steps = 1;
    return time;
}

/* The children compute side by side: the time of the slowest, the first of them. */
static Time children_compute(Sim *s, int level, Unit *unit)
{
    Time slowest = {0};
    int64_t steps = 0;
    bool fill = s->first, inner = level + 1 < s->nest->n_levels;
    for (int64_t p = 0; p < s->nest->level[level].children; p++) {
        Unit *child = &unit->child[p];
        s->first = fill;
        Time time = inner ? run(s, level + 1, child) : pe_compute(s, child);
        if (!child->live)
            continue;
        steps = MAX(steps, time.compute_steps);
        if (time.cycles > slowest.cycles)
            slowest = time;
    }
    slowest.compute_steps = steps;
    return slowest;
}

/* A step's time, given to what bound it. */
static Time step_time(Time compute, int64_t in, int64_t out, bool hidden)
{
    Time time = compute;
    if (!hidden) {
        time.cycles += in + out;
        time.cause[CAUSE_FILL] += in;
        time.cause[CAUSE_DRAIN] += out;
    } else if (compute.cycles < MAX(in, out)) {
        time = (Time){.cycles = MAX(in, out), .compute_steps = compute.compute_steps};
        time.cause[in >= out ? CAUSE_INGRESS : CAUSE_EGRESS] = time.cycles;
    }
    return time;
}

/* The children's boxes at these counters, and which of them work. */
static void place_children(Sim *s, int level, Unit *unit, const int64_t counter[DIMS_MAX])
{
    const Level *l = &s->nest->level[level];
    for (int64_t p = 0; p < l->children; p++) {
        Unit *child = &unit->child[p];
        child->wanted = child_box(l, &unit->box, counter, p);
        child->live = unit->live && box_points(s->layer, &child->wanted) > 0;
    }
}

static Time step(Sim *s, int level, Unit *unit, bool first_of_tile)
{
    int64_t in[TENSORS_MAX] = {0}, out[TENSORS_MAX] = {0};
    s->result->level[level].steps += unit->live;
    move(s, level, unit, in, out);
    bool fill = s->first;
    Time compute = children_compute(s, level, unit);
    if (!unit->live)
        return (Time){0};
    s->first = false;
    Prefetch mode = s->machine->noc[level].prefetch;
    bool hidden = !(fill || mode == PREFETCH_NONE || (mode == PREFETCH_TILE && first_of_tile));
    return step_time(compute, delay(s, level, in), delay(s, level, out), hidden);
}

/* All steps of a level over the box of a unit. */
static Time run(Sim *s, int level, Unit *unit)
{
    const Level *l = &s->nest->level[level];
    int64_t bound[DIMS_MAX], counter[DIMS_MAX] = {0};
    Time total = {0};
    bool first_of_tile = true;
    level_bounds(l, &unit->box, bound);
    do {
        place_children(s, level, unit, counter);
        Time time = step(s, level, unit, first_of_tile);
        total.cycles += time.cycles;
        total.compute_steps += time.compute_steps;
        for (int c = 0; c < CAUSES; c++)
            total.cause[c] += time.cause[c];
        first_of_tile = false;
    } while (next_step(l, bound, counter));
    return total;
}

/* The end of the layer: all that the unit's children hold goes up. */
static int64_t flush_unit(Sim *s, int level, Unit *unit)
{
    int output = s->layer->op.output;
    int64_t volume[TENSORS_MAX] = {0};
    for (int64_t p = 0; p < s->nest->level[level].children; p++)
        set_copy(s->moving + p * s->widest, unit->child[p].held[output],
                 s->numbering[output].words);
    volume[output] = leave(s, level, unit);
    return delay(s, level, volume);
}

/* The flush of the units at `target` below `unit`, side by side: the longest. */
static int64_t flush_row(Sim *s, int level, int target, Unit *unit)
{
    if (level == target)
        return flush_unit(s, level, unit);
    int64_t worst = 0;
    for (int64_t p = 0; p < s->nest->level[level].children; p++) {
        int64_t cycles = flush_row(s, level + 1, target, &unit->child[p]);
        worst = MAX(worst, cycles);
    }
    return worst;
}

/* ---- off-chip memory ---- */

/* The union of the working children's tiles at every step of level 0, in their order. */
static Word *step_unions(Sim *s, int t, const Box *whole, int64_t steps)
{
    const Level *l = &s->nest->level[0];
    int words = s->numbering[t].words;
    int64_t bound[DIMS_MAX], counter[DIMS_MAX] = {0};
    Word *unions = g_new0(Word, steps * words), *at = unions;
    level_bounds(l, whole, bound);
    do {
        for (int64_t p = 0; p < l->children; p++) {
            Box box = child_box(l, whole, counter, p);
            if (box_points(s->layer, &box) == 0)
                continue;
            elements_tile(&s->layer->op.tensor[t], &s->numbering[t], &box, s->some);
            set_add(at, s->some, words);
        }
        at += words;
    } while (next_step(l, bound, counter));
    return unions;
}

/* What is fetched and what leaves when the buffer holds each of these sets in turn. */
static OffchipRow offchip_row(Sim *s, int t, const Word *sets, int64_t n)
{
    int words = s->numbering[t].words;
    int64_t fetched = 0, left = 0;
    OffchipRow row = {0};
    set_clear(s->all, words);
    for (int64_t i = 0; i < n; i++, sets += words) {
        set_minus(s->some, sets, s->all, words);
        fetched += set_count(s->some, words);
        set_minus(s->some, s->all, sets, words);
        left += set_count(s->some, words);
        row.footprint = MAX(row.footprint, set_count(sets, words));
        set_copy(s->all, sets, words);
    }
    left += set_count(s->all, words);
    bool output = t == s->layer->op.output;
    row.reads = output ? left - s->result->tensor_size[t] : fetched;
    row.writes = output ? left : 0;
    return row;
}

/* Rows of a tensor for each depth, from all loops outside to none. */
static void offchip(Sim *s, int t)
{
    const Level *l = &s->nest->level[0];
    Box whole = box_whole(s->layer);
    int64_t bound[DIMS_MAX], n = level_bounds(l, &whole, bound);
    int words = s->numbering[t].words;
    g_autofree Word *sets = step_unions(s, t, &whole, n);
    for (int depth = l->n_maps; depth >= 0; depth--) {
        s->result->offchip[t][depth] = offchip_row(s, t, sets, n);
        if (depth == 0)
            break;
        int64_t inner = bound[depth - 1]; /* this loop comes inside: its steps join */
        n /= inner;
        for (int64_t i = 0; i < n; i++)
            for (int64_t k = 0; k < inner; k++) {
                const Word *from = sets + (i * inner + k) * words;
                if (k == 0)
                    memmove(sets + i * words, from, (size_t) words * sizeof *from);
                else
                    set_add(sets + i * words, from, words);
            }
    }
}

/* ---- the whole ---- */

static void simulate(Sim *s)
{
    Result *r = s->result;
    s->units->box = box_whole(s->layer);
    s->units->live = true;
    Time time = run(s, 0, s->units);
    int64_t flush = 0;
    for (int level = s->nest->n_levels - 1; level >= 0; level--)
        flush += flush_row(s, 0, level, s->units);
    memcpy(r->cycles_by_cause, time.cause, sizeof time.cause);
    r->cycles_by_cause[CAUSE_DRAIN] += flush;
    r->cycles = r->onchip_cycles = time.cycles + flush;
    r->active_pes = (double) s->pe_steps / (double) time.compute_steps;
}

void simulator_run(const Layer *layer, const Nest *nest, const Machine *machine, Result *result)
{
    Sim s = {.layer = layer, .nest = nest, .machine = machine, .result = result, .first = true};
    memset(result, 0, sizeof *result);
    result->status = RESULT_OK;
    result->n_levels = nest->n_levels;
    for (int l = 0; l < nest->n_levels; l++)
        result->level[l].children = nest->level[l].children;
    sim_open(&s);
    simulate(&s);
    result->offchip_depths = nest->level[0].n_maps + 1;
    for (int t = 0; t < layer->op.n_tensors; t++)
        offchip(&s, t);
    sim_close(&s);
}
