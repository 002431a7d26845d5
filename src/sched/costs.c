/* What a node costs on a core: a box as a layer of its own, under the core's dataflow or the
 * mapper's best; equal boxes once.
 *
 * Vector operators, where the core has no dataflow `for` them, cost an operation for each element,
 * pass and point of their window over the core's lanes:
 *
 *     cycles = ceil(operations / (PEs * lanes)),
 *     energy = operations * MAC + (inputs read + outputs written) in the outermost on-chip memory.
 */
#include <math.h>
#include <string.h>

#include "engine/cluster.h"
#include "ir/hierarchy.h"
#include "ir/integer.h"
#include "map/open.h"
#include "map/search.h"
#include "map/starts.h"
#include "run/entry.h"
#include "run/job.h"
#include "sched/problem_parts.h"

typedef struct {
    Problem *problem;
    const ProblemOptions *options;
    Workspace *ws;
    unsigned boxes;  /* lowered so far */
    Starts **starts; /* by kind: what its searches begin from; NULL: it has none yet */
    GArray *found;   /* of Found */
} Costing;

/* What the mapper has found for a box: a neighbour's search begins from it. */
typedef struct {
    int kind;
    Layer layer;
    Nest nest;
} Found;

/* ---- shapes ---- */

typedef struct {
    int layer; /* the first that is alike */
    int64_t extent[DIMS_MAX];
} ShapeKey;

static guint shape_hash(gconstpointer data)
{
    const ShapeKey *key = data;
    guint hash = (guint) key->layer;
    for (int d = 0; d < DIMS_MAX; d++)
        hash = hash * 31 + (guint) key->extent[d];
    return hash;
}

static gboolean shape_equal(gconstpointer a, gconstpointer b)
{
    const ShapeKey *one = a, *other = b;
    return one->layer == other->layer &&
           memcmp(one->extent, other->extent, sizeof one->extent) == 0;
}

/* The first layer that is the same but for where it stands. */
static int first_alike(const Fleet *fleet, int l)
{
    for (int i = 0; i < l; i++)
        if (layer_alike(&fleet->layer[i].layer, &fleet->layer[l].layer) &&
            fleet->layer[i].layer.count == fleet->layer[l].layer.count)
            return i;
    return l;
}

static int shape_number(GHashTable *seen, GArray *shapes, const ShapeKey *key)
{
    int shape = GPOINTER_TO_INT(g_hash_table_lookup(seen, key)) - 1;
    if (shape >= 0)
        return shape;
    shape = (int) shapes->len;
    g_array_append_val(shapes, *key);
    g_hash_table_insert(seen, g_memdup2(key, sizeof *key), GINT_TO_POINTER(shape + 1));
    return shape;
}

/* Shapes of all boxes of all splits: GArray of ShapeKey. */
static GArray *fill_shapes(Problem *problem)
{
    const Fleet *fleet = problem->fleet;
    GArray *shapes = g_array_new(FALSE, FALSE, sizeof(ShapeKey));
    g_autoptr(GHashTable) seen = g_hash_table_new_full(shape_hash, shape_equal, g_free, NULL);
    for (int l = 0; l < fleet->n_layers; l++) {
        ShapeKey key = {first_alike(fleet, l), {0}};
        for (int s = 0; s < problem->layer[l].n_splits; s++) {
            ProblemSplit *split = &problem->layer[l].split[s];
            GraphLayer cut = problem_cut(problem, l, split);
            split->shape = g_new(int, split->n_boxes + 1);
            for (int b = 0; b < split->n_boxes; b++) {
                GraphBox box = graph_box(&cut, b);
                graph_extents(cut.layer, &box, key.extent);
                split->shape[b] = shape_number(seen, shapes, &key);
            }
        }
    }
    return shapes;
}

/* ---- machines and dataflows ---- */

bool costs_machine(const Fleet *fleet, int kind, int layer, Machine *machine)
{
    const FleetKind *k = &g_array_index(fleet->kinds, FleetKind, (guint) kind);
    Job job;
    diag_quiet(k->diag, true);
    bool read = job_open(k->program, (guint) layer, &job);
    diag_quiet(k->diag, false);
    *machine = job.machine;
    return read;
}

static bool is_vector(const char *type)
{
    static const char *const types[] = {"ADD", "MUL", "ACT", "POOL", "SOFTMAX", "NORM"};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

/* Whether a dataflow of the kind is `for` the type. */
static bool has_dataflow_for(const FleetKind *kind, const char *type)
{
    const GArray *blocks = g_array_index(kind->program->choices, ProgramChoice, 0).blocks;
    for (guint i = 0; i < blocks->len && !kind->maps; i++)
        for (const Expr *t = ast_types(g_array_index(blocks, Place, i).item); t != NULL;
             t = t->next)
            if (strcmp(t->text, type) == 0)
                return true;
    return false;
}

/* ---- vector operators ---- */

/* Bytes of all tensors that are in one memory with this one. */
static double bytes_beside(const Layer *layer, const Machine *machine, const int64_t *size,
                           int tensor)
{
    double bits = 0;
    for (int t = 0; t < layer->op.n_tensors; t++)
        if (hierarchy_outermost(machine, t) == hierarchy_outermost(machine, tensor))
            bits += (double) size[t] * (double) machine->bits[t];
    return ceil(bits / 8);
}

/* Each input is read from the core's memory once, and the output written to it. */
static double moved_pj(const Layer *layer, const Machine *machine, const Technology *technology)
{
    int64_t size[TENSORS_MAX];
    double pj = 0;
    Shape shape;
    cluster_shape(layer, &shape);
    cluster_sizes(layer, &shape, size);
    for (int t = 0; t < layer->op.n_tensors; t++)
        pj += (double) size[t] * cost_outermost(machine, technology, t, t == layer->op.output,
                                                bytes_beside(layer, machine, size, t));
    return pj;
}

static void cost_vector(const Layer *layer, const Machine *machine, const Technology *technology,
                        NodeCost *cost)
{
    int64_t operations, lanes;
    if (!layer_macs(layer, &operations) ||
        __builtin_mul_overflow(machine->pes, machine->lanes, &lanes)) {
        cost->why = "a count does not fit 63 bits";
        return;
    }
    cost->cycles = ceil_div(operations, lanes);
    if (technology == NULL) {
        cost->unknown = true;
        return;
    }
    double pj = (double) operations * cost_mac(layer, machine, technology) +
                moved_pj(layer, machine, technology);
    cost->unknown = isnan(pj);
    cost->pj = isnan(pj) ? 0 : pj;
}

/* ---- the engine ---- */

static void take_entry(const ReportEntry *entry, NodeCost *cost)
{
    char names[80];
    if (entry->status != ENTRY_EVALUATED) {
        cost->why = entry->why;
        return;
    }
    cost->cycles = MAX(entry->result.onchip_cycles, 1);
    cost->unknown = !entry->costed;
    if (!entry->costed)
        return;
    Cost known = entry->cost;
    known.unknown &= ~(known.roots | 1u << COST_OFFCHIP);
    cost->unknown = !cost_energy_known(&known, names, sizeof names);
    cost->pj = isfinite(entry->cost.onchip_pj) ? entry->cost.onchip_pj : 0;
}

static const Technology *technology_of(const FleetKind *kind, const Machine *machine)
{
    const Program *program = kind->program;
    return cost_technology(program->has_technology ? &program->technology : NULL, machine);
}

static void evaluate(Costing *costing, const FleetKind *kind, const Job *job, NodeCost *cost)
{
    g_autofree ReportEntry *entry = g_new0(ReportEntry, 1);
    entry_start(entry, job->dataflow, &job->layer, &job->nest, &job->machine);
    entry_run(entry, costing->ws);
    if (entry->status == ENTRY_EVALUATED)
        entry_cost(entry, technology_of(kind, &job->machine));
    take_entry(entry, cost);
}

typedef struct {
    int64_t moves;
} Budget;

static bool is_spent(const SearchProgress *progress, void *data)
{
    const Budget *budget = data;
    return progress->bounds >= budget->moves;
}

/* Only mappings whose tiles fit are taken, of whatever energy. */
static bool admit(const ReportEntry *entry, void *data)
{
    (void) data;
    return entry->status == ENTRY_EVALUATED;
}

/* Where a search begins: the shipped dataflows, and what was found on this kind of core for other
 * boxes of the operator. */
static GArray *begins_of(Costing *costing, int k, guint number, const JobBox *box, const Job *job)
{
    const FleetKind *kind = &g_array_index(costing->problem->fleet->kinds, FleetKind, (guint) k);
    g_autoptr(GArray) starts = g_array_new(FALSE, TRUE, sizeof(Start));
    GArray *nests = g_array_new(FALSE, FALSE, sizeof(Nest));
    if (costing->starts[k] == NULL)
        costing->starts[k] = starts_new(kind->program, &kind->request, NULL, NULL, NULL);
    if (costing->starts[k] != NULL)
        starts_add(costing->starts[k], number, box, &job->layer, starts);
    for (guint i = 0; i < starts->len; i++)
        if (g_array_index(starts, Start, i).machine.n_memories == job->machine.n_memories)
            g_array_append_val(nests, g_array_index(starts, Start, i).nest);
    for (guint i = 0; i < costing->found->len; i++) {
        const Found *found = &g_array_index(costing->found, Found, i);
        if (found->kind == k && strcmp(found->layer.op.type, job->layer.op.type) == 0 &&
            nest_check(&job->layer, &found->nest, &job->machine).law <= NEST_NO_SPATIAL)
            g_array_append_val(nests, found->nest);
    }
    return nests;
}

/* The mapper's best of all dataflows, one thread, by bounds and not by time: the same each time. */
static void map_box(Costing *costing, int k, guint number, const JobBox *box, Job *job,
                    NodeCost *cost)
{
    const FleetKind *kind = &g_array_index(costing->problem->fleet->kinds, FleetKind, (guint) k);
    const Technology *technology = technology_of(kind, &job->machine);
    g_autofree Template *open = g_new0(Template, 1);
    const Template *list[] = {open};
    Budget budget = {costing->options->moves};
    SearchResult result;
    g_autoptr(GArray) begins = begins_of(costing, k, number, box, job);
    g_autofree const Nest **given = g_new(const Nest *, begins->len + 1);
    for (guint i = 0; i < begins->len; i++)
        given[i] = &g_array_index(begins, Nest, i);
    open_template(&job->layer, &job->machine, 2, 1, open);
    SearchRequest request = {.layer = &job->layer,
                             .machine = &job->machine,
                             .technology = technology,
                             .open = list,
                             .n_open = 1,
                             .given = given,
                             .n_given = (int) begins->len,
                             .objective = costing->options->maps_energy && technology != NULL
                                              ? OBJECTIVE_ENERGY
                                              : OBJECTIVE_RUNTIME,
                             .sizes = SIZES_CANONICAL,
                             .threads = 1,
                             .admit = admit,
                             .admits_known = true,
                             .stop = is_spent,
                             .data = &budget};
    search_run(&request, &result);
    cost->why = "the mapper finds no dataflow for it";
    if (result.found->len > 0) {
        Found found = {k, job->layer, g_array_index(result.found, SearchFound, 0).nest};
        g_array_append_val(costing->found, found);
        cost->why = NULL;
        job->nest = found.nest;
        if (job->machine.n_memories > 0)
            hierarchy_place(&job->nest, job->layer.op.n_tensors, &job->machine);
        evaluate(costing, kind, job, cost);
    }
    search_clear(&result);
}

static bool times(NodeCost *cost, int64_t count)
{
    cost->pj *= (double) count;
    if (!__builtin_mul_overflow(cost->cycles, count, &cost->cycles))
        return true;
    cost->why = "a count does not fit 63 bits";
    return false;
}

static void cost_shape(Costing *costing, const ShapeKey *at, int k, NodeCost *cost)
{
    const Fleet *fleet = costing->problem->fleet;
    const FleetKind *kind = &g_array_index(fleet->kinds, FleetKind, (guint) k);
    int64_t extent[DIMS_MAX] = {0};
    JobBox box = {extent, costing->boxes++};
    g_autofree Job *job = g_new0(Job, 1);
    const Layer *whole = &fleet->layer[at->layer].layer;
    bool vector = is_vector(whole->op.type) && !has_dataflow_for(kind, whole->op.type), read;
    memcpy(extent, at->extent, sizeof extent);
    *cost = (NodeCost){.cycles = 1};
    diag_quiet(kind->diag, true);
    read = vector || kind->maps ? job_open(kind->program, (guint) at->layer, job)
                                : job_lower_box(kind->program, (guint) at->layer, 0, &box, job);
    diag_quiet(kind->diag, false);
    if (vector || kind->maps)
        memcpy(job->layer.extent, extent, sizeof extent);
    if (!read)
        cost->why = job->why != NULL ? job->why : "its accelerator cannot be used";
    else if (vector)
        cost_vector(&job->layer, &job->machine, technology_of(kind, &job->machine), cost);
    else if (kind->maps)
        map_box(costing, k, (guint) at->layer, &box, job, cost);
    else if (!job->legal)
        cost->why = job->why != NULL ? job->why : "its dataflow cannot map it";
    else
        evaluate(costing, kind, job, cost);
    if (cost->why == NULL)
        times(cost, whole->count);
}

/* The boxes of a layer, on the kinds that may have to run it. */
static void cost_boxes(Costing *costing, int l, const GArray *shapes, bool *asked)
{
    Problem *problem = costing->problem;
    for (int s = 0; s < problem->layer[l].n_splits; s++)
        for (int b = 0; b < problem->layer[l].split[s].n_boxes; b++) {
            int shape = problem->layer[l].split[s].shape[b];
            for (int k = 0; k < problem->n_kinds; k++) {
                int at = shape * problem->n_kinds + k;
                if (asked[at] || !problem_may_run(problem, l, k))
                    continue;
                asked[at] = true;
                cost_shape(costing, &g_array_index(shapes, ShapeKey, (guint) shape), k,
                           &problem->cost[at]);
            }
        }
}

void costs_fill(Problem *problem, const ProblemOptions *options)
{
    g_autoptr(GArray) shapes = fill_shapes(problem);
    Costing costing = {problem, options, workspace_new(), 0, NULL, NULL};
    problem->n_shapes = (int) shapes->len;
    problem->n_kinds = (int) problem->fleet->kinds->len;
    gsize n = (gsize) problem->n_shapes * (gsize) problem->n_kinds;
    problem->cost = g_new0(NodeCost, n + 1);
    costing.starts = g_new0(Starts *, problem->n_kinds + 1);
    costing.found = g_array_new(FALSE, FALSE, sizeof(Found));
    g_autofree bool *asked = g_new0(bool, n + 1);
    /* a shape may be of several layers, of which one may run on the kind */
    for (int l = 0; l < problem->fleet->n_layers; l++)
        cost_boxes(&costing, l, shapes, asked);
    for (int k = 0; k < problem->n_kinds; k++)
        starts_free(costing.starts[k]);
    g_free(costing.starts);
    g_array_free(costing.found, TRUE);
    workspace_free(costing.ws);
}
