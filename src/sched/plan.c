/* The order of nodes is a list schedule: of all nodes whose makers are taken, the first by
 * priority; or, as PLAN_READY, of those whose makers have ended when a core is idle. */
#include "sched/plan.h"

#include <glib.h>

int64_t plan_bits(const Plan *plan, int piece, int core)
{
    const PlanPiece *p = &plan->graph->piece[piece];
    int of = p->maker >= 0 ? plan->core[p->maker] : core;
    return p->elements * plan->bits[p->width * plan->system->n_cores + of];
}

int plan_memory(const Plan *plan, int piece, int core)
{
    const PlanPiece *p = &plan->graph->piece[piece];
    bool here = p->maker >= 0 && plan->core[p->maker] == core;
    PlanRole role = p->role == PLAN_WEIGHT ? PLAN_WEIGHT : here ? PLAN_OUTPUT : PLAN_INPUT;
    return plan->system->core[core].memory_of[role];
}

int64_t plan_transfer(const PlanSystem *system, const PlanRoute *route, int64_t bits)
{
    int64_t most = 1, whole = bits / 8 * 8 + (bits % 8 > 0 ? 8 : 0);
    for (int i = 0; i < route->n; i++) {
        const Rational *rate = &system->link[route->link[i]].bits_per_cycle;
        __int128 units = (__int128) whole * rate->den;
        __int128 cycles = (units + rate->num - 1) / rate->num;
        if (cycles > INT64_MAX)
            return -1;
        most = MAX(most, (int64_t) cycles);
    }
    return most;
}

/* ---- order ---- */

/* Nodes that may be taken, the first on top. */
typedef struct {
    const int *image;   /* by node: the smaller goes first; or NULL */
    const int64_t *key; /* by node: the larger goes first */
    int *item;
    int n;
} Heap;

static bool goes_before(const Heap *heap, int a, int b)
{
    if (heap->image != NULL && heap->image[a] != heap->image[b])
        return heap->image[a] < heap->image[b];
    return heap->key[a] != heap->key[b] ? heap->key[a] > heap->key[b] : a < b;
}

static void heap_push(Heap *heap, int node)
{
    int at = heap->n++;
    for (; at > 0 && goes_before(heap, node, heap->item[(at - 1) / 2]); at = (at - 1) / 2)
        heap->item[at] = heap->item[(at - 1) / 2];
    heap->item[at] = node;
}

static int heap_pop(Heap *heap)
{
    int top = heap->item[0], last = heap->item[--heap->n], at = 0;
    for (int child = 1; child < heap->n; child = 2 * at + 1) {
        if (child + 1 < heap->n && goes_before(heap, heap->item[child + 1], heap->item[child]))
            child++;
        if (!goes_before(heap, heap->item[child], last))
            break;
        heap->item[at] = heap->item[child];
        at = child;
    }
    heap->item[at] = last;
    return top;
}

/* path(n) = cycles(n) + max over the readers m of what n makes: path(m); as much as fits. */
static void fill_paths(const PlanGraph *graph, const int64_t *cycles, int64_t *path)
{
    for (int n = graph->n_nodes - 1; n >= 0; n--) {
        int64_t longest = 0;
        for (int i = 0; i < graph->node[n].n_makes; i++) {
            const PlanPiece *piece = &graph->piece[graph->node[n].makes[i]];
            for (int r = 0; r < piece->n_readers; r++)
                longest = MAX(longest, path[piece->readers[r]]);
        }
        if (__builtin_add_overflow(cycles[n], longest, &path[n]))
            path[n] = INT64_MAX;
    }
}

/* How many of the pieces that it needs are made by a node. */
static int makers_of(const PlanGraph *graph, int node)
{
    int makers = 0;
    for (int i = 0; i < graph->node[node].n_needs; i++)
        makers += graph->piece[graph->node[node].needs[i]].maker >= 0;
    return makers;
}

static void take_all(const PlanGraph *graph, Heap *heap, int *waits, int *order)
{
    for (int n = 0; n < graph->n_nodes; n++) {
        waits[n] = makers_of(graph, n);
        if (waits[n] == 0)
            heap_push(heap, n);
    }
    for (int taken = 0; heap->n > 0; taken++) {
        int n = order[taken] = heap_pop(heap);
        for (int i = 0; i < graph->node[n].n_makes; i++) {
            const PlanPiece *piece = &graph->piece[graph->node[n].makes[i]];
            for (int r = 0; r < piece->n_readers; r++)
                if (--waits[piece->readers[r]] == 0)
                    heap_push(heap, piece->readers[r]);
        }
    }
}

/* What is ready on each core, and what runs there. */
typedef struct {
    const Plan *plan;
    Heap *ready;  /* by core */
    int *running; /* by core: a node, or -1 */
    int64_t *end; /* by core: of the running node */
    int *waits;   /* by node: pieces whose makers have not ended */
} Idling;

/* The first core whose node ends next; -1: nothing runs. */
static int next_to_end(const Idling *idling)
{
    int next = -1;
    for (int k = 0; k < idling->plan->system->n_cores; k++)
        if (idling->running[k] >= 0 && (next < 0 || idling->end[k] < idling->end[next]))
            next = k;
    return next;
}

static void end_core(Idling *idling, int core)
{
    const PlanGraph *graph = idling->plan->graph;
    const PlanNode *node = &graph->node[idling->running[core]];
    idling->running[core] = -1;
    for (int i = 0; i < node->n_makes; i++) {
        const PlanPiece *piece = &graph->piece[node->makes[i]];
        for (int r = 0; r < piece->n_readers; r++)
            if (--idling->waits[piece->readers[r]] == 0)
                heap_push(&idling->ready[idling->plan->core[piece->readers[r]]], piece->readers[r]);
    }
}

/* All that ends at one moment ends before anything starts. */
static void take_ready(Idling *idling, int *order)
{
    const Plan *plan = idling->plan;
    int64_t now = 0;
    for (int taken = 0; taken < plan->graph->n_nodes;) {
        for (int k = 0; k < plan->system->n_cores; k++) {
            if (idling->running[k] >= 0 || idling->ready[k].n == 0)
                continue;
            int n = order[taken++] = idling->running[k] = heap_pop(&idling->ready[k]);
            if (__builtin_add_overflow(now, plan->cycles[n], &idling->end[k]))
                idling->end[k] = INT64_MAX;
        }
        int core = next_to_end(idling);
        for (now = core >= 0 ? idling->end[core] : now; core >= 0 && idling->end[core] == now;
             core = next_to_end(idling))
            end_core(idling, core);
    }
}

static void order_ready(const Plan *plan, const int64_t *key, const int *image, int *order)
{
    int cores = plan->system->n_cores, nodes = plan->graph->n_nodes;
    g_autofree Heap *ready = g_new(Heap, cores + 1);
    g_autofree int *item = g_new(int, nodes + 1);
    g_autofree int *running = g_new(int, cores + 1);
    g_autofree int *waits = g_new0(int, nodes + 1);
    g_autofree int64_t *end = g_new0(int64_t, cores + 1);
    g_autofree int *count = g_new0(int, cores + 1);
    Idling idling = {plan, ready, running, end, waits};
    for (int n = 0; n < nodes; n++)
        count[plan->core[n]]++;
    for (int k = 0, first = 0; k < cores; first += count[k++]) {
        ready[k] = (Heap){image, key, item + first, 0};
        running[k] = -1;
    }
    for (int n = 0; n < nodes; n++) {
        waits[n] = makers_of(plan->graph, n);
        if (waits[n] == 0)
            heap_push(&ready[plan->core[n]], n);
    }
    take_ready(&idling, order);
}

void plan_order(const Plan *plan, PlanPriority priority, const int *depth, const int *image,
                int *order)
{
    const PlanGraph *graph = plan->graph;
    g_autofree int64_t *key = g_new(int64_t, graph->n_nodes + 1);
    g_autofree int *item = g_new(int, graph->n_nodes + 1);
    g_autofree int *waits = g_new(int, graph->n_nodes + 1);
    Heap heap = {image, key, item, 0};
    if (priority != PLAN_MEMORY)
        fill_paths(graph, plan->cycles, key);
    else
        for (int n = 0; n < graph->n_nodes; n++)
            key[n] = depth[n];
    if (priority == PLAN_READY)
        order_ready(plan, key, image, order);
    else
        take_all(graph, &heap, waits, order);
}

/* ---- room ---- */

static bool node_fits(const Plan *plan, int node, PlanMisfit *misfit)
{
    const PlanNode *n = &plan->graph->node[node];
    int at = plan->core[node];
    const PlanCore *core = &plan->system->core[at];
    int64_t need[PLAN_MEMORIES_MAX] = {0};
    for (int i = 0; i < n->n_needs + n->n_makes; i++) {
        int piece = i < n->n_needs ? n->needs[i] : n->makes[i - n->n_needs];
        int m = plan_memory(plan, piece, at);
        if (__builtin_add_overflow(need[m], plan_bits(plan, piece, at), &need[m]))
            need[m] = INT64_MAX;
    }
    for (int m = 0; m < core->n_memories; m++) {
        if (core->capacity_bits[m] == 0 || need[m] <= core->capacity_bits[m])
            continue;
        *misfit = (PlanMisfit){node, at, m, need[m]};
        return false;
    }
    return true;
}

bool plan_fits(const Plan *plan, PlanMisfit *misfit)
{
    for (int i = 0; i < plan->graph->n_nodes; i++)
        if (!node_fits(plan, plan->order[i], misfit))
            return false;
    return true;
}
