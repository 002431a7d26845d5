/* Networks on the cores of a system. */
#include "lib/lib.h"

#include <math.h>
#include <string.h>

#include "sched/show.h"

enum { IMAGES_MOST = 1000, THREADS_MOST = 64 };

struct dcc_sched {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Fleet *fleet;
    ProblemOptions made;
    ChooseOptions options;
    Problem *problem; /* NULL: nothing was run */
    Chosen chosen;
    ChooseObjective objective; /* that chosen is of, whatever is set since */
    bool found;                /* chosen has a timeline */
    GPtrArray *names;          /* owned: splits of layers, then tensors of transfers */
    GString *text;             /* what was asked for last, or NULL */
};

/* ---- loading ---- */

static void forget(dcc_sched *sched)
{
    if (sched->problem != NULL)
        choose_clear(&sched->chosen);
    g_clear_pointer(&sched->problem, problem_free);
    g_clear_pointer(&sched->names, g_ptr_array_unref);
    sched->found = false;
}

void dcc_sched_free(dcc_sched *sched)
{
    if (sched == NULL)
        return;
    forget(sched);
    fleet_free(sched->fleet);
    diag_free(sched->diag);
    sources_free(sched->sources);
    arena_free(sched->arena);
    if (sched->text != NULL)
        g_string_free(sched->text, TRUE);
    g_free(sched);
}

dcc_sched *dcc_sched_load(dcc_context *context, const char *model, const char *system,
                          const char *replay)
{
    g_autoptr(GError) error = NULL;
    FleetRequest request = {model, system, replay};
    if (model == NULL) {
        context_say(context, "no network: the model is NULL");
        return NULL;
    }
    dcc_sched *sched = g_new0(dcc_sched, 1);
    sched->arena = arena_new();
    sched->sources = sources_new(sched->arena);
    sched->diag = diag_new(sched->sources, sched->arena);
    sched->made = (ProblemOptions){.images = 1, .moves = 2000};
    sched->options =
        (ChooseOptions){.priority = PLAN_PRIORITIES, .moves = 2000, .seed = 1, .threads = 1};
    sched->fleet = fleet_read(&request, sched->diag, &error);
    context_tell(context, sched->diag, error);
    if (sched->fleet != NULL)
        return sched;
    dcc_sched_free(sched);
    return NULL;
}

/* ---- what is asked ---- */

int dcc_sched_set(dcc_sched *sched, int option, int64_t value)
{
    static const struct {
        int64_t least, most;
    } range[] = {
        [DCC_SCHED_OBJECTIVE] = {DCC_RUNTIME, DCC_EDP}, [DCC_SCHED_PRIORITY] = {0, PLAN_PRIORITIES},
        [DCC_SCHED_IMAGES] = {1, IMAGES_MOST},          [DCC_SCHED_MOVES] = {1, INT64_MAX},
        [DCC_SCHED_SEED] = {INT64_MIN, INT64_MAX},      [DCC_SCHED_MAP_MOVES] = {1, INT64_MAX},
        [DCC_SCHED_THREADS] = {1, THREADS_MOST}};
    static const ChooseObjective objectives[] = {
        [DCC_RUNTIME] = CHOOSE_LATENCY, [DCC_ENERGY] = CHOOSE_ENERGY, [DCC_EDP] = CHOOSE_EDP};
    if (option < 0 || option > DCC_SCHED_THREADS || value < range[option].least ||
        value > range[option].most)
        return DCC_BAD_ARGUMENT;
    if (option == DCC_SCHED_OBJECTIVE)
        sched->options.objective = objectives[value];
    else if (option == DCC_SCHED_PRIORITY)
        sched->options.priority = (PlanPriority) value;
    else if (option == DCC_SCHED_IMAGES)
        sched->made.images = (int) value;
    else if (option == DCC_SCHED_MOVES)
        sched->options.moves = value;
    else if (option == DCC_SCHED_SEED)
        sched->options.seed = (uint64_t) value;
    else if (option == DCC_SCHED_MAP_MOVES)
        sched->made.moves = value;
    else
        sched->options.threads = (int) value;
    return DCC_OK;
}

int dcc_sched_limit(dcc_sched *sched, double seconds, double gap)
{
    if (!(seconds >= 0 && seconds < 1e9) || !(gap >= 0 && isfinite(gap)))
        return DCC_BAD_ARGUMENT;
    sched->options.seconds = seconds;
    sched->options.gap = gap;
    return DCC_OK;
}

/* ---- the run ---- */

static Show show_of(const dcc_sched *sched)
{
    return (Show){sched->problem, &sched->chosen, sched->objective};
}

static void keep_names(dcc_sched *sched)
{
    Show show = show_of(sched);
    const GArray *transfers = sched->chosen.timeline.transfers;
    sched->names = g_ptr_array_new_with_free_func(g_free);
    for (int l = 0; l < sched->fleet->n_layers; l++) {
        GString *split = g_string_new(NULL);
        show_split(&show, l, split);
        g_ptr_array_add(sched->names, g_string_free(split, FALSE));
    }
    for (guint i = 0; i < transfers->len; i++) {
        GString *piece = g_string_new(NULL);
        show_piece(&show, g_array_index(transfers, PlanTransfer, i).piece, piece);
        g_ptr_array_add(sched->names, g_string_free(piece, FALSE));
    }
}

/* Messages of this run alone: the texts that they point into are the handle's. */
static int run_here(dcc_sched *sched, Diag *diag)
{
    sched->objective = sched->options.objective;
    sched->made.maps_energy = sched->objective == CHOOSE_ENERGY;
    sched->problem = problem_new(sched->fleet, &sched->made, diag);
    if (sched->problem == NULL)
        return DCC_NOT_FOUND;
    bool energy = sched->objective != CHOOSE_LATENCY;
    if (energy && !sched->problem->energy) {
        g_clear_pointer(&sched->problem, problem_free);
        return DCC_NO_ENERGY;
    }
    sched->found = choose_run(sched->problem, &sched->options, &sched->chosen);
    if (sched->found)
        keep_names(sched);
    else
        choose_report(sched->problem, &sched->chosen, diag);
    return sched->found ? DCC_OK : DCC_NOT_FOUND;
}

int dcc_sched_run(dcc_context *context, dcc_sched *sched)
{
    forget(sched);
    Diag *diag = diag_like(sched->diag, sched->sources, sched->arena);
    int status = run_here(sched, diag);
    context_tell(context, diag, NULL);
    diag_free(diag);
    return status;
}

/* ---- what was found ---- */

int dcc_sched_get(const dcc_sched *sched, dcc_schedule *schedule)
{
    if (!sched->found)
        return DCC_NOT_FOUND;
    const Chosen *chosen = &sched->chosen;
    const Timeline *line = &chosen->timeline;
    Show show = show_of(sched);
    *schedule = (dcc_schedule){.cycles = line->cycles,
                               .schedules = chosen->schedules,
                               .cycles_per_image = show_interval(&show),
                               .cores_pj = line->core_pj,
                               .links_pj = line->link_pj,
                               .offchip_pj = line->offchip_pj,
                               .total_pj = timeline_pj(line),
                               .value = chosen->value,
                               .bound = chosen->bound,
                               .gap = chosen->gap,
                               .energy_known = sched->problem->energy,
                               .optimal = chosen->optimal,
                               .priority = (int) chosen->priority,
                               .layers = sched->fleet->n_layers,
                               .cores = sched->problem->system.n_cores,
                               .links = sched->problem->system.n_links,
                               .nodes = chosen->plan.graph->plan.n_nodes,
                               .transfers = (int) line->transfers->len};
    return DCC_OK;
}

/* DCC_OK if there is a number i below n of a schedule. */
static int check(const dcc_sched *sched, int i, int n)
{
    return !sched->found ? DCC_NOT_FOUND : i < 0 || i >= n ? DCC_BAD_ARGUMENT : DCC_OK;
}

int dcc_sched_get_layer(const dcc_sched *sched, int i, dcc_sched_layer *layer)
{
    int status = check(sched, i, sched->fleet->n_layers);
    if (status != DCC_OK)
        return status;
    Show show = show_of(sched);
    const Graph *graph = sched->chosen.plan.graph;
    *layer = (dcc_sched_layer){.name = sched->fleet->layer[i].layer.name,
                               .split = sched->names->pdata[i],
                               .cores = problem_cores(show_split_of(&show, i)),
                               .first = graph->first[i],
                               .nodes = graph->count[i]};
    return DCC_OK;
}

int dcc_sched_layer_core(const dcc_sched *sched, int layer, int i)
{
    dcc_sched_layer of;
    if (dcc_sched_get_layer(sched, layer, &of) != DCC_OK || i < 0 || i >= of.cores)
        return -1;
    Show show = show_of(sched);
    return show_core_number(&show, layer, i);
}

int dcc_sched_get_core(const dcc_sched *sched, int i, dcc_sched_part *core)
{
    int status = check(sched, i, (int) sched->fleet->system.cores->len);
    if (status != DCC_OK)
        return status;
    Show show = show_of(sched);
    *core = (dcc_sched_part){.name = show_place(&show, i),
                             .busy_cycles = sched->chosen.timeline.busy[i],
                             .peak_bytes = show_peak(&show, i)};
    return DCC_OK;
}

int dcc_sched_get_link(const dcc_sched *sched, int i, dcc_sched_part *link)
{
    int status = check(sched, i, (int) sched->fleet->system.links->len + 1);
    if (status != DCC_OK)
        return status;
    Show show = show_of(sched);
    *link = (dcc_sched_part){.name = show_link(&show, i),
                             .busy_cycles = sched->chosen.timeline.used[i]};
    return DCC_OK;
}

int dcc_sched_get_node(const dcc_sched *sched, int i, dcc_sched_node *node)
{
    int status = check(sched, i, sched->found ? sched->chosen.plan.graph->plan.n_nodes : 0);
    if (status != DCC_OK)
        return status;
    const GraphNode *of = &sched->chosen.plan.graph->node[i];
    *node = (dcc_sched_node){.layer = of->layer,
                             .image = of->image,
                             .number = of->number,
                             .core = sched->chosen.plan.core[i],
                             .start = sched->chosen.timeline.start[i],
                             .end = sched->chosen.timeline.end[i]};
    return DCC_OK;
}

int dcc_sched_get_transfer(const dcc_sched *sched, int i, dcc_sched_transfer *transfer)
{
    int status = check(sched, i, sched->found ? (int) sched->chosen.timeline.transfers->len : 0);
    if (status != DCC_OK)
        return status;
    const PlanTransfer *of =
        &g_array_index(sched->chosen.timeline.transfers, PlanTransfer, (guint) i);
    *transfer = (dcc_sched_transfer){.tensor = sched->names->pdata[sched->fleet->n_layers + i],
                                     .from = of->from,
                                     .to = of->to,
                                     .shared = of->with >= 0,
                                     .bytes = of->bits / 8 + (of->bits % 8 > 0),
                                     .start = of->start,
                                     .end = of->end};
    return DCC_OK;
}

const char *dcc_sched_text(dcc_sched *sched, int form)
{
    static void (*const write[])(const Show *, Output *) = {[DCC_SCHED_JSON] = show_json,
                                                            [DCC_SCHED_CHOICE] = show_choice,
                                                            [DCC_SCHED_TRACE] = show_trace,
                                                            [DCC_SCHED_HTML] = show_html};
    if (!sched->found || form < 0 || form > DCC_SCHED_HTML)
        return NULL;
    Show show = show_of(sched);
    Output *out = output_memory();
    write[form](&show, out);
    if (sched->text != NULL)
        g_string_free(sched->text, TRUE);
    sched->text = output_take(out);
    return sched->text->str;
}
