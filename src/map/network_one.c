/* One dataflow for all layers of an operator: of those that were found for some of them, the one
 * under which all together cost least. */
#include <math.h>
#include <string.h>

#include "map/network_parts.h"

/* A dataflow of one problem on a layer: the objective's parts; false if it does not fit. */
static bool fits_layer(Network *n, const Problem *from, const Problem *to, double *pj,
                       double *cycles)
{
    Finding finding[FINDINGS_MAX];
    NestFault fault = nest_check(&to->layer, &from->nest, &from->nest_machine);
    if (fault.law != NEST_LEGAL && fault.law != NEST_NO_SPATIAL)
        return false;
    n->machine[0] = from->nest_machine;
    network_evaluate(n, &to->layer, &from->nest, from->name, &n->machine[0], &n->best);
    if (n->best.status != ENTRY_EVALUATED || entry_findings(&n->best, finding) > 0 ||
        !network_known(&n->best, n->objective))
        return false;
    *pj = n->best.costed ? n->best.cost.total_pj : 0;
    *cycles = (double) n->best.result.cycles;
    return true;
}

static double value_of(const Network *n, double pj, double cycles)
{
    return n->objective == OBJECTIVE_RUNTIME  ? cycles
           : n->objective == OBJECTIVE_ENERGY ? pj
                                              : pj * cycles;
}

/* What all layers of an operator come to under one dataflow; NAN: some cannot have it. */
static double value_of_all(Network *n, const Problem *from, const char *type)
{
    double pj = 0, cycles = 0;
    for (guint i = 0; i < n->slots->len; i++) {
        const Slot *slot = slot_at(n, i);
        double layer_pj, layer_cycles;
        if (slot->why != NULL || strcmp(slot->layer.op.type, type) != 0)
            continue;
        if (!fits_layer(n, from, problem_at(n, slot->problem), &layer_pj, &layer_cycles))
            return NAN;
        pj += layer_pj * (double) slot->layer.count;
        cycles += layer_cycles * (double) slot->layer.count;
    }
    return value_of(n, pj, cycles);
}

/* The dataflow of the problem is another one's. */
static void take_other(Network *n, Problem *problem, const Problem *from)
{
    double pj, cycles;
    if (!fits_layer(n, from, problem, &pj, &cycles))
        return;
    double value = search_value(n->objective, &n->best);
    problem->nest_machine = from->nest_machine;
    problem->name = from->name;
    problem->by = from->by;
    nest_copy(&problem->nest, &from->nest);
    problem->value = value;
    problem->bound = fmin(problem->bound, value);
    problem->optimal = problem->optimal && problem->bound >= value;
}

/* Of the dataflows that were found for the layers of an operator, the one under which all of them
 * together cost least, if there is one that all can have. */
static void share(Network *n, const char *type)
{
    g_autofree Problem *best = NULL;
    double least = NAN;
    int found = 0;
    for (guint i = 0; i < n->problems->len; i++) {
        const Problem *problem = problem_at(n, i);
        if (!problem->found || strcmp(problem->layer.op.type, type) != 0)
            continue;
        found++;
        double value = value_of_all(n, problem, type);
        if (!isnan(value) && !(value >= least)) {
            least = value;
            g_free(best);
            best = g_memdup2(problem, sizeof *problem);
        }
    }
    if (best == NULL && found > 1)
        diag_report(n->program->trees->diag, CHECK_APART, SPAN_NONE,
                    "no dataflow that was found for a layer of type %s fits all of them: each has "
                    "its own",
                    type);
    for (guint i = 0; i < n->problems->len && best != NULL; i++)
        if (strcmp(problem_at(n, i)->layer.op.type, type) == 0)
            take_other(n, problem_at(n, i), best);
}

void network_share(Network *n)
{
    g_autoptr(GHashTable) types = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n->problems->len; i++)
        network_settle(n, problem_at(n, i));
    for (guint i = 0; i < n->problems->len; i++)
        if (g_hash_table_add(types, (gpointer) problem_at(n, i)->layer.op.type))
            share(n, problem_at(n, i)->layer.op.type);
}
