/* The run as JSON: every metric at the place that its path names.
 *
 * A step of a path that is a number is an index into an array: levels.0.steps.  A layer is written
 * from a template, text with gaps for the values, that all layers of its kind share; what stands
 * around the layers is small, and made as trees. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "report/metrics.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/totals.h"

struct Json {
    Output *out;
    Totals *totals;
    GHashTable *templates; /* of GArray of Piece, by kind of layer */
    int depth;             /* brackets around the report */
    bool some;             /* a layer is written */
};

/* jansson takes valid UTF-8 only. */
static json_t *json_text(const char *text)
{
    g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;
    return valid ? json_string(valid) : json_null();
}

/* ---- trees by path ------------------------------------------------------------------- */

static json_t *child_get(json_t *parent, const char *step)
{
    return json_is_array(parent) ? json_array_get(parent, (size_t) g_ascii_strtoull(step, NULL, 10))
                                 : json_object_get(parent, step);
}

/* The parent takes the child.  Indices come in order. */
static void child_put(json_t *parent, const char *step, json_t *child)
{
    int failed = json_is_array(parent) ? json_array_append_new(parent, child)
                                       : json_object_set_new(parent, step, child);
    g_assert(failed == 0);
}

/* Puts the value at the end of the path, making what is missing on the way. */
static void json_place(json_t *root, const char *path, json_t *value)
{
    g_auto(GStrv) steps = g_strsplit(path, ".", -1);
    json_t *node = root;
    char **step = steps;
    for (; step[1]; step++) {
        json_t *child = child_get(node, *step);
        if (!child) {
            child = g_ascii_isdigit(*step[1]) ? json_array() : json_object();
            child_put(node, *step, child);
        }
        node = child;
    }
    child_put(node, *step, value);
}

/* ---- values as text ------------------------------------------------------------------ */

static void append_value(GString *out, MetricValue value)
{
    if (!value.known)
        g_string_append(out, "null");
    else if (value.kind == METRIC_KIND_TEXT)
        json_append_text(out, value.text);
    else if (value.kind == METRIC_KIND_COUNT)
        number_count(out, value.count);
    else
        json_append_real(out, value.real);
}

/* ---- layers -------------------------------------------------------------------------- */

/* Text up to a value, and where the value comes from. */
typedef struct {
    char *text;
    MetricId id; /* METRICS: the end */
    MetricIndex at;
} Piece;

static void piece_clear(gpointer piece)
{
    g_free(((Piece *) piece)->text);
}

static void pieces_free(gpointer pieces)
{
    g_array_free(pieces, TRUE);
}

/* Of levels and memories that hold nothing: they have an empty set all the same. */
static void add_empty(json_t *root, const char *list)
{
    size_t i;
    json_t *child;
    json_array_foreach(json_object_get(root, list), i, child)
    {
        if (json_object_get(child, "tensors") == NULL)
            json_object_set_new(child, "tensors", json_object());
    }
}

/* The tree of an entry, each leaf the number of its piece. */
static json_t *tree_of(const ReportEntry *entry, GArray *pieces)
{
    json_t *root = json_object();
    for (MetricId id = 0; id < METRICS; id++) {
        MetricIndex at;
        bool known =
            entry->status == ENTRY_EVALUATED || metrics_table[id].flags & METRIC_FLAG_ALWAYS;
        if (!known || !metrics_first(id, entry, &at))
            continue;
        do {
            g_autofree char *path = metrics_name(id, entry, at);
            Piece piece = {NULL, id, at};
            json_place(root, path, json_integer((json_int_t) pieces->len));
            g_array_append_val(pieces, piece);
        } while (metrics_next(id, entry, &at));
    }
    add_empty(root, "levels");
    add_empty(root, "memories");
    return root;
}

/* Writes the tree into `text`; at each leaf the text so far becomes that of the next piece. */
typedef struct {
    GString *text;
    GArray *from, *to;
    int depth;
} Template;

static void template_node(Template *t, const json_t *node);

static void template_line(Template *t, const char *before)
{
    g_string_append_printf(t->text, "%s\n%*s", before, t->depth, "");
}

static void template_object(Template *t, const json_t *object)
{
    const char *key, *before = "";
    json_t *child;
    g_string_append_c(t->text, '{');
    t->depth++;
    json_object_foreach((json_t *) object, key, child)
    {
        template_line(t, before);
        json_append_text(t->text, key);
        g_string_append(t->text, ": ");
        template_node(t, child);
        before = ",";
    }
    t->depth--;
    template_line(t, "");
    g_string_append_c(t->text, '}');
}

static void template_array(Template *t, const json_t *array)
{
    g_string_append_c(t->text, '[');
    t->depth++;
    for (size_t i = 0; i < json_array_size(array); i++) {
        template_line(t, i ? "," : "");
        template_node(t, json_array_get(array, i));
    }
    t->depth--;
    template_line(t, "");
    g_string_append_c(t->text, ']');
}

static void template_node(Template *t, const json_t *node)
{
    if (json_is_object(node)) {
        template_object(t, node);
    } else if (json_is_array(node)) {
        template_array(t, node);
    } else {
        const Piece *leaf = &g_array_index(t->from, Piece, (guint) json_integer_value(node));
        g_array_append_vals(t->to, leaf, 1);
        g_array_index(t->to, Piece, t->to->len - 1).text = g_strdup(t->text->str);
        g_string_truncate(t->text, 0);
    }
}

/* The text of a layer like this one, with gaps for its values. */
static GArray *template_new(const ReportEntry *entry, int depth)
{
    g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(Piece));
    Template t = {g_string_new(NULL), from, g_array_new(FALSE, FALSE, sizeof(Piece)), depth};
    g_array_set_clear_func(t.to, piece_clear);
    json_t *root = tree_of(entry, from);
    template_node(&t, root);
    json_decref(root);
    Piece end = {g_string_free(t.text, FALSE), METRICS, {0}};
    g_array_append_val(t.to, end);
    return t.to;
}

/* Layers of the same names, levels and maps, at the same depth, share a template. */
static const GArray *template_of(Json *json, const ReportEntry *entry, int depth)
{
    bool evaluated = entry->status == ENTRY_EVALUATED;
    g_autofree char *names = metrics_signature_of(entry);
    char *key =
        g_strdup_printf("%d %d\n%s", depth, evaluated ? offchip_depths(&entry->result) : 0, names);
    GArray *pieces = g_hash_table_lookup(json->templates, key);
    if (pieces) {
        g_free(key);
        return pieces;
    }
    pieces = template_new(entry, depth);
    g_hash_table_insert(json->templates, key, pieces);
    return pieces;
}

/* ---- trees to text ------------------------------------------------------------------- */

/* Appends a tree that stands inside so many brackets, which it frees.  What a terminal would obey
 * is escaped: in JSON it stands in strings only. */
static void append_tree(GString *out, json_t *tree, int depth)
{
    char *text = json_dumps(tree, JSON_INDENT(1) | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY);
    const char *line = text;
    for (const char *end = strchr(line, '\n'); end; line = end + 1, end = strchr(line, '\n')) {
        g_autofree char *part = g_strndup(line, (gsize) (end - line));
        printable_append(out, part);
        g_string_append_printf(out, "\n%*s", depth, "");
    }
    printable_append(out, line);
    free(text);
    json_decref(tree);
}

/* A member on a line of its own. */
static void append_member(Json *json, const char *before, const char *key, json_t *tree)
{
    int depth = json->depth + 1;
    g_string_append_printf(json->out->text, "%s\n%*s\"%s\": ", before, depth, "", key);
    append_tree(json->out->text, tree, depth);
}

/* ---- the report ---------------------------------------------------------------------- */

Json *json_begin(Output *out, const Report *report, int depth)
{
    Json *json = g_new0(Json, 1);
    *json = (Json){.out = out, .totals = totals_new(), .depth = depth};
    json->totals->memories = report->machine != NULL && report->machine->n_memories > 0;
    json->templates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, pieces_free);
    g_string_append_c(out->text, '{');
    append_member(json, "", "tool", json_text(report->tool));
    append_member(json, ",", "version", json_text(report->version));
    append_member(json, ",", "dataflow", json_text(report->dataflow));
    append_member(json, ",", "network", json_text(report->network));
    append_member(json, ",", "hardware", json_text(report->hardware));
    append_member(json, ",", "technology", json_text(report->technology));
    append_member(json, ",", "pes", json_integer(report->pes));
    append_member(json, ",", "clock_hz", json_real(report->clock_hz));
    g_string_append_printf(out->text, ",\n%*s\"layers\": [", depth + 1, "");
    return json;
}

void json_next(Json *json)
{
    output_spill(json->out);
    g_string_append_printf(json->out->text, "%s\n%*s", json->some ? "," : "", json->depth + 2, "");
    json->some = true;
}

void json_figures(Json *json, const ReportEntry *entry, int inside)
{
    const GArray *pieces = template_of(json, entry, json->depth + 2 + inside);
    for (guint k = 0; k < pieces->len; k++) {
        const Piece *piece = &g_array_index(pieces, Piece, k);
        g_string_append(json->out->text, piece->text);
        if (piece->id != METRICS)
            append_value(json->out->text, metrics_read(piece->id, entry, piece->at));
    }
}

void json_count(Json *json, const ReportEntry *entry)
{
    totals_add(json->totals, entry);
}

void json_entry(Json *json, const ReportEntry *entry)
{
    json_next(json);
    json_figures(json, entry, 0);
    json_count(json, entry);
}

/* Parts and total, in a unit of so many of the chip's; null where a part has no figure. */
static json_t *json_parts(const ChipCost *chip, const double *part, double total, unsigned unknown,
                          double unit, const char *known)
{
    json_t *object = json_object();
    for (int p = 0; p < CHIP_PARTS; p++)
        if (chip->name[p] != NULL)
            json_object_set_new(object, chip->name[p],
                                unknown >> p & 1 ? json_null() : json_real(part[p] * unit));
    json_object_set_new(object, "total", unknown ? json_null() : json_real(total * unit));
    json_object_set_new(object, known, json_real(total * unit));
    return object;
}

static json_t *json_value(MetricValue value)
{
    if (!value.known)
        return json_null();
    return value.kind == METRIC_KIND_TEXT    ? json_text(value.text)
           : value.kind == METRIC_KIND_COUNT ? json_integer(value.count)
                                             : json_real(value.real);
}

static void place_total(const char *name, MetricValue value, void *total)
{
    json_place(total, name, json_value(value));
}

static json_t *total_tree(const Json *json, const Report *report)
{
    const ChipCost *chip = &report->chip;
    json_t *object = json_object();
    json_object_set_new(object, "layers", json_integer(json->totals->evaluated));
    json_object_set_new(object, "missing", json_integer(json->totals->missing));
    totals_each(json->totals, place_total, object);
    if (!report->figures)
        return object;
    json_object_set_new(
        object, "area_mm2",
        json_parts(chip, chip->um2, chip->total_um2, chip->unknown_um2, 1e-6, "total_known_mm2"));
    json_object_set_new(
        object, "power_mw",
        json_parts(chip, chip->mw, chip->total_mw, chip->unknown_mw, 1, "total_known_mw"));
    return object;
}

static json_t *json_note(const ReportNote *note)
{
    json_t *object = json_object();
    json_object_set_new(object, "severity", json_text(note->severity));
    json_object_set_new(object, "file", json_text(note->file));
    json_object_set_new(object, "line", note->file ? json_integer(note->line) : json_null());
    json_object_set_new(object, "column", note->file ? json_integer(note->column) : json_null());
    json_object_set_new(object, "message", json_text(note->message));
    return object;
}

static void add_gap(const char *sentence, void *notes)
{
    const ReportNote note = {.severity = "note", .message = sentence};
    json_array_append_new(notes, json_note(&note));
}

/* Messages of the run, then what its energies lack. */
static json_t *json_notes(const Json *json, const Report *report)
{
    json_t *notes = json_array();
    for (guint i = 0; i < report->notes->len; i++)
        json_array_append_new(notes, json_note(&g_array_index(report->notes, ReportNote, i)));
    totals_gaps(json->totals, add_gap, notes);
    return notes;
}

void json_total(Json *json, const Report *report)
{
    GString *out = json->out->text;
    if (json->some)
        g_string_append_printf(out, "\n%*s", json->depth + 1, "");
    g_string_append_c(out, ']');
    append_member(json, ",", "total", total_tree(json, report));
    append_member(json, ",", "diagnostics", json_notes(json, report));
}

void json_end(Json *json)
{
    g_string_append_printf(json->out->text, "\n%*s}%s", json->depth, "", json->depth ? "" : "\n");
    totals_free(json->totals);
    g_hash_table_destroy(json->templates);
    g_free(json);
}

/* ---- all at once --------------------------------------------------------------------- */

GString *json_write(const Report *report)
{
    Output *out = output_memory();
    Json *json = json_begin(out, report, 0);
    for (guint i = 0; i < report->entries->len; i++)
        json_entry(json, &g_array_index(report->entries, ReportEntry, i));
    json_total(json, report);
    json_end(json);
    return output_take(out);
}
