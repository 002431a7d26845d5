/* The findings of a run that lie in the document.  One dataflow is lowered for every layer of a
 * model; what is said of one layer is not said again of the next at the same place. */
#include "lsp/findings.h"

#include <string.h>

enum { SHOWN_MAX = 500, ERROR = 1, WARNING = 2 };

/* A finding with its notes: n entries from `first`, and how many more layers have it. */
typedef struct {
    const DiagEntry *first;
    size_t n;
    int more;
} Found;

static bool is_same(const DiagEntry *a, const DiagEntry *b)
{
    return a->check == b->check && a->span.source == b->span.source &&
           a->span.begin == b->span.begin && a->span.end == b->span.end;
}

/* Those of the document; owned by the caller. */
static GArray *gather(Revision *revision)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(Found));
    size_t n, i = 0;
    revision_check(revision);
    const DiagEntry *entry = diag_entries(revision->diag, &n);
    while (i < n) {
        Found found = {&entry[i], 1, 0};
        while (i + found.n < n && entry[i + found.n].severity == SEVERITY_NOTE)
            found.n++;
        i += found.n;
        Found *last = all->len > 0 ? &g_array_index(all, Found, all->len - 1) : NULL;
        if (found.first->span.source != revision->source)
            continue;
        if (last != NULL && is_same(last->first, found.first))
            last->more++;
        else if (all->len < SHOWN_MAX)
            g_array_append_val(all, found);
    }
    return all;
}

/* ---- diagnostics ---- */

/* Messages may quote what is no UTF-8. */
static json_t *text_of(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

json_t *findings_location(const Revision *revision, const Document *document, Span span)
{
    if (span.source == revision->source)
        return json_pack("{s:s, s:o}", "uri", document->uri, "range",
                         document_range(document, span));
    const Source *source = sources_get(revision->sources, span.source);
    g_autofree char *path = g_canonicalize_filename(source->name, NULL);
    g_autofree char *uri = g_filename_to_uri(path, NULL, NULL);
    if (uri == NULL)
        return NULL;
    Document *other = document_new(uri, source->text, source->length);
    json_t *range = document_range(other, span);
    document_free(other);
    return json_pack("{s:s, s:o}", "uri", uri, "range", range);
}

static void add_note(json_t *related, GString *message, const Revision *revision,
                     const Document *document, const DiagEntry *note)
{
    json_t *location = related != NULL && note->span.source >= 0
                           ? findings_location(revision, document, note->span)
                           : NULL;
    if (location == NULL)
        g_string_append_printf(message, "\n%s", note->message);
    else
        json_array_append_new(related, json_pack("{s:o, s:o}", "location", location, "message",
                                                 text_of(note->message)));
}

static json_t *diagnostic_of(const Revision *revision, const Document *document, const Found *found,
                             bool related)
{
    const DiagEntry *entry = found->first;
    json_t *notes = related ? json_array() : NULL;
    g_autoptr(GString) message = g_string_new(entry->message);
    if (found->more > 0)
        g_string_append_printf(message, ", and %d more of %s here", found->more,
                               found->more == 1 ? "its kind" : "their kind");
    for (size_t i = 1; i < found->n; i++)
        add_note(notes, message, revision, document, &entry[i]);
    json_t *diagnostic =
        json_pack("{s:o, s:i, s:s, s:s, s:o}", "range", document_range(document, entry->span),
                  "severity", entry->severity == SEVERITY_ERROR ? ERROR : WARNING, "code",
                  diag_check_name(entry->check), "source", "dcc", "message", text_of(message->str));
    if (json_array_size(notes) > 0)
        json_object_set(diagnostic, "relatedInformation", notes);
    json_decref(notes);
    return diagnostic;
}

/* The files beside the document cannot be read. */
static void add_problem(json_t *list, const Revision *revision, const Document *document)
{
    Span span = revision_command(document->text->str);
    if (revision->problem != NULL)
        json_array_append_new(list,
                              json_pack("{s:o, s:i, s:s, s:o}", "range",
                                        document_range(document, span), "severity", WARNING,
                                        "source", "dcc", "message", text_of(revision->problem)));
}

json_t *findings_of(Document *document, const Surroundings *around, bool related)
{
    Revision *revision = revision_of(document, around);
    g_autoptr(GArray) all = gather(revision);
    json_t *list = json_array();
    add_problem(list, revision, document);
    for (guint i = 0; i < all->len; i++)
        json_array_append_new(
            list, diagnostic_of(revision, document, &g_array_index(all, Found, i), related));
    json_t *params = json_pack("{s:s, s:o}", "uri", document->uri, "diagnostics", list);
    if (document->version != NULL)
        json_object_set(params, "version", document->version);
    return params;
}

/* ---- mends ---- */

json_t *findings_edit(const Document *document, Span span, const char *text)
{
    json_t *edit =
        json_pack("{s:o, s:o}", "range", document_range(document, span), "newText", text_of(text));
    json_t *changes = json_object();
    json_object_set_new(changes, document->uri, json_pack("[o]", edit));
    return json_pack("{s:o}", "changes", changes);
}

/* "write 'Clock'", "insert '}'", "remove '}'" */
static json_t *title_of(const Document *document, const Mend *mend)
{
    g_autofree char *old = g_strndup(document->text->str + mend->span.begin,
                                     (gsize) (mend->span.end - mend->span.begin));
    g_autofree char *text = g_strstrip(g_strdup(mend->text));
    g_autofree char *title = *mend->text == '\0' ? g_strdup_printf("Remove '%s'", old)
                             : *old == '\0'      ? g_strdup_printf("Insert '%s'", text)
                                                 : g_strdup_printf("Change to '%s'", text);
    return text_of(title);
}

static json_t *mend_of(const Revision *revision, const Document *document, const Found *found)
{
    const Mend *mend = &found->first->mend;
    return json_pack("{s:o, s:s, s:b, s:[o], s:o}", "title", title_of(document, mend), "kind",
                     "quickfix", "isPreferred", 1, "diagnostics",
                     diagnostic_of(revision, document, found, false), "edit",
                     findings_edit(document, mend->span, mend->text));
}

json_t *findings_mends(Document *document, const Surroundings *around, Span span)
{
    Revision *revision = revision_of(document, around);
    g_autoptr(GArray) all = gather(revision);
    json_t *list = json_array();
    for (guint i = 0; i < all->len; i++) {
        const Found *found = &g_array_index(all, Found, i);
        const DiagEntry *entry = found->first;
        bool touches = entry->span.begin <= span.end && span.begin <= entry->span.end;
        if (touches && entry->mend.text != NULL && entry->mend.span.source == revision->source)
            json_array_append_new(list, mend_of(revision, document, found));
    }
    return list;
}
