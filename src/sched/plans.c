/* A choice to a plan: the graph of its splits, which is kept for when they come again, cores, costs
 * and the order. */
#include <string.h>

#include "sched/problem_parts.h"

enum { KEPT_MOST = 1 << 20 /* pieces of graphs that are kept */ };

int problem_core(const ProblemSplit *split, int place, int box)
{
    return split->core[split->dealt ? box / split->step % split->parts % split->n : place];
}

int problem_cores(const ProblemSplit *split)
{
    return split->dealt ? MIN(split->n, split->parts) : 1;
}

const ProblemSplit *problem_split(const Problem *problem, const int *choice, int layer)
{
    const ProblemLayer *of = &problem->layer[layer];
    return &of->split[of->option[choice[layer]].split];
}

void problem_plan_begin(const Problem *problem, ProblemPlan *plan)
{
    *plan = (ProblemPlan){.graphs = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
                                                          (GDestroyNotify) g_bytes_unref,
                                                          (GDestroyNotify) graph_free)};
    plan->memo = graph_memo_new();
    plan->plan = (Plan){.system = &problem->system, .bits = problem->bits};
}

static void make_room(ProblemPlan *plan, int nodes)
{
    if (nodes < plan->room)
        return;
    plan->room = nodes + 1;
    plan->core = g_renew(int, plan->core, plan->room);
    plan->order = g_renew(int, plan->order, plan->room);
    plan->cycles = g_renew(int64_t, plan->cycles, plan->room);
    plan->pj = g_renew(double, plan->pj, plan->room);
    plan->plan.core = plan->core;
    plan->plan.order = plan->order;
    plan->plan.cycles = plan->cycles;
    plan->plan.pj = plan->pj;
}

void problem_plan_end(ProblemPlan *plan)
{
    g_clear_pointer(&plan->graphs, g_hash_table_destroy);
    g_clear_pointer(&plan->memo, graph_memo_free);
    g_free(plan->core);
    g_free(plan->order);
    g_free(plan->cycles);
    g_free(plan->pj);
}

static void find_graph(const Problem *problem, const int *choice, ProblemPlan *plan)
{
    int layers = problem->fleet->n_layers;
    g_autofree int *split = g_new(int, layers + 1);
    for (int l = 0; l < layers; l++)
        split[l] = problem->layer[l].option[choice[l]].split;
    GBytes *key = g_bytes_new(split, sizeof(int) * (size_t) layers);
    plan->graph = g_hash_table_lookup(plan->graphs, key);
    if (plan->graph != NULL) {
        g_bytes_unref(key);
        return;
    }
    g_autofree GraphLayer *layer = g_new(GraphLayer, layers + 1);
    for (int l = 0; l < layers; l++)
        layer[l] = problem_cut(problem, l, &problem->layer[l].split[split[l]]);
    Graph *graph = problem_graph(problem, layer, plan->memo, &plan->fault);
    plan->graph = graph;
    if (graph == NULL) {
        g_bytes_unref(key);
        return;
    }
    if (plan->kept + graph->plan.n_pieces > KEPT_MOST) {
        g_hash_table_remove_all(plan->graphs);
        plan->kept = 0;
    }
    plan->kept += graph->plan.n_pieces;
    g_hash_table_insert(plan->graphs, key, graph);
}

bool problem_plan(const Problem *problem, const int *choice, PlanPriority priority,
                  ProblemPlan *plan)
{
    find_graph(problem, choice, plan);
    const Graph *graph = plan->graph;
    if (graph == NULL)
        return false;
    make_room(plan, graph->plan.n_nodes);
    plan->plan.graph = &graph->plan;
    for (int n = 0; n < graph->plan.n_nodes; n++) {
        const GraphNode *node = &graph->node[n];
        const ProblemLayer *layer = &problem->layer[node->layer];
        ProblemOption option = layer->option[choice[node->layer]];
        const ProblemSplit *split = &layer->split[option.split];
        plan->core[n] = problem_core(split, option.place, node->number);
        const NodeCost *cost = problem_cost(problem, split, node->number, plan->core[n]);
        plan->cycles[n] = cost->cycles;
        plan->pj[n] = cost->pj;
    }
    plan_order(&plan->plan, priority, graph->depth, graph->image, plan->order);
    return true;
}
