/* The model and the system are read once for their own mistakes; then each kind of core reads the
 * model again with its own files, of whose mistakes only those are told that are not told yet. */
#include "run/fleet.h"

#include <string.h>

#include "frontend/schema.h"
#include "run/reading.h"

/* Numbers of the files among the sources; -1: there is none. */
typedef struct {
    int model, system, replay;
} Read;

typedef struct {
    const FleetRequest *request;
    Diag *diag;
    Fleet *fleet;
    Read read;
    int told; /* texts before this number have been reported of */
} Fleeting;

/* ---- the model and the system ---- */

/* The blocks of a key in all files. */
static const Item *only_block(Fleeting *f, const char *key, int source, const ProgramFile **file)
{
    const Item *found = NULL;
    for (guint i = 0; i < f->fleet->trees->files->len; i++) {
        const ProgramFile *each = &g_array_index(f->fleet->trees->files, ProgramFile, i);
        for (const Item *item = each->ast->items; item != NULL; item = item->next) {
            bool is = strcmp(item->key, key) == 0 && schema_fits(item, "") &&
                      (source < 0 || each->ast->source == source);
            if (is && found != NULL) {
                diag_report(f->diag, CHECK_DUPLICATE_BLOCK, ast_head(item),
                            "a second %s; a run has one", key);
                diag_note(f->diag, ast_head(found), "this is the first");
            } else if (is) {
                found = item;
                *file = each;
            }
        }
    }
    return found;
}

static bool read_file(Fleeting *f, const char *name, SourceKind kind, int *source, GError **error)
{
    *source = name != NULL ? sources_read(diag_sources(f->diag), name, kind, error) : -1;
    return name == NULL || *source >= 0;
}

static bool read_trees(Fleeting *f, GError **error)
{
    const FleetRequest *request = f->request;
    Fleet *fleet = f->fleet;
    Read *read = &f->read;
    fleet->trees = trees_new(diag_sources(f->diag), diag_arena(f->diag), f->diag);
    if (!read_file(f, request->model, SOURCE_MODEL, &read->model, error) ||
        !read_file(f, request->system, SOURCE_HARDWARE, &read->system, error) ||
        !read_file(f, request->replay, SOURCE_HARDWARE, &read->replay, error))
        return false;
    const int source[] = {read->model, read->system, read->replay};
    for (size_t i = 0; i < G_N_ELEMENTS(source); i++)
        if (source[i] >= 0)
            trees_add(fleet->trees, source[i]);
    trees_operators(fleet->trees);
    check_run(fleet->trees);
    return true;
}

static bool read_layers(Fleeting *f, const Item *network)
{
    Fleet *fleet = f->fleet;
    bool well = true;
    fleet->edges = edges_read(fleet->trees, network);
    fleet->n_layers = (int) fleet->edges->layers->len;
    fleet->layer = g_new0(LayerInfo, fleet->n_layers + 1);
    for (int i = 0; i < fleet->n_layers; i++)
        well &= lower_layer(fleet->trees, fleet->file, fleet->edges->layers->pdata[i],
                            &fleet->layer[i]);
    return well && !fleet->edges->wrong;
}

/* Nothing to say of what may stand where the text could not be read. */
static bool missing(Fleeting *f, const char *key, int source, GError **error)
{
    if (diag_errors(f->diag) > 0)
        return false;
    if (source >= 0)
        diag_report(f->diag, CHECK_MISSING_KEY, (Span){source, 0, 0}, "no %s in this file", key);
    else
        reading_error(error, "no system: give --system FILE, or a model with a System");
    return false;
}

static bool says_shares(const Fleeting *f, int source)
{
    for (guint i = 0; i < f->fleet->trees->files->len; i++) {
        const ProgramFile *each = &g_array_index(f->fleet->trees->files, ProgramFile, i);
        for (const Item *item = each->ast->items; item != NULL; item = item->next)
            if (each->ast->source == source &&
                (strcmp(item->key, "Allocate") == 0 || strcmp(item->key, "Split") == 0))
                return true;
    }
    return false;
}

static bool read_model(Fleeting *f, GError **error)
{
    Fleet *fleet = f->fleet;
    const ProgramFile *file = NULL;
    if (!read_trees(f, error))
        return false;
    const Read read = f->read;
    const Item *network = only_block(f, "Network", read.model, &fleet->file);
    const Item *system = only_block(f, "System", read.system, &file);
    if (network == NULL)
        return missing(f, "Network", read.model, error);
    if (system == NULL)
        return missing(f, "System", read.system, error);
    if (read.replay >= 0 && !says_shares(f, read.replay))
        return missing(f, "Allocate or Split", read.replay, error);
    fleet->network = ast_name(network);
    /* both for their own mistakes */
    bool had = system_read(fleet->trees, file, system, &fleet->system);
    bool well = diag_errors(f->diag) == 0 && read_layers(f, network) && had;
    return well &&
           shares_read(fleet->trees, read.replay, fleet->edges, fleet->layer, &fleet->system,
                       &fleet->shares) &&
           diag_errors(f->diag) == 0;
}

/* ---- kinds of cores ---- */

/* What a core's own files are told of, once. */
static void tell(Fleeting *f, Diag *own)
{
    size_t n;
    const DiagEntry *entry = diag_entries(own, &n);
    bool told = false;
    for (size_t i = 0; i < n; i++) {
        if (entry[i].severity == SEVERITY_NOTE) {
            if (told)
                diag_note(f->diag, entry[i].span, "%s", entry[i].message);
            continue;
        }
        told = entry[i].span.source >= f->told || entry[i].severity == SEVERITY_ERROR;
        if (told)
            told = diag_report(f->diag, entry[i].check, entry[i].span, "%s", entry[i].message);
    }
    f->told = sources_count(diag_sources(f->diag));
}

/* Whether the model or the system's file has a Dataflow of that name. */
static bool has_dataflow(const Fleeting *f, int source, const char *name)
{
    for (guint i = 0; i < f->fleet->trees->files->len; i++) {
        const Ast *ast = g_array_index(f->fleet->trees->files, ProgramFile, i).ast;
        for (const Item *item = ast->items; item != NULL && ast->source == source;
             item = item->next)
            if (strcmp(item->key, "Dataflow") == 0 && strcmp(ast_name(item), name) == 0)
                return true;
    }
    return false;
}

/* Of the dataflows that were read, those of the core's file, or of the name. */
static void keep_dataflows(Program *program, const char *name, bool by_name)
{
    GArray *blocks = g_array_index(program->choices, ProgramChoice, 0).blocks;
    for (guint i = blocks->len; i > 0; i--) {
        Place place = g_array_index(blocks, Place, i - 1);
        bool keep = by_name ? strcmp(ast_name(place.item), name) == 0 : place.file == 0;
        if (!keep)
            g_array_remove_index(blocks, i - 1);
    }
}

/* As given, else with the ending of hardware. */
static const char *hardware_file(Fleeting *f, const char *name)
{
    g_autofree char *path = source_find(name, SOURCE_HARDWARE, NULL);
    const char *longer = arena_printf(diag_arena(f->diag), "%s.hw", name);
    g_autofree char *other = path == NULL ? source_find(longer, SOURCE_HARDWARE, NULL) : NULL;
    return other != NULL ? longer : name;
}

/* A file that cannot be read is a mistake of the system's text. */
static Program *read_program(Fleeting *f, const SystemCore *core, FleetKind *kind)
{
    bool maps = kind->maps;
    Diag *own = kind->diag;
    g_autoptr(GError) error = NULL;
    bool of_model = has_dataflow(f, f->read.model, core->dataflow);
    bool of_system = !of_model && has_dataflow(f, f->read.system, core->dataflow);
    bool by_name = of_model || of_system, file = !maps && !by_name;
    const char *files[] = {file ? core->dataflow : of_system ? f->request->system : NULL, NULL};
    /* a dataflow of its own comes first among the files, and its blocks are told by that */
    ProgramRequest request = {.files = files,
                              .model = f->request->model,
                              .hardware = hardware_file(f, core->accelerator),
                              .own = OWN_NEVER,
                              .together = true};
    Program *program = program_read(&request, own, &error);
    kind->request = request;
    kind->request.files = NULL;
    tell(f, own);
    if (program == NULL) {
        bool hardware = !file || strstr(error->message, core->dataflow) == NULL;
        diag_report(f->diag, CHECK_UNKNOWN_CORE,
                    hardware ? core->accelerator_span : core->dataflow_span, "core '%s': %s",
                    core->name, error->message);
        return NULL;
    }
    keep_dataflows(program, core->dataflow, by_name || maps);
    return program;
}

static bool same_kind(const SystemCore *a, const SystemCore *b)
{
    return strcmp(a->accelerator, b->accelerator) == 0 && strcmp(a->dataflow, b->dataflow) == 0;
}

static bool read_kinds(Fleeting *f)
{
    Fleet *fleet = f->fleet;
    int n = (int) fleet->system.cores->len;
    fleet->kind = g_new0(int, n + 1);
    for (int i = 0; i < n; i++) {
        const SystemCore *core = fleet_core(fleet, i);
        int before = 0;
        while (before < i && !same_kind(core, fleet_core(fleet, before)))
            before++;
        if (before < i) {
            fleet->kind[i] = fleet->kind[before];
            continue;
        }
        FleetKind kind = {.maps = strcmp(core->dataflow, "map") == 0, .core = i};
        kind.diag = diag_like(f->diag, diag_sources(f->diag), diag_arena(f->diag));
        kind.program = read_program(f, core, &kind);
        fleet->kind[i] = (int) fleet->kinds->len;
        g_array_append_val(fleet->kinds, kind);
        if (kind.program == NULL)
            return false;
    }
    return diag_errors(f->diag) == 0;
}

/* ---- clocks ---- */

/* "200.0001 MHz", all of it: two clocks that are not the same do not look so. */
static char *clock_text(Rational hz)
{
    Rational mhz;
    bool fits = rational_multiply(hz, (Rational){1, 1000000}, &mhz);
    g_autofree char *text = rational_text(fits ? mhz : hz);
    return g_strconcat(text, fits ? " MHz" : " Hz", NULL);
}

/* Cores that say nothing of it have the system's clock. */
static bool check_clocks(Fleeting *f)
{
    Fleet *fleet = f->fleet;
    System *system = &fleet->system;
    const SystemCore *first = NULL;
    Rational clock = system->clock_hz;
    for (int i = 0; i < (int) system->cores->len; i++) {
        const Hardware *hardware = &fleet_kind(fleet, i)->program->machine;
        const SystemCore *core = fleet_core(fleet, i);
        if (!hardware->clock_given && system->clock_hz.num > 0)
            continue;
        if (clock.num == 0) {
            clock = hardware->clock_hz;
            first = core;
        }
        if (clock.num == hardware->clock_hz.num && clock.den == hardware->clock_hz.den)
            continue;
        g_autofree char *own = clock_text(hardware->clock_hz);
        g_autofree char *other = clock_text(clock);
        diag_report(f->diag, CHECK_CLOCKS, core->span, "core '%s' has a clock of %s, the %s %s",
                    core->name, own, first != NULL ? "core before it" : "system", other);
        diag_note(f->diag, first != NULL ? first->span : system->clock_span,
                  "all cores and links have one clock");
        return false;
    }
    fleet->clock_hz = rational_real(clock);
    return true;
}

/* ---- all of it ---- */

Fleet *fleet_read(const FleetRequest *request, Diag *diag, GError **error)
{
    g_autoptr(Fleet) fleet = g_new0(Fleet, 1);
    Fleeting f = {.request = request, .diag = diag, .fleet = fleet};
    fleet->kinds = g_array_new(FALSE, FALSE, sizeof(FleetKind));
    if (!read_model(&f, error))
        return NULL;
    f.told = sources_count(diag_sources(diag));
    if (!read_kinds(&f) || !check_clocks(&f))
        return NULL;
    return g_steal_pointer(&fleet);
}

void fleet_free(Fleet *fleet)
{
    if (fleet == NULL)
        return;
    for (guint i = 0; fleet->kinds != NULL && i < fleet->kinds->len; i++) {
        FleetKind *kind = &g_array_index(fleet->kinds, FleetKind, i);
        program_free(kind->program);
        diag_free(kind->diag);
    }
    if (fleet->kinds != NULL)
        g_array_free(fleet->kinds, TRUE);
    shares_free(fleet->shares);
    system_clear(&fleet->system);
    edges_free(fleet->edges);
    g_free(fleet->layer);
    g_free(fleet->kind);
    trees_free(fleet->trees);
    g_free(fleet);
}
