/* A kind of layers has its machine, with the links and ports of its nest.  What was timed stands in
 * slots, under the text that the nest is lowered from and the number of the machine among those
 * that differ in counts or time. */
#include "dse/hierarchies.h"

#include <math.h>
#include <string.h>

#include "dse/known.h"
#include "ir/hierarchy.h"
#include "ir/integer.h"
#include "run/autoplace.h"
#include "run/entry.h"

enum { KEPT_BYTES = 24 << 20, SLOTS_MAX = 1 << 10, NAMES_BYTES = 400 };

/* What came of a kind under a nest. */
typedef struct {
    int64_t serial, text; /* of the nest; text -1: nothing yet */
    int64_t timed;        /* number of the machine, but for what only cost and fit depend on */
    int64_t placed;       /* the same with capacities: what memories were placed by */
    bool legal;           /* they could be */
    Nest nest;            /* with all tensors placed */
    Result result;
} Slot;

typedef struct {
    const Mapped *mapped;
    Machine machine;
    Workspace *workspace; /* holds what does not depend on the machine, of ... */
    Nest prepared;        /* ... this nest; no levels: of none */
    Slot *slots;
    Slot *slot; /* the one at hand */
} Kind;

struct Hierarchies {
    const Study *study;
    const NestLayers *layers;
    int64_t nest, machine;
    Hardware hardware; /* at hand */
    guint n_kinds, n_slots;
    Kind *kinds;
    Workspace *placing;
    ReportEntry entry;
    Capacity capacity;
    ChipCost chip;
    char names[NAMES_BYTES]; /* parts of the energy that have no figure */
};

/* ---- life ------------------------------------------------------------------------ */

Hierarchies *hierarchies_new(const Study *study)
{
    Hierarchies *h = g_new0(Hierarchies, 1);
    h->study = study;
    h->placing = workspace_new();
    return h;
}

static void drop_kinds(Hierarchies *h)
{
    for (guint k = 0; k < h->n_kinds; k++) {
        workspace_free(h->kinds[k].workspace);
        g_free(h->kinds[k].slots);
    }
    g_clear_pointer(&h->kinds, g_free);
}

void hierarchies_free(Hierarchies *h)
{
    if (!h)
        return;
    drop_kinds(h);
    workspace_free(h->placing);
    g_free(h);
}

/* Room for so many kinds. */
static void make_room(Hierarchies *h, guint kinds)
{
    if (h->n_kinds == kinds)
        return;
    drop_kinds(h);
    h->n_kinds = kinds;
    h->n_slots = (guint) CLAMP(KEPT_BYTES / (kinds * sizeof(Slot)), 1, SLOTS_MAX);
    h->n_slots = (guint) MIN((int64_t) h->n_slots, h->study->space->machines);
    h->kinds = g_new0(Kind, kinds);
    for (guint k = 0; k < kinds; k++) {
        h->kinds[k].workspace = workspace_new();
        h->kinds[k].slots = g_new0(Slot, h->n_slots);
        for (guint i = 0; i < h->n_slots; i++)
            h->kinds[k].slots[i].text = -1;
    }
}

/* ---- machines -------------------------------------------------------------------- */

void hierarchies_turn(Hierarchies *h, const NestLayers *layers, int64_t nest)
{
    make_room(h, layers->n_mapped);
    h->layers = layers;
    h->nest = nest;
    h->hardware = layers->program->machine;
    study_set_axes(h->study, AXIS_NEST, nest, &h->hardware);
    for (guint k = 0; k < h->n_kinds; k++) {
        h->kinds[k].mapped = &layers->mapped[k];
        h->kinds[k].prepared.n_levels = 0;
    }
}

/* Numbers machines of a nest alike that are, but for what only the cost depends on, and capacities
 * if these do not count. */
static int64_t number_of(const Study *study, int64_t machine, bool capacities)
{
    int64_t number = 0;
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        if (axis->kind == AXIS_MACHINE && (!axis->cost || (axis->capacity && capacities)))
            number = number * axis->n + study_value(axis, machine);
    }
    return number;
}

static bool resolve(Hierarchies *h, guint k)
{
    const Mapped *mapped = h->kinds[k].mapped;
    for (guint i = 0; i < k; i++)
        if (h->kinds[i].mapped->op == mapped->op &&
            h->kinds[i].mapped->dataflow == mapped->dataflow) {
            h->kinds[k].machine = h->kinds[i].machine;
            return true;
        }
    return job_machine(h->layers->program, &h->hardware, h->layers->op[mapped->op],
                       mapped->dataflow, &h->kinds[k].machine);
}

bool hierarchies_machine(Hierarchies *h, int64_t machine)
{
    h->machine = machine;
    study_set_axes(h->study, AXIS_MACHINE, machine, &h->hardware); /* each of them anew */
    for (guint k = 0; k < h->n_kinds; k++)
        if (!resolve(h, k))
            return false;
    return true;
}

/* That of the first layer stands for the chip. */
static const Machine *chip_machine(const Hierarchies *h)
{
    return &h->kinds[h->layers->kind[0]].machine;
}

/* Area and power are sums of parts >= 0, each added in its order; memories whose capacity is left
 * open are left out here. */
Least hierarchies_least(const Hierarchies *h)
{
    static const Result nothing;
    const Nest none = {0};
    Capacity capacity = {0};
    ChipCost chip;
    cost_capacity(chip_machine(h), &none, &nothing, &capacity);
    cost_chip(chip_machine(h), &capacity, &h->study->technology, &chip);
    return (Least){chip.total_um2, chip.total_mw};
}

/* ---- a kind of layers ------------------------------------------------------------- */

static bool is_of(const Hierarchies *h, const Slot *slot, int64_t timed)
{
    return slot->serial == h->layers->serial && slot->text == h->layers->text &&
           slot->timed == timed;
}

/* Times the slot's nest on the kind's machine. */
static void time_slot(Kind *kind, Slot *slot)
{
    if (!nest_equal(&kind->prepared, &slot->nest)) {
        analysis_prepare(kind->mapped->layer, &slot->nest, kind->workspace);
        kind->prepared = slot->nest;
    }
    analysis_time(&kind->machine, kind->workspace, &slot->result);
}

/* Where the dataflow leaves places open, capacities decide them; whether the nest is another one
 * than the slot has. */
static bool place(Hierarchies *h, Kind *kind, Slot *slot, bool known)
{
    Nest nest = kind->mapped->nest;
    int n_tensors = kind->mapped->layer->op.n_tensors;
    int64_t placed = nest.n_autos > 0 ? number_of(h->study, h->machine, true) : slot->timed;
    if (known && slot->placed == placed) {
        if (slot->legal && kind->machine.n_memories > 0)
            hierarchy_place(&slot->nest, n_tensors, &kind->machine);
        return false;
    }
    bool before = known && slot->legal;
    slot->placed = placed;
    slot->legal = kind->machine.n_memories == 0 ||
                  autoplace(kind->mapped->layer, &nest, &kind->machine, h->placing);
    if (before && nest_equal(&nest, &slot->nest))
        return false;
    slot->nest = nest;
    return true;
}

/* The slot of the machine at hand, with what it comes to; false if it cannot be evaluated.  In the
 * classic form capacities decide what stays on the chip. */
static bool bring(Hierarchies *h, Kind *kind)
{
    bool classic = kind->machine.n_memories == 0;
    int64_t timed = classic ? h->machine : number_of(h->study, h->machine, false);
    uint64_t at = (uint64_t) timed + (uint64_t) h->layers->text * UINT64_C(2654435761);
    Slot *slot = kind->slot = &kind->slots[at % h->n_slots];
    bool known = is_of(h, slot, timed);
    slot->serial = h->layers->serial;
    slot->text = h->layers->text;
    slot->timed = timed;
    if (place(h, kind, slot, known) && slot->legal)
        time_slot(kind, slot);
    return slot->legal && slot->result.status == RESULT_OK;
}

/* ---- what does not fit ------------------------------------------------------------- */

static void note(HierarchyFigures *figures, Lack lack, double least)
{
    figures->lacks |= 1U << lack;
    figures->least[lack] = fmax(figures->least[lack], least);
}

static Lack classic_lack(const Finding *finding)
{
    return finding->level > 0 ? LACK_BUFFER : strcmp(finding->what, "L1") == 0 ? LACK_L1 : LACK_L2;
}

static void note_fit(const ReportEntry *entry, HierarchyFigures *figures)
{
    Finding finding[FINDINGS_MAX];
    int classic = entry->machine->n_memories == 0 ? entry_findings(entry, finding) : 0;
    for (int i = 0; i < classic; i++)
        note(figures, classic_lack(&finding[i]), (double) finding[i].need);
    for (int m = 0; m < entry->machine->n_memories; m++)
        if (entry_exceeds(entry, m))
            note(figures, (Lack) (LACK_MEMORY + m), (double) cost_required(&entry->result, m));
}

/* ---- a design ---------------------------------------------------------------------- */

/* What a kind takes in one run. */
typedef struct {
    int64_t cycles, macs;
    double seconds, pj;
} Taken;

static Taken take(Hierarchies *h, Kind *kind, HierarchyFigures *figures)
{
    ReportEntry *entry = &h->entry;
    char names[sizeof h->names];
    entry_start(entry, "", kind->mapped->layer, &kind->slot->nest, &kind->machine);
    entry->result = kind->slot->result;
    entry->status = ENTRY_EVALUATED;
    entry_cost(entry, cost_technology(&h->study->technology, &kind->machine));
    if (!cost_energy_known(&entry->cost, names, sizeof names)) {
        memcpy(h->names, names, sizeof names);
        note(figures, LACK_FIGURE, 0);
    }
    note_fit(entry, figures);
    cost_capacity(&kind->machine, &kind->slot->nest, &entry->result, &h->capacity);
    return (Taken){entry->result.cycles, entry->result.macs,
                   (double) entry->result.cycles / kind->machine.clock_hz, entry->cost.total_pj};
}

static bool sum_layers(const Hierarchies *h, const Taken *taken, HierarchyFigures *figures)
{
    bool overflow = false;
    for (guint i = 0; i < h->layers->n; i++) {
        const Taken *one = &taken[h->layers->kind[i]];
        int64_t count = h->layers->count[i];
        add_product(&figures->cycles, one->cycles, count, &overflow);
        add_product(&figures->macs, one->macs, count, &overflow);
        figures->seconds += one->seconds * (double) count;
        figures->pj += one->pj * (double) count;
    }
    return !overflow;
}

static void price(Hierarchies *h, HierarchyFigures *figures)
{
    cost_chip(chip_machine(h), &h->capacity, &h->study->technology, &h->chip);
    figures->um2 = h->chip.total_um2;
    figures->mw = h->chip.total_mw;
    figures->l1 = h->capacity.l1;
    figures->l2 = h->capacity.l2;
    figures->partial = known_partial(&h->chip);
    if (figures->partial & known_wanted(h->study))
        note(figures, LACK_FIGURE, 0);
}

bool hierarchies_run(Hierarchies *h, HierarchyFigures *figures)
{
    g_autofree Taken *taken = g_new(Taken, h->n_kinds);
    memset(figures, 0, sizeof *figures);
    memset(&h->capacity, 0, sizeof h->capacity);
    h->names[0] = '\0';
    for (guint k = 0; k < h->n_kinds; k++) {
        if (study_stopped(h->study) || !bring(h, &h->kinds[k]))
            return false;
        taken[k] = take(h, &h->kinds[k], figures);
    }
    price(h, figures);
    return sum_layers(h, taken, figures);
}

/* ---- what has no figure ------------------------------------------------------------- */

static char *missing(const Study *study, const char *what, const char *names)
{
    const char *technology = study->program->technology.name;
    if (!study->program->has_technology)
        return g_strdup_printf(
            "%s is not known: the machine has no figure for %s, and there is no technology", what,
            names);
    return g_strdup_printf(
        "%s is not known: neither the machine nor technology %s has a figure for %s", what,
        technology, names);
}

char *hierarchies_missing(const Hierarchies *h)
{
    char names[NAMES_BYTES];
    if (h->names[0] != '\0')
        return missing(h->study, "energy", h->names);
    ObjectiveSet wanted = known_wanted(h->study);
    if (wanted >> OBJECTIVE_AREA & 1 && !cost_area_known(&h->chip, names, sizeof names))
        return missing(h->study, "area", names);
    if (wanted >> OBJECTIVE_POWER & 1 && !cost_power_known(&h->chip, names, sizeof names))
        return missing(h->study, "power", names);
    return NULL;
}
