/* One region of memory for all that the front end builds: allocated piece by piece,
 * freed once.  Nothing in it is freed alone. */
#ifndef DCC_FRONTEND_ARENA_H
#define DCC_FRONTEND_ARENA_H

#include <glib.h>
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Arena, arena_free)

/* Zeroed memory, aligned for pointers, doubles and 64-bit numbers; never NULL. */
void *arena_alloc(Arena *arena, size_t bytes);

/* Copies of text, NUL-terminated. */
char *arena_strndup(Arena *arena, const char *text, size_t length);
char *arena_strdup(Arena *arena, const char *text);
char *arena_printf(Arena *arena, const char *format, ...) G_GNUC_PRINTF(2, 3);

#define arena_make(arena, Type) ((Type *) arena_alloc((arena), sizeof(Type)))

#endif
