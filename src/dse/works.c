/* Time and energy of a layer depend on the capacity of L2 only by how much of a tensor stays on
 * the chip; there are few such choices (residency depths), so columns with the same choice share
 * one evaluation.  The energy of L1 and L2 is linear in that of a read and a write: the numbers of
 * both come from the cost model itself, by figures that are 1.  On another machine of the family
 * only the cycles are others, and the energy by what an idle cycle costs. */
#include "dse/works.h"

#include <math.h>
#include <string.h>

#include "engine/analysis.h"
#include "engine/residency.h"
#include "ir/integer.h"

/* Layers of a kind, and their choices of residency. */
typedef struct {
    const Mapped *mapped;
    Workspace *workspace; /* holds what does not depend on the machine */
    Result result;        /* as last timed */
    bool chosen;          /* the choices of this nest are known */
    int *choice;          /* by column */
    int n_choices;
    double *capacity; /* of L2, by choice: one that leads to it */
    Outcome *outcome; /* by family and choice */
    guint n_outcomes;
    int64_t *cycles; /* by choice and place */
    guint n_cycles;
} Work;

struct Works {
    const Study *study;
    Technology reads, writes; /* a read, or a write, of a word costs 1 and nothing else anything */
    int64_t columns;          /* of the plane */
    guint n, n_works;         /* kinds; of those that there is room for */
    Work *works;
    guint window;
    GArray *need;     /* of Need: by family */
    Machine *machine; /* by operator: the family's with the links of its first machine at hand */
    Variants *variants; /* by operator: of the machines at hand */
    int64_t *columns_of_links, *found;
    int n_ops;
    Cost cost;
};

enum { WINDOW_MAX = 256, WINDOW_CYCLES = 1 << 16 };

/* ---- life ------------------------------------------------------------------------ */

static Curve unit_curve(void)
{
    return (Curve){.n = 1, .x = {1}, .y = {1}, .exponent = 0};
}

Works *works_new(const Study *study)
{
    Works *w = g_new0(Works, 1);
    w->study = study;
    w->columns = study->swept2 ? study->l2.n : 1;
    w->reads.l1.read_pj = w->reads.l2.read_pj = unit_curve();
    w->writes.l1.write_pj = w->writes.l2.write_pj = unit_curve();
    w->reads.l1.word_bits = w->writes.l1.word_bits = study->technology.l1.word_bits;
    w->reads.l2.word_bits = w->writes.l2.word_bits = study->technology.l2.word_bits;
    w->need = g_array_new(FALSE, TRUE, sizeof(Need));
    w->found = g_new(int64_t, WINDOW_MAX);
    return w;
}

void works_free(Works *w)
{
    if (!w)
        return;
    for (guint k = 0; k < w->n_works; k++) {
        Work *work = &w->works[k];
        workspace_free(work->workspace);
        g_free(work->choice);
        g_free(work->capacity);
        g_free(work->outcome);
        g_free(work->cycles);
    }
    g_free(w->works);
    g_array_free(w->need, TRUE);
    g_free(w->machine);
    g_free(w->variants);
    g_free(w->columns_of_links);
    g_free(w->found);
    g_free(w);
}

/* Room for so many kinds and operators. */
static void make_room(Works *w, const NestLayers *layers)
{
    if (w->n_works < layers->n_mapped) {
        w->works = g_renew(Work, w->works, layers->n_mapped);
        memset(w->works + w->n_works, 0, (layers->n_mapped - w->n_works) * sizeof *w->works);
        for (guint k = w->n_works; k < layers->n_mapped; k++) {
            w->works[k].workspace = workspace_new();
            w->works[k].choice = g_new0(int, w->columns);
            w->works[k].capacity = g_new0(double, w->columns);
            w->works[k].n_choices = 1;
        }
        w->n_works = layers->n_mapped;
    }
    if (w->n_ops < layers->n_ops) {
        w->n_ops = layers->n_ops;
        w->machine = g_renew(Machine, w->machine, w->n_ops);
        w->variants = g_renew(Variants, w->variants, w->n_ops);
        w->columns_of_links = g_renew(int64_t, w->columns_of_links,
                                      (gsize) w->n_ops * 2 * LEVELS_MAX * WINDOW_MAX);
    }
    w->n = layers->n_mapped;
    w->window = CLAMP(WINDOW_CYCLES / w->n, 1, WINDOW_MAX);
}

bool works_turn(Works *w, const NestLayers *layers)
{
    make_room(w, layers);
    g_array_set_size(w->need, 0);
    for (guint k = 0; k < w->n; k++) {
        Work *work = &w->works[k];
        work->mapped = &layers->mapped[k];
        work->chosen = !w->study->swept2;
        if (analysis_prepare(work->mapped->layer, &work->mapped->nest, work->workspace) !=
            RESULT_OK)
            return false;
    }
    return true;
}

guint works_window(const Works *w)
{
    return w->window;
}

/* ---- choices of residency ---------------------------------------------------------- */

static bool same_depths(const Layer *layer, const int *a, const int *b)
{
    return !memcmp(a, b, (size_t) layer->op.n_tensors * sizeof *a);
}

/* Finds which columns come to the same residency depths, from a result on any machine. */
static void find_choices(const Works *w, Work *work, Machine machine)
{
    const Layer *layer = work->mapped->layer;
    Shape shape;
    Result result = work->result;
    int(*depths)[TENSORS_MAX] = g_malloc_n((gsize) w->columns, sizeof *depths);
    cluster_shape(layer, &shape);
    work->n_choices = 0;
    work->chosen = true;
    for (int64_t j = 0; j < w->columns; j++) {
        machine.l2_bytes = (int64_t) w->study->l2.bytes[j];
        residency_choose(&shape, &machine, &result);
        int k = work->n_choices - 1;
        while (k >= 0 && !same_depths(layer, depths[k], result.offchip_depth))
            k--;
        if (k < 0) {
            k = work->n_choices++;
            memcpy(depths[k], result.offchip_depth, sizeof depths[k]);
            work->capacity[k] = (double) machine.l2_bytes;
        }
        work->choice[j] = k;
    }
    g_free(depths);
}

/* ---- the machines at hand ---------------------------------------------------------- */

/* A column of what the machines have for a level, or NULL if that is the same on all. */
static const int64_t *column_of(const Machines *machines, int op, int level, bool latency,
                                const guint *number, guint n, int64_t *column)
{
    bool varies = false;
    for (guint i = 0; i < n; i++) {
        const Links *links = machines_links(machines, number[i], op);
        column[i] = latency ? links->latency[level] : links->bandwidth[level];
        varies |= column[i] != column[0];
    }
    return varies ? column : NULL;
}

static void set_machines(Works *w, const Machines *machines, int family, const guint *number,
                         guint n)
{
    int64_t *column = w->columns_of_links;
    for (int op = 0; op < machines->n_ops; op++) {
        const Links *links = machines_links(machines, number[0], op);
        Machine *machine = &w->machine[op];
        *machine = machines_family(machines, family)->machine[op];
        for (int l = 0; l < LEVELS_MAX; l++) {
            machine->noc[l].bandwidth[0].num = links->bandwidth[l];
            machine->noc[l].latency = links->latency[l];
            if (n == 1)
                continue;
            w->variants[op].bandwidth[l] =
                column_of(machines, op, l, false, number, n, column);
            w->variants[op].latency[l] =
                column_of(machines, op, l, true, number, n, column + WINDOW_MAX);
            column += 2 * WINDOW_MAX;
        }
    }
}

/* ---- a kind of layers -------------------------------------------------------------- */

/* The figures of the result on the machine. */
static void take_outcome(Works *w, const Work *work, const Machine *machine, Outcome *out)
{
    const Study *study = w->study;
    const Layer *layer = work->mapped->layer;
    const Result *result = &work->result;
    double idle = cost_leakage(&study->technology, machine);
    *out = (Outcome){.macs = result->macs,
                     .l1_required = result->l1_required_bytes,
                     .l2_required = result->l2_required_bytes,
                     .idle_pj = isnan(idle) ? 0 : idle};
    cost_layer(layer, machine, &study->technology, result, &w->cost);
    for (int p = 0; p < COST_LEAKAGE; p++)
        if (!(p == COST_L1 && study->swept1) && !(p == COST_L2 && study->swept2))
            out->pj += w->cost.pj[p];
    if (!study->swept1 && !study->swept2)
        return;
    cost_layer(layer, machine, &w->reads, result, &w->cost);
    out->l1_reads = w->cost.pj[COST_L1];
    out->l2_reads = w->cost.pj[COST_L2];
    cost_layer(layer, machine, &w->writes, result, &w->cost);
    out->l1_writes = w->cost.pj[COST_L1];
    out->l2_writes = w->cost.pj[COST_L2];
}
_Static_assert(COST_LEAKAGE == COSTS - 1, "energies are added up in their order, leakage last");

/* The cycles of every machine, each in its place. */
static void take_cycles(Works *w, const Work *work, const Machine *machine, const guint *place,
                        guint n, int64_t *cycles, bool *failed)
{
    if (n == 1) {
        cycles[place[0]] = work->result.cycles;
        return;
    }
    analysis_variants(machine, &w->variants[work->mapped->op], (int) n, work->workspace, w->found);
    for (guint i = 0; i < n; i++) {
        cycles[place[i]] = w->found[i];
        failed[i] |= w->found[i] < 0;
    }
}

/* Makes room for what a run of the family gives. */
static void reserve(const Works *w, Work *work, int family)
{
    guint outcomes = ((guint) family + 1) * (guint) work->n_choices;
    guint cycles = w->window * (guint) work->n_choices;
    if (work->n_outcomes < outcomes) {
        work->n_outcomes = 2 * outcomes;
        work->outcome = g_renew(Outcome, work->outcome, work->n_outcomes);
    }
    if (work->n_cycles < cycles) {
        work->n_cycles = cycles;
        work->cycles = g_renew(int64_t, work->cycles, cycles);
    }
}

/* Brings the result to the machine; false if a count does not fit.  `timed`: it is one of the same
 * machine, but for capacities. */
static bool time_on(Work *work, const Machine *machine, bool timed)
{
    if (timed && work->result.status == RESULT_OK)
        analysis_capacity(machine, work->workspace, &work->result);
    else
        analysis_time(machine, work->workspace, &work->result);
    return work->result.status == RESULT_OK;
}

static bool run_work(Works *w, Work *work, int family, bool timed, const guint *place, guint n,
                     bool *failed)
{
    Machine machine = w->machine[work->mapped->op];
    if (w->study->swept1)
        machine.l1_bytes = (int64_t) w->study->l1.bytes[0];
    if (!work->chosen) {
        analysis_time(&machine, work->workspace, &work->result);
        find_choices(w, work, machine);
        timed = true;
    }
    reserve(w, work, family);
    for (int k = 0; k < work->n_choices; k++, timed = true) {
        if (w->study->swept2)
            machine.l2_bytes = (int64_t) work->capacity[k];
        if (!time_on(work, &machine, timed))
            return false;
        take_outcome(w, work, &machine, &work->outcome[family * work->n_choices + k]);
        take_cycles(w, work, &machine, place, n, work->cycles + (guint) k * w->window, failed);
    }
    return true;
}

/* ---- all of them ------------------------------------------------------------------- */

/* The machine with just what the layers need, which does not depend on what it has. */
static bool place_exactly(Works *w)
{
    int64_t l1 = 0, l2 = 0;
    for (guint k = 0; k < w->n; k++) {
        Work *work = &w->works[k];
        if (!time_on(work, &w->machine[work->mapped->op], false))
            return false;
        l1 = max64(l1, work->result.l1_required_bytes);
        l2 = max64(l2, work->result.l2_required_bytes);
    }
    for (int op = 0; op < w->n_ops; op++) {
        w->machine[op].l1_bytes = l1;
        w->machine[op].l2_bytes = l2;
    }
    return true;
}

/* Whether the buffers between hold what the layer needs. */
static bool buffers_suffice(const Machine *machine, const Result *result)
{
    for (int l = 1; l < result->n_levels; l++)
        if (machine->buffer_bytes[l] > 0 &&
            machine->buffer_bytes[l] < result->buffer_required_bytes[l])
            return false;
    return true;
}

bool works_run(Works *w, const Machines *machines, int family, const guint *number,
               const guint *place, guint n, bool *failed)
{
    set_machines(w, machines, family, number, n);
    memset(failed, 0, n * sizeof *failed);
    if (w->study->exact && !place_exactly(w))
        return false;
    Need need = {.buffers = true,
                 .l1_given = w->machine[0].l1_bytes,
                 .l2_given = w->machine[0].l2_bytes};
    for (guint k = 0; k < w->n; k++) {
        Work *work = &w->works[k];
        if (!run_work(w, work, family, w->study->exact, place, n, failed))
            return false;
        const Outcome *out = &work->outcome[family * work->n_choices];
        need.l1 = max64(need.l1, out->l1_required);
        need.l2 = max64(need.l2, out->l2_required);
        need.buffers &= buffers_suffice(&w->machine[work->mapped->op], &work->result);
    }
    if (w->need->len <= (guint) family)
        g_array_set_size(w->need, (guint) family + 1);
    g_array_index(w->need, Need, family) = need;
    return true;
}

/* ---- what it gave ------------------------------------------------------------------ */

const Need *works_need(const Works *w, int family)
{
    return &g_array_index(w->need, Need, family);
}

const Outcome *works_outcome(const Works *w, int family, guint kind, int64_t column)
{
    const Work *work = &w->works[kind];
    return &work->outcome[family * work->n_choices + work->choice[column]];
}

int64_t works_cycles(const Works *w, guint kind, int64_t column, guint place)
{
    const Work *work = &w->works[kind];
    return work->cycles[(guint) work->choice[column] * w->window + place];
}
