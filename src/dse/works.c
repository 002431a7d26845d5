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

typedef enum { FOUND_NOT, FOUND_FITS, FOUND_OVERFLOW } FoundState;

/* On a family. */
typedef struct {
    FoundState needed, run; /* whether `need` is known; whether outcomes and cycles are */
    Need need;              /* given: what the outcomes are for */
} OnFamily;

/* What is known of a kind of layers; all 0: nothing. */
typedef struct {
    bool known;                        /* what follows is, ... */
    int64_t serial, text, busy, stamp; /* ... of what */
    bool counted;                      /* it can be, on some machine */
    int n_choices;                     /* 0: not known */
    int *choice;                       /* by column; NULL: there is one choice */
    double *capacity;                  /* of L2, by choice: one that leads to it */
    OnFamily *on;                      /* by family */
    Outcome *outcome;                  /* by family and choice */
    int64_t *cycles;                   /* by choice and place */
    guint n_families;                  /* that there is room for */
    guint n_outcomes, n_cycles;        /* likewise */
} Found;

/* A kind of layers at hand. */
typedef struct {
    const Mapped *mapped;
    Found *found;
    Workspace *workspace; /* holds what does not depend on the machine */
    bool prepared;        /* of this nest */
    guint timed;          /* what `result` is of: 1 + the number of a machine; 0: of none */
    Result result;
} Work;

struct Works {
    const Study *study;
    Technology reads, writes; /* a read, or a write, of a word costs 1 and nothing else anything */
    int64_t columns;          /* of the plane */
    const NestLayers *layers;
    const Machines *machines;
    guint n_works;
    Work *works;
    guint n_slots;         /* of texts */
    Found *found;          /* by slot and kind */
    guint first, n, room;  /* the window, and the most that it can have */
    guint *number, *place; /* of the machines of a family, and how many they are */
    guint n_members;
    int n_ops;
    guint member; /* the one at hand */
    bool exactly; /* it has as much of L1 and L2 as all layers need: */
    int64_t l1, l2;
    Machine *machine;   /* by operator: the member at hand */
    Variants *variants; /* by operator: all members */
    int64_t *links, *cycles;
    GArray *need; /* of Need: by family, of all layers */
    Cost cost;
};

enum { WINDOW_MAX = 256, WINDOW_CYCLES = 1 << 16, KEPT_BYTES = 16 << 20, SLOTS_MAX = 1 << 12 };

/* ---- life ------------------------------------------------------------------------ */

/* 1 pJ of as many bits as that energy is of. */
static Curve unit_curve(const Curve *energy)
{
    return (Curve){.n = 1, .x = {1}, .y = {1}, .exponent = 0, .bits = energy->bits};
}

Works *works_new(const Study *study)
{
    Works *w = g_new0(Works, 1);
    w->study = study;
    w->columns = study->swept2 ? study->l2.n : 1;
    w->reads.l1.read_pj = unit_curve(&study->technology.l1.read_pj);
    w->reads.l2.read_pj = unit_curve(&study->technology.l2.read_pj);
    w->writes.l1.write_pj = unit_curve(&study->technology.l1.write_pj);
    w->writes.l2.write_pj = unit_curve(&study->technology.l2.write_pj);
    w->need = g_array_new(FALSE, TRUE, sizeof(Need));
    w->number = g_new(guint, WINDOW_MAX);
    w->place = g_new(guint, WINDOW_MAX);
    w->cycles = g_new(int64_t, WINDOW_MAX);
    return w;
}

static void drop_found(Works *w)
{
    for (guint i = 0; i < w->n_slots * w->n_works; i++) {
        Found *found = &w->found[i];
        g_free(found->choice);
        g_free(found->capacity);
        g_free(found->on);
        g_free(found->outcome);
        g_free(found->cycles);
    }
    g_clear_pointer(&w->found, g_free);
}

static void drop_works(Works *w)
{
    drop_found(w);
    for (guint k = 0; k < w->n_works; k++)
        workspace_free(w->works[k].workspace);
    g_clear_pointer(&w->works, g_free);
}

void works_free(Works *w)
{
    if (!w)
        return;
    drop_works(w);
    g_array_free(w->need, TRUE);
    g_free(w->machine);
    g_free(w->variants);
    g_free(w->links);
    g_free(w->number);
    g_free(w->place);
    g_free(w->cycles);
    g_free(w);
}

/* Texts of which there is room to keep what was found. */
static guint count_slots(const Works *w, int64_t texts, guint machines)
{
    gsize each = sizeof(Found) + machines * (sizeof(int64_t) + sizeof(Outcome) + sizeof(OnFamily));
    if (w->study->swept2)
        each = each * 4 + (gsize) w->columns * (sizeof(int) + sizeof(double));
    int64_t most = CLAMP(KEPT_BYTES / (each * w->n_works), 1, SLOTS_MAX);
    return machines > w->room ? 1 : (guint) MIN(most, texts);
}

/* Room for so many kinds, operators and texts. */
static void make_room(Works *w, const NestLayers *layers, const Machines *machines)
{
    guint kinds = layers->n_mapped;
    if (w->n_works != kinds) {
        drop_works(w);
        w->n_works = kinds;
        w->works = g_new0(Work, kinds);
        for (guint k = 0; k < kinds; k++)
            w->works[k].workspace = workspace_new();
        w->room = (guint) CLAMP(WINDOW_CYCLES / kinds, 1, WINDOW_MAX);
        w->n_slots = count_slots(w, layers->texts, machines->n);
        w->found = g_new0(Found, (gsize) w->n_slots * kinds);
    }
    if (w->n_ops < layers->n_ops) {
        w->n_ops = layers->n_ops;
        w->machine = g_renew(Machine, w->machine, w->n_ops);
        w->variants = g_renew(Variants, w->variants, w->n_ops);
        w->links = g_renew(int64_t, w->links, (gsize) w->n_ops * 2 * LEVELS_MAX * WINDOW_MAX);
    }
}

/* ---- what is known of a kind ------------------------------------------------------- */

static bool prepare(Work *work)
{
    Nest nest;
    nest_copy(&nest, &work->mapped->nest);
    nest.level[0].children = work->mapped->busy;
    work->prepared = true;
    work->timed = 0;
    return analysis_prepare(work->mapped->layer, &nest, work->workspace) == RESULT_OK;
}

static void forget(const Works *w, Found *found)
{
    guint families = w->machines->families->len;
    if (found->n_families < families) {
        found->n_families = families;
        found->on = g_renew(OnFamily, found->on, families);
    }
    if (families > 0) /* none where no machine of the turn can be had */
        memset(found->on, 0, families * sizeof *found->on);
}

static bool is_of(const Works *w, const Found *found, int64_t busy)
{
    return found->known && found->text == w->layers->text && found->busy == busy &&
           found->serial == w->layers->serial && found->stamp == w->machines->stamp;
}

static bool turn(const Works *w, Work *work, Found *found)
{
    work->found = found;
    work->prepared = false;
    if (is_of(w, found, work->mapped->busy))
        return found->counted;
    found->known = true;
    found->text = w->layers->text;
    found->busy = work->mapped->busy;
    found->serial = w->layers->serial;
    found->stamp = w->machines->stamp;
    found->n_choices = w->study->swept2 ? 0 : 1;
    found->counted = prepare(work);
    forget(w, found);
    return found->counted;
}

bool works_turn(Works *w, const NestLayers *layers, const Machines *machines)
{
    bool counted = true;
    make_room(w, layers, machines);
    w->layers = layers;
    w->machines = machines;
    w->n = 0;
    Found *found = &w->found[(gsize) (layers->text % w->n_slots) * w->n_works];
    for (guint k = 0; k < w->n_works && counted; k++) {
        w->works[k].mapped = &layers->mapped[k];
        counted = turn(w, &w->works[k], &found[k]);
    }
    return counted;
}

/* Cycles have a place in the window, so what is known of a part of the machines is not kept. */
guint works_window(Works *w, guint first)
{
    bool whole = first == 0 && w->machines->n <= w->room;
    w->first = first;
    w->n = MIN(w->room, w->machines->n - first);
    g_array_set_size(w->need, 0);
    g_array_set_size(w->need, w->machines->families->len);
    for (guint k = 0; k < w->n_works && !whole; k++) {
        w->works[k].found->known = false;
        forget(w, w->works[k].found);
    }
    return w->n;
}

/* ---- the machines at hand ---------------------------------------------------------- */

static void gather(Works *w, int family)
{
    w->n_members = 0;
    for (guint i = 0; i < w->n; i++)
        if (w->machines->family[w->first + i] == family) {
            w->number[w->n_members] = w->first + i;
            w->place[w->n_members++] = i;
        }
}

/* With the capacities at hand, if they are to be other than the machine's. */
static void set_machine(Works *w, int family, guint member)
{
    w->member = member;
    for (int op = 0; op < w->machines->n_ops; op++) {
        const MachineLinks *links = machines_links(w->machines, w->number[member], op);
        Machine *machine = &w->machine[op];
        machine_copy(machine, &machines_family(w->machines, family)->machine[op]);
        for (int l = 0; l < LEVELS_MAX; l++) {
            machine->noc[l].bandwidth[0].num = links->bandwidth[l];
            machine->noc[l].latency = links->latency[l];
        }
        if (w->exactly) {
            machine->l1_bytes = w->l1;
            machine->l2_bytes = w->l2;
        }
    }
}

/* What the members have for a level, or NULL if that is the same for all. */
static const int64_t *column_of(const Works *w, int op, int level, bool latency, int64_t *column)
{
    bool varies = false;
    for (guint i = 0; i < w->n_members; i++) {
        const MachineLinks *links = machines_links(w->machines, w->number[i], op);
        column[i] = latency ? links->latency[level] : links->bandwidth[level];
        varies |= column[i] != column[0];
    }
    return varies ? column : NULL;
}

static void set_variants(Works *w)
{
    int64_t *column = w->links;
    for (int op = 0; op < w->machines->n_ops && w->n_members > 1; op++)
        for (int l = 0; l < LEVELS_MAX; l++, column += 2 * WINDOW_MAX) {
            w->variants[op].bandwidth[l] = column_of(w, op, l, false, column);
            w->variants[op].latency[l] = column_of(w, op, l, true, column + WINDOW_MAX);
        }
}

/* ---- choices of residency ---------------------------------------------------------- */

static bool same_depths(const Layer *layer, const int *a, const int *b)
{
    return !memcmp(a, b, (size_t) layer->op.n_tensors * sizeof *a);
}

/* Finds which columns come to the same residency depths, from a result on any machine. */
static void find_choices(const Works *w, const Work *work, const Machine *from)
{
    Machine machine;
    const Layer *layer = work->mapped->layer;
    Found *found = work->found;
    Shape shape;
    OffchipTable table;
    OffchipKept kept;
    int(*depths)[TENSORS_MAX] = g_malloc_n((gsize) w->columns, sizeof *depths);
    machine_copy(&machine, from);
    cluster_shape(layer, &shape);
    offchip_table(&shape, &work->result, &table);
    found->choice = g_renew(int, found->choice, w->columns);
    found->capacity = g_renew(double, found->capacity, w->columns);
    for (int64_t j = 0; j < w->columns; j++) {
        machine.l2_bytes = (int64_t) w->study->l2.bytes[j];
        residency_choose(&shape, &machine, &table, &kept);
        int k = found->n_choices - 1;
        while (k >= 0 && !same_depths(layer, depths[k], kept.depth))
            k--;
        if (k < 0) {
            k = found->n_choices++;
            memcpy(depths[k], kept.depth, sizeof depths[k]);
            found->capacity[k] = (double) machine.l2_bytes;
        }
        found->choice[j] = k;
    }
    g_free(depths);
}

/* ---- a kind on a family ------------------------------------------------------------- */

/* The result on the member at hand with capacities of its own; false if a count does not fit. */
static bool bring(const Works *w, Work *work, const Machine *machine)
{
    guint member = w->number[w->member] + 1;
    if (!work->prepared && !prepare(work))
        return false;
    if (work->timed == member)
        analysis_capacity(machine, work->workspace, &work->result);
    else
        analysis_cycles(machine, work->workspace, &work->result);
    work->timed = work->result.status == RESULT_OK ? member : 0;
    return work->timed != 0;
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

static bool find_need(Works *w, Work *work, int family)
{
    const Machine *machine = &w->machine[work->mapped->op];
    OnFamily *on = &work->found->on[family];
    if (!bring(w, work, machine))
        return false;
    on->need.l1 = work->result.l1_required_bytes;
    on->need.l2 = work->result.l2_required_bytes;
    on->need.buffers = buffers_suffice(machine, &work->result);
    return true;
}

/* The figures of the result on the machine. */
static void take_outcome(Works *w, const Work *work, const Machine *machine, Outcome *out)
{
    const Study *study = w->study;
    const Layer *layer = work->mapped->layer;
    const Result *result = &work->result;
    double idle = cost_leakage(&study->technology, machine);
    *out = (Outcome){.macs = result->macs, .idle_pj = isnan(idle) ? 0 : idle};
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

/* The cycles of every member, each in its place. */
static void take_cycles(Works *w, const Work *work, const Machine *machine, int64_t *cycles)
{
    w->cycles[0] = work->result.cycles;
    if (w->n_members > 1)
        analysis_variants(machine, &w->variants[work->mapped->op], (int) w->n_members,
                          work->workspace, w->cycles);
    for (guint i = 0; i < w->n_members; i++)
        cycles[w->place[i]] = w->cycles[i];
}

/* Makes room for the outcomes of all families. */
static void reserve(const Works *w, Found *found)
{
    guint outcomes = w->machines->families->len * (guint) found->n_choices;
    guint cycles = w->room * (guint) found->n_choices;
    if (w->machines->n < w->room)
        cycles = w->machines->n * (guint) found->n_choices;
    if (found->n_outcomes < outcomes) {
        found->n_outcomes = outcomes;
        found->outcome = g_renew(Outcome, found->outcome, outcomes);
    }
    if (found->n_cycles < cycles) {
        found->n_cycles = cycles;
        found->cycles = g_renew(int64_t, found->cycles, cycles);
    }
}

/* Outcomes and cycles, once it is known what is needed; false if a count does not fit. */
static bool run_choices(Works *w, Work *work, int family)
{
    Found *found = work->found;
    Machine machine;
    machine_copy(&machine, &w->machine[work->mapped->op]);
    if (w->study->swept1)
        machine.l1_bytes = (int64_t) w->study->l1.bytes[0];
    if (found->n_choices == 0)
        find_choices(w, work, &machine);
    reserve(w, found);
    for (int k = 0; k < found->n_choices; k++) {
        if (w->study->swept2)
            machine.l2_bytes = (int64_t) found->capacity[k];
        if (study_stopped(w->study) || !bring(w, work, &machine))
            return false;
        take_outcome(w, work, &machine, &found->outcome[family * found->n_choices + k]);
        take_cycles(w, work, &machine, found->cycles + (guint) k * w->n);
    }
    found->on[family].need.l1_given = machine.l1_bytes;
    found->on[family].need.l2_given = machine.l2_bytes;
    return true;
}

/* On the first member where it can be: all have the same counts, and not all the same times. */
static FoundState find(Works *w, Work *work, int family, bool (*step)(Works *, Work *, int))
{
    bool fits = step(w, work, family);
    for (guint i = 1; i < w->n_members && !fits && !study_stopped(w->study); i++) {
        set_machine(w, family, i);
        fits = step(w, work, family);
    }
    if (w->member != 0)
        set_machine(w, family, 0);
    return fits ? FOUND_FITS : FOUND_OVERFLOW;
}

/* ---- all kinds --------------------------------------------------------------------- */

static bool find_needs(Works *w, int family, Need *need)
{
    *need = (Need){.buffers = true};
    for (guint k = 0; k < w->n_works; k++) {
        Work *work = &w->works[k];
        OnFamily *on = &work->found->on[family];
        if (on->needed == FOUND_NOT)
            on->needed = find(w, work, family, find_need);
        if (on->needed == FOUND_OVERFLOW || study_stopped(w->study))
            return false;
        need->l1 = max64(need->l1, on->need.l1);
        need->l2 = max64(need->l2, on->need.l2);
        need->buffers &= on->need.buffers;
    }
    return true;
}

static bool find_runs(Works *w, int family)
{
    for (guint k = 0; k < w->n_works; k++) {
        Work *work = &w->works[k];
        OnFamily *on = &work->found->on[family];
        bool other = w->exactly && (on->need.l1_given != w->l1 || on->need.l2_given != w->l2);
        if (on->run == FOUND_NOT || other)
            on->run = find(w, work, family, run_choices);
        if (on->run == FOUND_OVERFLOW || study_stopped(w->study))
            return false;
    }
    return true;
}

bool works_run(Works *w, int family)
{
    Need *need = &g_array_index(w->need, Need, family);
    gather(w, family);
    set_variants(w);
    w->exactly = false;
    set_machine(w, family, 0);
    if (!find_needs(w, family, need))
        return false;
    if (w->study->exact) {
        w->exactly = true;
        w->l1 = need->l1;
        w->l2 = need->l2;
        set_machine(w, family, 0);
    }
    need->l1_given = w->machine[0].l1_bytes;
    need->l2_given = w->machine[0].l2_bytes;
    return find_runs(w, family);
}

/* ---- what it gave ------------------------------------------------------------------ */

const Need *works_need(const Works *w, int family)
{
    return &g_array_index(w->need, Need, family);
}

static int choice_at(const Found *found, int64_t column)
{
    return found->choice ? found->choice[column] : 0;
}

const Outcome *works_outcome(const Works *w, int family, guint kind, int64_t column)
{
    const Found *found = w->works[kind].found;
    return &found->outcome[family * found->n_choices + choice_at(found, column)];
}

int64_t works_cycles(const Works *w, guint kind, int64_t column, guint place)
{
    const Found *found = w->works[kind].found;
    return found->cycles[(guint) choice_at(found, column) * w->n + place];
}
