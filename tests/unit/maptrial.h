/* One random layer on one random machine: what a nest comes to there, and all that somebody needs
 * who looks into a failure. */
#ifndef DCC_TESTS_UNIT_MAPTRIAL_H
#define DCC_TESTS_UNIT_MAPTRIAL_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "ir/hierarchy.h"
#include "map/open.h"
#include "map/search.h"
#include "mapcase.h"
#include "run/entry.h"

static const Objective TRIAL_GOALS[] = {OBJECTIVE_RUNTIME, OBJECTIVE_ENERGY, OBJECTIVE_EDP};
enum { GOAL_RUNTIME, GOAL_ENERGY, GOAL_EDP, GOALS };

/* Values that differ by rounding only: bounds and costs are sums in different orders. */
static const double TRIAL_ROUNDING = 2e-9;

typedef struct {
    Layer layer;
    Machine machine, placed; /* placed: its links are those of the nest evaluated last */
    Technology technology;
    Workspace *ws;
    ReportEntry entry;
    guint32 seed;
} Trial;

/* MAPSEARCH=N cases, MAPSEARCH_SEED=S: how many, and the first one's seed. */
static inline int trial_cases(int cases, guint32 *seed)
{
    const char *n = g_getenv("MAPSEARCH"), *s = g_getenv("MAPSEARCH_SEED");
    *seed = s ? (guint32) g_ascii_strtoull(s, NULL, 10) : (guint32) g_get_real_time();
    return n ? atoi(n) : cases;
}

/* MAPSEARCH_ORDERS=N: spaces of up to so many orders of loops. */
static inline int64_t trial_orders(int64_t most)
{
    const char *n = g_getenv("MAPSEARCH_ORDERS");
    return n ? g_ascii_strtoll(n, NULL, 10) : most;
}

static inline bool trial_near(double a, double b)
{
    return a == b || fabs(a - b) <= TRIAL_ROUNDING * fmax(fabs(a), fabs(b));
}

/* Only so many dims, at random, have more than one index: small spaces with loops over any dims. */
static inline void trial_narrow(GRand *random, int wide, Layer *layer)
{
    int n = layer->op.n_dims;
    unsigned keep = 0;
    while (__builtin_popcount(keep) < wide)
        keep |= 1u << mapcase_between(random, 0, n - 1);
    for (int d = 0; d < n; d++)
        if (!(keep >> d & 1))
            layer->extent[d] = 1;
}

/* Of all tensors, about. */
static inline int64_t trial_bytes(const Layer *layer, const Machine *machine)
{
    int64_t bytes = 0;
    for (int t = 0; t < layer->op.n_tensors; t++) {
        int64_t elements = 1;
        for (int c = 0; c < layer->op.tensor[t].n_coords; c++) {
            const Coord *coord = &layer->op.tensor[t].coord[c];
            int64_t length = 1;
            for (int i = 0; i < coord->n; i++)
                length += coord->coef[i] * (layer->extent[coord->dim[i]] - 1);
            elements *= length;
        }
        bytes += elements * machine->bits[t] / 8;
    }
    return bytes;
}

static inline void trial_share(GRand *random, const Layer *layer, Memory *memory)
{
    memory->partitioned = true;
    memory->capacity_bytes = 0;
    for (int t = 0; t < layer->op.n_tensors; t++)
        if (memory->holds >> t & 1)
            memory->capacity_bytes += memory->share_bytes[t] = mapcase_between(random, 2, 60);
}

static inline unsigned trial_dims(GRand *random, int n_dims)
{
    return (unsigned) mapcase_between(random, 1, (1 << n_dims) - 1);
}

/* What mapcase.h leaves out: fan-outs that divide some dims only, memories in shares, and an L2 so
 * small that it matters what stays there. */
static inline void trial_vary(GRand *random, const Layer *layer, Machine *machine)
{
    for (int f = 0; f < machine->n_fanouts; f++)
        if (mapcase_chance(random, 25))
            machine->fanout[f].dims = trial_dims(random, layer->op.n_dims);
    for (int m = 1; m < machine->n_memories; m++)
        if (mapcase_chance(random, 10))
            trial_share(random, layer, &machine->memory[m]);
    if (machine->n_memories == 0 && mapcase_chance(random, 60)) {
        machine->l2_bytes = mapcase_chance(random, 50) ? mapcase_between(random, 6, 80)
                                                       : trial_bytes(layer, machine) *
                                                             mapcase_between(random, 60, 130) / 100;
        mapcase_offchip(random, 70, 4e8, machine);
    }
}

/* False if a legal nest cannot be evaluated, or does not fit. */
static inline bool trial_evaluate(Trial *t, const Nest *nest, double value[GOALS])
{
    Finding finding[FINDINGS_MAX];
    const Machine *machine = &t->machine;
    if (machine->n_memories > 0) {
        hierarchy_place(nest, t->layer.op.n_tensors, &t->placed);
        machine = &t->placed;
    }
    entry_start(&t->entry, "", &t->layer, nest, machine);
    entry_run(&t->entry, t->ws);
    if (t->entry.status != ENTRY_EVALUATED || entry_findings(&t->entry, finding) > 0)
        return false;
    entry_cost(&t->entry, &t->technology);
    for (int g = 0; g < GOALS; g++)
        value[g] = search_value(TRIAL_GOALS[g], &t->entry);
    return true;
}

/* ---- what a failure says ---- */

static inline void trial_say_rate(const char *name, Rational rate)
{
    if (rate.num != 0)
        fprintf(stderr, " %s %d/%d", name, (int) rate.num, (int) rate.den);
}

static inline void trial_say_noc(const Noc *noc)
{
    fprintf(stderr, " latency %d hops %g%s%s%s%s prefetch %d", (int) noc->latency, noc->hops,
            noc->per_tensor ? " per tensor" : "", noc->in_bits ? " in bits" : "",
            noc->multicast ? " multicast" : "", noc->reduction ? " reduction" : "",
            (int) noc->prefetch);
    for (int t = 0; t < 3; t++)
        trial_say_rate("rate", noc->bandwidth[t]);
    fprintf(stderr, "\n");
}

static inline void trial_say_memory(const Memory *memory, unsigned all)
{
    fprintf(stderr,
            "  Memory %s holds %u of %u, capacity %d, fanouts outside %d, latency %d, prefetch %d, "
            "copies %d, %g and %g pJ, width %d%s",
            memory->name, memory->holds, all, (int) memory->capacity_bytes, memory->fanouts,
            (int) memory->latency, (int) memory->prefetch, memory->copies, memory->read_pj,
            memory->write_pj, (int) memory->width_bits, memory->port.in_bits ? ", in bits" : "");
    trial_say_rate("read", memory->port.read);
    trial_say_rate("write", memory->port.write);
    trial_say_rate("both", memory->port.both);
    fprintf(stderr, isnan(memory->leak_mw) ? "\n" : " leaks\n");
}

static inline void trial_say_machine(const Machine *m, unsigned all)
{
    fprintf(stderr, "pes %d, lanes %d, setup %d", (int) m->pes, (int) m->lanes,
            (int) m->setup_cycles);
    for (int k = 0; k < m->n_memories; k++)
        trial_say_memory(&m->memory[k], all);
    for (int f = 0; f < m->n_fanouts; f++) {
        fprintf(stderr, "  Fanout %s %d, memories outside %d:", m->fanout[f].name,
                (int) m->fanout[f].size, m->fanout[f].memories);
        trial_say_noc(&m->fanout[f].noc);
    }
    if (m->n_memories > 0)
        return;
    fprintf(stderr, ", L1 %d, L2 %d, buffer 1 %d, off-chip %g %s/s%s\n", (int) m->l1_bytes,
            (int) m->l2_bytes, (int) m->buffer_bytes[1], machine_offchip_per_s(m),
            m->offchip.elements ? "elements" : "B",
            m->stays_onchip[0] ? ", tensor 0 stays on chip" : "");
    for (int l = 0; l < 3; l++) {
        fprintf(stderr, "  NoC %d:", l);
        trial_say_noc(&m->noc[l]);
    }
}

static inline void trial_say(const Trial *t)
{
    const Operator *op = &t->layer.op;
    fprintf(stderr, "MAPSEARCH_SEED=%u MAPSEARCH=1\n%s", t->seed, op->type);
    for (int d = 0; d < op->n_dims; d++)
        fprintf(stderr, " %s %d", op->dim[d], (int) t->layer.extent[d]);
    for (int k = 0; k < op->n_tensors; k++) {
        const Tensor *tensor = &op->tensor[k];
        fprintf(stderr, "\n  %s: %d bit, density %g;", tensor->name, (int) t->machine.bits[k],
                t->layer.density[k]);
        for (int c = 0; c < tensor->n_coords; c++) {
            const Coord *coord = &tensor->coord[c];
            for (int i = 0; i < coord->n; i++)
                fprintf(stderr, "%s%d %s", i > 0 ? " + " : " ", (int) coord->coef[i],
                        op->dim[coord->dim[i]]);
            fprintf(stderr, ";");
        }
    }
    fprintf(stderr, "\n");
    trial_say_machine(&t->machine, (1u << op->n_tensors) - 1);
}

static inline void trial_say_nest(Trial *t, const char *what, const Nest *nest)
{
    double value[GOALS] = {NAN, NAN, NAN};
    bool fits = trial_evaluate(t, nest, value);
    GString *text =
        nest_print(&t->layer, nest, t->machine.n_memories > 0 ? &t->machine : NULL, what);
    fprintf(stderr, "%s: %.12g cycles, %.12g pJ, %.12g J s%s\n%s", what, value[GOAL_RUNTIME],
            value[GOAL_ENERGY], value[GOAL_EDP], fits ? "" : ", DOES NOT FIT", text->str);
    g_string_free(text, TRUE);
}

/* ---- the search against the least of what was enumerated ---- */

static inline void trial_say_template(const Trial *t, const Template *open)
{
    for (int l = 0; l < open->n_levels; l++)
        for (int m = 0; m < open->level[l].n_maps; m++) {
            const TemplateMap *map = &open->level[l].map[m];
            fprintf(stderr, "  level %d: %s kinds %u, size %d..%d, dims", l, map->any ? "Any" : "?",
                    map->kinds, (int) map->size.least, (int) map->size.most);
            for (int d = 0; d < t->layer.op.n_dims; d++)
                if (map->dims >> d & 1)
                    fprintf(stderr, " %s", t->layer.op.dim[d]);
            for (int k = 0; k < map->n_order; k++)
                fprintf(stderr, "%s %s", k == 0 ? ", ordered" : "", t->layer.op.dim[map->order[k]]);
            fprintf(stderr, "\n");
        }
}

/* Over all sizes it finds the least, with a bound that is not above it; returns what it finds.
 * `best` has the least, which is infinite if nothing fits. */
static inline double trial_search(Trial *t, const Template *open, int goal, double least,
                                  const Nest *best)
{
    SearchResult result;
    SearchRequest request = {.layer = &t->layer,
                             .machine = &t->machine,
                             .technology = &t->technology,
                             .open = &open,
                             .n_open = 1,
                             .objective = TRIAL_GOALS[goal],
                             .sizes = SIZES_ALL,
                             .threads = 1,
                             .waiting = t->seed % 2 ? 3 : 0};
    search_run(&request, &result);
    const SearchFound *first =
        result.found->len > 0 ? &g_array_index(result.found, SearchFound, 0) : NULL;
    double found = first != NULL ? first->value : INFINITY;
    const char *what = found > least * (1 + TRIAL_ROUNDING) ? "a nest is better than what is found"
                       : result.bound > least * (1 + TRIAL_ROUNDING) ? "a nest is below the bound"
                       : found < least * (1 - TRIAL_ROUNDING)
                           ? "what is found is better than all nests"
                           : NULL;
    if (what != NULL) {
        trial_say(t);
        trial_say_template(t, open);
        fprintf(stderr, "%s: %.12g; bound %.12g\n", objective_name(TRIAL_GOALS[goal]), least,
                result.bound);
        if (isfinite(least))
            trial_say_nest(t, "enumerated", best);
        if (first != NULL)
            trial_say_nest(t, "found", &first->nest);
        ck_abort_msg("seed %u: %s", t->seed, what);
    }
    search_clear(&result);
    return found;
}

#endif
