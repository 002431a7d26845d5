/* The files of a run, read once: their trees, constants and operators, and what they say of
 * hardware, technology, layers and dataflows.  Once it is read a program is not changed; what a
 * design overrides goes into a program of its own that shares the trees. */
#ifndef DCC_RUN_PROGRAM_H
#define DCC_RUN_PROGRAM_H

#include <glib.h>

#include "frontend/hardware.h"
#include "frontend/lower.h"
#include "ir/technology.h"

/* Dataflows that layers bring along, beside those of files. */
typedef enum {
    OWN_FIRST, /* where there are any, the others are not looked at */
    OWN_LAST,  /* they count where no other file has one for the layer */
    OWN_NEVER
} OwnDataflows;

/* What a command line names, and what it overrides. */
typedef struct {
    const char **files;     /* dataflow and network files, NULL-terminated, as typed */
    const char *model;      /* or NULL */
    const char *hardware;   /* or NULL: an error unless a file given holds an Accelerator */
    const char **defines;   /* -D NAME=EXPR, NULL-terminated, or NULL */
    const char **sets;      /* --set KEY=VALUE, NULL-terminated, or NULL */
    const char **layers;    /* --layer globs, NULL-terminated, or NULL for all */
    const char *technology; /* name, or NULL: the one that the hardware names */
    double node_nm;         /* bring its figures to this node; 0: leave them */
    bool together;          /* dataflows of several files are one choice */
    OwnDataflows own;
    bool apart;   /* constants of the first file are as they stand, whatever is defined */
    bool partial; /* a run without hardware or network is no mistake: files are looked at
                     while they are written */
} ProgramRequest;

/* A block, and the number of the file that it stands in. */
typedef struct {
    guint file;
    const Item *item;
} Place;

/* Dataflows that layers without one of their own choose among, by type. */
typedef struct {
    const char *file; /* as typed, in UTF-8, or NULL: all files */
    const char *name; /* of the first one, or "" */
    GArray *blocks;   /* of Place; owned */
} ProgramChoice;

/* What a search has put in the place of a layer's dataflow with holes. */
typedef struct {
    Nest nest;       /* if why is NULL */
    const char *why; /* nothing was found: one or more sentences; else NULL */
    bool told;       /* that has been reported */
} ProgramFilled;

typedef struct {
    Trees *trees;                   /* owned */
    const char *network, *hardware; /* names, "" if there is none */
    Hardware machine;               /* as described, before it is resolved for an operator */
    bool usable;                    /* the machine is */
    OwnDataflows own;               /* as requested */
    bool has_technology;            /* energy and area are known */
    Technology technology;
    GArray *layers;  /* of Place: those that are run, in the order of the files */
    GArray *choices; /* of ProgramChoice: a file of `files` each, if several hold dataflows and they
                        are not to stay together; else one */
    ProgramFilled **filled; /* owned: by choice and layer, each owned or NULL; or NULL: none is */
} Program;

/* The names of the layers that are run, to be unreferenced; NULL if one stands twice, as of
 * networks that are run together. */
GHashTable *program_names(const Program *program);

/* Reads and checks.  What is wrong in the text goes to `diag` (all of it); what is wrong with
 * files or options sets *error and returns NULL.  All names live in the arena of `diag`'s run,
 * which must outlive the program.  Free with program_free. */
Program *program_read(const ProgramRequest *request, Diag *diag, GError **error);

/* The same files under further overrides; nothing is read again, and what a search has filled is
 * open once more.  `diag` has an arena and sources of its own, the latter copied from the
 * program's; `program` must outlive the new one. */
Program *program_override(const Program *program, const char **defines, const char **sets,
                          Diag *diag, GError **error);

/* The same in parts.  A copy, whose operators are to be added (trees_operators) once constants are
 * set; what a -D of that name says, as a tree that may be used again, or NULL with *error set; to
 * put it in place, false if no file has such a constant; then, to find what is wrong with the
 * values of constants. */
Program *program_copy(const Program *program, Diag *diag);
const Expr *program_expression(const Trees *trees, const char *name, const char *text,
                               GError **error);
bool program_define(Trees *trees, const char *name, const Expr *value);
void program_evaluate(Trees *trees);

/* Puts it in the place of what the layer takes under the choice; takes it over. */
void program_fill(Program *program, guint choice, guint layer, ProgramFilled *filled);

/* What was put there; NULL: nothing. */
const ProgramFilled *program_filled(const Program *program, guint choice, guint layer);

void program_free(Program *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Program, program_free)

/* The file that a place stands in. */
const ProgramFile *program_file(const Program *program, Place place);

/* A block's name, or its file's. */
const char *program_title(const Program *program, Place place);

#endif
