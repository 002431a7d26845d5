/* All files of a run, parsed. */
#include "frontend/check.h"

Program *program_new(const Sources *sources, Arena *arena, Diag *diag)
{
    Program *program = g_new0(Program, 1);
    program->sources = sources;
    program->arena = arena;
    program->diag = diag;
    program->files = g_array_new(FALSE, TRUE, sizeof(ProgramFile));
    program->operators = operators_new(arena, diag);
    return program;
}

void program_free(Program *program)
{
    if (program == NULL)
        return;
    for (guint i = 0; i < program->files->len; i++)
        constants_clear(g_array_index(program->files, ProgramFile, i).constants);
    g_array_free(program->files, TRUE);
    operators_clear(program->operators);
    g_free(program);
}

void program_add(Program *program, int source)
{
    for (guint i = 0; i < program->files->len; i++) {
        if (g_array_index(program->files, ProgramFile, i).ast->source == source)
            return;
    }
    ProgramFile file;
    file.ast = ast_parse(program->sources, source, program->arena, program->diag);
    file.constants = constants_new(file.ast, program->arena, program->diag);
    operators_add(program->operators, file.ast, file.constants);
    g_array_append_val(program->files, file);
}
