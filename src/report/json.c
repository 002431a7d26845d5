/* The run as JSON: every metric at the place that its path names.
 *
 * A step of a path that is a number is an index into an array: levels.0.steps. */
#include "report/compare.h"
#include "report/metrics.h"
#include "report/totals.h"

#include <jansson.h>

/* jansson takes valid UTF-8 only. */
static json_t *json_text(const char *text)
{
    g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;
    return valid ? json_string(valid) : json_null();
}

static json_t *json_value(MetricValue value)
{
    if (!value.known)
        return json_null();
    switch (value.kind) {
    case METRIC_KIND_TEXT:
        return json_text(value.text);
    case METRIC_KIND_COUNT:
        return json_integer(value.count);
    case METRIC_KIND_REAL:
    case METRIC_KIND_SHARE:
        return json_real(value.real);
    }
    g_assert_not_reached();
}

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

static json_t *json_entry(const ReportEntry *entry)
{
    json_t *object = json_object();
    for (MetricId id = 0; id < METRICS; id++) {
        MetricIndex at;
        bool known =
            entry->status == ENTRY_EVALUATED || metrics_table[id].flags & METRIC_FLAG_ALWAYS;
        if (!known || !metrics_first(id, entry, &at))
            continue;
        do {
            g_autofree char *path = metrics_name(id, entry, at);
            json_place(object, path, json_value(metrics_read(id, entry, at)));
        } while (metrics_next(id, entry, &at));
    }
    return object;
}

static void json_chip(json_t *total, const Report *report)
{
    if (!report->figures)
        return;
    json_t *area = json_object(), *power = json_object();
    for (int p = 0; p < PARTS; p++) {
        json_object_set_new(area, chip_part_names[p], json_real(report->chip.um2[p] * 1e-6));
        json_object_set_new(power, chip_part_names[p], json_real(report->chip.mw[p]));
    }
    json_object_set_new(area, "total", json_real(report->chip.total_um2 * 1e-6));
    json_object_set_new(power, "total", json_real(report->chip.total_mw));
    json_object_set_new(total, "area_mm2", area);
    json_object_set_new(total, "power_mw", power);
}

static json_t *json_total(const Report *report)
{
    json_t *object = json_object();
    g_autoptr(Totals) totals = totals_new(report);
    json_object_set_new(object, "layers", json_integer(totals->evaluated));
    for (guint i = 0; i < totals->list->len; i++) {
        const Total *total = g_ptr_array_index(totals->list, i);
        json_place(object, total->name, json_value(total->value));
    }
    json_chip(object, report);
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

static json_t *json_report(const Report *report)
{
    json_t *root = json_object();
    json_object_set_new(root, "tool", json_text(report->tool));
    json_object_set_new(root, "version", json_text(report->version));
    json_object_set_new(root, "dataflow", json_text(report->dataflow));
    json_object_set_new(root, "network", json_text(report->network));
    json_object_set_new(root, "hardware", json_text(report->hardware));
    json_object_set_new(root, "technology", json_text(report->technology));
    json_object_set_new(root, "pes", json_integer(report->pes));
    json_object_set_new(root, "clock_hz", json_real(report->clock_hz));

    json_t *layers = json_array(), *notes = json_array();
    for (guint i = 0; i < report->entries->len; i++)
        json_array_append_new(layers, json_entry(&g_array_index(report->entries, ReportEntry, i)));
    for (guint i = 0; i < report->notes->len; i++)
        json_array_append_new(notes, json_note(&g_array_index(report->notes, ReportNote, i)));
    json_object_set_new(root, "layers", layers);
    json_object_set_new(root, "total", json_total(report));
    json_object_set_new(root, "diagnostics", notes);
    return root;
}

static GString *json_bytes(json_t *root)
{
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    GString *out = g_string_new(text);
    g_string_append_c(out, '\n');
    free(text);
    json_decref(root);
    return out;
}

GString *json_write(const Report *report)
{
    return json_bytes(json_report(report));
}

GString *compare_json(Report *const *runs, int n_runs, const Report *best, Objective objective)
{
    json_t *root = json_report(best), *list = json_array();
    json_object_set_new(root, "objective", json_text(objective_name(objective)));
    for (int r = 0; r < n_runs; r++)
        json_array_append_new(list, json_report(runs[r]));
    json_object_set_new(root, "runs", list);
    return json_bytes(root);
}
