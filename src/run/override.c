/* What a command line or a design overrides: constants by expressions, keys by values.  Errors
 * begin with the assignment; who knows the option puts it before. */
#include <string.h>

#include "run/reading.h"

/* --- -D --- */

const Expr *program_expression(const Trees *trees, const char *name, const char *text,
                               GError **error)
{
    Sources *sources = diag_sources(trees->diag);
    g_autofree char *line = g_strdup_printf("Value: %s", text);
    g_autofree char *title = g_strdup_printf("-D %s", name);
    int source = sources_add(sources, title, line, strlen(line));
    g_autoptr(Diag) own = diag_new(sources, trees->arena);
    const Ast *ast = ast_parse(sources, source, trees->arena, own);
    const Item *item = ast->items;
    bool one = item != NULL && item->next == NULL && item->kind == ITEM_ENTRY &&
               item->value != NULL && !item->has_body;
    if (diag_errors(own) == 0 && one)
        return item->value;
    reading_error(error, "%s=%s: an expression is wanted", name, text);
    return NULL;
}

static Constants *constants_of(const Trees *trees, guint file)
{
    return g_array_index(trees->files, ProgramFile, file).constants;
}

static const char *nearest_constant(const Trees *trees, const char *name)
{
    for (guint i = 0; i < trees->files->len; i++) {
        const char *near = constants_nearest(constants_of(trees, i), name);
        if (near != NULL)
            return near;
    }
    return NULL;
}

static bool define_from(Trees *trees, guint first, const char *name, const Expr *value)
{
    bool found = false;
    for (guint i = first; i < trees->files->len; i++)
        found |= constants_override(constants_of(trees, i), name, value);
    return found;
}

bool program_define(Trees *trees, const char *name, const Expr *value)
{
    return define_from(trees, 0, name, value);
}

void program_evaluate(Trees *trees)
{
    for (guint i = 0; i < trees->files->len; i++)
        constants_evaluate(constants_of(trees, i), trees->diag);
}

static bool define(const Reading *reading, const char *text, GError **error)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return reading_error(error, "%s: wants NAME=EXPRESSION", text);
    char *name = arena_strndup(reading->trees->arena, text, (size_t) (equals - text));
    const Expr *value = program_expression(reading->trees, name, equals + 1, error);
    if (value == NULL)
        return false;
    bool apart = reading->request != NULL && reading->request->apart;
    if (define_from(reading->trees, apart, name, value))
        return true;
    return reading_error(error, "%s: no file has a constant '%s'%s", text, name,
                         reading_hint(reading, nearest_constant(reading->trees, name)));
}

bool reading_defines(Reading *reading, const char *const *defines, GError **error)
{
    for (int i = 0; defines != NULL && defines[i] != NULL; i++) {
        if (!define(reading, defines[i], error))
            return false;
    }
    return true;
}

bool reading_sets(Reading *reading, const char *const *sets, GError **error)
{
    for (int i = 0; sets != NULL && sets[i] != NULL; i++) {
        if (!hardware_set(reading->trees, &reading->program->machine, sets[i], error))
            return false;
    }
    return true;
}

/* --- a program under further overrides --- */

Program *program_copy(const Program *program, Diag *diag)
{
    Program *copy = g_new(Program, 1);
    *copy = *program;
    copy->trees = trees_copy(program->trees, diag_sources(diag), diag_arena(diag), diag);
    copy->filled = NULL; /* they were found for the machine as it was */
    g_array_ref(copy->layers);
    g_array_ref(copy->choices);
    return copy;
}

Program *program_override(const Program *program, const char **defines, const char **sets,
                          Diag *diag, GError **error)
{
    Program *copy = program_copy(program, diag);
    Reading reading = {.program = copy, .trees = copy->trees, .diag = diag};
    bool ok = reading_defines(&reading, (const char *const *) defines, error);
    if (ok) {
        trees_operators(copy->trees);
        program_evaluate(copy->trees);
        ok = reading_sets(&reading, (const char *const *) sets, error);
    }
    if (ok)
        return copy;
    program_free(copy);
    return NULL;
}
