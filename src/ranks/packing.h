/* What messages are made of: values as they are in memory, since all ranks are the same program. */
#ifndef DCC_RANKS_PACKING_H
#define DCC_RANKS_PACKING_H

#include <glib.h>
#include <stdbool.h>

/* What is left of a message; `bad` once more was asked for than there is. */
typedef struct {
    const guint8 *at;
    gsize left;
    bool bad;
} Unpack;

Unpack unpack_bytes(GBytes *body);
/* False, and zeros, where there is not so much. */
bool unpack_raw(Unpack *from, void *to, gsize n);
gint64 unpack_number(Unpack *from);
/* Bytes with their number before them; borrowed. */
const guint8 *unpack_block(Unpack *from, gsize *n);

static inline void pack(GByteArray *to, const void *bytes, gsize n)
{
    g_byte_array_append(to, bytes, (guint) n);
}

static inline void pack_number(GByteArray *to, gint64 number)
{
    pack(to, &number, sizeof number);
}

static inline void pack_block(GByteArray *to, const void *bytes, gsize n)
{
    pack_number(to, (gint64) n);
    pack(to, bytes, n);
}

#endif
