/* The order of nodes is a list schedule without resources: of all nodes whose makers are taken, the
 * first by priority. */
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

static void take_all(const PlanGraph *graph, Heap *heap, int *waits, int *order)
{
    for (int n = 0; n < graph->n_nodes; n++) {
        waits[n] = 0;
        for (int i = 0; i < graph->node[n].n_needs; i++)
            waits[n] += graph->piece[graph->node[n].needs[i]].maker >= 0;
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

void plan_order(const PlanGraph *graph, PlanPriority priority, const int64_t *cycles,
                const int *depth, const int *image, int *order)
{
    g_autofree int64_t *key = g_new(int64_t, graph->n_nodes + 1);
    g_autofree int *item = g_new(int, graph->n_nodes + 1);
    g_autofree int *waits = g_new(int, graph->n_nodes + 1);
    Heap heap = {image, key, item, 0};
    if (priority == PLAN_LATENCY)
        fill_paths(graph, cycles, key);
    else
        for (int n = 0; n < graph->n_nodes; n++)
            key[n] = depth[n];
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
