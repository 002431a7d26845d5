/* What the files of src/run that make a program have in common; nobody else includes this. */
#ifndef DCC_RUN_READING_H
#define DCC_RUN_READING_H

#include "run/program.h"

/* A program in the making. */
typedef struct {
    const ProgramRequest *request;
    Program *program;
    Trees *trees; /* the program's */
    Diag *diag;
    GArray *sources; /* of int: those of request->files */
    int model;       /* source numbers, or -1 */
    int hardware;
} Reading;

/* Sets *error to what is wrong with the options; returns false. */
bool reading_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* "; did you mean 'near'?", or "" if near is NULL; lives in the arena. */
const char *reading_hint(const Reading *reading, const char *near);

/* Reads a file, unless it is there; its source number, or -1 with *error set. */
int reading_file(Reading *reading, const char *name, SourceKind kind, GError **error);

/* All top-level blocks of a key, of Place, in one source or (source < 0) in all; owned by the
 * caller. */
GArray *reading_blocks(const Reading *reading, const char *key, int source);

/* Replaces constants by the expressions of "NAME=EXPR" texts. */
bool reading_defines(Reading *reading, const char *const *defines, GError **error);

/* Replaces keys of the machine by the values of "KEY=VALUE" texts. */
bool reading_sets(Reading *reading, const char *const *sets, GError **error);

/* The technology that is named, and where there is none in the files, in tech-NAME.hw. */
bool reading_load_technologies(Reading *reading, GError **error);

/* The machine and its technology, overrides applied. */
bool reading_machine(Reading *reading, GError **error);

/* Warns of what the machine has of levels that no dataflow of the run has. */
void reading_levels(Reading *reading);

/* Blocks that the run does not use are read all the same, for their mistakes. */
void reading_unused(Reading *reading);

#endif
