/* Of names that there are those that somebody may have meant. */
#include <string.h>

#include "frontend/diag.h"

enum { NAMES_MAX = 40 /* that a hint names */ };

/* Edits (insert, delete, replace, swap, other case counted half) between two short words,
 * in halves. */
static int distance(const char *a, const char *b)
{
    enum { MAX_LENGTH = 40 };
    size_t n = strlen(a), m = strlen(b);
    if (n > MAX_LENGTH || m > MAX_LENGTH)
        return 2 * MAX_LENGTH;
    int row[3][MAX_LENGTH + 1];
    for (size_t j = 0; j <= m; j++)
        row[0][j] = (int) j * 2;
    for (size_t i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = (int) i * 2;
        for (size_t j = 1; j <= m; j++) {
            bool alike = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);
            int cost = a[i - 1] == b[j - 1] ? 0 : alike ? 1 : 2;
            now[j] = MIN(MIN(now[j - 1], last[j]) + 2, last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = MIN(now[j], before[j - 2] + 2);
        }
    }
    return row[n % 3][m];
}

const char *diag_nearest(const char *word, const char *const *names, size_t n)
{
    const char *best = NULL;
    int length = (int) strlen(word); /* of one letter nothing but its case may be wrong */
    int limit = length < 2 ? 1 : MAX(2, length * 2 / 3), least = limit + 1;
    for (size_t i = 0; i < n; i++) {
        int d = g_ascii_strcasecmp(word, names[i]) == 0 ? 1 : distance(word, names[i]);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}

/* Each once, and of very many only the first. */
static GPtrArray *distinct(const char *const *names, size_t n)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *list = g_ptr_array_new();
    for (size_t i = 0; i < n && list->len <= NAMES_MAX; i++)
        if (g_hash_table_add(seen, (gpointer) names[i]))
            g_ptr_array_add(list, (gpointer) names[i]);
    return list;
}

void diag_hint_append(GString *text, const char *near, const char *const *names, size_t n)
{
    if (near != NULL) {
        g_string_append_printf(text, "; did you mean '%s'?", near);
        return;
    }
    g_autoptr(GPtrArray) list = distinct(names, n);
    bool more = list->len > NAMES_MAX;
    guint named = more ? NAMES_MAX : list->len;
    for (guint i = 0; i < named; i++)
        g_string_append_printf(text, "%s%s",
                               i == 0 ? named == 1 ? "; there is " : "; there are "
                               : i + 1 == named && !more ? " and "
                                                         : ", ",
                               (const char *) list->pdata[i]);
    g_string_append(text, more ? " and more" : "");
}
