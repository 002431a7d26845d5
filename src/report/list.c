/* Each list is rows of a name and a line, which its table gives. */
#include "report/list.h"

#include <string.h>

#include "frontend/check.h"
#include "frontend/keys.h"
#include "report/metrics.h"
#include "report/table.h"

typedef struct {
    char *name, *line;
} Row;

typedef GArray Rows; /* of Row */

static void row_clear(gpointer data)
{
    Row *row = data;
    g_free(row->name);
    g_free(row->line);
}

static void add(Rows *rows, const char *name, char *line)
{
    Row row = {g_strdup(name), line};
    g_array_append_val(rows, row);
}

/* ---- tables ---- */

static void append_words(GString *line, const char *before, int n,
                         const char *(*word)(const Operator *, int), const Operator *op)
{
    g_string_append(line, before);
    for (int i = 0; i < n; i++)
        g_string_append_printf(line, " %s", word(op, i));
}

static const char *dim_of(const Operator *op, int i)
{
    return op->dim[i];
}

static const char *tensor_of(const Operator *op, int i)
{
    return op->tensor[i].name;
}

static void list_operators(Rows *rows)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(Sources) sources = sources_new(arena);
    g_autoptr(Diag) diag = diag_new(sources, arena);
    g_autoptr(Trees) program = trees_new(sources, arena, diag);
    g_autoptr(GPtrArray) types = operators_types(program->operators);
    for (guint i = 0; i < types->len; i++) {
        const Operator *op = &operators_find(program->operators, types->pdata[i])->op;
        GString *line = g_string_new(NULL);
        append_words(line, "dims", op->n_dims, dim_of, op);
        append_words(line, "; tensors", op->n_tensors, tensor_of, op);
        add(rows, op->type, g_string_free(line, FALSE));
    }
}

static void list_checks(Rows *rows)
{
    static const char *const severities[] = {[SEVERITY_OFF] = "off",
                                             [SEVERITY_NOTE] = "note",
                                             [SEVERITY_WARNING] = "warning",
                                             [SEVERITY_ERROR] = "error"};
    for (Check check = 0; check < CHECKS; check++)
        add(rows, diag_check_name(check),
            g_strdup_printf("%-7s  %s", severities[diag_check_severity(check)],
                            diag_check_what(check)));
}

static void list_metrics(Rows *rows)
{
    static const char *const kinds[] = {[METRIC_KIND_TEXT] = "text",
                                        [METRIC_KIND_COUNT] = "integer",
                                        [METRIC_KIND_REAL] = "number",
                                        [METRIC_KIND_SHARE] = "0 to 1"};
    for (MetricId id = 0; id < METRICS; id++) {
        const Metric *metric = &metrics_table[id];
        const char *total = metric->flags & METRIC_FLAG_TOTAL_SUM    ? "; total: sum"
                            : metric->flags & METRIC_FLAG_TOTAL_MAX  ? "; total: largest"
                            : metric->flags & METRIC_FLAG_TOTAL_MEAN ? "; total: mean over time"
                                                                     : "";
        add(rows, metric->path,
            g_strdup_printf("%s%s%s%s", kinds[metric->kind], *metric->unit ? ", " : "",
                            metric->unit, total));
    }
}

char *list_key(const HardwareKey *key)
{
    GString *line = g_string_new(key->what);
    if (*key->unit && key->kind != KEY_KIND_DURATION)
        g_string_append_printf(line, ", in %s", key->unit);
    if (key->most > 1 && key->kind == KEY_KIND_COUNT)
        g_string_append_printf(line, ", %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, key->least,
                               key->most);
    if (key->initial != NULL && *key->initial)
        g_string_append_printf(line, "; default %s", key->initial);
    return g_string_free(line, FALSE);
}

/* "noc.hops: of all; noc0.hops to noc8.hops: of one" in short. */
static char *key_row(const HardwareKey *key)
{
    int low = hardware_key_first(key);
    char *line = list_key(key);
    if (low < 0)
        return line;
    char *row = g_strdup_printf("%s; %.*s%d to %d: of one", line, (int) strcspn(key->name, "."),
                                key->name, low, LEVELS_MAX - 1);
    g_free(line);
    return row;
}

static void list_keys(Rows *rows)
{
    for (size_t i = 0; i < HARDWARE_KEYS; i++) {
        const HardwareKey *key = &hardware_keys[i];
        if (key->name != NULL)
            add(rows, key->name, key_row(key));
    }
}

/* ---- files ---- */

/* True where a sentence ends: "et al. (2012)" goes on. */
static bool sentence_ends(const char *at)
{
    return at[0] == '.' && (at[1] == '\0' || (at[1] == ' ' && g_ascii_isupper(at[2])));
}

/* The first sentence of the comment that a file begins with. */
static char *first_sentence(const char *text)
{
    g_autoptr(GString) comment = g_string_new(NULL);
    while (g_str_has_prefix(text, "//")) {
        size_t length = strcspn(text, "\n");
        g_autofree char *line = g_strndup(text + 2, length - 2);
        if (*g_strstrip(line) == '\0')
            break;
        g_string_append_printf(comment, "%s%s", comment->len > 0 ? " " : "", line);
        text += length + (text[length] == '\n');
    }
    size_t end = 0;
    while (comment->str[end] != '\0' && !sentence_ends(comment->str + end))
        end++;
    return g_strndup(comment->str, end);
}

static void list_files(Rows *rows, SourceKind kind)
{
    g_autoptr(GPtrArray) paths = source_list(kind);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *name = g_path_get_basename(paths->pdata[i]), *text = NULL;
        if (g_file_get_contents(paths->pdata[i], &text, NULL, NULL))
            add(rows, name, first_sentence(text));
    }
}

static void list_dataflows(Rows *rows)
{
    list_files(rows, SOURCE_DATAFLOW);
}

static void list_models(Rows *rows)
{
    list_files(rows, SOURCE_MODEL);
}

static void list_hardware(Rows *rows)
{
    list_files(rows, SOURCE_HARDWARE);
}

/* ---- all ---- */

static const struct {
    const char *name;
    void (*list)(Rows *rows);
} lists[] = {{"operators", list_operators}, {"checks", list_checks},
             {"metrics", list_metrics},     {"keys", list_keys},
             {"dataflows", list_dataflows}, {"models", list_models},
             {"hardware", list_hardware}};

static GString *print(const Rows *rows)
{
    GString *out = g_string_new(NULL);
    g_autoptr(Table) table = table_new(2);
    table_left(table, 0);
    table_left(table, 1);
    for (guint i = 0; i < rows->len; i++) {
        table_cell(table, g_array_index(rows, Row, i).name);
        table_cell(table, g_array_index(rows, Row, i).line);
    }
    table_write(table, out, 0, 0, false);
    return out;
}

static GString *no_list(const char *what, GError **error)
{
    const char *names[G_N_ELEMENTS(lists)];
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        names[i] = lists[i].name;
    g_string_printf(text, "--list: there is no list of '%s'", what);
    diag_hint_append(text, diag_nearest(what, names, G_N_ELEMENTS(lists)), names,
                     G_N_ELEMENTS(lists));
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text->str);
    return NULL;
}

GString *list_names(const char *what, GError **error)
{
    size_t i = 0;
    while (i < G_N_ELEMENTS(lists) && strcmp(lists[i].name, what) != 0)
        i++;
    if (i == G_N_ELEMENTS(lists))
        return no_list(what, error);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(rows, row_clear);
    lists[i].list(rows);
    return print(rows);
}
