/* Elements by who needs them.  Coordinate by coordinate the indices fall into classes that the same
 * readers need; a class of elements is a choice of one of each, needed by who needs all of them. */
#include <string.h>

#include "sched/graph_parts.h"

/* A set of readers, a bit for each, and how many elements, or indices, it is the set of. */
typedef struct {
    uint64_t *set;
    int64_t count;
} Class;

typedef struct {
    size_t words;      /* of a set */
    GArray *list;      /* of Class */
    GHashTable *index; /* GBytes of a set -> place + 1 */
    bool overflow;
} Classes;

static void classes_begin(Classes *classes, size_t words)
{
    *classes = (Classes){
        words, g_array_new(FALSE, FALSE, sizeof(Class)),
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL),
        false};
}

static void classes_end(Classes *classes)
{
    for (guint i = 0; i < classes->list->len; i++)
        g_free(g_array_index(classes->list, Class, i).set);
    g_array_free(classes->list, TRUE);
    g_hash_table_destroy(classes->index);
}

static void classes_add(Classes *classes, const uint64_t *set, int64_t count)
{
    GBytes *key = g_bytes_new(set, classes->words * sizeof *set);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(classes->index, key));
    if (place > 0) {
        int64_t *sum = &g_array_index(classes->list, Class, place - 1).count;
        classes->overflow |= __builtin_add_overflow(*sum, count, sum);
        g_bytes_unref(key);
        return;
    }
    Class added = {g_memdup2(set, classes->words * sizeof *set), count};
    g_array_append_val(classes->list, added);
    g_hash_table_insert(classes->index, key, GUINT_TO_POINTER(classes->list->len));
}

static int compare_cuts(gconstpointer a, gconstpointer b)
{
    int64_t one = *(const int64_t *) a, other = *(const int64_t *) b;
    return one < other ? -1 : one > other;
}

static void add_cuts(GArray *cuts, const Runs *runs)
{
    for (guint i = 0; i < runs->len; i++) {
        Run run = g_array_index(runs, Run, i);
        g_array_append_val(cuts, run.low);
        g_array_append_val(cuts, run.high);
    }
}

/* The classes of one coordinate: between two cuts nothing changes. */
static void coordinate_classes(const Region *maker, const Region *const *reader, int n, int c,
                               Classes *classes)
{
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autofree uint64_t *set = g_new(uint64_t, classes->words);
    for (int r = 0; r < n; r++)
        add_cuts(cuts, reader[r]->runs[c]);
    if (maker != NULL)
        add_cuts(cuts, maker->runs[c]);
    g_array_sort(cuts, compare_cuts);
    for (guint i = 0; i + 1 < cuts->len; i++) {
        int64_t low = g_array_index(cuts, int64_t, i), high = g_array_index(cuts, int64_t, i + 1);
        if (low == high || (maker != NULL && !runs_has(maker->runs[c], low)))
            continue;
        memset(set, 0, classes->words * sizeof *set);
        for (int r = 0; r < n; r++)
            if (runs_has(reader[r]->runs[c], low))
                set[r / 64] |= (uint64_t) 1 << (r % 64);
        classes_add(classes, set, high - low);
    }
}

static void combine(const Classes *a, const Classes *b, Classes *both)
{
    g_autofree uint64_t *set = g_new(uint64_t, a->words);
    for (guint i = 0; i < a->list->len; i++)
        for (guint j = 0; j < b->list->len; j++) {
            const Class *one = &g_array_index(a->list, Class, i),
                        *other = &g_array_index(b->list, Class, j);
            int64_t count;
            for (size_t w = 0; w < a->words; w++)
                set[w] = one->set[w] & other->set[w];
            both->overflow |= __builtin_mul_overflow(one->count, other->count, &count);
            classes_add(both, set, count);
        }
}

static GArray *numbered(const Classes *classes, bool with_none)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(RegionClass));
    for (guint i = 0; i < classes->list->len; i++) {
        const Class *each = &g_array_index(classes->list, Class, i);
        RegionClass made = {g_array_new(FALSE, FALSE, sizeof(int)), each->count};
        for (int r = 0; r < (int) classes->words * 64; r++)
            if (each->set[r / 64] >> (r % 64) & 1)
                g_array_append_val(made.readers, r);
        if (made.readers->len > 0 || with_none)
            g_array_append_val(list, made);
        else
            g_array_free(made.readers, TRUE);
    }
    return list;
}

GArray *region_classes(const Region *maker, const Region *const *reader, int n)
{
    int coords = maker != NULL ? maker->n : n > 0 ? reader[0]->n : 0;
    size_t words = (size_t) n / 64 + 1;
    Classes all;
    classes_begin(&all, words);
    g_autofree uint64_t *everyone = g_new(uint64_t, words);
    memset(everyone, 0xff, words * sizeof *everyone);
    for (int r = n; r < (int) words * 64; r++)
        everyone[r / 64] &= ~((uint64_t) 1 << (r % 64));
    classes_add(&all, everyone, 1);
    for (int c = 0; c < coords; c++) {
        Classes next, both;
        classes_begin(&next, words);
        classes_begin(&both, words);
        coordinate_classes(maker, reader, n, c, &next);
        combine(&all, &next, &both);
        both.overflow |= all.overflow || next.overflow;
        classes_end(&next);
        classes_end(&all);
        all = both;
    }
    GArray *list = all.overflow ? NULL : numbered(&all, maker != NULL);
    classes_end(&all);
    return list;
}

void region_classes_free(GArray *classes)
{
    for (guint i = 0; classes != NULL && i < classes->len; i++)
        g_array_free(g_array_index(classes, RegionClass, i).readers, TRUE);
    if (classes != NULL)
        g_array_free(classes, TRUE);
}
