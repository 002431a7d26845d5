/* All files of a run, parsed. */
#include "frontend/check.h"

static Trees *trees_empty(const Sources *sources, Arena *arena, Diag *diag)
{
    Trees *trees = g_new0(Trees, 1);
    trees->sources = sources;
    trees->arena = arena;
    trees->diag = diag;
    trees->files = g_array_new(FALSE, TRUE, sizeof(ProgramFile));
    return trees;
}

Trees *trees_new(const Sources *sources, Arena *arena, Diag *diag)
{
    Trees *trees = trees_empty(sources, arena, diag);
    trees->operators = operators_new(arena, diag);
    return trees;
}

Trees *trees_copy(const Trees *other, const Sources *sources, Arena *arena, Diag *diag)
{
    Trees *trees = trees_empty(sources, arena, diag);
    trees->operators = operators_new(arena, diag);
    for (guint i = 0; i < other->files->len; i++) {
        ProgramFile file = g_array_index(other->files, ProgramFile, i);
        file.constants = constants_copy(file.constants, arena);
        g_array_append_val(trees->files, file);
    }
    return trees;
}

void trees_free(Trees *trees)
{
    if (trees == NULL)
        return;
    for (guint i = 0; i < trees->files->len; i++)
        constants_clear(g_array_index(trees->files, ProgramFile, i).constants);
    g_array_free(trees->files, TRUE);
    operators_clear(trees->operators);
    g_free(trees);
}

void trees_add(Trees *trees, int source)
{
    for (guint i = 0; i < trees->files->len; i++) {
        if (g_array_index(trees->files, ProgramFile, i).ast->source == source)
            return;
    }
    ProgramFile file;
    file.ast = ast_parse(trees->sources, source, trees->arena, trees->diag);
    ast_number_layers(file.ast, trees->arena);
    file.constants = constants_new(file.ast, trees->arena, trees->diag);
    g_array_append_val(trees->files, file);
}

void trees_operators(Trees *trees)
{
    for (guint i = 0; i < trees->files->len; i++) {
        const ProgramFile *file = &g_array_index(trees->files, ProgramFile, i);
        operators_add(trees->operators, file->ast, file->constants);
    }
}
