/* What the axes of a space stand for, value by value: keys of the machine, constants, dataflows,
 * and of L1 and L2 what each capacity costs. */
#include <math.h>

#include "dse/study_parts.h"

/* ---- figures by capacity --------------------------------------------------------- */

static void capacities_new(Capacities *c, int64_t n)
{
    c->n = n;
    c->bytes = g_new0(double, n);
    c->read_pj = g_new0(double, n);
    c->write_pj = g_new0(double, n);
    c->um2 = g_new0(double, n);
    c->mw = g_new0(double, n);
}

void capacities_clear(Capacities *c)
{
    g_free(c->bytes);
    g_free(c->read_pj);
    g_free(c->write_pj);
    g_free(c->um2);
    g_free(c->mw);
}

void capacities_figure(Capacities *c, int64_t at, const MemoryKind *memory, double bytes)
{
    c->bytes[at] = bytes;
    c->read_pj[at] = curve_at(&memory->read_pj, bytes);
    c->write_pj[at] = curve_at(&memory->write_pj, bytes);
    c->um2[at] = curve_at(&memory->um2, bytes);
    c->mw[at] = curve_at(&memory->mw, bytes);
}

/* Found by looking, not by trust in the technology. */
static void capacities_order(Capacities *c)
{
    c->rising = true;
    c->least_um2 = c->least_mw = c->n ? INFINITY : 0;
    for (int64_t i = 0; i < c->n; i++) {
        c->least_um2 = fmin(c->least_um2, c->um2[i]);
        c->least_mw = fmin(c->least_mw, c->mw[i]);
        if (i > 0)
            c->rising &= c->bytes[i] >= c->bytes[i - 1] && c->um2[i] >= c->um2[i - 1] &&
                         c->mw[i] >= c->mw[i - 1];
    }
}

/* ---- values of the axes ---------------------------------------------------------- */

const char *study_text(const SpaceAxis *axis, int64_t at)
{
    return axis->values->pdata[at];
}

bool study_read_set(const Study *study, const SpaceAxis *axis, int64_t at, HardwareSet *set,
                    GError **error)
{
    g_autofree char *text = g_strdup_printf("%s=%s", axis->name, study_text(axis, at));
    return hardware_set_parse(study->program->trees, &study->program->machine, text, set, error);
}

/* The capacity of L1 and L2 is known by its figures alone. */
static bool read_capacities(Study *study, const SpaceAxis *axis, Capacities *c,
                            const MemoryKind *memory, GError **error)
{
    HardwareSet set;
    for (guint k = 0; k < axis->values->len; k++) {
        if (!study_read_set(study, axis, k, &set, error))
            return false;
        capacities_figure(c, k, memory, (double) set.value.integer);
    }
    return true;
}

static bool read_sets(Study *study, const SpaceAxis *from, StudyAxis *axis, GError **error)
{
    axis->set = g_new0(HardwareSet, axis->n);
    for (int64_t k = 0; k < axis->n; k++)
        if (!study_read_set(study, from, k, &axis->set[k], error))
            return false;
    const HardwareKey *key = axis->set[0].key;
    axis->link = key == &hardware_keys[KEY_NOC_BANDWIDTH] || key == &hardware_keys[KEY_NOC_LATENCY];
    axis->cost = key->changes == KEY_CHANGES_COST;
    axis->capacity = key == &hardware_keys[KEY_MEMORY_CAPACITY];
    if (key == &hardware_keys[KEY_PES])
        study->pes = axis;
    for (int64_t k = 0; k < axis->n && key == &hardware_keys[KEY_LANES]; k++)
        study->least_lanes = k > 0 ? MIN(study->least_lanes, axis->set[k].value.integer)
                                   : axis->set[k].value.integer;
    return true;
}

static void read_exprs(const Study *study, const SpaceAxis *from, StudyAxis *axis)
{
    axis->constant = from->name;
    axis->expr = g_new0(const Expr *, axis->n);
    for (int64_t k = 0; k < axis->n; k++)
        axis->expr[k] =
            program_expression(study->program->trees, from->name, study_text(from, k), NULL);
}

/* The values are the program's choices, in their order. */
static void read_choices(StudyAxis *axis)
{
    axis->choice = g_new0(guint, axis->n);
    for (int64_t k = 0; k < axis->n; k++)
        axis->choice[k] = (guint) k;
}

static bool read_axis(Study *study, guint number, GError **error)
{
    const SpaceAxis *from = study->space->axes->pdata[number];
    StudyAxis *axis = &study->axis[number];
    axis->kind = from->kind;
    axis->n = from->values->len;
    switch (axis->kind) {
    case AXIS_DATAFLOW:
        read_choices(axis);
        return true;
    case AXIS_CONSTANT:
        read_exprs(study, from, axis);
        return true;
    case AXIS_L1:
        return read_capacities(study, from, &study->l1, &study->technology.l1, error);
    case AXIS_L2:
        return read_capacities(study, from, &study->l2, &study->technology.l2, error);
    default:
        return read_sets(study, from, axis, error);
    }
}

/* Numbers of a group count through its axes, the last one fastest. */
static void set_strides(Study *study)
{
    int64_t nests = 1, machines = 1, none = 1;
    for (guint i = study->n_axes; i-- > 0;) {
        StudyAxis *axis = &study->axis[i];
        int64_t *stride = axis->kind <= AXIS_NEST      ? &nests
                          : axis->kind == AXIS_MACHINE ? &machines
                                                       : &none;
        axis->stride = *stride;
        *stride = stride == &none ? 1 : *stride * axis->n;
    }
}

bool study_read_axes(Study *study, GError **error)
{
    study->n_axes = study->space->axes->len;
    study->axis = g_new0(StudyAxis, study->n_axes + 1);
    study->least_lanes = study->program->machine.lanes;
    study->swept1 = space_find(study->space, "l1.capacity") != NULL;
    study->swept2 = space_find(study->space, "l2.capacity") != NULL;
    capacities_new(&study->l1, study->swept1 ? study->space->n1 : 0);
    capacities_new(&study->l2, study->swept2 ? study->space->n2 : 0);
    for (guint i = 0; i < study->n_axes; i++)
        if (!read_axis(study, i, error))
            return false;
    set_strides(study);
    capacities_order(&study->l1);
    capacities_order(&study->l2);
    return true;
}
