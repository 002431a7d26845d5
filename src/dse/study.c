/* A nest of the space is a program of its own: what a -D or a number of PEs does to layers, maps
 * and machine is the front end's to say. */
#include "dse/study.h"

#include <math.h>
#include <string.h>

#include "engine/cost.h"

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

static void capacities_clear(Capacities *c)
{
    g_free(c->bytes);
    g_free(c->read_pj);
    g_free(c->write_pj);
    g_free(c->um2);
    g_free(c->mw);
}

void capacities_figure(Capacities *c, int64_t at, const Memory *memory, double bytes)
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

/* ---- programs -------------------------------------------------------------------- */

int64_t study_nest_points(const Study *study)
{
    return study->space->points / study->space->nests;
}

static const char *nest_value(const Study *study, guint axis, int64_t nest)
{
    return space_value(study->space, axis, nest * study_nest_points(study));
}

static guint choice_of(const Study *study, const char *file)
{
    const GArray *choices = study->program->choices;
    guint i = 0;
    while (strcmp(g_array_index(choices, ProgramChoice, i).file, file))
        i++;
    return i;
}

Program *study_program(const Study *study, int64_t nest, Diag *diag, guint *choice, GError **error)
{
    const Space *space = study->space;
    g_autoptr(GPtrArray) defines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(g_free);
    *choice = 0;
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        const char *value = nest_value(study, i, nest);
        if (axis->kind == AXIS_DATAFLOW)
            *choice = choice_of(study, value);
        else if (axis->kind == AXIS_CONSTANT)
            g_ptr_array_add(defines, g_strdup_printf("%s=%s", axis->name, value));
        else if (axis->kind == AXIS_NEST)
            g_ptr_array_add(sets, g_strdup_printf("%s=%s", axis->name, value));
    }
    g_ptr_array_add(defines, NULL);
    g_ptr_array_add(sets, NULL);
    return program_override(study->program, (const char **) defines->pdata,
                            (const char **) sets->pdata, diag, error);
}

/* A finding that another nest of the space may not have. */
static bool is_of_nest(const DiagEntry *entry)
{
    static const Check checks[] = {CHECK_SKIP,      CHECK_OVERLAP,       CHECK_DIAGONAL,
                                   CHECK_LOST_WORK, CHECK_TOO_FEW_PES,   CHECK_CHUNK_BELOW_WINDOW,
                                   CHECK_RANGE,     CHECK_DERIVED_OFFSET};
    for (size_t k = 0; k < G_N_ELEMENTS(checks); k++)
        if (entry->check == checks[k])
            return true;
    return false;
}

static bool usable(const GArray *jobs, Diag *diag)
{
    size_t n;
    const DiagEntry *entries = diag_entries(diag, &n);
    for (size_t i = 0; i < n; i++)
        if (entries[i].severity == SEVERITY_ERROR && !is_of_nest(&entries[i]))
            return false;
    return jobs->len > 0;
}

/* ---- values of the axes ---------------------------------------------------------- */

/* The hardware with one value of an axis. */
static bool try_value(const Program *program, const SpaceAxis *axis, guint value,
                      Hardware *hardware, GError **error)
{
    g_autofree char *set =
        g_strdup_printf("%s=%s", axis->name, (const char *) axis->values->pdata[value]);
    *hardware = program->machine;
    if (hardware_set(program->trees, hardware, set, error))
        return true;
    g_prefix_error(error, "--sweep %s: ", axis->name);
    return false;
}

static bool read_axis(Study *study, const Program *program, const SpaceAxis *axis, GError **error)
{
    for (guint i = 0; i < axis->values->len; i++) {
        Hardware hardware;
        if (!try_value(program, axis, i, &hardware, error))
            return false;
        if (axis->kind == AXIS_L1)
            capacities_figure(&study->l1, i, &program->technology.l1, (double) hardware.l1_bytes);
        else if (axis->kind == AXIS_L2)
            capacities_figure(&study->l2, i, &program->technology.l2, (double) hardware.l2_bytes);
        else if (!strcmp(axis->name, "pes"))
            study->pes[i] = hardware.pes;
        else if (!strcmp(axis->name, "lanes"))
            study->least_lanes = i ? MIN(study->least_lanes, hardware.lanes) : hardware.lanes;
    }
    return true;
}

static bool read_axes(Study *study, const Program *program, GError **error)
{
    const SpaceAxis *pes = space_find(study->space, "pes");
    study->pes = g_new0(int64_t, pes ? pes->values->len : 1);
    study->pes[0] = program->machine.pes;
    study->least_lanes = program->machine.lanes;
    study->swept1 = space_find(study->space, "l1.capacity") != NULL;
    study->swept2 = space_find(study->space, "l2.capacity") != NULL;
    capacities_new(&study->l1, study->swept1 ? study->space->n1 : 0);
    capacities_new(&study->l2, study->swept2 ? study->space->n2 : 0);
    for (guint i = 0; i < study->space->axes->len; i++) {
        const SpaceAxis *axis = study->space->axes->pdata[i];
        if (axis->kind >= AXIS_NEST && !read_axis(study, program, axis, error))
            return false;
    }
    capacities_order(&study->l1);
    capacities_order(&study->l2);
    return true;
}

/* ---- the study ------------------------------------------------------------------- */

static bool holds_hardware(const ProgramFile *file)
{
    const Item *items = file->ast->items;
    return ast_find(items, "Accelerator") || ast_find(items, "Technology") ||
           ast_find(items, "num_pes");
}

/* A swept constant that hardware may use; or NULL.  Technology, PEs and lanes are read once. */
static const char *hardware_constant(const Study *study, const Program *program)
{
    for (guint i = 0; i < study->space->axes->len; i++) {
        const SpaceAxis *axis = study->space->axes->pdata[i];
        for (guint k = 0; k < program->trees->files->len && axis->kind == AXIS_CONSTANT; k++) {
            const ProgramFile *file = &g_array_index(program->trees->files, ProgramFile, k);
            if (holds_hardware(file) && constants_has(file->constants, axis->name))
                return axis->name;
        }
    }
    return NULL;
}

static bool check(const Study *study, const Program *program, GError **error)
{
    const char *constant = hardware_constant(study, program);
    if (constant)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--sweep %s: a constant of a file with hardware; sweep a key of --set instead",
                    constant);
    else if (!program->has_technology)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "no technology, so energy and area are not known: give --tech NAME");
    else if (study->exact && (study->swept1 || study->swept2))
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--buffers exact and a sweep of l1.capacity or l2.capacity exclude each other");
    return *error == NULL;
}

/* The first nest shows what all have in common. */
static bool read_first(Study *study, Diag *diag, GError **error)
{
    guint choice;
    g_autoptr(Program) first = study_program(study, 0, diag, &choice, error);
    if (!first || !read_axes(study, first, error))
        return false;
    g_autoptr(GArray) jobs = jobs_new(first, choice);
    const Hardware *h = &first->machine;
    study->technology = first->technology;
    study->budget_um2 = h->area_budget_mm2 > 0 ? h->area_budget_mm2 * 1e6 : INFINITY;
    study->budget_mw = h->power_budget_mw > 0 ? h->power_budget_mw : INFINITY;
    return usable(jobs, diag) && check(study, first, error);
}

/* Several files with dataflows are an axis. */
static void add_dataflows(Study *study)
{
    const GArray *choices = study->program->choices;
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    for (guint i = 0; i < choices->len; i++)
        g_ptr_array_add(files, (gpointer) g_array_index(choices, ProgramChoice, i).file);
    g_ptr_array_add(files, NULL);
    if (choices->len > 1)
        space_add_dataflows(study->space, (const char *const *) files->pdata);
}

static bool read_files(Study *study, Diag *diag, GError **error)
{
    study->program = program_read(&study->request, diag, error);
    if (!study->program)
        return false;
    study->network = g_strdup(study->program->network);
    study->hardware = g_strdup(study->program->hardware);
    add_dataflows(study);
    return true;
}

Study *study_new(const ProgramRequest *request, Space *space, bool exact, Diag *diag,
                 GError **error)
{
    GError *why = NULL;
    Study *study = g_new0(Study, 1);
    study->request = *request;
    study->diag = diag;
    study->space = space;
    study->exact = exact;
    study->prune = true;
    if (read_files(study, diag, &why) && space_count(space, &why) && read_first(study, diag, &why))
        return study;
    if (why)
        g_propagate_error(error, why);
    study_free(study);
    return NULL;
}

static bool not_known(const Study *study, const char *what, const char *names, GError **error)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "%s is not known: technology %s has no figure for %s", what, study->technology.name,
                names);
    return false;
}

bool study_known(const Study *study, GError **error)
{
    const Capacity capacity = {.l1 = 1, .l2 = 1};
    Machine machine = {.pes = study->pes[0], .lanes = study->least_lanes};
    ChipCost chip;
    char names[80];
    bool area = study->front >> OBJECTIVE_AREA & 1 || isfinite(study->budget_um2);
    bool power = study->front >> OBJECTIVE_POWER & 1 || isfinite(study->budget_mw);
    cost_chip(&machine, &capacity, &study->technology, &chip);
    if (!cost_technology_known(&study->technology, names, sizeof names))
        return not_known(study, "energy", names, error);
    if (area && !cost_area_known(&chip, names, sizeof names))
        return not_known(study, "area", names, error);
    if (power && !cost_power_known(&chip, names, sizeof names))
        return not_known(study, "power", names, error);
    return true;
}

void study_free(Study *study)
{
    if (!study)
        return;
    program_free(study->program);
    space_free(study->space);
    capacities_clear(&study->l1);
    capacities_clear(&study->l2);
    g_free(study->pes);
    g_free(study->network);
    g_free(study->hardware);
    g_free(study);
}

/* ---- a bound --------------------------------------------------------------------- */

static int64_t nest_pes(const Study *study, int64_t nest)
{
    const Space *space = study->space;
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        const char *value = nest_value(study, i, nest);
        if (strcmp(axis->name, "pes"))
            continue;
        for (guint k = 0; k < axis->values->len; k++)
            if (!strcmp(axis->values->pdata[k], value))
                return study->pes[k];
    }
    return study->pes[0];
}

/* Area and power are sums of parts >= 0.  Here every part is at its least over the nest: the
 * fewest lanes, a bus of almost no width (cost_chip grows with both), no buffers between, and the
 * cheapest L1 and L2.  Adding and multiplying doubles >= 0 is monotone in each operand, rounding
 * included, so the sum is at most that of any design inside. */
bool study_nest_over(const Study *study, int64_t nest)
{
    const Capacity none = {0};
    Machine machine = {.pes = nest_pes(study, nest), .lanes = study->least_lanes};
    ChipCost chip;
    machine.noc[0].bandwidth[0] = (Rational){1, INT64_MAX};
    cost_chip(&machine, &none, &study->technology, &chip);
    double pes = (double) machine.pes;
    return chip.total_um2 + pes * study->l1.least_um2 + study->l2.least_um2 > study->budget_um2 ||
           chip.total_mw + pes * study->l1.least_mw + study->l2.least_mw > study->budget_mw;
}
