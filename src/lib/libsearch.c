/* The search for a dataflow.  An open job brings a template, which was made for the machine as it
 * was loaded; what the machine has become since is looked at before each run. */
#include "lib/lib.h"

#include <math.h>

#include "map/obstacle.h"
#include "map/open.h"
#include "map/search.h"
#include "map/sizes.h"

enum { THREADS_MOST = 256, SPATIAL_MOST = 3, PLACES_MOST = 3 };

static const gint64 WATCH_EACH = G_TIME_SPAN_SECOND / 100;

struct dcc_search {
    Objective objective;
    Sizes sizes;
    int spatial, places, threads, top;
    double seconds, gap;
    dcc_watch watch; /* or NULL */
    void *data;      /* its own */
    dcc_job *job;    /* a copy of what was searched for; NULL: nothing was */
    SearchResult result;
};

dcc_search *dcc_search_new(void)
{
    dcc_search *search = g_new0(dcc_search, 1);
    search->objective = OBJECTIVE_EDP;
    search->sizes = SIZES_CANONICAL;
    search->spatial = 2;
    search->places = search->threads = search->top = 1;
    return search;
}

static void forget(dcc_search *search)
{
    search_clear(&search->result);
    dcc_job_free(search->job);
    search->job = NULL;
}

void dcc_search_free(dcc_search *search)
{
    if (search == NULL)
        return;
    forget(search);
    g_free(search);
}

/* ---- what is asked ---- */

int dcc_search_set(dcc_search *search, int option, int64_t value)
{
    static const Objective objectives[] = {[DCC_RUNTIME] = OBJECTIVE_RUNTIME,
                                           [DCC_ENERGY] = OBJECTIVE_ENERGY,
                                           [DCC_EDP] = OBJECTIVE_EDP};
    static const Sizes sizes[] = {[DCC_DIVISORS] = SIZES_DIVISORS,
                                  [DCC_CANONICAL] = SIZES_CANONICAL,
                                  [DCC_EVERY_SIZE] = SIZES_ALL};
    static const struct {
        int least, most;
    } range[] = {[DCC_SEARCH_OBJECTIVE] = {DCC_RUNTIME, DCC_EDP},
                 [DCC_SEARCH_SIZES] = {DCC_DIVISORS, DCC_EVERY_SIZE},
                 [DCC_SEARCH_SPATIAL] = {1, SPATIAL_MOST},
                 [DCC_SEARCH_THREADS] = {1, THREADS_MOST},
                 [DCC_SEARCH_TOP] = {1, SEARCH_TOP_MAX},
                 [DCC_SEARCH_PLACES] = {1, PLACES_MOST}};
    if (option < 0 || option > DCC_SEARCH_PLACES || value < range[option].least ||
        value > range[option].most)
        return DCC_BAD_ARGUMENT;
    if (option == DCC_SEARCH_OBJECTIVE)
        search->objective = objectives[value];
    else if (option == DCC_SEARCH_SIZES)
        search->sizes = sizes[value];
    else if (option == DCC_SEARCH_SPATIAL)
        search->spatial = (int) value;
    else if (option == DCC_SEARCH_THREADS)
        search->threads = (int) value;
    else if (option == DCC_SEARCH_PLACES)
        search->places = (int) value;
    else
        search->top = (int) value;
    return DCC_OK;
}

int dcc_search_limit(dcc_search *search, double seconds, double gap)
{
    if (!(seconds >= 0 && seconds < 1e9) || !(gap >= 0 && isfinite(gap)))
        return DCC_BAD_ARGUMENT;
    search->seconds = seconds;
    search->gap = gap;
    return DCC_OK;
}

void dcc_search_watch(dcc_search *search, dcc_watch watch, void *data)
{
    search->watch = watch;
    search->data = data;
}

/* ---- whether it can be ---- */

static int64_t least_units(const TemplateLevel *level)
{
    return level->children.open ? hole_least(&level->children) : level->children.value;
}

/* Clusters that are written must find PEs, and parts of a fan-out units. */
static int check_units(const dcc_job *job)
{
    const Template *open = job->open;
    bool hierarchy = job_is_hierarchy(job);
    int64_t left[FANOUTS_MAX + 1];
    left[0] = job->machine->pes;
    for (int f = 0; f < job->machine->n_fanouts; f++)
        left[f + 1] = job->machine->fanout[f].size;
    for (int l = hierarchy ? 0 : 1; l < open->n_levels; l++) {
        const TemplateLevel *level = &open->level[l];
        if (hierarchy && level->fanout == 0)
            continue;
        left[level->fanout] /= MAX(1, least_units(level));
        if (left[level->fanout] == 0)
            return hierarchy ? DCC_TOO_MANY_UNITS : DCC_TOO_FEW_PES;
    }
    return DCC_OK;
}

static int check_memories(const dcc_job *job)
{
    for (int l = 0; l < job->open->n_levels; l++)
        for (int t = 0; t < job->layer.op.n_tensors; t++) {
            int m = job->open->level[l].memory[t];
            if (m > 0 && !(job->machine->memory[m - 1].holds >> t & 1))
                return DCC_CANNOT_HOLD;
        }
    return DCC_OK;
}

/* What is open on the job's machine; DCC_OK or what is wrong with it. */
static int make_template(const dcc_search *search, Template *open)
{
    const dcc_job *job = search->job;
    if (job->open == NULL) {
        open_template(&job->layer, job->machine, search->spatial, search->places, open);
        return DCC_OK;
    }
    int status = check_units(job);
    if (status == DCC_OK)
        status = check_memories(job);
    *open = *job->open;
    for (int l = 0; l < open->n_levels; l++)
        for (int m = 0; m < job->machine->n_memories; m++)
            open->level[l].open[m] &= job->machine->memory[m].holds;
    return status;
}

/* Faults of the dataflow that is there do not matter: another is looked for. */
static int check_job(const dcc_search *search)
{
    const dcc_job *job = search->job;
    if (job->rootless)
        return DCC_NO_ROOT;
    if (job->too_large)
        return DCC_OVERFLOW;
    if (sizes_too_long(&job->layer, search->sizes) >= 0)
        return DCC_BAD_ARGUMENT;
    bool energy = search->objective != OBJECTIVE_RUNTIME;
    return energy && cost_technology(job->technology, job->machine) == NULL ? DCC_NO_ENERGY
                                                                            : DCC_OK;
}

/* ---- the run ---- */

typedef struct {
    const dcc_search *search;
    gint64 began, asked;
    bool ended; /* the watch has said so; a search has parts, each of which asks */
    bool lacks; /* a dataflow was refused for want of a figure */
} Looking;

static bool admit(const ReportEntry *entry, void *data)
{
    char names[80];
    Looking *run = data;
    bool known = run->search->objective == OBJECTIVE_RUNTIME ||
                 (entry->costed && cost_energy_known(&entry->cost, names, sizeof names));
    if (!known)
        __atomic_store_n(&run->lacks, true, __ATOMIC_RELAXED);
    return known;
}

static bool is_over(const SearchProgress *at, void *data)
{
    Looking *run = data;
    const dcc_search *search = run->search;
    gint64 now = g_get_monotonic_time();
    double seconds = (double) (now - run->began) * 1e-6;
    if (search->seconds > 0 && seconds >= search->seconds)
        return true;
    if (search->watch == NULL || run->ended || now - run->asked < WATCH_EACH)
        return run->ended;
    const dcc_progress progress = {.best = isfinite(at->best) ? at->best : NAN,
                                   .bound = at->bound > 0 ? at->bound : NAN,
                                   .seconds = seconds,
                                   .bounds = at->bounds,
                                   .evaluated = at->evaluated};
    run->asked = now;
    run->ended = search->watch(&progress, search->data) != 0;
    return run->ended;
}

static void explain(dcc_context *context, const SearchRequest *request, const dcc_job *job)
{
    g_autoptr(GString) why = g_string_new(NULL);
    int64_t looked = obstacle_find(request, why);
    if (looked > 0 && why->len > 0)
        g_string_prepend(why, "with the smallest tiles ");
    else
        g_string_printf(why, "no dataflow was found that fits (layer %s)", job->layer.name);
    context_say(context, why->str);
}

static int search_for(dcc_context *context, dcc_search *search, const Template *open)
{
    const dcc_job *job = search->job;
    const Nest *given = job->nest;
    Looking run = {.search = search, .began = g_get_monotonic_time()};
    const SearchRequest request = {.layer = &job->layer,
                                   .machine = job->machine,
                                   .technology = cost_technology(job->technology, job->machine),
                                   .open = &open,
                                   .n_open = 1,
                                   .given = &given,
                                   .n_given = job->open == NULL && dcc_check(job) >= 0,
                                   .objective = search->objective,
                                   .sizes = search->sizes,
                                   .top = search->top,
                                   .threads = search->threads,
                                   .gap = search->gap,
                                   .admit = admit,
                                   .stop = is_over,
                                   .data = &run};
    search_run(&request, &search->result);
    if (search->result.found->len > 0)
        return DCC_OK;
    if (run.lacks)
        return DCC_NO_ENERGY;
    explain(context, &request, job);
    return DCC_NOT_FOUND;
}

int dcc_search_run(dcc_context *context, dcc_search *search, const dcc_job *job)
{
    g_autofree Template *open = g_new0(Template, 1);
    dcc_job *copy = dcc_job_copy(job); /* which may be one of those that were found */
    forget(search);
    search->job = copy;
    context_say(context, NULL);
    int status = check_job(search);
    if (status == DCC_OK)
        status = make_template(search, open);
    return status == DCC_OK ? search_for(context, search, open) : status;
}

/* ---- what was found ---- */

static const SearchFound *found_at(const dcc_search *search, int i)
{
    bool there = i >= 0 && i < dcc_search_found(search);
    return there ? &g_array_index(search->result.found, SearchFound, i) : NULL;
}

int dcc_search_found(const dcc_search *search)
{
    return search->result.found != NULL ? (int) search->result.found->len : 0;
}

dcc_job *dcc_search_job(const dcc_search *search, int i)
{
    const SearchFound *found = found_at(search, i);
    if (found == NULL)
        return NULL;
    dcc_job *job = dcc_job_copy(search->job);
    dcc_clear_nest(job);
    g_auto(Change) change = job_change(job);
    nest_copy(change.nest, &found->nest);
    nest_as_text(&job->layer, change.nest, change.machine);
    job->dataflow = found->given >= 0 ? search->job->dataflow : "found";
    job_ended(job);
    return job;
}

double dcc_search_value(const dcc_search *search, int i)
{
    const SearchFound *found = found_at(search, i);
    return found != NULL ? found->value : NAN;
}

double dcc_search_bound(const dcc_search *search)
{
    bool known = search->result.found != NULL && search->result.bound > 0;
    return known ? search->result.bound : NAN;
}

double dcc_search_gap(const dcc_search *search)
{
    double gap = dcc_search_value(search, 0) / dcc_search_bound(search) - 1;
    return isnan(gap) ? NAN : fmax(0, gap);
}

int dcc_search_complete(const dcc_search *search)
{
    return search->result.found != NULL && search->result.complete;
}
