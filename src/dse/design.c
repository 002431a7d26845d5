/* A plane is put together from what the layers come to on its machine (works.h), what the rest of
 * the chip takes, and the figures of L1 and L2 at every capacity.  Machines that follow each other
 * are worked on together, those of a family at once.  On a hierarchy of memories a plane is one
 * design (hierarchies.h). */
#include "dse/design.h"

#include <string.h>

#include "dse/hierarchies.h"
#include "dse/known.h"
#include "dse/works.h"
#include "engine/cost.h"
#include "ir/integer.h"

/* A machine of the window. */
typedef struct {
    DesignStatus status;
    double um2, mw; /* without L1 and L2; buffers between count where the machine gives them */
    ObjectiveSet partial; /* those of them, and of L1 and L2, that lack a part */
    Least least;
} Candidate;

/* The figures of a buffer, kept for the next machine that has the same. */
typedef struct {
    double bytes, um2, mw;
} Figures;

struct Designer {
    const Study *study;
    Nests *nests;
    Machines *machines;
    Works *works;
    Hierarchies *hierarchies; /* in the place of both, or NULL */
    const NestLayers *layers; /* of the nest */
    int64_t nest;
    Least least;    /* of the machine at hand, on a hierarchy */
    guint first, n; /* the window: machines from the first one of the turn on */
    Candidate *place;
    int rows_of; /* the family whose energies the rows have; -1: none */
    Plane plane;
    double bytes1, bytes2; /* the one capacity where it is not swept */
    Figures l1, l2;
};

/* ---- life ------------------------------------------------------------------------ */

Designer *designer_new(const Study *study)
{
    Designer *d = g_new0(Designer, 1);
    d->study = study;
    d->nests = nests_new(study);
    if (study_has_hierarchy(study)) {
        d->hierarchies = hierarchies_new(study);
    } else {
        d->machines = machines_new(study);
        d->works = works_new(study);
    }
    plane_new(&d->plane, study->space->n1, study->space->n2);
    d->plane.stop = study->stop;
    return d;
}

void designer_free(Designer *d)
{
    if (!d)
        return;
    nests_free(d->nests);
    machines_free(d->machines);
    works_free(d->works);
    hierarchies_free(d->hierarchies);
    g_free(d->place);
    plane_clear(&d->plane);
    g_free(d);
}

/* Of the layers at hand, in the classic form. */
static bool turn_machines(Designer *d, int64_t from, int64_t to)
{
    return machines_turn(d->machines, d->layers, d->nest, from, to) &&
           works_turn(d->works, d->layers, d->machines);
}

bool designer_nest(Designer *d, int64_t nest, int64_t from, int64_t to)
{
    d->nest = nest;
    d->n = 0;
    d->layers = nests_at(d->nests, nest);
    if (d->layers && d->hierarchies)
        hierarchies_turn(d->hierarchies, d->layers, nest);
    return d->layers && (d->hierarchies || turn_machines(d, from, to));
}

/* ---- the chip -------------------------------------------------------------------- */

/* The operator of the first layer: its machine stands for the chip. */
static int chip_op(const Designer *d)
{
    return d->layers->mapped[d->layers->kind[0]].op;
}

static bool has_buffers(const Machine *machine)
{
    bool has = false;
    for (int l = 1; l < LEVELS_MAX; l++)
        has |= machine->buffer_bytes[l] > 0;
    return has;
}

static void capacity_without(const Designer *d, const Family *family, Capacity *capacity)
{
    *capacity = (Capacity){0};
    if (!has_buffers(&family->machine[0]))
        return;
    for (guint k = 0; k < d->layers->n_mapped; k++) {
        const Mapped *mapped = &d->layers->mapped[k];
        const Result shape = {.n_levels = mapped->nest.n_levels};
        cost_capacity(&family->machine[mapped->op], &mapped->nest, &shape, capacity);
    }
    capacity->l1 = capacity->l2 = 0;
}

/* The rest of the chip with the cheapest L1 and L2: no design of the plane is below that, as
 * its sums have the same first operand and no smaller second ones. */
static Least least_of(const Study *s, const Candidate *place, double pes)
{
    return (Least){place->um2 + pes * s->l1.least_um2 + s->l2.least_um2,
                   place->mw + pes * s->l1.least_mw + s->l2.least_mw};
}

/* Every design has an L1 and an L2, of some capacity. */
static ObjectiveSet lacks_of(const MemoryKind *memory)
{
    return (ObjectiveSet) (memory->um2.n == 0) << OBJECTIVE_AREA |
           (ObjectiveSet) (memory->mw.n == 0) << OBJECTIVE_POWER;
}

/* ---- windows --------------------------------------------------------------------- */

static void price(Designer *d, guint i, bool bound)
{
    guint number = d->first + i;
    Candidate *place = &d->place[i];
    const Technology *technology = &d->study->technology;
    int op = chip_op(d);
    place->status = DESIGN_NONE;
    if (d->machines->family[number] < 0)
        return;
    const Family *family = machines_family(d->machines, d->machines->family[number]);
    Machine machine;
    Capacity capacity;
    ChipCost chip;
    machine_copy(&machine, &family->machine[op]);
    capacity_without(d, family, &capacity);
    machine.noc[0].bandwidth[0].num = machines_links(d->machines, number, op)->bandwidth[0];
    cost_chip(&machine, &capacity, technology, &chip);
    place->partial = known_partial(&chip) | lacks_of(&technology->l1) | lacks_of(&technology->l2);
    place->um2 = chip.total_um2;
    place->mw = chip.total_mw;
    place->least = least_of(d->study, place, (double) machine.pes);
    place->status = bound && study_over(d->study, place->least) ? DESIGN_OVER : DESIGN_PLANE;
}

/* Works out a family if one of its machines is to be; those on which counts fit have a plane. */
static void run_family(Designer *d, int family)
{
    bool wanted = false;
    for (guint i = 0; i < d->n; i++)
        wanted |= d->machines->family[d->first + i] == family && d->place[i].status == DESIGN_PLANE;
    if (!wanted || works_run(d->works, family))
        return;
    for (guint i = 0; i < d->n; i++)
        if (d->machines->family[d->first + i] == family && d->place[i].status == DESIGN_PLANE)
            d->place[i].status = DESIGN_NONE;
}

static void open_window(Designer *d, guint first, bool bound)
{
    d->first = first;
    d->n = works_window(d->works, first);
    d->place = g_renew(Candidate, d->place, d->n);
    d->rows_of = -1;
    for (guint i = 0; i < d->n; i++)
        price(d, i, bound);
    for (guint f = 0; f < d->machines->families->len && !study_stopped(d->study); f++)
        run_family(d, (int) f);
}

/* ---- energy and time -------------------------------------------------------------- */

static void add_rows(Designer *d, int family)
{
    const Capacities *l1 = &d->study->l1;
    const NestLayers *layers = d->layers;
    Plane *p = &d->plane;
    if (d->rows_of == family)
        return;
    d->rows_of = family;
    memset(p->pj_1, 0, (size_t) p->n1 * sizeof *p->pj_1);
    for (guint i = 0; i < layers->n && d->study->swept1 && !study_stopped(d->study); i++) {
        const Outcome *out = works_outcome(d->works, family, layers->kind[i], 0);
        double count = (double) layers->count[i];
        for (int64_t k = 0; k < p->n1; k++)
            p->pj_1[k] +=
                count * (out->l1_reads * l1->read_pj[k] + out->l1_writes * l1->write_pj[k]);
    }
}

/* False if a sum overflows. */
static bool add_column(Designer *d, int family, guint place, int64_t j)
{
    const Capacities *l2 = &d->study->l2;
    const NestLayers *layers = d->layers;
    int64_t cycles = 0, macs = 0;
    double pj = 0;
    bool overflow = false;
    for (guint i = 0; i < layers->n; i++) {
        const Outcome *out = works_outcome(d->works, family, layers->kind[i], j);
        int64_t each = works_cycles(d->works, layers->kind[i], j, place), count = layers->count[i];
        overflow |= each < 0;
        double energy = out->pj + (double) each * out->idle_pj;
        if (d->study->swept2)
            energy += out->l2_reads * l2->read_pj[j] + out->l2_writes * l2->write_pj[j];
        add_product(&cycles, each, count, &overflow);
        add_product(&macs, out->macs, count, &overflow);
        pj += (double) count * energy;
    }
    d->plane.cycles[j] = cycles;
    d->plane.pj_2[j] = pj;
    d->plane.macs = macs;
    return !overflow;
}

static bool add_layers(Designer *d, int family, guint place)
{
    Plane *p = &d->plane;
    double clock_hz = machines_family(d->machines, family)->machine[0].clock_hz;
    add_rows(d, family);
    for (int64_t j = 0; j < p->n2; j++) {
        if (study_stopped(d->study) || !add_column(d, family, place, j))
            return false;
        p->seconds[j] = (double) p->cycles[j] / clock_hz;
    }
    return true;
}

/* ---- area, power, capacities ----------------------------------------------------- */

static void one_capacity(double given, double need, const MemoryKind *memory, double count,
                         Figures *kept, double *bytes, double *um2, double *mw)
{
    *bytes = given > 0 ? given : need;
    if (kept->bytes != *bytes)
        *kept = (Figures){*bytes, curve_at(&memory->um2, *bytes), curve_at(&memory->mw, *bytes)};
    *um2 = *bytes > 0 ? count * kept->um2 : 0;
    *mw = *bytes > 0 ? count * kept->mw : 0;
}

/* Capacities that are not given are what is needed; those that are must suffice. */
static void set_rows(Designer *d, const Candidate *place, const Need *need, double pes)
{
    const Study *s = d->study;
    Plane *p = &d->plane;
    p->partial = place->partial;
    p->need_1 = (double) need->l1;
    p->lacks = need->buffers ? 0 : 1U << LACK_BUFFER;
    p->bytes_1 = s->swept1 ? s->l1.bytes : &d->bytes1;
    if (!s->swept1)
        one_capacity((double) need->l1_given, (double) need->l1, &s->technology.l1, pes, &d->l1,
                     &d->bytes1, &p->um2_1[0], &p->mw_1[0]);
    for (int64_t i = 0; i < p->n1; i++) {
        p->fits_1[i] = need->buffers && p->bytes_1[i] >= (double) need->l1;
        p->um2_1[i] = place->um2 + (s->swept1 ? pes * s->l1.um2[i] : p->um2_1[i]);
        p->mw_1[i] = place->mw + (s->swept1 ? pes * s->l1.mw[i] : p->mw_1[i]);
    }
}

static void set_columns(Designer *d, const Need *need)
{
    const Study *s = d->study;
    Plane *p = &d->plane;
    p->need_2 = (double) need->l2;
    p->bytes_2 = s->swept2 ? s->l2.bytes : &d->bytes2;
    if (!s->swept2)
        one_capacity((double) need->l2_given, (double) need->l2, &s->technology.l2, 1, &d->l2,
                     &d->bytes2, &p->um2_2[0], &p->mw_2[0]);
    for (int64_t j = 0; j < p->n2; j++) {
        p->fits_2[j] = p->bytes_2[j] >= (double) need->l2;
        if (s->swept2) {
            p->um2_2[j] = s->l2.um2[j];
            p->mw_2[j] = s->l2.mw[j];
        }
    }
}

/* ---- a hierarchy ------------------------------------------------------------------- */

static void fill_plane(Designer *d, const HierarchyFigures *figures)
{
    Plane *p = &d->plane;
    p->um2_1[0] = figures->um2;
    p->mw_1[0] = figures->mw;
    p->pj_1[0] = figures->pj;
    p->um2_2[0] = p->mw_2[0] = p->pj_2[0] = 0;
    p->cycles[0] = figures->cycles;
    p->seconds[0] = figures->seconds;
    p->macs = figures->macs;
    p->partial = figures->partial;
    p->lacks = figures->lacks;
    memcpy(p->least, figures->least, sizeof p->least);
    p->fits_1[0] = figures->lacks == 0;
    p->fits_2[0] = true;
    d->bytes1 = figures->l1;
    d->bytes2 = figures->l2;
    p->bytes_1 = &d->bytes1;
    p->bytes_2 = &d->bytes2;
}

/* Of a machine of its nest. */
static DesignStatus run_hierarchy(Designer *d, int64_t machine, bool bound)
{
    HierarchyFigures figures;
    if (!hierarchies_machine(d->hierarchies, machine))
        return DESIGN_NONE;
    d->least = hierarchies_least(d->hierarchies);
    if (bound && study_over(d->study, d->least))
        return DESIGN_OVER;
    if (!hierarchies_run(d->hierarchies, &figures))
        return DESIGN_NONE;
    fill_plane(d, &figures);
    return DESIGN_PLANE;
}

/* ---- planes ------------------------------------------------------------------------ */

Least designer_least(const Designer *d, int64_t machine)
{
    if (d->hierarchies)
        return d->least;
    return d->place[(guint) (machine - d->machines->from) - d->first].least;
}

/* Of a machine in the classic form. */
static DesignStatus run_machine(Designer *d, int64_t machine, bool bound)
{
    guint number = (guint) (machine - d->machines->from);
    if (d->n == 0 || number < d->first || number >= d->first + d->n)
        open_window(d, number, bound);
    guint at = number - d->first;
    const Candidate *place = &d->place[at];
    int family = d->machines->family[number];
    if (place->status != DESIGN_PLANE)
        return place->status;
    if (!add_layers(d, family, at))
        return DESIGN_NONE;
    const Need *need = works_need(d->works, family);
    set_rows(d, place, need, (double) machines_family(d->machines, family)->machine[0].pes);
    set_columns(d, need);
    return DESIGN_PLANE;
}

DesignStatus designer_plane(Designer *d, int64_t machine, bool bound, const Plane **plane)
{
    const Space *space = d->study->space;
    DesignStatus status =
        d->hierarchies ? run_hierarchy(d, machine, bound) : run_machine(d, machine, bound);
    if (status != DESIGN_PLANE)
        return status;
    d->plane.first = (d->nest * space->machines + machine) * space->n1 * space->n2;
    d->plane.rising =
        (!d->study->swept1 || d->study->l1.rising) && (!d->study->swept2 || d->study->l2.rising);
    d->plane.most_um2 = d->study->most_um2;
    d->plane.most_mw = d->study->most_mw;
    *plane = &d->plane;
    return DESIGN_PLANE;
}
