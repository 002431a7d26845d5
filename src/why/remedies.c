#include "why/remedies.h"

#include <math.h>
#include <string.h>

#include "map/open.h"
#include "map/search.h"
#include "map/starts.h"
#include "run/autoplace.h"

const char *const remedy_names[REMEDIES] = {
    [REMEDY_BANDWIDTH] = "bandwidth", [REMEDY_PORT] = "port",         [REMEDY_OFFCHIP] = "offchip",
    [REMEDY_LATENCY] = "latency",     [REMEDY_CAPACITY] = "capacity", [REMEDY_UNITS] = "units",
    [REMEDY_PREFETCH] = "prefetch",   [REMEDY_DATAFLOW] = "dataflow", [REMEDY_MAPPED] = "mapping"};

struct Adviser {
    const Program *program;
    const ProgramRequest *request;
    AdviserSearch search;
    Starts *starts; /* read when they are first wanted */
    Workspace *ws;
};

/* A layer that is looked at. */
typedef struct {
    Adviser *adviser;
    guint layer;
    const ReportEntry *entry;
    const Technology *technology;
    bool fits; /* as it is */
    Machine machine;
    Nest text; /* of a dataflow that leaves places open: as it is written, to be placed anew */
    Nest nest;
    ReportEntry tried;
    GArray *remedies;
} Patient;

static void remedy_clear(gpointer data)
{
    Remedy *remedy = data;
    g_free(remedy->what);
    g_free(remedy->own);
    g_free(remedy->dataflow);
}

/* ---- trying --------------------------------------------------------------------------------- */

static bool has_room(const ReportEntry *entry)
{
    Finding finding[FINDINGS_MAX];
    return entry_findings(entry, finding) == 0;
}

/* Evaluates the nest on the machine; false if that cannot be. */
static bool try_on(Patient *p, const Nest *nest, Machine *machine)
{
    nest_copy(&p->nest, nest);
    if (machine->n_memories > 0 && !autoplace(p->entry->layer, &p->nest, machine, p->adviser->ws))
        return false;
    entry_start(&p->tried, "", p->entry->layer, &p->nest, machine);
    entry_run(&p->tried, p->adviser->ws);
    if (p->tried.status != ENTRY_EVALUATED)
        return false;
    entry_cost(&p->tried, p->technology);
    return true;
}

static double energy_of(const ReportEntry *entry)
{
    return entry->costed && entry->cost.unknown == 0 ? entry->cost.total_pj : NAN;
}

/* Notes what was tried last. */
static Remedy *take(Patient *p, RemedyKind kind, const char *what, double from, double to,
                    const char *unit)
{
    Remedy remedy = {.kind = kind,
                     .what = g_strdup(what),
                     .from = from,
                     .to = to,
                     .unit = unit,
                     .fits = has_room(&p->tried) || !p->fits,
                     .cycles = p->tried.result.cycles,
                     .pj = energy_of(&p->tried)};
    remedy.edp = isnan(remedy.pj) ? NAN : p->tried.cost.edp;
    g_array_append_val(p->remedies, remedy);
    return &g_array_index(p->remedies, Remedy, p->remedies->len - 1);
}

/* The machine with one change. */
static void try_change(Patient *p, RemedyKind kind, const char *what, double from, double to,
                       const char *unit)
{
    if (try_on(p, p->text.n_autos > 0 ? &p->text : p->entry->nest, &p->machine))
        take(p, kind, what, from, to, unit);
    p->machine = *p->entry->machine;
}

/* ---- links ------------------------------------------------------------------------------------
 */

static void widen(Rational *rate)
{
    if (rate->num > 0 && rate->num < INT64_MAX / 2)
        rate->num *= 2;
}

static void widen_link(Noc *noc)
{
    for (int t = 0; t < TENSORS_MAX; t++)
        widen(&noc->bandwidth[t]);
}

/* Elements or bits a cycle of the whole link, or NAN where each tensor has a channel. */
static double rate_of(const Noc *noc)
{
    return noc->per_tensor ? NAN : (double) noc->bandwidth[0].num / (double) noc->bandwidth[0].den;
}

static bool is_limited(const Noc *noc)
{
    bool limited = false;
    for (int t = 0; t < (noc->per_tensor ? TENSORS_MAX : 1); t++)
        limited |= noc->bandwidth[t].num > 0;
    return limited;
}

/* `nocs` are in p->machine; so many from one on, which are alike. */
static void change_link(Patient *p, Noc *nocs, int first, int n, const char *name)
{
    const Noc was = nocs[first];
    const char *unit = was.in_bits ? "bit/cycle" : "elements/cycle";
    if (is_limited(&was)) {
        for (int l = first; l < first + n; l++)
            widen_link(&nocs[l]);
        try_change(p, REMEDY_BANDWIDTH, name, rate_of(&was), 2 * rate_of(&was), unit);
    }
    if (was.latency > 1) {
        for (int l = first; l < first + n; l++)
            nocs[l].latency = was.latency / 2;
        try_change(p, REMEDY_LATENCY, name, (double) was.latency, (double) (was.latency / 2),
                   "cycles");
    }
    if (was.prefetch != PREFETCH_LAYER) {
        for (int l = first; l < first + n; l++)
            nocs[l].prefetch = PREFETCH_LAYER;
        try_change(p, REMEDY_PREFETCH, name, NAN, NAN, "");
    }
}

static void change_capacity(Patient *p, int64_t *bytes, const char *name)
{
    const int64_t was = *bytes;
    if (was <= 0 || was > INT64_MAX / 2)
        return;
    *bytes = 2 * was;
    try_change(p, REMEDY_CAPACITY, name, (double) was, 2 * (double) was, "bytes");
}

static const char *or_else(const char *name, const char *otherwise)
{
    return name != NULL ? name : otherwise;
}

static void change_links(Patient *p)
{
    Machine *machine = &p->machine;
    for (int l = 0; l < p->entry->nest->n_levels; l++) {
        g_autofree char *name = g_strdup_printf("NoC %d", l);
        change_link(p, machine->noc, l, 1, name);
        g_autofree char *buffer = g_strdup_printf("buffer %d", l);
        if (l > 0)
            change_capacity(p, &machine->buffer_bytes[l], buffer);
    }
}

/* A part of a machine that was taken from a hierarchy goes by its name there; all levels have the
 * one fan-out, and change with it. */
static void change_classic(Patient *p)
{
    Machine *machine = &p->machine;
    const MachineCalled *called = &p->entry->machine->called;
    if (called->noc != NULL)
        change_link(p, machine->noc, 0, LEVELS_MAX, called->noc);
    else
        change_links(p);
    change_capacity(p, &machine->l1_bytes, or_else(called->l1, "L1"));
    change_capacity(p, &machine->l2_bytes, or_else(called->l2, "L2"));
    const char *offchip = or_else(called->offchip, "off-chip");
    const bool elements = machine->offchip.elements;
    const double rate =
        elements ? rational_real(machine->offchip.rate) : machine_offchip_per_s(machine);
    widen(&machine->offchip.rate);
    if (rate > 0)
        try_change(p, REMEDY_OFFCHIP, offchip, rate, 2 * rate, elements ? "elements/cycle" : "B/s");
}

/* ---- memories ----------------------------------------------------------------------------------
 */

static bool has_port(const Port *port)
{
    return port->read.num > 0 || port->write.num > 0 || port->both.num > 0;
}

/* Of all rates of a port, which are widened together; NAN if they differ. */
static double port_rate(const Port *port)
{
    const Rational rates[] = {port->read, port->write, port->both};
    double rate = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        if (rates[i].num <= 0)
            continue;
        double one = (double) rates[i].num / (double) rates[i].den;
        rate = rate == 0 || rate == one ? one : NAN;
    }
    return rate;
}

static void change_memory(Patient *p, int m)
{
    Memory *memory = &p->machine.memory[m];
    const Memory was = *memory;
    if (has_port(&was.port)) {
        widen(&memory->port.read);
        widen(&memory->port.write);
        widen(&memory->port.both);
        double from = port_rate(&was.port);
        try_change(p, REMEDY_PORT, was.name, from, 2 * from,
                   was.port.in_bits ? "bit/cycle" : "elements/cycle");
    }
    if (was.latency > 1) {
        memory->latency = was.latency / 2;
        try_change(p, REMEDY_LATENCY, was.name, (double) was.latency, (double) (was.latency / 2),
                   "cycles");
    }
    if (was.prefetch != PREFETCH_LAYER) {
        memory->prefetch = PREFETCH_LAYER;
        try_change(p, REMEDY_PREFETCH, was.name, NAN, NAN, "");
    }
    if (!was.root && !was.partitioned)
        change_capacity(p, &memory->capacity_bytes, was.name);
}

/* Whether the nest has the fan-out. */
static bool uses_fanout(const Nest *nest, int f)
{
    for (int l = 0; l < nest->n_levels; l++)
        if (nest->level[l].fanout == f + 1)
            return true;
    return false;
}

static void change_hierarchy(Patient *p)
{
    for (int m = 0; m < p->machine.n_memories; m++)
        change_memory(p, m);
    for (int f = 0; f < p->machine.n_fanouts; f++)
        if (uses_fanout(p->entry->nest, f))
            change_link(p, &p->machine.fanout[f].noc, 0, 1, p->machine.fanout[f].name);
}

/* ---- more units --------------------------------------------------------------------------------
 */

/* The layer on a machine with a key of another value, lowered anew. */
static void try_units(Patient *p, const char *key, const char *what, int64_t units)
{
    const Program *program = p->adviser->program;
    g_autofree char *set = g_strdup_printf("%s=%" G_GINT64_FORMAT, key, 2 * units);
    const char *sets[] = {set, NULL};
    Arena *arena = arena_new();
    Sources *sources = sources_copy(diag_sources(program->trees->diag), arena);
    Diag *diag = diag_new(sources, arena);
    diag_quiet(diag, true);
    Program *other = program_override(program, NULL, sets, diag, NULL);
    Job *job = g_new0(Job, 1);
    if (other != NULL && job_lower(other, p->layer, 0, job) && job->legal &&
        layer_alike(&job->layer, p->entry->layer) && try_on(p, &job->nest, &job->machine))
        take(p, REMEDY_UNITS, what, (double) units, 2 * (double) units, "");
    g_free(job);
    program_free(other);
    diag_free(diag);
    sources_free(sources);
    arena_free(arena);
}

static void change_units(Patient *p)
{
    const Machine *machine = p->entry->machine;
    if (p->adviser->program == NULL)
        return;
    if (machine->n_memories == 0)
        try_units(p, or_else(machine->called.noc, "pes"), or_else(machine->called.noc, "PEs"),
                  machine->pes);
    for (int f = 0; f < machine->n_fanouts && machine->n_memories > 0; f++)
        if (uses_fanout(p->entry->nest, f))
            try_units(p, machine->fanout[f].name, machine->fanout[f].name, machine->fanout[f].size);
}

/* ---- other dataflows ---------------------------------------------------------------------------
 */

static double merit_of(const ReportEntry *entry)
{
    double pj = energy_of(entry);
    return isnan(pj) ? (double) entry->result.cycles : entry->cost.edp;
}

/* The best of those that fit. */
static void try_shipped(Patient *p, const GArray *starts)
{
    const Start *best = NULL;
    double least = INFINITY;
    Machine machine;
    for (guint i = 0; i < starts->len; i++) {
        const Start *start = &g_array_index(starts, Start, i);
        machine = start->machine;
        if (nest_equal(&start->nest, p->entry->nest) || !try_on(p, &start->nest, &machine) ||
            !has_room(&p->tried))
            continue;
        double merit = merit_of(&p->tried);
        if (merit < least) {
            least = merit;
            best = start;
        }
    }
    if (best == NULL)
        return;
    machine = best->machine;
    g_autofree char *what = g_strdup_printf("%s", best->file[0] ? best->file : best->name);
    if (try_on(p, &best->nest, &machine))
        take(p, REMEDY_DATAFLOW, what, NAN, NAN, "")->own = g_strdup(best->own);
}

typedef struct {
    gint64 deadline; /* 0: none */
    int64_t moves;   /* 0: without end */
} Watch;

/* An evaluation takes as long as some bounds. */
static bool is_over(const SearchProgress *progress, void *data)
{
    enum { BOUNDS = 4 };
    const Watch *watch = data;
    return (watch->deadline > 0 && g_get_monotonic_time() >= watch->deadline) ||
           (watch->moves > 0 && progress->bounds + BOUNDS * progress->evaluated >= watch->moves);
}

/* Mappings that a search may begin from: of a machine of the same form. */
static GPtrArray *given_of(const Patient *p, const GArray *starts)
{
    GPtrArray *given = g_ptr_array_new();
    g_ptr_array_add(given, (gpointer) p->entry->nest);
    for (guint i = 0; i < starts->len; i++) {
        const Start *start = &g_array_index(starts, Start, i);
        if (start->machine.n_memories == p->entry->machine->n_memories)
            g_ptr_array_add(given, (gpointer) &start->nest);
    }
    return given;
}

static void try_search(Patient *p, const GArray *starts)
{
    const AdviserSearch *limits = &p->adviser->search;
    Watch watch = {.moves = limits->moves};
    if (limits->seconds > 0)
        watch.deadline = g_get_monotonic_time() + (gint64) (limits->seconds * G_TIME_SPAN_SECOND);
    g_autoptr(GPtrArray) given = given_of(p, starts);
    g_autofree Template *open = g_new0(Template, 1);
    const Template *templates[] = {open};
    const Machine *machine = p->entry->machine;
    SearchResult result;
    open_template(p->entry->layer, machine, 2, 1, open);
    const SearchRequest request = {
        .layer = p->entry->layer,
        .machine = machine,
        .technology = isnan(energy_of(p->entry)) ? NULL : p->technology,
        .open = templates,
        .n_open = 1,
        .given = (const Nest *const *) given->pdata,
        .n_given = (int) given->len,
        .objective = isnan(energy_of(p->entry)) ? OBJECTIVE_RUNTIME : OBJECTIVE_EDP,
        .sizes = SIZES_CANONICAL,
        .threads = 1, /* of several, who is first would decide what is found in the end */
        .stop = is_over,
        .data = &watch};
    search_run(&request, &result);
    Machine placed = *machine;
    const Nest *found =
        result.found->len > 0 ? &g_array_index(result.found, SearchFound, 0).nest : NULL;
    if (found != NULL && !nest_equal(found, p->entry->nest) && try_on(p, found, &placed)) {
        Remedy *remedy = take(p, REMEDY_MAPPED, "found", NAN, NAN, "");
        GString *text =
            nest_print(p->entry->layer, found, placed.n_memories > 0 ? &placed : NULL, "found");
        remedy->dataflow = g_string_free(text, FALSE);
    }
    search_clear(&result);
}

static void change_dataflow(Patient *p)
{
    Adviser *adviser = p->adviser;
    g_autoptr(GArray) starts = g_array_new(FALSE, TRUE, sizeof(Start));
    if (adviser->starts == NULL &&
        adviser->program != NULL) /* of shipped ones alone nothing is refused */
        adviser->starts = starts_new(adviser->program, adviser->request, NULL, NULL, NULL);
    if (adviser->starts != NULL) {
        starts_add(adviser->starts, p->layer, NULL, p->entry->layer, starts);
        try_shipped(p, starts);
    }
    if (adviser->search.seconds > 0 || adviser->search.moves > 0)
        try_search(p, starts);
}

/* ---- all of them --------------------------------------------------------------------------------
 */

static int compare_remedies(gconstpointer a, gconstpointer b)
{
    const Remedy *x = a, *y = b;
    double less = x->pj - y->pj;
    return x->cycles != y->cycles      ? (x->cycles < y->cycles ? -1 : 1)
           : !isnan(less) && less != 0 ? (less < 0 ? -1 : 1)
           : x->kind != y->kind        ? (int) x->kind - (int) y->kind
                                       : strcmp(x->what, y->what);
}

Adviser *adviser_new(const Program *program, const ProgramRequest *request, AdviserSearch search)
{
    Adviser *adviser = g_new0(Adviser, 1);
    *adviser = (Adviser){program, request, search, NULL, workspace_new()};
    return adviser;
}

void adviser_free(Adviser *adviser)
{
    if (adviser == NULL)
        return;
    starts_free(adviser->starts);
    workspace_free(adviser->ws);
    g_free(adviser);
}

GArray *adviser_remedies(Adviser *adviser, guint layer, const ReportEntry *entry,
                         const Technology *technology)
{
    g_autofree Patient *p = g_new0(Patient, 1);
    *p = (Patient){.adviser = adviser,
                   .layer = layer,
                   .entry = entry,
                   .technology = technology,
                   .fits = has_room(entry),
                   .machine = *entry->machine,
                   .remedies = g_array_new(FALSE, TRUE, sizeof(Remedy))};
    g_array_set_clear_func(p->remedies, remedy_clear);
    if (adviser->program != NULL && !job_unplaced(adviser->program, layer, 0, &p->text))
        p->text.n_autos = 0;
    if (entry->machine->n_memories > 0)
        change_hierarchy(p);
    else
        change_classic(p);
    change_units(p);
    change_dataflow(p);
    g_array_sort(p->remedies, compare_remedies);
    return p->remedies;
}
