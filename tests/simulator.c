/* The walk: every step of every unit, all units of a row together. */
#include "simulator.h"

#include <string.h>

#include "asks.h"
#include "figures.h"
#include "global.h"
#include "links.h"
#include "macs.h"
#include "moves.h"
#include "windows.h"

/* ---- chunks and steps ---- */

static int64_t chunks(Interval parent, const Map *map)
{
    int64_t extent = parent.hi - parent.lo;
    return extent <= map->size ? 1 : (extent - map->size + map->offset - 1) / map->offset + 1;
}

int64_t sim_bounds(const Level *level, const Box *box, int64_t bound[DIMS_MAX])
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

Box sim_child_box(const Level *level, const Box *box, const int64_t counter[DIMS_MAX], int64_t p)
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

bool sim_next(const Level *level, const int64_t bound[DIMS_MAX], int64_t counter[DIMS_MAX])
{
    int m = level->n_maps - 1;
    while (m >= 0 && ++counter[m] == bound[m])
        counter[m--] = 0;
    return m >= 0;
}

/* ---- what is walked ---- */

/* A level with several children and no SpatialMap gives all of them the same work. */
static bool level_copies(const Level *level)
{
    for (int m = 0; m < level->n_maps; m++)
        if (level->map[m].kind == MAP_SPATIAL)
            return false;
    return true;
}

/* A flat level's maps have one chunk or fold when the parent's intervals are full. */
static bool level_flat(const Sim *s, int level)
{
    Box full = box_whole(s->layer);
    int64_t bound[DIMS_MAX];
    if (level == 0 || s->machine->noc[level].prefetch != PREFETCH_LAYER)
        return false;
    for (int l = 0; l < level; l++)
        for (int m = 0; m < s->nest->level[l].n_maps; m++) {
            const Map *map = &s->nest->level[l].map[m];
            full.of[map->dim].hi = MIN(full.of[map->dim].hi, map->size);
        }
    return sim_bounds(&s->nest->level[level], &full, bound) == 1;
}

static void open_levels(Sim *s)
{
    for (int depth = 0; depth <= s->n_levels; depth++)
        for (int t = 0; t < s->layer->op.n_tensors; t++)
            s->home[depth][t] = sim_holds(s, depth, t) ? depth : s->home[depth - 1][t];
    for (int l = s->n_levels - 1; l >= 0; l--) {
        s->flat[l] = level_flat(s, l);
        s->n_links[l] = 1 + (s->flat[l + 1] ? s->n_links[l + 1] : 0);
        s->running[l] = g_new(int64_t, s->row_size[l]);
        s->now[l] = g_new(int64_t, s->row_size[l]);
        s->record[l] = g_array_new(FALSE, FALSE, sizeof(StepRecord));
        s->load[l] = g_array_new(FALSE, FALSE, sizeof(Load));
        s->stays[l] = g_array_new(FALSE, FALSE, 1);
    }
}

static void open_unit(const Sim *s, Unit *unit, Word **bits)
{
    const Operator *op = &s->layer->op;
    for (int t = 0; t < op->n_tensors; t++) {
        unit->held[t] = *bits;
        unit->next[t] = *bits + s->numbering[t].words;
        *bits += 2 * s->numbering[t].words;
    }
    unit->psum = *bits;
    *bits += s->numbering[op->output].words;
}

/* Rows of units; words: of a unit's sets. */
static void open_rows(Sim *s, int64_t words)
{
    int64_t units = s->row_size[0] = 1;
    for (int l = 0; l < s->n_levels; l++)
        units += s->row_size[l + 1] = s->row_size[l] * s->nest->level[l].children;
    Word *bits = s->bits = g_new0(Word, units * words);
    for (int depth = 0; depth <= s->n_levels; depth++) {
        s->row[depth] = g_new0(Unit, s->row_size[depth]);
        for (int64_t i = 0; i < s->row_size[depth]; i++) {
            Unit *unit = &s->row[depth][i];
            open_unit(s, unit, &bits);
            if (depth == 0)
                continue;
            const Level *level = &s->nest->level[depth - 1];
            unit->parent = i / level->children;
            unit->copy = s->row[depth - 1][unit->parent].copy ||
                         (i % level->children && level_copies(level));
        }
    }
}

static void sim_open(Sim *s)
{
    const Operator *op = &s->layer->op;
    int64_t words = 0;
    int widest = 0;
    for (int t = 0; t < op->n_tensors; t++) {
        s->result->tensor_size[t] = elements_number(s->layer, &op->tensor[t], &s->numbering[t]);
        words += 2 * s->numbering[t].words;
        widest = MAX(widest, s->numbering[t].words);
    }
    words += s->numbering[op->output].words;
    s->some = g_new(Word, widest);
    asks_open(s, widest * WORD_BITS);
    open_rows(s, words);
    open_levels(s);
}

static void sim_close(Sim *s)
{
    for (int t = 0; t < s->layer->op.n_tensors; t++)
        elements_clear(&s->layer->op.tensor[t], &s->numbering[t]);
    for (int l = 0; l < s->n_levels; l++) {
        g_free(s->running[l]);
        g_free(s->now[l]);
        g_array_free(s->record[l], TRUE);
        g_array_free(s->load[l], TRUE);
        g_array_free(s->stays[l], TRUE);
    }
    for (int depth = 0; depth <= s->n_levels; depth++)
        g_free(s->row[depth]);
    g_free(s->bits);
    g_free(s->some);
    asks_close(s);
}

/* ---- steps ---- */

/* The children's boxes at these counters, and which of them work. */
static void place_children(Sim *s, int level, const int64_t counter[DIMS_MAX])
{
    const Level *l = &s->nest->level[level];
    for (int64_t i = 0; i < s->n_now[level]; i++) {
        const Unit *unit = &s->row[level][s->now[level][i]];
        Unit *child = sim_children(s, level, s->now[level][i]);
        s->result->level[level].steps += unit->live;
        for (int64_t p = 0; p < l->children; p++, child++) {
            child->before = child->box;
            child->lived = child->live;
            child->box = sim_child_box(l, &unit->box, counter, p);
            child->live = unit->live && box_points(s->layer, &child->box) > 0;
        }
    }
}

static void run(Sim *s, int level);

/* The children run their levels, or compute. */
static void children_run(Sim *s, int level)
{
    int64_t children = s->nest->level[level].children;
    if (level + 1 == s->n_levels) {
        macs_compute(s);
        return;
    }
    s->n_running[level + 1] = 0;
    for (int64_t i = 0; i < s->n_now[level]; i++)
        for (int64_t p = 0; p < children; p++)
            s->running[level + 1][s->n_running[level + 1]++] = s->now[level][i] * children + p;
    run(s, level + 1);
}

static void step(Sim *s, int level, const int64_t counter[DIMS_MAX])
{
    bool fill = s->first;
    place_children(s, level, counter);
    moves_step(s, level);
    children_run(s, level);
    for (int64_t i = 0; i < s->n_now[level]; i++)
        s->first &= !s->row[level][s->now[level][i]].live;
    windows_record(s, level, fill);
}

/* The steps of each unit whose run begins; *most: the longest of each loop. */
static void run_begin(Sim *s, int level, int64_t most[DIMS_MAX])
{
    const Level *l = &s->nest->level[level];
    int64_t records = 0;
    for (int m = 0; m < l->n_maps; m++)
        most[m] = 1;
    for (int64_t i = 0; i < s->n_running[level]; i++) {
        Unit *unit = &s->row[level][s->running[level][i]];
        int64_t steps = sim_bounds(l, &unit->box, unit->bound);
        unit->record = records;
        unit->taken = 0;
        records += unit->live ? steps : 0;
        for (int m = 0; m < l->n_maps; m++)
            most[m] = MAX(most[m], unit->bound[m]);
    }
    windows_reserve(s, level, records);
}

/* The units that have a step at these counters. */
static void find_now(Sim *s, int level, const int64_t counter[DIMS_MAX])
{
    s->n_now[level] = 0;
    for (int64_t i = 0; i < s->n_running[level]; i++) {
        const Unit *unit = &s->row[level][s->running[level][i]];
        bool takes_part = true;
        for (int m = 0; m < s->nest->level[level].n_maps; m++)
            takes_part &= counter[m] < unit->bound[m];
        if (takes_part)
            s->now[level][s->n_now[level]++] = s->running[level][i];
    }
}

/* All steps of a level over the boxes of the units in s->running[level]. */
static void run(Sim *s, int level)
{
    const Level *l = &s->nest->level[level];
    int64_t most[DIMS_MAX], counter[DIMS_MAX] = {0};
    run_begin(s, level, most);
    do {
        find_now(s, level, counter);
        if (s->n_now[level])
            step(s, level, counter);
    } while (sim_next(l, most, counter));
    for (int64_t i = 0; i < s->n_running[level]; i++)
        windows_run(s, level, &s->row[level][s->running[level][i]]);
}

/* ---- the end of the layer ---- */

/* What the links of a row carry, of the slowest; forgets it. */
static int64_t flush_delay(Sim *s, int level, bool through)
{
    int64_t worst = 0;
    for (int64_t i = 0; i < s->row_size[level]; i++) {
        Load *load = through ? &s->row[level][i].through : &s->row[level][i].own;
        int64_t delay = links_delay(s, level, load->out, WAY_OUT);
        worst = MAX(worst, delay);
        if (level == 0)
            s->root.out[s->layer->op.output] += load->out[s->layer->op.output];
        *load = (Load){0};
    }
    return worst;
}

/* All that is held goes up, innermost level first. */
static int64_t flush(Sim *s)
{
    int64_t cycles = 0;
    for (int level = s->n_levels - 1; level >= 0; level--) {
        if (!sim_holds(s, level + 1, s->layer->op.output))
            continue;
        s->n_now[level] = s->row_size[level];
        for (int64_t i = 0; i < s->row_size[level]; i++) {
            s->now[level][i] = i;
            s->row[level][i].own = (Load){0};
        }
        moves_leave(s, level, true);
        int64_t worst = flush_delay(s, level, false);
        for (int l = 0; l < level; l++) {
            int64_t delay = flush_delay(s, l, true);
            worst = MAX(worst, delay);
        }
        cycles += worst;
    }
    return cycles;
}

/* ---- the whole ---- */

static void walk(Sim *s)
{
    Result *r = s->result;
    Unit *root = s->row[0];
    root->box = box_whole(s->layer);
    root->live = true;
    s->running[0][0] = 0;
    s->n_running[0] = 1;
    run(s, 0);
    int64_t last = flush(s), setup = s->machine->setup_cycles;
    memcpy(r->cycles_by_cause, root->time.cause, sizeof root->time.cause);
    r->cycles_by_cause[CAUSE_DRAIN] += last;
    r->cycles_by_cause[CAUSE_SETUP] = setup;
    r->onchip_cycles = root->time.cycles + last + setup;
    r->active_pes = (double) s->pe_steps / (double) root->time.compute_steps;
}

static void simulate(const Case *c, bool done, Simulation *simulation)
{
    Result *result = &simulation->result;
    Sim s = {.c = c, .first = true, .done = done, .result = result};
    s.rows = &simulation->rows;
    s.mac = simulation->mac;
    s.layer = &c->layer;
    s.nest = &c->nest;
    s.machine = &c->machine;
    s.n_levels = c->nest.n_levels;
    memset(simulation, 0, sizeof *simulation);
    result->status = RESULT_OK;
    result->n_levels = s.n_levels;
    for (int l = 0; l < s.n_levels; l++)
        result->level[l].children = s.nest->level[l].children;
    sim_open(&s);
    walk(&s);
    global_rows(&s);
    global_time(&s);
    figures_set(&s);
    memcpy(simulation->root_in, s.root.in, sizeof s.root.in);
    simulation->root_out = s.root.out[c->layer.op.output];
    sim_close(&s);
}

void simulator_run(const Case *c, Simulation *simulation)
{
    simulate(c, false, simulation);
}

void simulator_run_done(const Case *c, Simulation *simulation)
{
    simulate(c, true, simulation);
}
