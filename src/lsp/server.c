/* Messages in, answers out.  What is wrong with documents is said once no message waits: while a
 * client types faster than it is worked out, only the last state counts. */
#include "lsp/server.h"

#include <signal.h>
#include <string.h>

#include "lsp/methods.h"

static void send_error(Server *server, json_t *id, Refusal refusal)
{
    wire_send(server->wire, json_pack("{s:s, s:O, s:{s:i, s:s}}", "jsonrpc", "2.0", "id", id,
                                      "error", "code", refusal.code, "message", refusal.message));
}

/* A message without an id that can be told is answered with none. */
static void refuse(Server *server, int code, const char *message)
{
    send_error(server, json_null(), (Refusal){code, message});
}

static void answer(Server *server, json_t *id, const Method *method, const json_t *params)
{
    Refusal refusal = {0, NULL};
    if (server->state == SERVER_NEW && strcmp(method->name, "initialize") != 0)
        refusal = (Refusal){NOT_INITIALIZED, "initialize comes first"};
    else if (server->state == SERVER_ENDING)
        refusal = (Refusal){INVALID_REQUEST, "the server is shut down"};
    json_t *result = refusal.code == 0 ? method->answer(server, params, &refusal) : NULL;
    if (refusal.code != 0) {
        json_decref(result);
        send_error(server, id, refusal);
        return;
    }
    wire_send(server->wire, json_pack("{s:s, s:O, s:o}", "jsonrpc", "2.0", "id", id, "result",
                                      result != NULL ? result : json_null()));
}

/* Notifications are never answered; those that come out of time are dropped, but for exit. */
static void notice(Server *server, const Method *method, const json_t *params)
{
    Refusal refusal = {0, NULL};
    if (server->state == SERVER_RUNNING || strcmp(method->name, "exit") == 0)
        json_decref(method->answer(server, params, &refusal));
}

static void dispatch(Server *server, const json_t *message)
{
    json_t *id = json_object_get(message, "id");
    const char *name = json_string_value(json_object_get(message, "method"));
    const json_t *params = json_object_get(message, "params");
    bool answers = json_object_get(message, "result") || json_object_get(message, "error");
    if (name == NULL && answers) /* the server asks nothing */
        return;
    if (name == NULL || (id != NULL && !json_is_integer(id) && !json_is_string(id))) {
        refuse(server, INVALID_REQUEST, "this is no message of JSON-RPC 2.0");
        return;
    }
    const Method *method = method_find(name);
    if (id != NULL && (method == NULL || !method->request))
        send_error(server, id, (Refusal){METHOD_NOT_FOUND, "there is no such method"});
    else if (id != NULL)
        answer(server, id, method, params);
    else if (method != NULL && !method->request)
        notice(server, method, params);
}

static void take(Server *server, const GString *body)
{
    json_error_t error;
    json_t *message = json_loadb(body->str, body->len, JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    if (message == NULL) {
        g_autofree char *text = g_utf8_make_valid(error.text, -1);
        refuse(server, PARSE_ERROR, text);
        return;
    }
    dispatch(server, message);
    json_decref(message);
}

/* One message, or the end. */
static void step(Server *server, GString *body)
{
    switch (wire_read(server->wire, body)) {
    case WIRE_MESSAGE:
        take(server, body);
        break;
    case WIRE_MALFORMED:
        refuse(server, PARSE_ERROR, "a header has no Content-Length");
        break;
    case WIRE_TOO_LARGE:
        refuse(server, INVALID_REQUEST, "a message is longer than 512 MiB");
        server->state = SERVER_ENDED;
        server->status = 1;
        break;
    case WIRE_END:
        server->status = server->state != SERVER_ENDING;
        server->state = SERVER_ENDED;
        break;
    }
}

static void document_clear(gpointer document)
{
    document_free(document);
}

int server_run(int in, int out, const char *model, const char *hardware, const char *dataflow)
{
    g_autoptr(Wire) wire = wire_new(in, out);
    g_autoptr(GString) body = g_string_new(NULL);
    Server server = {.wire = wire};
    server.around.settings = (Beside){g_strdup(model), g_strdup(hardware), g_strdup(dataflow)};
    server.around.documents = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, document_clear);
    signal(SIGPIPE, SIG_IGN); /* a client that is gone is found when it is read from */
    while (server.state != SERVER_ENDED) {
        if (!wire_waits(wire))
            methods_publish(&server);
        step(&server, body);
    }
    g_hash_table_destroy(server.around.documents);
    beside_clear(&server.around.settings);
    g_free(server.around.root);
    return server.status;
}
