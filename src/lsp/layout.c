/* What is the same at both ends is left alone, so that the cursor stays where it is. */
#include "lsp/layout.h"

#include <string.h>

#include "frontend/ast.h"

/* NULL: the document has mistakes. */
static char *format(const Document *document)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    int source = sources_add(sources, "", document->text->str, document->text->len);
    const Ast *ast = ast_parse(sources, source, arena, diag);
    return diag_errors(diag) == 0 ? format_ast(ast, sources) : NULL;
}

/* Bytes that both begin with, whole lines. */
static size_t same_begin(const char *a, const char *b)
{
    size_t line = 0;
    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++)
        if (a[i] == '\n')
            line = i + 1;
    return line;
}

/* Bytes that both end with, whole lines; `most` of them at most. */
static size_t same_end(const char *a, size_t n, const char *b, size_t m, size_t most)
{
    size_t line = 0;
    for (size_t i = 0; i < most && a[n - 1 - i] == b[m - 1 - i]; i++)
        if (a[n - 1 - i] == '\n')
            line = i;
    return line;
}

json_t *layout_edits(const Document *document)
{
    const GString *text = document->text;
    g_autofree char *laid = format(document);
    if (laid == NULL)
        return NULL;
    size_t length = strlen(laid), begin = same_begin(text->str, laid);
    if (length == text->len && memcmp(laid, text->str, length) == 0)
        return json_array();
    size_t end = same_end(text->str, text->len, laid, length, MIN(text->len, length) - begin);
    Span span = {0, (uint32_t) begin, (uint32_t) (text->len - end)};
    return json_pack("[{s:o, s:s%}]", "range", document_range(document, span), "newText",
                     laid + begin, length - end - begin);
}
