/* What may be written at a byte of a text that is not finished: the blocks around it and what of an
 * item stands before it, by a scan that takes any text. */
#ifndef DCC_LSP_CONTEXT_H
#define DCC_LSP_CONTEXT_H

#include <glib.h>
#include <stdbool.h>

#include "frontend/source.h"

enum { CONTEXT_DEPTH = 12 /* brackets open at once; what is inside of more is not told */ };

/* A word of the text. */
typedef struct {
    uint32_t begin, end;
} ContextWord;

/* A bracket that is open: of a brace the key and the name before it, of a parenthesis or bracket
 * the word before it. */
typedef struct {
    char bracket;
    ContextWord key, name;
    ContextWord type; /* of a Dataflow the first word after `for`, of a Layer its Type */
} ContextFrame;

typedef enum {
    CONTEXT_NOTHING,  /* in a comment or a string, or where a name is made */
    CONTEXT_KEY,      /* an item begins */
    CONTEXT_VALUE,    /* behind a key, also in brackets */
    CONTEXT_ARGUMENT, /* in the parentheses of a directive or function */
    CONTEXT_NAME,     /* behind the parentheses of a directive, or Any over */
    CONTEXT_TYPE      /* behind `for` */
} ContextKind;

typedef struct {
    const char *text;
    ContextKind kind;
    int n;
    ContextFrame frame[CONTEXT_DEPTH]; /* outermost first */
    ContextWord key;                   /* of the item that has begun; empty: none has */
    int argument;                      /* number of the argument, from 0 */
    ContextWord word;                  /* that has begun, up to the byte */
} Context;

Context context_at(const char *text, uint32_t byte);

bool context_is(const Context *context, ContextWord word, const char *name);
char *context_copy(const Context *context, ContextWord word);

/* The innermost brace; NULL at the top of the file. */
const ContextFrame *context_block(const Context *context);

/* The innermost brace of that key, or NULL. */
const ContextFrame *context_within(const Context *context, const char *key);

#endif
