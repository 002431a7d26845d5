#include "report/diff.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "frontend/source.h"
#include "report/number.h"
#include "report/printable.h"
#include "report/table.h"

typedef struct {
    char *name;
    double before, after; /* of all runs of the layers that both have; NAN: not known */
} Part;

typedef struct {
    json_t *before, *after;
    GArray *cycles, *energy; /* of Part */
    double pj[2];            /* of all layers that both have, before and after; NAN: not known */
    Table *table;
} Diff;

/* ---- reading -----------------------------------------------------------------------------------
 */

static json_t *read_run(const char *path, GError **error)
{
    json_error_t fault;
    gsize size;
    g_autofree char *text = source_text(path, &size, error);
    if (text == NULL)
        return NULL;
    json_t *run = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
    bool well = json_is_array(json_object_get(run, "layers")) &&
                json_is_string(json_object_get(run, "tool"));
    if (well)
        return run;
    if (run == NULL)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s:%d:%d: not JSON: %s", path,
                    fault.line, fault.column, fault.text);
    else
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s: not a run of dcc; dcc --json writes one", path);
    json_decref(run);
    return NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The k-th member of a list whose key is that name, from 0; NULL: there is none. */
static json_t *named(const json_t *run, const char *list, const char *key, const char *name,
                     size_t k)
{
    size_t i;
    json_t *member;
    json_array_foreach(json_object_get(run, list), i, member)
    {
        if (strcmp(text_of(member, key), name) == 0 && k-- == 0)
            return member;
    }
    return NULL;
}

static json_t *layer_of(const json_t *run, const char *name, size_t k)
{
    return named(run, "layers", "name", name, k);
}

/* How many layers before this one have its name. */
static size_t number_among(const json_t *run, size_t index)
{
    const json_t *layers = json_object_get(run, "layers");
    const char *name = text_of(json_array_get(layers, index), "name");
    size_t k = 0;
    for (size_t i = 0; i < index; i++)
        k += strcmp(text_of(json_array_get(layers, i), "name"), name) == 0;
    return k;
}

/* ---- parts
 * --------------------------------------------------------------------------------------- */

static Part *part_of(GArray *parts, const char *name)
{
    for (guint i = 0; i < parts->len; i++)
        if (strcmp(g_array_index(parts, Part, i).name, name) == 0)
            return &g_array_index(parts, Part, i);
    const Part part = {g_strdup(name), 0, 0};
    g_array_append_val(parts, part);
    return &g_array_index(parts, Part, parts->len - 1);
}

static void part_clear(gpointer part)
{
    g_free(((Part *) part)->name);
}

static GArray *parts_new(void)
{
    GArray *parts = g_array_new(FALSE, TRUE, sizeof(Part));
    g_array_set_clear_func(parts, part_clear);
    return parts;
}

/* The members of an object, but the total; null is not known, or not modelled. */
static void add_parts(const json_t *layer, const char *group, bool after, GArray *parts)
{
    const char *key;
    json_t *value;
    double runs = fmax(1, number_of(layer, "count"));
    json_object_foreach(json_object_get(layer, group), key, value)
    {
        bool figure = json_is_number(value) || json_is_null(value);
        if (!figure || g_str_has_prefix(key, "total"))
            continue;
        Part *part = part_of(parts, key);
        *(after ? &part->after : &part->before) +=
            json_is_number(value) ? json_number_value(value) * runs : NAN;
    }
}

/* What --why says of the layer, by label. */
static void add_whys(const json_t *why, double runs, const char *list, const char *figure,
                     bool after, GArray *parts)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(why, list), i, item)
    {
        Part *part = part_of(parts, text_of(item, "label"));
        *(after ? &part->after : &part->before) += number_of(item, figure) * runs;
    }
}

/* The part that changed most; NULL: none did. */
static const Part *most_changed(const GArray *parts)
{
    const Part *most = NULL;
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = &g_array_index(parts, Part, i);
        double change = fabs(part->after - part->before);
        if (change > 0 && (most == NULL || change > fabs(most->after - most->before)))
            most = part;
    }
    return most;
}

/* ---- the table
 * -------------------------------------------------------------------------------------
 */

static void cell_scaled(Table *table, double value, const char *unit)
{
    GString *out = g_string_new(NULL);
    if (isnan(value))
        g_string_append_c(out, '-');
    else
        number_scaled(out, value, unit);
    table_cell_take(table, out);
}

static void cell_change(Table *table, double before, double after)
{
    GString *out = g_string_new(NULL);
    if (isnan(before) || isnan(after))
        g_string_append_c(out, '-');
    else if (before == after)
        g_string_append(out, "same");
    else if (before == 0)
        g_string_append(out, "new");
    else
        g_string_append_printf(out, "%+.1f%%", 100 * (after / before - 1));
    table_cell_take(table, out);
}

static void cell_most(Table *table, const GArray *parts, double scale, const char *unit)
{
    const Part *most = most_changed(parts);
    GString *out = g_string_new(NULL);
    if (most != NULL) {
        double change = (most->after - most->before) * scale;
        g_string_append_printf(out, "%s %s", most->name, change < 0 ? "-" : "+");
        number_scaled(out, fabs(change), unit);
    }
    table_cell_take(table, out);
}

static double energy_of(const json_t *layer)
{
    return number_of(json_object_get(layer, "energy_pj"), "total");
}

typedef struct {
    const json_t *layer, *why; /* why: as --why says; NULL unless both runs have it */
    bool after;
} Side;

static void add_side(const Side *side, GArray *cycles, GArray *energy)
{
    double runs = fmax(1, number_of(side->layer, "count"));
    if (side->why != NULL) {
        add_whys(side->why, runs, "time", "cycles", side->after, cycles);
        add_whys(side->why, runs, "energy", "pj", side->after, energy);
    } else {
        add_parts(side->layer, "cycles_by_cause", side->after, cycles);
        add_parts(side->layer, "energy_pj", side->after, energy);
    }
}

/* A layer that could not be evaluated has none. */
static void add_energy(Diff *d, const json_t *layer, bool after)
{
    if (json_is_object(json_object_get(layer, "energy_pj")))
        d->pj[after] += energy_of(layer) * fmax(1, number_of(layer, "count"));
}

static void add_layer(Diff *d, const Side *before, const Side *after)
{
    g_autoptr(GArray) cycles = parts_new();
    g_autoptr(GArray) energy = parts_new();
    const json_t *a = before->layer, *b = after->layer;
    add_side(before, cycles, energy);
    add_side(after, cycles, energy);
    add_side(before, d->cycles, d->energy);
    add_side(after, d->cycles, d->energy);
    add_energy(d, a, false);
    add_energy(d, b, true);
    table_cell(d->table, text_of(b, "name"));
    cell_scaled(d->table, number_of(a, "cycles") * fmax(1, number_of(a, "count")), "");
    cell_scaled(d->table, number_of(b, "cycles") * fmax(1, number_of(b, "count")), "");
    cell_change(d->table, number_of(a, "cycles"), number_of(b, "cycles"));
    cell_most(d->table, cycles, 1, "");
    cell_change(d->table, energy_of(a), energy_of(b));
    cell_most(d->table, energy, 1e-12, "J");
}

static double sum_of(const GArray *parts, bool after)
{
    double sum = 0;
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = &g_array_index(parts, Part, i);
        sum += after ? part->after : part->before;
    }
    return sum;
}

static void add_total(Diff *d)
{
    double before = sum_of(d->cycles, false), after = sum_of(d->cycles, true);
    table_rule(d->table);
    table_cell(d->table, "total");
    cell_scaled(d->table, before, "");
    cell_scaled(d->table, after, "");
    cell_change(d->table, before, after);
    cell_most(d->table, d->cycles, 1, "");
    bool some = d->energy->len > 0;
    cell_change(d->table, some ? d->pj[0] : NAN, some ? d->pj[1] : NAN);
    cell_most(d->table, d->energy, 1e-12, "J");
}

static Table *layers_table(void)
{
    static const char *const head[] = {"layer",         "cycles", "now",          "change",
                                       "most of it by", "energy", "most of it by"};
    Table *table = table_new(G_N_ELEMENTS(head));
    table_left(table, 0);
    table_left(table, 4);
    table_left(table, 6);
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++)
        table_cell(table, head[i]);
    return table;
}

/* ---- causes
 * ----------------------------------------------------------------------------------------
 */

static void append_causes(GString *out, const char *what, const GArray *parts, double scale,
                          const char *unit)
{
    g_autoptr(Table) table = table_new(4);
    table_left(table, 0);
    table_cell(table, what);
    table_cell(table, "before");
    table_cell(table, "now");
    table_cell(table, "change");
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = &g_array_index(parts, Part, i);
        bool unknown = isnan(part->before) && isnan(part->after);
        if (unknown || (part->before == 0 && part->after == 0))
            continue;
        table_cell(table, part->name);
        cell_scaled(table, part->before * scale, unit);
        cell_scaled(table, part->after * scale, unit);
        cell_change(table, part->before, part->after);
    }
    g_string_append_c(out, '\n');
    table_write(table, out, 0, 0, false);
}

/* ---- all of it
 * -------------------------------------------------------------------------------------
 */

static void append_head(GString *out, const char *what, const char *path, const json_t *run)
{
    g_string_append_printf(out, "%s", what);
    printable_append(out, path);
    g_string_append(out, ": ");
    printable_append(out, text_of(run, "network"));
    g_string_append(out, " on ");
    printable_append(out, text_of(run, "hardware"));
    if (text_of(run, "dataflow")[0]) {
        g_string_append(out, ", dataflow ");
        printable_append(out, text_of(run, "dataflow"));
    }
    g_string_append_c(out, '\n');
}

/* Layers of one run that the other has not. */
static void append_missing(GString *out, const json_t *run, const json_t *other, const char *where)
{
    size_t i;
    json_t *layer;
    const char *separator = where;
    json_array_foreach(json_object_get(run, "layers"), i, layer)
    {
        if (layer_of(other, text_of(layer, "name"), number_among(run, i)) != NULL)
            continue;
        g_string_append(out, separator);
        printable_append(out, text_of(layer, "name"));
        separator = ", ";
    }
    if (separator != where)
        g_string_append_c(out, '\n');
}

static void compare(Diff *d, GString *out)
{
    size_t i;
    json_t *after;
    d->table = layers_table();
    json_array_foreach(json_object_get(d->after, "layers"), i, after)
    {
        const char *name = text_of(after, "name");
        size_t k = number_among(d->after, i);
        Side was = {layer_of(d->before, name, k), named(d->before, "why", "layer", name, k), false},
             is = {after, named(d->after, "why", "layer", name, k), true};
        if (was.why == NULL || is.why == NULL)
            was.why = is.why = NULL;
        if (was.layer != NULL)
            add_layer(d, &was, &is);
    }
    add_total(d);
    g_string_append_c(out, '\n');
    table_write(d->table, out, 0, 0, false);
    append_missing(out, d->before, d->after, "\nonly before: ");
    append_missing(out, d->after, d->before, "\nonly now: ");
    append_causes(out, "cycles by cause", d->cycles, 1, "");
    if (d->energy->len > 0)
        append_causes(out, "energy by part", d->energy, 1e-12, "J");
    table_free(d->table);
}

bool diff_write(const char *before, const char *after, Output *out, GError **error)
{
    Diff d = {.cycles = parts_new(), .energy = parts_new()};
    d.before = read_run(before, error);
    d.after = d.before != NULL ? read_run(after, error) : NULL;
    if (d.after != NULL) {
        append_head(out->text, "before ", before, d.before);
        append_head(out->text, "now    ", after, d.after);
        compare(&d, out->text);
    }
    bool well = d.after != NULL;
    g_array_free(d.cycles, TRUE);
    g_array_free(d.energy, TRUE);
    json_decref(d.before);
    json_decref(d.after);
    return well;
}
