/* Reading is: files, overrides of constants, checks over the trees, the machine, then which layers
 * are run and which dataflows they may take.  Layers are lowered later, one by one (job.h). */
#include "run/program.h"

#include <string.h>

#include "frontend/schema.h"
#include "run/reading.h"

bool reading_error(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
    return false;
}

const char *reading_hint(const Reading *reading, const char *near)
{
    return near != NULL ? arena_printf(reading->trees->arena, "; did you mean '%s'?", near) : "";
}

/* --- files --- */

int reading_file(Reading *reading, const char *name, SourceKind kind, GError **error)
{
    int source = sources_read(diag_sources(reading->diag), name, kind, error);
    if (source >= 0)
        trees_add(reading->trees, source);
    return source;
}

static bool read_files(Reading *reading, GError **error)
{
    const ProgramRequest *request = reading->request;
    for (int i = 0; request->files != NULL && request->files[i] != NULL; i++) {
        int source = reading_file(reading, request->files[i], SOURCE_ANY, error);
        if (source < 0)
            return false;
        g_array_append_val(reading->sources, source);
    }
    if (request->model != NULL &&
        (reading->model = reading_file(reading, request->model, SOURCE_MODEL, error)) < 0)
        return false;
    return request->hardware == NULL ||
           (reading->hardware = reading_file(reading, request->hardware, SOURCE_HARDWARE, error)) >=
               0;
}

const ProgramFile *program_file(const Program *program, Place place)
{
    return &g_array_index(program->trees->files, ProgramFile, place.file);
}

static const Ast *ast_of(const Reading *reading, guint file)
{
    return g_array_index(reading->trees->files, ProgramFile, file).ast;
}

static const Ast *ast_of_source(const Reading *reading, int source)
{
    guint i = 0;
    while (ast_of(reading, i)->source != source)
        i++;
    return ast_of(reading, i);
}

/* --- blocks --- */

static bool is_block(const Item *item, const char *key)
{
    return item->kind == ITEM_ENTRY && item->has_body && strcmp(item->key, key) == 0;
}

GArray *reading_blocks(const Reading *reading, const char *key, int source)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(Place));
    for (guint i = 0; i < reading->trees->files->len; i++) {
        const Ast *ast = ast_of(reading, i);
        if (source >= 0 && ast->source != source)
            continue;
        for (const Item *item = ast->items; item != NULL; item = item->next) {
            Place place = {i, item};
            if (is_block(item, key))
                g_array_append_val(blocks, place);
        }
    }
    return blocks;
}

static const Place *place_at(const GArray *blocks, guint i)
{
    return &g_array_index(blocks, Place, i);
}

/* A file's name as text: bytes that are not UTF-8 are written "\xE9". */
static const char *name_text(Arena *arena, const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *wrong;
    for (; !g_utf8_validate(name, -1, &wrong); name = wrong + 1) {
        g_string_append_len(text, name, wrong - name);
        g_string_append_printf(text, "\\x%02X", (unsigned char) *wrong);
    }
    g_string_append(text, name);
    return arena_strdup(arena, text->str);
}

/* The name of a file without folders and ending. */
static const char *file_title(const Program *program, Place place)
{
    const Trees *trees = program->trees;
    const Source *source = sources_get(trees->sources, program_file(program, place)->ast->source);
    g_autofree char *base = g_path_get_basename(source->name);
    char *dot = strrchr(base, '.');
    if (dot != NULL && dot != base)
        *dot = '\0';
    return name_text(trees->arena, base);
}

const char *program_title(const Program *program, Place place)
{
    const char *name = place.item != NULL ? ast_name(place.item) : "";
    return *name != '\0' ? name : file_title(program, place);
}

/* --- layers --- */

static bool is_picked(const ProgramRequest *request, const char *name)
{
    if (request->layers == NULL)
        return true;
    for (int i = 0; request->layers[i] != NULL; i++) {
        if (g_pattern_match_simple(request->layers[i], name))
            return true;
    }
    return false;
}

static const char *nearest_layer(const GArray *networks, const char *glob)
{
    const char *best = NULL;
    for (guint i = 0; i < networks->len && best == NULL; i++) {
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        for (const Item *item = place_at(networks, i)->item->body; item != NULL; item = item->next)
            g_ptr_array_add(names, (gpointer) ast_name(item));
        best = diag_nearest(glob, (const char *const *) names->pdata, names->len);
    }
    return best;
}

static bool has_layer(const GArray *networks, const char *glob)
{
    for (guint i = 0; i < networks->len; i++) {
        for (const Item *item = place_at(networks, i)->item->body; item != NULL; item = item->next)
            if (is_block(item, "Layer") && g_pattern_match_simple(glob, ast_name(item)))
                return true;
    }
    return false;
}

GHashTable *program_names(const Program *program)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < program->layers->len; i++)
        if (!g_hash_table_add(names, (gpointer) ast_name(place_at(program->layers, i)->item)))
            return NULL;
    return g_steal_pointer(&names);
}

static bool check_globs(const Reading *reading, const GArray *networks, GError **error)
{
    const char **globs = reading->request->layers;
    for (int i = 0; globs != NULL && globs[i] != NULL; i++) {
        if (!has_layer(networks, globs[i]))
            return reading_error(error, "no layer '%s'%s", globs[i],
                                 reading_hint(reading, nearest_layer(networks, globs[i])));
    }
    return true;
}

/* "first+second" */
static void name_network(Reading *reading, const GArray *networks)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < networks->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? "+" : "",
                               program_title(reading->program, *place_at(networks, i)));
    reading->program->network = arena_strdup(reading->trees->arena, names->str);
}

/* In whatever shape: one that is not as it should be has a row that says so. */
static bool is_layer(const Item *item)
{
    return item->kind == ITEM_ENTRY && strcmp(item->key, "Layer") == 0;
}

static void add_layers(Reading *reading, const Place *network)
{
    for (const Item *item = network->item->body; item != NULL; item = item->next) {
        Place place = {network->file, item};
        if (is_layer(item) && is_picked(reading->request, ast_name(item)))
            g_array_append_val(reading->program->layers, place);
    }
}

static bool read_networks(Reading *reading, GError **error)
{
    g_autoptr(GArray) networks = reading_blocks(reading, "Network", reading->model);
    name_network(reading, networks);
    if (networks->len == 0 && reading->model >= 0) {
        if (!ast_of_source(reading, reading->model)->broken)
            diag_report(reading->diag, CHECK_MISSING_KEY, (Span){reading->model, 0, 0},
                        "no Network in this file");
        return true;
    }
    if (diag_errors(reading->diag) == 0 && networks->len == 0 && !reading->request->partial)
        return reading_error(error, "no network: give --model FILE, or a file with a Network");
    if (diag_errors(reading->diag) == 0 && !check_globs(reading, networks, error))
        return false;
    for (guint i = 0; i < networks->len; i++)
        add_layers(reading, place_at(networks, i));
    return true;
}

/* --- dataflows --- */

static void choice_clear(gpointer data)
{
    g_array_free(((ProgramChoice *) data)->blocks, TRUE);
}

/* Those of one source, or (source < 0) of all. */
static void add_choice(Reading *reading, const char *file, int source)
{
    const char *name = file ? name_text(reading->trees->arena, file) : NULL;
    ProgramChoice choice = {name, "", reading_blocks(reading, "Dataflow", source)};
    if (choice.blocks->len > 0)
        choice.name = program_title(reading->program, *place_at(choice.blocks, 0));
    g_array_append_val(reading->program->choices, choice);
}

/* Whether the file of that number holds dataflows, and is not given before by another name. */
static bool is_choice(const Reading *reading, guint number)
{
    const int *source = (const int *) (gpointer) reading->sources->data;
    for (guint i = 0; i < number; i++)
        if (source[i] == source[number])
            return false;
    return ast_find(ast_of_source(reading, source[number])->items, "Dataflow") != NULL;
}

/* A file given with a Dataflow of its own is a choice, if there are several. */
static void read_choices(Reading *reading)
{
    const char **files = reading->request->files;
    int found = 0;
    for (guint i = 0; i < reading->sources->len; i++)
        found += is_choice(reading, i);
    bool several = found > 1 && !reading->request->together;
    for (guint i = 0; i < reading->sources->len && several; i++)
        if (is_choice(reading, i))
            add_choice(reading, files[i], g_array_index(reading->sources, int, i));
    if (!several)
        add_choice(reading, NULL, -1);
}

/* Where every layer brings a dataflow along, those of files are not looked at. */
static void check_choices(Reading *reading)
{
    Program *program = reading->program;
    for (guint i = 0; i < program->layers->len; i++)
        if (ast_find(place_at(program->layers, i)->item->body, "Dataflow") == NULL)
            return;
    if (program->layers->len == 0 || program->own != OWN_FIRST)
        return;
    for (guint c = 0; c < program->choices->len; c++) {
        ProgramChoice *choice = &g_array_index(program->choices, ProgramChoice, c);
        if (choice->blocks->len > 0)
            diag_report(reading->diag, CHECK_UNUSED_DATAFLOW,
                        ast_head(place_at(choice->blocks, 0)->item),
                        "no layer takes this dataflow: each brings one along");
        if (program->choices->len == 1)
            choice->name = "";
    }
}

/* --- all of it --- */

static bool read_all(Reading *reading, GError **error)
{
    if (!read_files(reading, error) || !reading_load_technologies(reading, error))
        return false;
    if (!reading_defines(reading, (const char *const *) reading->request->defines, error)) {
        g_prefix_error(error, "-D ");
        return false;
    }
    trees_operators(reading->trees);
    check_run(reading->trees);
    if (!reading_machine(reading, error) || !read_networks(reading, error))
        return false;
    read_choices(reading);
    check_choices(reading);
    reading_levels(reading);
    reading_unused(reading);
    return true;
}

Program *program_read(const ProgramRequest *request, Diag *diag, GError **error)
{
    Program *program = g_new0(Program, 1);
    program->trees = trees_new(diag_sources(diag), diag_arena(diag), diag);
    program->network = program->hardware = "";
    program->own = request->own;
    program->layers = g_array_new(FALSE, FALSE, sizeof(Place));
    program->choices = g_array_new(FALSE, FALSE, sizeof(ProgramChoice));
    g_array_set_clear_func(program->choices, choice_clear);
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(int));
    Reading reading = {request, program, program->trees, diag, sources, -1, -1};
    if (read_all(&reading, error))
        return program;
    program_free(program);
    return NULL;
}

void program_fill(Program *program, guint choice, guint layer, ProgramFilled *filled)
{
    guint n = program->layers->len;
    if (program->filled == NULL)
        program->filled = g_new0(ProgramFilled *, (gsize) program->choices->len * n);
    program->filled[choice * n + layer] = filled;
}

const ProgramFilled *program_filled(const Program *program, guint choice, guint layer)
{
    guint n = program->layers->len;
    return program->filled != NULL ? program->filled[choice * n + layer] : NULL;
}

static void drop_filled(Program *program)
{
    guint n = program->choices->len * program->layers->len;
    for (guint i = 0; program->filled != NULL && i < n; i++)
        g_free(program->filled[i]);
    g_free(program->filled);
}

void program_free(Program *program)
{
    if (program == NULL)
        return;
    drop_filled(program);
    g_array_unref(program->layers);
    g_array_unref(program->choices);
    trees_free(program->trees);
    g_free(program);
}
