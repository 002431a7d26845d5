/* Each file is read as a program of its own, with sources that it shares with the main one: what is
 * wrong in one is nothing to the others. */
#include "map/starts.h"

#include <string.h>

#include "frontend/holes.h"
#include "ir/layer.h"

/* A file as a program; `layers` tells that it is a network, whose own layers are looked at. */
typedef struct {
    StartKind kind;
    char *file, *own; /* `own`: constants that the run defines and the file keeps as they stand */
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program;
    bool layers;
} Flow;

struct Starts {
    GPtrArray *flows; /* of Flow */
};

static void flow_free(gpointer data)
{
    Flow *flow = data;
    program_free(flow->program);
    diag_free(flow->diag);
    sources_free(flow->sources);
    arena_free(flow->arena);
    g_free(flow->file);
    g_free(flow->own);
    g_free(flow);
}

/* ---- reading ---- */

static bool has_constant(const Trees *trees, guint first, guint end, const char *name)
{
    bool some = false;
    for (guint i = first; i < end; i++)
        some |= constants_has(g_array_index(trees->files, ProgramFile, i).constants, name);
    return some;
}

/* Definitions of constants that some file has besides the first: a start keeps its own as they
 * stand, and `own` gets their names.  Owned by the caller, the words borrowed. */
static const char **defines_of(const Trees *trees, const char **defines, GString *own)
{
    GPtrArray *kept = g_ptr_array_new();
    for (const char **define = defines; define != NULL && *define != NULL; define++) {
        g_autofree char *name = g_strndup(*define, strcspn(*define, "="));
        g_strstrip(name);
        if (has_constant(trees, 1, trees->files->len, name))
            g_ptr_array_add(kept, (gpointer) *define);
        if (has_constant(trees, 0, 1, name))
            g_string_append_printf(own, "%s%s", own->len > 0 ? ", " : "", name);
    }
    g_ptr_array_add(kept, NULL);
    return (const char **) g_ptr_array_free(kept, FALSE);
}

/* The file, and, where the network or the machine stands in the files of the run, those. */
static GPtrArray *files_of(const ProgramRequest *run, const char *path, bool layers)
{
    GPtrArray *files = g_ptr_array_new();
    bool needed = run->hardware == NULL || (run->model == NULL && !layers);
    g_ptr_array_add(files, (gpointer) path);
    for (const char **file = run->files; needed && file != NULL && *file != NULL; file++)
        g_ptr_array_add(files, (gpointer) *file);
    g_ptr_array_add(files, NULL);
    return files;
}

static bool has_network(const Program *program)
{
    return ast_find(g_array_index(program->trees->files, ProgramFile, 0).ast->items, "Network") !=
           NULL;
}

static bool read_program(Flow *flow, const ProgramRequest *run, const char *path, GError **error)
{
    g_autoptr(GPtrArray) files = files_of(run, path, flow->layers);
    g_autofree const char **defines = NULL;
    g_autoptr(GString) own = g_string_new(NULL);
    ProgramRequest request = *run;
    request.files = (const char **) files->pdata;
    request.defines = NULL;
    request.apart = true;
    request.own = flow->layers ? OWN_FIRST : OWN_NEVER;
    if (flow->layers) {
        request.model = NULL;
        request.layers = NULL;
    }
    diag_quiet(flow->diag, true);
    Program *program = program_read(&request, flow->diag, error);
    if (program == NULL || run->defines == NULL) {
        flow->program = program;
        return program != NULL;
    }
    request.defines = defines = defines_of(program->trees, run->defines, own);
    flow->own = g_strdup(own->str);
    program_free(program);
    flow->program = program_read(&request, flow->diag, error);
    return flow->program != NULL;
}

static Flow *flow_new(const Program *program, StartKind kind, const char *path, bool layers)
{
    Flow *flow = g_new0(Flow, 1);
    flow->kind = kind;
    flow->layers = layers;
    flow->file = g_path_get_basename(path);
    flow->arena = arena_new();
    flow->sources = sources_copy(diag_sources(program->trees->diag), flow->arena);
    flow->diag = diag_new(flow->sources, flow->arena);
    return flow;
}

/* NULL with *error set where it cannot be. */
static Flow *read_flow(const Program *program, const ProgramRequest *run, StartKind kind,
                       const char *path, GError **error)
{
    for (int layers = 0; layers < 2; layers++) {
        Flow *flow = flow_new(program, kind, path, layers > 0);
        if (read_program(flow, run, path, error) && (layers > 0 || !has_network(flow->program)))
            return flow;
        bool failed = flow->program == NULL;
        flow_free(flow);
        if (failed)
            break;
    }
    return NULL;
}

/* Whether a dataflow of the file, one of its layers' too, has holes. */
static bool has_holes(const Item *items)
{
    bool some = false;
    for (const Item *item = items; item != NULL && !some; item = item->next) {
        const char *key = item->key != NULL ? item->key : "";
        bool around = strcmp(key, "Network") == 0 || strcmp(key, "Layer") == 0;
        some = strcmp(key, "Dataflow") == 0 ? holes_has(item) : around && has_holes(item->body);
    }
    return some;
}

/* Syntax and the like; what cannot map a layer is seen layer by layer. */
static bool check_flow(const Flow *flow, const char *path, GError **error)
{
    const ProgramFile *file = &g_array_index(flow->program->trees->files, ProgramFile, 0);
    const char *what =
        file->ast->broken             ? "has mistakes; dcc tells them"
        : has_holes(file->ast->items) ? "has a dataflow with holes; one without is wanted here"
        : flow->layers || ast_find(file->ast->items, "Dataflow") != NULL ? NULL
                                                                         : "has no Dataflow";
    if (what != NULL)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s %s", path, what);
    return what == NULL;
}

static bool add_named(Starts *starts, const Program *program, const ProgramRequest *run,
                      StartKind kind, const char *path, GError **error)
{
    Flow *flow = read_flow(program, run, kind, path, error);
    if (flow == NULL)
        return false;
    g_ptr_array_add(starts->flows, flow);
    return check_flow(flow, path, error);
}

static void add_shipped(Starts *starts, const Program *program, const ProgramRequest *run)
{
    g_autoptr(GPtrArray) paths = source_list(SOURCE_DATAFLOW);
    for (guint i = 0; i < paths->len; i++) {
        Flow *flow = read_flow(program, run, START_SHIPPED, paths->pdata[i], NULL);
        if (flow != NULL)
            g_ptr_array_add(starts->flows, flow);
    }
}

Starts *starts_new(const Program *program, const ProgramRequest *request, const char *const *from,
                   const char *given, GError **error)
{
    g_autoptr(Starts) starts = g_new0(Starts, 1);
    starts->flows = g_ptr_array_new_with_free_func(flow_free);
    if (given != NULL && !add_named(starts, program, request, START_GIVEN, given, error))
        return NULL;
    for (; from != NULL && *from != NULL; from++)
        if (!add_named(starts, program, request, START_FROM, *from, error))
            return NULL;
    add_shipped(starts, program, request);
    return g_steal_pointer(&starts);
}

void starts_free(Starts *starts)
{
    if (starts == NULL)
        return;
    g_ptr_array_free(starts->flows, TRUE);
    g_free(starts);
}

/* ---- layers ---- */

static void add_start(const Flow *flow, const Job *job, GArray *to)
{
    g_array_set_size(to, to->len + 1);
    Start *start = &g_array_index(to, Start, to->len - 1);
    start->kind = flow->kind;
    start->name = job->dataflow;
    start->file = flow->file;
    start->own = flow->own != NULL ? flow->own : "";
    start->machine = job->machine;
    nest_copy(&start->nest, &job->nest);
}

/* A layer of the file's program, or a box of it; false if it is not there or cannot be mapped. */
static bool lower(const Flow *flow, guint number, const JobBox *box, Job *job)
{
    return number < flow->program->layers->len &&
           (box != NULL && !flow->layers ? job_lower_box(flow->program, number, 0, box, job)
                                         : job_lower(flow->program, number, 0, job)) &&
           job->legal;
}

/* Files of the run come behind the file itself: what it has of networks moves the numbers. */
static void add_flow(const Flow *flow, guint number, const JobBox *box, const Layer *layer,
                     GArray *to)
{
    Job job;
    guint first = flow->layers ? 0 : number;
    guint last = flow->layers ? flow->program->layers->len : number + 1;
    for (guint i = first; i < last; i++)
        if (lower(flow, i, box, &job) && layer_alike(&job.layer, layer))
            add_start(flow, &job, to);
}

void starts_add(const Starts *starts, guint number, const JobBox *box, const Layer *layer,
                GArray *to)
{
    for (guint i = 0; i < starts->flows->len; i++)
        add_flow(g_ptr_array_index(starts->flows, i), number, box, layer, to);
}

const char *starts_refused(const Starts *starts, guint number, const char **why)
{
    const Flow *flow = g_ptr_array_index(starts->flows, 0);
    Job job = {.why = NULL};
    *why = "it has no layer of this shape";
    if (!flow->layers && !lower(flow, number, NULL, &job))
        *why = job.why != NULL ? job.why : "it cannot be lowered";
    return flow->file;
}
