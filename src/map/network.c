/* Layers are lowered first, all of them, and gathered into problems; a problem is searched when the
 * first of its layers is asked for. */
#include "map/mapfile.h"
#include "map/network_parts.h"

#include <math.h>

#include "frontend/classic.h"
#include "ir/hierarchy.h"

/* Sums and roots of doubles differ by so much at most. */
static const double ROUNDING = 1e-12;

/* ---- evaluation ---- */

/* The nest is placed on a machine of its own, both of which must outlive the entry. */
void network_evaluate(Network *n, const Layer *layer, const Nest *nest, const char *name,
                      Machine *machine, ReportEntry *entry)
{
    if (machine->n_memories > 0)
        hierarchy_place(nest, layer->op.n_tensors, machine);
    entry_start(entry, name, layer, nest, machine);
    entry_evaluate(entry, n->technology, n->ws);
}

/* ---- in words ---- */

static char *space_in_words(const Network *n)
{
    static const char *const sizes[] = {[SIZES_DIVISORS] = "sizes that divide",
                                        [SIZES_CANONICAL] = "canonical sizes",
                                        [SIZES_ALL] = "all sizes"};
    bool written = false, open = false;
    for (guint i = 0; i < n->problems->len; i++) {
        written |= problem_at(n, i)->written;
        open |= problem_at(n, i)->open;
    }
    if (!open)
        return g_strdup("the dataflow as it is written");
    if (written)
        return g_strdup_printf("what the dataflow leaves open, %s", sizes[n->options->sizes]);
    bool memories = n->problems->len > 0 && problem_at(n, 0)->machine.n_memories > 0;
    int spatial = n->options->spatial, places = n->options->places;
    return memories
               ? g_strdup_printf("all dataflows that divide up to %d dim%s over a fan-out, with "
                                 "%d place%s for a memory, %s",
                                 spatial, spatial == 1 ? "" : "s", places, places == 1 ? "" : "s",
                                 sizes[n->options->sizes])
               : g_strdup_printf("all dataflows of up to %d spatial level%s, %s", spatial,
                                 spatial == 1 ? "" : "s", sizes[n->options->sizes]);
}

/* ---- memories without end ---- */

static void name_endless(const char *name, GString *names)
{
    g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
}

static void warn_of_endless(const Network *n)
{
    const Hardware *hardware = &n->program->machine;
    g_autoptr(GString) names = g_string_new(NULL);
    const Machine *machine = network_machine(n);
    if (machine == NULL)
        return;
    for (int m = 0; m < machine->n_memories; m++)
        if (!machine->memory[m].root && cost_memory_bytes(&machine->memory[m]) == 0)
            name_endless(machine->memory[m].name, names);
    if (machine->n_memories == 0 && machine->l1_bytes == 0)
        name_endless("L1", names);
    if (machine->n_memories == 0 && machine->l2_bytes == 0)
        name_endless("L2", names);
    if (names->len > 0 &&
        diag_report(n->program->trees->diag, CHECK_ENDLESS, hardware->span,
                    "no capacity is given of %s: the best dataflow may keep everything there",
                    names->str))
        diag_note(n->program->trees->diag, SPAN_NONE, "give it, in the file or by --set");
}

/* No mapping has a figure that machines of this form do not have: nothing would ever be found. */
static bool check_measure(const Network *n, const Measure *measure, const char *option,
                          GError **error)
{
    const Machine *machine = network_machine(n);
    if (measure == NULL || machine == NULL || metrics_fits(measure->id, machine))
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "%s %s: a machine %s a hierarchy of memories has no such figure", option,
                measure->path, machine->n_memories > 0 ? "with" : "without");
    return false;
}

static bool check_measures(const Network *n, GError **error)
{
    const GArray *requirements = n->options->requirements;
    bool well = check_measure(n, n->options->measure, "--objective", error);
    for (guint i = 0; requirements != NULL && i < requirements->len && well; i++)
        well = check_measure(n, &g_array_index(requirements, Requirement, i).measure, "--require",
                             error);
    return well;
}

Network *network_new(const Program *program, const ProgramRequest *request,
                     const NetworkOptions *options, GError **error)
{
    g_autoptr(Network) n = g_new0(Network, 1);
    n->program = program;
    n->options = options;
    n->ws = workspace_new();
    n->began = g_get_monotonic_time();
    n->slots = g_array_new(FALSE, TRUE, sizeof(Slot));
    n->problems = g_ptr_array_new_with_free_func(network_problem_free);
    n->starts = starts_new(program, request, options->from, options->replay, error);
    if (n->starts == NULL)
        return NULL;
    network_lower(n, request->files != NULL && *request->files != NULL);
    n->technology = program->has_technology ? &program->technology : NULL;
    if (n->problems->len > 0)
        n->technology = cost_technology(n->technology, &problem_at(n, 0)->machine);
    n->space = space_in_words(n);
    warn_of_endless(n);
    return check_measures(n, error) && network_choose_objective(n, error) ? g_steal_pointer(&n)
                                                                          : NULL;
}

void network_free(Network *n)
{
    if (n == NULL)
        return;
    g_array_free(n->slots, TRUE);
    g_ptr_array_free(n->problems, TRUE);
    starts_free(n->starts);
    workspace_free(n->ws);
    g_free(n->space);
    g_free(n->lacking);
    g_free(n->digest);
    g_clear_error(&n->unkept);
    g_free(n);
}

Objective network_objective(const Network *n)
{
    return n->objective;
}

const char *network_lacking(const Network *n)
{
    return n->lacking;
}

const char *network_space(const Network *n)
{
    return n->space;
}

const Machine *network_machine(const Network *n)
{
    return n->problems->len > 0 ? &problem_at(n, 0)->machine : NULL;
}

const Technology *network_technology(const Network *n)
{
    return n->technology;
}

double network_gap(double value, double bound)
{
    return bound > 0 && isfinite(value) ? fmax(0, value / bound - 1) : NAN;
}

double network_value(const Network *n, const ReportEntry *entry)
{
    const Measure *measure = n->options->measure;
    return measure != NULL ? measure_read(measure, entry) : search_value(n->objective, entry);
}

bool network_keep(Network *n, const ProgramRequest *request, const char *checkpoint,
                  const char *resume, GError **error)
{
    n->digest = mapfile_digest(n, request);
    n->checkpoint = checkpoint;
    return (resume == NULL || mapfile_read(n, n->digest, resume, error)) &&
           (checkpoint == NULL || (mapfile_may_write(n->digest, checkpoint, error) &&
                                   mapfile_write(n, n->digest, checkpoint, error)));
}

/* A run's digest is of what an answer depends on. */
bool network_agree(const Network *n, GError **error)
{
    return n->options->ranks == NULL || ranks_agree(n->options->ranks, n->digest, error);
}

bool network_kept(const Network *n, GError **error)
{
    if (n->unkept != NULL)
        g_propagate_error(error, g_error_copy(n->unkept));
    return n->unkept == NULL;
}

/* ---- layer by layer ---- */

/* Of a hierarchy that a dataflow takes in the classic form, as one from another file may. */
static void warn_of_form(const Network *n, const Machine *machine, const char *name)
{
    const Hardware *hardware = &n->program->machine;
    if (hardware->n_memories > 0 && machine->n_memories == 0)
        classic_warn(n->program->trees->diag, hardware, name);
}

static void take_best(Network *n, const Problem *problem, const Layer *layer)
{
    Mapped *m = &n->mapped;
    nest_copy(&n->nest[0], &problem->nest);
    n->machine[0] = problem->nest_machine;
    network_evaluate(n, layer, &n->nest[0], problem->name, &n->machine[0], &n->best);
    m->best = &n->best;
    m->by = problem->by;
    m->value = network_value(n, &n->best);
    warn_of_form(n, &n->machine[0], problem->by);
    cost_capacity(&n->machine[0], &n->nest[0], &n->best.result, &n->capacity);
    if (n->best.costed)
        farthest_add(&n->beyond, &n->best.cost.beyond);
}

static void take_reference(Network *n, const Problem *problem, const Layer *layer)
{
    Mapped *m = &n->mapped;
    const Start *start = &tried_at(problem, (guint) problem->reference)->start;
    nest_copy(&n->nest[1], &start->nest);
    n->machine[1] = start->machine;
    network_evaluate(n, layer, &n->nest[1], network_title(start), &n->machine[1], &n->reference);
    m->reference = &n->reference;
    m->given = start->kind == START_GIVEN;
    warn_of_form(n, &n->machine[1], network_title(start));
    m->reference_value = network_value(n, &n->reference);
}

/* Only the first failure to write is told. */
static void settle(Network *n, Problem *problem)
{
    bool known = problem->done;
    network_settle(n, problem);
    if (!known && n->checkpoint != NULL && n->unkept == NULL)
        mapfile_write(n, n->digest, n->checkpoint, &n->unkept);
}

static void take_problem(Network *n, Problem *problem, const Layer *layer)
{
    Mapped *m = &n->mapped;
    settle(n, problem);
    m->as = problem->first;
    m->open = problem->open;
    m->end = problem->end;
    m->search = problem->search;
    m->found = problem->search.found;
    m->seconds = problem->seconds;
    m->optimal = problem->optimal;
    m->why = problem->why;
    m->bound = problem->bound;
    if (problem->found)
        take_best(n, problem, layer);
    if (problem->reference >= 0)
        take_reference(n, problem, layer);
    m->gap = network_gap(m->value, m->bound);
}

static void add_entry(const ReportEntry *entry, Sum *sum)
{
    if (entry == NULL) {
        *sum = (Sum){NAN, NAN, NAN};
        return;
    }
    double count = (double) entry->layer->count, cycles = (double) entry->result.cycles;
    sum->pj += count * (entry->costed ? entry->cost.total_pj : 0);
    sum->cycles += count * cycles;
    sum->seconds += count * cycles / entry->machine->clock_hz;
}

static void add_total(Network *n)
{
    NetworkTotal *total = &n->total;
    const Mapped *m = &n->mapped;
    bool product = n->objective == OBJECTIVE_EDP;
    total->layers++;
    total->missing += m->best == NULL;
    total->optimal = m->optimal && (total->optimal || total->layers == 1);
    if (m->number == m->as) {
        total->bounds += m->search.bounds;
        total->evaluated += m->search.evaluated;
    }
    n->bound_sum += (double) m->layer->count * (product ? sqrt(m->bound) : m->bound);
    add_entry(m->best, &n->best_sum);
    add_entry(m->reference, &n->reference_sum);
}

const Mapped *network_next(Network *n)
{
    if (n->next == n->slots->len)
        return NULL;
    if (n->options->one && n->next == 0)
        network_share(n);
    guint number = n->next++;
    const Slot *slot = slot_at(n, number);
    n->mapped = (Mapped){.number = number,
                         .layer = &slot->layer,
                         .as = number,
                         .why = slot->why,
                         .value = NAN,
                         .reference_value = NAN,
                         .bound = NAN,
                         .gap = NAN,
                         .end = END_NONE};
    if (slot->why == NULL)
        take_problem(n, problem_at(n, slot->problem), &slot->layer);
    add_total(n);
    return &n->mapped;
}

/* ---- at the end ---- */

static double sum_value(Objective objective, const Sum *sum)
{
    return objective == OBJECTIVE_RUNTIME  ? sum->cycles
           : objective == OBJECTIVE_ENERGY ? sum->pj
                                           : cost_edp(sum->pj, sum->seconds);
}

NetworkTotal network_total(const Network *n)
{
    NetworkTotal total = n->total;
    bool product = n->objective == OBJECTIVE_EDP;
    if (n->options->measure != NULL || n->options->front) /* it does not add up */
        return (NetworkTotal){.value = NAN,
                              .reference = NAN,
                              .bound = NAN,
                              .gap = NAN,
                              .layers = total.layers,
                              .missing = total.missing,
                              .bounds = total.bounds,
                              .evaluated = total.evaluated,
                              .seconds = (double) (g_get_monotonic_time() - n->began) * 1e-6,
                              .optimal = total.optimal};
    total.value = sum_value(n->objective, &n->best_sum);
    total.reference = sum_value(n->objective, &n->reference_sum);
    total.bound = product ? n->bound_sum * n->bound_sum : n->bound_sum;
    if (total.bound * (1 + ROUNDING) >= total.value)
        total.bound = total.value;
    total.gap = network_gap(total.value, total.bound);
    total.optimal = total.optimal && (!product || total.gap == 0);
    total.seconds = (double) (g_get_monotonic_time() - n->began) * 1e-6;
    return total;
}

void network_finish(Network *n, ChipCost *chip)
{
    *chip = (ChipCost){0};
    if (n->technology != NULL && n->problems->len > 0) {
        const Problem *problem = problem_at(n, 0);
        cost_chip(problem->found ? &problem->nest_machine : &problem->machine, &n->capacity,
                  n->technology, chip);
        farthest_add(&n->beyond, &chip->beyond);
    }
    farthest_report(&n->beyond, n->program);
}
