/* A run without what nobody names: the front end finds what it can in the rest. */
#include "lsp/revision.h"

#include <string.h>

#include "run/entry.h"

enum {
    COMMAND_LINES = 10,            /* of a document, in which the files beside it may be named */
    EVALUATE_MICROSECONDS = 200000 /* layers are evaluated for at most so long */
};

void beside_clear(Beside *beside)
{
    g_clear_pointer(&beside->model, g_free);
    g_clear_pointer(&beside->hardware, g_free);
    g_clear_pointer(&beside->dataflow, g_free);
}

/* ---- the files beside a document ---- */

Span revision_command(const char *text)
{
    const char *line = text;
    for (int i = 0; i < COMMAND_LINES && line != NULL; i++) {
        const char *at = line + strspn(line, " \t");
        size_t mark = g_str_has_prefix(at, "//") ? 2 : *at == '#' ? 1 : 0;
        at += mark + strspn(at + mark, " \t");
        if (mark > 0 && g_str_has_prefix(at, "dcc:"))
            return (Span){0, (uint32_t) (at + 4 - text),
                          (uint32_t) (at + strcspn(at, "\r\n") - text)};
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return (Span){0, 0, 0};
}

/* A name that a folder has a file of is that file; others are looked for as everywhere. */
static char *locate(const char *name, const char *folder)
{
    if (name == NULL || *name == '\0')
        return NULL;
    if (folder == NULL || g_path_is_absolute(name))
        return g_strdup(name);
    char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    g_free(path);
    return g_strdup(name);
}

static void take(char **place, const char *name, const char *folder)
{
    g_free(*place);
    *place = locate(name, folder);
}

static void read_command(const Document *document, const char *folder, Beside *beside)
{
    Span span = revision_command(document->text->str);
    g_autofree char *line =
        g_strndup(document->text->str + span.begin, (gsize) (span.end - span.begin));
    g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
    for (char **word = words; *word != NULL; word++) {
        bool model = strcmp(*word, "--model") == 0, hardware = strcmp(*word, "--hw") == 0;
        if ((model || hardware) && word[1] != NULL)
            take(model ? &beside->model : &beside->hardware, *++word, folder);
        else if (**word != '\0' && **word != '-')
            take(&beside->dataflow, *word, folder);
    }
}

static Beside beside_of(const Document *document, const Surroundings *around)
{
    const Beside *settings = &around->settings;
    Beside beside = {locate(settings->model, around->root),
                     locate(settings->hardware, around->root),
                     locate(settings->dataflow, around->root)};
    g_autofree char *folder =
        document->path != NULL ? g_path_get_dirname(document->path) : g_strdup(around->root);
    read_command(document, folder, &beside);
    return beside;
}

/* Which blocks a document has. */
typedef struct {
    bool dataflow, network, machine;
} Blocks;

static Blocks blocks_of(const Document *document)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    int source = sources_add(sources, "", document->text->str, document->text->len);
    const Item *items = ast_parse(sources, source, arena, diag)->items;
    return (Blocks){ast_find(items, "Dataflow") != NULL, ast_find(items, "Network") != NULL,
                    ast_find(items, "Accelerator") != NULL || ast_find(items, "num_pes") != NULL};
}

/* The name under which a file beside the document is read; NULL if it is the document itself.  One
 * that is open is given to the front end as it stands. */
static const char *file_beside(Revision *revision, const Document *document,
                               const Surroundings *around, const char *name, SourceKind kind)
{
    g_autofree char *path = name != NULL ? source_find(name, kind, NULL) : NULL;
    if (path == NULL || strcmp(path, "-") == 0)
        return path == NULL ? name : NULL;
    if (document_is(document, path))
        return NULL;
    GHashTableIter each;
    gpointer value;
    g_hash_table_iter_init(&each, around->documents);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        const Document *other = value;
        if (!document_is(other, path))
            continue;
        const char *given = document_name(other);
        sources_give(revision->sources, given, other->text->str, other->text->len, NULL);
        g_ptr_array_add(revision->used, g_strdup(other->uri));
        return arena_strdup(revision->arena, given);
    }
    return name;
}

/* ---- reading ---- */

/* Forgets what was read, and is as it was at the beginning. */
static void drop(Revision *revision)
{
    program_free(revision->program);
    diag_free(revision->diag);
    sources_free(revision->sources);
    arena_free(revision->arena);
    revision->program = NULL;
}

static bool begin(Revision *revision, const Document *document)
{
    revision->arena = arena_new();
    revision->sources = sources_new(revision->arena);
    revision->diag = diag_new(revision->sources, revision->arena);
    return sources_give(revision->sources, document_name(document), document->text->str,
                        document->text->len, NULL);
}

/* Reads the document with what the request names besides. */
static void read_run(Revision *revision, const Document *document, ProgramRequest *request,
                     const char *dataflow)
{
    g_autoptr(GError) error = NULL;
    const char *files[] = {document_name(document), dataflow, NULL};
    request->files = files;
    request->partial = true;
    revision->program = program_read(request, revision->diag, &error);
    if (error != NULL && revision->problem == NULL)
        revision->problem = g_strdup(error->message);
}

/* What a document has itself is not taken from elsewhere. */
static void read_all(Revision *revision, const Document *document, const Surroundings *around)
{
    Blocks blocks = blocks_of(document);
    Beside beside = beside_of(document, around);
    ProgramRequest request = {0};
    const char *dataflow = NULL;
    if (blocks.dataflow && !blocks.network)
        request.model = file_beside(revision, document, around, beside.model, SOURCE_MODEL);
    if ((blocks.dataflow || blocks.network) && !blocks.machine)
        request.hardware =
            file_beside(revision, document, around, beside.hardware, SOURCE_HARDWARE);
    if (blocks.network && !blocks.dataflow)
        dataflow = file_beside(revision, document, around, beside.dataflow, SOURCE_DATAFLOW);
    read_run(revision, document, &request, dataflow);
    beside_clear(&beside);
}

static void find_file(Revision *revision)
{
    const GArray *files = revision->program->trees->files;
    while (g_array_index(files, ProgramFile, revision->file).ast->source != revision->source)
        revision->file++;
}

static Revision *revision_new(const Document *document, const Surroundings *around)
{
    Revision *revision = g_new0(Revision, 1);
    revision->used = g_ptr_array_new_with_free_func(g_free);
    if (begin(revision, document))
        read_all(revision, document, around);
    else
        revision->problem = g_strdup("it is larger than 256 MiB");
    if (revision->program == NULL) { /* for what is beside it; then the document alone */
        ProgramRequest alone = {0};
        drop(revision);
        if (begin(revision, document))
            read_run(revision, document, &alone, NULL);
    }
    if (revision->program != NULL)
        find_file(revision);
    return revision;
}

Revision *revision_of(Document *document, const Surroundings *around)
{
    if (document->revision == NULL)
        document->revision = revision_new(document, around);
    return document->revision;
}

void revision_free(Revision *revision)
{
    if (revision == NULL)
        return;
    drop(revision);
    g_free(revision->problem);
    g_ptr_array_free(revision->used, TRUE);
    g_free(revision);
}

const ProgramFile *revision_file(const Revision *revision)
{
    return revision->program != NULL
               ? &g_array_index(revision->program->trees->files, ProgramFile, revision->file)
               : NULL;
}

/* ---- checking ---- */

bool revision_has_dataflow(const Revision *revision, guint layer)
{
    const Program *program = revision->program;
    const GArray *blocks = g_array_index(program->choices, ProgramChoice, 0).blocks;
    const Item *item = g_array_index(program->layers, Place, layer).item;
    return blocks->len > 0 || ast_find(item->body, "Dataflow") != NULL;
}

/* What of its machine is too small for a layer. */
static void check_sizes(const Revision *revision, const Job *job, Workspace *ws)
{
    ReportEntry *entry = g_new0(ReportEntry, 1);
    Finding finding[FINDINGS_MAX];
    entry_start(entry, job->dataflow, &job->layer, &job->nest, &job->machine);
    entry_run(entry, ws);
    int n = entry_findings(entry, finding);
    for (int i = 0; i < n; i++)
        finding_report(&finding[i], job->layer.name, job->span, revision->diag);
    g_free(entry);
}

/* Where nobody names a dataflow the layer is looked at alone. */
void revision_check(Revision *revision)
{
    const Program *program = revision->program;
    if (program == NULL || revision->checked)
        return;
    revision->checked = true;
    gint64 end = g_get_monotonic_time() + EVALUATE_MICROSECONDS;
    Workspace *ws = workspace_new();
    Template *open = g_new0(Template, 1);
    Job *job = g_new0(Job, 1);
    for (guint i = 0; i < program->layers->len; i++) {
        if (!revision_has_dataflow(revision, i))
            job_open(program, i, job);
        else if (job_template(program, i, 0, job, open) && job->legal &&
                 g_get_monotonic_time() < end)
            check_sizes(revision, job, ws);
    }
    g_free(job);
    g_free(open);
    workspace_free(ws);
}
