/* Files are read here, once, and tried with the values of the axes.  Whether the first nest can be
 * had at all, and why another one is not legal, is for the front end to say: it is a program of its
 * own then. */
#include "dse/study.h"

#include <math.h>

#include "dse/nests.h"
#include "dse/study_parts.h"
#include "engine/cost.h"
#include "map/sizes.h"
#include "run/entry.h"

/* ---- programs -------------------------------------------------------------------- */

int64_t study_nest_points(const Study *study)
{
    return study->space->points / study->space->nests;
}

guint study_choice(const Study *study, int64_t nest)
{
    const StudyAxis *first = study->axis;
    return study->n_axes > 0 && first->kind == AXIS_DATAFLOW
               ? first->choice[study_value(first, nest)]
               : 0;
}

void study_set_axes(const Study *study, AxisKind kind, int64_t number, Hardware *hardware)
{
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        if (axis->kind == kind)
            hardware_apply(hardware, &axis->set[study_value(axis, number)]);
    }
}

int64_t study_pes(const Study *study, int64_t nest)
{
    const StudyAxis *axis = study->pes;
    return axis != NULL ? axis->set[study_value(axis, nest)].value.integer
                        : study->program->machine.pes;
}

/* ---- a machine of a nest ----------------------------------------------------------- */

enum { MACHINES_TRIED = 256 };

/* Whether all layers can have it; nothing is reported. */
static bool can_have(const Study *study, guint choice, const Hardware *hardware)
{
    Program on = *study->program;
    Diag *diag = on.trees->diag;
    bool quiet = diag_is_quiet(diag), can = true;
    Machine machine;
    on.machine = *hardware;
    diag_quiet(diag, true);
    for (guint i = 0; i < on.layers->len && can; i++)
        can = job_outline_machine(&on, i, choice, &machine);
    diag_quiet(diag, quiet);
    return can;
}

/* What a machine has before its axes are set may be what they are there to replace, so it stands
 * for none: the first point of the nest that has a machine, or the first one. */
static int64_t nest_point(const Study *study, int64_t nest)
{
    const Space *space = study->space;
    Hardware hardware = study->program->machine;
    study_set_axes(study, AXIS_NEST, nest, &hardware);
    int64_t tried = MIN(space->machines, MACHINES_TRIED), machine = 0;
    do
        study_set_axes(study, AXIS_MACHINE, machine, &hardware); /* each of them anew */
    while (!can_have(study, study_choice(study, nest), &hardware) && ++machine < tried);
    machine = machine < tried ? machine : 0;
    return nest * study_nest_points(study) + machine * space->n1 * space->n2;
}

/* Of a machine that cannot be had as it is described only the values that no axis replaces count.
 */
static void settle_machine(Study *study)
{
    Hardware *described = &study->program->machine;
    int64_t first = nest_point(study, 0);
    if (can_have(study, study_choice(study, 0), described))
        return;
    study_set_axes(study, AXIS_NEST, 0, described);
    study_set_axes(study, AXIS_MACHINE, first / (study->space->n1 * study->space->n2), described);
}

bool study_machine(const Study *study, const Program *program, int64_t nest, const Operator *op,
                   const Item *dataflow, Machine *machine)
{
    Hardware hardware = program->machine;
    Diag *diag = program->trees->diag;
    bool quiet = diag_is_quiet(diag), had = false;
    study_set_axes(study, AXIS_NEST, nest, &hardware);
    diag_quiet(diag, true);
    for (int64_t m = 0; m < MIN(study->space->machines, MACHINES_TRIED) && !had; m++) {
        study_set_axes(study, AXIS_MACHINE, m, &hardware);
        had = job_machine(program, &hardware, op, dataflow, machine);
    }
    diag_quiet(diag, quiet);
    return had;
}

/* ---- the program of a point --------------------------------------------------------- */

/* `diag` has an arena and sources of its own. */
static Program *point_program(const Study *study, int64_t point, Diag *diag, GError **error)
{
    const Space *space = study->space;
    g_autoptr(GPtrArray) defines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        const char *value = space_value(space, i, point);
        if (axis->kind == AXIS_CONSTANT)
            g_ptr_array_add(defines, g_strdup_printf("%s=%s", axis->name, value));
        else if (axis->kind == AXIS_NEST || axis->kind == AXIS_MACHINE)
            g_ptr_array_add(sets, g_strdup_printf("%s=%s", axis->name, value));
    }
    g_ptr_array_add(defines, NULL);
    g_ptr_array_add(sets, NULL);
    Program *program = program_override(study->program, (const char **) defines->pdata,
                                        (const char **) sets->pdata, diag, error);
    if (program == NULL)
        g_prefix_error(error, "--sweep ");
    return program;
}

/* What can be read of all layers; where dataflows are searched for, without one. */
static GArray *lower_jobs(const Study *study, const Program *program, guint choice)
{
    if (study->map == NULL)
        return jobs_new(program, choice);
    GArray *jobs = g_array_new(FALSE, TRUE, sizeof(Job));
    g_autofree Template *open = g_new0(Template, 1);
    for (guint i = 0; i < program->layers->len; i++) {
        Job job;
        bool had = study->map->open ? job_open(program, i, &job)
                                    : job_template(program, i, choice, &job, open);
        if (had || job.layer.name != NULL)
            g_array_append_val(jobs, job);
    }
    return jobs;
}

char *study_reason(const Study *study, int64_t point)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_copy(study->program->trees->sources, arena);
    g_autoptr(Diag) diag = diag_like(study->diag, sources, arena);
    g_autoptr(Program) program = point_program(study, point, diag, NULL);
    guint choice = study_choice(study, point / study_nest_points(study));
    g_autoptr(GArray) jobs = program ? lower_jobs(study, program, choice) : NULL;
    return g_strdup(diag_first(diag, SPAN_NONE));
}

char *study_nest_reason(const Study *study, int64_t nest)
{
    return study_reason(study, nest_point(study, nest));
}

int64_t study_first_illegal(const Study *study)
{
    gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND / 10;
    Nests *nests = nests_new(study);
    int64_t found = -1;
    for (int64_t k = 0; k < study->space->nests && found < 0; k++) {
        if (!nests_at(nests, k))
            found = k;
        if (g_get_monotonic_time() > until)
            break;
    }
    nests_free(nests);
    return found;
}

void study_explain(const Study *study, int64_t nest, FILE *out)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_copy(study->program->trees->sources, arena);
    g_autoptr(Diag) diag = diag_like(study->diag, sources, arena);
    g_autoptr(GError) error = NULL;
    g_autoptr(Program) program = point_program(study, nest_point(study, nest), diag, &error);
    g_autoptr(GArray) jobs = program ? lower_jobs(study, program, study_choice(study, nest)) : NULL;
    diag_print(diag, "dcc-dse", out, false);
    if (error)
        fprintf(out, "dcc-dse: %s\n", error->message);
}

/* Whether what memories can hold, or what fan-outs can divide, is swept. */
static bool sweeps_names(const Study *study)
{
    for (guint i = 0; i < study->n_axes; i++) {
        const HardwareSet *set = study->axis[i].set;
        if (set && (set->key == &hardware_keys[KEY_MEMORY_HOLDS] ||
                    set->key == &hardware_keys[KEY_FANOUT_DIMS]))
            return true;
    }
    return false;
}

/* A finding that another nest of the space may not have. */
static bool is_of_nest(const Study *study, const DiagEntry *entry)
{
    static const Check checks[] = {CHECK_SKIP,      CHECK_OVERLAP,        CHECK_DIAGONAL,
                                   CHECK_LOST_WORK, CHECK_TOO_FEW_PES,    CHECK_CHUNK_BELOW_WINDOW,
                                   CHECK_RANGE,     CHECK_DERIVED_OFFSET, CHECK_TOO_MANY_UNITS,
                                   CHECK_AUTO};
    static const Check of_names[] = {CHECK_CANNOT_HOLD, CHECK_CANNOT_DIVIDE, CHECK_ROOT,
                                     CHECK_WRONG_FORM};
    for (size_t k = 0; k < G_N_ELEMENTS(checks); k++)
        if (entry->check == checks[k])
            return true;
    for (size_t k = 0; k < G_N_ELEMENTS(of_names); k++)
        if (entry->check == of_names[k])
            return sweeps_names(study);
    return false;
}

static bool usable(const Study *study, const GArray *jobs, Diag *diag)
{
    size_t n;
    const DiagEntry *entries = diag_entries(diag, &n);
    for (size_t i = 0; i < n; i++)
        if (entries[i].severity == SEVERITY_ERROR && !is_of_nest(study, &entries[i]))
            return false;
    return jobs->len > 0;
}

/* ---- the study ------------------------------------------------------------------- */

static bool holds_hardware(const ProgramFile *file)
{
    const Item *items = file->ast->items;
    return ast_find(items, "Accelerator") || ast_find(items, "Technology") ||
           ast_find(items, "num_pes");
}

static bool holds_layers(const ProgramFile *file)
{
    return ast_find(file->ast->items, "Network") || ast_find(file->ast->items, "Operator");
}

/* A swept constant of a file that holds such blocks; or NULL. */
static const char *constant_in(const Study *study, bool (*holds)(const ProgramFile *file))
{
    const GArray *files = study->program->trees->files;
    for (guint i = 0; i < study->space->axes->len; i++) {
        const SpaceAxis *axis = study->space->axes->pdata[i];
        for (guint k = 0; k < files->len && axis->kind == AXIS_CONSTANT; k++) {
            const ProgramFile *file = &g_array_index(files, ProgramFile, k);
            if (holds(file) && constants_has(file->constants, axis->name))
                return axis->name;
        }
    }
    return NULL;
}

/* Whether a hierarchy has figures of its own, swept ones too, so that no technology need be; of a
 * machine that cannot be had others say why. */
static bool has_figures(const Study *study, const Program *program, const Operator *op)
{
    Machine machine;
    return study_has_hierarchy(study) &&
           (!hardware_machine(program->trees, &program->machine, op, &machine) ||
            cost_technology(NULL, &machine) != NULL);
}

/* Technology, PEs and lanes are read once. */
static bool check(const Study *study, const Program *program, const Operator *op, GError **error)
{
    const char *constant = constant_in(study, holds_hardware);
    if (constant)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--sweep %s: a constant of a file with hardware; sweep a key of --set instead",
                    constant);
    else if (!program->has_technology && !has_figures(study, program, op))
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "no technology, so energy and area are not known: give --tech NAME");
    else if (study->exact && (study->swept1 || study->swept2))
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--buffers exact and a sweep of l1.capacity or l2.capacity exclude each other");
    else if (study->exact && study_has_hierarchy(study))
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--buffers exact is for L1 and L2; a memory of a hierarchy that is given no "
                    "Capacity has what the layers need");
    return *error == NULL;
}

/* ---- every value is tried ---------------------------------------------------------- */

/* Whether it can be read as what the axis takes. */
static bool is_readable(const Study *study, const SpaceAxis *axis, int64_t at, GError **error)
{
    HardwareSet set;
    if (axis->kind == AXIS_DATAFLOW)
        return true;
    if (axis->kind == AXIS_CONSTANT)
        return program_expression(study->program->trees, axis->name, study_text(axis, at), error) !=
               NULL;
    return study_read_set(study, axis, at, &set, error);
}

/* What cannot be read is said where it stands, all of it; what stands in no file is an error of the
 * command line. */
static bool try_texts(const Study *study, GError **error)
{
    bool well = true;
    for (guint i = 0; i < study->space->axes->len; i++) {
        const SpaceAxis *axis = study->space->axes->pdata[i];
        for (guint k = 0; k < axis->values->len; k++) {
            GError *why = NULL;
            Span place = space_place(axis, k);
            if (is_readable(study, axis, k, &why))
                continue;
            if (place.source < 0) {
                g_propagate_prefixed_error(error, why, "--sweep ");
                return false;
            }
            diag_report(study->diag, CHECK_WRONG_VALUE, place, "%s", why->message);
            g_error_free(why);
            well = false;
        }
    }
    return well;
}

/* Passes on what is wrong at a nest and would be at any other. */
static bool pass_errors(const Study *study, const SpaceAxis *axis, int64_t at, Diag *from)
{
    size_t n;
    bool well = true;
    const DiagEntry *entries = diag_entries(from, &n);
    for (size_t i = 0; i < n; i++) {
        if (entries[i].severity != SEVERITY_ERROR || is_of_nest(study, &entries[i]))
            continue;
        Span place = space_place(axis, at);
        bool there = entries[i].span.source >= 0 && entries[i].span.source < study->n_sources;
        diag_report(study->diag, entries[i].check, there ? entries[i].span : place, "%s=%s: %s",
                    axis->name, study_text(axis, at), entries[i].message);
        if (there && place.source >= 0)
            diag_note(study->diag, place, "the value is given here");
        well = false;
    }
    return well;
}

/* All that was said; if `legal`, but for errors that other nests may not have: those are told at
 * the end, if there are such nests. */
static void pass_all(const Study *study, Diag *from, Diag *to, bool legal)
{
    size_t n;
    bool kept = true;
    const DiagEntry *entries = diag_entries(from, &n);
    for (size_t i = 0; i < n; i++) {
        const DiagEntry *entry = &entries[i];
        if (entry->severity == SEVERITY_NOTE) {
            if (kept)
                diag_note(to, entry->span, "%s", entry->message);
            continue;
        }
        kept = !(legal && entry->severity == SEVERITY_ERROR && is_of_nest(study, entry));
        if (kept)
            diag_report(to, entry->check, entry->span, "%s", entry->message);
    }
}

/* The program of a nest, without the mistakes that its mapping has. */
static bool try_nest(const Study *study, guint number, int64_t at)
{
    const SpaceAxis *axis = study->space->axes->pdata[number];
    int64_t nest = at * study->axis[number].stride;
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources =
        sources_head(study->program->trees->sources, study->n_sources, arena);
    g_autoptr(Diag) diag = diag_like(study->diag, sources, arena);
    g_autoptr(Program) program = point_program(study, nest_point(study, nest), diag, NULL);
    g_autoptr(GArray) jobs = program ? lower_jobs(study, program, study_choice(study, nest)) : NULL;
    return pass_errors(study, axis, at, diag);
}

/* What the first nest is tried for, every value of a dataflow or a constant is, with the first of
 * all others.  Keys have been: what they may be does not depend on other values. */
static bool try_nests(const Study *study)
{
    Nests *nests = nests_new(study);
    bool well = true;
    for (guint i = 0; i < study->n_axes; i++) {
        const StudyAxis *axis = &study->axis[i];
        for (int64_t k = 1; k < axis->n; k++)
            if ((axis->kind == AXIS_DATAFLOW || axis->kind == AXIS_CONSTANT) &&
                !nests_lowers(nests, k * axis->stride))
                well &= try_nest(study, i, k);
    }
    nests_free(nests);
    return well;
}

/* The first nest shows what all have in common. */
static bool read_first(Study *study, Diag *diag, GError **error)
{
    if (!try_texts(study, error))
        return false;
    study->technology =
        study->program->has_technology ? study->program->technology : (Technology){.name = ""};
    if (!study_read_axes(study, error))
        return false;
    settle_machine(study);
    g_autoptr(Diag) own = diag_like(diag, diag_sources(diag), diag_arena(diag));
    g_autoptr(Program) first = point_program(study, nest_point(study, 0), own, error);
    if (!first) {
        pass_all(study, own, diag, false);
        return false;
    }
    g_autoptr(GArray) jobs = lower_jobs(study, first, study_choice(study, 0));
    const Hardware *h = &first->machine;
    study->layers_vary = constant_in(study, holds_layers) != NULL;
    study_set_budgets(study, h->area_budget_mm2 > 0 ? h->area_budget_mm2 * 1e6 : INFINITY,
                      h->power_budget_mw > 0 ? h->power_budget_mw : INFINITY);
    bool well = usable(study, jobs, own) && usable(study, jobs, diag);
    pass_all(study, own, diag, well);
    return well && check(study, first, &g_array_index(jobs, Job, 0).layer.op, error) &&
           try_nests(study);
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

/* A fan-out and a constant may have one name, but not where it is swept. */
static bool has_one_meaning(const Study *study, GError **error)
{
    const GArray *files = study->program->trees->files;
    for (guint i = 0; i < study->space->axes->len; i++) {
        const SpaceAxis *axis = study->space->axes->pdata[i];
        for (guint k = 0; k < files->len && axis->kind == AXIS_NEST; k++) {
            const ProgramFile *file = &g_array_index(files, ProgramFile, k);
            if (!constants_has(file->constants, axis->name))
                continue;
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        "--sweep %s: both a fan-out of the machine and a constant have this name",
                        axis->name);
            return false;
        }
    }
    return true;
}

static bool read_files(Study *study, Diag *diag, GError **error)
{
    study->program = program_read(&study->request, diag, error);
    if (!study->program)
        return false;
    study->n_sources = sources_count(study->program->trees->sources);
    study->network = g_strdup(study->program->network);
    study->hardware = g_strdup(study->program->hardware);
    add_dataflows(study);
    if (study_has_hierarchy(study))
        space_settle(study->space, &study->program->machine);
    return has_one_meaning(study, error);
}

/* Whether all sizes of every dim can be tried, where they are to be.  What is wrong with a layer
 * was reported. */
static bool sizes_fit(const Study *study, GError **error)
{
    g_autofree Job *job = g_new0(Job, 1);
    Diag *diag = study->program->trees->diag;
    int dim = -1;
    diag_quiet(diag, true);
    for (guint i = 0; study->map != NULL && i < study->program->layers->len && dim < 0; i++)
        if (job_open(study->program, i, job))
            dim = sizes_too_long(&job->layer, study->map->sizes);
    diag_quiet(diag, false);
    if (dim >= 0)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--map-sizes all: %s of layer %s has %" G_GINT64_FORMAT
                    " indices, and all sizes are tried of up to %d",
                    job->layer.op.dim[dim], job->layer.name, job->layer.extent[dim],
                    SIZES_ALL_MOST);
    return dim < 0;
}

static Study *study_read(const ProgramRequest *request, Space *space, bool exact,
                         const StudyMap *map, Diag *diag, GError **error)
{
    GError *why = NULL;
    Study *study = g_new0(Study, 1);
    study->map = map;
    study->texts = map != NULL ? g_string_chunk_new(1 << 16) : NULL;
    space->mapped = map != NULL;
    space->best = map != NULL && map->best;
    study->request = *request;
    study->diag = diag;
    study->space = space;
    study->exact = exact;
    study->prune = true;
    if (read_files(study, diag, &why) && space_count(space, &why) &&
        read_first(study, diag, &why) && sizes_fit(study, &why))
        return study;
    if (why)
        g_propagate_error(error, why);
    study_free(study);
    return NULL;
}

Study *study_new(const ProgramRequest *request, Space *space, bool exact, Diag *diag,
                 GError **error)
{
    return study_read(request, space, exact, NULL, diag, error);
}

Study *study_new_mapped(const ProgramRequest *request, Space *space, const StudyMap *map,
                        Diag *diag, GError **error)
{
    return study_read(request, space, false, map, diag, error);
}

void study_free(Study *study)
{
    if (!study)
        return;
    if (study->texts)
        g_string_chunk_free(study->texts);
    program_free(study->program);
    space_free(study->space);
    capacities_clear(&study->l1);
    capacities_clear(&study->l2);
    for (guint i = 0; i < study->n_axes; i++) {
        g_free(study->axis[i].expr);
        g_free(study->axis[i].set);
        g_free(study->axis[i].choice);
    }
    g_free(study->axis);
    g_free(study->network);
    g_free(study->hardware);
    g_free(study);
}

/* ---- a bound --------------------------------------------------------------------- */

/* Area and power are sums of parts >= 0.  Here every part is at its least over the nest: the
 * fewest lanes, a bus of almost no width (cost_chip grows with both), no buffers between, and the
 * cheapest L1 and L2.  Adding and multiplying doubles >= 0 is monotone in each operand, rounding
 * included, so the sum is at most that of any design inside. */
Least study_nest_least(const Study *study, int64_t nest)
{
    const Capacity none = {0};
    static const Machine nothing;
    Machine machine;
    ChipCost chip;
    if (study_has_hierarchy(study) || (isinf(study->budget_um2) && isinf(study->budget_mw)))
        return (Least){0, 0};
    machine_copy(&machine, &nothing);
    machine.pes = study_pes(study, nest);
    machine.lanes = study->least_lanes;
    machine.noc[0].bandwidth[0] = (Rational){1, INT64_MAX};
    cost_chip(&machine, &none, &study->technology, &chip);
    double pes = (double) machine.pes;
    return (Least){chip.total_um2 + pes * study->l1.least_um2 + study->l2.least_um2,
                   chip.total_mw + pes * study->l1.least_mw + study->l2.least_mw};
}

void study_set_budgets(Study *study, double um2, double mw)
{
    study->budget_um2 = um2;
    study->budget_mw = mw;
    study->most_um2 = budget_most(um2);
    study->most_mw = budget_most(mw);
}

bool study_over(const Study *study, Least least)
{
    return least.um2 > study->most_um2 || least.mw > study->most_mw;
}
