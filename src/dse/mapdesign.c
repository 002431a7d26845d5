/* The program of the point is one of its own, so that whatever an axis changes, constants,
 * operators and machines, is changed as it is by a command line. */
#include "dse/mapdesign.h"

#include <math.h>
#include <string.h>

#include "dse/known.h"
#include "frontend/layertext.h"
#include "ir/hierarchy.h"
#include "ir/integer.h"
#include "map/obstacle.h"
#include "map/open.h"
#include "map/search.h"
#include "map/starts.h"

/* Values that differ by rounding are equal; as in a search. */
static const double ROUNDING = 1e-9;

enum { BOUND_LOOKS = 512, NAMES_BYTES = 400 };

/* Layers that one search is for. */
typedef struct {
    Layer layer;
    Machine machine;
    bool open;         /* there is something to search for */
    Template template; /* of what */
    GArray *given;     /* of Nest: what is tried first, all there is where nothing is open */
    Nest nest;         /* what was found */
    int64_t count;     /* runs of all of its layers */
    double bound;      /* of the objective, of one run: cycles, pJ or J s */
    bool found;
    double value;
    int64_t cycles, macs; /* of a run */
    double pj;
} Kind;

struct MapDesign {
    const Study *study;
    const StudyMap *map;
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
    GPtrArray *kinds; /* of Kind, owned */
    GArray *kind;     /* of guint, by layer */
    const Technology *technology;
    Workspace *ws;
    ReportEntry entry;
    Capacity capacity;
    unsigned lacks;
    double least[LACKS];
};

/* ---- the program ------------------------------------------------------------------- */

static Kind *kind_at(const MapDesign *d, guint k)
{
    return g_ptr_array_index(d->kinds, k);
}

static Program *program_at(const Study *study, int64_t point, Diag *diag)
{
    const Space *space = study->space;
    g_autoptr(GPtrArray) defines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) sets = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < space->axes->len; i++) {
        const SpaceAxis *axis = space->axes->pdata[i];
        if (axis->kind != AXIS_DATAFLOW)
            g_ptr_array_add(axis->kind == AXIS_CONSTANT ? defines : sets,
                            g_strdup_printf("%s=%s", axis->name, space_value(space, i, point)));
    }
    g_ptr_array_add(defines, NULL);
    g_ptr_array_add(sets, NULL);
    return program_override(study->program, (const char **) defines->pdata,
                            (const char **) sets->pdata, diag, NULL);
}

/* ---- starts ------------------------------------------------------------------------ */

static void free_starts(gpointer starts)
{
    g_array_free(starts, TRUE);
}

GPtrArray *mapdesign_starts(const Study *study)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(free_starts);
    Diag *diag = study->program->trees->diag;
    g_autoptr(Starts) starts =
        study->map->open ? starts_new(study->program, &study->request, NULL, NULL, NULL) : NULL;
    diag_quiet(diag, true);
    for (guint i = 0; starts != NULL && i < study->program->layers->len; i++) {
        GArray *some = g_array_new(FALSE, TRUE, sizeof(Start));
        Job job;
        if (job_open(study->program, i, &job))
            starts_add(starts, i, NULL, &job.layer, some);
        g_ptr_array_add(all, some);
    }
    diag_quiet(diag, false);
    return all;
}

/* Those that are legal on the machine, which may have other PEs than the one they were lowered for.
 */
static void add_starts(const GArray *starts, Kind *kind)
{
    for (guint i = 0; starts != NULL && i < starts->len; i++) {
        const Start *start = &g_array_index(starts, Start, i);
        Nest nest;
        nest_copy(&nest, &start->nest);
        if (start->machine.n_memories != kind->machine.n_memories)
            continue;
        if (kind->machine.n_memories == 0)
            nest.level[0].children = nest_children(&nest, kind->machine.pes);
        NestLaw law = nest_check(&kind->layer, &nest, &kind->machine).law;
        if (law == NEST_LEGAL || law == NEST_NO_SPATIAL)
            g_array_append_val(kind->given, nest);
    }
}

/* ---- layers ------------------------------------------------------------------------ */

static Kind *kind_new(void)
{
    Kind *kind = g_new0(Kind, 1);
    kind->given = g_array_new(FALSE, TRUE, sizeof(Nest));
    return kind;
}

static void kind_free(gpointer data)
{
    Kind *kind = data;
    g_array_free(kind->given, TRUE);
    g_free(kind);
}

static bool lower(const MapDesign *d, guint layer, guint choice, Kind *kind)
{
    Job job;
    if (d->map->open) {
        if (!job_open(d->program, layer, &job))
            return false;
        open_template(&job.layer, &job.machine, d->map->spatial, 1, &kind->template);
        kind->open = true;
    } else {
        if (!job_template(d->program, layer, choice, &job, &kind->template))
            return false;
        kind->open = job.open;
    }
    kind->layer = job.layer;
    kind->machine = job.machine;
    if (!kind->open)
        g_array_append_val(kind->given, job.nest);
    return true;
}

/* Where all is open, the layer says what that is. */
static bool are_alike(const MapDesign *d, const Kind *a, const Kind *b)
{
    if (!layer_alike(&a->layer, &b->layer) || a->open != b->open ||
        a->machine.n_memories != b->machine.n_memories)
        return false;
    if (d->map->open)
        return true;
    return a->open
               ? memcmp(&a->template, &b->template, sizeof a->template) == 0
               : nest_equal(&g_array_index(a->given, Nest, 0), &g_array_index(b->given, Nest, 0));
}

/* Takes it over. */
static void add_kind(MapDesign *d, Kind *kind)
{
    guint k = 0;
    while (k < d->kinds->len && !are_alike(d, kind_at(d, k), kind))
        k++;
    if (k == d->kinds->len)
        g_ptr_array_add(d->kinds, kind);
    kind_at(d, k)->count += kind->layer.count;
    g_array_append_val(d->kind, k);
    if (kind != kind_at(d, k))
        kind_free(kind);
}

static bool lower_all(MapDesign *d, const GPtrArray *starts, guint choice)
{
    for (guint i = 0; i < d->program->layers->len; i++) {
        Kind *kind = kind_new();
        if (!lower(d, i, choice, kind)) {
            kind_free(kind);
            return false;
        }
        if (d->map->open && starts != NULL && i < starts->len)
            add_starts(g_ptr_array_index(starts, i), kind);
        add_kind(d, kind);
    }
    return diag_errors(d->diag) == 0 && d->kinds->len > 0;
}

MapDesign *mapdesign_new(const Study *study, const GPtrArray *starts, int64_t point)
{
    MapDesign *d = g_new0(MapDesign, 1);
    d->study = study;
    d->map = study->map;
    d->arena = arena_new();
    d->sources = sources_copy(study->program->trees->sources, d->arena);
    d->diag = diag_like(study->diag, d->sources, d->arena);
    d->kinds = g_ptr_array_new_with_free_func(kind_free);
    d->kind = g_array_new(FALSE, FALSE, sizeof(guint));
    d->ws = workspace_new();
    d->program = program_at(study, point, d->diag);
    guint choice = study_choice(study, point / study_nest_points(study));
    if (d->program == NULL || !lower_all(d, starts, choice)) {
        mapdesign_free(d);
        return NULL;
    }
    d->technology = d->program->has_technology ? &d->program->technology : NULL;
    d->technology = cost_technology(d->technology, &kind_at(d, 0)->machine);
    return d;
}

void mapdesign_free(MapDesign *d)
{
    if (d == NULL)
        return;
    g_ptr_array_free(d->kinds, TRUE);
    g_array_free(d->kind, TRUE);
    workspace_free(d->ws);
    program_free(d->program);
    diag_free(d->diag);
    sources_free(d->sources);
    arena_free(d->arena);
    g_free(d);
}

/* ---- what it has anyway -------------------------------------------------------------- */

/* Parts whose capacity is left open are left out. */
Least mapdesign_least(const MapDesign *d)
{
    const Machine *machine = &kind_at(d, 0)->machine;
    static const Result nothing;
    const Nest none = {0};
    Capacity capacity = {.l1 = (double) machine->l1_bytes, .l2 = (double) machine->l2_bytes};
    ChipCost chip = {.total_um2 = 0};
    if (machine->n_memories > 0)
        cost_capacity(machine, &none, &nothing, &capacity);
    if (d->technology != NULL)
        cost_chip(machine, &capacity, d->technology, &chip);
    return (Least){chip.total_um2, chip.total_mw};
}

/* ---- the objective of all layers ------------------------------------------------------ */

double mapdesign_reached(const MapDesign *d)
{
    bool product = d->map->objective == OBJECTIVE_EDP,
         time = d->map->objective == OBJECTIVE_RUNTIME;
    double sum = 0;
    for (guint k = 0; k < d->kinds->len; k++) {
        const Kind *kind = kind_at(d, k);
        double one = product ? sqrt(kind->bound)
                     : time  ? kind->bound / kind->machine.clock_hz
                             : kind->bound;
        sum += (double) kind->count * one;
    }
    return product ? sum * sum : sum;
}

/* ---- searches ------------------------------------------------------------------------- */

/* What a search asks. */
typedef struct {
    MapDesign *design;
    Kind *kind;
    MapDesignBest *best; /* NULL: only bounds are wanted */
    void *data;
    gint64 deadline; /* 0: none */
    int looks;
    bool beyond, stopped, late;
    bool lacks; /* a dataflow was refused for want of a figure */
} Watch;

static bool is_known(const ReportEntry *entry)
{
    char names[NAMES_BYTES];
    return entry->costed && cost_energy_known(&entry->cost, names, sizeof names);
}

static bool admit(const ReportEntry *entry, void *data)
{
    Watch *watch = data;
    bool known = is_known(entry);
    watch->lacks |= !known;
    return known;
}

/* What the design comes to at least is more than the best so far. */
static bool is_beyond(const Watch *watch, double bound)
{
    double known = watch->kind->bound;
    watch->kind->bound = fmax(known, bound);
    double least = mapdesign_reached(watch->design);
    watch->kind->bound = known;
    return least > watch->best(watch->data) * (1 + ROUNDING);
}

static bool is_over(const SearchProgress *progress, void *data)
{
    Watch *watch = data;
    if (watch->best == NULL)
        return progress->bound > 0 && ++watch->looks > 1;
    watch->stopped |= study_stopped(watch->design->study);
    watch->beyond |= is_beyond(watch, progress->bound);
    watch->late |= watch->deadline > 0 && g_get_monotonic_time() >= watch->deadline;
    return watch->stopped || watch->beyond || watch->late;
}

static void run(Watch *watch, SearchResult *result)
{
    const MapDesign *d = watch->design;
    Kind *kind = watch->kind;
    const Template *open = &kind->template;
    g_autofree const Nest **given = g_new(const Nest *, kind->given->len);
    for (guint i = 0; i < kind->given->len; i++)
        given[i] = &g_array_index(kind->given, Nest, i);
    const SearchRequest request = {.layer = &kind->layer,
                                   .machine = &kind->machine,
                                   .technology = d->technology,
                                   .open = &open,
                                   .n_open = kind->open,
                                   .given = given,
                                   .n_given = (int) kind->given->len,
                                   .objective = d->map->objective,
                                   .sizes = kind->open ? d->map->sizes : SIZES_DIVISORS,
                                   .threads = 1,
                                   .admit = admit,
                                   .admits_known = true,
                                   .stop = is_over,
                                   .data = watch};
    search_run(&request, result);
}

/* ---- bounds ---------------------------------------------------------------------------- */

double mapdesign_bound(MapDesign *d)
{
    for (guint k = 0; k < d->kinds->len; k++) {
        Kind *kind = kind_at(d, k);
        Watch watch = {.design = d, .kind = kind};
        SearchResult result;
        run(&watch, &result);
        kind->bound = fmax(0, result.bound);
        search_clear(&result);
    }
    return mapdesign_reached(d);
}

/* ---- what does not fit ------------------------------------------------------------------ */

static void note(MapDesign *d, Lack lack, double least)
{
    d->least[lack] = d->lacks >> lack & 1 ? fmax(d->least[lack], least) : least;
    d->lacks |= 1U << lack;
}

unsigned mapdesign_lacks(const MapDesign *d, double least[LACKS])
{
    memcpy(least, d->least, sizeof d->least);
    return d->lacks;
}

/* ---- the search of a layer --------------------------------------------------------------- */

/* Evaluates the dataflow that was found once more: a search keeps sums alone. */
static void take(MapDesign *d, Kind *kind, const SearchFound *found)
{
    ReportEntry *entry = &d->entry;
    nest_copy(&kind->nest, &found->nest);
    if (kind->machine.n_memories > 0)
        hierarchy_place(&kind->nest, kind->layer.op.n_tensors, &kind->machine);
    entry_start(entry, "", &kind->layer, &kind->nest, &kind->machine);
    entry_run(entry, d->ws);
    entry_cost(entry, d->technology);
    cost_capacity(&kind->machine, &kind->nest, &entry->result, &d->capacity);
    kind->found = true;
    kind->value = found->value;
    kind->cycles = entry->result.cycles;
    kind->macs = entry->result.macs;
    kind->pj = entry->cost.total_pj;
}

static MapDesignStatus search_kind(MapDesign *d, Kind *kind, Watch *watch)
{
    SearchResult result;
    run(watch, &result);
    bool found = result.found->len > 0;
    kind->bound = fmax(kind->bound, result.bound);
    if (found)
        take(d, kind, &g_array_index(result.found, SearchFound, 0));
    search_clear(&result);
    if (watch->stopped)
        return MAPDESIGN_STOPPED;
    if (watch->beyond || is_beyond(watch, 0))
        return MAPDESIGN_BEYOND;
    if (!found && watch->lacks)
        note(d, LACK_FIGURE, 0);
    return !found ? MAPDESIGN_LACKING : watch->late ? MAPDESIGN_ENDED : MAPDESIGN_FOUND;
}

/* ---- all layers --------------------------------------------------------------------------- */

static bool sum_up(const MapDesign *d, Point *point)
{
    bool overflow = false;
    for (guint k = 0; k < d->kinds->len; k++) {
        const Kind *kind = kind_at(d, k);
        add_product(&point->cycles, kind->cycles, kind->count, &overflow);
        add_product(&point->macs, kind->macs, kind->count, &overflow);
        point->seconds += (double) kind->count * (double) kind->cycles / kind->machine.clock_hz;
        point->pj += (double) kind->count * kind->pj;
    }
    return !overflow;
}

static void price(MapDesign *d, Point *point)
{
    const Study *study = d->study;
    ChipCost chip = {.total_um2 = 0};
    cost_chip(&kind_at(d, 0)->machine, &d->capacity, d->technology, &chip);
    point->um2 = chip.total_um2;
    point->mw = chip.total_mw;
    point->l1 = d->capacity.l1;
    point->l2 = d->capacity.l2;
    point->partial = known_partial(&chip);
    if (point->partial & known_wanted(study))
        note(d, LACK_FIGURE, 0);
    if (chip.total_um2 > study->most_um2)
        note(d, LACK_AREA, chip.total_um2);
    if (chip.total_mw > study->most_mw)
        note(d, LACK_POWER, chip.total_mw);
}

/* An equal part, of what is left, for each layer that is left. */
static gint64 deadline_of(gint64 end, guint left)
{
    gint64 now = g_get_monotonic_time();
    return now + MAX(0, end - now) / left;
}

MapDesignStatus mapdesign_search(MapDesign *d, MapDesignBest *best, void *data, Point *point)
{
    guint n = d->kinds->len;
    gint64 end = g_get_monotonic_time() + (gint64) (d->map->seconds * 1e6);
    MapDesignStatus status = MAPDESIGN_FOUND;
    for (guint k = 0; k < n; k++) {
        Watch watch = {.design = d, .kind = kind_at(d, k), .best = best, .data = data};
        if (d->map->seconds > 0)
            watch.deadline = deadline_of(end, n - k);
        MapDesignStatus one = search_kind(d, watch.kind, &watch);
        if (one != MAPDESIGN_FOUND && one != MAPDESIGN_ENDED)
            return one;
        status = one == MAPDESIGN_ENDED ? one : status;
    }
    if (!sum_up(d, point))
        return MAPDESIGN_LACKING;
    price(d, point);
    return d->lacks != 0 ? MAPDESIGN_LACKING : status;
}

/* ---- in words ------------------------------------------------------------------------------ */

char *mapdesign_obstacle(MapDesign *d)
{
    for (guint k = 0; k < d->kinds->len; k++) {
        Kind *kind = kind_at(d, k);
        const Template *open = &kind->template;
        g_autoptr(GString) why = g_string_new(NULL);
        const SearchRequest request = {.layer = &kind->layer,
                                       .machine = &kind->machine,
                                       .open = &open,
                                       .n_open = 1,
                                       .sizes = d->map->sizes};
        if (!kind->found && obstacle_find(&request, why) > 0 && why->len > 0)
            return g_strdup_printf("with the smallest tiles %s", why->str);
    }
    return NULL;
}

static void add_operator(const OperatorInfo *info, GHashTable *types, GString *out)
{
    if (info->span.source >= 0 && g_hash_table_add(types, (gpointer) info->op.type))
        layertext_operator(info, out);
}

static void add_layer(const MapDesign *d, guint number, GHashTable *types, GHashTable *names,
                      GString *operators, GString *layers)
{
    const Place *place = &g_array_index(d->program->layers, Place, number);
    const Kind *kind = kind_at(d, g_array_index(d->kind, guint, number));
    LayerInfo info;
    lower_layer(d->program->trees, program_file(d->program, *place), place->item, &info);
    g_autoptr(GString) dataflow = nest_print(&kind->layer, &kind->nest, &kind->machine, "found");
    add_operator(info.info, types, operators);
    layertext_layer(&info, names, dataflow->str, layers);
}

char *mapdesign_text(const MapDesign *d)
{
    g_autoptr(GHashTable) types = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) out = g_string_new(NULL), layers = g_string_new(NULL);
    GHashTable *names = program_names(d->program);
    for (guint i = 0; i < d->kind->len; i++)
        add_layer(d, i, types, names, out, layers);
    if (names != NULL)
        g_hash_table_unref(names);
    g_string_append_printf(out, "Network \"%s\" {\n", d->study->network);
    g_string_append_len(out, layers->str, (gssize) layers->len);
    g_string_append(out, "}\n");
    return g_strdup(out->str);
}
