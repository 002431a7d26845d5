/* An arena is a list of chunks; pieces are cut from the last one. */
#include "frontend/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <string.h>

/* Nothing in an arena is wider than these. */
typedef union {
    void *pointer;
    int64_t number;
    double real;
} Widest;

enum { CHUNK_BYTES = 64 * 1024, ALIGN = alignof(Widest) };

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *before;
    alignas(max_align_t) char data[];
};

struct Arena {
    Chunk *chunk;
    size_t used, size; /* of the last chunk's data */
};

Arena *arena_new(void)
{
    return g_new0(Arena, 1);
}

void arena_free(Arena *arena)
{
    if (arena == NULL)
        return;
    for (Chunk *chunk = arena->chunk; chunk != NULL;) {
        Chunk *before = chunk->before;
        g_free(chunk);
        chunk = before;
    }
    g_free(arena);
}

static void grow(Arena *arena, size_t bytes)
{
    size_t size = MAX(bytes, (size_t) CHUNK_BYTES);
    Chunk *chunk = g_malloc0(sizeof(Chunk) + size);
    chunk->before = arena->chunk;
    arena->chunk = chunk;
    arena->used = 0;
    arena->size = size;
}

void *arena_alloc(Arena *arena, size_t bytes)
{
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (arena->chunk == NULL || arena->size - arena->used < bytes)
        grow(arena, bytes);
    void *piece = arena->chunk->data + arena->used;
    arena->used += bytes;
    return piece;
}

char *arena_strndup(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(Arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return arena_strdup(arena, text);
}
