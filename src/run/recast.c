/* Read as hardware, printed, and brought into canonical form. */
#include "run/recast.h"

#include <string.h>

#include "frontend/recast.h"
#include "run/program.h"

/* The name of the file without folders and ending. */
static char *title_of(const char *name)
{
    char *base = g_path_get_basename(name), *dot = strrchr(base, '.');
    if (dot != NULL && dot != base)
        *dot = '\0';
    return base;
}

static bool read_hardware(const Trees *trees, Hardware *hardware)
{
    const ProgramFile *file = &g_array_index(trees->files, ProgramFile, 0);
    const Item *block = ast_find(file->ast->items, "Accelerator");
    if (block == NULL && ast_find(file->ast->items, "num_pes") == NULL) {
        if (!file->ast->broken)
            diag_report(trees->diag, CHECK_MISSING_KEY, (Span){file->ast->source, 0, 0},
                        "no Accelerator in this file");
        return false;
    }
    if (!hardware_read(trees, file, block, hardware) || diag_errors(trees->diag) > 0)
        return false;
    if (hardware->n_memories == 0)
        return true;
    diag_report(trees->diag, CHECK_WRONG_FORM, hardware->span, "it has a Hierarchy already");
    return false;
}

static char *canonical(const GString *text, Diag *diag)
{
    Sources *sources = diag_sources(diag);
    int source = sources_add(sources, "--as-hierarchy", text->str, text->len);
    return format_ast(ast_parse(sources, source, diag_arena(diag), diag), sources);
}

char *recast_file(const char *name, Diag *diag, GError **error)
{
    int source = sources_read(diag_sources(diag), name, SOURCE_HARDWARE, error);
    if (source < 0)
        return NULL;
    g_autoptr(Trees) trees = trees_new(diag_sources(diag), diag_arena(diag), diag);
    trees_add(trees, source);
    trees_operators(trees);
    check_run(trees);
    Hardware hardware;
    if (!read_hardware(trees, &hardware))
        return NULL;
    g_autofree char *title = title_of(name);
    const Ast *ast = g_array_index(trees->files, ProgramFile, 0).ast;
    GString *text = recast_print(&hardware, *hardware.name != '\0' ? hardware.name : title,
                                 ast_find(ast->items, "Technology") != NULL);
    char *formatted = canonical(text, diag);
    g_string_free(text, TRUE);
    return formatted;
}
