#include "lsp/document.h"

#include <string.h>

#include "lsp/revision.h"

/* A line ends with "\n", "\r\n" or "\r". */
static void find_lines(Document *document)
{
    const GString *text = document->text;
    uint32_t start = 0;
    g_array_set_size(document->lines, 0);
    g_array_append_val(document->lines, start);
    for (size_t i = 0; i < text->len; i++) {
        if (text->str[i] != '\n' && (text->str[i] != '\r' || text->str[i + 1] == '\n'))
            continue;
        start = (uint32_t) i + 1;
        g_array_append_val(document->lines, start);
    }
}

Document *document_new(const char *uri, const char *text, size_t length)
{
    Document *document = g_new0(Document, 1);
    document->uri = g_strdup(uri);
    document->path = g_filename_from_uri(uri, NULL, NULL);
    document->text = g_string_new_len(text, (gssize) length);
    document->lines = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    document->stale = true;
    find_lines(document);
    return document;
}

void document_free(Document *document)
{
    if (document == NULL)
        return;
    revision_free(document->revision);
    json_decref(document->version);
    g_free(document->uri);
    g_free(document->path);
    g_string_free(document->text, TRUE);
    g_array_free(document->lines, TRUE);
    g_free(document);
}

const char *document_name(const Document *document)
{
    const char *name = document->path != NULL ? document->path : document->uri;
    return *name != '\0' ? name : "untitled";
}

bool document_is(const Document *document, const char *path)
{
    if (document->path == NULL)
        return false;
    g_autofree char *mine = source_identity(document->path, -1), *other = source_identity(path, -1);
    return mine != NULL && other != NULL && strcmp(mine, other) == 0;
}

bool document_replace(Document *document, Span span, const char *text, size_t length)
{
    if (span.begin > span.end || span.end > document->text->len)
        return false;
    g_string_erase(document->text, (gssize) span.begin, (gssize) (span.end - span.begin));
    g_string_insert_len(document->text, (gssize) span.begin, text, (gssize) length);
    find_lines(document);
    return true;
}

/* --- places --- */

static uint32_t line_begin(const Document *document, guint line)
{
    return g_array_index(document->lines, uint32_t, line);
}

/* Without what ends the line. */
static uint32_t line_end(const Document *document, guint line)
{
    const char *text = document->text->str;
    uint32_t begin = line_begin(document, line), end = (uint32_t) document->text->len;
    if (line + 1 < document->lines->len)
        end = line_begin(document, line + 1);
    while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r'))
        end--;
    return end;
}

/* UTF-16 code units that begin with the byte: characters beyond the first 65,536 have two. */
static uint32_t units_of(char byte)
{
    unsigned char c = (unsigned char) byte;
    return (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
}

bool document_byte(const Document *document, const json_t *position, uint32_t *byte)
{
    const json_t *line = json_object_get(position, "line"),
                 *character = json_object_get(position, "character");
    if (!json_is_integer(line) || !json_is_integer(character) || json_integer_value(line) < 0 ||
        json_integer_value(character) < 0)
        return false;
    *byte = (uint32_t) document->text->len;
    if (json_integer_value(line) >= (json_int_t) document->lines->len)
        return true;
    guint number = (guint) json_integer_value(line);
    uint32_t end = line_end(document, number), at = line_begin(document, number);
    json_int_t left = json_integer_value(character);
    while (at < end && left > 0) {
        left -= units_of(document->text->str[at]);
        at = (uint32_t) (g_utf8_next_char(document->text->str + at) - document->text->str);
    }
    *byte = MIN(at, end);
    return true;
}

bool document_span(const Document *document, const json_t *range, Span *span)
{
    *span = (Span){0, 0, 0};
    return document_byte(document, json_object_get(range, "start"), &span->begin) &&
           document_byte(document, json_object_get(range, "end"), &span->end) &&
           span->begin <= span->end;
}

static guint line_of(const Document *document, uint32_t byte)
{
    guint low = 0, high = document->lines->len;
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        *(line_begin(document, middle) <= byte ? &low : &high) = middle;
    }
    return low;
}

json_t *document_position(const Document *document, uint32_t byte)
{
    byte = MIN(byte, (uint32_t) document->text->len);
    guint line = line_of(document, byte);
    json_int_t units = 0;
    for (uint32_t i = line_begin(document, line); i < byte; i++)
        units += units_of(document->text->str[i]);
    return json_pack("{s:i, s:I}", "line", (int) line, "character", units);
}

json_t *document_range(const Document *document, Span span)
{
    return json_pack("{s:o, s:o}", "start", document_position(document, span.begin), "end",
                     document_position(document, MAX(span.begin, span.end)));
}

Span document_all(const Document *document)
{
    return (Span){0, 0, (uint32_t) document->text->len};
}
