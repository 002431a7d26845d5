/* Nothing is read beyond the end of a message. */
#include "ranks/packing.h"

#include <string.h>

Unpack unpack_bytes(GBytes *body)
{
    gsize n;
    const guint8 *at = g_bytes_get_data(body, &n);
    return (Unpack){at, n, false};
}

bool unpack_raw(Unpack *from, void *to, gsize n)
{
    from->bad = from->bad || from->left < n;
    if (from->bad) {
        memset(to, 0, n);
        return false;
    }
    memcpy(to, from->at, n);
    from->at += n;
    from->left -= n;
    return true;
}

gint64 unpack_number(Unpack *from)
{
    gint64 number;
    unpack_raw(from, &number, sizeof number);
    return number;
}

const guint8 *unpack_block(Unpack *from, gsize *n)
{
    gint64 long_as = unpack_number(from);
    from->bad = from->bad || long_as < 0 || (gsize) long_as > from->left;
    *n = from->bad ? 0 : (gsize) long_as;
    const guint8 *block = from->at;
    from->at += *n;
    from->left -= *n;
    return block;
}
