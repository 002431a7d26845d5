/* The texts of a run, in memory, and where files are looked for.  A place in a
 * text is a span of bytes; lines and columns are worked out only for messages. */
#ifndef DCC_FRONTEND_SOURCE_H
#define DCC_FRONTEND_SOURCE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "frontend/arena.h"

/* Bytes [begin, end) of the text number `source`; source < 0: no place at all. */
typedef struct {
    int source;
    uint32_t begin, end;
} Span;

#define SPAN_NONE ((Span){-1, 0, 0})

/* From the first byte of `a` to the last of `b`, of one text. */
Span span_join(Span a, Span b);

typedef struct {
    const char *name; /* as shown in messages: the path that was opened */
    const char *text; /* NUL-terminated; bytes within may be NUL as well */
    uint32_t length;
} Source;

typedef struct Sources Sources;

/* Texts live as long as the arena. */
Sources *sources_new(Arena *arena);
/* The same texts, shared with the other, and an arena for further ones; for another thread. */
Sources *sources_copy(const Sources *other, Arena *arena);
/* So many of them. */
Sources *sources_head(const Sources *other, int count, Arena *arena);
void sources_free(Sources *sources);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sources, sources_free)

/* The kind of file, which decides the folder that is searched last. */
typedef enum { SOURCE_DATAFLOW, SOURCE_MODEL, SOURCE_HARDWARE, SOURCE_ANY } SourceKind;

/* Looks for the file as given, then in the folders of DCC_PATH, then in the installed
 * and in-tree folders for its kind; "-" is standard input.  Returns the path to
 * open, to be freed, or NULL with *error set (it lists where was looked). */
char *source_find(const char *name, SourceKind kind, GError **error);

/* Paths of the files that hold a Dataflow, a Network, or hardware, where source_find looks for that
 * kind, sorted by name; of one name only the first.  To be freed. */
GPtrArray *source_list(SourceKind kind);

/* What a regular file is, by whatever name: equal for all names of one file, those of links too.
 * Where there is no such file yet, what it will be.  "-" is the open file of that number.  NULL for
 * devices and pipes; to be freed. */
char *source_identity(const char *path, int standard);

/* The bytes of a file that is no part of a program, and a NUL; NULL with *error set.  To be freed.
 */
char *source_text(const char *path, gsize *length, GError **error);

/* Finds and reads a file.  A file read twice, by two names as well, is one text.  Returns its
 * number, or -1 with *error set: missing, a directory, unreadable, larger than 256 MiB. */
int sources_read(Sources *sources, const char *name, SourceKind kind, GError **error);

/* Adds a text that is no file; `name` and `text` are copied.  Returns its number. */
int sources_add(Sources *sources, const char *name, const char *text, size_t length);

/* The same, and sources_read of this name gives it.  False with *error set if it is as large as no
 * file may be. */
bool sources_give(Sources *sources, const char *name, const char *text, size_t length,
                  GError **error);

int sources_count(const Sources *sources);
const Source *sources_get(const Sources *sources, int number);

/* What the text was read from, as source_identity has it; NULL or its name if that is no file. */
const char *sources_identity(const Sources *sources, int number);

/* Line and column of a byte, both from 1; a column is a character, not a byte. */
void sources_place(const Sources *sources, Span span, int *line, int *column);

#endif
