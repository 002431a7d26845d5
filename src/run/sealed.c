/* A file is body, seal(body). */
#include "run/sealed.h"

#include <stdlib.h>
#include <string.h>

/* The end of a file that begins with those bytes; to be freed. */
static char *seal(const char *body, gsize length)
{
    g_autofree char *sum =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) body, length);
    return g_strdup_printf(",\"sha256\":\"%s\"}\n", sum);
}

GString *sealed_bytes(const json_t *root)
{
    char *text = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    if (!text)
        return NULL;
    GString *bytes = g_string_new_len(text, (gssize) strlen(text) - 1); /* without its "}" */
    g_autofree char *end = seal(bytes->str, bytes->len);
    g_string_append(bytes, end);
    free(text);
    return bytes;
}

bool sealed_is_whole(const char *text, gsize length)
{
    g_autofree char *none = seal("", 0);
    gsize end = strlen(none);
    if (length < end)
        return false;
    g_autofree char *right = seal(text, length - end);
    return memcmp(text + length - end, right, end) == 0;
}

void sealed_add(GChecksum *sum, const char *text)
{
    const char *given = text ? text : "";
    g_checksum_update(sum, (const guchar *) given, (gssize) strlen(given) + 1);
}

void sealed_add_list(GChecksum *sum, const char *const *texts)
{
    for (int i = 0; texts && texts[i]; i++)
        sealed_add(sum, texts[i]);
    sealed_add(sum, NULL);
}
