/* Time and energy of a layer depend on the capacity of L2 only by how much of a tensor stays on
 * the chip; there are few such choices (residency depths), so columns with the same choice share
 * one evaluation.  The energy of L1 and L2 is linear in that of a read and a write: the numbers of
 * both come from the cost model itself, by figures that are 1. */
#include "dse/design.h"

#include <math.h>
#include <string.h>

#include "engine/analysis.h"
#include "engine/cost.h"
#include "engine/residency.h"
#include "ir/integer.h"

/* What a layer comes to under one choice; pJ of one run. */
typedef struct {
    int64_t cycles, macs;
    int64_t l1_required, l2_required;
    double pj;                  /* but for L1, and L2 where their capacity is swept */
    double l1_reads, l1_writes; /* words, where it is swept */
    double l2_reads, l2_writes;
} Outcome;

/* A layer of the nest, and its choices of residency. */
typedef struct {
    const Job *job;
    Workspace *workspace; /* holds what does not depend on the machine */
    int *choice;          /* by column */
    int n_choices;
    double *capacity; /* of L2, by choice: one that leads to it */
    Outcome *outcome; /* by choice, of the plane at hand */
    Machine machine;  /* for the plane at hand */
} Work;

struct Designer {
    const Study *study;
    Technology reads, writes; /* a read, or a write, of a word costs 1 and nothing else anything */
    int64_t nest;
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
    GArray *jobs; /* of Job: the program's */
    Work *works;
    int64_t planes; /* made of this program */
    Plane plane;
    double bytes1, bytes2; /* the one capacity where it is not swept */
    Result result;
    Cost cost;
};

/* A machine costs memory of the program's arena; it begins anew after so many. */
enum { PLANES_MAX = 4096 };

/* ---- life ------------------------------------------------------------------------ */

static Curve unit_curve(void)
{
    return (Curve){.n = 1, .x = {1}, .y = {1}, .exponent = 0};
}

Designer *designer_new(const Study *study)
{
    Designer *d = g_new0(Designer, 1);
    d->study = study;
    d->nest = -1;
    d->reads.l1.read_pj = d->reads.l2.read_pj = unit_curve();
    d->writes.l1.write_pj = d->writes.l2.write_pj = unit_curve();
    d->reads.l1.word_bits = d->writes.l1.word_bits = study->technology.l1.word_bits;
    d->reads.l2.word_bits = d->writes.l2.word_bits = study->technology.l2.word_bits;
    plane_new(&d->plane, study->space->n1, study->space->n2);
    return d;
}

static void drop_program(Designer *d)
{
    for (guint i = 0; d->works && i < d->jobs->len; i++) {
        if (d->works[i].workspace)
            workspace_free(d->works[i].workspace);
        g_free(d->works[i].choice);
        g_free(d->works[i].outcome);
        g_free(d->works[i].capacity);
    }
    g_clear_pointer(&d->works, g_free);
    g_clear_pointer(&d->jobs, g_array_unref);
    g_clear_pointer(&d->program, program_free);
    g_clear_pointer(&d->diag, diag_free);
    g_clear_pointer(&d->sources, sources_free);
    g_clear_pointer(&d->arena, arena_free);
    d->nest = -1;
}

void designer_free(Designer *d)
{
    if (!d)
        return;
    drop_program(d);
    plane_clear(&d->plane);
    g_free(d);
}

void designer_print(Designer *d, FILE *out)
{
    if (d->diag)
        diag_print(d->diag, out, false);
}

/* ---- the nest -------------------------------------------------------------------- */

static bool same_depths(const Layer *layer, const int *a, const int *b)
{
    return !memcmp(a, b, (size_t) layer->op.n_tensors * sizeof *a);
}

/* Finds which columns come to the same residency depths. */
static void find_choices(Designer *d, Work *work)
{
    const Study *study = d->study;
    const Layer *layer = &work->job->layer;
    Machine machine = work->job->machine;
    Shape shape;
    int64_t n = study->swept2 ? study->l2.n : 1;
    int(*depths)[TENSORS_MAX] = g_malloc_n((gsize) n, sizeof *depths);
    cluster_shape(layer, &shape);
    work->choice = g_new0(int, n);
    work->capacity = g_new0(double, n);
    for (int64_t j = 0; j < n; j++) {
        if (study->swept2)
            machine.l2_bytes = (int64_t) study->l2.bytes[j];
        residency_choose(&shape, &machine, &d->result);
        int k = work->n_choices - 1;
        while (k >= 0 && !same_depths(layer, depths[k], d->result.offchip_depth))
            k--;
        if (k < 0) {
            k = work->n_choices++;
            memcpy(depths[k], d->result.offchip_depth, sizeof depths[k]);
            work->capacity[k] = (double) machine.l2_bytes;
        }
        work->choice[j] = k;
    }
    work->outcome = g_new0(Outcome, work->n_choices);
    g_free(depths);
}

static bool prepare(Designer *d)
{
    d->works = g_new0(Work, d->jobs->len);
    for (guint i = 0; i < d->jobs->len; i++) {
        Work *work = &d->works[i];
        work->job = &g_array_index(d->jobs, Job, i);
        if (!work->job->legal)
            return false;
        work->workspace = workspace_new();
        if (analysis_prepare(&work->job->layer, &work->job->nest, work->workspace) != RESULT_OK)
            return false;
        analysis_time(&work->job->machine, work->workspace, &d->result);
        find_choices(d, work);
    }
    return true;
}

bool designer_nest(Designer *d, int64_t nest)
{
    guint choice;
    if (d->nest == nest && d->planes < PLANES_MAX)
        return true;
    drop_program(d);
    d->planes = 0;
    d->arena = arena_new();
    d->sources = sources_copy(d->study->program->trees->sources, d->arena);
    d->diag = diag_like(d->study->diag, d->sources, d->arena);
    d->program = study_program(d->study, nest, d->diag, &choice, NULL);
    if (!d->program)
        return false;
    d->jobs = jobs_new(d->program, choice);
    if (diag_errors(d->diag) > 0 || !prepare(d))
        return false;
    d->nest = nest;
    return true;
}

/* ---- the machine ----------------------------------------------------------------- */

static bool set_machine(Designer *d, int64_t machine, Hardware *hardware)
{
    const Space *space = d->study->space;
    int64_t point = (d->nest * space->machines + machine) * space->n1 * space->n2;
    *hardware = d->program->machine;
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        if (axis->kind != AXIS_MACHINE)
            continue;
        char set[256];
        g_snprintf(set, sizeof set, "%s=%s", axis->name, space_value(space, i, point));
        if (!hardware_set(d->program->trees, hardware, set, NULL))
            return false;
    }
    for (guint i = 0; i < d->jobs->len; i++)
        if (!hardware_machine(d->program->trees, hardware, &d->works[i].job->layer.op,
                              &d->works[i].machine))
            return false;
    return true;
}

/* Area and power without L1 and L2; buffers between count where the machine gives them. */
static void chip_without(const Designer *d, ChipCost *chip)
{
    Capacity capacity = {0};
    for (guint i = 0; i < d->jobs->len; i++) {
        const Work *work = &d->works[i];
        const Result shape = {.n_levels = work->job->nest.n_levels};
        cost_capacity(&work->machine, &work->job->nest, &shape, &capacity);
    }
    capacity.l1 = capacity.l2 = 0;
    cost_chip(&d->works[0].machine, &capacity, &d->study->technology, chip);
}

/* The rest of the chip with the cheapest L1 and L2: no design of the plane is below that, as
 * its sums have the same first operand and no smaller second ones. */
static bool is_over(const Designer *d, const ChipCost *chip)
{
    const Study *s = d->study;
    double pes = (double) d->works[0].machine.pes;
    return chip->total_um2 + pes * s->l1.least_um2 + s->l2.least_um2 > s->budget_um2 ||
           chip->total_mw + pes * s->l1.least_mw + s->l2.least_mw > s->budget_mw;
}

/* ---- layers ---------------------------------------------------------------------- */

/* Runs the engines for a layer; false if a count does not fit. */
static bool run_layer(Designer *d, const Work *work, int choice, Outcome *out)
{
    const Study *study = d->study;
    const Layer *layer = &work->job->layer;
    Machine machine = work->machine;
    if (study->swept1)
        machine.l1_bytes = (int64_t) study->l1.bytes[0];
    if (study->swept2)
        machine.l2_bytes = (int64_t) work->capacity[choice];
    analysis_time(&machine, work->workspace, &d->result);
    if (d->result.status != RESULT_OK)
        return false;
    *out = (Outcome){.cycles = d->result.cycles,
                     .macs = d->result.macs,
                     .l1_required = d->result.l1_required_bytes,
                     .l2_required = d->result.l2_required_bytes};
    cost_layer(layer, &machine, &study->technology, &d->result, &d->cost);
    for (int p = 0; p < COSTS; p++)
        if (!(p == COST_L1 && study->swept1) && !(p == COST_L2 && study->swept2))
            out->pj += d->cost.pj[p];
    if (!study->swept1 && !study->swept2)
        return true;
    cost_layer(layer, &machine, &d->reads, &d->result, &d->cost);
    out->l1_reads = d->cost.pj[COST_L1];
    out->l2_reads = d->cost.pj[COST_L2];
    cost_layer(layer, &machine, &d->writes, &d->result, &d->cost);
    out->l1_writes = d->cost.pj[COST_L1];
    out->l2_writes = d->cost.pj[COST_L2];
    return true;
}

/* Whether the buffers between hold what the layer needs. */
static bool buffers_suffice(const Work *work, const Result *result)
{
    for (int l = 1; l < result->n_levels; l++)
        if (work->machine.buffer_bytes[l] > 0 &&
            work->machine.buffer_bytes[l] < result->buffer_required_bytes[l])
            return false;
    return true;
}

/* What the layers need together. */
typedef struct {
    int64_t l1, l2;
    bool buffers; /* those between suffice */
} Need;

static bool add_columns(Designer *d, const Work *work, const Outcome *out)
{
    const Capacities *l2 = &d->study->l2;
    Plane *p = &d->plane;
    double count = (double) work->job->layer.count;
    bool overflow = false;
    for (int64_t j = 0; j < p->n2; j++) {
        const Outcome *o = &out[work->choice[j]];
        add_product(&p->cycles[j], o->cycles, work->job->layer.count, &overflow);
        double pj = o->pj;
        if (d->study->swept2)
            pj += o->l2_reads * l2->read_pj[j] + o->l2_writes * l2->write_pj[j];
        p->pj_2[j] += count * pj;
    }
    return !overflow;
}

static bool add_layer(Designer *d, const Work *work, Need *need)
{
    const Capacities *l1 = &d->study->l1;
    Plane *p = &d->plane;
    double count = (double) work->job->layer.count;
    Outcome *out = work->outcome;
    bool overflow = false;
    for (int k = 0; k < work->n_choices; k++)
        if (!run_layer(d, work, k, &out[k]))
            return false;
    for (int64_t i = 0; i < p->n1 && d->study->swept1; i++)
        p->pj_1[i] += count * (out->l1_reads * l1->read_pj[i] + out->l1_writes * l1->write_pj[i]);
    need->l1 = max64(need->l1, out->l1_required);
    need->l2 = max64(need->l2, out->l2_required);
    need->buffers &= buffers_suffice(work, &d->result);
    add_product(&p->macs, out->macs, work->job->layer.count, &overflow);
    return add_columns(d, work, out) && !overflow;
}

static bool add_layers(Designer *d, Need *need)
{
    Plane *p = &d->plane;
    p->macs = 0;
    *need = (Need){.buffers = true};
    memset(p->pj_1, 0, (size_t) p->n1 * sizeof *p->pj_1);
    memset(p->pj_2, 0, (size_t) p->n2 * sizeof *p->pj_2);
    memset(p->cycles, 0, (size_t) p->n2 * sizeof *p->cycles);
    for (guint i = 0; i < d->jobs->len; i++)
        if (!add_layer(d, &d->works[i], need))
            return false;
    for (int64_t j = 0; j < p->n2; j++)
        p->seconds[j] = (double) p->cycles[j] / d->works[0].machine.clock_hz;
    return true;
}

/* The machine with just what the layers need, which does not depend on what it has. */
static bool place_exactly(Designer *d)
{
    int64_t l1 = 0, l2 = 0;
    for (guint i = 0; i < d->jobs->len; i++) {
        analysis_time(&d->works[i].machine, d->works[i].workspace, &d->result);
        if (d->result.status != RESULT_OK)
            return false;
        l1 = max64(l1, d->result.l1_required_bytes);
        l2 = max64(l2, d->result.l2_required_bytes);
    }
    for (guint i = 0; i < d->jobs->len; i++) {
        d->works[i].machine.l1_bytes = l1;
        d->works[i].machine.l2_bytes = l2;
    }
    return true;
}

/* ---- area, power, capacities ----------------------------------------------------- */

static void one_capacity(double given, double need, const Memory *memory, double count,
                         double *bytes, double *um2, double *mw)
{
    *bytes = given > 0 ? given : need;
    *um2 = *bytes > 0 ? count * curve_at(&memory->um2, *bytes) : 0;
    *mw = *bytes > 0 ? count * curve_at(&memory->mw, *bytes) : 0;
}

/* Capacities that are not given are what is needed; those that are must suffice. */
static void set_rows(Designer *d, const ChipCost *chip, const Need *need)
{
    const Study *s = d->study;
    const Machine *machine = &d->works[0].machine;
    Plane *p = &d->plane;
    double pes = (double) machine->pes;
    p->bytes_1 = s->swept1 ? s->l1.bytes : &d->bytes1;
    if (!s->swept1)
        one_capacity((double) machine->l1_bytes, (double) need->l1, &s->technology.l1, pes,
                     &d->bytes1, &p->um2_1[0], &p->mw_1[0]);
    for (int64_t i = 0; i < p->n1; i++) {
        p->fits_1[i] = need->buffers && p->bytes_1[i] >= (double) need->l1;
        p->um2_1[i] = chip->total_um2 + (s->swept1 ? pes * s->l1.um2[i] : p->um2_1[i]);
        p->mw_1[i] = chip->total_mw + (s->swept1 ? pes * s->l1.mw[i] : p->mw_1[i]);
    }
}

static void set_columns(Designer *d, const Need *need)
{
    const Study *s = d->study;
    const Machine *machine = &d->works[0].machine;
    Plane *p = &d->plane;
    p->bytes_2 = s->swept2 ? s->l2.bytes : &d->bytes2;
    if (!s->swept2)
        one_capacity((double) machine->l2_bytes, (double) need->l2, &s->technology.l2, 1,
                     &d->bytes2, &p->um2_2[0], &p->mw_2[0]);
    for (int64_t j = 0; j < p->n2; j++) {
        p->fits_2[j] = p->bytes_2[j] >= (double) need->l2;
        if (s->swept2) {
            p->um2_2[j] = s->l2.um2[j];
            p->mw_2[j] = s->l2.mw[j];
        }
    }
}

DesignStatus designer_plane(Designer *d, int64_t machine, bool bound, const Plane **plane)
{
    const Space *space = d->study->space;
    Hardware hardware;
    ChipCost chip;
    Need need;
    d->planes++;
    if (!set_machine(d, machine, &hardware))
        return DESIGN_NONE;
    chip_without(d, &chip);
    if (bound && is_over(d, &chip))
        return DESIGN_OVER;
    if (d->study->exact && !place_exactly(d))
        return DESIGN_NONE;
    if (!add_layers(d, &need))
        return DESIGN_NONE;
    set_rows(d, &chip, &need);
    set_columns(d, &need);
    d->plane.first = (d->nest * space->machines + machine) * space->n1 * space->n2;
    d->plane.rising =
        (!d->study->swept1 || d->study->l1.rising) && (!d->study->swept2 || d->study->l2.rising);
    d->plane.budget_um2 = d->study->budget_um2;
    d->plane.budget_mw = d->study->budget_mw;
    *plane = &d->plane;
    return DESIGN_PLANE;
}
