/* What the server does for each method of the protocol. */
#ifndef DCC_LSP_METHODS_H
#define DCC_LSP_METHODS_H

#include "lsp/revision.h"
#include "lsp/wire.h"

typedef enum { SERVER_NEW, SERVER_RUNNING, SERVER_ENDING, SERVER_ENDED } ServerState;

typedef struct {
    Wire *wire;
    ServerState state;
    Surroundings around;
    bool related; /* the client shows related information */
    int status;   /* to exit with, once it has ended */
} Server;

/* Codes of JSON-RPC and the protocol. */
enum {
    PARSE_ERROR = -32700,
    INVALID_REQUEST = -32600,
    METHOD_NOT_FOUND = -32601,
    INVALID_PARAMS = -32602,
    NOT_INITIALIZED = -32002
};

/* Why a request is not answered; code 0: it is. */
typedef struct {
    int code;
    const char *message;
} Refusal;

/* What a method answers, NULL where it is refused; of a notification nothing. */
typedef json_t *Answer(Server *server, const json_t *params, Refusal *refusal);

typedef struct {
    const char *name;
    bool request; /* and not a notification */
    Answer *answer;
} Method;

/* NULL: there is none of that name. */
const Method *method_find(const char *name);

/* Tells the client of every document of which it may not know what is wrong. */
void methods_publish(Server *server);

#endif
