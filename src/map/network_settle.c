/* One problem: a search, with its part of what is left of the time, among the dataflows that are
 * known. */
#include <math.h>

#include "map/network_parts.h"

/* ---- a search and its end ---- */

/* What the threads of a search ask. */
typedef struct {
    const Network *network;
    const Problem *problem;
    gint64 began, deadline; /* 0: none */
    gint64 told;            /* when progress was told of last */
    int64_t moves;          /* that it has; 0: without end */
    int end;                /* SearchEnd, once it is to end */
} Watch;

static void tell(Watch *watch, const SearchProgress *progress, gint64 now)
{
    const NetworkOptions *options = watch->network->options;
    const gint64 each = G_TIME_SPAN_SECOND / 10;
    if (options->progress == NULL)
        return;
    if (now - watch->told >= each) {
        double seconds = (double) (now - watch->network->began) * 1e-6;
        NetworkState state = {
            .layer = watch->problem->layer.name,
            .search = watch->network->searches,
            .searches = watch->network->problems->len,
            .best = isfinite(progress->best) ? progress->best : NAN,
            .gap = progress->bound > 0 ? network_gap(progress->best, progress->bound) : NAN,
            .rate = (double) progress->bounds / fmax(1e-6, (double) (now - watch->began) * 1e-6),
            .seconds = seconds,
            .left = options->seconds > 0 ? fmax(0, options->seconds - seconds) : NAN};
        watch->told = now;
        options->progress(&state, options->data);
    }
}

static bool is_over(const SearchProgress *progress, void *data)
{
    Watch *watch = data;
    gint64 now = g_get_monotonic_time();
    SearchEnd end = *watch->network->options->stop                         ? END_STOP
                    : watch->deadline > 0 && now >= watch->deadline        ? END_TIME
                    : watch->moves > 0 && progress->bounds >= watch->moves ? END_MOVES
                                                                           : END_ITSELF;
    tell(watch, progress, now);
    if (end != END_ITSELF)
        __atomic_store_n(&watch->end, (int) end, __ATOMIC_RELAXED);
    return end != END_ITSELF;
}

/* Of what is evaluated and fits. */
static bool network_admits(const Network *n, const ReportEntry *entry)
{
    const GArray *demands = n->options->requirements;
    bool admitted = network_known(entry, n->objective);
    for (guint i = 0; demands != NULL && i < demands->len && admitted; i++)
        admitted = requirement_met(&g_array_index(demands, Requirement, i), entry);
    return admitted;
}

static bool admit(const ReportEntry *entry, void *data)
{
    const Watch *watch = data;
    bool admitted = network_admits(watch->network, entry);
    if (!admitted && watch->problem->fitting != NULL)
        fitting_note(watch->problem->fitting, entry);
    return admitted;
}

static double measure(const ReportEntry *entry, void *data)
{
    const Watch *watch = data;
    return measure_read(watch->network->options->measure, entry);
}

/* Of a front the mapping of the least product, else the best. */
static const SearchFound *chosen(const Network *n, const GArray *found)
{
    guint best = 0;
    for (guint i = 1; i < found->len && n->options->front; i++) {
        const SearchFound *a = &g_array_index(found, SearchFound, i);
        const SearchFound *b = &g_array_index(found, SearchFound, best);
        if (a->pj * a->cycles < b->pj * b->cycles)
            best = i;
    }
    return found->len > 0 ? &g_array_index(found, SearchFound, best) : NULL;
}

/* An equal part, of what is left, for each search that is left. */
static void begin_watch(Network *n, const Problem *problem, Watch *watch)
{
    const NetworkOptions *options = n->options;
    gint64 now = g_get_monotonic_time();
    gint64 end = n->began + (gint64) (options->seconds * 1e6);
    int64_t left = n->problems->len - n->searches;
    n->searches++;
    *watch = (Watch){.network = n, .problem = problem, .began = now, .end = END_ITSELF};
    if (options->seconds > 0)
        watch->deadline = now + MAX(0, end - now) / left;
    if (options->moves > 0)
        watch->moves = MAX(1, (options->moves - n->moves) / left);
}

/* ---- the answer for a problem ---- */

/* What is written is fixed: there the shipped ones are no answers. */
static bool may_answer(const Problem *problem, const Tried *tried)
{
    bool shipped = tried->start.kind == START_SHIPPED;
    return tried->fits && !(shipped && (problem->written || !problem->open));
}

static void answer(Problem *problem, const Start *start, double value)
{
    problem->found = true;
    problem->value = value;
    problem->name = start->name;
    problem->by = network_title(start);
    problem->nest_machine = start->machine;
    nest_copy(&problem->nest, &start->nest);
}

/* The dataflow that is given, unless it is all that there is; else the best shipped one that fits.
 */
static int choose_reference(const Problem *problem)
{
    int best = -1;
    for (guint i = 0; i < problem->tried->len; i++) {
        const Tried *tried = tried_at(problem, i);
        if (tried->start.kind == START_GIVEN && problem->open && !isnan(tried->value))
            return (int) i;
        if (tried->start.kind == START_SHIPPED && tried->fits &&
            (best < 0 || tried->value < tried_at(problem, (guint) best)->value))
            best = (int) i;
    }
    return best;
}

/* Those that the search can begin from: they have its form of the machine. */
static GPtrArray *begin_with(const Problem *problem)
{
    GPtrArray *given = g_ptr_array_new();
    for (guint i = 0; i < problem->tried->len; i++) {
        const Tried *tried = tried_at(problem, i);
        if (may_answer(problem, tried) &&
            tried->start.machine.n_memories == problem->machine.n_memories)
            g_ptr_array_add(given, (gpointer) &tried->start.nest);
    }
    return given;
}

static const Start *start_of(const Problem *problem, const Nest *nest)
{
    guint i = 0;
    while (&tried_at(problem, i)->start.nest != nest)
        i++;
    return &tried_at(problem, i)->start;
}

static double value_of(const Network *n, const Problem *problem, const SearchFound *found)
{
    return n->options->front ? cost_edp(found->pj, found->cycles / problem->machine.clock_hz)
                             : found->value;
}

static void take_result(const Network *n, Problem *problem, const GPtrArray *given)
{
    SearchResult *result = &problem->search;
    const SearchFound *best = chosen(n, result->found);
    if (best != NULL && best->given >= 0) {
        answer(problem, start_of(problem, given->pdata[best->given]), value_of(n, problem, best));
    } else if (best != NULL) {
        problem->found = true;
        problem->value = value_of(n, problem, best);
        problem->name = problem->by = "found";
        problem->nest_machine = problem->machine;
        nest_copy(&problem->nest, &best->nest);
        nest_as_text(&problem->layer, &problem->nest, &problem->machine);
    }
    problem->bound = result->bound > 0 && !n->options->front ? result->bound : NAN;
}

/* Starts of another form of the machine, and all of them where nothing was searched. */
static void take_starts(Problem *problem)
{
    for (guint i = 0; i < problem->tried->len; i++) {
        const Tried *tried = tried_at(problem, i);
        if (may_answer(problem, tried) && (!problem->found || tried->value < problem->value))
            answer(problem, &tried->start, tried->value);
    }
    if (problem->found && problem->end != END_NONE && !isnan(problem->bound))
        problem->bound = fmin(problem->bound, problem->value);
}

SearchRequest network_request(const Network *n, const Problem *problem, const GPtrArray *given)
{
    return (SearchRequest){.layer = &problem->layer,
                           .machine = &problem->machine,
                           .technology = n->technology,
                           .open = (const Template *const *) problem->templates->pdata,
                           .n_open = (int) problem->templates->len,
                           .given = (const Nest *const *) given->pdata,
                           .n_given = (int) given->len,
                           .objective = n->objective,
                           .sizes = n->options->sizes,
                           .threads = n->options->threads,
                           .gap = n->options->gap};
}

/* That is watched. */
static SearchRequest watched(const Network *n, const Problem *problem, const GPtrArray *given,
                             Watch *watch)
{
    SearchRequest request = network_request(n, problem, given);
    request.admit = admit;
    request.admits_known = n->options->requirements == NULL || n->options->requirements->len == 0;
    request.stop = is_over;
    request.measure = n->options->measure != NULL ? measure : NULL;
    request.front = n->options->front;
    request.top = n->options->top;
    request.data = watch;
    return request;
}

static guint number_of(const Network *n, const Problem *problem)
{
    guint number = 0;
    while (problem_at(n, number) != problem)
        number++;
    return number;
}

static void search(Network *n, Problem *problem)
{
    g_autoptr(GPtrArray) given = begin_with(problem);
    SearchResult before = problem->search; /* of an earlier run; nothing else */
    Watch watch;
    SearchRequest request = watched(n, problem, given, &watch);
    if (!request.admits_known)
        problem->fitting = fitting_new(n);
    begin_watch(n, problem, &watch);
    request.known = before.found;
    request.ranks = n->options->ranks;
    request.number = number_of(n, problem);
    search_run(&request, &problem->search);
    search_clear(&before);
    problem->end = problem->search.complete ? END_ITSELF : (SearchEnd) watch.end;
    n->moves += problem->search.bounds;
    take_result(n, problem, given);
}

/* What an earlier run has searched to the end. */
static void go_on(Network *n, Problem *problem)
{
    g_autoptr(GPtrArray) given = begin_with(problem);
    n->searches++;
    problem->end = END_ITSELF;
    take_result(n, problem, given);
}

/* ---- what is known ---- */

static void try(Network *n, const Layer *layer, Tried *tried)
{
    Finding finding[FINDINGS_MAX];
    ReportEntry *entry = &n->reference;
    network_evaluate(n, layer, &tried->start.nest, tried->start.name, &tried->start.machine, entry);
    bool well = entry->status == ENTRY_EVALUATED;
    tried->value = well ? network_value(n, entry) : NAN;
    tried->fits = well && entry_findings(entry, finding) == 0 && network_admits(n, entry) &&
                  !isnan(tried->value);
}

/* ---- for other ranks ---- */

bool network_search_apart(Network *n, Problem *problem, SearchResult *result)
{
    Watch watch = {.network = n, .problem = problem, .end = END_ITSELF};
    for (guint i = 0; i < problem->tried->len; i++)
        try(n, &problem->layer, tried_at(problem, i));
    g_autoptr(GPtrArray) given = begin_with(problem);
    SearchRequest request = watched(n, problem, given, &watch);
    search_run(&request, result);
    return result->complete;
}

void network_search_help(const Network *n, const Problem *problem, Helper *helper, Unpack *about)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    Watch watch = {.network = n, .problem = problem, .end = END_ITSELF};
    SearchRequest request = watched(n, problem, none, &watch);
    search_help(&request, helper, about);
}

/* ---- all of it ---- */

void network_settle(Network *n, Problem *problem)
{
    network_ahead(n);
    gint64 began = g_get_monotonic_time();
    bool begun = problem->open && !*n->options->stop;
    if (problem->done)
        return;
    problem->done = true;
    problem->bound = problem->value = NAN;
    problem->end = END_NONE;
    for (guint i = 0; i < problem->tried->len; i++)
        try(n, &problem->layer, tried_at(problem, i));
    if (problem->resumed && problem->search.complete && problem->open)
        go_on(n, problem);
    else if (begun)
        search(n, problem);
    take_starts(problem);
    problem->reference = choose_reference(problem);
    problem->optimal =
        problem->found && problem->end == END_ITSELF && problem->search.skeletons > 0 &&
        (n->options->front ? n->options->gap == 0 : problem->bound >= problem->value);
    if (!problem->found)
        problem->why = network_why(n, problem);
    problem->seconds = problem->before + (double) (g_get_monotonic_time() - began) * 1e-6;
}
