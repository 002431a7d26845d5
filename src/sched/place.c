/* The cores, links and memories of a fleet's system as a plan has them. */
#include <string.h>

#include "engine/cost.h"
#include "ir/hierarchy.h"
#include "sched/problem_parts.h"
#include "sched/routes.h"

/* ---- memories ---- */

static TensorRole role_of(PlanRole role)
{
    return role == PLAN_WEIGHT ? ROLE_WEIGHT : role == PLAN_INPUT ? ROLE_INPUT : ROLE_OUTPUT;
}

/* A memory of the core: one that is there, or a new one.  Capacity in bytes, 0: without end. */
static int memory_number(Problem *problem, int core, PlanCore *plan, const char *name,
                         int64_t bytes)
{
    char **names = &problem->memory_name[core * PLAN_MEMORIES_MAX];
    for (int m = 0; m < plan->n_memories; m++)
        if (strcmp(names[m], name) == 0)
            return m;
    names[plan->n_memories] = (char *) name;
    plan->capacity_bits[plan->n_memories] = bytes > INT64_MAX / 8 ? 0 : bytes * 8;
    return plan->n_memories++;
}

/* Where the core has the tensors of a role, by the first layer that has such a one. */
static int find_memory(Problem *problem, int core, PlanRole role, PlanCore *plan)
{
    const Fleet *fleet = problem->fleet;
    for (int l = 0; l < fleet->n_layers; l++) {
        const Operator *op = &fleet->layer[l].layer.op;
        Machine machine;
        int tensor = 0;
        while (tensor < op->n_tensors && op->tensor[tensor].role != role_of(role))
            tensor++;
        if (tensor == op->n_tensors || !costs_machine(fleet, fleet->kind[core], l, &machine))
            continue;
        if (machine.n_memories == 0)
            return memory_number(problem, core, plan, "L2", machine.l2_bytes);
        int m = hierarchy_outermost(&machine, tensor);
        if (m >= 0)
            return memory_number(problem, core, plan, machine.memory[m].name,
                                 cost_memory_bytes(&machine.memory[m]));
    }
    return memory_number(problem, core, plan, "L2", 0);
}

static PlanCore *make_cores(Problem *problem)
{
    int n = (int) problem->fleet->system.cores->len;
    PlanCore *cores = g_new0(PlanCore, n + 1);
    problem->memory_name = g_new0(char *, n *PLAN_MEMORIES_MAX + 1);
    for (int k = 0; k < n; k++)
        for (int r = 0; r < PLAN_ROLES; r++)
            cores[k].memory_of[r] = find_memory(problem, k, (PlanRole) r, &cores[k]);
    return cores;
}

/* ---- links ---- */

static bool rate_bits(const Rate *rate, double clock_hz, Rational *bits)
{
    Rational hertz;
    *bits = rate->amount;
    if (rate->unit != PER_SECOND_BITS)
        return true;
    return rational_of(clock_hz, &hertz) && hertz.num > 0 &&
           rational_divide(rate->amount, hertz, bits) && bits->num > 0;
}

static bool no_route(const Fleet *fleet, int from, int to, Diag *diag)
{
    int n = (int) fleet->system.cores->len;
    const char *names[] = {from < n ? fleet_core(fleet, from)->name : "off-chip memory",
                           to < n ? fleet_core(fleet, to)->name : "off-chip memory"};
    diag_report(diag, CHECK_UNREACHABLE, fleet_core(fleet, from < n ? from : to)->span,
                "no links lead from %s to %s", names[0], names[1]);
    diag_note(diag, fleet->system.span,
              to == n || from == n ? "name OffChip in the Connects of a link that leads there"
                                   : "a link connects those that its Connects names");
    return false;
}

static bool check_routes(const Problem *problem, Diag *diag)
{
    int n = problem->system.n_cores;
    for (int from = 0; from <= n; from++)
        for (int to = 0; to <= n; to++)
            if (from != to && problem->system.route[from * (n + 1) + to].n == 0)
                return no_route(problem->fleet, from, to, diag);
    return true;
}

bool problem_system(Problem *problem, Diag *diag)
{
    const System *system = &problem->fleet->system;
    int n = (int) system->cores->len, links = (int) system->links->len;
    PlanLink *link = g_new0(PlanLink, links + 1);
    g_autofree RouteLink *ends = g_new0(RouteLink, links + 1);
    PlanSystem *plan = &problem->system;
    bool well =
        rate_bits(&system->bandwidth, problem->fleet->clock_hz, &link[links].bits_per_cycle);
    for (int l = 0; l < links; l++) {
        const SystemLink *from = &g_array_index(system->links, SystemLink, (guint) l);
        link[l].pj_per_bit = rational_real(from->pj_per_bit);
        ends[l] = (RouteLink){from->n_ends, from->end, from->one_way};
        well &= rate_bits(&from->bandwidth, problem->fleet->clock_hz, &link[l].bits_per_cycle);
    }
    *plan = (PlanSystem){.n_cores = n,
                         .n_links = links + 1,
                         .core = make_cores(problem),
                         .link = link,
                         .route = routes_new(n, ends, links),
                         .read_pj = rational_real(system->read_pj),
                         .write_pj = rational_real(system->write_pj),
                         .word_bits = system->width_bits};
    if (!well)
        diag_report(diag, CHECK_OVERFLOW, system->span,
                    "a bandwidth in bits per cycle does not fit 63 bits");
    return well && check_routes(problem, diag);
}

void problem_system_free(Problem *problem)
{
    g_free((gpointer) problem->system.core);
    g_free((gpointer) problem->system.link);
    routes_free((PlanRoute *) problem->system.route, problem->system.n_cores);
    g_free(problem->memory_name);
}
