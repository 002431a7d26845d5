/* The files of a command line to jobs: read, check, pick hardware and dataflows, lower. */
#include "frontend/plan.h"

#include <string.h>

#include "frontend/lower.h"
#include "frontend/schema.h"
#include "frontend/technology.h"

/* A plan in the making. */
typedef struct {
    const PlanRequest *request;
    Trees *program;
    Diag *diag;
    Plan *plan;
    int model; /* source numbers, or -1 */
    int hardware;
    int only;
    unsigned layers; /* lowered so far */
    bool hardware_usable;
} Planning;

/* A block and the file it stands in. */
typedef struct {
    const ProgramFile *file;
    const Item *item;
} Place;

static bool usage_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool usage_error(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
    return false;
}

/* Something is not given; where a file is wrong it may be in there, and nothing more is said. */
static bool missing(const Diag *diag, GError **error, const char *message)
{
    return diag_errors(diag) == 0 && usage_error(error, "%s", message);
}

static const char *did_you_mean(Arena *arena, const char *near)
{
    return near != NULL ? arena_printf(arena, "; did you mean '%s'?", near) : "";
}

/* --- files --- */

static int add_file(Planning *planning, const char *name, SourceKind kind, GError **error)
{
    int source = sources_read(diag_sources(planning->diag), name, kind, error);
    if (source >= 0)
        trees_add(planning->program, source);
    return source;
}

static bool read_files(Planning *planning, GError **error)
{
    const PlanRequest *request = planning->request;
    planning->model = planning->hardware = planning->only = -1;
    for (int i = 0; request->files != NULL && request->files[i] != NULL; i++) {
        int source = add_file(planning, request->files[i], SOURCE_ANY, error);
        if (source < 0)
            return false;
        if (request->only != NULL && strcmp(request->only, request->files[i]) == 0)
            planning->only = source;
    }
    if (request->model != NULL &&
        (planning->model = add_file(planning, request->model, SOURCE_MODEL, error)) < 0)
        return false;
    return request->hardware == NULL ||
           (planning->hardware = add_file(planning, request->hardware, SOURCE_HARDWARE, error)) >=
               0;
}

/* --- -D --- */

static const Expr *define_value(Planning *planning, const char *name, const char *text,
                                GError **error)
{
    Arena *arena = planning->program->arena;
    Sources *sources = diag_sources(planning->diag);
    g_autofree char *line = g_strdup_printf("Value: %s", text);
    g_autofree char *title = g_strdup_printf("-D %s", name);
    int source = sources_add(sources, title, line, strlen(line));
    g_autoptr(Diag) own = diag_new(sources, arena);
    const Ast *ast = ast_parse(sources, source, arena, own);
    const Item *item = ast->items;
    bool one = item != NULL && item->next == NULL && item->kind == ITEM_ENTRY &&
               item->value != NULL && !item->has_body;
    if (diag_errors(own) == 0 && one)
        return item->value;
    usage_error(error, "-D %s=%s: an expression is wanted", name, text);
    return NULL;
}

static const char *nearest_constant(const Planning *planning, const char *name)
{
    for (guint i = 0; i < planning->program->files->len; i++) {
        const char *near = constants_nearest(
            g_array_index(planning->program->files, ProgramFile, i).constants, name);
        if (near != NULL)
            return near;
    }
    return NULL;
}

static bool define(Planning *planning, const char *text, GError **error)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return usage_error(error, "-D %s: wants NAME=EXPRESSION", text);
    char *name = arena_strndup(planning->program->arena, text, (size_t) (equals - text));
    const Expr *value = define_value(planning, name, equals + 1, error);
    bool found = false;
    if (value == NULL)
        return false;
    for (guint i = 0; i < planning->program->files->len; i++)
        found |= constants_override(
            g_array_index(planning->program->files, ProgramFile, i).constants, name, value);
    if (found)
        return true;
    return usage_error(error, "-D %s: no file has a constant '%s'%s", text, name,
                       did_you_mean(planning->program->arena, nearest_constant(planning, name)));
}

static bool read_defines(Planning *planning, GError **error)
{
    const char **defines = planning->request->defines;
    for (int i = 0; defines != NULL && defines[i] != NULL; i++) {
        if (!define(planning, defines[i], error))
            return false;
    }
    return true;
}

/* --- blocks of a kind --- */

static bool is_block(const Item *item, const char *key)
{
    return item->kind == ITEM_ENTRY && item->has_body && strcmp(item->key, key) == 0;
}

/* All top-level blocks of a key, in one file or (source < 0) in all. */
static GArray *blocks_new(const Trees *program, const char *key, int source)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(Place));
    for (guint i = 0; i < program->files->len; i++) {
        const ProgramFile *file = &g_array_index(program->files, ProgramFile, i);
        if (source >= 0 && file->ast->source != source)
            continue;
        for (const Item *item = file->ast->items; item != NULL; item = item->next) {
            Place place = {file, item};
            if (is_block(item, key))
                g_array_append_val(blocks, place);
        }
    }
    return blocks;
}

static const ProgramFile *file_of(const Trees *program, int source)
{
    for (guint i = 0; i < program->files->len; i++) {
        const ProgramFile *file = &g_array_index(program->files, ProgramFile, i);
        if (file->ast->source == source)
            return file;
    }
    return NULL;
}

/* The name of a file without folders and ending. */
static const char *file_title(const Trees *program, int source)
{
    g_autofree char *base = g_path_get_basename(sources_get(program->sources, source)->name);
    char *dot = strrchr(base, '.');
    if (dot != NULL && dot != base)
        *dot = '\0';
    return arena_strdup(program->arena, base);
}

/* A block's name, or its file's. */
static const char *title(const Trees *program, Place place)
{
    const char *name = ast_name(place.item);
    return *name != '\0' ? name : file_title(program, place.file->ast->source);
}

/* --- hardware --- */

static const ProgramFile *flat_file(const Trees *program, int source)
{
    for (guint i = 0; i < program->files->len; i++) {
        const ProgramFile *file = &g_array_index(program->files, ProgramFile, i);
        bool meant = source < 0 || file->ast->source == source;
        if (meant && ast_find(file->ast->items, "num_pes") != NULL)
            return file;
    }
    return NULL;
}

static Span file_span(int source)
{
    return (Span){source, 0, 0};
}

static void read_accelerator(Planning *planning, Place place)
{
    Plan *plan = planning->plan;
    planning->hardware_usable =
        hardware_read(planning->program, place.file, place.item, &plan->machine);
    plan->hardware = place.item != NULL ? title(planning->program, place)
                                        : file_title(planning->program, place.file->ast->source);
    plan->machine.name = plan->hardware;
}

/* --- technology --- */

/* The name that the request or the hardware gives; NULL if none does.  *key is its place. */
static const char *technology_name(const Planning *planning, Span *key)
{
    *key = SPAN_NONE;
    if (planning->request->technology != NULL)
        return planning->request->technology;
    g_autoptr(GArray) blocks = blocks_new(planning->program, "Accelerator", planning->hardware);
    const Item *item =
        blocks->len > 0 ? ast_find(g_array_index(blocks, Place, 0).item->body, "Technology") : NULL;
    if (item == NULL || item->value == NULL || item->value->text == NULL)
        return NULL;
    *key = item->value->span;
    return item->value->text;
}

/* A technology that no file of the run has is looked for in tech-NAME.hw. */
static bool load_technology(Planning *planning, const char *name, GError **error)
{
    const ProgramFile *file;
    g_autofree char *title = g_strdup_printf("tech-%s.hw", name);
    if (technology_find(planning->program, name, &file) != NULL)
        return true;
    g_autofree char *path = source_find(title, SOURCE_HARDWARE, NULL);
    return path == NULL || add_file(planning, title, SOURCE_HARDWARE, error) >= 0;
}

static bool load_technologies(Planning *planning, GError **error)
{
    Span key;
    const char *name = technology_name(planning, &key);
    if (name != NULL && !load_technology(planning, name, error))
        return false;
    return planning->request->node_nm <= 0 || load_technology(planning, "scaling", error);
}

static bool scale_technology(Planning *planning, GError **error)
{
    const ProgramFile *file;
    Scaling scaling;
    Plan *plan = planning->plan;
    const Item *block = technology_find(planning->program, "scaling", &file);
    if (block == NULL || !technology_scaling(planning->program, file, block, &scaling))
        return usage_error(error, "--node: no file has a table of nodes (tech-scaling.hw)");
    if (technology_scale(&plan->technology, &scaling, planning->request->node_nm))
        return true;
    return usage_error(
        error, "--node %g: the table of nodes does not have %g nm and %g nm (technology %s)",
        planning->request->node_nm, plan->technology.node_nm, planning->request->node_nm,
        plan->technology.name);
}

static bool read_technology(Planning *planning, GError **error)
{
    Span key;
    const ProgramFile *file;
    const char *name = technology_name(planning, &key);
    if (name == NULL)
        return planning->request->node_nm <= 0 ||
               usage_error(error, "--node: no technology is given");
    const Item *block = technology_find(planning->program, name, &file);
    if (block == NULL && planning->request->technology != NULL)
        return usage_error(
            error, "no technology '%s': no file of the run has it, and there is no tech-%s.hw",
            name, name);
    if (block == NULL) {
        diag_report(planning->diag, CHECK_NO_TECHNOLOGY, key,
                    "no file has the technology '%s', so energy and area are not known", name);
        diag_note(
            planning->diag, key,
            "give a file with Technology \"%s\", or call it tech-%s.hw where files are looked for",
            name, name);
        return true;
    }
    planning->plan->has_technology =
        technology_read(planning->program, file, block, &planning->plan->technology);
    return planning->request->node_nm <= 0 || !planning->plan->has_technology ||
           scale_technology(planning, error);
}

static bool apply_sets(Planning *planning, GError **error)
{
    const char **sets = planning->request->sets;
    for (int i = 0; sets != NULL && sets[i] != NULL; i++) {
        if (!hardware_set(planning->program, &planning->plan->machine, sets[i], error))
            return false;
    }
    return true;
}

static bool read_hardware(Planning *planning, GError **error)
{
    g_autoptr(GArray) blocks = blocks_new(planning->program, "Accelerator", planning->hardware);
    const ProgramFile *flat = flat_file(planning->program, planning->hardware);
    if (blocks->len > 1) {
        diag_report(planning->diag, CHECK_DUPLICATE_BLOCK,
                    g_array_index(blocks, Place, 1).item->head,
                    "a second Accelerator; a run has one");
        diag_note(planning->diag, g_array_index(blocks, Place, 0).item->head, "this is the first");
    }
    if (blocks->len > 0) {
        read_accelerator(planning, g_array_index(blocks, Place, 0));
    } else if (flat != NULL) {
        read_accelerator(planning, (Place){flat, NULL});
    } else if (planning->hardware >= 0) {
        if (!file_of(planning->program, planning->hardware)->ast->broken)
            diag_report(planning->diag, CHECK_MISSING_KEY, file_span(planning->hardware),
                        "no Accelerator in this file");
        return true;
    } else {
        return missing(planning->diag, error,
                       "no hardware: give --hw FILE, or a file with an Accelerator");
    }
    return apply_sets(planning, error) && read_technology(planning, error);
}

/* Blocks that the run does not use are read all the same, for their mistakes. */
static void read_unused(Planning *planning)
{
    g_autoptr(GArray) accelerators = blocks_new(planning->program, "Accelerator", -1);
    g_autoptr(GArray) technologies = blocks_new(planning->program, "Technology", -1);
    for (guint i = 0; i < accelerators->len; i++) {
        const Place *place = &g_array_index(accelerators, Place, i);
        Hardware hardware = {0};
        if (place->item != planning->plan->machine.block)
            hardware_read(planning->program, place->file, place->item, &hardware);
    }
    for (guint i = 0; i < technologies->len; i++) {
        const Place *place = &g_array_index(technologies, Place, i);
        Technology technology = {0};
        if (strcmp(ast_name(place->item),
                   planning->plan->technology.name ? planning->plan->technology.name : "") != 0)
            technology_read(planning->program, place->file, place->item, &technology);
    }
}

/* --- which dataflow --- */

static bool is_for(const Item *dataflow, const char *type)
{
    for (const Expr *word = dataflow->types; word != NULL; word = word->next) {
        if (strcmp(word->text, type) == 0)
            return true;
    }
    return false;
}

/* The one among the files' dataflows that is `for` the type (or for none, if type is NULL). */
static bool pick(Planning *planning, const GArray *dataflows, const char *type,
                 const LayerInfo *info, Place *found)
{
    found->item = NULL;
    for (guint i = 0; i < dataflows->len; i++) {
        const Place *place = &g_array_index(dataflows, Place, i);
        if (type != NULL ? !is_for(place->item, type) : place->item->types != NULL)
            continue;
        if (found->item != NULL) {
            diag_report(planning->diag, CHECK_TWO_DATAFLOWS, place->item->head,
                        "two dataflows for layer %s of type %s", info->layer.name,
                        info->layer.op.type);
            diag_note(planning->diag, found->item->head, "this is the other one");
            return false;
        }
        *found = *place;
    }
    return true;
}

/* What is missing may stand where it could not be read. */
static bool any_broken(const Trees *program)
{
    for (guint i = 0; i < program->files->len; i++) {
        if (g_array_index(program->files, ProgramFile, i).ast->broken)
            return true;
    }
    return false;
}

static bool choose_dataflow(Planning *planning, const ProgramFile *file, const LayerInfo *info,
                            const GArray *dataflows, Place *found)
{
    *found = (Place){file, info->dataflow};
    if (info->dataflow != NULL)
        return true;
    if (!pick(planning, dataflows, info->layer.op.type, info, found))
        return false;
    if (found->item == NULL && !pick(planning, dataflows, NULL, info, found))
        return false;
    if (found->item != NULL || any_broken(planning->program))
        return found->item != NULL;
    diag_report(planning->diag, CHECK_NO_DATAFLOW, info->span,
                "no dataflow for layer %s of type %s", info->layer.name, info->layer.op.type);
    diag_note(planning->diag, SPAN_NONE, "give one in the layer, or a file that has one");
    return false;
}

/* --- layers --- */

static bool is_picked(const PlanRequest *request, const char *name)
{
    if (request->layers == NULL)
        return true;
    for (int i = 0; request->layers[i] != NULL; i++) {
        if (g_pattern_match_simple(request->layers[i], name))
            return true;
    }
    return false;
}

static void add_layer(Planning *planning, const ProgramFile *file, const Item *item,
                      const GArray *dataflows)
{
    LayerInfo info;
    Place place;
    if (!lower_layer(planning->program, file, item, &info))
        return;
    info.number = ++planning->layers;
    Job job = {.layer = info.layer, .span = info.span, .dataflow = ""};
    bool chosen = choose_dataflow(planning, file, &info, dataflows, &place);
    if (chosen)
        job.dataflow =
            info.dataflow != NULL ? ast_name(place.item) : title(planning->program, place);
    job.legal =
        planning->hardware_usable &&
        hardware_machine(planning->program, &planning->plan->machine, &info.layer.op, &job.machine);
    int64_t pes = planning->hardware_usable ? planning->plan->machine.pes : INT32_MAX;
    job.legal = chosen &&
                lower_nest(planning->program, place.file, place.item, &info, pes, &job.nest) &&
                job.legal;
    g_array_append_val(planning->plan->jobs, job);
}

static const char *nearest_layer(const GArray *networks, const char *glob)
{
    const char *best = NULL;
    for (guint i = 0; i < networks->len && best == NULL; i++) {
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        for (const Item *item = g_array_index(networks, Place, i).item->body; item != NULL;
             item = item->next)
            g_ptr_array_add(names, (gpointer) ast_name(item));
        best = diag_nearest(glob, (const char *const *) names->pdata, names->len);
    }
    return best;
}

static bool check_globs(const Planning *planning, const GArray *networks, GError **error)
{
    const char **globs = planning->request->layers;
    for (int i = 0; globs != NULL && globs[i] != NULL; i++) {
        bool found = false;
        for (guint n = 0; n < networks->len; n++) {
            for (const Item *item = g_array_index(networks, Place, n).item->body; item != NULL;
                 item = item->next)
                found |=
                    is_block(item, "Layer") && g_pattern_match_simple(globs[i], ast_name(item));
        }
        if (!found)
            return usage_error(
                error, "no layer '%s'%s", globs[i],
                did_you_mean(planning->program->arena, nearest_layer(networks, globs[i])));
    }
    return true;
}

static void name_plan(Planning *planning, const GArray *networks, const GArray *dataflows)
{
    const Trees *program = planning->program;
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < networks->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? "+" : "",
                               title(program, g_array_index(networks, Place, i)));
    planning->plan->network = arena_strdup(program->arena, names->str);
    planning->plan->dataflow =
        dataflows->len > 0 ? title(program, g_array_index(dataflows, Place, 0)) : "";
}

static bool read_networks(Planning *planning, GError **error)
{
    const Trees *program = planning->program;
    g_autoptr(GArray) networks = blocks_new(program, "Network", planning->model);
    g_autoptr(GArray) dataflows = blocks_new(program, "Dataflow", planning->only);
    name_plan(planning, networks, dataflows);
    if (networks->len == 0 && planning->model >= 0) {
        if (!file_of(program, planning->model)->ast->broken)
            diag_report(planning->diag, CHECK_MISSING_KEY, file_span(planning->model),
                        "no Network in this file");
        return true;
    }
    if (networks->len == 0 && diag_errors(planning->diag) == 0)
        return missing(planning->diag, error,
                       "no network: give --model FILE, or a file with a Network");
    if (diag_errors(planning->diag) == 0 && !check_globs(planning, networks, error))
        return false;
    for (guint i = 0; i < networks->len; i++) {
        const Place *network = &g_array_index(networks, Place, i);
        for (const Item *item = network->item->body; item != NULL; item = item->next) {
            if (schema_fits(item, "Network") && is_picked(planning->request, ast_name(item)))
                add_layer(planning, network->file, item, dataflows);
        }
    }
    return true;
}

bool plan_has_dataflow(const char *file, const Diag *diag)
{
    Sources *sources = diag_sources(diag);
    g_autoptr(Diag) own = diag_new(sources, diag_arena(diag));
    int source = sources_read(sources, file, SOURCE_ANY, NULL);
    return source >= 0 &&
           ast_find(ast_parse(sources, source, diag_arena(diag), own)->items, "Dataflow") != NULL;
}

/* --- all of it --- */

Plan *plan_new(const PlanRequest *request, Diag *diag, GError **error)
{
    Plan *plan = g_new0(Plan, 1);
    plan->jobs = g_array_new(FALSE, TRUE, sizeof(Job));
    plan->program = trees_new(diag_sources(diag), diag_arena(diag), diag);
    plan->network = plan->hardware = plan->dataflow = "";
    Planning planning = {.request = request, .program = plan->program, .diag = diag, .plan = plan};
    bool ok = read_files(&planning, error) && load_technologies(&planning, error) &&
              read_defines(&planning, error);
    if (ok)
        check_run(plan->program);
    ok = ok && read_hardware(&planning, error) && read_networks(&planning, error);
    if (ok)
        read_unused(&planning);
    if (ok)
        return plan;
    plan_free(plan);
    return NULL;
}

void plan_free(Plan *plan)
{
    if (plan == NULL)
        return;
    g_array_free(plan->jobs, TRUE);
    trees_free(plan->program);
    g_free(plan);
}
