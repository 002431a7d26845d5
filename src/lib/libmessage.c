/* What a context has to say: as the text that dcc prints, and message by message. */
#include "lib/lib.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- as text ---- */

char *messages_new(Diag *diag, const GError *error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL)
        return g_strdup("dcc: out of memory\n");
    diag_print(diag, "dcc", stream, false);
    if (error != NULL)
        fprintf(stream, "dcc: %s\n", error->message);
    fclose(stream);
    char *own = g_strdup(text);
    free(text);
    return own;
}

const char *dcc_messages(const dcc_context *context)
{
    return context->messages;
}

/* ---- one by one ---- */

static void forget_message(gpointer data)
{
    dcc_message *message = data;
    g_free((gpointer) message->file);
    g_free((gpointer) message->text);
}

/* Names of severities and checks are static; the rest is copied. */
static void keep_message(dcc_context *context, const dcc_message *from)
{
    g_array_append_vals(context->kept, from, 1);
    dcc_message *own = &g_array_index(context->kept, dcc_message, context->kept->len - 1);
    own->file = g_strdup(own->file);
    own->text = g_strdup(own->text);
}

/* A sentence that is about no place of a text. */
static void keep_sentence(dcc_context *context, const char *text)
{
    const dcc_message message = {.severity = diag_severity_name(SEVERITY_ERROR), .text = text};
    keep_message(context, &message);
}

/* A note without a place of its own stands at that of what it belongs to, as in the text. */
static void keep_entries(dcc_context *context, Diag *diag)
{
    size_t n;
    const DiagEntry *entry = diag_entries(diag, &n);
    Span finding = SPAN_NONE;
    for (size_t i = 0; i < n; i++) {
        bool note = entry[i].severity == SEVERITY_NOTE;
        finding = note ? finding : entry[i].span;
        dcc_message message = {.severity = diag_severity_name(entry[i].severity),
                               .check = note ? NULL : diag_check_name(entry[i].check),
                               .text = entry[i].message};
        message.file = diag_place(diag, entry[i].span.source < 0 ? finding : entry[i].span,
                                  &message.line, &message.column);
        keep_message(context, &message);
    }
}

void context_open(dcc_context *context)
{
    context->messages = g_strdup("");
    context->kept = g_array_new(FALSE, FALSE, sizeof(dcc_message));
    g_array_set_clear_func(context->kept, forget_message);
}

void context_clear(dcc_context *context)
{
    g_free(context->messages);
    g_array_free(context->kept, TRUE);
}

void context_tell(dcc_context *context, Diag *diag, const GError *error)
{
    g_free(context->messages);
    context->messages = messages_new(diag, error);
    g_array_set_size(context->kept, 0);
    keep_entries(context, diag);
    if (error != NULL)
        keep_sentence(context, error->message);
}

void context_say(dcc_context *context, const char *sentence)
{
    g_free(context->messages);
    context->messages = sentence != NULL ? g_strdup_printf("dcc: %s\n", sentence) : g_strdup("");
    g_array_set_size(context->kept, 0);
    if (sentence != NULL)
        keep_sentence(context, sentence);
}

int dcc_message_count(const dcc_context *context)
{
    return (int) context->kept->len;
}

int dcc_get_message(const dcc_context *context, int i, dcc_message *message)
{
    if (i < 0 || i >= dcc_message_count(context))
        return DCC_BAD_ARGUMENT;
    *message = g_array_index(context->kept, dcc_message, i);
    return DCC_OK;
}
