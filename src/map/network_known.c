/* What the energy of dataflows rests on.  Some may rest on a figure that is not given, of a part
 * that others do not use: these are no answers, which is said. */
#include "map/network_parts.h"

static bool rests_on_energy(Objective objective)
{
    return objective != OBJECTIVE_RUNTIME;
}

bool network_known(const ReportEntry *entry, Objective objective)
{
    char names[80];
    return !rests_on_energy(objective) ||
           (entry->costed && cost_energy_known(&entry->cost, names, sizeof names));
}

/* ---- a nest that uses all parts ---- */

static Level *add_level(const Layer *layer, const Machine *machine, Nest *nest)
{
    Level *level = &nest->level[nest->n_levels++];
    level->children = 1;
    level->passes = machine->n_memories > 0 ? (1u << layer->op.n_tensors) - 1 : 0;
    return level;
}

/* Every memory holds all that it can; clusters of the classic form have their buffer.  Of a machine
 * with too many parts the inner ones are left out. */
static void whole_nest(const Layer *layer, const Machine *machine, Nest *nest)
{
    *nest = (Nest){.n_levels = 0};
    if (machine->n_memories == 0) {
        add_level(layer, machine, nest);
        if (machine->buffer_bytes[1] > 0)
            add_level(layer, machine, nest);
        return;
    }
    for (int m = 0, f = 0; m < machine->n_memories && nest->n_levels < LEVELS_MAX; m++) {
        const Memory *memory = &machine->memory[m];
        for (; f < memory->fanouts && nest->n_levels < LEVELS_MAX - 1; f++)
            add_level(layer, machine, nest)->fanout = f + 1;
        if (memory->root)
            continue;
        Level *level = add_level(layer, machine, nest);
        level->passes &= ~memory->holds;
        for (int t = 0; t < layer->op.n_tensors; t++)
            level->memory[t] = memory->holds >> t & 1 ? m + 1 : 0;
    }
    if (nest->n_levels == 0)
        add_level(layer, machine, nest);
}

/* ---- the objective ---- */

/* Of the dataflows that are looked at beforehand. */
typedef struct {
    bool some, all; /* of some the energy is known; of all */
    char names[80]; /* the parts without a figure, of one of which it is not */
} Known;

/* Of a hierarchy dataflows of the classic form have other figures, which need not be there. */
static void look_at(Network *n, const Problem *problem, const Nest *nest, Machine *machine,
                    Known *known)
{
    char names[80];
    bool own = machine->n_memories > 0 || problem->machine.n_memories == 0;
    network_evaluate(n, &problem->layer, nest, "", machine, &n->best);
    if (n->best.status != ENTRY_EVALUATED)
        return;
    bool energy = cost_energy_known(&n->best.cost, names, sizeof names);
    if (!energy && own && known->all)
        g_strlcpy(known->names, names, sizeof known->names);
    known->some |= energy;
    known->all &= energy || !own;
}

static Known look_at_energy(Network *n)
{
    Known known = {.all = true};
    if (n->technology == NULL) {
        g_strlcpy(known.names, "any part, for want of a technology", sizeof known.names);
        known.all = false;
        return known;
    }
    for (guint i = 0; i < n->problems->len; i++) {
        const Problem *problem = problem_at(n, i);
        Machine machine = problem->machine;
        Nest nest;
        whole_nest(&problem->layer, &machine, &nest);
        look_at(n, problem, &nest, &machine, &known);
        for (guint k = 0; k < problem->tried->len; k++) {
            Start *start = &tried_at(problem, k)->start;
            look_at(n, problem, &start->nest, &start->machine, &known);
        }
    }
    return known;
}

static bool has_memories(const Network *n)
{
    const Machine *machine = network_machine(n);
    return machine != NULL && machine->n_memories > 0;
}

/* Where nothing is asked for, the product with time if the energy is known, of a hierarchy with all
 * of its memories. */
bool network_choose_objective(Network *n, GError **error)
{
    Objective asked = n->options->objective;
    n->objective = asked;
    if (asked == OBJECTIVE_RUNTIME)
        return true;
    const Known known = look_at_energy(n);
    bool none = !known.all && !known.some;
    if (none && asked != OBJECTIVES) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--objective %s: the energy is not known: no figure is given for %s",
                    objective_name(asked), known.names);
        return false;
    }
    if (asked == OBJECTIVES) {
        bool enough = known.all || (known.some && !has_memories(n));
        n->objective = enough ? OBJECTIVE_EDP : OBJECTIVE_RUNTIME;
        n->lacking = enough ? NULL : g_strdup(known.names);
    }
    if (rests_on_energy(n->objective) && !known.all && n->problems->len > 0 &&
        diag_report(n->program->trees->diag, CHECK_PART_UNKNOWN, n->program->machine.span,
                    "no figure is given for the energy of %s: dataflows that use it are no answers",
                    known.names))
        diag_note(n->program->trees->diag, SPAN_NONE,
                  "give it, or search for the runtime: --objective runtime");
    return true;
}
