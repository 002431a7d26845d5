/* Elements by who needs them.  Coordinate by coordinate the indices fall into classes that the same
 * readers need; a class of elements is a choice of one of each, needed by who needs all of them. */
#include "sched/graph_parts.h"

/* A set of readers, their numbers ascending, and how many elements, or indices, it is the set of.
 */
typedef struct {
    GBytes *set; /* of int; the index has it, too */
    int64_t count;
} Class;

typedef struct {
    GArray *list;      /* of Class */
    GHashTable *index; /* set -> place + 1 */
    bool overflow;
} Classes;

static void classes_begin(Classes *classes)
{
    *classes = (Classes){
        g_array_new(FALSE, FALSE, sizeof(Class)),
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL),
        false};
}

static void classes_end(Classes *classes)
{
    g_array_free(classes->list, TRUE);
    g_hash_table_destroy(classes->index);
}

static const int *readers_of(const Class *each, guint *n)
{
    gsize size;
    const int *readers = g_bytes_get_data(each->set, &size);
    *n = (guint) (size / sizeof(int));
    return readers;
}

static void classes_add(Classes *classes, const GArray *readers, int64_t count)
{
    GBytes *set = g_bytes_new(readers->data, readers->len * sizeof(int));
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(classes->index, set));
    if (place > 0) {
        int64_t *sum = &g_array_index(classes->list, Class, place - 1).count;
        classes->overflow |= __builtin_add_overflow(*sum, count, sum);
        g_bytes_unref(set);
        return;
    }
    Class added = {set, count};
    g_array_append_val(classes->list, added);
    g_hash_table_insert(classes->index, set, GUINT_TO_POINTER(classes->list->len));
}

/* Where a run of a reader begins, or ends: -1 - its number.  The maker is numbered behind them. */
typedef struct {
    int64_t at;
    int reader;
} Cut;

/* At one place ends come first, the last reader's before the others, so that little has to be moved
 * in the set when many end at once. */
static int compare_cuts(gconstpointer a, gconstpointer b)
{
    const Cut *one = a, *other = b;
    if (one->at != other->at)
        return one->at < other->at ? -1 : 1;
    return one->reader < other->reader ? -1 : one->reader > other->reader;
}

static void add_cuts(GArray *cuts, const Runs *runs, int reader)
{
    for (guint i = 0; i < runs->len; i++) {
        Run run = g_array_index(runs, Run, i);
        Cut low = {run.low, reader}, high = {run.high, -1 - reader};
        g_array_append_val(cuts, low);
        g_array_append_val(cuts, high);
    }
}

/* The first place from `from` on of a reader of that number or a later one. */
static guint place_of(const int *readers, guint from, guint n, int reader)
{
    while (from < n) {
        guint middle = from + (n - from) / 2;
        if (readers[middle] < reader)
            from = middle + 1;
        else
            n = middle;
    }
    return from;
}

static void begin_or_end(GArray *readers, int reader)
{
    const int *numbers = (const int *) (gpointer) readers->data;
    int number = reader < 0 ? -1 - reader : reader;
    guint place = place_of(numbers, 0, readers->len, number);
    if (reader < 0)
        g_array_remove_index(readers, place);
    else
        g_array_insert_val(readers, place, number);
}

/* The classes of one coordinate: between two cuts nothing changes. */
static void coordinate_classes(const Region *maker, const Region *const *reader, int n, int c,
                               Classes *classes)
{
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
    g_autoptr(GArray) readers = g_array_new(FALSE, FALSE, sizeof(int));
    for (int r = 0; r < n; r++)
        add_cuts(cuts, reader[r]->runs[c], r);
    if (maker != NULL)
        add_cuts(cuts, maker->runs[c], n);
    g_array_sort(cuts, compare_cuts);
    for (guint i = 0; i + 1 < cuts->len; i++) {
        Cut cut = g_array_index(cuts, Cut, i);
        int64_t high = g_array_index(cuts, Cut, i + 1).at;
        if (cut.reader != n && cut.reader != -1 - n)
            begin_or_end(readers, cut.reader);
        if (cut.at < high && (maker == NULL || runs_has(maker->runs[c], cut.at)))
            classes_add(classes, readers, high - cut.at);
    }
}

/* Those of both sets, by looking up those of the smaller one. */
static void intersect(const Class *one, const Class *other, GArray *common)
{
    guint n, m, at = 0;
    const int *few = readers_of(one, &n), *many = readers_of(other, &m);
    if (n > m) {
        intersect(other, one, common);
        return;
    }
    g_array_set_size(common, 0);
    for (guint i = 0; i < n && at < m; i++) {
        at = n < m / 8 ? place_of(many, at, m, few[i]) : at;
        while (at < m && many[at] < few[i])
            at++;
        if (at < m && many[at] == few[i])
            g_array_append_val(common, few[i]);
    }
}

static void combine(const Classes *a, const Classes *b, Classes *both)
{
    g_autoptr(GArray) common = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < a->list->len; i++)
        for (guint j = 0; j < b->list->len; j++) {
            const Class *one = &g_array_index(a->list, Class, i),
                        *other = &g_array_index(b->list, Class, j);
            int64_t count;
            intersect(one, other, common);
            both->overflow |= __builtin_mul_overflow(one->count, other->count, &count);
            classes_add(both, common, count);
        }
}

static GArray *numbered(const Classes *classes, bool with_none)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(RegionClass));
    for (guint i = 0; i < classes->list->len; i++) {
        const Class *each = &g_array_index(classes->list, Class, i);
        guint n;
        const int *readers = readers_of(each, &n);
        if (n == 0 && !with_none)
            continue;
        RegionClass made = {g_array_sized_new(FALSE, FALSE, sizeof(int), n), each->count};
        if (n > 0)
            g_array_append_vals(made.readers, readers, n);
        g_array_append_val(list, made);
    }
    return list;
}

GArray *region_classes(const Region *maker, const Region *const *reader, int n)
{
    int coords = maker != NULL ? maker->n : n > 0 ? reader[0]->n : 0;
    Classes all;
    g_autoptr(GArray) everyone = g_array_new(FALSE, FALSE, sizeof(int));
    for (int r = 0; r < n; r++)
        g_array_append_val(everyone, r);
    classes_begin(&all);
    classes_add(&all, everyone, 1);
    for (int c = 0; c < coords; c++) {
        Classes next, both;
        classes_begin(&next);
        classes_begin(&both);
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
