/* What the front end makes of a document as it stands: its tree, its findings, and the run that it
 * is part of.
 *
 * A document is mostly one of the three files of a run.  The others are those that one of its first
 * lines names, as a command line does,
 *
 *     // dcc: --model vgg16.m --hw eyeriss.hw
 *
 * or else those of the client's settings.  One that is open is read as it stands there. */
#ifndef DCC_LSP_REVISION_H
#define DCC_LSP_REVISION_H

#include "lsp/document.h"
#include "run/job.h"

/* What is read beside a document; NULL: nothing. */
typedef struct {
    char *model, *hardware, *dataflow;
} Beside;

void beside_clear(Beside *beside);

/* Where documents stand. */
typedef struct {
    Beside settings;
    char *root;            /* folder that names of settings are looked for in first, or NULL */
    GHashTable *documents; /* of Document, by URI */
} Surroundings;

struct Revision {
    Arena *arena;
    Sources *sources;
    Diag *diag;
    Program *program; /* or NULL: nothing could be read at all */
    guint file;       /* the document's, among those of the program */
    int source;       /* the document's text */
    char *problem;    /* what is wrong with the files beside it, or NULL */
    GPtrArray *used;  /* of char: URIs of other documents that were read as they stand */
    bool checked;     /* layers are lowered, so that all findings are there */
};

/* What the document is, made when it is first asked for. */
Revision *revision_of(Document *document, const Surroundings *around);
void revision_free(Revision *revision);

/* Lowers and evaluates every layer, for what is wrong with it. */
void revision_check(Revision *revision);

/* The document's tree and constants; NULL if there are none. */
const ProgramFile *revision_file(const Revision *revision);

/* Whether a layer has a dataflow, of its own or of the run. */
bool revision_has_dataflow(const Revision *revision, guint layer);

/* The line that names the files beside a document, in the text: from behind "dcc:" to its end.  An
 * empty span: there is none. */
Span revision_command(const char *text);

#endif
