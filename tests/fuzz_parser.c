/* Bytes to a tree and back: any input is parsed or refused, and what the formatter prints
 * of a tree without errors is parsed without errors and printed the same again. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "frontend/ast.h"
#include "frontend/diag.h"
#include "frontend/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The canonical form of a text, to be freed; NULL if the text has errors. */
static char *format_text(const char *text, size_t length)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    int source = sources_add(sources, "fuzz", text, length);
    const Ast *ast = ast_parse(sources, source, arena, diag);
    return diag_errors(diag) == 0 ? format_ast(ast, sources) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *once = format_text((const char *) data, size);
    if (once) {
        g_autofree char *twice = format_text(once, strlen(once));
        if (!twice || strcmp(once, twice) != 0)
            g_error("the canonical form is not a fixed point:\n%s\n---\n%s", once,
                    twice ? twice : "errors");
    }
    return 0;
}
