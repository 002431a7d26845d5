/* A table of methods.  Those that answer questions about a place ask other files. */
#include "lsp/methods.h"

#include <string.h>

#include "lsp/complete.h"
#include "lsp/definition.h"
#include "lsp/findings.h"
#include "lsp/hover.h"
#include "lsp/layout.h"
#include "lsp/outline.h"

/* ---- parameters ---- */

static const json_t *part(const json_t *json, const char *first, const char *second)
{
    return json_object_get(json_object_get(json, first), second);
}

static const char *uri_of(const json_t *params)
{
    return json_string_value(part(params, "textDocument", "uri"));
}

/* The document that the parameters name; NULL after refusing. */
static Document *document_in(const Server *server, const json_t *params, Refusal *refusal)
{
    const char *uri = uri_of(params);
    Document *document = uri != NULL ? g_hash_table_lookup(server->around.documents, uri) : NULL;
    if (document == NULL)
        *refusal = (Refusal){INVALID_PARAMS, "no such document is open"};
    return document;
}

/* The same with the byte of the position. */
static Document *place_in(const Server *server, const json_t *params, uint32_t *byte,
                          Refusal *refusal)
{
    Document *document = document_in(server, params, refusal);
    if (document == NULL || document_byte(document, json_object_get(params, "position"), byte))
        return document;
    *refusal = (Refusal){INVALID_PARAMS, "the position is malformed"};
    return NULL;
}

/* ---- documents that change ---- */

static void make_stale(Document *document)
{
    g_clear_pointer(&document->revision, revision_free);
    document->stale = true;
}

/* A document has changed, and with it what is said of those that were read with it; uri NULL: a
 * file has, or the settings. */
static void changed(Server *server, const char *uri)
{
    GHashTableIter each;
    gpointer value;
    g_hash_table_iter_init(&each, server->around.documents);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        Document *document = value;
        const Revision *revision = document->revision;
        bool uses = uri == NULL || strcmp(document->uri, uri) == 0;
        for (guint i = 0; revision != NULL && !uses && i < revision->used->len; i++)
            uses = strcmp(revision->used->pdata[i], uri) == 0;
        if (uses)
            make_stale(document);
    }
}

void methods_publish(Server *server)
{
    GHashTableIter each;
    gpointer value;
    if (server->state != SERVER_RUNNING)
        return;
    g_hash_table_iter_init(&each, server->around.documents);
    while (g_hash_table_iter_next(&each, NULL, &value)) {
        Document *document = value;
        if (!document->stale)
            continue;
        document->stale = false;
        json_t *params = findings_of(document, &server->around, server->related);
        wire_send(server->wire, json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method",
                                          "textDocument/publishDiagnostics", "params", params));
    }
}

static json_t *did_open(Server *server, const json_t *params, Refusal *refusal)
{
    (void) refusal;
    const char *uri = uri_of(params);
    const json_t *text = part(params, "textDocument", "text");
    if (uri == NULL || !json_is_string(text))
        return NULL;
    Document *document = document_new(uri, json_string_value(text), json_string_length(text));
    document->version = json_incref((json_t *) part(params, "textDocument", "version"));
    g_hash_table_replace(server->around.documents, document->uri, document);
    changed(server, NULL); /* others may have read its file */
    return NULL;
}

/* One change: of a range, or of all. */
static void change(Document *document, const json_t *edit)
{
    const json_t *range = json_object_get(edit, "range"), *text = json_object_get(edit, "text");
    Span span = document_all(document);
    if (json_is_string(text) && (range == NULL || document_span(document, range, &span)))
        document_replace(document, span, json_string_value(text), json_string_length(text));
}

static json_t *did_change(Server *server, const json_t *params, Refusal *refusal)
{
    Document *document = document_in(server, params, refusal);
    size_t i;
    json_t *edit;
    if (document == NULL)
        return NULL;
    json_array_foreach(json_object_get(params, "contentChanges"), i, edit)
    {
        change(document, edit);
    }
    json_decref(document->version);
    document->version = json_incref((json_t *) part(params, "textDocument", "version"));
    changed(server, document->uri);
    return NULL;
}

/* Of a document that is closed nothing is wrong any more. */
static json_t *did_close(Server *server, const json_t *params, Refusal *refusal)
{
    const Document *document = document_in(server, params, refusal);
    if (document == NULL)
        return NULL;
    wire_send(server->wire, json_pack("{s:s, s:s, s:{s:s, s:[]}}", "jsonrpc", "2.0", "method",
                                      "textDocument/publishDiagnostics", "params", "uri",
                                      document->uri, "diagnostics"));
    g_hash_table_remove(server->around.documents, document->uri);
    changed(server, NULL);
    return NULL;
}

/* A file has another text now. */
static json_t *did_save(Server *server, const json_t *params, Refusal *refusal)
{
    (void) params, (void) refusal;
    changed(server, NULL);
    return NULL;
}

/* ---- the client and its settings ---- */

static void set(char **place, const json_t *settings, const char *key)
{
    const json_t *value = json_object_get(settings, key);
    if (!json_is_string(value) && !json_is_null(value))
        return;
    g_free(*place);
    *place = g_strdup(json_string_value(value));
}

/* {"dcc": {"model": "vgg16.m", "hw": "eyeriss.hw"}}, or what stands in it. */
static void take_settings(Server *server, const json_t *settings)
{
    const json_t *ours = json_object_get(settings, "dcc");
    ours = json_is_object(ours) ? ours : settings;
    set(&server->around.settings.model, ours, "model");
    set(&server->around.settings.hardware, ours, "hw");
    set(&server->around.settings.dataflow, ours, "dataflow");
}

static json_t *did_configure(Server *server, const json_t *params, Refusal *refusal)
{
    (void) refusal;
    take_settings(server, json_object_get(params, "settings"));
    changed(server, NULL);
    return NULL;
}

static json_t *capabilities(void)
{
    static const int INCREMENTAL = 2;
    return json_pack("{s:s, s:{s:b, s:i, s:{s:b}}, s:b, s:b, s:b, s:b, s:{s:[s]}, s:{s:[s,s,s]}}",
                     "positionEncoding", "utf-16", "textDocumentSync", "openClose", 1, "change",
                     INCREMENTAL, "save", "includeText", 0, "hoverProvider", 1,
                     "definitionProvider", 1, "documentFormattingProvider", 1,
                     "documentSymbolProvider", 1, "codeActionProvider", "codeActionKinds",
                     "quickfix", "completionProvider", "triggerCharacters", "(", ":", " ");
}

static json_t *initialize(Server *server, const json_t *params, Refusal *refusal)
{
    if (server->state != SERVER_NEW) {
        *refusal = (Refusal){INVALID_REQUEST, "the server is initialized already"};
        return NULL;
    }
    const char *root = json_string_value(json_object_get(params, "rootUri"));
    const json_t *shown =
        part(json_object_get(params, "capabilities"), "textDocument", "publishDiagnostics");
    server->state = SERVER_RUNNING;
    server->around.root = root != NULL ? g_filename_from_uri(root, NULL, NULL) : NULL;
    server->related = json_is_true(json_object_get(shown, "relatedInformation"));
    take_settings(server, json_object_get(params, "initializationOptions"));
    return json_pack("{s:o, s:{s:s, s:s}}", "capabilities", capabilities(), "serverInfo", "name",
                     "dcc-lsp", "version", DCC_VERSION);
}

static json_t *initialized(Server *server, const json_t *params, Refusal *refusal)
{
    (void) server, (void) params, (void) refusal;
    return NULL;
}

static json_t *shut_down(Server *server, const json_t *params, Refusal *refusal)
{
    (void) params, (void) refusal;
    server->state = SERVER_ENDING;
    return NULL;
}

static json_t *leave(Server *server, const json_t *params, Refusal *refusal)
{
    (void) params, (void) refusal;
    server->status = server->state != SERVER_ENDING;
    server->state = SERVER_ENDED;
    return NULL;
}

/* ---- questions ---- */

/* Whether the client asks for fixes, among other kinds of actions or all. */
static bool wants_fixes(const json_t *params)
{
    const json_t *only = part(params, "context", "only");
    size_t i;
    json_t *kind;
    json_array_foreach(only, i, kind)
    {
        const char *name = json_string_value(kind);
        if (name != NULL && (*name == '\0' || strcmp(name, "quickfix") == 0))
            return true;
    }
    return !json_is_array(only);
}

static json_t *code_action(Server *server, const json_t *params, Refusal *refusal)
{
    Document *document = document_in(server, params, refusal);
    Span span;
    if (document == NULL)
        return NULL;
    if (document_span(document, json_object_get(params, "range"), &span))
        return wants_fixes(params) ? findings_mends(document, &server->around, span) : json_array();
    *refusal = (Refusal){INVALID_PARAMS, "the range is malformed"};
    return NULL;
}

static json_t *formatting(Server *server, const json_t *params, Refusal *refusal)
{
    const Document *document = document_in(server, params, refusal);
    return document != NULL ? layout_edits(document) : NULL;
}

static json_t *symbols(Server *server, const json_t *params, Refusal *refusal)
{
    Document *document = document_in(server, params, refusal);
    return document != NULL ? outline_of(document, &server->around) : NULL;
}

static json_t *hover(Server *server, const json_t *params, Refusal *refusal)
{
    uint32_t byte;
    Document *document = place_in(server, params, &byte, refusal);
    return document != NULL ? hover_at(document, &server->around, byte) : NULL;
}

static json_t *completion(Server *server, const json_t *params, Refusal *refusal)
{
    uint32_t byte;
    Document *document = place_in(server, params, &byte, refusal);
    return document != NULL ? complete_at(document, &server->around, byte) : NULL;
}

static json_t *definition(Server *server, const json_t *params, Refusal *refusal)
{
    uint32_t byte;
    Document *document = place_in(server, params, &byte, refusal);
    return document != NULL ? definition_at(document, &server->around, byte) : NULL;
}

static const Method methods[] = {
    {"initialize", true, initialize},
    {"initialized", false, initialized},
    {"shutdown", true, shut_down},
    {"exit", false, leave},
    {"workspace/didChangeConfiguration", false, did_configure},
    {"workspace/didChangeWatchedFiles", false, did_save},
    {"textDocument/didOpen", false, did_open},
    {"textDocument/didChange", false, did_change},
    {"textDocument/didSave", false, did_save},
    {"textDocument/didClose", false, did_close},
    {"textDocument/codeAction", true, code_action},
    {"textDocument/completion", true, completion},
    {"textDocument/definition", true, definition},
    {"textDocument/documentSymbol", true, symbols},
    {"textDocument/formatting", true, formatting},
    {"textDocument/hover", true, hover},
};

const Method *method_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    return NULL;
}
